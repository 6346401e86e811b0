#include <array>

#include "catalog/catalog.hpp"
#include "crossfade/engine/sqlite/session_calls.hpp"

namespace crossfade::sqlite::catalog {

namespace {

constexpr int kUtf8 = 6;

void produce_databases(Catalog& catalog, RowMaker& out) {
  const std::string& name = catalog.session().database;
  std::uint32_t hash = 2'166'136'261U;
  for (const char c : name) hash = (hash ^ static_cast<unsigned char>(c)) * 16'777'619U;
  out.row().set("oid", 16'384U + hash % 0x7fff0000U).set("datname", name).set("datdba", kOwner).set("encoding", kUtf8).set("datlocprovider", "c");
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

constexpr Producer kOtherProducers[] = {
    {"pg_database", produce_databases, true}, {"pg_authid", produce_roles, true},  {"pg_rewrite", produce_rules},
    {"pg_settings", produce_settings, true},  {"pg_get_keywords", produce_keywords},
};

}  // namespace

std::span<const Producer> other_producers() { return kOtherProducers; }

}  // namespace crossfade::sqlite::catalog
