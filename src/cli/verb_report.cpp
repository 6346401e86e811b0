#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "console_link.hpp"
#include "crossfade/model/text_format.hpp"
#include "html.hpp"
#include "output.hpp"
#include "pair.hpp"

namespace crossfade::cli {
namespace {

using namespace model::literals;
using nlohmann::ordered_json;

/// The gates' numbers are counted in the tables.
constexpr std::chrono::minutes kLongestReport{10};

/// One table of the console. `when`: the column by which --since leaves rows out. `one`, `many`: what its rows are, where they are to be looked at.
struct Section {
  std::string_view show, heading, about, when, one, many;
};
constexpr std::array kSections{
    Section{"HISTORY", "Stages", "When the pair came to each, and the longest that a client can have waited for it (held_ms).", "at", "", ""},
    Section{"FORCED", "Forced", "Switches over red gates.", "at", "forced switch", "forced switches"},
    Section{"READINESS", "Gates", "Of the next switch, or of the way back.", "", "red gate", "red gates"},
    Section{"LAG", "Mirror", "How far the other database is behind.", "", "", ""},
    Section{"MISMATCHES", "Differences", "Kinds of reads that the two databases answered otherwise. Neither literals nor values are kept.", "last_seen",
            "kind of difference", "kinds of differences"},
    Section{"TRANSLATIONS", "To rewrite", "What PostgreSQL does not take as clients say it, or answers otherwise: rewrite it before the proxy is taken out.", "",
            "statement to rewrite", "statements to rewrite"},
    Section{"JOURNAL", "Counts", "Since the proxy's start.", "", "", ""},
    Section{"COMPARED", "Reads compared", "Each kind, with both databases' times in microseconds, since the proxy's start.", "", "", ""},
};

/// What the stage is, and what comes next.
struct StageWords {
  std::string_view stage, says, next;
};
constexpr std::array kStages{
    StageWords{"sqlite", "SQLite answers; PostgreSQL has nothing yet.", "SWITCH TO copy"},
    StageWords{"copy", "SQLite answers; PostgreSQL is being filled, and follows.", "SWITCH TO shadow"},
    StageWords{"shadow", "SQLite answers; PostgreSQL follows, and reads are compared on both.", "SWITCH TO canary 10, or SWITCH TO postgres"},
    StageWords{"canary", "SQLite answers but for a share of the reads, which are PostgreSQL's.", "SWITCH TO postgres"},
    StageWords{"postgres", "PostgreSQL answers; the file follows, and there is a way back.", "FINISH, or SWITCH BACK"},
    StageWords{"finished", "PostgreSQL answers; the file has been left behind.", "take the proxy out, or serve with --postgres alone"},
};

struct Part {
  const Section* section;
  model::ResultSet table;
};
struct Report {
  std::string stage, since, headline, next;
  std::vector<Part> parts;
  std::vector<std::string> look;  // "2 red gates"
};

std::size_t place_of(const model::ResultSet& table, std::string_view column) {
  return static_cast<std::size_t>(std::ranges::find(table.columns, column, &model::Column::name) - table.columns.begin());
}

std::string at(const model::ResultSet& table, std::size_t row, std::string_view column) {
  const std::size_t place = place_of(table, column);
  return row < table.rows.size() && place < table.columns.size() ? text_of(table.rows[row][place]).value_or("") : "";
}

model::Result<std::int64_t> micros_of(std::string_view text) {
  CROSSFADE_TRY(const model::Value value, model::parse_text(text, {model::oid::timestamptz}));
  return std::get<model::TimestampTz>(value).micros;
}

/// The last time that PostgreSQL became the one that answers, or the moment that --since names.
model::Result<std::optional<std::int64_t>> since_of(std::string_view word, const model::ResultSet& stage, const model::ResultSet& history) {
  if (word.empty()) return std::nullopt;
  if (word != "cutover") {
    auto moment = micros_of(word);
    if (!moment) return model::fail("22007"_state, "--since takes cutover, or a date and time, not \"" + std::string(word) + "\"");
    return std::optional(*moment);
  }
  for (std::size_t row = history.rows.size(); row-- > 0;) {
    if (at(history, row, "to") != "postgres") continue;
    CROSSFADE_TRY(const std::int64_t moment, micros_of(at(history, row, "at")));
    return std::optional(moment);
  }
  // A release that kept no history made the switch.
  if (at(stage, 0, "stage") == "postgres") {
    CROSSFADE_TRY(const std::int64_t moment, micros_of(at(stage, 0, "since")));
    return std::optional(moment);
  }
  if (at(stage, 0, "stage") == "finished")
    return model::fail("55000"_state, "it is not known when the cutover was", "The file's history has no line of it.", "--since takes a date and time, too.");
  return model::fail("55000"_state, "there was no cutover yet", "The pair has not come to stage postgres.", "Without --since the report tells all that is known.");
}

void keep_since(Part& part, std::int64_t since) {
  if (part.section->when.empty()) return;
  const std::size_t place = place_of(part.table, part.section->when);
  std::erase_if(part.table.rows, [&](const model::Row& row) {
    const auto moment = micros_of(place < row.size() ? text_of(row[place]).value_or("") : "");
    return moment && *moment < since;
  });
}

/// Rows that somebody should look at: all of them, or of the gates those that are red.
std::size_t to_look_at(const Part& part) {
  if (part.section->one.empty()) return 0;
  const std::size_t state = place_of(part.table, "state");
  if (state == part.table.columns.size()) return part.table.rows.size();
  return static_cast<std::size_t>(std::ranges::count_if(part.table.rows, [&](const model::Row& row) { return text_of(row[state]) != "green"; }));
}

model::Result<Report> make_report(postgres::Connection& console, std::string_view since_word) {
  Report report;
  CROSSFADE_TRY(const model::ResultSet stage, console.query("SHOW STAGE"));
  report.stage = at(stage, 0, "stage");
  for (const StageWords& one : kStages) {
    if (one.stage == report.stage) report.headline = one.says, report.next = one.next;
  }
  std::optional<std::int64_t> since;
  for (const Section& section : kSections) {
    CROSSFADE_TRY(model::ResultSet table, console.query("SHOW " + std::string(section.show)));
    if (section.show == "HISTORY") {
      CROSSFADE_TRY(since, since_of(since_word, stage, table));
    }
    Part part{&section, std::move(table)};
    if (since) keep_since(part, *since);
    if (const std::size_t count = to_look_at(part); count != 0)
      report.look.push_back(count_text(static_cast<std::int64_t>(count), section.one, section.many));
    report.parts.push_back(std::move(part));
  }
  if (since) report.since = model::to_text(model::TimestampTz{*since}, {model::oid::timestamptz});
  return report;
}

std::string verdict(const Report& report) {
  if (report.look.empty()) return "Nothing is to be looked at.";
  std::string out = "To be looked at: ";
  for (const std::string& one : report.look) out += (&one == report.look.data() ? "" : ", ") + one;
  return out + ".";
}

std::string first_line(const Report& report) {
  return "Stage " + report.stage + ": " + report.headline + (report.since.empty() ? "" : " This report tells what was since " + report.since + ".");
}

std::string to_text(const Report& report) {
  std::string out = first_line(report) + "\n" + verdict(report) + "\n";
  for (const Part& part : report.parts)
    out += "\n" + std::string(part.section->heading) + ". " + std::string(part.section->about) + "\n" + (part.table.rows.empty() ? "none\n" : cli::to_text(part.table));
  return out + "\nNext: " + report.next + "\n";
}

ordered_json to_json(const Report& report) {
  ordered_json tables = ordered_json::object();
  for (const Part& part : report.parts) {
    std::string key(part.section->show);
    for (char& c : key) c = static_cast<char>(c - 'A' + 'a');
    tables[key] = cli::to_json(part.table);
  }
  return {{"stage", report.stage}, {"since", report.since.empty() ? ordered_json() : ordered_json(report.since)}, {"look_at", report.look},
          {"next", report.next}, {"tables", std::move(tables)}};
}

std::string to_html(const Report& report) {
  std::string out = page_head("Crossfade: stage " + report.stage) + "<h1>Stage " + html_text(report.stage) + "</h1>\n<p>" + html_text(first_line(report)) +
                    "</p>\n<p class=lead>" + html_text(verdict(report)) + "</p>\n";
  for (const Part& part : report.parts) {
    out += "<h2>" + html_text(part.section->heading) + "</h2>\n<p><small>" + html_text(part.section->about) + "</small></p>\n";
    if (part.table.rows.empty()) {
      out += "<p>None.</p>\n";
      continue;
    }
    out += "<table><tr>";
    for (const model::Column& column : part.table.columns) out += "<th>" + html_text(column.name);
    out += "</tr>\n";
    for (const model::Row& row : part.table.rows) {
      out += "<tr>";
      for (const model::Value& value : row) {
        const std::string text = text_of(value).value_or("");
        out += text == "red" || text == "green" ? html_tag(text, text) : html_cell(text);
      }
      out += "</tr>\n";
    }
    out += "</table>\n";
  }
  return out + "<p>Next: " + html_text(report.next) + "</p>\n" + std::string(kPageEnd);
}

}  // namespace

/// `crossfade report`. Exit 1 when something is to be looked at: a red gate, a difference, a forced switch, a statement to rewrite.
model::Result<Exit> report(const Invocation& invocation) {
  CROSSFADE_TRY(const Loaded loaded, settings_of(invocation));
  CROSSFADE_TRY(postgres::Connection console, connect_console(loaded.settings));
  console.set_deadline(std::chrono::steady_clock::now() + kLongestReport);
  CROSSFADE_TRY(const Report report, make_report(console, invocation.since));
  const bool page = invocation.format == "html" || (invocation.format.empty() && invocation.out_file.ends_with(".html"));
  const bool json = invocation.output == Output::json || invocation.format == "json";
  const std::string text = json ? to_json(report).dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n" : page ? to_html(report) : to_text(report);
  if (invocation.out_file.empty()) print(text);
  else CROSSFADE_CHECK(write_file(invocation.out_file, text));
  return report.look.empty() ? Exit::ok : Exit::warnings;
}

}  // namespace crossfade::cli
