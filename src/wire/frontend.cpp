#include "crossfade/wire/frontend.hpp"

#include <string>

#include "bytes.hpp"

namespace crossfade::wire {

using namespace model::literals;

namespace {

using Parsed = model::Result<FrontendMessage>;

std::unexpected<model::Error> malformed() { return model::fail("08P01"_state, "invalid message format"); }
std::unexpected<model::Error> too_short() { return model::fail("08P01"_state, "insufficient data left in message"); }

/// The message when its body was read to its end.
Parsed finish(const FieldReader& fields, FrontendMessage message) {
  if (!fields.ok()) return too_short();
  if (!fields.done()) return malformed();
  return message;
}

Parsed parse_parse(FieldReader fields) {
  Parse message{fields.text(), fields.text(), {}};
  const std::int16_t count = fields.int16();
  if (count < 0) return malformed();
  for (int i = 0; i < count && fields.ok(); ++i) message.types.push_back(static_cast<model::Oid>(fields.int32()));
  return finish(fields, std::move(message));
}

model::Result<std::vector<Format>> parse_formats(FieldReader& fields) {
  std::vector<Format> formats;
  const std::int16_t count = fields.int16();
  if (count < 0) return malformed();
  for (int i = 0; i < count && fields.ok(); ++i) {
    const std::int16_t format = fields.int16();
    if (format != 0 && format != 1)
      return model::fail("22023"_state, "unsupported format code: " + std::to_string(format));
    formats.push_back(static_cast<Format>(format));
  }
  return formats;
}

Parsed parse_bind(FieldReader fields) {
  Bind message;
  message.portal = fields.text();
  message.statement = fields.text();
  CROSSFADE_TRY(message.formats, parse_formats(fields));
  const std::int16_t count = fields.int16();
  if (count < 0) return malformed();
  for (int i = 0; i < count && fields.ok(); ++i) {
    const std::int32_t length = fields.int32();
    if (length < -1) return malformed();
    if (length == -1) {
      message.values.emplace_back();
    } else {
      message.values.emplace_back(fields.bytes(static_cast<std::size_t>(length)));
    }
  }
  CROSSFADE_TRY(message.result_formats, parse_formats(fields));
  return finish(fields, std::move(message));
}

template <class T>
Parsed parse_named(FieldReader fields, std::string_view message_name) {
  const char kind = fields.byte();
  const std::string_view name = fields.text();
  if (fields.ok() && kind != 'S' && kind != 'P') {
    return model::fail("08P01"_state, "invalid " + std::string(message_name) + " message subtype " +
                                          std::to_string(static_cast<unsigned char>(kind)));
  }
  return finish(fields, T{static_cast<Named>(kind), name});
}

Parsed parse_execute(FieldReader fields) {
  const std::string_view portal = fields.text();
  const std::int32_t max_rows = fields.int32();
  return finish(fields, Execute{portal, max_rows});
}

Parsed parse_query(FieldReader fields) {
  const std::string_view text = fields.text();
  return finish(fields, Query{text});
}

Parsed parse_copy_fail(FieldReader fields) {
  const std::string_view text = fields.text();
  return finish(fields, CopyFail{text});
}

struct Decoder { char type; Parsed (*decode)(FieldReader); };

constexpr std::array kDecoders{
    Decoder{'Q', parse_query},
    Decoder{'P', parse_parse},
    Decoder{'B', parse_bind},
    Decoder{'E', parse_execute},
    Decoder{'D', [](FieldReader fields) { return parse_named<Describe>(fields, "DESCRIBE"); }},
    Decoder{'C', [](FieldReader fields) { return parse_named<Close>(fields, "CLOSE"); }},
    Decoder{'S', [](FieldReader fields) { return finish(fields, Sync{}); }},
    Decoder{'H', [](FieldReader fields) { return finish(fields, Flush{}); }},
    Decoder{'X', [](FieldReader) -> Parsed { return Terminate{}; }},
    Decoder{'F', [](FieldReader) -> Parsed { return FunctionCall{}; }},
    Decoder{'d', [](FieldReader fields) -> Parsed { return CopyData{fields.rest()}; }},
    Decoder{'c', [](FieldReader fields) { return finish(fields, CopyDone{}); }},
    Decoder{'f', parse_copy_fail},
    Decoder{'p', [](FieldReader fields) -> Parsed { return Password{fields.rest()}; }},
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
    if (decoder.type == frame.type) return decoder.decode(FieldReader(frame.body));
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
