#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "crossfade/model/error.hpp"

namespace crossfade::sql::postgres_front {

/// A block of plpgsql that is one statement and says which errors of it count for nothing: `ignored`.
struct GuardedBlock { std::string statement; std::vector<model::SqlState> ignored; };

/// BEGIN statement; [EXCEPTION WHEN duplicate_object [OR …] THEN NULL;] END, as migrations write it around CREATE TYPE and ADD CONSTRAINT.
/// `body`: the text of DO. nullopt: it says anything else, or names a condition that is not about whether an object is there. Whether the
/// statement is one of SQL is not looked at.
/// Source: PostgreSQL 15 manual, "Trapping Errors", and appendix "PostgreSQL Error Codes".
std::optional<GuardedBlock> read_guarded_block(std::string_view body);

/// The body of a query string that is one DO. nullopt: it is none, or its language is not plpgsql.
std::optional<std::string> block_body(const std::string& statement);

}  // namespace crossfade::sql::postgres_front
