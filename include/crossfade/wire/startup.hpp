#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "crossfade/model/error.hpp"

namespace crossfade::wire {

/// The newest protocol 3.x that is spoken here. Source: PostgreSQL 18 manual, "Protocol Versions".
inline constexpr std::uint16_t kMinorVersion = 2;
inline constexpr std::uint32_t kCancelCode = 1234U << 16 | 5678, kSslCode = 1234U << 16 | 5679, kGssEncCode = 1234U << 16 | 5680;
inline constexpr std::size_t kShortKey = 4, kLongKey = 32, kMaxKey = 256;  // bytes of a cancel key

struct SslRequest {};
struct GssEncRequest {};
/// `secret`: 4 bytes up to protocol 3.1, up to 256 from 3.2 on.
struct CancelRequest { std::int32_t pid; std::string secret; };
/// Not a packet: the first byte is that of a TLS handshake. It was left where it is.
struct DirectTls {};
/// `options`: the parameters but `_pq_.…`, whose names are in `protocol_options` (none is known here).
struct StartupMessage {
  std::uint16_t major = 3;
  std::uint16_t minor = 0;
  std::map<std::string, std::string> options;
  std::vector<std::string> protocol_options;

  /// The client must be told by NegotiateProtocolVersion what is not supported.
  bool needs_negotiation() const { return minor > kMinorVersion || !protocol_options.empty(); }
  /// What is spoken from here on.
  std::uint16_t spoken_minor() const { return std::min(minor, kMinorVersion); }
  /// From 3.2 on a cancel key may have another length than 4.
  bool takes_long_keys() const { return spoken_minor() >= 2; }
};
using StartupPacket = std::variant<SslRequest, GssEncRequest, CancelRequest, StartupMessage, DirectTls>;

/// Decodes a start-up packet without its length word. Errors: 08P01 malformed, 0A000 another major version,
/// 28000 no user name. Source: PostgreSQL 15 manual, "Message Formats" (StartupMessage) and "Start-up".
model::Result<StartupPacket> parse_startup(std::string_view body);

}  // namespace crossfade::wire
