#pragma once

#include <array>

#include "settings.hpp"

namespace crossfade::cli {

/// Sections in the order in which they are printed.
struct Section { std::string_view name, description; };
inline constexpr std::array kSections{
    Section{"", ""},
    Section{"listen", "Where clients connect, and how they prove who they are."},
    Section{"sqlite", "The file that fades out."},
    Section{"postgres", "The database that fades in."},
    Section{"pool", "Connections to PostgreSQL."},
    Section{"mirror", "How the other database follows."},
    Section{"shadow", "Reads that run again on the other side and are compared."},
    Section{"canary", "Sessions whose reads PostgreSQL answers before it is the primary."},
    Section{"gates", "What must hold before a switch."},
    Section{"console", "The database `crossfade`: SHOW and SWITCH."},
    Section{"http", "What machines ask: `/metrics`, `/healthz`, `/readyz`."},
    Section{"log", "What is written down."},
};

// clang-format off
inline constexpr std::array kSettings{
    Setting{"", "plan", &Settings::plan, R"("")", "", "", "", "--plan", "", Meaning::path, Change::restart,
            "The type map (plan.toml). Without one the documented default table rules. From `copy` on, the plan stored in both databases."},

    Setting{"listen", "addresses", &Settings::addresses, R"(["127.0.0.1"])", "", "", "", "--listen", "", Meaning::plain, Change::restart,
            "Numeric addresses to listen on. With `auth = \"trust\"` only loopback addresses are allowed. An empty list: no TCP."},
    Setting{"listen", "port", &Settings::port, "6432", "0", "65535", "", "--port", "", Meaning::plain, Change::restart,
            "TCP port, and the number in the Unix socket's name. 0: any free port (the log says which)."},
    Setting{"listen", "unix_directory", &Settings::unix_directory, R"("")", "", "", "", "", "", Meaning::path, Change::restart,
            "Folder for the Unix socket `.s.PGSQL.<port>`. Empty: none."},
    Setting{"listen", "auth", &Settings::auth, R"("trust")", "", "", "trust|password|scram-sha-256|cert", "--auth", "", Meaning::plain, Change::reload,
            "How clients prove who they are, where `rules` is empty. `trust` believes them, `password` has it sent in clear text: both on loopback "
            "addresses only. `cert`: by a client certificate."},
    Setting{"listen", "rules", &Settings::rules, R"([])", "", "", "", "", "", Meaning::plain, Change::reload,
            "Who comes in how: lines of PostgreSQL's pg_hba.conf, such as `\"hostssl all app 10.0.0.0/8 scram-sha-256\"`; the first that matches "
            "counts, and where none does nobody comes in (28000). docs/service.md has more."},
    Setting{"listen", "users_file", &Settings::users_file, R"("")", "", "", "", "--users-file", "", Meaning::path, Change::reload,
            "Users of `scram-sha-256` and `password`: lines `\"name\" \"SCRAM-SHA-256$…\"`, as `crossfade passwd NAME` prints them. Mode 0600."},
    Setting{"listen", "auth_query", &Settings::auth_query, R"("")", "", "", "", "", "", Meaning::plain, Change::reload,
            "SQL that asks PostgreSQL for the verifier of a user who is not in `users_file`: `$1` is the name, the last column of the first row counts, such as "
            "`\"SELECT rolpassword FROM pg_authid WHERE rolcanlogin AND (rolvaliduntil < now()) IS NOT TRUE AND rolname = $1\"`. Empty: nobody else comes in."},
    Setting{"listen", "tls", &Settings::tls, R"("off")", "", "", "off|on|required", "--tls", "", Meaning::plain, Change::reload,
            "Encrypts clients' TCP connections: by SSLRequest, and direct TLS with ALPN `postgresql`; TLS 1.2 and 1.3. `required`: refuses those that do not ask for it."},
    Setting{"listen", "tls_cert", &Settings::tls_cert, R"("")", "", "", "", "", "", Meaning::path, Change::reload,
            "The server's certificate and those up to its root, PEM."},
    Setting{"listen", "tls_key", &Settings::tls_key, R"("")", "", "", "", "", "", Meaning::path, Change::reload,
            "Its private key, PEM, without a passphrase. Mode 0600 (0640 when root owns it)."},
    Setting{"listen", "tls_client_ca", &Settings::tls_client_ca, R"("")", "", "", "", "", "", Meaning::path, Change::reload,
            "Certificates, PEM, of those who vouch for clients' certificates. Empty: clients are not asked for one."},
    Setting{"listen", "max_connections", &Settings::max_connections, "100", "1", "10000", "", "--max-connections", "", Meaning::plain, Change::reload,
            "Clients at the same time; one more is refused with 53300."},
    Setting{"listen", "max_connections_per_address", &Settings::max_connections_per_address, "0", "0", "10000", "", "", "", Meaning::plain, Change::reload,
            "The same for one address. 0: no limit. Unix sockets have none."},
    Setting{"listen", "max_connections_per_user", &Settings::max_connections_per_user, "0", "0", "10000", "", "", "", Meaning::plain, Change::reload,
            "The same for one user. 0: no limit."},
    Setting{"listen", "session_memory", &Settings::session_memory, "256", "16", "16384", "", "", "", Meaning::plain, Change::restart,
            "MB that are kept for one session: a message that comes in, prepared statements, values of portals, rows of cursors, one value while "
            "a statement computes it. Beyond it 53200 (54000 for the one value)."},
    Setting{"listen", "startup_timeout", &Settings::startup_timeout, R"("1min")", "1s", "1h", "", "", "", Meaning::plain, Change::reload,
            "From a client's connect to the end of its authentication."},
    Setting{"listen", "write_timeout", &Settings::write_timeout, R"("2min")", "1s", "24h", "", "", "", Meaning::plain, Change::restart,
            "A client that does not read its answer for so long is disconnected."},
    Setting{"listen", "tcp_keepalive", &Settings::tcp_keepalive, R"("5min")", "0", "24h", "", "", "", Meaning::plain, Change::restart,
            "After so much silence a client's machine is asked for a sign of life, five times over as long again; then the connection ends. 0: as the system has it."},
    Setting{"listen", "io_threads", &Settings::io_threads, "0", "0", "64", "", "", "", Meaning::plain, Change::restart,
            "Threads that serve clients; each client stays on one. They never wait for the file or the disk. 0: as many as there are cores, at most 4; half as many where PostgreSQL is alone."},
    Setting{"listen", "shutdown_timeout", &Settings::shutdown_timeout, R"("20s")", "0", "1h", "", "", "", Meaning::plain, Change::restart,
            "From SIGTERM to the end of the last session; a second SIGINT ends at once."},

    Setting{"sqlite", "file", &Settings::sqlite_file, R"("")", "", "", "", "--sqlite", "", Meaning::path, Change::restart,
            "The SQLite file. `serve` makes a new one when there is none. Empty: PostgreSQL alone."},
    Setting{"sqlite", "database", &Settings::database, R"("")", "", "", "", "--database", "", Meaning::plain, Change::restart,
            "What clients call the database. Empty: the file's name without its ending (`app.db` is `app`)."},
    Setting{"sqlite", "read_only", &Settings::read_only, "false", "", "", "", "--read-only", "", Meaning::plain, Change::restart,
            "Opens the file read-only: writes are 25006, and the file's journal mode is left as it is."},
    Setting{"sqlite", "max_readers", &Settings::max_readers, "8", "1", "256", "", "", "", Meaning::plain, Change::restart,
            "Reader connections that are kept open."},
    Setting{"sqlite", "engine_threads", &Settings::engine_threads, "16", "1", "256", "", "", "", Meaning::plain, Change::restart,
            "Reads that run in SQLite at the same time; the others wait. Writers and what is short have threads of their own."},
    Setting{"sqlite", "translations", &Settings::translations, "10000", "0", "1000000", "", "", "", Meaning::plain, Change::restart,
            "Translated statements that are kept; the least recently used one goes."},
    Setting{"sqlite", "busy_timeout", &Settings::busy_timeout, R"("5s")", "0", "1h", "", "", "", Meaning::plain, Change::restart,
            "Wait for another program that holds the file, then 55P03."},
    Setting{"sqlite", "lock_timeout", &Settings::lock_timeout, R"("30s")", "0", "24h", "", "", "", Meaning::plain, Change::restart,
            "Wait for the permit to write, then 55P03. A client's own `lock_timeout` wins."},
    Setting{"sqlite", "synchronous", &Settings::synchronous, R"("full")", "", "", "full|extra|normal", "", "", Meaning::plain, Change::restart,
            "SQLite's `PRAGMA synchronous`. While mirrored it is `full` at the least."},
    Setting{"sqlite", "wal_autocheckpoint", &Settings::wal_autocheckpoint, "1000", "0", "1000000", "", "", "", Meaning::plain, Change::restart,
            "Pages in the WAL after which a commit checkpoints. 0: never."},

    Setting{"postgres", "conninfo", &Settings::conninfo, R"("")", "", "", "", "--postgres", "DATABASE_URL", Meaning::conninfo, Change::restart,
            "libpq's connection string or URI. What it leaves out comes from `PGHOST`, `PGUSER` … Empty: SQLite alone."},
    Setting{"postgres", "users", &Settings::upstream_users, R"([])", "", "", "", "", "", Meaning::conninfos, Change::restart,
            "As whom clients go to PostgreSQL, where there is no SQLite side: lines `\"name conninfo\"` or `\"name/database conninfo\"`, whose conninfo goes over the "
            "one above; the first that matches counts; `*` is everybody, `$user` the client's name: `\"* user=$user\"`. Empty: all as the conninfo says."},
    Setting{"postgres", "connect_timeout", &Settings::connect_timeout, R"("10s")", "100ms", "1h", "", "", "", Meaning::plain, Change::restart,
            "To reach and enter PostgreSQL, then 08001."},

    Setting{"pool", "mode", &Settings::pool_mode, R"("session")", "", "", "session|transaction", "", "", Meaning::plain, Change::restart,
            "Of connections to PostgreSQL where there is no SQLite side. `session`: a client has one until it goes. `transaction`: for each transaction; "
            "a client whose session holds more than that keeps its connection (docs/pooling.md)."},
    Setting{"pool", "min_connections", &Settings::pool_min, "0", "0", "10000", "", "", "", Meaning::plain, Change::reload,
            "Connections of each pool (one for each user and database) that stay open when nobody needs them, once there has been a first."},
    Setting{"pool", "max_connections", &Settings::pool_max, "100", "1", "10000", "", "", "", Meaning::plain, Change::reload,
            "Connections of each pool at the most; whoever needs one more waits in a queue."},
    Setting{"pool", "acquire_timeout", &Settings::pool_acquire_timeout, R"("1min")", "1ms", "24h", "", "", "", Meaning::plain, Change::reload,
            "The longest wait in the queue for a connection, then 53300."},
    Setting{"pool", "idle_timeout", &Settings::pool_idle_timeout, R"("10min")", "0", "24h", "", "", "", Meaning::plain, Change::reload,
            "A connection beyond the minimum that nobody has used for so long is closed. 0: never."},
    Setting{"pool", "lifetime", &Settings::pool_lifetime, R"("1h")", "0", "24h", "", "", "", Meaning::plain, Change::reload,
            "A connection that is as old as this (or up to a tenth younger) is closed when nobody uses it. 0: never."},
    Setting{"pool", "check_interval", &Settings::pool_check_interval, R"("30s")", "0", "24h", "", "", "", Meaning::plain, Change::reload,
            "An unused connection is asked this often whether it still answers. 0: only looked at whether it is closed, before it is used."},
    Setting{"pool", "server_reset", &Settings::pool_reset, R"("DISCARD ALL")", "", "", "", "", "", Meaning::plain, Change::restart,
            "SQL that a connection runs between two sessions (with `transaction`: after a client that kept it). Empty: it is closed instead."},

    Setting{"mirror", "step_interval", &Settings::step_interval, R"("50ms")", "1ms", "1min", "", "", "", Meaning::plain, Change::restart,
            "The applier's wait when there is nothing to do; a commit through Crossfade wakes it."},
    Setting{"mirror", "drain_timeout", &Settings::drain_timeout, R"("10s")", "0", "1h", "", "", "", Meaning::plain, Change::restart,
            "How long a switch waits for transactions that run, then it is given up with 55006."},
    Setting{"mirror", "fence_timeout", &Settings::fence_timeout, R"("1min")", "0", "24h", "", "", "", Meaning::plain, Change::restart,
            "How long a transaction waits for a switch to end, then 57P03."},
    Setting{"mirror", "mode", &Settings::mirror_mode, R"("async")", "", "", "async|sync", "", "", Meaning::plain, Change::restart,
            "`sync`: a COMMIT is answered when the other database holds it too."},
    Setting{"mirror", "sync_timeout", &Settings::sync_timeout, R"("2s")", "1ms", "1h", "", "", "", Meaning::plain, Change::restart,
            "With `mode = \"sync\"`: how long a COMMIT waits for the other database. Then it is answered all the same, with a warning 01000."},
    Setting{"mirror", "on_sync_timeout", &Settings::on_sync_timeout, R"("degrade")", "", "", "degrade|refuse", "", "", Meaning::plain, Change::restart,
            "What follows, until the other database has caught up. `degrade`: COMMIT waits no longer, each with the warning. `refuse`: new changes are 57P03."},

    Setting{"shadow", "rate", &Settings::shadow_rate, "0.05", "0", "1", "", "", "", Meaning::plain, Change::restart,
            "Share of the reads that run again on both sides of a pair and are compared."},
    Setting{"shadow", "queue", &Settings::shadow_queue, "256", "1", "100000", "", "", "", Meaning::plain, Change::restart,
            "Reads that wait to be compared; more are counted as skipped."},
    Setting{"shadow", "max_mismatches", &Settings::max_mismatches, "1000", "1", "1000000", "", "", "", Meaning::plain, Change::restart,
            "Fingerprints that SHOW MISMATCHES keeps."},

    Setting{"canary", "percent", &Settings::canary_percent, "5", "1", "100", "", "", "", Meaning::plain, Change::restart,
            "Share of the sessions whose reads PostgreSQL answers in stage canary, where SWITCH TO canary names none."},
    Setting{"canary", "wait", &Settings::canary_wait, R"("100ms")", "0", "1min", "", "", "", Meaning::plain, Change::restart,
            "How long such a read waits for PostgreSQL to know all that was committed when it came; then SQLite answers it."},

    Setting{"gates", "max_lag", &Settings::max_lag, "10000", "0", "1000000000", "", "", "", Meaning::plain, Change::restart,
            "Changed keys that the other side may be behind: the last step is done while clients wait."},
    Setting{"gates", "compared_reads", &Settings::compared_reads, "10000", "0", "1000000000000", "", "", "", Meaning::plain, Change::restart,
            "Reads that must have been run again on both sides since the copy (or the program's start)."},
    Setting{"gates", "compared_statements", &Settings::compared_statements, "5", "0", "10000", "", "", "", Meaning::plain, Change::restart,
            "Kinds of statements (fingerprints) among them."},
    Setting{"gates", "compared_time", &Settings::compared_time, R"("1h")", "0", "8760h", "", "", "", Meaning::plain, Change::restart,
            "Time since the first of them."},
    Setting{"gates", "canary_reads", &Settings::canary_reads, "1000", "0", "1000000000000", "", "", "", Meaning::plain, Change::restart,
            "Reads that PostgreSQL must have answered before a switch from stage canary to postgres."},
    Setting{"gates", "backup_max_age", &Settings::backup_max_age, R"("24h")", "0", "8760h", "", "", "", Meaning::plain, Change::restart,
            "Before PostgreSQL becomes the primary the last `crossfade backup` must be as fresh as this. 0: the file is backed up otherwise."},
    Setting{"gates", "free_disk", &Settings::free_disk, "1024", "0", "1000000000", "", "", "", Meaning::plain, Change::restart,
            "MB that must be free where the file is."},
    Setting{"gates", "verify_max_age", &Settings::verify_max_age, R"("24h")", "1h", "8760h", "", "", "", Meaning::plain, Change::restart,
            "A switch needs a verification as fresh as this; it makes one when there is none."},
    Setting{"gates", "postgres_only", &Settings::postgres_only, "[]", "", "", "", "", "", Meaning::plain, Change::restart,
            "Tables and columns (`\"stats\"`, `\"tracks.search\"`) that PostgreSQL alone is to have: SWITCH BACK leaves them there and does not ask."},

    Setting{"console", "admin_users", &Settings::admin_users, R"(["admin"])", "", "", "", "", "", Meaning::plain, Change::reload,
            "Users who may open the database `crossfade`."},
    Setting{"console", "conninfo", &Settings::console_conninfo, R"("")", "", "", "", "--console", "", Meaning::conninfo, Change::restart,
            "Where `status` and `switch` find the console. Empty: this proxy's own address, as the first admin user."},

    Setting{"http", "listen", &Settings::http_listen, R"("")", "", "", "", "", "", Meaning::plain, Change::restart,
            "Numeric address and port of the HTTP listener, `\"127.0.0.1:9187\"`; it asks nobody who they are. Empty: none."},

    Setting{"log", "level", &Settings::log_level, R"("info")", "", "", "trace|debug|info|warn|error", "--log-level", "", Meaning::plain, Change::reload,
            "The least that is written."},
    Setting{"log", "format", &Settings::log_format, R"("text")", "", "", "text|json", "--log-format", "", Meaning::plain, Change::reload,
            "A line of text, or a JSON object a line."},
    Setting{"log", "file", &Settings::log_file, R"("")", "", "", "", "", "", Meaning::path, Change::reload,
            "Empty: standard error."},
};
// clang-format on

constexpr bool every_section_is_known() {
  for (const Setting& setting : kSettings) {
    bool known = false;
    for (const Section& section : kSections) known = known || section.name == setting.section;
    if (!known) return false;
  }
  return true;
}
static_assert(every_section_is_known());

/// The row of a setting. `path`: "listen.port"; nullptr when there is none.
constexpr const Setting* find_setting(std::string_view path) {
  const std::size_t dot = path.find('.');
  const std::string_view section = dot == path.npos ? std::string_view{} : path.substr(0, dot);
  const std::string_view key = dot == path.npos ? path : path.substr(dot + 1);
  for (const Setting& setting : kSettings) {
    if (setting.section == section && setting.key == key) return &setting;
  }
  return nullptr;
}
static_assert(find_setting("listen.port")->flag == "--port");

}  // namespace crossfade::cli
