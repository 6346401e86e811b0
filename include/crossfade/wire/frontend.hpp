#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <variant>
#include <vector>

#include "crossfade/model/error.hpp"
#include "crossfade/model/type.hpp"
#include "crossfade/wire/frame_reader.hpp"

namespace crossfade::wire {

enum class Format : std::int16_t { text = 0, binary = 1 };  // a client may say any other: 22023 where it is used
/// The protocol's rule for a list of formats: none: all text; one: for all; else one each.
constexpr Format format_at(std::span<const Format> formats, std::size_t index) {
  return formats.empty() ? Format::text : formats.size() == 1 ? formats[0] : formats[index];
}
/// What Describe and Close name.
enum class Named : char { statement = 'S', portal = 'P' };

struct Query { std::string_view text; };
struct Parse { std::string_view statement, text; std::vector<model::Oid> types; };
/// Values as a client sends them. A message that is cut or too long is `broken`, and holds what was read before: what PostgreSQL
/// checks while it reads comes first.
struct Arguments {
  std::vector<Format> formats;  // none: all text; one: for all; else one each
  std::uint16_t announced = 0;  // how many values are said to follow
  bool counted = false;         // their number was there
  std::vector<std::optional<std::string_view>> values;
  std::optional<model::Error> broken;  // 08P01
};
struct Bind : Arguments {
  std::string_view portal, statement;
  std::vector<Format> result_formats;
};
struct Describe { Named kind; std::string_view name; };
struct Execute { std::string_view portal; std::int32_t max_rows; };
struct Close { Named kind; std::string_view name; };
struct Sync {};
struct Flush {};
struct Terminate {};
struct FunctionCall : Arguments { model::Oid function = 0; Format result_format = Format::text; };
struct CopyData { std::string_view data; };
struct CopyDone {};
struct CopyFail { std::string_view message; };
struct Password { std::string_view data; };  // meaning depends on where authentication stands

/// Views into the frame.
using FrontendMessage = std::variant<Query, Parse, Bind, Describe, Execute, Close, Sync, Flush, Terminate, FunctionCall,
                                     CopyData, CopyDone, CopyFail, Password>;

/// Errors: 08P01 with PostgreSQL's messages ("insufficient data left in message", "invalid message format"), 22021 for text that is
/// not UTF-8.
model::Result<FrontendMessage> parse_frontend(const Frame& frame);

/// SASLInitialResponse: the mechanism and the client's first message. 08P01.
struct SaslInitial {
  std::string_view mechanism;
  std::optional<std::string_view> data;  // nullopt: it wants to be asked
};
model::Result<SaslInitial> parse_sasl_initial(std::string_view body);

/// 22021 "invalid byte sequence for encoding \"UTF8\": 0xff" when `text` is not UTF-8 or holds NUL.
model::Result<void> check_utf8(std::string_view text);
/// 22023 `unsupported format code: 2`.
model::Result<void> check_format(Format format);

}  // namespace crossfade::wire
