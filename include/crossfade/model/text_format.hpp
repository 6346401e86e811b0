#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "crossfade/model/error.hpp"
#include "crossfade/model/time_zone.hpp"
#include "crossfade/model/value.hpp"

namespace crossfade::model {

enum class DateOrder { ymd, mdy, dmy };
enum class DateStyle { iso, postgres, sql, german };
enum class IntervalStyle { postgres, postgres_verbose, sql_standard, iso_8601 };

/// What a session's settings change in the text of values. Defaults are PostgreSQL 15's with TimeZone UTC, DateStyle ISO, MDY.
struct TextStyle {
  TimeZone zone = TimeZone::utc();
  DateOrder date_order = DateOrder::mdy;
  DateStyle date_style = DateStyle::iso;
  IntervalStyle interval_style = IntervalStyle::postgres;
  int extra_float_digits = 1;
  bool bytea_escape = false;
};

/// Appends PostgreSQL's text output of a value that is not NULL: "t", "1.5", "\x00ff", "2024-02-29 12:34:56+00".
/// A value of another alternative than the type's is a broken invariant (std::logic_error).
void append_text(std::string& out, const Value& value, Type type, const TextStyle& style);
std::string to_text(const Value& value, Type type, const TextStyle& style = {});

/// PostgreSQL's input function of the type, typmod applied (varchar(n): 22001; numeric(p,s): rounded, 22003).
/// Errors: 22P02, 22003, 22007, 22008, 22021 with PostgreSQL's messages ("invalid input syntax for type integer: \"x\"").
Result<Value> parse_text(std::string_view text, Type type, const TextStyle& style = {});

}  // namespace crossfade::model
