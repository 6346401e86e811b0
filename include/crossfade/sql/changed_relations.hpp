#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace crossfade::sql {

/// As it is written; no schema: search_path finds it.
struct RelationPlace { std::string schema, name; };

/// Which relations a statement that changes the schema names, and as what. By libpg_query's tree.
struct ChangedRelations {
  bool known = false;                   // false: of a kind that is not looked into
  std::vector<RelationPlace> changed;   // that it alters, drops or comments, or on which hangs what it makes (an index, a trigger)
  std::vector<RelationPlace> read;      // whose columns or key it takes: LIKE, INHERITS, REFERENCES, OWNED BY
  std::optional<RelationPlace> made;    // a table, view, sequence or index; an index is where its table is
  bool makes_temporary = false;         // CREATE TEMP …, or in the schema pg_temp
  bool reads_query = false;             // a view: whatever its query names
  bool drops = false;                   // those that are changed are gone
  bool unsettles = false;               // it changes none of the schema, but which temporary relations there are: COMMIT, ROLLBACK, DISCARD
  std::string renamed;                  // what the one that is changed is called then; empty: as before
};

/// Of one statement; of several, or one that the grammar refuses, nothing is known.
ChangedRelations changed_relations(std::string_view text);

}  // namespace crossfade::sql
