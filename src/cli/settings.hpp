#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <expected>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "crossfade/model/error.hpp"

namespace crossfade::cli {

using Duration = std::chrono::milliseconds;
using Words = std::vector<std::string>;

/// Every setting with its value. The defaults stand in settings_table.hpp alone: default_settings() fills them in.
struct Settings {
  std::string plan;

  Words addresses;
  std::int64_t port = 0;
  std::string unix_directory;
  std::string auth;
  std::string users_file, auth_query;
  Words rules;
  std::string tls, tls_cert, tls_key, tls_client_ca;
  std::int64_t max_connections = 0, max_connections_per_address = 0, max_connections_per_user = 0;
  std::int64_t session_memory = 0;  // MB
  Duration startup_timeout{}, write_timeout{}, shutdown_timeout{}, tcp_keepalive{};

  std::string sqlite_file;
  std::string database;
  bool read_only = false;
  std::int64_t max_readers = 0;
  std::int64_t engine_threads = 0, io_threads = 0;
  std::int64_t translations = 0;
  Duration busy_timeout{}, lock_timeout{};
  std::string synchronous;
  std::int64_t wal_autocheckpoint = 0;

  std::string conninfo;
  Words upstream_users;
  Duration connect_timeout{};

  std::string pool_mode, pool_reset;
  std::int64_t pool_min = 0, pool_max = 0;
  Duration pool_acquire_timeout{}, pool_idle_timeout{}, pool_lifetime{}, pool_check_interval{};

  Duration step_interval{}, drain_timeout{}, fence_timeout{};
  std::string mirror_mode, on_sync_timeout;
  Duration sync_timeout{};

  double shadow_rate = 0;
  std::int64_t shadow_queue = 0;
  std::int64_t max_mismatches = 0;

  std::int64_t canary_percent = 0;
  Duration canary_wait{};

  std::int64_t max_lag = 0, compared_reads = 0, compared_statements = 0, canary_reads = 0, free_disk = 0;
  Duration verify_max_age{}, compared_time{}, backup_max_age{};
  Words postgres_only;

  Words admin_users;
  std::string console_conninfo;

  std::string http_listen;

  std::string log_level, log_format, log_file;

  bool operator==(const Settings&) const = default;
};

using Member = std::variant<std::string Settings::*, std::int64_t Settings::*, double Settings::*, bool Settings::*,
                            Duration Settings::*, Words Settings::*>;

/// path: a relative one is taken from the folder of proxy.conf. conninfo: shown with its password masked;
/// conninfos: a list whose lines hold them.
enum class Meaning : std::uint8_t { plain, path, conninfo, conninfos };
/// When a changed value counts. reload: after SIGHUP or RELOAD, for those who connect then.
enum class Change : std::uint8_t { restart, reload };

/// One row of the table of settings. `fallback` and the limits are written as in proxy.conf.
struct Setting {
  std::string_view section;  // "" for the top of the file
  std::string_view key;
  Member member;
  std::string_view fallback;       // TOML: `6432`, `"30s"`, `["127.0.0.1"]`
  std::string_view low, high;      // of numbers and durations
  std::string_view words;          // of text: "trust|scram-sha-256"; empty: any
  std::string_view flag;           // "--port"; empty: none
  std::string_view other_variable; // an environment variable beside CROSSFADE_<SECTION>_<KEY>
  Meaning meaning;
  Change change;
  std::string_view description;    // Markdown, one line
};

/// "listen.port".
std::string path_of(const Setting& setting);
/// "CROSSFADE_LISTEN_PORT".
std::string variable_of(const Setting& setting);
/// "restart", "reload".
std::string_view to_string(Change change);
/// "integer", "duration", "one of `a`, `b`" …
std::string kind_of(const Setting& setting);
/// The value as proxy.conf writes it.
std::string to_toml(const Setting& setting, const Settings& settings);
/// What SHOW CONFIG shows: like to_toml without quotes, secrets masked.
std::string shown(const Setting& setting, const Settings& settings);

/// From a flag or an environment variable: durations "30s", lists split at commas. Errors: a message without the setting's name.
std::expected<void, std::string> set_from_text(const Setting& setting, std::string_view text, Settings& settings);
/// Checks words and limits of the value that stands there. Errors: as above.
std::expected<void, std::string> check_value(const Setting& setting, const Settings& settings);

/// "30s", "250ms", "5min", "24h", "0". Errors: nullopt.
std::optional<Duration> parse_duration(std::string_view text);
std::string duration_text(Duration duration);

Settings default_settings();

enum class Source : std::uint8_t { fallback, file, environment, flag };
std::string_view to_string(Source source);

/// A flag as given on the command line.
struct Override { const Setting* setting; std::string text; };
/// getenv, replaceable in tests. nullptr: not set.
using Environment = std::function<const char*(const char*)>;

struct Loaded {
  Settings settings;
  std::vector<Source> sources;        // in the order of the table
  std::vector<std::string> warnings;
};

/// Flags over environment over file over defaults. `file`: empty for none (CROSSFADE_CONFIG then names it).
/// Errors: F0000, all findings of the file in the message, one a line: `proxy.conf:12: unknown key "prot"; did you mean "port"?`.
model::Result<Loaded> load_settings(const std::string& file, const std::vector<Override>& flags, const Environment& environment);

/// The file alone, over `settings`. `seen` gets the indexes of the settings that it names. Returns the findings, none when it is
/// right.
std::vector<std::string> read_settings(std::string_view text, std::string_view file_name, Settings& settings,
                                       std::vector<std::size_t>& seen);

/// proxy.conf.example and docs/settings.md: written by `crossfade check-config --print-example` and `--print-settings-doc`.
std::string example_text();
std::string settings_document();

/// The word of `known` that is meant by `word`; empty when none is near.
std::string_view nearest(std::string_view word, const std::vector<std::string_view>& known);

}  // namespace crossfade::cli
