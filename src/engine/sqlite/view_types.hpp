#pragma once

#include "crossfade/engine/sqlite/connection.hpp"
#include "crossfade/plan/plan.hpp"
#include "crossfade/plan/schema.hpp"

namespace crossfade::sqlite {

/// Does the plan say the column's type?
bool is_planned(const plan::Plan* plan, const plan::Table& table, const plan::Column& column);

/// Types and forms of views' columns: what the plan or the proxy's own CREATE VIEW says; else what the view's text says of the tables' columns
/// (sql::read_view); else those of the columns that SQLite knows to be handed on, and Form::any.
void type_views(Connection& connection, plan::Schema& schema, const plan::Plan* plan);

}  // namespace crossfade::sqlite
