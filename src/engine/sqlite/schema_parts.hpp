#pragma once

#include "create_text.hpp"
#include "crossfade/engine/sqlite/connection.hpp"
#include "crossfade/plan/schema.hpp"

namespace crossfade::sqlite {

/// Columns as the pragmas say them; names of clients are still SQLite's (plan::apply folds them).
model::Result<std::vector<plan::Column>> read_columns(Connection& connection, const plan::Table& table);
model::Result<std::vector<plan::Index>> read_indexes(Connection& connection, const plan::Table& table);
model::Result<std::vector<plan::ForeignKey>> read_foreign_keys(Connection& connection, const plan::Table& table,
                                                               const TextTable& text);

/// In double quotes.
std::string quote_name(std::string_view name);
/// SQLite's name of the schema that a table is in.
inline const char* schema_of(const plan::Table& table) { return table.temporary ? "temp" : "main"; }

/// A storage value as what a pragma means by it.
std::string text_of(const model::StorageValue& value);
std::int64_t integer_of(const model::StorageValue& value);

}  // namespace crossfade::sqlite
