#include "copy_lines.hpp"

#include <algorithm>

namespace crossfade::wire {

using namespace model::literals;

LineFinder::LineFinder(model::CopyFormat format, char quote, char escape)
    : csv_(format == model::CopyFormat::csv), quote_(quote), escape_(escape == quote ? '\0' : escape) {}

void LineFinder::follow_quotes(char c, std::uint64_t& line) {
  if (in_quote_ && escape_ != '\0' && c == escape_) after_escape_ = !after_escape_;
  if (c == quote_ && !after_escape_) in_quote_ = !in_quote_;
  if (escape_ == '\0' || c != escape_) after_escape_ = false;
  if (in_quote_ && c == (end_ == End::lf ? '\n' : '\r')) ++line;
}

model::Result<LineFinder::Found> LineFinder::find(std::string_view bytes, bool complete, std::uint64_t& line) {
  const std::string_view special = csv_ ? std::string_view{} : std::string_view{"\n\r\\"};
  while (true) {
    if (!csv_) at_ = std::min(bytes.find_first_of(special, at_), bytes.size());
    if (at_ >= bytes.size()) {
      if (!complete) return NeedBytes{};
      return last_of(bytes.size(), bytes.size());
    }
    const char c = bytes[at_];
    // What follows these says what they are.
    const bool looks_ahead = c == '\r' || c == '\\';
    if (looks_ahead && at_ + 1 == bytes.size() && !complete) return NeedBytes{};
    if (c == '\\' && (!csv_ || at_ == 0) && at_ + 1 < bytes.size() && bytes[at_ + 1] == '.') {
      CROSSFADE_TRY(const Marker marker, end_marker(bytes, complete));
      if (marker == Marker::need_bytes) return NeedBytes{};
      if (marker == Marker::end) return last_of(at_, bytes.size());
    }
    if (csv_) follow_quotes(c, line);
    const bool bare = !csv_ || !in_quote_;
    if (c == '\r' && bare) return carriage_return(bytes);
    if (c == '\n' && bare) {
      if (end_ == End::cr || end_ == End::crlf) return stray("newline", 'n');
      end_ = End::lf;
      return line_of(at_, at_ + 1);
    }
    // In text, what follows a backslash is never the line's end.
    if (c == '\\' && !csv_ && at_ + 1 < bytes.size()) ++at_;
    ++at_;
  }
}

model::Result<LineFinder::Found> LineFinder::carriage_return(std::string_view bytes) {
  if (end_ == End::lf) return stray("carriage return", 'r');
  if (end_ == End::cr) return line_of(at_, at_ + 1);
  const bool pair = at_ + 1 < bytes.size() && bytes[at_ + 1] == '\n';
  if (!pair && end_ == End::crlf) return stray("carriage return", 'r');
  end_ = pair ? End::crlf : End::cr;
  return line_of(at_, at_ + (pair ? 2 : 1));
}

/// `\.` alone on a line ends the data; in csv anything else on the line makes it a value, in text it is an error.
model::Result<LineFinder::Marker> LineFinder::end_marker(std::string_view bytes, bool complete) {
  const auto corrupt = [&]() -> model::Result<Marker> {
    if (csv_) return Marker::none;
    return model::fail("22P04"_state, "end-of-copy marker corrupt");
  };
  const auto mismatch = [] { return model::fail("22P04"_state, "end-of-copy marker does not match previous newline style"); };
  std::size_t next = at_ + 2;
  if (end_ == End::crlf) {
    if (next >= bytes.size() && !complete) return Marker::need_bytes;
    const char first = next < bytes.size() ? bytes[next] : '\0';
    if (first == '\n' && !csv_) return mismatch();
    if (first != '\r') return corrupt();
    ++next;
  }
  if (next >= bytes.size() && !complete) return Marker::need_bytes;
  const char last = next < bytes.size() ? bytes[next] : '\0';
  if (last != '\r' && last != '\n') return corrupt();
  const bool lf = end_ == End::lf || end_ == End::crlf;
  if ((lf && last != '\n') || (end_ == End::cr && last != '\r')) return mismatch();
  return Marker::end;
}

LineFinder::Line LineFinder::line_of(std::size_t content, std::size_t whole) {
  at_ = 0;
  in_quote_ = after_escape_ = false;
  return {content, whole, false};
}

LineFinder::Line LineFinder::last_of(std::size_t content, std::size_t whole) {
  Line line = line_of(content, whole);
  line.last = true;
  return line;
}

std::unexpected<model::Error> LineFinder::stray(std::string_view name, char letter) const {
  const std::string what(name);
  if (csv_) return model::fail("22P04"_state, "unquoted " + what + " found in data", {}, "Use quoted CSV field to represent " + what + ".");
  return model::fail("22P04"_state, "literal " + what + " found in data", {},
                     std::string("Use \"\\") + letter + "\" to represent " + what + ".");
}

}  // namespace crossfade::wire
