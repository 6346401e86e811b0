#include "data_rows.hpp"

#include <array>
#include <charconv>
#include <limits>

#include "crossfade/model/binary_format.hpp"
#include "crossfade/model/jsonpath.hpp"
#include "crossfade/model/text_format.hpp"
#include "crossfade/wire/row_message.hpp"

namespace crossfade::session {

namespace oid = model::oid;
using plan::Form;
using Kind = sqlite::StoredRow::Kind;

namespace {

constexpr std::size_t kFullAt = 64 * 1024;

struct IntegerWidth { model::Oid type; std::size_t bytes; std::int64_t least, most; };
constexpr std::array kWidths{
    IntegerWidth{oid::int8, 8, std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max()},
    IntegerWidth{oid::int4, 4, std::numeric_limits<std::int32_t>::min(), std::numeric_limits<std::int32_t>::max()},
    IntegerWidth{oid::int2, 2, std::numeric_limits<std::int16_t>::min(), std::numeric_limits<std::int16_t>::max()},
};

/// ASCII without NUL: valid in every encoding of text, so there is nothing to look at.
bool is_plain(std::string_view text) {
  unsigned char bad = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    bad |= static_cast<unsigned char>(byte | (byte - 1U));
  }
  return bad < 0x80;
}

/// Clients are sent of a path what PostgreSQL shows, in both formats.
model::Value shown_path(const model::Value& value) {
  const auto* text = std::get_if<std::string>(&value);
  return text ? model::Value{model::shown_jsonpath(*text)} : value;
}

bool append_integer(std::string& out, std::int64_t value, model::Oid type, wire::Format format) {
  for (const IntegerWidth& width : kWidths) {
    if (width.type != type) continue;
    if (value < width.least || value > width.most) return false;
    std::array<char, 20> digits;
    if (format == wire::Format::text) {
      out.append(digits.data(), std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr);
      return true;
    }
    for (std::size_t i = 0; i < width.bytes; ++i)
      digits[i] = static_cast<char>(static_cast<std::uint64_t>(value) >> (8 * (width.bytes - 1 - i)));
    out.append(digits.data(), width.bytes);
    return true;
  }
  return false;
}

}  // namespace

/// false: it is to be read as a value first, which also finds what is wrong with it.
bool DataRows::append_as_stored(const sqlite::StoredRow& row, std::size_t index, Kind kind) {
  const sql::OutputColumn& column = columns_[index];
  const wire::Format format = wire::format_at(formats_, index);
  if (column.form.form == Form::text && kind == Kind::text && (column.type.oid == oid::text || column.type.oid == oid::varchar) &&
      column.type.modifier < 0) {
    const std::string_view text = row.bytes(index);
    if (!is_plain(text)) return false;
    out_ += text;
    return true;
  }
  if (column.form.form == Form::integer && kind == Kind::integer)
    return append_integer(out_, row.integer(index), column.type.oid, format);
  if (column.form.form == Form::real && kind == Kind::real && column.type.oid == oid::float8) {
    append(row.real(index), index);
    return true;
  }
  return false;
}

void DataRows::append(const model::Value& value, std::size_t index) {
  const model::Type type = columns_[index].type;
  if (wire::format_at(formats_, index) == wire::Format::binary) model::append_binary(out_, type.oid == oid::jsonpath ? shown_path(value) : value, type);
  else model::append_text(out_, value, columns_[index].type, style_);
}

/// A row that cannot be read whole leaves nothing.
model::Result<void> DataRows::take(const sqlite::StoredRow& row) {
  const std::size_t before = out_.size();
  auto taken = append_row(row);
  if (!taken) out_.resize(before);
  return taken;
}

model::Result<void> DataRows::append_row(const sqlite::StoredRow& row) {
  wire::RowMessage message(out_, row.size());
  for (std::size_t i = 0; i < row.size(); ++i) {
    const Kind kind = row.kind(i);
    if (kind == Kind::null) {
      message.null();
      continue;
    }
    const wire::RowMessage::Field field(message);
    if (append_as_stored(row, i, kind)) continue;
    CROSSFADE_TRY(const auto value, row.value(i));
    append(value, i);
  }
  ++rows_;
  return {};
}

void DataRows::take(model::Row row) {
  wire::RowMessage message(out_, row.size());
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (model::is_null(row[i])) {
      message.null();
      continue;
    }
    const wire::RowMessage::Field field(message);
    append(row[i], i);
  }
  ++rows_;
}

bool DataRows::full() const { return bytes() >= kFullAt; }

}  // namespace crossfade::session
