#include "bind/operators.hpp"

#include "bind/functions.hpp"

#include <algorithm>
#include <array>

namespace crossfade::sql {

namespace {

using namespace model::oid;

constexpr model::Oid kNone = 0;

constexpr std::array kRules{
    // Operands of the number types are promoted to one type first (bind/operators_bind.cpp), so one row for each is enough.
    OperatorRule{"+", int2, int2, int2, "crossfade_int2($1 + $2)", "2::int2 + 3::int2", "5"},
    OperatorRule{"-", int2, int2, int2, "crossfade_int2($1 - $2)", "2::int2 - 3::int2", "-1"},
    OperatorRule{"*", int2, int2, int2, "crossfade_int2($1 * $2)", "2::int2 * 3::int2", "6"},
    OperatorRule{"/", int2, int2, int2, "crossfade_int2(crossfade_int_divide($1, $2))", "7::int2 / 2::int2", "3"},
    OperatorRule{"%", int2, int2, int2, "crossfade_int_modulo($1, $2)", "-7::int2 % 3::int2", "-1"},
    OperatorRule{"+", int4, int4, int4, "crossfade_int4($1 + $2)", "2 + 3", "5"},
    OperatorRule{"-", int4, int4, int4, "crossfade_int4($1 - $2)", "2 - 3", "-1"},
    OperatorRule{"*", int4, int4, int4, "crossfade_int4($1 * $2)", "2 * 3", "6"},
    OperatorRule{"/", int4, int4, int4, "crossfade_int4(crossfade_int_divide($1, $2))", "-7 / 2", "-3"},
    OperatorRule{"%", int4, int4, int4, "crossfade_int_modulo($1, $2)", "-7 % 3", "-1"},
    OperatorRule{"+", int8, int8, int8, "crossfade_int8_add($1, $2)", "3000000000 + 3", "3000000003"},
    OperatorRule{"-", int8, int8, int8, "crossfade_int8_subtract($1, $2)", "3000000000 - 3", "2999999997"},
    OperatorRule{"*", int8, int8, int8, "crossfade_int8_multiply($1, $2)", "3000000000 * 3", "9000000000"},
    OperatorRule{"/", int8, int8, int8, "crossfade_int_divide($1, $2)", "3000000001 / 2", "1500000000"},
    OperatorRule{"%", int8, int8, int8, "crossfade_int_modulo($1, $2)", "3000000001 % 2", "1"},
    OperatorRule{"+", float8, float8, float8, "crossfade_float_add($1, $2)", "0.1::float8 + 0.2::float8", "0.30000000000000004"},
    OperatorRule{"-", float8, float8, float8, "crossfade_float_subtract($1, $2)", "1.5::float8 - 1::float8", "0.5"},
    OperatorRule{"*", float8, float8, float8, "crossfade_float_multiply($1, $2)", "1.5::float8 * 2", "3"},
    OperatorRule{"/", float8, float8, float8, "crossfade_float_divide($1, $2)", "1::float8 / 4", "0.25"},
    OperatorRule{"+", float4, float4, float4, "crossfade_float4_add($1, $2)", "0.1::float4 + 0.2::float4", "0.3"},
    OperatorRule{"-", float4, float4, float4, "crossfade_float4_subtract($1, $2)", "1.5::float4 - 1::float4", "0.5"},
    OperatorRule{"*", float4, float4, float4, "crossfade_float4_multiply($1, $2)", "1.1::float4 * 1.1::float4", "1.21"},
    OperatorRule{"/", float4, float4, float4, "crossfade_float4_divide($1, $2)", "1::float4 / 3::float4", "0.33333334"},
    OperatorRule{"^", float8, float8, float8, "crossfade_power($1, $2)", "2::float8 ^ 10", "1024"},
    OperatorRule{"^", numeric, numeric, numeric, "crossfade_numeric_power($1, $2)", "2.5 ^ 2", "6.2500000000000000"},
    OperatorRule{"|/", kNone, float8, float8, "crossfade_sqrt($1)", "|/ 4", "2"},
    OperatorRule{"||/", kNone, float8, float8, "crossfade_cbrt($1)", "||/ 8", "2"},
    OperatorRule{"+", numeric, numeric, numeric, "crossfade_numeric_add($1, $2)", "0.1 + 0.20", "0.30"},
    OperatorRule{"-", numeric, numeric, numeric, "crossfade_numeric_subtract($1, $2)", "1.0 - 0.25", "0.75"},
    OperatorRule{"*", numeric, numeric, numeric, "crossfade_numeric_multiply($1, $2)", "1.10 * 3", "3.30"},
    OperatorRule{"/", numeric, numeric, numeric, "crossfade_numeric_divide($1, $2)", "1 / 3.0", "0.33333333333333333333"},
    OperatorRule{"%", numeric, numeric, numeric, "crossfade_numeric_modulo($1, $2)", "7 % 2.5", "2.0"},
    OperatorRule{"-", kNone, int2, int2, "crossfade_int2(-$1)", "- 3::int2", "-3"},
    OperatorRule{"-", kNone, int4, int4, "crossfade_int4(-$1)", "- (3)", "-3"},
    OperatorRule{"-", kNone, int8, int8, "crossfade_int8_negate($1)", "- 3000000000", "-3000000000"},
    OperatorRule{"-", kNone, float4, float4, "($1 * -1.0)", "- 1.5::float4", "-1.5"},
    OperatorRule{"-", kNone, float8, float8, "($1 * -1.0)", "- 1.5::float8", "-1.5"},
    OperatorRule{"-", kNone, numeric, numeric, "crossfade_numeric_negate($1)", "- 1.50", "-1.50"},
    OperatorRule{"+", kNone, int2, int2, "$1", "+ 3::int2", "3"},
    OperatorRule{"+", kNone, int4, int4, "$1", "+ 3", "3"},
    OperatorRule{"+", kNone, float4, float4, "$1", "+ 1.5::float4", "1.5"},
    OperatorRule{"+", kNone, int8, int8, "$1", "+ 3000000000", "3000000000"},
    OperatorRule{"+", kNone, float8, float8, "$1", "+ 1.5::float8", "1.5"},
    OperatorRule{"+", kNone, numeric, numeric, "$1", "+ 1.50", "1.50"},
    OperatorRule{"@", kNone, int2, int2, "crossfade_int2(abs($1))", "@ (-3)::int2", "3"},
    OperatorRule{"@", kNone, int4, int4, "crossfade_int4(abs($1))", "@ (-3)", "3"},
    OperatorRule{"@", kNone, float4, float4, "(abs($1) + 0.0)", "@ (-1.5)::float4", "1.5"},
    OperatorRule{"@", kNone, float8, float8, "(abs($1) + 0.0)", "@ (-1.5)::float8", "1.5"},
    OperatorRule{"@", kNone, int8, int8, "crossfade_int8_abs($1)", "@ (-3000000000)", "3000000000"},
    OperatorRule{"@", kNone, numeric, numeric, "crossfade_numeric_abs($1)", "@ (-1.5)", "1.5"},
    OperatorRule{"&", int2, int2, int2, "$1 & $2", "5::int2 & 3::int2", "1"},
    OperatorRule{"|", int2, int2, int2, "$1 | $2", "5::int2 | 3::int2", "7"},
    OperatorRule{"#", int2, int2, int2, "crossfade_int_xor($1, $2)", "5::int2 # 3::int2", "6"},
    OperatorRule{"~", kNone, int2, int2, "~$1", "~ 5::int2", "-6"},
    OperatorRule{"<<", int2, int4, int2, "crossfade_int2_shift_left($1, $2)", "1::int2 << 3", "8"},
    OperatorRule{">>", int2, int4, int2, "crossfade_int4_shift_right($1, $2)", "(-1)::int2 >> 1", "-1"},
    OperatorRule{"&", int4, int4, int4, "$1 & $2", "5 & 3", "1"},
    OperatorRule{"|", int4, int4, int4, "$1 | $2", "5 | 3", "7"},
    OperatorRule{"#", int4, int4, int4, "crossfade_int_xor($1, $2)", "5 # 3", "6"},
    OperatorRule{"~", kNone, int4, int4, "~$1", "~ 5", "-6"},
    OperatorRule{"<<", int4, int4, int4, "crossfade_int4_shift_left($1, $2)", "1 << 3", "8"},
    OperatorRule{">>", int4, int4, int4, "crossfade_int4_shift_right($1, $2)", "-1 >> 1", "-1"},
    OperatorRule{"&", int8, int8, int8, "$1 & $2", "5000000000 & 4294967295", "705032704"},
    OperatorRule{"|", int8, int8, int8, "$1 | $2", "4294967296 | 1", "4294967297"},
    OperatorRule{"#", int8, int8, int8, "crossfade_int_xor($1, $2)", "4294967297 # 1", "4294967296"},
    OperatorRule{"~", kNone, int8, int8, "~$1", "~ 4294967296", "-4294967297"},
    OperatorRule{"<<", int8, int4, int8, "crossfade_int8_shift_left($1, $2)", "4294967296 << 1", "8589934592"},
    OperatorRule{">>", int8, int4, int8, "crossfade_int8_shift_right($1, $2)", "4294967296 >> 1", "2147483648"},


    OperatorRule{"||", text, text, text, "$1 || $2", "'a' || 'b'", "ab"},
    OperatorRule{"||", bytea, bytea, bytea, "CAST($1 || $2 AS BLOB)", "encode('\\x00ff'::bytea || '\\x61', 'hex')", "00ff61"},

    OperatorRule{"+", date, int4, date, "crossfade_date_add($1, $2)", "date '2024-02-28' + 2", "2024-03-01"},
    OperatorRule{"+", int4, date, date, "crossfade_date_add($2, $1)", "2 + date '2024-02-28'", "2024-03-01"},
    OperatorRule{"-", date, int4, date, "crossfade_date_add($1, 0 - $2)", "date '2024-03-01' - 1", "2024-02-29"},
    OperatorRule{"-", date, date, int4, "crossfade_date_difference($1, $2)", "date '2024-03-01' - date '2024-02-01'", "29"},
    OperatorRule{"+", date, time, timestamp, "crossfade_date_time($1, $2)", "date '2024-02-29' + time '01:00'", "2024-02-29 01:00:00"},
    OperatorRule{"+", time, date, timestamp, "crossfade_date_time($2, $1)", "time '01:00' + date '2024-02-29'", "2024-02-29 01:00:00"},
    OperatorRule{"+", date, interval, timestamp, "crossfade_timestamp_add(crossfade_date_time($1, 0), $2)",
                 "date '2024-02-29' + interval '1 year'", "2025-02-28 00:00:00"},
    OperatorRule{"-", date, interval, timestamp, "crossfade_timestamp_subtract(crossfade_date_time($1, 0), $2)",
                 "date '2024-03-01' - interval '1 day'", "2024-02-29 00:00:00"},
    OperatorRule{"+", interval, date, timestamp, "crossfade_timestamp_add(crossfade_date_time($2, 0), $1)",
                 "interval '1 day' + date '2024-02-28'", "2024-02-29 00:00:00"},
    OperatorRule{"+", timestamp, interval, timestamp, "crossfade_timestamp_add($1, $2)",
                 "timestamp '2024-01-31' + interval '1 month'", "2024-02-29 00:00:00"},
    OperatorRule{"-", timestamp, interval, timestamp, "crossfade_timestamp_subtract($1, $2)",
                 "timestamp '2024-03-31' - interval '1 month'", "2024-02-29 00:00:00"},
    OperatorRule{"+", interval, timestamp, timestamp, "crossfade_timestamp_add($2, $1)",
                 "interval '1 hour' + timestamp '2024-01-01'", "2024-01-01 01:00:00"},
    OperatorRule{"+", timestamptz, interval, timestamptz, "crossfade_timestamptz_add($1, $2)",
                 "timestamptz '2024-01-31 00:00+00' + interval '1 day'", "2024-02-01 00:00:00+00"},
    OperatorRule{"-", timestamptz, interval, timestamptz, "crossfade_timestamptz_subtract($1, $2)",
                 "timestamptz '2024-02-01 00:00+00' - interval '1 day'", "2024-01-31 00:00:00+00"},
    OperatorRule{"+", interval, timestamptz, timestamptz, "crossfade_timestamptz_add($2, $1)",
                 "interval '1 day' + timestamptz '2024-01-31 00:00+00'", "2024-02-01 00:00:00+00"},
    OperatorRule{"-", timestamp, timestamp, interval, "crossfade_timestamp_difference($1, $2)",
                 "timestamp '2024-03-01' - timestamp '2024-02-28 12:00'", "1 day 12:00:00"},
    OperatorRule{"-", timestamptz, timestamptz, interval, "crossfade_timestamp_difference($1, $2)",
                 "timestamptz '2024-03-01 00:00+00' - timestamptz '2024-02-29 00:00+00'", "1 day"},
    OperatorRule{"+", time, interval, time, "crossfade_time_add($1, $2)", "time '23:00' + interval '2 hours'", "01:00:00"},
    OperatorRule{"+", interval, time, time, "crossfade_time_add($2, $1)", "interval '2 hours' + time '23:00'", "01:00:00"},
    OperatorRule{"-", time, interval, time, "crossfade_time_subtract($1, $2)", "time '01:00' - interval '2 hours'", "23:00:00"},
    OperatorRule{"-", time, time, interval, "crossfade_time_difference($1, $2)", "time '03:00' - time '01:30'", "01:30:00"},
    OperatorRule{"+", interval, interval, interval, "crossfade_interval_add($1, $2)", "interval '1 day' + interval '2 hours'",
                 "1 day 02:00:00"},
    OperatorRule{"-", interval, interval, interval, "crossfade_interval_subtract($1, $2)", "interval '1 day' - interval '2 hours'",
                 "1 day -02:00:00"},
    OperatorRule{"-", kNone, interval, interval, "crossfade_interval_negate($1)", "- interval '1 day'", "-1 days"},
    OperatorRule{"*", interval, float8, interval, "crossfade_interval_multiply($1, $2)", "interval '1 hour' * 1.5", "01:30:00"},
    OperatorRule{"*", float8, interval, interval, "crossfade_interval_multiply($2, $1)", "2 * interval '1 day'", "2 days"},
    OperatorRule{"/", interval, float8, interval, "crossfade_interval_divide($1, $2)", "interval '1 day' / 2", "12:00:00"},

    OperatorRule{"~", text, text, boolean, "crossfade_regexp($1, $2)", "'abc' ~ '^a.c$'", "t"},
    OperatorRule{"~*", text, text, boolean, "crossfade_regexp($1, $2, 'i')", "'ABC' ~* 'b'", "t"},
    OperatorRule{"!~", text, text, boolean, "NOT crossfade_regexp($1, $2)", "'abc' !~ 'x'", "t"},
    OperatorRule{"!~*", text, text, boolean, "NOT crossfade_regexp($1, $2, 'i')", "'ABC' !~* 'B'", "f"},
    OperatorRule{"~~", text, text, boolean, "crossfade_like($1, $2)", "'abc' ~~ 'a%'", "t"},
    OperatorRule{"!~~", text, text, boolean, "NOT crossfade_like($1, $2)", "'abc' !~~ 'a%'", "f"},
    OperatorRule{"~~*", text, text, boolean, "crossfade_ilike($1, $2)", "'ABC' ~~* 'a%'", "t"},
    OperatorRule{"!~~*", text, text, boolean, "NOT crossfade_ilike($1, $2)", "'ABC' !~~* 'a%'", "f"},
    OperatorRule{"~<~", text, text, boolean, "$1 < $2", "'a' ~<~ 'b'", "t"},
    OperatorRule{"~<=~", text, text, boolean, "$1 <= $2", "'B' ~<=~ 'a'", "t"},
    OperatorRule{"~>~", text, text, boolean, "$1 > $2", "'a' ~>~ 'B'", "t"},
    OperatorRule{"~>=~", text, text, boolean, "$1 >= $2", "'a' ~>=~ 'b'", "f"},
    OperatorRule{"@@", text, text, boolean, "", "", ""},   // text search
    OperatorRule{"@@", jsonb, text, boolean, "", "", ""},  // the right one is a jsonpath, which has no form here
    OperatorRule{"@?", jsonb, text, boolean, "", "", ""},
    OperatorRule{"!!", kNone, text, text, "", "", ""},     // of a tsquery
    OperatorRule{"^@", text, text, boolean, "crossfade_strpos($1, $2) = 1", "'alphabet' ^@ 'alph'", "t"},
    OperatorRule{"||", jsonb, jsonb, jsonb, "crossfade_jsonb_concat($1, $2)", "'{\"a\": 1}'::jsonb || '{\"b\": 2}'::jsonb", "{\"a\": 1, \"b\": 2}"},
    OperatorRule{"@>", jsonb, jsonb, boolean, "crossfade_jsonb_contains($1, $2)", "'{\"a\": [1, 2]}'::jsonb @> '{\"a\": [2]}'", "t"},
    OperatorRule{"<@", jsonb, jsonb, boolean, "crossfade_jsonb_contains($2, $1)", "'1'::jsonb <@ '[1, 2]'::jsonb", "t"},
    OperatorRule{"?", jsonb, text, boolean, "crossfade_jsonb_exists($1, $2)", "'{\"a\": 1}'::jsonb ? 'a'", "t"},
    OperatorRule{"?|", jsonb, kTexts, boolean, "crossfade_jsonb_exists_any($1, $2)", "'{\"a\": 1}'::jsonb ?| ARRAY['b', 'a']", "t"},
    OperatorRule{"?&", jsonb, kTexts, boolean, "crossfade_jsonb_exists_all($1, $2)", "'{\"a\": 1}'::jsonb ?& ARRAY['b', 'a']", "f"},
    OperatorRule{"-", jsonb, text, jsonb, "crossfade_jsonb_delete($1, $2)", "'{\"a\": 1, \"b\": 2}'::jsonb - 'a'", "{\"b\": 2}"},
    OperatorRule{"-", jsonb, int4, jsonb, "crossfade_jsonb_delete_index($1, $2)", "'[1, 2]'::jsonb - 0", "[2]"},
    OperatorRule{"-", jsonb, kTexts, jsonb, "crossfade_jsonb_delete_all($1, $2)", "'{\"a\": 1, \"b\": 2}'::jsonb - ARRAY['a', 'b']", "{}"},
    OperatorRule{"#-", jsonb, kTexts, jsonb, "crossfade_jsonb_delete_path($1, $2)", "'{\"a\": [1, 2]}'::jsonb #- '{a,0}'", "{\"a\": [2]}"},
    OperatorRule{"#>", jsonb, kTexts, jsonb, "crossfade_json_path($1, $2)", "'{\"a\": [1, 2]}'::jsonb #> '{a,1}'", "2"},
    OperatorRule{"#>>", jsonb, kTexts, text, "crossfade_json_path_text($1, $2)", "'{\"a\": [\"x\"]}'::jsonb #>> '{a,0}'", "x"},
    OperatorRule{"#>", json, kTexts, json, "crossfade_json_path($1, $2)", "'{\"a\":[1,2]}'::json #> '{a}'", "[1,2]"},
    OperatorRule{"#>>", json, kTexts, text, "crossfade_json_path_text($1, $2)", "'{\"a\":[\"x\"]}'::json #>> '{a,0}'", "x"},
    OperatorRule{"+", timetz, interval, timetz, "", "", ""},
    OperatorRule{"-", timetz, interval, timetz, "", "", ""},
    OperatorRule{"+", interval, timetz, timetz, "", "", ""},
    OperatorRule{"+", date, timetz, timestamptz, "", "", ""},
    OperatorRule{"+", timetz, date, timestamptz, "", "", ""},
    OperatorRule{"->", jsonb, text, jsonb, "crossfade_json_member($1, $2)", "'{\"a\": [1, 2]}'::jsonb -> 'a'", "[1, 2]"},
    OperatorRule{"->", jsonb, int4, jsonb, "crossfade_jsonb_element($1, $2)", "'[1, [2, 3]]'::jsonb -> -1", "[2, 3]"},
    OperatorRule{"->>", jsonb, text, text, "crossfade_json_member_text($1, $2)", "'{\"a\": \"x\"}'::jsonb ->> 'a'", "x"},
    OperatorRule{"->>", jsonb, int4, text, "crossfade_jsonb_element_text($1, $2)", "'[\"x\", null]'::jsonb ->> 0", "x"},
    OperatorRule{"->", json, text, json, "crossfade_json_member($1, $2)", "'{\"a\":[1]}'::json -> 'a'", "[1]"},
    OperatorRule{"->", json, int4, json, "crossfade_json_element($1, $2)", "'[1,2]'::json -> 1", "2"},
    OperatorRule{"->>", json, text, text, "crossfade_json_member_text($1, $2)", "'{\"a\":\"x\"}'::json ->> 'a'", "x"},
    OperatorRule{"->>", json, int4, text, "crossfade_json_element_text($1, $2)", "'[1,2]'::json ->> 1", "2"},
};

// Those that PostgreSQL also has for several types without a form here (boxes, ranges, networks …): untyped operands say none of them.
constexpr std::array<std::string_view, 23> kShared{
    "&&", "@@@", "<->", "-|-", "&<", "&>", "@>", "<@", "?|", "|>>", "<<|", "~=", "<^", ">^", "?#", "?-|", "?||", "?-", "@-@", "##", "&<|", "|&>", "#",
};

}  // namespace

std::span<const OperatorRule> operator_rules() { return kRules; }

bool needs_a_type(std::string_view name) { return std::ranges::find(kShared, name) != kShared.end(); }

}  // namespace crossfade::sql
