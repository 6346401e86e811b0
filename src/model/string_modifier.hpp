#pragma once

#include <string>

#include "crossfade/model/error.hpp"
#include "crossfade/model/type.hpp"

namespace crossfade::model {

/// The length of varchar(n), character(n), name and "char" applied to valid UTF-8: blanks over the length are cut, character(n) is
/// padded, names are cut to 63 bytes. Errors: 22001.
Result<std::string> apply_length(std::string text, Type type);

}  // namespace crossfade::model
