#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <utility>

#include "regex.hpp"

namespace crossfade::sqlite::functions {

using namespace model::literals;

namespace {

std::unexpected<model::Error> bad_regex(std::string_view what) { return model::fail("2201B"_state, "invalid regular expression: " + std::string{what}); }

bool digit(char c) { return c >= '0' && c <= '9'; }

/// Escapes that both write alike, and those that ICU writes otherwise.
struct EscapeRow { char mark; std::string_view icu; };
constexpr std::array kEscapes{
    EscapeRow{'d', "[0-9]"},          EscapeRow{'D', "[^0-9]"},  EscapeRow{'s', "[[:space:]]"}, EscapeRow{'S', "[^[:space:]]"},
    EscapeRow{'w', "[[:alnum:]_]"},   EscapeRow{'W', "[^[:alnum:]_]"}, EscapeRow{'m', "(?<![[:alnum:]_])(?=[[:alnum:]_])"},
    EscapeRow{'M', "(?<=[[:alnum:]_])(?![[:alnum:]_])"},
    EscapeRow{'y', "(?:(?<![[:alnum:]_])(?=[[:alnum:]_])|(?<=[[:alnum:]_])(?![[:alnum:]_]))"},
    EscapeRow{'Y', "(?:(?<![[:alnum:]_])(?![[:alnum:]_])|(?<=[[:alnum:]_])(?=[[:alnum:]_]))"},
    EscapeRow{'A', "\\A"},            EscapeRow{'Z', "\\z"},     EscapeRow{'a', "\\x{7}"},      EscapeRow{'b', "\\x{8}"},
    EscapeRow{'B', "\\\\"},           EscapeRow{'e', "\\x{1b}"}, EscapeRow{'f', "\\f"},         EscapeRow{'n', "\\n"},
    EscapeRow{'r', "\\r"},            EscapeRow{'t', "\\t"},     EscapeRow{'v', "\\x{b}"},
};

class PatternTranslator {
 public:
  PatternTranslator(std::string_view pattern, const Regex::Options& options) : in_(pattern), options_(options) {}

  model::Result<IcuPattern> run() {
    if (options_.literal) return literal(in_);
    if (in_.starts_with("***=")) return literal(in_.substr(4));
    if (in_.starts_with("***:")) in_.remove_prefix(4);
    bool atom = false;  // something that a quantifier may follow
    bool group = false;
    while (at_ < in_.size()) {
      const char c = in_[at_];
      if (c == '*' || c == '+' || c == '?' || (c == '{' && at_ + 1 < in_.size() && digit(in_[at_ + 1]))) {
        if (!atom) return bad_regex("quantifier operand invalid");
        CROSSFADE_CHECK(quantifier(group));
        atom = false;
        continue;
      }
      group = false;
      if (c == '(') {
        CROSSFADE_CHECK(open());
        atom = false;
        continue;
      }
      if (c == ')') {
        if (depth_ == 0) return bad_regex("parentheses () not balanced");
        --depth_;
        if (depth_ < looking_) looking_ = 0;
        put(")");
        ++at_;
        atom = group = true;
        continue;
      }
      if (c == '|') {
        out_.ambiguous = true;
        put("|");
        ++at_;
        atom = false;
        continue;
      }
      if (c == '^' || c == '$') {
        const bool lines = options_.newline;  // ICU's own know other ends of a line too, and no beginning behind the last
        put(c == '^' ? (lines ? "(?:\\A|(?<=\\n))" : "\\A") : (lines ? "(?:\\z|(?=\\n))" : "\\z"));
        ++at_;
        atom = false;
        continue;
      }
      atom = true;
      if (c == '[') {
        CROSSFADE_CHECK(bracket(atom));
      } else if (c == '.') {
        put(options_.dot_stops ? "[^\\n]" : "(?s:.)");
        ++at_;
      } else if (c == '\\') {
        CROSSFADE_CHECK(escape(atom));
      } else if (options_.extended && (c == ' ' || c == '\t' || c == '\n')) {
        ++at_;
        atom = false;
      } else if (options_.extended && c == '#') {
        at_ = std::min(in_.find('\n', at_), in_.size());
        atom = false;
      } else {
        character(c);
        ++at_;
      }
    }
    if (depth_ != 0) return bad_regex("parentheses () not balanced");
    if (out_.text.empty()) out_.text = "(?:)";  // ICU takes no empty pattern
    if (options_.newline) out_.text = "(?m)" + out_.text;
    return std::move(out_);
  }

