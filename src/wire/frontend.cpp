#include "crossfade/wire/frontend.hpp"

#include <string>

#include "bytes.hpp"

namespace crossfade::wire {

using namespace model::literals;

namespace {

using Parsed = model::Result<FrontendMessage>;

std::unexpected<model::Error> malformed() { return model::fail("08P01"_state, "invalid message format"); }

/// A message's fields. The first that is not there, or is no UTF-8, is its error, in PostgreSQL's words; all behind it are empty.
class Fields {
 public:
  explicit Fields(std::string_view body) : reader_(body) {}

  std::string_view text() {
    const std::string_view found = there(reader_.text(), "invalid string in message");
    if (!error_)
      if (auto valid = check_utf8(found); !valid) error_ = std::move(valid).error();
    return error_ ? std::string_view{} : found;
  }
  char byte() { return there(reader_.byte(), "no data left in message"); }
  std::uint16_t uint16() { return static_cast<std::uint16_t>(there(reader_.int16(), kTooShort)); }
  std::int32_t int32() { return there(reader_.int32(), kTooShort); }
  std::string_view bytes(std::int32_t length) {
    if (length < 0 && ok()) error_ = model::Error{"08P01"_state, std::string(kTooShort)};
    return ok() ? there(reader_.bytes(static_cast<std::size_t>(length)), kTooShort) : std::string_view{};
  }
  bool ok() const { return !error_; }
  const std::optional<model::Error>& error() const { return error_; }
  /// What is wrong with a message whose last field was read.
  std::optional<model::Error> error_at_end() const {
    if (error_ || reader_.done()) return error_;
    return malformed().error();
  }

 private:
  static constexpr std::string_view kTooShort = "insufficient data left in message";

  template <class T>
  T there(T field, std::string_view missing) {
    if (!reader_.ok() && !error_) error_ = model::Error{"08P01"_state, std::string(missing)};
    return field;
  }

