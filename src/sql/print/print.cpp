#include "print.hpp"

#include "sqlite_printer.hpp"

namespace crossfade::sql {
namespace {

std::unexpected<model::Error> no_printer() {
  return model::fail(model::SqlState{"0A000"}, "translating a statement for PostgreSQL is not supported yet");
}

}  // namespace

model::Result<std::vector<std::string>> print(const Statement& bound, Target target) {
  if (target == Target::sqlite) return SqlitePrinter{}.statement(bound);
  return no_printer();
}

model::Result<std::string> print(const Expression& bound, Target target) {
  if (target == Target::sqlite) return SqlitePrinter{}.alone(bound);
  return no_printer();
}

model::Result<std::string> print(const ColumnDefinition& bound, Target target) {
  if (target == Target::sqlite) return SqlitePrinter{}.alone(bound);
  return no_printer();
}

model::Result<std::string> print(const Constraint& bound, Target target) {
  if (target == Target::sqlite) return SqlitePrinter{}.alone(bound);
  return no_printer();
}

std::string quote_text(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'') out += c;
    out += c;
  }
  return out += '\'';
}

}  // namespace crossfade::sql
