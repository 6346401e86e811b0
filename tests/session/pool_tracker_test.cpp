#include "pool_tracker.hpp"

#include <catch2/catch.hpp>

#include "crossfade/wire/backend.hpp"

using namespace crossfade;
using namespace crossfade::session;

namespace {

/// Client's messages as they leave, named: "P(name)", "B(name)", "S", "Q(text)".
struct Talk {
  FollowedStatements all;
  PoolTracker tracker{all, {{"TimeZone", "UTC"}, {"application_name", "mine"}}};
  postgres::Server server;
  std::string sent, heard;

  Talk() { server.parameters = {{"TimeZone", "UTC"}, {"application_name", "mine"}}; }

  static std::string frame(char type, std::string_view body) {
    std::string bytes;
    wire::Message(bytes, type).bytes(body);
    return bytes;
  }
  void client(char type, std::string_view body = {}) {
    const std::string raw = frame(type, body);
    tracker.forward({type, std::string_view(raw).substr(5), raw}, server, sent);
  }
  void says(char type, std::string_view body = {}) {
    const std::string raw = frame(type, body);
    tracker.answer({type, std::string_view(raw).substr(5), raw}, server, heard);
  }
  void parse(std::string_view name, std::string_view text) { client('P', std::string(name) + '\0' + std::string(text) + std::string("\0\0\0", 3)); }
  void bind(std::string_view name) { client('B', '\0' + std::string(name) + std::string("\0\0\0\0\0\0\0", 7)); }
  void execute() { client('E', std::string_view("\0\0\0\0\0", 5)); }
  void error(std::string_view state, std::string_view message = "m") {
    std::string body = "SERROR";
    body += '\0';
    (body += "VERROR") += '\0';
    (body += 'C').append(state).append(1, '\0');
    (body += 'M').append(message).append(2, '\0');
    says('E', body);
  }
  void ready(char status = 'I') { says('Z', std::string(1, status)); }

  /// What was sent since the last call, our prefix as '#'.
  std::string took() {
    std::string words;
    wire::FrameReader reader(wire::From::client);
    reader.feed(sent);
    sent.clear();
    for (wire::Step step = reader.next(); std::holds_alternative<wire::Frame>(step); step = reader.next()) {
      const auto& one = std::get<wire::Frame>(step);
      std::string_view body = one.body;
      if (one.type == 'B') body.remove_prefix(1);
      if (one.type == 'C' || one.type == 'D') body.remove_prefix(1);
      words += one.type;
      if (one.type != 'S' && one.type != 'E') words.append("(").append(body.substr(0, body.find('\0'))).append(")");
      words += ' ';
    }
    for (std::size_t at = words.find(all.prefix()); at != std::string::npos; at = words.find(all.prefix())) words.replace(at, all.prefix().size(), "#");
    if (!words.empty()) words.pop_back();
    return words;
  }
  /// The types that the client has heard since the last call.
  std::string told() {
    std::string types;
    wire::FrameReader reader(wire::From::server);
    reader.feed(heard);
    heard.clear();
    for (wire::Step step = reader.next(); std::holds_alternative<wire::Frame>(step); step = reader.next()) types += std::get<wire::Frame>(step).type;
    return types;
  }
  /// Another connection, that knows nothing.
  void other_server() {
    tracker.detach(server);
    server = {};
    server.parameters = {{"TimeZone", "UTC"}, {"application_name", "mine"}};
    std::string to_client;
    tracker.attach(server, sent, to_client);
  }
};

}  // namespace

TEST_CASE("a named statement is prepared again on a connection that does not have it, and the client hears nothing of it") {
  Talk talk;
  talk.parse("s", "SELECT 1");
  talk.client('S');
  CHECK(talk.took() == "P(#1) S");
  talk.says('1');
  talk.ready();
  CHECK(talk.told() == "1Z");
  talk.bind("s");
  talk.execute();
  talk.client('S');
  CHECK(talk.took() == "B(#1) E S");
  talk.says('2');
  talk.says('C', std::string_view("SELECT 1\0", 9));
  talk.ready();
  CHECK(talk.tracker.quiet());
  talk.other_server();
  talk.bind("s");
  talk.execute();
  talk.client('S');
  CHECK(talk.took() == "P(#1) B(#1) E S");
  talk.told();
  talk.says('1');
  talk.says('2');
  talk.says('C', std::string_view("SELECT 1\0", 9));
  talk.ready();
  CHECK(talk.told() == "2CZ");
}

