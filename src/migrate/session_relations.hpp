#pragma once

#include <map>
#include <string>

#include "crossfade/model/error.hpp"
#include "crossfade/model/value.hpp"
#include "crossfade/plan/schema.hpp"
#include "crossfade/sql/changed_relations.hpp"

namespace crossfade::migrate {

/// Asked in the session: whether search_path leaves pg_temp its place in front; and, all NULL where there are none, the names of its temporary relations, whether
/// search_path finds them first, and what their schema is called.
inline constexpr std::string_view kSessionRelations =
    "SELECT pg_catalog.current_setting('search_path') !~ 'pg_temp', c.relname::text, pg_catalog.pg_table_is_visible(c.oid), n.nspname::text "
    "FROM (VALUES (pg_catalog.pg_my_temp_schema())) AS own (id) LEFT JOIN pg_catalog.pg_class c ON c.relnamespace = own.id AND own.id <> 0 "
    "LEFT JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace";

/// What a statement that changes the schema is about: the session's own relations, which the file has no part in, or those of all, or none.
enum class Concern : std::uint8_t { all, session, nobody };

/// The temporary relations of a session in PostgreSQL, followed through the statements of one message.
class SessionRelations {
 public:
  /// `all`: what else a name may be of. nullptr: anything.
  explicit SessionRelations(const model::ResultSet& found, const plan::Schema* all = nullptr);
  /// Errors: 0A000 where it is not known, as for a name that a COMMIT, ROLLBACK or DISCARD of the same message may have given back to one of all;
  /// 42P16 where both are concerned, or one of all would stand on one of the session's: PostgreSQL may refuse it, too.
  model::Result<Concern> next(const std::string& text);

 private:
  enum class Found : std::uint8_t { first, behind, unclear };
  bool is_own(const sql::RelationPlace& place) const;
  bool is_unclear(const sql::RelationPlace& place) const;
  model::Result<Concern> judge(const sql::ChangedRelations& named, const std::string& text) const;
  void follow(const sql::ChangedRelations& named);

  std::map<std::string, Found> names_;  // and whether search_path finds it first
  std::string schema_;                  // "pg_temp_3"; empty: there is none yet
  bool in_front_ = false;               // search_path finds what is made now first
  const plan::Schema* all_;
};

}  // namespace crossfade::migrate
