#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "crossfade/model/error.hpp"
#include "crossfade/wire/messages.hpp"
#include "crossfade/wire/startup.hpp"

namespace crossfade::wire {

struct NeedBytes { std::size_t count; };  // at least so many more
/// The connection cannot go on. `told`: the client hears why; it does not when it may not speak the protocol at all, and in
/// the form of protocol 2 when it asked for that, as in PostgreSQL.
struct Refuse { model::Error error; enum class Told : std::uint8_t { yes, no, in_old_form } told = Told::yes; };

/// A whole message. The views live until the reader is next given bytes.
struct Frame {
  char type = 0;
  std::string_view body;  // without type and length
  std::string_view raw;   // all of it, to forward
};

using Step = std::variant<NeedBytes, Frame, Refuse>;
using StartupStep = std::variant<NeedBytes, StartupPacket, Refuse>;

/// Bytes in, frames out; no I/O. One reader for one direction of one connection.
/// Limits: those of kMessages and kMaxStartup; a longer or unknown message is refused before its body is read.
class FrameReader {
 public:
  explicit FrameReader(From from) : from_(from) {}

  /// Room for at least `count` bytes behind those that wait; then say how many were filled. Ends all views given before.
  std::span<char> prepare(std::size_t count);
  void commit(std::size_t count);
  void feed(std::string_view bytes);

  Step next();
  /// The same without the reasons, and cheaper. nullopt: it is not whole, or wrong; next() says which.
  std::optional<Frame> take();
  /// From now on only a PasswordMessage is taken, and any other is refused by its first byte: who has not said who it is cannot
  /// have us keep a large message. `what` is what the refusal calls it ("SASL"), and must live on; empty: any message again. `most`: a length beyond
  /// it, or that is none, is 28P01; 0: refused as any message's is.
  void expect_password(std::string_view what, std::uint32_t most = 0) {
    password_ = what;
    password_most_ = most;
  }
  /// Messages longer than that are refused by their header: what one session may hold in memory.
  void limit(std::uint32_t most) { most_ = most; }
  /// From now on a password message is an unknown one, and others may be as long as kMessages has it; before, 64 KiB.
  void end_authentication() { authenticating_ = false; }
  /// Takes the frame that next() gave last back: the next call gives it again. Only before the reader is given bytes.
  void put_back(const Frame& frame);
  /// The packets before the first typed message: they have a length and no type.
  StartupStep next_startup();
  /// Lends the buffer to another reader while nothing waits; take_buffer() gives one back. Views given before live as long as it does.
  using Buffer = std::vector<char>;
  Buffer give_buffer();
  void take_buffer(Buffer buffer);
  /// Takes off what waits: bytes of another protocol.
  std::string take_all();
  /// Nothing waits: no partial frame, no whole one.
  bool empty() const { return begin_ == end_; }
  /// What the next message begins with: its type, whether or not there is one of that type.
  std::optional<char> first_byte() const { return begin_ == end_ ? std::nullopt : std::optional<char>{buffer_[begin_]}; }
  /// What was received and not taken. Until the next call.
  std::string_view waiting() const { return {buffer_.data() + begin_, end_ - begin_}; }

 private:
  From from_;
  bool authenticating_ = true;
  Buffer buffer_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  std::string_view password_;
  std::uint32_t password_most_ = 0;
  std::uint32_t most_ = kLarge;
};

}  // namespace crossfade::wire
