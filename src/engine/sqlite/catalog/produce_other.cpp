#include <array>

#include "../connection_impl.hpp"
#include "../schema_parts.hpp"
#include "catalog/catalog.hpp"
#include "crossfade/engine/sqlite/session_calls.hpp"
#include "crossfade/plan/plan.hpp"

namespace crossfade::sqlite::catalog {

namespace {

constexpr int kUtf8 = 6;

Oid database_oid(std::string_view name) { return plan::oid_of(name); }

void produce_databases(Catalog& catalog, RowMaker& out) {
  const std::string& name = catalog.session().database;
  out.row().set("oid", database_oid(name)).set("datname", name).set("datdba", kOwner).set("encoding", kUtf8).set("datlocprovider", "c");
  out.set("datallowconn", true).set("datconnlimit", -1).set("dattablespace", kDefaultTablespace).set("datcollate", "C").set("datctype", "C");
}

/// The one role that there is here: whoever asks.
void produce_roles(Catalog& catalog, RowMaker& out) {
  out.row().set("oid", kOwner).set("rolname", catalog.session().user).set("rolsuper", true).set("rolinherit", true).set("rolcreaterole", true);
  out.set("rolcreatedb", true).set("rolcanlogin", true).set("rolreplication", true).set("rolbypassrls", true).set("rolconnlimit", -1);
}

void produce_rules(Catalog& catalog, RowMaker& out) {
  for (const auto& [view, oid] : catalog.objects().rules) {
    out.row().set("oid", oid).set("rulename", "_RETURN").set("ev_class", view->oid).set("ev_type", "1").set("ev_enabled", "O");
    out.set("is_instead", true).set("ev_qual", "<>").set("ev_action", view_definition(*view));
  }
}

struct SettingRow { std::string_view name, type; };
constexpr SettingRow kSettings[] = {
    {"application_name", "string"},        {"bytea_output", "enum"},               {"client_encoding", "string"},
    {"client_min_messages", "enum"},       {"DateStyle", "string"},                {"default_transaction_isolation", "enum"},
    {"default_transaction_read_only", "bool"}, {"extra_float_digits", "integer"},  {"in_hot_standby", "bool"},
    {"integer_datetimes", "bool"},         {"IntervalStyle", "enum"},              {"is_superuser", "bool"},
    {"lock_timeout", "integer"},           {"max_identifier_length", "integer"},   {"max_index_keys", "integer"},
    {"search_path", "string"},             {"server_encoding", "string"},          {"server_version", "string"},
    {"server_version_num", "integer"},     {"standard_conforming_strings", "bool"}, {"statement_timeout", "integer"},
    {"TimeZone", "string"},                {"transaction_isolation", "enum"},      {"transaction_read_only", "bool"},
};

void produce_settings(Catalog& catalog, RowMaker& out) {
  SessionCalls* const session = catalog.session().calls;
  if (!session) return;
  for (const SettingRow& each : kSettings) {
    const auto value = session->setting(each.name);
    if (!value) continue;
    out.row().set("name", std::string{each.name}).set("setting", *value).set("vartype", std::string{each.type}).set("context", "user");
    out.set("source", "default").set("boot_val", *value).set("reset_val", *value).set("pending_restart", false);
  }
}

/// PostgreSQL's key words that its own grammar adds to SQL's, by how far they are reserved: what drivers list for quoting.
struct KeywordRow { const char* code; std::string_view words; };
constexpr KeywordRow kKeywords[] = {
    {"R", "all analyse analyze and any array as asc asymmetric both case cast check collate column constraint create current_catalog current_date "
          "current_role current_time current_timestamp current_user default deferrable desc distinct do else end except false fetch for foreign from grant "
          "group having in initially intersect into lateral leading limit localtime localtimestamp not null offset on only or order placing primary "
          "references returning select session_user some symmetric table then to trailing true union unique user using variadic when where window with"},
    {"T", "authorization binary collation concurrently cross current_schema freeze full ilike inner is isnull join left like natural notnull outer overlaps "
          "right similar tablesample verbose"},
    {"C", "between bigint bit boolean char character coalesce dec decimal exists extract float greatest grouping inout int integer interval least national "
          "nchar none normalize nullif numeric out overlay position precision real row setof smallint substring time timestamp treat trim values varchar "
          "xmlattributes xmlconcat xmlelement xmlexists xmlforest xmlnamespaces xmlparse xmlpi xmlroot xmlserialize xmltable"},
    {"U", "abort absolute access action add admin after aggregate also alter always asensitive assertion assignment at atomic attach attribute backward "
          "before begin breadth by cache call called cascade cascaded catalog chain characteristics checkpoint class close cluster columns comment comments "
          "commit committed compression configuration conflict connection constraints content continue conversion copy cost csv cube current cursor cycle "
          "data database day deallocate declare defaults deferred definer delete delimiter delimiters depends depth detach dictionary disable discard "
          "document domain double drop each enable encoding encrypted enum escape event exclude excluding exclusive execute explain expression extension "
          "external family filter finalize first following force forward function functions generated global granted groups handler header hold hour "
          "identity if immediate immutable implicit import include including increment index indexes inherit inherits inline input insensitive insert "
          "instead invoker isolation key label language large last leakproof level listen load local location lock locked logged mapping match matched "
          "materialized maxvalue merge method minute minvalue mode month move name names new next nfc nfd nfkc nfkd no nothing notify nowait nulls object of "
          "off oids old operator option options ordinality others over overriding owned owner parallel parameter parser partial partition passing password "
          "plans policy preceding prepare prepared preserve prior privileges procedural procedure procedures program publication quote range read reassign "
          "recheck recursive ref referencing refresh reindex relative release rename repeatable replace replica reset restart restrict return returns revoke "
          "role rollback rollup routine routines rows rule savepoint schema schemas scroll search second security sequence sequences serializable server "
          "session set sets share show simple skip snapshot sql stable standalone start statement statistics stdin stdout storage stored strict strip "
          "subscription support sysid system tables tablespace temp template temporary text ties transaction transform trigger truncate trusted type types "
          "uescape unbounded uncommitted unencrypted unknown unlisten unlogged until update vacuum valid validate validator value varying version view views "
          "volatile whitespace within without work wrapper write xml year yes zone"},
};

void produce_keywords(Catalog&, RowMaker& out) {
  for (const KeywordRow& group : kKeywords) {
    for (std::string_view rest = group.words; !rest.empty();) {
      const std::size_t end = std::min(rest.find(' '), rest.size());
      out.row().set("word", std::string{rest.substr(0, end)}).set("catcode", group.code).set("barelabel", true);
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
  }
}

/// What COMMENT ON has kept in crossfade_comments. Source: sql/bind/comments.cpp.
struct CommentPlace { Oid class_of = 0, object = 0; int part = 0; };

CommentPlace place_of_comment(Catalog& catalog, const std::string& object, const std::string& relation, const std::string& name) {
  constexpr Oid kPgConstraint = 2606;
  const Objects& objects = catalog.objects();
  if (object == "schema") {
    const auto space = objects.made_of->namespaces.find(relation);
    return {kPgNamespace, space == objects.made_of->namespaces.end() ? kPublic : space->second};
  }
  if (object == "type") {
    const auto type = objects.made_of->named_types.find(relation);
    return type == objects.made_of->named_types.end() ? CommentPlace{} : CommentPlace{kPgType, type->second.oid};
  }
  if (object == "constraint") {
    for (const ConstraintObject& each : objects.constraints) {
      if (each.table->name == relation && each.name == name && !each.table->temporary) return {kPgConstraint, each.oid};
    }
    return {};
  }
  const Oid found = catalog.find_relation("public", relation);
  const plan::Table* table = object == "column" ? objects.find_table(found) : nullptr;
  return {found == 0 ? 0 : kPgClass, found, table ? attribute_of(*table, name) : 0};
}

model::Result<void> read_comments(Catalog& catalog, RowMaker& out, bool shared) {
  Connection::Impl* const connection = catalog.session().connection;
  if (connection == nullptr) return {};
  CROSSFADE_TRY(Statement kept, connection->prepare("SELECT 1 FROM main.sqlite_schema WHERE name = 'crossfade_comments'", Author::proxy));
  CROSSFADE_TRY(const bool some, kept.step());
  if (!some) return {};
  CROSSFADE_TRY(Statement read, connection->prepare(shared ? "SELECT object, table_name, name, comment FROM main.crossfade_comments WHERE object = 'database'"
                                                           : "SELECT object, table_name, name, comment FROM main.crossfade_comments WHERE object <> 'database'",
                                                    Author::proxy));
  for (;;) {
    CROSSFADE_TRY(const bool row, read.step());
    if (!row) return {};
    if (shared) {
      constexpr Oid kPgDatabase = 1262;
      out.row().set("objoid", database_oid(text_of(read.column(1)))).set("classoid", kPgDatabase).set("description", text_of(read.column(3)));
      continue;
    }
    const CommentPlace place = place_of_comment(catalog, text_of(read.column(0)), text_of(read.column(1)), text_of(read.column(2)));
    if (place.object == 0) continue;
    if (place.class_of == kPgNamespace) out.drop("objoid", place.object);  // PostgreSQL's "standard public schema"
    out.row().set("objoid", place.object).set("classoid", place.class_of).set("objsubid", place.part).set("description", text_of(read.column(3)));
  }
}

/// A file whose comments cannot be read has none.
void produce_descriptions(Catalog& catalog, RowMaker& out) { static_cast<void>(read_comments(catalog, out, false)); }
void produce_shared_descriptions(Catalog& catalog, RowMaker& out) { static_cast<void>(read_comments(catalog, out, true)); }

constexpr Producer kOtherProducers[] = {
    {"pg_database", produce_databases, true}, {"pg_authid", produce_roles, true},  {"pg_rewrite", produce_rules},
    {"pg_settings", produce_settings, true},  {"pg_get_keywords", produce_keywords},
    // Comments are no part of a schema: another statement may find others.
    {"pg_description", produce_descriptions, true}, {"pg_shdescription", produce_shared_descriptions, true},
};

}  // namespace

std::span<const Producer> other_producers() { return kOtherProducers; }

}  // namespace crossfade::sqlite::catalog
