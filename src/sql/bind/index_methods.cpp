#include <algorithm>
#include <array>

#include "bind/schema_binder.hpp"

namespace crossfade::sql {

using namespace model::literals;
namespace oid = model::oid;

namespace {

/// What PostgreSQL's index methods can do. SQLite has B-trees only, so that any other becomes one, with a notice: an index changes no
/// answer. What PostgreSQL refuses is refused all the same.
/// Source: PostgreSQL 15, amapi.h's properties of each method; pg_opclass's defaults.
struct Method {
  std::string_view name;
  bool unique, ordered, multicolumn, includes;
  bool (*takes)(model::Type type);
};
bool is_array(model::Type type) { return model::element_of(type).has_value(); }
bool is_text(model::Type type) { return type.oid == oid::text || type.oid == oid::varchar; }
constexpr std::array kMethods{
    Method{"btree", true, true, true, true, [](model::Type type) { return type.oid != oid::json && type.oid != oid::jsonpath; }},
    Method{"hash", false, false, false, false, [](model::Type type) { return type.oid != oid::json && type.oid != oid::jsonpath; }},
    Method{"gin", false, false, true, false, [](model::Type type) { return is_array(type) || type.oid == oid::jsonb; }},
    Method{"gist", false, false, true, true, [](model::Type) { return false; }},
    Method{"spgist", false, false, false, true, is_text},
    Method{"brin", false, false, true, false,
           [](model::Type type) { return !is_array(type) && type.oid != oid::json && type.oid != oid::jsonb && type.oid != oid::jsonpath && type.oid != oid::boolean; }},
};

const Method* find_method(std::string_view name) {
  const auto* found = std::ranges::find(kMethods, name.empty() ? "btree" : name, &Method::name);
  return found == kMethods.end() ? nullptr : found;
}

}  // namespace

Result<void> SchemaBinder::check_index_method(const CreateIndex& create) {
  const Method* method = find_method(create.method);
  const std::string named = "access method \"" + create.method + "\" does not ";
  if (!method) return refuse("42704"_state, "access method \"" + create.method + "\" does not exist", kNowhere);
  if (create.unique && !method->unique) return refuse("0A000"_state, named + "support unique indexes", kNowhere);
  if (!create.included.empty() && !method->includes) return refuse("0A000"_state, named + "support included columns", kNowhere);
  if (create.parts.size() > 1 && !method->multicolumn) return refuse("0A000"_state, named + "support multicolumn indexes", kNowhere);
  for (const IndexPart& part : create.parts) {
    if (method->ordered) break;
    if (part.direction != OrderItem::Direction::unspecified) return refuse("0A000"_state, named + "support ASC/DESC options", kNowhere);
    if (part.nulls != OrderItem::Nulls::unspecified) return refuse("0A000"_state, named + "support NULLS FIRST/LAST options", kNowhere);
  }
  if (method->name != "btree") note("00000"_state, "index method \"" + create.method + "\" is a B-tree on SQLite");
  return {};
}

Result<void> SchemaBinder::check_index_type(const CreateIndex& create, model::Type type) {
  const Method* method = find_method(create.method);
  if (method->takes(type)) return {};
  return refuse("42704"_state, "data type " + model::format_type({type.oid}) + " has no default operator class for access method \"" + std::string{method->name} + "\"", kNowhere,
                "You must specify an operator class for the index or define a default operator class for the data type.");
}

}  // namespace crossfade::sql
