#include "support.hpp"

using namespace crossfade;
using tests::Client;
using tests::must;
using tests::state_of;
using sql::Isolation;
using sqlite::BlockState;
using Verb = sql::TransactionControl::Verb;

TEST_CASE("READ COMMITTED: each statement of a block sees what was committed before it, until the block writes") {
  const tests::TemporaryFile file;
  const auto database = tests::serve(file, "CREATE TABLE t (a INTEGER)");
  Client reader{*database}, writer{*database};
  must(reader.begin());
  CHECK(must(reader.number("SELECT count(*) FROM t")) == 0);
  CHECK(must(writer.change("INSERT INTO t VALUES (1)")) == 1);
  CHECK(must(reader.number("SELECT count(*) FROM t")) == 1);
  CHECK_FALSE(reader.session.anchored());
  must(reader.change("INSERT INTO t VALUES (2)"));
  CHECK(reader.session.anchored());
  CHECK(must(reader.number("SELECT count(*) FROM t")) == 2);
  CHECK(must(writer.number("SELECT count(*) FROM t")) == 1);
  CHECK(state_of(writer.change("INSERT INTO t VALUES (3)")) == "55P03");
  CHECK(must(reader.control(Verb::commit)) == "COMMIT");
  CHECK(must(writer.change("INSERT INTO t VALUES (3)")) == 1);
  CHECK(must(reader.number("SELECT count(*) FROM t")) == 3);
}

TEST_CASE("REPEATABLE READ: the snapshot stays, and a write over a newer commit is 40001") {
  const tests::TemporaryFile file;
  const auto database = tests::serve(file, "CREATE TABLE t (a INTEGER); INSERT INTO t VALUES (1)");
  Client pinned{*database}, writer{*database};
  must(pinned.begin(Isolation::repeatable_read));
  CHECK(must(pinned.number("SELECT count(*) FROM t")) == 1);
  must(writer.change("INSERT INTO t VALUES (2)"));
  CHECK(must(pinned.number("SELECT count(*) FROM t")) == 1);
  CHECK(state_of(pinned.change("UPDATE t SET a = 5")) == "40001");
  CHECK(pinned.session.state() == BlockState::failed);
  CHECK_FALSE(pinned.session.holds_permit());
  CHECK(must(pinned.control(Verb::commit)) == "ROLLBACK");
  must(pinned.begin(Isolation::serializable));
  CHECK(must(pinned.number("SELECT count(*) FROM t")) == 2);
  CHECK(must(pinned.change("UPDATE t SET a = 5")) == 2);
  must(pinned.control(Verb::commit));
  CHECK(must(writer.number("SELECT min(a) FROM t")) == 5);
}

TEST_CASE("an error fails the block: 25P02 until its end, and COMMIT answers ROLLBACK") {
  const tests::TemporaryFile file;
  const auto database = tests::serve(file, "CREATE TABLE t (a INTEGER UNIQUE)");
  Client client{*database}, other{*database};
  must(client.begin());
  must(client.change("INSERT INTO t VALUES (1)"));
  CHECK(state_of(client.change("INSERT INTO t VALUES (1)")) == "23505");
  CHECK(client.session.state() == BlockState::failed);
  CHECK(state_of(client.number("SELECT 1")) == "25P02");
  CHECK(must(other.change("INSERT INTO t VALUES (1)")) == 1);  // the failed block holds nobody up
  CHECK(must(client.control(Verb::commit)) == "ROLLBACK");
  CHECK(client.session.state() == BlockState::idle);
  CHECK(must(client.number("SELECT count(*) FROM t")) == 1);
}

