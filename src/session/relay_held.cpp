#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <utility>

#include "crossfade/wire/backend.hpp"
#include "held_state.hpp"
#include "relay.hpp"

namespace crossfade::session {

namespace asio = boost::asio;
using namespace model::literals;

namespace {

constexpr std::size_t kHeldReadBytes = 16 * 1024;
constexpr std::string_view kHeldStatement = "crossfade_held", kUntold = "something that the server did not tell";

/// By name, so that the client's unnamed statement stays; what a question has left that failed goes first.
std::string question() {
  static const std::string text = "SELECT " + held_text(Held::but_settings);
  std::string bytes;
  wire::Message(bytes, 'C').byte('S').text(kHeldStatement);
  wire::append_parse(bytes, kHeldStatement, text, {});
  wire::Message(bytes, 'B').text("").text(kHeldStatement).int16(0).int16(0).int16(0);
  wire::Message(bytes, 'E').text("").int32(0);
  wire::Message(bytes, 'C').byte('S').text(kHeldStatement);
  wire::append_sync(bytes);
  return bytes;
}

/// The answer to question(). What the server says besides (notifications, changed settings, its last word) is the client's. Nothing: no answer.
struct Answered { std::optional<std::string> held; std::string out; };
asio::awaitable<Answered> read_answer(Relay& relay) {
  Answered answered;
  while (true) {
    wire::Step step = relay.reader.next();
    if (std::holds_alternative<wire::NeedBytes>(step)) {
      if (co_await postgres::receive(relay.upstream, relay.reader, kHeldReadBytes)) break;
      continue;
    }
    const auto* frame = std::get_if<wire::Frame>(&step);
    if (frame == nullptr) break;
    if (frame->type == 'Z') co_return answered;
    if (frame->type == 'S') relay.tracker.received(*frame);
    if (frame->type == 'E') relay.said_fatal = frame->body.find(std::string_view("VFATAL\0", 7)) != std::string_view::npos;
    if (frame->type == 'S' || frame->type == 'A' || frame->type == 'N' || relay.said_fatal) answered.out += frame->raw;
    if (frame->type != 'D') continue;
    const auto texts = texts_of_row(frame->body);
    answered.held = texts.empty() ? std::string() : texts[0];
  }
  relay.upstream_lost = !relay.leaving && !relay.parting;
  co_return answered;
}

}  // namespace

asio::awaitable<void> ask_what_is_held(Relay& relay) {
  relay.asking = true;
  relay.tracker.asking();
  (void)co_await write_upstream(relay.upstream, question());  // one that fails is seen by reading
  Answered answered = co_await read_answer(relay);
  if (!answered.out.empty()) co_await relay.client.channel.send(answered.out);
  relay.tracker.told_held(answered.held ? !answered.held->empty() : std::optional<bool>());
  relay.held = std::move(answered.held).value_or(std::string(kUntold));
  relay.tell_held();
  relay.asking = false;
  relay.wake();
}

asio::awaitable<void> await_what_is_held(Relay& relay) {
  asio::steady_timer timer(co_await asio::this_coro::executor);
  while ((relay.asking || relay.tracker.asks()) && !relay.upstream_lost && !relay.server_ended) {
    timer.expires_at(asio::steady_timer::time_point::max());
    relay.waiting = &timer;
    co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
    relay.waiting = nullptr;
  }
}

void Relay::wake() {
  for (asio::steady_timer* timer : {last_words, waiting})
    if (timer != nullptr) timer->cancel();
}

std::optional<model::Error> Relay::stays() const {
  if (client.stays) return client.stays;
  if (held.empty()) return std::nullopt;
  return model::Error{"57P01"_state, "terminating connection: the session moves to SQLite and has " + held};
}

void Relay::tell_held() {
  const std::string why = client.stays ? client.stays->message : held;
  if (std::exchange(told_held, why) == why) return;
  client.hub.describe(client.pid, [&why](ClientInfo& info) { info.stays = why; });
}

}  // namespace crossfade::session
