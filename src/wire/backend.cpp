#include "crossfade/wire/backend.hpp"

#include <array>
#include <charconv>

#include "bytes.hpp"
#include "crossfade/model/binary_format.hpp"
#include "crossfade/wire/row_message.hpp"

namespace crossfade::wire {

namespace {

void store_be32(char* out, std::uint32_t value) {
  for (int i = 0; i < 4; ++i) out[i] = static_cast<char>(value >> (24 - 8 * i));
}

/// The fields of an error that are plain text. Source: PostgreSQL 15 manual, "Error and Notice Message Fields".
struct ErrorField { char code; std::string model::Error::* member; };
constexpr std::array kErrorFields{
    ErrorField{'M', &model::Error::message}, ErrorField{'D', &model::Error::detail},
    ErrorField{'H', &model::Error::hint},    ErrorField{'s', &model::Error::schema},
    ErrorField{'t', &model::Error::table},   ErrorField{'c', &model::Error::column},
    ErrorField{'d', &model::Error::data_type}, ErrorField{'n', &model::Error::constraint},
};

constexpr std::array<std::string_view, 4> kSeverities{"ERROR", "FATAL", "WARNING", "NOTICE"};

}  // namespace

Message::Message(std::string& out, char type) : out_(out) {
  out_ += type;
  start_ = out_.size();
  out_.append(4, '\0');
}
Message::~Message() { store_be32(out_.data() + start_, static_cast<std::uint32_t>(out_.size() - start_)); }
Message& Message::byte(char value) {
  out_ += value;
  return *this;
}
Message& Message::int16(std::int16_t value) {
  out_ += static_cast<char>(static_cast<std::uint16_t>(value) >> 8);
  out_ += static_cast<char>(value);
  return *this;
}
Message& Message::int32(std::int32_t value) {
  out_.append(4, '\0');
  store_be32(out_.data() + out_.size() - 4, static_cast<std::uint32_t>(value));
  return *this;
}
Message& Message::text(std::string_view value) {
  out_ += value.substr(0, value.find('\0'));
  out_ += '\0';
  return *this;
}
Message& Message::bytes(std::string_view value) {
  out_ += value;
  return *this;
}

void append_error(std::string& out, Severity severity, const model::Error& error, std::string_view context) {
  const bool is_error = severity == Severity::error || severity == Severity::fatal;
  const std::string_view name = kSeverities[static_cast<std::size_t>(severity)];
  Message message(out, is_error ? 'E' : 'N');
  message.byte('S').text(name).byte('V').text(name).byte('C').text(error.state.code());
  for (const ErrorField& field : kErrorFields) {
    const std::string& value = error.*field.member;
    if (!value.empty()) message.byte(field.code).text(value);
  }
  if (error.position != 0) message.byte('P').text(std::to_string(error.position));
  if (!context.empty()) message.byte('W').text(context);
  message.byte('\0');
}

void append_old_error(std::string& out, const model::Error& error) {
  out.append("EFATAL:  ").append(error.message).append("\n").push_back('\0');
}

model::Error parse_error(std::string_view body) {
  model::Error error;
  FieldReader fields(body);
  while (fields.ok()) {
    const char code = fields.byte();
    if (code == '\0') break;
    const std::string_view value = fields.text();
    if (code == 'C') error.state = model::SqlState{value};
    if (code == 'P') std::from_chars(value.data(), value.data() + value.size(), error.position);
    for (const ErrorField& field : kErrorFields)
      if (field.code == code) error.*field.member = value;
  }
  return error;
}

void append_authentication(std::string& out, std::int32_t code, std::string_view data) {
  Message(out, 'R').int32(code).bytes(data);
}
void append_authentication_sasl(std::string& out, std::span<const std::string_view> mechanisms) {
  Message message(out, 'R');
  message.int32(10);
  for (const std::string_view mechanism : mechanisms) message.text(mechanism);
  message.byte('\0');
}

void append_negotiate_protocol_version(std::string& out, const StartupMessage& startup) {
  Message message(out, 'v');
  message.int32(3 << 16 | startup.spoken_minor()).int32(static_cast<std::int32_t>(startup.protocol_options.size()));
  for (const std::string& option : startup.protocol_options) message.text(option);
}
void append_parameter_status(std::string& out, std::string_view name, std::string_view value) {
  Message(out, 'S').text(name).text(value);
}
void append_backend_key_data(std::string& out, std::int32_t pid, std::string_view secret) {
  Message(out, 'K').int32(pid).bytes(secret);
}
void append_ready_for_query(std::string& out, char status) { Message(out, 'Z').byte(status); }
void append_command_complete(std::string& out, std::string_view tag) { Message(out, 'C').text(tag); }
void append_empty(std::string& out, char type) { Message(out, type); }

void append_parameter_description(std::string& out, std::span<const model::Type> types) {
  Message message(out, 't');
  message.int16(static_cast<std::int16_t>(types.size()));
  for (const model::Type& type : types) message.int32(static_cast<std::int32_t>(type.oid));
}

void append_row_description(std::string& out, std::span<const Field> fields) {
  Message message(out, 'T');
  message.int16(static_cast<std::int16_t>(fields.size()));
  for (const Field& field : fields) {
    const model::TypeInfo* info = model::find_type(field.type.oid);
    message.text(field.name).int32(static_cast<std::int32_t>(field.table_oid)).int16(field.attribute);
    message.int32(static_cast<std::int32_t>(field.type.oid)).int16(info != nullptr ? info->length : std::int16_t{-1});
    message.int32(field.type.modifier).int16(static_cast<std::int16_t>(field.format));
  }
}

RowMessage::RowMessage(std::string& out, std::size_t fields) : out_(out), start_(out.size() + 1) {
  const auto count = static_cast<std::uint16_t>(fields);
  out_.append({'D', '\0', '\0', '\0', '\0', static_cast<char>(count >> 8), static_cast<char>(count)});
}
RowMessage::~RowMessage() { store_be32(out_.data() + start_, static_cast<std::uint32_t>(out_.size() - start_)); }
void RowMessage::null() { out_.append(4, '\xff'); }
RowMessage::Field::Field(RowMessage& row) : out_(row.out_), start_(out_.size() + 4) { out_.append(4, '\0'); }
RowMessage::Field::~Field() { store_be32(out_.data() + start_ - 4, static_cast<std::uint32_t>(out_.size() - start_)); }

namespace {

void append_value(std::string& out, const model::Value& value, model::Type type, Format format, const model::TextStyle& style) {
  if (format == Format::binary) model::append_binary(out, value, type);
  else model::append_text(out, value, type, style);
}

}  // namespace

void append_data_row(std::string& out, const model::Row& row, std::span<const model::Type> types,
                     std::span<const Format> formats, const model::TextStyle& style) {
  RowMessage message(out, row.size());
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (model::is_null(row[i])) {
      message.null();
      continue;
    }
    const RowMessage::Field field(message);
    append_value(out, row[i], types[i], format_at(formats, i), style);
  }
}

