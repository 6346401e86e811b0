#include <algorithm>
#include <array>

#include "catalog/objects.hpp"
#include "crossfade/model/text_format.hpp"
#include "crossfade/plan/plan.hpp"
#include "crossfade/plan/stored_form.hpp"
#include "crossfade/sql/kept_default.hpp"
#include "crossfade/sql/moment_words.hpp"
#include "crossfade/sql/shown_expression.hpp"

namespace crossfade::sqlite::catalog {

namespace {

namespace oid = model::oid;

std::string trimmed_text(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\n')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\n')) text.remove_suffix(1);
  return std::string{text};
}

bool in_parentheses(std::string_view text) {
  if (text.size() < 2 || text.front() != '(' || text.back() != ')') return false;
  int depth = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    depth += text[i] == '(' ? 1 : text[i] == ')' ? -1 : 0;
    if (depth == 0 && i + 1 < text.size()) return false;
  }
  return true;
}

bool number_text(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789.") == std::string_view::npos && text.front() != '.';
}

/// "'x'::text": PostgreSQL names the type of a constant, but for numbers and booleans as they stand.
std::string constant_text(std::string_view text, const plan::Column& column) {
  const bool quoted = text.size() >= 2 && text.front() == '\'' && text.back() == '\'';
  const bool negative = text.starts_with('-') && number_text(text.substr(1));
  model::Oid type = column.type.oid;
  if (type == oid::boolean) {
    const std::string word = plan::fold(text);
    return word == "1" || word == "true" ? "true" : word == "0" || word == "false" ? "false" : word;
  }
  const bool number = type == oid::int2 || type == oid::int4 || type == oid::int8 || type == oid::numeric || type == oid::float4 || type == oid::float8;
  std::string digits{text};
  if (number && quoted) digits = text.substr(1, text.size() - 2);
  if (number && number_text(digits)) {
    const std::size_t dot = digits.find('.');
    const bool zeros = dot != std::string::npos && digits.find_first_not_of('0', dot + 1) == std::string::npos;
    return zeros ? digits.substr(0, dot) : digits;
  }
  if (number && (negative || digits.starts_with('-'))) return "'" + digits + "'::" + (digits.contains('.') ? "numeric" : "integer");
  if (quoted) return std::string{text} + "::" + (type == oid::bpchar ? "bpchar" : model::format_type({type}));
  return std::string{text};
}

constexpr std::array<std::pair<std::string_view, std::string_view>, 3> kClockWords{{
    {"current_timestamp", "CURRENT_TIMESTAMP"}, {"current_date", "CURRENT_DATE"}, {"current_time", "CURRENT_TIME"},
}};

std::string key_list(const plan::Table& table, const std::vector<int>& columns) {
  std::string list;
  for (const int column : columns) {
    list += (list.empty() ? "" : ", ") + (column > 0 ? quoted_name(table.columns[static_cast<std::size_t>(column - 1)].name) : std::string{"?"});
  }
  return list;
}

}  // namespace

namespace {

/// A CHECK on a numeric compares CAST(x AS REAL) with doubles in the file: what was written was x and whole numbers.
std::string without_real_casts(std::string text) {
  constexpr std::string_view kOpen = "CAST(", kClose = " AS REAL)";
  bool replaced = false;
  for (std::size_t at = text.find(kOpen); at != std::string::npos; at = text.find(kOpen, at)) {
    const std::size_t end = text.find(kClose, at);
    if (end == std::string::npos) break;
    const std::string inside = text.substr(at + kOpen.size(), end - at - kOpen.size());
    text.replace(at, end + kClose.size() - at, inside);
    replaced = true;
  }
  for (std::size_t at = replaced ? text.find(".0") : std::string::npos; at != std::string::npos; at = text.find(".0", at + 2)) {
    std::size_t begin = at;
    while (begin > 0 && text[begin - 1] >= '0' && text[begin - 1] <= '9') --begin;
    const bool whole = begin < at && (at + 2 == text.size() || text[at + 2] < '0' || text[at + 2] > '9');
    if (whole) text.replace(begin, at + 2 - begin, "(" + text.substr(begin, at - begin) + ")::numeric");
  }
  return text;
}

/// Whole numbers are added up under a guard in the file: CASE WHEN (a + b) NOT BETWEEN … THEN abs(-9223372036854775808) ELSE a + b END.
/// What was written is a + b.
std::string without_guards(std::string text) {
  constexpr std::string_view kOpen = "CASE WHEN (", kTest = " NOT BETWEEN -", kElse = " THEN abs(-9223372036854775808) ELSE ", kEnd = " END";
  for (std::size_t at = text.find(kOpen); at != std::string::npos; at = text.find(kOpen, at)) {
    std::size_t close = at + kOpen.size();
    for (int depth = 1; close < text.size(); ++close) {
      depth += text[close] == '(' ? 1 : text[close] == ')' ? -1 : 0;
      if (depth == 0) break;
    }
    const std::string inside = text.substr(at + kOpen.size(), close - at - kOpen.size());
    const std::size_t otherwise = text.find(kElse, close);
    const std::size_t end = otherwise == std::string::npos ? otherwise : otherwise + kElse.size() + inside.size();
    const bool guard = close < text.size() && text.substr(close + 1).starts_with(kTest) && end != std::string::npos &&
                       text.substr(otherwise + kElse.size()).starts_with(inside + std::string{kEnd});
    if (guard) text.replace(at, end + kEnd.size() - at, inside);
    else at += kOpen.size();
  }
  return text;
}

}  // namespace

