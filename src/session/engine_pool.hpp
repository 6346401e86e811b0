#pragma once

#include <array>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace crossfade::session {

/// What the work is, so that what is short never waits for what may be long.
/// reads: statements that may run for long (sqlite.engine_threads of them at a time). brief: translation, ends of transactions.
/// holder: of the permit to write: at most one session, so its thread is always free for it; a permit that waited for a thread behind
/// readers would hold all writers up. console: commands of administrators, who come when the others are stuck.
enum class Lane : std::uint8_t { reads, brief, holder, console };

/// The threads that blocking calls run on, a queue for each lane, in order of arrival. Thread: any.
class EnginePool {
 public:
  enum class Turn : std::uint8_t { run, withdrawn };
  /// Called once: on a thread of its lane, or by withdraw(). Not at all when the pool has been joined.
  using Work = std::move_only_function<void(Turn)>;
  using Ticket = std::uint64_t;

  explicit EnginePool(std::size_t readers);
  ~EnginePool();
  EnginePool(const EnginePool&) = delete;
  EnginePool& operator=(const EnginePool&) = delete;

  Ticket post(Lane lane, Work work);
  /// true: it had not begun; it was called with Turn::withdrawn, from here.
  bool withdraw(Lane lane, Ticket ticket);
  /// Ends the threads when all that was posted has run. What comes later stays until the pool goes.
  void join();

 private:
  struct Waiting { Ticket ticket; Work work; };
  struct Queue {
    std::mutex mutex;
    std::vector<std::condition_variable*> idle;  // of the threads that wait, the latest last: it is woken first, its caches are warm
    std::deque<Waiting> waiting;
    Ticket last = 0;
    bool closed = false;
    std::vector<std::thread> threads;
  };
  static void serve(Queue& queue);
  Queue& of(Lane lane) { return queues_[static_cast<std::size_t>(lane)]; }

  std::array<Queue, 4> queues_;
};

}  // namespace crossfade::session
