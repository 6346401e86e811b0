#include <catch2/catch.hpp>
#include <map>
#include <string>

#include "crossfade/model/text_format.hpp"
#include "crossfade/plan/plan.hpp"
#include "crossfade/sql/view_reading.hpp"
#include "view_text.hpp"

namespace crossfade::sql {
namespace {

plan::Column column(std::string name, model::Oid type, plan::Form form) {
  plan::Column out;
  out.name = plan::fold(name);
  out.sqlite_name = std::move(name);
  out.type = {type};
  out.form = {form};
  return out;
}

const plan::Table& item() {
  static const plan::Table table = [] {
    plan::Table out;
    out.name = out.sqlite_name = "item";
    out.columns = {column("Id", model::oid::int8, plan::Form::integer), column("price", model::oid::float8, plan::Form::real),
                   column("name", model::oid::text, plan::Form::text), column("made", model::oid::timestamp, plan::Form::timestamp_iso)};
    return out;
  }();
  return table;
}

/// "int8 text …": the columns' types, `any` for what the text does not say; empty when it is not understood.
std::string types(const std::string& query) {
  const auto found = read_view("CREATE VIEW v AS " + query, [](std::string_view name) { return name == "item" ? &item() : nullptr; });
  std::string out;
  for (const ColumnReading& each : found.value_or(std::vector<ColumnReading>{})) {
    if (!out.empty()) out += ' ';
    out += each.form.form == plan::Form::any ? "any" : std::string{model::find_type(each.type.oid)->name};
  }
  return out;
}

}  // namespace

TEST_CASE("A view's computed columns have the types of what SQLite gives") {
  CHECK(types("SELECT id, count(*), avg(id), sum(id), sum(price), max(made), min(name) FROM item") == "int8 int8 float8 int8 float8 timestamp text");
  CHECK(types("SELECT id + 1, id * price, name + 1, id || 'x', id = 1, -price FROM item") == "int8 float8 numeric text int8 float8");
  CHECK(types("SELECT coalesce(price, 0), coalesce(price, id), coalesce(id, 'none'), nullif(made, name) FROM item") == "float8 numeric any timestamp");
  CHECK(types("SELECT CASE WHEN id THEN made ELSE made END, iif(id, 1, 2.5), (SELECT max(id) FROM item) FROM item") == "timestamp float8 int8");
  CHECK(types("SELECT cast(name AS INT), cast(id AS VARCHAR(3)), cast(id AS DECIMAL(3)), cast(id AS DOUBLE) FROM item") == "int8 text numeric float8");
  CHECK(types("SELECT my_function(id), json_extract(name, '$.a'), nothing FROM item") == "any any any");
  CHECK(types("SELECT 9223372036854775807, 9223372036854775808, 3000000000, x'61', NULL") == "int8 float8 int8 bytea any");
  CHECK(types("VALUES (1, 'a'), (2.5, 3)") == "float8 any");
}

TEST_CASE("A view's queries in queries are read from the inside out") {
  CHECK(types("SELECT * FROM (SELECT id AS a, made FROM item) WHERE a > 1") == "int8 timestamp");
  CHECK(types("WITH w(a, b) AS (SELECT name, price * 2 FROM item) SELECT b, a FROM w x") == "float8 text");
  CHECK(types("WITH RECURSIVE c(n, t) AS (SELECT 1, made FROM item UNION ALL SELECT n + 1, t FROM c) SELECT * FROM c") == "int8 timestamp");
  CHECK(types("SELECT a.id, b.* FROM item a LEFT JOIN item AS b USING (id)") == "int8 int8 float8 text timestamp");
  CHECK(types("SELECT * FROM item a JOIN item b USING (id)") == "int8 float8 text timestamp float8 text timestamp");
  CHECK(types("SELECT id FROM item UNION SELECT price FROM item") == "numeric");
  CHECK(types("SELECT id FROM missing").empty());
  CHECK(types("SELECT missing.* FROM item").empty());
  CHECK(types("SELECT key FROM json_each('[]')").empty());
}

TEST_CASE("SQLite's own words are said so that PostgreSQL's grammar reads them") {
  CHECK(types("SELECT [Id], `id`, \"ID\", id == 1, id IS NOT 2, name GLOB 'a', name NOT REGEXP 'a', time(made), char(65) FROM item") ==
        "int8 int8 int8 int8 int8 int8 int8 text text");
  CHECK(types("SELECT id 'the number', count(*) AS 'all' FROM item NOT INDEXED -- a comment\n LIMIT 1, 2") == "int8 int8");
  CHECK(query_of_view("CREATE VIEW \"v as\" (a, b) AS SELECT [a]]") == " SELECT \"a\"]");
  CHECK(query_of_view("CREATE VIEW v AS SELECT '[a]' /* ` */ , \"b`c\"") == " SELECT '[a]' , \"b`c\"");
  CHECK(!query_of_view("CREATE VIEW v"));
  CHECK(!query_of_view(""));
  CHECK(query_of_view("CREATE VIEW v AS SELECT 'not closed") == " SELECT 'not closed");
}

}  // namespace crossfade::sql
