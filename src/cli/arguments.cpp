#include "arguments.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>

#include "settings_table.hpp"
#include "verbs.hpp"

namespace crossfade::cli {
namespace {

bool takes(const Verb& verb, const Setting& setting) {
  if (setting.flag.empty()) return false;
  if (verb.settings == "*") return true;
  const std::string padded = " " + std::string(verb.settings) + " ";
  return padded.find(" " + path_of(setting) + " ") != padded.npos;
}

void add_setting(CLI::App& app, const Setting& setting, Invocation& invocation) {
  const std::string description(setting.description);
  if (std::holds_alternative<bool Settings::*>(setting.member)) {
    app.add_flag_callback(std::string(setting.flag), [&] { invocation.flags.push_back({&setting, "true"}); }, description);
    return;
  }
  app.add_option_function<std::string>(
      std::string(setting.flag), [&](const std::string& text) { invocation.flags.push_back({&setting, text}); }, description);
}

/// The options that are no settings.
struct Extra {
  std::string_view verb;
  void (*add)(CLI::App&, Invocation&);
};
constexpr std::array kExtras{
    Extra{"doctor", [](CLI::App& app, Invocation& to) { app.add_option("FILE", to.file, "The SQLite file"); }},
    Extra{"backup",
          [](CLI::App& app, Invocation& to) {
            app.add_option("FILE", to.file, "The SQLite file");
            app.add_option("-o,--output", to.out_file, "The copy; it must not be there yet")->required();
          }},
    Extra{"plan",
          [](CLI::App& app, Invocation& to) {
            app.add_option("FILE", to.file, "The SQLite file");
            app.add_option("-o,--output", to.out_file, "Write plan.toml here; one that is there keeps what its owner has edited");
            auto* into = app.add_option("--into-existing", to.into_existing, "Lay it over the empty tables that the application has made in this PostgreSQL (CONNINFO)");
            app.add_option("--zone", to.zone, "With --into-existing: the time zone of times that are stored without one, where PostgreSQL's column has one")->needs(into);
          }},
    Extra{"analyze",
          [](CLI::App& app, Invocation& to) {
            app.add_option("FILE", to.file, "The SQLite file");
            app.add_option("--format", to.format, "How to say it; else text")->check(CLI::IsMember({"text", "json", "html"}));
            app.add_option("-o,--output", to.out_file, "Write it here");
          }},
    Extra{"schema",
          [](CLI::App& app, Invocation& to) {
            app.add_option("--section", to.section, "pre: before the rows; post: indexes, foreign keys and CHECKs after them")
                ->check(CLI::IsMember({"pre", "post", "all"}))
                ->capture_default_str();
            auto* out = app.add_option("-o,--output", to.out_file, "Write the SQL here");
            app.add_flag("--apply", to.apply, "Make what is missing of it in PostgreSQL")->excludes(out);
          }},
    Extra{"copy",
          [](CLI::App& app, Invocation& to) {
            app.add_option("--chunk-rows", to.chunk_rows, "Rows of one chunk")
                ->check(CLI::Range(1, 1'000'000))
                ->capture_default_str();
            app.add_option("--connections", to.connections, "Tables copied, indexes built and keys validated at the same time")
                ->check(CLI::Range(1, 64))
                ->capture_default_str();
            app.add_flag("--no-backup", to.no_backup, "Copy although `crossfade backup` has made none of the file as it is");
          }},
    Extra{"verify",
          [](CLI::App& app, Invocation& to) {
            app.add_option("--table", to.tables, "Only this table; may be given several times");
            app.add_flag("--repair", to.repair, "Make PostgreSQL's rows and objects those of the file, and verify again");
            app.add_option("--examples", to.examples, "Differences shown of each table")
                ->check(CLI::Range(0, 100'000))
                ->capture_default_str();
          }},
    Extra{"compare",
          [](CLI::App& app, Invocation& to) {
            auto* what = app.add_option_group("What is run");
            what->add_option("-c,--command", to.sql, "One statement");
            what->add_option("-f,--file", to.script, "A script of statements: a summary by fingerprint, and the first of each that differs");
            what->add_option("--log", to.log, "The statements of a log of PostgreSQL's (log_statement = 'all'; stderr or jsonlog), in the same way");
            what->require_option(1);
          }},
    Extra{"switch",
          [](CLI::App& app, Invocation& to) {
            app.add_option("TARGET", to.target, "copy, shadow, canary, postgres, back or finish")->required();
            app.add_option("--percent", to.percent, "Of canary: the share of the sessions")->check(CLI::Range(1, 100));
            app.add_flag("--force", to.force, "Switch although a gate that may be overridden is red");
          }},
    Extra{"report",
          [](CLI::App& app, Invocation& to) {
            app.add_option("--since", to.since, "cutover: since PostgreSQL answers; or a date and time. Else all that is known");
            app.add_option("--format", to.format, "How to say it; else html for a file of that name, and text")->check(CLI::IsMember({"text", "json", "html"}));
            app.add_option("-o,--output", to.out_file, "Write it here");
          }},
    Extra{"clean", [](CLI::App& app, Invocation& to) { app.add_option("FILE", to.file, "The SQLite file")->required(); }},
    Extra{"passwd", [](CLI::App& app, Invocation& to) { app.add_option("NAME", to.user, "The user")->required(); }},
    Extra{"check-config",
          [](CLI::App& app, Invocation& to) {
            app.add_flag("--print-example", to.print_example, "Print proxy.conf.example");
            app.add_flag("--print-settings-doc", to.print_settings_doc, "Print docs/settings.md");
          }},
};

void add_verb(CLI::App& app, const Verb& verb, Invocation& invocation) {
  CLI::App* sub = app.add_subcommand(std::string(verb.name), std::string(verb.description));
  sub->add_option("--config", invocation.config, "proxy.conf (else CROSSFADE_CONFIG)");
  if (verb.run == &serve) {  // it has no answer but its log
    sub->add_flag_callback("--json", [&] { invocation.flags.push_back({find_setting("log.format"), "json"}); }, "Log in JSON");
  } else {
    sub->add_flag_callback("--json", [&] { invocation.output = Output::json; }, "Answer in JSON");
  }
  for (const Setting& setting : kSettings) {
    if (takes(verb, setting)) add_setting(*sub, setting, invocation);
  }
  for (const Extra& extra : kExtras) {
    if (extra.verb == verb.name) extra.add(*sub, invocation);
  }
}

}  // namespace

Arguments read_arguments(int argc, const char* const* argv) {
  Arguments arguments;
  CLI::App app{"Crossfade: a PostgreSQL server in front of a SQLite file that fades out while PostgreSQL fades in", "crossfade"};
  app.set_version_flag("--version", "crossfade " CROSSFADE_VERSION);
  app.require_subcommand(1);
  app.failure_message(CLI::FailureMessage::simple);
  for (const Verb& verb : kVerbs) add_verb(app, verb, arguments.invocation);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& problem) {
    // --help and --version come as errors with code 0.
    arguments.exit = app.exit(problem) == 0 ? Exit::ok : Exit::cannot;
    return arguments;
  }
  for (const Verb& verb : kVerbs) {
    if (app.got_subcommand(std::string(verb.name))) arguments.verb = &verb;
  }
  return arguments;
}

}  // namespace crossfade::cli
