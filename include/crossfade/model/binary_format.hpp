#pragma once

#include <string>
#include <string_view>

#include "crossfade/model/error.hpp"
#include "crossfade/model/value.hpp"

namespace crossfade::model {

/// Appends PostgreSQL's binary send format of a value that is not NULL, without the length word.
void append_binary(std::string& out, const Value& value, Type type);
/// What 22P03 says of a value with bytes behind its end; PostgreSQL's callers of a receive function add where.
inline constexpr std::string_view kTrailingBytes = "incorrect binary data format";
/// PostgreSQL's receive function. Errors: 08P01 (cut short), 22P03 (kTrailingBytes, or wrong content), 22021 (text that is not UTF-8 or
/// holds NUL), XX000 (a version of jsonb that there is not).
Result<Value> parse_binary(std::string_view bytes, Type type);

}  // namespace crossfade::model
