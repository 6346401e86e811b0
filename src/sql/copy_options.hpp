#pragma once

#include <optional>
#include <string>
#include <vector>

#include "crossfade/model/copy_options.hpp"
#include "crossfade/model/error.hpp"
#include "tree.hpp"

namespace crossfade::sql {

/// The columns that one of csv's FORCE_… options names.
struct ForcedColumns {
  bool all = false;
  std::vector<std::string> names;
  bool given() const { return all || !names.empty(); }
};

struct CopySettings {
  model::CopyOptions options;
  ForcedColumns quote, not_null, null;
  bool freeze = false;
};

/// The options of a COPY, defaults filled in. Errors: PostgreSQL 15's, in its order; 0A000 for another encoding than UTF8.
model::Result<CopySettings> read_copy_options(const Copy& copy);

}  // namespace crossfade::sql
