#pragma once

#include <string>
#include <string_view>

#include "crossfade/model/error.hpp"
#include "crossfade/model/text_format.hpp"
#include "crossfade/model/value.hpp"

namespace crossfade::model {

/// PostgreSQL's array_out: `{1,NULL,"a b"}`, `[0:1]={1,2}` where a lower bound is not 1.
void append_array(std::string& out, const Array& value, Type element, const TextStyle& style);
/// PostgreSQL's array_in. Errors: 22P02 "malformed array literal" with its details, 2202E, 54000, and those of the element's input.
Result<Array> parse_array(std::string_view text, Type element, const TextStyle& style);

/// array_send and array_recv.
void append_binary_array(std::string& out, const Array& value, Type element);
/// Errors: 22P03, 42804 (another element type), 54000, and those of the element's receive function.
Result<Array> parse_binary_array(std::string_view bytes, Type element);

/// Do the dimensions make an array? The number of its elements. Errors: 54000.
Result<std::size_t> count_elements(const std::vector<ArrayDimension>& dimensions);

inline constexpr std::size_t kMostDimensions = 6;

}  // namespace crossfade::model
