#include "engine_pool.hpp"

#include <algorithm>
#include <utility>

namespace crossfade::session {

namespace {

constexpr std::size_t kBriefThreads = 2;
constexpr std::size_t kConsoleThreads = 2;  // one for a switch, which takes its time, one for whoever looks at it

}  // namespace

EnginePool::EnginePool(std::size_t readers) {
  const std::array<std::pair<Lane, std::size_t>, 4> threads{
      {{Lane::reads, readers}, {Lane::brief, kBriefThreads}, {Lane::holder, 1}, {Lane::console, kConsoleThreads}}};
  for (const auto& [lane, count] : threads) {
    Queue& queue = of(lane);
    for (std::size_t i = 0; i < count; ++i) queue.threads.emplace_back([&queue] { serve(queue); });
  }
}

/// What was thrown away may ask for more while it goes.
EnginePool::~EnginePool() {
  join();
  for (Queue& queue : queues_) {
    std::deque<Waiting> late;
    do {
      late.clear();
      const std::lock_guard lock{queue.mutex};
      late.swap(queue.waiting);
    } while (!late.empty());
  }
}

void EnginePool::serve(Queue& queue) {
  std::condition_variable woken;
  while (true) {
    std::unique_lock lock{queue.mutex};
    while (!queue.closed && queue.waiting.empty()) {
      queue.idle.push_back(&woken);
      woken.wait(lock);
      std::erase(queue.idle, &woken);
    }
    if (queue.waiting.empty()) return;
    Work work = std::move(queue.waiting.front().work);
    queue.waiting.pop_front();
    lock.unlock();
    work(Turn::run);
  }
}

EnginePool::Ticket EnginePool::post(Lane lane, Work work) {
  Queue& queue = of(lane);
  Ticket ticket;
  {
    const std::lock_guard lock{queue.mutex};
    ticket = ++queue.last;
    queue.waiting.push_back({ticket, std::move(work)});
    if (!queue.idle.empty()) {
      queue.idle.back()->notify_one();
      queue.idle.pop_back();
    }
  }
  return ticket;
}

bool EnginePool::withdraw(Lane lane, Ticket ticket) {
  Queue& queue = of(lane);
  Work work;
  {
    const std::lock_guard lock{queue.mutex};
    const auto found = std::ranges::find(queue.waiting, ticket, &Waiting::ticket);
    if (found == queue.waiting.end()) return false;
    work = std::move(found->work);
    queue.waiting.erase(found);
  }
  work(Turn::withdrawn);
  return true;
}

void EnginePool::join() {
  for (Queue& queue : queues_) {
    std::vector<std::thread> threads;
    {
      const std::lock_guard lock{queue.mutex};
      queue.closed = true;
      threads.swap(queue.threads);
      for (std::condition_variable* idle : queue.idle) idle->notify_one();
    }
    for (std::thread& thread : threads) thread.join();
  }
}

}  // namespace crossfade::session
