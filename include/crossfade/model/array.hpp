#pragma once

#include <compare>

#include "crossfade/model/value.hpp"

namespace crossfade::model {

/// PostgreSQL's order of two values of one type: NaN and NULL last, -0 equal to 0, character(n) without its blanks, numeric and
/// interval by value, texts by their bytes. json has no order there; here its text decides.
std::strong_ordering compare_values(const Value& left, const Value& right, Type type);

/// PostgreSQL's order of arrays: element by element, then by their number, their dimensions and their lower bounds.
std::strong_ordering compare(const Array& left, const Array& right, Type element);

/// An array of one dimension, from 1.
Array array_of_values(std::vector<Value> elements);

}  // namespace crossfade::model
