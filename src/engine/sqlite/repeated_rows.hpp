#pragma once

#include <cstdint>
#include <string>
#include <unordered_set>

#include "connection_impl.hpp"
#include "crossfade/model/error.hpp"

namespace crossfade::sqlite {

/// While it lives, notes the rows that statements of a connection insert and update themselves, by their rowids: an INSERT … ON
/// CONFLICT DO UPDATE must not meet one of its own rows again. Rows of tables WITHOUT ROWID have none: all their values stand for it.
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
  enum class By : char { unknown, number, values };
  By by(const char* schema, const char* table);
  template <class Read>
  std::string values(Read read) const;

  By by_ = By::unknown;  // a statement changes one table itself
  std::unordered_set<std::int64_t> rows_;
  std::unordered_set<std::string> images_;
  bool met_twice_ = false;
};

}  // namespace crossfade::sqlite
