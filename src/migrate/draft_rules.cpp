#include "draft_rules.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace crossfade::migrate {
namespace {

namespace oid = model::oid;
using plan::Form;

constexpr int kTypmodHeader = 4;  // PostgreSQL adds it to every modifier
constexpr int kMaxPrecision = 1000;

/// True word, false word.
constexpr std::array<std::string_view, 12> kWordPairs{
    "t/f", "T/F", "true/false", "TRUE/FALSE", "True/False", "y/n", "Y/N", "yes/no", "YES/NO", "Yes/No", "on/off", "ON/OFF",
};

std::optional<Choice> choose_empty(const Evidence& evidence) {
  if (evidence.values() != 0) return std::nullopt;
  const auto mapping = plan::default_mapping(evidence.column.declared);
  return Choice{mapping.type, mapping.form, "no values yet: as it is declared"};
}

std::optional<Choice> choose_rowid(const Evidence& evidence) {
  if (!evidence.column.serial || !evidence.only_integers()) return std::nullopt;
  return Choice{{oid::int8}, {Form::integer}, "SQLite's rowid"};
}

std::optional<Choice> choose_boolean(const Evidence& evidence) {
  if (!evidence.declaration.has("BOOL")) return std::nullopt;
  if (evidence.scan.zero_or_one == evidence.values()) return Choice{{oid::boolean}, {Form::boolean_integer}, "every value is 0 or 1"};
  const auto pair = evidence.only_texts() ? word_pair(evidence.scan) : std::nullopt;
  if (!pair) return std::nullopt;
  plan::StoredForm form{Form::boolean_text};
  form.words = *pair;
  return Choice{{oid::boolean}, form, "every value is one of " + form.words};
}

std::optional<Choice> choose_uuid(const Evidence& evidence) {
  if (!evidence.declaration.has("UUID") && !evidence.declaration.has("GUID")) return std::nullopt;
  TextShape uuid;
  uuid.kind = TextShape::Kind::uuid;
  const auto texts = evidence.scan.shapes.find(uuid);
  if (texts != evidence.scan.shapes.end() && texts->second == evidence.values()) {
    return Choice{{oid::uuid}, {Form::uuid_text}, "every value is a lower-case UUID"};
  }
  if (evidence.scan.blobs_of_16 == evidence.values()) return Choice{{oid::uuid}, {Form::uuid_blob}, "every value is a BLOB of 16 bytes"};
  return std::nullopt;
}

std::optional<Choice> choose_json(const Evidence& evidence) {
  if (!evidence.declaration.has("JSON") || evidence.scan.valid_json != evidence.values() || !evidence.storable_texts()) return std::nullopt;
  if (evidence.scan.normal_json == evidence.values()) {
    return Choice{{oid::jsonb}, {Form::json_text}, "every value is JSON in jsonb's own form"};
  }
  return Choice{{oid::json}, {Form::json_text}, "every value is JSON; jsonb would not keep its text (order of keys, blanks)"};
}

/// numeric(p,s) when the declaration says so and every value has room in it, else numeric.
model::Type numeric_type(const Evidence& evidence) {
  const auto& arguments = evidence.declaration.arguments;
  if (arguments.empty() || arguments[0] < 1 || arguments[0] > kMaxPrecision) return {oid::numeric};
  const int precision = arguments[0], scale = arguments.size() > 1 ? arguments[1] : 0;
  if (scale < 0 || scale > precision) return {oid::numeric};
  if (evidence.scan.decimals > scale || evidence.scan.whole_digits > precision - scale) return {oid::numeric};
  return {oid::numeric, (precision << 16 | scale) + kTypmodHeader};
}

std::optional<Choice> choose_numeric(const Evidence& evidence) {
  if (plan::default_mapping(evidence.column.declared).type.oid != oid::numeric || !evidence.only_numbers()) return std::nullopt;
  const auto type = numeric_type(evidence);
  return Choice{type, {Form::number}, type.modifier == -1 ? "declared decimal" : "declared decimal, every value fits"};
}

std::optional<Choice> choose_varchar(const Evidence& evidence) {
  const auto& declaration = evidence.declaration;
  if (!declaration.has("VARCHAR") && !declaration.has("VARYING")) return std::nullopt;
  if (declaration.arguments.size() != 1 || declaration.arguments[0] < 1 || declaration.arguments[0] > 10'485'760) return std::nullopt;
  if (!evidence.only_texts() || !evidence.storable_texts()) return std::nullopt;
  if (evidence.scan.longest > static_cast<std::size_t>(declaration.arguments[0])) return std::nullopt;
  return Choice{{oid::varchar, declaration.arguments[0] + kTypmodHeader}, {Form::text},
                "the longest has " + std::to_string(evidence.scan.longest) + " characters"};
}

std::optional<Choice> choose_one_class(const Evidence& evidence) {
  const auto& scan = evidence.scan;
  const auto values = evidence.values();
  if (scan.integers == values) return Choice{{oid::int8}, {Form::integer}, "every value is INTEGER"};
  if (scan.reals == values) return Choice{{oid::float8}, {Form::real}, "every value is REAL"};
  if (scan.blobs == values) return Choice{{oid::bytea}, {Form::blob}, "every value is BLOB"};
  if (scan.texts != values) return std::nullopt;
  if (evidence.storable_texts()) return Choice{{oid::text}, {Form::text}, "every value is TEXT"};
  return Choice{{oid::text}, {Form::text},
                std::to_string(scan.nul_text) + " texts hold NUL, " + std::to_string(scan.invalid_utf8) +
                    " are not UTF-8: PostgreSQL's text holds neither; choose misfit null or quarantine, or mend them"};
}

std::optional<Choice> choose_numbers(const Evidence& evidence) {
  if (!evidence.only_numbers()) return std::nullopt;
  return Choice{{oid::numeric}, {Form::number}, storage_classes(evidence.scan) + ": numeric holds both"};
}

/// The type of most values; the others are for the owner to decide.
std::optional<Choice> choose_mixed_key(const Evidence& evidence) {
  if (evidence.column.primary_key == 0) return std::nullopt;
  const auto& scan = evidence.scan;
  struct Class { std::int64_t count; model::Oid type; Form form; };
  const std::array classes{Class{scan.texts, oid::text, Form::text}, Class{scan.integers, oid::int8, Form::integer},
                           Class{scan.blobs, oid::bytea, Form::blob}, Class{scan.reals, oid::float8, Form::real}};
  const auto most = std::ranges::max(classes, {}, &Class::count);
  return Choice{{most.type}, {most.form}, storage_classes(scan) + ": in a key they are not cast, for two keys could become one; "
                                          "mend the others, or choose misfit quarantine"};
}

std::optional<Choice> choose_mixed(const Evidence& evidence) {
  const bool bytes = evidence.scan.blobs != 0;
  return Choice{{bytes ? oid::bytea : oid::text}, {bytes ? Form::blob : Form::text},
                storage_classes(evidence.scan) + ": cast to " + (bytes ? "bytea" : "text") + ", the storage class is not kept",
                plan::Misfit::cast};
}

constexpr std::array kRules{
    DraftRule{"empty", choose_empty},     DraftRule{"rowid", choose_rowid},       DraftRule{"boolean", choose_boolean},
    DraftRule{"time", choose_time},       DraftRule{"uuid", choose_uuid},         DraftRule{"json", choose_json},
    DraftRule{"numeric", choose_numeric}, DraftRule{"varchar", choose_varchar},   DraftRule{"one class", choose_one_class},
    DraftRule{"numbers", choose_numbers}, DraftRule{"mixed key", choose_mixed_key},
    DraftRule{"mixed", choose_mixed},
};

}  // namespace