TEST_CASE("MIRROR 21: savepoints opened before the first write are replayed on the writer") {
  const tests::TemporaryFile file;
  const auto database = tests::serve(file, "CREATE TABLE t (a INTEGER UNIQUE)");
  Client client{*database};
  must(client.begin());
  must(client.control(Verb::savepoint, "one"));
  must(client.control(Verb::savepoint, "Two \" odd"));
  must(client.change("INSERT INTO t VALUES (1)"));
  must(client.control(Verb::savepoint, "one"));
  must(client.change("INSERT INTO t VALUES (2)"));
  CHECK(state_of(client.change("INSERT INTO t VALUES (2)")) == "23505");
  CHECK(client.session.state() == BlockState::failed);
  must(client.control(Verb::rollback_to, "one"));  // the newer of the two
  CHECK(client.session.state() == BlockState::in_block);
  CHECK(must(client.number("SELECT count(*) FROM t")) == 1);
  must(client.control(Verb::release, "one"));
  must(client.change("INSERT INTO t VALUES (3)"));
  must(client.control(Verb::rollback_to, "one"));  // now the older
  CHECK(must(client.number("SELECT count(*) FROM t")) == 0);
  must(client.change("INSERT INTO t VALUES (4)"));
  must(client.control(Verb::commit));
  CHECK(must(client.number("SELECT max(a) FROM t")) == 4);
  CHECK(must(client.number("SELECT count(*) FROM t")) == 1);
}

TEST_CASE("savepoints that do not exist, and outside a block, answer as PostgreSQL does") {
  const tests::TemporaryFile file;
  const auto database = tests::serve(file, "CREATE TABLE t (a INTEGER)");
  Client client{*database};
  CHECK(state_of(client.control(Verb::savepoint, "s")) == "25P01");
  CHECK(state_of(client.control(Verb::rollback_to, "s")) == "25P01");
  CHECK(must(client.control(Verb::commit)) == "COMMIT");
  CHECK(client.warnings.back().state.code() == "25P01");
  must(client.begin());
  must(client.begin());
  CHECK(client.warnings.back().state.code() == "25001");
  CHECK(state_of(client.control(Verb::release, "s")) == "3B001");
  CHECK(client.session.state() == BlockState::failed);
  CHECK(must(client.control(Verb::rollback)) == "ROLLBACK");
}

TEST_CASE("a deferred foreign key fails its COMMIT with 23503 and undoes the block, alone or in a block") {
  const tests::TemporaryFile file;
  const auto database = tests::serve(
      file, "CREATE TABLE p (a INTEGER PRIMARY KEY); CREATE TABLE c (a REFERENCES p(a) DEFERRABLE INITIALLY DEFERRED)");
  Client client{*database};
  CHECK(state_of(client.change("INSERT INTO c VALUES (1)")) == "23503");
  CHECK_FALSE(client.session.holds_permit());
  must(client.begin());
  must(client.change("INSERT INTO c VALUES (1)"));
  CHECK(state_of(client.control(Verb::commit)) == "23503");
  CHECK(client.session.state() == BlockState::idle);
  CHECK(must(client.number("SELECT count(*) FROM c")) == 0);
  must(client.begin());
  must(client.change("INSERT INTO c VALUES (1)"));
  must(client.change("INSERT INTO p VALUES (1)"));
  CHECK(must(client.control(Verb::commit)) == "COMMIT");
}

TEST_CASE("an error that ends the whole transaction in SQLite fails the block for good, savepoints or not") {
  const tests::TemporaryFile file;
  const auto database = tests::serve(
      file, "CREATE TABLE t (a INTEGER UNIQUE); CREATE TRIGGER stop BEFORE INSERT ON t WHEN NEW.a = 13 "
            "BEGIN SELECT RAISE(ROLLBACK, 'unlucky'); END");
  Client client{*database};
  must(client.begin());
  must(client.change("INSERT INTO t VALUES (1)"));
  must(client.control(Verb::savepoint, "s"));
  CHECK(state_of(client.change("INSERT INTO t VALUES (13)")) == "P0001");
  CHECK_FALSE(client.session.holds_permit());
  CHECK(state_of(client.control(Verb::rollback_to, "s")) == "40000");
  CHECK(client.session.state() == BlockState::failed);
  CHECK(must(client.control(Verb::rollback)) == "ROLLBACK");
  CHECK(must(client.number("SELECT count(*) FROM t")) == 0);
}

