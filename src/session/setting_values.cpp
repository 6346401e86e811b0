#include "setting_values.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace crossfade::session {

using namespace model::literals;

namespace {

using Checked = model::Result<std::string>;

std::unexpected<model::Error> invalid(const SettingInfo& info, std::string_view value, std::string hint = {}) {
  return model::fail("22023"_state,
                     "invalid value for parameter \"" + std::string(info.name) + "\": \"" + std::string(value) + "\"", {},
                     std::move(hint));
}

std::unexpected<model::Error> only_postgres(const SettingInfo& info, std::string_view value) {
  return model::fail("0A000"_state, "parameter \"" + std::string(info.name) + "\" cannot be \"" + std::string(value) + "\" here",
                     {}, "It can once the session runs on PostgreSQL alone (stage `finished`).");
}

std::string joined(std::span<const std::string> values) {
  std::string text;
  for (const std::string& value : values) text += (text.empty() ? "" : ", ") + value;
  return text;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

Checked check_boolean(const SettingInfo& info, std::string_view value) {
  struct Word { std::string_view text; bool on; std::size_t least; };  // `least`: the shortest prefix that is taken
  constexpr std::array kWords{Word{"true", true, 1}, Word{"false", false, 1}, Word{"yes", true, 1}, Word{"no", false, 1},
                              Word{"on", true, 2},   Word{"off", false, 2},   Word{"1", true, 1},   Word{"0", false, 1}};
  const std::string text = lower(value);
  for (const Word& word : kWords)
    if (text.size() >= word.least && word.text.starts_with(text)) return word.on ? "on" : "off";
  return model::fail("22023"_state, "parameter \"" + std::string(info.name) + "\" requires a Boolean value");
}

std::string plain(double number) {
  std::array<char, 64> buffer{};
  const auto [end, error] = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number);
  return error == std::errc{} ? std::string(buffer.data(), end) : std::string("0");
}

model::Result<double> check_range(const SettingInfo& info, std::string_view value, double number, std::string_view unit) {
  if (number >= info.minimum && number <= info.maximum) return number;
  const std::string suffix = unit.empty() ? "" : " " + std::string(unit);
  return model::fail("22023"_state,
                     plain(number) + suffix + " is outside the valid range for parameter \"" + std::string(info.name) + "\" (" +
                         plain(info.minimum) + " .. " + plain(info.maximum) + ")",
                     value.empty() ? std::string("The value is empty.") : std::string());
}

Checked check_number(const SettingInfo& info, std::string_view value) {
  double number = 0;
  value = trimmed(value);
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
  if (error != std::errc{} || end != value.data() + value.size()) return invalid(info, value);
  if (info.kind == SettingKind::integer) number = std::nearbyint(number);
  CROSSFADE_TRY(number, check_range(info, value, number, ""));
  return plain(number);
}

struct Unit { std::string_view name; double milliseconds; };
constexpr std::array kUnits{Unit{"d", 86'400'000}, Unit{"h", 3'600'000}, Unit{"min", 60'000},
                            Unit{"s", 1'000},      Unit{"ms", 1},        Unit{"us", 0.001}};

Checked check_milliseconds(const SettingInfo& info, std::string_view value) {
  double number = 0;
  value = trimmed(value);
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
  if (error != std::errc{}) return invalid(info, value);
  const std::string_view unit = trimmed(value.substr(static_cast<std::size_t>(end - value.data())));
  if (!unit.empty()) {
    const auto found = std::ranges::find(kUnits, unit, &Unit::name);
    if (found == kUnits.end())
      return invalid(info, value, R"(Valid units for this parameter are "us", "ms", "s", "min", "h", and "d".)");
    number *= found->milliseconds;
  }
  CROSSFADE_TRY(number, check_range(info, value, std::nearbyint(number), "ms"));
  if (number <= 0) return plain(number);
  for (const Unit& shown : kUnits)
    if (std::fmod(number, shown.milliseconds) == 0) return plain(number / shown.milliseconds) + std::string(shown.name);
  return plain(number) + "ms";
}

Checked check_word(const SettingInfo& info, std::string_view value) {
  const std::string text = lower(value);
  bool here = true;
  std::string available;
  for (std::string_view rest = info.words; !rest.empty();) {
    const std::size_t end = rest.find_first_of("|!");
    const std::string_view word = rest.substr(0, end);
    if (word == text) {
      if (here) return text;
      return only_postgres(info, value);
    }
    if (!word.empty()) available += (available.empty() ? "" : ", ") + std::string(word);
    if (end == std::string_view::npos) break;
    here = here && rest[end] != '!';
    rest.remove_prefix(end + 1);
  }
  return invalid(info, value, "Available values: " + available + ".");
}

Checked check_zone(const SettingInfo& info, std::string_view value) {
  const std::string word = lower(value);
  if (word == "default" || word == "local") return only_postgres(info, value);
  const auto zone = model::TimeZone::find(value);
  if (!zone) return invalid(info, value);
  return zone->name();
}

struct StyleWord { std::string_view text, style, order; };
constexpr std::array kStyleWords{
    StyleWord{"iso", "ISO", ""},          StyleWord{"sql", "SQL", ""},     StyleWord{"postgres", "Postgres", ""},
    StyleWord{"german", "German", ""},    StyleWord{"ymd", "", "YMD"},     StyleWord{"dmy", "", "DMY"},
    StyleWord{"european", "", "DMY"},     StyleWord{"euro", "", "DMY"},    StyleWord{"mdy", "", "MDY"},
    StyleWord{"us", "", "MDY"},           StyleWord{"noneuropean", "", "MDY"}, StyleWord{"noneuro", "", "MDY"},
    StyleWord{"default", "", ""},
};

/// A word of DateStyle; PostgreSQL looks at the first letters of some only ("postgresql", "europeans").
const StyleWord* style_word(std::string_view word) {
  for (const StyleWord& row : kStyleWords) {
    const bool prefix = row.text == "postgres" || row.text == "euro" || row.text == "noneuro";
    if (word == row.text || (prefix && word.starts_with(row.text))) return &row;
  }
  return nullptr;
}

/// "ISO, MDY": the style and the order, each of which may be given alone and once.
Checked check_date_style(std::span<const std::string> values, std::string_view current) {
  std::string style(current.substr(0, current.find(','))), order(current.substr(current.rfind(' ') + 1));
  bool style_given = false, order_given = false;
  const std::string all = joined(values);
  const auto conflicting = [&] { return model::fail("22023"_state, "invalid value for parameter \"DateStyle\": \"" + all + "\"", "Conflicting \"datestyle\" specifications."); };
  for (std::string_view rest = all; !rest.empty();) {
    const std::size_t comma = std::min(rest.find(','), rest.size());
    const std::string word = lower(trimmed(rest.substr(0, comma)));
    rest.remove_prefix(std::min(comma + 1, rest.size()));
    const StyleWord* found = style_word(word);
    if (!found) return model::fail("22023"_state, "invalid value for parameter \"DateStyle\": \"" + all + "\"", "Unrecognized key word: \"" + word + "\".");
    if (!found->style.empty() && std::exchange(style_given, true) && style != found->style) return conflicting();
    if (!found->order.empty() && std::exchange(order_given, true) && order != found->order) return conflicting();
    if (!found->style.empty()) style = found->style;
    if (!found->order.empty()) order = found->order;
    if (found->style == "German" && !order_given) order = "DMY";
    if (word == "default") style = style_given ? style : "ISO", order = order_given ? order : "MDY";
  }
  return style + ", " + order;
}

Checked check_encoding(const SettingInfo& info, std::string_view value) {
  std::string letters;  // as PostgreSQL reads it: asyncpg says "'utf-8'"
  for (const char c : lower(value))
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) letters += c;
  if (letters == "utf8" || letters == "unicode") return "UTF8";
  constexpr std::array<std::string_view, 12> kKnown{"sqlascii", "latin1", "latin2", "latin9", "iso88591", "win1250",
                                                    "win1251",  "win1252", "eucjp", "sjis", "gbk", "big5"};
  if (std::ranges::find(kKnown, letters) != kKnown.end()) return only_postgres(info, value);
  return invalid(info, value);
}

}  // namespace

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

model::Result<std::string> normalize_setting(const SettingInfo& info, std::span<const std::string> values,
                                             std::string_view current) {
  const bool takes_list = info.kind == SettingKind::names || info.kind == SettingKind::date_style;
  if (values.size() != 1 && !takes_list)
    return model::fail("22023"_state, "SET " + std::string(info.name) + " takes only one argument");
  switch (info.kind) {
    case SettingKind::boolean: return check_boolean(info, values[0]);
    case SettingKind::integer:
    case SettingKind::real: return check_number(info, values[0]);
    case SettingKind::milliseconds: return check_milliseconds(info, values[0]);
    case SettingKind::word: return check_word(info, values[0]);
    case SettingKind::time_zone: return check_zone(info, values[0]);
    case SettingKind::date_style: return check_date_style(values, current);
    case SettingKind::encoding: return check_encoding(info, values[0]);
    case SettingKind::text:
    case SettingKind::names: return joined(values);
  }
  return joined(values);
}

std::chrono::milliseconds read_milliseconds(std::string_view text) {
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{}) return {};
  const std::string_view unit = text.substr(static_cast<std::size_t>(end - text.data()));
  const auto found = std::ranges::find(kUnits, unit, &Unit::name);
  return std::chrono::milliseconds(static_cast<std::int64_t>(number * (found == kUnits.end() ? 1 : found->milliseconds)));
}

}  // namespace crossfade::session
