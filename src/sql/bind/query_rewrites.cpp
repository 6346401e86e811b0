#include <algorithm>
#include <utility>

#include "bind/binder.hpp"
#include "bind/query_rewrites.hpp"
#include "bind/walk.hpp"

namespace crossfade::sql {

using namespace model::literals;

bool aggregates(const FunctionCall& call) {
  if (call.within_group || call.filter || call.distinct || !call.order_by.empty() || call.star) return true;
  if (call.name == "array_agg" || call.name.ends_with("_agg")) return true;
  return std::ranges::any_of(aggregate_rules(), [&](const AggregateRule& rule) { return rule.name == call.name; });
}

Expression named_column(std::string table, std::string column) { return {ColumnReference{{}, std::move(table), std::move(column)}, kNowhere}; }

Expression plain_call(std::string function, Expressions arguments) {
  return {FunctionCall{.schema = "pg_catalog", .name = std::move(function), .arguments = std::move(arguments)}, kNowhere};
}

std::string numbered(const char* letter, std::size_t index) { return letter + std::to_string(index + 1); }

Box<Query> boxed(Select select) {
  Query query;
  query.body = std::move(select);
  return query;
}

FromItem derived(Box<Query> query, std::string alias, std::vector<std::string> columns) {
  return {SubqueryReference{std::move(query), {std::move(alias), std::move(columns)}, false}, kNowhere};
}

namespace {

/// ORDER BY or DISTINCT ON says this result by its place or name.
bool sorted_by(const Query& query, const Select& select, std::size_t target) {
  const auto says = [&](const Expression& key) {
    const auto* place = std::get_if<Literal>(&key.node);
    const auto* name = std::get_if<ColumnReference>(&key.node);
    return (place && place->text == std::to_string(target + 1)) || (name && name->table.empty() && name->name == select.targets[target].alias);
  };
  return std::ranges::any_of(query.order_by, says, &OrderItem::expression) || std::ranges::any_of(select.distinct_on, says);
}

}  // namespace

/// INTERSECT ALL and EXCEPT ALL: each row's number among its equals is one more column.
Result<void> Binder::expand_all_operation(Query& query) {
  SetOperation operation = std::move(std::get<SetOperation>(query.body));
  const Query* first = operation.left.get();
  while (const auto* nested = std::get_if<SetOperation>(&first->body)) first = nested->left.get();
  const auto* select = std::get_if<Select>(&first->body);
  const auto* values = std::get_if<Values>(&first->body);
  if (select && has_star(*select)) return unsupported("INTERSECT ALL and EXCEPT ALL of *", query.position, "Name the columns.");
  const std::size_t width = select ? select->targets.size() : values->rows.front().size();
  Select outer;
  std::vector<std::string> names;
  for (std::size_t i = 0; i < width; ++i) {
    const std::string name = numbered("c", i);
    names.push_back(name);
    std::string shown = numbered("column", i);
    if (select) shown = select->targets[i].alias.empty() ? result_name(select->targets[i].expression) : select->targets[i].alias;
    outer.targets.push_back({named_column("counted", name), std::move(shown)});
  }
  const auto arm = [&](Box<Query> source) {
    Select counted;
    Window window;
    auto* plain = std::get_if<Select>(&source->body);
    const bool as_given = plain && plain->distinct != Select::Distinct::all;
    for (std::size_t i = 0; i < names.size(); ++i) {
      const std::string& name = names[i];
      Expression* given = as_given && i < plain->targets.size() && !sorted_by(*source, *plain, i) ? &plain->targets[i].expression : nullptr;
      const bool untyped = given && (std::holds_alternative<Literal>(given->node) || std::holds_alternative<Parameter>(given->node));
      if (untyped) {  // a constant takes its type from the other arm; here it is the same in each row
        counted.targets.push_back({std::exchange(*given, Expression{Literal{Literal::Kind::integer, "0"}, kNowhere}), {}});
      } else {
        counted.targets.push_back({named_column("arm", name), {}});
      }
      window.partition_by.push_back(named_column("arm", name));
    }
    FunctionCall number{.schema = "pg_catalog", .name = "row_number"};
    number.over = std::move(window);
    counted.targets.push_back({{std::move(number), kNowhere}, "r"});
    counted.from.push_back(derived(std::move(source), "arm", names));
    return boxed(std::move(counted));
  };
  Query both;
  both.body = SetOperation{.kind = operation.kind, .left = arm(std::move(operation.left)), .right = arm(std::move(operation.right))};
  std::vector<std::string> inner = names;
  inner.push_back("r");
  outer.from.push_back(derived(std::move(both), "counted", std::move(inner)));
  query.body = std::move(outer);
  return {};
}

void values_as_selects(Query& query) {
  auto* values = std::get_if<Values>(&query.body);
  constexpr std::size_t kMost = 400;  // SQLite takes 500 arms
  if (!values || values->rows.size() > kMost) return;
  const std::size_t width = values->rows.front().size();
  if (std::ranges::any_of(values->rows, [&](const Expressions& row) { return row.size() != width; })) return;
  Box<Query> all;
  for (Expressions& row : values->rows) {
    Select arm;
    for (std::size_t i = 0; i < row.size(); ++i) arm.targets.push_back({std::move(row[i]), numbered("column", i)});
    Box<Query> made = boxed(std::move(arm));
    if (!all) {
      all = std::move(made);
      continue;
    }
    Query both;
    both.body = SetOperation{.all = true, .left = std::move(all), .right = std::move(made)};
    all = std::move(both);
  }
  auto body = std::move(all->body);
  query.body = std::move(body);
}

/// x < ALL (q): whether it is so for every row, NULL when only NULLs keep that from being known.
void Binder::expand_comparison(Expression& expression) {
  Subquery node = std::move(std::get<Subquery>(expression.node));
  const bool all = node.kind == Subquery::Kind::all;
  Select tested;
  tested.targets.push_back({{Operation{{}, node.operation, std::move(node.operand), named_column("crossfade_of", "crossfade_each")}, expression.position}, {}});
  tested.from.push_back(derived(std::move(node.query), "crossfade_of", {"crossfade_each"}));
  const auto test = [] { return named_column("crossfade_tests", "crossfade_test"); };
  const auto boolean = [](const char* text) { return Expression{Literal{Literal::Kind::boolean, text}, kNowhere}; };
  Expression decided = plain_call(all ? "bool_and" : "bool_or", {test()});
  if (all) decided = {Not{std::move(decided)}, kNowhere};
  Case result;
  result.whens.push_back({std::move(decided), boolean(all ? "false" : "true")});
  FunctionCall rows{.schema = "pg_catalog", .name = "count", .star = true};
  Expression unknown{Operation{{}, "<>", Expression{std::move(rows), kNowhere}, plain_call("count", {test()})}, kNowhere};
  result.whens.push_back({std::move(unknown), Expression{Literal{}, kNowhere}});
  result.otherwise = boolean(all ? "true" : "false");
  Select outer;
  outer.targets.push_back({{std::move(result), kNowhere}, {}});
  outer.from.push_back(derived(boxed(std::move(tested)), "crossfade_tests", {"crossfade_test"}));
  expression.node = Subquery{.kind = Subquery::Kind::scalar, .query = boxed(std::move(outer))};
}

}  // namespace crossfade::sql
