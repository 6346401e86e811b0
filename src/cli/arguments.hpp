#pragma once

#include <optional>

#include "invocation.hpp"

namespace crossfade::cli {

struct Arguments {
  const Verb* verb = nullptr;
  Invocation invocation;
  std::optional<Exit> exit;  // help or version was printed, or the command line is wrong (said on standard error)
};
Arguments read_arguments(int argc, const char* const* argv);

}  // namespace crossfade::cli
