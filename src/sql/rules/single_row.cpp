#include "rules/rules.hpp"

namespace crossfade::sql::rules {

const Rule kSingleRow{"single_row", "SELECT (SELECT n FROM t)", "SELECT (SELECT crossfade_only_row(s.n) AS n FROM (SELECT t.n AS n FROM t AS t) AS s)"};

namespace {

/// At most one row by its form: no FROM, an aggregate without GROUP BY, LIMIT 1.
bool single(const Query& query) {
  if (query.limit) {
    const auto* limit = std::get_if<Constant>(&query.limit->node);
    const auto* count = limit ? std::get_if<std::int64_t>(&limit->value) : nullptr;
    if (count && (*count == 0 || *count == 1)) return true;
  }
  const auto* select = std::get_if<Select>(&query.body);
  if (!select) return false;
  if (select->from.empty()) return true;
  const auto* call = select->targets.size() == 1 ? std::get_if<FunctionCall>(&select->targets.front().expression.node) : nullptr;
  return call && !call->over && select->group_by.empty();
}

}  // namespace

void single_row(Subquery& subquery, const OutputItem& column) {
  if (single(*subquery.query)) return;
  Query inner = std::move(*subquery.query);
  FunctionCall only{.name = "crossfade_only_row"};
  only.arguments.push_back({ColumnReference{{}, "s", column.name, "s", column.printed, nullptr}, kNowhere, column.type, column.form});
  Select outer;
  outer.targets.push_back({Expression{std::move(only), inner.position, column.type, column.form}, column.printed});
  outer.from.push_back({SubqueryReference{std::move(inner), {"s", {}}, false}, kNowhere});
  Query query;
  query.body = std::move(outer);
  subquery.query = std::move(query);
}

void single_row(Subquery& subquery) {
  if (!single(*subquery.query)) one_row(subquery);
}

void one_row(Subquery& subquery) {
  Query inner = std::move(*subquery.query);
  Select outer;
  auto& targets = std::get<Select>(inner.body).targets;
  for (std::size_t i = 0; i < targets.size(); ++i) {
    const std::string name = "c" + std::to_string(i + 1);
    const Expression& value = targets[i].expression;
    targets[i].alias = name;
    FunctionCall only{.name = "crossfade_only_row"};
    only.arguments.push_back({ColumnReference{{}, "s", name, "s", name, nullptr}, kNowhere, value.type, value.form});
    outer.targets.push_back({Expression{std::move(only), inner.position, value.type, value.form}, name});
  }
  outer.from.push_back({SubqueryReference{std::move(inner), {"s", {}}, false}, kNowhere});
  Query query;
  query.body = std::move(outer);
  subquery.query = std::move(query);
}

}  // namespace crossfade::sql::rules
