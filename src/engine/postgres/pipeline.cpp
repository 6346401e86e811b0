#include <algorithm>
#include <utility>

#include "connection_impl.hpp"
#include "parameters.hpp"

namespace crossfade::postgres {

model::Error Connection::Impl::lose_reads(model::Error why) {
  reads = 0;
  given_up = true;
  abandon();
  return why;
}

model::Result<void> Connection::send_read(std::string_view sql, std::span<const Parameter> parameters, std::span<const model::Type> expected) {
  PGconn* const raw = impl_->raw();
  if (impl_->reads == 0 && PQenterPipelineMode(raw) == 0) return std::unexpected(impl_->lost());
  impl_->unnamed.text.clear();
  const bool binary = std::ranges::all_of(expected, [](const model::Type& type) { return has_binary_form(type.oid); });
  const Wire wire{parameters};
  const bool sent = PQsendQueryParams(raw, std::string{sql}.c_str(), static_cast<int>(parameters.size()), wire.types.data(), wire.values.data(),
                                      wire.lengths.data(), wire.formats.data(), binary ? kBinary : kText) != 0;
  // A Sync of its own, so that one that fails takes no other with it.
  if (!sent || PQpipelineSync(raw) == 0) return std::unexpected(impl_->lose_reads(impl_->lost()));
  ++impl_->reads;
  return {};
}

model::Result<model::ResultSet> Connection::next_read() {
  if (impl_->reads == 0) return std::unexpected(impl_->lose_reads(impl_->lost()));
  std::vector<ResultHandle> results;
  std::optional<model::Error> failure;
  while (true) {
    CROSSFADE_TRY(const bool more, impl_->take_piped(results, failure));
    if (!more) break;
  }
  if (--impl_->reads == 0) PQexitPipelineMode(impl_->raw());
  if (failure) return std::unexpected(*std::move(failure));
  return impl_->rows(results.empty() ? nullptr : results.back().get());
}

model::Result<bool> Connection::Impl::take_piped(std::vector<ResultHandle>& results, std::optional<model::Error>& failure) {
  model::Result<ResultHandle> next = next_result();
  if (next && *next == nullptr && PQstatus(raw()) == CONNECTION_BAD) next = std::unexpected(failure ? *failure : lost());
  if (!next) return std::unexpected(lose_reads(std::move(next).error()));
  if (*next == nullptr) return true;  // the end of one statement's results
  switch (PQresultStatus(next->get())) {
    case PGRES_PIPELINE_SYNC: return false;
    case PGRES_PIPELINE_ABORTED: return true;
    case PGRES_FATAL_ERROR:
    case PGRES_BAD_RESPONSE:
      if (!failure) failure = result_error(next->get());
      return true;
    default: results.push_back(std::move(*next)); return true;
  }
}

model::Result<std::vector<model::ResultSet>> Connection::query_one_by_one(std::span<const Request> requests, const std::function<void()>& before_last) {
  std::vector<model::ResultSet> out;
  for (const Request& request : requests) {
    if (&request == &requests.back() && before_last) before_last();
    CROSSFADE_TRY(model::ResultSet set, query(request.sql, request.parameters));
    out.push_back(std::move(set));
  }
  return out;
}

model::Result<std::vector<model::ResultSet>> Connection::query_together(std::span<const Request> requests, const std::function<void()>& before_last) {
  const auto kept = [](const Request& request) { return request.sql.size() <= kKeptBytes; };
  if (requests.size() > impl_->most_kept || !std::ranges::all_of(requests, kept)) return query_one_by_one(requests, before_last);
  // Each of them is moved to the front of those that are kept, so none pushes another out.
  std::vector<const Impl::Statement*> known;
  for (const Request& request : requests) {
    CROSSFADE_TRY(const Impl::Statement* const statement, impl_->prepare(request.sql, types_of(request.parameters)));
    known.push_back(statement);
  }
  PGconn* const raw = impl_->raw();
  if (PQenterPipelineMode(raw) == 0) return std::unexpected(impl_->lost());
  for (std::size_t i = 0; i < requests.size(); ++i) {
    if (i + 1 == requests.size() && before_last) {
      if (auto gone = impl_->flush(); !gone) return std::unexpected(impl_->lose_reads(std::move(gone).error()));
      before_last();
    }
    if (auto sent = impl_->send_prepared(*known[i], requests[i].parameters); !sent) return std::unexpected(impl_->lose_reads(std::move(sent).error()));
  }
  if (PQpipelineSync(raw) == 0) return std::unexpected(impl_->lose_reads(impl_->lost()));
  std::vector<ResultHandle> results;
  std::optional<model::Error> failure;
  while (true) {
    CROSSFADE_TRY(const bool more, impl_->take_piped(results, failure));
    if (!more) break;
  }
  PQexitPipelineMode(raw);
  if (failure) return std::unexpected(*std::move(failure));
  std::vector<model::ResultSet> out;
  for (const ResultHandle& result : results) {
    CROSSFADE_TRY(model::ResultSet set, impl_->rows(result.get()));
    out.push_back(std::move(set));
  }
  return out;
}

}  // namespace crossfade::postgres
