#include <algorithm>
#include <array>
#include <span>

#include "crossfade/engine/postgres/connection.hpp"
#include "crossfade/plan/plan.hpp"
#include "crossfade/sql/shown_expression.hpp"
#include "schema_text.hpp"
#include "schema_tokens.hpp"

namespace crossfade::migrate {
namespace {

namespace oid = model::oid;

/// What the operands of one comparison have in common. Only these two compare alike in both databases.
enum class ValueKind : char { none, number, text, mixed };

ValueKind kind_of(const plan::Column& column) {
  if (column.form.form == plan::Form::text && column.collation == "BINARY") return column.type.oid == oid::bpchar ? ValueKind::mixed : ValueKind::text;
  if (column.form.form == plan::Form::integer || column.form.form == plan::Form::real || column.form.form == plan::Form::number) return ValueKind::number;
  return ValueKind::mixed;
}

struct Function { std::string_view name; ValueKind result; };
constexpr std::array kFunctions{
    Function{"LENGTH", ValueKind::number}, Function{"LOWER", ValueKind::text}, Function{"UPPER", ValueKind::text}, Function{"ABS", ValueKind::number},
};
constexpr std::array<std::string_view, 6> kKeywords{"NOT", "NULL", "IS", "IN", "BETWEEN", "AND"};
constexpr std::array<std::string_view, 13> kSymbols{"=", "<>", "<=", ">=", "<", ">", "(", ")", ",", "+", "-", "*", "=="};

const plan::Column* column_of(const plan::Table& table, const Token& token) {
  if (token.kind != Token::Kind::name && token.kind != Token::Kind::quoted_name) return nullptr;
  const auto found = std::ranges::find_if(table.columns, [&token](const auto& column) {
    return plan::fold(column.sqlite_name) == plan::fold(token.text);
  });
  return found == table.columns.end() ? nullptr : &*found;
}

/// Writes the expression piece by piece. Each AND or OR begins a comparison anew.
class Writer {
 public:
  Writer(const plan::Table& table, Letters letters) : table_(table), letters_(letters) {}
  bool write(std::span<const Token> all);
  std::string text() && { return std::move(out_); }

 private:
  void meet(ValueKind kind) { kind_ = kind_ == ValueKind::none || kind_ == kind ? kind : ValueKind::mixed; }
  void put(std::string_view text) {
    if (!out_.empty() && !out_.ends_with('(') && text != ")" && text != ",") out_ += ' ';
    out_ += text;
  }
  bool write_call(std::span<const Token>& rest);
  bool write_null_test(std::span<const Token>& rest);
  bool write_flag(std::span<const Token>& rest);
  bool write_glob(std::span<const Token>& rest);
  bool write_one(const Token& token);
  bool write_word(const std::string& word);

