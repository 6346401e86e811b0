#include <algorithm>
#include <array>
#include <atomic>
#include <charconv>

#include "crossfade/model/jsonpath.hpp"
#include "crossfade/model/numeric.hpp"
#include "jsonpath_scan.hpp"

namespace crossfade::model {
namespace {

using PathTokenKind = PathToken::Kind;

std::atomic<PatternCheck> pattern_check{nullptr};

struct Named { std::string_view name; PathKind kind; };
constexpr std::array kMethods{Named{"type", PathKind::type}, Named{"size", PathKind::size}, Named{"abs", PathKind::abs}, Named{"floor", PathKind::floor},
                              Named{"ceiling", PathKind::ceiling}, Named{"double", PathKind::double_}, Named{"keyvalue", PathKind::keyvalue}, Named{"datetime", PathKind::datetime}};
constexpr std::array kComparisons{Named{"==", PathKind::equal}, Named{"!=", PathKind::not_equal}, Named{"<>", PathKind::not_equal}, Named{"<", PathKind::less},
                                  Named{">", PathKind::greater}, Named{"<=", PathKind::less_or_equal}, Named{">=", PathKind::greater_or_equal}};
struct Arithmetic { std::string_view sign; PathKind kind; int rank; };
constexpr std::array kArithmetic{Arithmetic{"+", PathKind::add, 1}, Arithmetic{"-", PathKind::subtract, 1}, Arithmetic{"*", PathKind::multiply, 2}, Arithmetic{"/", PathKind::divide, 2},
                                 Arithmetic{"%", PathKind::modulo, 2}};
constexpr std::array kWords{Named{"null", PathKind::null}, Named{"true", PathKind::boolean}, Named{"false", PathKind::boolean}, Named{"last", PathKind::last}};
struct Flag { char letter; PathFlag flag; };
constexpr std::array kFlags{Flag{'i', PathFlag::ignore_case}, Flag{'s', PathFlag::dot_all}, Flag{'m', PathFlag::lines}, Flag{'x', PathFlag::blanks}, Flag{'q', PathFlag::literal}};

template <class Table>
const auto* named(const Table& table, const PathToken& token, PathTokenKind kind) {
  const auto found = std::ranges::find_if(table, [&](const auto& each) { return token.kind == kind && (kind == PathTokenKind::sign || token.keyword) && each.name == token.text; });
  return found == table.end() ? nullptr : &*found;
}

/// What was read: `predicate` where it is true, false or unknown, so that no operator of values may follow.
struct Operand {
  PathChain chain;
  int depth = 1;
  bool predicate = false;
};

/// Its functions nest as deep as the path does: they give back whether they could read, and keep the error aside, so that their frames are small.
class PathReader {
 public:
  explicit PathReader(std::string_view text) : whole_(text), scanner_(text) {}

  Result<JsonPath> run() {
    JsonPath path;
    Operand all;
    const bool read = advance() && begins() && mode(path) && disjunction(all) && (token_.kind == PathTokenKind::end || unexpected());
    path.chain = std::move(all.chain);
    if (!read || !check_places(path.chain, 0, 0)) return std::unexpected(std::move(error_));
    return path;
  }

 private:
  bool refuse(std::unexpected<Error> error) {
    error_ = std::move(error).error();
    return false;
  }
  bool unexpected() { return refuse(path_error("syntax error", token_.shown)); }
  bool too_deep() { return refuse(fail("54001"_state, "stack depth limit exceeded", "The path is nested deeper than " + std::to_string(kDeepestPath) + " levels.")); }
  bool advance() {
    auto next = scanner_.next();
    if (!next) return refuse(std::unexpected(std::move(next).error()));
    token_ = *std::move(next);
    return true;
  }
  bool expect(std::string_view sign) { return token_.is(sign) ? advance() : unexpected(); }
  bool expect_word(std::string_view word) { return token_.is_word(word) ? advance() : unexpected(); }
  /// What was read must be a value, or a predicate; else the word behind it is the wrong one.
  bool is_value(const Operand& read) { return !read.predicate || unexpected(); }
  bool is_predicate(const Operand& read) { return read.predicate || unexpected(); }

