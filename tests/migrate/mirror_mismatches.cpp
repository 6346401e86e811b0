#include "mismatches.hpp"

#include <catch2/catch.hpp>

namespace crossfade::migrate {
namespace {

Mismatch seen(std::string fingerprint, compare::Class kind, std::int64_t at) {
  return {.fingerprint = std::move(fingerprint), .kind = kind, .last_seen = at};
}

TEST_CASE("a mismatch of the same kind is counted, first and last time kept", "[mismatches]") {
  Mismatches store(10);
  store.note(seen("a", compare::Class::value, 5));
  store.note(seen("a", compare::Class::value, 9));
  store.note(seen("a", compare::Class::order, 7));
  const auto list = store.list();
  REQUIRE(list.size() == 2);
  CHECK(list[0].count == 2);
  CHECK(list[0].first_seen == 5);
  CHECK(list[0].last_seen == 9);
}

TEST_CASE("the store is bounded and still counts what it does not keep", "[mismatches]") {
  Mismatches store(1);
  store.note(seen("a", compare::Class::value, 1));
  store.note(seen("b", compare::Class::value, 2));
  CHECK(store.list().size() == 1);
  CHECK(store.kinds() == 2);
}

TEST_CASE("mended rows take their mismatches along, a wrong order stays", "[mismatches]") {
  Mismatches store(10);
  store.note(seen("a", compare::Class::value, 1));
  store.note(seen("b", compare::Class::row_count, 1));
  store.note(seen("c", compare::Class::order, 1));
  store.forget_data();
  REQUIRE(store.list().size() == 1);
  CHECK(store.list()[0].kind == compare::Class::order);
}

}  // namespace
}  // namespace crossfade::migrate
