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

model::Result<model::ResultSet> run_sample(postgres::Connection& connection, const Sample& sample) {
  connection.set_deadline(std::chrono::steady_clock::now() + kSampleDeadline);
  CROSSFADE_CHECK(connection.execute("SAVEPOINT sample"));
  model::Result<model::ResultSet> result;
  const model::Result<void> path =
      sample.search_path.empty() ? model::Result<void>{} : connection.execute("SET LOCAL search_path = " + sample.search_path);
  if (path) result = connection.query(sample.text, parameters_of(sample));
  else result = std::unexpected(path.error());
  CROSSFADE_CHECK(connection.execute("ROLLBACK TO SAVEPOINT sample; RELEASE SAVEPOINT sample"));
  return result;
}

}  // namespace crossfade::migrate
