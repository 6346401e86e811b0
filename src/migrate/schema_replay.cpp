#include "schema_replay.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "crossfade/engine/sqlite/schema_reader.hpp"
#include "crossfade/migrate/copy.hpp"
#include "crossfade/observe/failpoint.hpp"
#include "crossfade/sql/schema_order.hpp"
#include "forward_step.hpp"
#include "postgres_objects.hpp"
#include "postgres_transaction.hpp"
#include "schema_catalog.hpp"
#include "schema_text.hpp"
#include "sqlite_journal.hpp"
#include "target_catalog.hpp"

namespace crossfade::migrate {

using namespace model::literals;

namespace {

using Oids = std::set<std::pair<std::int64_t, std::int64_t>>;

model::Error refused(std::string message, std::string hint = "Say it so that both databases do the same, or change the schema in stage `sqlite`.") {
  return {"0A000"_state, std::move(message), "Neither side is changed.", std::move(hint)};
}

/// The rows that are there are not as it wants them: those of the same transaction may be.
bool waits_for_rows(const model::Error& error) { return error.state.family() == "23"; }

/// Rows are written by the key that tables have then.
model::Error key_waits(const sqlite::SchemaStatement& first) {
  return refused("a primary key cannot be changed behind a statement that waits for rows of the same transaction: " + first.text,
                 "COMMIT the change of the rows in a transaction before this one.");
}

/// May one of those that wait mean by a name what `next` is about to change?
bool may_name(const std::vector<sql::SchemaOrder>& waiting, const sql::SchemaOrder& next) {
  return next.renames.empty() || std::ranges::any_of(waiting, [&](const sql::SchemaOrder& each) {
    return each.names_all || std::ranges::any_of(next.renames, [&](const std::string& name) { return each.words.contains(name); });
  });
}

class Replay {
 public:
  Replay(sqlite::Connection& reader, postgres::Connection& target, const plan::Schema& schema) : reader_(reader), target_(target), schema_(schema), tables_(schema) {}

  std::expected<void, StepFailure> run(const SchemaRecord& record);

 private:
  model::Result<void> look_before();
  model::Result<void> say(const sqlite::SchemaStatement& statement);
  model::Result<std::vector<const sqlite::SchemaStatement*>> say_what_goes(const std::vector<const sqlite::SchemaStatement*>& statements);
  model::Result<void> say_late(const std::vector<const sqlite::SchemaStatement*>& statements);
  model::Result<void> once(const sqlite::SchemaStatement& statement);
  model::Result<void> own_forms();
  model::Result<void> follow_tables();
  model::Result<void> rename_constraints();
  model::Result<void> own_triggers();
  model::Result<void> check() const;

