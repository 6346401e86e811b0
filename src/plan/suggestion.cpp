#include <algorithm>
#include <numeric>
#include <vector>

#include "plan_words.hpp"

namespace crossfade::plan {
namespace {

// Insertions, deletions, replacements and swapped neighbours (Damerau).
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::vector<std::size_t>> cost(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) cost[i][0] = i;
  for (std::size_t j = 0; j <= b.size(); ++j) cost[0][j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    for (std::size_t j = 1; j <= b.size(); ++j) {
      cost[i][j] = std::min({cost[i - 1][j] + 1, cost[i][j - 1] + 1, cost[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) cost[i][j] = std::min(cost[i][j], cost[i - 2][j - 2] + 1);
    }
  }
  return cost[a.size()][b.size()];
}

}  // namespace

std::string suggestion(std::string_view given, std::span<const std::string_view> known) {
  constexpr std::size_t kLongest = 64;
  if (given.size() > kLongest || known.empty()) return {};
  const auto nearest = std::ranges::min_element(known, {}, [&](std::string_view word) { return distance(given, word); });
  const std::size_t tolerance = std::max<std::size_t>(2, given.size() / 3);
  if (distance(given, *nearest) > tolerance) return {};
  return "; did you mean \"" + std::string(*nearest) + "\"?";
}

}  // namespace crossfade::plan
