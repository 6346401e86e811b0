#pragma once

#include <array>
#include <string>
#include <string_view>

namespace crossfade::migrate {

/// Our objects in PostgreSQL: schema `crossfade`. One row each in state, watermark and plan. Every statement is IF NOT EXISTS.
/// copy's: plan, chunks, quarantine. The mirror's: state, watermark, journal.
inline constexpr std::array<std::string_view, 5> kCopyObjects{
    "CREATE SCHEMA IF NOT EXISTS crossfade",
    "CREATE TABLE IF NOT EXISTS crossfade.plan ("
    "one boolean PRIMARY KEY DEFAULT true CHECK (one), "
    "plan text NOT NULL, hash text NOT NULL, stored_at timestamptz NOT NULL DEFAULT now())",
    // table_name '': the whole copy, done when its last step is. position: the last rowid or key of the chunk (position.hpp); done: the whole table has been read.
    "CREATE TABLE IF NOT EXISTS crossfade.chunks ("
    "table_name text COLLATE \"C\" PRIMARY KEY, source_mark text NOT NULL DEFAULT '', position text NOT NULL DEFAULT '', "
    "rows_read bigint NOT NULL DEFAULT 0, rows_written bigint NOT NULL DEFAULT 0, values_nulled bigint NOT NULL DEFAULT 0, "
    "values_cast bigint NOT NULL DEFAULT 0, rows_quarantined bigint NOT NULL DEFAULT 0, bytes_read bigint NOT NULL DEFAULT 0, "
    "done boolean NOT NULL DEFAULT false)",
    // origin: 'copy' or 'applier'. row_key: rowid or key as text. content: SQLite's storage class and bytes in hex.
    "CREATE TABLE IF NOT EXISTS crossfade.quarantine ("
    "id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, table_name text NOT NULL, row_key text NOT NULL, column_name text, "
    "content text, reason text NOT NULL, origin text NOT NULL DEFAULT 'copy', noted_at timestamptz NOT NULL DEFAULT now())",
    "CREATE INDEX IF NOT EXISTS quarantine_of_mirror ON crossfade.quarantine (table_name, row_key) WHERE origin <> 'copy'",
};

/// Our table of the plan in the file. The mirror's crossfade_state and crossfade_journal are its own.
inline constexpr std::string_view kSqlitePlanTable =
    "CREATE TABLE IF NOT EXISTS crossfade_plan (one INTEGER PRIMARY KEY CHECK (one = 1), plan TEXT NOT NULL, hash TEXT NOT NULL)";

/// The schema in which the tables of the file are made.
inline constexpr std::string_view kTargetSchema = "public";
/// "public"."users", for any statement whatever the search_path.
std::string qualified(std::string_view table);

}  // namespace crossfade::migrate
