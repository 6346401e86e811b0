#pragma once

#include <string_view>

#include "crossfade/model/error.hpp"

struct sqlite3;

namespace crossfade::sqlite {

/// The SQLSTATE of an (extended) result code: the code's own row, then its family's, else XX000. "SQL logic error" codes are told
/// apart by the start of the message.
model::SqlState state_of(int code, std::string_view message);

/// The handle's last error, with what a run-time function reported in place of SQLite's words.
model::Error last_error(sqlite3* database);

/// A handle that could not be opened, or a failure with no handle at all.
model::Error code_error(int code, std::string_view what);

}  // namespace crossfade::sqlite
