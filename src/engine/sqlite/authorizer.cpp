#include "authorizer.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "catalog/functions.hpp"

namespace crossfade::sqlite {
namespace {

using namespace model::literals;

/// What an action's arguments name, and whether a client may do it at all.
enum class Rule : std::uint8_t { allow, own_objects, first_names, second_names, pragma, function, module, temporary, refuse };
struct ActionRow { int action; Rule rule; std::string_view what; };

/// Source: sqlite.org/c3ref/c_alter_table.html (the meaning of the arguments by action).
constexpr std::array kActions{
    ActionRow{SQLITE_SELECT, Rule::allow, "SELECT"},
    ActionRow{SQLITE_RECURSIVE, Rule::allow, "WITH RECURSIVE"},
    ActionRow{SQLITE_READ, Rule::own_objects, "SELECT"},
    ActionRow{SQLITE_INSERT, Rule::own_objects, "INSERT"},
    ActionRow{SQLITE_UPDATE, Rule::own_objects, "UPDATE"},
    ActionRow{SQLITE_DELETE, Rule::own_objects, "DELETE"},
    ActionRow{SQLITE_CREATE_TABLE, Rule::first_names, "CREATE TABLE"},
    ActionRow{SQLITE_CREATE_INDEX, Rule::first_names, "CREATE INDEX"},
    ActionRow{SQLITE_CREATE_VIEW, Rule::first_names, "CREATE VIEW"},
    ActionRow{SQLITE_CREATE_TRIGGER, Rule::first_names, "CREATE TRIGGER"},
    ActionRow{SQLITE_DROP_TABLE, Rule::first_names, "DROP TABLE"},
    ActionRow{SQLITE_DROP_INDEX, Rule::first_names, "DROP INDEX"},
    ActionRow{SQLITE_DROP_VIEW, Rule::first_names, "DROP VIEW"},
    ActionRow{SQLITE_DROP_TRIGGER, Rule::first_names, "DROP TRIGGER"},
    ActionRow{SQLITE_DROP_VTABLE, Rule::first_names, "DROP TABLE"},
    ActionRow{SQLITE_ALTER_TABLE, Rule::second_names, "ALTER TABLE"},
    ActionRow{SQLITE_ANALYZE, Rule::first_names, "ANALYZE"},
    ActionRow{SQLITE_REINDEX, Rule::first_names, "REINDEX"},
    ActionRow{SQLITE_CREATE_VTABLE, Rule::module, "CREATE VIRTUAL TABLE"},
    ActionRow{SQLITE_PRAGMA, Rule::pragma, "PRAGMA"},
    ActionRow{SQLITE_FUNCTION, Rule::function, "function"},
    ActionRow{SQLITE_CREATE_TEMP_TABLE, Rule::temporary, "CREATE TEMPORARY TABLE"},
    ActionRow{SQLITE_CREATE_TEMP_INDEX, Rule::temporary, "CREATE TEMPORARY INDEX"},
    ActionRow{SQLITE_CREATE_TEMP_VIEW, Rule::temporary, "CREATE TEMPORARY VIEW"},
    ActionRow{SQLITE_CREATE_TEMP_TRIGGER, Rule::refuse, "temporary triggers"},
    ActionRow{SQLITE_DROP_TEMP_TABLE, Rule::temporary, "DROP TEMPORARY TABLE"},
    ActionRow{SQLITE_DROP_TEMP_INDEX, Rule::temporary, "DROP TEMPORARY INDEX"},
    ActionRow{SQLITE_DROP_TEMP_VIEW, Rule::temporary, "DROP TEMPORARY VIEW"},
    ActionRow{SQLITE_DROP_TEMP_TRIGGER, Rule::refuse, "temporary triggers"},
    ActionRow{SQLITE_ATTACH, Rule::refuse, "ATTACH and VACUUM"},
    ActionRow{SQLITE_DETACH, Rule::refuse, "DETACH"},
    ActionRow{SQLITE_TRANSACTION, Rule::refuse, "transaction control"},
    ActionRow{SQLITE_SAVEPOINT, Rule::refuse, "savepoints"},
};

constexpr const ActionRow* find_action(int action) {
  const auto row = std::ranges::find(kActions, action, &ActionRow::action);
  return row == kActions.end() ? nullptr : &*row;
}
static_assert(find_action(SQLITE_ATTACH)->rule == Rule::refuse);

/// `argument`: reading only, or looking at the object that the argument names.
struct PragmaRow { std::string_view name; enum class Argument : std::uint8_t { none, object } argument; };
constexpr std::array kPragmas{
    PragmaRow{"application_id", PragmaRow::Argument::none},      PragmaRow{"collation_list", PragmaRow::Argument::none},
    PragmaRow{"compile_options", PragmaRow::Argument::none},     PragmaRow{"data_version", PragmaRow::Argument::none},
    PragmaRow{"encoding", PragmaRow::Argument::none},            PragmaRow{"foreign_key_check", PragmaRow::Argument::object},
    PragmaRow{"foreign_key_list", PragmaRow::Argument::object},  PragmaRow{"foreign_keys", PragmaRow::Argument::none},
    PragmaRow{"freelist_count", PragmaRow::Argument::none},      PragmaRow{"function_list", PragmaRow::Argument::none},
    PragmaRow{"index_info", PragmaRow::Argument::object},        PragmaRow{"index_list", PragmaRow::Argument::object},
    PragmaRow{"index_xinfo", PragmaRow::Argument::object},       PragmaRow{"integrity_check", PragmaRow::Argument::object},
    PragmaRow{"journal_mode", PragmaRow::Argument::none},        PragmaRow{"page_count", PragmaRow::Argument::none},
    PragmaRow{"page_size", PragmaRow::Argument::none},           PragmaRow{"quick_check", PragmaRow::Argument::object},
    PragmaRow{"schema_version", PragmaRow::Argument::none},      PragmaRow{"table_info", PragmaRow::Argument::object},
    PragmaRow{"table_list", PragmaRow::Argument::object},        PragmaRow{"table_xinfo", PragmaRow::Argument::object},
    PragmaRow{"user_version", PragmaRow::Argument::none},
};

/// Functions of SQLite itself that reach outside the file's rows.
constexpr std::array<std::string_view, 5> kUnsafeFunctions{"load_extension", "fts3_tokenizer", "readfile", "writefile", "edit"};
constexpr std::array<std::string_view, 6> kModules{"fts5", "rtree", "rtree_i32", "fts4", "fts3", "geopoly"};

constexpr std::string_view kOwnPrefix = "crossfade_";

/// What the translation itself reads; it has no rows of its own.
constexpr std::string_view kUnnest = "crossfade_unnest", kRows = "crossfade_rows", kCatalog = "crossfade_catalog_";

bool is_own(const char* name) {
  return name != nullptr && sqlite3_strnicmp(name, kOwnPrefix.data(), static_cast<int>(kOwnPrefix.size())) == 0;
}

template <std::size_t N>
bool contains(const std::array<std::string_view, N>& names, const char* name) {
  return std::ranges::any_of(names, [&](std::string_view known) { return sqlite3_stricmp(known.data(), name) == 0; });
}

int refuse(Connection::Impl& connection, model::SqlState state, std::string message, std::string hint = {}) {
  connection.refusal = model::Error{state, std::move(message), {}, std::move(hint)};
  return SQLITE_DENY;
}

int refuse_relation(Connection::Impl& connection, const char* name) {
  return refuse(connection, "42501"_state, std::string{"permission denied for table "} + (name == nullptr ? "" : name),
                "names that begin with crossfade_ belong to the proxy");
}

int check_pragma(Connection::Impl& connection, const char* name, const char* argument) {
  const auto row = std::ranges::find_if(kPragmas, [&](const PragmaRow& known) {
    return sqlite3_stricmp(known.name.data(), name == nullptr ? "" : name) == 0;
  });
  if (row != kPragmas.end() && (argument == nullptr || row->argument == PragmaRow::Argument::object)) return SQLITE_OK;
  return refuse(connection, "42501"_state, std::string{"permission denied for PRAGMA "} + (name == nullptr ? "" : name));
}

bool asks_catalog(int action, const char* table, const char* function) {
  if (action == SQLITE_READ) return table != nullptr && std::string_view{table}.starts_with(kCatalog);
  return action == SQLITE_FUNCTION && is_own(function) && catalog::reads_catalog(function);
}

int authorize(void* data, int action, const char* first, const char* second, const char* schema, const char* trigger) {
  Connection::Impl& connection = *static_cast<Connection::Impl*>(data);
  if (trigger == nullptr && connection.target.table.empty() &&
      (action == SQLITE_INSERT || action == SQLITE_UPDATE || action == SQLITE_DELETE) && first != nullptr &&
      !std::string_view{first}.starts_with("sqlite_"))
    connection.target = {first, action, schema == nullptr ? "" : schema};
  connection.reads_catalog = connection.reads_catalog || asks_catalog(action, first, second);
  if (action == SQLITE_CREATE_INDEX || action == SQLITE_CREATE_TEMP_INDEX) connection.target = {first, action, {}};
  if (action == SQLITE_DROP_TABLE && first != nullptr) connection.dropped = first;
  if (connection.role != Role::application || connection.author == Author::proxy) return SQLITE_OK;
  const ActionRow* row = find_action(action);
  if (row == nullptr) return refuse(connection, "42501"_state, "not authorized");
  switch (row->rule) {
    case Rule::allow: return SQLITE_OK;
    // Our journal's triggers run inside the client's statements; nobody else can make a trigger of that name.
    case Rule::own_objects:
      if (first != nullptr && (first == kUnnest || first == kRows || std::string_view{first}.starts_with(kCatalog))) return SQLITE_OK;
      return is_own(first) && !is_own(trigger) ? refuse_relation(connection, first) : SQLITE_OK;
    case Rule::first_names:
      if (action == SQLITE_DROP_TRIGGER && second != nullptr && connection.dropped == second) return SQLITE_OK;  // it goes with its table
      return is_own(first) ? refuse_relation(connection, first) : SQLITE_OK;
    case Rule::second_names: return is_own(second) ? refuse_relation(connection, second) : SQLITE_OK;
    case Rule::pragma: return check_pragma(connection, first, second);
    case Rule::function:
      if (second == nullptr || !contains(kUnsafeFunctions, second)) return SQLITE_OK;
      return refuse(connection, "42501"_state, std::string{"permission denied for function "} + second);
    case Rule::module:
      if (is_own(first)) return refuse_relation(connection, first);
      if (second != nullptr && contains(kModules, second)) return SQLITE_OK;
      return refuse(connection, "42501"_state, std::string{"permission denied for module "} + (second ? second : ""));
    case Rule::temporary:
      connection.temporary = true;
      return is_own(first) ? refuse_relation(connection, first) : SQLITE_OK;
    case Rule::refuse: return refuse(connection, "42501"_state, "permission denied for " + std::string{row->what});
  }
  return SQLITE_DENY;
}

}  // namespace

void install_authorizer(Connection::Impl& connection) {
  sqlite3_set_authorizer(connection.handle.get(), &authorize, &connection);
}

}  // namespace crossfade::sqlite
