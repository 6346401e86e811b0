#include "crossfade/sql/shown_expression.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>
#include <vector>

#include "bind/casts.hpp"
#include "crossfade/model/text_format.hpp"
#include "crossfade/plan/plan.hpp"
#include "crossfade/sql/translate.hpp"
#include "print/print.hpp"
#include "shown_written.hpp"
#include "tree.hpp"

namespace crossfade::sql {
namespace {

namespace oid = model::oid;

/// A part, printed. `kind`: what may need parentheses around it; `word`: an unquoted string that has no type yet.
struct Part {
  enum class Kind : std::uint8_t { simple, number, word, operation, member, test, conjunction, disjunction, negation } kind = Kind::simple;
  std::string text;
  model::Type type;
};

using Shown = std::optional<Part>;

constexpr std::array<std::string_view, 6> kComparisons{"=", "<>", "<", "<=", ">", ">="};
constexpr std::array<std::string_view, 5> kArithmetic{"+", "-", "*", "/", "%"};

bool is_float(model::Oid type) { return type == oid::float4 || type == oid::float8; }
bool is_number(model::Oid type) { return is_integer(type) || is_float(type) || type == oid::numeric; }
int width(model::Oid type) { return type == oid::int2 ? 0 : type == oid::int4 ? 1 : 2; }

class Printer {
 public:
  Printer(const plan::Table& table, const ShownStyle& style) : table_(table), style_(style) {}

  Shown show(const Expression& expression) {
    return std::visit([&](const auto& node) -> Shown {
      if constexpr (requires { of(node); }) return of(node);
      else return std::nullopt;
    }, expression.node);
  }

  /// What is kept is shown in parentheses but for the pretty style.
  std::string whole(const Part& part) const { return style_.pretty ? part.text : closed(part); }

 private:
  static bool is_open(const Part& part) { return part.kind != Part::Kind::simple && part.kind != Part::Kind::number && part.kind != Part::Kind::word; }
  static std::string closed(const Part& part) { return is_open(part) ? "(" + part.text + ")" : part.text; }

  /// As an argument of AND, OR and NOT.
  std::string argument(const Part& part, Part::Kind around) const {
    const bool bare = style_.pretty && (part.kind == Part::Kind::operation || part.kind == Part::Kind::test || part.kind == Part::Kind::negation || part.kind == Part::Kind::conjunction ||
                                        (part.kind == Part::Kind::disjunction && around == Part::Kind::disjunction));
    return bare && !(around == Part::Kind::negation && (part.kind == Part::Kind::conjunction || part.kind == Part::Kind::negation)) ? part.text : closed(part);
  }

  Part cast(const Part& part, model::Type type) const {
    const std::string name = type.oid == oid::bpchar ? "bpchar" : model::format_type({type.oid});
    const bool bare = style_.pretty && !is_open(part);
    return {Part::Kind::simple, (bare ? part.text : "(" + part.text + ")") + "::" + name, {type.oid}};
  }

  static Shown constant(const Part& word, model::Oid type) {
    const bool plain = is_textual(type) || model::is_enumeration(type);
    const auto element = model::element_of({type});
    const bool array = element && (element->oid == oid::int4 || element->oid == oid::text);
    if (!plain && !array && type != oid::date && type != oid::uuid && type != oid::jsonb) return std::nullopt;
    std::string text = word.text;
    if (!plain) {
      const auto value = model::parse_text(text, {type});
      if (!value) return std::nullopt;
      text = model::to_text(*value, {type});
    }
    if (text.contains('\\')) return std::nullopt;
    for (std::size_t at = text.find('\''); at != std::string::npos; at = text.find('\'', at + 2)) text.insert(at, 1, '\'');
    return Part{Part::Kind::simple, "'" + text + "'::" + (type == oid::bpchar ? "bpchar" : model::format_type({type})), {type}};
  }

  Shown of(const Literal& node) const {
    switch (node.kind) {
      case Literal::Kind::boolean: return Part{Part::Kind::simple, node.text, {oid::boolean}};
      case Literal::Kind::string: return Part{Part::Kind::word, node.text, {oid::unknown}};
      case Literal::Kind::numeric: return node.text.contains('e') ? std::nullopt : Shown{number(node.text, oid::numeric)};
      case Literal::Kind::integer: {
        std::int64_t value = 0;
        const auto end = std::from_chars(node.text.data(), node.text.data() + node.text.size(), value);
        if (end.ec != std::errc{} || end.ptr != node.text.data() + node.text.size()) return std::nullopt;
        if (value >= INT32_MIN && value <= INT32_MAX) return number(node.text, oid::int4);
        return Part{Part::Kind::simple, "'" + node.text + "'::bigint", {oid::int8}};
      }
      case Literal::Kind::null:
      case Literal::Kind::bits:
      case Literal::Kind::hex_bits: break;
    }
    return std::nullopt;
  }

