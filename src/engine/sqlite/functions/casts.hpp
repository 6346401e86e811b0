#pragma once

#include "crossfade/model/error.hpp"
#include "crossfade/model/text_format.hpp"

namespace crossfade::sqlite::functions {

/// explicit_: CAST and ::, which cut text to varchar(n). assignment: what INSERT and UPDATE do, 22001 instead.
enum class CastKind : std::uint8_t { explicit_, assignment };

/// A value of one type as another, as PostgreSQL 15 casts it. Errors: PostgreSQL's (22003, 22P02, 22001 …); 42846 when there is no
/// such cast (the binder should have said so).
model::Result<model::Value> convert(const model::Value& value, model::Type from, model::Type to, CastKind kind,
                                    const model::TextStyle& style);

}  // namespace crossfade::sqlite::functions
