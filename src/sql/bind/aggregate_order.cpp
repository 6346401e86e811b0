#include <algorithm>
#include <utility>

#include "bind/binder.hpp"
#include "crossfade/model/array.hpp"

namespace crossfade::sql {

using namespace model::literals;
namespace oid = model::oid;

char order_kind(model::Oid type) {
  switch (type) {
    case oid::numeric: return 'n';
    case oid::interval: return 'i';
    case oid::timetz: return 'z';
    case oid::bpchar: return 'b';
    case oid::jsonb: return 'j';
    default: break;
  }
  const auto element = model::element_of({type});
  const auto known = std::ranges::find(model::kSortedElements, element.value_or(model::Type{}).oid, &model::SortedElement::element);
  return element && known != model::kSortedElements.end() ? known->letter : '-';
}

std::string order_text(std::span<const OrderItem> items) {
  std::string spec;
  for (const OrderItem& item : items) {
    const bool descending = item.direction == OrderItem::Direction::descending;
    const bool first = item.nulls == OrderItem::Nulls::unspecified ? descending : item.nulls == OrderItem::Nulls::first;
    spec += descending ? 'd' : 'a';
    spec += first ? 'f' : 'l';
    spec += order_kind(item.expression.type.oid);
  }
  return spec;
}

namespace {

/// What an argument and an item of ORDER BY are told by; empty: an untyped literal, which is no other one. PostgreSQL looks through the coercions that
/// the function asks for, not through those that are written.
std::string as_written(const Expression& bound) { return bound.type.oid == oid::unknown ? std::string{} : typed_signature(bound); }

}  // namespace

DistinctOrder::DistinctOrder(const FunctionCall& call, bool distinct) : distinct_(distinct) {
  if (!distinct) return;
  for (const Expression& argument : call.arguments) written_.push_back(as_written(argument));
}

Result<void> DistinctOrder::match(Expression& item, const FunctionCall& call) {
  if (!distinct_) return {};
  const std::string own = as_written(item);
  for (std::size_t i = 0; i < written_.size() && !own.empty(); ++i) {
    const bool late = written_[i].empty() && std::holds_alternative<Parameter>(call.arguments[i].node);  // has its type by now
    if (own != (late ? as_written(call.arguments[i]) : written_[i])) continue;
    met_.insert(i);
    item = call.arguments[i];
    return {};
  }
  return refuse("42P10"_state, "in an aggregate with DISTINCT, ORDER BY expressions must appear in argument list", item.position);
}

void DistinctOrder::go_on_with_arguments(FunctionCall& call) const {
  for (std::size_t i = 0; i < call.arguments.size(); ++i) {
    if (!met_.contains(i)) call.order_by.push_back({.expression = call.arguments[i]});
  }
}

Result<void> Binder::bind_aggregate_order(FunctionCall& call, Scope& scope, DistinctOrder& distinct) {
  for (OrderItem& item : call.order_by) {
    CROSSFADE_CHECK(bind(item.expression, scope, Clause::aggregate));
    CROSSFADE_CHECK(distinct.match(item.expression, call));
    CROSSFADE_CHECK(settle(item.expression));
    CROSSFADE_CHECK(sortable(item.expression, call.name));
    to_runtime(item.expression);
  }
  return {};
}

}  // namespace crossfade::sql
