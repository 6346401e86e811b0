#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "crossfade/model/error.hpp"
#include "crossfade/model/text_format.hpp"
#include "crossfade/sql/translate.hpp"

namespace crossfade::session {

enum class SettingKind : std::uint8_t {
  boolean,
  integer,
  milliseconds,
  seconds,
  bytes,
  kilobytes,
  blocks,  // of 8 kB
  real,
  word,
  text,
  printable,  // a name of at most 63 bytes, whose other bytes become '?'
  time_zone,
  date_style,
  encoding,
  names
};
/// Who may change it: all but `user` are SHOW only here, and say why as PostgreSQL does.
enum class SettingAccess : std::uint8_t { user, internal, restart, reload, connect, superuser };

/// One row of the settings table. `words`: a `word`'s values, separated by '|'; those after '!' are PostgreSQL's too but 0A000
/// here.
struct SettingInfo {
  std::string_view name;  // as SHOW spells it
  std::string_view initial;
  SettingKind kind = SettingKind::text;
  SettingAccess access = SettingAccess::user;
  bool reported = false;  // by ParameterStatus
  double minimum = 0, maximum = 0;
  std::string_view words;
};

/// A setting of PostgreSQL's server that has no meaning here: it is known, and that is all.
struct ServerSetting { std::string_view name; SettingAccess access; };

std::span<const SettingInfo> setting_infos();  // settings_table.cpp
std::span<const ServerSetting> server_settings();
/// In any case; nullptr for an unknown name.
const SettingInfo* find_setting(std::string_view name);

/// PostgreSQL's settings as one session sees them, with their transactions: what a rolled-back block set is as it was before.
/// Custom names ("my.app_user") may be set freely, as in PostgreSQL.
class Settings {
 public:
  using Defaults = std::map<std::string, std::string>;
  /// `server`: the upstream's reported values, taken for the defaults of those names.
  explicit Settings(const Defaults& server = {}) : Settings(shared_defaults(server)) {}
  /// The same, shared by many sessions.
  explicit Settings(std::shared_ptr<const Defaults> server);
  /// A copy of one that is kept for the thread: what is derived from the values is derived once.
  static Settings of(std::shared_ptr<const Defaults> server);
  static std::shared_ptr<const Defaults> shared_defaults(Defaults server);

  /// Who logged in: session_authorization.
  void set_user(std::string_view user);
  /// From the start-up packet: RESET goes back to these. Errors: those of set().
  model::Result<void> set_startup(std::string_view name, std::string_view value);
  /// Errors: 42704 unknown, 42602 no name for a custom one, 22023 a value it cannot have, 55P02 and 42501 not the client's to change,
  /// 0A000 a value only PostgreSQL has.
  model::Result<void> set(std::string_view name, std::span<const std::string> values, bool local);
  /// 42622 `identifier "…" will be truncated to "…"`: a NOTICE of setting a name that is longer than names are.
  static std::optional<model::Error> cut_notice(std::string_view name, std::span<const std::string> values);
  /// set_config(): as SHOW would say it, a list is one text.
  model::Result<void> set_text(std::string_view name, std::string_view text, bool local);
  model::Result<void> reset(std::string_view name);  // "all" for ALL
  /// What an upstream took: names that are not in the table are kept to be said again. Errors: a value the file's side has not.
  model::Result<void> note_set(std::string_view name, std::span<const std::string> values, bool local);
  /// Goes along with a block. `tag`: its command tag ("ROLLBACK" for the COMMIT of a failed one).
  void follow(const sql::TransactionControl& control, std::string_view tag);
  model::Result<std::string> show(std::string_view name) const;
  /// The spelling of SHOW's column: "TimeZone".
  static std::string column_name(std::string_view name);

  void begin();
  void commit();
  void rollback();
  void savepoint(std::string_view name);
  void release(std::string_view name);
  void rollback_to(std::string_view name);

  /// Reported settings that differ from what was reported last.
  std::vector<std::pair<std::string, std::string>> take_changes();
  /// The server told the client so itself (relay).
  void note_reported(const std::string& name, const std::string& value);
  /// What a fresh upstream reports for a setting that the client has not changed becomes its default: told to the client if new.
  void note_upstream(const std::string& name, const std::string& value);
  /// What was set since the start, to be said again to another server: name, value, local to the open block.
  struct Override { std::string name, value; bool local = false; };
  std::vector<Override> overrides() const;
  /// What a statement's meaning depends on. The encoding is a connection's own.
  static constexpr std::array<std::string_view, 6> kMeaningful{"search_path",   "TimeZone",           "DateStyle",
                                                               "IntervalStyle", "extra_float_digits", "bytea_output"};
  /// Those of them that the client has set, by its start-up or since: name, value.
  std::vector<std::pair<std::string, std::string>> meaningful() const;

  /// Another number whenever a setting of the table may have another value: what was made under the same number still holds.
  std::uint64_t generation() const { return generation_; }
  const model::TextStyle& style() const { return style_; }
  std::chrono::milliseconds milliseconds(std::string_view name) const;
  bool boolean(std::string_view name) const { return show(name).value_or("off") == "on"; }
  sql::Dialect dialect() const { return dialect_; }

 private:
  struct Values { std::map<std::string, std::string> session, local; bool operator==(const Values&) const = default; };
  struct Saved { std::string name; std::shared_ptr<const Values> values; };
  static constexpr std::size_t kMostBytes = 16U << 20U, kAlwaysTaken = 1'024;

  void save(std::string_view name);
  model::Result<void> check_memory(std::size_t more) const;

  model::Result<void> set_custom(std::string_view name, std::span<const std::string> values, bool local);
  model::Result<std::string> checked(const SettingInfo& info, std::span<const std::string> values) const;
  std::string initial(const SettingInfo& info) const;
  void restore(Values values);
  void refresh();

  std::shared_ptr<const Defaults> server_;
  std::map<std::string, std::string> startup_;
  std::string told_;  // the reported settings' values as last told, in the table's order: "=on", or "" for untold, each with a NUL
  std::set<std::string, std::less<>> custom_;  // names that were ever set: they stay known, empty
  Values values_;
  std::vector<Saved> saved_;  // the first is the block's, with no name
  // Of the values, for those who ask with every statement:
  model::TextStyle style_;
  static constexpr std::array<std::string_view, 4> kTimeouts{"statement_timeout", "lock_timeout", "idle_session_timeout",
                                                             "idle_in_transaction_session_timeout"};
  std::array<std::chrono::milliseconds, kTimeouts.size()> timeouts_{};
  sql::Dialect dialect_ = sql::Dialect::postgres;
  bool changed_ = true;  // since take_changes()
  std::uint64_t generation_ = 0;
};

}  // namespace crossfade::session
