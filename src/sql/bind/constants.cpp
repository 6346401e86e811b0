#include <algorithm>
#include <array>

#include "bind/binder.hpp"
#include "bind/walk.hpp"
#include "print/print.hpp"

namespace crossfade::sql {

namespace oid = model::oid;

namespace {

/// Their functions and casts among each other do not depend on the session's settings.
constexpr std::array kPlainTypes{oid::boolean, oid::int2, oid::int4, oid::int8, oid::float4, oid::float8, oid::numeric,
                                 oid::text,    oid::varchar, oid::bpchar, oid::uuid, oid::bytea};
/// Their texts do, but functions and operators that do say so (Template::unstable).
constexpr std::array kMomentTypes{oid::date, oid::time, oid::timestamp, oid::timestamptz, oid::interval};
constexpr std::array<std::string_view, 4> kFoldedCalls{"coalesce", "crossfade_cast", "crossfade_cast_bounded", "crossfade_assign"};
constexpr std::size_t kMostFolded = 64;  // of one statement: a bulk INSERT is not computed twice

struct MayFold {
  bool operator()(const Template& node) const { return !node.unstable; }
  bool operator()(const RawCall& node) const { return std::ranges::find(kFoldedCalls, node.name) != kFoldedCalls.end(); }
  template <class N>
  bool operator()(const N&) const {
    return std::is_same_v<N, Constant> || std::is_same_v<N, Operation> || std::is_same_v<N, Logical> || std::is_same_v<N, Not> ||
           std::is_same_v<N, Case> || std::is_same_v<N, NativeCast> || std::is_same_v<N, IsTest> ||
           std::is_same_v<N, IsDistinct>;
  }
};

/// Nothing in it depends on a row, a parameter, the moment or the session.
bool is_fixed(const Expression& expression) {
  const auto is_among = [](const auto& types, model::Oid type) { return std::ranges::find(types, type) != types.end(); };
  const bool by_text = std::holds_alternative<RawCall>(expression.node) || std::holds_alternative<NativeCast>(expression.node);
  const auto takes = [&](model::Oid type) { return is_among(kPlainTypes, type) || (!by_text && is_among(kMomentTypes, type)); };
  bool fixed = takes(expression.type.oid) && std::visit(MayFold{}, expression.node);
  for_each_child(expression, [&](const Expression& child) { fixed = fixed && takes(child.type.oid) && is_fixed(child); },
                 [&](const Query&) { fixed = false; });
  return fixed;
}

/// 'f'::regproc and its kin, which PostgreSQL looks up when it reads the statement. What regclass names, the binder knows.
bool names_object(const Expression& expression) {
  const auto* text = std::get_if<Template>(&expression.node);
  if (!text || !text->text.starts_with("crossfade_reg_in(") || expression.type.oid == oid::regclass) return false;
  return text->arguments.size() == 1 && std::holds_alternative<Constant>(text->arguments.front().node);
}

bool may_fail(const Expression& expression) {
  bool found = std::holds_alternative<Template>(expression.node) || std::holds_alternative<RawCall>(expression.node);
  for_each_child(expression, [&](const Expression& child) { found = found || may_fail(child); }, [](const Query&) {});
  return found;
}

/// What PostgreSQL's planner computes of a bound statement, and may fail at. Where it would leave a part out that is never reached
/// (behind a constant condition, in an EXISTS, in a derived table that may not be read), so does this: too little is found there,
/// and then the error comes while the statement runs.
class FixedParts {
 public:
  void statement(const Statement& statement) {
    std::visit([this](const auto& node) {
      using N = std::remove_cvref_t<decltype(node)>;
      if constexpr (std::is_same_v<N, Query>) query(node);
      if constexpr (std::is_same_v<N, Insert>) insert(node);
      if constexpr (std::is_same_v<N, Update>) {
        assignments(node.assignments);
        change(node, node.from);
      }
      if constexpr (std::is_same_v<N, Delete>) change(node, node.using_);
    }, statement.node);
  }
  std::vector<const Expression*> found;

 private:
  /// true: a constant, which decides about what stands behind it.
  bool expression(const Expression& each) {
    if (names_object(each) && found.size() < kMostFolded) {
      found.push_back(&each);
      return false;
    }
    if (is_fixed(each)) {
      if (may_fail(each) && found.size() < kMostFolded) found.push_back(&each);
      return true;
    }
    if (const auto* logical = std::get_if<Logical>(&each.node)) return until_fixed(logical->arguments);
    if (const auto* call = std::get_if<RawCall>(&each.node); call && call->name == "coalesce") return until_fixed(call->arguments);
    if (const auto* chosen = std::get_if<Case>(&each.node)) return choose(*chosen);
    const auto* subquery = std::get_if<Subquery>(&each.node);
    const bool exists = subquery && subquery->kind == Subquery::Kind::exists;
    for_each_child(each, [this](const Expression& child) { expression(child); }, [&](const Query& inner) { if (!exists) query(inner); });
    return false;
  }
  bool until_fixed(const Expressions& list) {
    for (const Expression& each : list)
      if (expression(each)) break;
    return false;
  }
  bool choose(const Case& node) {
    if (node.operand) expression(*node.operand);
    for (const When& when : node.whens) {
      if (expression(*when.condition)) return false;
      expression(*when.result);
    }
    if (node.otherwise) expression(*node.otherwise);
    return false;
  }
  void limit(const Box<Expression>& box) {
    if (!box) return;
    const auto* call = std::get_if<RawCall>(&box->node);  // crossfade_limit: whether it is negative is seen when it runs
    if (call) expression(call->arguments.front());
  }
  void query(const Query& query) {
    if (const auto* operation = std::get_if<SetOperation>(&query.body)) {
      this->query(*operation->left);
      this->query(*operation->right);
    } else if (const auto* values = std::get_if<Values>(&query.body)) {
      for (const Expressions& row : values->rows) all(row);
    } else {
      select(std::get<Select>(query.body));
    }
    for (const OrderItem& item : query.order_by) expression(item.expression);
    limit(query.limit);
    limit(query.offset);
  }
  void select(const Select& select) {
    results(select.targets);
    from(select.from);
    if (select.where) expression(*select.where);
    all(select.group_by);
    if (select.having) expression(*select.having);
  }
  void insert(const Insert& node) {
    if (node.source) query(*node.source);
    if (node.on_conflict) assignments(node.on_conflict->assignments);
    results(node.returning);
  }
  template <class N>
  void change(const N& node, const std::vector<FromItem>& items) {
    from(items);
    if (node.where) expression(*node.where);
    results(node.returning);
  }
  void from(const std::vector<FromItem>& items) {
    auto on_expression = [this](const Expression& each) { expression(each); };
    auto on_query = [](const Query&) {};
    for (const FromItem& item : items) for_each_in_from(item, on_expression, on_query);
  }
  void all(const Expressions& list) { for (const Expression& each : list) expression(each); }
  void results(const std::vector<ResultColumn>& list) { for (const ResultColumn& each : list) expression(each.expression); }
  void assignments(const std::vector<Assignment>& list) { for (const Assignment& each : list) expression(each.value); }
};

}  // namespace

Result<std::string> Binder::fixed_parts(const Statement& statement) const {
  FixedParts parts;
  parts.statement(statement);
  if (parts.found.empty()) return std::string{};
  Select select;
  for (const Expression* each : parts.found) select.targets.push_back({*each, {}});
  Query query;
  query.body = std::move(select);
  CROSSFADE_TRY(std::vector<std::string> texts, print(Statement{std::move(query)}, context_.target));
  return std::move(texts.front());
}

}  // namespace crossfade::sql
