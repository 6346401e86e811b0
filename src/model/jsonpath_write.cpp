#include <algorithm>
#include <array>

#include "crossfade/model/json.hpp"
#include "crossfade/model/jsonpath.hpp"

namespace crossfade::model {
namespace {

using Kind = PathKind;

struct Spelling { Kind kind; std::string_view word; int rank; };
constexpr int kHighest = 6;
/// `rank`: of operations, how closely they bind.
constexpr std::array kSpellings{
    Spelling{Kind::or_, "||", 0},           Spelling{Kind::and_, "&&", 1},            Spelling{Kind::equal, "==", 2},      Spelling{Kind::not_equal, "!=", 2},
    Spelling{Kind::less, "<", 2},           Spelling{Kind::greater, ">", 2},          Spelling{Kind::less_or_equal, "<=", 2}, Spelling{Kind::greater_or_equal, ">=", 2},
    Spelling{Kind::starts_with, "starts with", 2}, Spelling{Kind::add, "+", 3},       Spelling{Kind::subtract, "-", 3},    Spelling{Kind::multiply, "*", 4},
    Spelling{Kind::divide, "/", 4},         Spelling{Kind::modulo, "%", 4},           Spelling{Kind::plus, "+", 5},        Spelling{Kind::minus, "-", 5},
    Spelling{Kind::type, "type", kHighest}, Spelling{Kind::size, "size", kHighest},   Spelling{Kind::abs, "abs", kHighest}, Spelling{Kind::floor, "floor", kHighest},
    Spelling{Kind::ceiling, "ceiling", kHighest}, Spelling{Kind::double_, "double", kHighest}, Spelling{Kind::keyvalue, "keyvalue", kHighest},
    Spelling{Kind::datetime, "datetime", kHighest},
};

const Spelling* spelling(Kind kind) {
  const auto found = std::ranges::find(kSpellings, kind, &Spelling::kind);
  return found == kSpellings.end() ? nullptr : &*found;
}
int rank_of(Kind kind) {
  const Spelling* known = spelling(kind);
  return known ? known->rank : kHighest;
}

struct FlagLetter { PathFlag flag; char letter; };
constexpr std::array kFlagLetters{FlagLetter{PathFlag::ignore_case, 'i'}, FlagLetter{PathFlag::dot_all, 's'}, FlagLetter{PathFlag::lines, 'm'}, FlagLetter{PathFlag::blanks, 'x'},
                                  FlagLetter{PathFlag::literal, 'q'}};

enum class Brackets : std::uint8_t { none, around };

class PathWriter {
 public:
  explicit PathWriter(PathForm form) : form_(form) {}
  std::string out;

  /// What follows the first item is written as in a path: operations of it in brackets.
  void chain(const PathChain& items, Brackets brackets) {
    for (std::size_t i = 0; i < items.size(); ++i) item(items[i], i + 1 < items.size(), i == 0 ? brackets : Brackets::around, i > 0);
  }

 private:
  void operand(const PathItem& of, std::size_t index) {
    const PathChain& items = of.arguments[index];
    chain(items, rank_of(items.front().kind) <= rank_of(of.kind) ? Brackets::around : Brackets::none);
  }
  /// A predicate of one argument, or a filter.
  void within(std::string_view before, const PathItem& of, std::string_view behind, Brackets brackets = Brackets::none) {
    bracketed(brackets, [&] { within_brackets(before, of, behind); });
  }
  template <class Write>
  void bracketed(Brackets brackets, Write write) {
    if (brackets == Brackets::around) out += '(';
    write();
    if (brackets == Brackets::around) out += ')';
  }
  void within_brackets(std::string_view before, const PathItem& of, std::string_view behind) {
    out += before;
    chain(of.arguments.front(), Brackets::none);
    out += behind;
  }

