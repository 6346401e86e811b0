#include "crossfade/model/array.hpp"

#include <algorithm>
#include <cmath>

#include "crossfade/model/datetime.hpp"
#include "crossfade/model/numeric.hpp"

namespace crossfade::model {
namespace {

using std::strong_ordering;

strong_ordering compare_reals(double left, double right) {
  if (std::isnan(left) || std::isnan(right)) return std::isnan(left) <=> std::isnan(right);
  return left < right ? strong_ordering::less : left > right ? strong_ordering::greater : strong_ordering::equal;
}

std::string_view unpadded(std::string_view text) { return text.substr(0, text.find_last_not_of(' ') + 1); }

/// By the instant, then the zone: the one further east first.
strong_ordering compare_clocks(const TimeTz& left, const TimeTz& right) {
  const auto utc = [](const TimeTz& time) { return time.micros - time.offset * kMicrosPerSecond; };
  if (const auto order = utc(left) <=> utc(right); order != 0) return order;
  return right.offset <=> left.offset;
}

struct Order {
  const Value& right;
  Type type;
  template <class T>
  const T& other() const { return std::get<T>(right); }

  strong_ordering operator()(const Null&) const { return strong_ordering::equal; }
  strong_ordering operator()(double left) const { return compare_reals(left, other<double>()); }
  strong_ordering operator()(const std::string& left) const {
    if (type.oid == oid::bpchar) return unpadded(left) <=> unpadded(other<std::string>());
    return left <=> other<std::string>();
  }
  strong_ordering operator()(const Numeric& left) const { return compare(left, other<Numeric>()); }
  strong_ordering operator()(const Interval& left) const { return compare(left, other<Interval>()); }
  strong_ordering operator()(const Bytes& left) const { return left.data <=> other<Bytes>().data; }
  strong_ordering operator()(const Json& left) const { return left.text <=> other<Json>().text; }
  strong_ordering operator()(const TimeTz& left) const { return compare_clocks(left, other<TimeTz>()); }
  strong_ordering operator()(const Array& left) const {
    return compare(left, other<Array>(), element_of(type).value_or(Type{}));
  }
  template <class T>
  strong_ordering operator()(const T& left) const { return left <=> other<T>(); }
};

}  // namespace

strong_ordering compare_values(const Value& left, const Value& right, Type type) {
  if (is_null(left) || is_null(right)) return is_null(left) <=> is_null(right);
  if (left.index() != right.index()) return left.index() <=> right.index();
  return std::visit(Order{right, type}, left);
}

strong_ordering compare(const Array& left, const Array& right, Type element) {
  const std::size_t common = std::min(left.elements.size(), right.elements.size());
  for (std::size_t i = 0; i < common; ++i) {
    if (const auto order = compare_values(left.elements[i], right.elements[i], element); order != 0) return order;
  }
  if (const auto order = left.elements.size() <=> right.elements.size(); order != 0) return order;
  if (const auto order = left.dimensions.size() <=> right.dimensions.size(); order != 0) return order;
  for (const auto part : {&ArrayDimension::length, &ArrayDimension::lower}) {
    for (std::size_t i = 0; i < left.dimensions.size(); ++i) {
      if (const auto order = left.dimensions[i].*part <=> right.dimensions[i].*part; order != 0) return order;
    }
  }
  return strong_ordering::equal;
}

Array array_of_values(std::vector<Value> elements) {
  Array out{std::move(elements), {}};
  if (!out.elements.empty()) out.dimensions.push_back({static_cast<std::int32_t>(out.elements.size()), 1});
  return out;
}

}  // namespace crossfade::model
