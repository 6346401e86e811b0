#include <array>
#include "catalog/catalog.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

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

const Producer* producer_of(const plan::Table& relation) {
  for (const auto group : {relation_producers(), constraint_producers(), other_producers()}) {
    const auto found = std::ranges::find(group, relation.name, &Producer::relation);
    if (found != group.end()) return &*found;
  }
  return nullptr;
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

const Objects& SharedRows::objects() {
  const std::lock_guard lock{store_.making};
  if (!objects_) objects_.emplace(*schema_);
  return *objects_;
}

const Objects& Catalog::objects() {
  if (!seen_objects_) seen_objects_ = &shared_->objects();
  return *seen_objects_;
}

/// What no schema and no session changes is kept for the process. Locks are taken in the order session, schema, process.
RowStore& Catalog::store_of(const plan::Table& relation) {
  static RowStore everywhere;
  const Producer* producer = producer_of(relation);
  if (!producer) return everywhere;
  return producer->of_session ? own_ : shared_->store();
}

const Rows& Catalog::rows(const plan::Table& relation) {
  if (const auto seen = seen_rows_.find(&relation); seen != seen_rows_.end()) return *seen->second;
  const Rows* found = &static_rows(relation);
  if (const Producer* producer = producer_of(relation)) {
    RowStore& store = store_of(relation);
    const std::lock_guard lock{store.making};
    auto known = store.rows.find(&relation);
    if (known == store.rows.end()) {
      Rows made = *found;
      RowMaker maker{relation, made};
      producer->produce(*this, maker);
      known = store.rows.emplace(&relation, std::move(made)).first;
    }
    found = &known->second;
  }
  seen_rows_.emplace(&relation, found);
  return *found;
}

std::string Catalog::key_of(const model::StorageValue& value) {
  if (const auto* number = std::get_if<std::int64_t>(&value)) return "i" + std::to_string(*number);
  if (const auto* text = std::get_if<std::string>(&value)) return "t" + *text;
  return {};
}

const std::vector<const Cells*>* Catalog::matching(const plan::Table& relation, std::size_t column, const model::StorageValue& value) {
  auto seen = seen_indexes_.find({&relation, column});
  if (seen == seen_indexes_.end()) {
    RowStore& store = store_of(relation);
    const std::lock_guard lock{store.making};
    auto known = store.indexes.find({&relation, column});
    if (known == store.indexes.end()) {
      Index made;
      for (const Cells& row : rows(relation)) made[key_of(row[column])].push_back(&row);
      known = store.indexes.emplace(std::pair{&relation, column}, std::move(made)).first;
    }
    seen = seen_indexes_.emplace(known->first, &known->second).first;
  }
  const auto found = seen->second->find(key_of(value));
  return found == seen->second->end() ? nullptr : &found->second;
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
  std::vector<Oid> path{objects().temporary_namespace, kPgCatalog, kPublic};
  if (schema == "pg_temp") {
    path = {objects().temporary_namespace};
  } else if (!schema.empty()) {
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

std::optional<std::string> Catalog::type_name(Oid oid, std::optional<std::int32_t> modifier) {
  constexpr Oid kBit = 1560, kVarbit = 1562;
  const Cells* row = find("pg_type", oid);
  if (!row) return std::nullopt;
  const plan::Table& types = relation_named("pg_type");
  const auto& name = std::get<std::string>((*row)[place_of(types, "typname")]);
  const auto element = static_cast<Oid>(std::get<std::int64_t>((*row)[place_of(types, "typelem")]));
  if (element != 0 && name.starts_with('_')) {
    const auto of = type_name(element, modifier);
    return of ? std::optional{*of + "[]"} : std::nullopt;
  }
  const std::int32_t given = modifier.value_or(-1);
  if (oid == kBit || oid == kVarbit) {
    if (oid == kBit && modifier && given < 0) return "\"bit\"";  // of any length, which BIT is not
    return std::string{oid == kBit ? "bit" : "bit varying"} + (given < 0 ? "" : "(" + std::to_string(given) + ")");
  }
  if (oid == model::oid::bpchar && given < 0) return modifier ? "bpchar" : "character";
  const bool says_no_length = given >= 0 && given <= 4 && (oid == model::oid::numeric || oid == model::oid::varchar || oid == model::oid::bpchar);
  if (says_no_length && !(oid == model::oid::numeric && given == 4)) return oid == model::oid::numeric ? "numeric" : oid == model::oid::varchar ? "character varying" : "character";
  // Those whose name has a place for a modifier, or none at all; others say it behind their name.
  constexpr std::array kOwnWay{model::oid::boolean, model::oid::bpchar, model::oid::float4, model::oid::float8, model::oid::int2, model::oid::int4, model::oid::int8, model::oid::numeric,
                               model::oid::interval, model::oid::time, model::oid::timetz, model::oid::timestamp, model::oid::timestamptz, model::oid::varchar};
  if (model::find_type(oid)) {
    const bool behind = given >= 0 && std::ranges::find(kOwnWay, oid) == kOwnWay.end();
    return model::format_type({oid, behind ? -1 : given}) + (behind ? "(" + std::to_string(given) + ")" : "");
  }
  const bool hidden = std::get<std::int64_t>((*row)[place_of(types, "typnamespace")]) == kInformationSchema;
  return (hidden ? "information_schema." : "") + quoted_name(name);
}

/// The types of an operator or a function, as regoperator and regprocedure show them: "(integer,integer)".
std::string Catalog::operands(std::string_view relation, Oid oid) {
  std::vector<Oid> types;
  const auto number = [&](std::string_view column) {
    const auto cell = value(relation, oid, column);
    const auto* found = std::get_if<std::int64_t>(&cell);
    return found ? static_cast<Oid>(*found) : Oid{0};
  };
  if (relation == "pg_operator") {
    types = {number("oprleft"), number("oprright")};
  } else {
    const auto cell = value(relation, oid, "proargtypes");
    const auto* vector = std::get_if<std::string>(&cell);
    std::string digits;
    for (const char c : vector ? vector->substr(vector->rfind('{') + 1) : std::string{}) {
      if (c >= '0' && c <= '9') digits += c;
      else if (!digits.empty()) types.push_back(static_cast<Oid>(std::stoul(std::exchange(digits, {}))));
    }
  }
  std::string text;
  for (const Oid type : types) text += (text.empty() ? "" : ",") + (type == 0 ? std::string{"NONE"} : name_of(model::oid::regtype, type));
  return "(" + text + ")";
}

std::string Catalog::name_of(model::Oid kind, Oid oid) {
  struct Kind { model::Oid type; std::string_view relation, name, space; };
  constexpr Oid kRegProcedure = 2202, kRegOper = 2203, kRegOperator = 2204, kRegCollation = 4191, kRegNamespace = 4089, kRegRole = 4096, kRegConfig = 3734,
                kRegDictionary = 3769;
  static constexpr Kind kKinds[] = {
      {model::oid::regclass, "pg_class", "relname", "relnamespace"}, {kRegDictionary, "pg_ts_dict", "dictname", ""},
      {model::oid::regproc, "pg_proc", "proname", ""},               {kRegProcedure, "pg_proc", "proname", ""},
      {kRegOper, "pg_operator", "oprname", ""},                      {kRegOperator, "pg_operator", "oprname", ""},
      {kRegCollation, "pg_collation", "collname", ""},               {kRegNamespace, "pg_namespace", "nspname", ""},
      {kRegRole, "pg_authid", "rolname", ""},                        {kRegConfig, "pg_ts_config", "cfgname", ""},
  };
  if (oid == 0) return kind == kRegOper || kind == kRegOperator ? "0" : "-";
  if (kind == model::oid::regtype) return type_name(oid, std::nullopt).value_or(std::to_string(oid));
  for (const Kind& each : kKinds) {
    if (each.type != kind) continue;
    const auto found = value(each.relation, oid, each.name);
    const auto* name = std::get_if<std::string>(&found);
    if (!name) break;
    std::string text = kind == kRegOper || kind == kRegOperator ? *name : quoted_name(*name);
    if (kind == kRegOperator || kind == kRegProcedure) return text + operands(each.relation, oid);
    if (each.space.empty()) return text;
    const auto space = value(each.relation, oid, each.space);
    const bool hidden = std::get<std::int64_t>(space) == kInformationSchema;
    return hidden ? "information_schema." + text : text;
  }
  return std::to_string(oid);
}

}  // namespace crossfade::sqlite::catalog
