#include "crossfade/sql/copy.hpp"

#include <algorithm>
#include <set>

#include "bind/binder.hpp"
#include "bind/walk.hpp"
#include "copy_options.hpp"
#include "crossfade/sql/catalog.hpp"
#include "print/print.hpp"
#include "tree.hpp"

namespace crossfade::sql {

using namespace model::literals;

namespace {

using Columns = std::vector<const plan::Column*>;

constexpr std::string_view kFileHint = "Anyone can COPY to stdout or from stdin. psql's \\copy command also works for anyone.";

/// Files and programs of the server are nobody's here.
model::Result<void> refuse_files(const Copy& copy) {
  if (copy.file.empty()) return {};
  struct Row { bool program, from; std::string_view role, what; };
  constexpr std::array kRoles{
      Row{true, true, "pg_execute_server_program", "to or from an external program"},
      Row{true, false, "pg_execute_server_program", "to or from an external program"},
      Row{false, true, "pg_read_server_files", "from a file"},
      Row{false, false, "pg_write_server_files", "to a file"},
  };
  const auto* row = std::ranges::find_if(kRoles, [&](const Row& each) { return each.program == copy.program && each.from == copy.from; });
  return model::fail("42501"_state, "must be superuser or have privileges of the " + std::string(row->role) + " role to COPY " +
                                        std::string(row->what), {}, std::string(kFileHint));
}

model::Result<Translated> translate_query(Statement statement, Kind kind, const Context& context,
                                          std::span<const model::Oid> declared = {}) {
  Binder binder{context, declared, static_cast<std::uint16_t>(declared.size())};
  CROSSFADE_TRY(Translated result, binder.statement(statement, kind));
  CROSSFADE_TRY(result.texts, print(statement, context.target));
  return result;
}

/// What a name means to COPY; `table` null: no relation of that name.
struct Source { const plan::Table* table = nullptr; const CatalogRelation* catalog = nullptr; };

/// As FROM finds it: temporary tables, the catalogs, the file's.
Source source_of(const RelationName& name, const Context& context) {
  if (!name.catalog.empty() && name.catalog != context.database) return {};
  const bool hidden = name.schema.empty() && context.schema->temporary.contains(name.name);
  const bool catalogs = (name.schema.empty() && !hidden) || name.schema == "pg_catalog" || name.schema == "information_schema";
  if (const CatalogRelation* catalog = catalogs ? find_catalog_relation(name.schema, name.name) : nullptr) return {&catalog->table, catalog};
  return {context.schema->find(name.schema, name.name), nullptr};
}

bool is_view(const Source& source) {
  return source.catalog != nullptr ? source.catalog->kind == CatalogRelation::Kind::view : source.table != nullptr && source.table->view;
}

Query query_of(const Copy& copy, const Columns& columns) {
  Select select;
  for (const plan::Column* column : columns) select.targets.push_back({{ColumnReference{.name = column->name}}, {}});
  if (columns.empty()) select.targets.push_back({{Star{}}, {}});
  select.from.push_back({TableReference{copy.relation, {}, false}, kNowhere});
  Query query;
  query.body = std::move(select);
  return query;
}

/// What is copied when nothing says otherwise: all but generated columns. Errors: 42703, 42701, 42P10.
model::Result<Columns> columns_of(const Copy& copy, const plan::Table& table) {
  Columns columns;
  if (copy.columns.empty()) {
    for (const plan::Column& column : table.columns)
      if (!column.generated) columns.push_back(&column);
    return columns;
  }
  for (const std::string& name : copy.columns) {
    const plan::Column* column = table.find_column(name);
    if (column == nullptr) return model::fail("42703"_state, "column \"" + name + "\" of relation \"" + table.name + "\" does not exist");
    if (column->generated)
      return model::fail("42P10"_state, "column \"" + name + "\" is a generated column", "Generated columns cannot be used in COPY.");
    if (std::ranges::find(columns, column) != columns.end())
      return model::fail("42701"_state, "column \"" + name + "\" specified more than once");
    columns.push_back(column);
  }
  return columns;
}

struct Force { std::string_view option; ForcedColumns CopySettings::* columns; bool model::CopyColumn::* flag; };
constexpr std::array kForces{
    Force{"FORCE_QUOTE", &CopySettings::quote, &model::CopyColumn::force_quote},
    Force{"FORCE_NOT_NULL", &CopySettings::not_null, &model::CopyColumn::force_not_null},
    Force{"FORCE_NULL", &CopySettings::null, &model::CopyColumn::force_null},
};

/// `table`: null for a query. Errors: 42703, 42P10.
model::Result<void> force(CopyPlan& plan, const CopySettings& settings, const plan::Table* table) {
  for (const Force& row : kForces) {
    const ForcedColumns& forced = settings.*row.columns;
    for (model::CopyColumn& column : plan.columns) column.*row.flag = forced.all;
    for (const std::string& name : forced.names) {
      const auto found = std::ranges::find(plan.columns, name, &model::CopyColumn::name);
      if (found == plan.columns.end() && table != nullptr && table->find_column(name) == nullptr)
        return model::fail("42703"_state, "column \"" + name + "\" of relation \"" + table->name + "\" does not exist");
      if (found == plan.columns.end() && table == nullptr)
        return model::fail("42703"_state, "column \"" + name + "\" does not exist");
      if (found == plan.columns.end())
        return model::fail("42P10"_state, std::string(row.option) + " column \"" + name + "\" not referenced by COPY");
      (*found).*row.flag = true;
    }
  }
  return {};
}

/// Errors: 0A000 for a query in the condition, with PostgreSQL's text.
model::Result<void> check_where(Expression& where) {
  model::Result<void> found;
  const auto walk = [&](auto& self, Expression& expression) -> void {
    if (std::holds_alternative<Subquery>(expression.node) && found)
      found = model::fail("0A000"_state, "cannot use subquery in COPY FROM WHERE condition", {}, {}, error_position(expression.position));
    for_each_child(expression, [&](Expression& each) { self(self, each); }, [](Query&) {});
  };
  walk(walk, where);
  return found;
}

/// INSERT INTO t (a, b) VALUES ($1, $2), or with a condition INSERT … SELECT t.a, t.b FROM (SELECT $1 AS a, $2 AS b) t WHERE ….
Statement insert_of(const Copy& copy, const Columns& columns) {
  Insert insert{.with = {}, .relation = copy.relation};
  Expressions row;
  for (const plan::Column* column : columns) {
    insert.columns.push_back({{column->name, kNowhere}});
    row.push_back({Parameter{static_cast<std::uint16_t>(row.size() + 1), 0}});
  }
  Query source;
  if (!copy.where) {
    source.body = Values{{std::move(row)}};
  } else {
    Select inner, outer;
    for (std::size_t i = 0; i < columns.size(); ++i) {
      inner.targets.push_back({std::move(row[i]), columns[i]->name});
      outer.targets.push_back({{ColumnReference{.table = copy.relation.name, .name = columns[i]->name}}, {}});
    }
    Query data;
    data.body = std::move(inner);
    outer.from.push_back({SubqueryReference{std::move(data), {copy.relation.name, {}}, false}, kNowhere});
    outer.where = copy.where;
    source.body = std::move(outer);
  }
  insert.source = std::move(source);
  return {std::move(insert)};
}

/// What the condition's errors are called in a COPY.
model::Error where_error(model::Error error, const plan::Table& table, const Columns& columns) {
  constexpr std::string_view kPlain = "not allowed in WHERE";
  if (error.message.ends_with(kPlain))
    error.message.replace(error.message.size() - 5, 5, "COPY FROM WHERE conditions");
  if (error.state != "42703"_state) return error;
  for (const plan::Column& column : table.columns) {
    if (std::ranges::find(columns, &column) != columns.end() || !error.message.contains("\"" + column.name + "\"")) continue;
    return {"0A000"_state, "COPY FROM … WHERE on column \"" + column.name + "\", which is not copied, is not supported on SQLite", {},
            "Name the column in the column list, or copy into a table between.", error.position};
  }
  return error;
}

model::Result<void> plan_in(CopyPlan& plan, const Copy& copy, const Context& context, const plan::Table& table,
                            const CopySettings& settings) {
  CROSSFADE_TRY(const Columns columns, columns_of(copy, table));
  for (const plan::Column* column : columns) plan.columns.push_back({column->name, column->type});
  CROSSFADE_CHECK(force(plan, settings, &table));
  if (table.view) {
    plan.late_failure = model::Error{"42809"_state, "cannot copy to view \"" + table.name + "\"", {},
                                     "To enable copying to a view, provide an INSTEAD OF INSERT trigger."};
    return {};
  }
  if (settings.freeze) {
    plan.late_failure = model::Error{
        "55000"_state, "cannot perform COPY FREEZE because the table was not created or truncated in the current subtransaction"};
  }
  std::vector<model::Oid> types;
  for (const plan::Column* column : columns) types.push_back(column->type.oid);
  auto translated = translate_query(insert_of(copy, columns), Kind::insert, context, types);
  if (!translated) {
    return std::unexpected(copy.where ? where_error(std::move(translated).error(), table, columns) : std::move(translated).error());
  }
  plan.statement = std::move(*translated);
  return {};
}

model::Result<void> plan_out(CopyPlan& plan, const Copy& copy, const Context& context, const Source& source,
                             const CopySettings& settings) {
  const plan::Table* const table = source.table;
  Columns columns;
  if (table != nullptr) {
    if (is_view(source)) {
      return model::fail("42809"_state, "cannot copy from view \"" + table->name + "\"", {}, "Try the COPY (SELECT ...) TO variant.");
    }
    CROSSFADE_TRY(columns, columns_of(copy, *table));
  }
  if (copy.query && !std::holds_alternative<Query>(copy.query->node) && !std::holds_alternative<Insert>(copy.query->node) &&
      !std::holds_alternative<Update>(copy.query->node) && !std::holds_alternative<Delete>(copy.query->node))
    return model::fail("0A000"_state, "COPY (SELECT INTO) is not supported");
  Statement statement = copy.query ? *copy.query : Statement{query_of(copy, columns)};
  const Kind kind = std::holds_alternative<Query>(statement.node)    ? Kind::select
                    : std::holds_alternative<Insert>(statement.node) ? Kind::insert
                    : std::holds_alternative<Update>(statement.node) ? Kind::update
                                                                     : Kind::delete_;
  CROSSFADE_TRY(plan.statement, translate_query(std::move(statement), kind, context));
  if (plan.statement.columns.empty() && !plan.statement.rows_without_columns) return model::fail("0A000"_state, "COPY query must have a RETURNING clause");
  for (const OutputColumn& column : plan.statement.columns) plan.columns.push_back({column.name, column.type});
  return force(plan, settings, table);
}

}  // namespace

model::Result<CopyPlan> plan_copy(const Parsed& statement, const Context& context) {
  if (!std::holds_alternative<Copy>(statement.tree->statement.node)) {  // its query, or a parameter, was refused when it was read
    auto refused = translate(statement, context, {});
    return refused ? model::fail("XX000"_state, "COPY was read as another statement") : std::unexpected(std::move(refused).error());
  }
  const Copy& copy = std::get<Copy>(statement.tree->statement.node);
  CopyPlan plan{.way = copy.from ? CopyPlan::Way::in : CopyPlan::Way::out, .relation = copy.relation.name};
  CROSSFADE_CHECK(refuse_files(copy));
  const Source source = copy.query ? Source{} : source_of(copy.relation, context);
  const plan::Table* const table = source.table;
  if (!copy.query && (table == nullptr || source.catalog != nullptr)) {
    // What is wrong with the name, if anything is, is the binder's to say.
    if (auto known = translate_query({query_of(copy, {})}, Kind::select, context); !known) {
      known.error().position = 0;
      return std::unexpected(std::move(known).error());
    }
    if (copy.from) return model::fail("42501"_state, "permission denied: \"" + copy.relation.name + "\" is a system catalog");
  }
  if (copy.where) {
    Expression where = *copy.where;
    CROSSFADE_CHECK(check_where(where));
  }
  CROSSFADE_TRY(const CopySettings settings, read_copy_options(copy));
  plan.options = settings.options;
  CROSSFADE_CHECK(copy.from ? plan_in(plan, copy, context, *table, settings) : plan_out(plan, copy, context, source, settings));
  plan.statement.command_tag = "COPY";
  plan.statement.fingerprint = statement.tree->fingerprint;
  return plan;
}

}  // namespace crossfade::sql
