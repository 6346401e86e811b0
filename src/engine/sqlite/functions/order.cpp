#include "order.hpp"

#include <algorithm>
#include <array>

#include "call.hpp"
#include "crossfade/model/array.hpp"
#include "crossfade/model/numeric.hpp"
#include "json_tree.hpp"

namespace crossfade::sqlite::functions {

namespace {

int sign(std::strong_ordering order) { return order < 0 ? -1 : order > 0; }
template <class T>
int ascending(const T& left, const T& right) { return left < right ? -1 : right < left; }

int as_stored(const StorageValue& left, const StorageValue& right) {
  if (left.index() != right.index()) return ascending(left.index(), right.index());
  if (const auto* text = std::get_if<std::string>(&left)) return text->compare(std::get<std::string>(right));
  if (const auto* bytes = std::get_if<model::Bytes>(&left)) return bytes->data.compare(std::get<model::Bytes>(right).data);
  if (const auto* whole = std::get_if<std::int64_t>(&left)) return ascending(*whole, std::get<std::int64_t>(right));
  if (const auto* real = std::get_if<double>(&left)) return ascending(*real, std::get<double>(right));
  return 0;
}

int as_values(const StorageValue& left, const StorageValue& right, model::Type type) {
  const auto a = plan::decode(left, plan::runtime_form(type), type), b = plan::decode(right, plan::runtime_form(type), type);
  return a && b ? sign(model::compare_values(*a, *b, type)) : as_stored(left, right);
}

int without_blanks(const StorageValue& left, const StorageValue& right) {
  const auto cut = [](const StorageValue& value) {
    const std::string_view text = std::get<std::string>(value);
    return text.substr(0, text.find_last_not_of(' ') + 1);
  };
  return cut(left).compare(cut(right));
}

/// crossfade_greatest(kind, a, b, …) and crossfade_least: NULLs are left out.
enum class Wanted : std::int8_t { least = -1, greatest = 1 };
template <Wanted Side>
Answer extreme(const Call& call) {
  const auto kind = static_cast<OrderKind>(call.text(0).front());
  StorageValue best = model::Null{};
  for (std::size_t i = 1; i < call.size(); ++i) {
    if (call.is_null(i)) continue;
    StorageValue value = call.value(i);
    const bool first = std::holds_alternative<model::Null>(best);
    if (first || compare(value, best, kind) * static_cast<int>(Side) > 0) best = std::move(value);
  }
  return best;
}

constexpr std::array kOrderFunctions{
    Function{"crossfade_greatest", -1, extreme<Wanted::greatest>, Nulls::passed},
    Function{"crossfade_least", -1, extreme<Wanted::least>, Nulls::passed},
};

}  // namespace

int compare(const StorageValue& left, const StorageValue& right, OrderKind kind) {
  switch (kind) {
    case OrderKind::numeric: return sign(model::compare(model::Numeric{std::get<std::string>(left)}, model::Numeric{std::get<std::string>(right)}));
    case OrderKind::interval: return as_values(left, right, {model::oid::interval});
    case OrderKind::timetz: return as_values(left, right, {model::oid::timetz});
    case OrderKind::padded: return without_blanks(left, right);
    case OrderKind::json: return sign(compare_jsonb(read_json(std::get<std::string>(left)), read_json(std::get<std::string>(right))));
    case OrderKind::plain: return as_stored(left, right);
  }
  const auto known = std::ranges::find(model::kSortedElements, static_cast<char>(kind), &model::SortedElement::letter);
  return known == model::kSortedElements.end() ? as_stored(left, right) : as_values(left, right, *model::array_of({known->element}));
}

std::span<const Function> order_functions() { return kOrderFunctions; }

}  // namespace crossfade::sqlite::functions
