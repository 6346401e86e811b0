#include "sqlite_constants.hpp"

#include <array>
#include <charconv>
#include <cmath>

namespace crossfade::sql {
namespace {

std::string blob(std::string_view data) {
  static constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string out = "X'";
  for (const char c : data) {
    out += kDigits[static_cast<unsigned char>(c) >> 4];
    out += kDigits[static_cast<unsigned char>(c) & 0xF];
  }
  return out += '\'';
}

/// A NUL would end a literal, so text with one is spelt as bytes.
std::string text(std::string_view value) {
  if (value.contains('\0')) return "CAST(" + blob(value) + " AS TEXT)";
  std::string out = "'";
  for (const char c : value) {
    if (c == '\'') out += c;
    out += c;
  }
  return out += '\'';
}

std::optional<std::string> real(double value) {
  if (std::isnan(value)) return std::nullopt;
  if (std::isinf(value)) return value < 0 ? "-9e999" : "9e999";
  std::array<char, 32> buffer{};
  const auto written = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
  std::string out{buffer.data(), written.ptr};
  if (out.find_first_of(".e") == std::string::npos) out += ".0";
  return out;
}

struct Printed {
  std::optional<std::string> operator()(const model::Null&) const { return "NULL"; }
  std::optional<std::string> operator()(std::int64_t value) const { return std::to_string(value); }
  std::optional<std::string> operator()(double value) const { return real(value); }
  std::optional<std::string> operator()(const std::string& value) const { return text(value); }
  std::optional<std::string> operator()(const model::Bytes& value) const { return blob(value.data); }
};

}  // namespace

std::optional<std::string> sqlite_constant(const model::StorageValue& value) { return std::visit(Printed{}, value); }

}  // namespace crossfade::sql
