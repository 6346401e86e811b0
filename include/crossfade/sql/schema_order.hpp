#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace crossfade::sql {

/// Whether a statement that changes the schema may be said later than it was, or earlier than one before it that waits.
struct SchemaOrder {
  /// It changes no column that rows have, and no name that others go by: NOT NULL, defaults, constraints, indexes, comments, views, sequences.
  bool may_wait = false;
  bool names_all = false;            // a view, of all columns maybe; names that are not plainly in the text
  std::vector<std::string> renames;  // names that mean another thing after it, in lower case; none and not may_wait: not known
  std::set<std::string> words;       // all that it may name, likewise
};

/// By libpg_query's tree. In doubt nothing may be said of it.
SchemaOrder schema_order(std::string_view text);

}  // namespace crossfade::sql
