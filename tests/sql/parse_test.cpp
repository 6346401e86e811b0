#include <catch2/catch.hpp>

#include "as_written.hpp"

using namespace crossfade::sql;
namespace oid = crossfade::model::oid;

namespace {

const Expression& first_target(const Parsed& parsed) {
  return std::get<Select>(std::get<Query>(parsed.tree->statement.node).body).targets.at(0).expression;
}

crossfade::model::Type cast_type(std::string_view type) {
  const Parsed parsed = parse_one("select cast(x as " + std::string{type} + ")");
  const Cast cast = std::get<Cast>(first_target(parsed).node);
  REQUIRE(cast.type.resolved);
  return *cast.type.resolved;
}

}  // namespace

TEST_CASE("a query string is cut into statements with their own text and place in characters") {
  const auto parsed = parse(" select 'é;' ;\n update t set a = 1 ; ;-- end", Dialect::postgres).value();
  REQUIRE(parsed.size() == 2);
  CHECK(parsed[0].text == "select 'é;'");
  CHECK(parsed[0].offset == 1);
  CHECK(parsed[0].kind == Kind::select);
  CHECK(parsed[1].text == "update t set a = 1");
  CHECK(parsed[1].offset == 16);
  CHECK(parsed[1].command_tag == "UPDATE");
}

TEST_CASE("a query string without statements is one empty statement") {
  for (const std::string_view text : {"", "  ", ";;", "-- nothing", "/* a /* b */ c */ ;"}) {
    const Parsed parsed = parse_one(text);
    CHECK(parsed.kind == Kind::empty);
    CHECK(parsed.tree);
  }
}

TEST_CASE("positions count characters of the statement, not bytes of the query") {
  const auto parsed = parse("select 1; select 'é' || größe", Dialect::postgres).value();
  const Expression& operation = first_target(parsed.at(1));
  CHECK(operation.position == 11);
  CHECK(std::get<Operation>(operation.node).right->position == 14);
}

TEST_CASE("every statement has its kind and PostgreSQL's command tag") {
  struct Row { std::string_view query; Kind kind; std::string_view tag; };
  const Row rows[] = {
      {"values (1)", Kind::values, "SELECT"},
      {"table t", Kind::select, "SELECT"},
      {"insert into t values (1)", Kind::insert, "INSERT 0"},
      {"delete from t", Kind::delete_, "DELETE"},
      {"create table t (a int)", Kind::create_table, "CREATE TABLE"},
      {"create table t as select 1", Kind::create_table, "SELECT"},
      {"create materialized view v as select 1", Kind::other_ddl, "SELECT"},
      {"create index on t (a)", Kind::create_index, "CREATE INDEX"},
      {"alter table t add a int", Kind::alter_table, "ALTER TABLE"},
      {"alter index i rename to j", Kind::alter_table, "ALTER INDEX"},
      {"drop view v", Kind::drop, "DROP VIEW"},
      {"drop sequence s", Kind::other_ddl, "DROP SEQUENCE"},
      {"create function f() returns int language sql as 'select 1'", Kind::other_ddl, "CREATE FUNCTION"},
      {"truncate t", Kind::truncate, "TRUNCATE TABLE"},
      {"start transaction", Kind::transaction, "START TRANSACTION"},
      {"end", Kind::transaction, "COMMIT"},
      {"abort", Kind::transaction, "ROLLBACK"},
      {"rollback to a", Kind::transaction, "ROLLBACK"},
      {"set a = 1", Kind::setting, "SET"},
      {"reset a", Kind::setting, "RESET"},
      {"show a", Kind::show, "SHOW"},
      {"discard all", Kind::discard, "DISCARD ALL"},
      {"deallocate all", Kind::deallocate, "DEALLOCATE ALL"},
      {"explain select 1", Kind::explain, "EXPLAIN"},
      {"copy t from stdin", Kind::copy, "COPY"},
      {"prepare p as select 1", Kind::prepare, "PREPARE"},
      {"vacuum", Kind::maintenance, "VACUUM"},
      {"declare c cursor for select 1", Kind::cursor, "DECLARE CURSOR"},
      {"merge into t using u on true when matched then delete", Kind::unsupported, "MERGE"},
      {"lock table t", Kind::lock, "LOCK TABLE"},
  };
  for (const Row& row : rows) {
    const Parsed parsed = parse_one(row.query);
    INFO(row.query);
    CHECK(parsed.kind == row.kind);
    CHECK(parsed.command_tag == row.tag);
  }
}

