#include <toml++/toml.h>

#include <algorithm>
#include <numeric>

#include "settings.hpp"
#include "settings_table.hpp"

namespace crossfade::cli {
namespace {

using Outcome = std::expected<void, std::string>;

/// Levenshtein's distance.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i] != b[j] ? 1 : 0);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, row[j] + 1, row[j + 1] + 1});
    }
  }
  return row.back();
}

std::string_view type_name(toml::node_type type) {
  switch (type) {
    case toml::node_type::string: return "text";
    case toml::node_type::integer: return "a whole number";
    case toml::node_type::floating_point: return "a number with a fraction";
    case toml::node_type::boolean: return "true or false";
    case toml::node_type::array: return "a list";
    case toml::node_type::table: return "a section";
    case toml::node_type::date:
    case toml::node_type::time:
    case toml::node_type::date_time: return "a date or time";
    case toml::node_type::none: return "nothing";
  }
  return "nothing";
}

Outcome wrong_type(const toml::node& node, std::string_view wanted) {
  return std::unexpected("is " + std::string(type_name(node.type())) + ", but must be " + std::string(wanted));
}

/// Reads a TOML value into the member, its type as it is: no text is taken for a number.
struct ReadNode {
  const toml::node& node;

  template <class T, class Member>
  Outcome take(Member& member, std::string_view wanted) const {
    const std::optional<T> value = node.value_exact<T>();
    if (!value) return wrong_type(node, wanted);
    member = *value;
    return {};
  }
  Outcome operator()(std::string& member) const { return take<std::string>(member, "text in quotes"); }
  Outcome operator()(std::int64_t& member) const { return take<std::int64_t>(member, "a whole number"); }
  Outcome operator()(bool& member) const { return take<bool>(member, "true or false"); }
  Outcome operator()(double& member) const {
    if (const auto whole = node.value_exact<std::int64_t>()) return member = static_cast<double>(*whole), Outcome{};
    return take<double>(member, "a number");
  }
  Outcome operator()(Duration& member) const {
    std::string text;
    Outcome read = take<std::string>(text, R"(a duration such as "30s" (units: ms, s, min, h))");
    if (!read) return read;
    const std::optional<Duration> duration = parse_duration(text);
    if (!duration) return std::unexpected("is \"" + text + "\", but must be a duration such as \"30s\" (units: ms, s, min, h)");
    member = *duration;
    return {};
  }
  Outcome operator()(Words& member) const {
    const toml::array* list = node.as_array();
    if (!list) return wrong_type(node, "a list of text: [\"…\"]");
    Words words;
    for (const toml::node& item : *list) {
      const std::optional<std::string> word = item.value_exact<std::string>();
      if (!word) return std::unexpected("holds " + std::string(type_name(item.type())) + ", but must be a list of text");
      words.push_back(*word);
    }
    member = std::move(words);
    return {};
  }
};

/// Walks the file and collects what is wrong with it.
class Reader {
 public:
  Reader(std::string_view file_name, Settings& settings, std::vector<std::size_t>& seen)
      : file_name_(file_name), settings_(settings), seen_(seen) {}

  void top(const toml::table& table) {
    for (const auto& [key, node] : table) {
      const bool section_known =
          std::ranges::any_of(kSections, [&](const Section& s) { return !s.name.empty() && s.name == key.str(); });
      if (section_known) {
        if (const toml::table* inner = node.as_table()) {
          section(key.str(), *inner);
        } else {
          find(key, "\"" + std::string(key.str()) + "\" is a section: write [" + std::string(key.str()) + "]");
        }
      } else if (node.is_table()) {
        unknown(key, "section", section_names());
      } else {
        setting("", key, node);
      }
    }
  }
  /// In the order of the file.
  std::vector<std::string> findings() && {
    std::ranges::stable_sort(findings_, {}, &std::pair<std::uint32_t, std::string>::first);
    std::vector<std::string> texts;
    for (auto& [line, text] : findings_) texts.push_back(std::move(text));
    return texts;
  }

 private:
  void section(std::string_view name, const toml::table& table) {
    for (const auto& [key, node] : table) setting(name, key, node);
  }

  void setting(std::string_view section, const toml::key& key, const toml::node& node) {
    for (std::size_t i = 0; i < kSettings.size(); ++i) {
      const Setting& setting = kSettings[i];
      if (setting.section != section || setting.key != key.str()) continue;
      Outcome read = std::visit([&](auto member) { return ReadNode{node}(settings_.*member); }, setting.member);
      if (!read) return find(key, path_of(setting) + " " + read.error());
      Outcome checked = check_value(setting, settings_);
      if (!checked) return find(key, path_of(setting) + ": " + checked.error());
      seen_.push_back(i);
      return;
    }
    unknown(key, "key", keys_of(section));
  }

  static std::vector<std::string_view> keys_of(std::string_view section) {
    std::vector<std::string_view> keys;
    for (const Setting& setting : kSettings) {
      if (setting.section == section) keys.push_back(setting.key);
    }
    return keys;
  }
  static std::vector<std::string_view> section_names() {
    std::vector<std::string_view> names;
    for (const Section& section : kSections) {
      if (!section.name.empty()) names.push_back(section.name);
    }
    return names;
  }

  void unknown(const toml::key& key, std::string_view what, const std::vector<std::string_view>& known) {
    std::string text = "unknown " + std::string(what) + " \"" + std::string(key.str()) + "\"";
    if (const std::string_view meant = nearest(key.str(), known); !meant.empty()) {
      text.append("; did you mean \"").append(meant).append("\"?");
    } else {
      text += "; known:";
      for (std::string_view word : known) text.append(" ").append(word);
    }
    find(key, std::move(text));
  }

  void find(const toml::key& key, std::string text) {
    const std::uint32_t line = key.source().begin.line;
    findings_.emplace_back(line, std::string(file_name_) + ":" + std::to_string(line) + ": " + std::move(text));
  }

  std::string_view file_name_;
  Settings& settings_;
  std::vector<std::size_t>& seen_;
  std::vector<std::pair<std::uint32_t, std::string>> findings_;
};

}  // namespace

std::string_view nearest(std::string_view word, const std::vector<std::string_view>& known) {
  std::string_view best;
  std::size_t least = word.size() / 2 + 1;  // more than half of it wrong is another word
  for (std::string_view candidate : known) {
    const std::size_t away = distance(word, candidate);
    if (away < least) {
      least = away;
      best = candidate;
    }
  }
  return best;
}

std::vector<std::string> read_settings(std::string_view text, std::string_view file_name, Settings& settings,
                                       std::vector<std::size_t>& seen) {
  try {
    const toml::table table = toml::parse(text, file_name);
    Reader reader(file_name, settings, seen);
    reader.top(table);
    return std::move(reader).findings();
  } catch (const toml::parse_error& problem) {
    const std::string line = std::to_string(problem.source().begin.line);
    return {std::string(file_name) + ":" + line + ": " + std::string(problem.description())};
  }
}

}  // namespace crossfade::cli
