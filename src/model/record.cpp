#include "crossfade/model/record.hpp"

#include <algorithm>
#include <cstdint>

#include "crossfade/model/binary_format.hpp"

namespace crossfade::model {

namespace {

constexpr std::size_t kLength = 4;

void append_length(std::string& out, std::uint32_t length) {
  for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>(length >> static_cast<unsigned>(shift) & 0xffU);
}

std::size_t text_length(const Bytes& record) {
  std::uint32_t length = 0;
  for (std::size_t i = 0; i < kLength && i < record.data.size(); ++i) length = length << 8U | static_cast<unsigned char>(record.data[i]);
  return record.data.size() < kLength ? 0 : std::min<std::size_t>(length, record.data.size() - kLength);
}

/// Source: PostgreSQL 15 manual, "Composite Type Input and Output Syntax".
void append_field(std::string& out, std::string_view text) {
  const bool quoted = text.empty() || text.find_first_of("\"\\(),\t\n\v\f\r ") != std::string_view::npos;
  if (!quoted) {
    out += text;
    return;
  }
  out += '"';
  for (const char each : text) out.append(each == '"' || each == '\\' ? 2 : 1, each);
  out += '"';
}

}  // namespace

Bytes make_record(std::span<const RecordField> fields, const TextStyle& style) {
  std::string text = "(", binary;
  append_length(binary, static_cast<std::uint32_t>(fields.size()));
  for (const RecordField& field : fields) {
    if (&field != fields.data()) text += ',';
    append_length(binary, field.type.oid);
    if (is_null(field.value)) {
      append_length(binary, UINT32_MAX);
      continue;
    }
    append_field(text, to_text(field.value, field.type, style));
    std::string bytes;
    append_binary(bytes, field.value, field.type);
    append_length(binary, static_cast<std::uint32_t>(bytes.size()));
    binary += bytes;
  }
  text += ')';
  Bytes record;
  append_length(record.data, static_cast<std::uint32_t>(text.size()));
  record.data += text + binary;
  return record;
}

std::string_view record_text(const Bytes& record) {
  return record.data.size() < kLength ? std::string_view{} : std::string_view{record.data}.substr(kLength, text_length(record));
}

std::string_view record_binary(const Bytes& record) {
  return record.data.size() < kLength ? std::string_view{} : std::string_view{record.data}.substr(kLength + text_length(record));
}

}  // namespace crossfade::model
