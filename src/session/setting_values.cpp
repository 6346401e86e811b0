#include "setting_values.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <utility>

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

/// search_path as PostgreSQL shows it: what is no plain name in quotes.
std::string joined_names(std::span<const std::string> values) {
  std::string text;
  for (const std::string& value : values) {
    const bool plain_name = !value.empty() && std::ranges::all_of(value, [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
    });
    text += text.empty() ? "" : ", ";
    if (plain_name) {
      text += value;
      continue;
    }
    text += '"';
    for (const char c : value) text += c == '"' ? std::string(2, c) : std::string(1, c);
    text += '"';
  }
  return text;
}

std::string printable_text(std::string_view value) {
  std::string text(value);
  for (char& c : text)
    if (c < ' ' || c > '~') c = '?';
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
  const auto [end, error] = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number, std::chars_format::fixed);
  return error == std::errc{} ? std::string(buffer.data(), end) : std::string("0");
}

/// As C's %g: six digits.
std::string short_number(double number) {
  std::array<char, 32> buffer{};
  std::snprintf(buffer.data(), buffer.size(), "%g", number);
  return buffer.data();
}

model::Result<double> check_range(const SettingInfo& info, double number, std::string_view unit) {
  if (number >= info.minimum && number <= info.maximum) return number;
  const bool real = info.kind == SettingKind::real;
  const auto said = [real](double limit) { return real ? short_number(limit) : plain(limit); };
  const std::string suffix = unit.empty() ? "" : " " + std::string(unit);
  return model::fail("22023"_state, said(number) + suffix + " is outside the valid range for parameter \"" + std::string(info.name) +
                                        "\" (" + said(info.minimum) + " .. " + said(info.maximum) + ")");
}

