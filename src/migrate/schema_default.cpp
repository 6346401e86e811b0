#include <algorithm>
#include <array>
#include <charconv>

#include "crossfade/engine/postgres/connection.hpp"
#include "crossfade/model/text_format.hpp"
#include "crossfade/sql/kept_default.hpp"
#include "schema_text.hpp"
#include "schema_tokens.hpp"

namespace crossfade::migrate {
namespace {

namespace oid = model::oid;

/// SQLite's clock at whole seconds in UTC, constant within a statement: what each gives in a column of a type. `words`: the default's
/// tokens, set apart by one blank.
struct Clock { std::string_view words; model::Oid type; std::string_view postgres; };
constexpr std::string_view kTimestamp = "date_trunc('second', statement_timestamp() AT TIME ZONE 'UTC')";
constexpr std::string_view kTimestampTz = "date_trunc('second', statement_timestamp())";
constexpr std::string_view kTimestampText = "to_char(statement_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS')";
constexpr std::string_view kDate = "(statement_timestamp() AT TIME ZONE 'UTC')::date";
constexpr std::string_view kDateText = "to_char(statement_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD')";
constexpr std::string_view kTime = "date_trunc('second', statement_timestamp() AT TIME ZONE 'UTC')::time";
constexpr std::string_view kTimeText = "to_char(statement_timestamp() AT TIME ZONE 'UTC', 'HH24:MI:SS')";
constexpr std::string_view kEpoch = "floor(extract(epoch FROM statement_timestamp()))::bigint";
constexpr std::array kClocks{
    Clock{"CURRENT_TIMESTAMP", oid::timestamp, kTimestamp},     Clock{"CURRENT_TIMESTAMP", oid::timestamptz, kTimestampTz},
    Clock{"CURRENT_TIMESTAMP", oid::text, kTimestampText},      Clock{"CURRENT_TIMESTAMP", oid::varchar, kTimestampText},
    Clock{"CURRENT_DATE", oid::date, kDate},                    Clock{"CURRENT_DATE", oid::text, kDateText},
    Clock{"CURRENT_TIME", oid::time, kTime},                    Clock{"CURRENT_TIME", oid::text, kTimeText},
    Clock{"DATETIME ( 'now' )", oid::timestamp, kTimestamp},    Clock{"DATETIME ( 'now' )", oid::timestamptz, kTimestampTz},
    Clock{"DATETIME ( 'now' )", oid::text, kTimestampText},     Clock{"DATE ( 'now' )", oid::date, kDate},
    Clock{"DATE ( 'now' )", oid::text, kDateText},              Clock{"TIME ( 'now' )", oid::time, kTime},
    Clock{"STRFTIME ( '%s' , 'now' )", oid::timestamptz, kTimestampTz}, Clock{"UNIXEPOCH ( )", oid::timestamptz, kTimestampTz},
    Clock{"UNIXEPOCH ( )", oid::int8, kEpoch},
};

std::string joined(const std::vector<Token>& words) {
  std::string out;
  for (const auto& token : words) {
    if (!out.empty()) out += ' ';
    out += token.kind != Token::Kind::string ? upper(token.text) : "'" + (upper(token.text) == "NOW" ? "now" : token.text) + "'";
  }
  return out;
}

bool is_now(const Token& token) { return token.kind == Token::Kind::string && upper(token.text) == "NOW"; }

/// strftime('%Y-%m-%d %H:%M:%f', 'now') with what may stand behind it in a stored form: || '000' || '+00:00', rtrim(…). Defaults of tables
/// that were created through the proxy look so.
std::optional<std::string> moment_default(const plan::Column& column, const std::vector<Token>& words) {
  constexpr std::array<std::string_view, 8> kFormats{"%Y-%m-%d %H:%M:%S",  "%Y-%m-%dT%H:%M:%S",  "%Y-%m-%d %H:%M:%SZ", "%Y-%m-%dT%H:%M:%SZ",
                                                     "%Y-%m-%d %H:%M:%f",  "%Y-%m-%dT%H:%M:%f",  "%Y-%m-%d %H:%M:%fZ", "%Y-%m-%dT%H:%M:%fZ"};
  constexpr std::array<std::string_view, 13> kRest{"STRFTIME", "RTRIM", "(", ")", ",", "||", "000", "Z", "+00", "+00:00", "0", ".", ""};
  bool format = false, now = false;
  for (const auto& token : words) {
    const bool is_format = token.kind == Token::Kind::string && std::ranges::find(kFormats, token.text) != kFormats.end();
    format = format || is_format;
    now = now || is_now(token);
    const auto text = token.kind == Token::Kind::string ? token.text : upper(token.text);
    if (!is_format && !is_now(token) && std::ranges::find(kRest, text) == kRest.end()) return std::nullopt;
  }
  if (!format || !now) return std::nullopt;
  std::string moment = "statement_timestamp()";
  if (column.type.oid == oid::timestamp) moment += " AT TIME ZONE 'UTC'";
  if (column.type.oid != oid::timestamp && column.type.oid != oid::timestamptz) return std::nullopt;
  if (column.form.fraction == 0) return "date_trunc('second', " + moment + ")";
  if (column.form.fraction == 3) return "date_trunc('milliseconds', " + moment + ")";
  return "(" + moment + ")";
}

std::optional<std::string> clock_default(const plan::Column& column, const std::vector<Token>& words) {
  const auto text = joined(words);
  if (column.type.oid == oid::uuid && text.starts_with("LOWER ( HEX ( RANDOMBLOB ( 4 ) ) || '-'")) return "gen_random_uuid()";
  if (auto moment = moment_default(column, words)) return moment;
  for (const auto& clock : kClocks) {
    if (clock.words == text && clock.type == column.type.oid) return std::string(clock.postgres);
  }
  return std::nullopt;
}

std::optional<model::StorageValue> number(std::string text) {
  std::int64_t integer = 0;
  const auto* end = text.data() + text.size();
  if (const auto read = std::from_chars(text.data(), end, integer); read.ec == std::errc{} && read.ptr == end) return integer;
  double real = 0;
  if (const auto read = std::from_chars(text.data(), end, real); read.ec == std::errc{} && read.ptr == end) return real;
  return std::nullopt;
}

std::optional<std::string> bytes(std::string_view hex) {
  std::string out;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    unsigned value = 0;
    if (const auto read = std::from_chars(&hex[i], &hex[i] + 2, value, 16); read.ec != std::errc{} || read.ptr != &hex[i] + 2) return std::nullopt;
    out += static_cast<char>(value);
  }
  if (hex.size() % 2 != 0) return std::nullopt;
  return out;
}

/// The constant as SQLite stores it when the column takes it as it is written.
std::optional<model::StorageValue> constant(const std::vector<Token>& words) {
  const bool minus = words.size() == 2 && words[0].text == "-" && words[1].kind == Token::Kind::number;
  if (words.size() != 1 && !minus) return std::nullopt;
  const auto& token = words.back();
  switch (token.kind) {
    case Token::Kind::number: return number((minus ? "-" : "") + token.text);
    case Token::Kind::string: return token.text;
    case Token::Kind::blob:
      if (auto data = bytes(token.text)) return model::Bytes{*std::move(data)};
      return std::nullopt;
    case Token::Kind::name:
      if (upper(token.text) == "NULL") return model::Null{};
      if (upper(token.text) == "TRUE") return std::int64_t{1};
      if (upper(token.text) == "FALSE") return std::int64_t{0};
      return std::nullopt;
    case Token::Kind::quoted_name: return token.text;  // SQLite reads DEFAULT "x" as a string
    case Token::Kind::symbol: return std::nullopt;
  }
  return std::nullopt;
}

/// SQLite's affinity turns DEFAULT '5' of a number into 5 and DEFAULT 5 of a text into '5'.
std::optional<model::StorageValue> with_affinity(const model::StorageValue& value, const plan::Column& column, const Token& token) {
  const auto* text = std::get_if<std::string>(&value);
  const bool numbers = column.form.form == plan::Form::integer || column.form.form == plan::Form::real || column.form.form == plan::Form::number ||
                       column.form.form == plan::Form::boolean_integer;
  if (text && numbers) return number(*text);
  if (column.form.form == plan::Form::text && token.kind == Token::Kind::number) {
    const auto* integer = std::get_if<std::int64_t>(&value);
    if (!integer) return std::nullopt;
    return std::to_string(*integer);
  }
  return value;
}

}  // namespace

std::optional<std::string> same_default(const plan::Column& column) {
  if (auto kept = sql::kept_default_of(*column.default_sql)) return kept;
  auto words = tokens(*column.default_sql);
  if (!words || words->empty()) return std::nullopt;
  while (words->size() > 2 && words->front().text == "(" && words->back().text == ")") *words = {words->begin() + 1, words->end() - 1};
  if (auto clock = clock_default(column, *words)) return clock;
  const auto written = constant(*words);
  if (!written) return std::nullopt;
  const auto stored = with_affinity(*written, column, words->back());
  if (!stored) return std::nullopt;
  const auto value = plan::decode(*stored, column.form, column.type);
  if (!value) return std::nullopt;
  if (model::is_null(*value)) return "NULL";
  return postgres::quote_literal(model::to_text(*value, column.type)) + "::" + model::format_type(column.type);
}

}  // namespace crossfade::migrate
