#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <utility>

#include "connection_impl.hpp"

namespace crossfade::postgres {
namespace {

using namespace model::literals;

constexpr std::chrono::seconds kDrain{2};  // for a cancelled statement to end

model::Error deadline_error() { return {"57014"_state, "canceling statement due to the proxy's deadline"}; }

}  // namespace

model::Error Connection::Impl::lost() const {
  return {"08006"_state, "the connection to PostgreSQL was lost: " + connection_message(raw())};
}

model::Result<void> Connection::Impl::flush() {
  for (;;) {
    const int pending = PQflush(raw());
    if (pending == 0) return {};
    if (pending < 0) return std::unexpected(lost());
    const Ready ready = wait_for(PQsocket(raw()), POLLIN | POLLOUT, deadline);
    if (ready == Ready::timeout) return std::unexpected(deadline_error());
    if (ready == Ready::broken || (ready == Ready::readable && PQconsumeInput(raw()) == 0)) return std::unexpected(lost());
  }
}

model::Result<ResultHandle> Connection::Impl::next_result() {
  CROSSFADE_CHECK(flush());
  while (PQisBusy(raw()) != 0) {
    const Ready ready = wait_for(PQsocket(raw()), POLLIN, deadline);
    if (ready == Ready::timeout) {
      std::array<char, 256> message{};
      PQcancel(canceller.get(), message.data(), static_cast<int>(message.size()));
      drain();
      return std::unexpected(deadline_error());
    }
    if (ready == Ready::broken || PQconsumeInput(raw()) == 0) return std::unexpected(lost());
  }
  return ResultHandle{PQgetResult(raw())};
}

model::Result<ResultHandle> Connection::Impl::finish() {
  ResultHandle last;
  std::optional<model::Error> failure;
  for (;;) {
    CROSSFADE_TRY(ResultHandle result, next_result());
    if (result == nullptr) break;
    const ExecStatusType status = PQresultStatus(result.get());
    if ((status == PGRES_FATAL_ERROR || status == PGRES_BAD_RESPONSE) && !failure) failure = result_error(result.get());
    if (status == PGRES_COPY_IN || status == PGRES_COPY_OUT || status == PGRES_COPY_BOTH) return result;
    last = std::move(result);
  }
  if (PQstatus(raw()) == CONNECTION_BAD) return std::unexpected(failure && failure->state != "08006"_state ? *failure : lost());
  if (failure) return std::unexpected(*std::move(failure));
  return last;
}

void Connection::Impl::drain() {
  const Deadline end = std::chrono::steady_clock::now() + kDrain;
  prepared.clear();
  for (;;) {
    while (PQisBusy(raw()) != 0) {
      if (wait_for(PQsocket(raw()), POLLIN, end) != Ready::readable || PQconsumeInput(raw()) == 0) {
        shutdown(PQsocket(raw()), SHUT_RDWR);  // every use is 08006 from now on
        PQconsumeInput(raw());
        return;
      }
    }
    const ResultHandle result{PQgetResult(raw())};
    if (result == nullptr) return;
    if (PQresultStatus(result.get()) == PGRES_COPY_IN) PQputCopyEnd(raw(), "cancelled");
  }
}

}  // namespace crossfade::postgres