Declaration::Declaration(std::string_view declared) {
  for (const char c : declared.substr(0, declared.find('('))) words += c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
  const auto open = declared.find('(');
  if (open == declared.npos) return;
  std::string_view rest = declared.substr(open + 1);
  while (!rest.empty() && rest.front() != ')') {
    int number = 0;
    const auto read = std::from_chars(rest.data(), rest.data() + rest.size(), number);
    if (read.ec != std::errc{}) {
      rest.remove_prefix(1);
      continue;
    }
    arguments.push_back(number);
    rest.remove_prefix(static_cast<std::size_t>(read.ptr - rest.data()));
  }
}

std::span<const DraftRule> draft_rules() { return kRules; }

std::optional<std::string_view> word_pair(const ColumnScan& scan) {
  if (scan.many_words) return std::nullopt;
  for (const auto pair : kWordPairs) {
    const auto slash = pair.find('/');
    const auto known = [pair, slash](const auto& entry) { return entry.first == pair.substr(0, slash) || entry.first == pair.substr(slash + 1); };
    if (std::ranges::all_of(scan.words, known)) return pair;
  }
  return std::nullopt;
}

std::string storage_classes(const ColumnScan& scan) {
  std::string out;
  const auto add = [&out](std::int64_t count, std::string_view name) {
    if (count != 0) out += (out.empty() ? "" : ", ") + std::to_string(count) + " " + std::string(name);
  };
  add(scan.integers, "INTEGER");
  add(scan.reals, "REAL");
  add(scan.texts, "TEXT");
  add(scan.blobs, "BLOB");
  return out;
}

}  // namespace crossfade::migrate
