#pragma once

#include "raw.hpp"

namespace crossfade::sql::postgres_front {

struct Class { Kind kind; std::string tag; };
/// Kind and command tag of a raw statement.
Class classify(const ::Node* node);

/// What BEGIN, SET, SHOW, LISTEN … say. Errors: 0A000 for SET … FROM CURRENT, SET TRANSACTION SNAPSHOT and two-phase commit.
model::Result<decltype(Parsed::control)> read_control(const ::Node* node);

}  // namespace crossfade::sql::postgres_front
