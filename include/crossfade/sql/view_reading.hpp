#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "crossfade/plan/schema.hpp"

namespace crossfade::sql {

/// How a column of a view is read: a column that the view hands on has that column's type and form, a computed one those of what SQLite's
/// functions and operators give (count() INTEGER: bigint; avg() REAL: double precision …), and Form::any where the text does not say.
struct ColumnReading { model::Type type; plan::StoredForm form; std::string collation = "BINARY"; };

/// Of a view that another program made, whose columns SQLite declares no types for. `text`: CREATE VIEW as the file holds it.
/// `find`: a table or view by SQLite's name, folded, with its columns' types known; nullptr when there is none.
/// One reading a column; nullopt when the text is none that PostgreSQL's grammar takes, or names what is not there.
std::optional<std::vector<ColumnReading>> read_view(std::string_view text, const std::function<const plan::Table*(std::string_view)>& find);

}  // namespace crossfade::sql
