#include "crossfade/wire/frame_reader.hpp"

#include <catch2/catch.hpp>

#include "crossfade/wire/backend.hpp"

using namespace crossfade;
using namespace crossfade::wire;
using namespace crossfade::model::literals;

namespace {

std::string conversation() {
  std::string bytes;
  append_query(bytes, "SELECT 1");
  const std::vector<model::Oid> types{23, 25};
  append_parse(bytes, "s", "SELECT $1, $2", types);
  append_describe(bytes, Named::statement, "s");
  append_sync(bytes);
  return bytes;
}

std::string startup_bytes(std::string_view body) {
  std::string bytes;
  const auto length = static_cast<std::uint32_t>(body.size() + 4);
  for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(length >> shift);
  return bytes + std::string(body);
}

std::string version(std::uint16_t major, std::uint16_t minor) {
  return {static_cast<char>(major >> 8), static_cast<char>(major), static_cast<char>(minor >> 8), static_cast<char>(minor)};
}

}  // namespace

TEST_CASE("frames come out the same wherever the bytes are cut") {
  const std::string bytes = conversation();
  for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
    FrameReader reader(From::client);
    std::string types, all;
    for (const std::string_view part : {std::string_view(bytes).substr(0, cut), std::string_view(bytes).substr(cut)}) {
      reader.feed(part);
      while (true) {
        Step step = reader.next();
        const auto* frame = std::get_if<Frame>(&step);
        if (frame == nullptr) {
          REQUIRE(std::holds_alternative<NeedBytes>(step));
          break;
        }
        types += frame->type;
        all += frame->raw;
      }
    }
    CHECK(types == "QPDS");
    CHECK(all == bytes);
    CHECK(reader.empty());
  }
}

TEST_CASE("byte by byte the reader never asks for more than the message still has") {
  const std::string bytes = conversation();
  FrameReader reader(From::client);
  std::size_t frames = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    reader.feed(bytes.substr(i, 1));
    for (Step step = reader.next(); !std::holds_alternative<NeedBytes>(step); step = reader.next()) ++frames;
    Step step = reader.next();
    if (i + 1 < bytes.size() && !reader.empty()) CHECK(std::get<NeedBytes>(step).count <= bytes.size() - i - 1);
  }
  CHECK(frames == 4);
}

TEST_CASE("a frame that was put back comes again") {
  FrameReader reader(From::client);
  reader.feed(conversation());
  const Frame first = std::get<Frame>(reader.next());
  reader.put_back(first);
  CHECK(std::get<Frame>(reader.next()).type == 'Q');
  CHECK(std::get<Frame>(reader.next()).type == 'P');
}

TEST_CASE("unknown types and impossible lengths are refused before the body is read") {
  struct Case { std::string bytes; };
  const std::vector<Case> cases{{std::string("\x01", 1)},
                                {std::string("Z\0\0\0\5I", 6)},
                                {std::string("Q\0\0\0\3", 5)},
                                {std::string("S\x7f\0\0\0", 5)},
                                {std::string("p\0\1\0\4", 5)}};
  for (const Case& each : cases) {
    FrameReader reader(From::client);
    reader.feed(each.bytes);
    Step step = reader.next();
    REQUIRE(std::holds_alternative<Refuse>(step));
    CHECK(std::get<Refuse>(step).error.state == "08P01"_state);
  }
}

TEST_CASE("a ReadyForQuery without its status is none, whichever way it is read") {
  for (const std::string& bytes : {std::string("Z\0\0\0\4", 5), std::string("Z\0\0\0\6II", 7)}) {
    FrameReader reader(From::server);
    reader.feed(bytes);
    CHECK_FALSE(reader.take());
    CHECK(std::holds_alternative<Refuse>(reader.next()));
  }
}

TEST_CASE("who has not said who it is cannot have a large message kept") {
  const std::string header("Q\0\2\0\0", 5);
  FrameReader reader(From::client);
  reader.feed(header);
  CHECK(std::holds_alternative<Refuse>(reader.next()));
  FrameReader known(From::client);
  known.end_authentication();
  known.feed(header);
  CHECK(std::holds_alternative<NeedBytes>(known.next()));
}

TEST_CASE("a start-up packet is decoded wherever it is cut") {
  const std::string body = version(3, 0) + std::string("user\0ann\0database\0app\0\0", 23);
  const std::string bytes = startup_bytes(body);
  for (std::size_t cut = 0; cut < bytes.size(); ++cut) {
    FrameReader reader(From::client);
    reader.feed(bytes.substr(0, cut));
    REQUIRE(std::holds_alternative<NeedBytes>(reader.next_startup()));
    reader.feed(bytes.substr(cut));
    StartupStep step = reader.next_startup();
    const auto& message = std::get<StartupMessage>(std::get<StartupPacket>(step));
    CHECK(message.options.at("user") == "ann");
    CHECK(message.options.at("database") == "app");
    CHECK_FALSE(message.needs_negotiation());
  }
}

