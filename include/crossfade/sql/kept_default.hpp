#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace crossfade::sql {

/// The file's text of a DEFAULT that SQLite cannot say: NULL to SQLite and to other programs, with PostgreSQL's own text in it, which
/// the proxy's statements compute and the catalog shows. `postgres`: as pg_get_expr() writes it ("now()", "(1 + 2)").
std::string kept_default(std::string_view postgres);
/// PostgreSQL's text of such a DEFAULT, with or without parentheses around it. nullopt: it is another one.
std::optional<std::string> kept_default_of(std::string_view sqlite);

}  // namespace crossfade::sql
