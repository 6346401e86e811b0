#include <array>
#include <cmath>

#include "call.hpp"

namespace crossfade::sqlite::functions {

using namespace model::literals;

namespace trigonometry {

// Angles in degrees: exact at the multiples of 30 and 45, each half of a quadrant scaled by what the C library says at its end.
// Source: PostgreSQL 15, float.c: sind_q1, cosd_q1, asind_q1, acosd_q1 and what calls them. `volatile`: nothing is computed in advance or fused.

constexpr double kRadiansPerDegree = 0.0174532925199432957692;

struct Ends {
  volatile double sin_30 = std::sin(30.0 * kRadiansPerDegree), one_minus_cos_60 = 1.0 - std::cos(60.0 * kRadiansPerDegree), asin_half = std::asin(0.5),
                  acos_half = std::acos(0.5), atan_1 = std::atan(1.0);
};
const Ends& ends() {
  static const Ends made;
  return made;
}

double sin_to_30(double x) {
  const volatile double sine = std::sin(x * kRadiansPerDegree);
  return (sine / ends().sin_30) / 2.0;
}
double cos_to_60(double x) {
  const volatile double below_1 = 1.0 - std::cos(x * kRadiansPerDegree);
  return 1.0 - (below_1 / ends().one_minus_cos_60) / 2.0;
}
double sin_to_90(double x) { return x <= 30.0 ? sin_to_30(x) : cos_to_60(90.0 - x); }
double cos_to_90(double x) { return x <= 60.0 ? cos_to_60(x) : sin_to_30(90.0 - x); }
double asin_to_1(double x) {
  if (x > 0.5) {
    const volatile double cosine = std::acos(x);
    return 90.0 - (cosine / ends().acos_half) * 60.0;
  }
  const volatile double sine = std::asin(x);
  return (sine / ends().asin_half) * 30.0;
}
double acos_to_1(double x) {
  if (x > 0.5) {
    const volatile double cosine = std::acos(x);
    return (cosine / ends().acos_half) * 60.0;
  }
  const volatile double sine = std::asin(x);
  return 90.0 - (sine / ends().asin_half) * 30.0;
}

/// The angle of the first quadrant that has the same sine, cosine or tangent but for the sign.
struct Folded { double angle; bool below_0 = false, above_180 = false, above_90 = false; };
Folded folded(double angle) {
  Folded out{std::fmod(angle, 360.0)};
  if (out.angle < 0.0) out.angle = -out.angle, out.below_0 = true;
  if (out.angle > 180.0) out.angle = 360.0 - out.angle, out.above_180 = true;
  if (out.angle > 90.0) out.angle = 180.0 - out.angle, out.above_90 = true;
  return out;
}

double sine(double x) {
  const Folded at = folded(x);
  return (at.below_0 != at.above_180 ? -1 : 1) * sin_to_90(at.angle);
}
double cosine(double x) {
  const Folded at = folded(x);
  return (at.above_90 ? -1 : 1) * cos_to_90(at.angle);
}
double signed_ratio(const Folded& at, double ratio, double at_45) {
  const double result = ((at.below_0 != at.above_180) != at.above_90 ? -1 : 1) * (ratio / at_45);
  return result == 0.0 ? 0.0 : result;
}
double tangent(double x) {
  const Folded at = folded(x);
  const volatile double own = sin_to_90(at.angle) / cos_to_90(at.angle), at_45 = sin_to_90(45.0) / cos_to_90(45.0);
  return signed_ratio(at, own, at_45);
}
double cotangent(double x) {
  const Folded at = folded(x);
  const volatile double own = cos_to_90(at.angle) / sin_to_90(at.angle), at_45 = cos_to_90(45.0) / sin_to_90(45.0);
  return signed_ratio(at, own, at_45);
}
double arc_sine(double x) { return x >= 0.0 ? asin_to_1(x) : -asin_to_1(-x); }
double arc_cosine(double x) { return x >= 0.0 ? acos_to_1(x) : 90.0 + asin_to_1(-x); }
double arc_tangent(double x) {
  const volatile double radians = std::atan(x);
  return (radians / ends().atan_1) * 45.0;
}

Answer arc_tangent_of_two(const Call& call) {
  const volatile double radians = std::atan2(call.real(0), call.real(1));
  return (radians / ends().atan_1) * 45.0;
}

double plain_cotangent(double x) { return 1.0 / std::tan(x); }

Answer out_of_range() { return model::fail("22003"_state, "input is out of range"); }

/// What every finite number has; of a value as SQLite holds it: -0 is 0.
template <double (*Of)(double)>
Answer of_finite(const Call& call) { return std::isinf(call.real(0)) ? out_of_range() : Answer{Of(call.real(0))}; }
template <double (*Of)(double)>
Answer of_unit(const Call& call) { return std::abs(call.real(0)) > 1.0 ? out_of_range() : Answer{Of(call.real(0))}; }
template <double (*Of)(double)>
Answer of_any(const Call& call) { return Of(call.real(0)); }
Answer arc_cosh(const Call& call) { return call.real(0) < 1.0 ? out_of_range() : Answer{std::acosh(call.real(0))}; }

constexpr std::array kDegreeFunctions{
    Function{"crossfade_sind", 1, of_finite<sine>},        Function{"crossfade_cosd", 1, of_finite<cosine>},
    Function{"crossfade_tand", 1, of_finite<tangent>},     Function{"crossfade_cotd", 1, of_finite<cotangent>},
    Function{"crossfade_cot", 1, of_finite<plain_cotangent>},
    Function{"crossfade_asind", 1, of_unit<arc_sine>},     Function{"crossfade_acosd", 1, of_unit<arc_cosine>},
    Function{"crossfade_atand", 1, of_any<arc_tangent>},   Function{"crossfade_atan2d", 2, arc_tangent_of_two},
    Function{"crossfade_sinh", 1, of_any<std::sinh>},      Function{"crossfade_cosh", 1, of_any<std::cosh>},
    Function{"crossfade_tanh", 1, of_any<std::tanh>},      Function{"crossfade_asinh", 1, of_any<std::asinh>},
    Function{"crossfade_acosh", 1, arc_cosh},              Function{"crossfade_atanh", 1, of_unit<std::atanh>},
};

}  // namespace trigonometry

std::span<const Function> degree_functions() { return trigonometry::kDegreeFunctions; }

}  // namespace crossfade::sqlite::functions
