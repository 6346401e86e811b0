#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "crossfade/engine/postgres/connection.hpp"
#include "crossfade/plan/schema.hpp"

namespace crossfade::migrate {

/// A column as PostgreSQL's catalog has it.
struct TargetColumn {
  std::string name;
  std::int64_t place = 0;  // its number in the table
  model::Type type;        // of a domain: what it stands on
  std::string type_name;   // as PostgreSQL says it, a domain by its name
  bool not_null = false, defaulted = false, generated = false, identity = false;
  std::string sequence;    // that it owns, qualified and quoted; empty: none
  bool foreign_sequence = false;  // its default is nextval() of a sequence that it does not own
};

/// A table of schema public; no view, no partition.
struct TargetTable {
  std::string name;
  bool inherits = false;  // or is inherited from; partitions do not count
  bool of_extension = false;
  std::vector<std::set<std::int64_t>> unique;  // of each index that keeps all rows apart at once: its columns' places
  std::vector<TargetColumn> columns;
  const TargetColumn* find(std::string_view column) const;
};
model::Result<std::vector<TargetTable>> read_target_tables(postgres::Connection& target);
/// The same in two: the question, and what its answer says.
std::string_view target_tables_sql();
std::vector<TargetTable> target_tables(const model::ResultSet& found);

/// The table without the columns that PostgreSQL generates itself: what can be written there.
model::Result<plan::Table> writable(postgres::Connection& target, const plan::Table& table);
/// The schema with `serial` on exactly those columns that own a sequence in PostgreSQL, whatever made it and whatever it is called.
model::Result<plan::Schema> with_target_sequences(postgres::Connection& target, plan::Schema schema);

}  // namespace crossfade::migrate
