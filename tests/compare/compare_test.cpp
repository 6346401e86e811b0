#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

#include "crossfade/compare/compare.hpp"

namespace {

using namespace crossfade;
using compare::Class;
using compare::Order;
namespace oid = model::oid;

model::Value n(const char* text) { return model::Numeric{text}; }
model::Value i(std::int64_t number) { return number; }
model::Value s(const char* text) { return std::string(text); }
const model::Value null = model::Null{};

model::ResultSet set(std::vector<model::Row> rows, std::vector<model::Oid> types = {oid::int8}) {
  model::ResultSet out;
  for (std::size_t k = 0; k < types.size(); ++k) out.columns.push_back({"c" + std::to_string(k), {types[k], -1}});
  out.rows = std::move(rows);
  return out;
}

std::int64_t count(const compare::Differences& differences, Class kind) { return differences.counts[static_cast<std::size_t>(kind)]; }

}  // namespace

TEST_CASE("numbers are one value whatever their type and scale") {
  CHECK(compare::same_value(n("1.10"), n("1.1")));
  CHECK(compare::same_value(i(2), n("2.0")));
  CHECK(compare::same_value(model::Value{0.1}, n("0.1")));
  CHECK_FALSE(compare::same_value(i(2), n("2.0000000000000000000001")));
  CHECK_FALSE(compare::same_value(i(9007199254740993), i(9007199254740992)));
}

TEST_CASE("floats are compared bit by bit unless a tolerance is given") {
  CHECK_FALSE(compare::same_value(0.0, -0.0));
  CHECK_FALSE(compare::same_value(0.1 + 0.2, 0.3));
  CHECK(compare::same_value(0.1 + 0.2, 0.3, {.relative_tolerance = 1e-12}));
  CHECK_FALSE(compare::same_value(1.0, 1.1, {.relative_tolerance = 1e-12}));
  CHECK(compare::same_value(std::nan("1"), std::nan("2")));
  const double infinity = std::numeric_limits<double>::infinity();
  CHECK_FALSE(compare::same_value(infinity, 1.0, {.relative_tolerance = 0.5}));
}

TEST_CASE("text is compared byte by byte and never equals another type") {
  CHECK_FALSE(compare::same_value(s("a"), s("A")));
  CHECK_FALSE(compare::same_value(s("1"), i(1)));
  CHECK_FALSE(compare::same_value(s("é"), s("e\u0301")));
  CHECK_FALSE(compare::same_value(null, s("")));
  CHECK(compare::same_value(null, null));
}

TEST_CASE("the order is PostgreSQL's: NaN after all numbers, NULL after all, bytes unsigned") {
  CHECK((compare::order_values(std::nan(""), std::numeric_limits<double>::infinity()) > 0));
  CHECK((compare::order_values(null, i(std::numeric_limits<std::int64_t>::max())) > 0));
  CHECK((compare::order_values(s("z"), s("é")) < 0));
  CHECK((compare::order_values(s("a"), s("ab")) < 0));
}

TEST_CASE("canonical bytes are the same exactly for the same rows") {
  CHECK(compare::canonical({n("1.10"), s("a")}) == compare::canonical({n("1.1"), s("a")}));
  CHECK(compare::canonical({n("100")}) != compare::canonical({n("1")}));
  CHECK(compare::canonical({n("0.00")}) == compare::canonical({n("0")}));
  CHECK(compare::canonical({s("ab"), s("c")}) != compare::canonical({s("a"), s("bc")}));
  CHECK(compare::canonical({null, s("")}) != compare::canonical({s(""), null}));
}

TEST_CASE("without an ORDER BY rows are a multiset") {
  const auto a = set({{i(1)}, {i(2)}, {i(2)}}), b = set({{i(2)}, {i(1)}, {i(2)}}), c = set({{i(1)}, {i(1)}, {i(2)}});
  CHECK(compare::results(a, b, {}).equal());
  const auto differences = compare::results(a, c, {});
  CHECK(differences.worst() == Class::value);
  CHECK(count(differences, Class::value) == 1);
  REQUIRE(differences.examples.size() == 1);
  CHECK(differences.examples[0].left == model::Row{i(2)});
  CHECK(differences.examples[0].right == model::Row{i(1)});
}

TEST_CASE("with a total order a displaced row is class order, by NULL's place order-nulls") {
  const auto a = set({{i(1)}, {i(2)}, {null}});
  CHECK(compare::results(a, a, {.order = Order::total}).equal());
  CHECK(compare::results(a, set({{null}, {i(1)}, {i(2)}}), {.order = Order::total}).worst() == Class::order_nulls);
  const auto swapped = compare::results(a, set({{i(2)}, {i(1)}, {null}}), {.order = Order::total});
  CHECK(swapped.worst() == Class::order);
  CHECK(count(swapped, Class::order) == 2);
}

TEST_CASE("with a partial order rows may change places within a tie group only") {
  const std::vector<model::Oid> types{oid::int8, oid::text};
  const auto a = set({{i(1), s("a")}, {i(1), s("b")}, {i(2), s("c")}}, types);
  const compare::Options options{.order = Order::ties, .order_columns = {0}};
  CHECK(compare::results(a, set({{i(1), s("b")}, {i(1), s("a")}, {i(2), s("c")}}, types), options).equal());
  CHECK(compare::results(a, set({{i(2), s("c")}, {i(1), s("b")}, {i(1), s("a")}}, types), options).worst() == Class::order);
}

