#include "support.hpp"

using crossfade::sqlite::Permit;
using crossfade::sqlite::PermitQueue;

TEST_CASE("the permit goes round first come, first served, and a cancelled request is passed over") {
  PermitQueue queue;
  Permit held;
  std::string order;
  queue.acquire([&](Permit permit) { held = std::move(permit); });
  REQUIRE(held);
  std::vector<Permit> later;
  queue.acquire([&](Permit permit) { order += 'b', later.push_back(std::move(permit)); });
  const auto gone = queue.acquire([&](Permit) { order += 'x'; });
  queue.acquire([&](Permit permit) { order += 'c', later.push_back(std::move(permit)); });
  CHECK(queue.waiting() == 3);
  CHECK(queue.cancel(gone));
  CHECK_FALSE(queue.cancel(gone));
  held.release();
  CHECK(order == "b");
  later.front().release();
  CHECK(order == "bc");
  later.clear();
  queue.acquire([&](Permit) { order += 'd'; });
  CHECK(order == "bcd");
}

TEST_CASE("a permit that its taker drops at once goes on, and outlives its queue") {
  Permit kept;
  {
    PermitQueue queue;
    queue.acquire([&](Permit permit) { kept = std::move(permit); });
    int dropped = 0;
    for (int i = 0; i < 1000; ++i) queue.acquire([&](Permit) { ++dropped; });
    kept.release();
    CHECK(dropped == 1000);
    queue.acquire([&](Permit permit) { kept = std::move(permit); });
  }
  CHECK(kept);
  kept.release();
}
