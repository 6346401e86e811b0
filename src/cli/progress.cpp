#include "progress.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "output.hpp"

namespace crossfade::cli {
namespace {

constexpr std::chrono::milliseconds kTerminal{200}, kLines{1'000};

std::string time_text(double seconds) {
  const auto whole = static_cast<std::int64_t>(seconds + 0.5);
  if (whole < 60) return std::to_string(whole) + " s";
  return std::to_string(whole / 60) + " min " + std::to_string(whole % 60) + " s";
}

}  // namespace

Progress::Progress(std::string_view verb) : verb_(verb), terminal_(isatty(STDERR_FILENO) != 0), start_(Clock::now()), said_(start_) {}

Progress::~Progress() {
  if (shown_ && terminal_) std::fputs("\r\033[K", stderr);
}

void Progress::table(const std::string& name, const Standing& standing) {
  tables_[name] = standing;
  const auto now = Clock::now();
  if (now - said_ < (terminal_ ? kTerminal : kLines)) return;
  said_ = now;
  say(name, standing);
}

void Progress::say(const std::string& name, const Standing& standing) {
  Standing sum;
  for (const auto& [table, one] : tables_) {
    sum.rows += one.rows;
    sum.bytes += one.bytes;
    sum.skipped += one.skipped;
  }
  const double seconds = std::max(std::chrono::duration<double>(Clock::now() - start_).count(), 0.001);
  const auto done = static_cast<double>(sum.rows - sum.skipped);
  const double rate = done / seconds;
  const double left = about_ > sum.rows && rate > 0 ? static_cast<double>(about_ - sum.rows) / rate : 0;
  if (!terminal_) {
    nlohmann::ordered_json line{{"progress", verb_}, {"table", name}, {"rows", standing.rows}, {"rows_all", sum.rows},
                                {"rows_per_second", static_cast<std::int64_t>(rate)}};
    if (about_ != 0) line.update({{"about_all", about_}, {"eta_seconds", static_cast<std::int64_t>(left + 0.5)}});
    std::fputs((line.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n").c_str(), stderr);
    return;
  }
  std::string text = name + ": " + std::to_string(standing.rows) + (standing.about != 0 ? " of about " + std::to_string(standing.about) : "") + " rows; in all " +
                     std::to_string(sum.rows) + ", " + std::to_string(static_cast<std::int64_t>(rate)) + " rows/s";
  if (sum.bytes != 0) text += ", " + bytes_text(static_cast<std::int64_t>(static_cast<double>(sum.bytes) / seconds)) + "/s";
  if (left > 0) text += ", " + time_text(left) + " left";
  std::fputs(("\r\033[K" + text).c_str(), stderr);
  shown_ = true;
}

}  // namespace crossfade::cli
