#include "crossfade/engine/sqlite/group_commit.hpp"

#include <deque>
#include <functional>
#include <sqlite3.h>
#include <optional>
#include <thread>

#include "connection_impl.hpp"
#include "database_impl.hpp"
#include "support.hpp"

using namespace crossfade;
using tests::must;
using tests::state_of;

namespace {

constexpr std::chrono::milliseconds kShort{100};  // less than three million rows take

/// Groups whose engine thread is this one: a group runs in run_groups(), with all that has been added until then.
class Groups {
 public:
  explicit Groups(sqlite::Database& database)
      : database_(database), groups_(database, {.engine = [this](auto work) { work_.push_back(std::move(work)); },
                                                .deliver = [](std::size_t, auto answers) { answers(); }}) {}

  struct Member {
    explicit Member(sqlite::Database& database) : session(database) {}
    sqlite::Session session;
    sqlite::GroupCommit::Id id = 0;
    std::shared_ptr<const sql::Translated> statement;
    std::optional<model::Result<std::unique_ptr<sqlite::Cursor>>> answer;
    int forgotten = 0;  // how often what it had done to its session was to be

    std::string state() const { return answer ? state_of(*answer) : "none yet"; }
    std::int64_t affected() { return must((**answer)->fetch(0)).affected; }
  };

  Member& add(const std::string& text, sql::Kind kind = sql::Kind::insert, int columns = 0) {
    Member& member = members_.emplace_back(database_);
    auto made = tests::statement(kind, text, columns);
    made.writes = true;
    member.statement = std::make_shared<const sql::Translated>(std::move(made));
    member.id = groups_.add({.session = &member.session,
                             .translate = [&member](const plan::Schema&) { return member.statement; },
                             .values = {},
                             .forget = [&member] { ++member.forgotten; },
                             .answer = [&member](sqlite::GroupAnswer answer) { member.answer = std::move(answer.cursor); }});
    return member;
  }
  /// How many groups ran.
  int run_groups() {
    int ran = 0;
    for (; !work_.empty(); ++ran) {
      auto work = std::move(work_.front());
      work_.pop_front();
      work();
    }
    return ran;
  }
  sqlite::GroupCommit& operator*() { return groups_; }

 private:
  sqlite::Database& database_;
  std::deque<std::move_only_function<void()>> work_;
  std::deque<Member> members_;
  sqlite::GroupCommit groups_;
};

std::int64_t count(const tests::TemporaryFile& file, const std::string& what = "SELECT count(*) FROM t") {
  auto connection = file.open();
  return std::get<std::int64_t>(must(connection.value(what)));
}

/// On the connection that the next group will write on.
void on_writer(sqlite::Database& database, const std::function<void(sqlite::Connection&)>& work) {
  const auto lease = must(database.lease_writer());
  work(lease->connection);
}

}  // namespace

TEST_CASE("writes that wait share one transaction, and each has its own count") {
  const tests::TemporaryFile file;
  const auto database = tests::serve(file, "CREATE TABLE t (a INTEGER UNIQUE)");
  Groups groups{*database};
  auto& one = groups.add("INSERT INTO t VALUES (1)");
  auto& two = groups.add("INSERT INTO t VALUES (2), (3)");
  auto& returning = groups.add("INSERT INTO t VALUES (4) RETURNING a", sql::Kind::insert, 1);
  CHECK((*groups).waiting() == 3);
  CHECK(one.state() == "none yet");
  CHECK(groups.run_groups() == 1);
  CHECK(one.affected() == 1);
  CHECK(two.affected() == 2);
  const auto batch = must((**returning.answer)->fetch(0));
  CHECK(std::get<std::int64_t>(batch.rows.at(0).at(0)) == 4);
  CHECK(count(file) == 4);
  CHECK(database->permits().holder() == 0);
}

TEST_CASE("nobody is answered before the COMMIT, and others see nothing until then") {
  const tests::TemporaryFile file;
  const auto database = tests::serve(file, "CREATE TABLE t (a INTEGER)");
  std::move_only_function<void()> answers, work;
  sqlite::GroupCommit groups{*database, {.engine = [&](auto given) { work = std::move(given); },
                                         .deliver = [&](std::size_t, auto given) { answers = std::move(given); }}};
  sqlite::Session session{*database};
  const auto statement = std::make_shared<const sql::Translated>(tests::statement(sql::Kind::insert, "INSERT INTO t VALUES (1)"));
  std::int64_t seen_inside = -1;
  bool answered = false;
  groups.add({.session = &session,
              .translate = [&](const plan::Schema&) { return seen_inside = count(file), statement; },
              .values = {},
              .answer = [&](sqlite::GroupAnswer) { answered = true; }});
  work();
  CHECK(seen_inside == 0);
  CHECK_FALSE(answered);
  CHECK(count(file) == 1);
  answers();
  CHECK(answered);
}

