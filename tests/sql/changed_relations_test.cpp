#include "crossfade/sql/changed_relations.hpp"

#include <array>
#include <catch2/catch.hpp>

using crossfade::sql::changed_relations;
using crossfade::sql::ChangedRelations;
using crossfade::sql::RelationPlace;

namespace {

std::string told(const std::vector<RelationPlace>& places) {
  std::string out;
  for (const RelationPlace& place : places) out += (out.empty() ? "" : " ") + (place.schema.empty() ? "" : place.schema + ".") + place.name;
  return out;
}

std::string told(const ChangedRelations& named) {
  if (!named.known) return "?";
  std::string out = "changed:" + told(named.changed) + " read:" + told(named.read);
  if (named.made) out += std::string(named.makes_temporary ? " temp:" : " made:") + told(std::vector{*named.made});
  if (named.drops) out += " drops";
  if (!named.renamed.empty()) out += " renamed:" + named.renamed;
  if (named.reads_query) out += " query";
  if (named.unsettles) out += " unsettles";
  return out;
}

}  // namespace

TEST_CASE("what a change of the schema names, and as what") {
  struct Row { const char *text, *told; };
  constexpr std::array kRows{
      Row{"DROP TABLE a, s.b CASCADE", "changed:a s.b read: drops"},
      Row{"DROP INDEX IF EXISTS i", "changed:i read: drops"},
      Row{"DROP TRIGGER t ON s.a", "changed:s.a read:"},
      Row{"DROP TYPE t", "changed: read:"},
      Row{"ALTER TABLE a ADD COLUMN b int REFERENCES c, ADD FOREIGN KEY (d) REFERENCES s.e (f), DROP COLUMN g", "changed:a read:c s.e"},
      Row{"ALTER TABLE a INHERIT b", "changed:a read:b"},
      Row{"ALTER TABLE a ATTACH PARTITION b DEFAULT", "changed:a read:b"},
      Row{"ALTER TABLE a RENAME TO b", "changed:a read: renamed:b"},
      Row{"ALTER TABLE a RENAME b TO c", "changed:a read:"},
      Row{"ALTER INDEX a RENAME TO b", "changed:a read: renamed:b"},
      Row{"ALTER TABLE a SET SCHEMA s", "changed:a read:"},
      Row{"CREATE TABLE a (b int REFERENCES c, LIKE d, CHECK (b > 0), FOREIGN KEY (b) REFERENCES e) INHERITS (f)", "changed: read:c d e f made:a"},
      Row{"CREATE TEMP TABLE a (b int)", "changed: read: temp:a"},
      Row{"CREATE TABLE pg_temp.a (b int)", "changed: read: temp:pg_temp.a"},
      Row{"CREATE TEMP TABLE a AS EXECUTE p", "changed: read: temp:a"},
      Row{"CREATE TABLE a AS SELECT * FROM b", "changed: read: made:a"},
      Row{"SELECT 1 INTO TEMP a UNION SELECT 2", "changed: read: temp:a"},
      Row{"CREATE UNIQUE INDEX i ON s.a (b)", "changed:s.a read: made:s.i"},
      Row{"CREATE INDEX ON a (b)", "changed:a read:"},
      Row{"CREATE VIEW v AS SELECT * FROM a", "changed: read: made:v query"},
      Row{"CREATE OR REPLACE TEMP VIEW v AS SELECT 1", "changed: read: temp:v query"},
      Row{"CREATE SEQUENCE s OWNED BY a.b", "changed: read:a made:s"},
      Row{"CREATE SEQUENCE s OWNED BY NONE", "changed: read: made:s"},
      Row{"ALTER SEQUENCE s OWNED BY t.a.b", "changed:s read:t.a"},
      Row{"COMMENT ON COLUMN s.a.b IS 'x'", "changed:s.a read:"},
      Row{"COMMENT ON TABLE a IS NULL", "changed:a read:"},
      Row{"COMMENT ON CONSTRAINT c ON a IS 'x'", "changed:a read:"},
      Row{"COMMENT ON DATABASE d IS 'x'", "changed: read:"},
      Row{"CREATE TRIGGER t AFTER INSERT ON a EXECUTE FUNCTION f()", "changed:a read:"},
      Row{"CREATE STATISTICS s ON b, c FROM a", "changed:a read:"},
      Row{"GRANT SELECT ON a, s.b TO PUBLIC", "changed:a s.b read:"},
      Row{"GRANT ALL ON SCHEMA s TO PUBLIC", "changed: read:"},
      Row{"BEGIN", "changed: read:"},
      Row{"RELEASE s", "changed: read:"},
      Row{"END", "changed: read: unsettles"},
      Row{"ROLLBACK TO s", "changed: read: unsettles"},
      Row{"DISCARD TEMP", "changed: read: unsettles"},
      Row{"CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'", "?"},
      Row{"DROP TABLE a; DROP TABLE b", "?"},
      Row{"DROP TABEL a", "?"},
      Row{"", "?"},
  };
  for (const Row& row : kRows) {
    INFO(row.text);
    CHECK(told(changed_relations(row.text)) == row.told);
  }
}
