#include <algorithm>
#include <array>
#include <optional>

#include "call.hpp"
#include "crossfade/model/text_format.hpp"
#include "utf8.hpp"

namespace crossfade::sqlite::functions {

using namespace model::literals;

namespace encodings {

using Int64 = std::int64_t;
enum class Encoding : std::uint8_t { utf8, latin1, ascii };

/// PostgreSQL's names but for those three, as pg_char_to_encoding compares them: lower case, letters and digits alone.
constexpr std::string_view kOthers =
    " abc alt big5 euccn eucjis2004 eucjp euckr euctw gb18030 gbk iso885910 iso885913 iso885914 iso885915 iso885916 iso88592 iso88593 iso88594 iso88595 iso88596 iso88597 "
    "iso88598 iso88599 johab koi8 koi8r koi8u latin10 latin2 latin3 latin4 latin5 latin6 latin7 latin8 latin9 mskanji muleinternal shiftjis shiftjis2004 sjis tcvn tcvn5712 "
    "uhc vscii win win1250 win1251 win1252 win1253 win1254 win1255 win1256 win1257 win1258 win866 win874 win932 win936 win949 win950 windows1250 windows1251 windows1252 "
    "windows1253 windows1254 windows1255 windows1256 windows1257 windows1258 windows866 windows874 windows932 windows936 windows949 windows950 ";

/// `role`: "source" or "destination", for the message.
model::Result<Encoding> encoding_of(std::string_view name, const std::string& role) {
  std::string plain;
  for (char c : name) {
    c = c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) plain += c;
  }
  if (plain == "utf8" || plain == "unicode") return Encoding::utf8;
  if (plain == "latin1" || plain == "iso88591") return Encoding::latin1;
  if (plain == "sqlascii") return Encoding::ascii;
  if (!plain.empty() && kOthers.contains(" " + plain + " ")) {
    return model::fail("0A000"_state, "the encoding " + std::string{name} + " is not supported on SQLite", {}, "It works in the stage \"postgres\".");
  }
  return model::fail("22023"_state, "invalid " + (role.empty() ? "" : role + " ") + "encoding name \"" + std::string{name} + "\"");
}

/// The first place where `data` is not of the encoding. NUL is of none.
std::optional<std::size_t> misfit(std::string_view data, Encoding encoding) {
  if (encoding != Encoding::utf8) {
    const std::size_t zero = data.find('\0');
    return zero == std::string_view::npos ? std::nullopt : std::optional{zero};
  }
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(data.data());
  const auto size = static_cast<std::int64_t>(data.size());
  for (std::int64_t at = 0; at < size;) {
    const std::int64_t from = at;
    UChar32 character = 0;
    U8_NEXT(bytes, at, size, character);
    if (character <= 0) return static_cast<std::size_t>(from);
  }
  return std::nullopt;
}

model::Result<void> check(std::string_view data, Encoding encoding) {
  constexpr std::array<std::string_view, 3> kNames{"UTF8", "LATIN1", "SQL_ASCII"};
  const auto place = misfit(data, encoding);
  if (!place) return {};
  constexpr std::string_view kDigits = "0123456789abcdef";
  const auto byte = static_cast<unsigned char>(data[*place]);
  return model::fail("22021"_state, "invalid byte sequence for encoding \"" + std::string{kNames[static_cast<std::size_t>(encoding)]} + "\": 0x" + kDigits[byte >> 4U] + kDigits[byte & 15U]);
}

model::Result<std::string> converted(std::string_view data, Encoding from, Encoding to) {
  CROSSFADE_CHECK(check(data, from));
  if (from == to || to == Encoding::ascii || data.empty()) return std::string{data};
  if (from == Encoding::ascii) {
    CROSSFADE_CHECK(check(data, to));
    return std::string{data};
  }
  std::string out;
  if (from == Encoding::latin1) {
    for (const char byte : data) append_utf8(out, static_cast<unsigned char>(byte));
    return out;
  }
  for (const UChar32 character : Characters{data}) {
    if (character > 0xFF) return model::fail("22P05"_state, "character in encoding \"UTF8\" has no equivalent in encoding \"LATIN1\"");
    out += static_cast<char>(character);
  }
  return out;
}

/// convert(bytes, from, to), convert_from(bytes, from), convert_to(text, to)
Answer convert(const Call& call) {
  CROSSFADE_TRY(const Encoding from, encoding_of(call.text(1), "source"));
  CROSSFADE_TRY(const Encoding to, encoding_of(call.text(2), "destination"));
  CROSSFADE_TRY(std::string made, converted(call.bytes(0), from, to));
  return model::Bytes{std::move(made)};
}
Answer convert_from(const Call& call) {
  CROSSFADE_TRY(const Encoding from, encoding_of(call.text(1), "source"));
  CROSSFADE_TRY(std::string made, converted(call.bytes(0), from, Encoding::utf8));
  return made;
}
Answer convert_to(const Call& call) {
  CROSSFADE_TRY(const Encoding to, encoding_of(call.text(1), "destination"));
  CROSSFADE_TRY(std::string made, converted(call.text(0), Encoding::utf8, to));
  return model::Bytes{std::move(made)};
}

/// length(bytes, encoding): in characters.
Answer length_in(const Call& call) {
  CROSSFADE_TRY(const Encoding encoding, encoding_of(call.text(1), ""));
  CROSSFADE_CHECK(check(call.bytes(0), encoding));
  return encoding == Encoding::utf8 ? length(call.bytes(0)) : static_cast<Int64>(call.bytes(0).size());
}

constexpr std::array kEncodings{Function{"crossfade_convert", 3, convert}, Function{"crossfade_convert_from", 2, convert_from}, Function{"crossfade_convert_to", 2, convert_to},
                                Function{"crossfade_length_in", 2, length_in}};

}  // namespace encodings

std::span<const Function> encoding_functions() { return encodings::kEncodings; }

}  // namespace crossfade::sqlite::functions
