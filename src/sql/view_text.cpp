#include "view_text.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <vector>

#include "crossfade/plan/plan.hpp"
#include "tokens.hpp"

namespace crossfade::sql {
namespace {

/// `name` and [name] in double quotes; what stands in quotes and comments is left alone.
std::string with_double_quotes(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    const char c = text[i];
    std::size_t end = i + 1;
    if (c == '\'' || c == '"' || c == '`') end = text.find(c, i + 1);
    else if (c == '[') end = text.find(']', i + 1);
    else if (text.substr(i, 2) == "--") end = text.find('\n', i);
    else if (text.substr(i, 2) == "/*") end = text.find("*/", i);
    else { out += c; ++i; continue; }
    end = std::min(end, text.size() - 1);
    const bool renamed = c == '`' || c == '[';
    out += renamed ? '"' + std::string(text.substr(i + 1, end - i - 1)) + '"' : std::string(text.substr(i, end - i + 1));
    i = end + 1;
  }
  return out;
}

class ViewText {
 public:
  explicit ViewText(std::string_view text) {
    Tokens tokens{text};
    for (Token token = tokens.next(); token.kind != Token::Kind::end; token = tokens.next()) all_.push_back(token);
  }

  std::optional<std::string> query() {
    std::size_t at = 0;
    for (int open = 0; at < all_.size(); ++at) {
      if (is_symbol(at, "(")) ++open;
      if (is_symbol(at, ")")) --open;
      if (open == 0 && is(at, "as")) break;
    }
    if (at >= all_.size()) return std::nullopt;
    for (++at; at < all_.size();) at = say(at);
    return std::move(out_);
  }

 private:
  bool is(std::size_t at, std::string_view word) const {
    return at < all_.size() && all_[at].kind == Token::Kind::word && plan::fold(all_[at].text) == word;
  }
  bool is_symbol(std::size_t at, std::string_view symbol) const { return at < all_.size() && all_[at].kind == Token::Kind::symbol && all_[at].text == symbol; }
  bool is_one_of(std::size_t at, std::span<const std::string_view> words) const {
    return std::ranges::any_of(words, [&](std::string_view word) { return is(at, word); });
  }

  bool is_apart(std::size_t at) const { return at == 0 || all_[at - 1].text.data() + all_[at - 1].text.size() != all_[at].text.data(); }
  std::string name_of(std::size_t at) const { return '"' + std::string(all_[at].text.substr(1, all_[at].text.size() - 2)) + '"'; }
  /// AS, or an alias.
  bool is_name(std::size_t at) const {
    constexpr std::array<std::string_view, 18> kOthers{"cross", "except", "full", "group", "having", "inner", "intersect", "join", "left", "limit",
                                                       "natural", "on", "order", "right", "union", "using", "where", "window"};
    if (at >= all_.size()) return false;
    return all_[at].kind == Token::Kind::quoted_name || (all_[at].kind == Token::Kind::word && !is_one_of(at, kOthers));
  }
  /// Does what stands before end an operand? A string behind it is an alias then.
  bool ends_operand(std::size_t at) const {
    constexpr std::array<std::string_view, 23> kOthers{"all", "and", "as", "between", "by", "case", "distinct", "else", "escape", "glob", "having",
                                                       "in", "is", "like", "match", "not", "on", "or", "regexp", "select", "then", "when", "where"};
    if (at == 0) return false;
    const Token& before = all_[at - 1];
    if (before.kind == Token::Kind::symbol) return before.text == ")";
    return before.kind != Token::Kind::word || !is_one_of(at - 1, kOthers);
  }

  /// With the space that stands before it in the text: of two symbols, that there is none says that they are one operator.
  void put(std::size_t at, std::string_view said) {
    if (is_apart(at)) out_ += ' ';
    out_ += said;
  }

  /// Says the token at `at`, or some from there on; where the next one is.
  std::size_t say(std::size_t at) {
    constexpr std::array<std::string_view, 3> kMatches{"glob", "regexp", "match"}, kTests{"null", "true", "false"};
    constexpr std::array<std::string_view, 5> kGrammar{"time", "char", "like", "timestamp", "nchar"};  // words of the grammar here, functions there
    constexpr std::array<std::string_view, 8> kValues{"current_catalog", "current_role", "current_schema", "current_user",
                                                      "localtime", "localtimestamp", "session_user", "user"};  // values here, names there
    const auto instead = [&](std::string_view said, std::size_t of) { out_ += ' '; out_ += said; out_ += ' '; return at + of; };
    const bool called = is_symbol(at + 1, "(");
    if (is_one_of(at, kMatches) && !called) return instead("~", 1);
    if (is(at, "not") && is_one_of(at + 1, kMatches)) return instead("!~", 2);
    if (is(at, "is")) {
      const bool negated = is(at + 1, "not");
      const std::size_t behind = at + (negated ? 2 : 1);
      if (!is_one_of(behind, kTests) && !is(behind, "distinct")) return instead(negated ? "<>" : "=", negated ? 2 : 1);
    }
    if (is(at, "indexed") && is(at + 1, "by")) return at + 3;
    if (is(at, "not") && is(at + 1, "indexed")) return at + 2;
    if (is_symbol(at, "=") && is_symbol(at + 1, "=") && all_[at].text.data() + 1 == all_[at + 1].text.data()) return instead("=", 2);
    if (is_one_of(at, kGrammar) && called && !is(at - 1, "as")) return instead('"' + plan::fold(all_[at].text) + '"', 1);
    if (is_one_of(at, kValues) && !called) { put(at, '"' + plan::fold(all_[at].text) + '"'); return at + 1; }
    if (all_[at].kind == Token::Kind::string && is_apart(at) && ends_operand(at)) return instead("AS " + name_of(at), 1);
    if (is(at, "as") && at + 1 < all_.size() && all_[at + 1].kind == Token::Kind::string) {
      return instead("AS " + name_of(at + 1), 2);
    }
    if (is_symbol(at, "(")) {
      const bool query = is(at + 1, "select") || is(at + 1, "values") || is(at + 1, "with");
      in_from_.push_back(query && at > 0 && (is(at - 1, "from") || is(at - 1, "join")));
    }
    if (is_symbol(at, ")") && !in_from_.empty()) {  // a subquery in FROM needs a name here
      const bool named = !in_from_.back() || is_name(at + 1);
      in_from_.pop_back();
      if (!named) return instead(") AS \"subquery " + std::to_string(++unnamed_) + '"', 1);
    }
    if (is(at, "limit")) limit_ = true;
    if (limit_ && is_symbol(at, ",")) { limit_ = false; return instead("OFFSET", 1); }
    if (is_symbol(at, ")")) limit_ = false;
    put(at, all_[at].text);
    return at + 1;
  }

  std::vector<Token> all_;
  std::string out_;
  bool limit_ = false;
  std::vector<bool> in_from_;  // of each open parenthesis: does it hold a query of FROM?
  int unnamed_ = 0;
};

}  // namespace

std::optional<std::string> query_of_view(std::string_view text) {
  const std::string quoted = with_double_quotes(text);
  return ViewText{quoted}.query();
}

}  // namespace crossfade::sql
