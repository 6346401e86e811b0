#include "catalog/static_rows.hpp"

#include <map>
#include <mutex>
#include <stdexcept>
#include <string>

#include "crossfade/plan/stored_form.hpp"

namespace crossfade::sqlite::catalog {

namespace {

constexpr model::Oid kInt2Vector = 22, kOidVector = 30;

std::string_view text_of_rows(std::string_view relation) {
  for (const auto& group : {types_rows(), operators_rows(), access_rows(), access_members_rows(), other_rows(), descriptions_rows(), functions_rows(), relations_rows(), attributes_rows(),
                            dependencies_rows()}) {
    for (const StaticRows& rows : group) {
      if (rows.relation == relation) return rows.text;
    }
  }
  return {};
}

std::string unescaped(std::string_view cell) {
  std::string out;
  for (std::size_t i = 0; i < cell.size(); ++i) {
    if (cell[i] != '\\' || i + 1 == cell.size()) {
      out += cell[i];
      continue;
    }
    const char next = cell[++i];
    if (next == 'p') out += '|';
    else if (next == 'n') out += '\n';
    else if (next != 'e') out += {'\\', next};
  }
  return out;
}

std::vector<std::string> cells_of(std::string_view text) {
  std::vector<std::string> cells;
  std::string cell;
  for (const char c : text) {
    if (c == '|') cells.push_back(std::exchange(cell, {}));
    else if (c != '\n') cell += c;
  }
  return cells;
}

model::StorageValue stored(const std::string& cell, const plan::Column& column) {
  if (cell == "\\N") return model::Null{};
  const std::string text = unescaped(cell);
  if (column.type.oid == kInt2Vector || column.type.oid == kOidVector) return vector_text(text);
  switch (column.form.form) {
    case plan::Form::boolean_integer: return std::int64_t{text == "true" || text == "t"};
    case plan::Form::integer: return static_cast<std::int64_t>(std::stoll(text));
    case plan::Form::real: return std::stod(text);
    default: return text;
  }
}

Rows read(const plan::Table& relation, std::string_view text) {
  Rows rows;
  const std::size_t width = relation.columns.size();
  const std::vector<std::string> cells = cells_of(text);
  if (cells.size() % width != 0) throw std::logic_error("the rows of " + relation.name + " do not fit its columns");
  for (std::size_t at = width; at + width <= cells.size(); at += width) {
    Cells row;
    for (std::size_t i = 0; i < width; ++i) row.push_back(stored(cells[at + i].empty() ? cells[i] : cells[at + i], relation.columns[i]));
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace

std::string vector_text(std::string_view text) {
  if (text.empty() || text == "{}") return "{}";
  std::string items{text};
  std::size_t count = 1;
  for (char& c : items) {
    if (c != ' ') continue;
    c = ',';
    ++count;
  }
  return "[0:" + std::to_string(count - 1) + "]={" + items + "}";
}

const Rows& static_rows(const plan::Table& relation) {
  static std::mutex mutex;
  static std::map<std::string, Rows, std::less<>> known;
  const std::lock_guard lock{mutex};
  const auto found = known.find(relation.name);
  if (found != known.end()) return found->second;
  const std::string_view text = text_of_rows(relation.name);
  return known.emplace(relation.name, text.empty() ? Rows{} : read(relation, text)).first->second;
}

}  // namespace crossfade::sqlite::catalog
