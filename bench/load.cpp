// Load for one server that speaks PostgreSQL's protocol: N connections on one thread, each with one prepared statement that it
// runs again as soon as it is answered (Bind, Execute, Sync in one send). Driven by bench/run over stdin and stdout:
//   prints "ready" when all connections have prepared; a line "<seconds>" runs so long and prints "<queries> <seconds> <p50 µs>
//   <p99 µs>"; the end of stdin closes. So the caller can read the server's CPU clocks before and after each run.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "crossfade/wire/backend.hpp"
#include "crossfade/wire/frame_reader.hpp"

namespace {

using namespace crossfade;
using Clock = std::chrono::steady_clock;

/// A statement of one bigint parameter, drawn from 1 … keys.
struct Workload { std::string_view name, text; };
constexpr std::array kWorkloads{
    Workload{"select", "SELECT name FROM items WHERE id = $1"},
    Workload{"rows", "SELECT id, name, price, made FROM items WHERE id BETWEEN $1 AND $1 + 99"},
    Workload{"insert", "INSERT INTO events (item, note) VALUES ($1, 'a note of some length')"},
};

struct Options {
  std::uint16_t port = 0;
  std::string database, user = "postgres";
  const Workload* workload = &kWorkloads[0];
  std::size_t clients = 1;
  std::int64_t keys = 100'000;
};

[[noreturn]] void give_up(std::string_view what) {
  std::cerr << "load: " << what << '\n';
  std::exit(2);
}

std::string big_endian(std::uint64_t value, int bytes) {
  std::string out;
  for (int i = bytes - 1; i >= 0; --i) out += static_cast<char>(value >> (8 * i));
  return out;
}

/// One connection; blocking while it is set up, then read when epoll says so.
class Connection {
 public:
  explicit Connection(const Options& options) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(options.port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(socket_, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0) give_up("cannot connect");
    const int on = 1;
    ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    const std::string parameters = "user" + std::string(1, '\0') + options.user + '\0' + "database" + '\0' + options.database + '\0' + '\0';
    send(big_endian(parameters.size() + 8, 4) + big_endian(3 << 16, 4) + parameters);
    wait_ready();
    std::string out;
    wire::append_parse(out, "s", options.workload->text, std::array{model::oid::int8});
    wire::append_sync(out);
    send(out);
    wait_ready();
  }

  int descriptor() const { return socket_; }

  void ask(std::int64_t key) {
    out_.clear();
    {
      wire::Message bind(out_, 'B');
      bind.text("").text("s").int16(1).int16(1).int16(1).int32(8).bytes(big_endian(static_cast<std::uint64_t>(key), 8)).int16(0);
    }
    wire::Message(out_, 'E').text("").int32(0);
    wire::append_sync(out_);
    asked_ = Clock::now();
    send(out_);
  }
  Clock::time_point asked() const { return asked_; }

  /// Reads once; true: ReadyForQuery came.
  bool answered() {
    const auto room = reader_.prepare(kReadBytes);
    const auto count = ::recv(socket_, room.data(), room.size(), 0);
    if (count <= 0) give_up("the server has closed a connection");
    reader_.commit(static_cast<std::size_t>(count));
    while (true) {
      const wire::Step step = reader_.next();
      const auto* frame = std::get_if<wire::Frame>(&step);
      if (frame == nullptr) return false;
      if (frame->type == 'E') give_up(wire::parse_error(frame->body).message);
      if (frame->type == 'Z') return true;
    }
  }

 private:
  static constexpr std::size_t kReadBytes = 16 * 1024;

  void send(std::string_view bytes) {
    if (::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(bytes.size())) give_up("cannot send");
  }
  void wait_ready() {
    while (!answered()) continue;
  }

  int socket_;
  wire::FrameReader reader_{wire::From::server};
  std::string out_;
  Clock::time_point asked_;
};

struct Figures { std::size_t queries = 0; double seconds = 0, p50 = 0, p99 = 0; };

Figures run(std::vector<Connection>& connections, int poll, double seconds, std::int64_t keys, std::minstd_rand& random) {
  std::uniform_int_distribution<std::int64_t> key(1, keys);
  std::vector<float> micros;
  const auto began = Clock::now();
  const auto end = began + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
  for (Connection& connection : connections) connection.ask(key(random));
  std::size_t open = connections.size();
  std::array<epoll_event, 64> events{};
  auto now = began;
  while (open > 0) {
    const int count = ::epoll_wait(poll, events.data(), static_cast<int>(events.size()), 10'000);
    if (count <= 0) give_up("no answer in 10 s");
    for (int i = 0; i < count; ++i) {
      Connection& connection = connections[events[static_cast<std::size_t>(i)].data.u64];
      if (!connection.answered()) continue;
      now = Clock::now();
      micros.push_back(std::chrono::duration<float, std::micro>(now - connection.asked()).count());
      if (now < end) connection.ask(key(random));
      else --open;
    }
  }
  std::ranges::sort(micros);
  const auto share = [&](double of) { return static_cast<double>(micros[static_cast<std::size_t>(of * static_cast<double>(micros.size() - 1))]); };
  return {micros.size(), std::chrono::duration<double>(now - began).count(), share(0.5), share(0.99)};
}

Options read_options(int count, char** arguments) {
  Options options;
  for (int i = 1; i + 1 < count; i += 2) {
    const std::string_view name = arguments[i], value = arguments[i + 1];
    const auto number = std::strtoll(arguments[i + 1], nullptr, 10);
    if (name == "--port") options.port = static_cast<std::uint16_t>(number);
    else if (name == "--database") options.database = value;
    else if (name == "--user") options.user = value;
    else if (name == "--clients") options.clients = static_cast<std::size_t>(number);
    else if (name == "--keys") options.keys = number;
    else if (name == "--workload") {
      const auto found = std::ranges::find(kWorkloads, value, &Workload::name);
      if (found == kWorkloads.end()) give_up("no such workload");
      options.workload = &*found;
    } else give_up("unknown option " + std::string(name));
  }
  return options;
}

}  // namespace

int main(int count, char** arguments) {
  const Options options = read_options(count, arguments);
  std::vector<Connection> connections;
  for (std::size_t i = 0; i < options.clients; ++i) connections.emplace_back(options);
  const int poll = ::epoll_create1(0);
  for (std::size_t i = 0; i < connections.size(); ++i) {
    epoll_event event{.events = EPOLLIN, .data = {.u64 = i}};
    ::epoll_ctl(poll, EPOLL_CTL_ADD, connections[i].descriptor(), &event);
  }
  std::cout << "ready" << std::endl;
  std::minstd_rand random(1);
  for (double seconds = 0; std::cin >> seconds;) {
    const Figures figures = run(connections, poll, seconds, options.keys, random);
    std::cout << figures.queries << ' ' << figures.seconds << ' ' << figures.p50 << ' ' << figures.p99 << std::endl;
  }
}
