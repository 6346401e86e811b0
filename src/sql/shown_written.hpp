#pragma once

#include "crossfade/sql/shown_expression.hpp"
#include "tree.hpp"

namespace crossfade::sql {

/// shown_expression() of an expression that is not bound yet.
std::optional<std::string> shown_written(const Expression& written, const plan::Table& table, const ShownStyle& style);

}  // namespace crossfade::sql
