#include "crossfade/sql/relations.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "crossfade/plan/plan.hpp"
#include "crossfade/plan/schema.hpp"
#include "tokens.hpp"

namespace crossfade::sql {
namespace {

/// Walks over the tokens of one text.
class RelationCounter {
 public:
  using Expands = std::function<std::uint64_t(std::string_view name)>;
  RelationCounter(std::span<const Token> tokens, const Expands& expands) : tokens_(tokens), expands_(expands) {}

  static bool is_word(const Token& token, std::string_view word) { return token.kind == Token::Kind::word && plan::fold(token.text) == word; }

  /// From `at` to the end of its parentheses; `at` is behind them then.
  std::uint64_t count(std::size_t& at) {
    std::uint64_t total = 0;
    for (int open = 0; at < tokens_.size();) {
      const Token& token = tokens_[at];
      if (is_symbol(token, ")") && open-- == 0) return total;
      if (is_symbol(token, "(")) ++open;
      if (const std::size_t body = body_of(at); body != 0) {
        const std::string name = name_of(token);
        at = body;
        own_[name] = std::max<std::uint64_t>(count(at), 1);
      } else if (is_name(token) && !is_symbol(peek(at + 1), ".")) {
        total = std::min(total + weight(name_of(token)), kMostRelations + 1);
      }
      ++at;
    }
    return total;
  }

 private:
  static bool is_name(const Token& token) { return token.kind == Token::Kind::word || token.kind == Token::Kind::quoted_name; }
  static bool is_symbol(const Token& token, std::string_view symbol) { return token.kind == Token::Kind::symbol && token.text == symbol; }
  static std::string name_of(const Token& token) {
    if (token.kind == Token::Kind::word) return plan::fold(token.text);
    return plan::fold(token.text.size() < 2 ? token.text : token.text.substr(1, token.text.size() - 2));
  }
  Token peek(std::size_t at) const { return at < tokens_.size() ? tokens_[at] : Token{}; }

  /// Where the query of `name (columns) AS (` begins; 0 when it is not that.
  std::size_t body_of(std::size_t at) const {
    if (!is_name(peek(at))) return 0;
    ++at;
    if (is_symbol(peek(at), "(")) {
      while (at < tokens_.size() && !is_symbol(tokens_[at], ")")) ++at;
      ++at;
    }
    if (!is_word(peek(at), "as")) return 0;
    ++at;
    while (is_word(peek(at), "not") || is_word(peek(at), "materialized")) ++at;
    return is_symbol(peek(at), "(") ? at + 1 : 0;
  }

  std::uint64_t weight(const std::string& name) const {
    const auto own = own_.find(name);
    return own != own_.end() ? own->second : expands_(name);
  }

  std::span<const Token> tokens_;
  const Expands& expands_;
  std::map<std::string, std::uint64_t> own_;  // WITH queries
};

}  // namespace

std::uint64_t count_relations(std::string_view text, const std::function<std::uint64_t(std::string_view name)>& expands) {
  std::vector<Token> all;
  Tokens tokens{text};
  for (Token token = tokens.next(); token.kind != Token::Kind::end; token = tokens.next()) all.push_back(token);
  std::size_t begin = 0;
  if (!all.empty() && RelationCounter::is_word(all.front(), "create")) {
    while (begin < all.size() && !RelationCounter::is_word(all[begin], "as")) ++begin;
  }
  std::uint64_t total = 0;
  RelationCounter counter{all, expands};
  for (std::size_t at = begin; at < all.size(); ++at) total = std::min(total + counter.count(at), kMostRelations + 1);
  return std::max<std::uint64_t>(total, 1);
}

std::set<std::string, std::less<>> relations_read(std::string_view text) {
  constexpr std::array<std::string_view, 10> kBehindFrom{"where", "group", "having", "order", "limit", "window", "union", "except", "intersect", "select"};
  std::set<std::string, std::less<>> names;
  std::vector<bool> in_from{false};  // a depth of parentheses each
  bool expected = false;
  Tokens tokens{text};
  std::string before;  // a name that may be a schema's
  for (Token token = tokens.next(); token.kind != Token::Kind::end; token = tokens.next()) {
    const bool word = token.kind == Token::Kind::word;
    const std::string folded = word ? plan::fold(token.text) : std::string{};
    if (token.kind != Token::Kind::symbol) before.clear();  // the dot of a schema is the very next token
    if (token.kind == Token::Kind::symbol) {
      if (token.text == "(") in_from.push_back(expected);
      if (token.text == ")" && in_from.size() > 1) in_from.pop_back();
      expected = (token.text == "," && in_from.back()) || (token.text == "(" && expected) || (token.text == "." && !before.empty());
      if (token.text == "." && !before.empty()) names.erase(before);
      before.clear();
    } else if (folded == "from" || folded == "join") {
      in_from.back() = expected = true;
    } else if (word && std::ranges::find(kBehindFrom, folded) != kBehindFrom.end()) {
      in_from.back() = expected = false;
    } else if (expected && (word || token.kind == Token::Kind::quoted_name)) {
      before = word ? folded : plan::fold(token.text.size() < 2 ? token.text : token.text.substr(1, token.text.size() - 2));
      names.insert(before);
      expected = false;
    }
  }
  return names;
}

}  // namespace crossfade::sql
