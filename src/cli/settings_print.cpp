#include "settings.hpp"
#include "settings_table.hpp"

namespace crossfade::cli {

std::string example_text() {
  std::string out =
      "# proxy.conf: every setting with its default. Written by `crossfade check-config --print-example`.\n"
      "# Durations are text with a unit: ms, s, min, h. Relative paths are taken from this file's folder.\n"
      "# A flag wins over the environment, the environment over this file.\n";
  for (const Section& section : kSections) {
    if (!section.name.empty()) out.append("\n# ").append(section.description).append("\n[").append(section.name).append("]\n");
    for (const Setting& setting : kSettings) {
      if (setting.section != section.name) continue;
      out.append("\n# ").append(setting.description).append("\n# ").append(kind_of(setting));
      if (setting.change == Change::reload) out += "; reloaded by SIGHUP";
      if (!setting.flag.empty()) out.append("; flag ").append(setting.flag);
      out.append("; ").append(variable_of(setting)).append("\n");
      out.append(setting.key).append(" = ").append(setting.fallback).append("\n");
    }
  }
  return out;
}

std::string settings_document() {
  std::string out =
      "# Settings\n\n"
      "Written from the table in `src/cli/settings_table.hpp` by `crossfade check-config --print-settings-doc`; a test "
      "compares.\n\n"
      "A flag wins over the environment, the environment over `proxy.conf` (`--config FILE` or `CROSSFADE_CONFIG`), the file "
      "over the\n"
      "default. An unknown key, a wrong type or a value out of range is an error with file and line, and nothing starts.\n"
      "Settings are read at start-up; those marked *reload* also by SIGHUP and the console's `RELOAD`, with the files that they "
      "name, and\n"
      "count for clients that connect from then on. When one is wrong, nothing changes. Others need a restart.\n";
  for (const Section& section : kSections) {
    out.append("\n## ").append(section.name.empty() ? "Top of the file" : "[").append(section.name);
    out.append(section.name.empty() ? "\n\n" : "]\n\n");
    if (!section.description.empty()) out.append(section.description).append("\n\n");
    out += "| key | value | default | flag | environment | |\n|---|---|---|---|---|---|\n";
    for (const Setting& setting : kSettings) {
      if (setting.section != section.name) continue;
      out.append("| `").append(setting.key).append("` | ").append(kind_of(setting)).append(" | `").append(setting.fallback);
      out.append("` | ").append(setting.flag.empty() ? "" : "`").append(setting.flag).append(setting.flag.empty() ? "" : "`");
      out.append(" | `").append(variable_of(setting)).append("`");
      if (!setting.other_variable.empty()) out.append(", `").append(setting.other_variable).append("`");
      out.append(" | ").append(setting.change == Change::reload ? "*reload* " : "").append(setting.description).append(" |\n");
    }
  }
  return out;
}

}  // namespace crossfade::cli
