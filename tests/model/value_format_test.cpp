#include <catch2/catch.hpp>
#include <cmath>

#include "crossfade/model/binary_format.hpp"
#include "crossfade/model/datetime.hpp"
#include "crossfade/model/numeric.hpp"
#include "crossfade/model/text_format.hpp"

namespace crossfade::model {
namespace {

std::string hex(std::string_view bytes) {
  std::string out = to_text(Bytes{std::string(bytes)}, {oid::bytea});
  return out.substr(2);
}

struct BinaryCase { std::string_view type, text, bytes; };
// Source: SELECT encode(numeric_send(…), 'hex') and its like on PostgreSQL 15.
constexpr std::array kBinary{
    BinaryCase{"boolean", "t", "01"},
    BinaryCase{"smallint", "-2", "fffe"},
    BinaryCase{"integer", "258", "00000102"},
    BinaryCase{"bigint", "-1", "ffffffffffffffff"},
    BinaryCase{"real", "1.5", "3fc00000"},
    BinaryCase{"double precision", "-0", "8000000000000000"},
    BinaryCase{"numeric", "0", "0000000000000000"},
    BinaryCase{"numeric", "0.00", "0000000000000002"},
    BinaryCase{"numeric", "12345.678", "0003000100000003000109291a7c"},
    BinaryCase{"numeric", "-0.0001", "0001ffff400000040001"},
    BinaryCase{"numeric", "10000", "00010001000000000001"},
    BinaryCase{"numeric", "NaN", "00000000c0000000"},
    BinaryCase{"numeric", "-Infinity", "00000000f0000020"},
    BinaryCase{"bytea", "\\x00ff", "00ff"},
    BinaryCase{"text", "é", "c3a9"},
    BinaryCase{"date", "1999-12-31", "ffffffff"},
    BinaryCase{"time", "00:00:01", "00000000000f4240"},
    BinaryCase{"timestamp", "2000-01-01 00:00:01", "00000000000f4240"},
    BinaryCase{"timestamptz", "infinity", "7fffffffffffffff"},
    BinaryCase{"interval", "1 mon 2 days 00:00:01", "00000000000f42400000000200000001"},
    BinaryCase{"uuid", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11", "a0eebc999c0b4ef8bb6d6bb9bd380a11"},
    BinaryCase{"jsonb", "{}", "017b7d"},
};

TEST_CASE("The binary format is PostgreSQL's, both ways") {
  for (const BinaryCase& item : kBinary) {
    INFO(item.type << " " << item.text);
    const Type type = parse_type(item.type).value();
    const Value value = parse_text(item.text, type).value();
    std::string bytes;
    append_binary(bytes, value, type);
    CHECK(hex(bytes) == item.bytes);
    const auto back = parse_binary(bytes, type);
    REQUIRE(back.has_value());
    CHECK(*back == value);
  }
}

TEST_CASE("Binary data of the wrong length or content is refused") {
  struct Case { Oid type; std::string_view bytes, state, message; };
  constexpr std::string_view kShort = "insufficient data left in message";
  for (const Case& item : {Case{oid::int4, "123", "08P01", kShort}, Case{oid::int4, "12345", "22P03", kTrailingBytes},
                           Case{oid::numeric, "1234567", "08P01", kShort}, Case{oid::uuid, "short", "08P01", kShort},
                           Case{oid::timestamp, "123456789", "22P03", kTrailingBytes}, Case{oid::boolean, "", "08P01", "no data left in message"},
                           Case{oid::jsonb, "", "08P01", kShort}, Case{oid::jsonb, "{}", "XX000", "unsupported jsonb version number 123"}}) {
    const auto value = parse_binary(item.bytes, {item.type});
    REQUIRE_FALSE(value.has_value());
    CHECK(value.error().state.code() == item.state);
    CHECK(value.error().message == item.message);
  }
  CHECK(parse_binary("a\xff", {oid::text}).error().state.code() == "22021");
  CHECK(parse_binary(std::string_view("a\0b", 3), {oid::text}).error().state.code() == "22021");
}

struct Sum { NumericOperator operation; std::string_view left, right, result; };
constexpr std::array kSums{
    Sum{NumericOperator::add, "1.10", "2.2", "3.30"},
    Sum{NumericOperator::subtract, "1", "1.000", "0.000"},
    Sum{NumericOperator::multiply, "1.5", "-2.25", "-3.375"},
    Sum{NumericOperator::divide, "1", "3", "0.33333333333333333333"},
    Sum{NumericOperator::divide, "10", "4", "2.5000000000000000"},
    Sum{NumericOperator::divide, "2", "3", "0.66666666666666666667"},
    Sum{NumericOperator::divide, "1000000", "7", "142857.142857142857"},
    Sum{NumericOperator::divide, "-7", "2", "-3.5000000000000000"},
    Sum{NumericOperator::divide, "1", "100000000", "0.0000000100000000000000000000"},
    Sum{NumericOperator::divide, "0", "5", "0.00000000000000000000"},
    Sum{NumericOperator::modulo, "-7", "3", "-1"},
    Sum{NumericOperator::modulo, "5.5", "2", "1.5"},
    Sum{NumericOperator::add, "Infinity", "-Infinity", "NaN"},
    Sum{NumericOperator::divide, "1", "Infinity", "0"},
};

TEST_CASE("Numeric arithmetic gives PostgreSQL's digits and scale") {
  for (const Sum& sum : kSums) {
    INFO(sum.left << " " << sum.right);
    CHECK(calculate(sum.operation, {std::string(sum.left)}, {std::string(sum.right)}).value().text == sum.result);
  }
  CHECK(calculate(NumericOperator::divide, {"1"}, {"0.0"}).error().state.code() == "22012");
  CHECK(round({"2.5"}, 0).text == "3");
  CHECK(round({"-2.5"}, 0).text == "-3");
  CHECK(round({"155"}, -1).text == "160");
  CHECK(compare(Numeric{"1.0"}, Numeric{"1.000"}) == std::strong_ordering::equal);
  CHECK(compare(Numeric{"NaN"}, Numeric{"Infinity"}) == std::strong_ordering::greater);
  CHECK(numeric_of(1e21).text == "1000000000000000000000");
  CHECK(numeric_of(0.1).text == "0.1");
  CHECK(to_int64({"2.5"}).value() == 3);
  CHECK(to_int64({"9223372036854775807.5"}).error().state.code() == "22003");
}

std::string shown(std::int64_t micros) { return to_text(Timestamp{micros}, {oid::timestamp}); }
std::int64_t micros(std::string_view text) { return std::get<Timestamp>(parse_text(text, {oid::timestamp}).value()).micros; }
Interval interval(std::string_view text) { return std::get<Interval>(parse_text(text, {oid::interval}).value()); }
std::string shown(const Interval& value) { return to_text(value, {oid::interval}); }
std::string shown(const Value& value) { return is_null(value) ? "NULL" : std::get<Numeric>(value).text; }

TEST_CASE("Date arithmetic gives PostgreSQL's results") {
  CHECK(shown(add_interval(micros("2024-01-31"), interval("1 month")).value()) == "2024-02-29 00:00:00");
  CHECK(shown(add_interval(micros("2024-03-31 10:00"), interval("-1 month -1 day")).value()) == "2024-02-28 10:00:00");
  CHECK(add_interval(micros("294276-12-31"), interval("1 year")).error().state.code() == "22008");
  CHECK(shown(subtract_timestamps(micros("2024-03-01 01:00"), micros("2024-02-01 02:00")).value()) == "28 days 23:00:00");
  CHECK(shown(age(micros("2024-03-01"), micros("2023-01-31")).value()) == "1 year 1 mon 1 day");
  CHECK(shown(age(micros("2023-01-31"), micros("2024-03-01")).value()) == "-1 years -1 mons -1 days");
  const auto kept = [](std::string_view text, std::string_view type) {
    const Type wanted = parse_type(type).value();
    return to_text(parse_text(text, wanted).value(), wanted);
  };
  CHECK(kept("7", "interval day") == "7 days");
  CHECK(kept("1 year 2 mons 3 days 4:5:6.78", "interval year to month") == "1 year 2 mons");
  CHECK(kept("1 year 2 mons 3 days 4:5:6.78", "interval hour") == "1 year 2 mons 3 days 04:00:00");
  CHECK(kept("1:2", "interval minute to second") == "00:01:02");
  CHECK(kept("-1:2:3.78", "interval second(1)") == "-01:02:03.8");
  CHECK(shown(multiply(interval("1 month 1 day"), 1.5).value()) == "1 mon 16 days 12:00:00");
  CHECK(compare(interval("1 month"), interval("30 days")) == std::strong_ordering::equal);
}

struct Truncation { std::string_view field, result; };
constexpr std::array kTruncations{
    Truncation{"century", "2001-01-01 00:00:00"}, Truncation{"decade", "2020-01-01 00:00:00"},
    Truncation{"quarter", "2024-07-01 00:00:00"}, Truncation{"week", "2024-09-02 00:00:00"},
    Truncation{"milliseconds", "2024-09-08 12:34:56.789"}, Truncation{"hour", "2024-09-08 12:00:00"},
};
constexpr std::array kExtractions{
    Truncation{"epoch", "1725798896.789123"}, Truncation{"week", "36"}, Truncation{"dow", "0"}, Truncation{"isodow", "7"},
    Truncation{"doy", "252"}, Truncation{"milliseconds", "56789.123"}, Truncation{"century", "21"}, Truncation{"second", "56.789123"},
    Truncation{"julian", "2460562.52426839262731481481"},
};

TEST_CASE("date_trunc and extract know PostgreSQL's fields") {
  const std::int64_t at = micros("2024-09-08 12:34:56.789123");
  for (const Truncation& item : kTruncations) CHECK(shown(date_trunc(item.field, at).value()) == item.result);
  for (const Truncation& item : kExtractions) CHECK(shown(extract(item.field, at).value()) == item.result);
  CHECK(shown(extract("year", kTimestampInfinity).value()) == "Infinity");
  CHECK(shown(extract("month", kTimestampInfinity).value()) == "NULL");
  CHECK(date_trunc("fortnight", at).error().state.code() == "22023");
}

TEST_CASE("A zone shifts texts both ways, with the standard offset in gaps and overlaps") {
  TextStyle style;
  style.zone = TimeZone::find("europe/berlin").value();
  CHECK(style.zone.name() == "Europe/Berlin");
  const auto round_trip = [&](std::string_view text) { return to_text(parse_text(text, {oid::timestamptz}, style).value(), {oid::timestamptz}, style); };
  CHECK(round_trip("2024-07-01 12:00") == "2024-07-01 12:00:00+02");
  CHECK(round_trip("2024-03-31 02:30") == "2024-03-31 03:30:00+02");
  CHECK(round_trip("2024-10-27 02:30") == "2024-10-27 02:30:00+01");
  CHECK(round_trip("2024-10-27 02:30+02") == "2024-10-27 02:30:00+02");
  CHECK(TimeZone::find("-03:30").value().offset_at(0) == std::chrono::seconds{-12'600});
  CHECK_FALSE(TimeZone::find("Mars/Olympus").has_value());
}

}  // namespace
}  // namespace crossfade::model
