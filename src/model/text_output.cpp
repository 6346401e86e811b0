#include <stdexcept>

#include "array_text.hpp"
#include "bytes_text.hpp"
#include "crossfade/model/text_format.hpp"
#include "datetime_text.hpp"
#include "float_text.hpp"

namespace crossfade::model {
namespace {

[[noreturn]] void broken(Type type) {
  throw std::logic_error("a value of another alternative than type " + format_type(type) + " has");
}

template <class T>
const T& as(const Value& value, Type type) {
  const T* held = std::get_if<T>(&value);
  if (!held) broken(type);
  return *held;
}

void append_bytes(std::string& out, const Bytes& bytes, const TextStyle& style) {
  if (style.bytea_escape) return append_escaped(out, bytes.data);
  out += "\\x";
  append_hex(out, bytes.data);
}

/// The name of the type, as regtypeout; its number where there is none.
void append_type_name(std::string& out, Oid type) {
  if (type == 0) out += '-';
  else out += find_type(type) ? format_type({type}) : std::to_string(type);
}

}  // namespace

void append_text(std::string& out, const Value& value, Type type, const TextStyle& style) {
  switch (type.oid) {
    case oid::boolean: out += as<bool>(value, type) ? 't' : 'f'; return;
    case oid::int2:
    case oid::int4:
    case oid::int8:
    case oid::oid:
    case oid::regclass:
    case oid::regproc: out += std::to_string(as<std::int64_t>(value, type)); return;
    case oid::regtype: return append_type_name(out, static_cast<Oid>(as<std::int64_t>(value, type)));
    case oid::float4: return append_float4(out, static_cast<float>(as<double>(value, type)), style.extra_float_digits);
    case oid::float8: return append_float8(out, as<double>(value, type), style.extra_float_digits);
    case oid::numeric: out += as<Numeric>(value, type).text; return;
    case oid::bytea: return append_bytes(out, as<Bytes>(value, type), style);
    case oid::date: return append_date(out, as<Date>(value, type), style);
    case oid::time: return append_time(out, as<Time>(value, type));
    case oid::timestamp: return append_timestamp(out, as<Timestamp>(value, type), style);
    case oid::timestamptz: return append_timestamptz(out, as<TimestampTz>(value, type), style);
    case oid::interval: return append_interval(out, as<Interval>(value, type), style.interval_style);
    case oid::uuid: return append_uuid(out, as<Uuid>(value, type));
    case oid::json:
    case oid::jsonb: out += as<Json>(value, type).text; return;
    case oid::timetz: return append_timetz(out, as<TimeTz>(value, type));
    default: break;  // text, varchar, bpchar, name, "char", unknown, arrays
  }
  if (const auto* array = std::get_if<Array>(&value)) return append_array(out, *array, element_of(type).value(), style);
  out += as<std::string>(value, type);
}

std::string to_text(const Value& value, Type type, const TextStyle& style) {
  std::string out;
  append_text(out, value, type, style);
  return out;
}

}  // namespace crossfade::model
