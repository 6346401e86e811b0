#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "crossfade/plan/schema.hpp"

namespace crossfade::migrate {

/// PostgreSQL's text of a SQLite expression that means the same in both: comparisons, AND, OR, NOT, IN, BETWEEN and IS NULL over
/// columns of one kind (numbers, or text) and constants of it; lower, upper, length, abs, coalesce. nullopt for anything else.
/// ` price >= 0 AND lower(Name) <> 'x'` → `"price" >= 0 AND lower("name" COLLATE "C") <> 'x'`.
/// `letters`: what lower() and upper() take for letters. SQLite's know ASCII alone, which what refuses rows must mean as well; an index that is there
/// for speed is of use to PostgreSQL's statements when it says lower() as they do.
enum class Letters : std::uint8_t { ascii, of_the_database };
std::optional<std::string> same_expression(const plan::Table& table, std::string_view sqlite_text, Letters letters = Letters::ascii);
/// "lower("name" COLLATE "C")", or without the collation.
std::string folded(std::string_view function, std::string_view column, Letters letters);
/// `active IN (0, 1)` of a boolean column: the type says it already.
bool implied_by_type(const plan::Table& table, std::string_view sqlite_text);

/// Makes the collation of all text columns, public.bytewise, where it is not there.
std::string_view bytewise_sql();

/// PostgreSQL's text of a column's default; nullopt when it is not a constant or one of SQLite's clocks.
std::optional<std::string> same_default(const plan::Column& column);

}  // namespace crossfade::migrate
