#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "crossfade/model/error.hpp"
#include "crossfade/model/time_zone.hpp"
#include "crossfade/model/value.hpp"

namespace crossfade::plan {

/// How a PostgreSQL value is stored in a SQLite column (or travels through a SQLite expression).
enum class Form : std::uint8_t {
  integer,          // int2/4/8/oid: INTEGER
  real,             // float4/8: REAL (an INTEGER in such a column reads as its double)
  text,             // text/varchar/bpchar/name: TEXT
  blob,             // bytea: BLOB
  numeric_text,     // numeric: TEXT, PostgreSQL's digits and scale
  number,           // numeric: INTEGER, or REAL read as its shortest decimal, or TEXT digits (a legacy DECIMAL column)
  boolean_integer,  // boolean: 0 / 1
  boolean_text,     // boolean: a word pair, StoredForm::words: "t/f", "true/false", "yes/no", "Y/N" …
  date_iso,         // date: 'YYYY-MM-DD'
  date_days,        // date: INTEGER days since 2000-01-01 (run-time form)
  time_iso,         // time: 'HH:MM:SS[.f]'
  time_micros,      // time: INTEGER µs (run-time form)
  timestamp_iso,    // timestamp, timestamptz: ISO text; separator, fraction digits and offset in StoredForm
  epoch_seconds,    // INTEGER (or REAL) seconds since 1970 UTC
  epoch_millis,     // INTEGER
  epoch_micros,     // INTEGER
  julian_day,       // REAL
  timestamp_micros, // INTEGER µs since 2000-01-01 (run-time form)
  interval_text,    // interval: TEXT, PostgreSQL's 'postgres' style
  uuid_text,        // uuid: lower-case, 36 characters
  uuid_blob,        // uuid: 16 bytes, network order
  uuid_hex,         // uuid: lower-case, 32 hex digits (what Django and SQLAlchemy store)
  json_text,        // json, jsonb: TEXT
  timetz_text,      // timetz: TEXT, '12:00:00+02'
  array_text,       // arrays: TEXT, PostgreSQL's '{1,NULL,"a b"}' with TimeZone UTC and ISO dates
  any,              // text: of a computed column of a view; TEXT, an INTEGER's or REAL's digits, a BLOB as bytea's. Not of tables
};

enum class Offset : std::uint8_t { none, z, plus00, plus00_00 };  // '', 'Z', '+00', '+00:00'

/// `fraction` of ISO text: none when the second is whole, else six digits (what Python's isoformat() writes).
inline constexpr std::int8_t kNoneOrSix = 106;

/// A form with its parameters. `fraction`: digits after the second: 0, 3 or 6 fixed; -1 any number when read, as many as needed
/// when written (so the text keeps neither order nor equality); kNoneOrSix. epoch_seconds: 3 or 6 allow REAL for fractions.
struct StoredForm {
  Form form = Form::text;
  std::int8_t fraction = -1;
  char separator = ' ';
  Offset offset = Offset::none;
  std::string words = {};  // boolean_text: "true/false"
  std::string zone = {};   // timestamp_iso without offset that becomes timestamptz: its IANA zone; empty: UTC
  bool operator==(const StoredForm&) const = default;
};

/// plan.toml's spelling: "integer", "timestamp-iso(separator=T, fraction=3, offset=Z)", "boolean-text(yes/no)".
std::string to_string(const StoredForm& form);
std::optional<StoredForm> parse_stored_form(std::string_view text);

/// The form in which expressions of a type travel inside SQLite: integers INTEGER, numeric TEXT under the collation
/// crossfade_numeric, date/time/timestamp(tz) INTEGER days or µs since 2000, interval TEXT under crossfade_interval …
const StoredForm& runtime_form(model::Type type);
/// The form of a column created through the proxy; ISO text for dates, so that other programs can read the file.
const StoredForm& created_form(model::Type type);
/// SQLite's declared type for such a column; its affinity loses nothing (numeric, interval, jsonb, uuid: TEXT).
std::string created_declaration(model::Type type);

/// What may be done in SQL on the stored form without decoding it.
/// order: `<` on stored forms is `<` on values (then equality too); equality: `=` only.
struct FormTraits { bool keeps_order; bool keeps_equality; };
FormTraits traits(const StoredForm& form, model::Type type);
/// nullopt, or the collation that makes TEXT of this form compare as its type: "crossfade_numeric", "crossfade_interval",
/// "crossfade_timetz", of an array "crossfade_array_" and its element's typname.
std::optional<std::string> collation(const StoredForm& form, model::Type type);

/// Reads a stored value. NULL is NULL. Errors: 22P02 "stored text "x" does not fit …" (the caller adds table, column, rowid), 22021,
/// 22003, 22001. Nothing is ever rounded, cut or guessed: what a form's own writer would not have written is an error, but for
/// fraction -1, and for JSON and numeric text, which are read by value.
model::Result<model::Value> decode(const model::StorageValue& stored, const StoredForm& form, model::Type type);
/// Writes a value into the form. Errors: 22003 when the form cannot hold it exactly (20 digits in REAL, µs in epoch-seconds, NaN in
/// REAL, the year 10000 in ISO text, a local time that the zone has twice).
model::Result<model::StorageValue> encode(const model::Value& value, const StoredForm& form, model::Type type);
/// The same with the zone of naive stored times given by the caller instead of by `form.zone` (empty: UTC).
model::Result<model::Value> decode(const model::StorageValue& stored, const StoredForm& form, model::Type type,
                                   const model::TimeZone& zone);
model::Result<model::StorageValue> encode(const model::Value& value, const StoredForm& form, model::Type type,
                                          const model::TimeZone& zone);
/// Can values of the type be stored in the form at all? A `timestamp` has no offset, for one.
bool holds(const StoredForm& form, model::Type type);

}  // namespace crossfade::plan
