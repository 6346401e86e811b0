#include <array>
#include <boost/asio/execution/outstanding_work.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>
#include <boost/asio/steady_timer.hpp>
#include <catch2/catch.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "io_threads.hpp"

using namespace crossfade;
namespace asio = boost::asio;

namespace {

constexpr std::size_t kThreads = 3;

/// Tells when its io_context is freed: its services go then, not when it is shut down.
class Grave final : public asio::execution_context::service {
 public:
  static asio::execution_context::id id;
  Grave(asio::execution_context& context, bool& freed) : asio::execution_context::service(context), freed_(freed) {}
  ~Grave() override { freed_ = true; }

 private:
  void shutdown() override {}
  bool& freed_;
};
asio::execution_context::id Grave::id;

/// What an operation holds. Calls `dropped` when it goes with the operation, not when it is moved.
using Held = std::unique_ptr<std::function<void()>, void (*)(std::function<void()>*)>;
Held held(std::function<void()> dropped) {
  return {new std::function<void()>(std::move(dropped)), [](std::function<void()>* what) {
            (*what)();
            delete what;
          }};
}

}  // namespace

TEST_CASE("operations that wait on one io thread for another are thrown away while all of them are there") {
  std::array<bool, kThreads> freed{};
  std::vector<bool> had_both;
  {
    server::IoThreads threads(kThreads);
    threads.start();
    threads.join();  // what is posted from here on is not run any more
    for (std::size_t i = 0; i < kThreads; ++i) asio::make_service<Grave>(asio::query(threads.executor(i), asio::execution::context), freed[i]);
    for (std::size_t here = 0; here < kThreads; ++here) {
      for (std::size_t there = 0; there < kThreads; ++there) {
        const auto note = [&freed, &had_both, here, there] { had_both.push_back(!freed[here] && !freed[there]); };
        const auto work = [&] { return asio::prefer(threads.executor(there), asio::execution::outstanding_work.tracked); };
        asio::post(threads.executor(here), [kept = held(note), work = work()] {});
        auto timer = std::make_unique<asio::steady_timer>(threads.executor(here), std::chrono::hours(1));
        asio::steady_timer& waits = *timer;
        waits.async_wait([kept = held(note), work = work(), timer = std::move(timer)](boost::system::error_code) {});
        // One that says so to another thread when it goes, as a connection that is given back.
        asio::post(threads.executor(here), [said = held([note, to = threads.executor(there)] { asio::post(to, [kept = held(note)] {}); })] {});
      }
    }
  }
  CHECK(had_both == std::vector<bool>(3 * kThreads * kThreads, true));
}
