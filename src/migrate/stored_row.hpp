#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "crossfade/engine/sqlite/connection.hpp"
#include "crossfade/plan/schema.hpp"

namespace crossfade::migrate {

/// A stored row under its plan: every value decoded, misfits treated by their column's rule.
struct StoredRow {
  model::Row row;  // in the order of Table::columns; empty when the row is put aside
  std::int64_t cast = 0;
  struct Aside { std::string column, content, reason; };
  std::optional<Aside> aside;  // rule `quarantine`
  std::vector<Aside> nulled;   // rules `null` and `set-null-when-empty`: what was there
};

/// `key` says which row it is in an error: "rowid 17". Errors: 22P02 or 22021 naming table, column, key and the value in hex for a
/// misfit under `refuse`, or one that `cast` cannot help.
model::Result<StoredRow> read_stored(const plan::Table& table, std::span<const model::StorageValue> stored, const std::function<std::string()>& key);

/// A time with more digits after its second than time(p) or timestamp(p) keeps: PostgreSQL would round it without a word.
bool would_be_rounded(const model::Value& value, model::Type type);

/// Bytes of what a value says; 8 of a number, none of NULL.
std::size_t size_of(const model::StorageValue& value);
/// "TEXT x'6162'", "INTEGER 5": a value as the file holds it, at most 64 bytes of it.
std::string describe(const model::StorageValue& stored);
/// The same, all of it up to 64 MiB: what the reject table keeps.
std::string describe_whole(const model::StorageValue& stored);

/// Values as one line of text and back: a checkpoint's position, a quarantined row's key. "i:-5,t:6162,b:00,r:0x1.8p+1,n:".
std::string to_position(std::span<const model::StorageValue> values);
/// Errors: XX001 for what to_position did not write.
model::Result<sqlite::StorageRow> from_position(std::string_view position);

}  // namespace crossfade::migrate
