#include "bind/overloads.hpp"

#include <algorithm>

#include "bind/casts.hpp"

namespace crossfade::sql {

namespace {

using Indexes = std::vector<std::size_t>;
constexpr model::Oid kUnknown = model::oid::unknown;

bool takes_anything(model::Oid type) {
  return type == pseudo::any || type == pseudo::any_element || type == pseudo::any_compatible;
}
bool acceptable(model::Oid given, model::Oid wanted) {
  if (wanted == pseudo::any_enum) return model::is_enumeration(given);
  constexpr model::Oid kAnyArray = 2277, kAnyCompatibleArray = 5078, kAnyNotArray = 2776;
  if (wanted == kAnyArray || wanted == kAnyCompatibleArray) return given == kUnknown || model::element_of({given});
  if (wanted == kAnyNotArray) return !model::element_of({given});
  return takes_anything(wanted) || implicitly_castable(given, wanted);
}

/// Keeps those candidates for which `score` is highest.
template <class Score>
Indexes best(const Indexes& indexes, Score score) {
  Indexes kept;
  std::size_t highest = 0;
  for (const std::size_t index : indexes) {
    const std::size_t own = score(index);
    if (own > highest || kept.empty()) kept.clear();
    if (kept.empty() || own == highest) kept.push_back(index);
    highest = std::max(highest, own);
  }
  return kept;
}

/// The category that the candidates want at an argument of unknown type: string when any wants it, else the one they share.
model::Category wanted_category(std::span<const ArgumentTypes> all, const Indexes& indexes, std::size_t argument) {
  const model::Category first = category_of(all[indexes.front()][argument]);
  bool shared = true;
  for (const std::size_t index : indexes) {
    const model::Category own = category_of(all[index][argument]);
    if (own == model::Category::string) return own;
    shared = shared && own == first;
  }
  return shared ? first : model::Category::unknown;
}

/// Step 4e: unknown arguments are taken for the category that the candidates want there, its preferred type first.
Indexes by_category(std::span<const ArgumentTypes> all, Indexes indexes, const ArgumentTypes& given) {
  for (std::size_t argument = 0; argument < given.size(); ++argument) {
    if (given[argument] != kUnknown) continue;
    const model::Category category = wanted_category(all, indexes, argument);
    if (category == model::Category::unknown) return {};
    std::erase_if(indexes, [&](std::size_t index) { return category_of(all[index][argument]) != category; });
    const auto preferred = [&](std::size_t index) { return is_preferred(all[index][argument]); };
    if (std::ranges::any_of(indexes, preferred)) std::erase_if(indexes, [&](std::size_t index) { return !preferred(index); });
  }
  return indexes;
}

/// Step 4f: unknown arguments are taken to be of the one type that the known ones have.
Indexes by_known_type(std::span<const ArgumentTypes> all, Indexes indexes, const ArgumentTypes& given) {
  model::Oid known = kUnknown;
  for (const model::Oid type : given) {
    if (type == kUnknown) continue;
    if (known != kUnknown && known != type) return {};
    known = type;
  }
  if (known == kUnknown) return {};
  std::erase_if(indexes, [&](std::size_t index) {
    return !std::ranges::all_of(all[index], [&](model::Oid wanted) { return acceptable(known, wanted); });
  });
  return indexes;
}

OverloadChoice chosen(std::size_t index) { return {OverloadChoice::Outcome::found, index}; }

}  // namespace

OverloadChoice choose_overload(std::span<const ArgumentTypes> candidates, const ArgumentTypes& given) {
  using enum OverloadChoice::Outcome;
  Indexes fitting;
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    if (candidates[i].size() != given.size()) continue;
    if (candidates[i] == given) return chosen(i);
    if (std::ranges::equal(given, candidates[i], acceptable)) fitting.push_back(i);
  }
  if (fitting.empty()) return {none};
  const auto count = [&](auto counts) {
    return [&, counts](std::size_t index) {
      std::size_t total = 0;
      for (std::size_t i = 0; i < given.size(); ++i) total += given[i] != kUnknown && counts(given[i], candidates[index][i]) ? 1 : 0;
      return total;
    };
  };
  fitting = best(fitting, count([](model::Oid own, model::Oid wanted) { return own == wanted; }));
  if (fitting.size() == 1) return chosen(fitting.front());
  fitting = best(fitting, count([](model::Oid own, model::Oid wanted) {
    return own == wanted || (is_preferred(wanted) && category_of(own) == category_of(wanted));
  }));
  if (fitting.size() == 1) return chosen(fitting.front());
  const bool unknowns = std::ranges::find(given, kUnknown) != given.end();
  if (!unknowns) return {ambiguous};
  const Indexes narrowed = by_category(candidates, fitting, given);
  if (narrowed.size() == 1) return chosen(narrowed.front());
  const Indexes last = by_known_type(candidates, narrowed.empty() ? fitting : narrowed, given);
  return last.size() == 1 ? chosen(last.front()) : OverloadChoice{ambiguous};
}

}  // namespace crossfade::sql
