#include <catch2/catch.hpp>

#include "crossfade/migrate/scan.hpp"
#include "stored_row.hpp"
#include "utf8.hpp"

using namespace crossfade;
using migrate::shape_of;

TEST_CASE("a text's shape tells the ISO forms apart") {
  struct Row { std::string_view text, shape; };
  constexpr std::array kRows{
      Row{"2024-02-29", "YYYY-MM-DD"},
      Row{"2023-02-29", "other text"},
      Row{"2024-13-01", "other text"},
      Row{"2024-02-29 12:34", "YYYY-MM-DD HH:MM"},
      Row{"2024-02-29 12:34:56", "YYYY-MM-DD HH:MM:SS"},
      Row{"2024-02-29T12:34:56.123Z", "YYYY-MM-DDTHH:MM:SS.fffZ"},
      Row{"2024-02-29T12:34:56+00:00", "YYYY-MM-DDTHH:MM:SS+00:00"},
      Row{"2024-02-29 12:34:56+00", "YYYY-MM-DD HH:MM:SS+00"},
      Row{"2024-02-29 12:34:56-03:30", "YYYY-MM-DD HH:MM:SS±HH:MM"},
      Row{"2024-02-29 24:00:00", "other text"},
      Row{"2024-02-29 12:34:56.", "other text"},
      Row{"2024-02-29 12:34:56 UTC", "other text"},
      Row{"2024-02-29_12:34:56", "other text"},
      Row{"12:34:56.5", "HH:MM:SS.f"},
      Row{"0b2d9f0e-6f1e-4f3a-9a53-0d9a8d3b9b01", "uuid"},
      Row{"0B2D9F0E-6F1E-4F3A-9A53-0D9A8D3B9B01", "other text"},
      Row{"-12.50", "number"},
      Row{"1e5", "other text"},
      Row{"007", "other text"},
      Row{"", "other text"},
  };
  for (const auto& row : kRows) {
    INFO(row.text);
    CHECK(to_string(shape_of(row.text)) == row.shape);
  }
}

TEST_CASE("UTF-8 is what PostgreSQL takes for it") {
  CHECK(migrate::utf8_length("añ€😀") == 4);
  for (const std::string_view bad : {"\xff", "\xc0\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe2\x82", "a\x80"}) {
    CHECK_FALSE(migrate::utf8_length(bad));
  }
}

TEST_CASE("a checkpoint's position is read back as it was written") {
  const sqlite::StorageRow key{std::int64_t{-5}, std::string("a,'\0b", 5), model::Bytes{std::string("\x00\xff", 2)}, 0.1, -0.0, model::Null{}, std::string{}};
  const auto text = migrate::to_position(key);
  CHECK(text.starts_with("i:-5,t:612c270062,b:00ff,r:"));
  const auto back = migrate::from_position(text);
  REQUIRE(back);
  CHECK(*back == key);
  CHECK(migrate::from_position("").value().empty());
  for (const auto* bad : {"x:1", "i:", "i:1x", "t:6", "t:zz", "i:1,,i:2"}) CHECK_FALSE(migrate::from_position(bad));
}

TEST_CASE("a value is described by its class and bytes, a long one cut") {
  CHECK(migrate::describe(std::string("a\0", 2)) == "TEXT x'6100'");
  CHECK(migrate::describe(std::int64_t{7}) == "INTEGER 7");
  CHECK(migrate::describe(model::Bytes{std::string(100, 'a')}).ends_with("61…'"));
}