/// Units from the largest on; `size` in those of the row's first kinds: milliseconds, bytes.
struct Unit { std::string_view name; double size; };
constexpr std::array kTimeUnits{Unit{"d", 86'400'000}, Unit{"h", 3'600'000}, Unit{"min", 60'000},
                                Unit{"s", 1'000},      Unit{"ms", 1},        Unit{"us", 0.001}};
constexpr std::array kSizeUnits{Unit{"TB", 0x1p40}, Unit{"GB", 0x1p30}, Unit{"MB", 0x1p20}, Unit{"kB", 0x1p10}, Unit{"B", 1}};

/// What a kind's plain number counts. `base`: in the units' own measure.
struct Measure { SettingKind kind; double base; std::string_view name; std::span<const Unit> units; std::string_view hint; };
constexpr std::string_view kTimeHint = R"(Valid units for this parameter are "us", "ms", "s", "min", "h", and "d".)";
constexpr std::string_view kSizeHint = R"(Valid units for this parameter are "B", "kB", "MB", "GB", and "TB".)";
constexpr std::array kMeasures{
    Measure{SettingKind::milliseconds, 1, "ms", kTimeUnits, kTimeHint}, Measure{SettingKind::seconds, 1'000, "s", kTimeUnits, kTimeHint},
    Measure{SettingKind::bytes, 1, "B", kSizeUnits, kSizeHint},         Measure{SettingKind::kilobytes, 0x1p10, "kB", kSizeUnits, kSizeHint},
    Measure{SettingKind::blocks, 0x1p13, "8kB", kSizeUnits, kSizeHint},
};

/// In the largest unit that says it exactly.
std::string shown(double number, const Measure& measure) {
  if (number <= 0) return plain(number);
  const double whole = number * measure.base;
  for (const Unit& unit : measure.units)
    if (std::fmod(whole, unit.size) == 0) return plain(whole / unit.size) + std::string(unit.name);
  return plain(number) + std::string(measure.name);
}

/// The number at the front of `text`, and where it ends; hexadecimal too. nullopt: none.
std::optional<std::pair<double, std::size_t>> read_number(const std::string& text) {
  char* end = nullptr;
  const double number = std::strtod(text.c_str(), &end);
  const auto length = static_cast<std::size_t>(end - text.c_str());
  if (length == 0 || !std::isfinite(number)) return std::nullopt;
  return std::pair{number, length};
}

Checked check_number(const SettingInfo& info, std::string_view value) {
  const std::string text(trimmed(value));
  const auto read = read_number(text);
  if (!read) return invalid(info, value);
  auto [number, length] = *read;
  const std::string_view unit = trimmed(std::string_view(text).substr(length));
  const auto measure = std::ranges::find(kMeasures, info.kind, &Measure::kind);
  if (!unit.empty()) {
    if (measure == kMeasures.end()) return invalid(info, value);
    const auto known = std::ranges::find(measure->units, unit, &Unit::name);
    if (known == measure->units.end()) return invalid(info, value, std::string(measure->hint));
    number = number * known->size / measure->base;
  }
  if (info.kind == SettingKind::real) {
    CROSSFADE_TRY(number, check_range(info, number, ""));
    return short_number(number);
  }
  number = std::nearbyint(number);
  if (std::abs(number) > 2'147'483'648.0) return invalid(info, value, "Value exceeds integer range.");
  CROSSFADE_TRY(number, check_range(info, number, measure == kMeasures.end() ? "" : measure->name));
  return measure == kMeasures.end() ? plain(number) : shown(number, *measure);
}

Checked check_word(const SettingInfo& info, std::string_view value) {
  std::string text = lower(value);
  if (text == lower(info.initial)) return std::string(info.initial);
  if (text == "debug" && info.name == "client_min_messages") text = "debug2";
  if (text == "info" && info.name == "client_min_messages") return text;  // taken, though no hint lists it
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
  SettingInfo as_written = info;
  const std::string name = lower(info.name);  // PostgreSQL says it as the grammar folds it
  as_written.name = name;
  return invalid(as_written, value, "Available values: " + available + ".");
}

/// "2", "-3.5" → "+02", "-03:30": hours east. nullopt: a name, or POSIX's "+05:30", which is west.
std::optional<std::string> offset_text(std::string_view value) {
  const std::string text(trimmed(value));
  const auto read = read_number(text);
  if (!read || read->second != text.size()) return std::nullopt;
  const double hours = read->first;
  const auto seconds = static_cast<std::int64_t>(std::nearbyint(std::abs(hours) * 3'600));
  std::array<char, 48> buffer{};
  std::snprintf(buffer.data(), buffer.size(), "%c%02lld:%02lld:%02lld", hours < 0 ? '-' : '+', static_cast<long long>(seconds / 3'600),
                static_cast<long long>(seconds / 60 % 60), static_cast<long long>(seconds % 60));
  std::string out = buffer.data();
  while (out.ends_with(":00")) out.resize(out.size() - 3);
  return out;
}

Checked check_zone(const SettingInfo& info, std::string_view value) {
  const std::string word = lower(value);
  if (word == "default" || word == "local") return only_postgres(info, value);
  const auto offset = offset_text(value);
  const auto zone = offset ? model::TimeZone::at_offset(*offset) : model::TimeZone::find_posix(value);
  if (zone) return zone->name();
  if (offset) {
    return model::fail("22023"_state, "invalid value for parameter \"TimeZone\": \"" + std::string(value) + "\"",
                       "UTC timezone offset is out of range.");
  }
  return invalid(info, value);
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
    if (word.find(' ') != std::string::npos) {
      return model::fail("22023"_state, "invalid value for parameter \"DateStyle\": \"" + all + "\"", "List syntax is invalid.");
    }
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
    case SettingKind::real:
    case SettingKind::milliseconds:
    case SettingKind::seconds:
    case SettingKind::bytes:
    case SettingKind::kilobytes:
    case SettingKind::blocks: return check_number(info, values[0]);
    case SettingKind::word: return check_word(info, values[0]);
    case SettingKind::time_zone: return check_zone(info, values[0]);
    case SettingKind::date_style: return check_date_style(values, current);
    case SettingKind::encoding: return check_encoding(info, values[0]);
    case SettingKind::text: return values[0];
    case SettingKind::printable: return printable_text(cut_name(values[0]));
    case SettingKind::names: return joined_names(values);
  }
  return joined(values);
}

std::string_view cut_name(std::string_view name) {
  constexpr std::size_t kLongest = 63;
  if (name.size() <= kLongest) return name;
  std::size_t length = kLongest;
  while (length > 0 && (static_cast<unsigned char>(name[length]) & 0xC0U) == 0x80U) --length;
  return name.substr(0, length);
}

std::chrono::milliseconds read_milliseconds(std::string_view text) {
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{}) return {};
  const std::string_view unit = text.substr(static_cast<std::size_t>(end - text.data()));
  const auto found = std::ranges::find(kTimeUnits, unit, &Unit::name);
  return std::chrono::milliseconds(static_cast<std::int64_t>(number * (found == kTimeUnits.end() ? 1 : found->size)));
}

}  // namespace crossfade::session
