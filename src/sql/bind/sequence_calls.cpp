#include <algorithm>
#include <array>

#include "bind/binder.hpp"
#include "crossfade/sql/catalog.hpp"

namespace crossfade::sql {

using namespace model::literals;
namespace oid = model::oid;

namespace {

/// The text of 's', 's'::text, 's'::regclass.
const std::string* literal_text(const Expression& expression) {
  if (const auto* cast = std::get_if<Cast>(&expression.node)) {
    const bool named = cast->type.name == "regclass" || cast->type.name == "text";
    return named && cast->type.array_dimensions == 0 ? literal_text(*cast->argument) : nullptr;
  }
  const auto* literal = std::get_if<Literal>(&expression.node);
  return literal && literal->kind == Literal::Kind::string ? &literal->text : nullptr;
}

struct QualifiedName { std::string schema, name; };

/// "Schema"."Name" as PostgreSQL reads it in a text.
QualifiedName split_name(std::string_view text) {
  std::vector<std::string> parts(1);
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '.') {
      parts.emplace_back();
    } else if (text[at] == '"') {
      for (++at; at < text.size(); ++at) {
        if (text[at] == '"' && at + 1 < text.size() && text[at + 1] == '"') ++at;
        else if (text[at] == '"') break;
        parts.back() += text[at];
      }
    } else {
      parts.back() += plan::fold(text.substr(at, 1));
    }
  }
  return {parts.size() > 1 ? parts[parts.size() - 2] : std::string{}, parts.back()};
}

/// Of a text without quotes: one that is no list of identifiers with dots between them.
bool is_no_name(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\n\r\f\v";
  const std::size_t first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return true;
  text = text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
  return !text.contains('"') && (text.find_first_of(kBlanks) != std::string_view::npos || text.starts_with('.') || text.ends_with('.') || text.contains(".."));
}

/// pg_get_serial_sequence('t', 'c'): the sequence that the column owns, "" for none.
Result<std::string> serial_sequence(const plan::Schema& schema, const FunctionCall& call, Position position) {
  const std::string* table_text = literal_text(call.arguments[0]);
  const std::string* column_text = literal_text(call.arguments[1]);
  if (!table_text || !column_text) return unsupported("pg_get_serial_sequence of a computed name", position);
  const QualifiedName name = split_name(*table_text);
  const plan::Table* table = schema.find(name.schema, name.name);
  if (!table && is_no_name(*table_text)) return refuse("42602"_state, "invalid name syntax", kNowhere);
  const bool known = name.schema.empty() || name.schema == "public" || name.schema.starts_with("pg_") || name.schema == "information_schema" || schema.namespaces.contains(name.schema);
  if (!table && !known) return refuse("3F000"_state, "schema \"" + name.schema + "\" does not exist", kNowhere);
  if (!table) return refuse("42P01"_state, "relation \"" + *table_text + "\" does not exist", kNowhere);
  const plan::Column* column = table->find_column(*column_text);
  if (!column) return refuse("42703"_state, "column \"" + *column_text + "\" of relation \"" + table->name + "\" does not exist", kNowhere);
  for (const auto& [key, sequence] : schema.sequences) {
    if (sequence.owner_table == table->name && sequence.owner_column == column->name) return key;
  }
  const bool keyed = !table->temporary && column->serial && table->rowid_alias() == column;
  return keyed ? plan::counter_name(*table, *column) : std::string{};
}

/// As the run-time functions ask for it: "" where SQLite has a counter.
std::string key_column(const plan::Table& table) { return table.autoincrement ? std::string{} : table.rowid_alias()->sqlite_name; }

std::string shown_name(const std::string& name) {
  const bool bare = !name.empty() && !(name[0] >= '0' && name[0] <= '9') &&
                    std::ranges::all_of(name, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; });
  return "public." + (bare ? name : "\"" + name + "\"");
}

}  // namespace