  sqlite::Connection& reader_;
  postgres::Connection& target_;
  const plan::Schema& schema_;
  MirrorTables tables_;
  Oids forms_;                    // that were there before
  std::map<std::int64_t, std::string> known_;  // tables likewise
  std::map<std::int64_t, std::string> keys_;   // their primary keys likewise
  std::map<std::int64_t, std::string> constraints_;
};

model::Result<void> Replay::look_before() {
  CROSSFADE_CHECK(target_.execute(bytewise_sql()));
  CROSSFADE_TRY(known_, names_by_number(target_, kPublicTables));
  CROSSFADE_TRY(keys_, names_by_number(target_, kPublicKeys));
  CROSSFADE_TRY(constraints_, names_by_number(target_, kPublicConstraints));
  CROSSFADE_TRY(const auto forms, target_.query(kForeignForms));
  for (const model::Row& row : forms.rows) forms_.emplace(std::get<std::int64_t>(row.at(0)), std::get<std::int64_t>(row.at(1)));
  return {};
}

/// What a statement has made is as the file's script would have made it: before the next one, which may stand on it.
model::Result<void> Replay::own_forms() {
  CROSSFADE_TRY(const auto found, target_.query(kForeignForms));
  for (const model::Row& row : found.rows) {
    if (forms_.contains({std::get<std::int64_t>(row.at(0)), std::get<std::int64_t>(row.at(1))})) continue;
    const auto altered = target_.execute(std::get<std::string>(row.at(2)));
    if (!altered && altered.error().state.family() == "0A")
      return std::unexpected(refused("column " + std::get<std::string>(row.at(3)) + " cannot be sorted by bytes in PostgreSQL, as in the file: " + altered.error().message));
    CROSSFADE_CHECK(altered);
  }
  return {};
}

model::Result<void> Replay::once(const sqlite::SchemaStatement& statement) {
  for (const auto& [name, value] : statement.settings) {
    const std::vector<postgres::Parameter> parameters{{name, {model::oid::text}}, {value, {model::oid::text}}};
    CROSSFADE_CHECK(target_.query("SELECT pg_catalog.set_config($1, $2, true)", parameters));
  }
  const std::int64_t skipped = target_.skipped();
  CROSSFADE_CHECK(target_.execute(statement.text));
  if (target_.skipped() - skipped != statement.skipped)
    return std::unexpected(refused("IF [NOT] EXISTS finds something else in PostgreSQL than in the file: " + statement.text));
  return own_forms();
}

model::Result<void> Replay::say(const sqlite::SchemaStatement& statement) {
  CROSSFADE_CHECK(target_.execute("SAVEPOINT said"));
  auto done = once(statement);
  if (done) return target_.execute("RELEASE SAVEPOINT said");
  if (!target_.healthy()) return done;
  CROSSFADE_CHECK(target_.execute("ROLLBACK TO SAVEPOINT said; RELEASE SAVEPOINT said"));
  done.error().position = 0;
  if (done.error().hint.empty()) done.error().hint = "PostgreSQL refused this statement: " + statement.text;
  return done;
}

/// Gives those that wait for rows, and what is said behind them in the same order: names are to mean what they meant. What rows need cannot wait;
/// it is said now where it changes nothing that those name, else refused.
model::Result<std::vector<const sqlite::SchemaStatement*>> Replay::say_what_goes(const std::vector<const sqlite::SchemaStatement*>& statements) {
  std::vector<const sqlite::SchemaStatement*> late;
  std::vector<sql::SchemaOrder> waiting;
  const auto cannot_wait = [](const sqlite::SchemaStatement& statement, const std::string& why) {
    return std::unexpected(refused("this change of the schema " + why + ": " + statement.text, "COMMIT the change of the rows in a transaction before this one."));
  };
  for (const sqlite::SchemaStatement* statement : statements) {
    sql::SchemaOrder order = sql::schema_order(statement->text);
    if (!waiting.empty() && !order.may_wait && may_name(waiting, order))
      return cannot_wait(*statement, "cannot be made in PostgreSQL behind one that waits for rows of the same transaction");
    if (waiting.empty() || !order.may_wait) {
      const auto said = say(*statement);
      if (said) continue;
      if (!waits_for_rows(said.error())) return std::unexpected(said.error());
      if (!order.may_wait) return cannot_wait(*statement, "cannot be made in PostgreSQL with the rows of before the transaction (" + said.error().message + ")");
    }
    late.push_back(statement);
    waiting.push_back(std::move(order));
  }
  return late;
}

/// CREATE TABLE AS has filled new ones with PostgreSQL's rows, and by another key none is found again: the file's come, all of them. What is in
/// quarantine goes by the tables' names.
model::Result<void> Replay::follow_tables() {
  CROSSFADE_TRY(const auto now, names_by_number(target_, kPublicTables));
  CROSSFADE_TRY(auto keys, names_by_number(target_, kPublicKeys));
  for (const auto& [number, name] : now) {
    const bool kept = known_.contains(number) && keys[number] == keys_[number];
    if (!kept && tables_.by_name(name) != nullptr) CROSSFADE_CHECK(target_.execute("DELETE FROM " + qualified(name)));
  }
  for (const auto& [number, name] : known_) {
    const auto found = now.find(number);
    if (found != now.end() && found->second == name) continue;
    const std::string which = " WHERE table_name = " + postgres::quote_literal(name);
    CROSSFADE_CHECK(target_.execute(found == now.end() ? "DELETE FROM crossfade.quarantine" + which
                                                       : "UPDATE crossfade.quarantine SET table_name = " + postgres::quote_literal(found->second) + which));
  }
  return {};
}

/// A constraint without a name in the file is called by its table's and columns' names there, also after these are others; PostgreSQL's would keep its own.
model::Result<void> Replay::rename_constraints() {
  CROSSFADE_TRY(const auto now, names_by_number(target_, kPublicConstraints));
  struct Rename { std::string table, name, wanted; };
  std::vector<Rename> renames;
  for (const auto& [number, structure] : now) {
    const auto before = constraints_.find(number);
    if (before == constraints_.end() || before->second == structure) continue;
    const auto part = [rest = std::string_view(structure)]() mutable {
      const std::size_t end = rest.find('\n');
      const std::string out(rest.substr(0, end));
      rest.remove_prefix(std::min(end, rest.size() - 1) + 1);
      return out;
    };
    auto next = part;
    const std::string name = next(), kind = next(), table = next(), columns = next();
    const MirrorTable* const known = tables_.by_name(table);
    const std::string wanted = known == nullptr ? "" : visible_name(known->table(), kind, columns);
    if (wanted.empty() || wanted == name) continue;
    renames.push_back({table, name, wanted});
  }
  const auto rename = [&](const std::string& table, const std::string& from, const std::string& to) {
    return target_.execute("ALTER TABLE " + qualified(table) + " RENAME CONSTRAINT " + postgres::quote_identifier(from) + " TO " + postgres::quote_identifier(to));
  };
  const auto passage = [](std::size_t number) { return "crossfade_passage_" + std::to_string(number); };
  if (renames.size() > 1)  // one may want another's name
    for (std::size_t i = 0; i < renames.size(); ++i) {
      CROSSFADE_CHECK(rename(renames[i].table, renames[i].name, passage(i)));
      renames[i].name = passage(i);
    }
  for (const Rename& each : renames) CROSSFADE_CHECK(rename(each.table, each.name, each.wanted));
  return {};
}

/// PostgreSQL's triggers stay with their tables, functions with their names: who has neither, or another's, gets its own.
model::Result<void> Replay::own_triggers() {
  constexpr std::string_view kFunctions = "SELECT proname::text, prosrc FROM pg_catalog.pg_proc WHERE pronamespace = 'crossfade'::regnamespace AND proname LIKE 'note\\_%'";
  CROSSFADE_TRY(const auto functions, target_.query(kFunctions));
  CROSSFADE_TRY(const auto triggers, target_.query("SELECT c.relname::text, p.proname::text FROM pg_catalog.pg_trigger t JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid "
                                                   "JOIN pg_catalog.pg_proc p ON p.oid = t.tgfoid WHERE t.tgname IN ('crossfade_guard', 'crossfade_note', 'crossfade_note_truncate') "
                                                   "AND c.relnamespace = 'public'::regnamespace AND p.pronamespace = 'crossfade'::regnamespace"));
  std::map<std::string, std::string> bodies;
  for (const model::Row& row : functions.rows) bodies.emplace(std::get<std::string>(row.at(0)), std::get<std::string>(row.at(1)));
  std::map<std::string, std::multiset<std::string>> called;
  for (const model::Row& row : triggers.rows) called[std::get<std::string>(row.at(0))].insert(std::get<std::string>(row.at(1)));
  plan::Schema lacking;
  std::set<std::string> wanted;
  for (const MirrorTable& each : tables_.all()) {
    const plan::Table& table = each.table();
    const std::string name = note_function_name(table);
    const auto body = bodies.find(name);
    const bool stands = called[table.name] == std::multiset<std::string>{"guard", name, name} && body != bodies.end() && note_function_sql(table).contains(body->second);
    if (!stands) lacking.tables.emplace(table.name, table);
    wanted.insert(name);
  }
  if (!lacking.tables.empty()) CROSSFADE_CHECK(install_target_triggers(target_, lacking));
  for (const auto& [name, body] : bodies)
    if (!wanted.contains(name)) CROSSFADE_CHECK(target_.execute("DROP FUNCTION crossfade." + postgres::quote_identifier(name) + "()"));
  return {};
}

/// The tables of the file are PostgreSQL's, column by column.
model::Result<void> Replay::check() const {
  CROSSFADE_TRY(const std::vector<TargetTable> all, read_target_tables(target_));
  return check_parts(schema_differences(schema_, all).lacking);
}

/// Behind the rows, which are there by the keys that tables had before.
model::Result<void> Replay::say_late(const std::vector<const sqlite::SchemaStatement*>& statements) {
  if (statements.empty()) return {};
  CROSSFADE_TRY(const auto before, names_by_number(target_, kPublicKeys));
  for (const sqlite::SchemaStatement* statement : statements) CROSSFADE_CHECK(say(*statement));
  CROSSFADE_TRY(const auto after, names_by_number(target_, kPublicKeys));
  if (before == after) return {};
  return std::unexpected(key_waits(*statements.front()));
}

std::expected<void, StepFailure> Replay::run(const SchemaRecord& record) {
  CROSSFADE_CHECK(look_before());
  CROSSFADE_CHECK(create_target_state(target_, journal_keys(schema_)));
  std::vector<const sqlite::SchemaStatement*> all;
  for (const sqlite::SchemaStatement& statement : record.statements) all.push_back(&statement);
  CROSSFADE_TRY(std::vector<const sqlite::SchemaStatement*> late, say_what_goes(all));
  CROSSFADE_CHECK(follow_tables());
  CROSSFADE_TRY(late, say_what_goes(late));  // a key, on a table that waits for all of its rows: they are written by it
  CROSSFADE_CHECK(own_triggers());
  const auto rows = step_within(reader_, target_, tables_);
  if (!rows && !late.empty() && rows.error().error.state == "42P10"_state) return std::unexpected(key_waits(*late.front()));
  if (!rows) return std::unexpected(rows.error());
  if (rows->quarantined != 0) return std::unexpected(refused(std::to_string(rows->quarantined) + " rows of the file do not fit into PostgreSQL as its tables would be"));
  CROSSFADE_CHECK(say_late(late));
  CROSSFADE_CHECK(rename_constraints());
  CROSSFADE_CHECK(check());
  return {};
}

}  // namespace

model::Result<void> check_parts(const std::set<LackingPart>& parts) {
  using Kind = LackingPart::Kind;
  if (parts.empty()) return {};
  const LackingPart& part = *parts.begin();
  const std::string column = "column " + part.table + "." + part.column;
  switch (part.kind) {
    case Kind::table: return std::unexpected(refused("table " + part.table + " of the file would not be in PostgreSQL's schema public"));
    case Kind::column: return std::unexpected(refused(column + " of the file would not be in PostgreSQL"));
    case Kind::generated:
      return std::unexpected(refused(column + " is generated: the mirror could not write it", "Make it an ordinary column, or change the schema in stage `sqlite`."));
    case Kind::type: return std::unexpected(refused(column + " would be " + part.there + " in PostgreSQL and " + part.here + " in the file"));
    case Kind::key: return std::unexpected(refused("table " + part.table + " would have no unique key in PostgreSQL of just (" + part.here + ") that is not deferrable"));
  }
  return {};
}

model::Result<void> check_mirrored(const plan::Schema& schema) {
  for (const plan::Table* table : mirrored_tables(schema)) {
    if (const auto triggers = journal_triggers(*table); !triggers) return std::unexpected(triggers.error());
    for (const plan::Column& column : table->columns) {
      if (!model::enumeration_of(column.type)) continue;
      return model::fail("0A000"_state, "column " + table->name + "." + column.name + " is of an enum, which the mirror does not carry", {}, "Make it text with a CHECK.");
    }
  }
  return {};
}

std::expected<void, StepFailure> replay_change(sqlite::Connection& reader, postgres::Connection& target, const SchemaRecord& record) {
  CROSSFADE_TRY(const std::optional<plan::Plan> plan, stored_plan(reader));
  CROSSFADE_TRY(const std::optional<FileState> file, read_file_state(reader));
  CROSSFADE_TRY(const std::optional<TargetState> there, read_target_state(target, Lock::for_update));
  if (!plan || !file || !there || there->file_id != file->file_id || there->side.at.epoch != file->side.at.epoch)
    return std::unexpected(StepFailure({"55000"_state, "the file and PostgreSQL do not stand in one stage and epoch"}));
  CROSSFADE_TRY(const plan::Schema schema, sqlite::read_schema(reader, &*plan));
  CROSSFADE_CHECK(Replay(reader, target, schema).run(record));
  CROSSFADE_CHECK(store_plan(target, *plan));
  CROSSFADE_CHECK(note_applied(target, file->file_id, record.number));
  return {};
}

std::expected<void, StepFailure> redo_change(sqlite::Connection& reader, postgres::Connection& target, const SchemaRecord& record) {
  CROSSFADE_TRY(const std::optional<FileState> file, read_file_state(reader));
  CROSSFADE_TRY(PostgresTransaction transaction, PostgresTransaction::begin(target));
  CROSSFADE_CHECK(target.execute("SET LOCAL lock_timeout = '2s'; SET LOCAL synchronous_commit = on"));
  CROSSFADE_CHECK(read_target_state(target, Lock::for_update));
  CROSSFADE_TRY(const std::int64_t applied, applied_change(target, file ? file->file_id : ""));
  if (applied >= record.number) return {};
  if (auto done = replay_change(reader, target, record); !done) {
    const std::string_view family = done.error().error.state.family();
    const bool passing = family == "08" || family == "57" || family == "40" || family == "53" || done.error().error.state == "55P03"_state;
    if (!passing) done.error().remedy = Remedy::stop;
    if (!passing) done.error().error.message = "PostgreSQL refuses a change of the schema that the file has: " + done.error().error.message;
    if (!passing && !done.error().error.hint.empty()) done.error().error.detail = done.error().error.hint;
    return done;
  }
  CROSSFADE_CHECK(transaction.commit());
  observe::failpoint("schema-redone");
  return {};
}

}  // namespace crossfade::migrate
