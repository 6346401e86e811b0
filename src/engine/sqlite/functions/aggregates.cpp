#include <algorithm>
#include <array>
#include <cmath>
#include <deque>
#include <limits>
#include <map>
#include <optional>

#include "call.hpp"
#include "crossfade/model/datetime.hpp"
#include "crossfade/model/numeric.hpp"
#include "order.hpp"

namespace crossfade::sqlite::functions {

using namespace model::literals;

namespace {

using model::Numeric;
using model::NumericOperator;
using Done = model::Result<void>;
__extension__ using Int128 = __int128;

std::string decimal(Int128 value) {
  const bool negative = value < 0;
  std::string text;
  do {
    const int digit = static_cast<int>(value % 10);
    text.insert(text.begin(), static_cast<char>('0' + (digit < 0 ? -digit : digit)));
    value /= 10;
  } while (value != 0);
  return negative ? "-" + text : text;
}

Answer mean(const Numeric& sum, std::int64_t count) {
  return numeric_answer(model::calculate(NumericOperator::divide, sum, model::numeric_of(count)));
}

enum class Give : std::uint8_t { sum, mean };

/// sum(int8) and avg(int2, int4, int8): numeric, exact.
template <Give What>
class IntegerSum : public State {
 public:
  Done add(const Call& call) override { return change(call, 1); }
  Done remove(const Call& call) override { return change(call, -1); }
  Answer result() const override {
    if (count_ == 0) return model::Null{};
    return What == Give::sum ? Answer{decimal(sum_)} : mean({decimal(sum_)}, count_);
  }

 private:
  Done change(const Call& call, int sign) {
    if (call.is_null(0)) return {};
    sum_ += sign * Int128{call.integer(0)};
    count_ += sign;
    return {};
  }
  Int128 sum_ = 0;
  std::int64_t count_ = 0;
};

/// sum(numeric) and avg(numeric). What leaves a window's frame takes its digits and its NaN with it.
template <Give What>
class NumericSum : public State {
 public:
  Done add(const Call& call) override { return change(call, NumericOperator::add, 1); }
  Done remove(const Call& call) override { return change(call, NumericOperator::subtract, -1); }
  Answer result() const override {
    if (count_ == 0) return model::Null{};
    const Numeric sum = specials_.empty() ? Numeric{with_scale(sum_.text)} : special_sum();
    return What == Give::sum ? Answer{sum.text} : mean(sum, count_);
  }

 private:
  static bool is_special(const std::string& text) { return text.contains('N') || text.contains('I'); }  // NaN, ±Infinity
  static void count(auto& counts, const auto& key, int sign) {
    if ((counts[key] += sign) == 0) counts.erase(key);
  }
  Done change(const Call& call, NumericOperator operation, int sign) {
    if (call.is_null(0)) return {};
    const Numeric value = call.numeric(0);
    count_ += sign;
    if (is_special(value.text)) return count(specials_, value.text, sign), Done{};
    const std::size_t point = value.text.find('.');
    count(scales_, point == std::string::npos ? std::size_t{0} : value.text.size() - point - 1, sign);
    CROSSFADE_TRY(sum_, model::calculate(operation, sum_, value));
    return {};
  }
  Numeric special_sum() const { return specials_.size() > 1 || specials_.contains("NaN") ? Numeric{"NaN"} : Numeric{specials_.begin()->first}; }
  /// The digits of rows that have left are zeros at the end.
  std::string with_scale(const std::string& text) const {
    const std::size_t point = text.find('.'), scale = scales_.empty() ? 0 : scales_.rbegin()->first;
    if (point == std::string::npos) return text;
    std::string cut = text.substr(0, scale == 0 ? point : point + 1 + scale);
    return cut.starts_with('-') && cut.find_first_of("123456789") == std::string::npos ? cut.substr(1) : cut;
  }

