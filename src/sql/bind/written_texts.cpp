#include "bind/schema_binder.hpp"
#include "print/print.hpp"
#include "shown_written.hpp"

namespace crossfade::sql {

namespace {

/// Our own table in the file: `written` is SQLite's text of a CHECK, a generated column, an index's expression or predicate (shown_key()).
constexpr std::string_view kWrittenTexts =
    "CREATE TABLE IF NOT EXISTS main.crossfade_texts (table_name TEXT NOT NULL, written TEXT NOT NULL, shown TEXT NOT NULL, pretty TEXT NOT NULL, "
    "PRIMARY KEY (table_name, written)) WITHOUT ROWID";

}  // namespace

void SchemaBinder::note_written(const Expression& written, const plan::Table& table) {
  const auto text = shown_written(written, table, {}), pretty = shown_written(written, table, {.pretty = true});
  written_.reset();
  if (text && pretty) written_ = plan::Table::Shown{*text, *pretty};
}

void SchemaBinder::keep_written(std::string_view printed, const plan::Table& table) {
  const std::optional<plan::Table::Shown> written = std::exchange(written_, std::nullopt);
  if (!written || table.temporary || result_.temporary) return;
  const auto derived = shown_expression(printed, table, {});
  if (derived == written->text) return;  // the catalog finds it so from the file's text
  result_.own_texts.emplace_back(kWrittenTexts);
  result_.own_texts.push_back("INSERT OR REPLACE INTO main.crossfade_texts VALUES (" + quote_text(table.name) + ", " + quote_text(shown_key(printed)) + ", " +
                              quote_text(written->text) + ", " + quote_text(written->pretty) + ")");
}

}  // namespace crossfade::sql
