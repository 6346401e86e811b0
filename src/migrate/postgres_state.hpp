#pragma once

#include <optional>
#include <string>
#include <vector>

#include "crossfade/engine/postgres/connection.hpp"
#include "crossfade/plan/schema.hpp"
#include "recovery.hpp"
#include "sqlite_state.hpp"

namespace crossfade::migrate {

/// PostgreSQL's side of the pair: crossfade.state, watermark, journal, and our triggers on the mirrored tables. Functions that write run
/// inside the caller's transaction. Errors: the server's own.

/// `filled`: the rows of all tables have been copied, the journal alone keeps them equal from there on.
enum class Fill : std::uint8_t { incomplete, complete };
struct TargetState { SideState side; Fill fill = Fill::incomplete; std::string file_id; };

/// nullopt: no file was ever mirrored here. `lock`: the row stays locked until the transaction ends (MIRROR 17).
enum class Lock : std::uint8_t { none, for_update };
model::Result<std::optional<TargetState>> read_target_state(postgres::Connection& connection, Lock lock);
model::Result<void> create_target_state(postgres::Connection& connection, std::size_t journal_keys);
model::Result<void> write_target_state(postgres::Connection& connection, const TargetState& state);
/// Compare-and-set: only when the row stands in `expected` epoch. Errors: 40001 when it does not.
model::Result<void> move_target_epoch(postgres::Connection& connection, std::int64_t expected, const SideState& next);

struct Watermark { std::string file_id; JournalEntry at; };
model::Result<std::optional<Watermark>> read_watermark(postgres::Connection& connection, Lock lock);
model::Result<void> write_watermark(postgres::Connection& connection, const Watermark& watermark);
/// The same, to be sent with other statements.
postgres::Request watermark_query(Lock lock);
std::optional<Watermark> watermark_of(const model::ResultSet& result);
postgres::Request watermark_change(const Watermark& watermark);
/// From exactly `from`: 22012 when the watermark is another one by now.
postgres::Request watermark_move(const Watermark& from, const JournalEntry& to);
/// 22012 when a row stands in quarantine.
postgres::Request empty_quarantine();

/// Trigger functions and triggers, all disabled (MIRROR 14): notes for stage `postgres`, guards for the stages before it.
model::Result<void> install_target_triggers(postgres::Connection& connection, const plan::Schema& schema);
/// Who may write the tables: `mirror` has the guard on and the notes off; `clients` has the notes on, ALWAYS, and no guard; `nobody`
/// has both on, while a way back is walked. Waits for open writers; the caller sets lock_timeout and tries again (MIRROR 19).
enum class Writers : std::uint8_t { mirror, clients, nobody };
/// Triggers of ours that are not on their tables, that call another table's function, or that do not fire as `writers` needs it.
std::string missing_triggers_sql(const plan::Schema& schema, Writers writers);
model::Result<std::int64_t> missing_triggers(postgres::Connection& connection, const plan::Schema& schema, Writers writers);
model::Result<void> allow_writers(postgres::Connection& connection, const plan::Schema& schema, Writers writers);
model::Result<void> remove_target_triggers(postgres::Connection& connection, const plan::Schema& schema);

/// Name in schema crossfade and text of the trigger function of one table: no two tables have one. Pure.
std::string note_function_name(const plan::Table& table);
std::string note_function_sql(const plan::Table& table);
/// The function and our triggers of one table, and which of them fire: a statement each. Pure.
std::vector<std::string> trigger_sql(const plan::Table& table);
std::string writers_sql(const plan::Table& table, Writers writers);

}  // namespace crossfade::migrate
