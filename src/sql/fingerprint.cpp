#include <algorithm>

#include "tokens.hpp"

namespace crossfade::sql {
namespace {

bool is_plain_name(std::string_view name) {
  const auto plain = [](char c) { return (c >= 'a' && c <= 'z') || c == '_' || (c >= '0' && c <= '9'); };
  return !name.empty() && !(name[0] >= '0' && name[0] <= '9') && std::ranges::all_of(name, plain);
}

void append_word(std::string& out, std::string_view word) {
  for (const char c : word) out += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

/// "name" as name where that means the same.
void append_quoted_name(std::string& out, std::string_view token) {
  const std::string_view inner = token.size() > 2 && token.front() == '"' ? token.substr(1, token.size() - 2) : std::string_view{};
  out += is_plain_name(inner) ? inner : token;
}

/// "? , ?" becomes "?", and "( ? ) , ( ? )" becomes "( ? )".
void shorten_lists(std::string& out) {
  static constexpr std::string_view kList = "? , ? ", kRows = "( ? ) , ( ? ) ";
  if (out.ends_with(kList)) out.resize(out.size() - kList.size() + 2);
  if (out.ends_with(kRows)) out.resize(out.size() - kRows.size() + 6);
}

std::uint64_t fnv1a(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return hash;
}

std::string to_hex(std::uint64_t value) {
  std::string out(16, '0');
  for (std::size_t i = out.size(); i-- > 0; value >>= 4) out[i] = "0123456789abcdef"[value & 0xF];
  return out;
}

enum class Operators : std::uint8_t { apart, whole };

/// Behind each token a space; an operator of several characters is several tokens, or stays one.
std::string normal_text(std::string_view statement, Operators operators) {
  using Kind = Token::Kind;
  constexpr std::string_view kOfOperators = "+-*/<>=~!@#%^&|`?:";
  const char* joins = nullptr;  // where the next character would belong to the last one
  std::string normal;
  normal.reserve(statement.size() + statement.size() / 4);
  Tokens tokens{statement};
  for (Token token = tokens.next(); token.kind != Kind::end; token = tokens.next()) {
    switch (token.kind) {
      case Kind::word: append_word(normal, token.text); break;
      case Kind::quoted_name: append_quoted_name(normal, token.text); break;
      case Kind::string:
      case Kind::number:
      case Kind::parameter: normal += '?'; break;
      case Kind::symbol:
      case Kind::end:
        if (joins == token.text.data() && kOfOperators.contains(token.text.front())) normal.pop_back();
        normal += token.text;
        break;
    }
    const bool part = operators == Operators::whole && token.kind == Kind::symbol && kOfOperators.contains(token.text.back());
    joins = part ? token.text.data() + token.text.size() : nullptr;
    normal += ' ';
    shorten_lists(normal);
  }
  return normal;
}

}  // namespace

std::string fingerprint(std::string_view statement) { return to_hex(fnv1a(normal_text(statement, Operators::apart))); }

std::string without_literals(std::string_view statement) {
  std::string out = normal_text(statement, Operators::whole);
  if (!out.empty()) out.pop_back();
  return out;
}

}  // namespace crossfade::sql
