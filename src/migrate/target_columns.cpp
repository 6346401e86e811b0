#include "target_columns.hpp"

#include <array>
#include <map>
#include <set>

#include "postgres_objects.hpp"
#include "schema_differences.hpp"

namespace crossfade::migrate {

model::Result<std::vector<std::string>> column_faults(postgres::Connection& target, const plan::Table& table, plan::TargetSchema schema,
                                                      std::span<const std::string> postgres_only) {
  const bool existing = schema == plan::TargetSchema::existing;
  std::string domains;  // columns that have one in the file, too
  for (const auto& column : table.columns) domains += column.domain.empty() ? "" : "," + column.name;
  const std::array parameters{postgres::Parameter{qualified(table.name), {model::oid::text}}, postgres::Parameter{existing, {model::oid::boolean}},
                              postgres::Parameter{domains, {model::oid::text}}};
  CROSSFADE_TRY(const auto found, target.query("SELECT attname::text, CASE WHEN typtype = 'd' AND ($2 OR attname = ANY (string_to_array($3, ','))) "
                                               "THEN format_type(typbasetype, typtypmod) ELSE format_type(atttypid, atttypmod) END FROM pg_attribute JOIN pg_type t ON t.oid = atttypid "
                                               "WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped", parameters));
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
  if (existing) return out;
  std::set<std::string> alone;
  for (const auto& [column, type] : there) alone.insert(table.name + "." + column);
  for (const std::string& column : not_named(alone, postgres_only)) out.push_back(column + " is not in the plan");
  return out;
}

}  // namespace crossfade::migrate
