#pragma once

#include <boost/asio/execution_context.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <optional>

namespace crossfade::session {

class Channel;

/// Looks once, when a client has been silent for a second, whether its end is closed: a client that waits by postgres::EdgeWait does not hear
/// an end of the stream that came together with its last bytes. One of each io_context, on its thread. A client that goes on asking costs
/// nothing here but two pointers that change hands.
class HalfClosed final : public boost::asio::execution_context::service {
 public:
  static boost::asio::execution_context::id id;
  explicit HalfClosed(boost::asio::execution_context& context);

  /// A client's place in the queue of those to be looked at. It leaves when it goes.
  class Place {
   public:
    explicit Place(Channel& channel) : channel_(channel) {}
    Place(const Place&) = delete;
    ~Place() { leave(); }

   private:
    friend class HalfClosed;
    void leave();
    Channel& channel_;
    HalfClosed* io_ = nullptr;  // of its io_context, for ever
    bool queued_ = false;
    Place *before_ = nullptr, *after_ = nullptr;
    std::uint64_t since_ = 0;  // ticks
  };
  /// Its client's wait begins now: it is the last in the queue.
  static void waits(Place& place);

 private:
  void shutdown() override;
  void add(Place& place);
  void tick();
  void set_timer();

  std::optional<boost::asio::steady_timer> timer_;
  Place *first_ = nullptr, *last_ = nullptr;
  std::uint64_t now_ = 0;  // ticks of the timer
  bool ticking_ = false;
};

}  // namespace crossfade::session
