#pragma once

#include <chrono>
#include <map>
#include <string>

#include "invocation.hpp"

namespace crossfade::cli {

/// Says on standard error how far a long verb is: one line that is written over on a terminal, else a line of JSON a second at most.
/// Nothing of a run under a second. Used by one thread at a time.
class Progress {
 public:
  explicit Progress(std::string_view verb);
  ~Progress();  // clears the line
  Progress(const Progress&) = delete;

  /// Rows (and bytes, where they count) of a table so far, of about so many (0: not known); `skipped`: done by an earlier run.
  struct Standing { std::int64_t rows = 0, about = 0, bytes = 0, skipped = 0; };
  void table(const std::string& name, const Standing& standing);
  /// Rows of all tables together, where that is known beforehand.
  void all(std::int64_t about) { about_ = about; }

 private:
  void say(const std::string& name, const Standing& standing);

  using Clock = std::chrono::steady_clock;
  std::string verb_;
  bool terminal_;
  bool shown_ = false;
  std::int64_t about_ = 0;
  std::map<std::string, Standing> tables_;
  Clock::time_point start_, said_;
};

}  // namespace crossfade::cli
