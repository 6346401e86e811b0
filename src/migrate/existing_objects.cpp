#include <algorithm>
#include <set>

#include "existing_target.hpp"
#include "postgres_objects.hpp"
#include "target_catalog.hpp"

namespace crossfade::migrate {
namespace {

// Names of columns cannot hold a NUL; it stands between them.
constexpr char kBetween = '\0';

/// Columns as one text: of an index in its order, of a unique one sorted, for there the order says nothing.
std::string columns_key(std::vector<std::string> columns) {
  std::string out;
  for (const auto& column : columns) out += column + kBetween;
  return out;
}
std::string sorted_key(std::vector<std::string> columns) {
  std::ranges::sort(columns);
  return columns_key(std::move(columns));
}

/// "u" or "i", then the columns.
std::string index_key(const std::vector<std::string>& columns, bool unique) { return unique ? "u" + sorted_key(columns) : "i" + columns_key(columns); }

/// The pairs of columns sorted, and the table they refer to.
std::string reference_key(const std::vector<std::string>& here, const std::vector<std::string>& there, const std::string& table) {
  std::vector<std::string> pairs;
  for (std::size_t i = 0; i < here.size() && i < there.size(); ++i) pairs.push_back(here[i] + " > " + there[i]);
  return "f" + sorted_key(std::move(pairs)) + table;
}

std::vector<std::string> texts_of(const model::Value& value) {
  std::vector<std::string> out;
  std::string_view rest = std::get<std::string>(value);
  while (!rest.empty()) {
    const auto end = rest.find('\n');
    out.emplace_back(rest.substr(0, end));
    rest.remove_prefix(std::min(end == rest.npos ? rest.size() : end + 1, rest.size()));
  }
  return out;
}

/// Whole indexes on bare columns, and foreign keys, of one table of PostgreSQL.
model::Result<std::set<std::string>> structures(postgres::Connection& target, const std::string& table) {
  constexpr std::string_view kIndexes =
      "SELECT i.indisunique, string_agg(a.attname, E'\\n' ORDER BY u.n) FROM pg_catalog.pg_index i, unnest(i.indkey::int2[]) WITH ORDINALITY u(at, n), pg_catalog.pg_attribute a "
      "WHERE i.indrelid = to_regclass($1) AND i.indpred IS NULL AND i.indexprs IS NULL AND i.indisvalid AND u.n <= i.indnkeyatts "
      "AND a.attrelid = i.indrelid AND a.attnum = u.at GROUP BY i.indexrelid, i.indisunique";
  constexpr std::string_view kReferences =
      "SELECT t.relname::text, string_agg(h.attname, E'\\n' ORDER BY u.n), string_agg(k.attname, E'\\n' ORDER BY u.n) "
      "FROM pg_catalog.pg_constraint c JOIN pg_catalog.pg_class t ON t.oid = c.confrelid, unnest(c.conkey, c.confkey) WITH ORDINALITY u(here, there, n), "
      "pg_catalog.pg_attribute h, pg_catalog.pg_attribute k WHERE c.contype = 'f' AND c.conrelid = to_regclass($1) AND h.attrelid = c.conrelid AND h.attnum = u.here "
      "AND k.attrelid = c.confrelid AND k.attnum = u.there GROUP BY c.oid, t.relname";
  const postgres::Parameter at{qualified(table), {model::oid::text}};
  std::set<std::string> out;
  CROSSFADE_TRY(const auto indexes, target.query(kIndexes, {&at, 1}));
  for (const auto& row : indexes.rows) out.insert(index_key(texts_of(row.at(1)), std::get<bool>(row.at(0))));
  CROSSFADE_TRY(const auto references, target.query(kReferences, {&at, 1}));
  for (const auto& row : references.rows) out.insert(reference_key(texts_of(row.at(1)), texts_of(row.at(2)), std::get<std::string>(row.at(0))));
  return out;
}

std::string in_parentheses(const std::vector<std::string>& columns) {
  std::string out;
  for (const auto& column : columns) out += (out.empty() ? "(" : ", ") + column;
  return out + ")";
}

/// What one table of the file has, set against what PostgreSQL has.
class Unmatched {
 public:
  Unmatched(const plan::Schema& schema, const plan::Table& table, const std::set<std::string>& there, std::vector<std::string>& out)
      : schema_(schema), table_(table), there_(there), out_(out) {}

  void primary_key() {
    std::vector<std::string> key;
    for (const auto* column : table_.key()) key.push_back(column->name);
    if (!key.empty() && !there_.contains(index_key(key, true))) say("no PRIMARY KEY or UNIQUE on " + in_parentheses(key));
  }
  void index(const plan::Index& index) {
    if (index.origin == plan::Index::Origin::primary_key) return;
    std::vector<std::string> columns;
    for (const auto& part : index.parts) columns.push_back(part.column);
    const bool plain = !index.predicate && std::ranges::none_of(index.parts, [](const plan::IndexPart& part) { return part.column.empty() || part.collation != "BINARY"; });
    if (!plain) return say("index " + index.name + " is partial, of an expression or of a collation: compare it by eye");
    if (!there_.contains(index_key(columns, index.unique))) say(std::string("no ") + (index.unique ? "UNIQUE" : "index") + " on " + in_parentheses(columns));
  }
  void foreign_key(const plan::ForeignKey& key) {
    auto columns = key.target_columns;
    const auto* target = schema_.find(key.target_table);
    if (columns.empty() && target) {
      for (const auto* column : target->key()) columns.push_back(column->name);
    }
    if (!there_.contains(reference_key(key.columns, columns, key.target_table))) say("no foreign key on " + in_parentheses(key.columns) + " to " + key.target_table);
  }
  void not_null(const TargetTable& table) {
    for (const auto& column : table_.columns) {
      const auto* there = table.find(column.name);
      if (column.not_null && there && !there->not_null) say(column.name + " is NOT NULL in the file alone");
    }
  }

 private:
  void say(const std::string& text) { out_.push_back(table_.name + ": " + text); }
  const plan::Schema& schema_;
  const plan::Table& table_;
  const std::set<std::string>& there_;
  std::vector<std::string>& out_;
};

}  // namespace

model::Result<std::vector<std::string>> unmatched_objects(postgres::Connection& target, const plan::Schema& schema) {
  std::vector<std::string> out;
  CROSSFADE_TRY(const auto tables, read_target_tables(target));
  for (const auto& [name, table] : schema.tables) {
    const auto at = std::ranges::find(tables, name, &TargetTable::name);
    if (table.view || table.virtual_table || at == tables.end()) continue;
    CROSSFADE_TRY(const auto there, structures(target, name));
    Unmatched unmatched(schema, table, there, out);
    unmatched.primary_key();
    for (const auto& index : table.indexes) unmatched.index(index);
    for (const auto& key : table.foreign_keys) unmatched.foreign_key(key);
    unmatched.not_null(*at);
  }
  return out;
}

}  // namespace crossfade::migrate
