#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "crossfade/model/error.hpp"
#include "crossfade/plan/schema.hpp"

namespace crossfade::sql {

/// A view over one relation, as the file has its text: what a change of it is in that relation.
/// A text has $1 … $9 where a column of the relation stands; `columns`: which, by PostgreSQL's names.
struct UpdatableView {
  struct Text { std::string text; std::vector<std::string> columns; };
  struct Column {
    std::string name;   // the view's
    std::string base;   // the relation's column that it is; empty: it is computed
    Text computed;
  };
  const plan::Table* base = nullptr;  // a table or a view
  std::vector<Column> columns;
  std::optional<Text> where;
};

/// Errors: why PostgreSQL 15 does not change through such a view, as its DETAIL says (55000); 0A000 where that is not read out of the file's text.
/// Lifetime: as `schema`.
model::Result<UpdatableView> updatable_view(const plan::Table& view, const plan::Schema& schema);

/// Whether rows can be deleted, and inserted and updated, through a view, and which of its columns can be written (in their order).
struct ViewChanges { bool deletes = false, writes = false; std::vector<bool> columns; };
ViewChanges view_changes(const plan::Table& view, const plan::Schema& schema);

}  // namespace crossfade::sql