  Numeric sum_{"0"};
  std::int64_t count_ = 0;
  std::map<std::size_t, std::int64_t> scales_;       // digits after the point → rows in the frame
  std::map<std::string, std::int64_t> specials_;     // NaN, ±Infinity → rows in the frame
};

/// sum(real), sum(double precision) and avg of both as PostgreSQL adds them up: in order, each sum rounded to `Real`.
/// avg also keeps the sum of squared differences, for PostgreSQL does and reports its overflow.
template <class Real, Give What>
class RealTotal {
 public:
  Done add(Real value) {
    const bool expected = std::isinf(total_) || std::isinf(value);
    const Real before = total_;
    total_ += value;
    ++count_;
    if (std::isinf(total_) && !expected) return overflow();
    if (What == Give::sum) return {};
    if (count_ > 1) {
      const Real difference = value * static_cast<Real>(count_) - total_;
      squares_ += difference * difference / (static_cast<Real>(count_) * static_cast<Real>(count_ - 1));
      if (std::isinf(squares_) && !std::isinf(before) && !std::isinf(value)) return overflow();
    }
    if (std::isinf(total_) || std::isinf(squares_)) squares_ = std::numeric_limits<Real>::quiet_NaN();
    return {};
  }
  Answer result() const {
    if (count_ == 0) return model::Null{};
    if (std::isnan(total_)) return model::fail("0A000"_state, "NaN cannot be held on SQLite", {}, "It works in the stage \"postgres\".");
    return What == Give::sum ? double{total_} : double{total_} / static_cast<double>(count_);
  }

 private:
  static Done overflow() { return model::fail("22003"_state, "value out of range: overflow"); }
  Real total_ = 0, squares_ = 0;
  std::int64_t count_ = 0;
};

template <class Real, Give What>
class RealSum : public State {
 public:
  Done add(const Call& call) override { return call.is_null(0) ? Done{} : total_.add(static_cast<Real>(call.real(0))); }
  Done remove(const Call&) override { return model::fail("XX000"_state, "this sum is not for frames that move"); }
  Answer result() const override { return total_.result(); }

 private:
  RealTotal<Real, What> total_;
};

/// The same over a frame that moves: PostgreSQL adds each frame up anew.
template <class Real, Give What>
class FrameSum : public State {
 public:
  Done add(const Call& call) override {
    if (!call.is_null(0)) frame_.push_back(static_cast<Real>(call.real(0)));
    return {};
  }
  Done remove(const Call& call) override {
    if (!call.is_null(0)) frame_.pop_front();
    return {};
  }
  Answer result() const override {
    RealTotal<Real, What> total;
    for (const Real value : frame_) CROSSFADE_CHECK(total.add(value));
    return total.result();
  }

 private:
  std::deque<Real> frame_;
};

template <Give What>
class IntervalSum : public State {
 public:
  Done add(const Call& call) override { return change(call, 1); }
  Done remove(const Call& call) override { return change(call, -1); }
  Answer result() const override {
    if (count_ == 0) return model::Null{};
    if (What == Give::sum) return interval_answer(sum_);
    return interval_answer(model::divide(sum_, static_cast<double>(count_)));
  }

 private:
  Done change(const Call& call, int sign) {
    if (call.is_null(0)) return {};
    CROSSFADE_TRY(const model::Interval interval, call.interval(0));
    CROSSFADE_TRY(const model::Interval change, sign > 0 ? model::Result<model::Interval>{interval} : model::negate(interval));
    CROSSFADE_TRY(sum_, model::add(sum_, change));
    count_ += sign;
    return {};
  }
  model::Interval sum_;
  std::int64_t count_ = 0;
};

/// The one row of a scalar subquery.
class OnlyRow : public State {
 public:
  Done add(const Call& call) override {
    if (value_) return model::fail("21000"_state, "more than one row returned by a subquery used as an expression");
    value_ = call.value(0);
    return {};
  }
  Done remove(const Call&) override { return model::fail("XX000"_state, "a scalar subquery is no window function"); }
  Answer result() const override { return value_.value_or(model::Null{}); }

 private:
  std::optional<StorageValue> value_;
};

/// crossfade_string_agg(value, separator, spec, key …): rows ordered by the keys. `spec` has three characters for each key:
/// 'a' or 'd' (ascending, descending), 'f' or 'l' (NULLs first, last), and one of OrderKind. "u" before them: rows of the same keys count once.
template <class Made>
class OrderedText : public State {
 public:
  Done add(const Call& call) override {
    if (call.is_null(0)) return {};
    Item item{std::string{call.bytes(0)}, std::string{call.bytes(1)}, {}};
    for (std::size_t i = kFirstKey; i < call.size(); ++i) item.keys.push_back(call.value(i));
    spec_ = call.string(2);
    unique_ = spec_.starts_with('u');
    if (unique_) spec_.erase(0, 1);
    items_.push_back(std::move(item));
    return {};
  }
  Done remove(const Call&) override {
    return model::fail("0A000"_state, "aggregate ORDER BY is not implemented for window functions");
  }
  Answer result() const override {
    if (items_.empty()) return model::Null{};
    std::vector<const Item*> sorted;
    for (const Item& item : items_) sorted.push_back(&item);
    std::ranges::sort(sorted, [&](const Item* a, const Item* b) { return before(*a, *b) || (!before(*b, *a) && a < b); });
    if (unique_) {
      const auto again = std::ranges::unique(sorted, [&](const Item* a, const Item* b) { return !before(*a, *b) && !before(*b, *a); });
      sorted.erase(again.begin(), again.end());
    }
    std::string text = sorted.front()->value;
    for (std::size_t i = 1; i < sorted.size(); ++i) text += sorted[i]->separator + sorted[i]->value;
    return Made{std::move(text)};
  }

