#include "crossfade/sql/session_effects.hpp"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "postgres/session_tree.hpp"
#include "tokens.hpp"

namespace crossfade::sql {
namespace {

constexpr std::size_t kLongestFolded = 63;

/// What statements begin with that need no second look.
constexpr auto kPlainStatements = std::to_array<std::string_view>({"select", "insert", "update", "delete", "values", "with", "begin", "start",
                                                            "commit", "end", "rollback", "abort", "savepoint", "release", "table", "show"});
/// Words of the grammar that may stand before a parenthesis and are no functions that somebody has made.
constexpr auto kBeforeParentheses = std::to_array<std::string_view>(
    {"all", "and", "any", "array", "as", "between", "bit", "by", "case", "cast", "char", "character", "coalesce", "conflict", "cube", "dec",
     "decimal", "else", "except", "exists", "filter", "from", "greatest", "grouping", "having", "in", "intersect", "interval", "is", "join",
     "lateral", "least", "materialized", "not", "nullif", "numeric", "on", "or", "over", "row", "rollup", "select", "some", "then", "union",
     "using", "values", "varchar", "when", "where"});

template <class Words>
bool among(const Words& words, std::string_view word) { return std::ranges::find(words, word) != words.end(); }

char folded(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }
/// `lower` is in lower case.
bool says(std::string_view word, std::string_view lower) { return word.size() == lower.size() && std::ranges::equal(word, lower, {}, folded); }

/// A word in lower case.
class Folded {
 public:
  explicit Folded(std::string_view word) : size_(word.size()) { std::ranges::transform(word, room_.begin(), folded); }
  operator std::string_view() const { return {room_.data(), size_}; }

 private:
  std::array<char, kLongestFolded> room_;  // not zeroed: it is written as far as it is read
  std::size_t size_;
};

/// One pass over the words. nullopt: the tree has to say. A word is folded only where something depends on what it is.
class Words {
 public:
  bool take(const Token& token) {
    const bool symbol = token.kind == Token::Kind::symbol, word = token.kind == Token::Kind::word;
    const bool opens = symbol && token.text == "(";
    if (symbol && token.text == ";") return begin_statement();
    if (opens && !call_is_plain()) return false;
    const bool name = word || token.kind == Token::Kind::quoted_name;
    const bool point = symbol && token.text == ".";
    qualified_ = name && point_;
    if (name ? named_ && !qualified_ : !point) into_ = false;
    named_ = named_ || name;
    previous_quoted_ = name && !word;
    point_ = point;
    const std::string_view before = previous_;
    previous_ = word ? token.text : std::string_view{};
    if (previous_.size() > kLongestFolded) return false;
    if (first_) {
      if (opens) return true;
      first_ = false;
      return begin_with(Folded(previous_));
    }
    if (says(previous_, "into")) {
      if (!says(before, "insert")) return false;  // SELECT INTO
      into_ = true;
      named_ = false;
    }
    return true;
  }
  SessionEffects effects;

 private:
  bool begin_with(std::string_view word) {
    if (word == "select") return true;
    effects.draws = effects.draws || word == "insert" || word == "update" || word == "delete" || word == "with";
    return among(kPlainStatements, word);
  }
  bool begin_statement() {
    first_ = true;
    previous_ = {};
    into_ = point_ = qualified_ = previous_quoted_ = false;
    return true;
  }
  bool call_is_plain() {
    if (into_) return true;  // INSERT INTO t (
    if (previous_quoted_ || (qualified_ && !previous_.empty())) return false;
    if (previous_.empty()) return true;
    const Folded word(previous_);
    return among(kBeforeParentheses, std::string_view(word)) || is_plain_builtin(word);
  }

  std::string_view previous_;  // the word before; empty: it was none
  bool first_ = true, into_ = false, named_ = false, point_ = false, qualified_ = false, previous_quoted_ = false;
};

}  // namespace

SessionEffects session_effects(std::string_view text) {
  Words words;
  Tokens tokens{text};
  bool clear = true;
  for (Token token = tokens.next(); clear && token.kind != Token::Kind::end; token = tokens.next()) clear = words.take(token);
  if (clear) return std::move(words.effects);
  SessionEffects doubt;
  doubt.asks = doubt.draws = doubt.calls = true;
  if (!check_text(text)) return doubt;
  return postgres_front::effects_of_tree(text).value_or(doubt);
}

}  // namespace crossfade::sql
