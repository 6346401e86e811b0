#include <cstdint>
#include <cstdlib>

#include "crossfade/wire/backend.hpp"
#include "crossfade/wire/frame_reader.hpp"

using namespace crossfade::wire;

/// Packets of a start-up, cut where the first byte says. What a packet is must not depend on the cut, and what is accepted must be
/// within its limits.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  FrameReader whole(From::client), cut(From::client);
  const std::size_t at = data[0] % bytes.size();
  whole.feed(bytes);
  cut.feed(bytes.substr(0, at));
  const bool early = !std::holds_alternative<NeedBytes>(cut.next_startup());
  if (!early) cut.feed(bytes.substr(at));
  const StartupStep step = whole.next_startup();
  if (!early && cut.next_startup().index() != step.index()) std::abort();
  const auto* packet = std::get_if<StartupPacket>(&step);
  if (packet == nullptr) return 0;
  if (const auto* cancel = std::get_if<CancelRequest>(packet); cancel != nullptr && cancel->secret.size() > kMaxKey) std::abort();
  if (const auto* message = std::get_if<StartupMessage>(packet)) {
    if (message->spoken_minor() > kMinorVersion || !message->options.contains("user")) std::abort();
    std::string out;
    append_negotiate_protocol_version(out, *message);
    FrameReader server(From::server);
    server.feed(out);
    if (!std::holds_alternative<Frame>(server.next())) std::abort();
  }
  return 0;
}
