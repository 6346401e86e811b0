#include <algorithm>
#include <array>

#include "crossfade/model/json.hpp"
#include "crossfade/model/jsonpath.hpp"

namespace crossfade::model {
namespace {


struct Spelling { PathKind kind; std::string_view word; int rank; };
constexpr int kHighest = 6;
/// `rank`: of operations, how closely they bind.
constexpr std::array kSpellings{
    Spelling{PathKind::or_, "||", 0},           Spelling{PathKind::and_, "&&", 1},            Spelling{PathKind::equal, "==", 2},      Spelling{PathKind::not_equal, "!=", 2},
    Spelling{PathKind::less, "<", 2},           Spelling{PathKind::greater, ">", 2},          Spelling{PathKind::less_or_equal, "<=", 2}, Spelling{PathKind::greater_or_equal, ">=", 2},
    Spelling{PathKind::starts_with, "starts with", 2}, Spelling{PathKind::add, "+", 3},       Spelling{PathKind::subtract, "-", 3},    Spelling{PathKind::multiply, "*", 4},
    Spelling{PathKind::divide, "/", 4},         Spelling{PathKind::modulo, "%", 4},           Spelling{PathKind::plus, "+", 5},        Spelling{PathKind::minus, "-", 5},
    Spelling{PathKind::type, "type", kHighest}, Spelling{PathKind::size, "size", kHighest},   Spelling{PathKind::abs, "abs", kHighest}, Spelling{PathKind::floor, "floor", kHighest},
    Spelling{PathKind::ceiling, "ceiling", kHighest}, Spelling{PathKind::double_, "double", kHighest}, Spelling{PathKind::keyvalue, "keyvalue", kHighest},
    Spelling{PathKind::datetime, "datetime", kHighest},
};

const Spelling* spelling(PathKind kind) {
  const auto found = std::ranges::find(kSpellings, kind, &Spelling::kind);
  return found == kSpellings.end() ? nullptr : &*found;
}
int rank_of(PathKind kind) {
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
      case PathKind::null: out += "null"; return;
      case PathKind::boolean: out += each.text; return;
      case PathKind::number: out += followed ? "(" + each.text + ")" : each.text; return;
      case PathKind::string: return append_json_string(out, each.text);
      case PathKind::variable: out += '$'; return append_json_string(out, each.text);
      case PathKind::root: out += '$'; return;
      case PathKind::current: out += '@'; return;
      case PathKind::last: out += "last"; return;
      case PathKind::key: point(); return append_json_string(out, each.text);
      case PathKind::any_key: point(); out += '*'; return;
      case PathKind::any_array: out += "[*]"; return;
      case PathKind::index_array: return subscripts(each);
      case PathKind::any: point(); return any(each);
      case PathKind::filter: return within("?(", each, ")");
      case PathKind::not_: return within("!(", each, ")", kept);
      case PathKind::is_unknown: return within("(", each, ") is unknown", kept);
      case PathKind::exists: return within("exists (", each, ")", kept);
      case PathKind::type: case PathKind::size: case PathKind::abs: case PathKind::floor: case PathKind::ceiling: case PathKind::double_: case PathKind::keyvalue: case PathKind::datetime:
        out.append(".").append(path_word(each.kind)) += '(';
        if (each.with_template) append_json_string(out, each.text);
        out += ')';
        return;
      case PathKind::add: case PathKind::subtract: case PathKind::multiply: case PathKind::divide: case PathKind::modulo:
      case PathKind::plus: case PathKind::minus: case PathKind::and_: case PathKind::or_:
      case PathKind::equal: case PathKind::not_equal: case PathKind::less: case PathKind::greater: case PathKind::less_or_equal: case PathKind::greater_or_equal: case PathKind::starts_with:
      case PathKind::like_regex: break;
    }
    bracketed(kept == Brackets::around ? kept : brackets, [&] { operation(each); });
  }

  void operation(const PathItem& each) {
    if (each.kind == PathKind::plus || each.kind == PathKind::minus) {
      out += path_word(each.kind);
      return operand(each, 0);
    }
    operand(each, 0);
    if (each.kind == PathKind::like_regex) {
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
