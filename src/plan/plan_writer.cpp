#include <openssl/evp.h>

#include <algorithm>

#include "crossfade/plan/plan.hpp"
#include "plan_words.hpp"

namespace crossfade::plan {
namespace {

enum class Comments : char { with, without };

// A TOML basic string.
std::string quoted(std::string_view text) {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string out = "\"";
  for (char c : text) {
    if (c == '"' || c == '\\') {
      out.append("\\").append(1, c);
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
      out.append("\\u00").append(1, kHex[static_cast<unsigned char>(c) >> 4]).append(1, kHex[c & 15]);
    } else {
      out += c;
    }
  }
  return out + "\"";
}

void add(std::string& out, std::string_view key, std::string_view value) {
  out.append(key).append(" = ").append(value).append("\n");
}

void add(std::string& out, std::string_view key, const std::vector<std::string>& values) {
  std::string list;
  for (const std::string& value : values) list += (list.empty() ? "" : ", ") + quoted(value);
  add(out, key, "[" + list + "]");
}

void add_comment(std::string& out, std::string_view note) {
  while (!note.empty()) {
    const std::size_t end = std::min(note.find('\n'), note.size());
    std::string line(note.substr(0, end));
    std::ranges::replace_if(line, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }, ' ');
    out.append("# ").append(line).append("\n");
    note.remove_prefix(std::min(end + 1, note.size()));
  }
}

std::string write(const Plan& plan, Comments comments) {
  std::string out;
  add(out, "version", std::to_string(plan.version));
  if (plan.schema != TargetSchema::drafted) {
    if (comments == Comments::with) add_comment(out, "PostgreSQL's tables are the application's own: copy makes none of them, it only fills them.");
    add(out, "schema", quoted(text(plan.schema)));
  }
  for (const PlannedTable& table : plan.tables) {
    out += "\n[[table]]\n";
    add(out, "name", quoted(table.name));
    add(out, "source", quoted(table.source));
    add(out, "key", table.key);
    if (!table.untranslated.empty()) add(out, "untranslated", table.untranslated);
    for (const PlannedColumn& column : table.columns) {
      out += "\n[[table.column]]\n";
      if (comments == Comments::with) add_comment(out, column.note);
      add(out, "name", quoted(column.name));
      add(out, "source", quoted(column.source));
      add(out, "type", quoted(model::format_type(column.type)));
      StoredForm form = column.form;
      form.zone.clear();  // said by its own key
      add(out, "form", quoted(to_string(form)));
      const std::string& zone = column.zone.empty() ? column.form.zone : column.zone;
      if (!zone.empty()) add(out, "zone", quoted(zone));
      add(out, "misfit", quoted(text(column.misfit)));
      if (column.owner_edited) add(out, "keep", "true");
    }
  }
  return out;
}

}  // namespace

const PlannedTable* Plan::find(std::string_view name) const {
  const auto found = std::ranges::find(tables, name, &PlannedTable::name);
  return found == tables.end() ? nullptr : &*found;
}

std::string to_toml(const Plan& plan) { return write(plan, Comments::with); }

std::string hash(const Plan& plan) {
  constexpr std::string_view kHex = "0123456789abcdef";
  const std::string text = write(plan, Comments::without);
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int length = 0;
  EVP_Digest(text.data(), text.size(), digest.data(), &length, EVP_sha256(), nullptr);
  std::string out;
  for (unsigned int i = 0; i < length; ++i) out.append(1, kHex[digest[i] >> 4]).append(1, kHex[digest[i] & 15]);
  return out;
}

}  // namespace crossfade::plan
