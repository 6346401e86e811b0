#include "sqlite_printer.hpp"

namespace crossfade::sql {
namespace {

/// Statements that no target text stands for, by the name their user knows.
struct Unprinted {
  std::string_view operator()(const Truncate&) const { return "TRUNCATE"; }
  std::string_view operator()(const Explain&) const { return "EXPLAIN"; }
  std::string_view operator()(const Copy&) const { return "COPY"; }
  std::string_view operator()(const Prepare&) const { return "PREPARE"; }
  std::string_view operator()(const Execute&) const { return "EXECUTE"; }
  std::string_view operator()(const Deallocate&) const { return "DEALLOCATE"; }
  std::string_view operator()(const auto&) const { return "this statement"; }
};

}  // namespace

model::Result<std::vector<std::string>> SqlitePrinter::statement(const Statement& statement) {
  std::vector<std::string> texts;
  const auto finish = [&]() -> model::Result<void> {
    CROSSFADE_TRY(std::string text, out_.take());
    texts.push_back(std::move(text));
    return {};
  };

  if (const auto* refused = std::get_if<Refused>(&statement.node)) return std::unexpected(refused->error);
  if (const auto* dropped = std::get_if<Drop>(&statement.node)) {
    for (const RelationName& each : dropped->relations) {
      drop(*dropped, each);
      CROSSFADE_CHECK(finish());
    }
    return texts;
  }
  if (const auto* altered = std::get_if<AlterTable>(&statement.node)) {
    for (std::size_t i = 0; i < altered->actions.size(); ++i) {
      alter(*altered, i);
      CROSSFADE_CHECK(finish());
    }
    return texts;
  }
  std::visit([this]<class T>(const T& node) {
    if constexpr (requires { this->change(node); }) change(node);
    else if constexpr (requires { this->define(node); }) define(node);
    else if constexpr (std::is_same_v<T, Query>) query(node);
    else out_.refuse(kNowhere, Unprinted{}(node));
  }, statement.node);
  CROSSFADE_CHECK(finish());
  return texts;
}

}  // namespace crossfade::sql
