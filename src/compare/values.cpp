#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>

#include "crossfade/compare/compare.hpp"
#include "crossfade/model/datetime.hpp"
#include "crossfade/model/numeric.hpp"

namespace crossfade::compare {
namespace {

using std::strong_ordering;

bool is_number(const model::Value& value) {
  return std::holds_alternative<std::int64_t>(value) || std::holds_alternative<double>(value) ||
         std::holds_alternative<model::Numeric>(value);
}

/// int64 exactly, a double as its shortest decimal: so that sum() as int8 and as numeric can be set side by side.
model::Numeric as_numeric(const model::Value& number) {
  if (const auto* integer = std::get_if<std::int64_t>(&number)) return model::numeric_of(*integer);
  if (const auto* real = std::get_if<double>(&number)) return model::numeric_of(*real);
  return std::get<model::Numeric>(number);
}

/// PostgreSQL's order (NaN largest), and where that calls -0 and 0 equal, the sign.
strong_ordering order(double left, double right) {
  if (std::isnan(left) || std::isnan(right)) return std::isnan(left) <=> std::isnan(right);
  if (left < right) return strong_ordering::less;
  if (left > right) return strong_ordering::greater;
  return std::signbit(right) <=> std::signbit(left);
}
strong_ordering order(bool left, bool right) { return left <=> right; }
strong_ordering order(std::int64_t left, std::int64_t right) { return left <=> right; }
/// Bytes, not chars: COLLATE "C" and bytea. std::string compares as unsigned char by its traits.
strong_ordering order(const std::string& left, const std::string& right) { return left.compare(right) <=> 0; }
strong_ordering order(const model::Bytes& left, const model::Bytes& right) { return order(left.data, right.data); }
strong_ordering order(const model::Json& left, const model::Json& right) { return order(left.text, right.text); }
strong_ordering order(const model::Numeric& left, const model::Numeric& right) { return model::compare(left, right); }
strong_ordering order(const model::Null&, const model::Null&) { return strong_ordering::equal; }
/// '1 day' and '24:00:00' are one value to PostgreSQL's `=`, but they are not added to a timestamp alike: told apart here.
strong_ordering order(const model::Interval& left, const model::Interval& right) {
  if (const auto by_length = model::compare(left, right); by_length != 0) return by_length;
  if (const auto by_months = left.months <=> right.months; by_months != 0) return by_months;
  return left.days <=> right.days;
}
strong_ordering order(const model::TimeTz& left, const model::TimeTz& right) {
  if (const auto by_clock = left.micros <=> right.micros; by_clock != 0) return by_clock;
  return left.offset <=> right.offset;
}
strong_ordering order(const model::Array& left, const model::Array& right) {
  const auto elements = std::lexicographical_compare_three_way(left.elements.begin(), left.elements.end(), right.elements.begin(),
                                                               right.elements.end(), order_values);
  if (elements != 0) return elements;
  return std::lexicographical_compare_three_way(
      left.dimensions.begin(), left.dimensions.end(), right.dimensions.begin(), right.dimensions.end(),
      [](const auto& a, const auto& b) { return std::pair{a.length, a.lower} <=> std::pair{b.length, b.lower}; });
}
template <class T>
strong_ordering order(const T& left, const T& right) {
  return left <=> right;
}

/// NULL last, as PostgreSQL sorts it.
std::size_t rank(const model::Value& value) { return model::is_null(value) ? std::variant_size_v<model::Value> : value.index(); }

bool within(double left, double right, double tolerance) {
  if (std::isnan(left) || std::isnan(right)) return std::isnan(left) && std::isnan(right);
  if (left == right) return true;
  if (std::isinf(left) || std::isinf(right)) return false;
  return std::abs(left - right) <= tolerance * std::max(std::abs(left), std::abs(right));
}

}  // namespace

strong_ordering order_values(const model::Value& left, const model::Value& right) {
  if (left.index() == right.index()) {
    return std::visit(
        [&right](const auto& value) { return order(value, std::get<std::decay_t<decltype(value)>>(right)); }, left);
  }
  if (is_number(left) && is_number(right)) return model::compare(as_numeric(left), as_numeric(right));
  return rank(left) <=> rank(right);
}

strong_ordering order_rows(const model::Row& left, const model::Row& right) {
  return std::lexicographical_compare_three_way(left.begin(), left.end(), right.begin(), right.end(), order_values);
}

bool same_value(const model::Value& left, const model::Value& right, const Options& options) {
  if (options.relative_tolerance > 0 && std::holds_alternative<double>(left) && std::holds_alternative<double>(right)) {
    return within(std::get<double>(left), std::get<double>(right), options.relative_tolerance);
  }
  return order_values(left, right) == 0;
}

bool same_row(const model::Row& left, const model::Row& right, const Options& options) {
  return std::ranges::equal(left, right, [&options](const auto& a, const auto& b) { return same_value(a, b, options); });
}

namespace {

void put(std::string& out, std::int64_t number) {
  std::array<char, sizeof number> bytes;
  std::memcpy(bytes.data(), &number, sizeof number);
  out.append(bytes.data(), bytes.size());
}
void put(std::string& out, const std::string& text) {
  put(out, static_cast<std::int64_t>(text.size()));
  out += text;
}

/// 1.10 and 1.1 are one value: the zeros after the point go.
std::string trimmed(const std::string& numeric) {
  if (numeric.find('.') == std::string::npos) return numeric;
  const auto last = numeric.find_last_not_of('0');
  return numeric.substr(0, numeric[last] == '.' ? last : last + 1);
}

struct Canonical {
  std::string& out;
  void operator()(const model::Null&) const {}
  void operator()(bool value) const { out += value ? '1' : '0'; }
  void operator()(std::int64_t value) const { put(out, value); }
  void operator()(double value) const {
    put(out, std::bit_cast<std::int64_t>(std::isnan(value) ? std::numeric_limits<double>::quiet_NaN() : value));
  }
  void operator()(const std::string& value) const { put(out, value); }
  void operator()(const model::Numeric& value) const { put(out, trimmed(value.text)); }
  void operator()(const model::Bytes& value) const { put(out, value.data); }
  void operator()(const model::Json& value) const { put(out, value.text); }
  void operator()(const model::Date& value) const { put(out, static_cast<std::int64_t>(value.days)); }
  void operator()(const model::Time& value) const { put(out, value.micros); }
  void operator()(const model::Timestamp& value) const { put(out, value.micros); }
  void operator()(const model::TimestampTz& value) const { put(out, value.micros); }
  void operator()(const model::Interval& value) const {
    put(out, value.micros);
    put(out, static_cast<std::int64_t>(value.days));
    put(out, static_cast<std::int64_t>(value.months));
  }
  void operator()(const model::TimeTz& value) const {
    put(out, value.micros);
    put(out, static_cast<std::int64_t>(value.offset));
  }
  void operator()(const model::Array& value) const {
    put(out, static_cast<std::int64_t>(value.dimensions.size()));
    for (const model::ArrayDimension& dimension : value.dimensions) {
      put(out, static_cast<std::int64_t>(dimension.length));
      put(out, static_cast<std::int64_t>(dimension.lower));
    }
    out += canonical(value.elements);
  }
  void operator()(const model::Uuid& value) const { out.append(value.bytes.begin(), value.bytes.end()); }
};

}  // namespace

std::string canonical(const model::Row& row) {
  std::string out;
  for (const auto& value : row) {
    out += static_cast<char>('A' + value.index());
    std::visit(Canonical{out}, value);
  }
  return out;
}

}  // namespace crossfade::compare
