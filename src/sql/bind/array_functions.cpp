#include "bind/array_functions.hpp"

#include "bind/overloads.hpp"

namespace crossfade::sql {

namespace {

using namespace model::oid;
using namespace pseudo;

constexpr model::Oid kTextArray = 1009, kIntArray = 1007;

constexpr std::array kArrayRules{
    ArrayRule{"array_length", {any_array, int4}, int4, "crossfade_array_length($1, $2)", "array_length(ARRAY[1,2,3], 1)", "3"},
    ArrayRule{"array_upper", {any_array, int4}, int4, "crossfade_array_upper($1, $2)", "array_upper('[0:1]={1,2}'::int[], 1)", "1"},
    ArrayRule{"array_lower", {any_array, int4}, int4, "crossfade_array_lower($1, $2)", "array_lower('[0:1]={1,2}'::int[], 1)", "0"},
    ArrayRule{"array_ndims", {any_array}, int4, "crossfade_array_ndims($1)", "array_ndims(ARRAY[[1,2],[3,4]])", "2"},
    ArrayRule{"array_dims", {any_array}, text, "crossfade_array_dims($1)", "array_dims(ARRAY[[1,2,3],[4,5,6]])", "[1:2][1:3]"},
    ArrayRule{"cardinality", {any_array}, int4, "crossfade_array_cardinality($1)", "cardinality(ARRAY[[1,2],[3,4]])", "4"},
    ArrayRule{"array_append", {any_compatible_array, any_compatible}, any_compatible_array, "crossfade_array_append('$A', $1, $2)",
              "array_append(ARRAY[1,2], 3)", "{1,2,3}"},
    ArrayRule{"array_prepend", {any_compatible, any_compatible_array}, any_compatible_array, "crossfade_array_prepend('$A', $1, $2)",
              "array_prepend(1, ARRAY[2,3])", "{1,2,3}"},
    ArrayRule{"array_cat", {any_compatible_array, any_compatible_array}, any_compatible_array, "crossfade_array_cat('$A', $1, $2)",
              "array_cat(ARRAY[1,2], ARRAY[3])", "{1,2,3}"},
    ArrayRule{"array_position", {any_compatible_array, any_compatible}, int4, "crossfade_array_position('$A', $1, $2)",
              "array_position(ARRAY['a','b'], 'b')", "2"},
    ArrayRule{"array_position", {any_compatible_array, any_compatible, int4}, int4, "crossfade_array_position('$A', $1, $2, $3)",
              "array_position(ARRAY[1,2,1], 1, 2)", "3"},
    ArrayRule{"array_positions", {any_compatible_array, any_compatible}, kIntArray, "crossfade_array_positions('$A', $1, $2)",
              "array_positions(ARRAY[1,2,1], 1)", "{1,3}"},
    ArrayRule{"array_remove", {any_compatible_array, any_compatible}, any_compatible_array, "crossfade_array_remove('$A', $1, $2)",
              "array_remove(ARRAY[1,2,3,2], 2)", "{1,3}"},
    ArrayRule{"array_replace", {any_compatible_array, any_compatible, any_compatible}, any_compatible_array,
              "crossfade_array_replace('$A', $1, $2, $3)", "array_replace(ARRAY[1,2,5,4], 5, 3)", "{1,2,3,4}"},
    ArrayRule{"array_to_string", {any_array, text}, text, "crossfade_array_to_string('$A', $1, $2)",
              "array_to_string(ARRAY[1,NULL,3], ',')", "1,3"},
    ArrayRule{"array_to_string", {any_array, text, text}, text, "crossfade_array_to_string('$A', $1, $2, $3)",
              "array_to_string(ARRAY[1,NULL,3], ',', '*')", "1,*,3"},
    ArrayRule{"string_to_array", {text, text}, kTextArray, "crossfade_string_to_array($1, $2)", "string_to_array('a,b', ',')", "{a,b}"},
    ArrayRule{"string_to_array", {text, text, text}, kTextArray, "crossfade_string_to_array($1, $2, $3)",
              "string_to_array('a,-,b', ',', '-')", "{a,NULL,b}"},
    ArrayRule{"array_fill", {any_element, kIntArray}, any_array, "crossfade_array_fill('$A', $1, $2)", "array_fill(7, ARRAY[2,2])", "{{7,7},{7,7}}"},
    ArrayRule{"array_fill", {any_element, kIntArray, kIntArray}, any_array, "crossfade_array_fill('$A', $1, $2, $3)",
              "array_fill(7, ARRAY[2], ARRAY[0])", "[0:1]={7,7}"},
    ArrayRule{"width_bucket", {any_compatible, any_compatible_array}, int4, "crossfade_array_bucket('$A', $1, $2)",
              "width_bucket(5, ARRAY[1,4,10])", "2"},
    ArrayRule{"trim_array", {any_array, int4}, any_array, "crossfade_array_trim('$A', $1, $2)", "trim_array(ARRAY[1,2,3], 2)", "{1}"},
};

constexpr std::array kOperatorRules{
    ArrayRule{"||", {any_compatible_array, any_compatible_array}, any_compatible_array, "crossfade_array_cat('$A', $1, $2)",
              "ARRAY[1] || ARRAY[2,3]", "{1,2,3}"},
    ArrayRule{"||", {any_compatible_array, any_compatible}, any_compatible_array, "crossfade_array_append('$A', $1, $2)",
              "ARRAY[1] || 2", "{1,2}"},
    ArrayRule{"||", {any_compatible, any_compatible_array}, any_compatible_array, "crossfade_array_prepend('$A', $1, $2)",
              "1 || ARRAY[2]", "{1,2}"},
    ArrayRule{"@>", {any_array, any_array}, boolean, "crossfade_array_contains('$A', $1, $2)", "ARRAY[1,2,3] @> ARRAY[3,1]", "t"},
    ArrayRule{"<@", {any_array, any_array}, boolean, "crossfade_array_contains('$A', $2, $1)", "ARRAY[3,1] <@ ARRAY[1,2,3]", "t"},
    ArrayRule{"&&", {any_array, any_array}, boolean, "crossfade_array_overlaps('$A', $1, $2)", "ARRAY[1,2] && ARRAY[2,3]", "t"},
};

}  // namespace

std::span<const ArrayRule> array_function_rules() { return kArrayRules; }
std::span<const ArrayRule> array_operator_rules() { return kOperatorRules; }

}  // namespace crossfade::sql
