#include "latencies.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <string>

namespace crossfade::migrate {
namespace {

using std::chrono::microseconds;

TEST_CASE("times are kept by kind of read, those that PostgreSQL is slower at first", "[latencies]") {
  Latencies store;
  const ReadTimes quick{microseconds(300), microseconds(100)}, slow{microseconds(50), microseconds(400)}, slowest{microseconds(60), microseconds(900)};
  store.note("quick", Latencies::Outcome::equal, &quick);
  store.note("slow", Latencies::Outcome::equal, &slow);
  store.note("slow", Latencies::Outcome::differs, &slowest);
  store.note("slow", Latencies::Outcome::equal, nullptr);
  const auto list = store.list();
  REQUIRE(list.size() == 2);
  CHECK(list[0].fingerprint == "slow");
  CHECK((list[0].compared == 3 && list[0].equal == 2 && list[0].timed == 2));
  CHECK(list[0].median.postgres == microseconds(900));
  CHECK(list[0].longest.sqlite == microseconds(60));
  CHECK(list[1].median.sqlite == microseconds(300));
  store.clear();
  CHECK(store.list().empty());
}

TEST_CASE("the median is of the last times alone, and kinds that come late stand together", "[latencies]") {
  Latencies store;
  const ReadTimes once{microseconds(9000), microseconds(9000)}, now{microseconds(10), microseconds(20)};
  store.note("a", Latencies::Outcome::equal, &once);
  for (int i = 0; i < 40; ++i) store.note("a", Latencies::Outcome::equal, &now);
  CHECK(store.list().front().longest.postgres == microseconds(20));
  for (int i = 0; i < 2'100; ++i) store.note("kind " + std::to_string(i), Latencies::Outcome::equal, nullptr);
  const auto list = store.list();
  CHECK(list.size() == 2'001);
  const auto late = std::ranges::find(list, "", &KindOfRead::fingerprint);
  REQUIRE(late != list.end());
  CHECK(late->compared == 101);
}

}  // namespace
}  // namespace crossfade::migrate
