#include <algorithm>
#include <array>
#include <span>

#include "print.hpp"
#include "sqlite_constants.hpp"
#include "sqlite_printer.hpp"

namespace crossfade::sql {
namespace {

/// What needs no parentheses as an operand.
template <class T>
constexpr bool kAtom = false;
template <> constexpr bool kAtom<Parameter> = true;
template <> constexpr bool kAtom<ColumnReference> = true;
template <> constexpr bool kAtom<FunctionCall> = true;
template <> constexpr bool kAtom<RawCall> = true;
template <> constexpr bool kAtom<NativeCast> = true;
template <> constexpr bool kAtom<RawText> = true;
template <> constexpr bool kAtom<Template> = true;
template <> constexpr bool kAtom<Case> = true;
template <> constexpr bool kAtom<RowConstructor> = true;

bool is_atom(const Expression& expression) {
  if (const auto* query = std::get_if<Subquery>(&expression.node)) return query->kind == Subquery::Kind::scalar;
  if (const auto* literal = std::get_if<Literal>(&expression.node)) return !literal->text.starts_with('-');
  if (const auto* constant = std::get_if<Constant>(&expression.node)) {
    return !sqlite_constant(constant->value).value_or("-").starts_with('-');
  }
  return std::visit([]<class T>(const T&) { return kAtom<T>; }, expression.node);
}

/// Operators whose meaning the binder has made sure of. Prefix: -, + and ~ only.
constexpr std::array<std::string_view, 19> kInfix{"=", "<>", "<", "<=", ">", ">=", "+", "-", "*", "/", "%", "||", "&", "|", "<<",
                                                  ">>", "->", "->>", "IS"};
constexpr std::array<std::string_view, 3> kPrefix{"-", "+", "~"};

constexpr std::ptrdiff_t kFlat = 64;  // AND and OR lists up to this long print without inner parentheses

}  // namespace

model::Result<std::string> SqlitePrinter::alone(const Expression& whole) {
  expression(whole);
  return out_.take();
}

void SqlitePrinter::expression(const Expression& whole) {
  std::visit([&](const auto& each) { node(each, whole); }, whole.node);
}

void SqlitePrinter::operand(const Expression& whole) {
  if (is_atom(whole)) return expression(whole);
  out_.put('(');
  expression(whole);
  out_.put(')');
}

void SqlitePrinter::expressions(const Expressions& list) {
  out_.list(list, ", ", [this](const Expression& each) { expression(each); });
}

void SqlitePrinter::node(const Literal& node, const Expression& whole) {
  using Kind = Literal::Kind;
  switch (node.kind) {
    case Kind::null: return out_.put("NULL");
    case Kind::boolean: return out_.put(node.text == "true" ? "1" : "0");
    case Kind::string: return out_.put(*sqlite_constant(node.text));
    case Kind::integer:
    case Kind::numeric:
    case Kind::bits:
    case Kind::hex_bits: break;
  }
  out_.refuse(whole.position, "a literal that was not resolved");
}

void SqlitePrinter::node(const Parameter& node, const Expression& whole) {
  out_.refuse_if(whole.position, {{node.slot == 0, "a parameter that was not resolved"}});
  out_.put('?');
  out_.put(std::to_string(node.slot));
}

void SqlitePrinter::node(const ColumnReference& node, const Expression& whole) {
  out_.refuse_if(whole.position, {{node.printed_column.empty(), "a column that was not resolved"}});
  // Within RETURNING, SQLite 3.40 takes a column for NOT NULL where the table's first one is: `x IS NULL` is false there whatever x is.
  keyword_if(in_returning_, "coalesce(");
  if (!node.printed_qualifier.empty()) {
    name(node.printed_qualifier);
    out_.put('.');
  }
  name(node.printed_column);
  keyword_if(in_returning_, ", NULL)");
}

void SqlitePrinter::node(const Star&, const Expression& whole) { out_.refuse(whole.position, "a * that was not expanded"); }

void SqlitePrinter::node(const Operation& node, const Expression& whole) {
  const std::span<const std::string_view> operators = node.left ? std::span<const std::string_view>{kInfix} : kPrefix;
  const bool known = std::ranges::find(operators, node.name) != operators.end();
  out_.refuse_if(whole.position, {{!known, "operator " + node.name}});
  if (node.left) {
    operand(*node.left);
    out_.put(' ');
  }
  out_.put(node.name);
  if (node.left) out_.put(' ');
  operand(*node.right);
}

/// SQLite counts a chain's levels (at most 1,000): a long one prints as a balanced tree.
void SqlitePrinter::balanced(std::string_view word, const Expression* begin, const Expression* end) {
  if (end - begin <= kFlat) {
    for (const Expression* each = begin; each != end; ++each) {
      if (each != begin) out_.put(word);
      operand(*each);
    }
    return;
  }
  const Expression* middle = begin + (end - begin) / 2;
  out_.put('(');
  balanced(word, begin, middle);
  out_.put(')');
  out_.put(word);
  out_.put('(');
  balanced(word, middle, end);
  out_.put(')');
}

void SqlitePrinter::node(const Logical& node, const Expression&) {
  const std::string_view word = node.kind == Logical::Kind::and_ ? " AND " : " OR ";
  balanced(word, node.arguments.data(), node.arguments.data() + node.arguments.size());
}

void SqlitePrinter::node(const Not& node, const Expression&) {
  out_.put("NOT ");
  operand(*node.argument);
}

void SqlitePrinter::node(const Cast& node, const Expression& whole) {
  out_.refuse(whole.position, "a cast to " + node.type.name);
}

void SqlitePrinter::node(const FunctionCall& node, const Expression& whole) {
  out_.refuse_if(whole.position, {{!node.schema.empty(), "function " + node.schema + "." + node.name},
                                  {node.within_group, "WITHIN GROUP"}, {node.variadic, "VARIADIC"},
                                  {!node.order_by.empty(), "ORDER BY in the arguments of a function"}});
  out_.put(node.name);
  out_.put('(');
  keyword_if(node.distinct, "DISTINCT ");
  keyword_if(node.star, "*");
  expressions(node.arguments);
  out_.put(')');
  if (node.filter) {
    out_.put(" FILTER (WHERE ");
    expression(*node.filter);
    out_.put(')');
  }
  if (!node.over) return;
  out_.put(" OVER ");
  if (node.over->only_name) return name(node.over->name);
  window(*node.over);
}

void SqlitePrinter::node(const Case& node, const Expression&) {
  out_.put("CASE");
  if (node.operand) {
    out_.put(' ');
    operand(*node.operand);
  }
  for (const When& when : node.whens) {
    out_.put(" WHEN ");
    expression(*when.condition);
    out_.put(" THEN ");
    expression(*when.result);
  }
  if (node.otherwise) {
    out_.put(" ELSE ");
    expression(*node.otherwise);
  }
  out_.put(" END");
}

void SqlitePrinter::node(const Choice& node, const Expression& whole) {
  using Kind = Choice::Kind;
  // max() and min() of SQLite are NULL when any argument is.
  out_.refuse_if(whole.position, {{node.kind == Kind::greatest, "GREATEST"}, {node.kind == Kind::least, "LEAST"}});
  if (node.arguments.size() == 1) return operand(node.arguments.front());  // coalesce() takes two at least
  out_.put(node.kind == Kind::nullif ? "nullif(" : "coalesce(");
  expressions(node.arguments);
  out_.put(')');
}

void SqlitePrinter::node(const Collate& node, const Expression& whole) {
  out_.refuse_if(whole.position, {{node.printed.empty(), "collation \"" + node.name + "\""}});
  operand(*node.argument);
  out_.put(" COLLATE ");
  name(node.printed);
}

void SqlitePrinter::node(const ValueFunction&, const Expression& whole) {
  out_.refuse(whole.position, "a value function that was not resolved");
}

void SqlitePrinter::node(const CurrentOf&, const Expression& whole) { out_.refuse(whole.position, "WHERE CURRENT OF here"); }
void SqlitePrinter::node(const DefaultMarker&, const Expression& whole) { out_.refuse(whole.position, "DEFAULT here"); }

void SqlitePrinter::node(const Constant& node, const Expression& whole) {
  const std::optional<std::string> printed = sqlite_constant(node.value);
  out_.refuse_if(whole.position, {{!printed, "NaN"}});
  out_.put(printed.value_or(""));
}

void SqlitePrinter::node(const RawCall& node, const Expression&) {
  out_.put(node.name);
  out_.put('(');
  expressions(node.arguments);
  out_.put(')');
}

void SqlitePrinter::node(const NativeCast& node, const Expression&) {
  out_.put("CAST(");
  expression(*node.argument);
  out_.put(" AS ");
  out_.put(node.type);
  out_.put(')');
}

void SqlitePrinter::name(std::string_view name) { out_.put(quote_identifier(name, Target::sqlite)); }

void SqlitePrinter::names(const std::vector<std::string>& names) {
  if (names.empty()) return;
  out_.put(" (");
  out_.list(names, ", ", [this](const std::string& each) { name(each); });
  out_.put(')');
}

}  // namespace crossfade::sql
