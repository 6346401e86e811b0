#include <algorithm>
#include <utility>

#include "bind/binder.hpp"

namespace crossfade::sql {

using namespace model::literals;
namespace oid = model::oid;

namespace {

/// INSERT of rows that no other statement's change can meet.
bool only_inserts(const Statement& statement) {
  const auto* insert = std::get_if<Insert>(&statement.node);
  return insert && !insert->on_conflict;
}

}  // namespace

/// PostgreSQL runs all parts on one snapshot, each once. Here they run one after the other: what would show is refused in check_steps().
Result<void> Binder::bind_change_item(const With& with, CommonTable& table, CommonRelation& relation) {
  const Position position = table.position;
  if (!top_with_) {
    return refuse("0A000"_state, "WITH clause containing a data-modifying statement must be at the top level", position);
  }
  if (persisted_) return refuse("0A000"_state, "views must not contain data-modifying statements in WITH", position);
  Statement step = std::move(*table.statement);
  const std::size_t earlier = steps_.size();
  top_with_ = false;
  Result<Output> output = Output{};
  if (auto* insert = std::get_if<Insert>(&step.node)) output = bind_insert(*insert);
  else if (auto* update = std::get_if<Update>(&step.node)) output = bind_update(*update);
  else if (auto* removal = std::get_if<Delete>(&step.node)) output = bind_delete(*removal);
  top_with_ = true;
  if (!output) return std::unexpected(output.error());
  relation.silent = output->empty();
  steps_.push_back({std::move(step), std::exchange(serial_sequence_, {}), std::exchange(serial_table_, {})});
  reads_.emplace_back();  // of the item as a query: nothing
  for (std::size_t i = earlier; i < steps_.size() && &table != with.tables.data(); ++i) {  // it may name the items before it
    Box<With>& own = *std::visit([](auto& node) -> Box<With>* {
      if constexpr (requires { node.with; }) return &node.with;
      else return nullptr;
    }, steps_[i].statement.node);
    With before{.recursive = with.recursive || (own && own->recursive)};
    before.tables.assign(with.tables.data(), static_cast<const CommonTable*>(&table));
    if (own) std::ranges::move(own->tables, std::back_inserter(before.tables));
    own = std::move(before);
  }
  const model::Type bytes{oid::bytea};
  Parameter rows{.step = static_cast<std::uint16_t>(steps_.size())};
  RawCall packed{"crossfade_rows", {Expression{rows, position, bytes, plan::runtime_form(bytes)}}};
  const std::string printed = unique_printed("changed");
  Select select;
  for (std::size_t i = 0; i < output->size(); ++i) {
    OutputItem& item = (*output)[i];
    const std::string field = "c" + std::to_string(i + 1);
    select.targets.push_back({{ColumnReference{{}, printed, item.name, printed, field, nullptr}, kNowhere, item.type, item.form}, field});
    item.printed = field;
  }
  if (output->empty()) select.targets.push_back({constant(std::int64_t{1}, {oid::int4}), "c1"});
  FunctionReference function{.call = {std::move(packed), position}, .alias = {printed, {}}};
  select.from.push_back({std::move(function), position});
  Query query;
  query.body = std::move(select);
  table.statement = Statement{std::move(query)};
  relation.columns = *std::move(output);
  return {};
}

/// What the statement changes; nullopt: it is a query.
std::optional<Binder::Changing> Binder::changing(const Statement& statement) {
  if (const auto* insert = std::get_if<Insert>(&statement.node)) return changing(*insert, *insert->relation.table);
  if (const auto* update = std::get_if<Update>(&statement.node)) return Changing{*update->relation.relation.table, Change::update, update->assignments, update->relation.relation.position};
  if (const auto* removal = std::get_if<Delete>(&statement.node)) return Changing{*removal->relation.relation.table, Change::remove, {}, removal->relation.relation.position};
  return std::nullopt;
}

/// What one part changes and another reads or changes again would be seen there.
Result<void> Binder::check_steps(const Statement& statement) {
  for (std::size_t i = 0; i < steps_.size(); ++i) {
    const auto change = changing(steps_[i].statement);
    if (!change) continue;
    const auto conflict = [&](std::string_view what) {
      return unsupported("WITH whose parts " + std::string{what} + " the table \"" + change->table.name + "\"", change->position, "Run them as statements of their own in a transaction.");
    };
    const Touched touched_here = touched(*change);
    for (std::size_t other = 0; other < reads_.size(); ++other) {
      const bool before = other < i && std::holds_alternative<Query>(steps_[other].statement.node);  // what it read then is the snapshot's
      if (other != i && !before && reads_now(reads_[other], *change)) return conflict("change and read");
      const Statement& another = other < steps_.size() ? steps_[other].statement : statement;
      const Statement& later = other < i ? steps_[i].statement : another;  // it would meet what the earlier one has made
      const auto again = changing(another);
      if (other == i || !again || only_inserts(later)) continue;
      const bool twice = &again->table == &change->table;
      if (twice || (other > i && std::ranges::find(touched_here, &again->table) != touched_here.end())) return conflict("change twice");
    }
  }
  return {};
}

}  // namespace crossfade::sql
