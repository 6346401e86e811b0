#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "crossfade/plan/schema.hpp"

namespace crossfade::sql {

enum class ViewLayout : std::uint8_t { full, pretty };

/// The query of a view as pg_get_viewdef() of PostgreSQL 15 writes it, with its line breaks and its parentheses (pretty: without those that
/// are not needed). `query`: SQLite's text, as the file has it. nullopt: it holds something else than columns, comparisons of columns with each
/// other and with constants of their type, IS NULL, AND, OR, joins with ON, count(*), GROUP BY and ORDER BY of columns; what SQLite's text says
/// then may not be what PostgreSQL would.
std::optional<std::string> view_layout(std::string_view query, const plan::Table& view, const plan::Schema& schema, ViewLayout layout);

}  // namespace crossfade::sql
