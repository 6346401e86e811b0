#include <algorithm>
#include <array>

#include "bind/binder.hpp"
#include "rules/rules.hpp"

namespace crossfade::sql {

using namespace model::literals;
namespace oid = model::oid;

namespace {

constexpr model::Type kBoolean{oid::boolean};

void is_boolean(Expression& expression) {
  expression.type = kBoolean;
  expression.form = plan::runtime_form(kBoolean);
}

void negate(Expression& expression) {
  Expression inner = std::move(expression);
  const Position position = inner.position;
  expression = {Not{std::move(inner)}, position};
  is_boolean(expression);
}

}  // namespace

/// x IN (a, b): all in one type; rows one by one.
Result<void> Binder::bind_in_list(Expression& expression, Scope& scope, Clause clause) {
  InList node = std::move(std::get<InList>(expression.node));
  CROSSFADE_CHECK(bind(*node.operand, scope, clause));
  CROSSFADE_CHECK(bind_all(node.list, scope, clause));
  const Scope* const before = std::exchange(listed_in_, &scope);
  auto done = finish_in_list(expression, std::move(node));
  listed_in_ = before;
  return done;
}

/// PostgreSQL makes an array, of one type, of the items that read no column where there are several; any other is compared for itself.
/// Gives the type that all can be compared as; nothing when they are to be compared one by one.
Result<std::optional<model::Type>> Binder::type_of_each(const InList& node, model::Type common) {
  const auto reads = [this](const Expression& item) { return reads_here(item); };
  const auto open = std::ranges::count_if(node.list, [&](const Expression& item) { return !reads(item); });
  std::optional<model::Type> own;
  for (const Expression& item : node.list) {
    if (!reads(item) && open > 1) {
      if (own && own->oid != common.oid) return std::optional<model::Type>{};
      own = common;
      continue;
    }
    CROSSFADE_TRY(model::Type type, comparison_type(*node.operand, item, "=", item.position));
    const bool exact = is_number(type.oid) && is_number(common.oid) && common.oid != oid::float8 && common.oid != oid::float4;
    if (exact || (type.oid == oid::text && common.oid == oid::text)) type = common;
    if (own && own->oid != type.oid) return std::optional<model::Type>{};
    own = type;
  }
  return own;
}

/// x IN (a, b, c): x IN (those that make an array) OR x = each of the others.
Result<void> Binder::test_items_apart(Expression& expression, InList node, bool negated) {
  Logical any{Logical::Kind::or_, {}};
  InList array{node.operand, {}, false};
  std::vector<Expression> others;
  for (Expression& item : node.list) (reads_here(item) ? others : array.list).push_back(std::move(item));
  if (!array.list.empty()) {
    Expression test{Literal{}, expression.position};
    CROSSFADE_CHECK(finish_in_list(test, std::move(array)));
    any.arguments.push_back(std::move(test));
  }
  for (Expression& item : others) {
    Expression test{Literal{}, expression.position};
    CROSSFADE_CHECK(compare(test, "=", *node.operand, std::move(item)));
    any.arguments.push_back(std::move(test));
  }
  expression.node = std::move(any);
  is_boolean(expression);
  if (negated) negate(expression);
  return {};
}

/// The items that read no column make an array with the operand's type, or are one that is compared for itself: what their untyped ones become
/// does not depend on the types of the others.
Result<void> Binder::settle_open_items(InList& node) {
  std::vector<Expression*> open{node.operand.get()};
  for (Expression& item : node.list)
    if (!reads_here(item)) open.push_back(&item);
  const auto untyped = [](const Expression* item) { return item->type.oid == oid::unknown; };
  if (open.size() == 1 || open.size() > node.list.size() || std::ranges::none_of(open, untyped)) return {};
  const auto type = open.size() == 2 ? comparison_type(*open[0], *open[1], "=", open[1]->position) : comparison_type_of(open, "=", open[1]->position);
  if (!type) return {};  // all of them are looked at again
  for (Expression* item : open)
    if (untyped(item)) CROSSFADE_CHECK(coerce(*item, *type, CastContext::implicit));
  return {};
}

Result<void> Binder::finish_in_list(Expression& expression, InList node) {
  const bool negated = std::exchange(node.negated, false);
  if (std::holds_alternative<RowConstructor>(node.operand->node)) {
    Logical any{Logical::Kind::or_, {}};
    for (Expression& item : node.list) {
      Expression test{Literal{}, expression.position};
      CROSSFADE_CHECK(compare(test, "=", *node.operand, std::move(item)));
      any.arguments.push_back(std::move(test));
    }
    expression.node = std::move(any);
  } else {
    // An untyped operand is what each comparison makes of it.
    const auto reads = [this](const Expression& item) { return reads_here(item); };
    const auto reading = std::ranges::count_if(node.list, reads);
    if (node.operand->type.oid == oid::unknown && reading != 0 && reading != std::ssize(node.list)) return test_items_apart(expression, std::move(node), negated);
    CROSSFADE_CHECK(settle_open_items(node));
    std::vector<Expression*> all{node.operand.get()};
    for (Expression& item : node.list) all.push_back(&item);
    CROSSFADE_TRY(model::Type type, comparison_type_of(all, "=", expression.position));
    CROSSFADE_TRY(const std::optional<model::Type> each, type_of_each(node, type));
    if (each) type = *each;
    else return test_items_apart(expression, std::move(node), negated);
    CROSSFADE_CHECK(announce_items(node));
    CROSSFADE_CHECK(align(all, type, Need::equality));
    expression.node = std::move(node);
  }
  is_boolean(expression);
  if (negated) negate(expression);
  return {};
}

/// Of several items PostgreSQL makes an array of the operand's type, which their parameters take: varchar, though it compares as text.
Result<void> Binder::announce_items(InList& node) {
  const model::Type type{node.operand->type.oid};
  const auto open = std::ranges::count_if(node.list, [](const Expression& item) { return !std::holds_alternative<ColumnReference>(item.node); });
  for (Expression& item : node.list) {
    const bool parameter = item.type.oid == oid::unknown && std::holds_alternative<Parameter>(item.node);
    if (type.oid == oid::varchar && open > 1 && parameter) CROSSFADE_CHECK(coerce_unknown(item, type));
  }
  return {};
}

Result<void> Binder::bind_between(Expression& expression, Scope& scope, Clause clause) {
  Between node = std::move(std::get<Between>(expression.node));
  if (std::exchange(node.symmetric, false)) {  // between the two, whichever is the smaller
    const bool negated = std::exchange(node.negated, false);
    Between turned = node;
    std::swap(turned.low, turned.high);
    Logical either{Logical::Kind::or_, {}};
    either.arguments.push_back({std::move(node), expression.position});
    either.arguments.push_back({std::move(turned), expression.position});
    expression.node = std::move(either);
    CROSSFADE_CHECK(bind(expression, scope, clause));
    if (negated) negate(expression);
    return {};
  }
  for (Expression* part : {node.operand.get(), node.low.get(), node.high.get()}) CROSSFADE_CHECK(bind(*part, scope, clause));
  CROSSFADE_TRY(const model::Type from, comparison_type(*node.operand, *node.low, ">=", expression.position));
  CROSSFADE_TRY(const model::Type to, comparison_type(*node.operand, *node.high, "<=", expression.position));
  if (from.oid != to.oid && (node.operand->type.oid == oid::unknown || category_of(from.oid) != category_of(to.oid))) {
    Logical both{Logical::Kind::and_, {{Literal{}, expression.position}, {Literal{}, expression.position}}};
    CROSSFADE_CHECK(compare(both.arguments[0], ">=", *node.operand, std::move(*node.low)));
    CROSSFADE_CHECK(compare(both.arguments[1], "<=", std::move(*node.operand), std::move(*node.high)));
    expression.node = std::move(both);
    is_boolean(expression);
    if (node.negated) negate(expression);
    return {};
  }
  if (node.low->type.oid == oid::unknown) CROSSFADE_CHECK(coerce(*node.low, from, CastContext::implicit));  // each bound is of its own comparison's
  if (node.high->type.oid == oid::unknown) CROSSFADE_CHECK(coerce(*node.high, to, CastContext::implicit));
  Expression* const all[] = {node.operand.get(), node.low.get(), node.high.get()};
  CROSSFADE_TRY(const model::Type type, comparison_type_of(all, ">=", expression.position));
  CROSSFADE_CHECK(align(all, type, Need::order));
  expression.node = std::move(node);
  is_boolean(expression);
  return {};
}

Result<void> Binder::bind_like(Expression& expression, Scope& scope, Clause clause) {
  Like node = std::move(std::get<Like>(expression.node));
  constexpr std::array<const char*, 3> kCalls{"crossfade_like", "crossfade_ilike", "crossfade_similar"};
  RawCall call{kCalls[static_cast<std::size_t>(node.kind)], {}};
  const auto add = [&](Box<Expression>& part) -> Result<void> {
    if (!part) return {};
    CROSSFADE_CHECK(bind(*part, scope, clause));
    call.arguments.push_back(std::move(*part));
    return {};
  };
  CROSSFADE_CHECK(add(node.operand));
  CROSSFADE_CHECK(add(node.pattern));
  CROSSFADE_CHECK(add(node.escape));
  const auto fits = [](model::Oid type) { return is_textual(type) || type == oid::unknown; };
  const auto bytes = [](const Expression& each) { return each.type.oid == oid::bytea || each.type.oid == oid::unknown; };
  const bool said = call.arguments.size() < 3 || call.arguments[1].type.oid == oid::bytea || call.arguments[2].type.oid == oid::bytea;  // ESCAPE of two literals is text
  if (call.arguments[0].type.oid == oid::bytea && node.kind == Like::Kind::like && said && std::ranges::all_of(call.arguments, bytes)) {
    call.name = "crossfade_like_bytes";
    for (Expression& argument : call.arguments) {
      CROSSFADE_CHECK(coerce(argument, {oid::bytea}, CastContext::implicit));
      to_runtime(argument);
    }
    expression.node = std::move(call);
    is_boolean(expression);
    if (node.negated) negate(expression);
    return {};
  }
  if (!fits(call.arguments[0].type.oid) || !fits(call.arguments[1].type.oid)) {
    const std::string name = std::string{node.negated ? "!" : ""} + (node.kind == Like::Kind::like ? "~~" : "~~*");
    return refuse("42883"_state, "operator does not exist: " + std::string{type_name(call.arguments[0].type.oid)} + " " + name + " " +
                                     std::string{type_name(call.arguments[1].type.oid)}, expression.position,
                  "No operator matches the given name and argument types. You might need to add explicit type casts.");
  }
  for (Expression& argument : call.arguments) {
    if (&argument == &call.arguments.front()) pad(argument, oid::text);  // character LIKE text sees the padding
    CROSSFADE_CHECK(coerce(argument, {oid::text}, CastContext::implicit));
    to_runtime(argument);
  }
  if (persisted_ && node.kind == Like::Kind::like && persisted_like(expression, call)) {
    if (node.negated) negate(expression);
    return {};
  }
  expression.node = std::move(call);
  is_boolean(expression);
  if (node.negated) negate(expression);
  return {};
}

Result<void> Binder::bind_is_test(Expression& expression, Scope& scope, Clause clause) {
  IsTest& node = std::get<IsTest>(expression.node);
  if (node.kind == IsTest::Kind::null) spell_row(*node.operand, scope);
  if (auto* row = std::get_if<RowConstructor>(&node.operand->node); row && node.kind == IsTest::Kind::null) {  // all of its fields are
    Logical all{Logical::Kind::and_, {}};
    for (Expression& field : row->fields) {
      const Position position = field.position;
      const bool nested = std::holds_alternative<RowConstructor>(field.node);  // a row is no NULL, whatever its fields are: bound for their errors
      Expression test{IsTest{IsTest::Kind::null, field, !nested && node.negated}, expression.position};
      if (nested) test = {Logical{Logical::Kind::or_, {test, {Not{test}, position}}}, position};
      if (nested && !node.negated) test = {Not{std::move(test)}, position};
      all.arguments.push_back(std::move(test));
    }
    if (all.arguments.empty()) all.arguments.push_back({Literal{Literal::Kind::boolean, "true"}, expression.position});
    expression.node = std::move(all);
    return bind(expression, scope, clause);
  }
  CROSSFADE_CHECK(bind(*node.operand, scope, clause));
  const bool parameter = std::holds_alternative<Parameter>(node.operand->node);
  if (node.kind == IsTest::Kind::null) {
    if (!parameter) CROSSFADE_CHECK(settle(*node.operand));  // $1 IS NULL says nothing of the type
  } else {
    constexpr std::array<std::string_view, 4> kTruthNames{"NULL", "TRUE", "FALSE", "UNKNOWN"};
    const std::string name = std::string{node.negated ? "IS NOT " : "IS "} + std::string{kTruthNames[static_cast<std::size_t>(node.kind)]};
    CROSSFADE_CHECK(require_boolean(*node.operand, name));
  }
  is_boolean(expression);
  return {};
}

Result<void> Binder::bind_is_distinct(Expression& expression, Scope& scope, Clause clause) {
  IsDistinct node = std::move(std::get<IsDistinct>(expression.node));
  auto* row = std::get_if<RowConstructor>(&node.left->node);
  auto* other = std::get_if<RowConstructor>(&node.right->node);
  if (row && other) {  // one of their fields is
    if (row->fields.size() != other->fields.size()) return refuse("42601"_state, "unequal number of entries in row expressions", expression.position);
    Logical any{Logical::Kind::or_, {}};
    for (std::size_t i = 0; i < row->fields.size(); ++i)
      any.arguments.push_back({IsDistinct{std::move(row->fields[i]), std::move(other->fields[i]), false}, expression.position});
    if (any.arguments.empty()) any.arguments.push_back({Literal{Literal::Kind::boolean, "false"}, expression.position});
    expression.node = std::move(any);
    CROSSFADE_CHECK(bind(expression, scope, clause));
    if (node.negated) negate(expression);
    return {};
  }
  CROSSFADE_CHECK(bind(*node.left, scope, clause));
  CROSSFADE_CHECK(bind(*node.right, scope, clause));
  CROSSFADE_TRY(const model::Type type, comparison_type(*node.left, *node.right, "=", expression.position));
  Expression* const operands[] = {node.left.get(), node.right.get()};
  CROSSFADE_CHECK(align(operands, type, Need::equality));
  expression.node = std::move(node);
  is_boolean(expression);
  return {};
}

/// x = ANY (ARRAY[a, b]) is x IN (a, b); x <> ALL (ARRAY[…]) its negation.
Result<void> Binder::bind_quantified(Expression& expression, Scope& scope, Clause clause) {
  Quantified node = std::move(std::get<Quantified>(expression.node));
  auto* list = std::get_if<ArrayConstructor>(&node.array->node);
  const bool any = !node.all && node.operation == "=", none = node.all && (node.operation == "<>" || node.operation == "!=");
  const bool flat = list && !list->elements.empty() && std::ranges::none_of(list->elements, [](const Expression& each) {
    const auto* cast = std::get_if<Cast>(&each.node);
    const bool array = cast && cast->type.resolved && model::element_of(*cast->type.resolved);
    return array || std::holds_alternative<ArrayConstructor>(each.node);
  });
  if (flat && (any || none)) {
    InList among{node.operand, list->elements, none};
    CROSSFADE_CHECK(bind(*among.operand, scope, clause));
    CROSSFADE_CHECK(bind_all(among.list, scope, clause));
    std::vector<Expression*> elements;  // the array has a type of its own
    for (Expression& element : among.list) elements.push_back(&element);
    CROSSFADE_TRY(const model::Type type, common_type(elements, "ARRAY"));
    if (!model::element_of(type)) {  // of arrays it is one array with a dimension more
      for (Expression* element : elements) CROSSFADE_CHECK(coerce(*element, {type.oid}, CastContext::implicit));
      return finish_in_list(expression, std::move(among));
    }
  }
  CROSSFADE_CHECK(bind(*node.operand, scope, clause));
  CROSSFADE_CHECK(bind(*node.array, scope, clause));
  return bind_any_of_array(expression, std::move(node));
}

Result<void> Binder::bind_subquery(Expression& expression, Scope& scope, Clause clause) {
  using Kind = Subquery::Kind;
  Subquery node = std::move(std::get<Subquery>(expression.node));
  if (clause == Clause::execute) return refuse("0A000"_state, "cannot use subquery in EXECUTE parameter", expression.position);
  if (clause == Clause::persisted) return refuse("0A000"_state, "cannot use subquery in this expression", expression.position);
  const bool compared = node.kind == Kind::any || node.kind == Kind::all;
  const bool in = (node.kind == Kind::any && node.operation == "=") || (node.kind == Kind::all && (node.operation == "<>" || node.operation == "!="));
  if (compared && !in && !std::holds_alternative<RowConstructor>(node.operand->node)) {
    expression.node = std::move(node);
    expand_comparison(expression);
    return bind(expression, scope, clause);
  }
  if (node.operand) CROSSFADE_CHECK(bind(*node.operand, scope, clause));
  const Clause around = std::exchange(scope.holds, clause);
  auto bound = bind_query(*node.query, &scope, Place::subquery);
  scope.holds = around;
  CROSSFADE_TRY(QueryShape shape, std::move(bound));
  if (node.kind == Kind::exists) {
    expression.node = std::move(node);
    is_boolean(expression);
    return {};
  }
  if (node.kind == Kind::array) return bind_array_query(expression, std::move(node), shape.output);
  const bool row = node.operand && std::holds_alternative<RowConstructor>(node.operand->node);
  if (shape.output.size() != 1 && !row) {
    return refuse("42601"_state, node.kind == Kind::scalar ? "subquery must return only one column" : "subquery has too many columns",
                  expression.position);
  }
  if (node.kind == Kind::scalar) {
    expression.type = shape.output.front().type;
    expression.form = shape.output.front().form;
    rules::single_row(node, shape.output.front());
    expression.node = std::move(node);
    return {};
  }
  const bool any = node.kind == Kind::any && node.operation == "=";
  const bool none = node.kind == Kind::all && (node.operation == "<>" || node.operation == "!=");
  if (!any && !none) return unsupported(node.operation + (node.kind == Kind::all ? " ALL" : " ANY") + " (subquery)", expression.position);
  Expressions single;
  Expressions* operands = row ? &std::get<RowConstructor>(node.operand->node).fields : &single;
  if (!row) single.push_back(*node.operand);
  if (operands->size() != shape.output.size()) {
    return refuse("42601"_state, operands->size() < shape.output.size() ? "subquery has too many columns" : "subquery has too few columns", expression.position);
  }
  for (std::size_t i = 0; i < operands->size(); ++i) {
    Expression& operand = (*operands)[i];
    Expression column{RawText{}, kNowhere, shape.output[i].type, shape.output[i].form};
    CROSSFADE_TRY(const model::Type type, comparison_type(operand, column, "=", expression.position));
    CROSSFADE_CHECK(coerce_output(*node.query, i, {type.oid}, CastContext::assignment));
    Expression* const both[] = {&operand};
    const bool same = operand.type.oid == type.oid && operand.form == shape.output[i].form && shape.output[i].type.oid == type.oid &&
                      plan::traits(operand.form, type).keeps_equality;
    if (!same) {
      CROSSFADE_CHECK(form_output(*node.query, i, plan::runtime_form(type)));
      CROSSFADE_CHECK(coerce(operand, {type.oid}, CastContext::assignment));
      to_runtime(operand);
    }
    CROSSFADE_CHECK(align(both, type, Need::equality));
    // char(n) compares under RTRIM inside, and an aggregate of it hands that on to a comparison as texts.
    if (shape.output[i].type.oid == oid::bpchar && type.oid == oid::text) operand = {Collate{operand, {}, {}, "BINARY"}, operand.position, operand.type, operand.form};
  }
  if (!row) *node.operand = std::move(single.front());
  node.kind = Kind::any;
  node.operation = "=";
  node.in_syntax = true;
  expression.node = std::move(node);
  is_boolean(expression);
  if (none) negate(expression);
  return {};
}

}  // namespace crossfade::sql
