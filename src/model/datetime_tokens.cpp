#include "datetime_tokens.hpp"

#include <array>

#include "ascii.hpp"

namespace crossfade::model {
namespace {

struct Word { std::string_view name; int number; };
constexpr std::array kMonths{
    Word{"jan", 1}, Word{"january", 1}, Word{"feb", 2}, Word{"february", 2}, Word{"mar", 3}, Word{"march", 3}, Word{"apr", 4},
    Word{"april", 4}, Word{"may", 5}, Word{"jun", 6}, Word{"june", 6}, Word{"jul", 7}, Word{"july", 7}, Word{"aug", 8},
    Word{"august", 8}, Word{"sep", 9}, Word{"sept", 9}, Word{"september", 9}, Word{"oct", 10}, Word{"october", 10},
    Word{"nov", 11}, Word{"november", 11}, Word{"dec", 12}, Word{"december", 12},
};
constexpr std::array<std::string_view, 18> kWeekdays{
    "mon", "monday", "tue", "tues", "tuesday", "wed", "weds", "wednesday", "thu", "thur", "thurs", "thursday",
    "fri", "friday", "sat", "saturday", "sun", "sunday",
};
// The common ones of PostgreSQL's timezone_abbreviations "Default", in minutes.
constexpr std::array kAbbreviations{
    Word{"utc", 0}, Word{"z", 0}, Word{"gmt", 0}, Word{"ut", 0}, Word{"uct", 0}, Word{"zulu", 0}, Word{"est", -300}, Word{"edt", -240},
    Word{"cst", -360}, Word{"cdt", -300}, Word{"mst", -420}, Word{"mdt", -360}, Word{"pst", -480}, Word{"pdt", -420},
    Word{"akst", -540}, Word{"akdt", -480}, Word{"hst", -600}, Word{"wet", 0}, Word{"west", 60}, Word{"bst", 60}, Word{"cet", 60},
    Word{"cest", 120}, Word{"met", 60}, Word{"mest", 120}, Word{"mez", 60}, Word{"mesz", 120}, Word{"eet", 120}, Word{"eest", 180}, Word{"msk", 180},
    Word{"jst", 540}, Word{"kst", 540}, Word{"awst", 480}, Word{"acst", 570}, Word{"acdt", 630}, Word{"aest", 600},
    Word{"aedt", 660}, Word{"nzst", 720}, Word{"nzdt", 780},
};

constexpr bool is_separator(char c) { return c == '-' || c == '/' || c == '.'; }
constexpr bool is_alnum(char c) { return is_digit(c) || is_alpha(c); }

class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  std::optional<std::vector<DateToken>> run() {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (is_space(c) || c == ',') {
        ++at_;
      } else if (is_digit(c) || (c == '.' && is_digit(peek(1)))) {
        number();
      } else if (is_alpha(c)) {
        word();
      } else if (c == '+' || c == '-') {
        if (!signed_token()) return std::nullopt;
      } else {
        return std::nullopt;
      }
    }
    return std::move(tokens_);
  }

 private:
  using Kind = DateToken::Kind;

  char peek(std::size_t ahead) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }

  template <class Accept>
  void take(Accept accept) {
    for (; at_ < text_.size() && accept(text_[at_]); ++at_) current_ += lower(text_[at_]);
  }
  void finish(Kind kind) {
    tokens_.push_back({kind, std::move(current_)});
    current_.clear();
  }

  void number() {
    take(is_digit);
    const char after = peek(0);
    if (after == ':') {
      take([](char c) { return is_digit(c) || c == ':' || c == '.'; });
      return finish(Kind::time);
    }
    if (!is_separator(after)) return finish(Kind::number);
    take([n = 0](char) mutable { return n++ == 0; });
    if (is_digit(peek(0))) {
      take(is_digit);
      const bool again = peek(0) == after;
      if (again) take([&](char c) { return is_digit(c) || c == after; });
      return finish(again || after != '.' ? Kind::date : Kind::number);
    }
    take([&](char c) { return is_alnum(c) || c == after; });  // 08-jan-1999
    finish(after == '.' && current_.back() == '.' ? Kind::number : Kind::date);
  }

  void word() {
    take(is_alpha);
    if (is_separator(peek(0)) && month_of(current_) > 0) {
      take([](char c) { return is_alnum(c) || is_separator(c); });
      return finish(Kind::date);
    }
    // A zone's name: Europe/Berlin, Etc/GMT+5.
    if (peek(0) == '/' || peek(0) == '_') take([](char c) { return is_alnum(c) || c == '/' || c == '_' || c == '-' || c == '+'; });
    finish(Kind::word);
  }

  bool signed_token() {
    take([n = 0](char) mutable { return n++ == 0; });
    take([&](char c) { return c == ' '; });
    std::erase(current_, ' ');
    if (is_digit(peek(0))) {
      take([](char c) { return is_digit(c) || c == ':' || c == '.'; });
      finish(Kind::offset);
      return true;
    }
    if (!is_alpha(peek(0))) return false;
    take(is_alpha);
    finish(Kind::special);
    return true;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::string current_;
  std::vector<DateToken> tokens_;
};

}  // namespace

std::optional<std::vector<DateToken>> tokenize_datetime(std::string_view text) { return Scanner(text).run(); }

int month_of(std::string_view word) {
  for (const Word& row : kMonths) {
    if (row.name == word) return row.number;
  }
  return 0;
}

bool is_weekday(std::string_view word) {
  for (std::string_view name : kWeekdays) {
    if (name == word) return true;
  }
  return false;
}

std::string_view zone_of_abbreviation(std::string_view word) { return word == "msk" ? "Europe/Moscow" : ""; }

std::optional<int> abbreviation_offset(std::string_view word) {
  for (const Word& row : kAbbreviations) {
    if (row.name == word) return row.number * 60;
  }
  return std::nullopt;
}

}  // namespace crossfade::model