TEST_CASE("a member with an error is undone alone") {
  const tests::TemporaryFile file;
  const auto database = tests::serve(file, "CREATE TABLE t (a INTEGER UNIQUE); INSERT INTO t VALUES (9)");
  Groups groups{*database};
  auto& good = groups.add("INSERT INTO t VALUES (1)");
  auto& clash = groups.add("INSERT INTO t VALUES (2), (9)");
  auto& unknown = groups.add("INSERT INTO nowhere VALUES (1)");
  auto& last = groups.add("INSERT INTO t VALUES (3)");
  CHECK(groups.run_groups() == 1);
  CHECK(good.state() == "none");
  CHECK(clash.state() == "23505");
  CHECK(unknown.state() == "42P01");
  CHECK(last.state() == "none");
  CHECK(count(file, "SELECT sum(a) FROM t") == 1 + 3 + 9);
}

TEST_CASE("a member that leaves deferred foreign keys broken is 23503 alone; one that mends its own is not") {
  const tests::TemporaryFile file;
  const auto database = tests::serve(file,
                                     "CREATE TABLE parent (id INTEGER PRIMARY KEY);"
                                     "CREATE TABLE t (p INTEGER REFERENCES parent DEFERRABLE INITIALLY DEFERRED);"
                                     "CREATE TRIGGER mends AFTER INSERT ON t WHEN new.p > 100 BEGIN INSERT INTO parent VALUES (new.p); END");
  Groups groups{*database};
  auto& before = groups.add("INSERT INTO parent VALUES (1)");
  auto& broken = groups.add("INSERT INTO t VALUES (7)");
  auto& mended = groups.add("INSERT INTO t VALUES (101)");
  auto& after = groups.add("INSERT INTO t VALUES (1)");
  CHECK(groups.run_groups() == 2);  // the broken one alone, where COMMIT itself says so
  CHECK(before.state() == "none");
  CHECK(broken.state() == "23503");
  CHECK(mended.state() == "none");
  CHECK(after.state() == "none");
  CHECK(count(file, "SELECT sum(p) FROM t") == 102);
}

TEST_CASE("an error that undoes the whole transaction is one member's, and the others run again") {
  const tests::TemporaryFile file;
  const auto database = tests::serve(file,
                                     "CREATE TABLE t (a INTEGER UNIQUE ON CONFLICT ROLLBACK); INSERT INTO t VALUES (9);"
                                     "CREATE TABLE u (a INTEGER);"
                                     "CREATE TRIGGER stop BEFORE INSERT ON u BEGIN SELECT RAISE(ROLLBACK, 'no'); END");
  Groups groups{*database};
  auto& first = groups.add("INSERT INTO t VALUES (1)");
  auto& clash = groups.add("INSERT INTO t VALUES (9)");
  auto& second = groups.add("INSERT INTO t VALUES (2)");
  auto& raised = groups.add("INSERT INTO u VALUES (2)");
  auto& last = groups.add("INSERT INTO t VALUES (3)");
  groups.run_groups();
  CHECK(first.state() == "none");
  CHECK(clash.state() == "23505");
  CHECK(second.state() == "none");
  CHECK(raised.state() == "P0001");
  CHECK(last.state() == "none");
  CHECK(count(file, "SELECT sum(a) FROM t") == 9 + 1 + 2 + 3);
  CHECK(first.forgotten > 0);  // it ran twice
  CHECK(clash.forgotten == 0);
}

TEST_CASE("a full file is the error of the member that filled it, and the others run again") {
  const tests::TemporaryFile file;
  const auto database = tests::serve(file, "CREATE TABLE t (a BLOB)");
  Groups groups{*database};
  on_writer(*database, [](sqlite::Connection& writer) {
    must(writer.internals().execute("PRAGMA max_page_count=10", sqlite::Author::proxy));
  });
  auto& small = groups.add("INSERT INTO t VALUES (x'00')");
  auto& large = groups.add("INSERT INTO t VALUES (zeroblob(1000000))");
  auto& after = groups.add("INSERT INTO t VALUES (x'01')");
  groups.run_groups();
  CHECK(small.state() == "none");
  CHECK(large.state() == "53100");
  CHECK(after.state() == "none");
  CHECK(count(file) == 2);
}

TEST_CASE("a failed COMMIT is everybody's error, and nothing of theirs is in the file") {
  const tests::TemporaryFile file;
  const auto database = tests::serve(file, "CREATE TABLE t (a INTEGER UNIQUE); INSERT INTO t VALUES (9)");
  Groups groups{*database};
  const auto refuse_commits = [](sqlite::Connection& writer) {
    sqlite3_commit_hook(writer.handle(), [](void*) { return 1; }, nullptr);
  };
  on_writer(*database, refuse_commits);
  auto& one = groups.add("INSERT INTO t VALUES (1)");
  auto& clash = groups.add("INSERT INTO t VALUES (9)");
  auto& two = groups.add("INSERT INTO t VALUES (2)");
  groups.run_groups();
  CHECK(one.state() != "none");
  CHECK(two.state() == one.state());
  CHECK(clash.state() == "23505");
  CHECK(count(file) == 1);
  on_writer(*database, [](sqlite::Connection& writer) { sqlite3_commit_hook(writer.handle(), nullptr, nullptr); });
  auto& later = groups.add("INSERT INTO t VALUES (1)");
  groups.run_groups();
  CHECK(later.state() == "none");
}

