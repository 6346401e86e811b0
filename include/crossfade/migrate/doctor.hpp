#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "crossfade/engine/postgres/connection.hpp"

namespace crossfade::migrate {

/// One thing that was looked at. `next`: what to do about it, a command where there is one; empty when nothing is to be done.
struct Diagnosis {
  enum class Light : std::uint8_t { ok, warn, fail } light = Light::ok;
  std::string what, found, next;
};
std::string_view to_string(Diagnosis::Light light);

/// 0: it is not there.
std::int64_t bytes_of(const std::filesystem::path& path);

/// Can the file be served and copied? Readable, sound (quick_check, at most five seconds of it), journal mode, size, its WAL, who else
/// has it open. Looks only: the file stays as it is.
std::vector<Diagnosis> examine_file(const std::filesystem::path& file);

/// Can the database take the file's data? Answers, version, encoding, rights, what it holds already, free space where it can be known.
/// `bytes`: the file's, 0 when there is none.
std::vector<Diagnosis> examine_postgres(const postgres::Conninfo& conninfo, std::int64_t bytes);

}  // namespace crossfade::migrate
