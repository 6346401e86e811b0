#include "crossfade/engine/postgres/connection.hpp"

#include <poll.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include "connection_impl.hpp"
#include "parameters.hpp"
#include "crossfade/model/text_format.hpp"
#include "crossfade/observe/log.hpp"

namespace crossfade::postgres {
namespace {

using namespace model::literals;

/// What the values face means the same on every server.
constexpr const char* kSettings =
    "SET TimeZone = 'UTC'; SET DateStyle = 'ISO, MDY'; SET extra_float_digits = 1; SET bytea_output = 'hex'; "
    "SET IntervalStyle = 'postgres'; SET client_encoding = 'UTF8'; SET standard_conforming_strings = on; "
    "SET row_security = off";  // a policy that would hide rows from us is an error: they are not gone

model::Column column_of(const PGresult* result, int index) {
  return {PQfname(result, index), {PQftype(result, index), PQfmod(result, index)}};
}

}  // namespace

Connection::Connection(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Connection::Connection(Connection&&) noexcept = default;
Connection& Connection::operator=(Connection&&) noexcept = default;
Connection::~Connection() = default;

namespace {

void take_notice(void* impl, const PGresult* result) {
  const char* const message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
  const std::string_view text = message != nullptr ? message : "";
  if (text.ends_with(", skipping")) ++*static_cast<std::int64_t*>(impl);
  observe::log(observe::Level::debug, "upstream notice", {{"message", std::string(text)}});
}

}  // namespace

model::Result<Connection> Connection::connect(const Conninfo& conninfo, std::chrono::milliseconds timeout,
                                              std::string_view application_name) {
  const Conninfo named = conninfo.with("application_name", application_name).with("client_encoding", "UTF8");
  const Deadline deadline = std::chrono::steady_clock::now() + timeout;
  auto impl = std::make_unique<Impl>();
  CROSSFADE_TRY(impl->handle, open_connection(named, deadline));
  PQsetNoticeReceiver(impl->raw(), &take_notice, &impl->skipped);
  impl->canceller = std::shared_ptr<PGcancel>(PQgetCancel(impl->raw()), FreeCancel{});
  if (PQsetnonblocking(impl->raw(), 1) != 0) return std::unexpected(impl->lost());
  Connection connection{std::move(impl)};
  connection.set_deadline(*deadline);
  CROSSFADE_CHECK(connection.execute(kSettings));
  connection.clear_deadline();
  return connection;
}

std::int64_t Connection::skipped() const { return impl_->skipped; }

model::Result<void> Connection::execute(std::string_view sql) {
  impl_->unnamed.text.clear();
  if (PQsendQuery(impl_->raw(), std::string{sql}.c_str()) == 0) return std::unexpected(impl_->lost());
  CROSSFADE_TRY(const ResultHandle last, impl_->finish());
  const ExecStatusType status = PQresultStatus(last.get());
  if (status != PGRES_COPY_IN && status != PGRES_COPY_OUT) return {};
  impl_->drain();
  return model::fail("0A000"_state, "COPY is not run by execute()");
}

model::Result<Connection::Impl::Statement*> Connection::Impl::kept_place(std::string_view sql, const std::vector<model::Oid>& types) {
  const auto same = [&](const Statement& each) { return each.text == sql && each.types == types; };
  if (const auto found = std::ranges::find_if(kept, same); found != kept.end()) {
    kept.splice(kept.begin(), kept, found);
    return &kept.front();
  }
  if (kept.size() < most_kept) {
    kept.push_front({.name = "crossfade_" + std::to_string(kept.size())});
    return &kept.front();
  }
  kept.splice(kept.begin(), kept, std::prev(kept.end()));  // the one unused for longest
  Statement& place = kept.front();
  if (place.text.empty()) return &place;
  if (PQsendQuery(raw(), ("DEALLOCATE " + place.name).c_str()) == 0) return std::unexpected(lost());
  CROSSFADE_CHECK(finish());
  place.text.clear();
  return &place;
}

model::Result<const Connection::Impl::Statement*> Connection::Impl::prepare(std::string_view sql, std::vector<model::Oid> types) {
  Statement* place = &unnamed;
  if (sql.size() <= kKeptBytes && most_kept != 0) {
    CROSSFADE_TRY(place, kept_place(sql, types));
  }
  if (!place->text.empty() && place->text == sql && place->types == types) return place;
  place->text.clear();  // a kept place is empty here
  const std::string text{sql};
  if (PQsendPrepare(raw(), place->name.c_str(), text.c_str(), static_cast<int>(types.size()), types.data()) == 0) return std::unexpected(lost());
  CROSSFADE_CHECK(finish());
  if (PQsendDescribePrepared(raw(), place->name.c_str()) == 0) return std::unexpected(lost());
  CROSSFADE_TRY(const ResultHandle described, finish());
  place->description = {};
  for (int i = 0; i < PQnparams(described.get()); ++i) place->description.parameters.push_back({PQparamtype(described.get(), i), -1});
  for (int i = 0; i < PQnfields(described.get()); ++i) place->description.columns.push_back(column_of(described.get(), i));
  place->text = text;
  place->types = std::move(types);
  return place;
}

model::Result<void> Connection::Impl::send(std::string_view sql, std::span<const Parameter> parameters) {
  CROSSFADE_TRY(const Statement* const known, prepare(sql, types_of(parameters)));
  return send_prepared(*known, parameters);
}

model::Result<void> Connection::Impl::send_prepared(const Statement& statement, std::span<const Parameter> parameters) {
  int format = kBinary;
  for (const model::Column& column : statement.description.columns)
    if (!has_binary_form(column.type.oid)) format = kText;
  const Wire wire{parameters};
  if (PQsendQueryPrepared(raw(), statement.name.c_str(), static_cast<int>(parameters.size()), wire.values.data(), wire.lengths.data(),
                          wire.formats.data(), format) == 0)
    return std::unexpected(lost());
  return {};
}

model::Result<model::Row> Connection::Impl::row(const PGresult* result, int index) const {
  model::Row row;
  const int count = PQnfields(result);
  row.reserve(static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i) {
    if (PQgetisnull(result, index, i) != 0) {
      row.emplace_back(model::Null{});
      continue;
    }
    const std::string_view bytes{PQgetvalue(result, index, i), static_cast<std::size_t>(PQgetlength(result, index, i))};
    const model::Type type{PQftype(result, i), PQfmod(result, i)};
    if (!has_binary_form(type.oid)) {
      row.emplace_back(std::string{bytes});
      continue;
    }
    auto value = PQfformat(result, i) == kBinary ? read_binary(bytes, type) : model::parse_text(bytes, type);
    if (!value) {
      value.error().detail = std::string{"column "} + PQfname(result, i) + " of the upstream's result";
      return std::unexpected(std::move(value).error());
    }
    row.push_back(std::move(*value));
  }
  return row;
}

model::Result<model::ResultSet> Connection::Impl::rows(const PGresult* result) const {
  model::ResultSet set;
  if (result == nullptr) return set;
  for (int i = 0; i < PQnfields(result); ++i) set.columns.push_back(column_of(result, i));
  set.rows.reserve(static_cast<std::size_t>(PQntuples(result)));
  for (int i = 0; i < PQntuples(result); ++i) {
    CROSSFADE_TRY(model::Row one, row(result, i));
    set.rows.push_back(std::move(one));
  }
  set.command_tag = PQcmdStatus(const_cast<PGresult*>(result));
  return set;
}

model::Result<model::ResultSet> Connection::query(std::string_view sql, std::span<const Parameter> parameters) {
  CROSSFADE_CHECK(impl_->send(sql, parameters));
  CROSSFADE_TRY(const ResultHandle result, impl_->finish());
  return impl_->rows(result.get());
}

model::Result<model::Value> Connection::value(std::string_view sql, std::span<const Parameter> parameters) {
  CROSSFADE_TRY(model::ResultSet set, query(sql, parameters));
  if (set.rows.empty() || set.rows.front().empty()) return model::Null{};
  return std::move(set.rows.front().front());
}

model::Result<Connection::Description> Connection::describe(std::string_view sql, std::span<const model::Oid> declared) {
  CROSSFADE_TRY(const Impl::Statement* const known, impl_->prepare(sql, {declared.begin(), declared.end()}));
  return known->description;
}

model::Result<void> Connection::stream(std::string_view sql, std::span<const Parameter> parameters,
                                       const std::function<bool(const model::Row&)>& row) {
  CROSSFADE_CHECK(impl_->send(sql, parameters));
  if (PQsetSingleRowMode(impl_->raw()) == 0) return std::unexpected(impl_->lost());
  for (;;) {
    CROSSFADE_TRY(const ResultHandle result, impl_->next_result());
    if (result == nullptr) return {};
    switch (PQresultStatus(result.get())) {
      case PGRES_SINGLE_TUPLE: {
        auto decoded = impl_->row(result.get(), 0);
        if (decoded && row(*decoded)) break;
        cancel();
        impl_->drain();
        if (!decoded) return std::unexpected(std::move(decoded).error());
        return {};
      }
      case PGRES_FATAL_ERROR:
      case PGRES_BAD_RESPONSE: {
        model::Error error = result_error(result.get());
        impl_->drain();
        return std::unexpected(std::move(error));
      }
      default: break;  // the empty result that ends the rows
    }
  }
}

void Connection::set_deadline(std::chrono::steady_clock::time_point deadline) { impl_->deadline = deadline; }
void Connection::keep_statements(std::size_t most) { impl_->most_kept = most; }
void Connection::set_stop(std::function<bool()> stop) { impl_->stop = std::move(stop); }
void Connection::clear_deadline() { impl_->deadline.reset(); }
bool Connection::healthy() const { return PQstatus(impl_->raw()) == CONNECTION_OK && !impl_->given_up; }
bool Connection::alive() {
  while (healthy() && wait_for(PQsocket(impl_->raw()), POLLIN, std::chrono::steady_clock::now()) == Ready::readable) {
    if (PQconsumeInput(impl_->raw()) == 0) return false;
  }
  return healthy();
}
int Connection::server_version() const { return PQserverVersion(impl_->raw()); }

bool Connection::in_transaction() const {
  const PGTransactionStatusType status = PQtransactionStatus(impl_->raw());
  return status == PQTRANS_INTRANS || status == PQTRANS_INERROR || status == PQTRANS_ACTIVE;
}

void Connection::cancel() {
  if (!impl_->cancel()) impl_->given_up = true;
}

}  // namespace crossfade::postgres