TEST_CASE("a member that waits can be withdrawn, one that has begun cannot, and an empty group ends well") {
  const tests::TemporaryFile file;
  const auto database = tests::serve(file, "CREATE TABLE t (a INTEGER)");
  Groups groups{*database};
  auto& gone = groups.add("INSERT INTO t VALUES (1)");
  CHECK((*groups).withdraw(gone.id));
  CHECK_FALSE((*groups).withdraw(gone.id));
  CHECK(groups.run_groups() == 1);
  CHECK(gone.state() == "none yet");
  auto& done = groups.add("INSERT INTO t VALUES (2)");
  CHECK(groups.run_groups() == 1);
  CHECK_FALSE((*groups).withdraw(done.id));
  CHECK(done.state() == "none");
  CHECK(count(file) == 1);
}

TEST_CASE("a group waits for its turn among blocks, and takes those that came meanwhile along") {
  const tests::TemporaryFile file;
  const auto database = tests::serve(file, "CREATE TABLE t (a INTEGER)");
  Groups groups{*database};
  sqlite::Permit first, second;
  database->permits().acquire([&](sqlite::Permit permit) { first = std::move(permit); }, 41);
  CHECK(database->permits().holder() == 41);
  auto& early = groups.add("INSERT INTO t VALUES (1)");
  database->permits().acquire([&](sqlite::Permit permit) { second = std::move(permit); }, 42);
  auto& late = groups.add("INSERT INTO t VALUES (2)");
  CHECK(groups.run_groups() == 0);
  first.release();
  CHECK_FALSE(second);
  CHECK(groups.run_groups() == 1);
  CHECK(early.state() == "none");
  CHECK(late.state() == "none");
  CHECK(second);
  CHECK(database->permits().holder() == 42);
}

TEST_CASE("another process that holds the file is 55P03 for those that waited, and the group after it goes on") {
  const tests::TemporaryFile file;
  const auto database = tests::serve(file, "CREATE TABLE t (a INTEGER)");
  Groups groups{*database};
  auto other = file.open();
  must(other.execute("BEGIN IMMEDIATE"));
  auto& refused = groups.add("INSERT INTO t VALUES (1)");
  groups.run_groups();
  CHECK(refused.state() == "55P03");
  must(other.execute("COMMIT"));
  auto& later = groups.add("INSERT INTO t VALUES (2)");
  groups.run_groups();
  CHECK(later.state() == "none");
}

TEST_CASE("a member that is interrupted hurts itself alone; one that would hold finished ones up runs alone") {
  const tests::TemporaryFile file;
  const auto database = tests::serve(file, "CREATE TABLE t (a INTEGER)", kShort);
  Groups groups{*database};
  const auto counting = [](std::int64_t rows) {
    return "INSERT INTO t WITH RECURSIVE r(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM r WHERE i < " + std::to_string(rows) +
           ") SELECT max(i) FROM r";
  };
  auto& before = groups.add("INSERT INTO t VALUES (1)");
  auto& slow = groups.add(counting(3'000'000));
  auto& reading = groups.add(counting(3'000'001).substr(sizeof "INSERT INTO t"), sql::Kind::select, 1);  // FOR UPDATE
  auto& after = groups.add("INSERT INTO t VALUES (1)");
  CHECK(groups.run_groups() > 1);
  CHECK(before.state() == "none");
  CHECK(slow.state() == "none");
  CHECK(reading.state() == "none");
  CHECK(after.state() == "none");
  CHECK(count(file, "SELECT sum(a) FROM t") == 3'000'002);

  auto& kept = groups.add("INSERT INTO t VALUES (1)");
  auto& endless = groups.add(counting(4'000'000'000));
  auto& last = groups.add("INSERT INTO t VALUES (1)");
  std::atomic<bool> over{false};
  std::jthread canceller{[&] {
    while (!over) {
      endless.session.interrupt();
      std::this_thread::sleep_for(std::chrono::milliseconds{1});
    }
  }};
  groups.run_groups();
  over = true;
  CHECK(kept.state() == "none");
  CHECK(endless.state() == "57014");
  CHECK(last.state() == "none");
  CHECK(count(file, "SELECT sum(a) FROM t") == 3'000'004);
}

TEST_CASE("an error's second run took the group's patience away: finished writes waited for a long one") {
  const tests::TemporaryFile file;
  const auto database = tests::serve(file, "CREATE TABLE t (a INTEGER); CREATE TABLE k (a INTEGER PRIMARY KEY); INSERT INTO k VALUES (1)", kShort);
  Groups groups{*database};
  auto& first = groups.add("INSERT INTO t VALUES (1)");
  auto& twice = groups.add("INSERT INTO k VALUES (1)");
  auto& slow = groups.add("INSERT INTO t WITH RECURSIVE r(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM r WHERE i < 3000000) SELECT max(i) FROM r");
  CHECK(groups.run_groups() > 1);
  CHECK(first.state() == "none");
  CHECK(twice.state() == "23505");
  CHECK(slow.state() == "none");
}
