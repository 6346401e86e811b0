#include "crossfade/sql/updatable_view.hpp"

#include <algorithm>
#include <array>
#include <span>

#include "crossfade/plan/plan.hpp"
#include "tokens.hpp"

namespace crossfade::sql {

using namespace model::literals;

namespace {

constexpr std::size_t kMostColumns = 9;  // $1 … $9
constexpr int kDeepest = 32;             // views over views

std::unexpected<model::Error> not_updatable(std::string_view what) {
  return model::fail("55000"_state, "", std::string{what} + " are not automatically updatable.");
}
std::unexpected<model::Error> unread() { return model::fail("0A000"_state, ""); }

struct Piece { Token token; std::string word; std::size_t begin = 0; int depth = 0; };  // `word`: folded, without quotes; of names
using Pieces = std::span<const Piece>;

bool is_name(const Piece& piece) { return piece.token.kind == Token::Kind::word || piece.token.kind == Token::Kind::quoted_name; }
bool is_word(const Piece& piece, std::string_view word) { return piece.token.kind == Token::Kind::word && piece.word == word; }
bool is_symbol(const Piece& piece, char symbol) { return piece.token.kind == Token::Kind::symbol && piece.token.text.front() == symbol; }

std::vector<Piece> pieces_of(std::string_view text) {
  std::vector<Piece> out;
  Tokens tokens{text};
  int depth = 0;
  for (Token token = tokens.next(); token.kind != Token::Kind::end; token = tokens.next()) {
    Piece piece{token, {}, static_cast<std::size_t>(token.text.data() - text.data()), depth};
    if (token.kind == Token::Kind::word) piece.word = plan::fold(std::string{token.text});
    if (token.kind == Token::Kind::quoted_name && token.text.size() > 1) {
      for (std::size_t i = 1; i + 1 < token.text.size(); ++i) {
        piece.word += token.text[i];
        if (token.text[i] == '"') ++i;
      }
      piece.word = plan::fold(piece.word);
    }
    if (is_symbol(piece, '(')) ++depth;
    if (is_symbol(piece, ')')) piece.depth = --depth;
    out.push_back(std::move(piece));
  }
  return out;
}

std::size_t find_word(Pieces pieces, std::string_view word, std::size_t from = 0) {
  while (from < pieces.size() && !(pieces[from].depth == pieces.front().depth && is_word(pieces[from], word))) ++from;
  return from;
}

struct Clause { std::string_view word, what; };
constexpr std::array kNotUpdatable{
    Clause{"group", "Views containing GROUP BY"}, Clause{"having", "Views containing HAVING"}, Clause{"limit", "Views containing LIMIT or OFFSET"},
    Clause{"offset", "Views containing LIMIT or OFFSET"}, Clause{"union", "Views containing UNION, INTERSECT, or EXCEPT"},
    Clause{"intersect", "Views containing UNION, INTERSECT, or EXCEPT"}, Clause{"except", "Views containing UNION, INTERSECT, or EXCEPT"},
};
constexpr std::array<std::string_view, 10> kAggregates{"count", "sum", "avg", "total", "group_concat", "json_group_array", "json_group_object", "min", "max", "string_agg"};

/// Reads one view's text over its relation.
class Reader {
 public:
  Reader(const plan::Table& view, const plan::Schema& schema) : view_(view), schema_(schema), text_(view.sql), pieces_(pieces_of(view.sql)) {}

  model::Result<UpdatableView> read() {
    const Pieces all{pieces_};
    if (all.empty() || view_.triggered || text_.contains('$')) return unread();
    const std::size_t as = find_word(all, "as");
    if (as + 1 >= all.size()) return unread();
    listed_ = as > 0 && is_symbol(all[as - 1], ')');
    if (is_word(all[as + 1], "with")) return not_updatable("Views containing WITH");
    if (!is_word(all[as + 1], "select")) return is_word(all[as + 1], "values") ? not_updatable("Views that do not select from a single table or view") : unread();
    for (const Clause& clause : kNotUpdatable) {
      if (find_word(all, clause.word, as) < all.size()) return not_updatable(clause.what);
    }
    Pieces select = all.subspan(as + 2);
    while (!select.empty() && is_symbol(select.back(), ';')) select = select.first(select.size() - 1);
    if (select.empty()) return unread();
    if (is_word(select.front(), "distinct")) return not_updatable("Views containing DISTINCT");
    if (is_word(select.front(), "all")) select = select.subspan(1);
    const std::size_t from = find_word(select, "from");
    if (from >= select.size()) return not_updatable("Views that do not select from a single table or view");
    const std::size_t order = find_word(select, "order", from), where = find_word(select, "where", from);
    CROSSFADE_CHECK(read_from(select.subspan(from + 1, std::min(order, where) - from - 1)));
    CROSSFADE_CHECK(read_targets(select.first(from)));
    if (where < order && where < select.size()) {
      CROSSFADE_TRY(out_.where, expression(select.subspan(where + 1, std::min(order, select.size()) - where - 1)));
    }
    return std::move(out_);
  }