  bool begins() {
    return token_.kind != PathTokenKind::end || refuse(fail("22P02"_state, "invalid input syntax for type jsonpath: \"" + std::string{whole_} + "\""));
  }
  bool mode(JsonPath& path) {
    if (!token_.is_word("strict") && !token_.is_word("lax")) return true;
    if (token_.text == "strict") path.mode = PathMode::strict;
    return advance();
  }

  /// `out` becomes an operation of itself, or of itself and `right`.
  bool wrap(PathKind kind, Operand& out, bool predicate) {
    PathItem item{kind, {}};
    item.arguments.push_back(std::move(out.chain));
    out = {{}, out.depth + 1, predicate};
    out.chain.push_back(std::move(item));
    return out.depth <= kDeepestPath || too_deep();
  }
  bool join(PathKind kind, Operand& out, Operand& right, bool predicate) {
    out.depth = std::max(out.depth, right.depth);
    if (!wrap(kind, out, predicate)) return false;
    out.chain.front().arguments.push_back(std::move(right.chain));
    return true;
  }
  static void begin(Operand& out, PathKind kind, std::string text) { out.chain.push_back({kind, std::move(text)}); }

  bool disjunction(Operand& out) {
    struct Level { int& count; ~Level() { --count; } } level{++levels_};
    if (levels_ > kDeepestPath) return too_deep();
    if (!conjunction(out)) return false;
    while (token_.is("||")) {
      Operand right;
      if (!is_predicate(out) || !advance() || !conjunction(right) || !is_predicate(right) || !join(PathKind::or_, out, right, true)) return false;
    }
    return true;
  }

  bool conjunction(Operand& out) {
    if (!test(out)) return false;
    while (token_.is("&&")) {
      Operand right;
      if (!is_predicate(out) || !advance() || !test(right) || !is_predicate(right) || !join(PathKind::and_, out, right, true)) return false;
    }
    return true;
  }

  bool in_brackets(Operand& out) { return expect("(") && disjunction(out); }
  bool exists(Operand& out) { return advance() && in_brackets(out) && is_value(out) && expect(")") && wrap(PathKind::exists, out, true); }
  bool negation(Operand& out) {
    if (!advance()) return false;
    const bool read = token_.is_word("exists") ? exists(out) : in_brackets(out) && is_predicate(out) && expect(")");
    return read && wrap(PathKind::not_, out, true);
  }

  bool test(Operand& out) {
    if (token_.is("!")) return negation(out);
    if (token_.is_word("exists")) return exists(out);
    if (!arithmetic(out, 1)) return false;
    if (out.predicate) return !token_.is_word("is") || (advance() && expect_word("unknown") && wrap(PathKind::is_unknown, out, true));
    if (const Named* comparison = named(kComparisons, token_, PathTokenKind::sign)) {
      Operand right;
      return advance() && arithmetic(right, 1) && is_value(right) && join(comparison->kind, out, right, true);
    }
    if (token_.is_word("starts")) return starts_with(out);
    return !token_.is_word("like_regex") || like_regex(out);
  }

  bool starts_with(Operand& out) {
    if (!advance() || !expect_word("with")) return false;
    if (token_.kind != PathTokenKind::string && token_.kind != PathTokenKind::variable) return unexpected();
    Operand right;
    begin(right, token_.kind == PathTokenKind::string ? PathKind::string : PathKind::variable, token_.text);
    return advance() && join(PathKind::starts_with, out, right, true);
  }

