#include <catch2/catch.hpp>

#include "copy_outcome.hpp"
#include "crossfade/wire/copy_writer.hpp"
#include "crossfade/wire/frame_reader.hpp"

using namespace crossfade;
using namespace crossfade::wire;
using namespace std::string_literals;
using model::CopyFormat;
using model::CopyHeader;

namespace {

std::vector<model::CopyColumn> two_columns() {
  return {{"a", {model::oid::int4, -1}}, {"b", {model::oid::text, -1}}};
}

model::CopyOptions text() { return {}; }
model::CopyOptions csv() { return {.format = CopyFormat::csv, .delimiter = ',', .null = ""}; }
model::CopyOptions binary() { return {.format = CopyFormat::binary}; }

const std::string kHead = "PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0"s;

struct Example { model::CopyOptions options; std::string bytes; std::string outcome; };

/// What PostgreSQL 15 makes of the same bytes.
std::vector<Example> examples() {
  return {
      {text(), "1\tx\n2\t\\N\n", "1:[1][x] 2:[2][-] end"},
      {text(), "1\tx", "1:[1][x] end"},
      {text(), "1\ta\\tb\\nc\\\\d\\x41\\101\\q\n", "1:[1][a\tb\nc\\dAAq] end"},
      {text(), "1\ta\\\nb\n", "1:[1][a\nb] end"},
      {text(), "1\tx\n\\.\njunk", "1:[1][x] end"},
      {text(), "1\tx\\.\njunk", "1:[1][x] end"},
      {text(), "1\tx\n\\.", "1:[1][x] 22P04 end-of-copy marker corrupt @ line 2"},
      {text(), "1\tx\n\\.x\n", "1:[1][x] 22P04 end-of-copy marker corrupt @ line 2"},
      {text(), "1\tx\r\n2\ty\r\n\\.\r\n", "1:[1][x] 2:[2][y] end"},
      {text(), "1\tx\r2\ty\r", "1:[1][x] 2:[2][y] end"},
      {text(), "1\tx\r\n2\ty\n", "1:[1][x] 22P04 literal newline found in data @ line 2"},
      {text(), "1\tx\n2\ty\r\n", "1:[1][x] 22P04 literal carriage return found in data @ line 2"},
      {text(), "1\tx\r\n\\.\n", "1:[1][x] 22P04 end-of-copy marker does not match previous newline style @ line 2"},
      {text(), "1\n", "1:[1]22P04 missing data for column \"b\" @ line 1: \"1\""},
      {text(), "1\tx\ty\n", "1:22P04 extra data after last expected column @ line 1: \"1\tx\ty\""},
      {text(), "1\ta\xff\n", "22021 invalid byte sequence for encoding \"UTF8\": 0xff @ line 1"},
      {text(), "1\ta\\xff\n", "22021 invalid byte sequence for encoding \"UTF8\": 0xff @ line 1: \"1\ta\\xff\""},
      {text(), "", "end"},
      {csv(), "1,x\n2,\n3,\"\"\n", "1:[1][x] 2:[2][-] 3:[3][] end"},
      // Before the first line's end PostgreSQL does not know which characters within quotes are line ends.
      {csv(), "1,\"a,\"\"b\"\"\nc\"\n2,y\n", "1:[1][a,\"b\"\nc] 2:[2][y] end"},
      {csv(), "1,x\n2,\"a\nc\"\n3,y\n", "1:[1][x] 3:[2][a\nc] 4:[3][y] end"},
      {csv(), "1,a\"b,c\"d\n", "1:[1][ab,cd] end"},
      {csv(), "1,\"x", "22P04 unterminated CSV quoted field @ line 1: \"1,\"x\""},
      {csv(), "1,x\n\\.\njunk", "1:[1][x] end"},
      {csv(), "1,x\n\\.,y\n", "1:[1][x] 2:[\\.][y] end"},
      {csv(), "1,x\r\n2,y\n", "1:[1][x] 22P04 unquoted newline found in data @ line 2"},
      {binary(), kHead + "\0\2\0\0\0\4\0\0\0\1\xff\xff\xff\xff\xff\xff"s, "1:[\0\0\0\1][-] end"s},
      {binary(), kHead, "end"},
      {binary(), "garbage", "22P04 COPY file signature not recognized @ "},
      {binary(), kHead + "\0\1"s, "22P04 row field count is 1, expected 2 @ line 1"},
      {binary(), kHead + "\xff\xffx"s, "22P04 received copy data after EOF marker @ line 1"},
      {binary(), kHead + "\0\2\0\0\0\4\0\0"s, "1:22P04 unexpected EOF in COPY data @ line 1, column a"s},
      {binary(), kHead + "\0\2\0\0\0\1x\xff\0\0\0"s, "1:[x]22P04 invalid field size @ line 1, column b"},
  };
}

/// The bodies of the CopyData messages, and "|" after each; "c" for CopyDone.
std::string bodies(const std::string& bytes) {
  FrameReader reader(From::server);
  reader.feed(bytes);
  std::string out;
  for (Step step = reader.next(); std::holds_alternative<Frame>(step); step = reader.next()) {
    const Frame& frame = std::get<Frame>(step);
    out += frame.type == 'd' ? std::string(frame.body) + "|" : std::string(1, frame.type);
  }
  return out;
}

std::string written(const model::CopyOptions& options, std::vector<model::CopyColumn> columns, const std::vector<model::Row>& rows) {
  std::string out;
  CopyWriter writer(options, std::move(columns));
  writer.begin(out);
  for (const model::Row& row : rows) writer.row(out, row, {});
  writer.end(out);
  return bodies(out);
}

}  // namespace

