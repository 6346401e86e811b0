#include <algorithm>
#include <utility>

#include "bind/binder.hpp"
#include "bind/query_rewrites.hpp"

namespace crossfade::sql {

using namespace model::literals;
namespace oid = model::oid;

namespace {

const plan::Column* source_column(const Expression& expression) {
  const auto* reference = std::get_if<ColumnReference>(&expression.node);
  return reference ? reference->column : nullptr;
}

OutputItem item_of(std::string name, const Expression& expression) {
  OutputItem item{std::move(name), expression.type, expression.form, source_column(expression), {}, {}};
  return item;
}

}  // namespace

/// `*` and `t.*` as the columns they stand for, each with the name it goes by.
Result<std::vector<ResultColumn>> Binder::expand_targets(const ResultColumn& target, const Scope& scope) {
  const Position position = target.expression.position;
  CROSSFADE_TRY(std::vector<Visible> columns, expand_star(scope, std::get<Star>(target.expression.node), position));
  std::vector<ResultColumn> expanded;
  for (Visible& column : columns) {
    column.expression.position = position;
    expanded.push_back({std::move(column.expression), std::move(column.name)});
  }
  return expanded;
}

Result<Output> Binder::bind_targets(std::vector<ResultColumn>& targets, Scope& scope, Clause clause, Place place) {
  Output output;
  std::vector<ResultColumn> expanded;
  for (ResultColumn& target : targets) {
    spread_row(target.expression, scope);
    if (std::holds_alternative<Star>(target.expression.node)) {
      CROSSFADE_TRY(std::vector<ResultColumn> columns, expand_targets(target, scope));
      std::ranges::move(columns, std::back_inserter(expanded));
      continue;
    }
    if (target.alias.empty()) target.alias = result_name(target.expression);
    if (place == Place::top) spell_row(target.expression, scope);
    CROSSFADE_CHECK(bind(target.expression, scope, clause));
    if (std::holds_alternative<RowConstructor>(target.expression.node)) {
      if (place != Place::top) return unsupported("a row as a value", target.expression.position);
      CROSSFADE_CHECK(as_record(target.expression, scope));
    }
    expanded.push_back(std::move(target));
  }
  targets = std::move(expanded);
  for (ResultColumn& target : targets) {
    if (place != Place::row_source) {
      CROSSFADE_CHECK(settle(target.expression));
    }
    output.push_back(item_of(std::exchange(target.alias, {}), target.expression));
  }
  return output;
}

Result<Output> Binder::bind_select(Query& query, Select& select, Scope& scope, Place place) {
  bool aggregated = false;
  scope.aggregated = &aggregated;
  scope.windows = &select.windows;
  read_from_catalog_function(select);
  CROSSFADE_TRY(std::size_t unnested, expand_array_targets(select, place));
  if (unnested == 0) {
    CROSSFADE_TRY(unnested, unnest_targets(select));
  }
  CROSSFADE_CHECK(bind_from(select.from, scope));
  scope.visible.resize(scope.visible.size() - unnested);  // * does not mean them
  for (Window& window : select.windows) {
    const bool twice = std::ranges::count(select.windows, window.name, &Window::name) > 1;
    if (twice) return refuse("42P20"_state, "window \"" + window.name + "\" is already defined", window.position);
    CROSSFADE_CHECK(bind_window_parts(window, scope));
  }
  CROSSFADE_TRY(Output output, bind_targets(select.targets, scope, Clause::select, place));
  for (std::size_t i = 0; i < select.targets.size(); ++i) {  // of the outermost SELECT, or of an arm of it
    if (select.targets[i].open) open_columns_.push_back(i);
  }
  if (select.where) {
    CROSSFADE_CHECK(bind(*select.where, scope, Clause::where));
    CROSSFADE_CHECK(require_boolean(*select.where, "WHERE"));
  }
  CROSSFADE_CHECK(bind_group(select, scope, output));
  if (select.having) {
    CROSSFADE_CHECK(bind(*select.having, scope, Clause::having));
    CROSSFADE_CHECK(require_boolean(*select.having, "HAVING"));
  }
  CROSSFADE_CHECK(bind_order(query.order_by, select, scope, output));
  if (!query.locks.empty() && aggregated) return check_locked(query, "aggregate functions");
  if (!query.locks.empty() && unnested > 0) return check_locked(query, "set-returning functions in the target list");
  const auto windowed = [](const ResultColumn& each) { return calls_window(each.expression); };
  if (unnested > 0 && std::ranges::any_of(select.targets, windowed)) {
    return unsupported("a set-returning function beside a window function", query.position, "SELECT …, generate_series(…) FROM (SELECT … OVER (…) …) AS x works.");
  }
  if (unnested > 0 && aggregated) return unsupported("a set-returning function beside an aggregate", query.position, "SELECT … FROM (SELECT unnest(…) …) AS x works.");
  if (aggregated || !select.group_by.empty() || select.having) {
    CROSSFADE_CHECK(check_grouping(query, select, scope));
  }
  if (select.distinct == Select::Distinct::on || query.with_ties) {
    for (ResultColumn& target : select.targets) {
      if (place != Place::row_source) CROSSFADE_CHECK(settle(target.expression));
    }
    for (std::size_t i = 0; i < output.size(); ++i) {
      output[i].type = select.targets[i].expression.type;
      output[i].form = select.targets[i].expression.form;
    }
    if (query.with_ties && select.distinct != Select::Distinct::none) return unsupported("FETCH … WITH TIES beside DISTINCT", query.position);
    for (Expression& expression : select.group_by) CROSSFADE_CHECK(comparable(expression, Need::equality));
    return query.with_ties ? with_ties(query, select, scope, std::move(output)) : distinct_on(query, select, scope, std::move(output));
  }
  CROSSFADE_CHECK(bind_distinct(query, select));
  for (Expression& expression : select.group_by) {
    CROSSFADE_TRY(const bool kept, keep_inside(expression, select, scope, Need::equality));
    if (!kept) CROSSFADE_CHECK(comparable(expression, Need::equality));
  }
  for (OrderItem& item : query.order_by) CROSSFADE_CHECK(finish_order_item(item, select, scope));
  for (std::size_t i = 0; i < output.size(); ++i) {
    output[i].type = select.targets[i].expression.type;
    output[i].form = select.targets[i].expression.form;
  }
  if (select.having && select.group_by.empty()) CROSSFADE_CHECK(aggregate_alone(select));
  return output;
}

/// HAVING without GROUP BY makes one group of all rows, which SQLite does only where a result is an aggregate. What has no type yet is still
/// to be given one, as it is written.
Result<void> Binder::aggregate_alone(Select& select) {
  if (select.targets.empty() || std::ranges::any_of(select.targets, [](const ResultColumn& each) { return holds_aggregate_or_window(each.expression); })) return {};
  const auto typed = std::ranges::find_if(select.targets, [](const ResultColumn& each) { return each.expression.type.oid != oid::unknown; });
  if (typed == select.targets.end())
    return unsupported("HAVING without GROUP BY beside constants without a type", select.targets.front().expression.position, "Write a cast: 'x'::text.");
  Expression& alone = typed->expression;
  Expression counted{Template{"CASE WHEN count(*) >= 0 THEN $1 END", {alone}}, alone.position, alone.type, alone.form};
  alone = std::move(counted);
  return {};
}

Result<Output> Binder::bind_values(Values& values, Scope& scope, Place place) {
  const std::size_t width = values.rows.front().size();
  for (Expressions& row : values.rows) {
    if (row.size() != width) return refuse("42601"_state, "VALUES lists must all be the same length", row.front().position);
    CROSSFADE_CHECK(bind_all(row, scope, Clause::values));
    for (const Expression& field : row) {
      if (std::holds_alternative<RowConstructor>(field.node)) return unsupported("a row as a value", field.position);
    }
  }
  Output output;
  for (std::size_t column = 0; column < width; ++column) {
    std::vector<Expression*> all;
    for (Expressions& row : values.rows) all.push_back(&row[column]);
    std::optional<model::Type> common;
    if (place != Place::row_source) {
      CROSSFADE_TRY(const model::Type type, common_type(all, "VALUES"));
      common = type;
      for (Expression* expression : all) {
        CROSSFADE_CHECK(coerce(*expression, type, CastContext::implicit));
        to_runtime(*expression);
      }
    }
    output.push_back(item_of("column" + std::to_string(column + 1), *all.front()));
    if (common) output.back().type = *common;
    output.back().printed = output.back().name;
  }
  return output;
}

/// Unique names in the target's text, for those who refer to the result from outside.
void Binder::name_output(Query& query, Output& output) {
  std::set<std::string> taken;
  std::map<std::string, int> last;  // suffix of a name: the ones before are taken
  for (OutputItem& item : output) {
    std::string base = item.name == "?column?" ? "column" : item.name;
    item.printed = base;
    int& suffix = last[base];
    while (!taken.insert(plan::fold(item.printed)).second) item.printed = plan::object_name(base, {}, std::to_string(++suffix));
  }
  Query* first = &query;
  while (auto* operation = std::get_if<SetOperation>(&first->body)) first = operation->left.get();
  if (auto* select = std::get_if<Select>(&first->body)) {
    for (std::size_t i = 0; i < output.size(); ++i) select->targets[i].alias = output[i].printed;
  } else {
    for (std::size_t i = 0; i < output.size(); ++i) output[i].printed = "column" + std::to_string(i + 1);
  }
}

Result<Binder::QueryShape> Binder::bind_query(Query& query, const Scope* outer, Place place) {
  const std::size_t common = common_.size();
  CROSSFADE_CHECK(spread_locks(query));
  const auto* operation = std::get_if<SetOperation>(&query.body);
  if (operation && operation->all && operation->kind != SetOperation::Kind::union_) CROSSFADE_CHECK(expand_all_operation(query));
  if (query.with) {
    const bool top = std::exchange(top_with_, top_with_ && place == Place::top);
    CROSSFADE_CHECK(bind_with(*query.with, outer));
    top_with_ = top;
  }
  if (auto* grouped = std::get_if<Select>(&query.body); grouped && !grouped->group_by.empty() && asks_grouping(query, *grouped)) {
    grouped->grouping_sets.push_back(std::exchange(grouped->group_by, {}));
  }
  if (const auto* grouped = std::get_if<Select>(&query.body); grouped && !grouped->grouping_sets.empty()) CROSSFADE_CHECK(expand_grouping_sets(query, outer));
  if (query.with_ties && !std::holds_alternative<Select>(query.body)) return unsupported("FETCH … WITH TIES of a set operation", query.position);
  QueryShape shape;
  Scope scope{.outer = outer};
  if (auto* select = std::get_if<Select>(&query.body)) {
    CROSSFADE_TRY(shape.output, bind_select(query, *select, scope, place));
    if (std::get_if<Select>(&query.body) == select) shape.ordered_totally = ordered_by_key(query, *select, scope);
  } else if (auto* values = std::get_if<Values>(&query.body)) {
    CROSSFADE_TRY(shape.output, bind_values(*values, scope, place));
    CROSSFADE_CHECK(bind_order_of_output(query.order_by, shape.output));
  } else {
    CROSSFADE_TRY(shape.output, bind_set_operation(query, std::get<SetOperation>(query.body), outer, place));
    CROSSFADE_CHECK(bind_order_of_output(query.order_by, shape.output));
  }
  shape.ordered = !query.order_by.empty();
  for (const OrderItem& item : query.order_by) {
    if (!item.place) break;
    shape.order_columns.push_back(*item.place);
  }
  shape.outer_join = scope.outer_join;
  CROSSFADE_CHECK(bind_limits(query, outer));
  for (const Locking& lock : query.locks) {
    if (lock.wait == Locking::Wait::nowait && place != Place::top)  // fails_when_locked() sees the statement's own only
      return unsupported("FOR UPDATE NOWAIT in a subquery", query.position, "Give the statement itself the clause.");
    locks_ = true;
  }
  query.locks.clear();
  constexpr std::size_t kMostColumns = 1664;
  if (shape.output.size() > kMostColumns)
    return refuse("54011"_state, "target lists can have at most " + std::to_string(kMostColumns) + " entries", kNowhere);
  if (place == Place::subquery) name_output(query, shape.output);
  common_.resize(common);
  return shape;
}

Result<void> Binder::bind_limits(Query& query, const Scope* outer) {
  struct Part { Box<Expression>* box; Clause clause; };
  for (const Part& part : {Part{&query.limit, Clause::limit}, Part{&query.offset, Clause::offset}}) {
    if (!*part.box) continue;
    Expression& expression = **part.box;
    Scope none{.outer = outer};
    CROSSFADE_CHECK(bind(expression, none, part.clause));
    const std::string name{clause_name(part.clause)};
    if (expression.type.oid != oid::unknown && !implicitly_castable(expression.type.oid, oid::int8) && !find_cast(expression.type.oid, oid::int8, CastContext::assignment)) {
      return refuse("42804"_state, "argument of " + name + " must be type bigint, not type " + std::string{type_name(expression.type.oid)}, expression.position);
    }
    CROSSFADE_CHECK(coerce(expression, {oid::int8}, CastContext::assignment));
    to_runtime(expression);
    const auto* known = std::get_if<Constant>(&expression.node);
    const auto* count = known ? std::get_if<std::int64_t>(&known->value) : nullptr;
    if (!count || *count < 0) expression.node = RawCall{"crossfade_limit", {Expression{expression}, text_argument(name)}};
  }
  if (query.offset && !query.limit) query.limit = constant(std::int64_t{-1}, {oid::int8});
  return {};
}

Result<void> Binder::bind_distinct(Query& query, Select& select) {
  if (select.distinct == Select::Distinct::none) return {};
  std::vector<std::string> selected;
  for (ResultColumn& target : select.targets) selected.push_back(typed_signature(target.expression));
  for (const OrderItem& item : query.order_by) {
    if (std::ranges::find(selected, typed_signature(item.expression)) == selected.end()) {
      return refuse("42P10"_state, "for SELECT DISTINCT, ORDER BY expressions must appear in select list", item.expression.position);
    }
  }
  for (ResultColumn& target : select.targets) CROSSFADE_CHECK(comparable(target.expression, Need::equality));
  return {};
}

}  // namespace crossfade::sql