TEST_CASE("read-only blocks and databases refuse writes with 25006") {
  const tests::TemporaryFile file;
  const auto database = tests::serve(file, "CREATE TABLE t (a INTEGER)");
  Client client{*database};
  must(client.begin({}, true));
  const auto refused = client.change("INSERT INTO t VALUES (1)");
  CHECK(state_of(refused) == "25006");
  CHECK(refused.error().message == "cannot execute UPDATE in a read-only transaction");
  must(client.control(Verb::rollback));
  const auto closed = must(sqlite::Database::open({.file = file.path(), .read_only = true}, nullptr));
  Client guest{*closed};
  CHECK(must(guest.number("SELECT count(*) FROM t")) == 0);
  CHECK(state_of(guest.change("INSERT INTO t VALUES (1)")) == "25006");
}

TEST_CASE("the isolation level is fixed by the first statement") {
  const tests::TemporaryFile file;
  const auto database = tests::serve(file, "CREATE TABLE t (a INTEGER)");
  Client client{*database};
  must(client.begin());
  must(client.session.control({.verb = Verb::set_transaction, .isolation = Isolation::repeatable_read}, client.warnings));
  must(client.number("SELECT count(*) FROM t"));
  CHECK(client.session.anchored());
  CHECK(state_of(client.session.control({.verb = Verb::set_transaction, .isolation = Isolation::read_committed}, client.warnings)) ==
        "25001");
}

TEST_CASE("an implicit block commits or rolls back as one, and BEGIN makes it an ordinary one") {
  const tests::TemporaryFile file;
  const auto database = tests::serve(file, "CREATE TABLE t (a INTEGER UNIQUE)");
  Client client{*database}, other{*database};
  client.session.begin_implicit();
  must(client.change("INSERT INTO t VALUES (1)"));
  CHECK(client.session.state() == BlockState::idle);
  CHECK(must(other.number("SELECT count(*) FROM t")) == 0);
  must(client.session.end_implicit());
  CHECK(must(other.number("SELECT count(*) FROM t")) == 1);

  client.session.begin_implicit();
  must(client.change("INSERT INTO t VALUES (2)"));
  CHECK(state_of(client.change("INSERT INTO t VALUES (2)")) == "23505");
  must(client.session.end_implicit());
  CHECK(must(other.number("SELECT count(*) FROM t")) == 1);
  CHECK_FALSE(client.session.holds_permit());

  client.session.begin_implicit();
  must(client.change("INSERT INTO t VALUES (3)"));
  must(client.begin());
  must(client.session.end_implicit());
  CHECK(client.session.state() == BlockState::in_block);
  must(client.control(Verb::rollback));
  CHECK(must(other.number("SELECT count(*) FROM t")) == 1);
}

TEST_CASE("a block's own DDL is seen by it alone, under a version that no cache mistakes, until it commits") {
  const tests::TemporaryFile file;
  const auto database = tests::serve(file, "CREATE TABLE t (a INTEGER)");
  Client client{*database};
  must(client.begin());
  auto create = tests::statement(sql::Kind::create_table, "CREATE TABLE made (price TEXT)");
  create.type_changes.push_back({sql::TypeChange::Verb::declare,
                                 {.table = "made", .column = "price", .type = *model::parse_type("numeric(10,2)"),
                                  .form = {plan::Form::numeric_text}}});
  must(client.start(create));
  const auto seen = must(client.session.schema());
  REQUIRE(seen->find("made") != nullptr);
  CHECK(seen->find("made")->find_column("price")->type == *model::parse_type("numeric(10,2)"));
  CHECK(seen->version < 0);
  CHECK(must(database->schema())->find("made") == nullptr);
  must(client.control(Verb::commit));
  const auto common = must(database->schema());
  REQUIRE(common->find("made") != nullptr);
  CHECK(common->find("made")->columns[0].form.form == plan::Form::numeric_text);
  CHECK(common->find("crossfade_types") == nullptr);
}

TEST_CASE("a client that goes away leaves nothing behind, and the next in the queue gets the permit") {
  const tests::TemporaryFile file;
  const auto database = tests::serve(file, "CREATE TABLE t (a INTEGER)");
  auto client = std::make_unique<Client>(*database);
  must(client->begin());
  must(client->change("INSERT INTO t VALUES (1)"));
  bool granted = false;
  database->permits().acquire([&](sqlite::Permit) { granted = true; });
  CHECK_FALSE(granted);
  client.reset();
  CHECK(granted);
  Client other{*database};
  CHECK(must(other.number("SELECT count(*) FROM t")) == 0);
}
