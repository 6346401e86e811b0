#pragma once

#include <cstdint>
#include <unordered_set>

#include "connection_impl.hpp"
#include "crossfade/model/error.hpp"

namespace crossfade::sqlite {

/// While it lives, notes the rows that statements of a connection insert and update themselves, by their rowids: an INSERT … ON
/// CONFLICT DO UPDATE must not meet one of its own rows again. Rows of tables WITHOUT ROWID have none, and are not looked at.
/// Tells the connection whether the row that is written was there (`updates_row`): RETURNING xmax.
class RepeatedRows {
 public:
  explicit RepeatedRows(Connection::Impl& connection);
  ~RepeatedRows();
  RepeatedRows(const RepeatedRows&) = delete;
  RepeatedRows& operator=(const RepeatedRows&) = delete;

  /// Errors: 21000 when one was met twice.
  model::Result<void> check() const;

 private:
  Connection::Impl& connection_;
  std::unordered_set<std::int64_t> rows_;
  bool met_twice_ = false;
};

}  // namespace crossfade::sqlite
