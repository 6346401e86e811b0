#include "copy_fixture.hpp"

#include "bookkeeping.hpp"
#include "draft_rules.hpp"
#include "into_form.hpp"

using namespace crossfade;
using namespace crossfade::migrate;
using test::File;

namespace {

/// "type as form" of a column after its values were put in.
std::string drafted(const std::string& declared, const std::string& values) {
  const File file("CREATE TABLE t (id INTEGER PRIMARY KEY, c " + declared + "); INSERT INTO t (c) VALUES " + values);
  const auto plan = file.draft().plan;
  const auto& column = plan.tables.at(0).columns.at(1);
  CHECK_FALSE(column.note.empty());
  return model::format_type(column.type) + " as " + plan::to_string(column.form) + (column.misfit == plan::Misfit::cast ? ", cast" : "");
}

/// The form in which the values go into PostgreSQL's type, with its zone or cast, "misfits" when some do not, or the SQLSTATE of the fault.
std::string carried(const std::string& declared, const std::string& values, const std::string& type, const std::string& zone) {
  const File file("CREATE TABLE t (id INTEGER PRIMARY KEY, c " + declared + "); INSERT INTO t (c) VALUES " + values);
  auto connection = file.open();
  const auto schema = test::get(sqlite::read_schema(connection, nullptr));
  const auto drafted = test::get(draft_unproved(connection, nullptr));
  const auto& table = drafted.plan.tables.at(0);
  const auto& column = schema.tables.at("t").columns.at(1);
  const Evidence evidence{column, drafted.report.tables.at(0).columns.at(1), Declaration{column.declared}};
  const auto known = model::parse_type(type);
  const TargetColumn target{.name = "c", .type = known.value_or(model::Type{99'999}), .type_name = type};
  const auto into = test::get(form_into(connection, table, table.columns.at(1), evidence, target, zone));
  if (into.fault) return std::string(into.fault->state.code());
  const auto cast = into.misfit == plan::Misfit::cast;
  return plan::to_string(into.form) + (cast ? ", cast" : "") + (into.warning.empty() || cast ? "" : ", misfits");
}

}  // namespace

TEST_CASE("a column's values go into PostgreSQL's type in a form that carries each of them, or not at all") {
  struct Row { std::string declared, values, type, carried, zone; };
  const std::vector<Row> rows{
      {"char(32)", "('a0eebc999c0b4ef8bb6d6bb9bd380a11')", "uuid", "uuid-hex", ""},
      {"TEXT", "('a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11')", "uuid", "uuid-text", ""},
      {"TEXT", "('A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11')", "uuid", "uuid-text, cast", ""},
      {"TEXT", "('none')", "uuid", "42804", ""},
      {"INTEGER", "(1), (0)", "boolean", "boolean-integer", ""},
      {"INTEGER", "(1), (2)", "boolean", "boolean-integer, misfits", ""},
      {"TEXT", "('Y'), ('N')", "boolean", "boolean-text(Y/N)", ""},
      {"INTEGER", "(1), (32768)", "smallint", "integer, misfits", ""},
      {"VARCHAR(9)", "('ab'), ('abc')", "varchar(2)", "text, misfits", ""},
      {"VARCHAR(9)", "('ab'), ('abc')", "varchar(3)", "text", ""},
      {"decimal", "(1.25), (7)", "numeric(4,2)", "number", ""},
      {"decimal", "(1.25), (700)", "numeric(4,2)", "number, misfits", ""},
      {"text", R"(('{"b": 1,"a":2}'))", "jsonb", "json-text", ""},
      {"datetime", "('2024-07-01 12:00:00')", "timestamp with time zone", "22023", ""},
      {"datetime", "('2024-07-01 12:00:00')", "timestamp with time zone", "timestamp-iso(fraction=0, zone=Europe/Berlin)", "Europe/Berlin"},
      {"TEXT", "('2024-07-01T12:00:00Z')", "timestamp with time zone", "timestamp-iso(separator=T, fraction=0, offset=Z)", ""},
      {"TEXT", "('2024-07-01 12:00:00+02:00')", "timestamp with time zone", "timestamp-iso(fraction=6, offset=+00:00), cast", ""},
      {"TEXT", "('2024-07-01T12:00:00Z')", "timestamp", "42804", ""},
      {"TEXT", "('2024-07-01 12:00:00.5')", "timestamp(0)", "42804", ""},
      {"INTEGER", "(1700000000)", "timestamp with time zone", "epoch-seconds(fraction=0)", ""},
      {"INTEGER", "(5)", "timestamp with time zone", "42804", ""},
      {"datetime", "(NULL)", "timestamp with time zone", "timestamp-iso(fraction=6, offset=+00:00)", ""},
      {"", "('a'), (5)", "text", "text, cast", ""},
      {"TEXT", "('{1,2}')", "integer[]", "array-text", ""},
      {"TEXT", "('happy')", "mood", "0A000", ""},
      {"bigint", "(86400000000)", "interval", "42804", ""},
  };
  for (const auto& row : rows) {
    INFO(row.declared << " " << row.values << " into " << row.type);
    CHECK(carried(row.declared, row.values, row.type, row.zone) == row.carried);
  }
}

TEST_CASE("a migration tool's table is known by its name in any case, and by its columns") {
  const auto versions = [](std::string_view sql) {
    const File file(sql);
    auto connection = file.open();
    const auto schema = test::get(sqlite::read_schema(connection, nullptr));
    return version_columns(schema.tables.begin()->second).size();
  };
  CHECK(versions("CREATE TABLE alembic_version (version_num TEXT)") == 1);
  CHECK(versions("CREATE TABLE \"SequelizeMeta\" (name TEXT)") == 1);
  CHECK(versions("CREATE TABLE django_migrations (id INTEGER PRIMARY KEY, app TEXT, name TEXT)") == 2);
  CHECK(versions("CREATE TABLE migrations (id INTEGER PRIMARY KEY, timestamp INTEGER, name TEXT)") == 2);
  CHECK(versions("CREATE TABLE migrations (id INTEGER PRIMARY KEY, bird TEXT)") == 0);
  CHECK(versions("CREATE TABLE users (version_num TEXT)") == 0);
}

TEST_CASE("a drafted type is as narrow as the declaration asks and the values prove, never narrower") {
  struct Row { std::string declared, values, drafted; };
  const std::vector<Row> rows{
      {"INTEGER", "(1), (-9223372036854775808)", "bigint as integer"},
      {"REAL", "(1), (0.5)", "double precision as real"},
      {"TEXT", "('a'), (NULL)", "text as text"},
      {"BLOB", "(x'00')", "bytea as blob"},
      {"", "('a'), ('b')", "text as text"},
      {"BOOLEAN", "(0), (1), (NULL)", "boolean as boolean-integer"},
      {"BOOLEAN", "(0), (2)", "bigint as integer"},
      {"BOOLEAN", "('yes'), ('no')", "boolean as boolean-text(yes/no)"},
      {"BOOLEAN", "('yes'), ('maybe')", "text as text"},
      {"INTEGER", "(0), (1)", "bigint as integer"},
      {"DATETIME", "('2024-01-01 10:00:00'), ('2024-01-02 10:00:00')", "timestamp without time zone as timestamp-iso(fraction=0)"},
      {"DATETIME", "('2024-01-01T10:00:00.123Z')", "timestamp with time zone as timestamp-iso(separator=T, fraction=3, offset=Z)"},
      {"DATETIME", "('2024-01-01 10:00:00'), ('2024-01-01T10:00:00')", "text as text"},
      {"DATETIME", "('2024-01-01 10:00:00+02:00')", "text as text"},
      {"DATETIME", "('2024-01-01 10:00')", "text as text"},
      {"DATETIME", "('2024-01-01 10:00:00.10')", "text as text"},
      {"DATETIME", "('2024-01-01')", "date as date-iso"},
      {"DATETIME", "(1700000000), (1600000000)", "timestamp with time zone as epoch-seconds(fraction=0)"},
      {"DATETIME", "(1700000000123)", "timestamp with time zone as epoch-millis"},
      {"DATETIME", "(17), (1600000000)", "bigint as integer"},
      {"TEXT", "('2024-01-01 10:00:00')", "text as text"},
      {"DATE", "('2024-02-29'), ('2024-02-30')", "text as text"},
      {"DECIMAL(10,2)", "(1.25), (3), (-99999999.99)", "numeric(10,2) as number"},
      {"DECIMAL(10,2)", "(1.255)", "numeric as number"},
      {"VARCHAR(3)", "('abc'), ('äöü')", "character varying(3) as text"},
      {"VARCHAR(3)", "('abcd')", "text as text"},
      {"CHAR(3)", "('abc')", "text as text"},
      {"UUID", "('0b2d9f0e-6f1e-4f3a-9a53-0d9a8d3b9b01')", "uuid as uuid-text"},
      {"UUID", "('0B2D9F0E-6F1E-4F3A-9A53-0D9A8D3B9B01')", "text as text"},
      {"JSON", "('{\"a\": 1}')", "jsonb as json-text"},
      {"JSON", "('{\"b\":1,\"a\":2}')", "json as json-text"},
      {"JSON", "('{')", "text as text"},
      {"INTEGER", "(1), ('x')", "text as text, cast"},
      {"TEXT", "('a'), (x'62')", "bytea as blob, cast"},
      {"INTEGER", "(NULL)", "bigint as integer"},
  };
  for (const auto& row : rows) {
    INFO(row.declared << " " << row.values);
    CHECK(drafted(row.declared, row.values) == row.drafted);
  }
}

TEST_CASE("values of a key are never cast, for two of them could become one") {
  const File file("CREATE TABLE t (k PRIMARY KEY); INSERT INTO t VALUES ('abc'), (x'616263'), ('d')");
  const auto drafted = file.draft();
  const auto& column = drafted.plan.tables[0].columns[0];
  CHECK(column.misfit == plan::Misfit::refuse);
  CHECK(model::format_type(column.type) == "text");
  CHECK(drafted.warnings == std::vector<std::string>{"t.k: holds 2 TEXT, 1 BLOB"});
}

TEST_CASE("a column named like one of PostgreSQL's system columns gets another name") {
  const File file("CREATE TABLE t (xmin INTEGER PRIMARY KEY)");
  const auto plan = file.draft().plan;
  CHECK(plan.tables[0].columns[0].name == "xmin_");
  CHECK(plan.tables[0].key == std::vector<std::string>{"xmin_"});
}

TEST_CASE("the draft warns of what will not come along as it is") {
  const File file("CREATE TABLE keyless (a); INSERT INTO keyless VALUES (1), ('x');"
                  "CREATE TABLE nul (id INTEGER PRIMARY KEY, t TEXT); INSERT INTO nul (t) VALUES ('a' || char(0)), (CAST(x'ff' AS TEXT));"
                  "CREATE TABLE k (a TEXT PRIMARY KEY, b); INSERT INTO k VALUES (NULL, 1), ('x', 2);"
                  "CREATE VIEW v AS SELECT 1; CREATE TRIGGER tr AFTER INSERT ON k BEGIN SELECT 1; END;");
  const auto drafted = file.draft();
  const auto has = [&drafted](const std::string& text) {
    for (const auto& warning : drafted.warnings) {
      if (warning.find(text) != warning.npos) return true;
    }
    return false;
  };
  CHECK(has("keyless: has no key"));
  CHECK(has("keyless.a: holds 1 INTEGER, 1 TEXT"));
  CHECK(has("nul.t: 1 texts hold NUL"));
  CHECK(has("nul.t: 1 texts are not UTF-8"));
  CHECK(has("k: primary key: 1 rows hold NULL in it"));
  CHECK(has("k: trigger tr"));
  CHECK(has("v: a view"));
  CHECK(drafted.plan.find("k")->key.empty());
}

TEST_CASE("what the owner keeps stays, whatever the values say") {
  const File file("CREATE TABLE t (id INTEGER PRIMARY KEY, c TEXT); INSERT INTO t (c) VALUES ('abc')");
  auto previous = file.draft().plan;
  auto& column = previous.tables[0].columns[1];
  column.owner_edited = true;
  column.type = {model::oid::varchar, 14};
  auto connection = file.open();
  const auto again = test::get(draft_plan(connection, &previous));
  CHECK(model::format_type(again.plan.tables[0].columns[1].type) == "character varying(10)");
}

TEST_CASE("a draft without warnings is the same after being written and read") {
  const File file("CREATE TABLE t (id INTEGER PRIMARY KEY, n NUMERIC(5,1), d DATETIME); INSERT INTO t VALUES (1, 2.5, '2024-01-01 00:00:00')");
  const auto drafted = file.draft();
  CHECK(drafted.warnings.empty());
  const auto text = plan::to_toml(drafted.plan);
  const auto read = test::get(plan::from_toml(text, "plan.toml"));
  CHECK(read.tables[0].columns[2].form == drafted.plan.tables[0].columns[2].form);
  CHECK(plan::hash(read) == plan::hash(drafted.plan));
}

TEST_CASE("a declaration is taken apart into words and arguments") {
  const Declaration declaration("decimal ( 10 , 2 )");
  CHECK(declaration.has("DECIMAL"));
  CHECK(declaration.arguments == std::vector{10, 2});
  CHECK(Declaration("VARCHAR(").arguments.empty());
}

TEST_CASE("a column without a name is refused, for PostgreSQL has none such") {
  const File file(R"(CREATE TABLE t (a, "" TEXT))");
  auto connection = file.open();
  const auto drafted = draft_plan(connection);
  REQUIRE_FALSE(drafted);
  CHECK(drafted.error().message == "column 2 of table \"t\" has no name");
}
