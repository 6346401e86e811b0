#pragma once

#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <boost/asio/error.hpp>
#include <cerrno>
#include <span>
#include <string_view>

namespace crossfade::postgres {

/// recv(2) of what is there: nothing is would_block, the end of the stream is eof. Not by libc's function, which looks each time whether its thread
/// is to be cancelled, nor by Asio's.
inline std::size_t receive_at_once(int descriptor, std::span<char> room, boost::system::error_code& error) {
  while (true) {
    const long count = ::syscall(SYS_recvfrom, descriptor, room.data(), room.size(), MSG_DONTWAIT, nullptr, nullptr);
    if (count < 0 && errno == EINTR) continue;
    if (count > 0) error.clear();
    else if (count == 0) error = boost::asio::error::eof;
    else error.assign(errno, boost::system::system_category());
    return count > 0 ? static_cast<std::size_t>(count) : 0;
  }
}

/// send(2) of what the socket takes; would_block: nothing of it.
inline std::size_t send_at_once(int descriptor, std::string_view bytes, boost::system::error_code& error) {
  while (true) {
    const long count = ::syscall(SYS_sendto, descriptor, bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL, nullptr, 0);
    if (count < 0 && errno == EINTR) continue;
    if (count >= 0) error.clear();
    else error.assign(errno, boost::system::system_category());
    return count > 0 ? static_cast<std::size_t>(count) : 0;
  }
}

}  // namespace crossfade::postgres