const plan::Table* keyed_by(const plan::Schema& schema, std::string_view sequence) {
  for (const auto& [name, table] : schema.tables) {
    const plan::Column* column = table.rowid_alias();
    if (column && column->serial && plan::counter_name(table, *column) == sequence) return &table;
  }
  return nullptr;
}

std::optional<std::string> default_sequence(const Expression& unbound) {
  if (const auto* cast = std::get_if<Cast>(&unbound.node)) return default_sequence(*cast->argument);
  const auto* call = std::get_if<FunctionCall>(&unbound.node);
  if (!call || call->name != "nextval" || call->arguments.size() != 1 || !(call->schema.empty() || call->schema == "pg_catalog")) return std::nullopt;
  const std::string* text = literal_text(call->arguments.front());
  return text ? std::optional{split_name(*text).name} : std::nullopt;
}

Expression Binder::next_value(const std::string& sequence, model::Type type) {
  const model::Type int8{oid::int8};
  volatile_ = locks_ = true;
  Expression value{RawCall{"crossfade_nextval", {text_argument(sequence)}}, kNowhere, int8, plan::runtime_form(int8)};
  if (type.oid == oid::int8) return value;
  const std::string name = type.oid == oid::int2 ? "crossfade_int2" : "crossfade_int4";
  return {RawCall{name, {std::move(value)}}, kNowhere, type, plan::runtime_form(type)};
}

Result<bool> Binder::bind_sequence_call(Expression& expression, Scope& scope, Clause clause) {
  FunctionCall& call = std::get<FunctionCall>(expression.node);
  const std::size_t count = call.arguments.size();
  const bool one = (call.name == "nextval" || call.name == "currval") && count == 1, set = call.name == "setval" && (count == 2 || count == 3);
  if (call.name == "pg_get_serial_sequence" && count == 2 && literal_text(call.arguments[0]) && literal_text(call.arguments[1])) {
    CROSSFADE_TRY(const std::string name, serial_sequence(*context_.schema, call, expression.position));
    const Position position = expression.position;
    expression = constant(name.empty() ? model::StorageValue{model::Null{}} : model::StorageValue{shown_name(name)}, {oid::text}, position);
    return true;
  }
  const model::Type int8{oid::int8};
  if (call.name == "lastval" && count == 0) {
    volatile_ = true;
    expression = {RawCall{"crossfade_lastval", {}}, expression.position, int8, plan::runtime_form(int8)};
    return true;
  }
  if (!one && !set) return false;
  std::string name;
  const auto* inner = std::get_if<FunctionCall>(&call.arguments.front().node);
  if (const std::string* text = literal_text(call.arguments.front())) {
    const QualifiedName written = split_name(*text);
    name = written.name;
    if (!written.schema.empty() && written.schema != "public") {
      return refuse("42P01"_state, "relation \"" + written.schema + "." + name + "\" does not exist", call.arguments.front().position);
    }
  } else if (inner && inner->name == "pg_get_serial_sequence" && inner->arguments.size() == 2) {
    CROSSFADE_TRY(name, serial_sequence(*context_.schema, *inner, expression.position));
    if (name.empty()) {
      expression = constant(model::Null{}, int8, expression.position);
      return true;
    }
  } else {
    return unsupported(call.name + " of a computed name", expression.position);
  }
  const plan::Table* counted = context_.schema->sequences.contains(name) ? nullptr : keyed_by(*context_.schema, name);
  if (!counted && !context_.schema->sequences.contains(name)) {
    if (context_.schema->find(name)) return refuse("42809"_state, "\"" + name + "\" is not a sequence", kNowhere);
    return refuse("42P01"_state, "relation \"" + name + "\" does not exist", call.arguments.front().position);
  }
  if (counted && !counted->autoincrement && call.name == "nextval") {
    return unsupported("nextval of the key of table \"" + counted->name + "\"", expression.position, "The file's table has no counter: SQLite gives a new row the number behind the largest.");
  }
  volatile_ = true;
  locks_ = locks_ || call.name != "currval";
  RawCall made{"crossfade_" + call.name, {text_argument(name)}};
  if (counted && call.name != "currval") {
    made.name = "crossfade_serial_" + call.name;
    made.arguments.push_back(text_argument(counted->sqlite_name));
    if (set) made.arguments.push_back(text_argument(key_column(*counted)));
  }
  for (std::size_t i = 1; i < count; ++i) {
    Expression& argument = call.arguments[i];
    CROSSFADE_CHECK(bind(argument, scope, clause));
    CROSSFADE_CHECK(coerce(argument, i == 1 ? int8 : model::Type{oid::boolean}, CastContext::implicit));
    to_runtime(argument);
    made.arguments.push_back(std::move(argument));
  }
  if (set && count == 2) made.arguments.push_back(constant(std::int64_t{1}, {oid::boolean}));
  expression = {std::move(made), expression.position, int8, plan::runtime_form(int8)};
  return true;
}

