#include "reader.hpp"

namespace crossfade::sql::postgres_front {
namespace {

/// The pattern and escape of LIKE … ESCAPE and SIMILAR TO, which the grammar wraps in a function call.
struct Pattern { const ::Node* pattern; const ::Node* escape; };
Pattern unwrap_pattern(const ::Node* node) {
  if (tag_of(node) != T_FuncCall) return {node, nullptr};
  const auto* call = reinterpret_cast<const ::FuncCall*>(node);
  const std::vector<std::string> name = strings(call->funcname);
  const bool wrapped = name.size() == 2 && name[0] == "pg_catalog" && (name[1] == "like_escape" || name[1] == "similar_to_escape");
  if (!wrapped) return {node, nullptr};
  const Nodes<::Node> arguments{call->args};
  return {arguments[0], arguments.size() > 1 ? arguments[1] : nullptr};
}

}  // namespace

std::string Reader::operator_name(const List* name) { return strings(name).back(); }

Like Reader::like(const ::A_Expr* node, Like::Kind kind) {
  const Pattern pattern = unwrap_pattern(node->rexpr);
  return {kind, boxed(node->lexpr), boxed(pattern.pattern), boxed(pattern.escape), operator_name(node->name).starts_with('!')};
}

Between Reader::between(const ::A_Expr* node, bool negated, bool symmetric) {
  const Nodes<::Node> bounds{reinterpret_cast<const List*>(node->rexpr)};
  Between out{.operand = boxed(node->lexpr), .negated = negated, .symmetric = symmetric};
  out.low = boxed(bounds[0]);
  out.high = boxed(bounds[1]);
  return out;
}

Expression Reader::operation(const ::A_Expr* node) {
  const Position position = at(node->location);
  switch (node->kind) {
    case AEXPR_OP: {
      std::vector<std::string> name = strings(node->name);
      Operation out{.name = name.back()};
      if (name.size() > 1) out.schema = name[name.size() - 2];
      out.left = boxed(node->lexpr);
      out.right = boxed(node->rexpr);
      return {std::move(out), position};
    }
    case AEXPR_OP_ANY:
    case AEXPR_OP_ALL: {
      Quantified out{.all = node->kind == AEXPR_OP_ALL, .operation = operator_name(node->name)};
      out.operand = boxed(node->lexpr);
      out.array = boxed(node->rexpr);
      return {std::move(out), position};
    }
    case AEXPR_DISTINCT:
    case AEXPR_NOT_DISTINCT: {
      IsDistinct out{.left = boxed(node->lexpr), .negated = node->kind == AEXPR_NOT_DISTINCT};
      out.right = boxed(node->rexpr);
      return {std::move(out), position};
    }
    case AEXPR_NULLIF: {
      Choice out{.kind = Choice::Kind::nullif};
      out.arguments.push_back(expression(node->lexpr));
      out.arguments.push_back(expression(node->rexpr));
      return {std::move(out), position};
    }
    case AEXPR_IN: {
      InList out{.operand = boxed(node->lexpr), .negated = operator_name(node->name) == "<>"};
      out.list = expressions(reinterpret_cast<const List*>(node->rexpr));
      return {std::move(out), position};
    }
    case AEXPR_LIKE: return {like(node, Like::Kind::like), position};
    case AEXPR_ILIKE: return {like(node, Like::Kind::ilike), position};
    case AEXPR_SIMILAR: return {like(node, Like::Kind::similar), position};
    case AEXPR_BETWEEN: return {between(node, false, false), position};
    case AEXPR_NOT_BETWEEN: return {between(node, true, false), position};
    case AEXPR_BETWEEN_SYM: return {between(node, false, true), position};
    case AEXPR_NOT_BETWEEN_SYM: return {between(node, true, true), position};
  }
  refuse(node->location, "this operator");
  return {};
}

Expression Reader::logical(const ::BoolExpr* node) {
  const Position position = at(node->location);
  if (node->boolop == NOT_EXPR) return {Not{boxed(Nodes<::Node>{node->args}[0])}, position};
  const auto kind = node->boolop == AND_EXPR ? Logical::Kind::and_ : Logical::Kind::or_;
  return {Logical{kind, expressions(node->args)}, position};
}

Expression Reader::case_(const ::CaseExpr* node) {
  Case out{.operand = boxed(node->arg)};
  for (const ::CaseWhen* when : Nodes<::CaseWhen>{node->args}) {
    Box<Expression> condition = boxed(when->expr);
    out.whens.push_back({std::move(condition), boxed(when->result)});
  }
  out.otherwise = boxed(node->defresult);
  return {std::move(out), at(node->location)};
}

Expression Reader::coalesce(const ::CoalesceExpr* node) {
  return {Choice{Choice::Kind::coalesce, expressions(node->args)}, at(node->location)};
}

Expression Reader::extreme(const ::MinMaxExpr* node) {
  const auto kind = node->op == IS_GREATEST ? Choice::Kind::greatest : Choice::Kind::least;
  return {Choice{kind, expressions(node->args)}, at(node->location)};
}

Expression Reader::null_test(const ::NullTest* node) {
  return {IsTest{IsTest::Kind::null, boxed(node->arg), node->nulltesttype == IS_NOT_NULL}, at(node->location)};
}

Expression Reader::boolean_test(const ::BooleanTest* node) {
  struct Row { ::BoolTestType raw; IsTest::Kind kind; bool negated; };
  static constexpr std::array kTests{
      Row{IS_TRUE, IsTest::Kind::true_, false},      Row{IS_NOT_TRUE, IsTest::Kind::true_, true},
      Row{IS_FALSE, IsTest::Kind::false_, false},    Row{IS_NOT_FALSE, IsTest::Kind::false_, true},
      Row{IS_UNKNOWN, IsTest::Kind::unknown, false}, Row{IS_NOT_UNKNOWN, IsTest::Kind::unknown, true},
  };
  const auto* test = std::ranges::find(kTests, node->booltesttype, &Row::raw);
  return {IsTest{test->kind, boxed(node->arg), test->negated}, at(node->location)};
}

Expression Reader::subquery(const ::SubLink* node) {
  struct Row { ::SubLinkType raw; Subquery::Kind kind; };
  static constexpr std::array kKinds{
      Row{EXISTS_SUBLINK, Subquery::Kind::exists}, Row{EXPR_SUBLINK, Subquery::Kind::scalar},
      Row{ARRAY_SUBLINK, Subquery::Kind::array},   Row{ANY_SUBLINK, Subquery::Kind::any},
      Row{ALL_SUBLINK, Subquery::Kind::all},
  };
  const auto* kind = std::ranges::find(kKinds, node->subLinkType, &Row::raw);
  if (kind == kKinds.end()) {
    refuse(node->location, "this kind of subquery");
    return {};
  }
  Subquery out{.kind = kind->kind, .operand = boxed(node->testexpr)};
  out.in_syntax = node->subLinkType == ANY_SUBLINK && node->operName == nullptr;
  if (node->operName) out.operation = operator_name(node->operName);
  if (out.in_syntax) out.operation = "=";
  out.query = boxed_query(node->subselect);
  return {std::move(out), at(node->location)};
}

}  // namespace crossfade::sql::postgres_front
