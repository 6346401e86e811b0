#include <array>
#include <charconv>
#include <nlohmann/json.hpp>

#include "crossfade/observe/log.hpp"
#include "crossfade/observe/redact.hpp"

namespace crossfade::observe {
namespace {

struct LevelWord { Level level; std::string_view word; };
constexpr std::array kLevels{
    LevelWord{Level::trace, "trace"}, LevelWord{Level::debug, "debug"}, LevelWord{Level::info, "info"},
    LevelWord{Level::warn, "warn"},   LevelWord{Level::error, "error"},
};

std::string_view word_of(Level level) { return kLevels[static_cast<std::size_t>(level)].word; }

bool plain(std::string_view text) {
  if (text.empty()) return false;
  for (const char c : text) {
    if (static_cast<unsigned char>(c) <= ' ' || c == '"' || c == '=' || c == '\\' || c == '\x7f') return false;
  }
  return true;
}

/// Replaces bytes that are not UTF-8, so that a line never fails to be written.
std::string quoted(const std::string& text) {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

struct AsText {
  std::string operator()(const std::string& text) const {
    const std::string shown = redact(text);
    return plain(shown) ? shown : quoted(shown);
  }
  std::string operator()(std::int64_t number) const { return std::to_string(number); }
  std::string operator()(double number) const {
    std::array<char, 32> buffer;
    const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number);
    return {buffer.data(), end.ptr};
  }
  std::string operator()(bool flag) const { return flag ? "true" : "false"; }
};

struct AsJson {
  nlohmann::ordered_json operator()(const std::string& text) const { return redact(text); }
  nlohmann::ordered_json operator()(auto value) const { return value; }
};

}  // namespace

std::optional<Level> parse_level(std::string_view word) {
  for (const LevelWord& row : kLevels) {
    if (row.word == word) return row.level;
  }
  return std::nullopt;
}

std::string format_line(LogFormat format, Level level, std::string_view event, std::initializer_list<Field> fields) {
  if (format == LogFormat::json) {
    nlohmann::ordered_json line{{"level", word_of(level)}, {"event", event}};
    for (const Field& field : fields) line[std::string(field.name)] = std::visit(AsJson{}, field.value);
    return line.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  }
  std::string line(word_of(level));
  line.resize(6, ' ');
  line += event;
  for (const Field& field : fields) {
    line.append(" ").append(field.name).append("=").append(std::visit(AsText{}, field.value));
  }
  return line;
}

}  // namespace crossfade::observe
