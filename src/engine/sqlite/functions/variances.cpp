#include <array>
#include <cmath>
#include <deque>
#include <limits>
#include <optional>
#include <utility>

#include "call.hpp"
#include "crossfade/model/numeric_functions.hpp"

namespace crossfade::sqlite::functions {

using namespace model::literals;

namespace {

using model::Numeric;
using model::NumericOperator;
using Made = model::Result<void>;

model::Result<void> no_moving_frame() {
  return model::fail("0A000"_state, "this aggregate over a frame that moves is not supported on SQLite", {}, "It works in the stage \"postgres\".");
}

Answer held(double value) {
  if (std::isnan(value)) return model::fail("0A000"_state, "NaN cannot be held on SQLite", {}, "It works in the stage \"postgres\".");
  return value;
}

int scale_of(const Numeric& value) {
  const std::size_t point = value.text.find('.');
  return point == std::string::npos ? 0 : static_cast<int>(value.text.size() - point - 1);
}

enum class Over : std::uint8_t { population, sample };
enum class Spread : std::uint8_t { variance, deviation };

/// variance and stddev of integers and numerics. Source: PostgreSQL 15, numeric_stddev_internal.
template <Over Whole, Spread What>
class NumericSpread : public State {
 public:
  Made add(const Call& call) override {
    if (call.is_null(0)) return {};
    const Numeric value = std::holds_alternative<std::int64_t>(call.value(0)) ? model::numeric_of(call.integer(0)) : call.numeric(0);
    ++count_;
    if (value.text.contains('N') || value.text.contains('I')) return ++specials_, Made{};
    sum_ = model::calculate_exactly(NumericOperator::add, sum_, value);
    squares_ = model::calculate_exactly(NumericOperator::add, squares_, model::calculate_exactly(NumericOperator::multiply, value, value));
    return {};
  }
  Made remove(const Call& call) override {
    if (call.is_null(0)) return {};
    const Numeric value = std::holds_alternative<std::int64_t>(call.value(0)) ? model::numeric_of(call.integer(0)) : call.numeric(0);
    --count_;
    if (value.text.contains('N') || value.text.contains('I')) return --specials_, Made{};
    sum_ = model::calculate_exactly(NumericOperator::subtract, sum_, value);
    squares_ = model::calculate_exactly(NumericOperator::subtract, squares_, model::calculate_exactly(NumericOperator::multiply, value, value));
    return {};
  }
  Answer result() const override {
    const std::int64_t less = Whole == Over::sample ? 1 : 0;
    if (count_ <= less) return model::Null{};
    if (specials_ > 0) return "NaN";
    const Numeric count = model::numeric_of(count_);
    const Numeric square = model::calculate_exactly(NumericOperator::multiply, sum_, sum_);
    const Numeric counted = model::calculate_exactly(NumericOperator::multiply, count, squares_);
    const Numeric above = model::calculate_exactly(NumericOperator::subtract, counted, square);
    if (model::compare(above, Numeric{"0"}) <= 0) return "0";
    CROSSFADE_TRY(const Numeric below, model::calculate(NumericOperator::multiply, count, model::numeric_of(count_ - less)));
    CROSSFADE_TRY(const Numeric variance, model::calculate(NumericOperator::divide, above, below));
    return numeric_answer(What == Spread::variance ? variance : model::square_root(variance, scale_of(variance)));
  }

 private:
  Numeric sum_{"0"}, squares_{"0"};
  std::int64_t count_ = 0, specials_ = 0;
};

/// N, the sums and the sums of squared differences of pairs (y, x), as PostgreSQL adds them up; of a single value x alone.
/// Source: PostgreSQL 15, float8_accum and float8_regr_accum (Youngs and Cramer).
struct Moments {
  double count = 0, sx = 0, sxx = 0, sy = 0, syy = 0, sxy = 0;

