#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "crossfade/model/error.hpp"

namespace crossfade::wire {

struct SslRequest {};
struct GssEncRequest {};
struct CancelRequest { std::int32_t pid; std::int32_t secret; };
/// `options`: the parameters but `_pq_.…`, whose names are in `protocol_options` (none is known here).
struct StartupMessage {
  std::uint16_t major = 3;
  std::uint16_t minor = 0;
  std::map<std::string, std::string> options;
  std::vector<std::string> protocol_options;

  /// The client must be told by NegotiateProtocolVersion what is not supported.
  bool needs_negotiation() const { return minor > 0 || !protocol_options.empty(); }
};
using StartupPacket = std::variant<SslRequest, GssEncRequest, CancelRequest, StartupMessage>;

/// Decodes a start-up packet without its length word. Errors: 08P01 malformed, 0A000 another major version,
/// 28000 no user name. Source: PostgreSQL 15 manual, "Message Formats" (StartupMessage) and "Start-up".
model::Result<StartupPacket> parse_startup(std::string_view body);

}  // namespace crossfade::wire
