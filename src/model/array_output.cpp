#include "array_text.hpp"
#include "ascii.hpp"
#include "binary_numeric.hpp"
#include "crossfade/model/binary_format.hpp"

namespace crossfade::model {
namespace {

/// What would be read as something else: nothing, NULL, and the characters of the syntax.
bool needs_quotes(std::string_view text) {
  constexpr std::string_view kSyntax = "\"\\{}, \t\n\r\v\f";
  return text.empty() || equals_ignoring_case(text, "null") || text.find_first_of(kSyntax) != text.npos;
}

void append_quoted(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  out += '"';
}

/// Writes the elements in braces, dimension by dimension.
class Writer {
 public:
  Writer(std::string& out, const Array& value, Type element, const TextStyle& style)
      : out_(out), value_(value), element_(element), style_(style) {}

  void level(std::size_t depth) {
    out_ += '{';
    for (std::int32_t i = 0; i < value_.dimensions[depth].length; ++i) {
      if (i > 0) out_ += ',';
      depth + 1 < value_.dimensions.size() ? level(depth + 1) : item();
    }
    out_ += '}';
  }

 private:
  void item() {
    const Value& item = value_.elements[next_++];
    if (is_null(item)) {
      out_ += "NULL";
      return;
    }
    text_.clear();
    append_text(text_, item, element_, style_);
    if (needs_quotes(text_)) return append_quoted(out_, text_);
    out_ += text_;
  }

  std::string& out_;
  const Array& value_;
  Type element_;
  const TextStyle& style_;
  std::size_t next_ = 0;
  std::string text_;
};

}  // namespace

void append_array(std::string& out, const Array& value, Type element, const TextStyle& style) {
  if (value.dimensions.empty()) {
    out += "{}";
    return;
  }
  bool said = false;
  for (const ArrayDimension& dimension : value.dimensions) said = said || dimension.lower != 1;
  for (const ArrayDimension& dimension : value.dimensions) {
    if (!said) break;
    out += '[' + std::to_string(dimension.lower) + ':' + std::to_string(dimension.lower + dimension.length - 1) + ']';
  }
  if (said) out += '=';
  Writer{out, value, element, style}.level(0);
}

void append_binary_array(std::string& out, const Array& value, Type element) {
  bool nulls = false;
  for (const Value& item : value.elements) nulls = nulls || is_null(item);
  append_be(out, static_cast<std::int32_t>(value.dimensions.size()));
  append_be(out, static_cast<std::int32_t>(nulls));
  append_be(out, element.oid);
  for (const ArrayDimension& dimension : value.dimensions) {
    append_be(out, dimension.length);
    append_be(out, dimension.lower);
  }
  for (const Value& item : value.elements) {
    if (is_null(item)) {
      append_be(out, std::int32_t{-1});
      continue;
    }
    std::string bytes;
    append_binary(bytes, item, element);
    append_be(out, static_cast<std::int32_t>(bytes.size()));
    out += bytes;
  }
}

}  // namespace crossfade::model
