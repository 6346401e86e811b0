#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <chrono>
#include <map>
#include <memory>
#include <string>

#include "crossfade/engine/postgres/connection.hpp"

namespace crossfade::postgres {

/// The relay face: a connection that libpq made and authenticated, whose socket is ours. After connect the server is idle and
/// has sent nothing that was not read. Lives on one io_context at a time.
class Upstream {
 public:
  using Socket = boost::asio::generic::stream_protocol::socket;
  /// Runs libpq's connect on a thread of its own. `options`: start-up parameters of the client to pass on (database, options,
  /// application_name, TimeZone …). Errors: the server's own (28P01, 3D000, 53300 …), 08001 unreachable, 0A000 when the upstream
  /// insists on TLS (relayed TLS comes with issue 5).
  static boost::asio::awaitable<model::Result<std::unique_ptr<Upstream>>> connect(
      Conninfo conninfo, std::map<std::string, std::string> options, std::chrono::milliseconds timeout);
  virtual ~Upstream() = default;
  virtual Socket& socket() = 0;
  /// server_version, TimeZone … as the server reported them.
  virtual const std::map<std::string, std::string>& parameters() const = 0;
  virtual std::int32_t backend_pid() const = 0;
  /// Asks the server to cancel what runs on this connection; bounded. true: the request has arrived, and comes no later than now.
  virtual boost::asio::awaitable<bool> cancel() = 0;
  /// What lies in the socket of a connection that is not read from.
  enum class Look : std::uint8_t { quiet, speaks, gone };
  virtual Look look() = 0;
  /// From now on the socket belongs to another io thread. Only while nothing is under way on it. false: it cannot be used any more.
  virtual bool move_to(const boost::asio::any_io_executor& io) = 0;
};

}  // namespace crossfade::postgres