TEST_CASE("a statement that was prepared in a batch that failed is prepared again in the next, already sent") {
  Talk talk;
  talk.parse("s", "SELECT 1");
  talk.client('S');
  talk.says('1');
  talk.ready();
  talk.other_server();
  talk.took();
  talk.told();
  talk.bind("nothing");
  talk.bind("s");
  talk.client('S');
  talk.bind("s");
  talk.client('S');
  CHECK(talk.took() == "B(nothing) P(#1) B(#1) S C(#1) P(#1) B(#1) S");
  talk.error("26000");
  talk.ready();
  talk.says('3');
  talk.says('1');
  talk.says('2');
  talk.ready();
  CHECK(talk.told() == "EZ2Z");
  CHECK(talk.tracker.quiet());
}

TEST_CASE("an error that speaks of a statement says the client's name for it") {
  Talk talk;
  talk.parse("mine", "SELECT 1");
  talk.client('S');
  talk.says('1');
  talk.ready();
  talk.told();
  talk.parse("mine", "SELECT 2");
  talk.client('S');
  talk.took();
  talk.error("42P05", "prepared statement \"" + talk.all.prefix() + "1\" already exists");
  CHECK(talk.heard.contains("prepared statement \"mine\" already exists"));
  talk.ready();
  CHECK(talk.told() == "EZ");
}

TEST_CASE("a failed Parse leaves no statement behind, a failed Close takes none away") {
  Talk talk;
  talk.parse("s", "SELECT nonsense");
  talk.client('S');
  talk.error("42703");
  talk.ready();
  talk.took();
  talk.bind("s");
  talk.client('S');
  CHECK(talk.took() == "B(s) S");
  talk.error("26000");
  talk.ready();
  talk.parse("t", "SELECT 1");
  talk.client('S');
  talk.says('1');
  talk.ready();
  talk.took();
  talk.bind("nothing");
  talk.client('C', std::string_view("St\0", 3));
  talk.client('S');
  CHECK(talk.took() == "B(nothing) C(#none) S");
  talk.error("26000");
  talk.ready();
  talk.bind("t");
  CHECK(talk.took().ends_with("B(#2)"));
}

TEST_CASE("a skipped Parse leaves what stands on the server, and 42P05 tells that it stands") {
  Talk talk;
  talk.parse("s", "SELECT 1");
  talk.client('S');
  talk.says('1');
  talk.ready();
  talk.client('Q', std::string_view("SELECT own(1)\0", 14));  // whatever it deallocates
  talk.says('C', std::string_view("SELECT 1\0", 9));
  talk.ready();
  talk.bind("nothing");
  talk.bind("s");
  talk.parse("t", "SELECT 1");
  talk.client('S');
  talk.error("42P01");
  talk.ready();
  talk.took();
  talk.bind("s");
  talk.client('S');
  CHECK(talk.took() == "C(#1) P(#1) B(#1) S");
  talk.says('3');
  talk.says('1');
  talk.says('2');
  talk.ready();
  talk.parse("u", "SELECT 2");
  talk.client('S');
  CHECK(talk.took() == "P(#2) S");
  talk.error("42P05");
  talk.ready();
  talk.parse("u", "SELECT 2");
  talk.bind("u");
  CHECK(talk.took() == "P(#3) B(#3)");  // nobody has the second: another name
}

TEST_CASE("what a batch closes and prepares anew is as it was when the batch is skipped") {
  Talk talk;
  talk.parse("s", "SELECT 1");
  talk.client('S');
  talk.says('1');
  talk.ready();
  talk.bind("nothing");
  talk.client('C', std::string_view("Ss\0", 3));
  talk.parse("s", "SELECT 2");
  talk.client('S');
  talk.error("42P01");
  talk.ready();
  talk.took();
  talk.bind("s");
  CHECK(talk.took() == "B(#1)");
}