  bool like_regex(Operand& out) {
    if (!advance()) return false;
    if (token_.kind != PathTokenKind::string) return unexpected();
    const std::string pattern = token_.text;
    if (!wrap(PathKind::like_regex, out, true) || !advance()) return false;
    PathItem& item = out.chain.front();
    item.text = pattern;
    if (token_.is_word("flag") && !flags(item)) return false;
    if (item.has(PathFlag::blanks) && !item.has(PathFlag::literal)) return refuse(fail("0A000"_state, "XQuery \"x\" flag (expanded regular expressions) is not implemented"));
    const PatternCheck check = pattern_check.load();
    auto fine = check ? check(item) : Result<void>{};
    return fine || refuse(std::unexpected(std::move(fine).error()));
  }

  bool flags(PathItem& item) {
    if (!advance()) return false;
    if (token_.kind != PathTokenKind::string) return unexpected();
    for (std::size_t i = 0; i < token_.text.size(); ++i) {
      const char letter = token_.text[i];
      const auto known = std::ranges::find(kFlags, letter, &Flag::letter);
      if (known == kFlags.end()) {
        const std::size_t width = (letter & 0x80) == 0 ? 1 : (letter & 0x20) == 0 ? 2 : (letter & 0x10) == 0 ? 3 : 4;
        return refuse(fail("42601"_state, "invalid input syntax for type jsonpath", "Unrecognized flag character \"" + token_.text.substr(i, width) + "\" in LIKE_REGEX predicate."));
      }
      item.flags |= static_cast<std::uint8_t>(known->flag);
    }
    return advance();
  }

  bool arithmetic(Operand& out, int least) {
    if (!signed_value(out)) return false;
    while (true) {
      const auto row = std::ranges::find_if(kArithmetic, [&](const Arithmetic& each) { return token_.is(each.sign) && each.rank >= least; });
      if (row == kArithmetic.end()) return true;
      Operand right;
      if (!is_value(out) || !advance() || !arithmetic(right, row->rank + 1) || !is_value(right) || !join(row->kind, out, right, false)) return false;
    }
  }

  bool signed_value(Operand& out) {
    std::vector<PathKind> signs;
    for (; token_.is("+") || token_.is("-");) {
      signs.push_back(token_.text == "+" ? PathKind::plus : PathKind::minus);
      if (!advance()) return false;
    }
    if (!accessed(out) || (!signs.empty() && !is_value(out))) return false;
    for (; !signs.empty(); signs.pop_back()) {
      if (out.chain.size() != 1 || out.chain.front().kind != PathKind::number) {
        if (!wrap(signs.back(), out, false)) return false;
      } else if (signs.back() == PathKind::minus) {
        out.chain.front().text = negate({out.chain.front().text}).text;
      }
    }
    return true;
  }

  bool primary(Operand& out) {
    if (token_.is("(")) return in_brackets(out) && expect(")");
    if (token_.kind == PathTokenKind::integer || token_.kind == PathTokenKind::number) return number(out);
    if (token_.kind == PathTokenKind::string || token_.kind == PathTokenKind::variable) begin(out, token_.kind == PathTokenKind::string ? PathKind::string : PathKind::variable, token_.text);
    else if (token_.is("$") || token_.is("@")) begin(out, token_.text == "$" ? PathKind::root : PathKind::current, {});
    else if (const Named* word = named(kWords, token_, PathTokenKind::word)) begin(out, word->kind, token_.text);
    else return unexpected();
    return advance();
  }
  bool number(Operand& out) {
    auto read = parse_numeric(token_.text);
    if (!read) return refuse(std::unexpected(std::move(read).error()));
    begin(out, PathKind::number, std::move(read->text));
    return advance();
  }

  bool accessed(Operand& out) {
    if (!primary(out)) return false;
    while (token_.is(".") || token_.is("[") || token_.is("?")) {
      Operand step;
      const bool read = token_.text == "." ? behind_point(step) : token_.text == "[" ? subscripts(step) : filter(step);
      if (!read) return false;
      out.depth = std::max(out.depth, step.depth) + 1;
      out.predicate = false;
      out.chain.push_back(std::move(step.chain.front()));
      if (out.depth > kDeepestPath) return too_deep();
    }
    return true;
  }

