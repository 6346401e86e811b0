#include <algorithm>
#include <array>
#include <atomic>
#include <charconv>

#include "crossfade/model/jsonpath.hpp"
#include "crossfade/model/numeric.hpp"
#include "jsonpath_scan.hpp"

namespace crossfade::model {
namespace {

using Kind = PathKind;
using Token = PathToken::Kind;

std::atomic<PatternCheck> pattern_check{nullptr};

struct Named { std::string_view name; Kind kind; };
constexpr std::array kMethods{Named{"type", Kind::type}, Named{"size", Kind::size}, Named{"abs", Kind::abs}, Named{"floor", Kind::floor},
                              Named{"ceiling", Kind::ceiling}, Named{"double", Kind::double_}, Named{"keyvalue", Kind::keyvalue}, Named{"datetime", Kind::datetime}};
constexpr std::array kComparisons{Named{"==", Kind::equal}, Named{"!=", Kind::not_equal}, Named{"<>", Kind::not_equal}, Named{"<", Kind::less},
                                  Named{">", Kind::greater}, Named{"<=", Kind::less_or_equal}, Named{">=", Kind::greater_or_equal}};
struct Arithmetic { std::string_view sign; Kind kind; int rank; };
constexpr std::array kArithmetic{Arithmetic{"+", Kind::add, 1}, Arithmetic{"-", Kind::subtract, 1}, Arithmetic{"*", Kind::multiply, 2}, Arithmetic{"/", Kind::divide, 2},
                                 Arithmetic{"%", Kind::modulo, 2}};
constexpr std::array kWords{Named{"null", Kind::null}, Named{"true", Kind::boolean}, Named{"false", Kind::boolean}, Named{"last", Kind::last}};
struct Flag { char letter; PathFlag flag; };
constexpr std::array kFlags{Flag{'i', PathFlag::ignore_case}, Flag{'s', PathFlag::dot_all}, Flag{'m', PathFlag::lines}, Flag{'x', PathFlag::blanks}, Flag{'q', PathFlag::literal}};

template <class Table>
const auto* named(const Table& table, const PathToken& token, Token kind) {
  const auto found = std::ranges::find_if(table, [&](const auto& each) { return token.kind == kind && (kind == Token::sign || token.keyword) && each.name == token.text; });
  return found == table.end() ? nullptr : &*found;
}

/// What was read: `predicate` where it is true, false or unknown, so that no operator of values may follow.
struct Operand {
  PathChain chain;
  int depth = 1;
  bool predicate = false;
};

Operand made(Kind kind, std::vector<Operand> operands, bool predicate = false) {
  PathItem item{kind};
  int depth = 0;
  for (Operand& each : operands) {
    depth = std::max(depth, each.depth);
    item.arguments.push_back(std::move(each.chain));
  }
  Operand out{{}, depth + 1, predicate};
  out.chain.push_back(std::move(item));
  return out;
}

template <class... Each>
std::vector<Operand> operands(Each&&... each) {
  std::vector<Operand> all;
  (all.push_back(std::forward<Each>(each)), ...);
  return all;
}

class PathReader {
 public:
  explicit PathReader(std::string_view text) : whole_(text), scanner_(text) {}

  Result<JsonPath> run() {
    CROSSFADE_CHECK(advance());
    if (token_.kind == Token::end) return fail("22P02"_state, "invalid input syntax for type jsonpath: \"" + std::string{whole_} + "\"");
    JsonPath path;
    if (token_.is_word("strict") || token_.is_word("lax")) {
      if (token_.text == "strict") path.mode = PathMode::strict;
      CROSSFADE_CHECK(advance());
    }
    CROSSFADE_TRY(Operand all, disjunction());
    if (token_.kind != Token::end) return unexpected();
    path.chain = std::move(all.chain);
    CROSSFADE_CHECK(check_places(path.chain, 0, 0));
    return path;
  }

