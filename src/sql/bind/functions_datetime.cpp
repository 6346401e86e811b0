#include "bind/functions.hpp"

namespace crossfade::sql {

namespace {

using namespace model::oid;
using enum FunctionVolatility;

constexpr std::array kDatetimeRules{
    FunctionRule{"now", {}, timestamptz, "crossfade_now()", "", "", stable},
    FunctionRule{"transaction_timestamp", {}, timestamptz, "crossfade_now()", "", "", stable},
    FunctionRule{"statement_timestamp", {}, timestamptz, "crossfade_statement_timestamp()", "", "", stable},
    FunctionRule{"clock_timestamp", {}, timestamptz, "crossfade_clock_timestamp()", "", "", volatile_},
    FunctionRule{"date_trunc", {text, timestamp}, timestamp, "crossfade_date_trunc($1, $2)",
                 "date_trunc('month', timestamp '2024-02-29 10:00')", "2024-02-01 00:00:00"},
    FunctionRule{"date_trunc", {text, timestamptz}, timestamptz, "crossfade_date_trunc_zoned($1, $2)",
                 "date_trunc('hour', timestamptz '2024-02-29 10:30+00')", "2024-02-29 10:00:00+00", stable},
    FunctionRule{"date_trunc", {text, timestamptz, text}, timestamptz, "crossfade_date_trunc_zoned($1, $2, $3)",
                 "date_trunc('day', timestamptz '2024-02-29 20:00+00', 'Asia/Tokyo')", "2024-02-29 15:00:00+00", stable},
    FunctionRule{"date_trunc", {text, interval}, interval, "crossfade_date_trunc_interval($1, $2)",
                 "date_trunc('hour', interval '2 days 03:04:05')", "2 days 03:00:00"},
    FunctionRule{"extract", {text, timestamp}, numeric, "crossfade_extract($1, $2)", "extract(day from timestamp '2024-02-29')", "29"},
    FunctionRule{"extract", {text, timestamptz}, numeric, "crossfade_extract_zoned($1, $2)",
                 "extract(epoch from timestamptz '2000-01-01 00:00+00')", "946684800.000000", stable},
    FunctionRule{"extract", {text, date}, numeric, "crossfade_extract_date($1, $2)", "extract(year from date '2024-02-29')", "2024"},
    FunctionRule{"extract", {text, interval}, numeric, "crossfade_extract_interval($1, $2)",
                 "extract(hour from interval '1 day 02:00')", "2"},
    FunctionRule{"extract", {text, time}, numeric, "crossfade_extract_time($1, $2)", "extract(hour from time '10:30')", "10"},
    FunctionRule{"extract", {text, timetz}, numeric, "crossfade_extract_timetz($1, $2)", "extract(timezone_hour from timetz '10:30+02')", "2"},
    FunctionRule{"date_part", {text, time}, float8, "crossfade_date_part($1, crossfade_extract_time($1, $2))",
                 "date_part('minute', time '10:30')", "30"},
    FunctionRule{"date_part", {text, timetz}, float8, "crossfade_date_part($1, crossfade_extract_timetz($1, $2))",
                 "date_part('hour', timetz '10:30+02')", "10"},
    FunctionRule{"date_part", {text, timestamp}, float8, "crossfade_date_part($1, crossfade_extract($1, $2))",
                 "date_part('day', timestamp '2024-02-29')", "29"},
    FunctionRule{"date_part", {text, timestamptz}, float8, "crossfade_date_part($1, crossfade_extract_zoned($1, $2))",
                 "date_part('year', timestamptz '2024-02-29 00:00+00')", "2024", stable},
    FunctionRule{"date_part", {text, date}, float8, "crossfade_date_part($1, crossfade_extract_date($1, $2))",
                 "date_part('month', date '2024-02-29')", "2"},
    FunctionRule{"date_part", {text, interval}, float8, "crossfade_date_part_interval($1, $2)",
                 "date_part('hour', interval '1 day 02:00')", "2"},
    FunctionRule{"age", {timestamp, timestamp}, interval, "crossfade_age($1, $2)",
                 "age(timestamp '2024-02-29', timestamp '2023-02-28')", "1 year 1 day"},
    FunctionRule{"age", {timestamptz, timestamptz}, interval, "crossfade_age_zoned($1, $2)",
                 "age(timestamptz '2024-02-29 00:00+00', timestamptz '2024-01-29 00:00+00')", "1 mon", stable},
    FunctionRule{"age", {timestamp}, interval, "crossfade_age_today($1)", "", "", stable},
    FunctionRule{"to_char", {timestamp, text}, text, "crossfade_to_char($1, $2)", "to_char(timestamp '2024-02-29', 'YYYY-MM')",
                 "2024-02", stable},
    FunctionRule{"to_char", {timestamptz, text}, text, "crossfade_to_char_zoned($1, $2)",
                 "to_char(timestamptz '2024-02-29 13:05+00', 'FMDD.MM.YYYY HH24:MI')", "29.02.2024 13:05", stable},
    FunctionRule{"to_char", {interval, text}, text, "crossfade_to_char_interval($1, $2)", "to_char(interval '15h 2m 12s', 'HH24:MI:SS')",
                 "15:02:12", stable},
    FunctionRule{"to_timestamp", {float8}, timestamptz, "crossfade_from_epoch($1)", "to_timestamp(1284352323)", "2010-09-13 04:32:03+00"},
    FunctionRule{"to_timestamp", {text, text}, timestamptz, "crossfade_to_timestamp($1, $2)", "to_timestamp('05 Dec 2000', 'DD Mon YYYY')", "2000-12-05 00:00:00+00", stable},
    FunctionRule{"to_date", {text, text}, date, "crossfade_to_date($1, $2)", "to_date('05 Dec 2000', 'DD Mon YYYY')", "2000-12-05", stable},
    FunctionRule{"justify_hours", {interval}, interval, "crossfade_justify_hours($1)", "justify_hours(interval '27 hours')", "1 day 03:00:00"},
    FunctionRule{"justify_days", {interval}, interval, "crossfade_justify_days($1)", "justify_days(interval '35 days')", "1 mon 5 days"},
    FunctionRule{"justify_interval", {interval}, interval, "crossfade_justify_interval($1)", "justify_interval(interval '1 mon -1 hour')", "29 days 23:00:00"},
    FunctionRule{"isfinite", {date}, boolean, "($1 NOT IN (2147483647, -2147483648))", "isfinite(date 'infinity')", "f"},
    FunctionRule{"isfinite", {timestamp}, boolean, "($1 NOT IN (9223372036854775807, -9223372036854775807 - 1))", "isfinite(timestamp '-infinity')", "f"},
    FunctionRule{"isfinite", {timestamptz}, boolean, "($1 NOT IN (9223372036854775807, -9223372036854775807 - 1))", "isfinite(timestamptz '2024-01-01')", "t"},
    FunctionRule{"isfinite", {interval}, boolean, "CASE WHEN $1 IS NOT NULL THEN 1 END", "isfinite(interval '1 day')", "t"},
    FunctionRule{"make_interval", {int4}, interval, "crossfade_make_interval($*)", "make_interval(2)", "2 years"},
    FunctionRule{"make_interval", {int4, int4}, interval, "crossfade_make_interval($*)", "make_interval(0, 3)", "3 mons"},
    FunctionRule{"make_interval", {int4, int4, int4, int4}, interval, "crossfade_make_interval($*)", "make_interval(0, 0, 1, 1)", "8 days"},
    FunctionRule{"make_interval", {int4, int4, int4, int4, int4, int4}, interval, "crossfade_make_interval($*)", "make_interval(0, 0, 0, 0, 5, 6)", "05:06:00"},
    FunctionRule{"make_time", {int4, int4, float8}, time, "crossfade_make_time($1, $2, $3)", "make_time(8, 15, 23.5)", "08:15:23.5"},
    FunctionRule{"make_date", {int4, int4, int4}, date, "crossfade_make_date($1, $2, $3)", "make_date(2013, 7, 15)", "2013-07-15"},
    FunctionRule{"make_timestamp", {int4, int4, int4, int4, int4, float8}, timestamp, "crossfade_make_timestamp($*)",
                 "make_timestamp(2013, 7, 15, 8, 15, 23.5)", "2013-07-15 08:15:23.5"},
    FunctionRule{"timezone", {text, timestamp}, timestamptz, "crossfade_to_instant($1, $2)",
                 "timestamp '2024-07-01 12:00' AT TIME ZONE 'Europe/Berlin'", "2024-07-01 10:00:00+00"},
    FunctionRule{"timezone", {text, timestamptz}, timestamp, "crossfade_to_local($1, $2)",
                 "timestamptz '2024-07-01 10:00+00' AT TIME ZONE 'Europe/Berlin'", "2024-07-01 12:00:00"},
};

}  // namespace

std::span<const FunctionRule> datetime_function_rules() { return kDatetimeRules; }

}  // namespace crossfade::sql
