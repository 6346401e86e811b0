#include <poll.h>
#include <sys/socket.h>

#include <utility>

#include "cancel_run.hpp"
#include "connection_impl.hpp"

namespace crossfade::postgres {
namespace {

using namespace model::literals;

constexpr std::chrono::seconds kDrain{2};            // for a statement to be cancelled and to end
constexpr std::chrono::milliseconds kGlance{250};    // between looks whether a connection was given up, and questions to `stop`

model::Error deadline_error() { return {"57014"_state, "canceling statement due to the proxy's deadline"}; }

}  // namespace

model::Error Connection::Impl::lost() const {
  return {"08006"_state, "the connection to PostgreSQL was lost: " + connection_message(raw())};
}

Deadline Connection::Impl::bounded() { return std::chrono::steady_clock::now() + kDrain; }

bool Connection::Impl::cancel(Deadline until) {
  if (canceller == nullptr) return false;
  const auto run = CancelRun::start(canceller);
  return run != nullptr && run->wait(*until) == CancelRun::State::arrived;
}

Ready Connection::Impl::wait(short events) {
  for (;;) {
    if (given_up || (stop && stop())) return Ready::timeout;
    const Deadline glance = std::chrono::steady_clock::now() + kGlance;
    const bool last = deadline && *deadline <= *glance;
    const Ready ready = wait_for(PQsocket(raw()), events, last ? deadline : glance);
    if (ready != Ready::timeout || last) return ready;
  }
}

model::Result<void> Connection::Impl::flush() {
  for (;;) {
    const int pending = PQflush(raw());
    if (pending == 0) return {};
    if (pending < 0) return std::unexpected(lost());
    const Ready ready = wait(POLLIN | POLLOUT);
    if (ready == Ready::timeout) return std::unexpected(deadline_error());
    if (ready == Ready::broken || (ready == Ready::readable && PQconsumeInput(raw()) == 0)) return std::unexpected(lost());
  }
}

model::Result<void> Connection::Impl::await_input() {
  const Ready ready = wait(POLLIN);
  if (ready == Ready::timeout) {
    const Deadline until = given_up ? std::chrono::steady_clock::now() : bounded();
    if (!given_up) cancel(until);
    drain(until);
    return std::unexpected(deadline_error());
  }
  if (ready == Ready::broken || PQconsumeInput(raw()) == 0) return std::unexpected(lost());
  return {};
}

model::Result<ResultHandle> Connection::Impl::next_result() {
  CROSSFADE_CHECK(flush());
  while (PQisBusy(raw()) != 0) CROSSFADE_CHECK(await_input());
  return ResultHandle{PQgetResult(raw())};
}

model::Result<std::string_view> Connection::Impl::next_copy_data() {
  while (true) {
    char* buffer = nullptr;
    const int length = PQgetCopyData(raw(), &buffer, 1);
    copied.reset(buffer);
    if (length > 0) return std::string_view(buffer, static_cast<std::size_t>(length));
    if (length == -1) return std::string_view{};
    if (length < -1) return std::unexpected(lost());
    CROSSFADE_CHECK(await_input());
  }
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

void Connection::Impl::abandon() {
  shutdown(PQsocket(raw()), SHUT_RDWR);
  PQconsumeInput(raw());
}

void Connection::Impl::drain(Deadline until) {
  unnamed.text.clear();
  const auto more = [&] {
    if (wait_for(PQsocket(raw()), POLLIN, until) == Ready::readable && PQconsumeInput(raw()) != 0) return true;
    abandon();
    return false;
  };
  for (;;) {
    while (PQisBusy(raw()) != 0) {
      if (!more()) return;
    }
    const ResultHandle result{PQgetResult(raw())};
    if (result == nullptr) return;
    if (PQresultStatus(result.get()) == PGRES_COPY_IN) PQputCopyEnd(raw(), "cancelled");
    while (PQresultStatus(result.get()) == PGRES_COPY_OUT) {  // libpq gives this result until the data is read
      char* buffer = nullptr;
      const int length = PQgetCopyData(raw(), &buffer, 1);
      copied.reset(buffer);
      if (length < 0) break;
      if (length == 0 && !more()) return;
    }
  }
}

}  // namespace crossfade::postgres
