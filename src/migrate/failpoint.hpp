#pragma once

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdlib>
#include <string_view>
#include <unistd.h>

namespace crossfade::migrate {

/// Places at which a test may have the process killed: CROSSFADE_FAILPOINT=name, SIGKILL on arrival. One for every moment between two
/// durable changes of a step, a fill a switch and a finish.
inline constexpr std::array<std::string_view, 22> kFailpoints{
    "step-read", "step-applied", "step-committed", "step-pruned",
    "back-read", "back-flushed", "back-applied", "back-committed", "back-pruned",
    "fill-begun", "fill-table", "fill-done",
    "switch-fenced", "switch-guarded", "switch-stepped", "switch-primed", "switch-epoch", "switch-handed-over",
    "cancel-primary", "cancel-done",
    "finish-buried", "finish-done",
};

consteval std::string_view failpoint_name(std::string_view name) {
  if (std::ranges::find(kFailpoints, name) == kFailpoints.end()) throw "no such failpoint";
  return name;
}

/// A name that the table knows; another does not compile.
struct Failpoint {
  template <std::size_t length>
  consteval Failpoint(const char (&text)[length]) : name(failpoint_name({text, length - 1})) {}
  std::string_view name;
};

inline void failpoint(Failpoint point) {
  static const char* const wanted = std::getenv("CROSSFADE_FAILPOINT");
  if (wanted && point.name == wanted) ::kill(::getpid(), SIGKILL);
}

}  // namespace crossfade::migrate
