// Written by scripts/catalog-tables from PostgreSQL 15; not edited by hand.
#include "catalog/relations.hpp"

namespace crossfade::sql::catalog {

namespace {

constexpr RelationRow kViews[] = {
    {"pg_available_extension_versions", 12085, 'v',
     R"(name:name version:text installed:bool superuser:bool trusted:bool relocatable:bool schema:name requires:_name comment:text)"},
    {"pg_available_extensions", 12081, 'v',
     R"(name:name default_version:text installed_version:text comment:text)"},
    {"pg_backend_memory_contexts", 12138, 'v',
     R"(name:text ident:text parent:text level:int4 total_bytes:int8 total_nblocks:int8 free_bytes:int8 free_chunks:int8 used_bytes:int8)"},
    {"pg_config", 12130, 'v',
     R"(name:text setting:text)"},
    {"pg_cursors", 12077, 'v',
     R"(name:text statement:text is_holdable:bool is_binary:bool is_scrollable:bool creation_time:timestamptz)"},
    {"pg_file_settings", 12110, 'v',
     R"(sourcefile:text sourceline:int4 seqno:int4 name:text setting:text applied:bool error:text)"},
    {"pg_group", 12010, 'v',
     R"(groname:name grosysid:oid grolist:_oid)"},
    {"pg_hba_file_rules", 12114, 'v',
     R"(line_number:int4 type:text database:_text user_name:_text address:text netmask:text auth_method:text options:_text error:text)"},
    {"pg_ident_file_mappings", 12118, 'v',
     R"(line_number:int4 map_name:text sys_name:text pg_username:text error:text)"},
    {"pg_indexes", 12043, 'v',
     R"(schemaname:name tablename:name indexname:name tablespace:name indexdef:text)"},
    {"pg_locks", 12073, 'v',
     R"(locktype:text database:oid relation:oid page:int4 tuple:int2 virtualxid:text transactionid:xid classid:oid objid:oid objsubid:int2 virtualtransaction:text pid:int4 mode:text )"
     R"(granted:bool fastpath:bool waitstart:timestamptz)"},
    {"pg_matviews", 12038, 'v',
     R"(schemaname:name matviewname:name matviewowner:name tablespace:name hasindexes:bool ispopulated:bool definition:text)"},
    {"pg_policies", 12018, 'v',
     R"(schemaname:name tablename:name policyname:name permissive:text roles:_name cmd:text qual:text with_check:text)"},
    {"pg_prepared_statements", 12095, 'v',
     R"(name:text statement:text prepare_time:timestamptz parameter_types:_regtype from_sql:bool generic_plans:int8 custom_plans:int8)"},
    {"pg_prepared_xacts", 12090, 'v',
     R"(transaction:xid gid:text prepared:timestamptz owner:name database:name)"},
    {"pg_publication_tables", 12068, 'v',
     R"(pubname:name schemaname:name tablename:name attnames:_name rowfilter:text)"},
    {"pg_replication_origin_status", 12332, 'v',
     R"(local_id:oid external_id:text remote_lsn:pg_lsn local_lsn:pg_lsn)"},
    {"pg_replication_slots", 12257, 'v',
     R"(slot_name:name plugin:name slot_type:text datoid:oid database:name temporary:bool active:bool active_pid:int4 xmin:xid catalog_xmin:xid restart_lsn:pg_lsn )"
     R"(confirmed_flush_lsn:pg_lsn wal_status:text safe_wal_size:int8 two_phase:bool)"},
    {"pg_roles", 12000, 'v',
     R"(rolname:name rolsuper:bool rolinherit:bool rolcreaterole:bool rolcreatedb:bool rolcanlogin:bool rolreplication:bool rolconnlimit:int4 rolpassword:text rolvaliduntil:timestamptz )"
     R"(rolbypassrls:bool rolconfig:_text oid:oid)"},
    {"pg_rules", 12023, 'v',
     R"(schemaname:name tablename:name rulename:name definition:text)"},
    {"pg_seclabels", 12099, 'v',
     R"(objoid:oid classoid:oid objsubid:int4 objtype:text objnamespace:oid objname:text provider:text label:text)"},
    {"pg_sequences", 12048, 'v',
     R"(schemaname:name sequencename:name sequenceowner:name data_type:regtype start_value:int8 min_value:int8 max_value:int8 increment_by:int8 cycle:bool cache_size:int8 last_value:int8)"},
    {"pg_settings", 12104, 'v',
     R"(name:text setting:text unit:text category:text short_desc:text extra_desc:text context:text vartype:text source:text min_val:text max_val:text enumvals:_text boot_val:text )"
     R"(reset_val:text sourcefile:text sourceline:int4 pending_restart:bool)"},
    {"pg_shadow", 12005, 'v',
     R"(usename:name usesysid:oid usecreatedb:bool usesuper:bool userepl:bool usebypassrls:bool passwd:text valuntil:timestamptz useconfig:_text)"},
    {"pg_shmem_allocations", 12134, 'v',
     R"(name:text off:int8 size:int8 allocated_size:int8)"},
    {"pg_stat_all_indexes", 12183, 'v',
     R"(relid:oid indexrelid:oid schemaname:name relname:name indexrelname:name idx_scan:int8 idx_tup_read:int8 idx_tup_fetch:int8)"},
    {"pg_stat_user_indexes", 12192, 'v',
     R"(relid:oid indexrelid:oid schemaname:name relname:name indexrelname:name idx_scan:int8 idx_tup_read:int8 idx_tup_fetch:int8)"},
    {"pg_statio_all_tables", 12170, 'v',
     R"(relid:oid schemaname:name relname:name heap_blks_read:int8 heap_blks_hit:int8 idx_blks_read:int8 idx_blks_hit:int8 toast_blks_read:int8 toast_blks_hit:int8 tidx_blks_read:int8 )"
     R"(tidx_blks_hit:int8)"},
    {"pg_stats", 12053, 'v',
     R"(schemaname:name tablename:name attname:name inherited:bool null_frac:float4 avg_width:int4 n_distinct:float4 most_common_vals:anyarray most_common_freqs:_float4 )"
     R"(histogram_bounds:anyarray correlation:float4 most_common_elems:anyarray most_common_elem_freqs:_float4 elem_count_histogram:_float4)"},
    {"pg_stats_ext", 12058, 'v',
     R"(schemaname:name tablename:name statistics_schemaname:name statistics_name:name statistics_owner:name attnames:_name exprs:_text kinds:_char inherited:bool n_distinct:pg_ndistinct )"
     R"(dependencies:pg_dependencies most_common_vals:_text most_common_val_nulls:_bool most_common_freqs:_float8 most_common_base_freqs:_float8)"},
    {"pg_stats_ext_exprs", 12063, 'v',
     R"(schemaname:name tablename:name statistics_schemaname:name statistics_name:name statistics_owner:name expr:text inherited:bool null_frac:float4 avg_width:int4 n_distinct:float4 )"
     R"(most_common_vals:anyarray most_common_freqs:_float4 histogram_bounds:anyarray correlation:float4 most_common_elems:anyarray most_common_elem_freqs:_float4 )"
     R"(elem_count_histogram:_float4)"},
    {"pg_tables", 12033, 'v',
     R"(schemaname:name tablename:name tableowner:name tablespace:name hasindexes:bool hasrules:bool hastriggers:bool rowsecurity:bool)"},
    {"pg_timezone_abbrevs", 12122, 'v',
     R"(abbrev:text utc_offset:interval is_dst:bool)"},
    {"pg_timezone_names", 12126, 'v',
     R"(name:text abbrev:text utc_offset:interval is_dst:bool)"},
    {"pg_user", 12014, 'v',
     R"(usename:name usesysid:oid usecreatedb:bool usesuper:bool userepl:bool usebypassrls:bool passwd:text valuntil:timestamptz useconfig:_text)"},
    {"pg_user_mappings", 12327, 'v',
     R"(umid:oid srvid:oid srvname:name umuser:oid usename:name umoptions:_text)"},
    {"pg_views", 12028, 'v',
     R"(schemaname:name viewname:name viewowner:name definition:text)"},
};

}  // namespace

std::span<const RelationRow> views_rows() { return kViews; }

}  // namespace crossfade::sql::catalog
