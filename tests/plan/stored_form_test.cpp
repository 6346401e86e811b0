#include "crossfade/plan/stored_form.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "crossfade/model/text_format.hpp"

namespace crossfade::plan {
namespace {

namespace oid = model::oid;
using model::StorageValue;

model::Type type_of(std::string_view text) { return model::parse_type(text).value(); }
StoredForm form_of(std::string_view text) { return parse_stored_form(text).value(); }

struct Pair { std::string_view type, form; StorageValue stored; std::string_view text; };
// What is stored, and the value it is: decoded and encoded without a change.
const std::vector<Pair> kPairs{
    {"integer", "integer", std::int64_t{-5}, "-5"},
    {"double precision", "real", 1.5, "1.5"},
    {"double precision", "real", -0.0, "-0"},
    {"double precision", "real", INFINITY, "Infinity"},
    {"text", "text", std::string("é"), "é"},
    {"character(3)", "text", std::string("a"), "a  "},
    {"bytea", "blob", model::Bytes{std::string("\0\1", 2)}, "\\x0001"},
    {"numeric", "numeric-text", std::string("-12.340"), "-12.340"},
    {"numeric", "numeric-text", std::string("NaN"), "NaN"},
    {"numeric", "number", std::int64_t{12}, "12"},
    {"numeric", "number", 0.1, "0.1"},
    {"numeric(10,2)", "number", 1.1, "1.10"},
    {"boolean", "boolean-integer", std::int64_t{1}, "t"},
    {"boolean", "boolean-text(yes/no)", std::string("no"), "f"},
    {"date", "date-iso", std::string("2024-02-29"), "2024-02-29"},
    {"date", "date-iso", std::string("-infinity"), "-infinity"},
    {"date", "date-days", std::int64_t{-1}, "1999-12-31"},
    {"time", "time-iso(fraction=6)", std::string("24:00:00.000000"), "24:00:00"},
    {"time", "time-micros", std::int64_t{1}, "00:00:00.000001"},
    {"timestamp", "timestamp-iso", std::string("2024-02-29 01:02:03.5"), "2024-02-29 01:02:03.5"},
    {"timestamp", "timestamp-iso(separator=T, fraction=3)", std::string("2024-02-29T01:02:03.500"), "2024-02-29 01:02:03.5"},
    {"timestamp", "timestamp-iso(fraction=0|6)", std::string("2024-02-29 01:02:03"), "2024-02-29 01:02:03"},
    {"timestamp", "timestamp-iso(fraction=0|6)", std::string("2024-02-29 01:02:03.000010"), "2024-02-29 01:02:03.00001"},
    {"timestamptz", "timestamp-iso(separator=T, fraction=3, offset=Z)", std::string("2024-02-29T01:02:03.500Z"), "2024-02-29 01:02:03.5+00"},
    {"timestamptz", "timestamp-iso", std::string("2024-07-01 12:00:00"), "2024-07-01 12:00:00+00"},
    {"timestamptz", "timestamp-iso(zone=Europe/Berlin)", std::string("2024-07-01 12:00:00"), "2024-07-01 10:00:00+00"},
    {"timestamptz", "epoch-seconds", std::int64_t{1700000000}, "2023-11-14 22:13:20+00"},
    {"timestamptz", "epoch-seconds(fraction=6)", 1700000000.25, "2023-11-14 22:13:20.25+00"},
    {"timestamptz", "epoch-millis", std::int64_t{1700000000123}, "2023-11-14 22:13:20.123+00"},
    {"timestamp", "epoch-micros", std::int64_t{-1}, "1969-12-31 23:59:59.999999"},
    {"timestamp", "julian-day", 2451544.5, "2000-01-01 00:00:00"},
    {"timestamp", "julian-day", 2460369.5 + 45296.789 / 86400, "2024-02-29 12:34:56.789"},
    {"timestamptz", "timestamp-micros", std::int64_t{0}, "2000-01-01 00:00:00+00"},
    {"interval", "interval-text", std::string("1 day 02:00:00"), "1 day 02:00:00"},
    {"uuid", "uuid-text", std::string("a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"), "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"},
    {"uuid", "uuid-hex", std::string("a0eebc999c0b4ef8bb6d6bb9bd380a11"), "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"},
    {"uuid", "uuid-blob", model::Bytes{"0123456789abcdef"}, "30313233-3435-3637-3839-616263646566"},
    {"jsonb", "json-text", std::string("{\"a\": 1}"), "{\"a\": 1}"},
    {"json", "json-text", std::string("{\"a\":1}"), "{\"a\":1}"},
};

TEST_CASE("A stored value is read as its type and written back as it was") {
  for (const Pair& pair : kPairs) {
    INFO(pair.type << " " << pair.form << " " << pair.text);
    const auto value = decode(pair.stored, form_of(pair.form), type_of(pair.type));
    REQUIRE(value.has_value());
    CHECK(model::to_text(*value, type_of(pair.type)) == pair.text);
    const auto stored = encode(*value, form_of(pair.form), type_of(pair.type));
    REQUIRE(stored.has_value());
    CHECK(*stored == pair.stored);
    if (const auto* real = std::get_if<double>(&pair.stored)) CHECK(std::signbit(std::get<double>(*stored)) == std::signbit(*real));
  }
}

struct Misread { std::string_view type, form; StorageValue stored; std::string_view state; };
const std::vector<Misread> kMisreads{
    {"integer", "integer", std::string("5"), "22P02"},
    {"integer", "integer", std::int64_t{2147483648}, "22003"},
    {"smallint", "integer", std::int64_t{-32769}, "22003"},
    {"double precision", "real", std::int64_t{9007199254740993}, "22P02"},
    {"real", "real", 1.1, "22P02"},
    {"text", "text", std::int64_t{5}, "22P02"},
    {"text", "text", std::string("a\xff"), "22021"},
    {"text", "text", std::string("a\0b", 3), "22021"},
    {"varchar(2)", "text", std::string("abc"), "22001"},
    {"varchar(2)", "text", std::string("ab "), "22001"},
    {"bytea", "blob", std::string("x"), "22P02"},
    {"numeric", "numeric-text", std::string("12x"), "22P02"},
    {"numeric(5,2)", "numeric-text", std::string("1.234"), "22P02"},
    {"numeric", "number", std::string("N/A"), "22P02"},
    {"boolean", "boolean-integer", std::int64_t{2}, "22P02"},
    {"boolean", "boolean-text(yes/no)", std::string("Yes"), "22P02"},
    {"date", "date-iso", std::string("2023-02-29"), "22P02"},
    {"date", "date-iso", std::string("2024-2-9"), "22P02"},
    {"date", "date-iso", std::string("2024-02-29 00:00:00"), "22P02"},
    {"timestamp", "timestamp-iso", std::string("2024-02-29T01:02:03"), "22P02"},
    {"timestamp", "timestamp-iso", std::string("2024-02-29 01:02:03+02:00"), "22P02"},
    {"timestamp", "timestamp-iso", std::string("2024-02-29 01:02:03Z"), "22P02"},
    {"timestamp", "timestamp-iso(offset=Z)", std::string("2024-02-29 01:02:03Z"), "22P02"},
    {"timestamp", "timestamp-iso", std::string("2024-02-29 01:02:03.1234567"), "22P02"},
    {"timestamp", "timestamp-iso(fraction=6)", std::string("2024-02-29 01:02:03"), "22P02"},
    {"timestamp", "timestamp-iso", std::string("2024-02-29"), "22P02"},
    {"timestamp", "timestamp-iso", std::string(""), "22P02"},
    {"timestamptz", "timestamp-iso(zone=Europe/Berlin)", std::string("2024-03-31 02:30:00"), "22P02"},
    {"timestamptz", "epoch-seconds", std::string("1700000000"), "22P02"},
    {"timestamptz", "epoch-seconds", 1700000000.1234567, "22P02"},
    {"timestamptz", "epoch-millis", std::int64_t{9223372036854775807}, "22008"},
    {"timestamp", "julian-day", 2460369.123456789, "22P02"},
    {"uuid", "uuid-text", std::string("A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11"), "22P02"},
    {"uuid", "uuid-hex", std::string("a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"), "22P02"},
    {"uuid", "uuid-hex", std::string("A0EEBC999C0B4EF8BB6D6BB9BD380A11"), "22P02"},
    {"uuid", "uuid-blob", model::Bytes{"short"}, "22P02"},
    {"jsonb", "json-text", std::string("{"), "22P02"},
};

TEST_CASE("A stored value that does not fit is an error, never another value") {
  for (const Misread& item : kMisreads) {
    INFO(item.type << " " << item.form);
    const auto value = decode(item.stored, form_of(item.form), type_of(item.type));
    REQUIRE_FALSE(value.has_value());
    CHECK(value.error().state.code() == item.state);
  }
}

struct Unwritable { std::string_view type, form, text, reason; };
constexpr std::array kUnwritable{
    Unwritable{"double precision", "real", "NaN", "NaN"},
    Unwritable{"numeric", "number", "12345678901234567890.1", "REAL"},
    Unwritable{"numeric", "number", "NaN", "NaN"},
    Unwritable{"date", "date-iso", "10000-01-01", "9999"},
    Unwritable{"date", "date-iso", "0001-01-01 BC", "9999"},
    Unwritable{"timestamp", "timestamp-iso(fraction=0)", "2024-01-01 00:00:00.5", "second"},
    Unwritable{"timestamp", "timestamp-iso(fraction=3)", "2024-01-01 00:00:00.0005", "second"},
    Unwritable{"timestamptz", "timestamp-iso(zone=Europe/Berlin)", "2024-10-27 02:30+02", "twice"},
    Unwritable{"timestamptz", "epoch-seconds", "2024-01-01 00:00:00.5", "fraction"},
    Unwritable{"timestamptz", "epoch-millis", "2024-01-01 00:00:00.0005", "fraction"},
    Unwritable{"timestamptz", "epoch-seconds", "infinity", "infinity"},
    Unwritable{"timestamp", "julian-day", "2024-01-01 00:00:00.0005", "milliseconds"},
};

TEST_CASE("A value that a form cannot hold exactly is 22003 and says why") {
  for (const Unwritable& item : kUnwritable) {
    INFO(item.type << " " << item.form << " " << item.text);
    const auto value = model::parse_text(item.text, type_of(item.type));
    REQUIRE(value.has_value());
    const auto stored = encode(*value, form_of(item.form), type_of(item.type));
    REQUIRE_FALSE(stored.has_value());
    CHECK(stored.error().state.code() == "22003");
    CHECK(stored.error().detail.find(item.reason) != std::string::npos);
  }
}

// Values in their order; their stored forms must be in the same order wherever traits() says that the form keeps it.
const std::vector<std::string_view> kInstants{
    "-infinity", "0001-01-01 00:00:00", "1969-12-31 23:59:59.999", "1970-01-01 00:00:00", "2024-02-29 12:34:56", "2024-02-29 12:34:56.01",
    "2024-02-29 12:34:56.1", "2024-02-29 12:34:56.12", "2024-02-29 12:34:56.2", "2024-02-29 12:34:57", "2024-10-27 00:30:00",
    "2024-10-27 01:30:00", "9999-12-31 23:59:59.999999", "infinity",
};

TEST_CASE("Where a form is said to keep the order, stored values are in the order of their values") {
  std::size_t compared = 0;
  for (std::string_view offset : {"", ", offset=Z", ", offset=+00", ", offset=+00:00", ", zone=Europe/Berlin"}) {
    for (std::string_view fraction : {"any", "0", "3", "6", "0|6"}) {
      const StoredForm form = form_of("timestamp-iso(fraction=" + std::string(fraction) + std::string(offset) + ")");
      std::optional<StorageValue> before;
      for (std::string_view text : kInstants) {
        const auto value = model::parse_text(text, {oid::timestamptz}).value();
        const auto stored = encode(value, form, {oid::timestamptz});
        if (!stored) continue;
        CHECK(decode(*stored, form, {oid::timestamptz}).value() == value);
        if (before && traits(form, {oid::timestamptz}).keeps_order) {
          INFO(to_string(form) << " " << text);
          CHECK(std::get<std::string>(*before) < std::get<std::string>(*stored));
          ++compared;
        }
        before = *stored;
      }
    }
  }
  CHECK(compared > 100);
}

TEST_CASE("Forms that have several texts for one value keep neither order nor equality") {
  CHECK_FALSE(traits(form_of("timestamp-iso(offset=Z)"), {oid::timestamptz}).keeps_order);
  CHECK_FALSE(traits(form_of("timestamp-iso"), {oid::timestamp}).keeps_equality);
  CHECK_FALSE(traits(form_of("numeric-text"), {oid::numeric}).keeps_equality);
  CHECK_FALSE(traits(form_of("json-text"), {oid::jsonb}).keeps_equality);
  CHECK_FALSE(traits(form_of("number"), {oid::numeric}).keeps_order);
  CHECK_FALSE(traits(form_of("text"), {oid::bpchar}).keeps_equality);
  CHECK(traits(form_of("text"), type_of("character(3)")).keeps_order);
  CHECK(traits(form_of("boolean-text(true/false)"), {oid::boolean}).keeps_order);
  CHECK_FALSE(traits(form_of("boolean-text(0/1)"), {oid::boolean}).keeps_order);
  CHECK(collation(form_of("numeric-text"), {oid::numeric}) == "crossfade_numeric");
}

TEST_CASE("A form's spelling is read back as the same form") {
  for (std::string_view text : {"integer", "boolean-text(Y/N)", "timestamp-iso", "timestamp-iso(separator=T, fraction=0|6, offset=+00:00)",
                                "timestamp-iso(zone=Europe/Berlin)", "time-iso(fraction=3)", "epoch-seconds(fraction=6)"}) {
    CHECK(to_string(form_of(text)) == text);
  }
  for (std::string_view text : {"", "int", "integer(3)", "boolean-text", "boolean-text(a)", "boolean-text(a/a)", "timestamp-iso(fraction=4)",
                                "timestamp-iso(offset=Z, zone=UTC)", "time-iso(offset=Z)", "timestamp-iso("}) {
    INFO(text);
    CHECK_FALSE(parse_stored_form(text).has_value());
  }
}

TEST_CASE("Every type has a run-time form and a created form that hold it") {
  for (const model::TypeInfo& info : model::types()) {
    INFO(info.name);  // a record travels; no column has it
    CHECK(holds(runtime_form({info.oid}), {info.oid}));
    CHECK(holds(created_form({info.oid}), {info.oid}));
  }
  CHECK(created_declaration(type_of("varchar(7)")) == "VARCHAR(7)");
  CHECK(created_declaration(type_of("numeric(10,2)")) == "TEXT");
}

}  // namespace
}  // namespace crossfade::plan