 private:
  std::unexpected<Error> unexpected() const { return path_error("syntax error", token_.shown); }
  static std::unexpected<Error> too_deep() {
    return fail("54001"_state, "stack depth limit exceeded", "The path is nested deeper than " + std::to_string(kDeepestPath) + " levels.");
  }
  Result<void> advance() {
    CROSSFADE_TRY(token_, scanner_.next());
    return {};
  }
  Result<void> expect(std::string_view sign) {
    if (!token_.is(sign)) return unexpected();
    return advance();
  }
  static Result<Operand> bounded(Operand operand) {
    if (operand.depth > kDeepestPath) return too_deep();
    return operand;
  }
  /// What is asked of it must be a value; else the word behind it is the wrong one.
  Result<Operand> value_of(Result<Operand> read) const {
    if (read && read->predicate) return unexpected();
    return read;
  }
  Result<Operand> predicate_of(Result<Operand> read) const {
    if (read && !read->predicate) return unexpected();
    return read;
  }

  Result<Operand> disjunction() {
    struct Level { int& count; ~Level() { --count; } } level{++levels_};
    if (levels_ > kDeepestPath) return too_deep();
    CROSSFADE_TRY(Operand left, conjunction());
    while (token_.is("||")) {
      if (!left.predicate) return unexpected();
      CROSSFADE_CHECK(advance());
      CROSSFADE_TRY(Operand right, predicate_of(conjunction()));
      CROSSFADE_TRY(left, bounded(made(Kind::or_, operands(std::move(left), std::move(right)), true)));
    }
    return left;
  }

  Result<Operand> conjunction() {
    CROSSFADE_TRY(Operand left, test());
    while (token_.is("&&")) {
      if (!left.predicate) return unexpected();
      CROSSFADE_CHECK(advance());
      CROSSFADE_TRY(Operand right, predicate_of(test()));
      CROSSFADE_TRY(left, bounded(made(Kind::and_, operands(std::move(left), std::move(right)), true)));
    }
    return left;
  }

  Result<Operand> exists() {
    CROSSFADE_CHECK(advance());
    CROSSFADE_CHECK(expect("("));
    CROSSFADE_TRY(Operand inner, value_of(disjunction()));
    CROSSFADE_CHECK(expect(")"));
    return made(Kind::exists, operands(std::move(inner)), true);
  }
  Result<Operand> negation() {
    CROSSFADE_CHECK(advance());
    if (token_.is_word("exists")) {
      CROSSFADE_TRY(Operand inner, exists());
      return made(Kind::not_, operands(std::move(inner)), true);
    }
    CROSSFADE_CHECK(expect("("));
    CROSSFADE_TRY(Operand inner, predicate_of(disjunction()));
    CROSSFADE_CHECK(expect(")"));
    return made(Kind::not_, operands(std::move(inner)), true);
  }

  Result<Operand> test() {
    if (token_.is("!")) return negation();
    if (token_.is_word("exists")) return exists();
    CROSSFADE_TRY(Operand left, arithmetic(1));
    if (left.predicate) {
      if (!token_.is_word("is")) return left;
      CROSSFADE_CHECK(advance());
      if (!token_.is_word("unknown")) return unexpected();
      CROSSFADE_CHECK(advance());
      return made(Kind::is_unknown, operands(std::move(left)), true);
    }
    if (const Named* comparison = named(kComparisons, token_, Token::sign)) {
      CROSSFADE_CHECK(advance());
      CROSSFADE_TRY(Operand right, value_of(arithmetic(1)));
      return made(comparison->kind, operands(std::move(left), std::move(right)), true);
    }
    if (token_.is_word("starts")) return starts_with(std::move(left));
    if (token_.is_word("like_regex")) return like_regex(std::move(left));
    return left;
  }

  Result<Operand> starts_with(Operand left) {
    CROSSFADE_CHECK(advance());
    if (!token_.is_word("with")) return unexpected();
    CROSSFADE_CHECK(advance());
    if (token_.kind != Token::string && token_.kind != Token::variable) return unexpected();
    Operand right;
    right.chain.push_back({token_.kind == Token::string ? Kind::string : Kind::variable, token_.text});
    CROSSFADE_CHECK(advance());
    return made(Kind::starts_with, operands(std::move(left), std::move(right)), true);
  }

