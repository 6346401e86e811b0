#include "file_claim.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <string>
#include <utility>

namespace crossfade::migrate {

using namespace model::literals;

namespace {

std::string holder_of(int descriptor) {
  std::array<char, 32> text{};
  const auto count = ::pread(descriptor, text.data(), text.size() - 1, 0);
  std::string pid(text.data(), count > 0 ? static_cast<std::size_t>(count) : 0);
  while (!pid.empty() && pid.back() == '\n') pid.pop_back();
  return pid;
}

}  // namespace

model::Result<FileClaim> FileClaim::take(const std::filesystem::path& file, Mode mode) {
  std::error_code ignored;
  const std::filesystem::path real = std::filesystem::weakly_canonical(file, ignored);
  const std::string path = (real.empty() ? file : real).string() + "-crossfade-lock";
  FileClaim claim;
  claim.descriptor_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0640);
  if (claim.descriptor_ < 0) return model::fail("58030"_state, "could not open \"" + path + "\": " + std::strerror(errno));
  if (::flock(claim.descriptor_, (mode == Mode::exclusive ? LOCK_EX : LOCK_SH) | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return model::fail("58030"_state, "could not lock \"" + path + "\": " + std::strerror(errno));
    const std::string pid = holder_of(claim.descriptor_);
    return model::fail("55006"_state, "another Crossfade serves \"" + file.string() + "\"" + (pid.empty() ? "" : ": process " + pid),
                       "A pair of a file and a PostgreSQL database is served by one process.",
                       "End that one first. The lock is \"" + path + "\"; it goes with its process.");
  }
  const std::string pid = std::to_string(::getpid()) + "\n";
  if (::ftruncate(claim.descriptor_, 0) == 0) (void)!::pwrite(claim.descriptor_, pid.data(), pid.size(), 0);  // for the message alone
  return claim;
}

FileClaim::FileClaim(FileClaim&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

FileClaim& FileClaim::operator=(FileClaim&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  return *this;
}

FileClaim::~FileClaim() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

}  // namespace crossfade::migrate
