#pragma once

#include <map>
#include <string>

#include "crossfade/model/error.hpp"
#include "crossfade/model/value.hpp"
#include "crossfade/sql/changed_relations.hpp"

namespace crossfade::migrate {

/// Asked in the session: the names of its temporary relations, whether search_path finds them first, and what their schema is called.
inline constexpr std::string_view kSessionRelations =
    "SELECT c.relname::text, pg_catalog.pg_table_is_visible(c.oid), n.nspname::text FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace "
    "WHERE n.oid = pg_catalog.pg_my_temp_schema()";

/// What a statement that changes the schema is about: the session's own relations, which the file has no part in, or those of all.
enum class Concern : std::uint8_t { all, session };

/// The temporary relations of a session in PostgreSQL, followed through the statements of one message.
class SessionRelations {
 public:
  explicit SessionRelations(const model::ResultSet& found);
  /// Errors: 0A000 where it is not known; 42P16 where both are concerned, or one of all would stand on one of the session's: PostgreSQL may refuse it, too.
  model::Result<Concern> next(const std::string& text);

 private:
  bool is_own(const sql::RelationPlace& place) const;
  model::Result<Concern> judge(const sql::ChangedRelations& named, const std::string& text) const;
  void follow(const sql::ChangedRelations& named);

  std::map<std::string, bool> names_;  // and whether search_path finds it first
  std::string schema_;                 // "pg_temp_3"; empty: there is none yet
};

}  // namespace crossfade::migrate
