#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <limits>

#include "call.hpp"
#include "crossfade/model/numeric.hpp"
#include "utf8.hpp"

namespace crossfade::sqlite::functions {

using namespace model::literals;

namespace {

/// PostgreSQL's keywords that an identifier must be quoted for: all but the unreserved. Source: PostgreSQL 15 manual, Appendix C.
constexpr std::array<std::string_view, 141> kQuotedWords{
    "all", "analyse", "analyze", "and", "any", "array", "as", "asc", "asymmetric", "authorization", "between", "bigint", "binary", "bit", "boolean", "both",
    "case", "cast", "char", "character", "check", "coalesce", "collate", "collation", "column", "concurrently", "constraint", "create", "cross",
    "current_catalog", "current_date", "current_role", "current_schema", "current_time", "current_timestamp", "current_user", "dec", "decimal", "default",
    "deferrable", "desc", "distinct", "do", "else", "end", "except", "exists", "extract", "false", "fetch", "float", "for", "foreign", "freeze", "from", "full",
    "grant", "greatest", "group", "grouping", "having", "ilike", "in", "initially", "inner", "inout", "int", "integer", "intersect", "interval", "into", "is",
    "isnull", "join", "lateral", "leading", "least", "left", "like", "limit", "localtime", "localtimestamp", "national", "natural", "nchar", "none", "normalize",
    "not", "notnull", "null", "nullif", "numeric", "offset", "on", "only", "or", "order", "out", "outer", "overlaps", "overlay", "placing", "position",
    "precision", "primary", "real", "references", "returning", "right", "row", "select", "session_user", "setof", "similar", "smallint", "some", "substring",
    "symmetric", "table", "tablesample", "then", "time", "timestamp", "to", "trailing", "treat", "trim", "true", "union", "unique", "user", "using", "values",
    "varchar", "variadic", "verbose", "when", "where", "window", "with", "xmlattributes",
};

std::string quote_ident(std::string_view name) {
  const auto bare = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; };
  const bool plain = !name.empty() && !(name[0] >= '0' && name[0] <= '9') && std::ranges::all_of(name, bare) &&
                     std::ranges::find(kQuotedWords, name) == kQuotedWords.end();
  if (plain) return std::string{name};
  std::string out = "\"";
  for (const char c : name) out += c == '"' ? "\"\"" : std::string(1, c);
  return out + '"';
}

std::string quote_literal(std::string_view text) {
  std::string out = text.find('\\') == std::string_view::npos ? "'" : "E'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') out += c;
    out += c;
  }
  return out + '\'';
}

Answer quoted_literal(const Call& call) { return quote_literal(call.text(0)); }
Answer quoted_nullable(const Call& call) { return call.is_null(0) ? std::string{"NULL"} : quote_literal(call.text(0)); }

std::unexpected<model::Error> bad_format(std::string message, std::string hint = {}) { return model::fail("22023"_state, std::move(message), {}, std::move(hint)); }

/// format(pattern, text, …). Source: PostgreSQL 15, text_format.
class FormatWriter {
 public:
  explicit FormatWriter(const Call& call) : call_(call), in_(call.text(0)) {}

  Answer run() {
    for (; at_ < in_.size(); ++at_) {
      if (in_[at_] != '%') {
        out_ += in_[at_];
        continue;
      }
      if (++at_ == in_.size()) return unterminated();
      if (in_[at_] == '%') {
        out_ += '%';
        continue;
      }
      CROSSFADE_CHECK(one());
    }
    return std::move(out_);
  }

 private:
  static std::unexpected<model::Error> unterminated() { return bad_format("unterminated format() type specifier", "For a single \"%\" use \"%%\"."); }
  std::optional<std::int64_t> digits() {
    const std::size_t begin = at_;
    while (at_ < in_.size() && in_[at_] >= '0' && in_[at_] <= '9') ++at_;
    return at_ == begin || at_ - begin > 9 ? std::nullopt : std::optional{static_cast<std::int64_t>(std::stoll(std::string{in_.substr(begin, at_ - begin)}))};
  }
  model::Result<std::size_t> argument(std::optional<std::int64_t> place) {
    if (place && *place == 0) return bad_format("format specifies argument 0, but arguments are numbered from 1");
    const std::size_t index = place ? static_cast<std::size_t>(*place) : ++last_;
    last_ = index;
    if (index >= call_.size()) return bad_format("too few arguments for format()");
    return index;
  }

