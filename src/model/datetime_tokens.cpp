#include "datetime_tokens.hpp"

#include <algorithm>
#include <array>

#include "ascii.hpp"

namespace crossfade::model {
namespace {

struct WordRow { std::string_view name; DateWord word; };
constexpr DateWord month(int number) { return {DateWord::Kind::month, number}; }
constexpr DateWord weekday(int number) { return {DateWord::Kind::weekday, number}; }
constexpr DateWord unit(DateUnit of) { return {DateWord::Kind::unit, static_cast<int>(of)}; }
constexpr DateWord reserved(DateReserved of) { return {DateWord::Kind::reserved, static_cast<int>(of)}; }
constexpr DateWord kIgnored{DateWord::Kind::ignored};

// Source: PostgreSQL 15 manual, "Date/Time Key Words"; the units are those of its ISO forms.
constexpr std::array kWords{
    WordRow{"-infinity", reserved(DateReserved::minus_infinity)}, WordRow{"ad", {DateWord::Kind::era, 'a'}}, WordRow{"allballs", reserved(DateReserved::zulu)},
    WordRow{"am", {DateWord::Kind::meridiem, 'a'}}, WordRow{"apr", month(4)}, WordRow{"april", month(4)}, WordRow{"at", kIgnored}, WordRow{"aug", month(8)},
    WordRow{"august", month(8)}, WordRow{"bc", {DateWord::Kind::era, 'b'}}, WordRow{"d", unit(DateUnit::day)}, WordRow{"dec", month(12)}, WordRow{"december", month(12)},
    WordRow{"dow", unit(DateUnit::other)}, WordRow{"doy", unit(DateUnit::other)}, WordRow{"dst", {DateWord::Kind::summer}}, WordRow{"epoch", reserved(DateReserved::epoch)},
    WordRow{"feb", month(2)}, WordRow{"february", month(2)}, WordRow{"fri", weekday(5)}, WordRow{"friday", weekday(5)}, WordRow{"h", unit(DateUnit::hour)},
    WordRow{"infinity", reserved(DateReserved::infinity)}, WordRow{"isodow", unit(DateUnit::other)}, WordRow{"isoyear", unit(DateUnit::other)}, WordRow{"j", unit(DateUnit::julian)},
    WordRow{"jan", month(1)}, WordRow{"january", month(1)}, WordRow{"jd", unit(DateUnit::julian)}, WordRow{"jul", month(7)}, WordRow{"julian", unit(DateUnit::julian)},
    WordRow{"july", month(7)}, WordRow{"jun", month(6)}, WordRow{"june", month(6)}, WordRow{"m", unit(DateUnit::month)}, WordRow{"mar", month(3)}, WordRow{"march", month(3)},
    WordRow{"may", month(5)}, WordRow{"mm", unit(DateUnit::minute)}, WordRow{"mon", weekday(1)}, WordRow{"monday", weekday(1)}, WordRow{"nov", month(11)},
    WordRow{"november", month(11)}, WordRow{"now", reserved(DateReserved::now)}, WordRow{"oct", month(10)}, WordRow{"october", month(10)}, WordRow{"on", kIgnored},
    WordRow{"pm", {DateWord::Kind::meridiem, 'p'}}, WordRow{"s", unit(DateUnit::second)}, WordRow{"sat", weekday(6)}, WordRow{"saturday", weekday(6)}, WordRow{"sep", month(9)},
    WordRow{"sept", month(9)}, WordRow{"september", month(9)}, WordRow{"sun", weekday(0)}, WordRow{"sunday", weekday(0)}, WordRow{"t", {DateWord::Kind::clock}},
    WordRow{"thu", weekday(4)}, WordRow{"thur", weekday(4)}, WordRow{"thurs", weekday(4)}, WordRow{"thursday", weekday(4)}, WordRow{"today", reserved(DateReserved::today)},
    WordRow{"tomorrow", reserved(DateReserved::tomorrow)}, WordRow{"tue", weekday(2)}, WordRow{"tues", weekday(2)}, WordRow{"tuesday", weekday(2)}, WordRow{"wed", weekday(3)},
    WordRow{"wednesday", weekday(3)}, WordRow{"weds", weekday(3)}, WordRow{"y", unit(DateUnit::year)}, WordRow{"yesterday", reserved(DateReserved::yesterday)},
};
static_assert(std::ranges::is_sorted(kWords, {}, &WordRow::name));

constexpr std::size_t kMostTokens = 25;
constexpr bool is_separator(char c) { return c == '-' || c == '/' || c == '.'; }
constexpr bool is_alnum(char c) { return is_digit(c) || is_alpha(c); }
/// Punctuation that says nothing: (CET), "2024-01-01".
constexpr bool is_passed_over(char c) { return c > ' ' && c < '\x7f' && !is_alnum(c) && c != '.' && c != '+' && c != '-'; }

class Scanner {
 public:
  Scanner(std::string_view text, std::size_t most) : text_(text), most_(most) {}

