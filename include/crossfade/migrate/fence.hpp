#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <memory>

#include "crossfade/migrate/stage.hpp"
#include "crossfade/model/error.hpp"

namespace crossfade::migrate {

/// Holds new transactions back while a switch runs, and counts those that run. Thread-safe.
class Fence {
 public:
  explicit Fence(StageState state);
  ~Fence();

  /// The right to run one transaction (or one statement of a block that has not written yet) in `state`.
  class Pass {
   public:
    Pass() = default;
    Pass(Pass&&) noexcept;
    Pass& operator=(Pass&&) noexcept;
    ~Pass();
    explicit operator bool() const;
    const StageState& state() const;
    void release();

   private:
    friend class Fence;
    std::shared_ptr<struct FenceImpl> fence_;
    StageState state_;
  };

  /// Waits while the fence is closed. Errors: 57P03 "a switch is under way" when the deadline passes first.
  boost::asio::awaitable<model::Result<Pass>> enter(std::chrono::milliseconds timeout);
  /// At once when open; an empty pass when closed.
  Pass try_enter();
  StageState state() const;

  /// Blocking, from the switch's thread: closes and waits until no pass is out. Errors: 55006 with the number of transactions that
  /// did not end in time (the fence is open again then).
  model::Result<void> close(std::chrono::milliseconds drain);
  /// Opens in the given state; waiting sessions go on there.
  void open(StageState state);
  std::size_t passes_out() const;
  /// How long it was closed the last time: the longest that anybody can have waited.
  std::chrono::microseconds held() const;

 private:
  std::shared_ptr<struct FenceImpl> impl_;
};

}  // namespace crossfade::migrate
