#pragma once

#include <array>

#include "invocation.hpp"

namespace crossfade::cli {

inline constexpr std::string_view kPair = "sqlite.file postgres.conninfo plan log.level log.format";

// clang-format off
inline constexpr std::array kVerbs{
    Verb{"serve",        "Answer PostgreSQL clients from the file, from PostgreSQL, or from both in turn",  "*", serve},
    Verb{"doctor",       "Say what stands in the way of a migration",                                       kPair, doctor},
    Verb{"backup",       "Back the file up while it is used, check the copy and print its SHA-256",         kPair, backup},
    Verb{"analyze",      "Scan every value: inventory, findings, and whether it is time for PostgreSQL",    kPair, analyze},
    Verb{"plan",         "Draft plan.toml from a full scan of the file",                                    kPair, plan},
    Verb{"schema",       "Print the PostgreSQL schema of the file under its plan",                          kPair, schema},
    Verb{"copy",         "Copy one snapshot of the file into an empty PostgreSQL database; can be resumed", kPair, copy},
    Verb{"verify",       "Compare every value of both databases; exit 3 when they differ",                  kPair, verify},
    Verb{"compare",      "Run statements on both databases and compare; exit 3 when one differs",           kPair, compare},
    Verb{"switch",       "Ask a running proxy for another stage: copy, shadow, postgres, back, finish",             "console.conninfo listen.port", switch_stage},
    Verb{"status",       "Show stage, lag and readiness of a running proxy",                                "console.conninfo listen.port", status},
    Verb{"report",       "Write the report of a running proxy's migration: stages, gates, what was compared",  "console.conninfo listen.port", report},
    Verb{"clean",        "Remove Crossfade's guard and tombstone from a file",                              "log.level log.format", clean},
    Verb{"passwd",       "Make a line of the users file from a password on standard input",                 "",  passwd},
    Verb{"check-config", "Check the settings and show them with their sources",                             "*", check_config},
};
// clang-format on

}  // namespace crossfade::cli
