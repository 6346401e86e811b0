#include <array>
#include <string_view>

#include "crossfade/migrate/doctor.hpp"
#include "crossfade/model/text_format.hpp"

namespace crossfade::migrate {

namespace {

constexpr std::chrono::seconds kConnectLimit{5};
constexpr int kOldestVersion = 120'000, kTestedVersion = 150'000;
constexpr double kGrowth = 2.0;  // rows, indexes and WAL in PostgreSQL beside the file's bytes: a generous guess, not a promise

/// One question whose answer is a text, and what is to be thought of it.
struct Question {
  std::string_view what, sql;
  Diagnosis (*judge)(std::string_view what, const std::string& answer);
};

constexpr std::array kQuestions{
    Question{"encoding", "SELECT current_setting('server_encoding')",
             [](std::string_view what, const std::string& answer) {
               if (answer == "UTF8") return Diagnosis{Diagnosis::Light::ok, std::string(what), answer, {}};
               return Diagnosis{Diagnosis::Light::fail, std::string(what), answer + ": SQLite's texts are UTF-8", "CREATE DATABASE … TEMPLATE template0 ENCODING 'UTF8'"};
             }},
    Question{"collation", "SELECT datcollate FROM pg_database WHERE datname = current_database()",
             [](std::string_view what, const std::string& answer) {
               return Diagnosis{Diagnosis::Light::ok, std::string(what), answer + "; text columns become COLLATE bytewise, SQLite's order", {}};
             }},
    Question{"letters", "SELECT datctype FROM pg_database WHERE datname = current_database()",
             [](std::string_view what, const std::string& answer) {
               if (answer != "C" && answer != "POSIX") return Diagnosis{Diagnosis::Light::ok, std::string(what), answer, {}};
               return Diagnosis{Diagnosis::Light::warn, std::string(what),
                                answer + ": upper(), lower(), ILIKE and ~* will know ASCII letters alone; on the file they know every letter",
                                "CREATE DATABASE … TEMPLATE template0 LC_CTYPE 'C.UTF-8'"};
             }},
    Question{"right to create", "SELECT CASE WHEN has_database_privilege(current_database(), 'CREATE') AND has_schema_privilege('public', 'CREATE') "
                                "THEN 'yes' ELSE 'no, as ' || current_user END",
             [](std::string_view what, const std::string& answer) {
               if (answer == "yes") return Diagnosis{Diagnosis::Light::ok, std::string(what), answer, {}};
               return Diagnosis{Diagnosis::Light::fail, std::string(what), answer, "GRANT CREATE ON DATABASE … TO …; GRANT CREATE ON SCHEMA public TO …"};
             }},
    Question{"right to mirror", "SELECT CASE WHEN (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) OR "
                                "has_parameter_privilege('session_replication_role', 'SET') THEN 'yes' ELSE 'no, as ' || current_user END",
             [](std::string_view what, const std::string& answer) {
               if (answer == "yes") return Diagnosis{Diagnosis::Light::ok, std::string(what), answer, {}};
               return Diagnosis{Diagnosis::Light::warn, std::string(what), answer + ": the live fade needs it, copy does not",
                                "GRANT SET ON PARAMETER session_replication_role TO …"};
             }},
    Question{"tables there", "SELECT count(*)::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p') "
                             "AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'crossfade') AND n.nspname NOT LIKE 'pg\\_%'",
             [](std::string_view what, const std::string& answer) {
               if (answer == "0") return Diagnosis{Diagnosis::Light::ok, std::string(what), "none: an empty database", {}};
               return Diagnosis{Diagnosis::Light::warn, std::string(what), answer, "copy refuses tables that hold rows; an empty database is the safe target"};
             }},
};

std::string text_of(const model::Result<model::Value>& value) {
  const auto* text = value ? std::get_if<std::string>(&*value) : nullptr;
  return text != nullptr ? *text : std::string();
}

Diagnosis version(const postgres::Connection& connection) {
  const int number = connection.server_version();
  const std::string found = std::to_string(number / 10'000) + "." + std::to_string(number % 10'000);
  if (number < kOldestVersion) return {Diagnosis::Light::fail, "version", found + ": too old", "PostgreSQL 15 or newer"};
  if (number < kTestedVersion) return {Diagnosis::Light::warn, "version", found + ": the mirror's replica role is grantable from 15 on only", "PostgreSQL 15 or newer, or a superuser"};
  return {Diagnosis::Light::ok, "version", found, {}};
}

bool on_this_machine(const postgres::Conninfo& conninfo) {
  const std::string host = conninfo.value("host");
  return host.empty() || host.starts_with('/') || host == "localhost" || host == "127.0.0.1" || host == "::1";
}

Diagnosis free_space(postgres::Connection& connection, const postgres::Conninfo& conninfo, std::int64_t bytes) {
  const std::string folder = text_of(connection.value("SELECT current_setting('data_directory', true)"));
  std::error_code problem;
  const auto space = folder.empty() || !on_this_machine(conninfo) ? std::filesystem::space_info{} : std::filesystem::space(folder, problem);
  if (space.capacity == 0 || problem) return {Diagnosis::Light::warn, "free space", "cannot be known from here", "df on the server: about twice the file's size is wanted"};
  const auto free = static_cast<double>(space.available);
  const std::string found = std::to_string(space.available >> 20) + " MiB free, the file has " + std::to_string(bytes >> 20);
  if (free < kGrowth * static_cast<double>(bytes)) return {Diagnosis::Light::fail, "free space", found, "about twice the file's size is wanted"};
  return {Diagnosis::Light::ok, "free space", found, {}};
}

}  // namespace

std::vector<Diagnosis> examine_postgres(const postgres::Conninfo& conninfo, std::int64_t bytes) {
  auto connection = postgres::Connection::connect(conninfo, kConnectLimit, "crossfade doctor");
  if (!connection) return {{Diagnosis::Light::fail, "postgres", connection.error().message, "psql \"" + conninfo.redacted() + "\""}};
  connection->set_deadline(std::chrono::steady_clock::now() + kConnectLimit);
  std::vector<Diagnosis> out;
  out.push_back({Diagnosis::Light::ok, "postgres", "answers at " + conninfo.redacted(), {}});
  out.push_back(version(*connection));
  for (const Question& question : kQuestions) {
    const auto answer = connection->value(question.sql);
    out.push_back(answer ? question.judge(question.what, text_of(answer))
                         : Diagnosis{Diagnosis::Light::warn, std::string(question.what), answer.error().message, {}});
  }
  out.push_back(free_space(*connection, conninfo, bytes));
  return out;
}

}  // namespace crossfade::migrate
