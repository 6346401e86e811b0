#include "zone_abbreviation.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <map>
#include <mutex>
#include <optional>
#include <string_view>
#include <vector>

#include "binary_numeric.hpp"

namespace crossfade::model {
namespace {

struct LocalType { std::int32_t east = 0; std::string name; };
/// `changes`: when a type begins to hold, in ascending order.
struct ZoneFile {
  struct Change { std::int64_t at; std::size_t type; };
  std::vector<LocalType> types;
  std::vector<Change> changes;
};

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

/// The first block is for 32-bit readers; the second has the same in 64 bits.
std::optional<ZoneFile> parse(std::string_view bytes) {
  Parts parts{bytes};
  const auto first = read_header(parts);
  if (!first) return std::nullopt;
  parts.take(first->times * 5 + first->types * kTypeBytes + first->characters + first->leaps * 8 + first->standard_marks + first->utc_marks);
  const auto header = read_header(parts);
  if (!header) return std::nullopt;
  const std::string_view times = parts.take(header->times * 8), indexes = parts.take(header->times);
  const std::string_view types = parts.take(header->types * kTypeBytes), names = parts.take(header->characters);
  if (names.empty() || types.empty() || (header->times > 0 && indexes.empty())) return std::nullopt;
  ZoneFile out;
  for (std::size_t i = 0; i < header->types; ++i) {
    const std::string_view type = types.substr(i * kTypeBytes, kTypeBytes);
    const auto begin = std::min(static_cast<std::size_t>(static_cast<unsigned char>(type[5])), names.size());
    out.types.push_back({load_be<std::int32_t>(type), std::string(names.substr(begin, names.find('\0', begin) - begin))});
  }
  for (std::size_t i = 0; i < header->times; ++i) {
    const auto type = static_cast<std::size_t>(static_cast<unsigned char>(indexes[i]));
    if (type >= out.types.size()) return std::nullopt;
    out.changes.push_back({load_be<std::int64_t>(times.substr(i * 8)), type});
  }
  return out;
}

std::optional<ZoneFile> read_zone(const std::string& name) {
  constexpr std::string_view kFolder = "/usr/share/zoneinfo/";
  std::ifstream in(std::string(kFolder) + name, std::ios::binary);
  if (!in) return std::nullopt;
  const std::string bytes{std::istreambuf_iterator<char>(in), {}};
  return parse(bytes);
}

}  // namespace

std::string zone_abbreviation(const std::string& name, std::int64_t unix_seconds, std::chrono::seconds east) {
  static std::mutex mutex;
  static std::map<std::string, std::optional<ZoneFile>, std::less<>> known;  // of IANA's names: bounded by their number
  const std::lock_guard lock(mutex);
  auto found = known.find(name);
  if (found == known.end()) found = known.emplace(name, read_zone(name)).first;
  if (!found->second) return {};
  const ZoneFile& zone = *found->second;
  // The last change before the instant whose offset is the one that holds: behind the file's end the rules of its last years go on.
  auto change = std::ranges::upper_bound(zone.changes, unix_seconds, {}, &ZoneFile::Change::at);
  while (change != zone.changes.begin()) {
    const LocalType& type = zone.types[(--change)->type];
    if (type.east == east.count()) return type.name;
  }
  return zone.types.front().east == east.count() ? zone.types.front().name : std::string{};
}

}  // namespace crossfade::model
