#pragma once

#include <atomic>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "crossfade/model/error.hpp"
#include "crossfade/wire/backend.hpp"
#include "crossfade/wire/frame_reader.hpp"
#include "crossfade/wire/tls.hpp"

namespace crossfade::session {

using Socket = boost::asio::generic::stream_protocol::socket;

/// The socket of one client with what was read and not handled, and what was written and not sent. Lives on its client's io thread.
/// A connection that is gone is not an error of a statement: reads and writes set broken(), and the session ends.
/// Memory: a client that is waited for holds no buffers, unless a part of a message has come.
class Channel {
 public:
  /// `write_timeout`: how long a client may leave its answers unread.
  Channel(Socket socket, std::chrono::milliseconds write_timeout);
  ~Channel();

  /// Answers wait here for flush().
  std::string& out() { return out_; }
  const std::string& out() const { return out_; }
  /// The next message. Errors: 08006 gone (broken() then), 08P01 malformed, 57P05 nothing came within `timeout` (0: no limit),
  /// 57014 interrupt_read() was called.
  boost::asio::awaitable<model::Result<wire::Frame>> read(std::chrono::milliseconds timeout = {});
  /// The next packet before authentication.
  boost::asio::awaitable<model::Result<wire::StartupPacket>> read_startup();
  /// The same of what was read. nullopt: it is not whole.
  model::Result<std::optional<wire::StartupPacket>> take_startup();
  /// A password message is an unknown one from here on.
  void end_authentication() { reader_.end_authentication(); }
  /// The same wait in two steps, for one whose coroutine has nothing else in its frame: an idle client costs no more than this. Only
  /// when waits_for_bytes(): no message is whole, and none is wrong. `waited`: what wait_for_bytes() gave.
  auto wait_for_bytes() {
    begin_wait();
    return socket_.async_wait(Socket::wait_read, boost::asio::as_tuple(boost::asio::use_awaitable));
  }
  model::Result<void> take_bytes(boost::system::error_code waited);
  /// For one who waits on socket() otherwise than by wait_for_bytes(): said before, take_bytes() after it.
  void begin_wait() {
    lay_down_buffers();
    reading_ = true;
  }
  /// The last recv left nothing in the socket, but for an end of the stream.
  bool drained() const { return drained_; }
  /// The bytes that were read and not taken.
  std::string_view waiting() const { return reader_.waiting(); }
  bool waits_for_bytes();
  /// Bytes wait that nobody has asked for yet.
  bool has_bytes() const { return !reader_.empty(); }
  /// Shakes hands; from then on all is encrypted. What waits here unread is taken for the client's first TLS bytes. In channel_tls.cpp.
  /// Errors: 08006 gone, 08P01 (the client was told by a TLS alert: silent() then).
  boost::asio::awaitable<model::Result<void>> start_tls(std::shared_ptr<const wire::TlsContext> context, wire::TlsStart start);
  /// Null: not encrypted.
  const wire::TlsServer* tls() const { return tls_ ? &tls_->server : nullptr; }
  /// The next message, if all of it has been read already. What is wrong with it, read() says.
  std::optional<wire::Frame> take_frame() { return reader_.take(); }
  bool has_frame() { return peek_type().has_value(); }
  /// Its type.
  std::optional<char> peek_type();
  /// Where the next message is refused: its first byte.
  std::optional<char> unread_type() const { return reader_.first_byte(); }
  void put_back(const wire::Frame& frame) { reader_.put_back(frame); }
  void expect_password(std::string_view what, std::uint32_t most = 0) { reader_.expect_password(what, most); }
  void limit_messages(std::uint32_t most) { reader_.limit(most); }
  /// What was read and not taken, whatever it is.
  std::string take_unread() { return reader_.take_all(); }

  boost::asio::awaitable<void> flush();
  /// What the socket takes at once. true: nothing is left to send (or nobody to send it to).
  bool flush_now();
  /// Sends `bytes` after what waits in out().
  boost::asio::awaitable<void> send(std::string_view bytes);
  /// What the socket takes of it at once. nullopt: that was all; otherwise what send() must be called with before anything else is sent, maybe
  /// nothing (TLS has some of it).
  std::optional<std::string> send_now(std::string_view bytes);
  void flush_if_possible();  // what the socket takes at once; for farewells

  /// Makes a read() that waits return. From its io thread.
  void interrupt_read();
  /// Makes a wait on the socket end and its take_bytes() read, when there is something to read: an end of the stream that had no edge of its own,
  /// or nothing more because a write has failed.
  void hear_end();
  /// The client's end is closed, and it did not say goodbye before. Only while no read() waits: a read sees it itself.
  bool vanished();
  void close();
  /// What went wrong is not said to the client: it may not speak the protocol.
  bool silent() const { return silent_; }
  void be_silent() { silent_ = true; }
  bool broken() const { return broken_; }
  Socket& socket() { return socket_; }
  /// Of the socket, since it was opened. Thread: any.
  std::uint64_t received() const { return received_.load(std::memory_order_relaxed); }
  std::uint64_t sent() const { return sent_.load(std::memory_order_relaxed); }

 private:
  /// What an encrypted connection has beside: a plaintext one pays for a null pointer.
  struct Tls {
    wire::TlsServer server;
    bool unread = false;   // the server was fed without reading from it
    bool sending = false;  // a send() is under way: what TLS itself has to say waits for its end
    std::string rest = {};  // of what TLS itself had to say, and the socket did not take
  };

  boost::asio::awaitable<model::Result<void>> fill(std::chrono::milliseconds timeout);
  model::Result<void> receive();
  void lay_down_buffers();
  void take_up_buffers();
  // channel_tls.cpp
  static std::span<char> sealed_room();
  /// Puts what these bytes of the socket hold where next() looks; maybe nothing.
  model::Result<void> open_sealed(std::string_view sealed);
  model::Result<void> open_all();
  /// Takes the next part off `bytes`, as it goes to the socket; `sealed` holds it when it is encrypted.
  std::string_view next_to_send(std::string_view& bytes, std::string& sealed);
  /// Sends what TLS itself has to say to what came: an alert, a new key.
  void answer_tls();
  bool vanished_behind_tls();
  void say_goodbye();

  /// Written by the client's io thread alone: no locked instruction.
  static void count(std::atomic<std::uint64_t>& counter, std::size_t bytes) {
    counter.store(counter.load(std::memory_order_relaxed) + bytes, std::memory_order_relaxed);
  }

  Socket socket_;
  std::atomic<std::uint64_t> received_ = 0, sent_ = 0;
  wire::FrameReader reader_{wire::From::client};
  std::unique_ptr<Tls> tls_;
  std::string out_;
  std::chrono::milliseconds write_timeout_;
  bool broken_ = false;
  bool silent_ = false;
  bool reading_ = false;
  bool interrupted_ = false;
  bool nudged_ = false;
  bool drained_ = false;
};

}  // namespace crossfade::session