  const plan::Table& table_;
  Letters letters_;
  std::string out_;
  ValueKind kind_ = ValueKind::none;
};

/// name ( column )
bool Writer::write_call(std::span<const Token>& rest) {
  if (rest.size() < 4 || rest[0].kind != Token::Kind::name || rest[1].text != "(" || rest[3].text != ")") return false;
  const auto function = std::ranges::find(kFunctions, upper(rest[0].text), &Function::name);
  const auto* column = column_of(table_, rest[2]);
  if (function == kFunctions.end() || !column) return false;
  const ValueKind argument = function->name == "ABS" ? ValueKind::number : ValueKind::text;
  // A column's collation does not reach the function's result.
  const bool text = column->form.form == plan::Form::text && column->type.oid != oid::bpchar;
  const bool number = kind_of(*column) == ValueKind::number && column->type.oid != oid::numeric;
  if (argument == ValueKind::text ? !text : !number) return false;
  meet(function->result);
  const bool folds = function->name == "LOWER" || function->name == "UPPER";
  put(folded(plan::fold(function->name), column->name, folds ? letters_ : Letters::of_the_database));
  rest = rest.subspan(4);
  return true;
}

bool Writer::write_word(const std::string& word) {
  if (word == "OR" || word == "AND") kind_ = ValueKind::none;
  if (word != "OR" && std::ranges::find(kKeywords, word) == kKeywords.end()) return false;
  put(word);
  return true;
}

bool Writer::write_one(const Token& token) {
  if (const auto* column = column_of(table_, token)) {
    meet(kind_of(*column));
    put(postgres::quote_identifier(column->name));
    return kind_ != ValueKind::mixed;
  }
  switch (token.kind) {
    case Token::Kind::name: return write_word(upper(token.text));
    case Token::Kind::number: meet(ValueKind::number), put(token.text); return kind_ != ValueKind::mixed;
    case Token::Kind::string: meet(ValueKind::text), put(postgres::quote_literal(token.text)); return kind_ != ValueKind::mixed;
    case Token::Kind::symbol:
      if (token.text == "!=" || token.text == "==") return put(token.text == "==" ? "=" : "<>"), true;
      if (std::ranges::find(kSymbols, token.text) == kSymbols.end()) return false;
      put(token.text);
      return true;
    case Token::Kind::quoted_name:
    case Token::Kind::blob: return false;
  }
  return false;
}

/// column IS …: of any type.
bool Writer::write_null_test(std::span<const Token>& rest) {
  if (rest.size() < 3 || upper(rest[1].text) != "IS") return false;
  const auto* column = column_of(table_, rest[0]);
  const bool null = upper(rest[2].text) == "NULL", not_null = rest.size() > 3 && upper(rest[2].text) == "NOT" && upper(rest[3].text) == "NULL";
  if (!column || (!null && !not_null)) return false;
  put(postgres::quote_identifier(column->name) + (null ? " IS NULL" : " IS NOT NULL"));
  rest = rest.subspan(null ? 3 : 4);
  return true;
}

/// active = 1: a boolean stored as 0 and 1.
bool Writer::write_flag(std::span<const Token>& rest) {
  if (rest.size() < 3 || (rest[1].text != "=" && rest[1].text != "==") || rest[2].kind != Token::Kind::number) return false;
  const auto* column = column_of(table_, rest[0]);
  if (!column || column->form.form != plan::Form::boolean_integer || (rest[2].text != "0" && rest[2].text != "1")) return false;
  const bool begins = out_.empty() || out_.ends_with('(') || out_.ends_with(" AND") || out_.ends_with(" OR");
  const bool ends = rest.size() == 3 || upper(rest[3].text) == "AND" || upper(rest[3].text) == "OR" || rest[3].text == ")";
  if (!begins || !ends) return false;
  put((rest[2].text == "1" ? "" : "NOT ") + postgres::quote_identifier(column->name));
  rest = rest.subspan(3);
  return true;
}

/// text [NOT] GLOB 'pattern': it tells capitals apart under any collation, as LIKE does.
bool Writer::write_glob(std::span<const Token>& rest) {
  const bool negated = rest.size() > 3 && upper(rest[1].text) == "NOT";
  const std::size_t at = negated ? 2 : 1;
  if (rest.size() < at + 2 || rest[at].kind != Token::Kind::name || upper(rest[at].text) != "GLOB" || rest[at + 1].kind != Token::Kind::string) return false;
  const auto* column = column_of(table_, rest[0]);
  const auto pattern = sql::like_of_glob(rest[at + 1].text);
  const bool text = column && column->form.form == plan::Form::text && (column->type.oid == oid::text || column->type.oid == oid::varchar);
  const bool ends = rest.size() == at + 2 || upper(rest[at + 2].text) == "AND" || upper(rest[at + 2].text) == "OR" || rest[at + 2].text == ")";
  if (!text || !pattern || !ends) return false;
  put(postgres::quote_identifier(column->name) + (negated ? " NOT LIKE " : " LIKE ") + postgres::quote_literal(*pattern));
  rest = rest.subspan(at + 2);
  return true;
}

bool Writer::write(std::span<const Token> all) {
  while (!all.empty()) {
    if (write_call(all) || write_null_test(all) || write_flag(all) || write_glob(all)) continue;
    if (!write_one(all[0])) return false;
    all = all.subspan(1);
  }
  return true;
}

}  // namespace

std::string folded(std::string_view function, std::string_view column, Letters letters) {
  return std::string(function) + "(" + postgres::quote_identifier(column) + (letters == Letters::ascii ? " COLLATE \"C\")" : ")");
}

std::optional<std::string> same_expression(const plan::Table& table, std::string_view sqlite_text, Letters letters) {
  const auto all = tokens(sqlite_text);
  if (!all || all->empty()) return std::nullopt;
  Writer writer(table, letters);
  if (!writer.write(*all)) return std::nullopt;
  return std::move(writer).text();
}

bool implied_by_type(const plan::Table& table, std::string_view sqlite_text) {
  const auto all = tokens(sqlite_text);
  if (!all || all->size() != 7 || upper((*all)[1].text) != "IN") return false;
  const auto* column = column_of(table, (*all)[0]);
  const auto& low = (*all)[3].text;
  const auto& high = (*all)[5].text;
  return column && column->type.oid == oid::boolean && ((low == "0" && high == "1") || (low == "1" && high == "0"));
}

}  // namespace crossfade::migrate
