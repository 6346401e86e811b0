#include <catch2/catch.hpp>

#include "as_written.hpp"
#include "crossfade/sql/translate.hpp"
#include "golden_schema.hpp"

using namespace crossfade;

namespace {

const plan::Schema& schema() {
  static const plan::Schema made = schema_of("CREATE TABLE post (id bigint PRIMARY KEY, author bigint, title text, score double precision, made timestamp);"
                                             "CREATE TABLE author (id bigint PRIMARY KEY, name text)");
  return made;
}

sql::Translated of(std::string_view text) {
  const auto made = sql::translate(sql::parse_one(text), {.schema = &schema(), .database = "app"});
  INFO(text);
  REQUIRE(made);
  return *made;
}

bool open(const sql::Translated& statement) { return statement.order_open || !statement.open_columns.empty(); }

}  // namespace

TEST_CASE("the first items of ORDER BY that are output columns are known by their place") {
  using Places = std::vector<std::size_t>;
  CHECK(of("SELECT * FROM post ORDER BY made DESC, score").order_columns == Places{4, 3});
  CHECK(of("SELECT title, made AS at FROM post ORDER BY at, 1").order_columns == Places{1, 0});
  CHECK(of("SELECT lower(title) AS title, id FROM post ORDER BY post.title, id").order_columns.empty());
  CHECK(of("SELECT lower(title) AS title, id FROM post ORDER BY lower(post.title), made").order_columns == Places{0});
  CHECK(of("SELECT p.id, a.name FROM post p JOIN author a ON a.id = p.author ORDER BY a.name, p.made, p.id").order_columns == Places{1});
  CHECK(of("SELECT title FROM post UNION SELECT name FROM author ORDER BY title").order_columns == Places{0});
  CHECK(of("SELECT author, count(*) FROM post GROUP BY author ORDER BY count(*) DESC").order_columns == Places{1});
}

TEST_CASE("a LIMIT cuts ties where the order leaves some") {
  CHECK(of("SELECT * FROM post ORDER BY made LIMIT 10").cut);
  CHECK(of("SELECT * FROM post OFFSET 3").cut);
  CHECK_FALSE(of("SELECT * FROM post ORDER BY made, id LIMIT 10").cut);
  CHECK_FALSE(of("SELECT * FROM post ORDER BY made").cut);
  for (const std::string_view whole : {
           "SELECT * FROM post WHERE id = 7 LIMIT 1", "SELECT * FROM post p WHERE p.id = $1::bigint AND title = 'x' LIMIT 21", "SELECT sum(score) FROM post LIMIT 1",
           "SELECT author, count(*) FROM post GROUP BY author ORDER BY author LIMIT 3", "SELECT author AS a, count(*) FROM post GROUP BY 1 ORDER BY a LIMIT 3",
           "SELECT p.*, a.name FROM post p JOIN author a ON a.id = p.author ORDER BY p.id LIMIT 10",
           "SELECT p.*, a.name FROM post p LEFT JOIN author a ON a.id = p.author ORDER BY p.made, p.id LIMIT 10"}) {
    INFO(whole);
    CHECK_FALSE(of(whole).cut);
  }
  CHECK_FALSE(of("SELECT p.id, a.name FROM post p JOIN author a USING (id) ORDER BY id LIMIT 10").cut);
  CHECK(of("SELECT p.id, a.name FROM post p LEFT JOIN author a ON a.id = p.author ORDER BY a.id LIMIT 10").cut);
  CHECK(of("SELECT p.id, a.id FROM author a LEFT JOIN post p ON p.id = a.id ORDER BY p.id LIMIT 10").cut);
  CHECK_FALSE(of("SELECT p.id, a.id FROM author a LEFT JOIN post p ON p.id = a.id ORDER BY a.id LIMIT 10").cut);
  CHECK(of("SELECT p.id, a.id FROM author a LEFT JOIN post p ON a.id = 5 AND p.id = 6 ORDER BY p.id LIMIT 10").cut);
  CHECK_FALSE(of("SELECT p.id, a.id FROM author a LEFT JOIN post p ON p.id = 6 ORDER BY a.id LIMIT 10").cut);
  CHECK(of("SELECT p.id, a.id FROM author a FULL JOIN post p ON p.id = a.id ORDER BY a.id LIMIT 10").cut);
  CHECK(of("SELECT p.id, a.name FROM author a JOIN post p ON a.id = p.author ORDER BY a.id LIMIT 10").cut);
  CHECK(of("SELECT author, count(*) FROM post GROUP BY author ORDER BY count(*) LIMIT 3").cut);
  CHECK(of("SELECT * FROM post LIMIT 1000").limit == 1000);
  CHECK(of("SELECT * FROM post ORDER BY made LIMIT $1").limit_parameter == 1);
  CHECK_FALSE(of("SELECT * FROM post LIMIT 1000 OFFSET 3").limit);
}

