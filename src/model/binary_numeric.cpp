#include "binary_numeric.hpp"

#include <algorithm>
#include <array>

namespace crossfade::model {
namespace {

constexpr std::size_t kGroup = 4;  // decimal digits in one of base 10000
constexpr std::uint16_t kPositive = 0x0000, kNegative = 0x4000;

// PostgreSQL reads the scale that it sends for infinities out of their sign's bits; nobody looks at it.
struct Special { std::uint16_t sign; std::uint16_t scale; std::string_view text; };
constexpr std::array kSpecials{Special{0xc000, 0, "NaN"}, Special{0xd000, 0x20, "Infinity"}, Special{0xf000, 0x20, "-Infinity"}};

void append_header(std::string& out, std::size_t digits, int weight, std::uint16_t sign, std::size_t scale) {
  append_be(out, static_cast<std::int16_t>(digits));
  append_be(out, static_cast<std::int16_t>(weight));
  append_be(out, sign);
  append_be(out, static_cast<std::int16_t>(scale));
}

std::unexpected<Error> malformed(std::string message) { return fail("22P03"_state, std::move(message)); }
std::unexpected<Error> cut_short() { return fail("08P01"_state, "insufficient data left in message"); }

}  // namespace

void append_binary_numeric(std::string& out, const Numeric& value) {
  for (const Special& special : kSpecials) {
    if (special.text == value.text) return append_header(out, 0, 0, special.sign, special.scale);
  }
  std::string_view text = value.text;
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  const std::size_t point = text.find('.');
  std::string whole(text.substr(0, point)), fraction(point == text.npos ? "" : text.substr(point + 1));
  const std::size_t scale = fraction.size();
  whole.insert(0, (kGroup - whole.size() % kGroup) % kGroup, '0');
  fraction.append((kGroup - fraction.size() % kGroup) % kGroup, '0');
  const std::string digits = whole + fraction;

  std::size_t first = 0, end = digits.size();
  const auto is_zero = [&](std::size_t at) { return digits.compare(at, kGroup, "0000") == 0; };
  while (first < end && is_zero(first)) first += kGroup;
  while (end > first && is_zero(end - kGroup)) end -= kGroup;
  const int weight = first == end ? 0 : static_cast<int>(whole.size() / kGroup) - 1 - static_cast<int>(first / kGroup);
  append_header(out, (end - first) / kGroup, weight, negative ? kNegative : kPositive, scale);
  for (std::size_t at = first; at < end; at += kGroup) {
    int group = 0;
    for (char c : digits.substr(at, kGroup)) group = group * 10 + (c - '0');
    append_be(out, static_cast<std::int16_t>(group));
  }
}

Result<Numeric> parse_binary_numeric(std::string_view bytes) {
  constexpr std::size_t kHeader = 8;
  if (bytes.size() < kHeader) return cut_short();
  const auto count = load_be<std::uint16_t>(bytes);
  const int weight = load_be<std::int16_t>(bytes.substr(2));
  const auto sign = load_be<std::uint16_t>(bytes.substr(4));
  const auto scale = load_be<std::uint16_t>(bytes.substr(6));
  const Special* special = std::ranges::find(kSpecials, sign, &Special::sign);
  if (special == kSpecials.end() && sign != kPositive && sign != kNegative) return malformed("invalid sign in external \"numeric\" value");
  constexpr std::uint16_t kScaleMask = 0x3fff;
  if ((scale & kScaleMask) != scale) return malformed("invalid scale in external \"numeric\" value");
  for (std::size_t at = kHeader; at < kHeader + 2 * std::size_t{count}; at += 2) {
    if (at + 2 > bytes.size()) return cut_short();
    const auto digit = load_be<std::int16_t>(bytes.substr(at));
    if (digit < 0 || digit > 9999) return malformed("invalid digit in external \"numeric\" value");
  }
  if (bytes.size() > kHeader + 2 * std::size_t{count}) return malformed("incorrect binary data format");
  if (special != kSpecials.end()) return Numeric{std::string(special->text)};

  // Groups from the one before the point (or the first) to the last that is needed; missing ones are zeros.
  std::string whole, fraction;
  const int top = weight > 0 ? weight : 0;
  const int last = static_cast<int>((scale + kGroup - 1) / kGroup);
  for (int group = top; group >= -last; --group) {
    const int index = weight - group;
    std::int16_t digit = 0;
    if (index >= 0 && index < count) digit = load_be<std::int16_t>(bytes.substr(kHeader + 2 * static_cast<std::size_t>(index)));
    std::string text = std::to_string(digit);
    text.insert(0, kGroup - std::min(kGroup, text.size()), '0');
    (group >= 0 ? whole : fraction) += text;
  }
  fraction.resize(scale);
  whole.erase(0, std::min(whole.find_first_not_of('0'), whole.size() - 1));
  const bool zero = whole == "0" && fraction.find_first_not_of('0') == fraction.npos;
  std::string text = sign == kNegative && !zero ? "-" + whole : whole;
  if (scale > 0) text += "." + fraction;
  return Numeric{std::move(text)};
}

}  // namespace crossfade::model
