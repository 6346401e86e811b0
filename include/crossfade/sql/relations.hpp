#pragma once

#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <string_view>

namespace crossfade::sql {

/// How many relations one statement may read, when views and WITH queries are counted wherever they are named: SQLite writes them
/// out there, so a few that each name the one before twice would take minutes to prepare, and nothing interrupts that.
inline constexpr std::uint64_t kMostRelations = 1'000;

/// About how many relations a view's CREATE VIEW text (SQLite's or PostgreSQL's) reads, by its words; `expands`: how many a name stands for in
/// turn, 0 when it is no relation. Its own WITH queries count wherever they are named. At least 1; at most kMostRelations + 1.
std::uint64_t count_relations(std::string_view text, const std::function<std::uint64_t(std::string_view name)>& expands);

/// The names, folded, that a view's CREATE VIEW text reads in FROM, those of its own WITH queries among them.
std::set<std::string, std::less<>> relations_read(std::string_view text);

}  // namespace crossfade::sql