 private:
  void put(std::string_view text) { out_.text += text; }
  void character(char c) {
    constexpr std::string_view kSpecial = "\\*?+[(){}^$|./#&-~ \t\n\r]";
    if (kSpecial.find(c) == std::string_view::npos) return void(out_.text += c);
    constexpr std::string_view kHex = "0123456789abcdef";
    out_.text += "\\x{";
    out_.text += kHex[static_cast<unsigned char>(c) >> 4U];
    out_.text += kHex[static_cast<unsigned char>(c) & 15U];
    out_.text += '}';
  }
  model::Result<IcuPattern> literal(std::string_view text) {
    for (const char c : text) character(c);
    if (out_.text.empty()) out_.text = "(?:)";
    return std::move(out_);
  }

  model::Result<void> quantifier(bool group) {
    const char c = in_[at_];
    if (c == '{') {
      const std::size_t end = in_.find('}', at_);
      const std::string_view bounds = in_.substr(at_ + 1, end == std::string_view::npos ? std::string_view::npos : end - at_ - 1);
      if (end == std::string_view::npos || bounds.find_first_not_of("0123456789,") != std::string_view::npos) return bad_regex("invalid repetition count(s)");
      const std::size_t comma = bounds.find(',');
      const int low = std::atoi(std::string{bounds.substr(0, comma)}.c_str());
      const int high = comma == std::string_view::npos ? low : comma + 1 == bounds.size() ? 255 : std::atoi(std::string{bounds.substr(comma + 1)}.c_str());
      if (low > 255 || high > 255 || low > high) return bad_regex("invalid repetition count(s)");
      put(in_.substr(at_, end + 1 - at_));
      at_ = end + 1;
    } else {
      out_.text += c;
      ++at_;
    }
    const bool lazy = at_ < in_.size() && in_[at_] == '?';
    if (lazy) out_.text += '?', ++at_;
    (lazy ? out_.lazy : out_.greedy) = true;
    out_.ambiguous = out_.ambiguous || group;
    const bool again = at_ < in_.size() && (in_[at_] == '*' || in_[at_] == '+' || in_[at_] == '?' || (in_[at_] == '{' && at_ + 1 < in_.size() && digit(in_[at_ + 1])));
    if (again) return bad_regex("quantifier operand invalid");
    return {};
  }

  model::Result<void> open() {
    for (const std::string_view head : {"(?:", "(?=", "(?!", "(?<=", "(?<!"}) {
      if (!in_.substr(at_).starts_with(head)) continue;
      put(head);
      at_ += head.size();
      ++depth_;
      if (head != "(?:" && looking_ == 0) looking_ = depth_;
      return {};
    }
    if (in_.substr(at_).starts_with("(?")) return bad_regex("quantifier operand invalid");
    put("(");
    ++out_.groups;
    ++depth_;
    ++at_;
    return {};
  }

  model::Result<void> escape(bool& atom) {
    if (at_ + 1 >= in_.size()) return bad_regex("invalid escape \\ sequence");
    const char mark = in_[at_ + 1];
    at_ += 2;
    if (mark == 'm' || mark == 'M' || mark == 'y' || mark == 'Y' || mark == 'A' || mark == 'Z') atom = false;
    for (const EscapeRow& row : kEscapes) {
      if (row.mark == mark) return put(row.icu), model::Result<void>{};
    }
    if (mark >= '1' && mark <= '9') {
      // Of several digits that are no group's number PostgreSQL makes an octal number.
      const std::size_t end = std::min(in_.find_first_not_of("0123456789", at_), in_.size());
      const std::string digits{in_.substr(at_ - 1, end - at_ + 1)};
      const bool known = digits.size() < 4 && static_cast<std::size_t>(std::atoi(digits.c_str())) <= out_.groups;
      if (digits.size() == 1 || known) {
        if (looking_ > 0 || !known) return bad_regex("invalid backreference number");
        at_ = end;
        out_.ambiguous = true;
        put("(?:\\" + digits + ")");
        return {};
      }
    }
    CROSSFADE_TRY(const std::string code, character_code(mark, at_));
    if (!code.empty()) return put(code), model::Result<void>{};
    if ((mark >= 'a' && mark <= 'z') || (mark >= 'A' && mark <= 'Z')) return bad_regex("invalid escape \\ sequence");
    character(mark);
    return {};
  }

