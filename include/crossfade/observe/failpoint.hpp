#pragma once

#include <algorithm>
#include <array>
#include <cstdlib>
#include <string_view>

namespace crossfade::observe {

/// Places at which a test may have the process killed. CROSSFADE_FAILPOINT=name: SIGKILL on arrival there. CROSSFADE_FAILPOINT=@FILE: at the
/// place that FILE names at that moment, so that a running process can be told. One for every moment between two durable changes of a
/// transaction, a step, a fill, a switch and a finish; docs/crash-matrix.md has what each of them came to.
inline constexpr std::array<std::string_view, 36> kFailpoints{
    "group-written", "group-committed", "block-written", "block-committed",
    "step-read", "step-applied", "step-committed", "step-pruned",
    "back-read", "back-flushed", "back-applied", "back-committed", "back-pruned",
    "fill-begun", "fill-table", "fill-done",
    "switch-fenced", "switch-guarded", "switch-stepped", "switch-primed", "switch-epoch", "switch-handed-over",
    "cancel-primary", "cancel-done",
    "finish-buried", "finish-done",
    "schema-prepared", "schema-written", "schema-done", "schema-redone",
    "schema-back-recorded", "schema-back-acknowledged", "schema-back-applied", "schema-back-committed", "schema-back-forgotten", "schema-back-finished",
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

/// Does not return when `wanted` means this place.
void reach_failpoint(std::string_view name, std::string_view wanted);

inline void failpoint(Failpoint point) {
  static const char* const wanted = std::getenv("CROSSFADE_FAILPOINT");
  if (wanted) reach_failpoint(point.name, wanted);
}

}  // namespace crossfade::observe
