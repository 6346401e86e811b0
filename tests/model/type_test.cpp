#include <catch2/catch.hpp>

#include "crossfade/model/type.hpp"

namespace crossfade::model {
namespace {

struct Spelling { std::string_view text; Oid type; std::int32_t modifier; std::string_view formatted; };
constexpr std::array kSpellings{
    Spelling{"INTEGER", oid::int4, -1, "integer"},
    Spelling{"int", oid::int4, -1, "integer"},
    Spelling{"Double   Precision", oid::float8, -1, "double precision"},
    Spelling{"float(24)", oid::float4, -1, "real"},
    Spelling{"float(25)", oid::float8, -1, "double precision"},
    Spelling{"varchar(20)", oid::varchar, 24, "character varying(20)"},
    Spelling{"character varying", oid::varchar, -1, "character varying"},
    Spelling{"char", oid::bpchar, 5, "character(1)"},
    Spelling{"bpchar", oid::bpchar, -1, "bpchar"},
    Spelling{"\"char\"", oid::char_, -1, "\"char\""},
    Spelling{"numeric(10, 2)", oid::numeric, 655366, "numeric(10,2)"},
    Spelling{"decimal(5)", oid::numeric, 327684, "numeric(5,0)"},
    Spelling{"numeric(3,-2)", oid::numeric, 198658, "numeric(3,-2)"},
    Spelling{"timestamp(3) with time zone", oid::timestamptz, 3, "timestamp(3) with time zone"},
    Spelling{"timestamp", oid::timestamp, -1, "timestamp without time zone"},
    Spelling{"time (0)", oid::time, 0, "time(0) without time zone"},
    Spelling{"interval(3)", oid::interval, 2147418115, "interval(3)"},
    Spelling{"interval day", oid::interval, 589823, "interval day"},
    Spelling{"INTERVAL year to month", oid::interval, 458751, "interval year to month"},
    Spelling{"interval day to second(3)", oid::interval, 470286339, "interval day to second(3)"},
    Spelling{"pg_catalog.int8", oid::int8, -1, "bigint"},
};

TEST_CASE("A type's spelling is read as PostgreSQL reads it and written as format_type writes it") {
  for (const Spelling& spelling : kSpellings) {
    INFO(spelling.text);
    const auto type = parse_type(spelling.text);
    REQUIRE(type.has_value());
    CHECK(type->oid == spelling.type);
    CHECK(type->modifier == spelling.modifier);
    CHECK(format_type(*type) == spelling.formatted);
  }
}

TEST_CASE("What is no type of the table is not guessed") {
  for (std::string_view text : {"", "integers", "varchar(0)", "varchar(x)", "numeric(0)", "numeric(1,2,3)", "text(3)", "int[", "nothing[]", "int("}) {
    INFO(text);
    CHECK_FALSE(parse_type(text).has_value());
  }
}

TEST_CASE("Every type is found by its OID and by both its names") {
  for (const TypeInfo& info : types()) {
    CHECK(find_type(info.oid) == &info);
    // SQL's char is character(n); the internal type is written with quotes.
    if (info.oid != oid::char_) CHECK(find_type(info.name) == &info);
    CHECK(find_type(info.sql_name) == &info);
  }
}

}  // namespace
}  // namespace crossfade::model
