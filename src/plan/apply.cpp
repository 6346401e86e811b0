#include <algorithm>

#include "crossfade/plan/plan.hpp"
#include "form_table.hpp"

namespace crossfade::plan {
namespace {

namespace oid = model::oid;
using model::Result;
using namespace model::literals;

// SQLite's names are the same in any ASCII case.
bool same_name(std::string_view a, std::string_view b) {
  constexpr auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return std::ranges::equal(a, b, {}, lower, lower);
}

std::string in_quotes(std::string_view name) { return "\"" + std::string(name) + "\""; }

class Overlay {
 public:
  Overlay(const Plan* plan, const std::vector<Declared>& declared) : plan_(plan), declared_(declared) {}

  Result<void> run(Schema& schema) {
    CROSSFADE_CHECK(check_plan(schema));
    std::vector<Table> tables;
    for (auto& [name, table] : schema.tables) tables.push_back(std::move(table));
    schema.tables.clear();
    for (Table& table : tables) {
      table.name = table_name(table.sqlite_name);
      table.created = std::ranges::all_of(table.columns, [&](const Column& column) { return created(table.sqlite_name, column.sqlite_name) != nullptr; });
    }
    for (Table& table : tables) rename_targets(table, tables);
    for (Table& table : tables) CROSSFADE_CHECK(columns(table));
    for (Table& table : tables) {
      const auto [place, fresh] = schema.tables.emplace(table.name, table);
      if (fresh) continue;
      return model::fail("42P07"_state, "relation " + in_quotes(table.name) + " already exists",
                         "The file's tables " + in_quotes(place->second.sqlite_name) + " and " + in_quotes(table.sqlite_name) + " get the same name.",
                         "Give one of them another name in plan.toml.");
    }
    if (plan_) schema.plan_hash = hash(*plan_);
    return {};
  }

 private:
  const PlannedTable* planned(std::string_view source) const {
    if (!plan_) return nullptr;
    const auto found = std::ranges::find_if(plan_->tables, [&](const PlannedTable& t) { return same_name(t.source, source); });
    return found == plan_->tables.end() ? nullptr : &*found;
  }
  static const PlannedColumn* planned(const PlannedTable* table, std::string_view source) {
    if (!table) return nullptr;
    const auto found = std::ranges::find_if(table->columns, [&](const PlannedColumn& c) { return same_name(c.source, source); });
    return found == table->columns.end() ? nullptr : &*found;
  }
  const Declared* created(std::string_view table, std::string_view column) const {
    const auto found = std::ranges::find_if(
        declared_, [&](const Declared& d) { return same_name(d.table, table) && same_name(d.column, column); });
    return found == declared_.end() ? nullptr : &*found;
  }

  // The plan's name, else the one it was created with through the proxy ("MyTable" keeps its case), else folded.
  std::string table_name(std::string_view source) const {
    if (const PlannedTable* table = planned(source)) return table->name;
    const auto found = std::ranges::find_if(declared_, [&](const Declared& d) { return same_name(d.table, source); });
    return found == declared_.end() ? fold(source) : found->table;
  }
  std::string column_name(std::string_view table, std::string_view source) const {
    if (const PlannedColumn* column = planned(planned(table), source)) return column->name;
    const Declared* declared = created(table, source);
    return declared ? declared->column : fold(source);
  }

  Result<void> check_plan(const Schema& schema) const {
    if (!plan_) return {};
    for (const PlannedTable& wanted : plan_->tables) {
      const auto found = std::ranges::find_if(schema.tables, [&](const auto& entry) { return same_name(entry.second.sqlite_name, wanted.source); });
      if (found == schema.tables.end()) {
        return model::fail("F0000"_state, "the plan names table " + in_quotes(wanted.source) + ", which the file does not have");
      }
      for (const PlannedColumn& column : wanted.columns) {
        const bool known = std::ranges::any_of(found->second.columns, [&](const Column& c) { return same_name(c.sqlite_name, column.source); });
        if (known) continue;
        return model::fail("F0000"_state, "the plan names column " + in_quotes(column.source) + " of table " + in_quotes(wanted.source) +
                                              ", which the file does not have");
      }
    }
    return {};
  }

  void rename_targets(Table& table, const std::vector<Table>& tables) const {
    for (Index& index : table.indexes) {
      if (!table.created) index.name = fold(index.name);
      for (IndexPart& part : index.parts) {
        if (!part.column.empty()) part.column = column_name(table.sqlite_name, part.column);
      }
    }
    for (ForeignKey& key : table.foreign_keys) {
      if (!table.created) key.name = fold(key.name);
      for (std::string& column : key.columns) column = column_name(table.sqlite_name, column);
      for (std::string& column : key.target_columns) column = column_name(key.target_table, column);
      const auto target = std::ranges::find_if(tables, [&](const Table& t) { return same_name(t.sqlite_name, key.target_table); });
      key.target_table = target == tables.end() ? fold(key.target_table) : target->name;
    }
  }

  Result<void> columns(Table& table) const {
    const Column* alias = table.rowid_alias();
    for (Column& column : table.columns) {
      column.name = column_name(table.sqlite_name, column.sqlite_name);
      type(table, column, &column == alias);
    }
    for (auto column = table.columns.begin(); column != table.columns.end(); ++column) {
      const auto twin = std::find_if(table.columns.begin(), column, [&](const Column& c) { return c.name == column->name; });
      if (twin == column) continue;
      return model::fail("42701"_state, "column " + in_quotes(column->name) + " specified more than once",
                         "The columns " + in_quotes(twin->sqlite_name) + " and " + in_quotes(column->sqlite_name) + " of the file's table " +
                             in_quotes(table.sqlite_name) + " get the same name.",
                         "Give one of them another name in plan.toml.");
    }
    return {};
  }

  void type(const Table& table, Column& column, bool rowid_alias) const {
    const Declared* declared = created(table.sqlite_name, column.sqlite_name);
    if (const PlannedColumn* wanted = planned(planned(table.sqlite_name), column.sqlite_name)) {
      column.type = wanted->type;
      column.form = wanted->form;
      if (!wanted->zone.empty()) column.form.zone = wanted->zone;
      column.misfit = wanted->misfit;
    } else if (declared) {
      column.type = declared->type;
      column.form = declared->form;
    } else if (rowid_alias) {
      column.type = {oid::int8};
      column.form = {Form::integer};
    } else {
      const DefaultMapping mapping = default_mapping(column.declared);
      column.type = mapping.type;
      column.form = mapping.form;
    }
    column.serial = declared ? declared->serial : rowid_alias;
    column.identity = declared ? declared->identity : rowid_alias && column.type.oid == oid::int8;
  }

  const Plan* plan_;
  const std::vector<Declared>& declared_;
};

}  // namespace

Result<void> apply(Schema& schema, const Plan* plan, const std::vector<Declared>& declared) {
  return Overlay(plan, declared).run(schema);
}

}  // namespace crossfade::plan
