#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "crossfade/model/type.hpp"

namespace crossfade::sql {

/// Where a cast happens; each allows what those before it allow.
enum class CastContext : std::uint8_t { implicit, assignment, explicit_ };

/// How one type becomes another in SQLite. `text`: target text with $1 ("CAST($1 AS TEXT)"); empty: crossfade_cast.
struct CastRule { model::Oid from, to; CastContext context; std::string_view text = {}; };

/// nullptr when PostgreSQL has no such cast in that context. Equal types need none: do not ask.
const CastRule* find_cast(model::Oid from, model::Oid to, CastContext context);
/// Equal, unknown, or by an implicit cast.
bool implicitly_castable(model::Oid from, model::Oid to);

model::Category category_of(model::Oid type);
bool is_preferred(model::Oid type);
/// text, varchar, bpchar, name.
/// regclass and its kin: an OID that is written as a name.
bool is_object(model::Oid type);
bool is_textual(model::Oid type);
bool is_integer(model::Oid type);
bool is_float(model::Oid type);
bool is_number(model::Oid type);
/// "integer", "character varying": what messages call the type, without its modifier.
std::string_view type_name(model::Oid type);

}  // namespace crossfade::sql
