#include "copy_fixture.hpp"

#include "crossfade/migrate/copy.hpp"
#include "schema_text.hpp"

using namespace crossfade;
using namespace crossfade::migrate;
using test::File;

namespace {

plan::Column column(std::string name, model::Oid type, plan::Form form) {
  plan::Column out;
  out.name = plan::fold(name);
  out.sqlite_name = std::move(name);
  out.type = {type};
  out.form = {form};
  return out;
}

plan::Table sample() {
  plan::Table out;
  out.columns = {column("Id", model::oid::int8, plan::Form::integer), column("Name", model::oid::text, plan::Form::text),
                 column("price", model::oid::numeric, plan::Form::number), column("active", model::oid::boolean, plan::Form::boolean_integer),
                 column("gone_at", model::oid::timestamp, plan::Form::timestamp_iso)};
  return out;
}

std::string defaulted(model::Oid type, plan::Form form, std::string text) {
  auto target = column("c", type, form);
  target.default_sql = std::move(text);
  return same_default(target).value_or("-");
}

std::string script_of(const File& file) {
  auto connection = file.open();
  const auto plan = test::get(draft_plan(connection)).plan;
  return schema_script(test::get(sqlite::read_schema(connection, &plan)), plan).text();
}

}  // namespace

TEST_CASE("an expression comes along only where both databases read it alike") {
  struct Row { std::string_view sqlite, postgres; };
  constexpr std::array kRows{
      Row{"price >= 0", R"("price" >= 0)"},
      Row{"[Name] <> '' AND Id != 3", R"("name" <> '' AND "id" <> 3)"},
      Row{"Name IN ('a', 'it''s')", R"("name" IN ('a', 'it''s'))"},
      Row{"price BETWEEN 1 AND 10.5", R"("price" BETWEEN 1 AND 10.5)"},
      Row{"length(Name) > 2", R"(length("name") > 2)"},
      Row{"active = 1 AND price > 0", R"("active" AND "price" > 0)"},
      Row{"(active = 0)", R"((NOT "active"))"},
      Row{"gone_at IS NULL", R"("gone_at" IS NULL)"},
      Row{"Name GLOB 'a*'", R"("name" LIKE 'a%')"},
      Row{"Name NOT GLOB '?[*]x%[[]' OR (Name GLOB '_')", R"("name" NOT LIKE E'_*x\\%[' OR ("name" LIKE E'\\_'))"},
      Row{"gone_at IS NOT NULL OR price == 1", R"("gone_at" IS NOT NULL OR "price" = 1)"},
  };
  for (const auto& row : kRows) {
    INFO(row.sqlite);
    CHECK(same_expression(sample(), row.sqlite) == std::string(row.postgres));
  }
  CHECK(same_expression(sample(), "lower(Name) = 'x' OR upper(Name) = 'X'") == R"(lower("name" COLLATE "C") = 'x' OR upper("name" COLLATE "C") = 'X')");
  CHECK(same_expression(sample(), "lower(Name)", Letters::of_the_database) == R"(lower("name"))");
  for (const auto* refused : {"Name > 3", "active = 1 + 0", "1 + active = 1", "gone_at > '2024'", "Name LIKE 'a%'", "price / 2 > 1", "Name GLOB 'a[bc]'", "Name GLOB '[^a]'", "Name GLOB 'a' || 'b'",
                              "price GLOB '1*'", "other = 1",
                              "Name = \"x\"", "price > (SELECT 1)", "typeof(price) = 'real'", "Name = 'open", "length(price) > 1"}) {
    INFO(refused);
    CHECK_FALSE(same_expression(sample(), refused));
  }
  CHECK(implied_by_type(sample(), "active IN (0, 1)"));
  CHECK_FALSE(implied_by_type(sample(), "price IN (0, 1)"));
}

