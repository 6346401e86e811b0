#pragma once

#include <string_view>

#include "crossfade/plan/schema.hpp"

/// A schema made of CREATE TABLE statements, one a line, as translate() would have a file created: for tests without an engine.
crossfade::plan::Schema schema_of(std::string_view statements);