TEST_CASE("newer minor versions and protocol options ask for negotiation") {
  const auto minor = parse_startup(version(3, 3) + std::string("user\0ann\0\0", 10));
  REQUIRE(minor);
  CHECK(std::get<StartupMessage>(*minor).needs_negotiation());
  const auto option = parse_startup(version(3, 0) + std::string("user\0ann\0_pq_.x\0on\0\0", 20));
  REQUIRE(option);
  const auto& message = std::get<StartupMessage>(*option);
  CHECK(message.protocol_options == std::vector<std::string>{"_pq_.x"});
  std::string out;
  append_negotiate_protocol_version(out, message);
  CHECK(out == std::string("v\0\0\0\x13\0\3\0\0\0\0\0\1_pq_.x\0", 20));
}

TEST_CASE("malformed start-up packets are refused with PostgreSQL's states") {
  struct Case { std::string body; std::string_view state; };
  const std::vector<Case> cases{{version(3, 0) + std::string("user\0ann\0", 9), "08P01"},
                                {version(3, 0) + std::string("user\0ann", 8), "08P01"},
                                {version(3, 0) + std::string("user\0ann\0\0x", 11), "08P01"},
                                {version(3, 0) + std::string("database\0a\0\0", 12), "28000"},
                                {version(2, 0) + std::string("\0", 1), "0A000"},
                                {version(1234, 5678) + "abc", "08P01"},
                                {version(1234, 5678) + std::string(4 + 257, 'k'), "08P01"},
                                {version(4, 0) + std::string("user\0a\0\0", 8), "0A000"},
                                {version(3, 0) + std::string("user\0\0\0", 7), "28000"}};
  for (const Case& each : cases) {
    const auto packet = parse_startup(each.body);
    REQUIRE_FALSE(packet);
    CHECK(packet.error().state.code() == each.state);
  }
  FrameReader reader(From::client);
  reader.feed(std::string("\0\0\x27\x15", 4));  // 10,001 bytes behind it
  CHECK(std::holds_alternative<Refuse>(reader.next_startup()));
}

TEST_CASE("requests for encryption and cancel are told apart") {
  CHECK(std::holds_alternative<SslRequest>(*parse_startup(version(1234, 5679))));
  CHECK(std::holds_alternative<GssEncRequest>(*parse_startup(version(1234, 5680))));
  const auto cancel = parse_startup(version(1234, 5678) + std::string("\0\0\0\7\1\2\3\4", 8));
  CHECK(std::get<CancelRequest>(*cancel).pid == 7);
  CHECK(std::get<CancelRequest>(*cancel).secret == "\1\2\3\4");
  const std::string long_key(256, 'k');
  const auto longer = parse_startup(version(1234, 5678) + std::string("\0\0\0\7", 4) + long_key);
  CHECK(std::get<CancelRequest>(*longer).secret == long_key);
}

TEST_CASE("protocol 3.2 is spoken, newer ones and unknown options are negotiated down") {
  struct Case { std::uint16_t minor; std::string option; std::uint16_t spoken; bool negotiates, long_keys; };
  const std::vector<Case> cases{{0, "", 0, false, false}, {1, "", 1, false, false}, {2, "", 2, false, true},
                                {3, "", 2, true, true},   {9999, "", 2, true, true}, {0, "_pq_.x", 0, true, false},
                                {2, "_pq_.x", 2, true, true}};
  for (const Case& each : cases) {
    std::string body = version(3, each.minor) + std::string("user\0a\0", 7);
    if (!each.option.empty()) body += each.option + std::string("\0" "1\0", 3);
    const auto packet = parse_startup(body + '\0');
    REQUIRE(packet);
    const auto& message = std::get<StartupMessage>(*packet);
    CAPTURE(each.minor, each.option);
    CHECK(message.spoken_minor() == each.spoken);
    CHECK(message.needs_negotiation() == each.negotiates);
    CHECK(message.takes_long_keys() == each.long_keys);
  }
}

TEST_CASE("a TLS handshake in place of a start-up packet is seen at its first byte and left there") {
  FrameReader reader(From::client);
  reader.feed("\x16");
  const StartupStep step = reader.next_startup();
  REQUIRE(std::holds_alternative<StartupPacket>(step));
  CHECK(std::holds_alternative<DirectTls>(std::get<StartupPacket>(step)));
  reader.feed("\x03\x01");
  CHECK(reader.take_all() == "\x16\x03\x01");
  CHECK(reader.empty());
}
