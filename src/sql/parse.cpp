#include "crossfade/sql/translate.hpp"
#include "postgres/front.hpp"
#include "tokens.hpp"
#include "tree.hpp"

namespace crossfade::sql {

model::Result<std::vector<Parsed>> parse(std::string_view query, Dialect dialect) {
  if (dialect == Dialect::sqlite) {
    return model::fail(model::SqlState{"0A000"}, "the sqlite dialect is not supported yet", {},
                       "SET crossfade.dialect = postgres.");
  }
  CROSSFADE_CHECK(check_text(query));
  CROSSFADE_TRY(std::vector<Parsed> out, postgres_front::parse(query));
  if (out.empty()) out.push_back({.tree = std::make_shared<const Tree>()});
  return out;
}

}  // namespace crossfade::sql
