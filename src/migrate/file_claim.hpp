#pragma once

#include <filesystem>

#include "crossfade/model/error.hpp"

namespace crossfade::migrate {

/// The file is this process's while it lives: a lock on "app.db-crossfade-lock" beside it, which the system takes away from a process that
/// ends, however it ends. exclusive: of a pair. shared: of those that serve the file alone; a pair keeps them out, too.
class FileClaim {
 public:
  enum class Mode : std::uint8_t { exclusive, shared };
  /// At once. Errors: 55006 naming the process that has it; 58030 when the lock cannot be made.
  static model::Result<FileClaim> take(const std::filesystem::path& file, Mode mode);
  FileClaim() = default;
  FileClaim(FileClaim&& other) noexcept;
  FileClaim& operator=(FileClaim&& other) noexcept;
  ~FileClaim();

 private:
  int descriptor_ = -1;
};

}  // namespace crossfade::migrate
