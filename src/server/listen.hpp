#pragma once

#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <filesystem>
#include <string>
#include <vector>

#include "crossfade/server/server.hpp"

namespace crossfade::server {

using Acceptor = boost::asio::basic_socket_acceptor<boost::asio::generic::stream_protocol>;

/// A bound, listening socket. The Unix socket's file is removed when it dies.
class Listener {
 public:
  Listener(Acceptor acceptor, std::string name, std::filesystem::path file = {});
  Listener(Listener&& other) noexcept;
  Listener& operator=(Listener&&) = delete;
  ~Listener();

  Acceptor& acceptor() { return acceptor_; }
  const std::string& name() const { return name_; }

 private:
  Acceptor acceptor_;
  std::string name_;  // "127.0.0.1:6432", "/tmp/.s.PGSQL.6432"
  std::filesystem::path file_;
};

/// Binds all addresses and the Unix socket. With port 0 the first address chooses and the others take the same; `port` is set to
/// it. Errors: 58000 naming the address.
/// Asks a silent client's machine for a sign of life after `keepalive`; its connection ends when there is none. Answers are sent at once. What is
/// accepted has it from its listener, unless it came before the listener was ours.
void set_tcp_options(int descriptor, std::chrono::milliseconds keepalive);

model::Result<std::vector<Listener>> listen_all(boost::asio::io_context& io, const ServerOptions& options, std::uint16_t& port);

}  // namespace crossfade::server
