#pragma once

#include <optional>
#include <string_view>

#include "crossfade/model/error.hpp"

struct sqlite3;

namespace crossfade::sqlite {

struct FunctionContext;

/// Registers the run-time functions (crossfade_*) that the SQLite printer's text calls, and the collations crossfade_numeric and
/// crossfade_interval. `context` is read when a function runs: *context is the session whose statement runs, nullptr when none
/// (now(), current_user and TimeZone then are those of the clock, "" and UTC). It must outlive the connection.
/// Errors: SQLite's, when it has no memory.
model::Result<void> register_functions(sqlite3* database, FunctionContext** context);

/// What a run-time function failed with, read back from sqlite3_errmsg(): SQLSTATE, message, detail and hint. nullopt when the
/// message is SQLite's own.
std::optional<model::Error> function_error(std::string_view sqlite_message);

}  // namespace crossfade::sqlite
