#pragma once

#include <string_view>
#include <vector>

#include "crossfade/sql/translate.hpp"

namespace crossfade::sql::postgres_front {

/// parse() of PostgreSQL's dialect; `query` has passed check_text.
model::Result<std::vector<Parsed>> parse(std::string_view query);

}  // namespace crossfade::sql::postgres_front
