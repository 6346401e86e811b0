#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "crossfade/model/error.hpp"

namespace crossfade::model {

/// A word of a path. `text`: a name or string with its escapes undone, a number's digits, a sign. `shown`: what messages say stands there.
struct PathToken {
  enum class Kind : std::uint8_t { end, word, string, variable, integer, number, sign } kind = Kind::end;
  std::string text, shown;
  bool keyword = false;  // a word that the language has; then `text` is in small letters
  std::string written;   // of a keyword: as it was

  bool is(std::string_view sign) const { return kind == Kind::sign && text == sign; }
  bool is_word(std::string_view name) const { return keyword && text == name; }
};

class PathScanner {
 public:
  explicit PathScanner(std::string_view text) : text_(text) {}
  /// Errors: 42601, 22P02, 22P05.
  Result<PathToken> next();

 private:
  char peek(std::size_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }
  Result<void> skip_blanks();
  Result<void> skip_comment();
  Result<void> escape(std::string& out);
  Result<void> unicode(std::string& out);
  Result<void> hex(std::string& out);
  Result<PathToken> quoted(PathToken::Kind kind);
  Result<PathToken> number();
  Result<PathToken> word();
  PathToken sign();

  std::string_view text_;
  std::size_t at_ = 0;
};

/// 42601 "… at or near "x" of jsonpath input".
std::unexpected<Error> path_error(std::string_view message, std::string_view shown);

}  // namespace crossfade::model
