#include <algorithm>
#include <array>
#include <charconv>
#include <cctype>
#include <cmath>
#include <limits>

#include "crossfade/observe/redact.hpp"
#include "settings.hpp"
#include "settings_table.hpp"

namespace crossfade::cli {
namespace {

using Outcome = std::expected<void, std::string>;

struct Unit { std::string_view name; std::int64_t millis; };
constexpr std::array kUnits{Unit{"h", 3'600'000}, Unit{"min", 60'000}, Unit{"s", 1'000}, Unit{"ms", 1}};

template <class T>
std::optional<T> parse_number(std::string_view text) {
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::vector<std::string> split(std::string_view text, char at) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(at), text.size());
    std::string_view part = text.substr(0, end);
    while (part.starts_with(' ')) part.remove_prefix(1);
    while (part.ends_with(' ')) part.remove_suffix(1);
    if (!part.empty()) parts.emplace_back(part);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return parts;
}

std::string number_text(double number) {
  std::array<char, 32> buffer;
  return {buffer.data(), std::to_chars(buffer.data(), buffer.data() + buffer.size(), number).ptr};
}

std::string toml_text(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

std::string list_words(std::string_view words, std::string_view quote) {
  std::string out;
  for (const std::string& word : split(words, '|')) {
    out.append(out.empty() ? "" : ", ").append(quote).append(word).append(quote);
  }
  return out;
}

struct Write {
  std::string operator()(const std::string& text) const { return toml_text(text); }
  std::string operator()(std::int64_t number) const { return std::to_string(number); }
  std::string operator()(double number) const { return number_text(number); }
  std::string operator()(bool flag) const { return flag ? "true" : "false"; }
  std::string operator()(Duration duration) const { return toml_text(duration_text(duration)); }
  std::string operator()(const Words& words) const {
    std::string out;
    for (const std::string& word : words) out.append(out.empty() ? "" : ", ").append(toml_text(word));
    return "[" + out + "]";
  }
};

/// Reads a flag's or a variable's text into the member.
struct ReadText {
  std::string_view text;

  Outcome operator()(std::string& member) const { return member = text, Outcome{}; }
  Outcome operator()(Words& member) const { return member = split(text, ','), Outcome{}; }
  Outcome operator()(std::int64_t& member) const { return take(parse_number<std::int64_t>(text), member, "a whole number"); }
  Outcome operator()(double& member) const { return take(parse_number<double>(text), member, "a number"); }
  Outcome operator()(Duration& member) const { return take(parse_duration(text), member, "a duration such as \"30s\""); }
  Outcome operator()(bool& member) const {
    constexpr std::array<std::pair<std::string_view, bool>, 8> kFlags{{{"true", true},
                                                                       {"on", true},
                                                                       {"yes", true},
                                                                       {"1", true},
                                                                       {"false", false},
                                                                       {"off", false},
                                                                       {"no", false},
                                                                       {"0", false}}};
    for (const auto& [word, value] : kFlags) {
      if (word == text) return member = value, Outcome{};
    }
    return std::unexpected("\"" + std::string(text) + "\" is not true or false");
  }

  template <class T>
  Outcome take(std::optional<T> value, T& member, std::string_view what) const {
    if (!value) return std::unexpected("\"" + std::string(text) + "\" is not " + std::string(what));
    member = *value;
    return {};
  }
};

/// Limits and words of a value.
struct Check {
  const Setting& setting;

  template <class T>
  Outcome between(T value, std::optional<T> low, std::optional<T> high) const {
    if (value >= *low && value <= *high) return {};
    return std::unexpected(Write{}(value) + " is out of range: " + std::string(setting.low) + " to " + std::string(setting.high));
  }
  Outcome operator()(std::int64_t value) const {
    return between(value, parse_number<std::int64_t>(setting.low), parse_number<std::int64_t>(setting.high));
  }
  Outcome operator()(double value) const {
    if (std::isnan(value)) return std::unexpected("nan is not a number that can be set");
    return between(value, parse_number<double>(setting.low), parse_number<double>(setting.high));
  }
  Outcome operator()(Duration value) const { return between(value, parse_duration(setting.low), parse_duration(setting.high)); }
  Outcome operator()(const std::string& text) const {
    const Words words = split(setting.words, '|');
    if (words.empty() || std::ranges::find(words, text) != words.end()) return {};
    return std::unexpected(toml_text(text) + " is none of " + list_words(setting.words, "\""));
  }
  Outcome operator()(bool) const { return {}; }
  Outcome operator()(const Words&) const { return {}; }
};

}  // namespace

std::optional<Duration> parse_duration(std::string_view text) {
  if (text == "0") return Duration{0};
  const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
  const std::optional<std::int64_t> count = parse_number<std::int64_t>(text.substr(0, digits));
  for (const Unit& unit : kUnits) {
    if (!count || text.substr(digits) != unit.name) continue;
    if (*count > std::numeric_limits<std::int64_t>::max() / unit.millis) return std::nullopt;
    return Duration{*count * unit.millis};
  }
  return std::nullopt;
}

std::string duration_text(Duration duration) {
  if (duration.count() == 0) return "0";
  for (const Unit& unit : kUnits) {
    if (duration.count() % unit.millis == 0) return std::to_string(duration.count() / unit.millis).append(unit.name);
  }
  return std::to_string(duration.count()) + "ms";
}

std::string to_toml(const Setting& setting, const Settings& settings) {
  return std::visit([&](auto member) { return Write{}(settings.*member); }, setting.member);
}

std::string shown(const Setting& setting, const Settings& settings) {
  if (const auto* text = std::get_if<std::string Settings::*>(&setting.member)) return observe::redact(settings.*(*text));
  if (const auto* duration = std::get_if<Duration Settings::*>(&setting.member)) return duration_text(settings.*(*duration));
  if (setting.meaning == Meaning::conninfos) {
    Words lines = settings.*std::get<Words Settings::*>(setting.member);
    for (std::string& line : lines) line = observe::redact(line);
    return Write{}(lines);
  }
  return to_toml(setting, settings);
}

std::expected<void, std::string> check_value(const Setting& setting, const Settings& settings) {
  return std::visit([&](auto member) { return Check{setting}(settings.*member); }, setting.member);
}

std::expected<void, std::string> set_from_text(const Setting& setting, std::string_view text, Settings& settings) {
  Outcome read = std::visit([&](auto member) { return ReadText{text}(settings.*member); }, setting.member);
  return read ? check_value(setting, settings) : read;
}

std::string path_of(const Setting& setting) {
  return setting.section.empty() ? std::string(setting.key) : std::string(setting.section).append(".").append(setting.key);
}

std::string variable_of(const Setting& setting) {
  std::string name = "CROSSFADE_" + path_of(setting);
  for (char& c : name) c = c == '.' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return name;
}

std::string_view to_string(Change change) { return change == Change::reload ? "reload" : "restart"; }

std::string kind_of(const Setting& setting) {
  struct Kind {
    const Setting& setting;
    std::string range(std::string_view name) const {
      return std::string(name).append(", ").append(setting.low).append(" to ").append(setting.high);
    }
    std::string operator()(std::string Settings::*) const {
      return setting.words.empty() ? "text" : "one of " + list_words(setting.words, "`");
    }
    std::string operator()(std::int64_t Settings::*) const { return range("whole number"); }
    std::string operator()(double Settings::*) const { return range("number"); }
    std::string operator()(bool Settings::*) const { return "true or false"; }
    std::string operator()(Duration Settings::*) const { return range("duration"); }
    std::string operator()(Words Settings::*) const { return "list of text"; }
  };
  return std::visit(Kind{setting}, setting.member);
}

}  // namespace crossfade::cli
