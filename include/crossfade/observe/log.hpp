#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace crossfade::observe {

enum class Level : std::uint8_t { trace, debug, info, warn, error };
enum class LogFormat : std::uint8_t { text, json };

struct LogOptions {
  Level level = Level::info;
  LogFormat format = LogFormat::text;
  std::string file;  // empty: standard error
};

/// A named value of a log line. Text is passed through redact() before it is written.
struct Field {
  std::string_view name;
  std::variant<std::string, std::int64_t, double, bool> value;

  Field(std::string_view name, std::string text) : name(name), value(std::move(text)) {}
  Field(std::string_view name, std::string_view text) : name(name), value(std::string(text)) {}
  Field(std::string_view name, const char* text) : name(name), value(std::string(text)) {}
  Field(std::string_view name, std::same_as<bool> auto flag) : name(name), value(flag) {}
  Field(std::string_view name, std::integral auto number)
    requires(!std::same_as<decltype(number), bool>)
      : name(name), value(static_cast<std::int64_t>(number)) {}
  Field(std::string_view name, std::floating_point auto number)
      : name(name), value(static_cast<double>(number)) {}
};

/// Where the log goes, from now on. Before the first call: text on standard error from level info.
/// Errors: a message when the file cannot be opened; the log stays as it was.
std::optional<std::string> configure_log(const LogOptions& options);

/// Writes one line: time, level, event, fields. Thread-safe; never throws. `event`: a few words, always the same for the same thing
/// ("listening", "switch refused"); what varies goes into fields.
void log(Level level, std::string_view event, std::initializer_list<Field> fields = {});

/// For fields that are expensive to make.
bool enabled(Level level);

/// The line that log() writes, without its time. Pure.
std::string format_line(LogFormat format, Level level, std::string_view event, std::initializer_list<Field> fields);

std::optional<Level> parse_level(std::string_view word);

}  // namespace crossfade::observe
