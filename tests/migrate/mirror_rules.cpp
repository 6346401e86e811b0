#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <thread>

#include "crossfade/migrate/controller.hpp"
#include "crossfade/migrate/scan.hpp"

namespace crossfade::migrate {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view kTables =
    "PRAGMA journal_mode = wal; CREATE TABLE people (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE, age INTEGER);"
    "CREATE TABLE words (word TEXT COLLATE NOCASE PRIMARY KEY NOT NULL, times INTEGER);"
    "INSERT INTO people (name, age) VALUES ('ann', 1), ('bob', 2); INSERT INTO words VALUES ('one', 1)";

/// A scratch file and a scratch database of the server that CROSSFADE_TEST_PG names; without that the test is skipped.
class Scratch {
 public:
  static bool possible() {
    if (std::getenv("CROSSFADE_TEST_PG")) return true;
    std::cout << "skipped: CROSSFADE_TEST_PG is not set\n";
    return false;
  }
  Scratch() {
    file_ = std::filesystem::temp_directory_path() / (name_ + ".db");
    auto admin = connect(server());
    REQUIRE(admin.execute("DROP DATABASE IF EXISTS " + name_));
    REQUIRE(admin.execute("CREATE DATABASE " + name_));
    remove_file();
    REQUIRE(sql(kTables, sqlite::OpenMode::create));
  }
  ~Scratch() {
    if (controller_) controller_->stop();
    controller_.reset();
    database_.reset();
    remove_file();
    static_cast<void>(connect(server()).execute("DROP DATABASE IF EXISTS " + name_ + " WITH (FORCE)"));
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  model::Result<void> start() {
    auto connection = sqlite::Connection::open(file_, {});
    REQUIRE(connection);
    auto drafted = draft_plan(*connection);
    REQUIRE(drafted);
    const auto plan = std::make_shared<const plan::Plan>(drafted->plan);
    auto database = sqlite::Database::open({.file = file_}, plan);
    REQUIRE(database);
    database_ = std::move(*database);
    auto controller = Controller::start(database_.get(), target(), plan, {.step_interval = 5ms});
    if (!controller) return std::unexpected(controller.error());
    controller_ = std::move(*controller);
    return {};
  }
  void stop() {
    controller_->stop();
    controller_.reset();
    database_.reset();
  }
  Controller& controller() { return *controller_; }
  void reach(Stage stage) {
    for (const Stage next : {Stage::copy, Stage::shadow, Stage::postgres}) {
      if (next > stage || controller_->fence().state().stage >= next) continue;
      const auto reached = controller_->switch_to(next, false);
      INFO((reached ? "" : reached.error().message + ": " + reached.error().detail));
      REQUIRE(reached);
    }
  }

  /// Another program's statement on the file: it knows nothing of Crossfade.
  model::Result<void> sql(std::string_view text, sqlite::OpenMode mode = sqlite::OpenMode::read_write) {
    auto connection = sqlite::Connection::open(file_, {.mode = mode});
    if (!connection) return std::unexpected(connection.error());
    return connection->execute(text);
  }
  std::string sqlite_value(std::string_view text) {
    auto connection = sqlite::Connection::open(file_, {});
    REQUIRE(connection);
    auto value = connection->value("SELECT CAST((" + std::string(text) + ") AS TEXT)");
    REQUIRE(value);
    const auto* shown = std::get_if<std::string>(&*value);
    return shown ? *shown : "NULL";
  }
  postgres::Connection postgres() { return connect(target()); }
  std::string postgres_value(std::string_view text) {
    auto connection = postgres();
    auto value = connection.value("SELECT (" + std::string(text) + ")::text");
    REQUIRE(value);
    const auto* shown = std::get_if<std::string>(&*value);
    return shown ? *shown : "NULL";
  }
  /// Polls until the other side shows it, at most 10 seconds.
  template <class Ask>
  static bool soon(Ask ask) {
    for (int i = 0; i < 3000; ++i) {
      if (ask()) return true;
      std::this_thread::sleep_for(20ms);
    }
    return false;
  }
  std::string gate(std::string_view name) {
    const auto table = controller_->show("READINESS");
    REQUIRE(table);
    for (const auto& row : table->rows) {
      if (row[0] == name) return *row[1] + ": " + row[4].value_or("");
    }
    return "none";
  }
  const std::filesystem::path& file() const { return file_; }

 private:
  static postgres::Conninfo server() { return *postgres::Conninfo::parse(std::getenv("CROSSFADE_TEST_PG")); }
  postgres::Conninfo target() const { return server().with("dbname", name_); }
  static postgres::Connection connect(const postgres::Conninfo& conninfo) {
    auto connection = postgres::Connection::connect(conninfo, 10s, "test");
    REQUIRE(connection);
    return std::move(*connection);
  }
  void remove_file() const {
    for (const char* suffix : {"", "-wal", "-shm"}) std::filesystem::remove(file_.string() + suffix);
  }

  std::string name_ = "mirror_rules_" + std::to_string(getpid());
  std::filesystem::path file_;
  std::unique_ptr<sqlite::Database> database_;
  std::unique_ptr<Controller> controller_;
};

TEST_CASE("rule 2: REPLACE takes the displaced rows along on the other side", "[rules]") {
  if (!Scratch::possible()) return;
  Scratch pair;
  REQUIRE(pair.start());
  pair.reach(Stage::shadow);
  REQUIRE(pair.sql("INSERT OR REPLACE INTO people VALUES (9, 'ann', 3); INSERT OR REPLACE INTO words VALUES ('ONE', 5)"));
  CHECK(Scratch::soon([&] { return pair.postgres_value("SELECT string_agg(id || name, ' ' ORDER BY id) FROM people") == "2bob 9ann"; }));
  CHECK(Scratch::soon([&] { return pair.postgres_value("SELECT string_agg(word || times, ' ') FROM words") == "ONE5"; }));
}

TEST_CASE("rule 8: rows that swap a unique value, and columns that only PostgreSQL has (rule 10)", "[rules]") {
  if (!Scratch::possible()) return;
  Scratch pair;
  REQUIRE(pair.start());
  pair.reach(Stage::shadow);
  REQUIRE(pair.postgres().execute("ALTER TABLE people ADD note text; SET session_replication_role = replica; UPDATE people SET note = name"));
  REQUIRE(pair.sql("BEGIN; UPDATE people SET name = 'x' WHERE id = 1; UPDATE people SET name = 'ann' WHERE id = 2; "
                   "UPDATE people SET name = 'bob' WHERE id = 1; COMMIT"));
  CHECK(Scratch::soon([&] {
    return pair.postgres_value("SELECT string_agg(id || name || note, ' ' ORDER BY id) FROM people") == "1bobann 2annbob";
  }));
}

TEST_CASE("rule 4: a change of the file's schema behind the mirror stops it and is named", "[rules]") {
  if (!Scratch::possible()) return;
  Scratch pair;
  REQUIRE(pair.start());
  pair.reach(Stage::shadow);
  REQUIRE(pair.sql("VACUUM"));  // changes schema_version, but nothing that matters
  REQUIRE(pair.sql("INSERT INTO people (name) VALUES ('eve')"));
  CHECK(Scratch::soon([&] { return pair.postgres_value("SELECT count(*) FROM people") == "3"; }));
  REQUIRE(pair.sql("DROP TRIGGER crossfade_people_update"));
  CHECK(Scratch::soon([&] { return pair.gate("mirror").find("trigger crossfade_people_update") != std::string::npos; }));
  CHECK_FALSE(pair.controller().switch_to(Stage::postgres, true));
}

TEST_CASE("rule 5: a file that was set back is recognised", "[rules]") {
  if (!Scratch::possible()) return;
  Scratch pair;
  REQUIRE(pair.start());
  pair.reach(Stage::shadow);
  pair.stop();
  REQUIRE(pair.sql("PRAGMA wal_checkpoint(TRUNCATE)"));
  const std::filesystem::path kept = pair.file().string() + ".kept";
  std::filesystem::copy_file(pair.file(), kept, std::filesystem::copy_options::overwrite_existing);
  REQUIRE(pair.start());
  REQUIRE(pair.sql("INSERT INTO people (name) VALUES ('eve')"));
  CHECK(Scratch::soon([&] { return pair.postgres_value("SELECT count(*) FROM people") == "3"; }));
  pair.stop();
  REQUIRE(pair.sql("PRAGMA wal_checkpoint(TRUNCATE)"));
  std::filesystem::rename(kept, pair.file());
  REQUIRE(pair.start());
  CHECK(Scratch::soon([&] { return pair.gate("mirror").find("rewound") != std::string::npos; }));
}

TEST_CASE("rule 5: a file that was set back while PostgreSQL was primary is not gone back to", "[rules]") {
  if (!Scratch::possible()) return;
  Scratch pair;
  REQUIRE(pair.start());
  pair.reach(Stage::postgres);
  REQUIRE(pair.postgres().execute("INSERT INTO people (name) VALUES ('eve')"));
  CHECK(Scratch::soon([&] { return pair.sqlite_value("SELECT count(*) FROM people") == "3"; }));
  pair.stop();
  REQUIRE(pair.sql("PRAGMA wal_checkpoint(TRUNCATE)"));
  const std::filesystem::path kept = pair.file().string() + ".kept";
  std::filesystem::copy_file(pair.file(), kept, std::filesystem::copy_options::overwrite_existing);
  REQUIRE(pair.start());
  REQUIRE(pair.postgres().execute("INSERT INTO people (name) VALUES ('liv')"));
  CHECK(Scratch::soon([&] { return pair.sqlite_value("SELECT count(*) FROM people") == "4"; }));
  pair.stop();
  REQUIRE(pair.sql("PRAGMA wal_checkpoint(TRUNCATE)"));
  std::filesystem::rename(kept, pair.file());
  REQUIRE(pair.start());
  CHECK(Scratch::soon([&] { return pair.gate("mirror").find("rewound") != std::string::npos; }));
  CHECK_FALSE(pair.controller().switch_back());
  CHECK(pair.postgres_value("SELECT count(*) FROM people") == "4");
}

TEST_CASE("rule 4: a table made anew behind the mirror while PostgreSQL is primary is not gone back to", "[rules]") {
  if (!Scratch::possible()) return;
  Scratch pair;
  REQUIRE(pair.start());
  pair.reach(Stage::postgres);
  REQUIRE(pair.sql("BEGIN; CREATE TABLE copied AS SELECT * FROM people; DROP TABLE people; ALTER TABLE copied RENAME TO people; COMMIT"));
  CHECK(Scratch::soon([&] { return pair.gate("mirror").find("trigger crossfade_people_update") != std::string::npos; }));
  CHECK_FALSE(pair.controller().switch_back());
}

TEST_CASE("rule 11: a row that PostgreSQL cannot hold is put aside by key, the rest goes on", "[rules]") {
  if (!Scratch::possible()) return;
  Scratch pair;
  REQUIRE(pair.start());
  pair.reach(Stage::shadow);
  REQUIRE(pair.sql("INSERT INTO people (id, name) VALUES (7, 'a' || char(0) || 'b'), (8, 'eve')"));
  CHECK(Scratch::soon([&] { return pair.postgres_value("SELECT string_agg(id::text, ' ' ORDER BY id) FROM people") == "1 2 8"; }));
  CHECK(pair.gate("quarantine").starts_with("red"));
  REQUIRE(pair.sql("UPDATE people SET name = 'whole' WHERE id = 7"));
  CHECK(Scratch::soon([&] { return pair.gate("quarantine").starts_with("green"); }));
  CHECK(pair.postgres_value("SELECT name FROM people WHERE id = 7") == "whole");
}

TEST_CASE("rules 14 and 15: PostgreSQL's writes come to the file, TRUNCATE and odd session settings included", "[rules]") {
  if (!Scratch::possible()) return;
  Scratch pair;
  REQUIRE(pair.start());
  pair.reach(Stage::postgres);
  auto client = pair.postgres();
  REQUIRE(client.execute("SET DateStyle = 'German'; SET search_path = pg_temp; SET bytea_output = 'escape'; SET synchronous_commit = off; "
                         "INSERT INTO public.people (name, age) VALUES ('eve', 5); UPDATE public.people SET name = 'x' WHERE id = 1; "
                         "TRUNCATE public.words; INSERT INTO public.words VALUES ('two', 2)"));
  CHECK(Scratch::soon([&] { return pair.sqlite_value("SELECT group_concat(name, ' ') FROM (SELECT * FROM people ORDER BY id)") == "x bob eve"; }));
  CHECK(Scratch::soon([&] { return pair.sqlite_value("SELECT group_concat(word) FROM words") == "two"; }));
}

TEST_CASE("rule 16: after the hand-over each side takes no writes while the other is the primary", "[rules]") {
  if (!Scratch::possible()) return;
  Scratch pair;
  REQUIRE(pair.start());
  pair.reach(Stage::shadow);
  CHECK_FALSE(pair.postgres().execute("DELETE FROM people"));
  CHECK_FALSE(pair.postgres().execute("TRUNCATE people"));
  pair.reach(Stage::postgres);
  for (const std::string_view write : {"INSERT OR IGNORE INTO people (name) VALUES ('z')", "UPDATE OR REPLACE people SET age = 1", "DELETE FROM people"}) {
    CHECK_FALSE(pair.sql(write));
  }
  REQUIRE(pair.controller().switch_back());
  CHECK(pair.sql("DELETE FROM people"));
  CHECK_FALSE(pair.postgres().execute("DELETE FROM people"));
  CHECK(Scratch::soon([&] { return pair.postgres_value("SELECT count(*) FROM people") == "0"; }));
}

TEST_CASE("rule 17: a PostgreSQL that was set back is refused at start", "[rules]") {
  if (!Scratch::possible()) return;
  Scratch pair;
  REQUIRE(pair.start());
  pair.reach(Stage::postgres);
  pair.stop();
  REQUIRE(pair.postgres().execute("UPDATE crossfade.state SET stage = 'shadow', epoch = epoch - 1"));
  const auto started = pair.start();
  REQUIRE_FALSE(started);
  CHECK(started.error().state.code() == "55000");
  CHECK(started.error().detail == "The file: stage postgres, epoch 3. PostgreSQL: stage shadow, epoch 2.");
}

TEST_CASE("rule 18: ids given out and deleted come again on neither side", "[rules]") {
  if (!Scratch::possible()) return;
  Scratch pair;
  REQUIRE(pair.start());
  pair.reach(Stage::shadow);
  REQUIRE(pair.sql("INSERT INTO people (id, name) VALUES (50, 'gone'); DELETE FROM people WHERE id = 50"));
  pair.reach(Stage::postgres);
  auto client = pair.postgres();
  REQUIRE(client.execute("INSERT INTO people (name) VALUES ('new')"));
  CHECK(pair.postgres_value("SELECT id FROM people WHERE name = 'new'") == "51");
  REQUIRE(client.execute("INSERT INTO people (name) VALUES ('gone too'); DELETE FROM people WHERE name = 'gone too'"));
  REQUIRE(pair.controller().switch_back());
  REQUIRE(pair.sql("INSERT INTO people (name) VALUES ('last')"));
  CHECK(pair.sqlite_value("SELECT id FROM people WHERE name = 'last'") == "53");
}

TEST_CASE("a difference planted in PostgreSQL is found on a pair and mended", "[rules]") {
  if (!Scratch::possible()) return;
  Scratch pair;
  REQUIRE(pair.start());
  pair.reach(Stage::shadow);
  REQUIRE(pair.postgres().execute("SET session_replication_role = replica; UPDATE people SET age = 99 WHERE id = 2; INSERT INTO people VALUES (70, 'ghost', 0)"));
  pair.controller().offer({.text = "SELECT age FROM people WHERE id = 2", .declared = {}, .values = {}, .types = {}});
  CHECK(Scratch::soon([&] { return pair.controller().show("MISMATCHES")->rows.size() == 1; }));
  CHECK(pair.controller().show("MISMATCHES")->rows[0][1] == "value");
  CHECK_FALSE(pair.controller().switch_to(Stage::postgres, false));
  const auto mended = pair.controller().repair();
  REQUIRE(mended);
  CHECK(mended->rows.size() == 2);
  for (const auto& row : mended->rows) CHECK(row[5] == "mended");
  CHECK(pair.postgres_value("SELECT age FROM people WHERE id = 2") == "2");
  CHECK(pair.controller().show("MISMATCHES")->rows.empty());
  CHECK(pair.controller().switch_to(Stage::postgres, false));
}

TEST_CASE("a table without a key, and leaps are refused by name", "[rules]") {
  if (!Scratch::possible()) return;
  Scratch pair;
  REQUIRE(pair.start());
  const auto leap = pair.controller().switch_to(Stage::postgres, false);
  REQUIRE_FALSE(leap);
  CHECK(leap.error().message == "stage postgres cannot be reached from stage sqlite");
  const auto canary = pair.controller().switch_to(Stage::canary, false);
  REQUIRE_FALSE(canary);
  CHECK(canary.error().message == "stage canary cannot be reached from stage sqlite");
  pair.stop();
  REQUIRE(pair.sql("CREATE TABLE log (line TEXT)"));
  REQUIRE(pair.start());
  const auto keyless = pair.controller().switch_to(Stage::copy, false);
  REQUIRE_FALSE(keyless);
  CHECK(keyless.error().message == "table \"log\" cannot be mirrored: it has no primary key");
  CHECK(pair.controller().fence().state().stage == Stage::sqlite);
}

}  // namespace
}  // namespace crossfade::migrate
