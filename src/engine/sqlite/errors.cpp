#include "errors.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <string>

#include "function_error.hpp"

namespace crossfade::sqlite {
namespace {

using namespace model::literals;
using model::SqlState;

struct CodeRow { int code; SqlState state; };

/// Extended codes first, then families. Source: sqlite.org/rescode.html; PostgreSQL 15 manual, appendix A.
constexpr std::array kCodes{
    CodeRow{SQLITE_CONSTRAINT_UNIQUE, "23505"_state},
    CodeRow{SQLITE_CONSTRAINT_PRIMARYKEY, "23505"_state},
    CodeRow{SQLITE_CONSTRAINT_ROWID, "23505"_state},
    CodeRow{SQLITE_CONSTRAINT_NOTNULL, "23502"_state},
    CodeRow{SQLITE_CONSTRAINT_FOREIGNKEY, "23503"_state},
    CodeRow{SQLITE_CONSTRAINT_CHECK, "23514"_state},
    CodeRow{SQLITE_CONSTRAINT_TRIGGER, "P0001"_state},
    CodeRow{SQLITE_CONSTRAINT_DATATYPE, "42804"_state},
    CodeRow{SQLITE_BUSY_SNAPSHOT, "40001"_state},
    CodeRow{SQLITE_READONLY_DIRECTORY, "58030"_state},
    CodeRow{SQLITE_CANTOPEN_ISDIR, "58P01"_state},
    CodeRow{SQLITE_IOERR_NOMEM, "53200"_state},
    CodeRow{SQLITE_CONSTRAINT, "23000"_state},
    CodeRow{SQLITE_BUSY, "55P03"_state},
    CodeRow{SQLITE_LOCKED, "55P03"_state},
    CodeRow{SQLITE_PROTOCOL, "55P03"_state},
    CodeRow{SQLITE_NOMEM, "53200"_state},
    CodeRow{SQLITE_READONLY, "25006"_state},
    CodeRow{SQLITE_INTERRUPT, "57014"_state},
    CodeRow{SQLITE_ABORT, "57014"_state},
    CodeRow{SQLITE_IOERR, "58030"_state},
    CodeRow{SQLITE_CORRUPT, "XX001"_state},
    CodeRow{SQLITE_NOTADB, "XX001"_state},
    CodeRow{SQLITE_FORMAT, "XX001"_state},
    CodeRow{SQLITE_FULL, "53100"_state},
    CodeRow{SQLITE_CANTOPEN, "58030"_state},
    CodeRow{SQLITE_SCHEMA, "40001"_state},
    CodeRow{SQLITE_TOOBIG, "54000"_state},
    CodeRow{SQLITE_MISMATCH, "42804"_state},
    CodeRow{SQLITE_AUTH, "42501"_state},
    CodeRow{SQLITE_PERM, "42501"_state},
    CodeRow{SQLITE_NOLFS, "53100"_state},
};

struct MessageRow { std::string_view begins; SqlState state; std::string_view hint = {}; };

/// SQLITE_ERROR says everything else; its message tells what.
constexpr std::array kMessages{
    MessageRow{"no such table", "42P01"_state},
    MessageRow{"no such view", "42P01"_state},
    MessageRow{"no such index", "42704"_state},
    MessageRow{"no such column", "42703"_state},
    MessageRow{"no such function", "42883"_state},
    MessageRow{"no such savepoint", "3B001"_state},
    MessageRow{"no such collation sequence", "42704"_state},
    MessageRow{"error in view", "0A000"_state, "Drop the view first."},
    MessageRow{"error in trigger", "0A000"_state, "Drop the trigger first."},
    MessageRow{"no query solution", "0A000"_state, "SQLite has no plan for a function of rows in this join. It works in the stage \"postgres\"."},
    MessageRow{"circular reference", "0A000"_state, "SQLite names a recursive query in its own second arm only, and once. It works in the stage \"postgres\"."},
    MessageRow{"multiple recursive references", "0A000"_state},
    MessageRow{"recursive reference in a subquery", "0A000"_state},
    MessageRow{"recursive aggregate queries", "0A000"_state},
    MessageRow{"HAVING clause on a non-aggregate", "0A000"_state},
    MessageRow{"misuse of aggregate", "0A000"_state},
    MessageRow{"misuse of window", "0A000"_state},
    MessageRow{"row value misused", "0A000"_state, "A row of several values is no value on SQLite. It works in the stage \"postgres\"."},
    MessageRow{"argument of ntile", "22014"_state},
    MessageRow{"second argument to nth_value", "22016"_state},
    MessageRow{"frame starting offset", "22013"_state},
    MessageRow{"frame ending offset", "22013"_state},
    MessageRow{"wrong number of arguments", "42883"_state},
    MessageRow{"ambiguous column name", "42702"_state},
    MessageRow{"duplicate column name", "42701"_state},
    MessageRow{"unsafe use of", "42501"_state},
    MessageRow{"near \"", "42601"_state},
    MessageRow{"incomplete input", "42601"_state},
    MessageRow{"unrecognized token", "42601"_state},
    MessageRow{"integer overflow", "22003"_state},
    MessageRow{"string or blob too big", "54000"_state},
    MessageRow{"too many", "54000"_state},
    MessageRow{"at most 64 tables", "54000"_state, "Join some of them in a WITH query that is MATERIALIZED."},
    MessageRow{"parser stack overflow", "54001"_state},
    MessageRow{"Expression tree is too large", "54001"_state},
    MessageRow{"malformed JSON", "22P02"_state},
    MessageRow{"foreign key mismatch", "42830"_state},
    MessageRow{"not authorized", "42501"_state},
};

struct WordsRow { int code; std::string_view message; };

/// PostgreSQL's words where it has the same condition; SQLite's become the detail.
constexpr std::array kWords{
    WordsRow{SQLITE_BUSY_SNAPSHOT, "could not serialize access due to concurrent update"},
    WordsRow{SQLITE_BUSY, "could not obtain lock on the database file: another process holds it"},
    WordsRow{SQLITE_INTERRUPT, "canceling statement due to user request"},
    WordsRow{SQLITE_READONLY, "cannot write in a read-only database file"},
};

}  // namespace

SqlState state_of(int code, std::string_view message) {
  for (const int wanted : {code, code & 0xff})
    if (const auto row = std::ranges::find(kCodes, wanted, &CodeRow::code); row != kCodes.end()) return row->state;
  for (const MessageRow& row : kMessages)
    if (message.starts_with(row.begins)) return row.state;
  if (message.starts_with("table ") || message.starts_with("there is already"))
    if (message.ends_with("already exists")) return "42P07"_state;
  if (message.starts_with("index ") && message.ends_with("already exists")) return "42P07"_state;
  return "XX000"_state;
}

model::Error code_error(int code, std::string_view what) {
  model::Error error{state_of(code, {}), std::string{what}};
  error.message += ": ";
  error.message += sqlite3_errstr(code);
  return error;
}

model::Error last_error(sqlite3* database) {
  if (auto reported = take_reported_error()) return *std::move(reported);
  const std::string message = sqlite3_errmsg(database);
  const int code = sqlite3_extended_errcode(database);
  for (const WordsRow& row : kWords)
    if (row.code == code || row.code == (code & 0xff)) return {state_of(code, message), std::string{row.message}, message};
  const auto row = std::ranges::find_if(kMessages, [&](const MessageRow& each) { return message.starts_with(each.begins); });
  return {state_of(code, message), message, {}, std::string{row == kMessages.end() ? std::string_view{} : row->hint}};
}

}  // namespace crossfade::sqlite
