#include <algorithm>
#include <array>

#include "draft_rules.hpp"
#include "findings.hpp"

namespace crossfade::migrate {
namespace {

constexpr auto kNote = Finding::Severity::note, kWarning = Finding::Severity::warning, kBlocker = Finding::Severity::blocker;
constexpr std::size_t kLargeBytes = 1 << 20;
constexpr std::size_t kPostgresLimit = 1'000'000'000;  // a field of PostgreSQL holds a little less than 1 GB
constexpr std::size_t kIndexEntry = 2'700;             // a btree entry: a third of a page

bool is_declared(const ColumnFacts& at, std::string_view word) { return Declaration{at.column.declared}.has(word); }
bool is_time(const ColumnFacts& at) { return is_declared(at, "DATE") || is_declared(at, "TIME"); }

/// SQLite's affinity of a declaration. Source: sqlite.org/datatype3.html, 3.1.
enum class Affinity : std::uint8_t { integer, text, blob, real, numeric };
Affinity affinity(const ColumnFacts& at) {
  const Declaration words{at.column.declared};
  if (words.has("INT")) return Affinity::integer;
  if (words.has("CHAR") || words.has("CLOB") || words.has("TEXT")) return Affinity::text;
  if (words.has("BLOB") || words.words.empty() || words.words == "ANY") return Affinity::blob;
  if (words.has("REAL") || words.has("FLOA") || words.has("DOUB")) return Affinity::real;
  return Affinity::numeric;
}

int classes(const ColumnScan& scan) { return (scan.integers != 0) + (scan.reals != 0) + (scan.texts != 0) + (scan.blobs != 0); }

/// Texts of a time column by what they are.
std::int64_t texts_of(const ColumnScan& scan, bool (*wanted)(const TextShape&)) {
  std::int64_t count = 0;
  for (const auto& [shape, rows] : scan.shapes) count += wanted(shape) ? rows : 0;
  return count;
}
bool with_offset(const TextShape& shape) { return shape.kind == TextShape::Kind::timestamp && shape.offset != TextShape::Offset::none; }
bool naive(const TextShape& shape) { return shape.kind == TextShape::Kind::timestamp && shape.offset == TextShape::Offset::none; }
bool no_time(const TextShape& shape) { return shape.kind == TextShape::Kind::other || shape.kind == TextShape::Kind::uuid; }
bool only_a_date(const TextShape& shape) { return shape.kind == TextShape::Kind::date; }

/// Declared as an integer or not at all; what stands there are times, as numbers and as texts.
bool is_used_as_time(const ColumnFacts& at) {
  const std::int64_t numbers = at.scan.seconds + at.scan.millis + at.scan.micros;
  return numbers != 0 && numbers == at.scan.integers && texts_of(at.scan, naive) + texts_of(at.scan, with_offset) != 0;
}

bool looks_like_uuids(const ColumnFacts& at) {
  constexpr std::size_t kUuidLength = 36;
  return is_declared(at, "GUID") || is_declared(at, "UUID") || (at.scan.blobs == at.scan.blobs_of_16 && at.scan.longest == kUuidLength);
}

bool indexed(const ColumnFacts& at) {
  return std::ranges::any_of(at.table.indexes, [&](const plan::Index& index) {
    return std::ranges::any_of(index.parts, [&](const plan::IndexPart& part) { return part.column == at.column.name; });
  });
}

// Each row is one stable code.
constexpr std::array kChecks{
    ColumnCheck{"TYPE_TEXT_IN_INT", kWarning,
                [](const ColumnFacts& at) { return affinity(at) == Affinity::integer && !is_time(at) ? at.scan.texts - at.scan.empty_texts : 0; },
                "texts in a column declared as an integer", "Mend them, or let the plan make the column text; misfit = \"null\" or \"quarantine\" drops only these.", Sampled::text},
    ColumnCheck{"TYPE_REAL_IN_INT", kWarning,
                [](const ColumnFacts& at) { return affinity(at) == Affinity::integer && !is_time(at) ? at.scan.reals : 0; },
                "reals in a column declared as an integer", "The plan makes it numeric, which keeps every digit; a cast to bigint would round.", Sampled::real},
    ColumnCheck{"EMPTY_IN_TYPED", kWarning,
                [](const ColumnFacts& at) { return affinity(at) != Affinity::text && affinity(at) != Affinity::blob ? at.scan.empty_texts : 0; },
                "empty texts in a typed column", "Set them NULL in the file if that is what they mean.", Sampled::empty_text},
    ColumnCheck{"TYPE_NONE_MIXED", kWarning,
                [](const ColumnFacts& at) { return affinity(at) == Affinity::blob && classes(at.scan) > 1 ? at.scan.rows() - at.scan.nulls : 0; },
                "values of several storage classes in a column without a type", "The plan casts to text or bytea; the storage class is not kept.", std::nullopt},
    ColumnCheck{"UINT64", kNote,
                [](const ColumnFacts& at) { return at.scan.texts != 0 && at.scan.whole_digits >= 19 ? at.scan.texts : 0; },
                "texts, some of 19 digits and more", "They stay text; numeric(20) if they are unsigned 64-bit numbers.", Sampled::text},
    ColumnCheck{"AFFINITY_STRING", kWarning, [](const ColumnFacts& at) { return is_declared(at, "STRING") ? std::max<std::int64_t>(at.scan.integers + at.scan.reals, 1) : 0; },
                "numbers in a column declared STRING", "SQLite has kept texts that look like numbers as numbers: leading zeros are gone already.", Sampled::integer},
    ColumnCheck{"BINARY_DECL", kNote, [](const ColumnFacts& at) { return is_declared(at, "BINARY") ? at.scan.texts : 0; },
                "texts in a column declared BINARY", "What is stored decides, not the declaration.", Sampled::text},
    ColumnCheck{"GUID_MIXED", kWarning, [](const ColumnFacts& at) { return looks_like_uuids(at) && at.scan.texts != 0 ? at.scan.blobs : 0; },
                "BLOBs beside texts in a UUID column", "Write all of them in one form.", Sampled::blob},
    ColumnCheck{"BOOL_INT", kNote, [](const ColumnFacts& at) { return is_declared(at, "BOOL") && at.scan.zero_or_one == at.scan.rows() - at.scan.nulls ? at.scan.zero_or_one : 0; },
                "values, all 0 or 1", "They become false and true.", std::nullopt},
    ColumnCheck{"BOOL_BAD_VALUE", kWarning,
                [](const ColumnFacts& at) {
                  if (!is_declared(at, "BOOL")) return std::int64_t{0};
                  if (at.scan.texts == 0) return at.scan.rows() - at.scan.nulls - at.scan.zero_or_one;
                  return at.scan.many_words ? at.scan.texts : 0;
                },
                "values of a boolean column that are neither true nor false", "Mend them, or leave the column as it is stored.", Sampled::other_text},
    ColumnCheck{"TS_MIXED_STORAGE", kWarning, [](const ColumnFacts& at) { return (is_time(at) || is_used_as_time(at)) && classes(at.scan) > 1 ? at.scan.rows() - at.scan.nulls : 0; },
                "times stored as numbers and as texts", "SQLite compares them by storage class: range queries skip some. Write all in one form.", Sampled::text},
    ColumnCheck{"TS_NAIVE_OFFSET_MIX", kWarning,
                [](const ColumnFacts& at) { return is_time(at) && texts_of(at.scan, naive) != 0 ? texts_of(at.scan, with_offset) : 0; },
                "times with an offset beside times without one", "Say the zone of those without; a plain cast to timestamp drops the offset.", Sampled::text},
    ColumnCheck{"TS_MIXED_ENCODING", kWarning,
                [](const ColumnFacts& at) {
                  const std::int64_t times = texts_of(at.scan, naive) + texts_of(at.scan, with_offset);
                  return is_time(at) && times != 0 ? texts_of(at.scan, only_a_date) : 0;
                },
                "dates without a time beside times", "Write all in one form.", Sampled::text},
    ColumnCheck{"TS_ZERO_DATE", kWarning, [](const ColumnFacts& at) { return is_time(at) ? at.scan.zero_dates : 0; },
                "zero dates", "PostgreSQL has no year 0000: set them NULL, or to the date that is meant.", Sampled::zero_date},
    ColumnCheck{"TS_ZERO", kWarning, [](const ColumnFacts& at) { return is_time(at) ? at.scan.zeros : 0; },
                "zeros in a column of times", "0 is 1970-01-01 if it is a time at all; set it NULL if it means none.", Sampled::zero},
    ColumnCheck{"TS_IMPOSSIBLE", kWarning, [](const ColumnFacts& at) { return is_time(at) ? texts_of(at.scan, no_time) - at.scan.zero_dates - at.scan.empty_texts : 0; },
                "texts of a time column that are no times PostgreSQL reads", "Mend them, or leave the column text.", Sampled::other_text},
    ColumnCheck{"TS_EPOCH_MS", kNote, [](const ColumnFacts& at) { return is_time(at) ? at.scan.millis : 0; },
                "times in milliseconds since 1970", "They become timestamptz.", std::nullopt},
    ColumnCheck{"TS_EPOCH_S", kNote, [](const ColumnFacts& at) { return is_time(at) ? at.scan.seconds : 0; },
                "times in seconds since 1970", "They become timestamptz.", std::nullopt},
    ColumnCheck{"TEXT_NUL", kBlocker, [](const ColumnFacts& at) { return at.scan.nul_text; },
                "texts that hold a NUL character", "PostgreSQL's text cannot: strip it in the file, or plan misfit = \"null\" or \"quarantine\", or bytea.", Sampled::nul_text},
    ColumnCheck{"TEXT_BAD_UTF8", kBlocker, [](const ColumnFacts& at) { return at.scan.invalid_utf8; },
                "texts that are not UTF-8", "Mend the encoding in the file, or plan misfit = \"null\" or \"quarantine\", or bytea.", Sampled::invalid_utf8},
    ColumnCheck{"JSON_INVALID", kWarning, [](const ColumnFacts& at) { return is_declared(at, "JSON") ? at.scan.texts - at.scan.valid_json : 0; },
                "texts of a JSON column that are no JSON", "Mend them, or the column stays text.", Sampled::invalid_json},
    ColumnCheck{"KEY_STORAGE_COLLISION", kBlocker, [](const ColumnFacts& at) { return at.column.primary_key != 0 && classes(at.scan) > 1 ? at.scan.rows() : 0; },
                "keys of several storage classes", "Two that differ in the class alone would become one: write all in one class.", std::nullopt},
    ColumnCheck{"LARGE_VALUE", kNote, [](const ColumnFacts& at) { return std::int64_t{at.scan.largest >= kLargeBytes && at.scan.largest < kPostgresLimit}; },
                "column holds values above 1 MiB", "They are copied one at a time.", std::nullopt},
    ColumnCheck{"VALUE_TOO_LARGE", kBlocker, [](const ColumnFacts& at) { return std::int64_t{at.scan.largest >= kPostgresLimit}; },
                "column holds a value of 1 GB or more", "PostgreSQL has no room for it in a field.", std::nullopt},
    ColumnCheck{"INDEX_ROW_SIZE", kWarning, [](const ColumnFacts& at) { return std::int64_t{indexed(at) && at.scan.largest > kIndexEntry}; },
                "indexed column holds values above 2,700 bytes", "A btree entry has no room for them, if they do not compress: index md5() of it, or a prefix.", std::nullopt},
};

}  // namespace

std::span<const ColumnCheck> column_checks() { return kChecks; }

}  // namespace crossfade::migrate
