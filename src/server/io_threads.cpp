#include "io_threads.hpp"

#include <pthread.h>
#include <signal.h>

#include <algorithm>
#include <boost/asio/steady_timer.hpp>

#include "crossfade/engine/postgres/upstream.hpp"

namespace crossfade::server {

namespace {

constexpr std::size_t kMostByDefault = 4;

std::size_t threads_by_default() {
  return std::clamp<std::size_t>(std::thread::hardware_concurrency(), 1, kMostByDefault);
}

}  // namespace

IoThreads::IoThreads(std::size_t count) {
  for (std::size_t i = 0; i < (count == 0 ? threads_by_default() : count); ++i) {
    contexts_.push_back(std::make_unique<Context>());
    // Asio opens its descriptors for the first timer or socket: not when there may be none left for the first client.
    const boost::asio::steady_timer first(contexts_.back()->io);
  }
  contexts_.front()->work.reset();  // its caller decides how long it runs
}

/// What waits in one, or in the threads that libpq blocks, may hold an executor or a socket of another, and may post to another when it goes: all is
/// thrown away while all of them are there. A second round for what the first one has posted.
IoThreads::~IoThreads() {
  join();
  for (int round = 0; round < 2; ++round) {
    postgres::Upstream::drop_blocking_calls();
    for (const auto& context : contexts_) context->io.shutdown();
  }
}

std::size_t IoThreads::enter() {
  const auto fewest = std::ranges::min_element(contexts_, {}, [](const auto& each) { return each->clients.load(); });
  ++(*fewest)->clients;
  return static_cast<std::size_t>(fewest - contexts_.begin());
}

/// Signals are the first thread's.
void IoThreads::start() {
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  for (std::size_t i = 1; i < contexts_.size(); ++i) threads_.emplace_back([&io = contexts_[i]->io] { io.run(); });
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

void IoThreads::join() {
  for (std::size_t i = 1; i < contexts_.size(); ++i) contexts_[i]->io.stop();
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

}  // namespace crossfade::server
