#pragma once

#include <set>
#include <span>
#include <string>
#include <vector>

#include "crossfade/plan/schema.hpp"
#include "target_catalog.hpp"

namespace crossfade::migrate {

/// What a table of the file is not in PostgreSQL.
struct LackingPart {
  enum class Kind : std::uint8_t { table, column, generated, type, key } kind = Kind::table;
  std::string table, column;   // PostgreSQL's names
  std::string here, there;     // of a type: how each side says it; of a key: the file's columns
  auto operator<=>(const LackingPart&) const = default;
};
/// "column hot.n is text there and bigint in the file".
std::string to_string(const LackingPart& part);

/// What the mirrored tables of the file and those of PostgreSQL's schema public are not to each other. `alone`: what only PostgreSQL has, "t" or "t.c": tables,
/// and columns that it does not generate itself. Not an extension's tables; no view, index, sequence or partition, which take no row with them.
struct SchemaDifferences {
  std::set<LackingPart> lacking;
  std::set<std::string> alone;
  bool operator==(const SchemaDifferences&) const = default;
  bool empty() const { return lacking.empty() && alone.empty(); }
  /// What is here and not in `known`.
  SchemaDifferences without(const SchemaDifferences& known) const;
  /// Tables that have one.
  std::set<std::string> tables() const;
};
SchemaDifferences schema_differences(const plan::Schema& schema, std::span<const TargetTable> all);
/// Without what the owner has named, each as it is written or in lower case.
std::set<std::string> not_named(const std::set<std::string>& alone, std::span<const std::string> named);

/// "a, b, c", at most thirty.
std::string listed(const std::set<std::string>& names);
std::string listed(const std::set<LackingPart>& parts);

}  // namespace crossfade::migrate