  enum class Of : std::uint8_t { one, pairs };  // PostgreSQL divides for one and multiplies for two, which is not the same in the last bit
  template <Of How>
  Made add(double y, double x) {
    const Moments before = *this;
    ++count;
    sx += x;
    sy += y;
    constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
    if (before.count == 0) {
      if (!std::isfinite(x)) sxx = sxy = kNone;
      if (!std::isfinite(y)) syy = sxy = kNone;
      return {};
    }
    const double dx = x * count - sx, dy = y * count - sy, below = count * before.count, scale = 1.0 / below;
    sxx += How == Of::one ? dx * dx / below : dx * dx * scale;
    syy += dy * dy * scale;
    sxy += dx * dy * scale;
    const bool of_x = !std::isinf(before.sx) && !std::isinf(x), of_y = !std::isinf(before.sy) && !std::isinf(y);
    const bool overflow = ((std::isinf(sx) || std::isinf(sxx)) && of_x) || ((std::isinf(sy) || std::isinf(syy)) && of_y) || (std::isinf(sxy) && of_x && of_y);
    if (overflow) return model::fail("22003"_state, "value out of range: overflow");
    if (std::isinf(sxx) || (How == Of::one && std::isinf(sx))) sxx = kNone;
    if (std::isinf(syy)) syy = kNone;
    if (std::isinf(sxy)) sxy = kNone;
    return {};
  }
};

/// What is made of them; nullopt: NULL.
using Figure = std::optional<double> (*)(const Moments&);

template <Figure Of>
class RealSpread : public State {
 public:
  using Item = double;
  static std::optional<Item> item(const Call& call) { return call.is_null(0) ? std::nullopt : std::optional{call.real(0)}; }
  Made take(Item value) { return moments_.add<Moments::Of::one>(0, value); }
  Made add(const Call& call) override { return call.is_null(0) ? Made{} : take(call.real(0)); }
  Made remove(const Call&) override { return no_moving_frame(); }
  Answer result() const override {
    const auto value = Of(moments_);
    return value ? held(*value) : Answer{model::Null{}};
  }

 private:
  Moments moments_;
};

template <Figure Of>
class Regression : public State {
 public:
  struct Item { double y, x; };
  static std::optional<Item> item(const Call& call) {
    return call.is_null(0) || call.is_null(1) ? std::nullopt : std::optional{Item{call.real(0), call.real(1)}};
  }
  Made take(Item pair) { return moments_.add<Moments::Of::pairs>(pair.y, pair.x); }
  Made add(const Call& call) override {
    const auto pair = item(call);
    return pair ? take(*pair) : Made{};
  }
  Made remove(const Call&) override { return no_moving_frame(); }
  Answer result() const override {
    const auto value = Of(moments_);
    return value ? held(*value) : Answer{model::Null{}};
  }

 private:
  Moments moments_;
};

/// `Whole` over a frame that moves: PostgreSQL takes nothing out of these, but adds the frame up anew, so that the last bit is the same.
/// The binder asks for it (…_frame), since the rows of the frame are kept.
template <class Whole>
class Frame : public State {
 public:
  Made add(const Call& call) override {
    const auto item = Whole::item(call);
    if (!item) return {};
    items_.push_back(*item);
    return stale_ ? Made{} : whole_.take(*item);
  }
  Made remove(const Call& call) override {
    if (!Whole::item(call)) return {};
    items_.pop_front();
    stale_ = true;
    return {};
  }
  Answer result() const override {
    if (std::exchange(stale_, false)) {
      whole_ = Whole{};
      for (const auto& item : items_) CROSSFADE_CHECK(whole_.take(item));
    }
    return whole_.result();
  }

 private:
  mutable Whole whole_;
  mutable bool stale_ = false;
  std::deque<typename Whole::Item> items_;
};

class PairCount : public State {
 public:
  Made add(const Call& call) override { return change(call, 1); }
  Made remove(const Call& call) override { return change(call, -1); }
  Answer result() const override { return count_; }