  void item(const PathItem& each, bool followed, Brackets brackets, bool in_path) {
    const auto point = [&] { if (in_path) out += '.'; };
    const Brackets kept = followed && form_ == PathForm::whole ? Brackets::around : Brackets::none;
    switch (each.kind) {
      case Kind::null: out += "null"; return;
      case Kind::boolean: out += each.text; return;
      case Kind::number: out += followed ? "(" + each.text + ")" : each.text; return;
      case Kind::string: return append_json_string(out, each.text);
      case Kind::variable: out += '$'; return append_json_string(out, each.text);
      case Kind::root: out += '$'; return;
      case Kind::current: out += '@'; return;
      case Kind::last: out += "last"; return;
      case Kind::key: point(); return append_json_string(out, each.text);
      case Kind::any_key: point(); out += '*'; return;
      case Kind::any_array: out += "[*]"; return;
      case Kind::index_array: return subscripts(each);
      case Kind::any: point(); return any(each);
      case Kind::filter: return within("?(", each, ")");
      case Kind::not_: return within("!(", each, ")", kept);
      case Kind::is_unknown: return within("(", each, ") is unknown", kept);
      case Kind::exists: return within("exists (", each, ")", kept);
      case Kind::type: case Kind::size: case Kind::abs: case Kind::floor: case Kind::ceiling: case Kind::double_: case Kind::keyvalue: case Kind::datetime:
        out.append(".").append(path_word(each.kind)) += '(';
        if (each.with_template) append_json_string(out, each.text);
        out += ')';
        return;
      case Kind::add: case Kind::subtract: case Kind::multiply: case Kind::divide: case Kind::modulo: case Kind::plus: case Kind::minus: case Kind::and_: case Kind::or_:
      case Kind::equal: case Kind::not_equal: case Kind::less: case Kind::greater: case Kind::less_or_equal: case Kind::greater_or_equal: case Kind::starts_with:
      case Kind::like_regex: break;
    }
    bracketed(kept == Brackets::around ? kept : brackets, [&] { operation(each); });
  }

  void operation(const PathItem& each) {
    if (each.kind == Kind::plus || each.kind == Kind::minus) {
      out += path_word(each.kind);
      return operand(each, 0);
    }
    operand(each, 0);
    if (each.kind == Kind::like_regex) {
      out += " like_regex ";
      append_json_string(out, each.text);
      if (each.flags == 0) return;
      out += " flag \"";
      for (const FlagLetter& row : kFlagLetters) if (each.has(row.flag)) out += row.letter;
      out += '"';
      return;
    }
    out.append(" ").append(path_word(each.kind)) += ' ';
    operand(each, 1);
  }

  void subscripts(const PathItem& each) {
    out += '[';
    for (std::size_t i = 0; i < each.arguments.size(); i += 2) {
      if (i > 0) out += ',';
      chain(each.arguments[i], Brackets::none);
      if (each.arguments[i + 1].empty()) continue;
      out += " to ";
      chain(each.arguments[i + 1], Brackets::none);
    }
    out += ']';
  }

  void any(const PathItem& each) {
    const auto level = [](std::uint32_t value) { return value == kLastLevel ? std::string{"last"} : std::to_string(value); };
    out += "**";
    if (each.first == 0 && each.last == kLastLevel) return;
    out += '{' + level(each.first);
    if (each.first != each.last) out += " to " + level(each.last);
    out += '}';
  }

  PathForm form_;
};

}  // namespace

std::string_view path_word(PathKind kind) {
  const Spelling* known = spelling(kind);
  return known ? known->word : std::string_view{};
}

std::string shown_jsonpath(std::string_view text) {
  const auto path = read_jsonpath(text);
  return path ? write_jsonpath(*path, PathForm::shown) : std::string{text};
}

std::string write_jsonpath(const JsonPath& path, PathForm form) {
  PathWriter writer{form};
  if (path.mode == PathMode::strict) writer.out = "strict ";
  writer.chain(path.chain, Brackets::around);
  return std::move(writer.out);
}

}  // namespace crossfade::model
