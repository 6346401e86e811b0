#include "engine_pool.hpp"

#include <catch2/catch.hpp>
#include <latch>
#include <string>

using crossfade::session::EnginePool;
using crossfade::session::Lane;

namespace {

/// Keeps a thread until open() is called.
struct Gate {
  std::latch entered{1}, opened{1};
  EnginePool::Work work() {
    return [this](EnginePool::Turn) {
      entered.count_down();
      opened.wait();
    };
  }
};

}  // namespace

TEST_CASE("what is short, or holds the permit, runs while long reads have all their threads") {
  Gate gate;
  EnginePool pool(1);
  pool.post(Lane::reads, gate.work());
  gate.entered.wait();
  std::latch done{3};
  for (const Lane lane : {Lane::brief, Lane::holder, Lane::console}) pool.post(lane, [&](EnginePool::Turn) { done.count_down(); });
  done.wait();
  gate.opened.count_down();
}

TEST_CASE("work that has not begun can be withdrawn, and is told so; work that has cannot") {
  Gate gate;
  EnginePool pool(1);
  std::string order;
  const auto running = pool.post(Lane::reads, gate.work());
  gate.entered.wait();
  const auto note = [&](char name) {
    return [&order, name](EnginePool::Turn turn) { order += turn == EnginePool::Turn::run ? name : '-'; };
  };
  const auto first = pool.post(Lane::reads, note('a'));
  pool.post(Lane::reads, note('b'));
  CHECK_FALSE(pool.withdraw(Lane::reads, running));
  CHECK_FALSE(pool.withdraw(Lane::brief, first));
  CHECK(pool.withdraw(Lane::reads, first));
  CHECK_FALSE(pool.withdraw(Lane::reads, first));
  CHECK(order == "-");
  gate.opened.count_down();
  pool.join();
  CHECK(order == "-b");
}

TEST_CASE("joining runs what was posted; what comes later is never called") {
  int called = 0;
  {
    EnginePool pool(2);
    for (int i = 0; i < 100; ++i) pool.post(Lane::holder, [&](EnginePool::Turn) { ++called; });
    pool.join();
    CHECK(called == 100);
    pool.post(Lane::holder, [&](EnginePool::Turn) { ++called; });
  }
  CHECK(called == 100);
}
