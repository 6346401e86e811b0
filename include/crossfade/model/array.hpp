#pragma once

#include <algorithm>
#include <array>
#include <compare>

#include "crossfade/model/value.hpp"

namespace crossfade::model {

/// PostgreSQL's order of two values of one type: NaN and NULL last, -0 equal to 0, character(n) without its blanks, numeric and
/// interval by value, texts by their bytes. json has no order there; here its text decides.
std::strong_ordering compare_values(const Value& left, const Value& right, Type type);

/// PostgreSQL's order of arrays: element by element, then by their number, their dimensions and their lower bounds.
std::strong_ordering compare(const Array& left, const Array& right, Type element);

/// A letter for each element type by whose arrays run-time functions sort.
struct SortedElement { char letter; Oid element; };
inline constexpr std::array kSortedElements{
    SortedElement{'A', oid::int2}, SortedElement{'B', oid::int4}, SortedElement{'C', oid::int8}, SortedElement{'D', oid::text},
    SortedElement{'E', oid::varchar}, SortedElement{'F', oid::bpchar}, SortedElement{'G', oid::numeric}, SortedElement{'H', oid::float4},
    SortedElement{'I', oid::float8}, SortedElement{'J', oid::boolean}, SortedElement{'K', oid::date}, SortedElement{'L', oid::time},
    SortedElement{'M', oid::timestamp}, SortedElement{'N', oid::timestamptz}, SortedElement{'O', oid::interval}, SortedElement{'P', oid::uuid},
};

/// An array of one dimension, from 1.
Array array_of_values(std::vector<Value> elements);

}  // namespace crossfade::model
