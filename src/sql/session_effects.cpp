#include "crossfade/sql/session_effects.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <optional>
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

/// What a block has set is gone, or LOCAL no more.
bool ends_block(std::string_view word) { return word == "commit" || word == "end" || word == "rollback" || word == "abort"; }

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
    effects.sets = effects.sets || ends_block(word);
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

constexpr std::uint8_t kOpens = 1, kMore = 2;
constexpr std::size_t kBlock = 16, kAhead = 3;  // "into" is four bytes

bool is_blank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
constexpr auto kOfWord = [] {
  std::array<bool, 256> of{};
  for (std::size_t c = 0; c < of.size(); ++c)
    of[c] = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$' || c >= 0x80U;
  return of;
}();
bool is_of_word(char c) { return kOfWord[static_cast<unsigned char>(c)]; }

typedef signed char Block __attribute__((vector_size(kBlock)));  // a vector of Clang's and GCC's
Block block_at(const char* at) {
  Block bytes;
  std::memcpy(&bytes, at, kBlock);
  return bytes;
}

/// What stands somewhere in a text: kOpens for a parenthesis, kMore for a second statement or an INTO; in strings and comments too, which only
/// makes for a closer look. Sixteen bytes at a time.
std::uint8_t marks_in(std::string_view text) {
  constexpr std::size_t kSeen = kBlock + kAhead;
  if (text.size() < kSeen) {  // behind its end, what marks nothing
    std::array<char, kSeen> room{};
    std::ranges::copy(text, room.begin());
    return marks_in({room.data(), kSeen});
  }
  Block marks{};
  const auto look = [&marks](const char* at) {
    const auto lower = [at](std::size_t ahead) { return block_at(at + ahead) | 0x20; };
    const Block bytes = block_at(at);
    marks |= (bytes == '(') & kOpens;
    marks |= ((bytes == ';') | ((lower(0) == 'i') & (lower(1) == 'n') & (lower(2) == 't') & (lower(3) == 'o'))) & kMore;
  };
  for (std::size_t at = 0; at + kSeen <= text.size(); at += kBlock) look(text.data() + at);
  look(text.data() + text.size() - kSeen);
  std::array<std::uint64_t, kBlock / sizeof(std::uint64_t)> halves{};
  std::memcpy(halves.data(), &marks, kBlock);
  std::uint64_t all = halves[0] | halves[1];
  for (const unsigned shift : {32U, 16U, 8U}) all |= all >> shift;
  for (const char c : text.substr(text.size() - kAhead)) all |= c == '(' ? kOpens : c == ';' ? kMore : 0;
  return static_cast<std::uint8_t>(all & 0xffU);
}

/// Before each parenthesis stands a word that calls nothing of anybody's, or none. Where a comment may hide it, or a quote: false.
bool calls_are_plain(std::string_view text) {
  if (text.contains('"') || text.contains("--") || text.contains("/*")) return false;
  const auto skip_back = [text](std::size_t at, auto what) {
    while (at > 0 && what(text[at - 1])) --at;
    return at;
  };
  for (std::size_t open = text.find('('); open != text.npos; open = text.find('(', open + 1)) {
    const std::size_t end = skip_back(open, is_blank), begin = skip_back(end, is_of_word), before = skip_back(begin, is_blank);
    if (end == 0 || end - begin > kLongestFolded) return false;
    if (begin == end) continue;
    if (before > 0 && text[before - 1] == '.') return false;
    const Folded word(text.substr(begin, end - begin));
    if (!among(kBeforeParentheses, std::string_view(word)) && !is_plain_builtin(word)) return false;
  }
  return true;
}

/// What is behind "insert", from the list of values on; nullopt: it is not INTO a plain name.
std::optional<std::string_view> behind_target(std::string_view rest) {
  const auto skip = [&rest](auto what) {
    std::size_t count = 0;
    while (count < rest.size() && what(rest[count])) ++count;
    rest.remove_prefix(count);
    return count != 0;
  };
  if (!skip(is_blank) || !says(rest.substr(0, 4), "into")) return std::nullopt;
  rest.remove_prefix(4);
  if (!skip(is_blank) || !skip([](char c) { return is_of_word(c) || c == '.'; })) return std::nullopt;
  skip(is_blank);
  if (rest.starts_with('(')) rest.remove_prefix(1);
  return rest;
}

/// A statement that needs no look at its words one by one, as most do.
struct Sight { bool plain = false, draws = false, sets = false; };
Sight first_sight(std::string_view text) {
  while (!text.empty() && (text.back() == ';' || is_blank(text.back()))) text.remove_suffix(1);
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  std::size_t length = 0;
  while (length < text.size() && is_of_word(text[length])) ++length;
  if (length > kLongestFolded) return {};
  const Folded first(text.substr(0, length));
  const std::string_view word(first);
  if (!among(kPlainStatements, word)) return {};
  const bool inserts = word == "insert";
  if (inserts) {
    const auto rest = behind_target(text.substr(length));
    if (!rest) return {};
    text = *rest;
  }
  const std::uint8_t marks = marks_in(text);
  if ((marks & kMore) != 0 || ((marks & kOpens) != 0 && !calls_are_plain(text))) return {};
  return {.plain = true, .draws = inserts || word == "update" || word == "delete" || word == "with", .sets = ends_block(word)};
}

}  // namespace

SessionEffects session_effects(std::string_view text) {
  if (const Sight sight = first_sight(text); sight.plain) {
    SessionEffects effects;
    effects.draws = sight.draws;
    effects.sets = sight.sets;
    return effects;
  }
  Words words;
  Tokens tokens{text};
  bool clear = true;
  for (Token token = tokens.next(); clear && token.kind != Token::Kind::end; token = tokens.next()) clear = words.take(token);
  if (clear) return std::move(words.effects);
  SessionEffects doubt;
  doubt.asks = doubt.draws = doubt.calls = doubt.sets = true;
  if (!check_text(text)) return doubt;
  auto effects = postgres_front::effects_of_tree(text).value_or(doubt);
  effects.sets = true;
  return effects;
}

}  // namespace crossfade::sql
