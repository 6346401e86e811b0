#include "analysis_html.hpp"

#include "html.hpp"
#include "output.hpp"

namespace crossfade::cli {
namespace {

using Severity = migrate::Finding::Severity;

std::string number_cell(std::int64_t number) { return "<td class=n>" + (number == 0 ? std::string("·") : std::to_string(number)) + "</td>"; }

std::string findings_part(const migrate::Analysis& analysis) {
  if (analysis.findings.empty()) return "<p>Nothing was found.</p>";
  std::string out = "<table><tr><th>Severity<th>Code<th>Where<th>What<th>What to do<th>Rowids</tr>\n";
  for (const migrate::Finding& one : analysis.findings) {
    out += "<tr>" + html_tag(migrate::to_string(one.severity), migrate::to_string(one.severity)) + "<td><code>" + std::string(one.code) + "</code></td>" +
           html_cell(one.object) + html_cell(finding_text(one)) + html_cell(one.advice) + html_cell(rowids_text(one)) + "</tr>\n";
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
  std::string out = "<details><summary>" + html_text(table.sqlite_name) + " <small>" +
                    (scan != nullptr ? count_text(scan->rows, "row", "rows") : table.view ? "a view" : "a virtual table") + ", " +
                    count_text(static_cast<std::int64_t>(table.columns.size()), "column", "columns") + "</small></summary>\n";
  if (scan != nullptr) {
    out += "<table><tr><th>Column<th>Declared<th class=n>NULL<th class=n>INTEGER<th class=n>REAL<th class=n>TEXT<th class=n>BLOB<th>What stands there</tr>\n";
    for (const migrate::ColumnScan& column : scan->columns) {
      out += "<tr>" + html_cell(column.name) + html_cell(column.declared) + number_cell(column.nulls) + number_cell(column.integers) + number_cell(column.reals) +
             number_cell(column.texts) + number_cell(column.blobs) + html_cell(range_of(column)) + "</tr>\n";
    }
    out += "</table>\n";
  }
  for (const plan::Index& index : table.indexes) out += "<p><small>index " + html_text(index.name) + (index.unique ? ", unique" : "") + (index.predicate ? ", partial" : "") + "</small></p>\n";
  return out + "<p><code>" + html_text(table.sql) + "</code></p></details>\n";
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
  const std::string name = html_text(analysis.file.filename().string());
  std::string out = page_head(analysis.file.filename().string() + ": ready for PostgreSQL?") + "<h1>" + name + "</h1>\n<p>" + bytes_text(analysis.bytes) + ", " +
                    count_text(static_cast<std::int64_t>(analysis.scan.tables.size()), "table", "tables") + ", " + count_text(rows, "row", "rows") +
                    ", every value read in " + seconds_text(analysis.scan.elapsed) + ".</p>\n<p class=lead>" + html_text(analysis.advice) + "</p>\n<p>" +
                    count_text(analysis.count(Severity::blocker), "blocker", "blockers") + ", " +
                    count_text(analysis.count(Severity::warning), "warning", "warnings") + ", " + count_text(analysis.count(Severity::note), "note", "notes") +
                    ".</p>\n<h2>Is it time for PostgreSQL?</h2>\n<table>";
  for (const migrate::Signal& one : analysis.signals)
    out += "<tr>" + html_cell(one.name) + html_tag("says-" + std::string(migrate::to_string(one.says)), migrate::to_string(one.says)) + html_cell(one.evidence) + "</tr>\n";
  out += "</table>\n<h2>Findings</h2>\n" + findings_part(analysis) + "\n<h2>Tables</h2>\n";
  for (const auto& [key, table] : analysis.schema.tables) out += table_part(table, analysis.scan.find(table.sqlite_name));
  return out + std::string(kPageEnd);
}

}  // namespace crossfade::cli
