#include "bind/functions.hpp"

namespace crossfade::sql {

namespace {

using namespace model::oid;

constexpr std::array kNumberRules{
    FunctionRule{"abs", {int2}, int2, "crossfade_int2(abs($1))", "abs((-3)::int2)", "3"},
    FunctionRule{"abs", {int4}, int4, "crossfade_int4(abs($1))", "abs(-3)", "3"},
    FunctionRule{"abs", {int8}, int8, "crossfade_int8_abs($1)", "abs(-3000000000)", "3000000000"},
    FunctionRule{"abs", {float4}, float4, "(abs($1) + 0.0)", "abs((-1.5)::float4)", "1.5"},
    FunctionRule{"abs", {float8}, float8, "(abs($1) + 0.0)", "abs((-1.5)::float8)", "1.5"},
    FunctionRule{"abs", {numeric}, numeric, "crossfade_numeric_abs($1)", "abs(-1.50)", "1.50"},
    FunctionRule{"sign", {float8}, float8, "crossfade_float_sign($1)", "sign(-3)", "-1"},
    FunctionRule{"sign", {numeric}, numeric, "crossfade_numeric_sign($1)", "sign(-3.5)", "-1"},
    FunctionRule{"ceil", {float8}, float8, "crossfade_float_ceil($1)", "ceil(1.2::float8)", "2"},
    FunctionRule{"ceil", {numeric}, numeric, "crossfade_numeric_ceil($1)", "ceil(1.2)", "2"},
    FunctionRule{"ceiling", {float8}, float8, "crossfade_float_ceil($1)", "ceiling(1.2::float8)", "2"},
    FunctionRule{"ceiling", {numeric}, numeric, "crossfade_numeric_ceil($1)", "ceiling(-1.2)", "-1"},
    FunctionRule{"floor", {float8}, float8, "crossfade_float_floor($1)", "floor((-1.2)::float8)", "-2"},
    FunctionRule{"floor", {numeric}, numeric, "crossfade_numeric_floor($1)", "floor(-1.2)", "-2"},
    FunctionRule{"round", {float8}, float8, "crossfade_float_round($1)", "round(2.5::float8)", "2"},
    FunctionRule{"round", {numeric}, numeric, "crossfade_numeric_round($1)", "round(2.5)", "3"},
    FunctionRule{"round", {numeric, int4}, numeric, "crossfade_numeric_round($1, $2)", "round(1234.5, -2)", "1200"},
    FunctionRule{"trunc", {float8}, float8, "crossfade_float_trunc($1)", "trunc((-1.9)::float8)", "-1"},
    FunctionRule{"trunc", {numeric}, numeric, "crossfade_numeric_trunc($1)", "trunc(-1.9)", "-1"},
    FunctionRule{"trunc", {numeric, int4}, numeric, "crossfade_numeric_trunc($1, $2)", "trunc(1.987, 2)", "1.98"},
    FunctionRule{"mod", {int2, int2}, int2, "crossfade_int_modulo($1, $2)", "mod(7::int2, 3::int2)", "1"},
    FunctionRule{"mod", {int4, int4}, int4, "crossfade_int_modulo($1, $2)", "mod(-7, 3)", "-1"},
    FunctionRule{"mod", {int8, int8}, int8, "crossfade_int_modulo($1, $2)", "mod(3000000001, 2)", "1"},
    FunctionRule{"mod", {numeric, numeric}, numeric, "crossfade_numeric_modulo($1, $2)", "mod(7.5, 2)", "1.5"},
    FunctionRule{"div", {numeric, numeric}, numeric,  // the quotient of what divides evenly is not rounded; infinity has no remainder
                 "crossfade_numeric_trunc(crossfade_numeric_divide(CASE WHEN $1 IN ('Infinity', '-Infinity') THEN $1 "
                 "ELSE crossfade_numeric_subtract($1, crossfade_numeric_modulo($1, $2)) END, $2))", "div(9, 4)", "2"},
    FunctionRule{"gcd", {int4, int4}, int4, "crossfade_int4(crossfade_gcd($1, $2))", "gcd(12, 18)", "6"},
    FunctionRule{"gcd", {int8, int8}, int8, "crossfade_gcd($1, $2)", "gcd(12000000000, 18)", "6"},
    FunctionRule{"power", {float8, float8}, float8, "crossfade_power($1, $2)", "power(2, 3)", "8"},
    FunctionRule{"power", {numeric, numeric}, numeric, "", "", ""},
    FunctionRule{"pow", {float8, float8}, float8, "crossfade_power($1, $2)", "pow(2, 3)", "8"},
    FunctionRule{"pow", {numeric, numeric}, numeric, "", "", ""},
    FunctionRule{"sqrt", {float8}, float8, "crossfade_sqrt($1)", "sqrt(2)", "1.4142135623730951"},
    FunctionRule{"sqrt", {numeric}, numeric, "", "", ""},
    FunctionRule{"cbrt", {float8}, float8, "crossfade_cbrt($1)", "cbrt(8)", "2"},
    FunctionRule{"exp", {float8}, float8, "crossfade_exp($1)", "exp(0)", "1"},
    FunctionRule{"exp", {numeric}, numeric, "", "", ""},
    FunctionRule{"ln", {float8}, float8, "crossfade_ln($1)", "ln(1)", "0"},
    FunctionRule{"ln", {numeric}, numeric, "", "", ""},
    FunctionRule{"log", {float8}, float8, "crossfade_log10($1)", "log(100)", "2"},
    FunctionRule{"log", {numeric}, numeric, "", "", ""},
    FunctionRule{"log10", {float8}, float8, "crossfade_log10($1)", "log10(100)", "2"},
    FunctionRule{"log10", {numeric}, numeric, "", "", ""},
    FunctionRule{"degrees", {float8}, float8, "crossfade_degrees($1)", "degrees(0)", "0"},
    FunctionRule{"radians", {float8}, float8, "crossfade_radians($1)", "radians(180)", "3.141592653589793"},
    FunctionRule{"sin", {float8}, float8, "crossfade_sin($1)", "sin(0)", "0"},
    FunctionRule{"cos", {float8}, float8, "crossfade_cos($1)", "cos(0)", "1"},
    FunctionRule{"tan", {float8}, float8, "crossfade_tan($1)", "tan(0)", "0"},
    FunctionRule{"asin", {float8}, float8, "crossfade_asin($1)", "asin(0)", "0"},
    FunctionRule{"acos", {float8}, float8, "crossfade_acos($1)", "acos(1)", "0"},
    FunctionRule{"atan", {float8}, float8, "crossfade_atan($1)", "atan(0)", "0"},
    FunctionRule{"atan2", {float8, float8}, float8, "crossfade_atan2($1, $2)", "atan2(0, 1)", "0"},
    FunctionRule{"pi", {}, float8, "3.1415926535897931", "pi()", "3.141592653589793"},
    FunctionRule{"to_char", {int4, text}, text, "crossfade_to_char_int4($1, $2)", "to_char(125, '999')", " 125", FunctionVolatility::stable},
    FunctionRule{"to_char", {int8, text}, text, "crossfade_to_char_int8($1, $2)", "to_char(1234567890123, '9,999,999,999,999')",
                 " 1,234,567,890,123", FunctionVolatility::stable},
    FunctionRule{"to_char", {float4, text}, text, "crossfade_to_char_float4($1, $2)", "to_char(0.5::float4, '0.9')", " 0.5",
                 FunctionVolatility::stable},
    FunctionRule{"to_char", {float8, text}, text, "crossfade_to_char_float8($1, $2)", "to_char(125.8::float8, 'FM999D9')", "125.8",
                 FunctionVolatility::stable},
    FunctionRule{"to_char", {numeric, text}, text, "crossfade_to_char_numeric($1, $2)", "to_char(-125.8, '999.99S')", "125.80-",
                 FunctionVolatility::stable},
    FunctionRule{"to_number", {text, text}, numeric, "crossfade_to_number($1, $2)", "to_number('12,454.8-', '99G999D9S')", "-12454.8",
                 FunctionVolatility::stable},
    FunctionRule{"random", {}, float8, "crossfade_random()", "", "", FunctionVolatility::volatile_},
};

}  // namespace

std::span<const FunctionRule> number_function_rules() { return kNumberRules; }

}  // namespace crossfade::sql
