#include "catalog/catalog.hpp"

#include <algorithm>
#include <stdexcept>

#include "crossfade/plan/plan.hpp"

namespace crossfade::sqlite::catalog {

namespace {

const plan::Table& relation_named(std::string_view name) {
  const sql::CatalogRelation* relation = sql::find_catalog_relation("pg_catalog", name);
  if (!relation) throw std::logic_error("there is no catalog relation " + std::string{name});
  return relation->table;
}

std::size_t place_of(const plan::Table& relation, std::string_view column) {
  const auto found = std::ranges::find(relation.columns, column, &plan::Column::name);
  if (found == relation.columns.end()) throw std::logic_error(relation.name + " has no column " + std::string{column});
  return static_cast<std::size_t>(found - relation.columns.begin());
}

model::StorageValue nothing(const plan::Column& column) {
  if (!column.not_null) return model::Null{};
  switch (column.form.form) {
    case plan::Form::integer:
    case plan::Form::boolean_integer: return std::int64_t{0};
    case plan::Form::real: return 0.0;
    case plan::Form::array_text: return std::string{"{}"};
    default: return std::string{};
  }
}

}  // namespace

RowMaker& RowMaker::row() {
  Cells cells;
  for (const plan::Column& column : relation_.columns) cells.push_back(nothing(column));
  rows_.push_back(std::move(cells));
  return *this;
}

void RowMaker::drop(std::string_view column, std::int64_t value) {
  const std::size_t place = place_of(relation_, column);
  std::erase_if(rows_, [&](const Cells& row) { return row[place] == model::StorageValue{value}; });
}

RowMaker& RowMaker::put(std::string_view column, model::StorageValue value) {
  rows_.back()[place_of(relation_, column)] = std::move(value);
  return *this;
}

std::string array_text(const std::vector<int>& items) {
  std::string text = "{";
  for (const int item : items) text += (text.size() > 1 ? "," : "") + std::to_string(item);
  return text + "}";
}

Catalog::Catalog(std::shared_ptr<const plan::Schema> schema, const FunctionContext& session)
    : schema_(std::move(schema)), objects_(*schema_), session_(session) {}

const Rows& Catalog::rows(const plan::Table& relation) {
  if (const auto known = rows_.find(relation.name); known != rows_.end()) return known->second;
  Rows made = static_rows(relation);
  RowMaker maker{relation, made};
  for (const auto group : {relation_producers(), constraint_producers(), other_producers()}) {
    for (const Producer& producer : group) {
      if (producer.relation == relation.name) producer.produce(*this, maker);
    }
  }
  return rows_.emplace(relation.name, std::move(made)).first->second;
}

std::string Catalog::key_of(const model::StorageValue& value) {
  if (const auto* number = std::get_if<std::int64_t>(&value)) return "i" + std::to_string(*number);
  if (const auto* text = std::get_if<std::string>(&value)) return "t" + *text;
  return {};
}

const std::vector<const Cells*>* Catalog::matching(const plan::Table& relation, std::size_t column, const model::StorageValue& value) {
  const auto [place, made] = indexes_.try_emplace({&relation, column});
  if (made) {
    for (const Cells& row : rows(relation)) place->second[key_of(row[column])].push_back(&row);
  }
  const auto found = place->second.find(key_of(value));
  return found == place->second.end() ? nullptr : &found->second;
}

const Cells* Catalog::find(std::string_view relation, Oid oid) {
  const auto* found = matching(relation_named(relation), 0, static_cast<std::int64_t>(oid));
  return found ? found->front() : nullptr;
}

model::StorageValue Catalog::value(std::string_view relation, Oid oid, std::string_view column) {
  const Cells* row = find(relation, oid);
  if (!row) return model::Null{};
  return (*row)[place_of(relation_named(relation), column)];
}

Oid Catalog::find_relation(std::string_view schema, std::string_view name) {
  const plan::Table& classes = relation_named("pg_class");
  const std::size_t space = place_of(classes, "relnamespace");
  const auto* found = matching(classes, place_of(classes, "relname"), std::string{name});
  if (!found) return 0;
  std::vector<Oid> path{objects_.temporary_namespace, kPgCatalog, kPublic};
  if (!schema.empty()) {
    const plan::Table& spaces = relation_named("pg_namespace");
    const auto* named = matching(spaces, place_of(spaces, "nspname"), std::string{schema});
    if (!named) return 0;
    path = {static_cast<Oid>(std::get<std::int64_t>(named->front()->front()))};
  }
  for (const Oid each : path) {
    for (const Cells* row : *found) {
      if (each != 0 && std::get<std::int64_t>((*row)[space]) == each) return static_cast<Oid>(std::get<std::int64_t>(row->front()));
    }
  }
  return 0;
}

std::string Catalog::name_of(model::Oid kind, Oid oid) {
  struct Kind { model::Oid type; std::string_view relation, name, space; };
  constexpr Oid kRegProcedure = 2202, kRegOper = 2203, kRegOperator = 2204, kRegCollation = 4191, kRegNamespace = 4089, kRegRole = 4096, kRegConfig = 3734,
                kRegDictionary = 3769;
  static constexpr Kind kKinds[] = {
      {model::oid::regclass, "pg_class", "relname", "relnamespace"}, {model::oid::regtype, "pg_type", "typname", "typnamespace"},
      {model::oid::regproc, "pg_proc", "proname", ""},               {kRegProcedure, "pg_proc", "proname", ""},
      {kRegOper, "pg_operator", "oprname", ""},                      {kRegOperator, "pg_operator", "oprname", ""},
      {kRegCollation, "pg_collation", "collname", ""},               {kRegNamespace, "pg_namespace", "nspname", ""},
      {kRegRole, "pg_authid", "rolname", ""},                        {kRegConfig, "pg_ts_config", "cfgname", ""},
      {kRegDictionary, "pg_ts_dict", "dictname", ""},
  };
  if (oid == 0) return "-";
  if (kind == model::oid::regtype && model::find_type(oid)) return model::format_type({oid});
  for (const Kind& each : kKinds) {
    if (each.type != kind) continue;
    const auto found = value(each.relation, oid, each.name);
    const auto* name = std::get_if<std::string>(&found);
    if (!name) break;
    std::string text = kind == kRegOper || kind == kRegOperator ? *name : quoted_name(*name);
    if (each.space.empty()) return text;
    const auto space = value(each.relation, oid, each.space);
    const bool hidden = std::get<std::int64_t>(space) == kInformationSchema;
    return hidden ? "information_schema." + text : text;
  }
  return std::to_string(oid);
}

}  // namespace crossfade::sqlite::catalog