TEST_CASE("the same text that another name has prepared is looked at anew under a name that is closed at once") {
  Talk talk;
  talk.parse("s", "SELECT 1");
  talk.client('S');
  talk.says('1');
  talk.ready();
  talk.took();
  talk.told();
  talk.parse("t", "SELECT 1");
  talk.client('S');
  CHECK(talk.took() == "P(#once) C(#once) S");
  talk.says('1');
  talk.says('3');
  talk.ready();
  CHECK(talk.told() == "1Z");
  talk.bind("t");
  CHECK(talk.took() == "B(#1)");
}

TEST_CASE("the unnamed statement of another client is never found") {
  Talk talk;
  talk.server.unnamed = 99;
  talk.bind("");
  talk.client('S');
  CHECK(talk.took() == "C() B() S");
  talk.says('3');
  talk.error("26000");
  talk.ready();
  CHECK(talk.told() == "EZ");
  talk.parse("", "SELECT 1");
  talk.client('S');
  talk.says('1');
  talk.ready();
  talk.took();
  talk.other_server();
  talk.bind("");
  CHECK(talk.took() == "P() B()");
}

TEST_CASE("a statement that is prepared only to be deallocated is known to be gone") {
  Talk talk;
  talk.parse("s", "SELECT 1");
  talk.client('S');
  talk.says('1');
  talk.ready();
  talk.other_server();
  talk.took();
  talk.client('Q', std::string_view("DEALLOCATE s\0", 13));
  CHECK(talk.took() == "P(#1) S Q(DEALLOCATE #1)");
  talk.told();
  talk.says('1');
  talk.ready();
  talk.says('C', std::string_view("DEALLOCATE\0", 11));
  talk.ready();
  CHECK(talk.told() == "CZ");
  talk.parse("s", "SELECT 1");
  talk.bind("s");
  CHECK(talk.took() == "P(#2) B(#2)");  // nobody had the first any more
}

TEST_CASE("a Query that names a statement behind messages without a Sync waits for what it needs, and no Sync goes before it") {
  const std::string execute = Talk::frame('Q', std::string_view("EXECUTE s\0", 10));
  const wire::Frame query{'Q', std::string_view(execute).substr(5), execute};
  for (const bool fails : {false, true}) {
    CAPTURE(fails);
    Talk talk;
    talk.parse("s", "SELECT 1");
    talk.client('S');
    talk.says('1');
    talk.ready();
    talk.other_server();
    talk.parse("", "INSERT INTO t VALUES (1)");
    CHECK(talk.took() == "P(#1) S P()");
    talk.told();
    CHECK(talk.tracker.unsettled(query, talk.server, talk.sent));
    CHECK(talk.took() == "H()");
    CHECK(talk.tracker.unsettled(query, talk.server, talk.sent));
    CHECK(talk.took().empty());  // it was asked for already
    talk.says('1');
    CHECK(talk.tracker.unsettled(query, talk.server, talk.sent));
    CHECK(talk.took() == "P(#1) H()");
    CHECK(talk.tracker.unsettled(query, talk.server, talk.sent));
    if (fails) talk.error("42P01");
    else talk.says('1');
    CHECK_FALSE(talk.tracker.unsettled(query, talk.server, talk.sent));
    talk.client('Q', query.body);
    CHECK(talk.took() == (fails ? "S" : "Q(EXECUTE #1)"));
    if (!fails) talk.says('C', std::string_view("SELECT 1\0", 9));
    talk.ready();
    CHECK(talk.told() == (fails ? "1EZ" : "1CZ"));
    CHECK(talk.tracker.quiet());
  }
}

TEST_CASE("a connection that passes over everything up to a Sync is not free") {
  Talk talk;
  talk.parse("", "SELECT nonsense");
  talk.client('Q', std::string_view("SELECT 1\0", 9));
  talk.error("42703");
  CHECK_FALSE(talk.tracker.quiet());
  talk.took();
  talk.client('Q', std::string_view("SELECT 2\0", 9));
  CHECK(talk.took().empty());
  talk.client('S');
  CHECK(talk.took() == "S");
  CHECK_FALSE(talk.tracker.quiet());
  talk.ready();
  CHECK(talk.tracker.quiet());
}

