#include "backward_sequences.hpp"

#include <array>

#include "postgres_objects.hpp"
#include "sequences.hpp"

namespace crossfade::migrate {
namespace {

model::Result<std::int64_t> last_given(postgres::Connection& source, const plan::Table& table, const plan::Column& column) {
  const std::array parameters{postgres::Parameter{qualified(table.name), {model::oid::text}},
                              postgres::Parameter{column.name, {model::oid::text}}};
  CROSSFADE_TRY(const model::Value last, source.value("SELECT coalesce(pg_sequence_last_value(pg_get_serial_sequence($1, $2)::regclass), 0)",
                                                      parameters));
  const auto* number = std::get_if<std::int64_t>(&last);
  return number ? *number : 0;
}

}  // namespace

model::Result<void> prime_file_sequences(sqlite::Connection& file, postgres::Connection& source, const plan::Schema& schema) {
  for (const auto& [name, table] : schema.tables) {
    for (const plan::Column& part : table.columns) {
      if (part.sequence.empty()) continue;
      CROSSFADE_TRY(const std::int64_t last, last_given(source, table, part));
      const std::vector<model::StorageValue> parameters{part.sequence, last};
      CROSSFADE_CHECK(file.query("UPDATE crossfade_sequences SET last_value = max(last_value, ?2), is_called = 1 WHERE name = ?1 AND ?2 > 0 AND increment > 0", parameters));
    }
    const plan::Column* column = table.autoincrement ? table.rowid_alias() : nullptr;
    if (!column) continue;
    CROSSFADE_TRY(const std::int64_t last, last_given(source, table, *column));
    const std::vector<model::StorageValue> parameters{table.sqlite_name, last};
    CROSSFADE_CHECK(file.query("INSERT INTO sqlite_sequence (name, seq) SELECT ?1, 0 WHERE ?2 > 0 AND NOT EXISTS "
                               "(SELECT 1 FROM sqlite_sequence WHERE name = ?1)",
                               parameters));
    CROSSFADE_CHECK(file.query("UPDATE sqlite_sequence SET seq = max(seq, ?2) WHERE name = ?1", parameters));
  }
  CROSSFADE_TRY(const auto own, own_sequences(file, source, schema));
  for (const OwnSequence& sequence : own) {
    if (!sequence.target_ahead) continue;
    const std::vector<model::StorageValue> parameters{sequence.name, std::get<std::int64_t>(sequence.there_last), static_cast<std::int64_t>(std::get<bool>(sequence.there_called))};
    CROSSFADE_CHECK(file.query("UPDATE crossfade_sequences SET last_value = ?2, is_called = ?3 WHERE name = ?1", parameters));
  }
  return {};
}

}  // namespace crossfade::migrate
