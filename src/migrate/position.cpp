#include <array>
#include <bit>
#include <charconv>

#include "stored_row.hpp"

namespace crossfade::migrate {
namespace {

using namespace model::literals;

constexpr std::string_view kHex = "0123456789abcdef";
constexpr std::size_t kShown = 64, kKept = 64 << 20;  // bytes

std::string hex(std::string_view bytes) {
  std::string out;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    out += kHex[byte >> 4];
    out += kHex[byte & 15];
  }
  return out;
}

std::optional<std::string> from_hex(std::string_view text) {
  if (text.size() % 2 != 0) return std::nullopt;
  std::string out;
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const auto high = kHex.find(text[i]), low = kHex.find(text[i + 1]);
    if (high == kHex.npos || low == kHex.npos) return std::nullopt;
    out += static_cast<char>(high << 4 | low);
  }
  return out;
}

struct Writer {
  std::string operator()(const model::Null&) const { return "n:"; }
  std::string operator()(std::int64_t value) const { return "i:" + std::to_string(value); }
  std::string operator()(double value) const { return "r:" + std::to_string(std::bit_cast<std::int64_t>(value)); }  // its bits
  std::string operator()(const std::string& text) const { return "t:" + hex(text); }
  std::string operator()(const model::Bytes& blob) const { return "b:" + hex(blob.data); }
};

struct Describer {
  std::size_t limit;
  std::string operator()(const model::Null&) const { return "NULL"; }
  std::string operator()(std::int64_t value) const { return "INTEGER " + std::to_string(value); }
  std::string operator()(double value) const {
    std::array<char, 32> text;
    return "REAL " + std::string(text.data(), std::to_chars(text.data(), text.data() + text.size(), value).ptr);
  }
  std::string operator()(const std::string& text) const { return "TEXT " + literal(text); }
  std::string operator()(const model::Bytes& blob) const { return "BLOB " + literal(blob.data); }
  std::string literal(std::string_view bytes) const {
    return "x'" + hex(bytes.substr(0, limit)) + (bytes.size() > limit ? "…'" : "'");
  }
};

std::optional<std::int64_t> integer(std::string_view text) {
  std::int64_t value = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  if (read.ec != std::errc{} || read.ptr != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<model::StorageValue> parse(std::string_view word) {
  if (word == "n:") return model::Null{};
  const auto body = word.substr(std::min<std::size_t>(2, word.size()));
  if (word.starts_with("i:")) return integer(body);
  if (word.starts_with("r:")) return integer(body).transform([](auto bits) { return model::StorageValue{std::bit_cast<double>(bits)}; });
  if (word.starts_with("t:")) return from_hex(body);
  if (word.starts_with("b:")) return from_hex(body).transform([](auto data) { return model::StorageValue{model::Bytes{std::move(data)}}; });
  return std::nullopt;
}

}  // namespace

std::string describe(const model::StorageValue& stored) { return std::visit(Describer{kShown}, stored); }
std::string describe_whole(const model::StorageValue& stored) { return std::visit(Describer{kKept}, stored); }

std::string to_position(std::span<const model::StorageValue> values) {
  std::string out;
  for (const auto& value : values) out += (out.empty() ? "" : ",") + std::visit(Writer{}, value);
  return out;
}

model::Result<sqlite::StorageRow> from_position(std::string_view position) {
  sqlite::StorageRow out;
  std::string_view rest = position;
  while (!rest.empty()) {
    const auto comma = rest.find(',');
    auto value = parse(rest.substr(0, comma));
    if (!value) return model::fail("XX001"_state, "a checkpoint in crossfade.chunks cannot be read: " + std::string(position));
    out.push_back(*std::move(value));
    if (comma == rest.npos) break;
    rest.remove_prefix(comma + 1);
  }
  return out;
}

}  // namespace crossfade::migrate
