#pragma once

#include "crossfade/model/error.hpp"

struct sqlite3;

namespace crossfade::sqlite {

struct FunctionContext;

/// Registers the run-time functions (crossfade_*) that the SQLite printer's text calls, and the collations crossfade_numeric and
/// crossfade_interval. `context` is read when a function runs: *context is the session whose statement runs, nullptr when none
/// (now(), current_user and TimeZone then are those of the clock, "" and UTC). It must outlive the connection.
/// Errors: SQLite's, when it has no memory. A function that fails does so by report_error (function_error.hpp).
model::Result<void> register_functions(sqlite3* database, FunctionContext** context);

}  // namespace crossfade::sqlite
