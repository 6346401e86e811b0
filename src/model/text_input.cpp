#include <algorithm>
#include <array>
#include <charconv>

#include "array_text.hpp"
#include "ascii.hpp"
#include "bytes_text.hpp"
#include "crossfade/model/datetime.hpp"
#include "crossfade/model/json.hpp"
#include "crossfade/model/jsonpath.hpp"
#include "crossfade/model/numeric.hpp"
#include "crossfade/model/text_format.hpp"
#include "datetime_text.hpp"
#include "float_text.hpp"
#include "string_modifier.hpp"
#include "utf8.hpp"

namespace crossfade::model {
namespace {

std::unexpected<Error> invalid(std::string_view text, Type type) {
  return fail("22P02"_state, "invalid input syntax for type " + format_type({type.oid}) + ": \"" + std::string(text) + "\"");
}

std::unexpected<Error> out_of_range(std::string_view text, Type type) {
  return fail("22003"_state, "value \"" + std::string(text) + "\" is out of range for type " + format_type({type.oid}));
}

struct IntegerRange { Oid type; std::int64_t least, most; };
constexpr std::int64_t kUint32Most = 4'294'967'295;
constexpr std::array kIntegerRanges{
    IntegerRange{oid::int2, -32'768, 32'767},
    IntegerRange{oid::int4, -2'147'483'648, 2'147'483'647},
    IntegerRange{oid::int8, std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max()},
    IntegerRange{oid::oid, -2'147'483'648, kUint32Most},
    IntegerRange{oid::regclass, 0, kUint32Most},
    IntegerRange{oid::regproc, 0, kUint32Most},
    IntegerRange{oid::regtype, 0, kUint32Most},
};

Result<Value> parse_integer(std::string_view text, Type type, const TextStyle&) {
  std::string_view digits = trimmed(text);
  if (digits.starts_with('+') && !digits.starts_with("+-")) digits.remove_prefix(1);
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  const bool behind = error == std::errc::invalid_argument || end != digits.data() + digits.size();
  if (behind && type.oid == oid::oid) return invalid(text, type);
  if (error == std::errc::result_out_of_range) return out_of_range(text, type);
  const auto* own = std::ranges::find(kIntegerRanges, type.oid, &IntegerRange::type);
  const bool counts = own != std::end(kIntegerRanges) && own->least < 0 && own->type != oid::oid && value != own->least;
  if (counts && (value < own->least || -value < own->least)) return out_of_range(text, type);  // PostgreSQL sees that before what stands behind
  if (behind) return invalid(text, type);
  for (const IntegerRange& range : kIntegerRanges) {
    if (range.type == type.oid && (value < range.least || value > range.most)) return out_of_range(text, type);
  }
  if (type.oid == oid::oid && value < 0) value += kUint32Most + 1;  // PostgreSQL reads -1 as 4294967295
  return value;
}

/// A type by its name or its number.
Result<Value> parse_type_name(std::string_view text, Type type, const TextStyle& style) {
  if (text == "-") return std::int64_t{0};
  if (!text.empty() && text.find_first_not_of("0123456789") == text.npos) return parse_integer(text, type, style);
  if (const auto named = parse_type(text)) return static_cast<std::int64_t>(named->oid);
  return fail("42704"_state, "type \"" + std::string(text) + "\" does not exist");
}

struct BooleanWord { std::string_view word; std::size_t least; bool value; };
constexpr std::array kBooleanWords{
    BooleanWord{"true", 1, true}, BooleanWord{"false", 1, false}, BooleanWord{"yes", 1, true}, BooleanWord{"no", 1, false},
    BooleanWord{"on", 2, true},   BooleanWord{"off", 2, false},   BooleanWord{"1", 1, true},   BooleanWord{"0", 1, false},
};

Result<Value> parse_boolean(std::string_view text, Type type, const TextStyle&) {
  const std::string word = lowered(trimmed(text));
  for (const BooleanWord& row : kBooleanWords) {
    if (word.size() >= row.least && row.word.starts_with(word)) return row.value;
  }
  return invalid(text, type);
}

Result<Value> parse_float(std::string_view text, Type type, const TextStyle&) {
  if (type.oid == oid::float8) return parse_float8(text);
  CROSSFADE_TRY(const float value, parse_float4(text));
  return static_cast<double>(value);
}

Result<Value> parse_decimal(std::string_view text, Type type, const TextStyle&) {
  CROSSFADE_TRY(const Numeric value, parse_numeric(text));
  return apply_modifier(value, type.modifier);
}

Result<Value> parse_string(std::string_view text, Type type, const TextStyle&) { return apply_length(std::string(text), type); }

Result<Value> parse_bytes(std::string_view text, Type, const TextStyle&) { return parse_bytea(text); }

Result<Value> parse_calendar_day(std::string_view text, Type, const TextStyle& style) { return parse_date(text, style); }

Result<Value> parse_clock(std::string_view text, Type type, const TextStyle& style) {
  CROSSFADE_TRY(const Time value, parse_time(text, style));
  return Time{round_micros(value.micros, type.modifier)};
}

Result<Value> parse_clock_with_zone(std::string_view text, Type type, const TextStyle& style) {
  CROSSFADE_TRY(const TimeTz value, parse_timetz(text, style));
  return TimeTz{round_micros(value.micros, type.modifier), value.offset};
}

Result<Value> parse_naive(std::string_view text, Type type, const TextStyle& style) {
  CROSSFADE_TRY(const Timestamp value, parse_timestamp(text, style));
  return infinite(value.micros) ? value : Timestamp{round_micros(value.micros, type.modifier)};
}

Result<Value> parse_instant(std::string_view text, Type type, const TextStyle& style) {
  CROSSFADE_TRY(const TimestampTz value, parse_timestamptz(text, style));
  return infinite(value.micros) ? value : TimestampTz{round_micros(value.micros, type.modifier)};
}

Result<Value> parse_span(std::string_view text, Type type, const TextStyle& style) {
  CROSSFADE_TRY(const Interval value, parse_interval(text, style.interval_style, type.modifier));
  return value;
}

Result<Value> parse_uuid_text(std::string_view text, Type, const TextStyle&) { return parse_uuid(text); }

Result<Value> parse_json_text(std::string_view text, Type type, const TextStyle&) {
  if (type.oid == oid::jsonb) {
    CROSSFADE_TRY(std::string normal, normalize_jsonb(text));
    return Json{std::move(normal)};
  }
  CROSSFADE_CHECK(check_json(text));
  return Json{std::string(text)};
}

Result<Value> parse_path_text(std::string_view text, Type, const TextStyle&) {
  CROSSFADE_TRY(const JsonPath path, read_jsonpath(text));
  return write_jsonpath(path, PathForm::whole);
}

using Parse = Result<Value> (*)(std::string_view, Type, const TextStyle&);
struct InputFunction { Oid type; Parse parse; };
constexpr std::array kInputFunctions{
    InputFunction{oid::boolean, parse_boolean},     InputFunction{oid::int2, parse_integer},
    InputFunction{oid::int4, parse_integer},        InputFunction{oid::int8, parse_integer},
    InputFunction{oid::oid, parse_integer},         InputFunction{oid::regclass, parse_integer},
    InputFunction{oid::regproc, parse_integer},     InputFunction{oid::regtype, parse_type_name},
    InputFunction{oid::float4, parse_float},        InputFunction{oid::float8, parse_float},
    InputFunction{oid::numeric, parse_decimal},     InputFunction{oid::text, parse_string},     InputFunction{oid::void_, parse_string},
    InputFunction{oid::varchar, parse_string},      InputFunction{oid::bpchar, parse_string},
    InputFunction{oid::name, parse_string},         InputFunction{oid::char_, parse_string},
    InputFunction{oid::unknown, parse_string},      InputFunction{oid::bytea, parse_bytes},
    InputFunction{oid::date, parse_calendar_day},   InputFunction{oid::time, parse_clock},
    InputFunction{oid::timetz, parse_clock_with_zone},
    InputFunction{oid::timestamp, parse_naive},     InputFunction{oid::timestamptz, parse_instant},
    InputFunction{oid::interval, parse_span},       InputFunction{oid::uuid, parse_uuid_text},
    InputFunction{oid::pg_node_tree, parse_string},               InputFunction{oid::aclitem, parse_string},
    InputFunction{oid::anyarray, parse_string},              InputFunction{oid::pg_lsn, parse_string},
    InputFunction{oid::xid, parse_integer},               InputFunction{oid::regprocedure, parse_integer},
    InputFunction{oid::regoper, parse_integer},             InputFunction{oid::regoperator, parse_integer},
    InputFunction{oid::regconfig, parse_integer},             InputFunction{oid::regdictionary, parse_integer},
    InputFunction{oid::regnamespace, parse_integer},             InputFunction{oid::regrole, parse_integer},
    InputFunction{oid::regcollation, parse_integer},
    InputFunction{oid::json, parse_json_text},      InputFunction{oid::jsonb, parse_json_text},
    InputFunction{oid::jsonpath, parse_path_text},
};

}  // namespace

namespace {

/// "1 2" of an int2vector or oidvector, which counts from 0. Their run-time form is an array's.
Result<Value> parse_vector(std::string_view text, Type element, const TextStyle& style) {
  constexpr std::string_view kBlank = " \t\n\v\f\r";
  Array out;
  for (std::size_t at = text.find_first_not_of(kBlank); at < text.size(); at = text.find_first_not_of(kBlank, at)) {
    const std::size_t end = std::min(text.find_first_of(kBlank, at), text.size());
    CROSSFADE_TRY(Value value, parse_text(text.substr(at, end - at), element, style));
    out.elements.push_back(std::move(value));
    at = end;
  }
  if (!out.elements.empty()) out.dimensions.push_back({static_cast<std::int32_t>(out.elements.size()), 0});
  return out;
}

}  // namespace

Result<Value> parse_text(std::string_view text, Type type, const TextStyle& style) {
  CROSSFADE_CHECK(check_utf8(text));
  for (const InputFunction& function : kInputFunctions) {
    if (function.type == type.oid) return function.parse(text, type, style);
  }
  if (is_enumeration(type.oid)) return std::string(text);  // whether it is one of the labels, the schema knows
  const auto element = element_of(type);
  if (is_vector(type.oid) && !text.starts_with('[') && !text.starts_with('{')) return parse_vector(text, *element, style);
  if (element) return parse_array(text, *element, style);
  return fail("0A000"_state, "values of type " + format_type(type) + " are not supported");
}

}  // namespace crossfade::model
