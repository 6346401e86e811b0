#include <array>
#include <string>

#include "crossfade/plan/plan.hpp"

namespace crossfade::plan {
namespace {

namespace oid = model::oid;
enum class Match : char { word, contains };

struct DeclarationRule {
  Match match;
  std::string_view pattern;  // word: the declaration without "(…)"; contains: SQLite's own affinity test
  model::Oid type;
  StoredForm form;
};

// The default table of docs/types.md: the first row that matches rules. Types are those that cannot lose; a value that its row
// cannot read is 22P02 and never changed. The affinity words stand in SQLite's order (https://sqlite.org/datatype3.html 3.1).
const std::array kRules{
    DeclarationRule{Match::word, "", oid::text, {Form::text}},
    DeclarationRule{Match::word, "BOOLEAN", oid::boolean, {Form::boolean_integer}},
    DeclarationRule{Match::word, "BOOL", oid::boolean, {Form::boolean_integer}},
    DeclarationRule{Match::word, "DATE", oid::date, {Form::date_iso}},
    DeclarationRule{Match::word, "TIME", oid::time, {Form::time_iso}},
    DeclarationRule{Match::word, "DATETIME", oid::timestamp, {Form::timestamp_iso}},
    DeclarationRule{Match::word, "TIMESTAMP", oid::timestamp, {Form::timestamp_iso}},
    DeclarationRule{Match::word, "TIMESTAMP WITHOUT TIME ZONE", oid::timestamp, {Form::timestamp_iso}},
    DeclarationRule{Match::word, "TIMESTAMPTZ", oid::timestamptz, {Form::timestamp_iso, -1, ' ', Offset::plus00_00}},
    DeclarationRule{Match::word, "TIMESTAMP WITH TIME ZONE", oid::timestamptz, {Form::timestamp_iso, -1, ' ', Offset::plus00_00}},
    DeclarationRule{Match::word, "UUID", oid::uuid, {Form::uuid_text}},
    DeclarationRule{Match::word, "JSON", oid::json, {Form::json_text}},
    DeclarationRule{Match::word, "JSONB", oid::json, {Form::json_text}},
    DeclarationRule{Match::word, "STRING", oid::text, {Form::text}},
    DeclarationRule{Match::contains, "INT", oid::int8, {Form::integer}},
    DeclarationRule{Match::contains, "CHAR", oid::text, {Form::text}},
    DeclarationRule{Match::contains, "CLOB", oid::text, {Form::text}},
    DeclarationRule{Match::contains, "TEXT", oid::text, {Form::text}},
    DeclarationRule{Match::contains, "BLOB", oid::bytea, {Form::blob}},
    DeclarationRule{Match::word, "BYTEA", oid::bytea, {Form::blob}},
    DeclarationRule{Match::word, "BINARY", oid::bytea, {Form::blob}},
    DeclarationRule{Match::word, "VARBINARY", oid::bytea, {Form::blob}},
    DeclarationRule{Match::contains, "REAL", oid::float8, {Form::real}},
    DeclarationRule{Match::contains, "FLOA", oid::float8, {Form::real}},
    DeclarationRule{Match::contains, "DOUB", oid::float8, {Form::real}},
    DeclarationRule{Match::contains, "", oid::numeric, {Form::number}},  // DECIMAL, NUMERIC, MONEY …: SQLite's NUMERIC
};

// Upper case, spaces squeezed, "(…)" left out.
std::string canonical(std::string_view declared) {
  std::string out;
  int depth = 0;
  for (char c : declared) {
    if (c == '(') ++depth;
    const bool space = c == ' ' || (c >= '\t' && c <= '\r');
    if (depth == 0 && !(space && (out.empty() || out.back() == ' '))) {
      out += space ? ' ' : c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
    }
    if (c == ')' && depth > 0) --depth;
  }
  while (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

}  // namespace

DefaultMapping default_mapping(std::string_view declared) {
  const std::string words = canonical(declared);
  for (const DeclarationRule& rule : kRules) {
    const bool hit = rule.match == Match::word ? words == rule.pattern : words.find(rule.pattern) != std::string::npos;
    if (hit) return {{rule.type}, rule.form};
  }
  return {{oid::numeric}, {Form::number}};  // not reached: the last row matches all
}

}  // namespace crossfade::plan