  Result<Operand> like_regex(Operand left) {
    CROSSFADE_CHECK(advance());
    if (token_.kind != Token::string) return unexpected();
    Operand out = made(Kind::like_regex, operands(std::move(left)), true);
    PathItem& item = out.chain.front();
    item.text = token_.text;
    CROSSFADE_CHECK(advance());
    if (token_.is_word("flag")) {
      CROSSFADE_CHECK(advance());
      if (token_.kind != Token::string) return unexpected();
      for (const char letter : token_.text) {
        const auto known = std::ranges::find(kFlags, letter, &Flag::letter);
        if (known == kFlags.end()) {
          const std::size_t place = token_.text.find(letter), width = (letter & 0x80) == 0 ? 1 : (letter & 0x20) == 0 ? 2 : (letter & 0x10) == 0 ? 3 : 4;
          return fail("42601"_state, "invalid input syntax for type jsonpath", "Unrecognized flag character \"" + token_.text.substr(place, width) + "\" in LIKE_REGEX predicate.");
        }
        item.flags |= static_cast<std::uint8_t>(known->flag);
      }
      CROSSFADE_CHECK(advance());
    }
    if (item.has(PathFlag::blanks) && !item.has(PathFlag::literal)) return fail("0A000"_state, "XQuery \"x\" flag (expanded regular expressions) is not implemented");
    if (const PatternCheck check = pattern_check.load()) CROSSFADE_CHECK(check(item));
    return out;
  }

  Result<Operand> arithmetic(int least) {
    CROSSFADE_TRY(Operand left, signed_value());
    while (true) {
      const auto row = std::ranges::find_if(kArithmetic, [&](const Arithmetic& each) { return token_.is(each.sign) && each.rank >= least; });
      if (row == kArithmetic.end()) return left;
      if (left.predicate) return unexpected();
      CROSSFADE_CHECK(advance());
      CROSSFADE_TRY(Operand right, value_of(arithmetic(row->rank + 1)));
      CROSSFADE_TRY(left, bounded(made(row->kind, operands(std::move(left), std::move(right)))));
    }
  }

  Result<Operand> signed_value() {
    std::vector<Kind> signs;
    for (; token_.is("+") || token_.is("-");) {
      signs.push_back(token_.text == "+" ? Kind::plus : Kind::minus);
      CROSSFADE_CHECK(advance());
    }
    CROSSFADE_TRY(Operand value, accessed());
    if (!signs.empty() && value.predicate) return unexpected();
    for (; !signs.empty(); signs.pop_back()) {
      if (value.chain.size() == 1 && value.chain.front().kind == Kind::number) {
        if (signs.back() == Kind::minus) value.chain.front().text = negate({value.chain.front().text}).text;
      } else {
        CROSSFADE_TRY(value, bounded(made(signs.back(), operands(std::move(value)))));
      }
    }
    return value;
  }

  Result<Operand> primary() {
    Operand out;
    if (token_.is("(")) {
      CROSSFADE_CHECK(advance());
      CROSSFADE_TRY(out, disjunction());
      CROSSFADE_CHECK(expect(")"));
      return out;
    }
    PathItem item;
    if (token_.kind == Token::string || token_.kind == Token::variable) {
      item = {token_.kind == Token::string ? Kind::string : Kind::variable, token_.text};
    } else if (token_.kind == Token::integer || token_.kind == Token::number) {
      CROSSFADE_TRY(Numeric number, parse_numeric(token_.text));
      item = {Kind::number, std::move(number.text)};
    } else if (token_.is("$") || token_.is("@")) {
      item = {token_.text == "$" ? Kind::root : Kind::current, {}};
    } else if (const Named* word = named(kWords, token_, Token::word)) {
      item = {word->kind, token_.text};
    } else {
      return unexpected();
    }
    out.chain.push_back(std::move(item));
    CROSSFADE_CHECK(advance());
    return out;
  }

  Result<Operand> accessed() {
    CROSSFADE_TRY(Operand out, primary());
    while (token_.is(".") || token_.is("[") || token_.is("?")) {
      CROSSFADE_TRY(Operand step, token_.text == "." ? behind_point() : token_.text == "[" ? subscripts() : filter());
      out.depth = std::max(out.depth, step.depth) + 1;
      out.predicate = false;
      out.chain.push_back(std::move(step.chain.front()));
      if (out.depth > kDeepestPath) return too_deep();
    }
    return out;
  }

  static Operand step_of(PathItem item) {
    Operand out;
    out.chain.push_back(std::move(item));
    return out;
  }

