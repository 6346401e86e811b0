#pragma once

#include <atomic>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <cstddef>
#include <memory>
#include <thread>
#include <vector>

namespace crossfade::server {

/// The io threads: each has an io_context of its own, and a client lives on one of them for its whole life. The first is the caller's
/// thread, which runs first() itself and accepts; start() makes the others.
/// Lifetime: join() before it dies; what is left in the contexts is thrown away then, in the caller's thread.
class IoThreads {
 public:
  /// `count` 0: as many as there are cores, at most 4.
  explicit IoThreads(std::size_t count);
  ~IoThreads();

  boost::asio::io_context& first() { return contexts_.front()->io; }
  boost::asio::any_io_executor executor(std::size_t thread) { return contexts_[thread]->io.get_executor(); }
  /// Where the next client goes: to the thread that has the fewest. It counts there until left(). Thread: any.
  std::size_t enter();
  void left(std::size_t thread) { --contexts_[thread]->clients; }

  void start();
  void join();

 private:
  /// One that can be shut down before it is freed.
  struct Io : boost::asio::io_context {
    using boost::asio::io_context::io_context;
    using boost::asio::execution_context::shutdown;
  };
  struct Context {
    Io io{1};
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work{io.get_executor()};
    std::atomic<std::size_t> clients = 0;
  };
  std::vector<std::unique_ptr<Context>> contexts_;
  std::vector<std::thread> threads_;
};

}  // namespace crossfade::server
