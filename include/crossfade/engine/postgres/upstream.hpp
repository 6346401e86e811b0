#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "crossfade/engine/postgres/connection.hpp"
#include "crossfade/engine/postgres/edge_wait.hpp"
#include "crossfade/wire/frame_reader.hpp"

namespace crossfade::postgres {

/// The relay face: a connection that libpq made and authenticated, whose socket is ours. After connect the server is idle and
/// has sent nothing that was not read. Lives on one io_context at a time.
class Upstream {
 public:
  using Socket = boost::asio::generic::stream_protocol::socket;
  /// Runs libpq's connect on a thread of its own. `options`: start-up parameters of the client to pass on (database, options,
  /// application_name, TimeZone …). TLS as the conninfo's sslmode has it; where nothing says a mode, only when the server insists.
  /// Errors: the server's own (28P01, 3D000, 53300 …), 08001 unreachable, 0A000 encrypted by GSSAPI.
  static boost::asio::awaitable<model::Result<std::unique_ptr<Upstream>>> connect(
      Conninfo conninfo, std::map<std::string, std::string> options, std::chrono::milliseconds timeout);
  /// At the end of the process, while the io_contexts are still there: what connect() and cancel() do on their threads ends, and what waits for
  /// them is thrown away. Waits for a call that has begun. Neither is of use any more then.
  static void drop_blocking_calls();
  virtual ~Upstream() = default;
  /// To wait on, to cancel waits and to close; its bytes may be TLS.
  virtual Socket& socket() = 0;
  /// What has come, without waiting. Errors: would_block nothing has, eof, the socket's.
  virtual std::size_t read_some(std::span<char> room, boost::system::error_code& error) = 0;
  /// What the socket takes at once. Errors: would_block it takes nothing (then the next call begins with the same bytes), the socket's.
  virtual std::size_t write_some(std::string_view bytes, boost::system::error_code& error) = 0;
  /// Something waits here that the socket will not tell of: read_some() before waiting.
  virtual bool has_unread() const = 0;
  /// The last read has left nothing: wait_for_answer() may be used when something is sent.
  virtual bool read_empty() const = 0;
  /// socket().async_wait(wait_read) without its system call; see EdgeWait.
  auto wait_for_answer() { return edge_.start(socket(), *home_, boost::asio::as_tuple(boost::asio::use_awaitable)); }
  /// The same; `self` is this.
  void wait_for_answer(EdgeListener& listener, std::shared_ptr<Upstream> self) { edge_.listen(socket(), *home_, listener, std::move(self)); }
  void forget_listener() { edge_.forget_listener(); }
  /// server_version, TimeZone … as the server reported them.
  virtual const std::map<std::string, std::string>& parameters() const = 0;
  virtual std::int32_t backend_pid() const = 0;
  /// Asks the server to cancel what runs on this connection; bounded. true: the request has arrived, and comes no later than now.
  virtual boost::asio::awaitable<bool> cancel() = 0;
  /// What lies in the socket of a connection that is not read from.
  enum class Look : std::uint8_t { quiet, speaks, gone };
  virtual Look look() = 0;
  /// From now on the socket belongs to another io thread. Only while nothing is under way on it. false: it cannot be used any more.
  virtual bool move_to(boost::asio::execution_context& home) = 0;
  /// The io_context it lives on.
  const boost::asio::execution_context* home() const { return home_; }
  static boost::asio::execution_context& context_of(const boost::asio::any_io_executor& io) {
    return boost::asio::query(io, boost::asio::execution::context);
  }

 protected:
  boost::asio::execution_context* home_ = nullptr;

 private:
  EdgeWait edge_;
};

/// Waits for what comes next and gives it to `reader`, some of it: one wait, one read of at most `room` bytes. No error and nothing read
/// is possible. Errors: operation_aborted, eof, the socket's.
boost::asio::awaitable<boost::system::error_code> receive(std::shared_ptr<Upstream> upstream, wire::FrameReader& reader, std::size_t room);
/// Sends all of it.
boost::asio::awaitable<boost::system::error_code> send(std::shared_ptr<Upstream> upstream, std::string bytes);

}  // namespace crossfade::postgres
