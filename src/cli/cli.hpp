#pragma once

namespace crossfade::cli {

/// The program: reads the arguments, runs the verb, gives the exit code (0 ok, 1 warnings or rejects, 2 cannot, 3 different, 4 a
/// gate refused). Nothing is thrown.
int run(int argc, const char* const* argv);

}  // namespace crossfade::cli
