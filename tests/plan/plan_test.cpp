#include "crossfade/plan/plan.hpp"

#include <catch2/catch.hpp>

namespace crossfade::plan {
namespace {

namespace oid = model::oid;

Plan sample() {
  PlannedColumn id{"id", "ID", {oid::int8}, {Form::integer}, Misfit::refuse, "", "INTEGER PRIMARY KEY", false};
  PlannedColumn at{"at", "At", {oid::timestamptz}, {Form::timestamp_iso, 0}, Misfit::quarantine, "Europe/Berlin", "12 of 12 rows\nare ISO text", true};
  return Plan{1, {PlannedTable{"weather", "Weather", {id, at}, {"id"}, {"trigger \"x\": calls printf()"}}}};
}

TEST_CASE("A plan is written as the same bytes and read back as the same plan") {
  const std::string text = to_toml(sample());
  CHECK(text.find("# 12 of 12 rows\n# are ISO text\n") != std::string::npos);
  const auto back = from_toml(text, "plan.toml");
  REQUIRE(back.has_value());
  CHECK(hash(*back) == hash(sample()));
  const PlannedTable* table = back->find("weather");
  REQUIRE(table);
  CHECK(table->key == std::vector<std::string>{"id"});
  CHECK(table->untranslated == sample().tables[0].untranslated);
  CHECK(table->columns[1].zone == "Europe/Berlin");
  CHECK(table->columns[1].form.zone == "Europe/Berlin");
  CHECK(table->columns[1].misfit == Misfit::quarantine);
  CHECK(table->columns[1].owner_edited);
}

TEST_CASE("The hash is of what the plan says, not of its comments") {
  Plan plan = sample();
  const std::string before = hash(plan);
  CHECK(before.size() == 64);
  plan.tables[0].columns[0].note = "another reason";
  CHECK(hash(plan) == before);
  plan.tables[0].columns[0].misfit = Misfit::null;
  CHECK(hash(plan) != before);
}

TEST_CASE("A plan for tables that the application has made says so, in its text and in its hash") {
  Plan plan = sample();
  const std::string before = hash(plan);
  CHECK(to_toml(plan).find("\nschema = ") == std::string::npos);  // plans of before have the hash they had
  plan.schema = TargetSchema::existing;
  const std::string text = to_toml(plan);
  CHECK(text.find("\nschema = \"existing\"\n") != std::string::npos);
  CHECK(hash(plan) != before);
  const auto back = from_toml(text, "plan.toml");
  REQUIRE(back.has_value());
  CHECK(back->schema == TargetSchema::existing);
  CHECK(to_toml(*back).find("schema = \"existing\"") != std::string::npos);
  const auto drafted = from_toml("version = 1\nschema = \"drafted\"\n", "plan.toml");
  REQUIRE(drafted.has_value());
  CHECK(drafted->schema == TargetSchema::drafted);
}

struct Mistake { std::string_view from, to, message; };
constexpr std::array kMistakes{
    Mistake{"type = \"bigint\"", "tpye = \"bigint\"", "plan.toml:13: unknown key \"tpye\"; did you mean \"type\"?"},
    Mistake{"\"bigint\"", "\"bigitn\"", "plan.toml:13: unknown type \"bigitn\"; did you mean \"bigint\"?"},
    Mistake{"\"integer\"", "\"intger\"", "plan.toml:14: unknown form \"intger\"; did you mean \"integer\"?"},
    Mistake{"\"refuse\"", "\"refuze\"", "plan.toml:15: unknown misfit \"refuze\"; did you mean \"refuse\"?"},
    Mistake{"\"integer\"", "\"real\"", "plan.toml:14: form \"real\" does not hold values of type bigint"},
    Mistake{"Europe/Berlin", "Europe/Brelin", "plan.toml:24: unknown time zone \"Europe/Brelin\""},
    Mistake{"key = [\"id\"]", "key = [\"ident\"]", "plan.toml:6: key names \"ident\", which is no column of table \"weather\""},
    Mistake{"keep = true", "keep = 1", "plan.toml:26: keep must be true or false"},
    Mistake{"version = 1", "version = 2", "plan.toml:1: version must be 1"},
    Mistake{"version = 1", "version = 1\nschema = \"exising\"", "plan.toml:2: unknown schema \"exising\"; did you mean \"existing\"?"},
    Mistake{"version = 1", "version = 1\nshema = \"existing\"", "plan.toml:2: unknown key \"shema\"; did you mean \"schema\"?"},
    Mistake{"version = 1", "version = 1\nschema = 1", "plan.toml:2: schema must be a string"},
};

TEST_CASE("A mistake in the plan is named with its line and the nearest right word") {
  for (const Mistake& mistake : kMistakes) {
    std::string text = to_toml(sample());
    text.replace(text.find(mistake.from), mistake.from.size(), mistake.to);
    INFO(text);
    const auto plan = from_toml(text, "plan.toml");
    REQUIRE_FALSE(plan.has_value());
    CHECK(plan.error().state.code() == "F0000");
    CHECK(plan.error().message == mistake.message);
  }
  CHECK(from_toml("version = ", "p.toml").error().message.starts_with("p.toml:1: "));
}

Schema file() {
  Table table;
  table.sqlite_name = "Weather";
  table.columns.resize(3);
  table.columns[0].sqlite_name = "ID";
  table.columns[0].declared = "INTEGER";
  table.columns[0].primary_key = 1;
  table.columns[1].sqlite_name = "At";
  table.columns[1].declared = "DATETIME";
  table.columns[2].sqlite_name = "Note";
  table.columns[2].declared = "VARCHAR(20)";
  table.indexes.push_back({"Weather_At", {{"At", ""}}});
  Schema schema;
  schema.tables.emplace("Weather", table);
  return schema;
}

TEST_CASE("Without a plan names fold and types come from the default table") {
  Schema schema = file();
  REQUIRE(apply(schema, nullptr, {}).has_value());
  const Table* table = schema.find("weather");
  REQUIRE(table);
  CHECK(table->sqlite_name == "Weather");
  CHECK(table->find_column("id")->type.oid == oid::int8);
  CHECK(table->find_column("id")->serial);
  CHECK(table->rowid_alias() == table->find_column("id"));
  CHECK(table->find_column("at")->type.oid == oid::timestamp);
  CHECK(table->find_column("note")->type == model::Type{oid::text});
  CHECK(table->indexes[0].name == "weather_at");
  CHECK(table->indexes[0].parts[0].column == "at");
  CHECK(schema.plan_hash.empty());
}

TEST_CASE("The plan goes before what the proxy recorded, and that before the default table") {
  Schema schema = file();
  const Plan plan = sample();
  const std::vector<Declared> declared{{"weather", "at", {oid::date}, {Form::date_iso}}, {"weather", "note", {oid::varchar, 24}, {Form::text}}};
  REQUIRE(apply(schema, &plan, declared).has_value());
  const Table* table = schema.find("weather");
  REQUIRE(table);
  CHECK(table->find_column("at")->type.oid == oid::timestamptz);
  CHECK(table->find_column("at")->form.zone == "Europe/Berlin");
  CHECK(table->find_column("note")->type == model::Type{oid::varchar, 24});
  CHECK(schema.plan_hash == hash(plan));
}

TEST_CASE("Names that become one are refused, naming both") {
  Plan plan = sample();
  plan.tables[0].columns[1].name = "note";
  Schema schema = file();
  const auto columns = apply(schema, &plan, {});
  REQUIRE_FALSE(columns.has_value());
  CHECK(columns.error().state.code() == "42701");
  CHECK(columns.error().detail == "The columns \"At\" and \"Note\" of the file's table \"Weather\" get the same name.");

  schema = file();
  Table other;
  other.sqlite_name = "other";
  schema.tables.emplace("other", other);
  plan = sample();
  plan.tables[0].name = "other";
  const auto tables = apply(schema, &plan, {});
  REQUIRE_FALSE(tables.has_value());
  CHECK(tables.error().state.code() == "42P07");
}

TEST_CASE("A plan that names what the file does not have is refused") {
  Plan plan = sample();
  plan.tables[0].columns[1].source = "When";
  Schema schema = file();
  CHECK(apply(schema, &plan, {}).error().state.code() == "F0000");
}

struct Mapping { std::string_view declared; model::Oid type; Form form; };
constexpr std::array kMappings{
    Mapping{"", oid::text, Form::text},                Mapping{"INTEGER", oid::int8, Form::integer},
    Mapping{"UNSIGNED BIG INT", oid::int8, Form::integer}, Mapping{"varchar ( 20 )", oid::text, Form::text},
    Mapping{"NVARCHAR(160)", oid::text, Form::text},   Mapping{"DOUBLE PRECISION", oid::float8, Form::real},
    Mapping{"FLOAT", oid::float8, Form::real},         Mapping{"DECIMAL(10,2)", oid::numeric, Form::number},
    Mapping{"bool", oid::boolean, Form::boolean_integer}, Mapping{"DateTime", oid::timestamp, Form::timestamp_iso},
    Mapping{"timestamp  with time zone", oid::timestamptz, Form::timestamp_iso}, Mapping{"DATE", oid::date, Form::date_iso},
    Mapping{"BLOB", oid::bytea, Form::blob},           Mapping{"uuid", oid::uuid, Form::uuid_text},
};

TEST_CASE("A declared type has one row of the default table") {
  for (const Mapping& row : kMappings) {
    INFO(row.declared);
    const DefaultMapping mapping = default_mapping(row.declared);
    CHECK(mapping.type.oid == row.type);
    CHECK(mapping.form.form == row.form);
    CHECK(holds(mapping.form, mapping.type));
  }
}

TEST_CASE("Names fold to ASCII lower case and to PostgreSQL's length") {
  CHECK(fold("InvoiceLine") == "invoiceline");
  CHECK(fold("ÄB") == "Äb");
  CHECK(fold(std::string(62, 'X') + "é") == std::string(62, 'x'));
}

}  // namespace
}  // namespace crossfade::plan
