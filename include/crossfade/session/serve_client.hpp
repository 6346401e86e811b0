#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <cstddef>
#include <string>

namespace crossfade::session {

class Hub;

/// Who is told that clients have gone.
class Departures {
 public:
  /// Nothing is left of one that was served on this io thread and came from this address. Called on that thread.
  virtual void left(std::size_t thread, const std::string& address) = 0;

 protected:
  ~Departures() = default;
};

/// Serves one client until it goes, errs fatally or is told to go; then `departures` is told. Never throws: a broken invariant is logged,
/// answered XX000 and closes this client alone. Called on the io thread of `socket`, whose number is `thread`.
void serve_client(Hub& hub, boost::asio::generic::stream_protocol::socket socket, std::string address, Departures& departures, std::size_t thread);

/// 53300 to a client that is one too many.
boost::asio::awaitable<void> refuse_client(Hub& hub, boost::asio::generic::stream_protocol::socket socket);

enum class Shutdown { drain, now };
/// drain: idle sessions get 57P01 and close, others at the end of their transaction. now: all sockets are closed and statements
/// interrupted. Each on its own io thread; from any.
void shut_down_clients(Hub& hub, Shutdown how);

/// Ends what SQLite runs for clients whose connection is gone: it may hold the permit to write, and all others wait for that. A client
/// that said Terminate before it closed is let finish, as in PostgreSQL. From any thread, now and then.
void end_vanished_clients(Hub& hub);

/// Closes pooled connections that have had their time, asks the others for a sign of life, makes the minimum. Now and then.
boost::asio::awaitable<void> look_after_pools(Hub& hub);

/// Waits for the engine's threads to end, and closes idle pooled connections; nothing may be asked of the hub's sessions after it. Before the io_contexts go; their threads have ended.
void join_engine(Hub& hub);

}  // namespace crossfade::session
