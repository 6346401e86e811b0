#include "client.hpp"
namespace crossfade::session {
boost::asio::awaitable<Next> serve_upstream(Client& client) {
  using namespace model::literals;
  co_await client.die({"0A000"_state, "the relay is not built yet"});
  co_return Next::close;
}
}  // namespace crossfade::session
