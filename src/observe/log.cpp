#include "crossfade/observe/log.hpp"

#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <array>
#include <atomic>
#include <memory>

namespace crossfade::observe {
namespace {

constexpr std::array kSpdlogLevels{spdlog::level::trace, spdlog::level::debug, spdlog::level::info,
                                   spdlog::level::warn, spdlog::level::err};
constexpr const char* kTextPattern = "%Y-%m-%dT%H:%M:%S.%eZ %v";
constexpr const char* kJsonPattern = R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ",%v)";

struct Log {
  std::shared_ptr<spdlog::logger> logger;
  LogFormat format;
};

std::shared_ptr<const Log> make(const LogOptions& options, spdlog::sink_ptr sink) {
  auto logger = std::make_shared<spdlog::logger>("crossfade", std::move(sink));
  logger->set_level(kSpdlogLevels[static_cast<std::size_t>(options.level)]);
  logger->flush_on(spdlog::level::trace);
  logger->set_pattern(options.format == LogFormat::json ? kJsonPattern : kTextPattern, spdlog::pattern_time_type::utc);
  return std::make_shared<const Log>(Log{std::move(logger), options.format});
}

std::atomic<std::shared_ptr<const Log>>& current() {
  static std::atomic<std::shared_ptr<const Log>> log{make({}, std::make_shared<spdlog::sinks::stderr_sink_mt>())};
  return log;
}

}  // namespace

std::optional<std::string> configure_log(const LogOptions& options) try {
  spdlog::sink_ptr sink;
  if (options.file.empty()) {
    sink = std::make_shared<spdlog::sinks::stderr_sink_mt>();
  } else {
    sink = std::make_shared<spdlog::sinks::basic_file_sink_mt>(options.file);
  }
  current().store(make(options, std::move(sink)));
  return std::nullopt;
} catch (const spdlog::spdlog_ex& problem) {
  return std::string(problem.what());
}

bool enabled(Level level) { return current().load()->logger->should_log(kSpdlogLevels[static_cast<std::size_t>(level)]); }

void log(Level level, std::string_view event, std::initializer_list<Field> fields) try {
  const std::shared_ptr<const Log> log = current().load();
  const auto spdlog_level = kSpdlogLevels[static_cast<std::size_t>(level)];
  if (!log->logger->should_log(spdlog_level)) return;
  std::string line = format_line(log->format, level, event, fields);
  if (log->format == LogFormat::json) line.erase(0, 1);  // the pattern writes the brace before the time
  log->logger->log(spdlog_level, spdlog::string_view_t(line));
} catch (...) {
  // A log that cannot be written must not end what it tells about.
}

}  // namespace crossfade::observe
