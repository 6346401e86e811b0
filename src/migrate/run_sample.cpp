#include "run_sample.hpp"

namespace crossfade::migrate {
namespace {

constexpr std::chrono::seconds kSampleDeadline{10};

std::vector<postgres::Parameter> parameters_of(const Sample& sample) {
  std::vector<postgres::Parameter> out;
  for (std::size_t i = 0; i < sample.values.size(); ++i) out.push_back({sample.values[i], sample.types[i]});
  return out;
}

}  // namespace

/// Back to the savepoint, where no path is set, and from there.
model::Result<void> SampleRuns::take_path(const std::string& path) {
  if (saved_ && path_ == path) return {};
  std::string text = saved_ ? "ROLLBACK TO SAVEPOINT sample" : "SAVEPOINT sample";
  if (!path.empty()) text += "; SET LOCAL search_path = " + path;
  path_.reset();
  CROSSFADE_CHECK(connection_->execute(text));
  saved_ = true;
  path_ = path;
  return {};
}

model::Result<model::ResultSet> SampleRuns::run(const Sample& sample) {
  connection_->set_deadline(std::chrono::steady_clock::now() + kSampleDeadline);
  model::Result<model::ResultSet> result;
  if (const model::Result<void> ready = take_path(sample.search_path); ready) result = connection_->query(sample.text, parameters_of(sample));
  else result = std::unexpected(ready.error());
  if (result || !saved_) return result;
  path_.reset();
  CROSSFADE_CHECK(connection_->execute("ROLLBACK TO SAVEPOINT sample"));
  return result;
}

}  // namespace crossfade::migrate
