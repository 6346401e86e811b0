#include "schema_differences.hpp"

#include <algorithm>
#include <iterator>

#include "crossfade/plan/plan.hpp"
#include "sqlite_journal.hpp"

namespace crossfade::migrate {

namespace {

std::string key_columns(const plan::Table& table) {
  std::string out;
  for (const plan::Column* column : table.key()) out += (out.empty() ? "" : ", ") + column->name;
  return out;
}

/// No two rows of PostgreSQL's have one key of the file's, and none is without. Of these columns, no fewer: ON CONFLICT names them all.
bool holds_key(const plan::Table& table, const TargetTable& there) {
  std::set<std::int64_t> places;
  for (const plan::Column* column : table.key()) {
    const TargetColumn* known = there.find(column->name);
    if (known == nullptr || !known->not_null) return false;
    places.insert(known->place);
  }
  return std::ranges::find(there.unique, places) != there.unique.end();
}

void compare_columns(const plan::Table& table, const TargetTable& there, SchemaDifferences& out) {
  using Kind = LackingPart::Kind;
  bool has_key_columns = true;
  for (const plan::Column& column : table.columns) {
    const TargetColumn* known = there.find(column.name);
    if (known == nullptr) {
      out.lacking.insert({Kind::column, table.name, column.name, {}, {}});
      has_key_columns = has_key_columns && column.primary_key == 0;
    } else if (known->generated) {
      out.lacking.insert({Kind::generated, table.name, column.name, {}, {}});
    } else if (known->type != column.type) {
      out.lacking.insert({Kind::type, table.name, column.name, model::format_type(column.type), known->type_name});
    }
  }
  if (has_key_columns && !holds_key(table, there)) out.lacking.insert({Kind::key, table.name, {}, key_columns(table), {}});
  for (const TargetColumn& column : there.columns)
    if (!column.generated && table.find_column(column.name) == nullptr) out.alone.insert(table.name + "." + column.name);
}

template <class T>
std::set<T> less(const std::set<T>& all, const std::set<T>& known) {
  std::set<T> out;
  std::ranges::set_difference(all, known, std::inserter(out, out.end()));
  return out;
}

template <class T, class Text>
std::string joined(const std::set<T>& all, Text text) {
  constexpr std::size_t kMost = 30;
  std::string out;
  std::size_t count = 0;
  for (const T& each : all) {
    if (++count > kMost) return out + " and " + std::to_string(all.size() - kMost) + " more";
    out += (out.empty() ? "" : ", ") + text(each);
  }
  return out;
}

}  // namespace

std::string to_string(const LackingPart& part) {
  using Kind = LackingPart::Kind;
  const std::string column = "column " + part.table + "." + part.column;
  switch (part.kind) {
    case Kind::table: return "table " + part.table + " is not there";
    case Kind::column: return column + " is not there";
    case Kind::generated: return column + " is generated there";
    case Kind::type: return column + " is " + part.there + " there and " + part.here + " in the file";
    case Kind::key: return "table " + part.table + " has no unique key there of just (" + part.here + ") that takes no NULL and is not deferrable";
  }
  return {};
}

SchemaDifferences SchemaDifferences::without(const SchemaDifferences& known) const { return {less(lacking, known.lacking), less(alone, known.alone)}; }

std::set<std::string> SchemaDifferences::tables() const {
  std::set<std::string> out;
  for (const LackingPart& part : lacking) out.insert(part.table);
  for (const std::string& name : alone) {
    out.insert(name);
    for (std::size_t dot = name.find('.'); dot != std::string::npos; dot = name.find('.', dot + 1)) out.insert(name.substr(0, dot));  // a name may have a dot of its own
  }
  return out;
}

SchemaDifferences schema_differences(const plan::Schema& schema, std::span<const TargetTable> all) {
  SchemaDifferences out;
  std::set<std::string> mirrored;
  for (const plan::Table* table : mirrored_tables(schema)) {
    mirrored.insert(table->name);
    const auto there = std::ranges::find(all, table->name, &TargetTable::name);
    if (there == all.end()) out.lacking.insert({LackingPart::Kind::table, table->name, {}, {}, {}});
    else compare_columns(*table, *there, out);
  }
  for (const TargetTable& table : all)
    if (!table.of_extension && !mirrored.contains(table.name)) out.alone.insert(table.name);
  return out;
}

std::set<std::string> not_named(const std::set<std::string>& alone, std::span<const std::string> named) {
  std::set<std::string> known;
  for (const std::string& name : named) known.insert({name, plan::fold(name)});
  return less(alone, known);
}

std::string listed(const std::set<std::string>& names) {
  return joined(names, [](const std::string& name) { return name; });
}
std::string listed(const std::set<LackingPart>& parts) {
  return joined(parts, [](const LackingPart& part) { return to_string(part); });
}

}  // namespace crossfade::migrate
