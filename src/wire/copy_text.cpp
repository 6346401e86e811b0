#include "copy_text.hpp"

#include <algorithm>

#include "crossfade/wire/frontend.hpp"

namespace crossfade::wire {

using namespace model::literals;

namespace {

constexpr std::size_t kLongestLine = 0x3fff'ffff;
constexpr std::size_t kShownBytes = 100;

/// What PostgreSQL shows of the data: at most 100 bytes of whole characters.
std::string shown_data(std::string_view text) {
  if (text.size() <= kShownBytes) return std::string(text);
  std::size_t end = kShownBytes;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return std::string(text.substr(0, end)) + "...";
}

constexpr int digit_of(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return 16;
}

/// Up to `most` digits of `base` at `at`, which moves behind them; nothing when there is none.
std::optional<char> read_digits(std::string_view text, std::size_t& at, int base, int most) {
  int value = 0, count = 0;
  for (; count < most && at < text.size() && digit_of(text[at]) < base; ++count) value = value * base + digit_of(text[at++]);
  if (count == 0) return std::nullopt;
  return static_cast<char>(value & 0xFF);
}

struct NamedEscape { char letter, meaning; };
constexpr std::array kNamedEscapes{
    NamedEscape{'b', '\b'}, NamedEscape{'f', '\f'}, NamedEscape{'n', '\n'},
    NamedEscape{'r', '\r'}, NamedEscape{'t', '\t'}, NamedEscape{'v', '\v'},
};

/// What stands behind a backslash; `at` moves behind it.
char read_escape(std::string_view text, std::size_t& at) {
  constexpr int kOctal = 8, kHex = 16;
  if (const auto octal = read_digits(text, at, kOctal, 3)) return *octal;
  const char c = text[at++];
  if (c == 'x') return read_digits(text, at, kHex, 2).value_or(c);
  const auto* named = std::ranges::find(kNamedEscapes, c, &NamedEscape::letter);
  return named != kNamedEscapes.end() ? named->meaning : c;
}

}  // namespace

CopyTextReader::CopyTextReader(model::CopyOptions options, std::vector<model::CopyColumn> columns)
    : options_(std::move(options)), columns_(std::move(columns)), lines_(options_.format, options_.quote, options_.escape),
      header_due_(options_.header != model::CopyHeader::none) {}

model::Result<CopyStep> CopyTextReader::next() {
  while (!ended_) {
    if (!std::exchange(in_line_, true)) ++line_;
    text_valid_ = false;
    CROSSFADE_TRY(const auto found, lines_.find(waiting(), finished(), line_));
    const auto* line = std::get_if<LineFinder::Line>(&found);
    const std::size_t length = line != nullptr ? line->content : waiting().size();
    if (length > kLongestLine)
      return model::fail("54000"_state, "out of memory", "A line of COPY data is longer than 1 GiB.");
    if (line == nullptr) return CopyNeedsBytes{};
    text_ = waiting().substr(0, length);
    CROSSFADE_CHECK(check_utf8(text_));
    take(line->whole);
    in_line_ = false;
    text_valid_ = true;
    ended_ = line->last;
    if (std::exchange(header_due_, false)) {
      CROSSFADE_CHECK(check_header());
      continue;
    }
    if (ended_ && text_.empty()) break;
    CROSSFADE_CHECK(cut());
    return record();
  }
  ended_ = true;
  return CopyEnd{};
}

CopyRecord CopyTextReader::record() {
  CopyRecord record{.fields = fields_, .failure = {}, .line = line_, .bytes = text_.size()};
  if (fields_.size() > columns_.size()) {
    record.fields.clear();
    record.failure = model::Error{"22P04"_state, "extra data after last expected column"};
  } else if (fields_.size() < columns_.size()) {
    record.failure = model::Error{"22P04"_state, "missing data for column \"" + columns_[fields_.size()].name + "\""};
  }
  return record;
}

model::Result<void> CopyTextReader::check_header() {
  if (options_.header != model::CopyHeader::match) return {};
  CROSSFADE_CHECK(cut());
  if (fields_.size() != columns_.size()) {
    return model::fail("22P04"_state, "wrong number of fields in header line: got " + std::to_string(fields_.size()) +
                                          ", expected " + std::to_string(columns_.size()));
  }
  for (std::size_t i = 0; i < fields_.size(); ++i) {
    if (fields_[i] && *fields_[i] == columns_[i].name) continue;
    const std::string got = fields_[i] ? "\"" + std::string(*fields_[i]) + "\"" : "null value (\"" + options_.null + "\")";
    return model::fail("22P04"_state, "column name mismatch in header line field " + std::to_string(i + 1) + ": got " + got +
                                          ", expected \"" + columns_[i].name + "\"");
  }
  return {};
}

model::Result<void> CopyTextReader::cut() {
  fields_.clear();
  unescaped_.clear();
  unescaped_.reserve(text_.size());  // never longer than what it is made of: views into it stay good
  return options_.format == model::CopyFormat::csv ? cut_csv() : cut_text();
}

/// `begin`: of its content in unescaped_; `raw`: as written.
void CopyTextReader::add_field(std::size_t begin, std::string_view raw, bool quoted) {
  std::optional<std::string_view> field = std::string_view(unescaped_).substr(begin);
  if (!quoted && raw == options_.null) field.reset();
  if (options_.format == model::CopyFormat::csv && !header_due_ && fields_.size() < columns_.size()) {
    const model::CopyColumn& column = columns_[fields_.size()];
    if (!field && column.force_not_null) field = options_.null;
    else if (field && column.force_null && *field == options_.null) field.reset();
  }
  fields_.push_back(field);
}

model::Result<void> CopyTextReader::cut_text() {
  std::size_t at = 0;
  for (bool more = true; more;) {
    const std::size_t start = at, begin = unescaped_.size();
    std::size_t end = at;
    bool made_bytes = false;
    more = false;
    for (; at < text_.size(); end = at) {
      const char c = text_[at++];
      if (c == options_.delimiter) {
        more = true;
        break;
      }
      if (c != '\\') {
        unescaped_ += c;
        continue;
      }
      if (at == text_.size()) break;  // a backslash at the very end is dropped
      const char meant = read_escape(text_, at);
      made_bytes = made_bytes || meant == '\0' || static_cast<signed char>(meant) < 0;
      unescaped_ += meant;
    }
    const std::string_view raw = text_.substr(start, end - start);
    if (made_bytes && raw != options_.null) CROSSFADE_CHECK(check_utf8(std::string_view(unescaped_).substr(begin)));
    add_field(begin, raw, false);
  }
  return {};
}

model::Result<void> CopyTextReader::cut_csv() {
  for (std::size_t at = 0; at <= text_.size();) {
    CROSSFADE_TRY(at, cut_csv_field(at));
  }
  return {};
}

/// Gives the place behind the field's delimiter; behind the line's end for its last field.
model::Result<std::size_t> CopyTextReader::cut_csv_field(std::size_t at) {
  const std::size_t start = at, begin = unescaped_.size();
  bool in_quote = false, quoted = false;
  for (; at < text_.size(); ++at) {
    const char c = text_[at];
    if (!in_quote) {
      if (c == options_.delimiter) break;
      in_quote = c == options_.quote;
      quoted = quoted || in_quote;
      if (!in_quote) unescaped_ += c;
      continue;
    }
    const char next = at + 1 < text_.size() ? text_[at + 1] : '\0';
    const bool escapes = c == options_.escape && at + 1 < text_.size() && (next == options_.escape || next == options_.quote);
    if (escapes) {
      unescaped_ += next;
      ++at;
    } else if (c == options_.quote) {
      in_quote = false;
    } else {
      unescaped_ += c;
    }
  }
  if (in_quote) return model::fail("22P04"_state, "unterminated CSV quoted field");
  add_field(begin, text_.substr(start, at - start), quoted);
  return at + 1;
}

std::string CopyTextReader::place() const {
  if (line_ == 0) return {};
  std::string place = "line " + std::to_string(line_);
  if (text_valid_) place += ": \"" + shown_data(text_) + "\"";
  return place;
}

std::string CopyTextReader::place(std::size_t column) const {
  const std::string name = "line " + std::to_string(line_) + ", column " + columns_[column].name;
  const auto& field = fields_[column];
  return name + (field ? ": \"" + shown_data(*field) + "\"" : ": null input");
}

}  // namespace crossfade::wire
