#pragma once

#include "crossfade/sql/translate.hpp"
#include "tree.hpp"

namespace crossfade::sql {

/// EXPLAIN without ANALYZE, as text: a query of one column, "QUERY PLAN", that gives what SQLite would do with the statement; nothing of it is
/// run. Errors: the statement's own; PostgreSQL's for options; 0A000 for what SQLite has no plan of.
model::Result<Translated> translate_explain(const Explain& explain, std::uint32_t highest_parameter, const Context& context, std::span<const model::Oid> declared);

}  // namespace crossfade::sql
