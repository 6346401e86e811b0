#include "crossfade/model/binary_format.hpp"

#include <algorithm>
#include <bit>
#include <stdexcept>

#include "array_text.hpp"
#include "binary_numeric.hpp"
#include "crossfade/model/datetime.hpp"
#include "crossfade/model/json.hpp"
#include "crossfade/model/jsonpath.hpp"
#include "crossfade/model/numeric.hpp"
#include "crossfade/model/record.hpp"
#include "string_modifier.hpp"
#include "utf8.hpp"

namespace crossfade::model {
namespace {


template <class T>
const T& as(const Value& value, Type type) {
  const T* held = std::get_if<T>(&value);
  if (!held) throw std::logic_error("a value of another alternative than type " + format_type(type) + " has");
  return *held;
}

/// What PostgreSQL's receive functions say of a value that ends too early, and their callers of one with bytes behind its end.
Result<void> check_size(std::string_view bytes, std::size_t size) {
  if (bytes.size() < size) return fail("08P01"_state, size == 1 ? "no data left in message" : "insufficient data left in message");
  if (bytes.size() > size) return fail("22P03"_state, std::string(kTrailingBytes));
  return {};
}

template <class Integer>
Result<Value> read_integer(std::string_view bytes) {
  CROSSFADE_CHECK(check_size(bytes, sizeof(Integer)));
  return static_cast<std::int64_t>(load_be<Integer>(bytes));
}

Result<Value> read_string(std::string_view bytes, Type type) {
  CROSSFADE_CHECK(check_utf8(bytes));
  constexpr std::size_t kNameBytes = 64;  // its text is cut, its binary form is not
  if (type.oid == oid::name && bytes.size() >= kNameBytes) {
    return fail("42622"_state, "identifier too long", "Identifier must be less than 64 characters.");
  }
  return apply_length(std::string(bytes), type);
}

Result<Value> read_date(std::string_view bytes) {
  CROSSFADE_CHECK(check_size(bytes, 4));
  const Date date{load_be<std::int32_t>(bytes)};
  const bool infinite = date.days == kDateInfinity || date.days == kDateMinusInfinity;
  if (!infinite && (date.days < kMinDate || date.days >= kEndDate)) return fail("22008"_state, "date out of range");
  return date;
}

template <class T>
Result<Value> read_timestamp(std::string_view bytes) {
  CROSSFADE_CHECK(check_size(bytes, 8));
  const auto micros = load_be<std::int64_t>(bytes);
  const bool infinite = micros == kTimestampInfinity || micros == kTimestampMinusInfinity;
  if (!infinite && !is_valid_timestamp(micros)) return fail("22008"_state, "timestamp out of range");
  return T{micros};
}

Result<Value> read_time(std::string_view bytes) {
  CROSSFADE_CHECK(check_size(bytes, 8));
  const auto micros = load_be<std::int64_t>(bytes);
  if (micros < 0 || micros > kMicrosPerDay) return fail("22008"_state, "time out of range");
  return Time{micros};
}

Result<Value> read_timetz(std::string_view bytes) {
  CROSSFADE_CHECK(check_size(bytes, 12));
  CROSSFADE_TRY(const Value clock, read_time(bytes.substr(0, 8)));
  const auto west = load_be<std::int32_t>(bytes.substr(8));
  if (west <= -kZoneLimit || west >= kZoneLimit) return fail("22009"_state, "time zone displacement out of range");
  return TimeTz{std::get<Time>(clock).micros, -west};
}

Result<Value> read_json(std::string_view bytes, Type type) {
  if (type.oid == oid::jsonb) {
    if (bytes.empty()) return fail("08P01"_state, "insufficient data left in message");
    if (const int version = static_cast<unsigned char>(bytes[0]); version != 1)
      return fail("XX000"_state, "unsupported jsonb version number " + std::to_string(version));
    CROSSFADE_TRY(std::string normal, normalize_jsonb(bytes.substr(1)));
    return Json{std::move(normal)};
  }
  CROSSFADE_CHECK(check_json(bytes));
  return Json{std::string(bytes)};
}

/// The format's version and the text.
Result<Value> read_path(std::string_view bytes) {
  if (bytes.empty()) return fail("08P01"_state, "insufficient data left in message");
  if (const int version = static_cast<unsigned char>(bytes[0]); version != 1) return fail("XX000"_state, "unsupported jsonpath version number: " + std::to_string(version));
  return parse_text(bytes.substr(1), {oid::jsonpath});
}

Result<Value> read_interval(std::string_view bytes, Type type) {
  CROSSFADE_CHECK(check_size(bytes, 16));
  const Interval sent{load_be<std::int64_t>(bytes), load_be<std::int32_t>(bytes.substr(8)), load_be<std::int32_t>(bytes.substr(12))};
  return apply_interval_modifier(sent, type.modifier);
}

Result<Value> read_uuid(std::string_view bytes) {
  CROSSFADE_CHECK(check_size(bytes, 16));
  Uuid uuid;
  std::ranges::transform(bytes, uuid.bytes.begin(), [](char c) { return static_cast<std::uint8_t>(c); });
  return uuid;
}

}  // namespace

void append_binary(std::string& out, const Value& value, Type type) {
  switch (type.oid) {
    case oid::boolean: out += as<bool>(value, type) ? '\1' : '\0'; return;
    case oid::int2: return append_be(out, static_cast<std::int16_t>(as<std::int64_t>(value, type)));
    case oid::int4:
    case oid::oid:
    case oid::xid: return append_be(out, static_cast<std::int32_t>(as<std::int64_t>(value, type)));
    case oid::regclass:
    case oid::regproc:
    case oid::regtype:
    case oid::regprocedure:
    case oid::regoper:
    case oid::regoperator:
    case oid::regconfig:
    case oid::regdictionary:
    case oid::regnamespace:
    case oid::regrole:
    case oid::regcollation:  // "16384 name", or the number alone
      if (const auto* named = std::get_if<std::string>(&value)) return append_be(out, static_cast<std::int32_t>(std::stoll(*named)));
      return append_be(out, static_cast<std::int32_t>(as<std::int64_t>(value, type)));
    case oid::int8: return append_be(out, as<std::int64_t>(value, type));
    case oid::float4: return append_be(out, std::bit_cast<std::int32_t>(static_cast<float>(as<double>(value, type))));
    case oid::float8: return append_be(out, std::bit_cast<std::int64_t>(as<double>(value, type)));
    case oid::numeric: return append_binary_numeric(out, as<Numeric>(value, type));
    case oid::record: out += record_binary(as<Bytes>(value, type)); return;
    case oid::bytea: out += as<Bytes>(value, type).data; return;
    case oid::date: return append_be(out, as<Date>(value, type).days);
    case oid::time: return append_be(out, as<Time>(value, type).micros);
    case oid::timestamp: return append_be(out, as<Timestamp>(value, type).micros);
    case oid::timestamptz: return append_be(out, as<TimestampTz>(value, type).micros);
    case oid::interval: {
      const auto& interval = as<Interval>(value, type);
      append_be(out, interval.micros);
      append_be(out, interval.days);
      return append_be(out, interval.months);
    }
    case oid::uuid:
      for (std::uint8_t byte : as<Uuid>(value, type).bytes) out += static_cast<char>(byte);
      return;
    case oid::jsonb: out += '\1'; [[fallthrough]];  // the format's version
    case oid::json: out += as<Json>(value, type).text; return;
    case oid::jsonpath: out.append("\1").append(as<std::string>(value, type)); return;  // likewise; its whole form
    case oid::timetz: {
      const auto& time = as<TimeTz>(value, type);
      append_be(out, time.micros);
      return append_be(out, -time.offset);  // PostgreSQL counts westwards
    }
    default: break;
  }
  if (const auto* array = std::get_if<Array>(&value)) return append_binary_array(out, *array, element_of(type).value());
  out += as<std::string>(value, type);
}

Result<Value> parse_binary(std::string_view bytes, Type type) {
  switch (type.oid) {
    case oid::boolean:
      CROSSFADE_CHECK(check_size(bytes, 1));
      return bytes[0] != 0;
    case oid::int2: return read_integer<std::int16_t>(bytes);
    case oid::int4: return read_integer<std::int32_t>(bytes);
    case oid::oid:
    case oid::regclass:
    case oid::regproc:
    case oid::regtype:
    case oid::xid:
    case oid::regprocedure:
    case oid::regoper:
    case oid::regoperator:
    case oid::regconfig:
    case oid::regdictionary:
    case oid::regnamespace:
    case oid::regrole:
    case oid::regcollation: return read_integer<std::uint32_t>(bytes);
    case oid::int8: return read_integer<std::int64_t>(bytes);
    case oid::float4:
      CROSSFADE_CHECK(check_size(bytes, 4));
      return static_cast<double>(std::bit_cast<float>(load_be<std::int32_t>(bytes)));
    case oid::float8:
      CROSSFADE_CHECK(check_size(bytes, 8));
      return std::bit_cast<double>(load_be<std::int64_t>(bytes));
    case oid::numeric: {
      CROSSFADE_TRY(const Numeric value, parse_binary_numeric(bytes));
      return apply_modifier(value, type.modifier);
    }
    case oid::bytea: return Bytes{std::string(bytes)};
    case oid::date: return read_date(bytes);
    case oid::time: return read_time(bytes);
    case oid::timestamp: return read_timestamp<Timestamp>(bytes);
    case oid::timestamptz: return read_timestamp<TimestampTz>(bytes);
    case oid::interval: return read_interval(bytes, type);
    case oid::uuid: return read_uuid(bytes);
    case oid::json:
    case oid::jsonb: return read_json(bytes, type);
    case oid::jsonpath: return read_path(bytes);
    case oid::text:
    case oid::varchar:
    case oid::bpchar:
    case oid::name:
    case oid::char_:
    case oid::unknown: return read_string(bytes, type);
    case oid::timetz: return read_timetz(bytes);
    default: break;
  }
  if (is_enumeration(type.oid)) return read_string(bytes, type);
  if (const auto element = element_of(type)) return parse_binary_array(bytes, *element);
  return fail("0A000"_state, "values of type " + format_type(type) + " are not supported");
}

}  // namespace crossfade::model
