#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "crossfade/model/error.hpp"
#include "crossfade/model/text_format.hpp"
#include "crossfade/model/value.hpp"
#include "crossfade/wire/frontend.hpp"

namespace crossfade::wire {

/// Appends one message to `out` and patches its length when it dies. Only one at a time on one buffer.
class Message {
 public:
  Message(std::string& out, char type);
  ~Message();
  Message(const Message&) = delete;
  Message& operator=(const Message&) = delete;

  Message& byte(char value);
  Message& int16(std::int16_t value);
  Message& int32(std::int32_t value);
  /// With its final NUL; a NUL inside ends it there.
  Message& text(std::string_view value);
  Message& bytes(std::string_view value);
  std::string& out() { return out_; }

 private:
  std::string& out_;
  std::size_t start_;
};

enum class Severity : std::uint8_t { error, fatal, warning, notice };

/// ErrorResponse for error and fatal, NoticeResponse for the others. `context`: what was being done, "COPY t, line 3"; empty: not sent.
void append_error(std::string& out, Severity severity, const model::Error& error, std::string_view context = {});
/// A fatal error as a client of protocol 2 reads it.
void append_old_error(std::string& out, const model::Error& error);
/// Reads an ErrorResponse's or NoticeResponse's body; unknown fields are left out.
model::Error parse_error(std::string_view body);

void append_authentication(std::string& out, std::int32_t code, std::string_view data = {});
/// AuthenticationSASL with its list of mechanisms.
void append_authentication_sasl(std::string& out, std::span<const std::string_view> mechanisms);
void append_negotiate_protocol_version(std::string& out, const StartupMessage& startup);
void append_parameter_status(std::string& out, std::string_view name, std::string_view value);
void append_backend_key_data(std::string& out, std::int32_t pid, std::string_view secret);
void append_ready_for_query(std::string& out, char status);
void append_command_complete(std::string& out, std::string_view tag);
/// Messages without a body: '1' ParseComplete, '2' BindComplete, '3' CloseComplete, 'n' NoData, 's' PortalSuspended, 'I' …
void append_empty(std::string& out, char type);
void append_parameter_description(std::string& out, std::span<const model::Type> types);

struct Field {
  std::string_view name;
  model::Type type;
  model::Oid table_oid = 0;
  std::int16_t attribute = 0;
  Format format = Format::text;
};
void append_row_description(std::string& out, std::span<const Field> fields);

/// One row in the formats given: none: all text; one: for all; else one each.
void append_data_row(std::string& out, const model::Row& row, std::span<const model::Type> types,
                     std::span<const Format> formats, const model::TextStyle& style);
/// FunctionCallResponse.
void append_function_result(std::string& out, const model::Value& value, model::Type type, Format format, const model::TextStyle& style);
/// All columns text, NULL where there is none.
void append_text_row(std::string& out, std::span<const std::optional<std::string>> values);

// The client's side, for what the proxy itself says to an upstream.
void append_query(std::string& out, std::string_view text);
void append_parse(std::string& out, std::string_view statement, std::string_view text, std::span<const model::Oid> types);
void append_describe(std::string& out, Named kind, std::string_view name);
void append_sync(std::string& out);
void append_flush(std::string& out);

}  // namespace crossfade::wire
