#include "crossfade/admin/http.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <array>
#include <charconv>
#include <csignal>
#include <exception>
#include <functional>
#include <map>
#include <thread>

#include "crossfade/observe/log.hpp"
#include "metrics.hpp"

namespace crossfade::admin {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using namespace model::literals;
using Tcp = asio::ip::tcp;
using HttpClock = std::chrono::steady_clock;

namespace {

constexpr auto kTuple = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t kMostConnections = 64, kMostOfAddress = 32;  // beyond, 503
constexpr std::size_t kMostTurnedAway = 128;                         // at a time; beyond, they are closed without a word
constexpr std::size_t kMostHeader = 8 * 1024, kMostBody = 4 * 1024;
constexpr std::chrono::seconds kAsking{2};         // for a request to come, from its connection's beginning or the answer before
constexpr std::chrono::seconds kPatience{10};      // for its answer to be taken
constexpr std::chrono::seconds kTurningAway{1};    // for a 503 to be taken
constexpr std::chrono::seconds kGathering{5};      // for what the databases are asked
constexpr std::chrono::milliseconds kFresh{1'000}; // readiness is asked of them no more often
constexpr std::chrono::milliseconds kAfterAcceptFailure{100};
constexpr const char* kPlain = "text/plain; charset=utf-8";
constexpr const char* kMetricsType = "text/plain; version=0.0.4; charset=utf-8";

struct Reply {
  http::status status = http::status::ok;
  std::string body;
  const char* type = kPlain;
};

std::optional<Tcp::endpoint> endpoint_of(std::string_view listen) {
  const std::size_t colon = listen.rfind(':');
  if (colon == listen.npos) return std::nullopt;
  std::string_view host = listen.substr(0, colon), digits = listen.substr(colon + 1);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  else if (host.contains(':')) return std::nullopt;
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  boost::system::error_code failure;
  const auto address = asio::ip::make_address(std::string(host), failure);
  if (failure || error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
  return Tcp::endpoint(address, port);
}

/// What a function that blocks has found, on a thread beside: one run at a time, and whoever asks while it runs waits for that one.
class Gathered {
 public:
  Gathered(asio::io_context& io, asio::thread_pool& thread, std::chrono::milliseconds fresh, std::function<Reply()> gather)
      : io_(io), thread_(thread), fresh_(fresh), gather_(std::move(gather)), done_(io, HttpClock::time_point::max()) {}

  asio::awaitable<Reply> get() {
    if (made_ && HttpClock::now() - when_ < fresh_) co_return *made_;
    if (!std::exchange(running_, true)) start();
    const std::uint64_t wanted = runs_ + 1;
    asio::steady_timer patience(io_, kGathering);
    patience.async_wait([this](boost::system::error_code stopped) {
      if (!stopped) done_.cancel();
    });
    while (runs_ < wanted && patience.expiry() > HttpClock::now()) co_await done_.async_wait(kTuple);
    if (runs_ < wanted) co_return Reply{http::status::service_unavailable, "the databases did not answer in time\n"};
    co_return *made_;
  }

 private:
  void start() {
    asio::post(thread_, [this] {
      Reply reply;
      try {
        reply = gather_();
      } catch (const std::exception& failure) {
        reply = {http::status::internal_server_error, std::string(failure.what()) + "\n"};
      }
      asio::post(io_, [this, reply = std::move(reply)]() mutable {
        made_ = std::move(reply);
        when_ = HttpClock::now();
        running_ = false;
        ++runs_;
        done_.cancel();
      });
    });
  }

  asio::io_context& io_;
  asio::thread_pool& thread_;
  const std::chrono::milliseconds fresh_;
  const std::function<Reply()> gather_;
  asio::steady_timer done_;  // cancelled by each run's end; else it never fires
  bool running_ = false;
  std::uint64_t runs_ = 0;
  std::optional<Reply> made_;
  HttpClock::time_point when_{};
};

/// What a request that cannot be read is told; nullopt: nobody is there to tell.
std::optional<Reply> complaint(const boost::system::error_code& error) {
  if (error == http::error::header_limit || error == http::error::buffer_overflow)
    return Reply{http::status::request_header_fields_too_large, "the header is too long\n"};
  if (error == http::error::body_limit) return Reply{http::status::payload_too_large, "no body is taken\n"};
  if (error == http::error::end_of_stream || error == http::error::partial_message) return std::nullopt;
  if (error.category() != make_error_code(http::error::bad_method).category()) return std::nullopt;
  return Reply{http::status::bad_request, "the request is malformed: " + error.message() + "\n"};
}

class Listening final : public HttpServer {
 public:
  Listening(session::Hub& hub, migrate::Controller* controller)
      : metrics_(io_, thread_, {}, [&hub, controller] { return Reply{http::status::ok, metrics_text(hub, controller), kMetricsType}; }),
        readiness_(io_, thread_, kFresh, [&hub, controller] { return readiness(hub, controller); }), acceptor_(io_) {}
  ~Listening() override {
    io_.stop();
    if (runner_.joinable()) runner_.join();
    thread_.join();
  }

  model::Result<void> start(const std::string& listen) {
    const auto endpoint = endpoint_of(listen);
    if (!endpoint) return model::fail("F0000"_state, "http.listen: \"" + listen + "\" is not a numeric address with a port");
    boost::system::error_code error;
    acceptor_.open(endpoint->protocol(), error);
    if (!error) acceptor_.set_option(asio::socket_base::reuse_address(true), error);
    if (!error) acceptor_.bind(*endpoint, error);
    if (!error) acceptor_.listen(asio::socket_base::max_listen_connections, error);
    if (error) return model::fail("58000"_state, "could not listen on " + listen + ": " + error.message());
    if (!endpoint->address().is_loopback())
      observe::log(observe::Level::warn, "the HTTP listener asks nobody who they are", {{"address", listen}});
    observe::log(observe::Level::info, "listening for HTTP", {{"port", acceptor_.local_endpoint().port()}});
    asio::co_spawn(io_, accept_all(), asio::detached);
    sigset_t all, before;  // signals are the first io thread's
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    runner_ = std::thread([this] { io_.run(); });
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
    return {};
  }

 private:
  static Reply readiness(const session::Hub& hub, migrate::Controller* controller) {
    const std::string reason = not_ready_because(hub, controller);
    if (reason.empty()) return {http::status::ok, "ready\n"};
    return {http::status::service_unavailable, "not ready: " + reason + "\n"};
  }

  asio::awaitable<void> accept_all() {
    while (acceptor_.is_open()) {
      auto [error, socket] = co_await acceptor_.async_accept(kTuple);
      if (error == asio::error::operation_aborted) co_return;
      if (error) {  // descriptors may have run out
        asio::steady_timer timer(io_, kAfterAcceptFailure);
        co_await timer.async_wait(kTuple);
      } else {
        take(std::move(socket));
      }
    }
  }

  void take(Tcp::socket socket) {
    boost::system::error_code gone;
    const Tcp::endpoint peer = socket.remote_endpoint(gone);
    if (gone) return;
    const auto of_address = of_address_.try_emplace(peer.address(), 0).first;
    if (connections_ < kMostConnections && of_address->second < kMostOfAddress) {
      ++connections_, ++of_address->second;
      asio::co_spawn(io_, serve(beast::tcp_stream(std::move(socket))), [this, of_address](const std::exception_ptr&) {
        --connections_;
        if (--of_address->second == 0) of_address_.erase(of_address);
      });
      return;
    }
    if (of_address->second == 0) of_address_.erase(of_address);
    if (turned_away_ >= kMostTurnedAway) return;
    ++turned_away_;
    asio::co_spawn(io_, turn_away(beast::tcp_stream(std::move(socket))), [this](const std::exception_ptr&) { --turned_away_; });
  }

  /// Says so at once, and listens until the client has heard it: a socket that is closed with something unread resets.
  asio::awaitable<void> turn_away(beast::tcp_stream stream) {
    stream.expires_after(kTurningAway);
    const http::request<http::string_body> unread;
    if (!co_await send(stream, unread, {http::status::service_unavailable, "too many connections\n"}, false)) co_return;
    boost::system::error_code ignored;
    stream.socket().shutdown(Tcp::socket::shutdown_send, ignored);
    std::array<char, 1024> rest{};
    while (true) {
      const auto [error, count] = co_await stream.async_read_some(asio::buffer(rest), kTuple);
      if (error) co_return;
    }
  }

  asio::awaitable<void> serve(beast::tcp_stream stream) {
    beast::flat_buffer buffer(kMostHeader + kMostBody);
    bool goes_on = true;
    while (goes_on) {
      http::request_parser<http::string_body> parser;
      parser.header_limit(kMostHeader);
      parser.body_limit(kMostBody);
      stream.expires_after(kAsking);
      const auto [error, count] = co_await http::async_read(stream, buffer, parser, kTuple);
      Reply reply;
      if (error) {
        auto told = complaint(error);
        if (!told) co_return;
        reply = std::move(*told);
        goes_on = false;
      } else {
        reply = co_await answer(parser.get());
        goes_on = parser.get().keep_alive();
      }
      stream.expires_after(kPatience);
      goes_on = co_await send(stream, parser.get(), std::move(reply), goes_on) && goes_on;
    }
    boost::system::error_code ignored;
    stream.socket().shutdown(Tcp::socket::shutdown_send, ignored);
  }

  asio::awaitable<Reply> answer(const http::request<http::string_body>& request) {
    const std::string_view target(request.target().data(), request.target().size());
    const std::string_view path = target.substr(0, target.find('?'));
    const bool known = path == "/metrics" || path == "/healthz" || path == "/readyz";
    if (!known) co_return Reply{http::status::not_found, "there are /metrics, /healthz and /readyz\n"};
    if (request.method() != http::verb::get && request.method() != http::verb::head)
      co_return Reply{http::status::method_not_allowed, "GET and HEAD only\n"};
    if (path == "/metrics") co_return co_await metrics_.get();
    if (path == "/readyz") co_return co_await readiness_.get();
    co_return Reply{http::status::ok, "ok\n"};
  }

  static asio::awaitable<bool> send(beast::tcp_stream& stream, const http::request<http::string_body>& request, Reply reply, bool goes_on) {
    http::response<http::string_body> response(reply.status, request.version() == 10 ? 10 : 11);
    response.set(http::field::content_type, reply.type);
    response.set(http::field::cache_control, "no-store");
    if (reply.status == http::status::method_not_allowed) response.set(http::field::allow, "GET, HEAD");
    if (reply.status == http::status::service_unavailable) response.set(http::field::retry_after, "1");
    response.keep_alive(goes_on);
    response.body() = std::move(reply.body);
    response.prepare_payload();
    if (request.method() == http::verb::head) response.body().clear();  // its length was said
    http::response_serializer<http::string_body> serializer(response);
    const bool only_header = request.method() == http::verb::head;
    if (only_header) {
      const auto [error, count] = co_await http::async_write_header(stream, serializer, kTuple);
      co_return !error;
    }
    const auto [error, count] = co_await http::async_write(stream, serializer, kTuple);
    co_return !error;
  }

  asio::io_context io_{1};
  asio::thread_pool thread_{1};
  Gathered metrics_, readiness_;
  Tcp::acceptor acceptor_;
  std::size_t connections_ = 0, turned_away_ = 0;
  std::map<asio::ip::address, std::size_t> of_address_;  // of `connections_`
  std::thread runner_;
};

}  // namespace

model::Result<void> check(const HttpOptions& options) {
  if (options.listen.empty() || endpoint_of(options.listen)) return {};
  return model::fail("F0000"_state, "http.listen: \"" + options.listen + "\" is not a numeric address with a port", {}, "For example \"127.0.0.1:9187\".");
}

model::Result<std::unique_ptr<HttpServer>> HttpServer::start(const HttpOptions& options, session::Hub& hub, migrate::Controller* controller) {
  auto server = std::make_unique<Listening>(hub, controller);
  CROSSFADE_CHECK(server->start(options.listen));
  return std::unique_ptr<HttpServer>(std::move(server));
}

}  // namespace crossfade::admin