TEST_CASE("an error's place in a text with our name in it is its place in the client's") {
  Talk talk;
  talk.parse("s", "SELECT $1::int");
  talk.client('S');
  talk.says('1');
  talk.ready();
  talk.heard.clear();
  talk.client('Q', std::string_view("EXECUTE s('x')\0", 15));
  const std::size_t longer = talk.all.prefix().size();  // "s" became prefix and "1"
  std::string body("SERROR\0C22P02\0Mm\0P", 18);
  body += std::to_string(11 + longer);
  body.append(2, '\0');
  talk.says('E', body);
  CHECK(talk.heard.contains(std::string_view("P11\0", 4)));
}

TEST_CASE("reported settings are set as the client was told them, and it is not told of it") {
  Talk talk;
  talk.tracker.detach(talk.server);
  talk.server.parameters = {{"TimeZone", "Asia/Tokyo"}, {"application_name", "mine"}, {"in_hot_standby", "on"}};
  std::string to_client;
  talk.tracker.attach(talk.server, talk.sent, to_client);
  CHECK(talk.took() == "Q(SET TimeZone = 'UTC';)");
  CHECK(to_client.contains("in_hot_standby"));
  CHECK_FALSE(talk.tracker.quiet());
  talk.client('Q', std::string_view("SELECT 1\0", 9));
  talk.says('S', std::string_view("TimeZone\0UTC\0", 13));
  talk.says('C', std::string_view("SET\0", 4));
  talk.ready();
  talk.says('T', std::string_view("\0\0", 2));
  talk.says('C', std::string_view("SELECT 1\0", 9));
  talk.ready();
  CHECK(talk.told() == "TCZ");
  talk.client('Q', std::string_view("SET TimeZone = 'x'\0", 19));
  talk.says('C', std::string_view("SET\0", 4));
  talk.says('S', std::string_view("TimeZone\0x\0", 11));
  talk.ready();
  CHECK(talk.told() == "CSZ");
  CHECK_FALSE(talk.tracker.asks());
}

TEST_CASE("what may stay in the session is asked for, and what the server names pins the client") {
  Talk talk;
  talk.client('Q', std::string_view("SET search_path = x\0", 20));
  CHECK(talk.tracker.asks());
  talk.says('C', std::string_view("SET\0", 4));
  talk.ready();
  CHECK(talk.told() == "CZ");
  CHECK(talk.tracker.quiet());
  talk.tracker.probe(talk.server, talk.sent);
  CHECK_FALSE(talk.tracker.quiet());
  talk.says('T', std::string_view("\0\0", 2));
  talk.says('D', std::string_view("\0\1\0\0\0\1x", 7));
  talk.says('C', std::string_view("SELECT 1\0", 9));
  talk.ready();
  CHECK(talk.told().empty());
  CHECK(talk.tracker.pinned() == "x");
  CHECK_FALSE(talk.tracker.asks());
  talk.client('Q', std::string_view("RESET search_path\0", 18));
  CHECK(talk.tracker.asks());  // it may be over
}

TEST_CASE("a connection is not free before the Sync, nor while COPY data are awaited") {
  Talk talk;
  talk.parse("", "COPY t FROM STDIN");
  talk.bind("");
  talk.execute();
  talk.client('S');
  talk.says('1');
  talk.says('2');
  talk.says('G', std::string_view("\0\0\0", 3));
  CHECK_FALSE(talk.tracker.quiet());
  talk.client('c');
  talk.client('S');
  talk.says('C', std::string_view("COPY 0\0", 7));
  CHECK_FALSE(talk.tracker.quiet());
  talk.ready();
  CHECK(talk.tracker.quiet());
  talk.parse("", "SELECT 1");
  talk.says('1');
  CHECK_FALSE(talk.tracker.quiet());
  CHECK(talk.tracker.idle() == false);
}
