#pragma once

#include "function_error.hpp"
#include "jsonpath.hpp"

namespace crossfade::sqlite::functions {

/// One frame of the walk; each looks whether the statement was cancelled.
struct PathRun::Depth {
#ifdef __OPTIMIZE__
  static constexpr int kMost = 10'000;
#else
  static constexpr int kMost = 2'500;
#endif
  explicit Depth(int& depth) : count(depth) {
    using namespace model::literals;
    if (count >= kMost) throw PathEnded{{"54001"_state, "stack depth limit exceeded", "A path and its document are nested deeper than " + std::to_string(kMost) + " levels together."}};
    if (asked_to_stop()) throw PathEnded{stopped()};
    ++count;
  }
  Depth(const Depth&) = delete;
  Depth& operator=(const Depth&) = delete;
  ~Depth() { --count; }
  int& count;
};

}  // namespace crossfade::sqlite::functions