TEST_CASE("a default is read through the column's stored form") {
  namespace oid = model::oid;
  using plan::Form;
  CHECK(defaulted(oid::int8, Form::integer, "-1") == "'-1'::bigint");
  CHECK(defaulted(oid::int8, Form::integer, "'7'") == "'7'::bigint");
  CHECK(defaulted(oid::boolean, Form::boolean_integer, "1") == "'t'::boolean");
  CHECK(defaulted(oid::boolean, Form::boolean_integer, "FALSE") == "'f'::boolean");
  CHECK(defaulted(oid::text, Form::text, "'it''s'") == "'it''s'::text");
  CHECK(defaulted(oid::text, Form::text, "5") == "'5'::text");
  CHECK(defaulted(oid::bytea, Form::blob, "x'00fF'") == R"(E'\\x00ff'::bytea)");
  CHECK(defaulted(oid::text, Form::text, "NULL") == "NULL");
  CHECK(defaulted(oid::timestamp, Form::timestamp_iso, "CURRENT_TIMESTAMP").starts_with("date_trunc('second'"));
  CHECK(defaulted(oid::text, Form::text, "(datetime('now'))").starts_with("to_char("));
  CHECK(defaulted(oid::timestamptz, Form::timestamp_iso, "(strftime('%Y-%m-%d %H:%M:%f', 'NOW') || '000' || '+00:00')") == "(statement_timestamp())");
  CHECK(defaulted(oid::timestamp, Form::timestamp_iso, "strftime('%Y-%m-%d %H:%M:%f', 'now', 'localtime')") == "-");
  CHECK(defaulted(oid::int8, Form::integer, "random()") == "-");
  CHECK(defaulted(oid::int8, Form::integer, "CURRENT_TIMESTAMP") == "-");
  CHECK(defaulted(oid::text, Form::text, "datetime('now', 'localtime')") == "-");
}

TEST_CASE("the script has tables, then indexes, then foreign keys, and names what does not come along") {
  const File file("CREATE TABLE Parent (Id INTEGER PRIMARY KEY AUTOINCREMENT, Code TEXT UNIQUE COLLATE NOCASE, CHECK (Id > 0));"
                  "CREATE TABLE child (a INTEGER, b INTEGER, p INTEGER REFERENCES Parent(Id) ON DELETE CASCADE, PRIMARY KEY (a, b)) WITHOUT ROWID;"
                  "CREATE INDEX child_p ON child (p DESC) WHERE p > 0; CREATE INDEX odd ON child (a % 2);"
                  "CREATE TABLE keyless (x); INSERT INTO Parent VALUES (1, 'a'); INSERT INTO child VALUES (1, 2, 1)");
  const auto text = script_of(file);
  INFO(text);
  const auto at = [&text](std::string_view part) { return text.find(part); };
  CHECK(at("\"id\" bigint NOT NULL GENERATED BY DEFAULT AS IDENTITY") != text.npos);
  CHECK(at("CREATE COLLATION public.bytewise") < at("COLLATE \"public\".\"bytewise\""));
  CHECK(at("\"code\" text COLLATE \"public\".\"bytewise\"") != text.npos);
  CHECK(at("PRIMARY KEY (\"a\", \"b\")") != text.npos);
  CHECK(at("UNIQUE INDEX IF NOT EXISTS \"parent_code_key\" ON \"public\".\"parent\" (lower(\"code\" COLLATE \"C\"))") != text.npos);
  CHECK(at("\"child_p\" ON \"public\".\"child\" (\"p\" DESC) WHERE \"p\" > 0") != text.npos);
  CHECK(at("FOREIGN KEY (\"p\") REFERENCES \"public\".\"parent\" (\"id\") ON DELETE CASCADE DEFERRABLE INITIALLY IMMEDIATE") != text.npos);
  CHECK(at("CHECK (\"id\" > 0)") != text.npos);
  CHECK(at("-- not translated: table child: index odd: ") != text.npos);
  CHECK(at("-- not translated: table parent: column code: COLLATE NOCASE") != text.npos);
  CHECK(at("CREATE TABLE IF NOT EXISTS \"public\".\"parent\"") < at("\"child_p\""));
  CHECK(at("\"child_p\"") < at("FOREIGN KEY"));
}
