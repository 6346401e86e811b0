#include <algorithm>

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

}  // namespace

void SqlitePrinter::node(const RawText& node, const Expression&) {
  const bool call = is_call(node.text);
  keyword_if(!call, "(");
  out_.put(node.text);
  keyword_if(!call, ")");
}

void SqlitePrinter::node(const Template& node, const Expression& whole) {
  const bool call = is_call(node.text);
  const std::string_view text = node.text;
  keyword_if(!call, "(");
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char next = text[i] == '$' && i + 1 < text.size() ? text[i + 1] : '\0';
    const bool numbered = next >= '1' && next <= '9';
    if (!numbered && next != '*') {
      out_.put(text[i]);
      continue;
    }
    ++i;
    const auto index = static_cast<std::size_t>(next - '1');
    if (!numbered) expressions(node.arguments);
    else if (index < node.arguments.size()) operand(node.arguments[index]);
    else out_.refuse(whole.position, "a template without its argument");
  }
  keyword_if(!call, ")");
}

}  // namespace crossfade::sql