  static Part number(const std::string& digits, model::Oid type) {
    if (!digits.starts_with('-')) return {Part::Kind::number, digits, {type}};
    return {Part::Kind::simple, "'" + digits + "'::" + model::format_type({type}), {type}};
  }

  Shown of(const ColumnReference& node) const {
    const auto named = [&](const plan::Column& column) { return plan::fold(column.sqlite_name) == plan::fold(node.name); };
    const auto column = std::ranges::find_if(table_.columns, named);
    if (!node.table.empty() || column == table_.columns.end()) return std::nullopt;
    return Part{Part::Kind::simple, shown_name(column->name), {column->type.oid}};
  }

  /// The file has 0.0 for the 0 that a double is compared with.
  static void as_written(Part& part) {
    const bool quoted = part.text.starts_with('\'') && part.text.ends_with("'::numeric");
    const std::string_view digits = quoted ? std::string_view{part.text}.substr(1, part.text.find('\'', 1) - 1) : std::string_view{part.text};
    if (part.type.oid != oid::numeric || !(quoted || part.kind == Part::Kind::number) || !digits.ends_with(".0")) return;
    part = number(std::string{digits.substr(0, digits.size() - 2)}, oid::int4);
  }

  /// Both sides as the operator takes them. false: not known here.
  bool meet(Part& left, Part& right) const {
    model::Oid& a = left.type.oid;
    model::Oid& b = right.type.oid;
    if (is_textual(a) && is_textual(b)) {
      if (a == oid::bpchar || b == oid::bpchar) return a == b;
      for (Part* side : {&left, &right}) if (side->type.oid == oid::varchar) *side = cast(*side, {oid::text});
      return true;
    }
    if (left.kind == Part::Kind::word || right.kind == Part::Kind::word) {
      Part& word = left.kind == Part::Kind::word ? left : right;
      Part& other = left.kind == Part::Kind::word ? right : left;
      if (other.kind == Part::Kind::word) return false;
      if (other.type.oid == oid::varchar) other = cast(other, {oid::text});
      const Shown typed = constant(word, other.type.oid);
      if (typed) word = *typed;
      return typed.has_value();
    }
    if (a == b || (is_integer(a) && is_integer(b)) || (is_float(a) && is_float(b))) return true;
    if (!is_number(a) || !is_number(b)) return false;
    const bool real = is_float(a) || is_float(b);
    for (Part* side : {&left, &right}) if (real) as_written(*side);
    for (Part* side : {&left, &right}) {
      if (real && !is_float(side->type.oid)) *side = cast(*side, {oid::float8});
      if (!real && is_integer(side->type.oid)) *side = cast(*side, {oid::numeric});
    }
    return true;
  }

  Shown operate(const std::string& word, Part left, Part right) const {
    const std::string name = word == "!=" ? "<>" : word;
    const bool compares = std::ranges::find(kComparisons, name) != kComparisons.end();
    const bool counts = std::ranges::find(kArithmetic, name) != kArithmetic.end();
    if (!meet(left, right)) return std::nullopt;
    if (counts && !is_number(left.type.oid)) return std::nullopt;
    if (name == "||" && !is_textual(left.type.oid)) return std::nullopt;
    if (!compares && !counts && name != "||") return std::nullopt;
    if (style_.pretty && counts && (left.kind == Part::Kind::operation || right.kind == Part::Kind::operation)) return std::nullopt;  // by precedence there
    model::Oid type = oid::boolean;
    if (name == "||") type = oid::text;
    if (counts) {
      const bool wide = is_integer(left.type.oid) && width(right.type.oid) > width(left.type.oid);
      type = wide || is_float(right.type.oid) ? right.type.oid : left.type.oid;
      if (is_float(left.type.oid) && left.type.oid != right.type.oid) type = oid::float8;
    }
    return Part{Part::Kind::operation, closed(left) + " " + name + " " + closed(right), {type}};
  }

  Shown of(const Operation& node) {
    if (!node.schema.empty()) return std::nullopt;
    if (!node.left) {
      const auto* digits = std::get_if<Literal>(&node.right->node);
      if (node.name != "-" || !digits || (digits->kind != Literal::Kind::integer && digits->kind != Literal::Kind::numeric)) return std::nullopt;
      return of(Literal{digits->kind, "-" + digits->text});
    }
    const Shown left = show(*node.left), right = show(*node.right);
    return left && right ? operate(node.name, *left, *right) : std::nullopt;
  }

