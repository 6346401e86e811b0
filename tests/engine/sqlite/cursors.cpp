#include <thread>

#include "support.hpp"

using namespace crossfade;
using tests::Client;
using tests::must;
using tests::state_of;
using Verb = sql::TransactionControl::Verb;

namespace {

constexpr const char* kHundred =
    "CREATE TABLE t (a INTEGER); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100) "
    "INSERT INTO t SELECT i FROM n";

}  // namespace

TEST_CASE("rows come in the batches that are asked for") {
  const tests::TemporaryFile file;
  const auto database = tests::serve(file, kHundred);
  Client client{*database};
  const auto cursor = must(client.start(tests::statement(sql::Kind::select, "SELECT a FROM t ORDER BY a", 1)));
  auto batch = must(cursor->fetch(30));
  CHECK(batch.rows.size() == 30);
  CHECK_FALSE(batch.done);
  batch = must(cursor->fetch(0));
  CHECK(batch.rows.size() == 70);
  CHECK(batch.done);
  CHECK(batch.affected == 100);
  CHECK(must(cursor->fetch(1)).done);
}

TEST_CASE("an open cursor keeps the rows it began with when its block writes and commits") {
  const tests::TemporaryFile file;
  const auto database = tests::serve(file, kHundred);
  Client client{*database};
  must(client.begin());
  const auto before = must(client.start(tests::statement(sql::Kind::select, "SELECT a FROM t ORDER BY a", 1)));
  CHECK(must(before->fetch(1)).rows.size() == 1);
  must(client.change("DELETE FROM t WHERE a > 50"));
  const auto after = must(client.start(tests::statement(sql::Kind::select, "SELECT a FROM t ORDER BY a", 1)));
  CHECK(must(after->fetch(1)).rows.size() == 1);
  must(client.change("DELETE FROM t"));
  CHECK(must(before->fetch(0)).rows.size() == 99);
  CHECK(must(after->fetch(9)).rows.size() == 9);
  must(client.control(Verb::commit));
  CHECK(must(after->fetch(0)).rows.size() == 40);
}

TEST_CASE("a cursor of a block that was rolled back is gone: 34000") {
  const tests::TemporaryFile file;
  const auto database = tests::serve(file, kHundred);
  Client client{*database};
  must(client.begin(sql::Isolation::repeatable_read));
  const auto cursor = must(client.start(tests::statement(sql::Kind::select, "SELECT a FROM t", 1)));
  must(client.control(Verb::rollback));
  CHECK(state_of(cursor->fetch(1)) == "34000");
}

TEST_CASE("RETURNING gives its rows after the change is committed, with the count of changed rows") {
  const tests::TemporaryFile file;
  const auto database = tests::serve(file, kHundred);
  Client client{*database}, other{*database};
  const auto cursor = must(client.start(tests::statement(sql::Kind::update, "UPDATE t SET a = -a WHERE a <= 10 RETURNING a", 1)));
  CHECK(must(other.number("SELECT count(*) FROM t WHERE a < 0")) == 10);
  CHECK_FALSE(client.session.holds_permit());
  const auto batch = must(cursor->fetch(0));
  CHECK(batch.rows.size() == 10);
  CHECK(batch.affected == 10);
}

TEST_CASE("a stored value that does not fit its type names table, column and row, and undoes nothing before it") {
  const tests::TemporaryFile file;
  const auto database = tests::serve(file, "CREATE TABLE t (a); INSERT INTO t VALUES (1), ('two')");
  Client client{*database};
  const auto cursor = must(client.start(tests::statement(sql::Kind::select, "SELECT a FROM t ORDER BY rowid", 1)));
  CHECK(must(cursor->fetch(0)).rows.size() == 1);
  const auto batch = cursor->fetch(0);
  REQUIRE_FALSE(batch);
  CHECK(batch.error().state.code() == "22P02");
  CHECK(batch.error().detail.find("t.a") != std::string::npos);
  CHECK(state_of(client.start(tests::statement(sql::Kind::update, "UPDATE t SET a = a RETURNING a", 1))) == "22P02");
  CHECK_FALSE(client.session.holds_permit());
}