TEST_CASE("LIMIT leaves open which of the first and the last equal rows come, and nothing else") {
  const std::vector<model::Oid> types{oid::int8, oid::text};
  const auto a = set({{i(1), s("a")}, {i(2), s("b")}, {i(3), s("c")}}, types);
  const compare::Options options{.order = Order::ties, .order_columns = {0}, .cut = true};
  const auto against = [&](std::vector<model::Row> rows) { return compare::results(a, set(std::move(rows), types), options); };
  const auto last = against({{i(1), s("a")}, {i(2), s("b")}, {i(3), s("x")}});
  CHECK(last.undecided);
  CHECK(last.equal());
  CHECK(last.summary == "1 rows differ where the statement leaves open which come, or in which order");
  CHECK(against({{i(1), s("x")}, {i(2), s("b")}, {i(3), s("c")}}).undecided);
  CHECK(against({{i(1), s("a")}, {i(2), s("x")}, {i(3), s("c")}}).worst() == Class::value);
  CHECK(against({{i(1), s("a")}, {i(2), s("b")}, {i(4), s("c")}}).worst() == Class::value);
  CHECK(against({{i(1), s("a")}, {i(2), s("b")}}).worst() == Class::row_count);
  CHECK_FALSE(against({{i(1), s("a")}, {i(2), s("b")}, {i(3), s("c")}}).undecided);
}

TEST_CASE("fewer rows than LIMIT are all; a column that is left open excuses no other and no row") {
  const std::vector<model::Oid> types{oid::int8, oid::text};
  const auto a = set({{i(1), s("a")}, {i(2), s("b")}}, types);
  CHECK(compare::results(a, set({{i(1), s("a")}, {i(2), s("x")}}, types), {.cut = true, .limit = 3}).worst() == Class::value);
  CHECK(compare::results(a, set({{i(1), s("a")}, {i(2), s("x")}}, types), {.cut = true, .limit = 2}).undecided);
  const compare::Options options{.open_columns = {1}};
  CHECK(compare::results(a, set({{i(1), s("b")}, {i(2), s("a")}}, types), options).undecided);
  CHECK(compare::results(a, set({{i(1), s("a")}, {i(3), s("b")}}, types), options).worst() == Class::value);
  CHECK(compare::results(a, set({{i(1), s("a")}}, types), options).worst() == Class::row_count);
  CHECK_FALSE(compare::results(a, a, options).undecided);
}

TEST_CASE("where an order is left open rows that differ are undecided; columns and errors are not") {
  const compare::Options options{.order_open = true};
  const auto a = set({{s("x,y")}}, {oid::text});
  CHECK(compare::results(a, set({{s("y,x")}}, {oid::text}), options).undecided);
  CHECK_FALSE(compare::results(a, a, options).undecided);
  CHECK(compare::results(a, set({{s("y,x")}}, {oid::varchar}), options).worst() == Class::type);
}

TEST_CASE("row counts, names, types and errors have classes of their own") {
  const auto a = set({{i(1)}, {i(2)}});
  const auto fewer = compare::results(a, set({{i(1)}}), {});
  CHECK(fewer.worst() == Class::row_count);
  CHECK(count(fewer, Class::value) == 0);
  CHECK(fewer.summary == "2 rows, 1");
  CHECK(compare::results(a, set({{i(1)}, {i(2)}}, {oid::int4}), {}).worst() == Class::type);
  auto narrow = set({{s("a")}}, {oid::varchar}), wide = narrow;
  narrow.columns[0].type.modifier = 4 + 10;
  wide.columns[0].type.modifier = 4 + 20;
  CHECK(compare::results(narrow, wide, {}).summary == "column 1 is character varying(10), character varying(20)");
  CHECK(compare::results(narrow, wide, {}).worst() == Class::type);
  auto named = a;
  named.columns[0].name = "x";
  CHECK(compare::results(a, named, {}).worst() == Class::columns);
  CHECK(compare::results(a, set({}, {oid::int8, oid::int8}), {}).worst() == Class::columns);

  const model::Result<model::ResultSet> fine = a, divide = model::fail(model::SqlState{"22012"}, "division by zero"),
                                        again = model::fail(model::SqlState{"22012"}, "other words"),
                                        range = model::fail(model::SqlState{"22003"}, "out of range");
  CHECK(compare::outcomes(fine, divide, {}).worst() == Class::error);
  CHECK(compare::outcomes(divide, again, {}).equal());
  CHECK(compare::outcomes(divide, range, {}).worst() == Class::error);
  CHECK(compare::outcomes(fine, fine, {}).equal());
}

TEST_CASE("at most the asked number of examples is kept, and all are counted") {
  std::vector<model::Row> left, right;
  for (int k = 0; k < 50; ++k) left.push_back({i(k)}), right.push_back({i(k + 1000)});
  const auto differences = compare::results(set(left), set(right), {.examples = 3});
  CHECK(differences.examples.size() == 3);
  CHECK(count(differences, Class::value) == 50);
}
