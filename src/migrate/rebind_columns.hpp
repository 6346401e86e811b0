#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace crossfade::migrate {

/// Gives the text that stands for a column; nullopt when the name is not a column.
using ColumnText = std::function<std::optional<std::string>(std::string_view name)>;

/// SQLite's text of an index expression or predicate with every column reference replaced: lower(name) → lower(NEW."name"). Names of
/// functions, collations and cast types are left alone, string literals too. A "name" in double quotes that is no column stays (SQLite
/// then reads it as a string).
std::string rebind_columns(std::string_view expression, const ColumnText& text_of);

}  // namespace crossfade::migrate