  /// A character by its number (\u0061, \x61, \141) or as a control character (\cA), where `at` is behind the mark; empty: another escape.
  model::Result<std::string> character_code(char mark, std::size_t& at) const {
    constexpr std::string_view kHex = "0123456789abcdefABCDEF";
    const auto said = [](unsigned long number) {
      std::array<char, 16> text{};
      std::snprintf(text.data(), text.size(), "\\x{%lx}", number);
      return std::string{text.data()};
    };
    if (mark == 'c') {
      if (at >= in_.size()) return bad_regex("invalid escape \\ sequence");
      return said(static_cast<unsigned char>(in_[at++]) & 31U);
    }
    if (digit(mark)) {  // at most three octal digits, and no more than a byte
      std::size_t end = --at;
      unsigned long number = 0;
      for (; end < in_.size() && end - at < 3 && in_[end] >= '0' && in_[end] <= '7' && number * 8 + static_cast<unsigned long>(in_[end] - '0') <= 255; ++end)
        number = number * 8 + static_cast<unsigned long>(in_[end] - '0');
      if (end == at) return bad_regex("invalid escape \\ sequence");
      at = end;
      return said(number);
    }
    if (mark != 'u' && mark != 'U' && mark != 'x') return std::string{};
    const std::size_t available = std::min(in_.find_first_not_of(kHex, at), in_.size()) - at;
    const std::size_t digits = mark == 'u' ? 4 : mark == 'U' ? 8 : available;
    if (digits == 0 || available < digits) return bad_regex("invalid escape \\ sequence");
    const std::string text{in_.substr(at, digits)};
    at += digits;
    constexpr unsigned long kMost = 0x10FFFF;
    const unsigned long number = std::strtoul(text.c_str(), nullptr, 16);
    return number > kMost ? model::Result<std::string>{bad_regex("invalid escape \\ sequence")} : said(number);
  }

  /// [abc], [^a-z], [[:alpha:]_], [\d]
  model::Result<void> bracket(bool& atom) {
    for (const auto& [edge, mark] : {std::pair<std::string_view, char>{"[[:<:]]", 'm'}, {"[[:>:]]", 'M'}}) {
      if (!in_.substr(at_).starts_with(edge)) continue;
      put(std::ranges::find(kEscapes, mark, &EscapeRow::mark)->icu);
      at_ += edge.size();
      atom = false;
      return {};
    }
    std::size_t i = at_ + 1;
    std::string set = "[";
    if (i < in_.size() && in_[i] == '^') set += '^', ++i;
    if (options_.dot_stops && set.size() == 2) set += "\\n";
    const std::size_t first = i;
    enum class Last : char { none, character, range_end, several } last = Last::none;
    bool ranges = false;  // behind the "-" of a range
    for (;; ++i) {
      if (i >= in_.size()) return bad_regex("brackets [] not balanced");
      const char c = in_[i];
      if (c == ']' && i > first) break;
      if (c == '-' && !ranges && i > first && i + 1 < in_.size() && in_[i + 1] != ']') {
        if (last != Last::character) return bad_regex("invalid character range");
        ranges = true;
        set += '-';
        continue;
      }
      last = std::exchange(ranges, false) ? Last::range_end : Last::character;
      const auto is_several = [&] { return std::exchange(last, Last::several) == Last::range_end; };
      if (c == '[' && i + 1 < in_.size() && (in_[i + 1] == ':' || in_[i + 1] == '.' || in_[i + 1] == '=')) {
        const std::string close = std::string(1, in_[i + 1]) + "]";
        const std::size_t end = in_.find(close, i + 2);
        if (end == std::string_view::npos) return bad_regex("brackets [] not balanced");
        const std::string_view name = in_.substr(i + 2, end - i - 2);
        if (in_[i + 1] == ':') {
          constexpr std::array<std::string_view, 13> kClasses{"alnum", "alpha", "blank", "cntrl", "digit", "graph", "lower", "print", "punct", "space", "upper", "xdigit", "word"};
          if (std::ranges::find(kClasses, name) == kClasses.end()) return bad_regex("invalid character class");
          if (is_several()) return bad_regex("invalid character range");
          set += name == "word" ? "[:alnum:]_" : name == "digit" ? "0-9" : "[:" + std::string{name} + ":]";
        } else if (!name.empty() && name.size() == width_of(name)) {
          if (in_[i + 1] == '=' && is_several()) return bad_regex("invalid character range");
          member(set, name);
        } else {
          return bad_regex("invalid collating element");
        }
        i = end + 1;
      } else if (c == '\\' && i + 1 < in_.size()) {
        const char mark = in_[++i];
        const auto* row = std::ranges::find(kEscapes, mark, &EscapeRow::mark);
        std::size_t behind = i + 1;
        CROSSFADE_TRY(const std::string code, character_code(mark, behind));
        if (!code.empty()) {
          set += code;
          i = behind - 1;
        } else if (mark == 'd' || mark == 's' || mark == 'w') {
          if (is_several()) return bad_regex("invalid character range");
          set += row->icu.substr(1, row->icu.size() - 2);
        } else if (mark == 'D' || mark == 'S' || mark == 'W') {
          if (is_several()) return bad_regex("invalid character range");
          set += row->icu;
        } else if (std::string_view("AZmMyY").contains(mark)) {
          return bad_regex("invalid escape \\ sequence");
        } else if (row != kEscapes.end() && row->icu.size() <= 7 && row->icu[0] == '\\') {
          set += row->icu;
        } else if ((mark >= 'a' && mark <= 'z') || (mark >= 'A' && mark <= 'Z')) {
          return bad_regex("invalid escape \\ sequence");
        } else {
          i += member(set, in_.substr(i)) - 1;
        }
      } else {
        i += member(set, in_.substr(i)) - 1;
      }
    }
    put(set + "]");
    at_ = i + 1;
    return {};
  }
  static std::size_t width_of(std::string_view text) {
    std::size_t width = 1;
    while (width < text.size() && (text[width] & 0xc0) == 0x80) ++width;
    return width;
  }
  /// The first character of a text; its bytes.
  static std::size_t member(std::string& set, std::string_view text) {
    const char c = text[0];
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || digit(c) || (c & 0x80) != 0;
    if (!plain) set += '\\';
    const std::size_t width = width_of(text);
    set += text.substr(0, width);
    return width;
  }