  Shown of(const Logical& node) {
    const bool all = node.kind == Logical::Kind::and_;
    const Part::Kind kind = all ? Part::Kind::conjunction : Part::Kind::disjunction;
    std::string text;
    for (const Expression& each : node.arguments) {
      const Shown part = show(each);
      if (!part || part->type.oid != oid::boolean) return std::nullopt;
      text += (text.empty() ? "" : all ? " AND " : " OR ") + argument(*part, kind);
    }
    return Part{kind, text, {oid::boolean}};
  }

  Shown of(const Not& node) {
    if (const auto* list = std::get_if<InList>(&node.argument->node); list && !list->negated) {  // NOT IN, as our printer writes it
      InList outside = *list;
      outside.negated = true;
      return of(outside);
    }
    const Shown part = show(*node.argument);
    if (!part || part->type.oid != oid::boolean) return std::nullopt;
    return Part{Part::Kind::negation, "NOT " + argument(*part, Part::Kind::negation), {oid::boolean}};
  }

  /// What character(n) needs in the file and has in PostgreSQL.
  Shown of(const Collate& node) {
    const Shown part = show(*node.argument);
    return part && part->type.oid == oid::bpchar && plan::fold(node.name) == "rtrim" ? part : std::nullopt;
  }

  Shown of(const IsTest& node) {
    const Shown part = show(*node.operand);
    if (!part || node.kind != IsTest::Kind::null || part->kind == Part::Kind::word) return std::nullopt;
    return Part{Part::Kind::test, closed(*part) + (node.negated ? " IS NOT NULL" : " IS NULL"), {oid::boolean}};
  }

  Shown of(const Between& node) {
    const Shown operand = show(*node.operand), low = show(*node.low), high = show(*node.high);
    if (node.symmetric || !operand || !low || !high) return std::nullopt;
    const Shown first = operate(node.negated ? "<" : ">=", *operand, *low), second = operate(node.negated ? ">" : "<=", *operand, *high);
    if (!first || !second) return std::nullopt;
    const Part::Kind kind = node.negated ? Part::Kind::disjunction : Part::Kind::conjunction;
    return Part{kind, argument(*first, kind) + (node.negated ? " OR " : " AND ") + argument(*second, kind), {oid::boolean}};
  }

  /// text LIKE a literal, by the operator's name.
  Shown of(const Like& node) {
    Shown operand = show(*node.operand);
    const Shown pattern = show(*node.pattern), escape = node.escape ? show(*node.escape) : Shown{};
    const bool words = pattern && pattern->kind == Part::Kind::word && (!node.escape || (escape && escape->kind == Part::Kind::word));
    if (!operand || !words || node.kind != Like::Kind::like || !is_textual(operand->type.oid) || operand->type.oid == oid::bpchar) return std::nullopt;
    if (operand->type.oid == oid::varchar) operand = cast(*operand, {oid::text});
    const auto quoted = [](const Part& word) { return quote_text(word.text) + "::text"; };
    const std::string right = escape ? "like_escape(" + quoted(*pattern) + ", " + quoted(*escape) + ")" : quoted(*pattern);
    return Part{Part::Kind::operation, closed(*operand) + (node.negated ? " !~~ " : " ~~ ") + right, {oid::boolean}};
  }

  /// x = ANY (ARRAY[…]); of one element x = it.
  Shown of(const InList& node) {
    const Shown operand = show(*node.operand);
    if (!operand || operand->kind == Part::Kind::word) return std::nullopt;
    const std::string word = node.negated ? "<>" : "=";
    const bool varying = operand->type.oid == oid::varchar, number = is_number(operand->type.oid);
    std::string list;
    for (const Expression& each : node.list) {
      Shown item = show(each);
      if (!item || std::holds_alternative<ColumnReference>(each.node)) return std::nullopt;
      if (node.list.size() == 1) return operate(word, *operand, *item);
      if (item->kind == Part::Kind::word) item = constant(*item, operand->type.oid);
      else if (is_integer(operand->type.oid) && item->type.oid == oid::int4) item = operand->type.oid == oid::int8 ? cast(*item, {oid::int8}) : *item;
      else if (operand->type.oid == oid::numeric && is_integer(item->type.oid)) item = cast(*item, {oid::numeric});
      else if (operand->type.oid != item->type.oid) return std::nullopt;
      if (!item || (number && is_float(operand->type.oid))) return std::nullopt;
      list += (list.empty() ? "" : ", ") + item->text;
    }
    Part left = *operand;
    std::string array = "ARRAY[" + list + "]";
    if (varying) {
      left = cast(left, {oid::text});
      array = (style_.pretty ? array : "(" + array + ")") + "::text[]";
    }
    return Part{Part::Kind::member, closed(left) + " " + word + (node.negated ? " ALL (" : " ANY (") + array + ")", {oid::boolean}};
  }

