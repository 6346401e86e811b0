#pragma once

#include <cstdint>
#include <string>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "crossfade/migrate/verify.hpp"

namespace crossfade::migrate {

/// A statement of a log, its parameters put in, or of a script.
struct LoggedStatement {
  std::string text;
  std::int64_t line = 1;
  std::string unusable;  // why it cannot be run again: its parameters were cut; empty: it can
};

/// The statements of a log of PostgreSQL's (log_statement, log_min_duration_statement) in the order in which they ran: lines with any
/// log_line_prefix, or jsonlog. `parse` and `bind` of a statement are not counted beside its `execute`. Errors: 22023 when it holds none.
model::Result<std::vector<LoggedStatement>> read_statement_log(std::string_view log);
/// The statements of a script of SQL. Errors: as sql::parse.
model::Result<std::vector<LoggedStatement>> read_script(std::string_view script);

/// What became of the statements with one fingerprint.
struct FingerprintComparison {
  std::string fingerprint;
  std::string first;  // of them, as it was run
  std::int64_t line = 1;
  std::int64_t runs = 0, equal = 0, different = 0, not_compared = 0;
  std::chrono::microseconds sqlite{0}, postgres{0};  // of all that were compared
  std::string why_not = {};                          // of the first that was not compared
  /// The first that differed, and its line.
  std::optional<StatementComparison> example = {};
  std::int64_t example_line = 0;
};
/// Runs them one by one as compare_statement() does, and sums them up by fingerprint, in the order in which those came first. Statements
/// that write, or whose functions are volatile, are counted as not compared. Errors: those of the connection.
model::Result<std::vector<FingerprintComparison>> compare_statements(sqlite::Database& database, postgres::Connection& target,
                                                                     std::span<const LoggedStatement> statements);

}  // namespace crossfade::migrate
