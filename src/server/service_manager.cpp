#include "service_manager.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <charconv>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <memory>
#include <optional>
#include <string>

namespace crossfade::server {

using namespace model::literals;

namespace {

constexpr int kFirstInherited = 3;  // after standard input, output and error

std::string message_of(ServiceState state) {
  switch (state) {
    case ServiceState::ready: return "READY=1\n";
    case ServiceState::stopping: return "STOPPING=1\n";
    case ServiceState::reloading: {
      timespec now{};
      clock_gettime(CLOCK_MONOTONIC, &now);
      return "RELOADING=1\nMONOTONIC_USEC=" + std::to_string(now.tv_sec * 1'000'000 + now.tv_nsec / 1'000) + "\n";
    }
  }
  return {};
}

std::optional<int> number_in(const char* variable) {
  const char* text = std::getenv(variable);
  if (text == nullptr) return std::nullopt;
  int number = 0;
  const char* end = text + std::strlen(text);
  const auto [rest, error] = std::from_chars(text, end, number);
  return error == std::errc{} && rest == end ? std::optional(number) : std::nullopt;
}

int socket_option(int descriptor, int option) {
  int value = 0;
  socklen_t size = sizeof value;
  return ::getsockopt(descriptor, SOL_SOCKET, option, &value, &size) == 0 ? value : -1;
}

/// "127.0.0.1"; nullopt for a Unix socket. Errors: F0000 when it is no listening stream socket.
model::Result<std::optional<std::string>> address_of(int descriptor) {
  const std::string name = "descriptor " + std::to_string(descriptor) + " of LISTEN_FDS";
  if (socket_option(descriptor, SO_TYPE) != SOCK_STREAM || socket_option(descriptor, SO_ACCEPTCONN) != 1)
    return model::fail("F0000"_state, name + " is not a listening stream socket");
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  if (::getsockname(descriptor, reinterpret_cast<sockaddr*>(&address), &size) != 0)
    return model::fail("F0000"_state, name + " has no address");
  char text[INET6_ADDRSTRLEN] = {};
  switch (address.ss_family) {
    case AF_UNIX: return std::optional<std::string>{};
    case AF_INET: inet_ntop(AF_INET, &reinterpret_cast<sockaddr_in*>(&address)->sin_addr, text, sizeof text); break;
    case AF_INET6: inet_ntop(AF_INET6, &reinterpret_cast<sockaddr_in6*>(&address)->sin6_addr, text, sizeof text); break;
    default: return model::fail("F0000"_state, name + " is neither TCP nor a Unix socket");
  }
  return std::optional<std::string>(text);
}

}  // namespace

void notify_service_manager(ServiceState state) {
  const char* path = std::getenv("NOTIFY_SOCKET");
  sockaddr_un address{.sun_family = AF_UNIX, .sun_path = {}};
  const std::size_t length = path == nullptr ? 0 : std::strlen(path);
  if (length == 0 || length >= sizeof address.sun_path) return;
  std::memcpy(address.sun_path, path, length);
  if (path[0] == '@') address.sun_path[0] = '\0';  // a name without a file
  const int descriptor = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (descriptor < 0) return;
  const std::string message = message_of(state);
  ::sendto(descriptor, message.data(), message.size(), MSG_NOSIGNAL | MSG_DONTWAIT, reinterpret_cast<const sockaddr*>(&address),
           static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + length));
  ::close(descriptor);
}

model::Result<void> inherit_sockets(ServerOptions& options) {
  const auto process = number_in("LISTEN_PID"), count = number_in("LISTEN_FDS");
  for (const char* variable : {"LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES"}) ::unsetenv(variable);
  if (!process || !count || *process != ::getpid() || *count <= 0) return {};
  options.addresses.clear();
  options.unix_directory.clear();
  for (int descriptor = kFirstInherited; descriptor < kFirstInherited + *count; ++descriptor) {
    CROSSFADE_TRY(const auto address, address_of(descriptor));
    if (address) options.addresses.push_back(*address);
    ::fcntl(descriptor, F_SETFD, FD_CLOEXEC);
    options.inherited.push_back(descriptor);
  }
  return {};
}

}  // namespace crossfade::server
