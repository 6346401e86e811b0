#include "bookkeeping.hpp"

#include <algorithm>
#include <array>
#include <set>

#include "crossfade/model/text_format.hpp"
#include "crossfade/plan/plan.hpp"
#include "postgres_objects.hpp"
#include "sqlite_journal.hpp"

namespace crossfade::migrate {
namespace {

/// What ORMs and migration tools keep in a database of theirs; names in lower case, the version's columns as they call them.
struct Bookkeeping { std::string_view table; std::array<std::string_view, 3> columns; };
constexpr std::array kBookkeeping{
    Bookkeeping{"alembic_version", {"version_num"}},              // SQLAlchemy
    Bookkeeping{"django_migrations", {"app", "name"}},
    Bookkeeping{"schema_migrations", {"version"}},                // Rails, Ecto, golang-migrate
    Bookkeeping{"ar_internal_metadata", {"key"}},                 // Rails
    Bookkeeping{"knex_migrations", {"name"}},
    Bookkeeping{"knex_migrations_lock", {"is_locked"}},
    Bookkeeping{"sequelizemeta", {"name"}},
    Bookkeeping{"_prisma_migrations", {"migration_name"}},
    Bookkeeping{"flyway_schema_history", {"version", "script"}},
    Bookkeeping{"databasechangelog", {"id", "author", "filename"}},  // Liquibase
    Bookkeeping{"databasechangeloglock", {"id"}},
    Bookkeeping{"__diesel_schema_migrations", {"version"}},
    Bookkeeping{"_sqlx_migrations", {"version"}},
    Bookkeeping{"seaql_migrations", {"version"}},
    Bookkeeping{"__efmigrationshistory", {"migrationid"}},        // Entity Framework
    Bookkeeping{"versioninfo", {"version"}},                      // FluentMigrator
    Bookkeeping{"goose_db_version", {"version_id"}},
    Bookkeeping{"aerich", {"version"}},                           // Tortoise
    Bookkeeping{"migrate_version", {"version"}},                  // sqlalchemy-migrate
    Bookkeeping{"schema_info", {"version"}},                      // Sequel
    Bookkeeping{"phinxlog", {"version"}},
    Bookkeeping{"mikro_orm_migrations", {"name"}},
    Bookkeeping{"migrations", {"migration", "batch"}},            // Laravel
    Bookkeeping{"migrations", {"timestamp", "name"}},             // TypeORM
};

constexpr std::size_t kVersionsShown = 5;

std::string version_list(const std::set<std::string>& versions) {
  std::string out;
  std::size_t shown = 0;
  for (const auto& version : versions) {
    if (++shown > kVersionsShown) return out + " and " + std::to_string(versions.size() - kVersionsShown) + " more";
    out += (out.empty() ? "" : ", ") + version;
  }
  return out.empty() ? "none" : out;
}

/// Of `ours` those that `theirs` lacks.
std::set<std::string> only_in(const std::set<std::string>& ours, const std::set<std::string>& theirs) {
  std::set<std::string> out;
  std::ranges::set_difference(ours, theirs, std::inserter(out, out.end()));
  return out;
}

}  // namespace

std::vector<const plan::Column*> version_columns(const plan::Table& table) {
  const auto name = plan::fold(table.sqlite_name);
  for (const auto& known : kBookkeeping) {
    if (known.table != name) continue;
    std::vector<const plan::Column*> out;
    bool whole = true;
    for (const auto wanted : known.columns) {
      if (wanted.empty()) continue;
      const auto found = std::ranges::find_if(table.columns, [&](const plan::Column& column) { return plan::fold(column.sqlite_name) == wanted; });
      whole = whole && found != table.columns.end();
      if (whole) out.push_back(&*found);
    }
    if (whole) return out;
  }
  return {};
}

model::Result<std::optional<std::string>> version_difference(sqlite::Connection& source, postgres::Connection& target, const plan::Table& table) {
  std::string here, there;
  for (const auto* column : version_columns(table)) {
    const std::string separator = here.empty() ? "" : " || ' ' || ";
    here += separator + "coalesce(CAST(" + quote_sqlite(column->sqlite_name) + " AS TEXT), '')";
    there += separator + "coalesce(" + postgres::quote_identifier(column->name) + "::text, '')";
  }
  std::set<std::string> ours, theirs;
  CROSSFADE_TRY(const auto file, source.query("SELECT " + here + " FROM main." + quote_sqlite(table.sqlite_name)));
  for (const auto& row : file) ours.insert(std::get<std::string>(row.at(0)));
  CROSSFADE_TRY(const auto rows, target.query("SELECT " + there + " FROM " + qualified(table.name)));
  for (const auto& row : rows.rows) theirs.insert(std::get<std::string>(row.at(0)));
  if (ours == theirs) return std::nullopt;
  if (ours.size() <= 1 && theirs.size() <= 1) return "the file has " + version_list(ours) + "; PostgreSQL has " + version_list(theirs);
  return "only the file has " + version_list(only_in(ours, theirs)) + "; only PostgreSQL has " + version_list(only_in(theirs, ours));
}

}  // namespace crossfade::migrate
