#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "crossfade/model/value.hpp"
#include "crossfade/plan/schema.hpp"

namespace crossfade::sqlite::catalog {

using Cells = std::vector<model::StorageValue>;
using Rows = std::vector<Cells>;

/// Rows that every PostgreSQL 15 has. `text`: cells of PostgreSQL's text, each followed by "|"; the first row is the default of an
/// empty cell. "\N" is NULL, "\e" an empty text, "\p" a "|", "\n" a line break.
struct StaticRows { std::string_view relation, text; };
std::span<const StaticRows> types_rows();
std::span<const StaticRows> operators_rows();
std::span<const StaticRows> access_rows();
std::span<const StaticRows> access_members_rows();
std::span<const StaticRows> other_rows();
std::span<const StaticRows> descriptions_rows();
std::span<const StaticRows> functions_rows();
std::span<const StaticRows> relations_rows();
std::span<const StaticRows> attributes_rows();
std::span<const StaticRows> dependencies_rows();

/// Those of `relation` in its columns' run-time forms; empty when it has none. Read once. Thread-safe.
const Rows& static_rows(const plan::Table& relation);

/// A number of PostgreSQL's text of an array or vector, "{1,2}" or "1 2", as the run-time form of arrays.
std::string vector_text(std::string_view text);

}  // namespace crossfade::sqlite::catalog
