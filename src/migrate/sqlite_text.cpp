#include "sqlite_text.hpp"

#include <algorithm>
#include <array>

#include "crossfade/plan/plan.hpp"
#include "sqlite_journal.hpp"

namespace crossfade::migrate {

using namespace model::literals;

model::Result<std::string> rowid_name(const plan::Table& table) {
  constexpr std::array<std::string_view, 3> kNames{"rowid", "_rowid_", "oid"};
  for (const auto name : kNames) {
    const auto taken = [name](const plan::Column& column) { return plan::fold(column.sqlite_name) == name; };
    if (std::ranges::none_of(table.columns, taken)) return std::string(name);
  }
  return model::fail("0A000"_state, "table \"" + table.name + "\" has columns named rowid, _rowid_ and oid",
                     "Its rows have no key by which they could be read in ranges.", "Rename one of the three columns.");
}

std::string sqlite_columns(const plan::Table& table) {
  std::string out;
  for (const auto& column : table.columns) {
    if (!out.empty()) out += ", ";
    out += quote_sqlite(column.sqlite_name);
  }
  return out;
}

}  // namespace crossfade::migrate
