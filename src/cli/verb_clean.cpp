#include <nlohmann/json.hpp>

#include "crossfade/migrate/clean.hpp"
#include "output.hpp"
#include "pair.hpp"

namespace crossfade::cli {

/// `crossfade clean FILE`. Exit 0, also when there was nothing to remove.
model::Result<Exit> clean(const Invocation& invocation) {
  CROSSFADE_TRY(const Loaded loaded, settings_of(invocation));
  CROSSFADE_TRY(const std::vector<std::string> removed, migrate::clean_file(invocation.file));
  if (invocation.output == Output::json) {
    print_json({{"file", invocation.file}, {"removed", removed}});
    return Exit::ok;
  }
  std::string text;
  for (const std::string& one : removed) text += "removed " + one + "\n";
  print(text + (removed.empty() ? invocation.file + " holds nothing of Crossfade's\n" : invocation.file + " is an ordinary SQLite file again\n"));
  return Exit::ok;
}

}  // namespace crossfade::cli
