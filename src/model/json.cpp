#include "crossfade/model/json.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

#include "ascii.hpp"
#include "crossfade/model/numeric.hpp"
#include "utf8.hpp"

namespace crossfade::model {
namespace {

/// Each level takes two frames of the stack; those of a build that is not optimised are several times as large.
#ifdef __OPTIMIZE__
constexpr int kMaxDepth = 4'000;
#else
constexpr int kMaxDepth = 1'000;
#endif

/// text: a scalar in its normal form.
struct Node {
  enum class Kind : char { scalar, array, object } kind = Kind::scalar;
  std::string key, text;
  std::size_t place = 0;  // among its siblings, as written
  std::vector<Node> items;
};

/// json keeps the text and only its syntax is checked; jsonb decodes strings and numbers.
enum class Mode : char { check, normalize };

std::unexpected<Error> invalid(std::string detail) {
  return fail("22P02"_state, "invalid input syntax for type json", std::move(detail));
}

void append_utf8(std::string& out, std::uint32_t code) {
  const auto tail = [&](int shift) { out += static_cast<char>(0x80 | ((code >> shift) & 0x3f)); };
  if (code < 0x80) {
    out += static_cast<char>(code);
  } else if (code < 0x800) {
    out += static_cast<char>(0xc0 | (code >> 6));
    tail(0);
  } else if (code < 0x10000) {
    out += static_cast<char>(0xe0 | (code >> 12));
    tail(6);
    tail(0);
  } else {
    out += static_cast<char>(0xf0 | (code >> 18));
    tail(12);
    tail(6);
    tail(0);
  }
}

struct Escape { char letter; char character; };
constexpr std::array kEscapes{Escape{'"', '"'}, Escape{'\\', '\\'}, Escape{'b', '\b'}, Escape{'f', '\f'},
                              Escape{'n', '\n'}, Escape{'r', '\r'}, Escape{'t', '\t'}};

void append_quoted(std::string& out, std::string_view text) {
  constexpr std::string_view kHex = "0123456789abcdef";
  out += '"';
  for (char c : text) {
    const auto found = std::ranges::find(kEscapes, c, &Escape::character);
    if (found != kEscapes.end()) {
      out.append("\\").append(1, found->letter);
    } else if (static_cast<unsigned char>(c) < 0x20) {
      out.append("\\u00").append(1, kHex[static_cast<unsigned char>(c) >> 4]).append(1, kHex[c & 15]);
    } else {
      out += c;
    }
  }
  out += '"';
}

class JsonParser {
 public:
  JsonParser(std::string_view text, Mode mode) : text_(text), mode_(mode) {}

  Result<Node> run() {
    Node root;
    CROSSFADE_CHECK(value(root, 0));
    skip();
    if (at_ < text_.size()) return invalid("Expected end of input, but found \"" + token() + "\".");
    return root;
  }

 private:
  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  void skip() {
    while (at_ < text_.size() && (peek() == ' ' || peek() == '\t' || peek() == '\n' || peek() == '\r')) ++at_;
  }
  // The word, the string or the single character at this place, for messages.
  std::string token() const {
    if (peek() == '"') {
      const std::size_t close = text_.find('"', at_ + 1);
      return std::string(text_.substr(at_, close == text_.npos ? close : close - at_ + 1));
    }
    std::size_t end = at_;
    while (end < text_.size() && (is_alpha(text_[end]) || is_digit(text_[end]) || text_[end] == '_' || (text_[end] & 0x80) != 0)) ++end;
    return std::string(text_.substr(at_, std::max<std::size_t>(end - at_, 1)));
  }
  std::unexpected<Error> expected(std::string_view what) {
    if (at_ >= text_.size()) return invalid("The input string ended unexpectedly.");
    constexpr std::string_view kPunctuation = "{}[],:\"-";
    const bool legal = kPunctuation.find(peek()) != kPunctuation.npos || is_digit(peek());
    const std::string word = token();
    if (!legal && word != "true" && word != "false" && word != "null") return invalid("Token \"" + word + "\" is invalid.");
    return invalid("Expected " + std::string(what) + ", but found \"" + word + "\".");
  }

