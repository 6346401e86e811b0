#include "form_table.hpp"

namespace crossfade::plan {
namespace {

struct FractionInfo { std::int8_t fraction; std::string_view text; };
constexpr std::array kFractions{
    FractionInfo{-1, "any"}, FractionInfo{0, "0"}, FractionInfo{3, "3"}, FractionInfo{6, "6"}, FractionInfo{kNoneOrSix, "0|6"},
};

std::string_view trim(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

bool set_separator(StoredForm& form, std::string_view value) {
  if (value == "space") value = " ";
  if (value != " " && value != "T") return false;
  form.separator = value[0];
  return true;
}

bool set_fraction(StoredForm& form, std::string_view value) {
  for (const FractionInfo& row : kFractions) {
    if (row.text != value) continue;
    form.fraction = row.fraction;
    return true;
  }
  return false;
}

bool set_offset(StoredForm& form, std::string_view value) {
  for (const OffsetInfo& row : kOffsets) {
    if (row.text != value || value.empty()) continue;
    form.offset = row.offset;
    return true;
  }
  return false;
}

bool set_zone(StoredForm& form, std::string_view value) {
  form.zone = value;
  return !value.empty();
}

struct Parameter { std::string_view key; bool for_time; bool (*set)(StoredForm&, std::string_view); };
constexpr std::array kParameters{
    Parameter{"separator", false, set_separator},
    Parameter{"fraction", true, set_fraction},
    Parameter{"offset", false, set_offset},
    Parameter{"zone", false, set_zone},
};

bool set_parameters(StoredForm& form, FormParameters kind, std::string_view list) {
  while (true) {
    const std::size_t comma = list.find(',');
    const std::string_view pair = trim(list.substr(0, comma));
    const std::size_t equal = pair.find('=');
    if (equal == std::string_view::npos) return false;
    bool known = false;
    for (const Parameter& parameter : kParameters) {
      if (parameter.key != trim(pair.substr(0, equal))) continue;
      if (kind == FormParameters::fraction && !parameter.for_time) return false;
      known = parameter.set(form, trim(pair.substr(equal + 1)));
    }
    if (!known) return false;
    if (comma == std::string_view::npos) return form.zone.empty() || form.offset == Offset::none;
    list.remove_prefix(comma + 1);
  }
}

bool set_words(StoredForm& form, std::string_view words) {
  const std::size_t slash = words.find('/');
  if (slash == std::string_view::npos || words.find('/', slash + 1) != std::string_view::npos) return false;
  if (words.substr(0, slash) == words.substr(slash + 1)) return false;
  form.words = words;
  return true;
}

}  // namespace

std::string to_string(const StoredForm& form) {
  const FormInfo& row = info(form.form);
  std::string out(row.name);
  if (row.parameters == FormParameters::none) return out;
  if (row.parameters == FormParameters::words) return out + "(" + form.words + ")";
  std::string list;
  const auto add = [&list](std::string_view key, std::string_view value) {
    list += list.empty() ? "(" : ", ";
    list.append(key).append("=").append(value);
  };
  if (row.parameters == FormParameters::iso && form.separator == 'T') add("separator", "T");
  for (const FractionInfo& fraction : kFractions) {
    if (fraction.fraction == form.fraction && form.fraction != -1) add("fraction", fraction.text);
  }
  if (row.parameters == FormParameters::iso && form.offset != Offset::none) add("offset", text(form.offset));
  if (row.parameters == FormParameters::iso && !form.zone.empty()) add("zone", form.zone);
  return list.empty() ? out : out + list + ")";
}

std::optional<StoredForm> parse_stored_form(std::string_view spelling) {
  spelling = trim(spelling);
  const std::size_t open = spelling.find('(');
  const std::string_view name = trim(spelling.substr(0, open));
  for (const FormInfo& row : kForms) {
    if (row.name != name) continue;
    StoredForm form{row.form};
    if (open == std::string_view::npos) {
      if (row.parameters == FormParameters::words) return std::nullopt;
      return form;
    }
    if (!spelling.ends_with(')') || row.parameters == FormParameters::none) return std::nullopt;
    const std::string_view inside = spelling.substr(open + 1, spelling.size() - open - 2);
    const bool fine = row.parameters == FormParameters::words ? set_words(form, inside) : set_parameters(form, row.parameters, inside);
    if (!fine) return std::nullopt;
    return form;
  }
  return std::nullopt;
}

}  // namespace crossfade::plan
