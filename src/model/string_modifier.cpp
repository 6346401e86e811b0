#include "string_modifier.hpp"

#include "utf8.hpp"

namespace crossfade::model {

Result<std::string> apply_length(std::string text, Type type) {
  const auto octal = [&](std::size_t at, char most) { return text[at] >= '0' && text[at] <= most; };
  if (type.oid == oid::char_ && text.size() == 4 && text[0] == '\\' && octal(1, '3') && octal(2, '7') && octal(3, '7')) {  // \101 is a byte
    const int byte = (text[1] - '0') * 64 + (text[2] - '0') * 8 + (text[3] - '0');
    text = byte == 0 ? std::string{} : std::string(1, static_cast<char>(byte));
  }
  if (type.oid == oid::char_ && !text.empty() && (text.front() & 0x80) != 0) {
    return fail("0A000"_state, "a \"char\" beyond ASCII is not supported");  // PostgreSQL keeps its first byte, which is no UTF-8
  }
  if (type.oid == oid::name || type.oid == oid::char_) {
    std::size_t limit = type.oid == oid::name ? 63 : 1;
    if (text.size() <= limit) return text;
    while (limit > 1 && (text[limit] & 0xc0) == 0x80) --limit;
    text.resize(limit);
    return text;
  }
  if ((type.oid != oid::varchar && type.oid != oid::bpchar) || type.modifier < 4) return text;
  const auto limit = static_cast<std::size_t>(type.modifier - 4);
  const std::size_t length = length_in_characters(text);
  if (length > limit) {
    const std::size_t kept = bytes_of(text, limit);
    if (text.find_first_not_of(' ', kept) != text.npos) {
      return fail("22001"_state, "value too long for type " + format_type(type));
    }
    text.resize(kept);
  } else if (type.oid == oid::bpchar) {
    text.append(limit - length, ' ');
  }
  return text;
}

}  // namespace crossfade::model