std::string quoted_name(std::string_view name) { return sql::shown_name(name); }

std::string pretty_expression(std::string text) {
  while (in_parentheses(text)) text = text.substr(1, text.size() - 2);
  return text;
}

namespace {

/// x GLOB 'a*' as x LIKE 'a%', where `at` stands on GLOB; it moves behind the pattern. Empty: it is something else.
std::string like_in_place_of_glob(std::string_view text, std::size_t& at) {
  constexpr std::string_view kWord = "glob ";
  const bool word = at > 0 && text[at - 1] == ' ' && plan::fold(std::string(text.substr(at, kWord.size()))) == kWord;
  if (!word || at + kWord.size() >= text.size() || text[at + kWord.size()] != '\'') return {};
  std::string pattern;
  std::size_t end = at + kWord.size() + 1;
  for (; end < text.size() && (text[end] != '\'' || text.substr(end).starts_with("''")); ++end) {
    pattern += text[end];
    if (text[end] == '\'') ++end;
  }
  const auto like = end < text.size() ? sql::like_of_glob(pattern) : std::nullopt;
  if (!like) return {};
  at = end;
  std::string out = "LIKE '";
  for (const char c : *like) out.append(c == '\'' ? 2 : 1, c);
  return out + "'";
}

}  // namespace

std::string expression_text(std::string_view sqlite) {
  std::string text = without_real_casts(without_guards(trimmed_text(sqlite)));
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\'') {
      const std::size_t end = text.find('\'', i + 1);
      out += text.substr(i, end == std::string::npos ? end : end - i + 1);
      i = end == std::string::npos ? text.size() : end;
    } else if (text[i] == '"' && text.find('"', i + 1) != std::string::npos) {
      const std::size_t end = text.find('"', i + 1);
      out += quoted_name(text.substr(i + 1, end - i - 1));
      i = end;
    } else if (const std::string like = like_in_place_of_glob(text, i); !like.empty()) {
      out += like;
    } else {
      out += text[i];
    }
  }
  return out;
}

std::string shown_text(std::string_view sqlite, const plan::Table& table, bool pretty) {
  if (const auto kept = table.shown.find(sql::shown_key(sqlite)); kept != table.shown.end()) return pretty ? kept->second.pretty : kept->second.text;
  std::string text = expression_text(sqlite);
  auto shown = sql::shown_expression(text, table, {.pretty = pretty});
  return shown ? std::move(*shown) : text;
}

std::string domain_condition(const plan::NamedType::Check& check) {
  const std::string own = "\"" + std::string{plan::NamedType::kValue} + "\"";
  std::string text = expression_text(check.condition);
  for (std::size_t at = text.find(own); at != std::string::npos; at = text.find(own, at)) text.replace(at, own.size(), "VALUE");
  return text;
}

namespace {

/// "(0)::numeric" as "0::numeric".
std::string without_number_parentheses(std::string text) {
  constexpr std::string_view kCast = ")::numeric";
  for (std::size_t at = text.find(kCast); at != std::string::npos; at = text.find(kCast, at)) {
    std::size_t open = at;
    while (open > 0 && text[open - 1] >= '0' && text[open - 1] <= '9') --open;
    if (open == at || open == 0 || text[open - 1] != '(') {
      at += kCast.size();
      continue;
    }
    text.erase(at, 1).erase(open - 1, 1);
  }
  return text;
}

}  // namespace

