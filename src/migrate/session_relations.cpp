#include "session_relations.hpp"

#include <algorithm>

#include "crossfade/sql/schema_order.hpp"

namespace crossfade::migrate {

using namespace model::literals;

SessionRelations::SessionRelations(const model::ResultSet& found, const plan::Schema* all) : all_(all) {
  for (const model::Row& row : found.rows) {
    in_front_ = std::get<bool>(row.at(0));
    const auto* name = std::get_if<std::string>(&row.at(1));
    if (name == nullptr) continue;
    names_.emplace(*name, std::get<bool>(row.at(2)) ? Found::first : Found::behind);
    schema_ = std::get<std::string>(row.at(3));
  }
}

bool SessionRelations::is_own(const sql::RelationPlace& place) const {
  if (!place.schema.empty()) return place.schema == "pg_temp" || place.schema == schema_;
  const auto found = names_.find(place.name);
  return found != names_.end() && found->second != Found::behind;
}

bool SessionRelations::is_unclear(const sql::RelationPlace& place) const {
  if (!place.schema.empty() || (all_ != nullptr && !all_->tables.contains(place.name))) return false;
  const auto found = names_.find(place.name);
  return found != names_.end() && found->second == Found::unclear;
}

model::Result<Concern> SessionRelations::judge(const sql::ChangedRelations& named, const std::string& text) const {
  const auto own = [this](const sql::RelationPlace& place) { return is_own(place); };
  const auto named_by_a_word = [&] {
    const sql::SchemaOrder order = sql::schema_order(text);
    return std::ranges::find_if(names_, [&](const auto& each) { return order.words.contains(each.first); });
  };
  if (named.known && named.makes_temporary) return Concern::session;
  if (!named.known || named.reads_query) {
    const auto found = named_by_a_word();
    if (found == names_.end()) return Concern::all;
    return model::fail("0A000"_state, "a change of the schema that names the temporary relation \"" + found->first + "\" is not supported in stage \"postgres\"",
                       "It may be of others, too.", named.reads_query ? "CREATE TEMP VIEW is the session's own." : "Name no temporary relation in it.");
  }
  for (const auto* places : {&named.changed, &named.read}) {
    const auto unclear = std::ranges::find_if(*places, [this](const sql::RelationPlace& place) { return is_unclear(place); });
    if (unclear != places->end())
      return model::fail("0A000"_state, "it is not known whether \"" + unclear->name + "\" is the temporary relation or another one by then, in stage \"postgres\"", {},
                         "Send it in a message of its own, or name its schema.");
  }
  const auto count = std::ranges::count_if(named.changed, own);
  if (count != 0 && count == std::ssize(named.changed)) return Concern::session;
  if (count != 0)
    return model::fail("42P16"_state, "it names the temporary relation \"" + std::ranges::find_if(named.changed, own)->name +
                       "\" and others: send one statement for the temporary ones, and one for the others");
  const auto stands = std::ranges::find_if(named.read, own);
  if (stands == named.read.end()) return Concern::all;
  return model::fail("42P16"_state, "it takes something of the temporary relation \"" + stands->name + "\"", {}, "Name no temporary relation in it.");
}

void SessionRelations::follow(const sql::ChangedRelations& named) {
  if (named.drops)
    for (const sql::RelationPlace& place : named.changed) names_.erase(place.name);
  if (!named.renamed.empty() && !named.changed.empty()) {
    auto node = names_.extract(named.changed.front().name);
    if (!node.empty()) node.key() = named.renamed, names_.insert(std::move(node));
  }
  if (named.made) names_.insert_or_assign(named.made->name, in_front_ ? Found::first : Found::unclear);
}

model::Result<Concern> SessionRelations::next(const std::string& text) {
  const sql::ChangedRelations named = sql::changed_relations(text);
  if (named.unsettles) {
    for (auto& [name, found] : names_) found = Found::unclear;
    return Concern::nobody;
  }
  CROSSFADE_TRY(const Concern concern, judge(named, text));
  if (concern == Concern::session) follow(named);
  return concern;
}

}  // namespace crossfade::migrate
