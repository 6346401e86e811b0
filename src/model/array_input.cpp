#include <algorithm>
#include <charconv>
#include <optional>

#include "array_text.hpp"
#include "ascii.hpp"
#include "binary_numeric.hpp"
#include "crossfade/model/binary_format.hpp"

namespace crossfade::model {
namespace {

/// As PostgreSQL's MaxArraySize on 64-bit machines.
constexpr std::int64_t kMostElements = 134'217'727;

std::unexpected<Error> too_many_dimensions(std::size_t count) {
  return fail("54000"_state, "number of array dimensions (" + std::to_string(count) + ") exceeds the maximum allowed (" +
                                 std::to_string(kMostDimensions) + ")");
}

struct Item { std::string text; bool null = false; };

/// What was read last: it decides what may come next.
enum class After : std::uint8_t { nothing, open, item, quoted_item, comma, close, close_comma };

/// Reads the braces, and leaves the items' texts unread until the whole is known to be well-formed, as PostgreSQL does.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  Result<void> read();
  std::vector<Item> items;
  std::vector<ArrayDimension> dimensions;  // given before "=", else those of the braces

 private:
  std::unexpected<Error> malformed(std::string detail) const {
    return fail("22P02"_state, "malformed array literal: \"" + std::string(text_.substr(quoted_from_)) + "\"", std::move(detail));
  }
  std::unexpected<Error> unexpected(char c) const { return malformed(std::string("Unexpected \"") + c + "\" character."); }
  Result<void> read_bounds();
  std::string_view number();
  Result<void> read_braces();
  Result<void> open();
  Result<void> close();
  Result<void> comma();
  Result<void> quoted();
  Result<void> plain();
  void skip_blanks() { while (at_ < text_.size() && is_space(text_[at_])) ++at_; }
  bool after(std::initializer_list<After> allowed) const {
    return std::ranges::find(allowed, after_) != allowed.end();
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t quoted_from_ = 0;  // what is wrong inside the braces is told without what stands before them
  After after_ = After::nothing;
  std::vector<std::int32_t> counts_;                 // of the open levels
  std::vector<std::optional<std::int32_t>> lengths_;  // of each level, once one of it was closed
};

std::string_view Reader::number() {
  const std::size_t begin = at_;
  while (at_ < text_.size() && (is_digit(text_[at_]) || text_[at_] == '-' || text_[at_] == '+')) ++at_;
  return text_.substr(begin, at_ - begin);
}

/// As C's atoi: what is not a number counts as 0.
std::int32_t bound(std::string_view digits) {
  if (digits.starts_with('+')) digits.remove_prefix(1);
  std::int32_t value = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return value;
}

/// "[2:4][3]": `[3]` is `[1:3]`.
Result<void> Reader::read_bounds() {
  for (skip_blanks(); at_ < text_.size() && text_[at_] == '['; skip_blanks()) {
    ++at_;
    if (dimensions.size() == kMostDimensions) return too_many_dimensions(kMostDimensions + 1);
    std::string_view upper = number();
    if (upper.empty()) return malformed("\"[\" must introduce explicitly-specified array dimensions.");
    std::int64_t lower = 1;
    if (at_ < text_.size() && text_[at_] == ':') {
      lower = bound(upper);
      ++at_;
      upper = number();
      if (upper.empty()) return malformed("Missing array dimension value.");
    }
    if (at_ >= text_.size() || text_[at_] != ']') return malformed("Missing \"]\" after array dimensions.");
    ++at_;
    const std::int64_t length = bound(upper) - lower + 1;
    if (length < 1) return fail("2202E"_state, "upper bound cannot be less than lower bound");
    if (length > kMostElements) return fail("54000"_state, "array size exceeds the maximum allowed (" + std::to_string(kMostElements) + ")");
    dimensions.push_back({static_cast<std::int32_t>(length), static_cast<std::int32_t>(lower)});
  }
  return {};
}

Result<void> Reader::open() {
  if (!after({After::nothing, After::open, After::close_comma})) return unexpected('{');
  if (counts_.size() == kMostDimensions) return too_many_dimensions(kMostDimensions + 1);
  counts_.push_back(0);
  if (lengths_.size() < counts_.size()) lengths_.emplace_back();
  after_ = After::open;
  ++at_;
  return {};
}

Result<void> Reader::close() {
  const bool empty = after_ == After::open && counts_.size() == 1;
  if (!empty && !after({After::item, After::quoted_item, After::close})) return unexpected('}');
  std::optional<std::int32_t>& known = lengths_[counts_.size() - 1];
  if (known && *known != counts_.back()) return malformed("Multidimensional arrays must have sub-arrays with matching dimensions.");
  known = counts_.back();
  counts_.pop_back();
  if (!counts_.empty()) ++counts_.back();
  after_ = After::close;
  ++at_;
  return {};
}

Result<void> Reader::comma() {
  if (!after({After::item, After::quoted_item, After::close})) return unexpected(',');
  after_ = after_ == After::close ? After::close_comma : After::comma;
  ++at_;
  return {};
}

Result<void> Reader::quoted() {
  if (!after({After::open, After::comma})) return malformed("Unexpected array element.");
  Item item;
  for (++at_; at_ < text_.size() && text_[at_] != '"'; ++at_) {
    if (text_[at_] == '\\' && ++at_ == text_.size()) break;
    item.text += text_[at_];
  }
  if (at_ >= text_.size()) return malformed("Unexpected end of input.");
  ++at_;
  items.push_back(std::move(item));
  ++counts_.back();
  after_ = After::quoted_item;
  return {};
}

Result<void> Reader::plain() {
  if (!after({After::open, After::comma})) return text_[at_] == '\\' ? unexpected('\\') : malformed("Unexpected array element.");
  constexpr std::string_view kEnds = "{}\",";
  Item item;
  std::size_t kept = 0;  // blanks at the end do not count, escaped ones do
  bool escaped = false;
  for (; at_ < text_.size() && kEnds.find(text_[at_]) == kEnds.npos; ++at_) {
    const bool escape = text_[at_] == '\\';
    if (escape && ++at_ == text_.size()) return malformed("Unexpected end of input.");
    item.text += text_[at_];
    if (escape || !is_space(text_[at_])) kept = item.text.size();
    escaped = escaped || escape;
  }
  item.text.resize(kept);
  item.null = !escaped && equals_ignoring_case(item.text, "null");
  items.push_back(std::move(item));
  ++counts_.back();
  after_ = After::item;
  return {};
}

Result<void> Reader::read_braces() {
  do {
    skip_blanks();
    if (at_ >= text_.size()) return malformed("Unexpected end of input.");
    switch (text_[at_]) {
      case '{': CROSSFADE_CHECK(open()); break;
      case '}': CROSSFADE_CHECK(close()); break;
      case ',': CROSSFADE_CHECK(comma()); break;
      case '"': CROSSFADE_CHECK(quoted()); break;
      default: CROSSFADE_CHECK(plain()); break;
    }
  } while (!counts_.empty());
  skip_blanks();
  return at_ == text_.size() ? Result<void>{} : malformed("Junk after closing right brace.");
}

Result<void> Reader::read() {
  CROSSFADE_CHECK(read_bounds());
  const bool given = !dimensions.empty();
  if (given) {
    if (at_ >= text_.size() || text_[at_] != '=') return malformed("Missing \"=\" after array dimensions.");
    ++at_;
    skip_blanks();
  }
  if (at_ >= text_.size() || text_[at_] != '{') {
    return malformed(given ? "Array contents must start with \"{\"." : "Array value must start with \"{\" or dimension information.");
  }
  quoted_from_ = at_;
  CROSSFADE_CHECK(read_braces());
  quoted_from_ = 0;
  std::vector<ArrayDimension> found;
  for (const auto& length : lengths_) found.push_back({length.value_or(0), 1});
  if (items.empty()) found.clear();
  if (!given) {
    dimensions = std::move(found);
    return {};
  }
  const auto same = [](const ArrayDimension& left, const ArrayDimension& right) { return left.length == right.length; };
  if (std::ranges::equal(dimensions, found, same)) return {};
  return malformed("Specified array dimensions do not match array contents.");
}

}  // namespace

Result<std::size_t> count_elements(const std::vector<ArrayDimension>& dimensions) {
  std::int64_t count = dimensions.empty() ? 0 : 1;
  for (const ArrayDimension& dimension : dimensions) {
    count *= dimension.length;
    if (dimension.length < 0 || count > kMostElements) {
      return fail("54000"_state, "array size exceeds the maximum allowed (" + std::to_string(kMostElements) + ")");
    }
  }
  for (const ArrayDimension& dimension : dimensions) {
    const std::int64_t end = std::int64_t{dimension.lower} + dimension.length;
    if (end > std::numeric_limits<std::int32_t>::max()) {
      return fail("54000"_state, "array lower bound is too large: " + std::to_string(dimension.lower));
    }
  }
  return static_cast<std::size_t>(count);
}

Result<Array> parse_array(std::string_view text, Type element, const TextStyle& style) {
  Reader reader{text};
  CROSSFADE_CHECK(reader.read());
  CROSSFADE_CHECK(count_elements(reader.dimensions));
  Array out{{}, std::move(reader.dimensions)};
  out.elements.reserve(reader.items.size());
  for (const Item& item : reader.items) {
    if (item.null) {
      out.elements.emplace_back(Null{});
      continue;
    }
    CROSSFADE_TRY(Value value, parse_text(item.text, element, style));
    out.elements.push_back(std::move(value));
  }
  return out;
}

namespace {

/// Takes numbers and byte strings off the front; what is not there is 22P03.
struct Bytewise {
  std::string_view rest;
  Result<std::string_view> take(std::size_t count) {
    if (rest.size() < count) return fail("08P01"_state, "insufficient data left in message");
    const std::string_view out = rest.substr(0, count);
    rest.remove_prefix(count);
    return out;
  }
  Result<std::int32_t> number() {
    CROSSFADE_TRY(const std::string_view bytes, take(sizeof(std::int32_t)));
    return load_be<std::int32_t>(bytes);
  }
};

std::string named(Oid type) { return std::to_string(type) + " (" + format_type({type}) + ")"; }

Result<Value> read_item(Bytewise& bytes, Type element, std::size_t place) {
  CROSSFADE_TRY(const std::int32_t length, bytes.number());
  if (length == -1) return Null{};
  if (length < -1 || static_cast<std::size_t>(length) > bytes.rest.size()) return fail("22P03"_state, "insufficient data left in message");
  CROSSFADE_TRY(const std::string_view own, bytes.take(static_cast<std::size_t>(length)));
  auto value = parse_binary(own, element);
  if (!value && value.error().message == kTrailingBytes) return fail("22P03"_state, "improper binary format in array element " + std::to_string(place));
  return value;
}

}  // namespace

Result<Array> parse_binary_array(std::string_view text, Type element) {
  Bytewise bytes{text};
  CROSSFADE_TRY(const std::int32_t dimensions, bytes.number());
  if (dimensions < 0) return fail("22P03"_state, "invalid number of dimensions: " + std::to_string(dimensions));
  if (static_cast<std::size_t>(dimensions) > kMostDimensions) return too_many_dimensions(static_cast<std::size_t>(dimensions));
  CROSSFADE_TRY(const std::int32_t flags, bytes.number());
  if (flags != 0 && flags != 1) return fail("22P03"_state, "invalid array flags");
  CROSSFADE_TRY(const std::int32_t type, bytes.number());
  if (static_cast<Oid>(type) != element.oid) {
    return fail("42804"_state, "binary data has array element type " + named(static_cast<Oid>(type)) + " instead of expected " + named(element.oid));
  }
  Array out;
  for (std::int32_t i = 0; i < dimensions; ++i) {
    CROSSFADE_TRY(const std::int32_t length, bytes.number());
    CROSSFADE_TRY(const std::int32_t lower, bytes.number());
    out.dimensions.push_back({length, lower});
  }
  CROSSFADE_TRY(const std::size_t count, count_elements(out.dimensions));
  // Each element has its length word, so a count that the bytes cannot hold reserves nothing.
  out.elements.reserve(std::min(count, bytes.rest.size() / sizeof(std::int32_t)));
  for (std::size_t i = 0; i < count; ++i) {
    CROSSFADE_TRY(Value item, read_item(bytes, element, i + 1));
    out.elements.push_back(std::move(item));
  }
  if (count == 0) out.dimensions.clear();
  if (!bytes.rest.empty()) return fail("22P03"_state, std::string(kTrailingBytes));
  return out;
}

}  // namespace crossfade::model
