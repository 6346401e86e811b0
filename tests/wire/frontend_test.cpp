#include "crossfade/wire/frontend.hpp"

#include <catch2/catch.hpp>

#include "crossfade/wire/backend.hpp"

using namespace crossfade;
using namespace crossfade::wire;

namespace {

Frame frame_of(const std::string& raw) { return Frame{raw[0], std::string_view(raw).substr(5), raw}; }

std::string bind_message() {
  std::string bytes;
  Message(bytes, 'B').text("p").text("s").int16(1).int16(1).int16(2).int32(-1).int32(3).bytes("abc").int16(2).int16(0).int16(1);
  return bytes;
}

}  // namespace

TEST_CASE("a Bind is decoded whole") {
  const std::string raw = bind_message();
  const auto message = parse_frontend(frame_of(raw));
  REQUIRE(message);
  const auto& bind = std::get<Bind>(*message);
  CHECK(bind.portal == "p");
  CHECK(bind.statement == "s");
  CHECK(bind.formats == std::vector{Format::binary});
  REQUIRE(bind.values.size() == 2);
  CHECK_FALSE(bind.values[0]);
  CHECK(*bind.values[1] == "abc");
  CHECK(bind.result_formats == std::vector{Format::text, Format::binary});
  CHECK_FALSE(bind.broken);
}

TEST_CASE("a Bind that is cut behind its names is broken, and holds what was there") {
  const std::string whole = bind_message();
  const std::size_t names_end = whole.find("s\0", 5) + 2;
  for (std::size_t cut = names_end; cut < whole.size(); ++cut) {
    const std::string raw = whole.substr(0, cut);
    const auto message = parse_frontend(frame_of(raw));
    REQUIRE(message);
    const auto& bind = std::get<Bind>(*message);
    REQUIRE(bind.broken);
    CHECK(bind.broken->message == "insufficient data left in message");
    CHECK(bind.counted == (cut >= names_end + 6));
    CHECK(bind.values.size() <= 2);
  }
  const std::string longer = whole + "x";
  CHECK(std::get<Bind>(*parse_frontend(frame_of(longer))).broken->message == "invalid message format");
}

TEST_CASE("a string that has no end, or is no UTF-8, is told in PostgreSQL's words") {
  const std::string open = std::string("Q\0\0\0\x0c", 5) + "SELECT 1";
  CHECK(parse_frontend(frame_of(open)).error().message == "invalid string in message");
  std::string bytes;
  Message(bytes, 'P').text("\xff").text("SELECT 1").int16(0);
  CHECK(parse_frontend(frame_of(bytes)).error().state.code() == "22021");
  const std::string empty("D\0\0\0\4", 5);
  CHECK(parse_frontend(frame_of(empty)).error().message == "no data left in message");
}

TEST_CASE("a FunctionCall is decoded whole") {
  std::string bytes;
  Message(bytes, 'F').int32(1397).int16(0).int16(2).int32(-1).int32(1).bytes("5").int16(1);
  const auto message = parse_frontend(frame_of(bytes));
  REQUIRE(message);
  const auto& call = std::get<FunctionCall>(*message);
  CHECK(call.function == 1397);
  CHECK(call.announced == 2);
  REQUIRE(call.values.size() == 2);
  CHECK(*call.values[1] == "5");
  CHECK(call.result_format == Format::binary);
  CHECK_FALSE(call.broken);
}

TEST_CASE("a message cut short anywhere inside its fields is 08P01, never read beyond") {
  std::string parse;
  const std::vector<model::Oid> types{23};
  append_parse(parse, "s", "SELECT $1", types);
  std::string execute;
  Message(execute, 'E').text("portal").int32(5);
  std::string describe;
  append_describe(describe, Named::portal, "p");
  for (const std::string& whole : {parse, execute, describe}) {
    for (std::size_t cut = 5; cut < whole.size(); ++cut) {
      const auto message = parse_frontend(frame_of(whole.substr(0, cut)));
      REQUIRE_FALSE(message);
      CHECK(message.error().state.code() == "08P01");
    }
    CHECK(parse_frontend(frame_of(whole)));
    CHECK_FALSE(parse_frontend(frame_of(whole + "x")));
  }
}

