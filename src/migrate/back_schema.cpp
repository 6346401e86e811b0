#include "back_schema.hpp"

#include <algorithm>
#include <array>

#include "back_record.hpp"
#include "crossfade/engine/sqlite/schema_change.hpp"
#include "crossfade/engine/sqlite/schema_reader.hpp"
#include "crossfade/migrate/copy.hpp"
#include "crossfade/sql/kept_default.hpp"
#include "crossfade/sql/schema_order.hpp"
#include "schema_journal.hpp"
#include "schema_replay.hpp"
#include "sqlite_journal.hpp"

namespace crossfade::migrate {

using namespace model::literals;

namespace {

std::string key_signature(const plan::Table& table) {
  std::string out;
  for (const plan::Column* column : table.key()) out += column->name + ' ' + model::format_type(column->type) + '\n';
  return out;
}

/// Of the settings that a session records with a statement.
sql::Context recorded_context(const sqlite::SchemaStatement& statement, const plan::Schema& schema) {
  sql::Context context{.schema = &schema, .takes_parameters = false, .plan_follows = true};
  for (const auto& [name, value] : statement.settings) {
    if (name == "TimeZone") context.zone = model::TimeZone::find(value).value_or(model::TimeZone::utc());
    if (name == "DateOrder") context.date_order = value == "dmy" ? model::DateOrder::dmy : value == "ymd" ? model::DateOrder::ymd : model::DateOrder::mdy;
    if (name == "IntervalStyle")
      for (int style = 0; style < 4; ++style)
        if (value == std::to_string(style)) context.interval_style = static_cast<model::IntervalStyle>(style);
  }
  return context;
}

/// What a schema without rows has let be may fail for older rows; not for a disk that is full, an interrupt or a lock.
bool rows_may_be_in_the_way(const model::Error& error) {
  const std::string_view family = error.state.family();
  return family != "53" && family != "55" && family != "57" && family != "58";
}

/// Did the statement give rows that are there a value of a type whose texts the two sides need not write alike?
bool gives_default(const sql::Translated& statement, const plan::Table& table) {
  constexpr std::array kPlain{model::oid::boolean, model::oid::int2, model::oid::int4, model::oid::int8, model::oid::text, model::oid::varchar};
  if (statement.kind == sql::Kind::create_table) return false;
  return std::ranges::any_of(statement.type_changes, [&](const sql::TypeChange& change) {
    const plan::Column* column = change.verb == sql::TypeChange::Verb::declare && change.declared.table == table.name ? table.find_column(change.declared.column) : nullptr;
    return column != nullptr && column->default_sql &&
           (std::ranges::find(kPlain, column->type.oid) == kPlain.end() || sql::kept_default_of(*column->default_sql));
  });
}

std::string in_lower_case(std::string_view name) {
  std::string out(name);
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
  return out;
}

}  // namespace

model::Result<BackSchema> BackSchema::of(sqlite::Connection& file) {
  BackSchema out(file);
  CROSSFADE_CHECK(out.read());
  for (const plan::Table* table : mirrored_tables(out.schema_)) out.tables_.emplace(table->name, FollowedTable{.names = {table->name}, .key = key_signature(*table)});
  return out;
}

model::Result<void> BackSchema::read() {
  CROSSFADE_TRY(const std::optional<plan::Plan> plan, stored_plan(*file_));
  if (!plan) return model::fail("55000"_state, "the file has no stored plan");
  CROSSFADE_TRY(schema_, sqlite::read_schema(*file_, &*plan));
  return {};
}

model::Result<void> BackSchema::change(const sql::Translated& translated) {
  CROSSFADE_CHECK(sqlite::change_schema(*file_, translated));
  CROSSFADE_CHECK(follow_schema_change(*file_, translated));
  CROSSFADE_CHECK(read());
  return check_mirrored(schema_);
}

model::Result<void> BackSchema::in_savepoint(const sql::Translated& translated) {
  CROSSFADE_CHECK(file_->execute("SAVEPOINT carried"));
  auto done = change(translated);
  if (done) return file_->execute("RELEASE carried");
  CROSSFADE_CHECK(file_->execute("ROLLBACK TO carried; RELEASE carried"));
  CROSSFADE_CHECK(read());
  return done;
}

model::Result<void> BackSchema::empty_named(const std::string& text) {
  const sql::SchemaOrder order = sql::schema_order(text);
  for (const plan::Table* table : mirrored_tables(schema_)) {
    if (!order.names_all && !order.words.contains(in_lower_case(table->name)) && !order.words.contains(in_lower_case(table->sqlite_name))) continue;
    CROSSFADE_CHECK(file_->execute("DELETE FROM main." + quote_sqlite(table->sqlite_name)));
    emptied_.insert(table->name);
  }
  return {};
}

/// Tables that are called otherwise keep what is known of them; what is new, and whatever the statement gave other rows or another key, comes whole.
void BackSchema::follow(const sql::Translated& translated) {
  using Verb = sql::TypeChange::Verb;
  for (const std::string& name : emptied_)
    if (const auto found = tables_.find(name); found != tables_.end()) found->second.whole = true;
  emptied_.clear();
  for (const sql::TypeChange& each : translated.type_changes) {
    if (each.temporary) continue;
    if (each.verb == Verb::forget_table) tables_.erase(each.declared.table);
    if (each.verb != Verb::rename_table) continue;
    auto node = tables_.extract(each.declared.table);
    if (node.empty()) continue;
    node.mapped().names.insert(each.new_name);
    node.mapped().installed = ++events_;
    node.key() = each.new_name;
    tables_.insert(std::move(node));
  }
  std::set<std::string> there;
  for (const plan::Table* table : mirrored_tables(schema_)) {
    there.insert(table->name);
    const std::string key = key_signature(*table);
    const auto [found, made] = tables_.try_emplace(table->name, FollowedTable{.names = {table->name}, .key = key, .whole = true});
    if (made) found->second.installed = ++events_;
    if (made) continue;
    FollowedTable& known = found->second;
    if (known.key != key) known.key = key, known.whole = true, known.installed = ++events_;
    known.whole = known.whole || writes_rows(translated, *table) || gives_default(translated, *table);
  }
  std::erase_if(tables_, [&](const auto& each) { return !there.contains(each.first); });
}

model::Result<BackSchema::Said> BackSchema::say(const sqlite::SchemaStatement& statement) {
  CROSSFADE_TRY(const std::vector<sql::Parsed> parsed, sql::parse(statement.text, sql::Dialect::postgres));
  if (parsed.size() != 1) return model::fail("0A000"_state, "a change of the schema is one statement");
  CROSSFADE_TRY(sql::Translated translated, sql::translate(parsed.front(), recorded_context(statement, schema_)));
  if (translated.command_tag == "SELECT")
    return model::fail("0A000"_state, "CREATE TABLE AS is not supported while PostgreSQL is the primary", "The file would have to come to the same rows.",
                       "CREATE TABLE with its columns, then INSERT … SELECT.");
  Said said{.changes = sql::changes_schema(translated)};
  said.skipped = std::ranges::count_if(translated.notices, [](const model::Error& notice) { return notice.message.ends_with(", skipping"); });
  if (!said.changes) return said;
  auto done = in_savepoint(translated);
  if (!done && rows_may_be_in_the_way(done.error())) {
    CROSSFADE_CHECK(empty_named(statement.text));
    done = in_savepoint(translated);
  }
  if (!done) return std::unexpected(std::move(done).error());
  follow(translated);
  for (const auto& [name, table] : statement.settings)
    if (const auto found = tables_.find(table); name == kAdopts && found != tables_.end()) found->second.whole = true;
  return said;
}

}  // namespace crossfade::migrate
