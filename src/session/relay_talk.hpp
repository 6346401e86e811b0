#pragma once

#include <expected>
#include <string>
#include <vector>

#include "relay.hpp"

namespace crossfade::session {

/// What the proxy itself says to the server within a client's session, while relay.aside talks.

/// Why the talk did not come to its end. `raw`: the server's own message.
struct Trouble { model::Error error; std::string raw; };
inline Trouble ours(model::Error error) { return {std::move(error), {}}; }
template <class T>
using Talked = std::expected<T, Trouble>;
using Sets = std::vector<model::ResultSet>;

/// Within the client's batch, or between two of its messages.
enum class Place : std::uint8_t { batch, between };

/// relay.aside talks from now on, up to its end(): between the client's messages nothing is given back or asked meanwhile.
void begin_talk(Relay& relay);
/// Everything that was sent is answered, or the server waits for COPY data; `out` goes before it. false: the server is gone.
boost::asio::awaitable<bool> await_answers(Relay& relay, std::string& out);
/// Sends `bytes`, and gives what the server says to them. A lost server sets relay.upstream_lost.
boost::asio::awaitable<Talked<std::vector<std::string>>> converse(Relay& relay, std::string bytes, Aside::Until until, std::size_t closes);
/// Statements of the proxy's own, one after the other, with their rows. The first error ends them.
boost::asio::awaitable<Talked<Sets>> say(Relay& relay, Place place, std::vector<std::string> statements);

}  // namespace crossfade::session