TEST_CASE("format codes other than 0 and 1 are refused where they are used") {
  std::string bytes;
  Message(bytes, 'B').text("").text("").int16(1).int16(2).int16(0).int16(0);
  const auto message = parse_frontend(frame_of(bytes));
  REQUIRE(message);
  CHECK(check_format(std::get<Bind>(*message).formats[0]).error().message == "unsupported format code: 2");
}

TEST_CASE("Describe and Close name a statement or a portal, nothing else") {
  std::string bytes;
  Message(bytes, 'D').byte('X').text("a");
  CHECK(parse_frontend(frame_of(bytes)).error().message == "invalid DESCRIBE message subtype 88");
  bytes.clear();
  Message(bytes, 'C').byte('P').text("a");
  CHECK(std::get<Close>(*parse_frontend(frame_of(bytes))).kind == Named::portal);
}

TEST_CASE("text that is not UTF-8 is named with its bytes") {
  CHECK(check_utf8("grün — 日本 🙂"));
  struct Case { std::string text; std::string_view shown; };
  const std::vector<Case> cases{{"\xff", "0xff"},
                                {"a\xc3", "0xc3"},
                                {"\xc0\x80", "0xc0 0x80"},
                                {"\xed\xa0\x80", "0xed 0xa0 0x80"},
                                {"\xf4\x90\x80\x80", "0xf4 0x90 0x80 0x80"},
                                {std::string("\0", 1), "0x00"},
                                {"\xe2\x28\xa1", "0xe2 0x28 0xa1"}};
  for (const Case& each : cases) {
    const auto checked = check_utf8(each.text);
    REQUIRE_FALSE(checked);
    CHECK(checked.error().message == "invalid byte sequence for encoding \"UTF8\": " + std::string(each.shown));
  }
}

TEST_CASE("an error goes to the wire and comes back") {
  model::Error error{
      model::SqlState{"23505"}, "duplicate key", "Key (a)=(1) already exists.", "a hint", 7, "public", "t", "a", "", "t_pkey"};
  std::string bytes;
  append_error(bytes, Severity::error, error);
  CHECK(bytes.substr(5).starts_with(std::string("SERROR\0VERROR\0C23505\0Mduplicate key\0", 36)));
  const model::Error read = parse_error(std::string_view(bytes).substr(5));
  CHECK(read.state == error.state);
  CHECK(read.message == error.message);
  CHECK(read.detail == error.detail);
  CHECK(read.hint == error.hint);
  CHECK(read.position == 7);
  CHECK(read.table == "t");
  CHECK(read.constraint == "t_pkey");
  bytes.clear();
  append_error(bytes, Severity::notice, error);
  CHECK(bytes[0] == 'N');
}

TEST_CASE("rows are written in the formats asked for, with their lengths patched") {
  const model::Row row{std::int64_t{7}, model::Null{}, std::string("ab")};
  const std::vector<model::Type> types{{model::oid::int4, -1}, {model::oid::text, -1}, {model::oid::text, -1}};
  std::string bytes;
  const std::vector formats{Format::binary, Format::text, Format::text};
  append_data_row(bytes, row, types, formats, {});
  CHECK(bytes == std::string("D\0\0\0\x18\0\3\0\0\0\4\0\0\0\7\xff\xff\xff\xff\0\0\0\2ab", 25));
  bytes.clear();
  append_data_row(bytes, row, types, {}, {});
  CHECK(bytes == std::string("D\0\0\0\x15\0\3\0\0\0\1" "7\xff\xff\xff\xff\0\0\0\2ab", 22));
}