  Result<void> value(Node& out, int depth) {
    if (depth > kMaxDepth) {
      return fail("54001"_state, "stack depth limit exceeded", "JSON is nested deeper than " + std::to_string(kMaxDepth) + " levels.");
    }
    skip();
    switch (peek()) {
      case '{': return object(out, depth);
      case '[': return array(out, depth);
      case '"': {
        std::string decoded;
        CROSSFADE_CHECK(string(decoded));
        if (mode_ == Mode::normalize) append_quoted(out.text, decoded);
        return {};
      }
      default: break;
    }
    if (peek() == '-' || is_digit(peek())) return number(out.text);
    for (std::string_view word : {"true", "false", "null"}) {
      if (token() != word) continue;
      out.text = word;
      at_ += word.size();
      return {};
    }
    return expected("JSON value");
  }

  Result<void> array(Node& out, int depth) {
    out.kind = Node::Kind::array;
    ++at_;
    skip();
    if (peek() == ']') {
      ++at_;
      return {};
    }
    while (true) {
      CROSSFADE_CHECK(value(out.items.emplace_back(), depth + 1));
      skip();
      if (peek() == ']') break;
      if (peek() != ',') return expected("\",\" or \"]\"");
      ++at_;
    }
    ++at_;
    return {};
  }

  Result<void> object(Node& out, int depth) {
    out.kind = Node::Kind::object;
    ++at_;
    skip();
    if (peek() == '}') {
      ++at_;
      return {};
    }
    while (true) {
      skip();
      if (peek() != '"') return expected(out.items.empty() ? "string or \"}\"" : "string");
      Node& item = out.items.emplace_back();
      item.place = out.items.size();
      CROSSFADE_CHECK(string(item.key));
      skip();
      if (peek() != ':') return expected("\":\"");
      ++at_;
      CROSSFADE_CHECK(value(item, depth + 1));
      skip();
      if (peek() == '}') break;
      if (peek() != ',') return expected("\",\" or \"}\"");
      ++at_;
    }
    ++at_;
    if (mode_ == Mode::normalize) sort(out.items);
    return {};
  }

  // By length, then bytes; the last of equal keys stays.
  static void sort(std::vector<Node>& items) {
    std::ranges::sort(items, [](const Node& a, const Node& b) {
      if (a.key.size() != b.key.size()) return a.key.size() < b.key.size();
      return a.key != b.key ? a.key < b.key : a.place > b.place;
    });
    const auto rest = std::ranges::unique(items, {}, &Node::key);
    items.erase(rest.begin(), rest.end());
  }

  Result<void> number(std::string& out) {
    const std::size_t begin = at_;
    const auto digits = [&] {
      const std::size_t first = at_;
      while (is_digit(peek())) ++at_;
      return at_ > first;
    };
    bool fine = true;
    if (peek() == '-') ++at_;
    if (peek() == '0') {
      ++at_;
    } else {
      fine = digits();
    }
    if (fine && peek() == '.') {
      ++at_;
      fine = digits();
    }
    if (fine && lower(peek()) == 'e') {
      ++at_;
      if (peek() == '+' || peek() == '-') ++at_;
      fine = digits();
    }
    while (is_alpha(peek()) || is_digit(peek()) || peek() == '_') {  // 01, 1x
      fine = false;
      ++at_;
    }
    const std::string_view literal = text_.substr(begin, at_ - begin);
    if (!fine) return invalid("Token \"" + std::string(literal) + "\" is invalid.");
    if (mode_ == Mode::check) return {};
    CROSSFADE_TRY(Numeric normal, parse_numeric(literal));
    out = std::move(normal.text);
    return {};
  }