TEST_CASE("a type has its modifier as PostgreSQL stores it") {
  CHECK(cast_type("int") == crossfade::model::Type{oid::int4, -1});
  CHECK(cast_type("varchar(20)") == crossfade::model::Type{oid::varchar, 24});
  CHECK(cast_type("char") == crossfade::model::Type{oid::bpchar, 5});
  CHECK(cast_type("numeric(10, 2)") == crossfade::model::Type{oid::numeric, (10 << 16 | 2) + 4});
  CHECK(cast_type("numeric(5)") == crossfade::model::Type{oid::numeric, (5 << 16) + 4});
  CHECK(cast_type("timestamp(3) with time zone") == crossfade::model::Type{oid::timestamptz, 3});
  CHECK(cast_type("double precision") == crossfade::model::Type{oid::float8, -1});
  CHECK(cast_type("interval day to second") == crossfade::model::Type{oid::interval, (0x1C08 << 16) | 0xFFFF});
  CHECK(cast_type("pg_catalog.text") == crossfade::model::Type{oid::text, -1});
  CHECK(error_of("select 'x'::varchar(0)").message == "length for type varchar must be at least 1");
  CHECK(error_of("select 1::numeric(1001)").state.code() == "22023");
  CHECK(error_of("select 'x'::text(3)").message == "type modifier is not allowed for type \"text\"");
}

TEST_CASE("serial types are integers that fill themselves") {
  const Parsed parsed = parse_one("create table t (id bigserial primary key)");
  const ColumnDefinition column = std::get<CreateTable>(parsed.tree->statement.node).columns.at(0);
  CHECK(column.serial);
  CHECK(column.type.resolved->oid == oid::int8);
  CHECK(column.constraints.at(0).kind == Constraint::Kind::primary_key);
}

TEST_CASE("literals keep what was written") {
  using Kind = Literal::Kind;
  const auto literal = [](std::string_view text) { return std::get<Literal>(first_target(parse_one("select " + std::string{text})).node); };
  const auto check = [&](std::string_view text, Kind kind, std::string_view value) {
    const Literal read = literal(text);
    CHECK(read.kind == kind);
    CHECK(read.text == value);
  };
  check("12", Kind::integer, "12");
  check("-7", Kind::integer, "-7");
  check("99999999999999999999", Kind::integer, "99999999999999999999");
  check("1.50", Kind::numeric, "1.50");
  check("1e3", Kind::numeric, "1e3");
  check("'a''b'", Kind::string, "a'b");
  check("$x$a'b$x$", Kind::string, "a'b");
  check("B'101'", Kind::bits, "101");
  check("X'1F'", Kind::hex_bits, "1F");
  check("TRUE", Kind::boolean, "true");
  check("NULL", Kind::null, "");
}

TEST_CASE("the grammar's own wrapping is undone") {
  const Like like = std::get<Like>(first_target(parse_one("select a not ilike 'x' escape '!'")).node);
  CHECK(like.kind == Like::Kind::ilike);
  CHECK(like.negated);
  CHECK(std::get<Literal>(like.escape->node).text == "!");
  const Like similar = std::get<Like>(first_target(parse_one("select a similar to 'x'")).node);
  CHECK(std::get<Literal>(similar.pattern->node).text == "x");
  CHECK_FALSE(similar.escape);
  const FunctionCall zone = std::get<FunctionCall>(first_target(parse_one("select a at time zone 'UTC'")).node);
  CHECK(zone.name == "timezone");
  CHECK(zone.sql_syntax);
  CHECK(zone.arguments.size() == 2);
}

TEST_CASE("the highest parameter is the client's own") {
  CHECK(parse_one("select $3, $1").tree->highest_parameter == 3);
  CHECK(parse_one("prepare p as select $2").tree->highest_parameter == 0);
  CHECK(error_of("select $0").message == "there is no parameter $0");
}

TEST_CASE("a copied tree shares nothing with its original") {
  const Parsed parsed = parse_one("select a + 1 from t where exists (select 1)");
  Statement copy = parsed.tree->statement;
  auto& target = std::get<Select>(std::get<Query>(copy.node).body).targets.at(0).expression;
  std::get<ColumnReference>(std::get<Operation>(target.node).left->node).name = "changed";
  CHECK(std::get<ColumnReference>(std::get<Operation>(first_target(parsed).node).left->node).name == "a");
}
