#include "json_tree.hpp"

#include <unicode/utf16.h>

#include <algorithm>
#include <charconv>

#include "crossfade/model/numeric.hpp"
#include "utf8.hpp"

namespace crossfade::sqlite::functions {

namespace {

class JsonReader {
 public:
  explicit JsonReader(std::string_view text) : text_(text) {}

  JsonNode value() {
    skip();
    JsonNode node;
    const char c = peek();
    if (c == '{' || c == '[') return container(c);
    const std::size_t begin = at_;
    if (c == '"') {
      for (++at_; at_ < text_.size() && text_[at_] != '"'; ++at_) at_ += text_[at_] == '\\' ? 1 : 0;
      ++at_;
    } else {
      at_ = std::min(text_.find_first_of(",]} \t\r\n", at_), text_.size());
    }
    node.text = text_.substr(begin, at_ - begin);
    node.kind = c == '"' ? JsonNode::Kind::string : c == 'n' ? JsonNode::Kind::null : c == 't' || c == 'f' ? JsonNode::Kind::boolean : JsonNode::Kind::number;
    skip();
    return node;
  }

 private:
  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  void skip() { at_ = std::min(text_.find_first_not_of(" \t\r\n", at_), text_.size()); }
  bool take(char c) {
    skip();
    if (peek() != c) return false;
    ++at_;
    skip();
    return true;
  }

  JsonNode container(char open) {
    JsonNode node;
    node.kind = open == '{' ? JsonNode::Kind::object : JsonNode::Kind::array;
    ++at_;
    const std::size_t begin = at_ - 1;
    const char close = open == '{' ? '}' : ']';
    while (!take(close) && at_ < text_.size()) {
      std::string key;
      if (open == '{') {
        key = value().plain();
        take(':');
      }
      JsonNode item = value();
      item.key = std::move(key);
      node.items.push_back(std::move(item));
      take(',');
    }
    node.text = text_.substr(begin, text_.find_last_not_of(" \t\r\n", at_ - 1) + 1 - begin);
    skip();
    return node;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

UChar32 four_digits(std::string_view digits) {
  UChar32 value = 0;
  for (const char digit : digits.substr(0, 4)) value = value * 16 + (digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10);
  return value;
}

bool key_before(std::string_view left, std::string_view right) { return left.size() != right.size() ? left.size() < right.size() : left < right; }

/// Where PostgreSQL ranks a kind among others.
int rank_of(const JsonNode& node) {
  using Kind = JsonNode::Kind;
  switch (node.kind) {
    case Kind::null: return 0;
    case Kind::string: return 1;
    case Kind::number: return 2;
    case Kind::boolean: return 3;
    case Kind::array: return 4;
    case Kind::object: return 5;
  }
  return 0;
}

std::strong_ordering order_of(int order) { return order <=> 0; }

}  // namespace

std::string JsonNode::plain() const {
  constexpr std::string_view kMarks = "bfnrt", kMeaning = "\b\f\n\r\t";
  if (kind != Kind::string) return text;
  std::string result;
  const std::string_view json = text;
  for (std::size_t i = 1; i + 1 < json.size(); ++i) {
    if (json[i] != '\\') {
      result += json[i];
      continue;
    }
    const char mark = json[++i];
    if (mark == 'u') {
      UChar32 character = four_digits(json.substr(i + 1));
      i += 4;
      if (U16_IS_LEAD(character) && json.substr(i + 1).starts_with("\\u")) {
        character = U16_GET_SUPPLEMENTARY(character, four_digits(json.substr(i + 3)));
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

const JsonNode* JsonNode::find(std::string_view name) const {
  const JsonNode* found = nullptr;  // the last of equal keys counts
  for (const JsonNode& item : items) {
    if (item.key == name) found = &item;
  }
  return kind == Kind::object ? found : nullptr;
}

JsonNode read_json(std::string_view text) { return JsonReader{text}.value(); }

std::string quote_json(std::string_view text) {
  constexpr std::string_view kHex = "0123456789abcdef", kMarks = "\"\\\b\f\n\r\t", kLetters = "\"\\bfnrt";
  std::string out = "\"";
  for (const char c : text) {
    const std::size_t mark = kMarks.find(c);
    if (mark != std::string_view::npos) (out += '\\') += kLetters[mark];
    else if (static_cast<unsigned char>(c) < 0x20) ((out += "\\u00") += kHex[static_cast<unsigned char>(c) >> 4U]) += kHex[c & 15];
    else out += c;
  }
  return out += '"';
}

std::string write_jsonb(const JsonNode& node) {
  if (node.scalar()) return node.text;
  const bool object = node.kind == JsonNode::Kind::object;
  std::string out = object ? "{" : "[";
  for (const JsonNode& item : node.items) {
    if (&item != node.items.data()) out += ", ";
    if (object) out += quote_json(item.key) + ": ";
    out += write_jsonb(item);
  }
  return out += object ? '}' : ']';
}

/// Source: PostgreSQL 15, compareJsonbContainers.
std::strong_ordering compare_jsonb(const JsonNode& left, const JsonNode& right, JsonPlace place) {
  using Kind = JsonNode::Kind;
  if (left.kind != right.kind) {
    // A scalar alone is to PostgreSQL an array of one item, and an array of none is less.
    if (place == JsonPlace::top && left.kind == Kind::array && left.items.empty() && right.scalar()) return std::strong_ordering::less;
    if (place == JsonPlace::top && right.kind == Kind::array && right.items.empty() && left.scalar()) return std::strong_ordering::greater;
    return rank_of(left) <=> rank_of(right);
  }
  switch (left.kind) {
    case Kind::null: return std::strong_ordering::equal;
    case Kind::boolean: return (left.text == "true") <=> (right.text == "true");
    case Kind::number: return model::compare(model::Numeric{left.text}, model::Numeric{right.text});
    case Kind::string: return order_of(left.plain().compare(right.plain()));
    case Kind::array:
    case Kind::object: break;
  }
  if (left.items.size() != right.items.size()) return left.items.size() <=> right.items.size();
  for (std::size_t i = 0; i < left.items.size(); ++i) {
    if (const int keys = left.items[i].key.compare(right.items[i].key); keys != 0) return order_of(keys);
    if (const auto order = compare_jsonb(left.items[i], right.items[i], JsonPlace::inside); order != 0) return order;
  }
  return std::strong_ordering::equal;
}

std::optional<std::int64_t> array_place(std::string_view step) {
  step.remove_prefix(std::min(step.find_first_not_of(" \t\n\v\f\r"), step.size()));
  if (step.size() > 1 && step.front() == '+' && step[1] != '-') step.remove_prefix(1);
  std::int32_t value = 0;
  const char* const end = step.data() + step.size();
  const auto read = std::from_chars(step.data(), end, value);
  return read.ec == std::errc{} && read.ptr == end && !step.empty() ? std::optional<std::int64_t>{value} : std::nullopt;
}

void put_member(JsonNode& object, std::string_view name, JsonNode value) {
  value.key = name;
  const auto place = std::ranges::find_if_not(object.items, [&](const JsonNode& item) { return key_before(item.key, name); });
  if (place != object.items.end() && place->key == name) *place = std::move(value);
  else object.items.insert(place, std::move(value));
}

}  // namespace crossfade::sqlite::functions
