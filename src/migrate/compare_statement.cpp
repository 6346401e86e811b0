#include <algorithm>
#include <chrono>
#include <map>

#include "crossfade/migrate/statement_log.hpp"
#include "crossfade/sql/statement_text.hpp"
#include "compare_options.hpp"
#include "crossfade/sql/translate.hpp"
#include "postgres_transaction.hpp"

namespace crossfade::migrate {
namespace {

using namespace model::literals;
using Clock = std::chrono::steady_clock;

std::chrono::microseconds since(Clock::time_point start) { return std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - start); }

model::Result<sql::Parsed> parse_read(std::string_view text) {
  CROSSFADE_TRY(auto statements, sql::parse(text, sql::Dialect::postgres));
  if (statements.size() != 1 || statements[0].kind == sql::Kind::empty) return model::fail("42601"_state, "compare takes exactly one statement");
  const auto kind = statements[0].kind;
  if (kind != sql::Kind::select && kind != sql::Kind::values) {
    return model::fail("25006"_state, "compare runs statements that only read, not " + statements[0].command_tag);
  }
  return std::move(statements[0]);
}

model::Result<model::ResultSet> run_in_file(sqlite::Database& database, const sql::Translated& statement) {
  if (!statement.parameters.empty()) return model::fail("42P02"_state, "compare takes no parameters", "", "Write the values into the statement.");
  sqlite::Session session(database);
  CROSSFADE_TRY(auto cursor, session.start(statement, {}));
  model::ResultSet out;
  for (const auto& column : statement.columns) out.columns.push_back({column.name, column.type});
  while (true) {
    CROSSFADE_TRY(auto batch, cursor->fetch(0));
    for (auto& row : batch.rows) out.rows.push_back(std::move(row));
    if (batch.done) return out;
  }
}

model::Result<model::ResultSet> run_in_postgres(postgres::Connection& target, std::string_view text) {
  CROSSFADE_TRY(auto transaction, PostgresTransaction::begin(target, "BEGIN READ ONLY"));
  return target.query(text);
}

}  // namespace

model::Result<StatementComparison> compare_statement(sqlite::Database& database, postgres::Connection& target, std::string_view text,
                                                     const compare::Options& options) {
  CROSSFADE_TRY(const auto parsed, parse_read(text));
  CROSSFADE_TRY(const auto schema, database.schema());
  sql::Context context;
  context.schema = schema.get();
  StatementComparison out{.fingerprint = {}, .sqlite_text = {}, .sqlite = {model::ResultSet{}}, .postgres = {model::ResultSet{}}, .differences = {}};
  auto compared_by = options;
  const auto translated = sql::translate(parsed, context);
  if (!translated) {
    out.sqlite.result = std::unexpected(translated.error());
  } else if (translated->writes) {
    return model::fail("25006"_state, "compare runs statements that only read", "", "Leave FOR UPDATE out.");
  } else {
    out.fingerprint = translated->fingerprint;
    out.volatile_functions = translated->volatile_functions;
    out.sqlite_text = translated->texts.empty() ? "" : translated->texts.front();
    compared_by = options_of(*translated);
    compared_by.examples = options.examples;
    compared_by.relative_tolerance = std::max(compared_by.relative_tolerance, options.relative_tolerance);
    const auto start = Clock::now();
    out.sqlite.result = run_in_file(database, *translated);
    out.sqlite.elapsed = since(start);
  }
  const auto start = Clock::now();
  out.postgres.result = run_in_postgres(target, parsed.text);
  out.postgres.elapsed = since(start);
  out.differences = compare::outcomes(out.sqlite.result, out.postgres.result, compared_by);
  return out;
}

namespace {

void add_outcome(FingerprintComparison& group, const LoggedStatement& statement, model::Result<StatementComparison> done) {
  const auto skip = [&group](std::string why) {
    if (group.not_compared++ == 0) group.why_not = std::move(why);
  };
  if (!done) return skip(done.error().message);
  if (done->volatile_functions) return skip("it calls volatile functions");
  if (done->differences.undecided && done->differences.equal()) return skip(done->differences.summary);
  group.sqlite += done->sqlite.elapsed;
  group.postgres += done->postgres.elapsed;
  const bool equal = done->differences.equal();
  ++(equal ? group.equal : group.different);
  if (equal || group.example) return;
  group.example = *std::move(done);
  group.example_line = statement.line;
}

}  // namespace

model::Result<std::vector<FingerprintComparison>> compare_statements(sqlite::Database& database, postgres::Connection& target,
                                                                     std::span<const LoggedStatement> statements) {
  std::vector<FingerprintComparison> out;
  std::map<std::string, std::size_t, std::less<>> known;
  for (const LoggedStatement& statement : statements) {
    const std::string fingerprint = sql::fingerprint(statement.text);
    const auto [at, first] = known.try_emplace(fingerprint, out.size());
    if (first) out.push_back({.fingerprint = fingerprint, .first = statement.text, .line = statement.line});
    FingerprintComparison& group = out[at->second];
    ++group.runs;
    auto done = statement.unusable.empty() ? compare_statement(database, target, statement.text) : model::fail("22023"_state, statement.unusable);
    if (done && !done->postgres.result && !target.healthy()) return std::unexpected(done->postgres.result.error());
    add_outcome(group, statement, std::move(done));
  }
  return out;
}

}  // namespace crossfade::migrate
