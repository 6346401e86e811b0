#include <algorithm>
#include <utility>

#include "bind/binder.hpp"
#include "bind/functions.hpp"
#include "bind/query_rewrites.hpp"
#include "crossfade/sql/catalog.hpp"
#include "crossfade/sql/relations.hpp"

namespace crossfade::sql {

using namespace model::literals;
namespace oid = model::oid;

namespace {

std::string lower(std::string_view name) { return plan::fold(name); }

Expression reference_to(const Relation& relation, const plan::Column& column) {
  ColumnReference reference{{}, relation.alias, column.name, relation.printed, column.sqlite_name, &column};
  return {std::move(reference), kNowhere, column.type, column.form};
}

constexpr std::size_t kMostDigits = 18;  // what surely is a bigint

/// generate_series of written whole numbers: counted as the rows are asked for.
bool counts_up(const FunctionReference& reference) {
  const auto* call = std::get_if<FunctionCall>(&reference.call.node);
  const auto whole = [](const Expression& argument) {
    const auto* literal = std::get_if<Literal>(&argument.node);
    return literal && literal->kind == Literal::Kind::integer && literal->text.size() <= kMostDigits && literal->text.find_first_not_of('0') != std::string::npos;
  };
  const bool own = call && (call->schema.empty() || call->schema == "pg_catalog") && !call->variadic && reference.columns.empty();
  return own && call->name == "generate_series" && !reference.ordinality && call->arguments.size() == 2 && std::ranges::all_of(call->arguments, whole);
}

bool catalog_relation(const RelationName& name) {
  return name.schema == "pg_catalog" || name.schema == "information_schema" || (name.schema.empty() && name.name.starts_with("pg_"));
}

}  // namespace

void print_relation(RelationName& name, const plan::Table& table, const plan::Schema& schema) {
  name.table = &table;
  name.printed = table.sqlite_name;
  const bool hidden = !table.temporary && std::ranges::any_of(schema.temporary, [&](const auto& entry) {
    return lower(entry.second.sqlite_name) == lower(table.sqlite_name);
  });
  name.printed_schema = hidden ? "main" : "";
}

std::string Binder::unique_printed(std::string_view name) {
  std::string candidate{name};
  // Within 63 bytes: by those names are told apart.
  for (int suffix = 1; !printed_.insert(lower(candidate)).second; ++suffix) candidate = plan::object_name(name, {}, std::to_string(suffix));
  return candidate;
}

Result<void> Binder::count_relation(std::uint64_t expands, Position position) {
  relations_ += std::min(expands, kMostRelations + 1);
  if (relations_ <= kMostRelations) return {};
  return refuse("54001"_state, "stack depth limit exceeded", position,
                "A statement may read " + std::to_string(kMostRelations) + " relations, when views and WITH queries are counted wherever they are named.");
}

Result<const plan::Table*> Binder::find_table(RelationName& name) {
  const std::string written = (name.schema.empty() ? "" : name.schema + ".") + name.name;
  const plan::Table* table = context_.schema->find(name.schema, name.name);
  if (name.catalog.empty() && !table && catalog_relation(name)) {
    if (sql::find_catalog_relation(name.schema, name.name)) {
      return refuse("42501"_state, "permission denied: \"" + name.name + "\" is a system catalog", name.position);
    }
    if (is_unserved_catalog(name.schema, name.name)) {
      return refuse("0A000"_state, "relation \"" + written + "\" is not available on SQLite", name.position, "It works in the stage \"postgres\".");
    }
  }
  if (!name.catalog.empty() && name.catalog != context_.database) {
    return refuse("0A000"_state, "cross-database references are not implemented: \"" + name.catalog + "." + written + "\"", name.position);
  }
  if (!table) return refuse("42P01"_state, "relation \"" + written + "\" does not exist", name.position);
  print_relation(name, *table, *context_.schema);
  temporary_ = temporary_ || table->temporary;
  tables_.insert(table->name);
  return table;
}

RelationPointer Binder::relation_of(const plan::Table& table, std::string alias, std::string printed) {
  Relation relation{std::move(alias), table.temporary ? "pg_temp" : "public", std::move(printed), {}, &table};
  for (const plan::Column& column : table.columns) relation.columns.push_back({column.name, reference_to(relation, column)});
  return std::make_shared<const Relation>(std::move(relation));
}

Result<void> Binder::bind_from(std::vector<FromItem>& items, Scope& scope) {
  for (FromItem& item : items) {
    CROSSFADE_TRY(std::vector<Visible> columns, bind_item(item, scope));
    std::ranges::move(columns, std::back_inserter(scope.visible));
  }
  return {};
}

Result<std::vector<Visible>> Binder::bind_item(FromItem& item, Scope& scope) {
  if (auto* function = std::get_if<FunctionReference>(&item.node)) {
    if (expands_array(function->call)) return bind_expand_array(*function, item.position, scope);
    if (unnests_several(function->call)) return bind_unnest_several(*function, item.position, scope);
    if (gives_record(function->call)) return bind_record_function(*function, item.position, scope);
    if (is_unnest(function->call)) return bind_unnest(*function, item.position, scope);
    const auto* call = std::get_if<FunctionCall>(&function->call.node);
    const CatalogRelation* catalog = call && (call->schema.empty() || call->schema == "pg_catalog") ? find_catalog_function(call->name) : nullptr;
    if (catalog) return bind_catalog(item, *catalog, scope);
    if (!counts_up(*function)) {
      std::vector<Visible> columns;
      CROSSFADE_TRY(const bool rows, bind_set_function(*function, item.position, scope, columns));
      if (rows) return columns;
      return bind_scalar_function(*function, item.position, scope);
    }
    CROSSFADE_CHECK(expand_series(item));
    CROSSFADE_TRY(std::vector<Visible> columns, bind_derived(std::get<SubqueryReference>(item.node), scope));
    Relation series = *scope.relations.back();
    series.scalar = true;
    scope.relations.back() = std::make_shared<const Relation>(std::move(series));
    return columns;
  }
  if (auto* table = std::get_if<TableReference>(&item.node)) {
    if (const CatalogRelation* catalog = find_catalog(table->relation)) return bind_catalog(item, *catalog, scope);
    std::vector<Visible> columns;
    CROSSFADE_TRY(const bool sequence, bind_sequence_rows(item, scope, columns));
    return sequence ? Result<std::vector<Visible>>{std::move(columns)} : bind_table(*table, item.position, scope);
  }
  if (auto* derived = std::get_if<SubqueryReference>(&item.node)) return derived->lateral ? bind_lateral(item, scope) : bind_derived(*derived, scope);
  return bind_join(std::get<Join>(item.node), item.position, scope);
}

/// SQLite merges a query into the one that reads it, and then computes random() at each mention; not one with an OFFSET.
void Binder::fence(Query& query) {
  if (!query.offset) query.offset = constant(std::int64_t{0}, {oid::int8});
}

/// Takes the alias's column names, refuses a second relation of the same name, and makes it reachable.
Result<RelationPointer> Binder::add_relation(Scope& scope, Relation relation, const Alias& alias, Position position) {
  if (alias.columns.size() > relation.columns.size()) {
    return refuse("42P10"_state, "table \"" + relation.alias + "\" has " + std::to_string(relation.columns.size()) +
                                     " columns available but " + std::to_string(alias.columns.size()) + " columns specified", position);
  }
  for (std::size_t i = 0; i < alias.columns.size(); ++i) relation.columns[i].name = alias.columns[i];
  relation.scalar = relation.scalar && relation.columns.size() == 1;  // WITH ORDINALITY gives a row
  const bool twice = std::ranges::any_of(scope.relations, [&](const RelationPointer& other) {
    return other->alias == relation.alias && (other->schema == relation.schema || !alias.name.empty());
  });
  if (twice) return refuse("42712"_state, "table name \"" + relation.alias + "\" specified more than once", position);
  scope.relations.push_back(std::make_shared<const Relation>(std::move(relation)));
  return scope.relations.back();
}

Result<std::vector<Visible>> Binder::bind_table(TableReference& reference, Position position, Scope& scope) {
  RelationName& name = reference.relation;
  const std::string alias = reference.alias.name.empty() ? name.name : reference.alias.name;
  const std::string printed = unique_printed(alias);
  const Alias given = reference.alias;
  reference.alias = {printed, {}};
  const auto common = std::find_if(common_.rbegin(), common_.rend(), [&](const CommonRelation& each) { return each.name == name.name; });
  if (name.schema.empty() && common != common_.rend()) {
    if (common->silent) return refuse("0A000"_state, "WITH query \"" + name.name + "\" does not have a RETURNING clause", position);
    name.printed = common->printed;
    reads_.back().insert(common->reads.begin(), common->reads.end());
    CROSSFADE_CHECK(count_relation(common->expands, position));
    Relation relation{alias, {}, printed, {}, nullptr};
    for (const OutputItem& item : common->columns) {
      relation.columns.push_back({item.name, {ColumnReference{{}, alias, item.name, printed, item.printed, nullptr}, kNowhere, item.type, item.form}});
    }
    CROSSFADE_TRY(const RelationPointer added, add_relation(scope, std::move(relation), given, position));
    return added->columns;
  }
  CROSSFADE_TRY(const plan::Table* table, find_table(name));
  reads_.back().insert(table->name);
  CROSSFADE_CHECK(count_relation(table->expands, position));
  Relation relation = *relation_of(*table, alias, printed);
  if (!given.name.empty()) relation.schema.clear();
  CROSSFADE_TRY(const RelationPointer added, add_relation(scope, std::move(relation), given, position));
  return added->columns;
}

Result<std::vector<Visible>> Binder::bind_derived(SubqueryReference& reference, Scope& scope) {
  if (scope.outer) values_as_selects(*reference.query);
  const bool outside = std::exchange(volatile_, false);
  CROSSFADE_TRY(const QueryShape shape, bind_query(*reference.query, scope.outer, Place::subquery));
  if (volatile_) fence(*reference.query);
  volatile_ = volatile_ || outside;
  scope.outer_join = scope.outer_join || shape.outer_join;
  const std::string alias = reference.alias.name, printed = unique_printed(alias.empty() ? "subquery" : alias);
  const Alias given = reference.alias;
  reference.alias = {printed, {}};
  Relation relation{alias, {}, printed, {}, nullptr};
  for (const OutputItem& item : shape.output) {
    relation.columns.push_back({item.name, {ColumnReference{{}, alias, item.name, printed, item.printed, item.column}, kNowhere, item.type, item.form}});
  }
  CROSSFADE_TRY(const RelationPointer added, add_relation(scope, std::move(relation), given, reference.query->position));
  return added->columns;
}

/// generate_series(a, b) of written whole numbers: a recursive query.
Result<void> Binder::expand_series(FromItem& item) {
  FunctionReference reference = std::move(std::get<FunctionReference>(item.node));
  auto* call = std::get_if<FunctionCall>(&reference.call.node);
  const std::string alias = reference.alias.name.empty() ? "generate_series" : reference.alias.name;
  const bool wide = std::ranges::any_of(call->arguments, [](const Expression& argument) {
    const auto* literal = std::get_if<Literal>(&argument.node);
    const bool negative = literal && literal->text.starts_with('-');
    const std::string_view digits = literal ? std::string_view{literal->text}.substr(negative ? 1 : 0) : std::string_view{};
    const std::string_view last = negative ? "2147483648" : "2147483647";
    return digits.size() > last.size() || (digits.size() == last.size() && digits > last);
  });
  const std::string text =
      std::string{"WITH RECURSIVE s(value, stop) AS (SELECT "} + (wide ? "$1::bigint, $2::bigint" : "$1, $2") +
      " UNION ALL SELECT s.value + 1, s.stop FROM s WHERE s.value < s.stop) SELECT s.value AS generate_series FROM s WHERE s.value <= s.stop";
  CROSSFADE_TRY(const std::vector<Parsed> parsed, parse(text, Dialect::postgres));
  Query query = std::get<Query>(parsed.front().tree->statement.node);
  auto& base = std::get<Query>(query.with->tables.front().statement->node);
  auto& first = std::get<Select>(std::get<SetOperation>(base.body).left->body);
  for (std::size_t i = 0; i < call->arguments.size(); ++i) {
    Expression& place = first.targets[i].expression;
    if (auto* cast = std::get_if<Cast>(&place.node)) *cast->argument = call->arguments[i];
    else place = call->arguments[i];
  }
  Alias renamed{alias, reference.alias.columns};
  if (renamed.columns.empty()) renamed.columns.push_back(alias);
  item.node = SubqueryReference{std::move(query), std::move(renamed), false};
  return {};
}

}  // namespace crossfade::sql