void append_function_result(std::string& out, const model::Value& value, model::Type type, Format format,
                            const model::TextStyle& style) {
  Message message(out, 'V');
  if (model::is_null(value)) {
    message.int32(-1);
    return;
  }
  message.int32(0);
  const std::size_t start = out.size();
  append_value(out, value, type, format, style);
  store_be32(out.data() + start - 4, static_cast<std::uint32_t>(out.size() - start));
}

void append_text_row(std::string& out, std::span<const std::optional<std::string>> values) {
  Message message(out, 'D');
  message.int16(static_cast<std::int16_t>(values.size()));
  for (const auto& value : values) {
    message.int32(value ? static_cast<std::int32_t>(value->size()) : -1);
    if (value) message.bytes(*value);
  }
}

void append_query(std::string& out, std::string_view text) { Message(out, 'Q').text(text); }

void append_parse(std::string& out, std::string_view statement, std::string_view text, std::span<const model::Oid> types) {
  Message message(out, 'P');
  message.text(statement).text(text).int16(static_cast<std::int16_t>(types.size()));
  for (const model::Oid type : types) message.int32(static_cast<std::int32_t>(type));
}
void append_describe(std::string& out, Named kind, std::string_view name) {
  Message(out, 'D').byte(static_cast<char>(kind)).text(name);
}
void append_sync(std::string& out) { Message(out, 'S'); }
void append_flush(std::string& out) { Message(out, 'H'); }

}  // namespace crossfade::wire