  std::optional<std::uint32_t> hex4() {
    std::uint32_t code = 0;
    for (int i = 0; i < 4; ++i, ++at_) {
      const char c = lower(peek());
      if (!is_digit(c) && !(c >= 'a' && c <= 'f')) return std::nullopt;
      code = code * 16 + static_cast<std::uint32_t>(is_digit(c) ? c - '0' : c - 'a' + 10);
    }
    return code;
  }

  Result<void> unicode(std::string& out) {
    std::optional<std::uint32_t> code = hex4();
    if (!code) return invalid("\"\\u\" must be followed by four hexadecimal digits.");
    if (mode_ == Mode::check) return {};
    if (*code == 0) {
      return fail("22P05"_state, "unsupported Unicode escape sequence", "\\u0000 cannot be converted to text.");
    }
    if (*code >= 0xdc00 && *code <= 0xdfff) return invalid("Unicode low surrogate must follow a high surrogate.");
    if (*code >= 0xd800 && *code <= 0xdbff) {
      if (text_.substr(at_, 2) != "\\u") return invalid("Unicode low surrogate must follow a high surrogate.");
      at_ += 2;
      const std::optional<std::uint32_t> low = hex4();
      if (!low) return invalid("\"\\u\" must be followed by four hexadecimal digits.");
      if (*low < 0xdc00 || *low > 0xdfff) return invalid("Unicode low surrogate must follow a high surrogate.");
      code = 0x10000 + ((*code - 0xd800) << 10) + (*low - 0xdc00);
    }
    append_utf8(out, *code);
    return {};
  }

  Result<void> string(std::string& out) {
    const std::size_t begin = at_++;
    while (true) {
      if (at_ >= text_.size()) return invalid("Token \"" + std::string(text_.substr(begin)) + "\" is invalid.");
      const char c = text_[at_++];
      if (c == '"') return {};
      if (static_cast<unsigned char>(c) < 0x20) {
        std::array<char, 8> hex{};
        std::snprintf(hex.data(), hex.size(), "0x%02x", static_cast<unsigned>(static_cast<unsigned char>(c)));
        return invalid("Character with value " + std::string(hex.data()) + " must be escaped.");
      }
      if (c != '\\') {
        if (mode_ == Mode::normalize) out += c;
        continue;
      }
      const char letter = peek();
      if (at_ < text_.size()) ++at_;
      if (letter == 'u') {
        CROSSFADE_CHECK(unicode(out));
      } else if (letter == '/') {
        out += '/';
      } else if (const auto found = std::ranges::find(kEscapes, letter, &Escape::letter); found != kEscapes.end()) {
        out += found->character;
      } else {
        return invalid("Escape sequence \"\\" + std::string(1, letter) + "\" is invalid.");
      }
    }
  }

  std::string_view text_;
  Mode mode_;
  std::size_t at_ = 0;
};

void append(std::string& out, const Node& node) {
  if (node.kind == Node::Kind::scalar) {
    out += node.text;
    return;
  }
  const bool object = node.kind == Node::Kind::object;
  out += object ? '{' : '[';
  for (const Node& item : node.items) {
    if (&item != &node.items.front()) out += ", ";
    if (object) {
      append_quoted(out, item.key);
      out += ": ";
    }
    append(out, item);
  }
  out += object ? '}' : ']';
}

}  // namespace

void append_character(std::string& out, std::uint32_t code) { append_utf8(out, code); }
void append_json_string(std::string& out, std::string_view text) { append_quoted(out, text); }

Result<std::string> normalize_jsonb(std::string_view text) {
  CROSSFADE_CHECK(check_utf8(text));
  CROSSFADE_TRY(const Node root, JsonParser(text, Mode::normalize).run());
  std::string out;
  append(out, root);
  return out;
}

Result<void> check_json(std::string_view text) {
  CROSSFADE_CHECK(check_utf8(text));
  CROSSFADE_CHECK(JsonParser(text, Mode::check).run());
  return {};
}

}  // namespace crossfade::model
