#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>

#include "ascii.hpp"
#include "binary_numeric.hpp"
#include "zone_rules.hpp"

namespace crossfade::model {
namespace {

constexpr std::string_view kZoneFolder = "/usr/share/zoneinfo/";

/// Takes the parts of the file in their order; an empty part where it is too short.
struct Parts {
  std::string_view rest;
  std::string_view take(std::size_t size) {
    if (rest.size() < size) return rest = {};
    const std::string_view out = rest.substr(0, size);
    rest.remove_prefix(size);
    return out;
  }
};

struct Header { std::size_t utc_marks = 0, standard_marks = 0, leaps = 0, times = 0, types = 0, characters = 0; };

constexpr std::size_t kHeaderBytes = 44, kCountsAt = 20, kTypeBytes = 6, kMostCount = 100'000;

std::optional<Header> read_header(Parts& parts) {
  const std::string_view bytes = parts.take(kHeaderBytes);
  if (!bytes.starts_with("TZif") || bytes.size() < kHeaderBytes) return std::nullopt;
  std::array<std::size_t, 6> counts{};
  for (std::size_t i = 0; i < counts.size(); ++i) {
    counts[i] = load_be<std::uint32_t>(bytes.substr(kCountsAt + i * 4));
    if (counts[i] > kMostCount) return std::nullopt;
  }
  return Header{counts[0], counts[1], counts[2], counts[3], counts[4], counts[5]};
}

using Names = std::map<std::string, std::string, std::less<>>;

/// Lower case → IANA's spelling. "right" counts leap seconds, which PostgreSQL refuses.
Names zone_names() {
  namespace fs = std::filesystem;
  Names names;
  std::error_code error;
  constexpr auto kFollow = fs::directory_options::follow_directory_symlink;  // posix/Europe is one
  for (auto entry = fs::recursive_directory_iterator(kZoneFolder, kFollow, error); !error && entry != fs::recursive_directory_iterator(); entry.increment(error)) {
    const std::string name = entry->path().string().substr(kZoneFolder.size());
    if (name == "right") entry.disable_recursion_pending();
    std::error_code unreadable;
    const bool zone = entry->is_regular_file(unreadable) && !name.ends_with(".tab") && !name.ends_with(".zi") && !name.ends_with(".list");
    if (zone && name != "leapseconds") names.emplace(lowered(name), name);
  }
  return names;
}

const Names& known_names() {
  static const Names names = zone_names();
  return names;
}

}  // namespace

/// The first block is for 32-bit readers; the second has the same in 64 bits, and behind it stands the rule for what comes.
std::optional<ZoneRules> ZoneRules::parse(std::string_view bytes) {
  Parts parts{bytes};
  const auto first = read_header(parts);
  if (!first) return std::nullopt;
  parts.take(first->times * 5 + first->types * kTypeBytes + first->characters + first->leaps * 8 + first->standard_marks + first->utc_marks);
  const auto header = read_header(parts);
  if (!header || header->leaps != 0) return std::nullopt;
  const std::string_view times = parts.take(header->times * 8), indexes = parts.take(header->times);
  const std::string_view types = parts.take(header->types * kTypeBytes), names = parts.take(header->characters);
  if (names.empty() || types.empty() || (header->times > 0 && indexes.empty())) return std::nullopt;
  ZoneRules out;
  for (std::size_t i = 0; i < header->types; ++i) {
    const std::string_view type = types.substr(i * kTypeBytes, kTypeBytes);
    const auto begin = std::min(static_cast<std::size_t>(static_cast<unsigned char>(type[5])), names.size());
    out.types_.push_back({load_be<std::int32_t>(type), std::string(names.substr(begin, names.find('\0', begin) - begin))});
  }
  for (std::size_t i = 0; i < header->times; ++i) {
    const auto type = static_cast<std::size_t>(static_cast<unsigned char>(indexes[i]));
    if (type >= out.types_.size()) return std::nullopt;
    out.past_.push_back({load_be<std::int64_t>(times.substr(i * 8)), type});
  }
  parts.take(header->standard_marks + header->utc_marks);
  std::string_view footer = parts.rest;
  if (footer.starts_with('\n')) out.future_ = parse_posix_zone(footer.substr(1, footer.find('\n', 1) - 1));
  return out;
}

const std::string* find_zone_name(std::string_view name) {
  const auto found = known_names().find(lowered(name));
  return found == known_names().end() ? nullptr : &found->second;
}

std::optional<ZoneRules> read_zone(const std::string& name) {
  std::ifstream in(std::string(kZoneFolder) + name, std::ios::binary);
  if (!in) return std::nullopt;
  const std::string bytes{std::istreambuf_iterator<char>(in), {}};
  return ZoneRules::parse(bytes);
}

bool has_zone_files() { return known_names().size() > 100; }

}  // namespace crossfade::model
