#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "crossfade/engine/postgres/connection.hpp"
#include "crossfade/engine/sqlite/database.hpp"

namespace crossfade::migrate {

/// A change of the schema as the file has it: what its transaction said, to be said in PostgreSQL. It is pending there until PostgreSQL has
/// noted the number, in the transaction that makes the same change. Numbers begin anew with every journal (file id).
struct SchemaRecord {
  std::int64_t number = 0;
  std::vector<sqlite::SchemaStatement> statements;
};

/// As our tables keep the settings of a statement: names and values, in one text. Errors: XX001, the text is damaged.
std::string pack_settings(const std::vector<std::pair<std::string, std::string>>& settings);
model::Result<std::vector<std::pair<std::string, std::string>>> unpack_settings(std::string_view text);

/// The newest one; nullopt: the schema has not changed since the journal was installed.
model::Result<std::optional<SchemaRecord>> read_change(sqlite::Connection& file);
/// In the file's transaction that makes the change. Takes the place of the one before, which is on both sides.
model::Result<SchemaRecord> record_change(sqlite::Connection& file, std::span<const sqlite::SchemaStatement> statements);

/// The number of the last change that PostgreSQL has of this file; 0: none.
model::Result<std::int64_t> applied_change(postgres::Connection& target, const std::string& file_id);
model::Result<void> note_applied(postgres::Connection& target, const std::string& file_id, std::int64_t number);

}  // namespace crossfade::migrate
