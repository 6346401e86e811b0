#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "crossfade/migrate/scan.hpp"

namespace crossfade::migrate {

/// A column's type as a rule would have it, and why.
struct Choice {
  model::Type type;
  plan::StoredForm form;
  std::string note;
  plan::Misfit misfit = plan::Misfit::refuse;
};

/// A declaration taken apart: "DECIMAL(10, 2)" is words "DECIMAL", arguments 10 and 2.
struct Declaration {
  explicit Declaration(std::string_view declared);
  bool has(std::string_view word) const { return words.find(word) != std::string::npos; }
  std::string words;  // upper case
  std::vector<int> arguments;
};

/// What a rule looks at.
struct Evidence {
  const plan::Column& column;
  const ColumnScan& scan;
  Declaration declaration;
  std::int64_t values() const { return scan.rows() - scan.nulls; }
  bool only_texts() const { return scan.texts == values(); }
  bool only_integers() const { return scan.integers == values(); }
  bool only_numbers() const { return scan.integers + scan.reals == values(); }
  bool storable_texts() const { return scan.nul_text == 0 && scan.invalid_utf8 == 0; }
};

/// The first rule that chooses decides; the last one always does.
struct DraftRule { std::string_view name; std::optional<Choice> (*choose)(const Evidence&); };
std::span<const DraftRule> draft_rules();

/// The rules of times are many enough for a file of their own.
std::optional<Choice> choose_time(const Evidence& evidence);
/// Numbers that are all times of one kind.
std::optional<Choice> choose_number_time(const Evidence& evidence);
/// ISO forms, one for each separator and offset that the texts have; and the fraction under which all of them are read.
std::vector<plan::StoredForm> text_time_forms(const ColumnScan& scan);
std::int8_t text_fraction(const ColumnScan& scan);
/// The pair of words ("yes/no") that all texts are.
std::optional<std::string_view> word_pair(const ColumnScan& scan);
/// As draft_plan(), with nothing proved and no warnings.
model::Result<Drafted> draft_unproved(sqlite::Connection& connection, const plan::Plan* previous);
/// PostgreSQL keeps the name for itself. Source: its manual, "System Columns".
bool is_system_column(std::string_view name);
/// "3 INTEGER, 2 TEXT".
std::string storage_classes(const ColumnScan& scan);

}  // namespace crossfade::migrate
