#pragma once

#include <span>
#include <vector>

#include "crossfade/model/error.hpp"
#include "crossfade/model/text_format.hpp"
#include "crossfade/wire/frontend.hpp"

namespace crossfade::session {

/// The values of a Bind in their types. Errors: the input functions' own, 08P01 for a binary value that is cut short.
model::Result<std::vector<model::Value>> decode_values(const wire::Bind& message, std::span<const model::Type> types,
                                                       const model::TextStyle& style);

/// Bytes of its values as they came.
std::size_t weight_of(const wire::Bind& message);
/// About what they take in memory when they have been read: an array's elements are values of their own.
std::size_t memory_of(const wire::Bind& message, std::span<const model::Type> types);

}  // namespace crossfade::session
