#pragma once

#include <cstdint>
#include <unordered_set>

#include "crossfade/model/error.hpp"

struct sqlite3;

namespace crossfade::sqlite {

/// While it lives, notes the rows that statements of a connection insert and update themselves, by their rowids: an INSERT … ON
/// CONFLICT DO UPDATE must not meet one of its own rows again. Rows of tables WITHOUT ROWID have none, and are not looked at.
class RepeatedRows {
 public:
  explicit RepeatedRows(sqlite3* database);
  ~RepeatedRows();
  RepeatedRows(const RepeatedRows&) = delete;
  RepeatedRows& operator=(const RepeatedRows&) = delete;

  /// Errors: 21000 when one was met twice.
  model::Result<void> check() const;

 private:
  sqlite3* database_;
  std::unordered_set<std::int64_t> rows_;
  bool met_twice_ = false;
};

}  // namespace crossfade::sqlite
