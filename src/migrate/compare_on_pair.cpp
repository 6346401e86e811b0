#include <array>

#include "crossfade/compare/compare.hpp"
#include "crossfade/model/text_format.hpp"
#include "compare_options.hpp"
#include "pair_controller.hpp"
#include "run_translated.hpp"

namespace crossfade::migrate {

using namespace model::literals;

namespace {

constexpr std::chrono::seconds kCompareDeadline{30};
constexpr std::size_t kShownRows = 10;

std::string shown_row(const std::optional<model::Row>& row, const model::Result<model::ResultSet>& side) {
  if (!row) return "";
  std::string text;
  for (std::size_t i = 0; i < row->size(); ++i) {
    const model::Value& value = (*row)[i];
    text += (i == 0 ? "(" : ", ") + (model::is_null(value) ? "NULL" : model::to_text(value, side->columns[i].type));
  }
  return text + ")";
}

std::string shown_side(const model::Result<model::ResultSet>& side) {
  if (side) return std::to_string(side->rows.size()) + " rows";
  return std::string(side.error().state.code()) + ": " + side.error().message;
}

model::Result<sql::Translated> translate_read(std::string_view text, const plan::Schema& schema) {
  CROSSFADE_TRY(const std::vector<sql::Parsed> parsed, sql::parse(text, sql::Dialect::postgres));
  if (parsed.size() != 1 || parsed[0].kind == sql::Kind::empty) return model::fail("42601"_state, "COMPARE takes exactly one statement");
  const bool reads = parsed[0].kind == sql::Kind::select || parsed[0].kind == sql::Kind::values;
  const sql::Context context{.schema = &schema, .takes_parameters = false};
  model::Result<sql::Translated> made = reads ? sql::translate(parsed[0], context) : model::Result<sql::Translated>(sql::Translated{});
  if (!reads || (made && made->writes)) return model::fail("25006"_state, "COMPARE runs statements that only read");
  if (made && made->volatile_functions)
    return model::fail("0A000"_state, "COMPARE cannot compare what depends on chance, on the clock or on the session");
  return made;
}

}  // namespace

model::Result<ConsoleTable> PairController::compare(std::string_view text) {
  if (!rule(fence_.state().stage).mirrored || !filled_) {
    return model::fail("55000"_state, "there is no pair to compare on at stage " + std::string(to_string(fence_.state().stage)), {},
                       "The verb `crossfade compare -c SQL` compares a file and a database that are not mirrored.");
  }
  std::shared_ptr<const plan::Schema> schema;
  {
    const std::scoped_lock lock(state_);
    schema = schema_;
  }
  const model::Result<sql::Translated> statement = translate_read(text, *schema);
  const bool ours = !statement && (statement.error().state == "25006"_state || statement.error().state == "42601"_state ||
                                   statement.error().message.starts_with("COMPARE"));
  if (ours) return std::unexpected(statement.error());
  CROSSFADE_TRY(Pair pair, make_pair());
  pair.postgres.set_deadline(std::chrono::steady_clock::now() + kCompareDeadline);
  CROSSFADE_TRY(const model::Value now, pair.postgres.value("SELECT pg_catalog.now()"));
  sqlite::FunctionContext session;
  session.transaction_micros = session.statement_micros = std::get<model::TimestampTz>(now).micros;
  pair.sqlite.answer_for(&session);
  const model::Result<model::ResultSet> file =
      statement ? run_translated(pair.sqlite, *statement, {}) : model::Result<model::ResultSet>(std::unexpected(statement.error()));
  const model::Result<model::ResultSet> target = pair.postgres.query(text);
  compare::Options options = statement ? options_of(*statement) : compare::Options{};
  options.examples = kShownRows;
  const compare::Differences differences = compare::outcomes(file, target, options);
  const std::optional<compare::Class> worst = differences.worst();
  ConsoleTable table{.columns = {"class", "summary", "sqlite", "postgres"}, .rows = {}};
  const std::string otherwise = differences.undecided ? "undecided" : "equal";
  table.rows.push_back({worst ? std::string(compare::to_string(*worst)) : otherwise, differences.summary, shown_side(file), shown_side(target)});
  for (const compare::Example& one : differences.examples) {
    table.rows.push_back({std::string(compare::to_string(one.kind)), "row " + std::to_string(one.row + 1), shown_row(one.left, file),
                          shown_row(one.right, target)});
  }
  return table;
}

}  // namespace crossfade::migrate