TEST_CASE("COPY data become the rows and the errors that PostgreSQL makes of them, wherever the bytes are cut") {
  const auto columns = two_columns();
  for (const Example& example : examples()) {
    CAPTURE(example.bytes);
    for (std::size_t first = 0; first <= example.bytes.size(); ++first)
      for (std::size_t second = first; second <= example.bytes.size(); ++second)
        REQUIRE(copy_outcome(example.options, columns, example.bytes, first, second) == example.outcome);
  }
}

TEST_CASE("a header is passed over, or must name the columns") {
  const auto columns = two_columns();
  const auto outcome = [&](CopyHeader header, std::string_view bytes) {
    model::CopyOptions options = csv();
    options.header = header;
    return copy_outcome(options, columns, bytes, 0, 0);
  };
  CHECK(outcome(CopyHeader::present, "anything\n1,x\n") == "2:[1][x] end");
  CHECK(outcome(CopyHeader::match, "a,b\n1,x\n") == "2:[1][x] end");
  CHECK(outcome(CopyHeader::match, "a\n") == "22P04 wrong number of fields in header line: got 1, expected 2 @ line 1: \"a\"");
  CHECK(outcome(CopyHeader::match, "a,c\n") == "22P04 column name mismatch in header line field 2: got \"c\", expected \"b\" @ line 1: \"a,c\"");
  CHECK(outcome(CopyHeader::match, "a,\n") ==
        "22P04 column name mismatch in header line field 2: got null value (\"\"), expected \"b\" @ line 1: \"a,\"");
}

TEST_CASE("FORCE_NULL and FORCE_NOT_NULL decide whether the null string is NULL") {
  auto columns = two_columns();
  columns[0].force_not_null = true;
  columns[1].force_null = true;
  CHECK(copy_outcome(csv(), columns, ",\"\"\n", 0, 0) == "1:[][-] end");
}

TEST_CASE("an error shows at most 100 bytes of the data, in whole characters") {
  const auto columns = two_columns();
  std::string umlauts;
  for (int i = 0; i < 60; ++i) umlauts += "ä";
  const auto reader = make_copy_reader(text(), columns);
  reader->feed("x" + umlauts + "\ty\n");
  REQUIRE(reader->next());
  CHECK(reader->place(0) == "line 1, column a: \"x" + umlauts.substr(0, 98) + "...\"");
}

TEST_CASE("rows are written with PostgreSQL's escapes and quotes, one message each") {
  const std::vector<model::Row> rows{{std::int64_t{1}, "a\tb\\\n\x01"s}, {model::Null{}, ""s}, {std::int64_t{2}, "\"q\", x"s}};
  CHECK(written(text(), two_columns(), rows) == "1\ta\\tb\\\\\\n\x01\n|\\N\t\n|2\t\"q\", x\n|c");
  CHECK(written(csv(), two_columns(), rows) == "1,\"a\tb\\\n\x01\"\n|,\"\"\n|2,\"\"\"q\"\", x\"\n|c");
  CHECK(written(binary(), two_columns(), {{std::int64_t{1}, model::Null{}}}) == kHead + "\0\2\0\0\0\4\0\0\0\1\xff\xff\xff\xff|\xff\xff|c"s);
  CHECK(written(binary(), two_columns(), {}) == kHead + "\xff\xff|c"s);
}

TEST_CASE("csv quotes what would be misread: a lone end marker, the null string, forced columns, the header's names") {
  std::vector<model::CopyColumn> one{{"odd, name", {model::oid::text, -1}}};
  model::CopyOptions options = csv();
  options.header = CopyHeader::present;
  CHECK(written(options, one, {{"\\."s}, {"plain"s}}) == "\"odd, name\"\n|\"\\.\"\n|plain\n|c");
  one[0].force_quote = true;
  CHECK(written(csv(), one, {{"plain"s}, {model::Null{}}}) == "\"plain\"\n|\n|c");
}
