#include <cmath>

#include "crossfade/model/datetime.hpp"
#include "crossfade/model/numeric.hpp"
#include "crossfade/model/text_format.hpp"
#include "form_fit.hpp"
#include "iso_text.hpp"

namespace crossfade::plan {
namespace {

namespace oid = model::oid;
using model::Result;
using model::StorageValue;
using model::Type;
using model::Value;
using namespace model::literals;

struct Given {
  const Value& value;
  const StoredForm& form;
  Type type;
  std::unexpected<model::Error> refuse(std::string_view why) const { return unstorable(value, form, type, why); }
  // The alternative was checked by encode().
  template <class T>
  const T& as() const { return std::get<T>(value); }
};

Result<StorageValue> real(const Given& given) {
  if (std::isnan(given.as<double>())) return given.refuse("SQLite turns NaN into NULL");
  return given.as<double>();
}

Result<StorageValue> text(const Given& given) {
  std::string out = given.as<std::string>();
  // character(n) is padded for clients only: its blanks at the end never count.
  if (given.type.oid == oid::bpchar && given.type.modifier >= 4) out.erase(out.find_last_not_of(' ') + 1);
  return out;
}

Result<StorageValue> number(const Given& given) {
  const auto& value = given.as<model::Numeric>();
  if (value.text == "NaN") return given.refuse("SQLite turns NaN into NULL");
  if (!value.text.ends_with("Infinity")) {
    const auto whole = model::to_int64(value);
    if (whole && model::compare(model::numeric_of(*whole), value) == 0) return *whole;
  }
  const double real = model::to_double(value);
  if (model::compare(model::numeric_of(real), value) != 0) return given.refuse("a REAL does not keep so many digits");
  return real;
}

Result<StorageValue> boolean_text(const Given& given) {
  const std::string_view words = given.form.words;
  const std::size_t slash = words.find('/');
  return std::string(given.as<bool>() ? words.substr(0, slash) : words.substr(slash + 1));
}

Result<StorageValue> written(const Given& given, Written text) {
  if (!text) return given.refuse(text.error());
  return std::move(*text);
}

std::int64_t micros_of(const Given& given) {
  if (given.type.oid == oid::timestamptz) return given.as<model::TimestampTz>().micros;
  return given.as<model::Timestamp>().micros;
}

Result<StorageValue> timestamp_iso(const Given& given, const model::TimeZone& zone) {
  const std::int64_t micros = micros_of(given);
  if (given.type.oid != oid::timestamptz || given.form.offset != Offset::none) {
    return written(given, write_iso_timestamp(micros, given.form));
  }
  const std::int64_t local = zone.to_local(micros);
  if (zone.to_utc(local) != micros) return given.refuse("its zone has this local time twice");
  return written(given, write_iso_timestamp(local, given.form));
}

bool infinite(std::int64_t micros) { return micros == model::kTimestampInfinity || micros == model::kTimestampMinusInfinity; }

Result<StorageValue> epoch(const Given& given, std::int64_t unit) {
  if (infinite(micros_of(given))) return given.refuse("a count of time has no infinity");
  const __int128 micros = static_cast<__int128>(micros_of(given)) + static_cast<__int128>(model::kUnixToPostgresSeconds) * model::kMicrosPerSecond;
  // Epoch counts begin before PostgreSQL's, so the sum may pass an int64 by thirty years.
  const __int128 count = micros / unit;
  if (micros % unit == 0) {
    if (count != static_cast<std::int64_t>(count)) return given.refuse("it is out of range");
    return static_cast<std::int64_t>(count);
  }
  if (given.form.form != Form::epoch_seconds || given.form.fraction <= 0) return given.refuse("it has a fraction of the unit");
  const double seconds = static_cast<double>(micros) / 1e6;
  if (static_cast<__int128>(std::rint(seconds * 1e6)) != micros) return given.refuse("a REAL does not keep its microseconds");
  return seconds;
}

Result<StorageValue> julian_day(const Given& given) {
  constexpr double kMillisPerDay = 86'400'000;
  constexpr std::int64_t kMillisTo2000 = 211'813'444'800'000;
  const std::int64_t micros = micros_of(given);
  if (infinite(micros)) return given.refuse("a count of time has no infinity");
  if (micros % 1'000 != 0) return given.refuse("Julian days are kept in milliseconds");
  const std::int64_t millis = micros / 1'000 + kMillisTo2000;
  const double days = static_cast<double>(millis) / kMillisPerDay;
  if (static_cast<std::int64_t>(std::rint(days * kMillisPerDay)) != millis) return given.refuse("a REAL does not keep its milliseconds");
  return days;
}

Result<StorageValue> uuid_blob(const Given& given) {
  model::Bytes out;
  for (std::uint8_t byte : given.as<model::Uuid>().bytes) out.data += static_cast<char>(byte);
  return out;
}

/// As which array one is written: what is shown of a jsonpath may read as another one (jsonpath.hpp), so its own text is kept; an int2vector is an array.
Type array_shown(Type type) {
  constexpr model::Oid kTexts = 1009, kPaths = 4073;
  if (type.oid == kPaths) return {kTexts};
  return model::is_vector(type.oid) ? *model::array_of(*model::element_of(type)) : type;
}

Result<StorageValue> dispatch(const Given& given, const model::TimeZone& zone) {
  switch (given.form.form) {
    case Form::integer: return given.as<std::int64_t>();
    case Form::real: return real(given);
    case Form::text:
    case Form::any: return text(given);
    case Form::blob: return given.as<model::Bytes>();
    case Form::numeric_text: return given.as<model::Numeric>().text;
    case Form::number: return number(given);
    case Form::boolean_integer: return static_cast<std::int64_t>(given.as<bool>());
    case Form::boolean_text: return boolean_text(given);
    case Form::date_iso: return written(given, write_iso_date(given.as<model::Date>().days));
    case Form::date_days: return std::int64_t{given.as<model::Date>().days};
    case Form::time_iso: return written(given, write_iso_time(given.as<model::Time>().micros, given.form));
    case Form::time_micros: return given.as<model::Time>().micros;
    case Form::timestamp_iso: return timestamp_iso(given, zone);
    case Form::epoch_seconds: return epoch(given, model::kMicrosPerSecond);
    case Form::epoch_millis: return epoch(given, 1'000);
    case Form::epoch_micros: return epoch(given, 1);
    case Form::julian_day: return julian_day(given);
    case Form::timestamp_micros: return micros_of(given);
    case Form::uuid_blob: return uuid_blob(given);
    case Form::uuid_hex: return hex_of(given.as<model::Uuid>());
    case Form::interval_text:
    case Form::uuid_text:
    case Form::json_text:
    case Form::timetz_text: return model::to_text(given.value, given.type);
    case Form::array_text: return model::to_text(given.value, array_shown(given.type));
  }
  return given.refuse("the form is unknown");
}

// Which alternative of Value a type has; the contract of value.hpp.
std::size_t alternative_of(model::Oid type) {
  switch (type) {
    case oid::boolean: return Value(false).index();
    case oid::int2: case oid::int4: case oid::int8: case oid::oid:
    case oid::regclass: case oid::regproc: case oid::regtype: case oid::xid: return Value(std::int64_t{}).index();
    case oid::float4: case oid::float8: return Value(0.0).index();
    case oid::numeric: return Value(model::Numeric{}).index();
    case oid::bytea:
    case oid::record: return Value(model::Bytes{}).index();
    case oid::date: return Value(model::Date{}).index();
    case oid::time: return Value(model::Time{}).index();
    case oid::timestamp: return Value(model::Timestamp{}).index();
    case oid::timestamptz: return Value(model::TimestampTz{}).index();
    case oid::interval: return Value(model::Interval{}).index();
    case oid::timetz: return Value(model::TimeTz{}).index();
    case oid::uuid: return Value(model::Uuid{}).index();
    case oid::json: case oid::jsonb: return Value(model::Json{}).index();
    default: return model::element_of({type}) ? Value(model::Array{}).index() : Value(std::string{}).index();
  }
}

}  // namespace

Result<StorageValue> encode(const Value& value, const StoredForm& form, Type type, const model::TimeZone& zone) {
  if (model::is_null(value)) return model::Null{};
  if (!holds(form, type) || value.index() != alternative_of(type.oid)) {
    return model::fail("XX000"_state, "a value of type " + model::format_type(type) + " was given to the form " + to_string(form));
  }
  return dispatch({value, form, type}, zone);
}

Result<StorageValue> encode(const Value& value, const StoredForm& form, Type type) {
  if (form.zone.empty()) return encode(value, form, type, model::TimeZone::utc());
  const auto zone = model::TimeZone::find(form.zone);
  if (!zone) return model::fail("22023"_state, "time zone \"" + form.zone + "\" not recognized");
  return encode(value, form, type, *zone);
}

}  // namespace crossfade::plan
