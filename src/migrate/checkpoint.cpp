#include "checkpoint.hpp"

#include <array>

namespace crossfade::migrate {

using namespace model::literals;

namespace {

postgres::Parameter text(std::string_view value) { return {std::string(value), {model::oid::text}}; }
postgres::Parameter number(std::int64_t value) { return {value, {model::oid::int8}}; }

}  // namespace

model::Result<std::optional<Checkpoint>> read_checkpoint(postgres::Connection& connection, std::string_view table) {
  const auto name = text(table);
  CROSSFADE_TRY(const auto found, connection.query(
      "SELECT source_mark, position, done, rows_read, rows_written, values_nulled, values_cast, rows_quarantined, bytes_read "
      "FROM crossfade.chunks WHERE table_name = $1", {&name, 1}));
  if (found.rows.empty()) return std::nullopt;
  const auto& row = found.rows[0];
  const auto count = [&row](std::size_t column) { return std::get<std::int64_t>(row.at(column)); };
  Checkpoint out;
  out.mark = std::get<std::string>(row.at(0));
  out.position = std::get<std::string>(row.at(1));
  out.done = std::get<bool>(row.at(2));
  out.counts.table = table;
  out.counts.read = count(3);
  out.counts.written = count(4);
  out.counts.nulled = count(5);
  out.counts.cast = count(6);
  out.counts.quarantined = count(7);
  out.counts.bytes = count(8);
  return out;
}

model::Result<void> refuse_mirrored(postgres::Connection& target, std::string_view hint) {
  CROSSFADE_TRY(const auto paired, target.value("SELECT to_regclass('crossfade.state') IS NOT NULL"));
  if (!std::get<bool>(paired)) return {};
  CROSSFADE_TRY(const auto stage, target.value("SELECT stage FROM crossfade.state"));
  if (model::is_null(stage) || std::get<std::string>(stage) == "sqlite") return {};
  return model::fail("55000"_state, "the pair is in stage " + std::get<std::string>(stage), "Its rows are kept by the mirror of the running proxy.",
                     std::string(hint));
}

model::Result<void> write_checkpoint(postgres::Connection& connection, std::string_view table, const Checkpoint& checkpoint) {
  const auto& counts = checkpoint.counts;
  const std::array parameters{text(table), text(checkpoint.mark), text(checkpoint.position),
                              postgres::Parameter{checkpoint.done, {model::oid::boolean}}, number(counts.read), number(counts.written),
                              number(counts.nulled), number(counts.cast), number(counts.quarantined), number(counts.bytes)};
  CROSSFADE_CHECK(connection.query(
      "INSERT INTO crossfade.chunks (table_name, source_mark, position, done, rows_read, rows_written, values_nulled, values_cast, "
      "rows_quarantined, bytes_read) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (table_name) DO UPDATE SET "
      "source_mark = excluded.source_mark, position = excluded.position, done = excluded.done, rows_read = excluded.rows_read, "
      "rows_written = excluded.rows_written, values_nulled = excluded.values_nulled, values_cast = excluded.values_cast, "
      "rows_quarantined = excluded.rows_quarantined, bytes_read = excluded.bytes_read", parameters));
  return {};
}

}  // namespace crossfade::migrate
