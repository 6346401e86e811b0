#pragma once

#include <map>
#include <set>
#include <string>

#include "crossfade/engine/sqlite/database.hpp"
#include "crossfade/plan/schema.hpp"

namespace crossfade::migrate {

/// A mirrored table beside changes of the schema that the file follows.
struct FollowedTable {
  std::set<std::string> names;  // that it has had since, the one it has among them: entries of PostgreSQL's journal may go by any
  std::string key;              // names and types of its columns
  bool whole = false;           // its rows are to be carried all: it is new, or its rows may not be what PostgreSQL has
  int installed = 0;            // the number of the last event that asked for other triggers in PostgreSQL; 0: none has
  bool operator==(const FollowedTable&) const = default;
};

/// Says in the file what a client has said in PostgreSQL, in the caller's transaction, with plan, journal and triggers of the file. Rows are not
/// its business, but where they are in the way (older ones, that a constraint does not let be): then the tables that the statement names are
/// emptied, and carried whole.
class BackSchema {
 public:
  /// `file`: of role mirror, or a schema_alone().
  static model::Result<BackSchema> of(sqlite::Connection& file);

  /// How often IF [NOT] EXISTS had nothing to do; `changes`: whether it changed anything.
  struct Said { bool changes = false; std::int64_t skipped = 0; };
  /// Errors: the translator's, 0A000 for what cannot be mirrored, SQLite's own.
  model::Result<Said> say(const sqlite::SchemaStatement& statement);

  const plan::Schema& schema() const { return schema_; }
  /// By the names that they have now.
  const std::map<std::string, FollowedTable>& tables() const { return tables_; }

 private:
  explicit BackSchema(sqlite::Connection& file) : file_(&file) {}
  model::Result<void> read();
  model::Result<void> change(const sql::Translated& translated);
  model::Result<void> in_savepoint(const sql::Translated& translated);
  model::Result<void> empty_named(const std::string& text);
  void follow(const sql::Translated& translated);

  sqlite::Connection* file_;
  plan::Schema schema_;
  std::map<std::string, FollowedTable> tables_;
  int events_ = 0;
  std::set<std::string> emptied_;  // by their names before the statement
};

}  // namespace crossfade::migrate