  bool filter(Operand& out) { return advance() && in_brackets(out) && is_predicate(out) && expect(")") && wrap(PathKind::filter, out, false); }

  bool subscripts(Operand& out) {
    if (!advance()) return false;
    if (token_.is("*")) {
      begin(out, PathKind::any_array, {});
      return advance() && expect("]");
    }
    begin(out, PathKind::index_array, {});
    const auto add = [&](Operand& each) {
      out.depth = std::max(out.depth, each.depth + 1);
      out.chain.front().arguments.push_back(std::move(each.chain));
    };
    while (true) {
      Operand from, to;
      if (!disjunction(from) || !is_value(from)) return false;
      if (token_.is_word("to") && !(advance() && disjunction(to) && is_value(to))) return false;
      add(from);
      add(to);
      if (!token_.is(",")) return expect("]");
      if (!advance()) return false;
    }
  }

  bool level(std::uint32_t& out) {
    out = kLastLevel;
    if (token_.kind == PathTokenKind::integer) {
      std::int32_t value = 0;
      const auto read = std::from_chars(token_.text.data(), token_.text.data() + token_.text.size(), value);
      if (read.ec != std::errc{}) return refuse(fail("22003"_state, "value \"" + token_.text + "\" is out of range for type integer"));
      out = static_cast<std::uint32_t>(value);
    } else if (!token_.is_word("last")) {
      return unexpected();
    }
    return advance();
  }

  bool any_path(Operand& out) {
    begin(out, PathKind::any, {});
    PathItem& item = out.chain.front();
    item.last = kLastLevel;
    if (!advance()) return false;
    if (!token_.is("{")) return true;
    if (!advance() || !level(item.first)) return false;
    item.last = item.first;
    if (token_.is_word("to") && !(advance() && level(item.last))) return false;
    return expect("}");
  }

  bool behind_point(Operand& out) {
    if (!advance()) return false;
    if (token_.is("**")) return any_path(out);
    if (token_.is("*")) {
      begin(out, PathKind::any_key, {});
      return advance();
    }
    if (token_.kind != PathTokenKind::word && token_.kind != PathTokenKind::string) return unexpected();
    const Named* method = named(kMethods, token_, PathTokenKind::word);
    begin(out, PathKind::key, token_.keyword ? token_.written : token_.text);
    if (!advance()) return false;
    return !method || !token_.is("(") || called(out.chain.front(), method->kind);
  }
  bool called(PathItem& item, PathKind method) {
    item = {method, {}};
    if (!advance()) return false;
    if (method == PathKind::datetime && token_.kind == PathTokenKind::string) {
      item.with_template = true;
      item.text = token_.text;
      if (!advance()) return false;
    }
    return expect(")");
  }

  /// `@` stands in filters, `last` in subscripts.
  bool check_places(const PathChain& chain, int filters, int subscripts) {
    for (const PathItem& item : chain) {
      if (item.kind == PathKind::current && filters == 0) return refuse(fail("42601"_state, "@ is not allowed in root expressions"));
      if (item.kind == PathKind::last && subscripts == 0) return refuse(fail("42601"_state, "LAST is allowed only in array subscripts"));
      const int inside_filters = filters + (item.kind == PathKind::filter ? 1 : 0), inside_subscripts = item.kind == PathKind::index_array ? 1 : subscripts;
      for (const PathChain& each : item.arguments) {
        if (!check_places(each, inside_filters, inside_subscripts)) return false;
      }
    }
    return true;
  }

  std::string_view whole_;
  PathScanner scanner_;
  PathToken token_;
  Error error_;
  int levels_ = 0;
};

}  // namespace

void check_patterns_with(PatternCheck check) { pattern_check = check; }

Result<JsonPath> read_jsonpath(std::string_view text) { return PathReader{text}.run(); }

}  // namespace crossfade::model
