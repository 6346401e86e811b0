#include <algorithm>
#include <utility>

#include "bind/binder.hpp"

namespace crossfade::sql {

using namespace model::literals;
namespace oid = model::oid;

/// SELECT … FROM (the query with `rank` as one more column) WHERE `test`: which rows stay is told by a window function. Both are printed
/// with the rank as $1 and `arguments` behind it. ORDER BY moves out, by columns of its own.
Result<Output> Binder::rank_rows(Query& query, Select& select, Scope& scope, Output output, FunctionCall rank, Expressions more, std::string_view test, Expressions arguments) {
  const std::string printed = unique_printed("ranked");
  const model::Type int8{oid::int8};
  Select outer;
  const auto reference = [&](const std::string& name, model::Type type, const plan::StoredForm& form, const plan::Column* column) {
    return Expression{ColumnReference{{}, printed, name, printed, name, column}, kNowhere, type, form};
  };
  for (std::size_t i = 0; i < output.size(); ++i) {
    const std::string name = "c" + std::to_string(i + 1);
    select.targets[i].alias = name;
    if (output[i].type.oid == oid::unknown) {  // a constant of a set operation's arm or an INSERT's source: its type is found there
      outer.targets.push_back({std::exchange(select.targets[i].expression, constant(std::int64_t{0}, {oid::int4})), {}});
      continue;
    }
    outer.targets.push_back({reference(name, output[i].type, output[i].form, output[i].column), {}});
  }
  std::vector<OrderItem> order = std::move(query.order_by);
  query.order_by.clear();
  for (std::size_t i = 0; i < order.size(); ++i) {
    const std::string name = "o" + std::to_string(i + 1);
    Expression key = std::move(order[i].expression);
    CROSSFADE_CHECK(settle(key));
    order[i].expression = reference(name, key.type, key.form, nullptr);
    select.targets.push_back({std::move(key), name});
    CROSSFADE_CHECK(finish_order_item(order[i], scope));
  }
  Template condition{std::string{test}, {}};
  const auto add_rank = [&](FunctionCall call, const std::string& name) {
    select.targets.push_back({Expression{std::move(call), kNowhere, int8, plan::runtime_form(int8)}, name});
    condition.arguments.push_back(reference(name, int8, plan::runtime_form(int8), nullptr));
  };
  add_rank(std::move(rank), "r1");
  for (std::size_t i = 0; i < more.size(); ++i) add_rank(std::get<FunctionCall>(std::move(more[i].node)), "r" + std::to_string(i + 2));
  std::ranges::move(arguments, std::back_inserter(condition.arguments));
  select.distinct = Select::Distinct::none;
  select.distinct_on.clear();
  Query inner;
  inner.body = std::move(select);
  inner.position = query.position;
  outer.from.push_back({SubqueryReference{std::move(inner), {printed, {}}, false}, kNowhere});
  const model::Type boolean{oid::boolean};
  outer.where = Expression{std::move(condition), kNowhere, boolean, plan::runtime_form(boolean)};
  query.body = std::move(outer);
  query.order_by = std::move(order);
  return output;
}

/// DISTINCT ON (k): the first row of each group in ORDER BY's order.
Result<Output> Binder::distinct_on(Query& query, Select& select, Scope& scope, Output output) {
  std::vector<OrderItem> keys;
  for (Expression& key : select.distinct_on) keys.push_back({.expression = std::move(key)});
  CROSSFADE_CHECK(bind_order(keys, select, scope, output));
  std::vector<std::string> wanted;
  for (OrderItem& key : keys) {
    CROSSFADE_CHECK(settle(key.expression));
    wanted.push_back(typed_signature(key.expression));
  }
  std::set<std::string> met;
  for (const OrderItem& item : query.order_by) {
    const std::string own = typed_signature(item.expression);
    if (std::ranges::find(wanted, own) != wanted.end()) met.insert(own);
    else if (met.size() < std::set<std::string>{wanted.begin(), wanted.end()}.size()) {
      return refuse("42P10"_state, "SELECT DISTINCT ON expressions must match initial ORDER BY expressions", keys.front().expression.position);
    }
  }
  Window window;
  for (OrderItem& key : keys) {
    CROSSFADE_CHECK(comparable(key.expression, Need::equality));
    window.partition_by.push_back(std::move(key.expression));
  }
  for (OrderItem item : query.order_by) {
    CROSSFADE_CHECK(finish_order_item(item, scope));
    window.order_by.push_back(std::move(item));
  }
  FunctionCall rank{.name = "row_number"};
  rank.over = std::move(window);
  return rank_rows(query, select, scope, std::move(output), std::move(rank), {}, "$1 = 1", {});
}

/// FETCH FIRST n ROWS WITH TIES: also those that ORDER BY cannot tell from the last one.
Result<Output> Binder::with_ties(Query& query, Select& select, Scope& scope, Output output) {
  if (query.order_by.empty()) return refuse("42601"_state, "WITH TIES cannot be specified without ORDER BY clause", kNowhere);
  query.with_ties = false;
  CROSSFADE_CHECK(bind_limits(query, scope.outer));
  Window window;
  for (OrderItem item : query.order_by) {
    CROSSFADE_CHECK(finish_order_item(item, scope));
    window.order_by.push_back(std::move(item));
  }
  FunctionCall place{.name = "row_number"}, rank{.name = "rank"};
  place.over = window;
  rank.over = std::move(window);
  Expressions arguments;
  arguments.push_back(query.offset ? *query.offset : constant(std::int64_t{0}, {oid::int8}));
  arguments.push_back(query.limit ? *query.limit : constant(std::int64_t{-1}, {oid::int8}));
  query.limit = {};
  query.offset = {};
  Expressions more;
  more.push_back({std::move(rank)});
  return rank_rows(query, select, scope, std::move(output), std::move(place), std::move(more), "$1 > $3 AND ($4 < 0 OR $2 <= $3 + $4)", std::move(arguments));
}

}  // namespace crossfade::sql