 private:
  Made change(const Call& call, int sign) {
    if (!call.is_null(0) && !call.is_null(1)) count_ += sign;
    return {};
  }
  std::int64_t count_ = 0;
};

enum class Bits : std::uint8_t { both, either, one };

template <Bits How>
class BitTotal : public State {
 public:
  using Item = std::int64_t;
  static std::optional<Item> item(const Call& call) { return call.is_null(0) ? std::nullopt : std::optional{call.integer(0)}; }
  Made add(const Call& call) override { return call.is_null(0) ? Made{} : take(call.integer(0)); }
  Made take(Item value) {
    total_ = !total_ ? value : How == Bits::both ? *total_ & value : How == Bits::either ? *total_ | value : *total_ ^ value;
    return {};
  }
  Made remove(const Call&) override { return no_moving_frame(); }
  Answer result() const override { return total_ ? Answer{*total_} : Answer{model::Null{}}; }

 private:
  std::optional<std::int64_t> total_;
};

std::optional<double> when(bool some, double value) { return some ? std::optional{value} : std::nullopt; }

std::optional<double> var_pop(const Moments& m) { return when(m.count > 0, m.sxx / m.count); }
std::optional<double> var_samp(const Moments& m) { return when(m.count > 1, m.sxx / (m.count - 1)); }
std::optional<double> stddev_pop(const Moments& m) { return when(m.count > 0, std::sqrt(m.sxx / m.count)); }
std::optional<double> stddev_samp(const Moments& m) { return when(m.count > 1, std::sqrt(m.sxx / (m.count - 1))); }
std::optional<double> regr_sxx(const Moments& m) { return when(m.count > 0, m.sxx); }
std::optional<double> regr_syy(const Moments& m) { return when(m.count > 0, m.syy); }
std::optional<double> regr_sxy(const Moments& m) { return when(m.count > 0, m.sxy); }
std::optional<double> regr_avgx(const Moments& m) { return when(m.count > 0, m.sx / m.count); }
std::optional<double> regr_avgy(const Moments& m) { return when(m.count > 0, m.sy / m.count); }
std::optional<double> covar_pop(const Moments& m) { return when(m.count > 0, m.sxy / m.count); }
std::optional<double> covar_samp(const Moments& m) { return when(m.count > 1, m.sxy / (m.count - 1)); }
std::optional<double> corr(const Moments& m) { return when(m.count > 0 && m.sxx != 0 && m.syy != 0, m.sxy / std::sqrt(m.sxx * m.syy)); }
std::optional<double> regr_r2(const Moments& m) {
  return when(m.count > 0 && m.sxx != 0, m.syy == 0 ? 1.0 : (m.sxy * m.sxy) / (m.sxx * m.syy));
}
std::optional<double> regr_slope(const Moments& m) { return when(m.count > 0 && m.sxx != 0, m.sxy / m.sxx); }
std::optional<double> regr_intercept(const Moments& m) { return when(m.count > 0 && m.sxx != 0, (m.sy - m.sx * m.sxy / m.sxx) / m.count); }

template <class T>
State* made() { return new T; }

constexpr std::array kVariances{
    Aggregate{"crossfade_var_pop", 1, made<NumericSpread<Over::population, Spread::variance>>},
    Aggregate{"crossfade_var_samp", 1, made<NumericSpread<Over::sample, Spread::variance>>},
    Aggregate{"crossfade_stddev_pop", 1, made<NumericSpread<Over::population, Spread::deviation>>},
    Aggregate{"crossfade_stddev_samp", 1, made<NumericSpread<Over::sample, Spread::deviation>>},
    Aggregate{"crossfade_var_pop_float8", 1, made<RealSpread<var_pop>>},
    Aggregate{"crossfade_var_samp_float8", 1, made<RealSpread<var_samp>>},
    Aggregate{"crossfade_stddev_pop_float8", 1, made<RealSpread<stddev_pop>>},
    Aggregate{"crossfade_stddev_samp_float8", 1, made<RealSpread<stddev_samp>>},
    Aggregate{"crossfade_regr_count", 2, made<PairCount>},
    Aggregate{"crossfade_regr_sxx", 2, made<Regression<regr_sxx>>},
    Aggregate{"crossfade_regr_syy", 2, made<Regression<regr_syy>>},
    Aggregate{"crossfade_regr_sxy", 2, made<Regression<regr_sxy>>},
    Aggregate{"crossfade_regr_avgx", 2, made<Regression<regr_avgx>>},
    Aggregate{"crossfade_regr_avgy", 2, made<Regression<regr_avgy>>},
    Aggregate{"crossfade_regr_r2", 2, made<Regression<regr_r2>>},
    Aggregate{"crossfade_regr_slope", 2, made<Regression<regr_slope>>},
    Aggregate{"crossfade_regr_intercept", 2, made<Regression<regr_intercept>>},
    Aggregate{"crossfade_covar_pop", 2, made<Regression<covar_pop>>},
    Aggregate{"crossfade_covar_samp", 2, made<Regression<covar_samp>>},
    Aggregate{"crossfade_corr", 2, made<Regression<corr>>},
    Aggregate{"crossfade_bit_and", 1, made<BitTotal<Bits::both>>},
    Aggregate{"crossfade_bit_or", 1, made<BitTotal<Bits::either>>},
    Aggregate{"crossfade_bit_xor", 1, made<BitTotal<Bits::one>>},
    Aggregate{"crossfade_var_pop_float8_frame", 1, made<Frame<RealSpread<var_pop>>>},
    Aggregate{"crossfade_var_samp_float8_frame", 1, made<Frame<RealSpread<var_samp>>>},
    Aggregate{"crossfade_stddev_pop_float8_frame", 1, made<Frame<RealSpread<stddev_pop>>>},
    Aggregate{"crossfade_stddev_samp_float8_frame", 1, made<Frame<RealSpread<stddev_samp>>>},
    Aggregate{"crossfade_regr_sxx_frame", 2, made<Frame<Regression<regr_sxx>>>},
    Aggregate{"crossfade_regr_syy_frame", 2, made<Frame<Regression<regr_syy>>>},
    Aggregate{"crossfade_regr_sxy_frame", 2, made<Frame<Regression<regr_sxy>>>},
    Aggregate{"crossfade_regr_avgx_frame", 2, made<Frame<Regression<regr_avgx>>>},
    Aggregate{"crossfade_regr_avgy_frame", 2, made<Frame<Regression<regr_avgy>>>},
    Aggregate{"crossfade_regr_r2_frame", 2, made<Frame<Regression<regr_r2>>>},
    Aggregate{"crossfade_regr_slope_frame", 2, made<Frame<Regression<regr_slope>>>},
    Aggregate{"crossfade_regr_intercept_frame", 2, made<Frame<Regression<regr_intercept>>>},
    Aggregate{"crossfade_covar_pop_frame", 2, made<Frame<Regression<covar_pop>>>},
    Aggregate{"crossfade_covar_samp_frame", 2, made<Frame<Regression<covar_samp>>>},
    Aggregate{"crossfade_corr_frame", 2, made<Frame<Regression<corr>>>},
    Aggregate{"crossfade_bit_and_frame", 1, made<Frame<BitTotal<Bits::both>>>},
    Aggregate{"crossfade_bit_or_frame", 1, made<Frame<BitTotal<Bits::either>>>},
    Aggregate{"crossfade_bit_xor_frame", 1, made<Frame<BitTotal<Bits::one>>>},
};

}  // namespace

std::span<const Aggregate> variance_aggregates() { return kVariances; }

}  // namespace crossfade::sqlite::functions