  FieldReader reader_;
  std::optional<model::Error> error_;
};

/// The message when its body was read to its end.
Parsed finish(const Fields& fields, FrontendMessage message) {
  if (auto error = fields.error_at_end()) return std::unexpected(*std::move(error));
  return message;
}

Parsed parse_parse(std::string_view body) {
  Fields fields(body);
  Parse message;
  message.statement = fields.text();
  message.text = fields.text();
  for (int count = fields.uint16(); count > 0 && fields.ok(); --count) message.types.push_back(static_cast<model::Oid>(fields.int32()));
  return finish(fields, std::move(message));
}

std::vector<Format> read_formats(Fields& fields) {
  std::vector<Format> formats;
  for (int count = fields.uint16(); count > 0 && fields.ok(); --count) formats.push_back(static_cast<Format>(fields.uint16()));
  return formats;
}

/// Values behind their number; those that are there.
void read_values(Fields& fields, Arguments& arguments) {
  arguments.announced = fields.uint16();
  arguments.counted = fields.ok();
  for (int count = arguments.announced; count > 0 && fields.ok(); --count) {
    const std::int32_t length = fields.int32();
    if (!fields.ok()) return;
    if (length == -1) {
      arguments.values.emplace_back();
    } else if (const std::string_view value = fields.bytes(length); fields.ok()) {
      arguments.values.emplace_back(value);
    }
  }
}

/// Only the names are judged here: PostgreSQL looks the statement up before it reads on.
Parsed parse_bind(std::string_view body) {
  Fields fields(body);
  Bind message;
  message.portal = fields.text();
  message.statement = fields.text();
  if (!fields.ok()) return std::unexpected(*fields.error());
  message.formats = read_formats(fields);
  read_values(fields, message);
  message.result_formats = read_formats(fields);
  message.broken = fields.error_at_end();
  return message;
}

Parsed parse_function_call(std::string_view body) {
  Fields fields(body);
  FunctionCall message;
  message.function = static_cast<model::Oid>(fields.int32());
  if (!fields.ok()) return std::unexpected(*fields.error());
  message.formats = read_formats(fields);
  read_values(fields, message);
  message.result_format = static_cast<Format>(fields.uint16());
  message.broken = fields.error_at_end();
  return message;
}

template <class T>
Parsed parse_named(std::string_view body, std::string_view message_name) {
  Fields fields(body);
  const char kind = fields.byte();
  const std::string_view name = fields.text();
  if (!fields.error_at_end() && kind != 'S' && kind != 'P') {
    return model::fail("08P01"_state, "invalid " + std::string(message_name) + " message subtype " +
                                          std::to_string(static_cast<unsigned char>(kind)));
  }
  return finish(fields, T{static_cast<Named>(kind), name});
}

Parsed parse_execute(std::string_view body) {
  Fields fields(body);
  const std::string_view portal = fields.text();
  const std::int32_t max_rows = fields.int32();
  return finish(fields, Execute{portal, max_rows});
}

/// A message that is one string.
template <class T>
Parsed parse_text(std::string_view body) {
  Fields fields(body);
  const std::string_view text = fields.text();
  return finish(fields, T{text});
}

template <class T>
Parsed parse_empty(std::string_view body) { return finish(Fields(body), T{}); }

struct Decoder { char type; Parsed (*decode)(std::string_view body); };

constexpr std::array kDecoders{
    Decoder{'Q', parse_text<Query>},
    Decoder{'P', parse_parse},
    Decoder{'B', parse_bind},
    Decoder{'E', parse_execute},
    Decoder{'D', [](std::string_view body) { return parse_named<Describe>(body, "DESCRIBE"); }},
    Decoder{'C', [](std::string_view body) { return parse_named<Close>(body, "CLOSE"); }},
    Decoder{'S', parse_empty<Sync>},
    Decoder{'H', parse_empty<Flush>},
    Decoder{'X', [](std::string_view) -> Parsed { return Terminate{}; }},
    Decoder{'F', parse_function_call},
    Decoder{'d', [](std::string_view body) -> Parsed { return CopyData{body}; }},
    Decoder{'c', parse_empty<CopyDone>},
    Decoder{'f', parse_text<CopyFail>},
    Decoder{'p', [](std::string_view body) -> Parsed { return Password{body}; }},
};

constexpr bool every_message_has_a_decoder() {
  for (const MessageInfo& info : kMessages) {
    if (info.from == From::server) continue;
    bool found = false;
    for (const Decoder& decoder : kDecoders) found = found || decoder.type == info.type;
    if (!found) return false;
  }
  return true;
}
static_assert(every_message_has_a_decoder());

/// Bytes of the UTF-8 sequence at the front of `text`; 0 when it is none. Overlong forms, surrogates and NUL are none.
std::size_t sequence_length(std::string_view text) {
  const auto at = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const auto continues = [&](std::size_t i, unsigned low = 0x80, unsigned high = 0xbf) {
    return i < text.size() && at(i) >= low && at(i) <= high;
  };
  const unsigned first = at(0);
  if (first < 0x80) return first == 0 ? 0 : 1;
  if (first >= 0xc2 && first <= 0xdf) return continues(1) ? 2 : 0;
  if (first >= 0xe0 && first <= 0xef) {
    const bool second = continues(1, first == 0xe0 ? 0xa0 : 0x80, first == 0xed ? 0x9f : 0xbf);
    return second && continues(2) ? 3 : 0;
  }
  if (first >= 0xf0 && first <= 0xf4) {
    const bool second = continues(1, first == 0xf0 ? 0x90 : 0x80, first == 0xf4 ? 0x8f : 0xbf);
    return second && continues(2) && continues(3) ? 4 : 0;
  }
  return 0;
}

/// As PostgreSQL shows them: the bytes that the first one announces, as far as there are any.
std::string describe_bytes(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  const auto first = static_cast<unsigned char>(text[0]);
  const std::size_t announced = first >= 0xf0 && first < 0xf8   ? 4
                                : first >= 0xe0 && first < 0xf0 ? 3
                                : first >= 0xc0 && first < 0xe0 ? 2
                                                                : 1;
  std::string shown;
  for (const char c : text.substr(0, announced)) {
    const auto byte = static_cast<unsigned char>(c);
    shown += shown.empty() ? "0x" : " 0x";
    shown += kDigits[byte >> 4];
    shown += kDigits[byte & 15];
  }
  return shown;
}

}  // namespace

model::Result<FrontendMessage> parse_frontend(const Frame& frame) {
  for (const Decoder& decoder : kDecoders)
    if (decoder.type == frame.type) return decoder.decode(frame.body);
  return malformed();
}

model::Result<SaslInitial> parse_sasl_initial(std::string_view body) {
  FieldReader fields(body);
  SaslInitial initial;
  initial.mechanism = fields.text();
  const std::int32_t length = fields.int32();
  if (length >= 0) initial.data = fields.bytes(static_cast<std::size_t>(length));
  if (!fields.done() || length < -1) return malformed();
  return initial;
}

model::Result<void> check_format(Format format) {
  if (format == Format::text || format == Format::binary) return {};
  return model::fail("22023"_state, "unsupported format code: " + std::to_string(static_cast<std::int16_t>(format)));
}

model::Result<void> check_utf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t length = sequence_length(text.substr(i));
    if (length == 0) {
      return model::fail("22021"_state,
                         "invalid byte sequence for encoding \"UTF8\": " + describe_bytes(text.substr(i)));
    }
    i += length;
  }
  return {};
}

}  // namespace crossfade::wire
