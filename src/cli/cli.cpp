#include "cli.hpp"

#include <exception>

#include "arguments.hpp"
#include "output.hpp"

namespace crossfade::cli {
namespace {

using namespace model::literals;

int run_verb(const Verb& verb, const Invocation& invocation) {
  const model::Result<Exit> done = verb.run(invocation);
  if (done) return static_cast<int>(*done);
  print_error(done.error(), invocation.output);
  return static_cast<int>(Exit::cannot);
}

}  // namespace

int run(int argc, const char* const* argv) {
  Arguments arguments;
  try {
    arguments = read_arguments(argc, argv);
    if (arguments.exit) return static_cast<int>(*arguments.exit);
    return run_verb(*arguments.verb, arguments.invocation);
  } catch (const std::exception& broken) {
    print_error({"XX000"_state, std::string("internal error: ") + broken.what()}, arguments.invocation.output);
    return static_cast<int>(Exit::cannot);
  }
}

}  // namespace crossfade::cli
