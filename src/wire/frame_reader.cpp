#include "crossfade/wire/frame_reader.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "bytes.hpp"

namespace crossfade::wire {

using namespace model::literals;

namespace {

constexpr std::size_t kKeep = 64 * 1024;  // a larger buffer is given back when it is empty
constexpr std::uint32_t kMostUnknown = 65'539;  // of a message from somebody who has not said who it is: nobody keeps more for them
constexpr char kTlsHandshake = 0x16;       // a packet that begins so would be longer than any

/// How the sender of a wrong start-up packet hears of it, by the packet's first word.
Refuse::Told told_of(std::uint32_t version) {
  if (version == kCancelCode) return Refuse::Told::no;
  const bool older = version != 0 && version >> 16 < 3;  // it would not understand our messages
  return older ? Refuse::Told::in_old_form : Refuse::Told::yes;
}

}  // namespace

std::span<char> FrameReader::prepare(std::size_t count) {
  if (begin_ == end_) {
    begin_ = end_ = 0;
    if (buffer_.size() > kKeep) Buffer().swap(buffer_);
  } else if (begin_ > 0 && buffer_.size() - end_ < count) {
    std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
  }
  if (buffer_.size() - end_ < count) buffer_.resize(end_ + count);
  return {buffer_.data() + end_, buffer_.size() - end_};
}

FrameReader::Buffer FrameReader::give_buffer() {
  begin_ = end_ = 0;
  Buffer given = std::exchange(buffer_, {});
  if (given.size() > kKeep) given = {};
  return given;
}

void FrameReader::take_buffer(Buffer buffer) {
  if (buffer_.empty()) buffer_ = std::move(buffer);
}

void FrameReader::commit(std::size_t count) { end_ += count; }

void FrameReader::feed(std::string_view bytes) {
  if (bytes.empty()) return;
  std::memcpy(prepare(bytes.size()).data(), bytes.data(), bytes.size());
  commit(bytes.size());
}

Step FrameReader::next() {
  const std::string_view bytes = waiting();
  if (bytes.empty()) return NeedBytes{kHeader};
  const MessageInfo* info = find_message(from_, bytes[0]);
  const int type = static_cast<unsigned char>(bytes[0]);
  if (!password_.empty() && bytes[0] != 'p') {
    return Refuse{{"08P01"_state, "expected " + std::string(password_) + " response, got message type " + std::to_string(type)}};
  }
  if (info == nullptr || (bytes[0] == 'p' && from_ == From::client && !authenticating_)) {
    return Refuse{{"08P01"_state, "invalid frontend message type " + std::to_string(type)}};
  }
  if (bytes.size() < kHeader) return NeedBytes{kHeader - bytes.size()};
  const std::uint32_t length = load_be32(bytes.data() + 1);
  if (password_most_ != 0 && (length < 4 || length > password_most_)) return Refuse{{"28P01"_state, "password authentication failed"}};
  const std::uint32_t most = authenticating_ && from_ == From::client ? std::min(info->max_bytes, kMostUnknown) : info->max_bytes;
  if (length < info->min_bytes || length > most) {
    return Refuse{{"08P01"_state, "invalid message length", "The message is a " + std::string(info->name) + "."},
                  Refuse::Told::no};
  }
  if (length > most_) {
    return Refuse{{"53200"_state, "out of memory", "A " + std::string(info->name) + " message of " + std::to_string(length) + " bytes.",
                   "One session may hold " + std::to_string(most_) + " bytes: listen.session_memory."}};
  }
  if (bytes.size() < 1 + std::size_t{length}) return NeedBytes{1 + std::size_t{length} - bytes.size()};
  begin_ += 1 + std::size_t{length};
  return Frame{bytes[0], bytes.substr(kHeader, length - 4), bytes.substr(0, 1 + std::size_t{length})};
}

std::optional<Frame> FrameReader::take() {
  const std::string_view bytes = waiting();
  if ((authenticating_ && from_ == From::client) || !password_.empty()) {  // where a message needs a closer look
    Step step = next();
    const auto* frame = std::get_if<Frame>(&step);
    return frame != nullptr ? std::optional(*frame) : std::nullopt;
  }
  if (bytes.size() < kHeader) return std::nullopt;
  const MessageInfo* info = find_message(from_, bytes[0]);
  const std::size_t length = load_be32(bytes.data() + 1);
  if (info == nullptr || length < info->min_bytes || length >= bytes.size() || length > info->max_bytes || length > most_) return std::nullopt;
  if (bytes[0] == 'p') return std::nullopt;
  begin_ += 1 + length;
  return Frame{bytes[0], {bytes.data() + kHeader, length - 4}, {bytes.data(), 1 + length}};
}

void FrameReader::put_back(const Frame& frame) { begin_ -= frame.raw.size(); }

std::string FrameReader::take_all() {
  std::string taken(waiting());
  begin_ = end_ = 0;
  return taken;
}

StartupStep FrameReader::next_startup() {
  const std::string_view bytes = waiting();
  if (bytes.starts_with(kTlsHandshake)) return StartupPacket{DirectTls{}};
  if (bytes.size() < 4) return NeedBytes{4 - bytes.size()};
  const std::uint32_t length = load_be32(bytes.data());
  if (length < 8 || length - 4 > kMaxStartup) return Refuse{{"08P01"_state, "invalid length of startup packet"}, Refuse::Told::no};
  if (bytes.size() < length) return NeedBytes{length - bytes.size()};
  begin_ += length;
  auto packet = parse_startup(bytes.substr(4, length - 4));
  if (!packet) {
    return Refuse{std::move(packet).error(), told_of(load_be32(bytes.data() + 4))};
  }
  return std::move(*packet);
}

}  // namespace crossfade::wire
