#pragma once

#include <array>
#include <boost/asio/execution_context.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstdint>
#include <optional>

namespace crossfade::session {

/// Calls those who have waited for a while: a client that is silent, one that does not start up. One of each io_context, on its thread, with
/// one timer for all of them. A client that goes on asking costs nothing here but two pointers that change hands.
class Silences final : public boost::asio::execution_context::service {
  struct Line;

 public:
  static boost::asio::execution_context::id id;
  explicit Silences(boost::asio::execution_context& context);

  /// Somebody's place in one of the lines. It leaves when it goes.
  class Place {
   public:
    Place() = default;
    Place(const Place&) = delete;
    void leave();
    /// Its time has come; it has left. It may go.
    virtual void silent() = 0;

   protected:
    ~Place() { leave(); }

   private:
    friend class Silences;
    Silences* io_ = nullptr;  // of its io_context, for ever
    Line* line_ = nullptr;
    Place *before_ = nullptr, *after_ = nullptr;
    std::uint64_t due_ = 0;  // ticks
  };
  /// Those of one kind wait for about as long.
  enum class Kind : std::uint8_t { at_rest, starting };
  /// Its wait begins now, wherever it stood before. It is called up to a second late, and never early.
  static void wait(Place& place, boost::asio::execution_context& context, Kind kind, std::chrono::milliseconds time);

 private:
  struct Line { Place *first = nullptr, *last = nullptr; };

  void shutdown() override;
  void add(Place& place, Line& line, std::uint64_t ticks);
  void tick();
  void set_timer();

  std::optional<boost::asio::steady_timer> timer_;
  std::array<Line, 2> lines_;  // by Kind, each by due_
  std::uint64_t now_ = 0;  // ticks of the timer
  bool ticking_ = false;
};

}  // namespace crossfade::session
