#include "bind/functions.hpp"

namespace crossfade::sql {

namespace {

using namespace model::oid;

constexpr std::array kTextRules{
    FunctionRule{"lower", {text}, text, "crossfade_lower($1)", "lower('HÉ')", "hé"},
    FunctionRule{"upper", {text}, text, "crossfade_upper($1)", "upper('héÉ')", "HÉÉ"},
    FunctionRule{"initcap", {text}, text, "crossfade_initcap($1)", "initcap('hi THOMAS')", "Hi Thomas"},
    FunctionRule{"length", {text}, int4, "length($1)", "length('héllo')", "5"},
    FunctionRule{"length", {bytea}, int4, "length($1)", "length('\\x00ff'::bytea)", "2"},
    FunctionRule{"char_length", {text}, int4, "length($1)", "char_length('héllo')", "5"},
    FunctionRule{"character_length", {text}, int4, "length($1)", "character_length('héllo')", "5"},
    FunctionRule{"octet_length", {text}, int4, "length(CAST($1 AS BLOB))", "octet_length('héllo')", "6"},
    FunctionRule{"octet_length", {bytea}, int4, "length($1)", "octet_length('\\x00ff'::bytea)", "2"},
    FunctionRule{"bit_length", {text}, int4, "length(CAST($1 AS BLOB)) * 8", "bit_length('jose')", "32"},
    FunctionRule{"substr", {text, int4}, text, "crossfade_substr($1, $2)", "substr('hello', -3)", "hello"},
    FunctionRule{"substr", {text, int4, int4}, text, "crossfade_substr($1, $2, $3)", "substr('hello', 2, 3)", "ell"},
    FunctionRule{"substring", {text, int4}, text, "crossfade_substr($1, $2)", "substring('hello' from 4)", "lo"},
    FunctionRule{"substring", {text, int4, int4}, text, "crossfade_substr($1, $2, $3)", "substring('hello' from 2 for 3)", "ell"},
    FunctionRule{"substring", {bytea, int4}, bytea, "", "", ""},
    FunctionRule{"substring", {bytea, int4, int4}, bytea, "", "", ""},
    FunctionRule{"position", {bytea, bytea}, int4, "", "", ""},
    FunctionRule{"substring", {text, text}, text, "", "", ""},  // regular expressions
    FunctionRule{"substring", {text, text, text}, text, "", "", ""},
    FunctionRule{"like", {text, text}, boolean, "crossfade_like($1, $2)", "like('abc', 'a%')", "t"},
    FunctionRule{"notlike", {text, text}, boolean, "NOT crossfade_like($1, $2)", "notlike('abc', 'a%')", "f"},
    FunctionRule{"btrim", {text}, text, "trim($1)", "trim('  a ')", "a"},
    FunctionRule{"btrim", {text, text}, text, "trim($1, $2)", "trim(both 'x' from 'xxaxx')", "a"},
    FunctionRule{"ltrim", {text}, text, "ltrim($1)", "ltrim('  a')", "a"},
    FunctionRule{"ltrim", {text, text}, text, "ltrim($1, $2)", "ltrim('xa', 'x')", "a"},
    FunctionRule{"rtrim", {text}, text, "rtrim($1)", "rtrim('a  ')", "a"},
    FunctionRule{"rtrim", {text, text}, text, "rtrim($1, $2)", "rtrim('ax', 'x')", "a"},
    FunctionRule{"replace", {text, text, text}, text, "replace($1, $2, $3)", "replace('abc', 'b', 'x')", "axc"},
    FunctionRule{"strpos", {text, text}, int4, "crossfade_strpos($1, $2)", "strpos('hello', 'l')", "3"},
    FunctionRule{"position", {text, text}, int4, "crossfade_strpos($1, $2)", "position('l' in 'hello')", "3"},
    FunctionRule{"left", {text, int4}, text, "crossfade_left($1, $2)", "left('abc', -1)", "ab"},
    FunctionRule{"right", {text, int4}, text, "crossfade_right($1, $2)", "right('abc', 2)", "bc"},
    FunctionRule{"lpad", {text, int4}, text, "crossfade_lpad($1, $2)", "lpad('a', 3)", "  a"},
    FunctionRule{"lpad", {text, int4, text}, text, "crossfade_lpad($1, $2, $3)", "lpad('a', 3, 'x')", "xxa"},
    FunctionRule{"rpad", {text, int4}, text, "crossfade_rpad($1, $2)", "rpad('abc', 2)", "ab"},
    FunctionRule{"rpad", {text, int4, text}, text, "crossfade_rpad($1, $2, $3)", "rpad('a', 4, 'xy')", "axyx"},
    FunctionRule{"repeat", {text, int4}, text, "crossfade_repeat($1, $2)", "repeat('ab', 2)", "abab"},
    FunctionRule{"reverse", {text}, text, "crossfade_reverse($1)", "reverse('abc')", "cba"},
    FunctionRule{"split_part", {text, text, int4}, text, "crossfade_split_part($1, $2, $3)", "split_part('a,b', ',', -1)", "b"},
    FunctionRule{"translate", {text, text, text}, text, "crossfade_translate($1, $2, $3)", "translate('12345', '143', 'ax')", "a2x5"},
    FunctionRule{"ascii", {text}, int4, "crossfade_ascii($1)", "ascii('x')", "120"},
    FunctionRule{"chr", {int4}, text, "crossfade_chr($1)", "chr(65)", "A"},
    FunctionRule{"md5", {text}, text, "crossfade_md5($1)", "md5('a')", "0cc175b9c0f1b6a831c399e269772661"},
    FunctionRule{"md5", {bytea}, text, "crossfade_md5($1)", "md5('\\x61'::bytea)", "0cc175b9c0f1b6a831c399e269772661"},
    FunctionRule{"starts_with", {text, text}, boolean, "crossfade_strpos($1, $2) = 1", "starts_with('alphabet', 'alph')", "t"},
    FunctionRule{"json_array_length", {json}, int4, "crossfade_json_array_length($1)", "json_array_length('[1,2]')", "2"},
    FunctionRule{"jsonb_array_length", {jsonb}, int4, "crossfade_json_array_length($1)", "jsonb_array_length('[1,2]')", "2"},
};

}  // namespace

std::span<const FunctionRule> text_function_rules() { return kTextRules; }

}  // namespace crossfade::sql
