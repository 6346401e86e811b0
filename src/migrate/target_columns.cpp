#include "target_columns.hpp"

#include <map>

#include "postgres_objects.hpp"

namespace crossfade::migrate {

model::Result<std::vector<std::string>> column_faults(postgres::Connection& target, const plan::Table& table) {
  const postgres::Parameter name{qualified(table.name), {model::oid::text}};
  CROSSFADE_TRY(const auto found, target.query("SELECT attname::text, format_type(atttypid, atttypmod) FROM pg_attribute "
                                               "WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped", {&name, 1}));
  std::map<std::string, std::string> there;
  for (const auto& row : found.rows) there[std::get<std::string>(row.at(0))] = std::get<std::string>(row.at(1));
  std::vector<std::string> out;
  for (const auto& column : table.columns) {
    const auto type = there.find(column.name);
    const auto where = table.name + "." + column.name;
    if (type == there.end()) {
      out.push_back(where + " is not there");
    } else {
      if (type->second != model::format_type(column.type)) {
        out.push_back(where + " is " + type->second + ", the plan says " + model::format_type(column.type));
      }
      there.erase(type);
    }
  }
  for (const auto& [column, type] : there) out.push_back(table.name + "." + column + " is not in the plan");
  return out;
}

}  // namespace crossfade::migrate