  model::Result<void> one() {
    std::optional<std::int64_t> place, width;
    const std::size_t begin = at_;
    if (const auto number = digits()) {
      if (at_ < in_.size() && in_[at_] == '$') place = number, ++at_;
      else at_ = begin;
    }
    bool left = false;
    while (at_ < in_.size() && in_[at_] == '-') left = true, ++at_;
    if (at_ < in_.size() && in_[at_] == '*') {
      ++at_;
      std::optional<std::int64_t> from = digits();
      if (from && at_ < in_.size() && in_[at_] == '$') ++at_;
      CROSSFADE_TRY(const std::size_t index, argument(from));
      width = call_.is_null(index) ? 0 : std::atoll(call_.string(index).c_str());
      if (*width < 0) left = true, width = -*width;
    } else {
      width = digits();
    }
    if (at_ >= in_.size()) return unterminated();
    const char kind = in_[at_];
    if (kind != 's' && kind != 'I' && kind != 'L') {
      return bad_format("unrecognized format() type specifier \"" + std::string(1, kind) + "\"", "For a single \"%\" use \"%%\".");
    }
    CROSSFADE_TRY(const std::size_t index, argument(place));
    const bool null = call_.is_null(index);
    if (null && kind == 'I') return model::fail("22004"_state, "null values cannot be formatted as an SQL identifier");
    const std::string text = null ? (kind == 'L' ? "NULL" : "") : kind == 's' ? call_.string(index) : kind == 'I' ? quote_ident(call_.text(index)) : quote_literal(call_.text(index));
    const std::int64_t missing = width ? *width - length(text) : 0;
    const std::string padding(missing > 0 ? static_cast<std::size_t>(missing) : 0, ' ');
    out_ += left ? text + padding : padding + text;
    return {};
  }

  const Call& call_;
  std::string_view in_;
  std::string out_;
  std::size_t at_ = 0, last_ = 0;
};

Answer format(const Call& call) { return call.is_null(0) ? Answer{model::Null{}} : FormatWriter{call}.run(); }

/// overlay(text, new, from [, count])
Answer overlay(const Call& call) {
  const std::int64_t from = call.integer(2), count = call.size() > 3 ? call.integer(3) : length(call.text(1));
  if (from <= 0) return model::fail("22011"_state, "negative substring length not allowed");
  if (from + count > std::numeric_limits<std::int32_t>::max()) return model::fail("22003"_state, "integer out of range");
  const std::int64_t all = length(call.text(0));
  const std::int64_t behind = std::max<std::int64_t>(from - 1 + count, 0);
  return std::string{characters(call.text(0), 0, from - 1)} + call.string(1) + std::string{behind < all ? characters(call.text(0), behind, all - behind) : ""};
}

Answer to_hex(const Call& call) {
  const bool narrow = call.integer(1) == 4;
  auto bits = static_cast<std::uint64_t>(call.integer(0));
  if (narrow) bits &= 0xffffffffU;
  std::string out;
  do out.insert(out.begin(), "0123456789abcdef"[bits & 15U]);
  while ((bits >>= 4U) != 0);
  return out;
}

std::string bytes_of(const Call& call, std::size_t index) {
  const StorageValue value = call.value(index);
  const auto* bytes = std::get_if<model::Bytes>(&value);
  return bytes ? bytes->data : call.string(index);
}

std::unexpected<model::Error> bad_encoding(std::string_view name) { return model::fail("22023"_state, "unrecognized encoding: \"" + std::string{name} + "\""); }

Answer encode_bytes(const Call& call) {
  const std::string data = bytes_of(call, 0), name = call.string(1);
  std::string out;
  if (name == "hex") {
    for (const char c : data) (out += "0123456789abcdef"[static_cast<unsigned char>(c) >> 4U]) += "0123456789abcdef"[c & 15];
  } else if (name == "base64") {
    out.resize(4 * ((data.size() + 2) / 3) + 1);
    out.resize(static_cast<std::size_t>(EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()), reinterpret_cast<const unsigned char*>(data.data()), static_cast<int>(data.size()))));
    for (std::size_t at = 76; at < out.size(); at += 77) out.insert(at, 1, '\n');  // as PEM breaks its lines
  } else if (name == "escape") {
    for (const char c : data) {
      const auto byte = static_cast<unsigned char>(c);
      if (c == '\\') out += "\\\\";
      else if (byte == 0 || byte >= 0x80) out += '\\', out += static_cast<char>('0' + (byte >> 6U)), out += static_cast<char>('0' + (byte >> 3U & 7U)), out += static_cast<char>('0' + (byte & 7U));
      else out += c;
    }
  } else {
    return bad_encoding(name);
  }
  return out;
}

