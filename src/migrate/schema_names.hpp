#pragma once

#include <string>
#include <string_view>

#include "crossfade/plan/schema.hpp"

namespace crossfade::migrate {

/// Names of what SQLite has no name for, as PostgreSQL would choose them: "t_pkey", "t_a_b_key", "t_a_fkey", "t_check".
std::string primary_key_name(const plan::Table& table);
std::string index_name(const plan::Table& table, const plan::Index& index);
std::string foreign_key_name(const plan::Table& table, const plan::ForeignKey& key);
std::string check_name(const plan::Table& table, std::size_t number);

}  // namespace crossfade::migrate
