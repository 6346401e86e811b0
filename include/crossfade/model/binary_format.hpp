#pragma once

#include <string>
#include <string_view>

#include "crossfade/model/error.hpp"
#include "crossfade/model/value.hpp"

namespace crossfade::model {

/// Appends PostgreSQL's binary send format of a value that is not NULL, without the length word.
void append_binary(std::string& out, const Value& value, Type type);
/// PostgreSQL's receive function. Errors: 22P03 (wrong length or content), 22021 (text that is not UTF-8 or holds NUL).
Result<Value> parse_binary(std::string_view bytes, Type type);

}  // namespace crossfade::model
