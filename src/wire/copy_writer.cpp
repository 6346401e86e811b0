#include "crossfade/wire/copy_writer.hpp"

#include <array>
#include <string_view>

#include "crossfade/model/binary_format.hpp"
#include "crossfade/wire/backend.hpp"

namespace crossfade::wire {

namespace {

using namespace std::string_view_literals;

/// Signature, flags and length of the header's extension.
constexpr std::string_view kBinaryHead = "PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0"sv;
static_assert(kBinaryHead.size() == 19);

/// The letter behind the backslash for a control character; 0: written as it is.
constexpr char escape_letter(char c) {
  switch (c) {
    case '\b': return 'b';
    case '\f': return 'f';
    case '\n': return 'n';
    case '\r': return 'r';
    case '\t': return 't';
    case '\v': return 'v';
    default: return '\0';
  }
}

void append_binary_field(Message& message, const model::Value& value, model::Type type) {
  if (model::is_null(value)) {
    message.int32(-1);
    return;
  }
  std::string& out = message.out();
  const std::size_t start = out.size();
  message.int32(0);
  model::append_binary(out, value, type);
  const auto length = static_cast<std::uint32_t>(out.size() - start - 4);
  for (std::size_t i = 0; i < 4; ++i) out[start + i] = static_cast<char>(length >> (24 - 8 * i));
}

}  // namespace

void append_copy_response(std::string& out, char type, const model::CopyOptions& options, std::size_t columns) {
  const bool binary = options.format == model::CopyFormat::binary;
  Message message(out, type);
  message.byte(binary ? '\1' : '\0').int16(static_cast<std::int16_t>(columns));
  for (std::size_t i = 0; i < columns; ++i) message.int16(binary ? 1 : 0);
}

CopyWriter::CopyWriter(model::CopyOptions options, std::vector<model::CopyColumn> columns)
    : options_(std::move(options)), columns_(std::move(columns)) {}

void CopyWriter::begin(std::string& out) {
  if (options_.format == model::CopyFormat::binary) head_ = kBinaryHead;
  if (options_.header == model::CopyHeader::none) return;
  Message message(out, 'd');
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    if (i != 0) message.byte(options_.delimiter);
    append_field(out, columns_[i].name, nullptr);
  }
  message.byte('\n');
}

void CopyWriter::row(std::string& out, const model::Row& row, const model::TextStyle& style) {
  Message message(out, 'd');
  if (options_.format == model::CopyFormat::binary) {
    message.bytes(head_).int16(static_cast<std::int16_t>(row.size()));
    head_.clear();
    for (std::size_t i = 0; i < row.size(); ++i) append_binary_field(message, row[i], columns_[i].type);
    return;
  }
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (i != 0) message.byte(options_.delimiter);
    if (model::is_null(row[i])) {
      message.bytes(options_.null);
      continue;
    }
    field_.clear();
    model::append_text(field_, row[i], columns_[i].type, style);
    append_field(out, field_, &columns_[i]);
  }
  message.byte('\n');
}

void CopyWriter::end(std::string& out) {
  if (options_.format == model::CopyFormat::binary) {
    Message(out, 'd').bytes(head_).int16(-1);
    head_.clear();
  }
  append_empty(out, 'c');
}

/// `column` null: a name in the header.
void CopyWriter::append_field(std::string& out, std::string_view text, const model::CopyColumn* column) const {
  if (options_.format == model::CopyFormat::text) {
    append_escaped(out, text);
    return;
  }
  const std::array<char, 4> special{options_.delimiter, options_.quote, '\n', '\r'};
  const bool quoted = (column != nullptr && column->force_quote) || text == options_.null ||
                      (columns_.size() == 1 && text == "\\.") ||
                      text.find_first_of(std::string_view(special.data(), special.size())) != std::string_view::npos;
  append_csv(out, text, quoted);
}

void CopyWriter::append_escaped(std::string& out, std::string_view text) const {
  for (const char c : text) {
    const char letter = static_cast<unsigned char>(c) < 0x20 ? escape_letter(c) : '\0';
    if (letter != '\0' || c == '\\' || c == options_.delimiter) out += '\\';
    out += letter != '\0' ? letter : c;
  }
}

void CopyWriter::append_csv(std::string& out, std::string_view text, bool quoted) const {
  if (!quoted) {
    out += text;
    return;
  }
  out += options_.quote;
  for (const char c : text) {
    if (c == options_.quote || c == options_.escape) out += options_.escape;
    out += c;
  }
  out += options_.quote;
}

}  // namespace crossfade::wire
