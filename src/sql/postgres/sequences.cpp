#include "reader.hpp"

namespace crossfade::sql::postgres_front {
namespace {

/// A number of a sequence's option: beyond 32 bits the grammar gives digits.
std::optional<std::int64_t> number_of(const ::Node* node) {
  if (!node) return std::nullopt;
  if (tag_of(node) == T_Integer) return reinterpret_cast<const ::Integer*>(node)->ival;
  if (tag_of(node) != T_Float) return std::nullopt;
  const std::string_view digits = reinterpret_cast<const ::Float*>(node)->fval;
  try {
    return std::stoll(std::string{digits});
  } catch (const std::exception&) {
    return std::nullopt;
  }
}

struct CommentRow { ::ObjectType raw; Comment::Object object; };
constexpr std::array kComments{
    CommentRow{OBJECT_TABLE, Comment::Object::table},       CommentRow{OBJECT_VIEW, Comment::Object::view},
    CommentRow{OBJECT_INDEX, Comment::Object::index},       CommentRow{OBJECT_SEQUENCE, Comment::Object::sequence},
    CommentRow{OBJECT_COLUMN, Comment::Object::column},     CommentRow{OBJECT_TABCONSTRAINT, Comment::Object::constraint},
    CommentRow{OBJECT_DATABASE, Comment::Object::database}, CommentRow{OBJECT_SCHEMA, Comment::Object::schema},
    CommentRow{OBJECT_TYPE, Comment::Object::type},         CommentRow{OBJECT_DOMAIN, Comment::Object::domain},
};

}  // namespace

SequenceOptions Reader::sequence_options(const List* options) {
  SequenceOptions out;
  for (const ::DefElem* option : Nodes<::DefElem>{options}) {
    const std::string name = text_of(option->defname);
    const auto number = number_of(option->arg);
    if (name == "as") out.type = type_name(reinterpret_cast<const ::TypeName*>(option->arg));
    else if (name == "start") out.start = number;
    else if (name == "increment") out.increment = number;
    else if (name == "minvalue") number ? void(out.minimum = number) : void(out.no_minimum = true);
    else if (name == "maxvalue") number ? void(out.maximum = number) : void(out.no_maximum = true);
    else if (name == "cache") out.cache = number;
    else if (name == "cycle") out.cycle = reinterpret_cast<const ::Boolean*>(option->arg)->boolval;
    else if (name == "owned_by") out.owned_by = strings(reinterpret_cast<const List*>(option->arg));
    else if (name == "restart") out.restart = true, out.restart_with = number;
    else if (name == "sequence_name") out.name = strings(reinterpret_cast<const List*>(option->arg)).back();
    else refuse(option->location, "the sequence option " + name);
  }
  return out;
}

Statement Reader::create_sequence(const ::CreateSeqStmt* node) {
  CreateSequence out{.relation = plain_relation(node->sequence), .persistence = persistence(node->sequence->relpersistence),
                     .if_not_exists = node->if_not_exists, .options = sequence_options(node->options)};
  return {std::move(out)};
}

Statement Reader::alter_sequence(const ::AlterSeqStmt* node) {
  return {AlterSequence{plain_relation(node->sequence), node->missing_ok, sequence_options(node->options)}};
}

Statement Reader::comment(const ::CommentStmt* node) {
  const auto* row = std::ranges::find(kComments, node->objtype, &CommentRow::raw);
  if (node->objtype == OBJECT_EXTENSION) {
    const ::Node* object = node->object;
    return {CreateExtension{.name = reinterpret_cast<const ::String*>(object)->sval, .comment = text_of(node->comment)}};
  }
  if (row == kComments.end()) {
    refuse(-1, "COMMENT on this kind of object");
    return {};
  }
  Comment out{.object = row->object};
  if (node->comment) out.text = node->comment;
  std::vector<std::string> names;
  if (tag_of(node->object) == T_TypeName) names = strings(as<::TypeName>(node->object)->names);
  else if (tag_of(node->object) == T_String) names.emplace_back(reinterpret_cast<const ::String*>(node->object)->sval);
  else names = strings(reinterpret_cast<const List*>(node->object));
  const bool part = out.object == Comment::Object::column || out.object == Comment::Object::constraint;
  if (part && !names.empty()) {
    out.column = std::move(names.back());
    names.pop_back();
  }
  out.relation = qualified(std::move(names));
  return {std::move(out)};
}

}  // namespace crossfade::sql::postgres_front
