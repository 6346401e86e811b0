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

namespace {

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

bool same_column(const Expression& left, const Expression& right) {
  const auto* a = std::get_if<ColumnReference>(&left.node);
  const auto* b = std::get_if<ColumnReference>(&right.node);
  return a && b && a->name == b->name && (a->table == b->table || a->table.empty() || b->table.empty());
}

bool listed_in(const Expressions& list, const Expression& wanted) {
  return std::ranges::any_of(list, [&](const Expression& each) { return same_column(each, wanted); });
}

/// One arm of grouping sets: what is grouped by elsewhere is NULL here, and GROUPING(…) is known.
class GroupingArm {
 public:
  GroupingArm(const Expressions& all, const Expressions& set) : all_(all), set_(set) {}

  void apply(Expression& expression) {
    if (auto* call = std::get_if<FunctionCall>(&expression.node)) {
      if (call->over) windows = true;
      if (call->name == "grouping" && call->schema == "pg_catalog") {
        std::uint32_t bits = 0;
        for (const Expression& argument : call->arguments) {
          known = known && listed_in(all_, argument);
          bits = bits << 1U | (listed_in(set_, argument) ? 0U : 1U);
        }
        expression.node = Literal{Literal::Kind::integer, std::to_string(bits)};
        return;
      }
      if (aggregates(*call)) return;
    }
    if (listed_in(all_, expression) && !listed_in(set_, expression)) {
      expression = {FunctionCall{.schema = "pg_catalog", .name = std::string{kLeftOut}, .arguments = {expression}}, expression.position};
      return;
    }
    for_each_child(expression, [&](Expression& child) { apply(child); }, [&](Query&) { queries = true; });
  }

  bool windows = false, queries = false, known = true;

 private:
  const Expressions& all_;
  const Expressions& set_;
};

}  // namespace

/// GROUP BY ROLLUP …: UNION ALL of a query for each set, with ORDER BY's expressions as columns of their own.
Result<void> Binder::expand_grouping_sets(Query& query) {
  Select source = std::move(std::get<Select>(query.body));
  if (source.group_distinct || !source.windows.empty() || source.distinct == Select::Distinct::on) return unsupported("GROUPING SETS in this query", query.position);
  const auto place_of = [&](const Expression& each) -> const Expression* {
    const auto* literal = std::get_if<Literal>(&each.node);
    const std::size_t place = literal && literal->kind == Literal::Kind::integer && literal->text.size() < 6 ? std::stoul(literal->text) : 0;
    return place >= 1 && place <= source.targets.size() ? &source.targets[place - 1].expression : nullptr;
  };
  Expressions all;
  for (Expressions& set : source.grouping_sets) {
    for (Expression& each : set) {
      if (const Expression* target = place_of(each)) each = *target;
      const auto* column = std::get_if<ColumnReference>(&each.node);
      const bool result = column && column->table.empty() && std::ranges::any_of(source.targets, [&](const ResultColumn& target) {
        return target.alias == column->name && !same_column(target.expression, each);
      });
      if (result) return unsupported("GROUPING SETS over the name of a result", each.position, "The name of a column works.");
      if (!column) return unsupported("GROUPING SETS over an expression", query.position, "A column of a subquery works.");
      if (!listed_in(all, each)) all.push_back(each);
    }
  }
  Select outer;
  outer.distinct = source.distinct;
  const std::size_t shown = source.targets.size();
  for (std::size_t i = 0; i < shown; ++i) {
    const ResultColumn& target = source.targets[i];
    if (std::holds_alternative<Star>(target.expression.node)) return unsupported("* beside GROUPING SETS", query.position);
    const bool untyped = std::holds_alternative<Literal>(target.expression.node) || std::holds_alternative<Parameter>(target.expression.node);
    Expression shown_as = untyped ? target.expression : named_column("grouped", numbered("c", i));  // a constant takes its type outside
    outer.targets.push_back({std::move(shown_as), target.alias.empty() ? result_name(target.expression) : target.alias});
  }
  for (OrderItem& item : query.order_by) {
    const auto* name = std::get_if<ColumnReference>(&item.expression.node);
    const bool output = name && name->table.empty() && std::ranges::find(outer.targets, name->name, &ResultColumn::alias) != outer.targets.end();
    if (place_of(item.expression) || output) continue;
    source.targets.push_back({item.expression, {}});
    item.expression = named_column("grouped", numbered("c", source.targets.size() - 1));
  }
  source.targets.push_back({{FunctionCall{.schema = "pg_catalog", .name = "count", .star = true}, kNowhere}, {}});  // an aggregate for the empty set
  std::vector<std::string> names;
  for (std::size_t i = 0; i < source.targets.size(); ++i) names.push_back(numbered("c", i));
  Box<Query> arms;
  std::vector<Expressions> sets = std::move(source.grouping_sets);
  const bool typed = all.empty() || std::ranges::any_of(sets, [&](const Expressions& set) { return std::ranges::all_of(all, [&](const Expression& each) { return listed_in(set, each); }); });
  if (!typed) sets.insert(sets.begin(), all);  // an arm without rows, which gives the columns their types
  else std::ranges::sort(sets, [](const Expressions& a, const Expressions& b) { return a.size() > b.size(); });
  source.grouping_sets.clear();
  source.distinct = Select::Distinct::none;
  for (const Expressions& set : sets) {
    Select arm = source;
    arm.group_by = set;
    if (!typed && &set == sets.data()) arm.where = Expression{Literal{Literal::Kind::boolean, "false"}, kNowhere};
    GroupingArm grouping{all, set};
    for (ResultColumn& target : arm.targets) grouping.apply(target.expression);
    if (arm.having) grouping.apply(*arm.having);
    if (grouping.windows || grouping.queries) return unsupported("a window function or subquery beside GROUPING SETS", query.position);
    if (!grouping.known) return refuse("42803"_state, "arguments to GROUPING must be grouping expressions of the associated query level", query.position);
    Box<Query> made = boxed(std::move(arm));
    if (!arms) {
      arms = std::move(made);
      continue;
    }
    Query both;
    both.body = SetOperation{.all = true, .left = std::move(arms), .right = std::move(made)};
    arms = std::move(both);
  }
  outer.from.push_back(derived(std::move(arms), "grouped", std::move(names)));
  query.body = std::move(outer);
  return {};
}

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
    const bool as_given = plain && plain->distinct != Select::Distinct::all && source->order_by.empty();
    for (std::size_t i = 0; i < names.size(); ++i) {
      const std::string& name = names[i];
      Expression* given = as_given && i < plain->targets.size() ? &plain->targets[i].expression : nullptr;
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
