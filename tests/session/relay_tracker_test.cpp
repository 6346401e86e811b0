#include "relay_tracker.hpp"

#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>

using namespace crossfade;
using namespace crossfade::session;

namespace {

/// A client without a connection, and the messages of both directions.
struct Conversation {
  boost::asio::io_context io;
  Hub hub{{}, {}, {}};
  Client client{hub.impl(), Socket(io), "test"};
  RelayTracker tracker{client, RelayTracker::Mode::inspected, 'I'};

  static std::shared_ptr<const ParsedQuery> parsed(std::vector<sql::Parsed> statements) {
    return std::make_shared<const ParsedQuery>(std::move(statements));
  }
  static sql::Parsed setting(std::string name, std::string value) {
    sql::Parsed statement;
    statement.kind = sql::Kind::setting;
    statement.control = sql::SettingControl{sql::SettingControl::Verb::set, false, std::move(name), {std::move(value)}};
    return statement;
  }
  static sql::Parsed control(sql::TransactionControl::Verb verb) {
    sql::Parsed statement;
    statement.kind = sql::Kind::transaction;
    statement.control =
        sql::TransactionControl{.verb = verb, .name = {}, .isolation = {}, .read_only = {}, .deferrable = {}, .chain = false};
    return statement;
  }
  void server(char type, std::string_view body = {}) { tracker.received({type, body, {}}); }
};

using Verb = sql::TransactionControl::Verb;

}  // namespace

TEST_CASE("a relay is quiet when every ReadyForQuery has come and no block is open") {
  Conversation talk;
  CHECK(talk.tracker.quiet());
  talk.tracker.sent(wire::Query{"a"}, nullptr);
  talk.tracker.sent(wire::Query{"b"}, nullptr);
  talk.server('C', std::string_view("SELECT 1\0", 9));
  talk.server('Z', "I");
  CHECK_FALSE(talk.tracker.quiet());
  talk.server('Z', "T");
  CHECK_FALSE(talk.tracker.quiet());
  talk.tracker.sent(wire::Query{"c"}, nullptr);
  talk.server('Z', "I");
  CHECK(talk.tracker.quiet());
}

TEST_CASE("a Query between an error and its Sync is passed over") {
  Conversation talk;
  talk.tracker.sent(wire::Parse{"", "SELEC", {}}, nullptr);
  talk.tracker.sent(wire::Query{"SELECT 1"}, nullptr);
  talk.tracker.sent(wire::Sync{}, nullptr);
  talk.server('E');
  talk.server('Z', "I");
  CHECK(talk.tracker.quiet());
}

TEST_CASE("a relay is not quiet while the server passes over everything up to a Sync that was not sent") {
  Conversation talk;
  talk.tracker.sent(wire::Parse{"", "SELEC", {}}, nullptr);
  talk.tracker.sent(wire::Query{"SELECT 1"}, nullptr);
  talk.server('E');
  CHECK_FALSE(talk.tracker.quiet());  // moved now, what comes next would run where PostgreSQL passes over it
  talk.tracker.sent(wire::Query{"SELECT 2"}, nullptr);
  CHECK_FALSE(talk.tracker.quiet());
  talk.tracker.sent(wire::Sync{}, nullptr);
  talk.server('Z', "I");
  CHECK(talk.tracker.quiet());
}

TEST_CASE("a relay is not quiet while what an Execute did waits for its Sync") {
  Conversation talk;
  talk.tracker.sent(wire::Parse{"", "INSERT INTO t VALUES (1)", {}}, nullptr);
  talk.server('1');
  CHECK(talk.tracker.quiet());  // nothing has run: the session may move
  talk.tracker.sent(wire::Bind{}, nullptr);
  talk.tracker.sent(wire::Execute{}, nullptr);
  talk.server('2');
  talk.server('C', std::string_view("INSERT 0 1\0", 11));
  CHECK_FALSE(talk.tracker.quiet());
  talk.tracker.sent(wire::Sync{}, nullptr);
  CHECK_FALSE(talk.tracker.quiet());
  talk.server('Z', "I");
  CHECK(talk.tracker.quiet());
}

TEST_CASE("in raw mode only headers and ReadyForQuery count") {
  Conversation talk;
  RelayTracker raw(talk.client, RelayTracker::Mode::raw, 'I');
  for (const char type : std::string_view("PBDES")) raw.sent_raw(type);
  CHECK_FALSE(raw.quiet());
  raw.received({'Z', "I", {}});
  CHECK(raw.quiet());
}

