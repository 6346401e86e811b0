#pragma once

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cstddef>
#include <string>
#include <vector>

#include "crossfade/wire/frame_reader.hpp"

namespace crossfade::session {

/// A talk of the proxy's own with the server, in the middle of a client's: what the server says goes to it instead of to the client. It is the client's
/// direction that talks; the server's collects, hands over, and waits for what is to come of it. One io thread.
class Aside {
 public:
  /// closed: an answer to each of so many Close messages, the last of what the proxy itself says within a batch. statement: one Execute's. ready: up to
  /// ReadyForQuery. An error ends the first two.
  enum class Until : std::uint8_t { closed, statement, ready };

  explicit Aside(const boost::asio::any_io_executor& io) : whole_(io, Timer::time_point::max()), go_(io, Timer::time_point::max()) {}

  bool talks() const { return talks_; }
  void begin() { talks_ = true; }
  /// What is released goes to the client as if the server had said it now.
  void end(std::vector<std::string> released) {
    talks_ = false;
    released_ = std::move(released);
    resume();
  }
  /// Before bytes are sent: what is collected, and up to where.
  void ask(Until until, std::size_t closes = 0) {
    until_ = until;
    left_ = closes;
    frames_.clear();
    complete_ = false;
    asked_ = true;
    resume();
  }
  /// After they are sent. false: the server is gone. `gone` is told by lost().
  boost::asio::awaitable<bool> answered();
  /// The server's direction has ended: whoever waits is told.
  void lost() {
    lost_ = true;
    whole_.cancel();
  }
  std::vector<std::string>& frames() { return frames_; }

  // The server's direction.
  /// Takes the message when it is of this talk.
  bool take(const wire::Frame& frame);
  bool complete() const { return talks_ && asked_ && complete_; }
  /// Until the talk goes on or is over.
  boost::asio::awaitable<void> hand_over();
  std::vector<std::string> take_released() { return std::exchange(released_, {}); }
  /// Somebody waits for the server to have answered everything: see note_progress().
  boost::asio::awaitable<void> progress();
  void note_progress() { whole_.cancel(); }

 private:
  using Timer = boost::asio::steady_timer;
  void resume() {
    parked_ = false;
    go_.cancel();
  }

  Timer whole_, go_;
  Until until_ = Until::closed;
  std::size_t left_ = 0;
  std::vector<std::string> frames_, released_;
  bool talks_ = false, asked_ = false, complete_ = false, parked_ = false, lost_ = false;
};

}  // namespace crossfade::session