  Result<Operand> filter() {
    CROSSFADE_CHECK(advance());
    CROSSFADE_CHECK(expect("("));
    CROSSFADE_TRY(Operand test, predicate_of(disjunction()));
    CROSSFADE_CHECK(expect(")"));
    return made(Kind::filter, operands(std::move(test)));
  }

  Result<Operand> subscripts() {
    CROSSFADE_CHECK(advance());
    if (token_.is("*")) {
      CROSSFADE_CHECK(advance());
      CROSSFADE_CHECK(expect("]"));
      return step_of({Kind::any_array, {}});
    }
    std::vector<Operand> all;
    while (true) {
      CROSSFADE_TRY(Operand from, value_of(disjunction()));
      all.push_back(std::move(from));
      Operand to;
      if (token_.is_word("to")) {
        CROSSFADE_CHECK(advance());
        CROSSFADE_TRY(to, value_of(disjunction()));
      }
      all.push_back(std::move(to));
      if (!token_.is(",")) break;
      CROSSFADE_CHECK(advance());
    }
    CROSSFADE_CHECK(expect("]"));
    return made(Kind::index_array, std::move(all));
  }

  Result<std::uint32_t> level() {
    std::uint32_t out = kLastLevel;
    if (token_.kind == Token::integer) {
      std::int32_t value = 0;
      const auto read = std::from_chars(token_.text.data(), token_.text.data() + token_.text.size(), value);
      if (read.ec != std::errc{}) return fail("22003"_state, "value \"" + token_.text + "\" is out of range for type integer");
      out = static_cast<std::uint32_t>(value);
    } else if (!token_.is_word("last")) {
      return unexpected();
    }
    CROSSFADE_CHECK(advance());
    return out;
  }

  Result<Operand> any_path() {
    PathItem item{Kind::any, {}};
    item.last = kLastLevel;
    CROSSFADE_CHECK(advance());
    if (!token_.is("{")) return step_of(std::move(item));
    CROSSFADE_CHECK(advance());
    CROSSFADE_TRY(item.first, level());
    item.last = item.first;
    if (token_.is_word("to")) {
      CROSSFADE_CHECK(advance());
      CROSSFADE_TRY(item.last, level());
    }
    CROSSFADE_CHECK(expect("}"));
    return step_of(std::move(item));
  }

  Result<Operand> behind_point() {
    CROSSFADE_CHECK(advance());
    if (token_.is("**")) return any_path();
    if (token_.is("*")) {
      CROSSFADE_CHECK(advance());
      return step_of({Kind::any_key, {}});
    }
    if (token_.kind != Token::word && token_.kind != Token::string) return unexpected();
    const Named* method = named(kMethods, token_, Token::word);
    PathItem item{Kind::key, token_.keyword ? token_.written : token_.text};
    CROSSFADE_CHECK(advance());
    if (!method || !token_.is("(")) return step_of(std::move(item));
    CROSSFADE_CHECK(advance());
    item = {method->kind, {}};
    if (method->kind == Kind::datetime && token_.kind == Token::string) {
      item.with_template = true;
      item.text = token_.text;
      CROSSFADE_CHECK(advance());
    }
    CROSSFADE_CHECK(expect(")"));
    return step_of(std::move(item));
  }

  /// `@` stands in filters, `last` in subscripts.
  static Result<void> check_places(const PathChain& chain, int filters, int subscripts) {
    for (const PathItem& item : chain) {
      if (item.kind == Kind::current && filters == 0) return fail("42601"_state, "@ is not allowed in root expressions");
      if (item.kind == Kind::last && subscripts == 0) return fail("42601"_state, "LAST is allowed only in array subscripts");
      const int inside_filters = filters + (item.kind == Kind::filter ? 1 : 0), inside_subscripts = item.kind == Kind::index_array ? 1 : subscripts;
      for (const PathChain& each : item.arguments) CROSSFADE_CHECK(check_places(each, inside_filters, inside_subscripts));
    }
    return {};
  }

  std::string_view whole_;
  PathScanner scanner_;
  PathToken token_;
  int levels_ = 0;
};

}  // namespace

void check_patterns_with(PatternCheck check) { pattern_check = check; }

Result<JsonPath> read_jsonpath(std::string_view text) { return PathReader{text}.run(); }

}  // namespace crossfade::model
