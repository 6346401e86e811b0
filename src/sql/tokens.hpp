#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "crossfade/model/error.hpp"
#include "crossfade/sql/statement_text.hpp"

namespace crossfade::sql {

struct Token {
  enum class Kind : std::uint8_t { word, quoted_name, string, number, parameter, symbol, end } kind = Kind::end;
  std::string_view text;
};

/// Cuts text into PostgreSQL's lexical tokens without judging them: what is not closed runs to the end. Comments and space are
/// skipped. A symbol is one byte. Source: PostgreSQL 15 manual, "Lexical Structure".
class Tokens {
 public:
  explicit Tokens(std::string_view text) : text_(text) {}
  Token next();
  /// Bytes that PostgreSQL's scanner has looked at so far to tell operators from comments: at a symbol and at each beginning of a
  /// comment, nested ones too, it runs to the end of the operator characters that follow, however short what it then takes is.
  std::uint64_t read_ahead() const { return read_ahead_; }

 private:
  void skip_space();
  std::size_t comment_length();
  void look_ahead(std::size_t at);
  std::string_view take(std::size_t length);
  std::size_t quoted(std::size_t begin, char quote, bool backslashes) const;
  std::size_t dollar_quoted() const;
  std::size_t word() const;
  std::size_t number() const;
  char at(std::size_t index) const { return index < text_.size() ? text_[index] : '\0'; }

  std::string_view text_;  // what is left
  const char* run_end_ = nullptr;  // of the operator characters that were met last
  std::uint64_t read_ahead_ = 0;
};

/// Before the grammar runs: at most 16 MiB (54000), UTF-8 without NUL (22021), at most 1,000 open parentheses, brackets and
/// CASEs (54001), no runs of comments or operators that the scanner needs seconds for (54001).
model::Result<void> check_text(std::string_view query);

}  // namespace crossfade::sql
