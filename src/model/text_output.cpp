#include <stdexcept>

#include "array_text.hpp"
#include "bytes_text.hpp"
#include "crossfade/model/jsonpath.hpp"
#include "crossfade/model/record.hpp"
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

/// "16384 name", as the catalog says the name of an object: only it knows it. Numbers are written as they are.
void append_object(std::string& out, const Value& value, Type type) {
  const auto* named = std::get_if<std::string>(&value);
  if (named) out += std::string_view{*named}.substr(named->find(' ') + 1);
  else out += std::to_string(as<std::int64_t>(value, type));
}

/// "1 2", as int2vector and oidvector are written.
void append_vector(std::string& out, const Array& array) {
  std::string_view between;
  for (const Value& item : array.elements) {
    out += between;
    out += std::to_string(std::get<std::int64_t>(item));
    between = " ";
  }
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
    case oid::xid: out += std::to_string(as<std::int64_t>(value, type)); return;
    case oid::regtype:
      if (std::holds_alternative<std::int64_t>(value)) return append_type_name(out, static_cast<Oid>(as<std::int64_t>(value, type)));
      [[fallthrough]];
    case oid::regclass:
    case oid::regproc:
    case oid::regprocedure:
    case oid::regoper:
    case oid::regoperator:
    case oid::regconfig:
    case oid::regdictionary:
    case oid::regnamespace:
    case oid::regrole:
    case oid::regcollation: return append_object(out, value, type);
    case 22:
    case 30: return append_vector(out, as<Array>(value, type));
    case oid::float4: return append_float4(out, static_cast<float>(as<double>(value, type)), style.extra_float_digits);
    case oid::float8: return append_float8(out, as<double>(value, type), style.extra_float_digits);
    case oid::numeric: out += as<Numeric>(value, type).text; return;
    case oid::record: out += record_text(as<Bytes>(value, type)); return;
    case oid::bytea: return append_bytes(out, as<Bytes>(value, type), style);
    case oid::date: return append_date(out, as<Date>(value, type), style);
    case oid::time: return append_time(out, as<Time>(value, type));
    case oid::timestamp: return append_timestamp(out, as<Timestamp>(value, type), style);
    case oid::timestamptz: return append_timestamptz(out, as<TimestampTz>(value, type), style);
    case oid::interval: return append_interval(out, as<Interval>(value, type), style.interval_style);
    case oid::uuid: return append_uuid(out, as<Uuid>(value, type));
    case oid::json:
    case oid::jsonb: out += as<Json>(value, type).text; return;
    case oid::jsonpath: out += shown_jsonpath(as<std::string>(value, type)); return;
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
