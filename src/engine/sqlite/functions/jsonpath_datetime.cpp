#include <array>

#include "from_char.hpp"
#include "jsonpath.hpp"

namespace crossfade::sqlite::functions {

using namespace model::literals;
namespace oid = model::oid;

namespace {

constexpr std::int64_t kMicrosPerDay = 86'400 * model::kMicrosPerSecond;

/// What .datetime() without a template tries, in this order: ISO 8601's forms of each type.
constexpr std::array<std::string_view, 19> kIsoPatterns{
    "yyyy-mm-dd",
    "HH24:MI:SS.USTZH:TZM", "HH24:MI:SS.USTZH", "HH24:MI:SSTZH:TZM", "HH24:MI:SSTZH",
    "HH24:MI:SS.US", "HH24:MI:SS",
    "yyyy-mm-dd HH24:MI:SS.USTZH:TZM", "yyyy-mm-dd HH24:MI:SS.USTZH", "yyyy-mm-dd HH24:MI:SSTZH:TZM", "yyyy-mm-dd HH24:MI:SSTZH",
    "yyyy-mm-dd\"T\"HH24:MI:SS.USTZH:TZM", "yyyy-mm-dd\"T\"HH24:MI:SS.USTZH", "yyyy-mm-dd\"T\"HH24:MI:SSTZH:TZM", "yyyy-mm-dd\"T\"HH24:MI:SSTZH",
    "yyyy-mm-dd HH24:MI:SS.US", "yyyy-mm-dd HH24:MI:SS", "yyyy-mm-dd\"T\"HH24:MI:SS.US", "yyyy-mm-dd\"T\"HH24:MI:SS",
};

/// To the fraction's digits that FF3 and its kin say.
std::int64_t rounded(std::int64_t micros, int digits) {
  std::int64_t scale = 1;
  for (int i = digits; i < 6; ++i) scale *= 10;
  return (std::abs(micros) + scale / 2) / scale * scale * (micros < 0 ? -1 : 1);
}

model::Result<PathMoment> moment_of(std::string_view text, const ReadMoment& read) {
  const std::int64_t days = std::int64_t{model::days_from_civil(read.year, read.month, 1)} + read.day - 1;
  const int offset = read.offset_seconds.value_or(0);
  const std::string type = read.zoned ? (read.dated ? "timestamptz" : "timetz") : "";
  if (!read.dated && !read.timed) return model::fail("22007"_state, "datetime format is not dated and not timed");
  if (!read.timed && read.zoned) return model::fail("22007"_state, "datetime format is zoned but not timed");
  if (!read.timed) {
    if (days < model::kMinDate || days >= model::kEndDate) return model::fail("22008"_state, "date out of range: \"" + std::string{text} + "\"");
    return PathMoment{{oid::date}, model::Date{static_cast<std::int32_t>(days)}};
  }
  if (read.zoned && !read.offset_seconds) return model::fail("22007"_state, "missing time zone in input string for type " + type);
  if (!read.dated) {
    const std::int64_t micros = rounded(read.micros, read.fraction_digits);
    if (read.zoned) return PathMoment{{oid::timetz}, model::TimeTz{micros, offset}, offset};
    return PathMoment{{oid::time}, model::Time{micros}};
  }
  constexpr std::int64_t kMostDays = 106'000'000;  // beyond the last timestamp, and no overflow
  const bool near = days > -kMostDays && days < kMostDays;
  const std::int64_t exact = near ? days * kMicrosPerDay + read.micros - (read.zoned ? offset * model::kMicrosPerSecond : 0) : 0;
  const std::int64_t instant = rounded(exact, read.fraction_digits);
  if (!near || !model::is_valid_timestamp(exact) || !model::is_valid_timestamp(instant)) {
    return model::fail("22008"_state, (read.zoned ? "timestamptz" : "timestamp") + std::string{" out of range"});
  }
  if (read.zoned) return PathMoment{{oid::timestamptz}, model::TimestampTz{instant}, offset};
  return PathMoment{{oid::timestamp}, model::Timestamp{instant}};
}

model::Result<PathMoment> read_moment(std::string_view text, std::string_view pattern) {
  CROSSFADE_TRY(const ReadMoment read, from_char(text, pattern, CharMode::standard));
  return moment_of(text, read);
}

std::string iso_offset(int seconds) {
  std::array<char, 16> text{};
  const int size = std::abs(seconds);
  std::snprintf(text.data(), text.size(), "%c%02d:%02d", seconds < 0 ? '-' : '+', size / 3600, size / 60 % 60);
  return text.data();
}

std::string iso_text(const PathMoment& moment) {
  const auto* zoned = std::get_if<model::TimestampTz>(&moment.value);
  const auto* clock = std::get_if<model::TimeTz>(&moment.value);
  if (clock) return model::to_text(model::Time{clock->micros}, {oid::time}) + iso_offset(clock->offset);
  if (!zoned && moment.type.oid != oid::timestamp) return model::to_text(moment.value, moment.type);
  std::string text = model::to_text(zoned ? model::Timestamp{zoned->micros + moment.offset * model::kMicrosPerSecond} : std::get<model::Timestamp>(moment.value), {oid::timestamp});
  text[text.find(' ')] = 'T';
  if (zoned) text.insert(text.size() - (text.ends_with(" BC") ? 3 : 0), iso_offset(moment.offset));
  return text;
}

}  // namespace

PathRun::Outcome PathRun::datetime_method(Path path, PathValue at, PathValues* found) {
  const model::PathItem& item = path.front();
  if (!is_scalar(at, JsonNode::Kind::string)) return fail_method("22031"_state, path, "jsonpath item method $ can only be applied to a string");
  const std::string text = at.node->plain();
  model::Result<PathMoment> moment = std::unexpected(model::Error{});
  if (item.with_template) {
    if (auto fine = check_standard_pattern(item.text); !fine) throw PathEnded{std::move(fine).error()};  // is not silenced
    moment = read_moment(text, item.text);
    if (!moment && throws_) throw PathEnded{std::move(moment).error()};
    if (!moment) return Outcome::failed;
  } else {
    for (std::size_t i = 0; i < kIsoPatterns.size() && !moment; ++i) moment = read_moment(text, kIsoPatterns[i]);
    if (!moment) return fail("22031"_state, "datetime format is not recognized: \"" + text + "\"", "Use a datetime template argument to specify the input data format.");
  }
  const Path rest = path.subspan(1);
  if (rest.empty() && !found) return Outcome::ok;
  return next(rest, {nullptr, &moments_.emplace_back(*std::move(moment))}, found);
}

/// A moment of another type becomes the wider one: date, timestamp, timestamptz; time, timetz. nullopt: there is none.
std::optional<int> PathRun::compare_moments(const PathMoment& left, const PathMoment& right) const {
  const auto is_clock = [](const PathMoment& each) { return each.type.oid == oid::time || each.type.oid == oid::timetz; };
  if (is_clock(left) != is_clock(right)) return std::nullopt;
  const model::Oid zoned = is_clock(left) ? oid::timetz : oid::timestamptz;
  const bool by_zone = left.type.oid == zoned || right.type.oid == zoned;
  const auto name = [](model::Oid type) { return type == oid::date ? "date" : type == oid::time ? "time" : type == oid::timestamp ? "timestamp" : type == oid::timetz ? "timetz" : "timestamptz"; };
  for (const PathMoment* each : {&left, &right}) {
    if (!by_zone || each->type.oid == zoned || options_.zones == Zones::used) continue;
    throw PathEnded{{"0A000"_state, std::string{"cannot convert value from "} + name(each->type.oid) + " to " + name(zoned) + " without time zone usage", {},
                     "Use *_tz() function for time zone support."}};
  }
  const auto order = [](auto a, auto b) { return a < b ? -1 : a > b ? 1 : 0; };
  const model::TimeZone& zone = options_.style->zone;
  if (is_clock(left)) {
    const auto clock = [&](const PathMoment& each) {
      if (const auto* own = std::get_if<model::TimeTz>(&each.value)) return *own;
      const auto offset = by_zone ? static_cast<std::int32_t>(zone.offset_at(model::now_micros()).count()) : 0;
      return model::TimeTz{std::get<model::Time>(each.value).micros, offset};
    };
    const model::TimeTz a = clock(left), b = clock(right);
    const int instants = order(a.micros - a.offset * model::kMicrosPerSecond, b.micros - b.offset * model::kMicrosPerSecond);
    return instants != 0 ? instants : order(b.offset, a.offset);
  }
  if (left.type.oid == oid::date && right.type.oid == oid::date) return order(std::get<model::Date>(left.value).days, std::get<model::Date>(right.value).days);
  const auto micros = [&](const PathMoment& each) -> std::int64_t {
    if (const auto* own = std::get_if<model::TimestampTz>(&each.value)) return own->micros;
    std::int64_t local = 0;
    if (const auto* day = std::get_if<model::Date>(&each.value)) {
      const auto midnight = model::timestamp_of_date(day->days);
      if (!midnight) return model::kTimestampInfinity;  // dates go on where timestamps end
      local = *midnight;
    } else {
      local = std::get<model::Timestamp>(each.value).micros;
    }
    return by_zone ? zone.to_utc(local) : local;
  };
  return order(micros(left), micros(right));
}

std::string path_type_name(PathValue value) {
  constexpr std::array<std::string_view, 6> kNames{"null", "boolean", "number", "string", "array", "object"};
  if (value.moment) return model::format_type(value.moment->type);
  return std::string{kNames[static_cast<std::size_t>(value.node->kind)]};
}

std::string path_json(PathValue value) { return value.node ? value.node->text : quote_json(iso_text(*value.moment)); }

}  // namespace crossfade::sqlite::functions
