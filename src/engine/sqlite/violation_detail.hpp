#pragma once

#include <functional>
#include <optional>

#include "connection_impl.hpp"
#include "crossfade/model/text_format.hpp"
#include "crossfade/plan/schema.hpp"

namespace crossfade::sqlite {

/// Completes a constraint's error with PostgreSQL's detail: "Key (a, b)=(1, x) already exists.", "Failing row contains (…)." and, of
/// a foreign key, which one it is. SQLite does not tell which row failed, so the statement runs once more, in a savepoint that is
/// rolled back, under temporary triggers that note each row; only errors pay for it. The detail stays empty where it cannot be
/// known: the second run ends differently (random values), takes over 10,000 rows or a second, or the row was another table's.
/// `failed`: reset, its values still bound. `error` keeps what it has when nothing is found out.
/// Source: PostgreSQL 15, BuildIndexValueDescription, ExecBuildSlotValueDescription, ri_ReportViolation.
void add_violation_detail(Statement& failed, const plan::Schema& schema, const model::TextStyle& style, model::Error& error);

/// The same for a deferred foreign key that COMMIT found broken.
void add_deferred_detail(Connection& connection, const plan::Schema& schema, const model::TextStyle& style, model::Error& error);

/// Rows of the open transaction refer to nothing, by keys whose check waits for its COMMIT.
bool has_open_references(Connection& on);

/// 23503 of a row of `child` that refers to nothing by one of the keys chosen; nullopt: there is none.
using ChosenKey = std::function<bool(const plan::ForeignKey&)>;
std::optional<model::Error> broken_reference(Connection& connection, const plan::Schema& schema, const plan::Table& child, const ChosenKey& chosen,
                                             const model::TextStyle& style);

}  // namespace crossfade::sqlite
