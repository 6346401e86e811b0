#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "crossfade/engine/sqlite/connection.hpp"
#include "crossfade/plan/plan.hpp"

namespace crossfade::migrate {

/// How a time is spelled in TEXT: what StoredForm's timestamp_iso tells apart. `kind` is also what else TEXT may be.
struct TextShape {
  enum class Kind : std::uint8_t { date, time, timestamp, uuid, number, other } kind = Kind::other;
  char separator = ' ';        // ' ' or 'T'
  int fraction = 0;            // digits after the second; -2: no seconds at all
  bool trailing_zero = false;  // the fraction ends in 0
  enum class Offset : std::uint8_t { none, z, plus00, plus00_00, other } offset = Offset::none;
  auto operator<=>(const TextShape&) const = default;
};
TextShape shape_of(std::string_view text);
/// "2024-02-29T12:34:56.123Z" → "YYYY-MM-DDTHH:MM:SS.fffZ".
std::string to_string(const TextShape& shape);

/// What a sample row stands for.
enum class Sampled : std::uint8_t { integer, real, text, blob, empty_text, zero, zero_date, nul_text, invalid_utf8, invalid_json, other_text };

/// What stands in a column, from one pass over all rows.
struct ColumnScan {
  std::string name;      // SQLite's
  std::string declared;  // SQLite's declared type
  std::int64_t nulls = 0, integers = 0, reals = 0, texts = 0, blobs = 0;
  std::optional<std::int64_t> min_integer, max_integer;
  std::optional<double> min_real, max_real;
  std::int64_t whole_reals = 0;                       // reals without a fraction
  std::int64_t zero_or_one = 0;                       // integers that are 0 or 1
  std::int64_t seconds = 0, millis = 0, micros = 0;   // integers that are 1973 … 2100 when read as such
  std::int64_t julian = 0;                            // reals that are years 1858 … 2132 as Julian days
  std::size_t longest = 0;                            // characters of the longest text
  std::size_t largest = 0;                            // bytes of the largest text or blob
  int decimals = 0, whole_digits = 0;                 // most digits after and before the point (numbers, shortest decimal)
  std::int64_t nul_text = 0, invalid_utf8 = 0;        // texts that PostgreSQL cannot hold
  std::int64_t valid_json = 0, normal_json = 0;       // texts that are JSON; in jsonb's normal form
  std::int64_t blobs_of_16 = 0;
  std::map<TextShape, std::int64_t> shapes;           // of texts
  std::map<std::string, std::int64_t> words;          // of texts up to 8 bytes, while there are at most 2
  bool many_words = false;                            // there were more
  std::int64_t empty_texts = 0, zeros = 0;            // '' and the integer 0
  std::int64_t zero_dates = 0;                        // texts that begin with 0000-00-00
  std::map<Sampled, std::vector<std::int64_t>> samples;  // rowids of the first few; none in a WITHOUT ROWID table
  std::int64_t rows() const { return nulls + integers + reals + texts + blobs; }
};

struct TableScan {
  std::string name;  // PostgreSQL's
  std::string source;
  std::int64_t rows = 0;
  std::int64_t null_keys = 0;  // rows with a NULL in the primary key
  bool keyless = false;
  std::vector<ColumnScan> columns;
  std::vector<std::string> triggers;  // names: they do not come along
};

struct ScanReport {
  std::vector<TableScan> tables;
  std::vector<std::string> not_scanned;  // views and virtual tables, each with its reason
  std::chrono::milliseconds elapsed{0};
  const TableScan* find(std::string_view source) const;
};

/// Rows read so far, of about how many (as SQLite's statistics or the largest rowids have it; 0: not known). Called now and then.
using ScanProgress = std::function<void(std::int64_t rows, std::int64_t about)>;

/// One full pass over every table, through SQLite alone and in one read transaction. Memory does not grow with rows.
/// `names`: a plan whose names for tables count. Errors: SQLite's own (XX001 for a corrupt file names the table).
model::Result<ScanReport> scan(sqlite::Connection& connection, const ScanProgress& progress = {}, const plan::Plan* names = nullptr);

/// The plan that a scan proves: bigint, double precision, text and bytea, narrower types only where the declaration asks for them
/// and every value fits. Every choice has a note. Columns that `previous` marks keep = true stay as they are there.
plan::Plan draft(const plan::Schema& schema, const ScanReport& report, const std::vector<plan::Declared>& declared = {},
                 const plan::Plan* previous = nullptr);

/// A drafted choice that did not survive reading every value and writing it back, and went back to a wider type.
struct Demotion { std::string table, column, reason; };
/// Reads every value of the narrowed columns, writes it back into the stored form and compares; what differs is widened.
model::Result<std::vector<Demotion>> prove(sqlite::Connection& connection, plan::Plan& plan);

/// read_schema, scan, draft and prove: the verb `crossfade plan`. `warnings` says what will not fit as it stands (NUL in text, NULL in
/// keys, keyless tables, mixed columns): exit code 1 when there are any.
struct Drafted {
  plan::Plan plan;
  ScanReport report;
  std::vector<Demotion> demotions;
  std::vector<std::string> warnings;
  std::vector<std::string> notes;  // of draft_into_existing(): nothing is to be done about them
};
model::Result<Drafted> draft_plan(sqlite::Connection& connection, const plan::Plan* previous = nullptr);

}  // namespace crossfade::migrate
