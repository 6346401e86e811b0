#include <cmath>

#include "crossfade/model/datetime.hpp"
#include "crossfade/model/json.hpp"
#include "crossfade/model/numeric.hpp"
#include "crossfade/model/text_format.hpp"
#include "form_fit.hpp"
#include "iso_text.hpp"

namespace crossfade::plan {
namespace {

namespace oid = model::oid;
using model::Bytes;
using model::Result;
using model::StorageValue;
using model::Type;
using model::Value;
using namespace model::literals;

struct IntegerRange { model::Oid type; std::int64_t least, most; };
constexpr std::array kRanges{
    IntegerRange{oid::int2, -32'768, 32'767},      IntegerRange{oid::int4, -2'147'483'648, 2'147'483'647},
    IntegerRange{oid::oid, 0, 4'294'967'295},      IntegerRange{oid::regclass, 0, 4'294'967'295},
    IntegerRange{oid::regproc, 0, 4'294'967'295},  IntegerRange{oid::regtype, 0, 4'294'967'295},
};

struct Stored {
  const StorageValue& value;
  const StoredForm& form;
  Type type;
  std::unexpected<model::Error> misfit() const { return plan::misfit(value, form, type); }
  template <class T>
  const T* as() const { return std::get_if<T>(&value); }
};

Result<Value> integer(const Stored& stored) {
  const auto* number = stored.as<std::int64_t>();
  if (!number) return stored.misfit();
  for (const IntegerRange& range : kRanges) {
    if (range.type == stored.type.oid && (*number < range.least || *number > range.most)) {
      return model::fail("22003"_state, model::format_type(stored.type) + " out of range", "The stored integer is " + std::to_string(*number) + ".");
    }
  }
  return *number;
}

// An integer as its double, when there is one.
std::optional<double> exact_double(std::int64_t value) {
  const auto number = static_cast<double>(value);
  constexpr double kTwo63 = 9'223'372'036'854'775'808.0;
  if (number >= kTwo63 || static_cast<std::int64_t>(number) != value) return std::nullopt;
  return number;
}

std::optional<double> number_of(const Stored& stored) {
  if (const auto* real = stored.as<double>()) return *real;
  if (const auto* whole = stored.as<std::int64_t>()) return exact_double(*whole);
  return std::nullopt;
}

Result<Value> real(const Stored& stored) {
  const std::optional<double> number = number_of(stored);
  if (!number) return stored.misfit();
  if (stored.type.oid == oid::float4 && std::isfinite(*number) && static_cast<double>(static_cast<float>(*number)) != *number) {
    return stored.misfit();
  }
  return *number;
}

Result<Value> text(const Stored& stored) {
  const auto* string = stored.as<std::string>();
  if (!string) return stored.misfit();
  // An object's number and name, which only the catalog can tell (text_output.cpp).
  if (runtime_form(stored.type).form == Form::integer) return *string;
  CROSSFADE_TRY(Value value, model::parse_text(*string, stored.type));
  // The input function cuts blanks that are too many, and long names; a stored value keeps what it has or is an error.
  const auto& read = std::get<std::string>(value);
  const bool padded = stored.type.oid == oid::bpchar && stored.type.modifier >= 4;
  if (padded && string->ends_with(' ')) return stored.misfit();
  if (!padded && read.size() != string->size()) {
    return model::fail("22001"_state, "value too long for type " + model::format_type(stored.type));
  }
  return value;
}

// As SQLite writes numbers, with all their digits; a BLOB as a bytea is written.
Result<Value> any(const Stored& stored) {
  if (const auto* bytes = stored.as<Bytes>()) return model::to_text(*bytes, {oid::bytea});
  if (const auto* whole = stored.as<std::int64_t>()) return std::to_string(*whole);
  const auto* real = stored.as<double>();
  if (!real) return text(stored);
  std::string digits = model::to_text(*real, {oid::float8});
  if (digits.find_first_not_of("-0123456789") == std::string::npos) digits += ".0";
  return digits;
}

Result<Value> blob(const Stored& stored) {
  const auto* bytes = stored.as<Bytes>();
  if (!bytes) return stored.misfit();
  return *bytes;
}

// numeric(p,s) only where its scale changes nothing but zeros at the end.
Result<Value> with_modifier(const model::Numeric& value, const Stored& stored) {
  CROSSFADE_TRY(model::Numeric applied, model::apply_modifier(value, stored.type.modifier));
  if (model::compare(applied, value) != 0) return stored.misfit();
  return applied;
}

Result<Value> numeric_text(const Stored& stored) {
  const auto* string = stored.as<std::string>();
  if (!string) return stored.misfit();
  const auto value = model::parse_numeric(*string);
  if (!value) return stored.misfit();
  return with_modifier(*value, stored);
}

Result<Value> number(const Stored& stored) {
  if (const auto* whole = stored.as<std::int64_t>()) return with_modifier(model::numeric_of(*whole), stored);
  if (const auto* fraction = stored.as<double>()) return with_modifier(model::numeric_of(*fraction), stored);
  return numeric_text(stored);
}

Result<Value> boolean_integer(const Stored& stored) {
  const auto* number = stored.as<std::int64_t>();
  if (!number || (*number != 0 && *number != 1)) return stored.misfit();
  return *number == 1;
}

Result<Value> boolean_text(const Stored& stored) {
  const auto* word = stored.as<std::string>();
  const std::string_view words = stored.form.words;
  const std::size_t slash = words.find('/');
  if (word && *word == words.substr(0, slash)) return true;
  if (word && *word == words.substr(slash + 1)) return false;
  return stored.misfit();
}

Result<Value> date_iso(const Stored& stored) {
  const auto* string = stored.as<std::string>();
  const auto days = string ? read_iso_date(*string) : std::nullopt;
  if (!days) return stored.misfit();
  return model::Date{*days};
}

Result<Value> date_days(const Stored& stored) {
  const auto* days = stored.as<std::int64_t>();
  if (!days) return stored.misfit();
  const bool infinite = *days == model::kDateInfinity || *days == model::kDateMinusInfinity;
  if (!infinite && (*days < model::kMinDate || *days >= model::kEndDate)) return model::fail("22008"_state, "date out of range");
  return model::Date{static_cast<std::int32_t>(*days)};
}

Result<Value> time_iso(const Stored& stored) {
  const auto* string = stored.as<std::string>();
  const auto micros = string ? read_iso_time(*string, stored.form) : std::nullopt;
  if (!micros) return stored.misfit();
  return model::Time{*micros};
}

Result<Value> time_micros(const Stored& stored) {
  const auto* micros = stored.as<std::int64_t>();
  if (!micros) return stored.misfit();
  if (*micros < 0 || *micros > model::kMicrosPerDay) return model::fail("22008"_state, "time out of range");
  return model::Time{*micros};
}

Result<Value> instant(__int128 micros, Type type) {
  const bool infinite = micros == model::kTimestampInfinity || micros == model::kTimestampMinusInfinity;
  if (!infinite && (micros < model::kMinTimestamp || micros >= model::kEndTimestamp)) {
    return model::fail("22008"_state, "timestamp out of range");
  }
  const auto fitted = static_cast<std::int64_t>(micros);
  if (type.oid == oid::timestamptz) return model::TimestampTz{fitted};
  return model::Timestamp{fitted};
}

Result<Value> timestamp_iso(const Stored& stored, const model::TimeZone& zone) {
  const auto* string = stored.as<std::string>();
  const auto micros = string && holds(stored.form, stored.type) ? read_iso_timestamp(*string, stored.form) : std::nullopt;
  if (!micros) return stored.misfit();
  if (stored.type.oid != oid::timestamptz || stored.form.offset != Offset::none) return instant(*micros, stored.type);
  const std::int64_t utc = zone.to_utc(*micros);
  if (zone.to_local(utc) != *micros) return stored.misfit();  // an hour that the zone skips
  return instant(utc, stored.type);
}

Result<Value> epoch(const Stored& stored, std::int64_t unit) {
  constexpr __int128 kEpoch = static_cast<__int128>(model::kUnixToPostgresSeconds) * model::kMicrosPerSecond;
  if (const auto* count = stored.as<std::int64_t>()) {
    const __int128 micros = static_cast<__int128>(*count) * unit - kEpoch;
    if (micros < model::kMinTimestamp || micros >= model::kEndTimestamp) return model::fail("22008"_state, "timestamp out of range");
    return instant(micros, stored.type);
  }
  const auto* seconds = stored.as<double>();
  constexpr double kMost = 9e12;
  if (!seconds || unit != model::kMicrosPerSecond || !(std::abs(*seconds) < kMost)) return stored.misfit();
  const double micros = std::rint(*seconds * 1e6);
  if (micros / 1e6 != *seconds) return stored.misfit();  // finer than a microsecond
  return instant(static_cast<__int128>(micros) - kEpoch, stored.type);
}

// SQLite counts Julian days in milliseconds; a REAL is one of them or it is an error.
Result<Value> julian_day(const Stored& stored) {
  constexpr double kMillisPerDay = 86'400'000, kMost = 1e9;
  constexpr __int128 kMillisTo2000 = 211'813'444'800'000;
  const std::optional<double> days = number_of(stored);
  if (!days || !(std::abs(*days) < kMost)) return stored.misfit();
  const double millis = std::rint(*days * kMillisPerDay);
  if (millis / kMillisPerDay != *days) return stored.misfit();
  return instant((static_cast<__int128>(millis) - kMillisTo2000) * 1'000, stored.type);
}

Result<Value> timestamp_micros(const Stored& stored) {
  const auto* micros = stored.as<std::int64_t>();
  if (!micros) return stored.misfit();
  return instant(*micros, stored.type);
}

// Types whose input function reads the text as it stands.
Result<Value> by_input(const Stored& stored) {
  const auto* string = stored.as<std::string>();
  if (!string) return stored.misfit();
  auto value = model::parse_text(*string, stored.type);
  // Of objects, a number and name each, as text() has them.
  const auto element = value ? std::nullopt : model::element_of(stored.type);
  if (element && runtime_form(*element).form == Form::integer && holds({.form = Form::text}, *element))
    value = model::parse_text(*string, *model::array_of({oid::text}));
  if (!value && value.error().state.family() == "22" && value.error().state != "22021"_state) return stored.misfit();
  return value;
}

Result<Value> uuid_text(const Stored& stored) {
  CROSSFADE_TRY(Value value, by_input(stored));
  if (model::to_text(value, stored.type) != std::get<std::string>(stored.value)) return stored.misfit();
  return value;
}

Result<Value> uuid_hex(const Stored& stored) {
  CROSSFADE_TRY(Value value, by_input(stored));
  if (hex_of(std::get<model::Uuid>(value)) != std::get<std::string>(stored.value)) return stored.misfit();
  return value;
}

Result<Value> uuid_blob(const Stored& stored) {
  const auto* bytes = stored.as<Bytes>();
  model::Uuid uuid;
  if (!bytes || bytes->data.size() != uuid.bytes.size()) return stored.misfit();
  for (std::size_t i = 0; i < uuid.bytes.size(); ++i) uuid.bytes[i] = static_cast<std::uint8_t>(bytes->data[i]);
  return uuid;
}

Result<Value> dispatch(const Stored& stored, const model::TimeZone& zone) {
  switch (stored.form.form) {
    case Form::integer: return integer(stored);
    case Form::real: return real(stored);
    case Form::text: return text(stored);
    case Form::blob: return blob(stored);
    case Form::numeric_text: return numeric_text(stored);
    case Form::number: return number(stored);
    case Form::boolean_integer: return boolean_integer(stored);
    case Form::boolean_text: return boolean_text(stored);
    case Form::date_iso: return date_iso(stored);
    case Form::date_days: return date_days(stored);
    case Form::time_iso: return time_iso(stored);
    case Form::time_micros: return time_micros(stored);
    case Form::timestamp_iso: return timestamp_iso(stored, zone);
    case Form::epoch_seconds: return epoch(stored, model::kMicrosPerSecond);
    case Form::epoch_millis: return epoch(stored, 1'000);
    case Form::epoch_micros: return epoch(stored, 1);
    case Form::julian_day: return julian_day(stored);
    case Form::timestamp_micros: return timestamp_micros(stored);
    case Form::interval_text:
    case Form::json_text:
    case Form::timetz_text:
    case Form::array_text: return by_input(stored);
    case Form::uuid_text: return uuid_text(stored);
    case Form::uuid_blob: return uuid_blob(stored);
    case Form::uuid_hex: return uuid_hex(stored);
    case Form::any: return any(stored);
  }
  return stored.misfit();
}

}  // namespace

Result<Value> decode(const StorageValue& stored, const StoredForm& form, Type type, const model::TimeZone& zone) {
  if (std::holds_alternative<model::Null>(stored)) return model::Null{};
  if (!holds(form, type)) return misfit(stored, form, type);
  return dispatch({stored, form, type}, zone);
}

Result<Value> decode(const StorageValue& stored, const StoredForm& form, Type type) {
  static const model::TimeZone kUtc = model::TimeZone::utc();
  if (form.zone.empty()) return decode(stored, form, type, kUtc);
  const auto zone = model::TimeZone::find(form.zone);
  if (!zone) return model::fail("22023"_state, "time zone \"" + form.zone + "\" not recognized");
  return decode(stored, form, type, *zone);
}

}  // namespace crossfade::plan
