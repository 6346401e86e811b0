#include "client.hpp"

#include <algorithm>


namespace crossfade::session {

namespace asio = boost::asio;
using namespace model::literals;

Client::Client(Hub::Impl& hub_, Socket socket, std::string address_)
    : hub(hub_), channel(std::move(socket), hub_.options.write_timeout), home(hub_.home_of(channel.socket().get_executor())),
      address(std::move(address_)), settings(Settings::of(hub_.current_defaults())), memory(hub_.options.session_memory) {
  channel.limit_messages(static_cast<std::uint32_t>(std::min<std::size_t>(hub_.options.session_memory, wire::kLarge)));
  pid = hub.add(this, home, address);
}

Client::~Client() { hub.remove(pid); }

void Client::cancel() {
  if (on_cancel) on_cancel();
}

void Client::shut_down(Shutdown how) {
  draining = true;
  if (on_drain) on_drain();
  if (how == Shutdown::drain) {
    channel.interrupt_read();
    return;
  }
  if (on_cancel) on_cancel();
  channel.close();
}

void Client::check_peer() {
  if (on_vanished && channel.vanished()) on_vanished();
}

/// Between two statements it is told why. In the middle of one its answer cannot be broken into: the connection ends.
void Client::kill() {
  const Activity now = activity();
  if (now == Activity::idle || now == Activity::waiting) return shut_down(Shutdown::drain);
  draining = true;
  if (on_drain) on_drain();
  if (on_cancel) on_cancel();
  if (now == Activity::in_block || now == Activity::failed_block) {
    hub.errors.note(shutdown_error().state);
    wire::append_error(channel.out(), wire::Severity::fatal, shutdown_error());
    channel.flush_if_possible();
  }
  channel.close();
}

bool Client::enter_now() {
  migrate::Controller* controller = hub.backends.controller;
  if (controller != nullptr && !pass) pass = controller->fence().try_enter();
  return controller == nullptr || pass;
}

asio::awaitable<model::Result<void>> Client::enter() {
  if (!enter_now()) {
    auto entered = co_await hub.backends.controller->fence().enter(hub.options.fence_timeout);
    if (!entered) co_return std::unexpected(std::move(entered).error());
    pass = std::move(*entered);
  }
  co_return model::Result<void>{};
}

asio::awaitable<bool> Client::enter_or_die() {
  auto entered = co_await enter();
  if (!entered) co_await die(std::move(entered).error());
  co_return entered.has_value();
}

migrate::Side Client::side() const {
  if (hub.backends.database == nullptr) return migrate::Side::postgres;
  if (!hub.backends.postgres || hub.backends.controller == nullptr) return migrate::Side::sqlite;
  return migrate::rule(stage()).primary;
}

migrate::Stage Client::stage() const {
  if (pass) return pass.state().stage;
  if (hub.backends.controller != nullptr) return hub.backends.controller->fence().state().stage;
  return hub.backends.database != nullptr ? migrate::Stage::sqlite : migrate::Stage::finished;
}

asio::awaitable<void> Client::die(model::Error error) {
  hub.errors.note(error.state);
  if (!channel.silent()) wire::append_error(channel.out(), wire::Severity::fatal, error);
  co_await channel.flush();
  channel.close();
}

void Client::send_notice(const model::Error& error, wire::Severity severity) {
  const std::string least = settings.show("client_min_messages").value_or("notice");
  if (least == "error" || (least == "warning" && severity == wire::Severity::notice)) return;
  wire::append_error(channel.out(), severity, error);
}

void Client::send_ready(char status) {
  for (const auto& [name, value] : settings.take_changes()) {
    wire::append_parameter_status(channel.out(), name, value);
    if (name == "application_name") hub.describe(pid, [&value](ClientInfo& info) { info.application_name = value; });
  }
  wire::append_ready_for_query(channel.out(), status);
  count_statement();
}

void Client::greet() {
  if (std::exchange(greeted, true)) return;
  for (const auto& [name, value] : settings.take_changes()) wire::append_parameter_status(channel.out(), name, value);
  wire::append_backend_key_data(channel.out(), pid, secret);
  wire::append_ready_for_query(channel.out(), 'I');
}

void Client::tell_stays(std::string_view why) {
  if (std::exchange(stays_told, why) == why) return;
  hub.describe(pid, [why](ClientInfo& info) { info.stays = why; });
}

model::Error Client::shutdown_error() const {
  return {"57P01"_state, "terminating connection due to administrator command"};
}

asio::awaitable<void> serve_sides(Client& client) {
  Next next = Next::other_side;
  while (next == Next::other_side && !client.channel.broken()) {
    if (!client.enter_now() && !co_await client.enter_or_die()) co_return;
    next = client.side() == migrate::Side::sqlite ? co_await serve_file(client) : co_await serve_upstream(client);
  }
}

}  // namespace crossfade::session
