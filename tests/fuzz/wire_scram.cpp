#include <cstdint>
#include <cstdlib>
#include <string>

#include "crossfade/wire/scram.hpp"

using namespace crossfade::wire;

/// The input's first line is the client's first message, the rest its last one. Nobody may get in without the password.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  static const ScramVerifier verifier = *make_scram_verifier("correct horse battery staple");
  const std::size_t line = text.find('\n');
  ScramServer server("user", verifier, "nonce");
  (void)ScramVerifier::parse(text);
  if (!server.first(text.substr(0, line)) || line == std::string_view::npos) return 0;
  if (server.last(text.substr(line + 1))) std::abort();
  return 0;
}
