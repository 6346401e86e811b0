#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "crossfade/model/copy_options.hpp"
#include "crossfade/model/error.hpp"

namespace crossfade::wire {

/// Finds where lines end, in text or csv, in bytes that may be cut anywhere. The ends of all lines must be alike: the first one
/// says how (LF, CR or CRLF).
class LineFinder {
 public:
  LineFinder(model::CopyFormat format, char quote, char escape);

  struct NeedBytes {};
  /// `content` bytes before its end, `whole` with it. `last`: the data ends here (`\.` or no more bytes); `whole` is all of it then.
  struct Line { std::size_t content = 0, whole = 0; bool last = false; };
  using Found = std::variant<NeedBytes, Line>;

  /// `bytes` begin where the line begins, and are those given before with more behind. `complete`: no more will come.
  /// `line`: its number; counts on at line ends inside quotes. Errors: 22P04.
  model::Result<Found> find(std::string_view bytes, bool complete, std::uint64_t& line);

 private:
  enum class End : std::uint8_t { unknown, lf, cr, crlf };
  enum class Marker : std::uint8_t { none, need_bytes, end };

  void follow_quotes(char c, std::uint64_t& line);
  model::Result<Found> carriage_return(std::string_view bytes);
  model::Result<Marker> end_marker(std::string_view bytes, bool complete);
  Line line_of(std::size_t content, std::size_t whole);
  Line last_of(std::size_t content, std::size_t whole);
  std::unexpected<model::Error> stray(std::string_view name, char letter) const;

  bool csv_;
  char quote_;
  char escape_;  // 0: the same as the quote
  End end_ = End::unknown;
  std::size_t at_ = 0;  // bytes of this line that were looked at
  bool in_quote_ = false, after_escape_ = false;
};

}  // namespace crossfade::wire
