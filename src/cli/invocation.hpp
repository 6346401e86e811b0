#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "settings.hpp"

namespace crossfade::cli {

enum class Exit : int { ok = 0, warnings = 1, cannot = 2, different = 3, gate_refused = 4 };
enum class Output : std::uint8_t { text, json };

/// A command line, read.
struct Invocation {
  std::string config;             // --config
  std::vector<Override> flags;    // settings given as flags
  Output output = Output::text;   // --json
  std::string file;               // positional FILE of backup, analyze, doctor, plan and clean
  std::string out_file;           // -o
  std::string format;             // analyze --format, report --format
  std::string since;              // report --since
  std::string sql;                // compare -c
  std::string script, log;        // compare -f, --log
  std::string target;             // switch TARGET
  bool force = false;             // switch --force
  int percent = 0;                // switch canary --percent; 0: as the setting has it
  std::string user;               // passwd NAME
  std::int64_t examples = 20;     // verify --examples
  std::vector<std::string> tables;  // verify --table
  bool repair = false;            // verify --repair
  std::int64_t chunk_rows = 20'000;  // copy --chunk-rows
  int connections = 4;            // copy --connections
  bool no_backup = false;         // copy --no-backup
  std::string into_existing, zone;  // plan --into-existing, --zone
  std::string section = "all";    // schema --section
  bool apply = false;             // schema --apply
  bool print_example = false, print_settings_doc = false;  // check-config
};

/// A verb. `settings`: the flags of settings that it takes, by their path, separated by blanks; "*": all.
struct Verb {
  std::string_view name, description, settings;
  model::Result<Exit> (*run)(const Invocation&);
};

model::Result<Exit> serve(const Invocation&);
model::Result<Exit> doctor(const Invocation&);
model::Result<Exit> backup(const Invocation&);
model::Result<Exit> analyze(const Invocation&);
model::Result<Exit> plan(const Invocation&);
model::Result<Exit> schema(const Invocation&);
model::Result<Exit> copy(const Invocation&);
model::Result<Exit> verify(const Invocation&);
model::Result<Exit> compare(const Invocation&);
model::Result<Exit> switch_stage(const Invocation&);
model::Result<Exit> status(const Invocation&);
model::Result<Exit> report(const Invocation&);
model::Result<Exit> check_config(const Invocation&);
model::Result<Exit> clean(const Invocation&);
model::Result<Exit> passwd(const Invocation&);

}  // namespace crossfade::cli
