#include <algorithm>
#include <array>

#include "file_session.hpp"

namespace crossfade::session {

namespace asio = boost::asio;
using namespace model::literals;
using sql::Kind;

namespace {

/// Who answers a statement of a kind on the file's side. `refusal`: 0A000 when nobody does.
enum class Answers : std::uint8_t { engine, session, nobody };
struct Route { Kind kind; Answers answers; std::string_view refusal; std::string_view hint; };

constexpr std::string_view kOnPostgres = "It works in stage `postgres`.";
constexpr std::array kRoutes{
    Route{Kind::empty, Answers::session, {}, {}},
    Route{Kind::select, Answers::engine, {}, {}},
    Route{Kind::insert, Answers::engine, {}, {}},
    Route{Kind::update, Answers::engine, {}, {}},
    Route{Kind::delete_, Answers::engine, {}, {}},
    Route{Kind::values, Answers::engine, {}, {}},
    Route{Kind::create_table, Answers::engine, {}, {}},
    Route{Kind::create_index, Answers::engine, {}, {}},
    Route{Kind::create_view, Answers::engine, {}, {}},
    Route{Kind::alter_table, Answers::engine, {}, {}},
    Route{Kind::drop, Answers::engine, {}, {}},
    Route{Kind::truncate, Answers::engine, {}, {}},
    Route{Kind::other_ddl, Answers::engine, {}, {}},
    Route{Kind::transaction, Answers::session, {}, {}},
    Route{Kind::setting, Answers::session, {}, {}},
    Route{Kind::show, Answers::session, {}, {}},
    Route{Kind::discard, Answers::session, {}, {}},
    Route{Kind::listen, Answers::session, {}, {}},
    Route{Kind::prepare, Answers::session, {}, {}},
    Route{Kind::execute, Answers::session, {}, {}},
    Route{Kind::deallocate, Answers::session, {}, {}},
    Route{Kind::cursor, Answers::session, {}, {}},
    Route{Kind::copy, Answers::session, {}, {}},
    Route{Kind::explain, Answers::engine, {}, {}},
    Route{Kind::maintenance, Answers::engine, {}, {}},
    Route{Kind::lock, Answers::engine, {}, {}},
    Route{Kind::unsupported, Answers::engine, {}, {}},
};

constexpr bool every_kind_has_its_row() {
  for (std::size_t i = 0; i < kRoutes.size(); ++i)
    if (kRoutes[i].kind != static_cast<Kind>(i)) return false;
  return kRoutes.back().kind == Kind::unsupported;
}
static_assert(every_kind_has_its_row());

constexpr const Route& route(Kind kind) { return kRoutes[static_cast<std::size_t>(kind)]; }

sql::OutputColumn text_column(std::string name) {
  sql::OutputColumn column;
  column.name = std::move(name);
  column.type = {model::oid::text, -1};
  return column;
}

}  // namespace

bool is_local(Kind kind) { return route(kind).answers != Answers::engine; }

model::Result<sql::Translated> translate_local(const sql::Parsed& statement) {
  const Route& row = route(statement.kind);
  if (row.answers == Answers::nobody) return model::fail("0A000"_state, std::string(row.refusal), {}, std::string(row.hint));
  sql::Translated translated;
  translated.kind = statement.kind;
  translated.command_tag = statement.command_tag;
  if (const auto* control = std::get_if<sql::SettingControl>(&statement.control)) {
    if (control->verb != sql::SettingControl::Verb::show) return translated;
    translated.columns.push_back(text_column(control->name == "all" ? "name" : Settings::column_name(control->name)));
    if (control->name == "all") {
      translated.columns.push_back(text_column("setting"));
      translated.columns.push_back(text_column("description"));
    }
    return translated;
  }
  if (!std::holds_alternative<std::monostate>(statement.control) || statement.kind == Kind::prepare || statement.kind == Kind::copy)
    return translated;
  return model::fail("0A000"_state, statement.command_tag + " is not supported on SQLite", {}, std::string(kOnPostgres));
}

model::Result<sql::Translated> FileSession::translate_verb(const sql::Parsed& statement, std::span<const model::Oid> declared) {
  if (statement.kind == Kind::execute) return translate_execute(statement);
  if (statement.kind == Kind::cursor) return translate_cursor(statement, declared);
  const auto* setting = std::get_if<sql::SettingControl>(&statement.control);
  const bool shown = setting != nullptr && setting->verb == sql::SettingControl::Verb::show && setting->name != "all";
  if (shown && !special_value(setting->name)) CROSSFADE_CHECK(client_.settings.show(setting->name));
  return translate_local(statement);
}

void FileSession::finish_local(const Execution& execution) {
  if (execution.portal != nullptr) execution.portal->finished = true;
}

FileSession::Status FileSession::run_local(const Execution& execution) {
  const sql::Parsed& statement = *execution.statement;
  CROSSFADE_TRY(const auto translated, translate_local(statement));
  std::string& out = client_.channel.out();
  if (const auto* object = std::get_if<sql::ObjectControl>(&statement.control)) {
    CROSSFADE_CHECK(object->verb == sql::ObjectControl::Verb::deallocate ? run_deallocate(*object) : run_listening(*object));
  }
  if (const auto* setting = std::get_if<sql::SettingControl>(&statement.control)) {
    using Verb = sql::SettingControl::Verb;
    if (setting->verb == Verb::show) return show_setting(*setting, translated, execution);
    // It holds to the end of the statement then.
    if (setting->local && !in_transaction_block())
      client_.send_notice({"25P01"_state, "SET LOCAL can only be used in transaction blocks"}, wire::Severity::warning);
    if (auto cut = Settings::cut_notice(setting->name, setting->values)) client_.send_notice(*cut, wire::Severity::notice);
    if (setting->verb == Verb::reset) {
      CROSSFADE_CHECK(client_.settings.reset(setting->name));
    } else {
      CROSSFADE_CHECK(client_.settings.set(setting->name, setting->values, setting->local));
    }
  }
  finish_local(execution);
  wire::append_command_complete(out, translated.command_tag);
  return {};
}

FileSession::Status FileSession::show_setting(const sql::SettingControl& setting, const sql::Translated& translated,
                                              const Execution& execution) {
  std::vector<model::Row> rows;
  if (setting.name == "all") {
    for (const SettingInfo& info : setting_infos())
      rows.push_back({std::string(info.name), client_.settings.show(info.name).value_or(""), std::string()});
  } else if (auto special = special_value(setting.name)) {
    rows.push_back({*std::move(special)});
  } else {
    CROSSFADE_TRY(auto value, client_.settings.show(setting.name));
    rows.push_back({std::move(value)});
  }
  if (execution.describe == Execution::Describe::rows) send_columns(translated, execution.formats);
  const std::vector<model::Type> types(translated.columns.size(), model::Type{model::oid::text, -1});
  auto source = read_rows(std::move(rows));
  CROSSFADE_TRY(const auto batch, source->fetch(execution.max_rows));
  CROSSFADE_CHECK(append_rows(batch.rows, types, execution.formats));
  if (!batch.done) {
    execution.portal->cursor = std::move(source);
    wire::append_empty(client_.channel.out(), 's');
    return {};
  }
  finish_local(execution);
  wire::append_command_complete(client_.channel.out(), translated.command_tag);
  return {};
}

asio::awaitable<FileSession::Status> FileSession::run_discard(sql::ObjectControl control, std::string tag) {
  using Verb = sql::ObjectControl::Verb;
  if (control.verb == Verb::discard_all) {
    if (in_transaction_block())
      co_return model::fail("25001"_state, "DISCARD ALL cannot run inside a transaction block");
    co_await drop_portals([](const std::string&, const Portal&) { return true; });
    client_.prepared.clear();
    notifications_.unlisten_all();
    commit_notifications();
    if (auto reset = client_.settings.reset("all"); !reset) co_return reset;
  }
  if (control.verb == Verb::discard_all || control.verb == Verb::discard_sequences) {
    session_.context().sequences.values.clear();
    session_.context().sequences.last.clear();
  }
  if (control.verb == Verb::discard_all || control.verb == Verb::discard_temporary) {
    const bool in_block = in_transaction_block();
    if (in_block && !session_.holds_permit() && co_await engine([this] { return session_.has_temporary(); })) {  // ROLLBACK brings them back
      auto permit = co_await acquire_permit();
      if (!permit) co_return std::unexpected(std::move(permit).error());
      session_.adopt(std::move(*permit));
    }
    if (auto done = co_await engine([this] { return session_.discard_temporary(); }); !done) co_return done;
    if (in_block) {
      look_for_temporary_ = true;
    } else {
      client_.stays.reset();
      client_.tell_stays({});
    }
  }
  wire::append_command_complete(client_.channel.out(), tag);
  co_return Status{};
}

}  // namespace crossfade::session
