#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "crossfade/engine/postgres/connection.hpp"

namespace crossfade::postgres {

/// As whom, and where, a client goes to PostgreSQL: the base conninfo with what the first line that matches says in its place. A line is
/// `name conninfo`: `app user=app_role passfile=…`, `app/sales dbname=warehouse`, `* user=$user`. `*` is every user (or database); `$user`
/// in a value is the client's name; a name with blanks is in double quotes. A line that sets a user does not take the base's password.
class UserMap {
 public:
  explicit UserMap(Conninfo base) : base_(std::move(base)) {}
  /// Errors: F0000 naming the line.
  static model::Result<UserMap> parse(Conninfo base, std::span<const std::string> lines);

  struct Target {
    Conninfo conninfo;
    std::string database;  // what is asked for in place of the client's; empty: the client's
  };
  Target of(std::string_view user, std::string_view database) const;

 private:
  struct Row { std::string user, database; std::vector<std::pair<std::string, std::string>> values; };
  Conninfo base_;
  std::vector<Row> rows_;
};

}  // namespace crossfade::postgres