std::string default_text(const plan::Column& column) {
  if (!column.default_sql) return {};
  if (auto kept = sql::kept_default_of(*column.default_sql)) return *std::move(kept);
  std::string text = trimmed_text(*column.default_sql);
  while (in_parentheses(text)) text = trimmed_text(text.substr(1, text.size() - 2));
  const std::string word = plan::fold(text);
  if (word == "null") return "NULL";
  for (const auto& [sqlite, postgres] : kClockWords) {
    if (word == sqlite) return std::string{postgres};
  }
  if (column.type.oid == oid::uuid && word.starts_with("lower(hex(randomblob(4))")) return "gen_random_uuid()";
  for (const sql::MomentWord& moment : sql::kMomentWords) {
    const std::string_view spelled = column.type.oid == oid::date ? moment.spelled_as_date : moment.spelled;
    if (!spelled.empty() && text.contains(spelled)) return std::string{moment.shown};
  }
  if (word.contains("'now'")) return "now()";
  return constant_text(text, column);
}

std::string index_part(const IndexObject& index, std::size_t column, bool pretty) {
  if (column == 0 || column > index.parts.size()) return {};
  const int attribute = index.columns[column - 1];
  if (attribute > 0) return quoted_name(index.table->columns[static_cast<std::size_t>(attribute - 1)].name);
  return shown_text(index.parts[column - 1].expression, *index.table, pretty);
}

std::string index_definition(const IndexObject& index, bool pretty) {
  std::string text = index.unique ? "CREATE UNIQUE INDEX " : "CREATE INDEX ";
  text += quoted_name(index.name) + " ON " + (pretty ? "" : index.table->temporary ? "pg_temp." : "public.") + quoted_name(index.table->name) + " USING btree (";
  for (std::size_t i = 1; i <= index.parts.size(); ++i) {
    std::string part = index_part(index, i, pretty);
    const bool call = part.ends_with(')') && part.contains('(') && !part.starts_with('(');
    if (index.columns[i - 1] == 0 && !call) part = "(" + part + ")";
    text += (i > 1 ? ", " : "") + part + (index.parts[i - 1].descending ? " DESC" : "");
  }
  text += ")";
  if (index.predicate) {
    const std::string predicate = shown_text(*index.predicate, *index.table, pretty);
    text += " WHERE " + (pretty || in_parentheses(predicate) ? predicate : "(" + predicate + ")");
  }
  return text;
}

std::string constraint_definition(const ConstraintObject& constraint, bool pretty) {
  const std::string own = key_list(*constraint.table, constraint.columns);
  switch (constraint.kind) {
    case 'p': return "PRIMARY KEY (" + own + ")";
    case 'u': return "UNIQUE (" + own + ")";
    case 'c': {
      const std::string written = shown_text(constraint.expression, *constraint.table, pretty), text = pretty ? without_number_parentheses(written) : written;
      return "CHECK (" + (pretty || in_parentheses(text) ? text : "(" + text + ")") + ")";
    }
    default: break;
  }
  std::string text = "FOREIGN KEY (" + own + ") REFERENCES " + quoted_name(constraint.target->name) + "(" +
                     key_list(*constraint.target, constraint.target_columns) + ")";
  if (constraint.key->on_update != "NO ACTION") text += " ON UPDATE " + constraint.key->on_update;
  if (constraint.key->on_delete != "NO ACTION") text += " ON DELETE " + constraint.key->on_delete;
  if (constraint.key->deferrable) text += " DEFERRABLE";
  if (constraint.key->initially_deferred) text += " INITIALLY DEFERRED";
  return text;
}

namespace {

/// Where the AS of a CREATE VIEW ends, which stands behind its name and its columns. npos: there is none.
std::size_t behind_as(std::string_view text) {
  const auto is_space = [](char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r'; };
  int open = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '"' || c == '\'' || c == '`' || c == '[') at = std::min(text.find(c == '[' ? ']' : c, at + 1), text.size());
    open += c == '(' ? 1 : c == ')' ? -1 : 0;
    const bool word = open == 0 && at > 0 && (is_space(text[at - 1]) || text[at - 1] == ')') && at + 2 < text.size() && (is_space(text[at + 2]) || text[at + 2] == '(');
    if (word && plan::fold(text.substr(at, 2)) == "as") return at + 2;
  }
  return std::string_view::npos;
}

}  // namespace

std::string view_definition(const plan::Table& view) {
  const std::size_t at = behind_as(view.sql);
  std::string text = at == std::string::npos ? view.sql : trimmed_text(std::string_view{view.sql}.substr(at));
  while (text.ends_with(';')) text.pop_back();
  return " " + text + ";";
}

}  // namespace crossfade::sqlite::catalog
