#include "crossfade/sql/session_effects.hpp"

#include <algorithm>
#include <cstdint>

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

/// Lower case in `room`; empty when it is longer than names are.
std::string_view fold(std::string_view word, std::array<char, kLongestFolded>& room) {
  if (word.size() > room.size()) return {};
  std::ranges::transform(word, room.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; });
  return {room.data(), word.size()};
}

/// One pass over the words. nullopt: the tree has to say.
class Words {
 public:
  bool take(const Token& token) {
    const bool opens = token.kind == Token::Kind::symbol && token.text == "(";
    if (token.kind == Token::Kind::symbol && token.text == ";") return begin_statement();
    if (opens && !call_is_plain()) return false;
    const bool name = token.kind == Token::Kind::quoted_name || token.kind == Token::Kind::word;
    qualified_ = name && point_;
    if (name ? named_ && !qualified_ : token.text != ".") into_ = false;
    named_ = named_ || name;
    previous_quoted_ = token.kind == Token::Kind::quoted_name;
    point_ = token.kind == Token::Kind::symbol && token.text == ".";
    const std::string_view before = previous_;
    previous_ = token.kind == Token::Kind::word ? fold(token.text, rooms_[turn_ ^= 1U]) : std::string_view{};
    if (token.kind == Token::Kind::word && previous_.empty()) return false;
    if (first_) {
      if (opens) return true;
      first_ = false;
      effects.draws = effects.draws || previous_ == "insert" || previous_ == "update" || previous_ == "delete" || previous_ == "with";
      return among(kPlainStatements, previous_);
    }
    if (previous_ == "into") {
      if (before != "insert") return false;  // SELECT INTO
      into_ = true;
      named_ = false;
    }
    return true;
  }
  SessionEffects effects;

 private:
  bool begin_statement() {
    first_ = true;
    previous_ = {};
    into_ = point_ = qualified_ = previous_quoted_ = false;
    return true;
  }
  bool call_is_plain() {
    if (into_) return true;  // INSERT INTO t (
    if (previous_quoted_ || (qualified_ && !previous_.empty())) return false;
    if (previous_.empty() || among(kBeforeParentheses, previous_)) return true;
    return is_plain_builtin(previous_);
  }

  std::array<std::array<char, kLongestFolded>, 2> rooms_{};
  unsigned turn_ = 0;
  std::string_view previous_;  // the word before, folded; empty: it was none
  bool first_ = true, into_ = false, named_ = false, point_ = false, qualified_ = false, previous_quoted_ = false;
};

}  // namespace

SessionEffects session_effects(std::string_view text) {
  Words words;
  Tokens tokens{text};
  bool clear = true;
  for (Token token = tokens.next(); clear && token.kind != Token::Kind::end; token = tokens.next()) clear = words.take(token);
  if (clear) return words.effects;
  SessionEffects doubt;
  doubt.asks = doubt.draws = doubt.calls = true;
  if (!check_text(text)) return doubt;
  return postgres_front::effects_of_tree(text).value_or(doubt);
}

}  // namespace crossfade::sql