TEST_CASE("prepared statements are known once the server has taken them, with the types it announced") {
  Conversation talk;
  talk.tracker.sent(wire::Parse{"s", "SELECT $1", {}}, nullptr);
  talk.tracker.sent(wire::Describe{wire::Named::statement, "s"}, nullptr);
  talk.tracker.sent(wire::Sync{}, nullptr);
  CHECK_FALSE(talk.client.prepared.contains("s"));
  talk.server('1');
  talk.server('t', std::string_view("\0\1\0\0\0\x17", 6));
  talk.server('T', std::string_view("\0\1a\0\0\0\0\0\0\0\0\0\0\x17\0\4\xff\xff\xff\xff\0\0", 22));
  talk.server('Z', "I");
  REQUIRE(talk.client.prepared.contains("s"));
  const Prepared& prepared = *talk.client.prepared.find("s")->second;
  CHECK(prepared.announced == std::vector<model::Oid>{model::oid::int4});
  CHECK(prepared.described);
  CHECK(prepared.columns == std::vector<model::Column>{{"a", {model::oid::int4, -1}}});
  talk.tracker.sent(wire::Close{wire::Named::statement, "s"}, nullptr);
  talk.tracker.sent(wire::Sync{}, nullptr);
  talk.server('3');
  talk.server('Z', "I");
  CHECK_FALSE(talk.client.prepared.contains("s"));
}

TEST_CASE("after an error the rest of the batch is not waited for") {
  Conversation talk;
  talk.tracker.sent(wire::Parse{"a", "x", {}}, nullptr);
  talk.tracker.sent(wire::Parse{"b", "x", {}}, nullptr);
  talk.tracker.sent(wire::Sync{}, nullptr);
  talk.tracker.sent(wire::Parse{"c", "x", {}}, nullptr);
  talk.tracker.sent(wire::Sync{}, nullptr);
  talk.server('1');
  talk.server('E');
  talk.server('Z', "I");
  talk.server('1');
  talk.server('Z', "I");
  CHECK(talk.tracker.quiet());
  CHECK(talk.client.prepared.contains("a"));
  CHECK_FALSE(talk.client.prepared.contains("b"));
  CHECK(talk.client.prepared.contains("c"));
}

TEST_CASE("settings follow the blocks they were made in") {
  Conversation talk;
  talk.tracker.sent(wire::Query{"..."},
                    Conversation::parsed({Conversation::control(Verb::begin), Conversation::setting("TimeZone", "Europe/Rome")}));
  talk.server('C', std::string_view("BEGIN\0", 6));
  talk.server('C', std::string_view("SET\0", 4));
  talk.server('Z', "T");
  CHECK(talk.client.settings.show("timezone") == "Europe/Rome");
  talk.tracker.sent(wire::Query{"..."}, Conversation::parsed({Conversation::control(Verb::rollback)}));
  talk.server('C', std::string_view("ROLLBACK\0", 9));
  talk.server('Z', "I");
  CHECK(talk.client.settings.show("timezone") == "UTC");
}

TEST_CASE("a SET whose query failed later is forgotten with it") {
  Conversation talk;
  talk.tracker.sent(wire::Query{"..."}, Conversation::parsed({Conversation::setting("TimeZone", "Europe/Rome"),
                                                              Conversation::setting("TimeZone", "x")}));
  talk.server('C', std::string_view("SET\0", 4));
  talk.server('E');
  talk.server('Z', "I");
  CHECK(talk.client.settings.show("timezone") == "UTC");
}

TEST_CASE("what the file's side cannot take over is remembered") {
  Conversation talk;
  talk.tracker.sent(wire::Query{"..."}, Conversation::parsed({Conversation::setting("client_encoding", "latin1")}));
  talk.server('C', std::string_view("SET\0", 4));
  talk.server('Z', "I");
  REQUIRE(talk.client.stays);
  CHECK(talk.client.stays->state.code() == "0A000");
}

TEST_CASE("reads that ended well are handed over once, those of blocks too, but not behind a SET of the block") {
  Conversation talk;
  sql::Parsed select;
  select.kind = sql::Kind::select;
  select.text = "SELECT 1";
  const auto run = [&](std::string_view tag, std::string_view status) {
    talk.tracker.sent(wire::Query{"..."}, Conversation::parsed({select}));
    talk.server('C', tag);
    talk.server('Z', status);
  };
  const auto control = [&](sql::Parsed statement, std::string_view tag, std::string_view status) {
    talk.tracker.sent(wire::Query{"..."}, Conversation::parsed({std::move(statement)}));
    talk.server('C', tag);
    talk.server('Z', status);
  };
  run(std::string_view("SELECT 1\0", 9), "I");
  auto reads = talk.tracker.take_reads();
  REQUIRE(reads.size() == 1);
  CHECK(reads[0].statement.text == "SELECT 1");
  CHECK(talk.tracker.take_reads().empty());
  control(Conversation::control(Verb::begin), std::string_view("BEGIN\0", 6), "T");
  run(std::string_view("SELECT 1\0", 9), "T");
  control(Conversation::setting("TimeZone", "Europe/Rome"), std::string_view("SET\0", 4), "T");
  run(std::string_view("SELECT 1\0", 9), "T");
  CHECK(talk.tracker.take_reads().size() == 1);
  control(Conversation::control(Verb::commit), std::string_view("COMMIT\0", 7), "I");
  run(std::string_view("SELECT 1\0", 9), "I");
  CHECK(talk.tracker.take_reads().size() == 1);
}
