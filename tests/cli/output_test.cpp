#include <catch2/catch.hpp>

#include "output.hpp"

using namespace crossfade::cli;

TEST_CASE("a table is aligned by characters, numbers to the right, without blanks at the end of a line") {
  CHECK(to_text({{{"table"}, {"rows", Align::right}, {"note"}}, {{"Cádiz", "7", std::nullopt}, {"a", "1234567", "x"}}}) ==
        "table     rows  note\n"
        "Cádiz        7\n"
        "a      1234567  x\n");
}

TEST_CASE("counts, bytes and seconds are readable") {
  CHECK(count_text(1, "row", "rows") == "1 row");
  CHECK(count_text(0, "row", "rows") == "0 rows");
  CHECK(bytes_text(1023) == "1023 B");
  CHECK(bytes_text(1536) == "1.5 KiB");
  CHECK(bytes_text(3LL << 30) == "3.0 GiB");
  CHECK(seconds_text(std::chrono::milliseconds{1'234}) == "1.23 s");
}

TEST_CASE("a file is replaced whole, and one that cannot be written is named") {
  CHECK(write_file("/nowhere/x", "text").error().message == "cannot write \"/nowhere/x\"");
  CHECK(read_text_file("/nowhere/x").error().message == "cannot read \"/nowhere/x\"");
}
