#include <array>
#include <unordered_map>

#include "packed.hpp"

namespace crossfade::sqlite::functions {

using namespace model::literals;

namespace lookup {

constexpr auto kRow = static_cast<char>(PackedClass::row);

void skip_cell(std::string_view& rest) {
  const auto kind = static_cast<PackedClass>(rest.front());
  rest.remove_prefix(1);
  if (kind == PackedClass::null) return;
  const std::uint64_t number = take_number(rest);
  if (kind == PackedClass::text || kind == PackedClass::blob) rest.remove_prefix(static_cast<std::size_t>(number));
}

/// The `place`-th cell (from 1) of the row that `row` begins with.
StorageValue cell_at(std::string_view row, std::int64_t place) {
  for (std::int64_t i = 1; i < place; ++i) skip_cell(row);
  return take_cell(row);
}

/// Where each row begins, by the whole number in one of its cells; of several the first one.
struct RowsByKey {
  std::int64_t key = 0;
  std::unordered_map<std::int64_t, std::size_t> begins;
};

RowsByKey rows_by_key(std::string_view packed, std::int64_t key) {
  RowsByKey rows{key, {}};
  for (std::string_view rest = packed; !rest.empty();) {
    rest.remove_prefix(1);  // kRow
    const StorageValue value = cell_at(rest, key);
    if (const auto* number = std::get_if<std::int64_t>(&value)) rows.begins.emplace(*number, packed.size() - rest.size());
    while (!rest.empty() && rest.front() != kRow) skip_cell(rest);
  }
  return rows;
}

/// crossfade_packed_field(rows, key, number, field): the cell `field` of the packed row whose cell `key` is the number; both count from 1.
Answer packed_field(const Call& call) {
  const std::string_view packed = call.bytes(0);
  const std::int64_t key = call.integer(1);
  CROSSFADE_TRY(const RowsByKey* const rows, call.kept<RowsByKey>(0, [&](const RowsByKey& known) { return known.key == key; },
                                                                  [&] { return model::Result<RowsByKey>{rows_by_key(packed, key)}; }));
  const auto found = rows->begins.find(call.integer(2));
  if (found == rows->begins.end()) return model::fail("XX000"_state, "a changed row is not among those of its join");
  return cell_at(packed.substr(found->second), call.integer(3));
}

constexpr std::array kPackedFunctions{Function{"crossfade_packed_field", 4, packed_field}};

}  // namespace lookup

std::span<const Function> packed_functions() { return lookup::kPackedFunctions; }

}  // namespace crossfade::sqlite::functions
