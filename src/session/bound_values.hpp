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

}  // namespace crossfade::session