TEST_CASE("columns whose values are open are known apart from the others") {
  using Places = std::vector<std::size_t>;
  const auto of_one = of("SELECT author, sum(id), array_agg(id) FROM post GROUP BY author");
  CHECK(of_one.open_columns == Places{2});
  CHECK_FALSE(of_one.order_open);
  CHECK(of("SELECT *, row_number() OVER (ORDER BY made) FROM author JOIN post ON author.id = post.author").open_columns == Places{7});
  CHECK(of("SELECT id, ARRAY(SELECT title FROM post WHERE author = a.id) FROM author a").open_columns == Places{1});
  CHECK(of("SELECT * FROM (SELECT id, row_number() OVER (ORDER BY made) AS n FROM post) x WHERE n < 3").order_open);
}

TEST_CASE("what depends on an order that the statement does not fix is known") {
  for (const std::string_view text : {
           "SELECT string_agg(title, ',') FROM post", "SELECT array_agg(id) FROM post", "SELECT json_agg(title ORDER BY made) FROM post",
           "SELECT id, row_number() OVER (ORDER BY made) FROM post", "SELECT id, lag(title) OVER w FROM post WINDOW w AS (PARTITION BY author ORDER BY made)",
           "SELECT id, sum(score) OVER (ORDER BY made ROWS 2 PRECEDING) FROM post", "SELECT DISTINCT ON (author) author, title FROM post ORDER BY author, made",
           "SELECT * FROM author WHERE id IN (SELECT author FROM post ORDER BY made LIMIT 3)", "WITH last AS (SELECT * FROM post ORDER BY made LIMIT 3) SELECT count(*) FROM last",
           "SELECT (SELECT title FROM post WHERE author = a.id LIMIT 1) FROM author a", "SELECT id, row_number() OVER (ORDER BY 1) FROM post",
           "SELECT DISTINCT ON (author) author, title FROM post", "SELECT string_agg(a.name, ',' ORDER BY p.id) FROM post p, author a"}) {
    INFO(text);
    CHECK(open(of(text)));
  }
  for (const std::string_view fixed : {
           "SELECT * FROM post ORDER BY made LIMIT 3", "SELECT string_agg(title, ',' ORDER BY title) FROM post", "SELECT array_agg(title ORDER BY made, id) FROM post",
           "SELECT array_agg(DISTINCT title) FROM post", "SELECT id, row_number() OVER (PARTITION BY author ORDER BY made, id) FROM post",
           "SELECT id, rank() OVER (ORDER BY made), sum(score) OVER (ORDER BY made) FROM post", "SELECT DISTINCT ON (author) author, title FROM post ORDER BY author, id",
           "SELECT DISTINCT ON (id) id, title FROM post", "SELECT array_agg(title) FROM post WHERE id = 5",
           "SELECT (SELECT title FROM post WHERE id = a.id LIMIT 1), (SELECT count(*) FROM post LIMIT 1) FROM author a",
           "SELECT * FROM author a WHERE EXISTS (SELECT 1 FROM post WHERE author = a.id LIMIT 1)", "SELECT max(title), count(*), sum(score) FROM post",
           "SELECT * FROM (SELECT * FROM post ORDER BY id LIMIT 3) x", "SELECT p.id, row_number() OVER (ORDER BY p.id, a.id) FROM post p JOIN author a ON true"}) {
    INFO(fixed);
    CHECK_FALSE(open(of(fixed)));
  }
}

TEST_CASE("sums of floating point numbers are known, others are exact") {
  CHECK(of("SELECT sum(score) FROM post").adds_reals);
  CHECK(of("SELECT author, avg(score * 2) FROM post GROUP BY author").adds_reals);
  CHECK_FALSE(of("SELECT max(score), sum(id), avg(id) FROM post").adds_reals);
}