 private:
  model::Result<void> read_from(Pieces from) {
    const auto single = [] { return not_updatable("Views that do not select from a single table or view"); };
    if (from.size() > 2 && is_word(from[0], "main") && is_symbol(from[1], '.')) from = from.subspan(2);
    if (from.empty() || !is_name(from[0])) return single();
    if (from.size() > 1 && !is_name(from[1])) return single();
    const bool said = from.size() > 1 && is_word(from[1], "as");
    if (from.size() > (said ? 3U : 2U)) return single();
    if (said && from.size() != 3) return unread();
    for (const auto* tables : {view_.temporary ? &schema_.temporary : nullptr, &schema_.tables}) {
      if (tables == nullptr || out_.base != nullptr) continue;
      for (const auto& [name, table] : *tables) if (plan::fold(table.sqlite_name) == from[0].word) out_.base = &table;
    }
    alias_ = from.back().word;
    printed_ = said && listed_;
    return out_.base != nullptr && !out_.base->virtual_table && out_.base != &view_ ? model::Result<void>{} : unread();
  }

  model::Result<void> read_targets(Pieces targets) {
    std::vector<UpdatableView::Column> columns;
    const int depth = targets.empty() ? 0 : targets.front().depth;
    for (std::size_t begin = 0; begin < targets.size();) {
      std::size_t end = begin;
      while (end < targets.size() && !(targets[end].depth == depth && is_symbol(targets[end], ','))) ++end;
      CROSSFADE_CHECK(read_target(targets.subspan(begin, end - begin), columns));
      begin = end + 1;
    }
    if (columns.size() != view_.columns.size()) return unread();
    for (std::size_t i = 0; i < columns.size(); ++i) columns[i].name = view_.columns[i].name;
    out_.columns = std::move(columns);
    return {};
  }

  model::Result<void> read_target(Pieces target, std::vector<UpdatableView::Column>& columns) {
    const bool star = !target.empty() && is_symbol(target.back(), '*') && (target.size() == 1 || (target.size() == 3 && is_symbol(target[1], '.')));
    if (star) {
      for (const plan::Column& column : out_.base->columns) columns.push_back({{}, column.name, {}});
      return {};
    }
    if (target.size() > 2 && is_word(target[target.size() - 2], "as") && is_name(target.back())) target = target.first(target.size() - 2);
    else printed_ = false;
    const std::size_t dot = target.size() > 2 && is_symbol(target[1], '.') ? 2 : 0;
    const bool bare = target.size() == dot + 2 && is_name(target[dot]) && is_name(target[dot + 1]) && !printed_;  // a AS x without its AS
    if (bare) target = target.first(dot + 1);
    if (target.size() == dot + 1 && is_name(target[dot]) && (dot == 0 || target[0].word == alias_)) {
      if (const plan::Column* column = column_of(target[dot].word)) {
        columns.push_back({{}, column->name, {}});
        return {};
      }
    }
    for (std::size_t i = 0; i < target.size(); ++i) {
      // RETURNING would look for its outer columns in its own relations
      if (is_symbol(target[i], '(') && i + 1 < target.size() && is_word(target[i + 1], "select")) return unread();
      if (is_word(target[i], "over")) return not_updatable("Views that return window functions");
      const bool call = target[i].token.kind == Token::Kind::word && i + 1 < target.size() && is_symbol(target[i + 1], '(');
      if (call && std::ranges::find(kAggregates, target[i].word) != kAggregates.end() && !scalar(target, i)) return not_updatable("Views that return aggregate functions");
    }
    CROSSFADE_TRY(auto computed, expression(target));
    columns.push_back({{}, {}, std::move(computed)});
    return {};
  }

