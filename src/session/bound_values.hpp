#pragma once

#include <span>
#include <vector>

#include "crossfade/model/error.hpp"
#include "crossfade/model/text_format.hpp"
#include "crossfade/wire/frontend.hpp"

namespace crossfade::session {

/// The values of a Bind or FunctionCall in their types. `place`: what PostgreSQL's 22P03 calls them. Errors: the input functions' own,
/// 22023 for a format that there is not.
model::Result<std::vector<model::Value>> decode_values(const wire::Arguments& arguments, std::span<const model::Type> types,
                                                       const model::TextStyle& style, std::string_view place = "bind parameter");

/// A value as the parameter of a statement is bound: of regclass and the like its number or its name, as text.
model::Value as_parameter(model::Value value, model::Type type);

/// Bytes of its values as they came.
std::size_t weight_of(const wire::Arguments& message);
/// About what they take in memory when they have been read: an array's elements are values of their own.
std::size_t memory_of(const wire::Arguments& message, std::span<const model::Type> types);

}  // namespace crossfade::session