 private:
  static constexpr std::size_t kFirstKey = 3;
  struct Item { std::string value, separator; std::vector<StorageValue> keys; };

  bool before(const Item& a, const Item& b) const {
    for (std::size_t i = 0; i < a.keys.size(); ++i) {
      const int order = compare(a.keys[i], b.keys[i], std::string_view{spec_}.substr(i * 3, 3));
      if (order != 0) return order < 0;
    }
    return false;
  }
  static int compare(const StorageValue& a, const StorageValue& b, std::string_view spec) {
    const bool a_null = std::holds_alternative<model::Null>(a), b_null = std::holds_alternative<model::Null>(b);
    if (a_null || b_null) return a_null == b_null ? 0 : (a_null == (spec[1] == 'f') ? -1 : 1);
    const int order = functions::compare(a, b, static_cast<OrderKind>(spec[2]));
    return spec[0] == 'd' ? -order : order;
  }

  std::vector<Item> items_;
  std::string spec_;
  bool unique_ = false;
};

/// crossfade_string_agg_frame(value, separator) over a window; SQLite's group_concat makes NULL of nothing but empty strings there.
template <class Made>
class FrameText : public State {
 public:
  Done add(const Call& call) override {
    if (call.is_null(0)) return {};
    const std::string separator{call.is_null(1) ? std::string_view{} : call.bytes(1)}, value{call.bytes(0)};
    if (!sizes_.empty()) text_ += separator;
    text_ += value;
    sizes_.push_back({separator.size(), value.size()});
    return {};
  }
  Done remove(const Call& call) override {
    if (call.is_null(0)) return {};
    const std::size_t gone = sizes_.front().value;
    sizes_.pop_front();
    text_.erase(0, gone + (sizes_.empty() ? 0 : sizes_.front().separator));
    return {};
  }
  Answer result() const override { return sizes_.empty() ? Answer{model::Null{}} : Answer{Made{text_}}; }

 private:
  struct Size { std::size_t separator, value; };
  std::string text_;
  std::deque<Size> sizes_;
};

template <class T>
State* make() { return new T; }

constexpr std::array kAggregates{
    Aggregate{"crossfade_sum_int8", 1, make<IntegerSum<Give::sum>>},
    Aggregate{"crossfade_avg_int", 1, make<IntegerSum<Give::mean>>},
    Aggregate{"crossfade_sum_numeric", 1, make<NumericSum<Give::sum>>},
    Aggregate{"crossfade_avg_numeric", 1, make<NumericSum<Give::mean>>},
    Aggregate{"crossfade_sum_float4", 1, make<RealSum<float, Give::sum>>},
    Aggregate{"crossfade_sum_float8", 1, make<RealSum<double, Give::sum>>},
    Aggregate{"crossfade_avg_float8", 1, make<RealSum<double, Give::mean>>},
    Aggregate{"crossfade_sum_float4_frame", 1, make<FrameSum<float, Give::sum>>},
    Aggregate{"crossfade_sum_float8_frame", 1, make<FrameSum<double, Give::sum>>},
    Aggregate{"crossfade_avg_float8_frame", 1, make<FrameSum<double, Give::mean>>},
    Aggregate{"crossfade_sum_interval", 1, make<IntervalSum<Give::sum>>},
    Aggregate{"crossfade_avg_interval", 1, make<IntervalSum<Give::mean>>},
    Aggregate{"crossfade_only_row", 1, make<OnlyRow>},
    Aggregate{"crossfade_string_agg", -1, make<OrderedText<std::string>>},
    Aggregate{"crossfade_string_agg_frame", 2, make<FrameText<std::string>>},
    Aggregate{"crossfade_bytes_agg", -1, make<OrderedText<model::Bytes>>},
    Aggregate{"crossfade_bytes_agg_frame", 2, make<FrameText<model::Bytes>>},
};

}  // namespace

std::span<const Aggregate> aggregates() { return kAggregates; }

}  // namespace crossfade::sqlite::functions
