#include "casts.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <limits>

#include "call.hpp"
#include "crossfade/model/datetime.hpp"
#include "crossfade/model/json.hpp"
#include "crossfade/model/numeric.hpp"

namespace crossfade::sqlite::functions {

using namespace model::literals;
namespace oid = model::oid;

namespace {

using model::Result;
using model::Value;

bool textual(model::Oid type) {
  return type == oid::text || type == oid::varchar || type == oid::bpchar || type == oid::name || type == oid::char_;
}

struct IntegerRange { model::Oid type; std::int64_t low, high; const char* message; };
constexpr std::array kRanges{
    IntegerRange{oid::int2, -32'768, 32'767, "smallint out of range"},
    IntegerRange{oid::int4, -2'147'483'648, 2'147'483'647, "integer out of range"},
    IntegerRange{oid::int8, std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max(), "bigint out of range"},
    IntegerRange{oid::oid, 0, 4'294'967'295, "OID out of range"},
};
const IntegerRange* range_of(model::Oid type) {
  for (const IntegerRange& range : kRanges) {
    if (range.type == type) return &range;
  }
  return nullptr;
}

Result<Value> no_cast(model::Type from, model::Type to) {
  return model::fail("42846"_state, "cannot cast type " + model::format_type(from) + " to " + model::format_type(to));
}

constexpr std::int64_t kUint32Values = 4'294'967'296;
bool narrow(model::Type type) { return type.oid == oid::int2 || type.oid == oid::int4; }

Result<Value> to_integer(const Value& value, model::Type from, const IntegerRange& range) {
  std::int64_t result = 0;
  if (const auto* whole = std::get_if<std::int64_t>(&value)) {
    result = *whole;
  } else if (const auto* flag = std::get_if<bool>(&value)) {
    result = *flag ? 1 : 0;
  } else if (const auto* real = std::get_if<double>(&value)) {
    const double rounded = std::nearbyint(*real);
    if (!(rounded >= -0x1p63 && rounded < 0x1p63)) return model::fail("22003"_state, range.message);
    result = static_cast<std::int64_t>(rounded);
  } else {
    const auto& numeric = std::get<model::Numeric>(value);
    if (numeric.text == "NaN" || numeric.text.ends_with("Infinity")) {
      const char* what = numeric.text == "NaN" ? "NaN" : "infinity";
      return model::fail("0A000"_state, std::string{"cannot convert "} + what + " to " + std::string{model::find_type(range.type)->sql_name});
    }
    const auto rounded = model::to_int64(numeric);
    if (!rounded) return model::fail("22003"_state, range.message);
    result = *rounded;
  }
  if (range.type == oid::oid && narrow(from) && result < 0) result += kUint32Values;  // an int4's bits are kept
  if (result < range.low || result > range.high) return model::fail("22003"_state, range.message);
  return result;
}

/// PostgreSQL keeps the digits that the type guarantees (DBL_DIG, FLT_DIG), not the shortest that read back.
Result<model::Numeric> numeric_of_real(double value, int digits) {
  std::array<char, 64> buffer;
  const int size = std::snprintf(buffer.data(), buffer.size(), "%.*g", digits, value);
  if (std::isinf(value)) return model::Numeric{value > 0 ? "Infinity" : "-Infinity"};
  return model::parse_numeric({buffer.data(), static_cast<std::size_t>(size)});
}

Result<Value> to_numeric(const Value& value, model::Type from, model::Type to) {
  Result<model::Numeric> numeric = model::Numeric{};
  if (const auto* whole = std::get_if<std::int64_t>(&value)) numeric = model::numeric_of(*whole);
  else if (const auto* real = std::get_if<double>(&value)) numeric = numeric_of_real(*real, from.oid == oid::float4 ? 6 : 15);
  else numeric = std::get<model::Numeric>(value);
  if (numeric && to.modifier != -1) numeric = model::apply_modifier(*numeric, to.modifier);
  if (!numeric) return std::unexpected(numeric.error());
  return Value{*numeric};
}

Result<Value> to_real(const Value& value, model::Type to) {
  double result = 0;
  if (const auto* whole = std::get_if<std::int64_t>(&value)) result = static_cast<double>(*whole);
  else if (const auto* real = std::get_if<double>(&value)) result = *real;
  else result = model::to_double(std::get<model::Numeric>(value));
  const auto* numeric = std::get_if<model::Numeric>(&value);
  const double read = to.oid == oid::float8 ? result : double{static_cast<float>(result)};
  if (numeric) {  // PostgreSQL reads its text
    const bool vanishes = read == 0 && numeric->text.find_first_of("123456789") != std::string::npos;
    if ((std::isinf(read) && !numeric->text.ends_with("Infinity")) || vanishes) {
      return model::fail("22003"_state, "\"" + numeric->text + "\" is out of range for type " + std::string{model::find_type(to.oid)->sql_name});
    }
    return to.oid == oid::float8 ? Result<Value>{read} : model::parse_text(numeric->text, to);
  }
  if (std::isinf(read) && !std::isinf(result)) return model::fail("22003"_state, "value out of range: overflow");
  if (read == 0 && result != 0) return model::fail("22003"_state, "value out of range: underflow");
  return read;
}

std::int64_t floor_days(std::int64_t micros) {
  return micros / model::kMicrosPerDay - (micros % model::kMicrosPerDay < 0 ? 1 : 0);
}

/// µs of a point in time as the local time of the session's zone; infinities stay.
Result<std::optional<std::int64_t>> local_micros(const Value& value, const model::TimeZone& zone) {
  const auto infinite = [](std::int64_t micros) { return micros == model::kTimestampInfinity || micros == model::kTimestampMinusInfinity; };
  if (const auto* date = std::get_if<model::Date>(&value)) {
    CROSSFADE_TRY(const std::int64_t midnight, model::timestamp_of_date(date->days));
    return midnight;
  }
  if (const auto* stamp = std::get_if<model::Timestamp>(&value)) return stamp->micros;
  if (const auto* stamp = std::get_if<model::TimestampTz>(&value)) {
    return infinite(stamp->micros) ? stamp->micros : zone.to_local(stamp->micros);
  }
  return std::nullopt;
}

/// timestamp(p): rounded half away from zero to p digits.
std::int64_t with_precision(std::int64_t micros, std::int32_t precision) {
  if (precision < 0 || precision >= 6 || micros == model::kTimestampInfinity || micros == model::kTimestampMinusInfinity) return micros;
  std::int64_t unit = 1;
  for (int digit = precision; digit < 6; ++digit) unit *= 10;
  const std::int64_t half = micros < 0 ? -unit / 2 : unit / 2;
  return (micros + half) / unit * unit;
}

Result<Value> to_point(const Value& value, model::Type from, model::Type to, const model::TextStyle& style) {
  const bool zoned = from.oid == oid::timestamptz;
  if (to.oid == oid::timestamptz && zoned) {
    return Value{model::TimestampTz{with_precision(std::get<model::TimestampTz>(value).micros, to.modifier)}};
  }
  CROSSFADE_TRY(const std::optional<std::int64_t> local, local_micros(value, style.zone));
  if (!local) return no_cast(from, to);
  const bool infinite = *local == model::kTimestampInfinity || *local == model::kTimestampMinusInfinity;
  if (to.oid == oid::timestamp) return Value{model::Timestamp{with_precision(*local, to.modifier)}};
  if (to.oid == oid::timestamptz) {
    const std::int64_t utc = infinite ? *local : style.zone.to_utc(*local);
    if (!infinite && !model::is_valid_timestamp(utc)) return model::fail("22008"_state, "timestamp out of range");
    return Value{model::TimestampTz{with_precision(utc, to.modifier)}};
  }
  if (to.oid == oid::date) {
    if (infinite) return Value{model::Date{*local > 0 ? model::kDateInfinity : model::kDateMinusInfinity}};
    return Value{model::Date{static_cast<std::int32_t>(floor_days(*local))}};
  }
  if (infinite) return Value{model::Null{}};
  return Value{model::Time{with_precision(*local - floor_days(*local) * model::kMicrosPerDay, to.modifier)}};
}

Result<Value> to_text_type(const Value& value, model::Type from, model::Type to, CastKind kind, const model::TextStyle& style) {
  std::string text;
  const bool words = to.oid != oid::name && to.oid != oid::char_;  // they have no cast of boolean's own
  if (const auto* flag = std::get_if<bool>(&value); flag && words) text = *flag ? "true" : "false";
  else if (const auto* already = std::get_if<std::string>(&value)) text = *already;
  else text = model::to_text(value, from, style);
  if (from.oid == oid::bpchar && to.oid != oid::bpchar) text.erase(text.find_last_not_of(' ') + 1);
  constexpr std::int32_t kHeader = 4;
  if (kind == CastKind::explicit_ && to.modifier >= kHeader) {
    std::size_t bytes = 0;
    for (std::int32_t characters = 0; bytes < text.size(); ++bytes) {
      if ((static_cast<unsigned char>(text[bytes]) & 0xC0U) != 0x80U && characters++ == to.modifier - kHeader) break;
    }
    text.resize(bytes);
  }
  return model::parse_text(text, to, style);
}

bool timed(model::Oid type) { return type == oid::time || type == oid::timetz || type == oid::timestamptz; }

/// timetz from time (in the session's zone of today), from timestamptz, and back.
Result<Value> timetz_cast(const Value& value, model::Type to, const model::TextStyle& style) {
  if (const auto* zoned = std::get_if<model::TimeTz>(&value)) {
    const std::int64_t micros = with_precision(zoned->micros, to.modifier);
    return to.oid == oid::time ? Value{model::Time{micros}} : Value{model::TimeTz{micros, zoned->offset}};
  }
  if (const auto* stamp = std::get_if<model::TimestampTz>(&value)) {
    if (model::infinite(stamp->micros)) return Value{model::Null{}};
    const std::int64_t local = style.zone.to_local(stamp->micros);
    const auto offset = static_cast<std::int32_t>(style.zone.offset_at(stamp->micros).count());
    return Value{model::TimeTz{with_precision(local - floor_days(local) * model::kMicrosPerDay, to.modifier), offset}};
  }
  return model::parse_text(model::to_text(value, {oid::time}), to, style);
}

bool real(model::Oid type) { return type == oid::float4 || type == oid::float8; }
bool point_in_time(model::Oid type) {
  return type == oid::date || type == oid::timestamp || type == oid::timestamptz || type == oid::time;
}
bool number(const Value& value) {
  return std::holds_alternative<std::int64_t>(value) || std::holds_alternative<double>(value) || std::holds_alternative<model::Numeric>(value);
}

Result<Value> convert_elements(const model::Array& value, model::Type from, model::Type to, CastKind kind, const model::TextStyle& style) {
  model::Array out{{}, value.dimensions};
  for (const Value& each : value.elements) {
    CROSSFADE_TRY(Value converted, convert(each, from, to, kind, style));
    out.elements.push_back(std::move(converted));
  }
  return Value{std::move(out)};
}

/// jsonb as a number or a boolean: it must hold one.
Result<Value> convert_jsonb(const std::string& text, model::Type to, CastKind kind, const model::TextStyle& style) {
  struct Kind { char begin; const char* name; };
  static constexpr std::array kKinds{Kind{'n', "null"}, Kind{'"', "string"}, Kind{'t', "boolean"}, Kind{'f', "boolean"}, Kind{'[', "array"}, Kind{'{', "object"}};
  const auto* other = std::ranges::find(kKinds, text.empty() ? 'n' : text.front(), &Kind::begin);
  const bool boolean = to.oid == oid::boolean, holds = other == kKinds.end() ? !boolean : boolean && std::string_view{other->name} == "boolean";
  if (!holds) {
    return model::fail("22023"_state, std::string{"cannot cast jsonb "} + (other == kKinds.end() ? "numeric" : other->name) + " to type " +
                                          std::string{model::find_type(to.oid)->sql_name});
  }
  if (boolean) return Value{text == "true"};
  return convert(Value{model::Numeric{text}}, {oid::numeric}, to, kind, style);
}

}  // namespace

Result<Value> convert(const Value& value, model::Type from, model::Type to, CastKind kind, const model::TextStyle& style) {
  if (model::is_null(value)) return value;
  if (textual(to.oid)) return to_text_type(value, from, to, kind, style);
  if (textual(from.oid)) {  // an array's strings are those of a cast: cut at their length
    const auto strings = model::element_of(to);
    const bool cut = strings && textual(strings->oid) && strings->modifier >= 0;
    CROSSFADE_TRY(Value read, model::parse_text(std::get<std::string>(value), cut ? model::Type{to.oid} : to, style));
    return cut ? convert(read, {to.oid}, to, kind, style) : Result<Value>{std::move(read)};
  }
  const auto element = model::element_of(from), wanted = model::element_of(to);
  if (element && wanted) return convert_elements(std::get<model::Array>(value), *element, *wanted, kind, style);
  if (const auto* json = std::get_if<model::Json>(&value); json && from.oid == oid::jsonb && to.oid != oid::json && to.oid != oid::jsonb) {
    return convert_jsonb(json->text, to, kind, style);
  }
  const IntegerRange* range = range_of(to.oid);
  if (range && (number(value) || std::holds_alternative<bool>(value))) return to_integer(value, from, *range);
  if (to.oid == oid::numeric && number(value)) return to_numeric(value, from, to);
  if (real(to.oid) && number(value)) return to_real(value, to);
  if (to.oid == oid::boolean && std::holds_alternative<std::int64_t>(value)) return std::get<std::int64_t>(value) != 0;
  if (to.oid == oid::interval && from.oid == oid::time) {
    return Value{model::apply_interval_modifier(model::Interval{std::get<model::Time>(value).micros}, to.modifier)};
  }
  if (to.oid == oid::interval && from.oid == oid::interval) {
    return Value{model::apply_interval_modifier(std::get<model::Interval>(value), to.modifier)};
  }
  if (from.oid == oid::timetz && to.oid == oid::time) return timetz_cast(value, to, style);
  if (to.oid == oid::timetz && timed(from.oid)) return timetz_cast(value, to, style);
  if (to.oid == oid::time && from.oid == oid::interval) {
    const std::int64_t rest = std::get<model::Interval>(value).micros % model::kMicrosPerDay;
    return Value{model::Time{with_precision(rest < 0 ? rest + model::kMicrosPerDay : rest, to.modifier)}};
  }
  if (from.oid == to.oid && !point_in_time(to.oid)) return model::parse_text(model::to_text(value, from, style), to, style);
  if (point_in_time(to.oid) && point_in_time(from.oid)) {
    if (from.oid == oid::time && to.oid == oid::time) return Value{model::Time{with_precision(std::get<model::Time>(value).micros, to.modifier)}};
    return to_point(value, from, to, style);
  }
  const bool json = (from.oid == oid::json || from.oid == oid::jsonb) && (to.oid == oid::json || to.oid == oid::jsonb);
  if (json) return model::parse_text(std::get<model::Json>(value).text, to, style);
  return no_cast(from, to);
}

namespace {

/// crossfade_cast(from, to, value): run-time form to run-time form.
Answer cast(const Call& call) {
  CROSSFADE_TRY(const model::Type from, call.type(0));
  CROSSFADE_TRY(const model::Type to, call.type(1));
  CROSSFADE_TRY(const Value value, plan::decode(call.value(2), plan::runtime_form(from), from));
  CROSSFADE_TRY(const Value result, convert(value, from, to, CastKind::explicit_, call.session().style));
  return to_runtime(result, to);
}

/// crossfade_cast_bounded(from, to, value): of a date or timestamp to be compared: what is beyond every instant of the type is next to infinity.
Answer cast_bounded(const Call& call) {
  Answer made = cast(call);
  if (made || made.error().state != "22008"_state) return made;
  return call.integer(2) < 0 ? std::numeric_limits<std::int64_t>::min() + 1 : std::numeric_limits<std::int64_t>::max() - 1;
}

/// crossfade_assign(from, to, form, value): run-time form to a column's stored form.
Answer assign(const Call& call) {
  CROSSFADE_TRY(const model::Type from, call.type(0));
  CROSSFADE_TRY(const Shape shape, call.shape(1, 2));
  CROSSFADE_TRY(const Value value, plan::decode(call.value(3), plan::runtime_form(from), from));
  CROSSFADE_TRY(const Value result, convert(value, from, shape.type, CastKind::assignment, call.session().style));
  if (const auto* real = std::get_if<double>(&result); real && *real == 0 && std::signbit(*real)) {
    return model::fail("22003"_state, "value \"-0\" of type double precision cannot be stored exactly in SQLite",
                       "A REAL column keeps it as 0.", "Write 0 instead.");
  }
  const auto* number = std::get_if<model::Numeric>(&result);
  if (number && number->text == "NaN" && shape.type.modifier != -1) {  // a CHECK compares such a column as a REAL
    return model::fail("0A000"_state, "NaN cannot be held on SQLite", "The column is " + model::format_type(shape.type) + ".",
                       "A column numeric without precision holds it.");
  }
  return plan::encode(result, shape.form, shape.type);
}

/// crossfade_decode(type, form, stored) and crossfade_encode(type, form, value).
Answer decode(const Call& call) {
  CROSSFADE_TRY(const Shape shape, call.shape(0, 1));
  CROSSFADE_TRY(const Value value, plan::decode(call.value(2), shape.form, shape.type));
  return to_runtime(value, shape.type);
}
Answer encode(const Call& call) {
  CROSSFADE_TRY(const Shape shape, call.shape(0, 1));
  CROSSFADE_TRY(const Value value, plan::decode(call.value(2), plan::runtime_form(shape.type), shape.type));
  return plan::encode(value, shape.form, shape.type);
}

constexpr std::array kCastsFunctions{
    Function{"crossfade_cast", 3, cast},
    Function{"crossfade_cast_bounded", 3, cast_bounded},
    Function{"crossfade_assign", 4, assign},
    Function{"crossfade_decode", 3, decode},
    Function{"crossfade_encode", 3, encode},
};

}  // namespace

std::span<const Function> cast_functions() { return kCastsFunctions; }

}  // namespace crossfade::sqlite::functions
