#include <charconv>
#include <utility>

#include "connection_impl.hpp"
#include "crossfade/model/binary_format.hpp"

namespace crossfade::postgres {
namespace {

using namespace model::literals;

constexpr std::size_t kFlushBytes = 1 << 16;
constexpr std::string_view kSignature{"PGCOPY\n\377\r\n\0", 11};

/// The word at `at`, most significant byte first.
template <class Integer>
void store(std::string& out, std::size_t at, Integer value) {
  for (std::size_t i = sizeof(Integer); i-- > 0; value = static_cast<Integer>(value >> 8)) out[at + i] = static_cast<char>(value & 0xff);
}

template <class Integer>
void append(std::string& out, Integer value) {
  out.resize(out.size() + sizeof(Integer));
  store(out, out.size() - sizeof(Integer), value);
}

}  // namespace

struct Connection::CopyIn::State {
  Connection::Impl* connection = nullptr;
  std::vector<model::Type> types;
  std::string buffer;
  bool ended = false;

  model::Result<void> send() {
    while (!buffer.empty()) {
      const int sent = PQputCopyData(connection->raw(), buffer.data(), static_cast<int>(buffer.size()));
      if (sent < 0) return std::unexpected(connection->lost());
      if (sent > 0) buffer.clear();
      CROSSFADE_CHECK(connection->flush());
    }
    return {};
  }
};

Connection::CopyIn::CopyIn(std::unique_ptr<State> state) : state_(std::move(state)) {}
Connection::CopyIn::CopyIn(CopyIn&&) noexcept = default;

Connection::CopyIn::~CopyIn() {
  if (state_ == nullptr || state_->ended) return;
  PQputCopyEnd(state_->connection->raw(), "the proxy gave the COPY up");
  state_->connection->drain();
}

model::Result<Connection::CopyIn> Connection::copy_in(std::string_view table, std::span<const model::Column> columns) {
  auto state = std::make_unique<CopyIn::State>();
  state->connection = impl_.get();
  std::string sql = "COPY " + std::string{table} + " (";
  for (const model::Column& column : columns) {
    sql += (state->types.empty() ? "" : ", ") + quote_identifier(column.name);
    state->types.push_back(column.type);
  }
  sql += ") FROM STDIN (FORMAT binary)";
  impl_->unnamed.text.clear();
  if (PQsendQuery(impl_->raw(), sql.c_str()) == 0) return std::unexpected(impl_->lost());
  CROSSFADE_TRY(const ResultHandle begun, impl_->finish());
  if (PQresultStatus(begun.get()) != PGRES_COPY_IN) return model::fail("08P01"_state, "PostgreSQL did not begin the COPY");
  // Header: signature, flags, length of the extension. Source: PostgreSQL 15 manual, COPY, "Binary Format".
  state->buffer = kSignature;
  append<std::int32_t>(state->buffer, 0);
  append<std::int32_t>(state->buffer, 0);
  return CopyIn{std::move(state)};
}

model::Result<void> Connection::CopyIn::put(const model::Row& row) {
  State& state = *state_;
  if (row.size() != state.types.size()) return model::fail("22P04"_state, "a row of the COPY has another number of columns");
  append(state.buffer, static_cast<std::int16_t>(row.size()));
  for (std::size_t i = 0; i < row.size(); ++i) {
    const std::size_t length = state.buffer.size();
    append<std::int32_t>(state.buffer, -1);
    if (model::is_null(row[i])) continue;
    model::append_binary(state.buffer, row[i], state.types[i]);
    store(state.buffer, length, static_cast<std::int32_t>(state.buffer.size() - length - sizeof(std::int32_t)));
  }
  if (state.buffer.size() < kFlushBytes) return {};
  return state.send();
}

model::Result<std::int64_t> Connection::CopyIn::finish() {
  State& state = *state_;
  append<std::int16_t>(state.buffer, -1);
  CROSSFADE_CHECK(state.send());
  if (PQputCopyEnd(state.connection->raw(), nullptr) < 0) return std::unexpected(state.connection->lost());
  state.ended = true;
  CROSSFADE_TRY(const ResultHandle result, state.connection->finish());
  const std::string_view count = PQcmdTuples(const_cast<PGresult*>(result.get()));
  std::int64_t rows = 0;
  std::from_chars(count.data(), count.data() + count.size(), rows);
  return rows;
}

}  // namespace crossfade::postgres
