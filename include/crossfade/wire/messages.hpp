#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace crossfade::wire {

enum class From : std::uint8_t { client, server };

/// One kind of message of protocol 3.0. Source: PostgreSQL 15 manual, "Message Formats".
struct MessageInfo {
  From from;
  char type;
  std::string_view name;
  std::uint32_t max_bytes;      // the length word's largest value: itself and the body
  std::uint32_t min_bytes = 4;  // and its smallest
};

inline constexpr std::uint32_t kSmall = 10'000, kAuth = 65'539, kLarge = 0x3fff'ffff;
inline constexpr std::uint32_t kMaxStartup = 10'000;  // behind the length word
inline constexpr std::size_t kHeader = 5;  // type and length word

inline constexpr std::array kMessages{
    MessageInfo{From::client, 'Q', "Query", kLarge},
    MessageInfo{From::client, 'P', "Parse", kLarge},
    MessageInfo{From::client, 'B', "Bind", kLarge},
    MessageInfo{From::client, 'E', "Execute", kSmall},
    MessageInfo{From::client, 'D', "Describe", kSmall},
    MessageInfo{From::client, 'C', "Close", kSmall},
    MessageInfo{From::client, 'S', "Sync", kSmall},
    MessageInfo{From::client, 'H', "Flush", kSmall},
    MessageInfo{From::client, 'X', "Terminate", kSmall},
    MessageInfo{From::client, 'F', "FunctionCall", kLarge},
    MessageInfo{From::client, 'd', "CopyData", kLarge},
    MessageInfo{From::client, 'c', "CopyDone", kSmall},
    MessageInfo{From::client, 'f', "CopyFail", kSmall},
    MessageInfo{From::client, 'p', "PasswordMessage", kAuth},  // and SASLInitialResponse, SASLResponse

    MessageInfo{From::server, 'R', "Authentication", kAuth},
    MessageInfo{From::server, 'K', "BackendKeyData", kSmall},
    MessageInfo{From::server, 'S', "ParameterStatus", kLarge},
    MessageInfo{From::server, 'Z', "ReadyForQuery", 5, 5},
    MessageInfo{From::server, 'T', "RowDescription", kLarge},
    MessageInfo{From::server, 'D', "DataRow", kLarge},
    MessageInfo{From::server, 'C', "CommandComplete", kSmall},
    MessageInfo{From::server, 'I', "EmptyQueryResponse", kSmall},
    MessageInfo{From::server, 'E', "ErrorResponse", kLarge},
    MessageInfo{From::server, 'N', "NoticeResponse", kLarge},
    MessageInfo{From::server, '1', "ParseComplete", kSmall},
    MessageInfo{From::server, '2', "BindComplete", kSmall},
    MessageInfo{From::server, '3', "CloseComplete", kSmall},
    MessageInfo{From::server, 'n', "NoData", kSmall},
    MessageInfo{From::server, 't', "ParameterDescription", kLarge},
    MessageInfo{From::server, 's', "PortalSuspended", kSmall},
    MessageInfo{From::server, 'A', "NotificationResponse", kLarge},
    MessageInfo{From::server, 'G', "CopyInResponse", kLarge},
    MessageInfo{From::server, 'H', "CopyOutResponse", kLarge},
    MessageInfo{From::server, 'W', "CopyBothResponse", kLarge},
    MessageInfo{From::server, 'd', "CopyData", kLarge},
    MessageInfo{From::server, 'c', "CopyDone", kSmall},
    MessageInfo{From::server, 'V', "FunctionCallResponse", kLarge},
    MessageInfo{From::server, 'v', "NegotiateProtocolVersion", kSmall},
};

/// Where the message of a type stands in kMessages, from 1 on; 0: there is none.
inline constexpr auto kMessagePlaces = [] {
  std::array<std::array<std::uint8_t, 256>, 2> places{};
  for (std::size_t i = 0; i < kMessages.size(); ++i)
    places[static_cast<std::size_t>(kMessages[i].from)][static_cast<unsigned char>(kMessages[i].type)] = static_cast<std::uint8_t>(i + 1);
  return places;
}();

/// nullptr when there is no such message.
constexpr const MessageInfo* find_message(From from, char type) {
  const std::size_t place = kMessagePlaces[static_cast<std::size_t>(from)][static_cast<unsigned char>(type)];
  return place == 0 ? nullptr : &kMessages[place - 1];
}
static_assert(find_message(From::client, 'Q')->name == "Query");
static_assert(find_message(From::server, 'S')->name == "ParameterStatus");
static_assert(find_message(From::client, 'Z') == nullptr);

constexpr bool messages_are_unique() {
  for (const MessageInfo& info : kMessages)
    if (find_message(info.from, info.type) != &info) return false;
  return true;
}
static_assert(messages_are_unique());

}  // namespace crossfade::wire
