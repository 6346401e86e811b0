#include <array>
#include <map>
#include <string>

#include "../connection_impl.hpp"
#include "packed.hpp"

namespace crossfade::sqlite::functions {

using namespace model::literals;

namespace {

std::int64_t integer_in(const StorageValue& value) {
  const auto* number = std::get_if<std::int64_t>(&value);
  return number != nullptr ? *number : 0;
}

/// crossfade_plan(text of SQLite): its EXPLAIN QUERY PLAN as lines, what belongs to a step below it. It is prepared and not run.
/// Source: sqlite.org/eqp.html
Answer plan_of(const Call& call) {
  Connection::Impl* const connection = call.session().connection;
  if (connection == nullptr) return model::fail("55000"_state, "there is no connection to ask");
  CROSSFADE_TRY(Statement steps, connection->prepare("EXPLAIN QUERY PLAN " + call.string(0), Author::proxy));
  PackedRows rows;
  std::map<std::int64_t, std::size_t> depths{{0, 0}};  // by the step's number; that of the whole is 0
  for (;;) {
    CROSSFADE_TRY(const bool more, steps.step());
    if (!more) break;
    const auto above = depths.find(integer_in(steps.column(1)));
    const std::size_t depth = above == depths.end() ? 0 : above->second;
    depths[integer_in(steps.column(0))] = depth + 1;
    const auto detail = steps.column(3);
    const auto* text = std::get_if<std::string>(&detail);
    rows.begin_row().add((depth == 0 ? std::string{} : std::string(depth * 6 - 4, ' ') + "->  ") + (text != nullptr ? *text : std::string{}));
  }
  if (depths.size() == 1) rows.begin_row().add(std::string{"no table is read"});
  return rows.take();
}

constexpr std::array kPlanFunctions{Function{"crossfade_plan", 1, plan_of}};

}  // namespace

std::span<const Function> query_plan_functions() { return kPlanFunctions; }

}  // namespace crossfade::sqlite::functions
