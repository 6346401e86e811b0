#include <algorithm>

#include "bind/schema_binder.hpp"
#include "print/print.hpp"

namespace crossfade::sql {

using namespace model::literals;
namespace oid = model::oid;

/// CREATE TABLE of the query's columns, and INSERT … SELECT of its rows.
Result<void> SchemaBinder::bind(CreateTableAs& create, Statement& statement) {
  const Position position = create.relation.position;
  if (create.materialized_view) return unsupported("CREATE MATERIALIZED VIEW", position, "CREATE VIEW works.");
  CROSSFADE_TRY(create.persistence, persistence_of(create.relation, create.persistence));
  CROSSFADE_TRY(const bool exists, taken(create.relation, create.if_not_exists ? Existing::skip : Existing::refuse));
  if (exists) return {};
  CROSSFADE_CHECK(check_row_type(create.relation));
  Query source = *create.query;
  Binder binder{context_, {}, 0};
  CROSSFADE_TRY(Binder::QueryShape shape, binder.bind_query(source, nullptr, Binder::Place::subquery));
  if (create.columns.size() > shape.output.size()) return refuse("42601"_state, "too many column names were specified", kNowhere);
  CreateTable made{.relation = create.relation, .persistence = create.persistence, .on_commit = create.on_commit};
  for (std::size_t i = 0; i < shape.output.size(); ++i) {
    const OutputItem& item = shape.output[i];
    ColumnDefinition column{.name = i < create.columns.size() ? create.columns[i] : item.name, .position = position};
    column.type.resolved = item.type.oid == oid::unknown ? model::Type{oid::text} : item.type;
    const auto* select = std::get_if<Select>(&source.body);
    column.type.name = item.column ? item.column->domain : select && i < select->targets.size() ? checked_domain(select->targets[i].expression) : std::string{};
    made.columns.push_back(std::move(column));
  }
  CROSSFADE_TRY(const plan::Table table, describe(made));
  for (ColumnDefinition& definition : made.columns) CROSSFADE_CHECK(bind_column(definition, table));
  declare(table);
  CROSSFADE_CHECK(note_on_commit(made));
  result_.tables.push_back(table.name);
  result_.volatile_functions = binder.volatile_;
  result_.temporary = result_.temporary || binder.temporary_;

  const std::string printed = binder.unique_printed("source");
  Select select;
  std::string names;
  for (std::size_t i = 0; i < shape.output.size(); ++i) {
    const OutputItem& item = shape.output[i];
    Expression value{ColumnReference{{}, printed, item.name, printed, item.printed, nullptr}, kNowhere, item.type, item.form};
    CROSSFADE_CHECK(binder.assign(value, table.columns[i], table));
    select.targets.push_back({std::move(value), {}});
    names += (names.empty() ? "" : ", ") + quoted(table.columns[i].sqlite_name);
  }
  select.from.push_back({SubqueryReference{std::move(source), {printed, {}}, false}, kNowhere});
  Query rows;
  rows.body = std::move(select);
  const RelationName name = create.relation;
  const bool with_data = create.with_data;
  Statement filling;
  filling.node = std::move(rows);
  CROSSFADE_TRY(const std::vector<std::string> query, print(filling, context_.target));
  statement.node = std::move(made);
  CROSSFADE_CHECK(finish(statement));
  if (!with_data) return {};
  const std::string place = create.persistence == Persistence::temporary ? "temp." : "main.";
  result_.texts.push_back("INSERT INTO " + place + quoted(name.name) + " (" + names + ") " + query.front());
  return {};
}

}  // namespace crossfade::sql
