#include "bind/binder.hpp"
#include "crossfade/sql/session_statements.hpp"
#include "print/print.hpp"
#include "tree.hpp"

namespace crossfade::sql {

namespace {
constexpr std::string_view kFront = "VALUES (";
}  // namespace

model::Result<Translated> translate_arguments(const ExecuteStatement& execute, const Context& context,
                                              std::span<const model::Type> wanted) {
  /// Positions in our VALUES are those in the client's EXECUTE but for what stands before.
  const auto moved = [&](model::Error error) {
    const auto front = static_cast<std::uint32_t>(kFront.size());
    if (error.position > front) error.position += execute.offset - front;
    return std::unexpected(std::move(error));
  };
  auto parsed = parse(std::string{kFront} + execute.arguments + ")", Dialect::postgres);
  if (!parsed) return moved(std::move(parsed).error());
  const Tree& tree = *parsed->front().tree;
  if (const auto* refused = std::get_if<Refused>(&tree.statement.node)) return moved(refused->error);
  Statement bound = tree.statement;
  Binder binder{context, {}, 0};
  auto result = binder.arguments(bound, wanted);
  if (!result) return moved(std::move(result).error());
  CROSSFADE_TRY(result->texts, print(bound, context.target));
  result->command_tag = "SELECT";
  return *std::move(result);
}

}  // namespace crossfade::sql