TEST_CASE("interrupt ends a running read with 57014, and the session goes on") {
  const tests::TemporaryFile file;
  const auto database = tests::serve(file, kHundred);
  Client client{*database};
  std::jthread other{[&](std::stop_token stop) {
    while (!stop.stop_requested()) {
      client.session.interrupt();
      std::this_thread::yield();
    }
  }};
  const auto result = client.number("SELECT count(*) FROM t a, t b, t c, t d, t e");
  other.request_stop();
  other.join();
  CHECK(state_of(result) == "57014");
  CHECK(must(client.number("SELECT count(*) FROM t")) == 100);
}

TEST_CASE("MIRROR 20: a cancelled write does not take the client's savepoints with it") {
  const tests::TemporaryFile file;
  const auto database = tests::serve(file, kHundred);
  Client client{*database};
  must(client.begin());
  must(client.change("INSERT INTO t VALUES (1000)"));
  must(client.control(Verb::savepoint, "s"));
  std::atomic<bool> begun{false};
  std::jthread other{[&](std::stop_token stop) {
    while (!stop.stop_requested()) {
      client.session.interrupt();
      begun = true;
      std::this_thread::yield();
    }
  }};
  while (!begun) std::this_thread::yield();
  const auto result = client.change("INSERT INTO t SELECT a.a FROM t a, t b, t c WHERE c.a < 5");
  other.request_stop();
  other.join();
  CHECK(state_of(result) == "57014");
  must(client.control(Verb::rollback_to, "s"));
  CHECK(must(client.number("SELECT count(*) FROM t")) == 101);
  must(client.control(Verb::commit));
}

namespace {

/// `text` in a savepoint, interrupted until it ends.
std::string interrupted_in_savepoint(Client& client, const std::string& text) {
  must(client.begin());
  must(client.change("INSERT INTO t VALUES (1000)"));
  must(client.control(Verb::savepoint, "s"));
  std::jthread other{[&](std::stop_token stop) {
    while (!stop.stop_requested()) {
      client.session.interrupt();
      std::this_thread::sleep_for(std::chrono::milliseconds{1});
    }
  }};
  return state_of(client.change(text));
}

}  // namespace

TEST_CASE("MIRROR 20: a write in a savepoint that makes texts ends by itself, and its savepoint stays") {
  const tests::TemporaryFile file;
  const auto database = tests::serve(file, kHundred);
  Client client{*database};
  CHECK(interrupted_in_savepoint(client, "INSERT INTO t SELECT length(a.a || 'x') FROM t a, t b, t c, t d, t e") == "57014");
  must(client.control(Verb::rollback_to, "s"));
  must(client.change("INSERT INTO t VALUES (1001)"));
  must(client.control(Verb::commit));
  CHECK(must(client.number("SELECT count(*) FROM t")) == 102);
}

TEST_CASE("a write in a savepoint could not be ended: one that does not by itself takes the block with it") {
  const tests::TemporaryFile file;
  const auto database = tests::serve(file, kHundred);
  Client client{*database}, other{*database};
  CHECK(interrupted_in_savepoint(client, "DELETE FROM t WHERE (SELECT count(*) FROM t a, t b, t c, t d, t e WHERE a.a < b.a) = 7") == "57014");
  CHECK(client.session.state() == sqlite::BlockState::failed);
  CHECK_FALSE(client.session.holds_permit());
  CHECK(state_of(client.control(Verb::rollback_to, "s")) == "40000");
  must(other.change("INSERT INTO t VALUES (1)"));
  CHECK(must(client.control(Verb::commit)) == "ROLLBACK");
  CHECK(must(client.number("SELECT count(*) FROM t")) == 101);
}

TEST_CASE("an interrupted read hit other cursors of its connection") {
  const tests::TemporaryFile file;
  const auto database = tests::serve(file, kHundred);
  Client client{*database};
  must(client.begin(sql::Isolation::repeatable_read));
  const auto cursor = must(client.start(tests::statement(sql::Kind::select, "SELECT a FROM t", 1)));
  CHECK(must(cursor->fetch(1)).rows.size() == 1);
  must(client.control(Verb::savepoint, "s"));
  {
    std::jthread other{[&](std::stop_token stop) {
      while (!stop.stop_requested()) {
        client.session.interrupt();
        std::this_thread::sleep_for(std::chrono::milliseconds{1});
      }
    }};
    CHECK(state_of(client.number("SELECT count(*) FROM t a, t b, t c, t d, t e WHERE a.a < b.a")) == "57014");
  }
  must(client.control(Verb::rollback_to, "s"));
  CHECK(must(cursor->fetch(0)).rows.size() == 99);
}