  /// Of a function: also text COLLATE "C", which lower() and upper() heed.
  Shown argument(const Expression& expression) {
    const auto* collate = std::get_if<Collate>(&expression.node);
    if (!collate || collate->name != "C" || !collate->schema.empty()) return show(expression);
    const auto* column = std::get_if<ColumnReference>(&collate->argument->node);
    const Shown part = column ? of(*column) : std::nullopt;
    if (!part || part->type.oid != oid::text) return std::nullopt;
    const std::string text = part->text + " COLLATE \"C\"";
    return Part{Part::Kind::simple, style_.pretty ? text : "(" + text + ")", part->type};
  }

  Shown of(const FunctionCall& node) {
    struct Row { std::string_view name; model::Oid result; };
    static constexpr std::array kTextual{Row{"length", oid::int4}, Row{"char_length", oid::int4}, Row{"lower", oid::text}, Row{"upper", oid::text}};
    const bool plain = node.schema.empty() && !node.star && !node.distinct && !node.over && !node.filter && node.order_by.empty() && node.arguments.size() == 1;
    const auto* row = std::ranges::find(kTextual, node.name, &Row::name);
    Shown argument = plain ? this->argument(node.arguments.front()) : std::nullopt;
    if (!argument) return std::nullopt;
    if (node.name == "abs" && is_number(argument->type.oid)) return Part{Part::Kind::simple, "abs(" + argument->text + ")", argument->type};
    if (row == kTextual.end() || !is_textual(argument->type.oid) || argument->type.oid == oid::bpchar) return std::nullopt;
    if (argument->type.oid == oid::varchar) argument = cast(*argument, {oid::text});
    return Part{Part::Kind::simple, node.name + "(" + argument->text + ")", {row->result}};
  }

  /// Only of constants, and to text.
  Shown of(const Cast& node) {
    const Shown part = show(*node.argument);
    if (!part || !node.type.resolved || node.type.resolved->modifier != -1) return std::nullopt;
    const model::Oid type = node.type.resolved->oid;
    if (part->kind == Part::Kind::word) return constant(*part, type);
    if (part->type.oid == type) return part;
    const bool known = (is_textual(part->type.oid) && type == oid::text) || (is_integer(part->type.oid) && (type == oid::numeric || type == oid::float8));
    return known ? Shown{cast(*part, {type})} : std::nullopt;
  }

  const plan::Table& table_;
  const ShownStyle& style_;
};

}  // namespace

std::optional<std::string> shown_expression(std::string_view text, const plan::Table& table, const ShownStyle& style) {
  const auto parsed = parse("SELECT " + std::string{text}, Dialect::postgres);
  if (!parsed || parsed->size() != 1 || !parsed->front().tree) return std::nullopt;
  const auto* query = std::get_if<Query>(&parsed->front().tree->statement.node);
  const auto* select = query ? std::get_if<Select>(&query->body) : nullptr;
  if (!select || select->targets.size() != 1 || !select->from.empty() || !select->targets.front().alias.empty()) return std::nullopt;
  return shown_written(select->targets.front().expression, table, style);
}

std::optional<std::string> shown_written(const Expression& written, const plan::Table& table, const ShownStyle& style) {
  Printer printer{table, style};
  const Shown shown = printer.show(written);
  return shown && shown->kind != Part::Kind::word ? std::optional{printer.whole(*shown)} : std::nullopt;
}

std::string shown_key(std::string_view sqlite) {
  const auto is_space = [](char c) { return c == ' ' || c == '\n'; };
  for (bool more = true; std::exchange(more, false);) {
    while (!sqlite.empty() && is_space(sqlite.front())) sqlite.remove_prefix(1);
    while (!sqlite.empty() && is_space(sqlite.back())) sqlite.remove_suffix(1);
    if (sqlite.size() < 2 || sqlite.front() != '(' || sqlite.back() != ')') break;
    int depth = 0;
    const auto closes = std::ranges::find_if(sqlite, [&](char c) { return (depth += c == '(' ? 1 : c == ')' ? -1 : 0) == 0; });
    more = closes + 1 == sqlite.end();
    if (more) sqlite = sqlite.substr(1, sqlite.size() - 2);
  }
  return std::string{sqlite};
}

}  // namespace crossfade::sql
