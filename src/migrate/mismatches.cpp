#include "mismatches.hpp"

#include <array>

namespace crossfade::migrate {
namespace {

enum class About : std::uint8_t { statement, data };
struct ClassRule { compare::Class kind; About about; std::string_view advice; };
constexpr std::array kClassRules{
    ClassRule{compare::Class::error, About::statement, "one side fails: run COMPARE or `crossfade compare -c` with the statement"},
    ClassRule{compare::Class::columns, About::statement, "the sides return other columns: report it as a fault of the translation"},
    ClassRule{compare::Class::type, About::statement, "review the column's type in plan.toml"},
    ClassRule{compare::Class::row_count, About::data, "rows differ: REPAIR on the console finds and mends them"},
    ClassRule{compare::Class::value, About::data, "values differ: REPAIR on the console finds and mends them"},
    ClassRule{compare::Class::order, About::statement, "give ORDER BY a unique key, or a collation"},
    ClassRule{compare::Class::order_nulls, About::statement, "say NULLS FIRST or NULLS LAST"},
};
static_assert(kClassRules.size() == compare::kClasses);
static_assert(static_cast<std::size_t>(kClassRules.back().kind) + 1 == kClassRules.size());

const ClassRule& rule_of(compare::Class kind) { return kClassRules[static_cast<std::size_t>(kind)]; }

}  // namespace

std::string_view advice(compare::Class kind) { return rule_of(kind).advice; }

void Mismatches::note(Mismatch seen) {
  const std::scoped_lock lock(mutex_);
  const auto found = kept_.find({seen.fingerprint, seen.kind});
  if (found != kept_.end()) {
    ++found->second.count;
    found->second.last_seen = seen.last_seen;
    found->second.summary = std::move(seen.summary);
  } else if (kept_.size() >= limit_) {
    ++not_kept_;
  } else {
    seen.count = 1;
    seen.first_seen = seen.last_seen;
    kept_.emplace(std::pair(seen.fingerprint, seen.kind), std::move(seen));
  }
}

std::vector<Mismatch> Mismatches::list() const {
  const std::scoped_lock lock(mutex_);
  std::vector<Mismatch> out;
  for (const auto& [key, mismatch] : kept_) out.push_back(mismatch);
  return out;
}

std::size_t Mismatches::kinds() const {
  const std::scoped_lock lock(mutex_);
  return kept_.size() + not_kept_;
}

void Mismatches::forget_data() {
  const std::scoped_lock lock(mutex_);
  std::erase_if(kept_, [](const auto& entry) { return rule_of(entry.first.second).about == About::data; });
  not_kept_ = 0;
}

void Mismatches::clear() {
  const std::scoped_lock lock(mutex_);
  kept_.clear();
  not_kept_ = 0;
}

}  // namespace crossfade::migrate
