#include <algorithm>

#include "bind/binder.hpp"
#include "bind/walk.hpp"
#include "crossfade/sql/kept_default.hpp"
#include "rules/rules.hpp"

namespace crossfade::sql {

using namespace model::literals;
namespace oid = model::oid;

namespace {

/// FROM and USING stand beside the changed table, not behind it: LATERAL does not reach it.
Result<void> check_laterals(const std::vector<FromItem>& from, const Relation& target) {
  Select select;
  select.targets.push_back({constant(std::int64_t{1}, {oid::int8}), {}});
  select.from = from;
  Query query;
  query.body = std::move(select);
  Expression read{Subquery{.kind = Subquery::Kind::scalar, .query = std::move(query)}, kNowhere};
  if (!read_by(read).contains(target.printed)) return {};
  return refuse("42P10"_state, "invalid reference to FROM-clause entry for table \"" + target.alias + "\"", kNowhere,
                "There is an entry for table \"" + target.alias + "\", but it cannot be referenced from this part of the query.");
}

/// SQLite's RETURNING does not know the table's alias.
void drop_qualifiers(Expression& expression) {
  auto* column = std::get_if<ColumnReference>(&expression.node);
  const bool row_number = column && !column->column && column->printed_column == "rowid";  // join_first's has the table's own name
  if (column && !row_number) column->printed_qualifier.clear();
  for_each_child(expression, drop_qualifiers, [](Query&) {});
}

void unqualify(std::vector<ResultColumn>& returning) {
  for (ResultColumn& target : returning) drop_qualifiers(target.expression);
}

std::unexpected<model::Error> current_of_view() { return refuse("0A000"_state, "WHERE CURRENT OF on a view is not implemented", kNowhere); }

Expression is_row(Expression left, Expression right, Position position) {
  const model::Type boolean{oid::boolean};
  return {Operation{{}, "=", std::move(left), std::move(right)}, position, boolean, plan::runtime_form(boolean)};
}

}  // namespace

Result<const plan::Column*> Binder::target_column(const plan::Table& table, const Name& name) {
  const plan::Column* column = table.find_column(name.text);
  if (!column) return refuse("42703"_state, "column \"" + name.text + "\" of relation \"" + table.name + "\" does not exist", name.position);
  return column;
}

namespace {

void without_places(Expression& expression) {
  expression.position = kNowhere;
  for_each_child(expression, without_places, [](Query&) {});
}

}  // namespace

/// PostgreSQL's text of a DEFAULT, as a value of the column.
Result<Expression> Binder::kept_default_value(const std::string& text, const plan::Column& column, const plan::Table& table) {
  CROSSFADE_TRY(const std::vector<Parsed> parsed, parse("SELECT " + text, Dialect::postgres));
  const auto& query = std::get<Query>(parsed.front().tree->statement.node);
  Expression value = std::get<Select>(query.body).targets.front().expression;
  without_places(value);
  Scope none;
  CROSSFADE_CHECK(bind(value, none, Clause::values));
  CROSSFADE_CHECK(assign(value, column, table));
  return value;
}

Result<Expression> Binder::default_of(const plan::Column& column, const plan::Table& table) {
  if (auto moment = rules::moment_default(column)) {
    Scope none;
    CROSSFADE_CHECK(bind(*moment, none, Clause::values));
    CROSSFADE_CHECK(assign(*moment, column, table));
    return *std::move(moment);
  }
  if (!column.sequence.empty()) {
    Expression next = next_value(column.sequence, column.type);
    CROSSFADE_CHECK(assign(next, column, table));
    return next;
  }
  if (const auto kept = column.default_sql ? kept_default_of(*column.default_sql) : std::nullopt) return kept_default_value(*kept, column, table);
  if (!column.default_sql || column.serial) {
    Expression none = constant(model::Null{}, column.type);
    none.form = column.form;
    return none;
  }
  return Expression{RawText{*column.default_sql}, kNowhere, column.type, column.form};
}

Result<void> Binder::bind_assignments(std::vector<Assignment>& list, const plan::Table& table, Scope& scope) {
  // `first`: the assignment where the parts of the column come together; `list`: the (a[1], b) = (SELECT …) that it is in.
  struct Seen { bool part = false; Assignment* first = nullptr; const Assignment* list = nullptr; };
  std::map<const plan::Column*, Seen> seen;
  for (Assignment& assignment : list) {
    std::vector<const plan::Column*> columns;
    for (const TargetColumn& name : assignment.columns) {
      CROSSFADE_TRY(const plan::Column* column, target_column(table, name));
      const Assignment* const in = assignment.columns.size() > 1 ? &assignment : nullptr;
      const auto [known, added] = seen.try_emplace(column, Seen{!name.steps.empty(), nullptr, in});
      if (!added && (!known->second.part || name.steps.empty())) {
        return refuse("42601"_state, "multiple assignments to same column \"" + column->name + "\"", name.position);
      }
      if (!added && known->second.list != in) return unsupported("assigning to elements of one column in a list and beside it", name.position);
      columns.push_back(column);
    }
    const bool parts = std::ranges::any_of(assignment.columns, [](const TargetColumn& name) { return !name.steps.empty(); });
    if (parts && std::holds_alternative<DefaultMarker>(assignment.value.node)) return default_of_part(assignment.columns.front());
    const bool generated = std::ranges::any_of(columns, &plan::Column::generated);
    if (generated && std::holds_alternative<DefaultMarker>(assignment.value.node)) {
      assignment.columns.clear();  // it is computed anyway, and SQLite lets nobody say so
      continue;
    }
    if (std::holds_alternative<DefaultMarker>(assignment.value.node)) {
      CROSSFADE_TRY(assignment.value, default_of(*columns.front(), table));
    } else if (generated) {
      return refuse("428C9"_state, "column \"" + columns.front()->name + "\" can only be updated to DEFAULT", assignment.columns.front().position, {},
                    "Column \"" + columns.front()->name + "\" is a generated column.");
    } else if (std::ranges::any_of(columns, &plan::Column::identity_always)) {
      return refuse("428C9"_state, "column \"" + columns.front()->name + "\" can only be updated to DEFAULT", assignment.columns.front().position, {},
                    "Column \"" + columns.front()->name + "\" is an identity column defined as GENERATED ALWAYS.");
    } else if (columns.size() > 1) {
      CROSSFADE_CHECK(assign_row(assignment, columns, table, scope));
    } else if (parts) {
      CROSSFADE_CHECK(bind(assignment.value, scope, Clause::set));
      Seen& own = seen.at(columns.front());
      Expression before = own.first ? std::move(own.first->value) : own_column(table, *columns.front(), scope);
      CROSSFADE_TRY(Expression whole, with_part(std::move(before), assignment.columns.front(), std::move(assignment.value), *columns.front(), scope, Clause::set));
      assignment.columns.front().steps.clear();
      if (own.first) assignment.columns.clear();
      else own.first = &assignment;
      own.first->value = std::move(whole);
      if (assignment.columns.empty()) continue;
    } else {
      CROSSFADE_CHECK(bind(assignment.value, scope, Clause::set));
      CROSSFADE_CHECK(assign(assignment.value, *columns.front(), table));
    }
    for (std::size_t i = 0; i < columns.size(); ++i) assignment.columns[i].text = columns[i]->sqlite_name;
  }
  for (const auto& [column, own] : seen) {
    if (own.first) CROSSFADE_CHECK(assign(own.first->value, *column, table));
  }
  std::erase_if(list, [](const Assignment& each) { return each.columns.empty(); });
  if (!list.empty()) return {};
  const plan::Column& first = *std::ranges::find(table.columns, false, &plan::Column::generated);
  list.push_back({{TargetColumn{{first.sqlite_name, kNowhere}}}, own_column(table, first, scope)});  // the row is written all the same
  return {};
}

/// A column of the changed row.
Expression Binder::own_column(const plan::Table& table, const plan::Column& column, const Scope& scope) {
  const RelationPointer own = relation_of(table, {}, scope.relations.front()->printed);
  return own->columns.at(static_cast<std::size_t>(&column - table.columns.data())).expression;
}

/// SET (a, b) = (SELECT …)
Result<void> Binder::assign_row(Assignment& assignment, Columns& columns, const plan::Table& table, Scope& scope) {
  auto* subquery = std::get_if<Subquery>(&assignment.value.node);
  auto* select = subquery ? std::get_if<Select>(&subquery->query->body) : nullptr;
  if (!select) return unsupported("this assignment to several columns", assignment.value.position);
  CROSSFADE_TRY(const QueryShape shape, bind_query(*subquery->query, &scope, Place::row_source));
  if (shape.output.size() != columns.size()) {
    return refuse("42601"_state, "number of columns does not match number of values", assignment.value.position);
  }
  for (ResultColumn& target : select->targets) CROSSFADE_CHECK(settle(target.expression));  // '7' is a text in a SELECT
  const bool parts = std::ranges::any_of(assignment.columns, [](const TargetColumn& name) { return !name.steps.empty(); });
  // First: DISTINCT is over what the query gives, not over what the columns make of it. A part is assigned even where there is no row.
  parts ? rules::one_row(*subquery) : rules::single_row(*subquery);
  select = std::get_if<Select>(&subquery->query->body);
  const auto before = [&](const plan::Column& column) { return own_column(table, column, scope); };
  if (parts) CROSSFADE_CHECK(join_parts(assignment.columns, columns, select->targets, before, scope, Clause::set));
  for (std::size_t i = 0; i < columns.size(); ++i) CROSSFADE_CHECK(assign(select->targets[i].expression, *columns[i], table));
  return {};
}

Result<Output> Binder::bind_returning(std::vector<ResultColumn>& targets, const Changing& changing, Scope& scope) {
  if (targets.empty()) return Output{};
  const OwnReads reads(*this);
  CROSSFADE_TRY(Output output, bind_targets(targets, scope, Clause::returning, Place::top));
  if (reads.of(changing))
    return unsupported("RETURNING a subquery that reads the changed table \"" + changing.table.name + "\"", targets.front().expression.position,
                       "Read it before the change, in the same transaction.");
  if (!returns_others(targets, scope)) unqualify(targets);
  return output;
}

/// WHERE CURRENT OF c is the row's number being what the session says that the cursor stands on.
Result<void> Binder::bind_changed_rows(Expression& where, const plan::Table& table, const std::string& printed, Scope& scope) {
  const auto* current = std::get_if<CurrentOf>(&where.node);
  if (!current) {
    CROSSFADE_CHECK(bind(where, scope, Clause::where));
    return require_boolean(where, "WHERE");
  }
  if (!rules::has_row_number(table)) return unsupported("WHERE CURRENT OF on a table without row numbers", where.position, "Name the row by its key.");
  RawCall asked{"crossfade_current_of", {text_argument(current->cursor), text_argument(table.name)}};
  const model::Type int8{oid::int8};
  Expression number{std::move(asked), kNowhere, int8, plan::runtime_form(int8)};
  where = is_row(rules::row_number(printed), std::move(number), where.position);
  return {};
}

Result<Output> Binder::bind_update(Update& update) {
  if (update.with) CROSSFADE_CHECK(bind_with(*update.with, nullptr));
  RelationName& name = update.relation.relation;
  CROSSFADE_TRY(const plan::Table* table, find_table(name));
  const std::string alias = update.relation.alias.name.empty() ? table->name : update.relation.alias.name;
  const std::string printed = unique_printed(table->view ? kBelow : alias);
  update.relation.alias = {printed, {}};
  Scope scope;
  std::optional<ChangedView> through;
  if (table->view) {
    if (update.where && std::holds_alternative<CurrentOf>(update.where->node)) return current_of_view();
    CROSSFADE_TRY(through, changed_view(*table, Change::update, alias, printed));
    CROSSFADE_CHECK(name_below(*through, Change::update, update.assignments));
    table = through->table;
    print_relation(name, *table, *context_.schema);
  }
  const RelationPointer target = through ? through->relation : relation_of(*table, alias, printed);
  scope.relations.push_back(target);
  scope.visible = target->columns;
  CROSSFADE_CHECK(bind_from(update.from, scope));
  if (!update.from.empty()) CROSSFADE_CHECK(check_laterals(update.from, *target));
  {
    const OwnReads reads(*this);
    CROSSFADE_CHECK(bind_assignments(update.assignments, *table, scope));
    if (update.from.empty() && reads.of({*table, Change::update, update.assignments})) update.from.push_back(values_first(unique_printed("first")));
  }
  if (update.where) CROSSFADE_CHECK(bind_changed_rows(*update.where, *table, printed, scope));
  if (through) only_shown(*through, update.where);
  CROSSFADE_TRY(Output output, bind_returning(update.returning, {*table, Change::update, update.assignments}, scope));
  if (!returns_others(update.returning, scope)) return output;
  CROSSFADE_TRY(Expression row, join_first({update.with, update.relation, update.from, update.where, update.assignments, update.returning}, *table, scope));
  update.where = is_row(rules::row_number(printed), std::move(row), name.position);
  unqualify(update.returning);
  return output;
}

Result<Output> Binder::bind_delete(Delete& statement) {
  if (statement.with) CROSSFADE_CHECK(bind_with(*statement.with, nullptr));
  RelationName& name = statement.relation.relation;
  CROSSFADE_TRY(const plan::Table* table, find_table(name));
  const std::string alias = statement.relation.alias.name.empty() ? table->name : statement.relation.alias.name;
  const std::string printed = unique_printed(table->view ? kBelow : alias);
  statement.relation.alias = {printed, {}};
  Scope scope;
  std::optional<ChangedView> through;
  if (table->view) {
    if (statement.where && std::holds_alternative<CurrentOf>(statement.where->node)) return current_of_view();
    CROSSFADE_TRY(through, changed_view(*table, Change::remove, alias, printed));
    table = through->table;
    print_relation(name, *table, *context_.schema);
  }
  const RelationPointer target = through ? through->relation : relation_of(*table, alias, printed);
  scope.relations.push_back(target);
  scope.visible = target->columns;
  CROSSFADE_CHECK(bind_from(statement.using_, scope));
  if (!statement.using_.empty()) CROSSFADE_CHECK(check_laterals(statement.using_, *target));
  if (statement.where) CROSSFADE_CHECK(bind_changed_rows(*statement.where, *table, printed, scope));
  if (through) only_shown(*through, statement.where);
  CROSSFADE_TRY(Output output, bind_returning(statement.returning, {*table, Change::remove}, scope));
  if (returns_others(statement.returning, scope)) {
    CROSSFADE_TRY(Expression row, join_first({statement.with, statement.relation, statement.using_, statement.where, {}, statement.returning}, *table, scope));
    Select rows;
    rows.targets.push_back({std::move(row), {}});
    rows.from = std::exchange(statement.using_, {});
    Query query;
    query.body = std::move(rows);
    Subquery in{.kind = Subquery::Kind::any, .operand = rules::row_number(printed), .operation = "=", .in_syntax = true, .query = std::move(query)};
    const model::Type boolean{oid::boolean};
    statement.where = Expression{std::move(in), name.position, boolean, plan::runtime_form(boolean)};
    unqualify(statement.returning);
    return output;
  }
  CROSSFADE_CHECK(rules::delete_using(statement, *table));
  return output;
}

}  // namespace crossfade::sql
