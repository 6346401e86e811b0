#include "run_sample.hpp"

namespace crossfade::migrate {
namespace {

constexpr std::chrono::seconds kSampleDeadline{10};
/// What Connection pins for the values face.
constexpr std::string_view kOwnDefaults =
    "RESET TimeZone; RESET DateStyle; RESET IntervalStyle; RESET extra_float_digits; RESET bytea_output; RESET standard_conforming_strings; "
    "SAVEPOINT sample";

std::vector<postgres::Parameter> parameters_of(const Sample& sample) {
  std::vector<postgres::Parameter> out;
  for (std::size_t i = 0; i < sample.values.size(); ++i) out.push_back({sample.values[i], sample.types[i]});
  return out;
}

}  // namespace

/// Back to the savepoint, where nothing is set, and from there.
model::Result<void> SampleRuns::take(const Settings& settings) {
  if (saved_ && settings_ == settings) return {};
  connection_->set_deadline(std::chrono::steady_clock::now() + kSampleDeadline);
  if (!saved_) CROSSFADE_CHECK(connection_->execute(kOwnDefaults));
  std::string text = saved_ ? "ROLLBACK TO SAVEPOINT sample" : "";
  saved_ = true;
  for (const auto& [name, value] : settings) {
    text += (text.empty() ? "SELECT" : "; SELECT") + std::string(" pg_catalog.set_config(") + postgres::quote_literal(name) + ", " +
            postgres::quote_literal(value) + ", true)";
  }
  settings_.reset();
  if (!text.empty()) CROSSFADE_CHECK(connection_->execute(text));
  settings_ = settings;
  return {};
}

model::Result<model::ResultSet> SampleRuns::run(const Sample& sample) {
  model::Result<model::ResultSet> result;
  if (const model::Result<void> ready = take(sample.settings); ready) {
    connection_->set_deadline(std::chrono::steady_clock::now() + kSampleDeadline);
    result = connection_->query(sample.text, parameters_of(sample));
  } else {
    result = std::unexpected(ready.error());
  }
  if (!result) settings_.reset();  // the next one goes back to the savepoint
  return result;
}

model::Result<void> SampleRuns::send(std::span<const ComparedRead> reads) {
  CROSSFADE_CHECK(take(reads.front().sample.settings));
  for (const ComparedRead& read : reads) {
    std::vector<model::Type> expected;
    for (const sql::OutputColumn& column : read.statement->columns) expected.push_back(column.type);
    CROSSFADE_CHECK(connection_->send_read(read.sample.text, parameters_of(read.sample), expected));
  }
  sent_ = reads.size();
  return {};
}

model::Result<model::ResultSet> SampleRuns::next() {
  connection_->set_deadline(std::chrono::steady_clock::now() + kSampleDeadline);
  model::Result<model::ResultSet> answer = connection_->next_read();
  --sent_;
  if (answer) return answer;
  settings_.reset();
  while (sent_ != 0 && connection_->healthy()) {
    static_cast<void>(connection_->next_read());  // 25P02
    --sent_;
  }
  sent_ = 0;
  return answer;
}

}  // namespace crossfade::migrate