int hex_digit(char c) { return c >= '0' && c <= '9' ? c - '0' : (c | 0x20) >= 'a' && (c | 0x20) <= 'f' ? (c | 0x20) - 'a' + 10 : -1; }

Answer decode_bytes(const Call& call) {
  const std::string text = call.string(0), name = call.string(1);
  model::Bytes out;
  if (name == "hex") {
    int high = -1;
    for (const char c : text) {
      if (c == ' ' || c == '\n' || c == '\t' || c == '\r') continue;
      const int digit = hex_digit(c);
      if (digit < 0) return model::fail("22023"_state, "invalid hexadecimal digit: \"" + std::string(1, c) + "\"");
      if (high < 0) high = digit;
      else out.data += static_cast<char>(high << 4 | digit), high = -1;
    }
    if (high >= 0) return model::fail("22023"_state, "invalid hexadecimal data: odd number of digits");
  } else if (name == "base64") {
    constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    unsigned bits = 0, count = 0, padding = 0;
    for (const char c : text) {
      if (c == ' ' || c == '\n' || c == '\t' || c == '\r') continue;
      const std::size_t value = kLetters.find(c);
      if (c == '=') ++padding;
      else if (value == std::string_view::npos) return model::fail("22023"_state, "invalid symbol \"" + std::string(1, c) + "\" found while decoding base64 sequence");
      bits = bits << 6U | static_cast<unsigned>(c == '=' ? 0 : value);
      if (++count % 4 != 0) continue;
      out.data += static_cast<char>(bits >> 16U & 255U);
      if (padding < 2) out.data += static_cast<char>(bits >> 8U & 255U);
      if (padding < 1) out.data += static_cast<char>(bits & 255U);
    }
    if (count % 4 != 0) return model::fail("22023"_state, "invalid base64 end sequence", {}, "Input data is missing padding, is truncated, or is otherwise corrupted.");
  } else if (name == "escape") {
    for (std::size_t i = 0; i < text.size(); ++i) {
      const bool octal = text[i] == '\\' && i + 3 < text.size() && text[i + 1] >= '0' && text[i + 1] <= '3';
      if (octal) out.data += static_cast<char>((text[i + 1] - '0') << 6 | (text[i + 2] - '0') << 3 | (text[i + 3] - '0')), i += 3;
      else if (text[i] == '\\' && i + 1 < text.size() && text[i + 1] == '\\') out.data += '\\', ++i;
      else if (text[i] == '\\') return model::fail("22P02"_state, "invalid input syntax for type bytea");
      else out.data += text[i];
    }
  } else {
    return bad_encoding(name);
  }
  return out;
}

/// crossfade_digest(bytes, 'SHA256')
Answer digest(const Call& call) {
  const std::string data = bytes_of(call, 0);
  std::array<unsigned char, EVP_MAX_MD_SIZE> sum;
  unsigned size = 0;
  if (EVP_Digest(data.data(), data.size(), sum.data(), &size, EVP_get_digestbyname(call.string(1).c_str()), nullptr) != 1) {
    return model::fail("XX000"_state, "could not compute a hash");
  }
  return model::Bytes{std::string{reinterpret_cast<const char*>(sum.data()), size}};
}

/// crossfade_nulls(what, value, …): how many are NULL (0) or not (1).
Answer count_nulls(const Call& call) {
  std::int64_t nulls = 0;
  for (std::size_t i = 1; i < call.size(); ++i) nulls += call.is_null(i) ? 1 : 0;
  return call.integer(0) == 0 ? nulls : static_cast<std::int64_t>(call.size()) - 1 - nulls;
}

constexpr std::array kFormatFunctions{
    Function{"crossfade_format", -1, format, Nulls::passed},
    Function{"crossfade_quote_literal", 1, quoted_literal},
    Function{"crossfade_quote_nullable", 1, quoted_nullable, Nulls::passed},
    Function{"crossfade_overlay", 3, overlay},
    Function{"crossfade_overlay", 4, overlay},
    Function{"crossfade_to_hex", 2, to_hex},
    Function{"crossfade_encode_bytes", 2, encode_bytes},
    Function{"crossfade_decode_bytes", 2, decode_bytes},
    Function{"crossfade_digest", 2, digest},
    Function{"crossfade_nulls", -1, count_nulls, Nulls::passed},
};

}  // namespace

std::span<const Function> format_functions() { return kFormatFunctions; }

}  // namespace crossfade::sqlite::functions
