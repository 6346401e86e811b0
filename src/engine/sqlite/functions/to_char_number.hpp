#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "call.hpp"
#include "crossfade/model/numeric.hpp"
#include "number_format.hpp"

namespace crossfade::sqlite::functions {

/// to_char(number, format), where lc_numeric and lc_monetary are C. Overflow is shown by #.
/// Errors: 22003 where V or RN leave the type's range, 0A000 RN of a numeric that is no number, 22P02 TH behind one.
Answer to_char(std::int32_t value, const NumberFormat& format);
Answer to_char(std::int64_t value, const NumberFormat& format);
Answer to_char(float value, const NumberFormat& format);
Answer to_char(double value, const NumberFormat& format);
Answer to_char(const model::Numeric& value, const NumberFormat& format);

/// A number as the digits of a format show it: "12.50", "NaN" or, where it does not fit, "##.##".
struct ShownNumber { std::string digits; bool negative = false; };
/// How many of its digits are before and behind the point: the format's, with those of V, less those that a float is too inexact for.
struct Places { std::size_t whole, fraction; };
/// Errors: 22P02 for an ordinal's ending behind what is no number.
Answer write_number(const ShownNumber& number, const NumberFormat& format, Places places);
/// "st", "nd", "rd" or "th", for a text of at least one digit.
std::string_view ending_of(std::string_view digits);
/// The Roman number of RN.
Answer write_roman(std::int32_t value, const NumberFormat& format);

/// to_number(text, format). Errors: 0A000 for RN and EEEE, 22P02 where no digits are found, 22003 where they are more than the format's.
Answer to_number(std::string_view text, const NumberFormat& format);

}  // namespace crossfade::sqlite::functions
