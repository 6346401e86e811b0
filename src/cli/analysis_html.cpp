#include "analysis_html.hpp"

#include "output.hpp"

namespace crossfade::cli {
namespace {

using Severity = migrate::Finding::Severity;

constexpr std::string_view kStyle = R"(
:root { color-scheme: light dark; --line: #8884; --soft: #8882; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 68rem; margin: 2rem auto; padding: 0 1rem; }
h1 { margin-bottom: 0; } h2 { margin-top: 2.5rem; border-bottom: 1px solid var(--line); }
.lead { font-size: 1.15rem; padding: .8rem 1rem; background: var(--soft); border-radius: .5rem; }
table { border-collapse: collapse; width: 100%; font-size: .93rem; } th, td { text-align: left; padding: .3rem .6rem; border-bottom: 1px solid var(--line); vertical-align: top; }
td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; } code { font-size: .9em; }
.tag { display: inline-block; padding: 0 .5rem; border-radius: 1rem; font-size: .85rem; color: #fff; background: #667; }
.blocker, .says-yes { background: #b3261e; } .warning { background: #a05a00; } .note, .says-no { background: #2c6e49; }
details { margin: .6rem 0; border: 1px solid var(--line); border-radius: .5rem; padding: .4rem .8rem; } summary { cursor: pointer; font-weight: 600; }
small { opacity: .75; }
)";

/// Text as HTML shows it; what is not UTF-8 is replaced when the page is read.
std::string shown(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      default: out += c;
    }
  }
  return out;
}

std::string cell(std::string_view text) { return "<td>" + shown(text) + "</td>"; }
std::string number_cell(std::int64_t number) { return "<td class=n>" + (number == 0 ? std::string("·") : std::to_string(number)) + "</td>"; }
std::string tag(std::string_view kind, std::string_view text) { return "<td><span class=\"tag " + std::string(kind) + "\">" + shown(text) + "</span></td>"; }

std::string findings_part(const migrate::Analysis& analysis) {
  if (analysis.findings.empty()) return "<p>Nothing was found.</p>";
  std::string out = "<table><tr><th>Severity<th>Code<th>Where<th>What<th>What to do<th>Rowids</tr>\n";
  for (const migrate::Finding& one : analysis.findings) {
    out += "<tr>" + tag(migrate::to_string(one.severity), migrate::to_string(one.severity)) + "<td><code>" + std::string(one.code) + "</code></td>" +
           cell(one.object) + cell(finding_text(one)) + cell(one.advice) + cell(rowids_text(one)) + "</tr>\n";
  }
  return out + "</table>";
}

std::string range_of(const migrate::ColumnScan& scan) {
  std::string out;
  if (scan.min_integer) out = std::to_string(*scan.min_integer) + " … " + std::to_string(*scan.max_integer);
  if (scan.longest != 0) out += (out.empty() ? "" : "; ") + std::string("up to ") + std::to_string(scan.longest) + " characters";
  for (const auto& [shape, count] : scan.shapes)
    if (shape.kind != migrate::TextShape::Kind::other) out += (out.empty() ? "" : "; ") + migrate::to_string(shape) + " × " + std::to_string(count);
  return out;
}

std::string table_part(const plan::Table& table, const migrate::TableScan* scan) {
  std::string out = "<details><summary>" + shown(table.sqlite_name) + " <small>" +
                    (scan != nullptr ? count_text(scan->rows, "row", "rows") : table.view ? "a view" : "a virtual table") + ", " +
                    count_text(static_cast<std::int64_t>(table.columns.size()), "column", "columns") + "</small></summary>\n";
  if (scan != nullptr) {
    out += "<table><tr><th>Column<th>Declared<th class=n>NULL<th class=n>INTEGER<th class=n>REAL<th class=n>TEXT<th class=n>BLOB<th>What stands there</tr>\n";
    for (const migrate::ColumnScan& column : scan->columns) {
      out += "<tr>" + cell(column.name) + cell(column.declared) + number_cell(column.nulls) + number_cell(column.integers) + number_cell(column.reals) +
             number_cell(column.texts) + number_cell(column.blobs) + cell(range_of(column)) + "</tr>\n";
    }
    out += "</table>\n";
  }
  for (const plan::Index& index : table.indexes) out += "<p><small>index " + shown(index.name) + (index.unique ? ", unique" : "") + (index.predicate ? ", partial" : "") + "</small></p>\n";
  return out + "<p><code>" + shown(table.sql) + "</code></p></details>\n";
}

}  // namespace

std::string finding_text(const migrate::Finding& finding) {
  return (finding.count > 1 ? std::to_string(finding.count) + " " : "") + finding.text;
}

std::string rowids_text(const migrate::Finding& finding) {
  std::string out;
  for (const std::int64_t rowid : finding.rowids) out += (out.empty() ? "" : ", ") + std::to_string(rowid);
  return out;
}

std::string to_html(const migrate::Analysis& analysis) {
  std::int64_t rows = 0;
  for (const migrate::TableScan& table : analysis.scan.tables) rows += table.rows;
  const std::string name = shown(analysis.file.filename().string());
  std::string out = "<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content=\"width=device-width\"><title>" + name +
                    ": ready for PostgreSQL?</title><style>" + std::string(kStyle) + "</style>\n<h1>" + name + "</h1>\n<p>" + bytes_text(analysis.bytes) + ", " +
                    count_text(static_cast<std::int64_t>(analysis.scan.tables.size()), "table", "tables") + ", " + count_text(rows, "row", "rows") +
                    ", every value read in " + seconds_text(analysis.scan.elapsed) + ".</p>\n<p class=lead>" + shown(analysis.advice) + "</p>\n<p>" +
                    count_text(analysis.count(Severity::blocker), "blocker", "blockers") + ", " +
                    count_text(analysis.count(Severity::warning), "warning", "warnings") + ", " + count_text(analysis.count(Severity::note), "note", "notes") +
                    ".</p>\n<h2>Is it time for PostgreSQL?</h2>\n<table>";
  for (const migrate::Signal& one : analysis.signals)
    out += "<tr>" + cell(one.name) + tag("says-" + std::string(migrate::to_string(one.says)), migrate::to_string(one.says)) + cell(one.evidence) + "</tr>\n";
  out += "</table>\n<h2>Findings</h2>\n" + findings_part(analysis) + "\n<h2>Tables</h2>\n";
  for (const auto& [key, table] : analysis.schema.tables) out += table_part(table, analysis.scan.find(table.sqlite_name));
  return out + "</html>\n";
}

}  // namespace crossfade::cli
