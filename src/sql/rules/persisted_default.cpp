#include <algorithm>

#include "crossfade/sql/moment_words.hpp"
#include "rules/rules.hpp"

namespace crossfade::sql::rules {

const Rule kPersistedDefault{"persisted_default", "CREATE TABLE e (d date DEFAULT CURRENT_DATE)",
                             "CREATE TABLE e (d DATE DEFAULT (date('now')))"};

namespace {

using Kind = ValueFunction::Kind;

/// The moment in UTC with as many digits as SQLite has (three), in the form's fraction. `word`: 'now' in the case that says which word it was.
std::optional<std::string> now_text(const plan::StoredForm& form, std::string_view word) {
  const std::string format = std::string{"'%Y-%m-%d"} + form.separator;
  std::string text;
  if (form.fraction == 0) text = "strftime(" + format + "%H:%M:%S', ";
  else text = "strftime(" + format + "%H:%M:%f', ";
  text += std::string{word} + ")";
  if (form.fraction == 6) text += " || '000'";
  if (form.fraction < 0) text = "rtrim(rtrim(" + text + ", '0'), '.')";
  switch (form.offset) {
    case plan::Offset::none: return text;
    case plan::Offset::z: return text + " || 'Z'";
    case plan::Offset::plus00: return text + " || '+00'";
    case plan::Offset::plus00_00: return text + " || '+00:00'";
  }
  return std::nullopt;
}

constexpr std::string_view kRandomUuid =
    "lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2) || '-' || "
    "substr('89AB', 1 + (random() & 3), 1) || substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6)))";

}  // namespace

std::optional<std::string> persisted_default(const Expression& unbound, const plan::StoredForm& form) {
  const auto* value = std::get_if<ValueFunction>(&unbound.node);
  const auto* call = std::get_if<FunctionCall>(&unbound.node);
  const bool plain = call && call->arguments.empty() && (call->schema.empty() || call->schema == "pg_catalog");
  std::string shown = plain ? call->name + "()" : "";
  if (value && !value->precision && value->kind == Kind::current_timestamp) shown = "CURRENT_TIMESTAMP";
  if (value && !value->precision && value->kind == Kind::localtimestamp) shown = "LOCALTIMESTAMP";
  if (value && value->kind == Kind::current_date) shown = "CURRENT_DATE";
  if (const auto* word = std::ranges::find(kMomentWords, shown, &MomentWord::shown); word != kMomentWords.end()) {
    if (form.form == plan::Form::timestamp_iso && !word->spelled.empty()) return now_text(form, word->spelled);
    if (form.form == plan::Form::date_iso) return "date(" + std::string{word->spelled_as_date} + ")";
  }
  if (plain && call->name == "gen_random_uuid" && form.form == plan::Form::uuid_text) return std::string{kRandomUuid};
  return std::nullopt;
}

std::optional<Expression> moment_default(const plan::Column& column) {
  const bool holds_micros = column.form.form != plan::Form::timestamp_iso || column.form.fraction == 6 || column.form.fraction < 0;
  if (!column.default_sql || !holds_micros) return std::nullopt;
  const bool date = column.form.form == plan::Form::date_iso;
  if (!date && column.form.form != plan::Form::timestamp_iso) return std::nullopt;
  for (const MomentWord& word : kMomentWords) {
    if (!date && word.spelled.empty()) continue;
    const auto text = date ? "date(" + std::string{word.spelled_as_date} + ")" : now_text(column.form, word.spelled);
    const bool same = text && (*column.default_sql == *text || *column.default_sql == "(" + *text + ")");  // as the printer has it
    if (same) return Expression{ValueFunction{Kind::current_timestamp, {}}, kNowhere};
  }
  return std::nullopt;
}

}  // namespace crossfade::sql::rules
