#pragma once

#include <variant>

#include "tree.hpp"

namespace crossfade::sql {

/// What a walk calls for each child of an expression: other expressions, and the queries of its subqueries.
template <class OnExpression, class OnQuery>
struct ChildVisitor {
  OnExpression& expression;
  OnQuery& query;

  template <class B>
  void one(B& box) { if (box) expression(*box); }
  template <class L>
  void all(L& list) { for (auto& item : list) expression(item); }
  template <class O>
  void ordered(O& items) { for (auto& item : items) expression(item.expression); }

  template <class T>
  void operator()(T& node) {
    using N = std::remove_const_t<T>;
    if constexpr (std::is_same_v<N, Operation>) one(node.left), one(node.right);
    else if constexpr (std::is_same_v<N, Logical> || std::is_same_v<N, sql::Choice> || std::is_same_v<N, RawCall> || std::is_same_v<N, Template>) all(node.arguments);
    else if constexpr (std::is_same_v<N, Not> || std::is_same_v<N, Cast> || std::is_same_v<N, NativeCast> || std::is_same_v<N, Collate>) one(node.argument);
    else if constexpr (std::is_same_v<N, FunctionCall>) call(node);
    else if constexpr (std::is_same_v<N, Case>) choose(node);
    else if constexpr (std::is_same_v<N, InList>) one(node.operand), all(node.list);
    else if constexpr (std::is_same_v<N, Subquery>) { one(node.operand); query(*node.query); }
    else if constexpr (std::is_same_v<N, Quantified>) one(node.operand), one(node.array);
    else if constexpr (std::is_same_v<N, Between>) one(node.operand), one(node.low), one(node.high);
    else if constexpr (std::is_same_v<N, Like>) one(node.operand), one(node.pattern), one(node.escape);
    else if constexpr (std::is_same_v<N, IsTest>) one(node.operand);
    else if constexpr (std::is_same_v<N, IsDistinct>) one(node.left), one(node.right);
    else if constexpr (std::is_same_v<N, RowConstructor>) all(node.fields);
    else if constexpr (std::is_same_v<N, ArrayConstructor>) all(node.elements);
    else if constexpr (std::is_same_v<N, Subscript>) one(node.base), one(node.lower), one(node.upper);
    else if constexpr (std::is_same_v<N, FieldSelection>) one(node.base);
  }

 private:
  template <class T>
  void call(T& node) {
    all(node.arguments);
    ordered(node.order_by);
    one(node.filter);
    if (!node.over) return;
    all(node.over->partition_by);
    ordered(node.over->order_by);
    if (!node.over->frame) return;
    one(node.over->frame->start.offset);
    one(node.over->frame->end.offset);
  }
  template <class T>
  void choose(T& node) {
    one(node.operand);
    for (auto& when : node.whens) one(when.condition), one(when.result);
    one(node.otherwise);
  }
};

/// Calls `on_expression` for each direct child of `expression` and `on_query` for the query of a subquery.
template <class E, class OnExpression, class OnQuery>
void for_each_child(E& expression, OnExpression on_expression, OnQuery on_query) {
  std::visit(ChildVisitor<OnExpression, OnQuery>{on_expression, on_query}, expression.node);
}

template <class I, class OnExpression, class OnQuery>
void for_each_in_from(I& item, OnExpression& on_expression, OnQuery& on_query) {
  std::visit([&](auto& node) {
    using N = std::remove_cvref_t<decltype(node)>;
    if constexpr (std::is_same_v<N, SubqueryReference>) on_query(*node.query);
    if constexpr (std::is_same_v<N, FunctionReference>) on_expression(node.call);
    if constexpr (std::is_same_v<N, Join>) {
      for_each_in_from(*node.left, on_expression, on_query);
      for_each_in_from(*node.right, on_expression, on_query);
      if (node.on) on_expression(*node.on);
    }
  }, item.node);
}

/// The expressions that stand directly in a query, and the queries in it: arms, FROM, WITH (their statements through on_statement).
template <class Q, class OnExpression, class OnQuery, class OnStatement>
void for_each_in_query(Q& query, OnExpression on_expression, OnQuery on_query, OnStatement on_statement) {
  if (query.with) for (auto& table : query.with->tables) on_statement(*table.statement);
  std::visit([&](auto& body) {
    using B = std::remove_cvref_t<decltype(body)>;
    if constexpr (std::is_same_v<B, Select>) {
      for (auto& expression : body.distinct_on) on_expression(expression);
      for (auto& target : body.targets) on_expression(target.expression);
      for (auto& item : body.from) for_each_in_from(item, on_expression, on_query);
      if (body.where) on_expression(*body.where);
      for (auto& expression : body.group_by) on_expression(expression);
      for (auto& set : body.grouping_sets) for (auto& expression : set) on_expression(expression);
      if (body.having) on_expression(*body.having);
      for (auto& window : body.windows) {
        for (auto& expression : window.partition_by) on_expression(expression);
        for (auto& item : window.order_by) on_expression(item.expression);
      }
    } else if constexpr (std::is_same_v<B, Values>) {
      for (auto& row : body.rows) for (auto& expression : row) on_expression(expression);
    } else {
      on_query(*body.left);
      on_query(*body.right);
    }
  }, query.body);
  for (auto& item : query.order_by) on_expression(item.expression);
  if (query.limit) on_expression(*query.limit);
  if (query.offset) on_expression(*query.offset);
}

}  // namespace crossfade::sql
