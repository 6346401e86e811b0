#include <fstream>

#include "file_conditions.hpp"
#include "support.hpp"

using namespace crossfade;
using tests::must;
using tests::state_of;

TEST_CASE("file systems that share no memory are known by their magic numbers, local ones are not among them") {
  for (const std::uint64_t network : {0x6969U, 0xFF534D42U, 0xFE534D42U, 0x01021997U}) CHECK(sqlite::is_network_file_system(network));
  constexpr std::uint64_t kExt4 = 0xEF53, kXfs = 0x58465342, kTmpfs = 0x01021994, kOverlay = 0x794c7630;
  for (const std::uint64_t local : {kExt4, kXfs, kTmpfs, kOverlay}) CHECK_FALSE(sqlite::is_network_file_system(local));
}

TEST_CASE("a header tells a newer format and a missing end before SQLite looks") {
  const tests::TemporaryFile file;
  must(file.open().execute("CREATE TABLE t (a); INSERT INTO t VALUES (zeroblob(10000))"));
  const auto size = std::filesystem::file_size(file.path());
  std::filesystem::resize_file(file.path(), size - 4096);
  CHECK(state_of(sqlite::Connection::open(file.path(), {})) == "XX001");
  std::filesystem::resize_file(file.path(), size);
  std::fstream{file.path(), std::ios::in | std::ios::out | std::ios::binary}.seekp(18).write("\3\3", 2);
  CHECK(state_of(sqlite::Connection::open(file.path(), {})) == "0A000");
}

TEST_CASE("a path that leads to another file is not the one that was opened") {
  const tests::TemporaryFile first, second;
  must(first.open().execute("CREATE TABLE t (a)"));
  must(second.open().execute("CREATE TABLE t (a)"));
  const auto known = must(sqlite::identify(first.path()));
  must(sqlite::check_identity(first.path(), known));
  const auto replaced = sqlite::check_identity(second.path(), known);
  CHECK(state_of(replaced) == "58P01");
  CHECK(replaced.error().message.contains("was replaced"));
  const auto gone = sqlite::check_identity(first.path().string() + ".gone", known);
  CHECK(state_of(gone) == "58P01");
  CHECK(gone.error().message.contains("was deleted"));
}

TEST_CASE("SQLite's failures of a file name the file and have PostgreSQL's states") {
  struct Row { int code; int system; std::string_view state; };
  constexpr int kCorrupt = 11, kFull = 13, kIoWrite = 778, kMoved = 1032, kNoSpace = 28, kTooBig = 27, kInput = 5;
  for (const Row& row : {Row{kCorrupt, 0, "XX001"}, Row{kFull, kNoSpace, "53100"}, Row{kIoWrite, kInput, "58030"},
                         Row{kIoWrite, kTooBig, "53100"}, Row{kMoved, 0, "58P01"}}) {
    const model::Error error = sqlite::file_error("/data/app.db", row.code, row.system, {model::SqlState{"XX000"}, "words"});
    CHECK(error.state.code() == row.state);
    CHECK(error.message.contains("\"/data/app.db\""));
    CHECK(error.detail.contains("words"));
  }
}
