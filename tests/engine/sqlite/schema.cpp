#include "create_text.hpp"
#include "crossfade/engine/sqlite/schema_reader.hpp"
#include "support.hpp"

using namespace crossfade;
using tests::must;

namespace {

constexpr const char* kShop =
    "CREATE TABLE Customer (id INTEGER PRIMARY KEY AUTOINCREMENT, Name TEXT COLLATE NOCASE NOT NULL DEFAULT 'x, (y',"
    "  born DATE, [odd name] REAL, total AS (id + 1), CHECK (length(Name) < 9));"
    "CREATE UNIQUE INDEX by_name ON Customer(Name DESC, lower(Name) COLLATE NOCASE) WHERE born IS NOT NULL;"
    "CREATE TABLE item (a INTEGER, b INTEGER, customer INTEGER CONSTRAINT buyer REFERENCES Customer(id) ON DELETE CASCADE"
    "  DEFERRABLE INITIALLY DEFERRED, parent INTEGER REFERENCES item, PRIMARY KEY (b, a)) WITHOUT ROWID;"
    "CREATE VIEW totals AS SELECT Name, id + 1 AS next FROM Customer;"
    "CREATE TABLE crossfade_state (x); CREATE VIRTUAL TABLE words USING fts5(word)";

}  // namespace

TEST_CASE("a schema is read with what the pragmas leave out, and without the proxy's own tables") {
  const tests::TemporaryFile file;
  auto connection = file.open();
  must(connection.execute(kShop));
  const auto schema = must(sqlite::read_schema(connection, nullptr));
  CHECK(schema.version > 0);
  CHECK(schema.find("crossfade_state") == nullptr);
  CHECK(schema.find("words_data") == nullptr);
  REQUIRE(schema.find("words") != nullptr);
  CHECK(schema.find("words")->virtual_table);
  const plan::Table* customer = schema.find("customer");
  REQUIRE(customer != nullptr);
  CHECK(customer->sqlite_name == "Customer");
  CHECK(customer->autoincrement);
  REQUIRE(customer->rowid_alias() != nullptr);
  CHECK(customer->rowid_alias()->name == "id");
  const plan::Column* name = customer->find_column("name");
  REQUIRE(name != nullptr);
  CHECK(name->collation == "NOCASE");
  CHECK(name->not_null);
  CHECK(name->default_sql == "'x, (y'");
  CHECK(customer->find_column("total")->generated);
  CHECK(customer->checks == std::vector<std::string>{"length(Name) < 9"});
  REQUIRE(customer->indexes.size() == 1);
  const plan::Index& index = customer->indexes[0];
  CHECK(index.unique);
  CHECK(index.predicate == "born IS NOT NULL");
  REQUIRE(index.parts.size() == 2);
  CHECK(index.parts[0].descending);
  CHECK(index.parts[1].expression == "lower(Name)");
  CHECK(index.parts[1].collation == "NOCASE");
}

TEST_CASE("foreign keys keep the order and the names of the text, and say whether they are deferred") {
  const tests::TemporaryFile file;
  auto connection = file.open();
  must(connection.execute(kShop));
  const auto schema = must(sqlite::read_schema(connection, nullptr));
  const plan::Table* item = schema.find("item");
  REQUIRE(item != nullptr);
  CHECK(item->without_rowid);
  CHECK(item->rowid_alias() == nullptr);
  REQUIRE(item->key().size() == 2);
  CHECK(item->key()[0]->name == "b");
  REQUIRE(item->foreign_keys.size() == 2);
  CHECK(item->foreign_keys[0].name == "buyer");
  CHECK(item->foreign_keys[0].initially_deferred);
  CHECK(item->foreign_keys[0].on_delete == "CASCADE");
  CHECK(item->foreign_keys[1].name == "item_parent_fkey");
  CHECK_FALSE(item->foreign_keys[1].deferrable);
}

TEST_CASE("a view's plain column has its table's type, and OIDs are the same in every process") {
  const tests::TemporaryFile file;
  auto connection = file.open();
  must(connection.execute(kShop));
  const auto schema = must(sqlite::read_schema(connection, nullptr));
  const plan::Table* totals = schema.find("totals");
  REQUIRE(totals != nullptr);
  CHECK(totals->view);
  CHECK(totals->columns[0].type == schema.find("customer")->find_column("name")->type);
  CHECK(totals->oid >= 16'384);
  CHECK(must(sqlite::read_schema(connection, nullptr)).find("totals")->oid == totals->oid);
}

TEST_CASE("constraints without a name get the one PostgreSQL would give, cut to 63 bytes") {
  using sqlite::default_key_name;
  CHECK(default_key_name("Users", true, {"id"}) == "users_pkey");
  CHECK(default_key_name("users", false, {"a", "B"}) == "users_a_b_key");
  const std::string name = default_key_name(std::string(60, 't'), false, {std::string(40, 'c')});
  CHECK(name == std::string(29, 't') + "_" + std::string(29, 'c') + "_key");
  const char* text = "CREATE TABLE t (\"a b\" INT /* , CHECK (no) */ CHECK (\"a b\" > 0) DEFAULT (1), b TEXT -- x, y\n, CHECK(b <> ')'))";
  const auto table = sqlite::read_create_text(text);
  CHECK(table.columns == std::vector<std::string>{"a b", "b"});
  REQUIRE(table.constraints.size() == 2);
  CHECK(table.constraints[1].expression == "b <> ')'");
  CHECK(sqlite::check_name(text, "t", "b <> ')'") == "t_b_check");
}