  /// max(a, b) is PostgreSQL's greatest().
  static bool scalar(Pieces target, std::size_t call) {
    if (target[call].word != "min" && target[call].word != "max") return false;
    for (std::size_t i = call + 2; i < target.size() && target[i].depth > target[call].depth; ++i) {
      if (target[i].depth == target[call].depth + 1 && is_symbol(target[i], ',')) return true;
    }
    return false;
  }

  const plan::Column* column_of(std::string_view word) const {
    const auto column = std::ranges::find_if(out_.base->columns, [&](const plan::Column& each) { return plan::fold(each.sqlite_name) == word; });
    return column == out_.base->columns.end() ? nullptr : &*column;
  }

  /// Columns become $n. Of a text that Crossfade has not printed, names without their table are looked up, and subqueries are not read.
  model::Result<UpdatableView::Text> expression(Pieces pieces) {
    if (pieces.empty()) return unread();
    UpdatableView::Text out;
    std::size_t done = pieces.front().begin;
    for (std::size_t i = 0; i < pieces.size(); ++i) {
      if (is_word(pieces[i], "select") && !printed_) return unread();
      if (!is_name(pieces[i])) continue;
      const auto dot = [&](std::size_t at) { return at < pieces.size() && is_symbol(pieces[at], '.'); };
      const bool qualified = dot(i + 1);
      if (qualified && (pieces[i].word != alias_ || i + 2 >= pieces.size())) {
        if (!printed_) return unread();
        i += 2;  // of a subquery's own
        continue;
      }
      const Piece& name = pieces[qualified ? i + 2 : i];
      const bool call = i + 1 < pieces.size() && is_symbol(pieces[i + 1], '(');
      const bool after_as = i > 0 && is_word(pieces[i - 1], "as");
      const plan::Column* column = (qualified || (!printed_ && !call && !after_as)) ? column_of(name.word) : nullptr;
      if (!column) {
        if (qualified) return unread();
        continue;
      }
      auto known = std::ranges::find(out.columns, column->name);
      if (known == out.columns.end()) known = out.columns.insert(out.columns.end(), column->name);
      if (out.columns.size() > kMostColumns) return unread();
      out.text += text_.substr(done, pieces[i].begin - done);
      out.text += "$" + std::to_string(known - out.columns.begin() + 1);
      done = name.begin + name.token.text.size();
      if (qualified) i += 2;
    }
    out.text += text_.substr(done, pieces.back().begin + pieces.back().token.text.size() - done);
    return out;
  }

  const plan::Table& view_;
  const plan::Schema& schema_;
  std::string_view text_;
  std::vector<Piece> pieces_;
  std::string alias_;
  bool listed_ = false;   // its columns are named before AS
  bool printed_ = false;  // by Crossfade: every name of a column has its table's
  UpdatableView out_;
};

ViewChanges changes_of(const plan::Table& view, const plan::Schema& schema, int depth) {
  ViewChanges out{.deletes = false, .writes = false, .columns = std::vector<bool>(view.columns.size(), false)};
  const auto read = updatable_view(view, schema);
  if (!read || depth > kDeepest) return out;
  const ViewChanges below = read->base->view ? changes_of(*read->base, schema, depth + 1) : ViewChanges{.deletes = true, .writes = true, .columns = {}};
  out.deletes = below.deletes;
  for (std::size_t i = 0; i < read->columns.size(); ++i) {
    if (read->columns[i].base.empty()) continue;
    const auto at = std::ranges::find(read->base->columns, read->columns[i].base, &plan::Column::name) - read->base->columns.begin();
    out.columns[i] = below.columns.empty() ? true : below.columns[static_cast<std::size_t>(at)];
    out.writes = out.writes || (below.writes && out.columns[i]);
  }
  return out;
}

}  // namespace

model::Result<UpdatableView> updatable_view(const plan::Table& view, const plan::Schema& schema) { return Reader{view, schema}.read(); }

ViewChanges view_changes(const plan::Table& view, const plan::Schema& schema) { return changes_of(view, schema, 0); }

}  // namespace crossfade::sql
