#include "bytes_text.hpp"

#include "ascii.hpp"

namespace crossfade::model {
namespace {

constexpr std::string_view kHex = "0123456789abcdef";

int hex_digit(char c) {
  if (is_digit(c)) return c - '0';
  const char letter = lower(c);
  return letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
}

bool is_octal(char c) { return c >= '0' && c <= '7'; }

Result<Bytes> parse_hex(std::string_view text) {
  Bytes out;
  for (std::size_t at = 0; at < text.size();) {
    if (is_space(text[at])) {
      ++at;
      continue;
    }
    for (std::size_t i = at; i < at + 2; ++i) {
      if (i >= text.size()) return fail("22023"_state, "invalid hexadecimal data: odd number of digits");
      if (hex_digit(text[i]) < 0) {
        return fail("22023"_state, "invalid hexadecimal digit: \"" + std::string(1, text[i]) + "\"");
      }
    }
    out.data += static_cast<char>(hex_digit(text[at]) * 16 + hex_digit(text[at + 1]));
    at += 2;
  }
  return out;
}

}  // namespace

void append_hex(std::string& out, std::string_view bytes) {
  for (char c : bytes) {
    out += kHex[static_cast<unsigned char>(c) >> 4];
    out += kHex[static_cast<unsigned char>(c) & 15];
  }
}

void append_escaped(std::string& out, std::string_view bytes) {
  for (char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '\\') {
      out += "\\\\";
    } else if (byte >= 0x20 && byte <= 0x7e) {
      out += c;
    } else {
      out += '\\';
      for (int shift : {6, 3, 0}) out += static_cast<char>('0' + ((byte >> shift) & 7));
    }
  }
}

Result<Bytes> parse_bytea(std::string_view text) {
  if (text.starts_with("\\x")) return parse_hex(text.substr(2));
  Bytes out;
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] != '\\') {
      out.data += text[at++];
    } else if (at + 3 < text.size() && text[at + 1] >= '0' && text[at + 1] <= '3' && is_octal(text[at + 2]) && is_octal(text[at + 3])) {
      out.data += static_cast<char>((text[at + 1] - '0') * 64 + (text[at + 2] - '0') * 8 + (text[at + 3] - '0'));
      at += 4;
    } else if (at + 1 < text.size() && text[at + 1] == '\\') {
      out.data += '\\';
      at += 2;
    } else {
      return fail("22P02"_state, "invalid input syntax for type bytea");
    }
  }
  return out;
}

void append_uuid(std::string& out, const Uuid& value) {
  for (std::size_t i = 0; i < value.bytes.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) out += '-';
    out += kHex[value.bytes[i] >> 4];
    out += kHex[value.bytes[i] & 15];
  }
}

Result<Uuid> parse_uuid(std::string_view text) {
  const auto invalid = [&] { return fail("22P02"_state, "invalid input syntax for type uuid: \"" + std::string(text) + "\""); };
  std::string_view rest = text;
  const bool braces = rest.starts_with('{');
  if (braces) rest.remove_prefix(1);
  Uuid out;
  for (std::size_t i = 0; i < out.bytes.size(); ++i) {
    if (rest.size() < 2 || hex_digit(rest[0]) < 0 || hex_digit(rest[1]) < 0) return invalid();
    out.bytes[i] = static_cast<std::uint8_t>(hex_digit(rest[0]) * 16 + hex_digit(rest[1]));
    rest.remove_prefix(2);
    if (rest.starts_with('-') && i % 2 == 1 && i + 1 < out.bytes.size()) rest.remove_prefix(1);
  }
  if (rest != (braces ? "}" : "")) return invalid();
  return out;
}

}  // namespace crossfade::model
