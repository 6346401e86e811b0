#include "crossfade/migrate/scan.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>

#include "crossfade/engine/sqlite/schema_reader.hpp"
#include "crossfade/model/json.hpp"
#include "sqlite_journal.hpp"
#include "sqlite_text.hpp"
#include "table_reader.hpp"
#include "utf8.hpp"

namespace crossfade::migrate {
namespace {

struct Range { std::int64_t low, high; bool holds(std::int64_t value) const { return low <= value && value < high; } };
// 1973-03-03 to 2100-01-01; the three do not overlap.
constexpr Range kSeconds{100'000'000, 4'102'444'800};
constexpr Range kMillis{kSeconds.low * 1'000, kSeconds.high * 1'000};
constexpr Range kMicros{kSeconds.low * 1'000'000, kSeconds.high * 1'000'000};
constexpr double kJulianLow = 2'400'000.5, kJulianHigh = 2'500'000.5;
constexpr std::size_t kLongestWord = 8, kMostWords = 2;
constexpr std::size_t kMostSamples = 3;
constexpr std::int64_t kRowsBetweenLooks = 8'192;

/// Adds the values of one column.
class ColumnCounter {
 public:
  explicit ColumnCounter(const plan::Column& column) {
    out_.name = column.sqlite_name;
    out_.declared = column.declared;
    json_ = plan::fold(column.declared).find("json") != std::string::npos;
  }
  /// The row that the next value stands in; nullopt: it has no number.
  void at(std::optional<std::int64_t> rowid) { rowid_ = rowid; }
  void operator()(const model::Null&) { ++out_.nulls; }
  void operator()(std::int64_t value);
  void operator()(double value);
  void operator()(const std::string& text);
  void operator()(const model::Bytes& blob) {
    ++out_.blobs;
    sample(Sampled::blob);
    out_.blobs_of_16 += blob.data.size() == 16;
    out_.largest = std::max(out_.largest, blob.data.size());
  }
  ColumnScan take() && { return std::move(out_); }

 private:
  void sample(Sampled what) {
    if (!rowid_) return;
    auto& rows = out_.samples[what];
    if (rows.size() < kMostSamples) rows.push_back(*rowid_);
  }
  /// Counts it; the first few rows are kept.
  void note(std::int64_t& count, Sampled what) {
    ++count;
    sample(what);
  }
  void count_digits(std::string_view number);
  void count_word(const std::string& text);
  std::optional<std::int64_t> rowid_;
  ColumnScan out_;
  bool json_ = false;
};

void ColumnCounter::operator()(std::int64_t value) {
  note(out_.integers, Sampled::integer);
  if (value == 0) note(out_.zeros, Sampled::zero);
  out_.min_integer = std::min(value, out_.min_integer.value_or(value));
  out_.max_integer = std::max(value, out_.max_integer.value_or(value));
  out_.zero_or_one += value == 0 || value == 1;
  out_.seconds += kSeconds.holds(value);
  out_.millis += kMillis.holds(value);
  out_.micros += kMicros.holds(value);
  count_digits(std::to_string(value));
}

void ColumnCounter::operator()(double value) {
  note(out_.reals, Sampled::real);
  out_.min_real = std::min(value, out_.min_real.value_or(value));
  out_.max_real = std::max(value, out_.max_real.value_or(value));
  out_.whole_reals += std::isfinite(value) && value == std::trunc(value);
  out_.julian += value >= kJulianLow && value < kJulianHigh;
  std::array<char, 400> digits;  // the longest double in fixed notation has 341 characters
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value, std::chars_format::fixed);
  if (end.ec == std::errc{}) count_digits({digits.data(), end.ptr});
}

void ColumnCounter::operator()(const std::string& text) {
  note(out_.texts, Sampled::text);
  if (text.empty()) note(out_.empty_texts, Sampled::empty_text);
  if (text.starts_with("0000-00-00")) note(out_.zero_dates, Sampled::zero_date);
  out_.largest = std::max(out_.largest, text.size());
  if (text.find('\0') != text.npos) note(out_.nul_text, Sampled::nul_text);
  const auto characters = utf8_length(text);
  if (!characters) note(out_.invalid_utf8, Sampled::invalid_utf8);
  out_.longest = std::max(out_.longest, characters.value_or(text.size()));
  const auto shape = shape_of(text);
  ++out_.shapes[shape];
  if (shape.kind == TextShape::Kind::other && !text.empty()) sample(Sampled::other_text);
  if (shape.kind == TextShape::Kind::number) count_digits(text);
  count_word(text);
  if (!json_) return;
  if (const auto normal = model::normalize_jsonb(text)) {
    ++out_.valid_json;
    out_.normal_json += *normal == text;
  } else {
    const bool valid = model::check_json(text).has_value();
    out_.valid_json += valid;
    if (!valid) sample(Sampled::invalid_json);
  }
}

void ColumnCounter::count_digits(std::string_view number) {
  if (number.starts_with('-')) number.remove_prefix(1);
  const auto point = number.find('.');
  const auto whole = number.substr(0, point);
  const auto decimals = point == number.npos ? 0 : number.size() - point - 1;
  out_.whole_digits = std::max(out_.whole_digits, whole == "0" ? 0 : static_cast<int>(whole.size()));
  out_.decimals = std::max(out_.decimals, static_cast<int>(decimals));
}

void ColumnCounter::count_word(const std::string& text) {
  if (out_.many_words) return;
  const bool known = out_.words.contains(text);
  if (text.size() > kLongestWord || (!known && out_.words.size() == kMostWords)) {
    out_.many_words = true;
    return out_.words.clear();
  }
  ++out_.words[text];
}

bool key_has_null(const plan::Table& table, const sqlite::StorageRow& row) {
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    if (table.columns[i].primary_key != 0 && std::holds_alternative<model::Null>(row[i])) return true;
  }
  return false;
}

model::Error in_table(model::Error error, const plan::Table& table) {
  error.message += " (while table \"" + table.sqlite_name + "\" was read)";
  return error;
}

/// Says how far the scan is.
struct Meter {
  const ScanProgress& progress;
  std::int64_t rows = 0, about = 0;
  void operator()() {
    if (++rows % kRowsBetweenLooks == 0 && progress) progress(rows, std::max(about, rows));
  }
};

model::Result<TableScan> scan_table(sqlite::Connection& connection, const plan::Table& table, Meter& meter) {
  TableScan out;
  out.name = table.name;
  out.source = table.sqlite_name;
  out.keyless = table.key().empty();
  std::vector<ColumnCounter> counters(table.columns.begin(), table.columns.end());
  const auto number = table.without_rowid ? model::Result<std::string>("NULL") : rowid_name(table);
  auto statement = connection.prepare("SELECT " + sqlite_columns(table) + ", " + number.value_or("NULL") + " FROM main." + quote_sqlite(table.sqlite_name));
  if (!statement) return std::unexpected(in_table(statement.error(), table));
  sqlite::StorageRow row;
  while (true) {
    const auto stepped = statement->step();
    if (!stepped) return std::unexpected(in_table(stepped.error(), table));
    if (!*stepped) break;
    statement->read_row(row);
    const auto* rowid = std::get_if<std::int64_t>(&row.back());
    for (std::size_t i = 0; i < counters.size(); ++i) {
      counters[i].at(rowid != nullptr ? std::optional(*rowid) : std::nullopt);
      std::visit(counters[i], row[i]);
    }
    out.null_keys += key_has_null(table, row);
    ++out.rows;
    meter();
  }
  for (auto& counter : counters) out.columns.push_back(std::move(counter).take());
  const model::StorageValue name = table.sqlite_name;
  CROSSFADE_TRY(const auto triggers, connection.query("SELECT name FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = ?1 COLLATE NOCASE "
                                                      "AND name NOT LIKE 'crossfade\\_%' ESCAPE '\\' ORDER BY name", {&name, 1}));
  for (const auto& trigger : triggers) out.triggers.push_back(std::get<std::string>(trigger.at(0)));
  return out;
}

std::int64_t rows_of_all(sqlite::Connection& connection, const plan::Schema& schema) {
  std::int64_t rows = 0;
  for (const auto& [name, table] : schema.tables) {
    if (!table.view && !table.virtual_table) rows += rows_about(connection, table);
  }
  return rows;
}

}  // namespace

const TableScan* ScanReport::find(std::string_view source) const {
  const auto found = std::ranges::find(tables, source, &TableScan::source);
  return found == tables.end() ? nullptr : &*found;
}

model::Result<ScanReport> scan(sqlite::Connection& connection, const ScanProgress& progress, const plan::Plan* names) {
  const auto start = std::chrono::steady_clock::now();
  ScanReport report;
  std::optional<sqlite::Transaction> own;
  if (!connection.in_transaction()) {
    CROSSFADE_TRY(auto begun, sqlite::Transaction::begin(connection, sqlite::Transaction::Mode::deferred));
    own.emplace(std::move(begun));
  }
  CROSSFADE_TRY(const auto schema, sqlite::read_schema(connection, names));
  Meter meter{.progress = progress, .about = progress ? rows_of_all(connection, schema) : 0};
  for (const auto& [name, table] : schema.tables) {
    if (table.view || table.virtual_table) {
      report.not_scanned.push_back(name + (table.view ? ": a view" : ": a virtual table"));
      continue;
    }
    CROSSFADE_TRY(auto scanned, scan_table(connection, table, meter));
    report.tables.push_back(std::move(scanned));
  }
  report.elapsed = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - start);
  return report;
}

}  // namespace crossfade::migrate
