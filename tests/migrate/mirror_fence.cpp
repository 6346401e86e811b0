#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>
#include <thread>

#include "crossfade/migrate/fence.hpp"

namespace crossfade::migrate {
namespace {

using namespace std::chrono_literals;
constexpr StageState kShadow{Stage::shadow, 3, 1};
constexpr StageState kPostgres{Stage::postgres, 4, 2};

/// Runs enter() on an io_context of its own and gives what it answered.
model::Result<StageState> enter_on_loop(Fence& fence, std::chrono::milliseconds timeout) {
  boost::asio::io_context io;
  model::Result<StageState> answer = StageState{};
  const auto ask = [](Fence* asked, std::chrono::milliseconds limit,
                      model::Result<StageState>* result) -> boost::asio::awaitable<void> {
    model::Result<Fence::Pass> pass = co_await asked->enter(limit);
    if (pass) *result = pass->state();
    else *result = std::unexpected(pass.error());
  };
  boost::asio::co_spawn(io, ask(&fence, timeout, &answer), boost::asio::detached);
  io.run();
  return answer;
}

TEST_CASE("an open fence lets a transaction in at once and counts it", "[fence]") {
  Fence fence(kShadow);
  Fence::Pass pass = fence.try_enter();
  REQUIRE(pass);
  CHECK(pass.state() == kShadow);
  CHECK(fence.passes_out() == 1);
  Fence::Pass moved = std::move(pass);
  CHECK_FALSE(pass);
  moved.release();
  moved.release();
  CHECK(fence.passes_out() == 0);
}

TEST_CASE("closing waits for the passes that are out and refuses new ones", "[fence]") {
  Fence fence(kShadow);
  auto pass = std::make_unique<Fence::Pass>(fence.try_enter());
  std::jthread client([&] {
    while (fence.try_enter()) std::this_thread::yield();  // until the fence is closed
    pass.reset();
  });
  REQUIRE(fence.close(5s));
  CHECK(fence.passes_out() == 0);
  CHECK_FALSE(fence.try_enter());
}

TEST_CASE("a transaction that does not end opens the fence again and is counted", "[fence]") {
  Fence fence(kShadow);
  const Fence::Pass pass = fence.try_enter();
  const model::Result<void> closed = fence.close(10ms);
  REQUIRE_FALSE(closed);
  CHECK(closed.error().state.code() == "55006");
  CHECK(closed.error().message.find("1 transaction did") != std::string::npos);
  CHECK(fence.try_enter());
}

TEST_CASE("a waiting session wakes in the new stage when another thread opens the fence", "[fence]") {
  Fence fence(kShadow);
  REQUIRE(fence.close(1s));
  std::jthread opener([&] { std::this_thread::sleep_for(20ms), fence.open(kPostgres); });
  const model::Result<StageState> entered = enter_on_loop(fence, 10s);
  REQUIRE(entered);
  CHECK(*entered == kPostgres);
}

TEST_CASE("a session waits no longer than it is told", "[fence]") {
  Fence fence(kShadow);
  REQUIRE(fence.close(1s));
  const model::Result<StageState> entered = enter_on_loop(fence, 20ms);
  REQUIRE_FALSE(entered);
  CHECK(entered.error().state.code() == "57P03");
}

TEST_CASE("a session whose loop ends while it waits leaves nothing behind in the fence", "[fence]") {
  Fence fence(kShadow);
  REQUIRE(fence.close(1s));
  {
    boost::asio::io_context io;
    const auto ask = [](Fence* asked) -> boost::asio::awaitable<void> { co_await asked->enter(1h); };
    boost::asio::co_spawn(io, ask(&fence), boost::asio::detached);
    io.poll();
  }
  fence.open(kPostgres);
  CHECK(fence.passes_out() == 0);
}

}  // namespace
}  // namespace crossfade::migrate
