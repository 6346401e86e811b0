#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <string>
#include <variant>
#include <vector>

#include "crossfade/model/type.hpp"

namespace crossfade::model {

struct Null { bool operator==(const Null&) const = default; };
/// PostgreSQL's own text of a numeric, its scale kept: "-12.340", "NaN", "Infinity".
struct Numeric { std::string text; bool operator==(const Numeric&) const = default; };
/// Of a record: both of its forms (record.hpp).
struct Bytes { std::string data; bool operator==(const Bytes&) const = default; };
/// Days since 2000-01-01; the int32 limits are -infinity and infinity.
struct Date { std::int32_t days = 0; auto operator<=>(const Date&) const = default; };
/// Microseconds since midnight, 24:00:00 included.
struct Time { std::int64_t micros = 0; auto operator<=>(const Time&) const = default; };
/// Microseconds since local midnight, 24:00:00 included, and that clock's offset in seconds east of UTC.
struct TimeTz { std::int64_t micros = 0; std::int32_t offset = 0; bool operator==(const TimeTz&) const = default; };
/// Microseconds since 2000-01-01 00:00:00; the int64 limits are -infinity and infinity.
struct Timestamp { std::int64_t micros = 0; auto operator<=>(const Timestamp&) const = default; };
/// The same, counted in UTC.
struct TimestampTz { std::int64_t micros = 0; auto operator<=>(const TimestampTz&) const = default; };
struct Interval {
  std::int64_t micros = 0;
  std::int32_t days = 0;
  std::int32_t months = 0;
  bool operator==(const Interval&) const = default;
};
struct Uuid { std::array<std::uint8_t, 16> bytes{}; auto operator<=>(const Uuid&) const = default; };
/// json: the text as written. jsonb: PostgreSQL's normal form (json.hpp's normalize_jsonb).
struct Json { std::string text; bool operator==(const Json&) const = default; };

inline constexpr std::int64_t kTimestampInfinity = std::numeric_limits<std::int64_t>::max();
inline constexpr std::int64_t kTimestampMinusInfinity = std::numeric_limits<std::int64_t>::min();
inline constexpr std::int32_t kDateInfinity = std::numeric_limits<std::int32_t>::max();
inline constexpr std::int32_t kDateMinusInfinity = std::numeric_limits<std::int32_t>::min();

struct Array;

/// A PostgreSQL value. int2, int4, int8 and oid are int64_t; float4 and float8 are double; text, varchar, bpchar and name are
/// std::string (UTF-8, no NUL), and jsonpath in its whole form (jsonpath.hpp). Which alternative belongs to a type: `alternative_of` in text_format.hpp's table.
using Value = std::variant<Null, bool, std::int64_t, double, std::string, Numeric, Bytes, Date, Time, Timestamp,
                           TimestampTz, Interval, Uuid, Json, TimeTz, Array>;

struct ArrayDimension { std::int32_t length = 0, lower = 1; bool operator==(const ArrayDimension&) const = default; };
/// Elements in row-major order, NULLs as Null; as many as the dimensions' lengths multiply to. An empty array has no dimensions.
/// Limits: at most six dimensions, as in PostgreSQL.
struct Array {
  std::vector<Value> elements;
  std::vector<ArrayDimension> dimensions;
};
inline bool operator==(const Array& left, const Array& right) {
  return left.elements == right.elements && left.dimensions == right.dimensions;
}

inline bool is_null(const Value& value) { return std::holds_alternative<Null>(value); }

using Row = std::vector<Value>;

/// A value as SQLite stores it: its five storage classes. Text may hold NUL bytes and invalid UTF-8: SQLite allows both.
using StorageValue = std::variant<Null, std::int64_t, double, std::string, Bytes>;

struct Column { std::string name; Type type; bool operator==(const Column&) const = default; };
struct ResultSet { std::vector<Column> columns; std::vector<Row> rows; std::string command_tag; };

}  // namespace crossfade::model
