#include "crossfade/wire/startup.hpp"

#include <array>

#include "bytes.hpp"

namespace crossfade::wire {

using namespace model::literals;

namespace {

/// The end is where PostgreSQL sees it: exactly one byte is left when no further pair begins.
model::Result<StartupPacket> parse_options(StartupMessage message, std::string_view rest) {
  while (!rest.empty() && rest[0] != '\0') {
    const std::size_t name_end = rest.find('\0');
    if (name_end == std::string_view::npos || name_end + 1 >= rest.size()) break;
    const std::size_t value_end = rest.find('\0', name_end + 1);
    std::string name(rest.substr(0, name_end));
    const auto value = rest.substr(name_end + 1, value_end == std::string_view::npos ? value_end : value_end - name_end - 1);
    if (name.starts_with("_pq_.")) message.protocol_options.push_back(std::move(name));
    else message.options.insert_or_assign(std::move(name), std::string(value));
    rest.remove_prefix(value_end == std::string_view::npos ? rest.size() : value_end + 1);
  }
  if (rest.size() != 1) return model::fail("08P01"_state, "invalid startup packet layout: expected terminator as last byte");
  const auto user = message.options.find("user");
  if (user == message.options.end() || user->second.empty())
    return model::fail("28000"_state, "no PostgreSQL user name specified in startup packet");
  return StartupPacket{std::move(message)};
}

}  // namespace

model::Result<StartupPacket> parse_startup(std::string_view body) {
  FieldReader fields(body);
  const auto version = static_cast<std::uint32_t>(fields.int32());
  if (!fields.ok()) return model::fail("08P01"_state, "invalid length of startup packet");
  // What stands behind the code is not looked at, as in PostgreSQL.
  if (version == kSslCode) return StartupPacket{SslRequest{}};
  if (version == kGssEncCode) return StartupPacket{GssEncRequest{}};
  if (version == kCancelCode) {
    const std::int32_t pid = fields.int32();
    const std::string_view secret = fields.rest();
    if (!fields.ok() || secret.size() < kShortKey || secret.size() > kMaxKey)
      return model::fail("08P01"_state, "invalid length of startup packet");
    return StartupPacket{CancelRequest{pid, std::string(secret)}};
  }
  StartupMessage message;
  message.major = static_cast<std::uint16_t>(version >> 16);
  message.minor = static_cast<std::uint16_t>(version & 0xffff);
  if (message.major != 3) {
    return model::fail("0A000"_state, "unsupported frontend protocol " + std::to_string(message.major) + "." +
                                          std::to_string(message.minor) + ": server supports 3.0 to 3." + std::to_string(kMinorVersion));
  }
  return parse_options(std::move(message), fields.rest());
}

}  // namespace crossfade::wire