  std::optional<std::vector<DateToken>> run() {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (is_space(c) || is_passed_over(c)) {
        ++at_;
        continue;
      }
      if (tokens_.size() == kMostTokens) return std::nullopt;
      if (is_digit(c)) number();
      else if (c == '.') fraction();
      else if (is_alpha(c)) word();
      else if ((c != '+' && c != '-') || !signed_token()) return std::nullopt;
    }
    if (bytes_ > most_) return std::nullopt;
    return std::move(tokens_);
  }

 private:
  using Kind = DateToken::Kind;

  char peek(std::size_t ahead) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }

  template <class Accept>
  void take(Accept accept) {
    for (; at_ < text_.size() && accept(text_[at_]); ++at_) current_ += lower(text_[at_]);
  }
  void take_one() { current_ += lower(text_[at_++]); }
  void finish(Kind kind) {
    bytes_ += current_.size() + 1;
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
    take_one();
    if (is_digit(peek(0))) {
      take(is_digit);
      const bool again = peek(0) == after;
      if (again) take([&](char c) { return is_digit(c) || c == after; });
      return finish(again || after != '.' ? Kind::date : Kind::number);
    }
    take([&](char c) { return is_alnum(c) || c == after; });  // 08-jan-1999
    finish(Kind::date);
  }

  void fraction() {
    take_one();
    take(is_digit);
    finish(Kind::number);
  }

  /// A month in front of a date, or a zone's name: Europe/Berlin, Etc/GMT+5, PST8PDT.
  void word() {
    take(is_alpha);
    const char after = peek(0);
    const bool date = is_separator(after) || ((after == '+' || is_digit(after)) && !date_word(current_));
    if (!date) return finish(Kind::word);
    take([](char c) { return is_alnum(c) || is_separator(c) || c == '+' || c == '_' || c == ':'; });
    finish(Kind::date);
  }

  bool signed_token() {
    take_one();
    while (is_space(peek(0))) ++at_;
    if (is_digit(peek(0))) {
      take([](char c) { return is_digit(c) || c == ':' || c == '.' || c == '-'; });
      finish(Kind::offset);
      return true;
    }
    if (!is_alpha(peek(0))) return false;
    take(is_alpha);
    finish(Kind::special);
    return true;
  }

  std::string_view text_;
  std::size_t most_, at_ = 0, bytes_ = 0;
  std::string current_;
  std::vector<DateToken> tokens_;
};

}  // namespace

std::optional<std::vector<DateToken>> tokenize_datetime(std::string_view text, std::size_t most) { return Scanner(text, most).run(); }

std::optional<DateWord> date_word(std::string_view word) {
  const auto found = std::ranges::lower_bound(kWords, word, {}, &WordRow::name);
  return found != kWords.end() && found->name == word ? std::optional{found->word} : std::nullopt;
}

}  // namespace crossfade::model
