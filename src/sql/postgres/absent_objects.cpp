#include "crossfade/sql/session_effects.hpp"
#include "reader.hpp"

namespace crossfade::sql::postgres_front {
namespace {

using namespace model::literals;

/// Not here: kinds of which PostgreSQL has some from the start. The file may hold triggers of its own, which PostgreSQL's catalogs do not show.
struct AbsentRow { ::ObjectType raw; std::string_view word; DropAbsent::Kind kind; model::SqlState state; };
constexpr std::array kAbsent{
    AbsentRow{OBJECT_FUNCTION, "function", DropAbsent::Kind::other, "42883"_state},
    AbsentRow{OBJECT_PROCEDURE, "procedure", DropAbsent::Kind::other, "42883"_state},
    AbsentRow{OBJECT_ROUTINE, "routine", DropAbsent::Kind::other, "42883"_state},
    AbsentRow{OBJECT_AGGREGATE, "aggregate", DropAbsent::Kind::other, "42883"_state},
    AbsentRow{OBJECT_MATVIEW, "materialized view", DropAbsent::Kind::relation, "42P01"_state},
    AbsentRow{OBJECT_FOREIGN_TABLE, "foreign table", DropAbsent::Kind::relation, "42P01"_state},
    AbsentRow{OBJECT_EXTENSION, "extension", DropAbsent::Kind::other, "42704"_state},
    AbsentRow{OBJECT_PUBLICATION, "publication", DropAbsent::Kind::other, "42704"_state},
    AbsentRow{OBJECT_EVENT_TRIGGER, "event trigger", DropAbsent::Kind::other, "42704"_state},
    AbsentRow{OBJECT_STATISTIC_EXT, "statistics object", DropAbsent::Kind::other, "42704"_state},
    AbsentRow{OBJECT_FOREIGN_SERVER, "server", DropAbsent::Kind::other, "42704"_state},
    AbsentRow{OBJECT_FDW, "foreign-data wrapper", DropAbsent::Kind::other, "42704"_state},
    AbsentRow{OBJECT_TRIGGER, "trigger", DropAbsent::Kind::part, "42704"_state},
    AbsentRow{OBJECT_RULE, "rule", DropAbsent::Kind::part, "42704"_state},
    AbsentRow{OBJECT_POLICY, "policy", DropAbsent::Kind::part, "42704"_state},
};

std::string dotted(const std::vector<std::string>& names) {
  std::string all;
  for (const std::string& name : names) all += (all.empty() ? "" : ".") + name;
  return all;
}

RelationName named(std::vector<std::string> names) {
  names.insert(names.begin(), names.size() < 3 ? 3 - names.size() : 0, std::string{});
  return {.catalog = std::move(names[0]), .schema = std::move(names[1]), .name = std::move(names[2])};
}

}  // namespace

Statement Reader::create_extension(const ::CreateExtensionStmt* node) {
  return {CreateExtension{.name = text_of(node->extname), .if_not_exists = node->if_not_exists}};
}

Statement Reader::drop_absent(const ::DropStmt* node) {
  const auto* row = std::ranges::find(kAbsent, node->removeType, &AbsentRow::raw);
  if (row == kAbsent.end()) {
    refuse(-1, "dropping this kind of object");
    return {};
  }
  DropAbsent out{.kind = row->kind, .state = row->state, .word = std::string{row->word}, .items = {}, .if_exists = node->missing_ok};
  for (const ::Node* object : Nodes<::Node>{node->objects}) {
    if (tag_of(object) == T_ObjectWithArgs) {
      const auto* function = as<::ObjectWithArgs>(object);
      const auto names = strings(function->objname);
      const bool built_in = names.size() == 1 || names.front() == "pg_catalog";
      if (built_in && is_plain_builtin(names.back())) refuse(-1, "dropping a built-in " + out.word);
      std::string types, written;
      std::vector<TypeName> taken;
      for (const ::TypeName* type : Nodes<::TypeName>{function->objargs}) {
        const TypeName read = type_name(type);
        types += (types.empty() ? "" : ", ") + (read.resolved ? model::format_type(*read.resolved) : read.name);
        taken.push_back(read);
        written += (written.empty() ? "" : ",") + dotted(strings(type->names)) + (type->arrayBounds ? "[]" : "");
      }
      const std::string name = dotted(names);
      out.items.push_back({.relation = named(names), .part = {}, .missing = out.word + " " + name + "(" + types + ")", .skipped = out.word + " " + name + "(" + written + ")"});
      out.items.back().types = std::move(taken);
      if (function->args_unspecified) out.items.back().missing = "could not find a " + out.word + " named \"" + name + "\"";
      continue;
    }
    std::vector<std::string> names = tag_of(object) == T_String ? std::vector<std::string>{reinterpret_cast<const ::String*>(object)->sval}
                                                                : strings(reinterpret_cast<const List*>(object));
    if (out.kind == DropAbsent::Kind::part) {
      const std::string part = names.back();
      names.pop_back();
      const std::string front = out.word + " \"" + part + "\" for ", relation = " \"" + names.back() + "\"";
      if (part == "_RETURN") refuse(-1, "dropping the rule of a view");
      out.items.push_back({.relation = named(names), .part = {}, .missing = front + (out.word == "rule" ? "relation" : "table") + relation, .skipped = front + "relation" + relation});
      out.items.back().part = part;
      continue;
    }
    const std::string shown = out.word + " \"" + (out.kind == DropAbsent::Kind::relation ? names.back() : dotted(names)) + "\"";
    out.items.push_back({.relation = named(std::move(names)), .part = {}, .missing = shown, .skipped = shown});
  }
  return {std::move(out)};
}

}  // namespace crossfade::sql::postgres_front
