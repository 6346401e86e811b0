#include "schema_catalog.hpp"

#include <algorithm>

#include "crossfade/engine/sqlite/schema_reader.hpp"
#include "schema_names.hpp"

namespace crossfade::migrate {

std::string visible_name(const plan::Table& table, std::string_view kind, const std::string& columns) {
  const auto joined = [](const std::vector<std::string>& names) {
    std::string out;
    for (const std::string& name : names) out += (out.empty() ? "" : ",") + name;
    return out;
  };
  std::vector<std::string> names;
  if (kind == "f") {
    const auto key = std::ranges::find_if(table.foreign_keys, [&](const plan::ForeignKey& each) { return joined(each.columns) == columns; });
    return key == table.foreign_keys.end() ? "" : foreign_key_name(table, *key);
  }
  if (kind == "p") {
    for (const plan::Column* column : table.key()) names.push_back(column->name);
    return joined(names) == columns ? sqlite::key_constraint_name(table, names, true) : "";
  }
  for (const plan::Index& index : table.indexes) {
    names.clear();
    for (const plan::IndexPart& part : index.parts) names.push_back(part.column);
    if (index.origin == plan::Index::Origin::unique_constraint && joined(names) == columns) return sqlite::key_constraint_name(table, names, false);
  }
  return "";
}

model::Result<std::map<std::int64_t, std::string>> names_by_number(postgres::Connection& target, std::string_view sql) {
  CROSSFADE_TRY(const auto found, target.query(sql));
  std::map<std::int64_t, std::string> out;
  for (const model::Row& row : found.rows) out.emplace(std::get<std::int64_t>(row.at(0)), std::get<std::string>(row.at(1)));
  return out;
}

}  // namespace crossfade::migrate
