#include <algorithm>
#include <array>

#include "sqlite_printer.hpp"

namespace crossfade::sql {
namespace {

bool continues_name(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; }

/// Is the text one function call, "name(…)", whose parenthesis closes at its end?
bool is_call(std::string_view text) {
  const std::size_t open = static_cast<std::size_t>(std::ranges::find_if_not(text, continues_name) - text.begin());
  if (open == 0 || open >= text.size() || text[open] != '(') return false;
  int depth = 0;
  for (std::size_t i = open; i < text.size(); ++i) {
    if (text[i] == '(') ++depth;
    if (text[i] == ')' && --depth == 0) return i + 1 == text.size();
  }
  return false;
}

/// Sums, differences and products, one call in another. SQLite's parser has room for about thirty; a long chain is one call with its signs.
struct Chain {
  std::string_view plus, minus, times, function;
  /// 0: the text is none of its operations.
  constexpr char sign(std::string_view text) const { return text == plus ? '+' : text == minus ? '-' : text == times ? '*' : '\0'; }
};
constexpr std::array kChains{
    Chain{"crossfade_int2($1 + $2)", "crossfade_int2($1 - $2)", "crossfade_int2($1 * $2)", "crossfade_int2_sum"},
    Chain{"crossfade_int4($1 + $2)", "crossfade_int4($1 - $2)", "crossfade_int4($1 * $2)", "crossfade_int4_sum"},
    Chain{"crossfade_int8_add($1, $2)", "crossfade_int8_subtract($1, $2)", "crossfade_int8_multiply($1, $2)", "crossfade_int8_sum"},
    Chain{"crossfade_float_add($1, $2)", "crossfade_float_subtract($1, $2)", "crossfade_float_multiply($1, $2)", "crossfade_float_sum"},
    Chain{"crossfade_numeric_add($1, $2)", "crossfade_numeric_subtract($1, $2)", "crossfade_numeric_multiply($1, $2)", "crossfade_numeric_sum"},
};
constexpr std::size_t kShortChain = 8;     // operands that are printed as ever
constexpr std::size_t kMostOperands = 100;  // of one call: SQLite's functions have at most 127 arguments
constexpr std::string_view kConcatenation = "$1 || $2";

const Template* left_of(const Template& node) { return node.arguments.empty() ? nullptr : std::get_if<Template>(&node.arguments[0].node); }

}  // namespace

/// Prints a long chain; false: it is none.
bool SqlitePrinter::chain(const Template& node) {
  const auto* kind = std::ranges::find_if(kChains, [&node](const Chain& each) { return each.sign(node.text) != '\0'; });
  if (kind == kChains.end()) return false;
  std::vector<const Expression*> operands;
  std::string signs;
  for (const Template* each = &node; each != nullptr && kind->sign(each->text) != '\0'; each = left_of(*each)) {
    operands.push_back(&each->arguments[1]);
    signs += kind->sign(each->text);
    if (const Template* left = left_of(*each); left == nullptr || kind->sign(left->text) == '\0') operands.push_back(&each->arguments[0]);
  }
  if (operands.size() <= kShortChain) return false;
  std::ranges::reverse(operands);
  std::ranges::reverse(signs);
  chain(kind->function, signs, operands);
  return true;
}

void SqlitePrinter::chain(std::string_view function, std::string_view signs, std::span<const Expression* const> operands) {
  const std::size_t own = std::min(operands.size() - 1, kMostOperands);
  const auto first = operands.first(operands.size() - own), others = operands.last(own);
  out_.put(function);
  out_.put("('");
  out_.put(signs.substr(signs.size() - own));
  out_.put("', ");
  if (first.size() > 1) chain(function, signs.substr(0, signs.size() - own), first);
  else expression(*first.front());
  for (const Expression* each : others) {
    out_.put(", ");
    expression(*each);
  }
  out_.put(')');
}

void SqlitePrinter::node(const RawText& node, const Expression&) {
  const bool call = is_call(node.text);
  keyword_if(!call, "(");
  out_.put(node.text);
  keyword_if(!call, ")");
}

void SqlitePrinter::node(const Template& node, const Expression& whole) {
  if (chain(node)) return;
  const bool call = is_call(node.text);
  keyword_if(!call, "(");
  pieces(node, whole);
  keyword_if(!call, ")");
}

void SqlitePrinter::pieces(const Template& node, const Expression& whole) {
  const std::string_view text = node.text;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char next = text[i] == '$' && i + 1 < text.size() ? text[i + 1] : '\0';
    const bool numbered = next >= '1' && next <= '9';
    if (!numbered && next != '*') {
      out_.put(text[i]);
      continue;
    }
    ++i;
    const auto index = static_cast<std::size_t>(next - '1');
    const Template* left = index == 0 && text == kConcatenation ? left_of(node) : nullptr;
    if (left != nullptr && left->text == kConcatenation) pieces(*left, whole);  // without parentheses: those of a long chain are too many
    else if (!numbered) expressions(node.arguments);
    else if (index < node.arguments.size()) operand(node.arguments[index]);
    else out_.refuse(whole.position, "a template without its argument");
  }
}

}  // namespace crossfade::sql
