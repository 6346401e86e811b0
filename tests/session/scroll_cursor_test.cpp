#include "../../src/session/scroll_cursor.hpp"

#include <catch2/catch.hpp>

using namespace crossfade;
using namespace model::literals;
using session::ScrollCursor;
using Direction = sql::FetchStatement::Direction;
using Keep = ScrollCursor::Keep;
using Want = ScrollCursor::Want;

namespace {

/// Rows 1 … count, and an error in the place of row `bad`.
class Numbers final : public sqlite::Cursor {
 public:
  explicit Numbers(std::int64_t count, std::int64_t bad = 0, std::size_t width = 0) : count_(count), bad_(bad), width_(width) {}
  model::Result<Written> write(sqlite::RowSink& sink, std::size_t max_rows) override {
    Written written;
    for (; (max_rows == 0 || written.rows < max_rows) && written.rows < 100; ++written.rows) {
      if (at_ == count_) {
        written.done = true;
        break;
      }
      if (++at_ == bad_) return model::fail("22012"_state, "division by zero");
      sink.take(model::Row{at_, std::string(width_, 'x')});
    }
    return written;
  }

 private:
  std::int64_t count_, bad_, at_ = 0;
  std::size_t width_;
};

ScrollCursor numbers(std::int64_t count, Keep keep, std::int64_t bad = 0) {
  return {std::make_unique<Numbers>(count, bad), keep};
}

using Rows = std::vector<std::int64_t>;

model::Result<Rows> fetch(ScrollCursor& cursor, Direction direction, std::int64_t count) {
  CROSSFADE_CHECK(cursor.begin(direction, count, Want::rows));
  Rows out;
  while (true) {
    CROSSFADE_TRY(const auto batch, cursor.next());
    for (const model::Row& row : batch.rows) out.push_back(std::get<std::int64_t>(row[0]));
    if (batch.done) return out;
  }
}

std::uint64_t move(ScrollCursor& cursor, Direction direction, std::int64_t count) {
  REQUIRE(cursor.begin(direction, count, Want::count));
  std::uint64_t moved = 0;
  while (true) {
    const auto batch = cursor.next();
    REQUIRE(batch);
    moved += batch->count;
    CHECK(batch->rows.empty());
    if (batch->done) return moved;
  }
}

}  // namespace

TEST_CASE("A cursor stands before the first row, on a row or behind the last one") {
  ScrollCursor cursor = numbers(5, Keep::all);
  CHECK(fetch(cursor, Direction::forward, 0) == Rows{});
  CHECK(fetch(cursor, Direction::backward, 1) == Rows{});
  CHECK(fetch(cursor, Direction::forward, 2) == Rows{1, 2});
  CHECK(fetch(cursor, Direction::forward, 0) == Rows{2});
  CHECK(fetch(cursor, Direction::forward, sql::kAllRows) == Rows{3, 4, 5});
  CHECK(cursor.at_end());
  CHECK(fetch(cursor, Direction::forward, 0) == Rows{});
  CHECK(fetch(cursor, Direction::backward, 2) == Rows{5, 4});
  CHECK(fetch(cursor, Direction::absolute, 2) == Rows{2});
  CHECK(fetch(cursor, Direction::absolute, -2) == Rows{4});
  CHECK(fetch(cursor, Direction::absolute, 9) == Rows{});
  CHECK(fetch(cursor, Direction::relative, -1) == Rows{5});
  CHECK(fetch(cursor, Direction::relative, -9) == Rows{});
  CHECK(fetch(cursor, Direction::forward, -1) == Rows{});
  CHECK(fetch(cursor, Direction::backward, -3) == Rows{1, 2, 3});
  CHECK(fetch(cursor, Direction::backward, sql::kAllRows) == Rows{2, 1});
}

TEST_CASE("MOVE counts the rows that FETCH would give") {
  ScrollCursor cursor = numbers(250, Keep::all);
  CHECK(move(cursor, Direction::forward, sql::kAllRows) == 250);
  CHECK(move(cursor, Direction::backward, 3) == 3);
  CHECK(move(cursor, Direction::forward, 0) == 1);
  CHECK(move(cursor, Direction::backward, sql::kAllRows) == 247);
  CHECK(fetch(cursor, Direction::forward, 1) == Rows{1});
}

TEST_CASE("A cursor that does not scroll refuses every way back and goes on forward") {
  ScrollCursor cursor = numbers(5, Keep::none);
  CHECK(fetch(cursor, Direction::absolute, 3) == Rows{3});
  for (const auto& [direction, count] : {std::pair{Direction::backward, 1L}, {Direction::absolute, 1L}, {Direction::relative, -1L},
                                         {Direction::forward, 0L}, {Direction::forward, -1L}}) {
    const auto refused = fetch(cursor, direction, count);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().state == "55000"_state);
  }
  CHECK(fetch(cursor, Direction::forward, 1) == Rows{4});
}

TEST_CASE("Rows that were not asked for are not read: an error comes with its own row") {
  ScrollCursor cursor = numbers(5, Keep::some, 3);
  CHECK(fetch(cursor, Direction::forward, 2) == Rows{1, 2});
  CHECK(fetch(cursor, Direction::backward, 1) == Rows{1});
  CHECK_FALSE(fetch(cursor, Direction::forward, 2));
}

TEST_CASE("A held cursor goes on where it stood, and back as far as it could") {
  ScrollCursor scrolls = numbers(250, Keep::some);
  CHECK(fetch(scrolls, Direction::forward, 3) == Rows{1, 2, 3});
  REQUIRE(scrolls.hold());
  CHECK(fetch(scrolls, Direction::forward, 1) == Rows{4});
  CHECK(fetch(scrolls, Direction::absolute, 1) == Rows{1});
  CHECK(fetch(scrolls, Direction::absolute, -1) == Rows{250});

  ScrollCursor forward = numbers(250, Keep::none);
  CHECK(fetch(forward, Direction::forward, 3) == Rows{1, 2, 3});
  REQUIRE(forward.hold());
  CHECK(fetch(forward, Direction::forward, 2) == Rows{4, 5});
  CHECK_FALSE(fetch(forward, Direction::backward, 1));
  CHECK(move(forward, Direction::forward, sql::kAllRows) == 245);
}

TEST_CASE("What a cursor keeps has an end: SCROLL says so, others go forward only") {
  constexpr std::size_t kWide = 1U << 20U;
  ScrollCursor scrolls{std::make_unique<Numbers>(80, 0, kWide), Keep::all};
  const auto refused = fetch(scrolls, Direction::forward, sql::kAllRows);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().state == "53200"_state);

  ScrollCursor automatic{std::make_unique<Numbers>(80, 0, kWide), Keep::some};
  CHECK(move(automatic, Direction::forward, sql::kAllRows) == 80);
  CHECK_FALSE(fetch(automatic, Direction::backward, 1));
}
