#include <catch2/catch.hpp>

#include "crossfade/sql/schema_order.hpp"

using crossfade::sql::schema_order;
using Names = std::vector<std::string>;

TEST_CASE("what changes no column that rows have may wait for them") {
  for (const char* text :
       {"ALTER TABLE t ALTER c SET NOT NULL, ALTER d DROP NOT NULL", "ALTER TABLE t ALTER c SET DEFAULT 1", "ALTER TABLE t ADD CHECK (c > 0), DROP CONSTRAINT k", "ALTER TABLE t ADD PRIMARY KEY (c)",
        "CREATE UNIQUE INDEX ON t (c)", "DROP INDEX i", "COMMENT ON TABLE t IS 'x'", "CREATE VIEW v AS SELECT * FROM t", "DROP VIEW v", "CREATE SEQUENCE s",
            "ALTER TABLE t RENAME CONSTRAINT a TO b"}) {
    CAPTURE(text);
    CHECK(schema_order(text).may_wait);
  }
}

TEST_CASE("the others name what means another thing afterwards") {
  CHECK(schema_order("CREATE TABLE public.\"New\" (a int)").renames == Names{"new"});
  CHECK(schema_order("ALTER TABLE t ADD COLUMN a int, DROP COLUMN b, ALTER c TYPE text").renames == Names{"a", "b", "c"});
  CHECK(schema_order("ALTER TABLE t RENAME c TO d").renames == Names{"c", "d"});
  CHECK(schema_order("ALTER TABLE t RENAME TO u").renames == Names{"t", "u"});
  CHECK(schema_order("DROP TABLE t, s.u").renames == Names{"t", "u"});
  for (const char* text : {"DROP TABLE t CASCADE", "ALTER TABLE t DROP COLUMN a CASCADE", "ALTER TABLE t ADD COLUMN a int, ALTER a SET NOT NULL", "CREATE TABLE t (LIKE u)",
      "CREATE TYPE e AS ENUM ('a')", "nonsense",
                           "DROP TABLE t; DROP TABLE u"}) {
    CAPTURE(text);
    CHECK_FALSE(schema_order(text).may_wait);
    CHECK(schema_order(text).renames.empty());
  }
}

TEST_CASE("words are all that a statement may name") {
  const auto order = schema_order("ALTER TABLE \"T\"\"x\" ADD CHECK (c <> 'a.s') -- no");
  CHECK(order.words.contains("t\"x"));
  CHECK(order.words.contains("c"));
  CHECK_FALSE(order.words.contains("no"));
  CHECK_FALSE(order.names_all);
  CHECK(schema_order("CREATE VIEW v AS SELECT * FROM t").names_all);
  CHECK(schema_order("ALTER TABLE U&\"t\" ALTER c SET NOT NULL").names_all);
}