  std::string_view in_;
  Regex::Options options_;
  std::size_t at_ = 0, depth_ = 0;
  std::size_t looking_ = 0;  // the depth of the outermost look-around here, in which PostgreSQL takes no back reference; 0: none
  IcuPattern out_;
};

}  // namespace

model::Result<IcuPattern> translate_regex(std::string_view pattern, const Regex::Options& options) { return PatternTranslator{pattern, options}.run(); }

std::string SimilarPattern::text() const {
  constexpr std::array<std::string_view, 3> kBetween{"){1,1}?(", "){1,1}(?:", ""};
  std::string out = "^(?:" + parts.front();
  for (std::size_t i = 1; i < parts.size(); ++i) (out += kBetween[i - 1]) += parts[i];
  return out + ")$";
}

model::Result<SimilarPattern> similar_pattern(std::string_view pattern, std::string_view escape) {
  const auto size_of = [](std::string_view text) {
    std::size_t size = 1;
    while (size < text.size() && (text[size] & 0xC0) == 0x80) ++size;
    return size;
  };
  if (!escape.empty() && escape.size() > size_of(escape)) return model::fail("22025"_state, "invalid escape string", {}, "Escape string must be empty or one character.");
  SimilarPattern out{{""}};
  bool set = false, escaped = false;
  while (!pattern.empty()) {
    const std::string_view whole = pattern.substr(0, size_of(pattern));
    const char c = pattern.front();
    pattern.remove_prefix(whole.size());
    std::string& part = out.parts.back();
    if (escaped) {
      escaped = false;
      if (c == '"' && !set) {
        if (out.parts.size() == 3) return model::fail("2200C"_state, "SQL regular expression may not contain more than two escape-double-quote separators");
        out.parts.emplace_back();
      } else {
        (part += '\\') += whole;
      }
    } else if (!escape.empty() && whole == escape) {
      escaped = true;
    } else if (set) {
      if (c == '\\') part += '\\';
      part += whole;
      set = c != ']';
    } else if (c == '[') {
      part += c;
      set = true;
    } else if (c == '%') {
      part += ".*";
    } else if (c == '_') {
      part += '.';
    } else if (c == '(') {
      part += "(?:";
    } else {
      if (c == '\\' || c == '.' || c == '^' || c == '$') part += '\\';
      part += whole;
    }
  }
  return out;
}

}  // namespace crossfade::sqlite::functions
