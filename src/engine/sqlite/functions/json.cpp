#include "crossfade/model/json.hpp"

#include <array>
#include <optional>

#include "call.hpp"
#include "json_tree.hpp"
#include "utf8.hpp"

namespace crossfade::sqlite::functions {

using namespace model::literals;

namespace {

/// Walks over a JSON text that was checked when it was stored; keeps slices, builds no tree.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) { skip_blanks(); }

  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  /// The value that begins here, as written.
  std::string_view value() {
    const std::size_t begin = at_;
    int depth = 0;
    do {
      const char character = peek();
      if (character == '"') skip_string();
      else if (character == '{' || character == '[') ++depth, ++at_;
      else if (character == '}' || character == ']') --depth, ++at_;
      else if (depth > 0) ++at_;
      else while (at_ < text_.size() && text_.find_first_of(",]} \t\n\r", at_) != at_) ++at_;
    } while (depth > 0 && at_ < text_.size());
    const std::string_view slice = text_.substr(begin, at_ - begin);
    skip_blanks();
    return slice;
  }
  bool take(char expected) {
    if (peek() != expected) return false;
    ++at_;
    skip_blanks();
    return true;
  }

 private:
  void skip_blanks() { at_ = std::min(text_.find_first_not_of(" \t\n\r", at_), text_.size()); }
  void skip_string() {
    for (++at_; at_ < text_.size() && text_[at_] != '"'; ++at_) at_ += text_[at_] == '\\' ? 1 : 0;
    at_ = std::min(at_ + 1, text_.size());
  }
  std::string_view text_;
  std::size_t at_ = 0;
};

UChar32 hex4(std::string_view digits) {
  UChar32 value = 0;
  for (const char digit : digits.substr(0, 4)) value = value * 16 + (digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10);
  return value;
}

/// The text of a JSON string, its quotes and escapes undone.
std::string unquoted(std::string_view json) {
  constexpr std::string_view kMarks = "bfnrt", kMeaning = "\b\f\n\r\t";
  std::string result;
  for (std::size_t i = 1; i + 1 < json.size(); ++i) {
    if (json[i] != '\\') {
      result += json[i];
      continue;
    }
    const char mark = json[++i];
    if (mark == 'u') {
      UChar32 character = hex4(json.substr(i + 1));
      i += 4;
      if (U16_IS_LEAD(character) && json.substr(i + 1).starts_with("\\u")) {
        character = U16_GET_SUPPLEMENTARY(character, hex4(json.substr(i + 3)));
        i += 6;
      }
      append_utf8(result, character);
    } else {
      const std::size_t known = kMarks.find(mark);
      result += known == std::string_view::npos ? mark : kMeaning[known];
    }
  }
  return result;
}

std::optional<std::string_view> member(std::string_view json, std::string_view key) {
  Scanner scanner{json};
  std::optional<std::string_view> found;  // the last of equal keys counts
  if (!scanner.take('{')) return found;
  while (scanner.peek() == '"') {
    const std::string name = unquoted(scanner.value());
    scanner.take(':');
    const std::string_view value = scanner.value();
    if (name == key) found = value;
    scanner.take(',');
  }
  return found;
}

std::vector<std::string_view> elements(std::string_view json) {
  Scanner scanner{json};
  std::vector<std::string_view> all;
  if (!scanner.take('[')) return all;
  while (scanner.peek() != ']' && scanner.peek() != '\0') {
    all.push_back(scanner.value());
    scanner.take(',');
  }
  return all;
}

std::optional<std::string_view> element(std::string_view json, std::int64_t index) {
  const auto all = elements(json);
  if (index < 0) index += static_cast<std::int64_t>(all.size());
  if (index < 0 || index >= static_cast<std::int64_t>(all.size())) return std::nullopt;
  return all[static_cast<std::size_t>(index)];
}

/// To PostgreSQL a jsonb scalar is an array of one.
std::optional<std::string_view> jsonb_element(std::string_view json, std::int64_t index) {
  const bool scalar = !json.starts_with('[') && !json.starts_with('{');
  if (!scalar) return element(json, index);
  return index == 0 || index == -1 ? std::optional{json} : std::nullopt;
}

/// crossfade_jsonb_item(jsonb, step, …): d['a'][0]. A step is a member's key, or the place of an array's element, be it a text or not.
Answer item(const Call& call) {
  std::string_view at = call.text(0);
  for (std::size_t i = 1; i < call.size(); ++i) {
    const std::string_view step = call.text(i);
    const auto place = at.starts_with('[') ? array_place(step) : std::nullopt;
    const auto found = at.starts_with('{') ? member(at, step) : place ? element(at, *place) : std::nullopt;
    if (!found) return model::Null{};
    at = *found;
  }
  return std::string{at};
}

Answer as_json(std::optional<std::string_view> slice) {
  if (!slice) return model::Null{};
  return std::string{*slice};
}
Answer as_text(std::optional<std::string_view> slice) {
  if (!slice || *slice == "null") return model::Null{};
  return slice->starts_with('"') ? unquoted(*slice) : std::string{*slice};
}

Answer array_length(const Call& call) {
  if (Scanner{call.text(0)}.peek() != '[') return model::fail("22023"_state, "cannot get array length of a non-array");
  return static_cast<std::int64_t>(elements(call.text(0)).size());
}

constexpr std::array kJsonFunctions{
    Function{"crossfade_json_member", 2, [](const Call& call) { return as_json(member(call.text(0), call.text(1))); }},
    Function{"crossfade_json_member_text", 2, [](const Call& call) { return as_text(member(call.text(0), call.text(1))); }},
    Function{"crossfade_jsonb_element", 2, [](const Call& call) { return as_json(jsonb_element(call.text(0), call.integer(1))); }},
    Function{"crossfade_jsonb_element_text", 2, [](const Call& call) { return as_text(jsonb_element(call.text(0), call.integer(1))); }},
    Function{"crossfade_json_element", 2, [](const Call& call) { return as_json(element(call.text(0), call.integer(1))); }},
    Function{"crossfade_json_element_text", 2, [](const Call& call) { return as_text(element(call.text(0), call.integer(1))); }},
    Function{"crossfade_jsonb_item", -1, item},
    Function{"crossfade_json_array_length", 1, array_length},
};

}  // namespace

std::span<const Function> json_functions() { return kJsonFunctions; }

}  // namespace crossfade::sqlite::functions
