#pragma once

#include <string>
#include <string_view>

#include "crossfade/model/error.hpp"
#include "crossfade/model/value.hpp"

namespace crossfade::model {

void append_hex(std::string& out, std::string_view bytes);
/// byteaout with bytea_output = escape.
void append_escaped(std::string& out, std::string_view bytes);
/// byteain: \x… or escape format. Errors: 22P02, 22023.
Result<Bytes> parse_bytea(std::string_view text);

void append_uuid(std::string& out, const Uuid& value);
/// Errors: 22P02.
Result<Uuid> parse_uuid(std::string_view text);

}  // namespace crossfade::model
