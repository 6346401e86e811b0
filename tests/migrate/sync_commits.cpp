#include "sync_commits.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>

using namespace crossfade::migrate;
using namespace std::chrono_literals;

namespace {

/// Commits of clients on a thread of their own, which is this one, when it is asked to run.
class Clients {
 public:
  void commit(std::chrono::milliseconds timeout = 1h) {
    boost::asio::co_spawn(
        io_, [this, timeout]() -> boost::asio::awaitable<void> { co_await commits.wait(timeout) ? ++held : ++late; }, boost::asio::detached);
    io_.restart();
    io_.poll();
  }
  void step() {
    const std::uint64_t number = commits.step_begins();
    commits.step_ended(number, SyncCommits::Carried::all);
    hear();
  }
  void hear() {
    io_.restart();
    io_.poll();
  }
  SyncCommits commits;
  int held = 0, late = 0;

 private:
  boost::asio::io_context io_;
};

}  // namespace

TEST_CASE("a commit waits for a step that began after it") {
  Clients clients;
  const std::uint64_t early = clients.commits.step_begins();
  clients.commit();
  clients.commits.step_ended(early, SyncCommits::Carried::all);
  clients.hear();
  CHECK(clients.held == 0);
  clients.step();
  CHECK(clients.held == 1);
}

TEST_CASE("the next step waits for those that the last one answered, and only for them") {
  Clients clients;
  CHECK(clients.commits.gather() == 0);  // nobody was answered
  for (int i = 0; i < 3; ++i) clients.commit();
  clients.step();
  REQUIRE(clients.held == 3);
  clients.commit();
  clients.commit();
  clients.commit();
  CHECK(clients.commits.gather() == 3);
  clients.step();
  CHECK(clients.held == 6);
  clients.commit();
  clients.step();
  CHECK(clients.held == 7);
  CHECK(clients.commits.gather() == 0);  // one alone is not waited for
}

TEST_CASE("where only some come back, no more are waited for the next time") {
  Clients clients;
  for (int i = 0; i < 4; ++i) clients.commit();
  clients.step();
  clients.commit();
  clients.commit();
  CHECK(clients.commits.gather() == 2);  // at its limit
  clients.commit();
  clients.commit();
  clients.step();
  REQUIRE(clients.held == 8);
  clients.commit();
  clients.commit();
  CHECK(clients.commits.gather() == 2);
}

TEST_CASE("nobody waits for company behind a step that saw a part only") {
  Clients clients;
  clients.commit();
  clients.commit();
  clients.step();
  clients.commits.step_begins();
  CHECK(clients.commits.gather() == 0);
}

TEST_CASE("who is let go is late, and so are all until a step has come to its end") {
  Clients clients;
  clients.commit(0ms);
  while (clients.late == 0) clients.hear();
  CHECK(clients.commits.behind());
  clients.commit();
  CHECK(clients.late == 2);
  clients.step();
  CHECK_FALSE(clients.commits.behind());
  CHECK(clients.commits.late() == 2);
}