/// What is not told apart here (written names of keys, other schemas) is told when the statement runs.
Result<void> Binder::may_be_relation(std::string_view text, Position position) const {
  if (text.empty() || text == "-" || text.find_first_not_of("0123456789") == std::string_view::npos) return {};
  if (text.find_first_of(" \t\n\r\f\v") != std::string_view::npos) return {};  // blanks around names are no part of them
  const QualifiedName name = split_name(text);
  if (!(name.schema.empty() || name.schema == "public") || find_catalog_relation("", name.name) || context_.schema->sequences.contains(name.name)) return {};
  for (const auto* group : {&context_.schema->tables, &context_.schema->temporary}) {
    for (const auto& [key, table] : *group) {
      const bool index = std::ranges::any_of(table.indexes, [&](const plan::Index& each) { return plan::fold(each.name) == plan::fold(name.name); });
      if (index || name.name.starts_with(key) || table.sql.contains(name.name)) return {};
    }
  }
  return refuse("42P01"_state, "relation \"" + (name.schema.empty() ? "" : name.schema + ".") + name.name + "\" does not exist", position);
}

/// FROM s, where s is a sequence: its one row. false: no sequence.
Result<bool> Binder::bind_sequence_rows(FromItem& item, Scope& scope, std::vector<Visible>& columns) {
  const auto& reference = std::get<TableReference>(item.node);
  const RelationName& name = reference.relation;
  if (!(name.schema.empty() || name.schema == "public") || context_.schema->find(name.schema, name.name)) return false;
  const bool common = name.schema.empty() && std::ranges::any_of(common_, [&](const CommonRelation& each) { return each.name == name.name; });
  const bool made = context_.schema->sequences.contains(name.name);
  const plan::Table* counted = made ? nullptr : keyed_by(*context_.schema, name.name);
  if (common || !(made || counted)) return false;
  constexpr std::array kColumns{std::pair{"last_value", oid::int8}, std::pair{"log_cnt", oid::int8}, std::pair{"is_called", oid::boolean}};
  const Alias given = reference.alias;
  const std::string alias = given.name.empty() ? name.name : given.name, printed = unique_printed(alias);
  Relation relation{alias, given.name.empty() ? "public" : "", printed, {}, nullptr};
  for (const auto& [column, type] : kColumns) {
    const std::string field = "c" + std::to_string(relation.columns.size() + 1);
    relation.columns.push_back({column, {ColumnReference{{}, alias, column, printed, field, nullptr}, kNowhere, {type}, plan::runtime_form({type})}});
  }
  RawCall state = made ? RawCall{"crossfade_sequence_state", {text_argument(name.name)}}
                       : RawCall{"crossfade_serial_state", {text_argument(counted->sqlite_name), text_argument(key_column(*counted))}};
  RawCall rows{"crossfade_rows", {}};
  rows.arguments.push_back({std::move(state), item.position});
  volatile_ = true;
  item.node = FunctionReference{.call = {std::move(rows), item.position}, .alias = {printed, {}}};
  CROSSFADE_TRY(const RelationPointer added, add_relation(scope, std::move(relation), given, item.position));
  columns = added->columns;
  return true;
}

}  // namespace crossfade::sql
