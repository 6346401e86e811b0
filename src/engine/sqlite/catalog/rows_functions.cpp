// Written by scripts/catalog-tables from PostgreSQL 15; not edited by hand.
#include "catalog/static_rows.hpp"

namespace crossfade::sqlite::catalog {

namespace {

constexpr std::string_view k_pg_proc =
    R"(1026|max|11|10|12|1|0|0|0|f|false|false|true|false|i|s|1|0|16|2281|\N|\N|\N|\N|\N|aggregate_dummy|\N|\N|\N|\N|
1242|boolin||||||||||||||||||2275||||||boolin|||||1243|boolout|||||||||||||||||2275|16||||||boolout|||||1244|byteain|||||||||||||||||17|2275||||||byteain|||||31|byteaout|||||||||||
||||||2275|17||||||byteaout|||||1245|charin|||||||||||||||||18|2275||||||charin|||||33|charout|||||||||||||||||2275|18||||||charout|||||34|namein|||||||||||||||||19|2275||||||
namein|||||35|nameout|||||||||||||||||2275|19||||||nameout|||||38|int2in|||||||||||||||||21|2275||||||int2in|||||39|int2out|||||||||||||||||2275|21||||||int2out|||||40|
int2vectorin|||||||||||||||||22|2275||||||int2vectorin|||||41|int2vectorout|||||||||||||||||2275|22||||||int2vectorout|||||42|int4in|||||||||||||||||23|2275||||||int4in|||||43|
int4out|||||||||||||||||2275|23||||||int4out|||||44|regprocin|||||||||||||s||||24|2275||||||regprocin|||||45|regprocout|||||||||||||s||||2275|24||||||regprocout|||||3494|
to_regproc|||||||||||||s||||24|25||||||to_regproc|||||3479|to_regprocedure|||||||||||||s||||2202|25||||||to_regprocedure|||||46|textin|||||||||||||||||25|2275||||||textin|||||47|
textout|||||||||||||||||2275|25||||||textout|||||48|tidin|||||||||||||||||27|2275||||||tidin|||||49|tidout|||||||||||||||||2275|27||||||tidout|||||50|xidin|||||||||||||||||28|2275|
|||||xidin|||||51|xidout|||||||||||||||||2275|28||||||xidout|||||5070|xid8in|||||||||||||||||5069|2275||||||xid8in|||||5081|xid8out|||||||||||||||||2275|5069||||||xid8out|||||5082|
xid8recv|||||||||||||||||5069|||||||xid8recv|||||5083|xid8send|||||||||||||||||17|5069||||||xid8send|||||52|cidin|||||||||||||||||29|2275||||||cidin|||||53|cidout|||||||||||||||||
2275|29||||||cidout|||||54|oidvectorin|||||||||||||||||30|2275||||||oidvectorin|||||55|oidvectorout|||||||||||||||||2275|30||||||oidvectorout|||||3696|starts_with|||||||6242|||
true|||||2|||25 25||||||text_starts_with|||||5096|xid8cmp||||||||||true|||||2||23|5069 5069||||||xid8cmp|||||5071|xid|||||||||||||||||28|5069||||||xid8toxid|||||77|int4||||||||||||
|||||23|18||||||chartoi4|||||78|char|||||||||||||||||18|23||||||i4tochar|||||89|version|||||||||||||s||0||25|\e||||||pgsql_version|||||86|pg_ddl_command_in|||||||||||||||||32|2275|
|||||pg_ddl_command_in|||||87|pg_ddl_command_out|||||||||||||||||2275|32||||||pg_ddl_command_out|||||88|pg_ddl_command_recv|||||||||||||||||32|||||||pg_ddl_command_recv|||||90|
pg_ddl_command_send|||||||||||||||||17|32||||||pg_ddl_command_send|||||109|unknownin|||||||||||||||||705|2275||||||unknownin|||||110|unknownout|||||||||||||||||2275|705||||||
unknownout|||||117|point_in|||||||||||||||||600|2275||||||point_in|||||118|point_out|||||||||||||||||2275|600||||||point_out|||||119|lseg_in|||||||||||||||||601|2275||||||lseg_in||
|||120|lseg_out|||||||||||||||||2275|601||||||lseg_out|||||121|path_in|||||||||||||||||602|2275||||||path_in|||||122|path_out|||||||||||||||||2275|602||||||path_out|||||123|box_in|
||||||||||||||||603|2275||||||box_in|||||124|box_out|||||||||||||||||2275|603||||||box_out|||||187|box_contain|||||||||||||||2|||603 603||||||box_contain|||||195|pg_node_tree_in|||
||||||||||||||194|2275||||||pg_node_tree_in|||||196|pg_node_tree_out|||||||||||||||||2275|194||||||pg_node_tree_out|||||197|pg_node_tree_recv|||||||||||||s||||194|||||||
pg_node_tree_recv|||||198|pg_node_tree_send|||||||||||||s||||17|194||||||pg_node_tree_send|||||200|float4in|||||||||||||||||700|2275||||||float4in|||||201|float4out||||||||||||||||
|2275|700||||||float4out|||||214|float8in|||||||||||||||||701|2275||||||float8in|||||215|float8out|||||||||||||||||2275|701||||||float8out|||||2308|ceil|||||||||||||||||701|701||||
||dceil|||||2320|ceiling|||||||||||||||||701|701||||||dceil|||||2309|floor|||||||||||||||||701|701||||||dfloor|||||2310|sign|||||||||||||||||701|701||||||dsign|||||235|float8||||||
||||true|||||||701|21||||||i2tod|||||236|float4||||||||||true|||||||700|21||||||i2tof|||||237|int2|||||||||||||||||21|701||||||dtoi2|||||238|int2|||||||||||||||||21|700||||||ftoi2|
||||246|btnametextcmp||||||||||true|||||2||23|19 25||||||btnametextcmp|||||253|bttextnamecmp||||||||||true|||||2||23|25 19||||||bttextnamecmp|||||320|width_bucket|||||||||||||||4||
23|701 701 701 23||||||width_bucket_float8|||||311|float8||||||||||true|||||||701|700||||||ftod|||||312|float4|||||||||||||||||700|701||||||dtof|||||313|int4||||||||||true|||||||
23|21||||||i2toi4|||||314|int2|||||||||||||||||21|23||||||i4toi2|||||316|float8||||||||||true|||||||701|23||||||i4tod|||||317|int4|||||||||||||||||23|701||||||dtoi4|||||318|float4|
|||||||||true|||||||700|23||||||i4tof|||||319|int4|||||||||||||||||23|700||||||ftoi4|||||3|heap_tableam_handler|||||||||||||v||||269|||||||heap_tableam_handler|||||330|bthandler|||
||||||||||v||||325|||||||bthandler|||||331|hashhandler|||||||||||||v||||325|||||||hashhandler|||||332|gisthandler|||||||||||||v||||325|||||||gisthandler|||||333|ginhandler|||||||||
||||v||||325|||||||ginhandler|||||334|spghandler|||||||||||||v||||325|||||||spghandler|||||335|brinhandler|||||||||||||v||||325|||||||brinhandler|||||347|poly_in|||||||||||||||||
604|2275||||||poly_in|||||348|poly_out|||||||||||||||||2275|604||||||poly_out|||||350|btint2cmp||||||||||true|||||2||23|21 21||||||btint2cmp|||||3129|btint2sortsupport|||||||||||||
||||2278|||||||btint2sortsupport|||||351|btint4cmp||||||||||true|||||2||23|23 23||||||btint4cmp|||||3130|btint4sortsupport|||||||||||||||||2278|||||||btint4sortsupport|||||842|
btint8cmp||||||||||true|||||2||23|20 20||||||btint8cmp|||||3131|btint8sortsupport|||||||||||||||||2278|||||||btint8sortsupport|||||354|btfloat4cmp||||||||||true|||||2||23|700 700||
||||btfloat4cmp|||||3132|btfloat4sortsupport|||||||||||||||||2278|||||||btfloat4sortsupport|||||355|btfloat8cmp||||||||||true|||||2||23|701 701||||||btfloat8cmp|||||3133|
btfloat8sortsupport|||||||||||||||||2278|||||||btfloat8sortsupport|||||356|btoidcmp||||||||||true|||||2||23|26 26||||||btoidcmp|||||3134|btoidsortsupport|||||||||||||||||2278||||||
|btoidsortsupport|||||404|btoidvectorcmp||||||||||true|||||2||23|30 30||||||btoidvectorcmp|||||358|btcharcmp||||||||||true|||||2||23|18 18||||||btcharcmp|||||359|btnamecmp|||||||||
|true|||||2||23|19 19||||||btnamecmp|||||3135|btnamesortsupport|||||||||||||||||2278|||||||btnamesortsupport|||||360|bttextcmp||||||||||true|||||2||23|25 25||||||bttextcmp|||||
3255|bttextsortsupport|||||||||||||||||2278|||||||bttextsortsupport|||||5050|btvarstrequalimage||||||||||||||||||26||||||btvarstrequalimage|||||377|cash_cmp||||||||||true|||||2||
23|790 790||||||cash_cmp|||||382|btarraycmp|||||||||||||||2||23|2277 2277||||||btarraycmp|||||4126|in_range|||||||||||||||5|||20 20 20 16 16||||||in_range_int8_int8|||||4127|
in_range|||||||||||||||5|||23 23 20 16 16||||||in_range_int4_int8|||||4128|in_range|||||||||||||||5|||23 23 23 16 16||||||in_range_int4_int4|||||4129|in_range|||||||||||||||5|||
23 23 21 16 16||||||in_range_int4_int2|||||4130|in_range|||||||||||||||5|||21 21 20 16 16||||||in_range_int2_int8|||||4131|in_range|||||||||||||||5|||21 21 23 16 16||||||
in_range_int2_int4|||||4132|in_range|||||||||||||||5|||21 21 21 16 16||||||in_range_int2_int2|||||4139|in_range|||||||||||||||5|||701 701 701 16 16||||||in_range_float8_float8|||||
4140|in_range|||||||||||||||5|||700 700 701 16 16||||||in_range_float4_float8|||||4141|in_range|||||||||||||||5|||1700 1700 1700 16 16||||||in_range_numeric_numeric|||||401|text|||
||||||||||||||25|1042||||||rtrim1|||||406|text||||||||||true|||||||25|19||||||name_text|||||407|name||||||||||true|||||||19|25||||||text_name|||||408|bpchar|||||||||||||||||1042|
19||||||name_bpchar|||||409|name||||||||||true|||||||19|1042||||||bpchar_name|||||449|hashint2|||||||||||||||||23|21||||||hashint2|||||441|hashint2extended|||||||||||||||2||20|
21 20||||||hashint2extended|||||450|hashint4|||||||||||||||||23|23||||||hashint4|||||425|hashint4extended|||||||||||||||2||20|23 20||||||hashint4extended|||||949|hashint8||||||||||
|||||||23|20||||||hashint8|||||442|hashint8extended|||||||||||||||2||20|20 20||||||hashint8extended|||||451|hashfloat4|||||||||||||||||23|700||||||hashfloat4|||||443|
hashfloat4extended|||||||||||||||2||20|700 20||||||hashfloat4extended|||||452|hashfloat8|||||||||||||||||23|701||||||hashfloat8|||||444|hashfloat8extended|||||||||||||||2||20|
701 20||||||hashfloat8extended|||||453|hashoid|||||||||||||||||23|26||||||hashoid|||||445|hashoidextended|||||||||||||||2||20|26 20||||||hashoidextended|||||454|hashchar|||||||||||
||||||23|18||||||hashchar|||||446|hashcharextended|||||||||||||||2||20|18 20||||||hashcharextended|||||455|hashname|||||||||||||||||23|19||||||hashname|||||447|hashnameextended||||
|||||||||||2||20|19 20||||||hashnameextended|||||400|hashtext|||||||||||||||||23|25||||||hashtext|||||448|hashtextextended|||||||||||||||2||20|25 20||||||hashtextextended|||||456|
hashvarlena|||||||||||||||||23|||||||hashvarlena|||||772|hashvarlenaextended|||||||||||||||2||20|2281 20||||||hashvarlenaextended|||||457|hashoidvector|||||||||||||||||23|30||||||
hashoidvector|||||776|hashoidvectorextended|||||||||||||||2||20|30 20||||||hashoidvectorextended|||||329|hash_aclitem|||||||||||||||||23|1033||||||hash_aclitem|||||777|
hash_aclitem_extended|||||||||||||||2||20|1033 20||||||hash_aclitem_extended|||||399|hashmacaddr|||||||||||||||||23|829||||||hashmacaddr|||||778|hashmacaddrextended|||||||||||||||
2||20|829 20||||||hashmacaddrextended|||||422|hashinet|||||||||||||||||23|869||||||hashinet|||||779|hashinetextended|||||||||||||||2||20|869 20||||||hashinetextended|||||432|
hash_numeric|||||||||||||||||23|1700||||||hash_numeric|||||780|hash_numeric_extended|||||||||||||||2||20|1700 20||||||hash_numeric_extended|||||328|hashmacaddr8|||||||||||||||||23|
774||||||hashmacaddr8|||||781|hashmacaddr8extended|||||||||||||||2||20|774 20||||||hashmacaddr8extended|||||460|int8in|||||||||||||||||20|2275||||||int8in|||||461|int8out||||||||||
|||||||2275|20||||||int8out|||||480|int4|||||||||||||||||23|20||||||int84|||||481|int8||||||||||true|||||||20|23||||||int48|||||482|float8||||||||||true|||||||701|20||||||i8tod||||
|483|int8|||||||||||||||||20|701||||||dtoi8|||||626|hash_array|||||||||||||||||23|2277||||||hash_array|||||782|hash_array_extended|||||||||||||||2||20|2277 20||||||
hash_array_extended|||||652|float4||||||||||true|||||||700|20||||||i8tof|||||653|int8|||||||||||||||||20|700||||||ftoi8|||||714|int2|||||||||||||||||21|20||||||int82|||||754|int8||
||||||||true|||||||20|21||||||int28|||||668|bpchar|||||||||||||||3||1042|1042 23 16||||||bpchar|||||669|varchar|||||||3097||||||||3||1043|1043 23 16||||||varchar|||||720|
octet_length|||||||||||||||||23|17||||||byteaoctetlen|||||721|get_byte|||||||||||||||2||23|17 23||||||byteaGetByte|||||722|set_byte|||||||||||||||3||17|17 23 23||||||byteaSetByte||
|||723|get_bit|||||||||||||||2||23|17 20||||||byteaGetBit|||||724|set_bit|||||||||||||||3||17|17 20 23||||||byteaSetBit|||||749|overlay|||||||||||||||4||17|17 17 23 23||||||
byteaoverlay|||||752|overlay|||||||||||||||3||17|17 17 23||||||byteaoverlay_no_len|||||6163|bit_count|||||||||||||||||20|17||||||bytea_bit_count|||||745|current_user|||||||||||||s|
|0||19|\e||||||current_user|||||746|session_user|||||||||||||s||0||19|\e||||||session_user|||||747|array_dims|||||||||||||||||25|2277||||||array_dims|||||748|array_ndims|||||||||||
||||||23|2277||||||array_ndims|||||750|array_in|||||||||||||s||3||2277|2275 26 23||||||array_in|||||751|array_out|||||||||||||s||||2275|2277||||||array_out|||||2091|array_lower||||
|||||||||||2||23|2277 23||||||array_lower|||||2092|array_upper|||||||||||||||2||23|2277 23||||||array_upper|||||2176|array_length|||||||||||||||2||23|2277 23||||||array_length|||||
3179|cardinality|||||||||||||||||23|2277||||||array_cardinality|||||378|array_append|||||||||||false||||2||5078|5078 5077||||||array_append|||||379|array_prepend|||||||||||false|||
|2||5078|5077 5078||||||array_prepend|||||383|array_cat|||||||||||false||||2||5078|5078 5078||||||array_cat|||||394|string_to_array|||||||||||false||||2||1009|25 25||||||
text_to_array|||||376|string_to_array|||||||||||false||||3||1009|25 25 25||||||text_to_array_null|||||6160|string_to_table|||||1000||||||false|true|||2||25|25 25||||||
text_to_table|||||6161|string_to_table|||||1000||||||false|true|||3||25|25 25 25||||||text_to_table_null|||||395|array_to_string|||||||||||||s||2||25|2277 25||||||array_to_text||||
|384|array_to_string|||||||||||false||s||3||25|2277 25 25||||||array_to_text_null|||||3277|array_position|||||||||||false||||2||23|5078 5077||||||array_position|||||3278|
array_position|||||||||||false||||3||23|5078 5077 23||||||array_position_start|||||3279|array_positions|||||||||||false||||2||1007|5078 5077||||||array_positions|||||1193|
array_fill|||||||||||false||||2||2277|2283 1007||||||array_fill|||||1286|array_fill|||||||||||false||||3||2277|2283 1007 1007||||||array_fill_with_lower_bounds|||||3167|
array_remove|||||||||||false||||2||5078|5078 5077||||||array_remove|||||3168|array_replace|||||||||||false||||3||5078|5078 5077 5077||||||array_replace|||||3218|width_bucket|||||||
||||||||2||23|5077 5078||||||width_bucket_array|||||6172|trim_array|||||||||||||||2||2277|2277 23||||||trim_array|||||3816|array_typanalyze|||||||||||||s|||||||||||
array_typanalyze|||||766|int4inc|||||||||||||||||23|23||||||int4inc|||||849|position|||||||||||||||2||23|25 25||||||textpos|||||860|bpchar|||||||||||||||||1042|18||||||char_bpchar|
||||861|current_database|||||||||||||s||0||19|\e||||||current_database|||||886|cash_in|||||||||||||s||||790|2275||||||cash_in|||||887|cash_out|||||||||||||s||||2275|790||||||
cash_out|||||3823|numeric|||||||||||||s||||1700|790||||||cash_numeric|||||3824|money|||||||||||||s||||790|1700||||||numeric_cash|||||3811|money|||||||||||||s||||790|23||||||
int4_cash|||||3812|money|||||||||||||s||||790|20||||||int8_cash|||||940|mod|||||||||||||||2||21|21 21||||||int2mod|||||941|mod|||||||||||||||2||23|23 23||||||int4mod|||||947|mod|||
||||||||||||2||20|20 20||||||int8mod|||||5044|gcd|||||||||||||||2||23|23 23||||||int4gcd|||||5045|gcd|||||||||||||||2||20|20 20||||||int8gcd|||||5046|lcm|||||||||||||||2||23|23 23|
)"
    R"(|||||int4lcm|||||5047|lcm|||||||||||||||2||20|20 20||||||int8lcm|||||944|char|||||||||||||||||18|25||||||text_char|||||946|text|||||||||||||||||25|18||||||char_text|||||4067|
bound_box|||||||||||||||2||603|603 603||||||boxes_bound_box||||||timezone|||||||||||||||2||1114|1186 1184||||||timestamptz_izone|||||1031|aclitemin|||||||||||||s||||1033|2275||||||
aclitemin|||||1032|aclitemout|||||||||||||s||||2275|1033||||||aclitemout|||||3943|acldefault|||||||||||||||2||1034|18 26||||||acldefault_sql|||||1044|bpcharin|||||||||||||||3||
1042|2275 26 23||||||bpcharin|||||1045|bpcharout|||||||||||||||||2275|1042||||||bpcharout|||||1046|varcharin|||||||||||||||3||1043|2275 26 23||||||varcharin|||||1047|varcharout||||
|||||||||||||2275|1043||||||varcharout|||||1078|bpcharcmp||||||||||true|||||2||23|1042 1042||||||bpcharcmp|||||3328|bpchar_sortsupport|||||||||||||||||2278|||||||
bpchar_sortsupport|||||1080|hashbpchar|||||||||||||||||23|1042||||||hashbpchar|||||972|hashbpcharextended|||||||||||||||2||20|1042 20||||||hashbpcharextended|||||1081|format_type||
|||||||||false||s||2||25|26 23||||||format_type|||||1084|date_in|||||||||||||s||||1082|2275||||||date_in|||||1085|date_out|||||||||||||s||||2275|1082||||||date_out|||||1092|
date_cmp||||||||||true|||||2||23|1082 1082||||||date_cmp|||||3136|date_sortsupport|||||||||||||||||2278|||||||date_sortsupport|||||4133|in_range|||||||||||||||5|||
1082 1082 1186 16 16||||||in_range_date_interval|||||1107|time_cmp||||||||||true|||||2||23|1083 1083||||||time_cmp|||||1143|time_in|||||||||||||s||3||1083|2275 26 23||||||time_in||
|||1144|time_out|||||||||||||||||2275|1083||||||time_out|||||1150|timestamptz_in|||||||||||||s||3||1184|2275 26 23||||||timestamptz_in|||||1151|timestamptz_out|||||||||||||s||||
2275|1184||||||timestamptz_out|||||1158|to_timestamp|||||||||||||||||1184|701||||||float8_timestamptz|||||1159|timezone|||||||||||||||2||1114|25 1184||||||timestamptz_zone|||||
1160|interval_in|||||||||||||s||3||1186|2275 26 23||||||interval_in|||||1161|interval_out|||||||||||||s||||2275|1186||||||interval_out|||||1171|date_part|||||||||||||s||2||701|
25 1184||||||timestamptz_part|||||6203|extract|||||||||||||s||2||1700|25 1184||||||extract_timestamptz|||||1172|date_part|||||||||||||||2||701|25 1186||||||interval_part|||||6204|
extract|||||||||||||||2||1700|25 1186||||||extract_interval|||||1174|timestamptz|||||||||||||s||||1184|1082||||||date_timestamptz|||||2711|justify_interval|||||||||||||||||1186|
1186||||||interval_justify_interval|||||1175|justify_hours|||||||||||||||||1186|1186||||||interval_justify_hours|||||1295|justify_days|||||||||||||||||1186|1186||||||
interval_justify_days|||||1178|date|||||||||||||s||||1082|1184||||||timestamptz_date|||||1181|age|||||||||||||s|r|||23|28||||||xid_age|||||1199|age|||||||||||||||2||1186|1184 1184|
|||||timestamptz_age|||||1200|interval|||||||3918||||||||2||1186|1186 23||||||interval_scale|||||1217|date_trunc|||||||||||||s||2||1184|25 1184||||||timestamptz_trunc|||||1284|
date_trunc|||||||||||||s||3||1184|25 1184 25||||||timestamptz_trunc_zone|||||1218|date_trunc|||||||||||||||2||1186|25 1186||||||interval_trunc|||||1219|int8inc|||||||||||||||||20|
20||||||int8inc|||||3546|int8dec|||||||||||||||||20|20||||||int8dec|||||1271|overlaps|||||||||||false||||4|||1266 1266 1266 1266||||||overlaps_timetz|||||1273|date_part||||||||||||
|||2||701|25 1266||||||timetz_part|||||6201|extract|||||||||||||||2||1700|25 1266||||||extract_timetz|||||1287|oid|||||||||||||||||26|20||||||i8tooid|||||1288|int8||||||||||true|||
||||20|26||||||oidtoi8|||||2794|bttidcmp||||||||||true|||||2||23|27 27||||||bttidcmp|||||2233|hashtid|||||||||||||||||23|27||||||hashtid|||||2234|hashtidextended|||||||||||||||2||
20|27 20||||||hashtidextended|||||1299|now|||||||||||||s||0||1184|\e||||||now|||||2647|transaction_timestamp|||||||||||||s||0||1184|\e||||||now|||||2648|statement_timestamp||||||||
|||||s||0||1184|\e||||||statement_timestamp|||||2649|clock_timestamp|||||||||||||v||0||1184|\e||||||clock_timestamp|||||1304|overlaps|||||||||||false||||4|||1184 1184 1184 1184||||
||overlaps_timestamp|||||1308|overlaps|||||||||||false||||4|||1083 1083 1083 1083||||||overlaps_time|||||1312|timestamp_in|||||||||||||s||3||1114|2275 26 23||||||timestamp_in|||||
1313|timestamp_out|||||||||||||s||||2275|1114||||||timestamp_out|||||1314|timestamptz_cmp||||||||||true|||||2||23|1184 1184||||||timestamp_cmp|||||1315|interval_cmp||||||||||true||
|||2||23|1186 1186||||||interval_cmp|||||1316|time|||||||||||||||||1083|1114||||||timestamp_time|||||1317|length|||||||||||||||||23|25||||||textlen|||||1318|length|||||||||||||||||
23|1042||||||bpcharlen|||||1340|log|||||||||||||||||701|701||||||dlog10|||||1194|log10|||||||||||||||||701|701||||||dlog10|||||1341|ln|||||||||||||||||701|701||||||dlog1|||||1342|
round|||||||||||||||||701|701||||||dround|||||1343|trunc|||||||||||||||||701|701||||||dtrunc|||||1344|sqrt|||||||||||||||||701|701||||||dsqrt|||||1345|cbrt|||||||||||||||||701|701|
|||||dcbrt|||||1346|pow|||||||||||||||2||701|701 701||||||dpow|||||1368|power|||||||||||||||2||701|701 701||||||dpow|||||1347|exp|||||||||||||||||701|701||||||dexp|||||1350|
timetz_in|||||||||||||s||3||1266|2275 26 23||||||timetz_in|||||1351|timetz_out|||||||||||||||||2275|1266||||||timetz_out|||||1358|timetz_cmp||||||||||true|||||2||23|1266 1266||||||
timetz_cmp|||||1359|timestamptz|||||||||||||||2||1184|1082 1266||||||datetimetz_timestamptz|||||1367|character_length|||||||||||||||||23|1042||||||bpcharlen|||||1369|
character_length|||||||||||||||||23|25||||||textlen|||||1370|interval||||||||||true|||||||1186|1083||||||time_interval|||||1372|char_length|||||||||||||||||23|1042||||||bpcharlen||
|||1374|octet_length|||||||||||||||||23|25||||||textoctetlen|||||1375|octet_length|||||||||||||||||23|1042||||||bpcharoctetlen|||||1381|char_length|||||||||||||||||23|25||||||
textlen|||||6199|extract|||||||||||||||2||1700|25 1082||||||extract_date|||||1385|date_part|||||||||||||||2||701|25 1083||||||time_part|||||6200|extract|||||||||||||||2||1700|
25 1083||||||extract_time|||||1388|timetz|||||||||||||s||||1266|1184||||||timestamptz_timetz|||||1373|isfinite||||||||||||||||||1082||||||date_finite|||||1389|isfinite|||||||||||||
|||||1184||||||timestamp_finite|||||1390|isfinite||||||||||||||||||1186||||||interval_finite|||||1376|factorial|||||||||||||||||1700|20||||||numeric_fac|||||1394|abs|||||||||||||||
||700|700||||||float4abs|||||1395|abs|||||||||||||||||701|701||||||float8abs|||||1396|abs|||||||||||||||||20|20||||||int8abs|||||1397|abs|||||||||||||||||23|23||||||int4abs|||||
1398|abs|||||||||||||||||21|21||||||int2abs|||||1400|name||||||||||true|||||||19|1043||||||text_name|||||1401|varchar||||||||||true|||||||1043|19||||||name_text|||||1402|
current_schema|||||||||||||s|u|0||19|\e||||||current_schema|||||1403|current_schemas|||||||||||||s|u|||1003|16||||||current_schemas|||||1404|overlay|||||||||||||||4||25|
25 25 23 23||||||textoverlay|||||1405|overlay|||||||||||||||3||25|25 25 23||||||textoverlay_no_len|||||1416|point|||||||||||||||||600|718||||||circle_center|||||1419|time||||||||||
|||||||1083|1186||||||interval_time|||||1446|box|||||||||||||||||603|604||||||poly_box|||||1447|path|||||||||||||||||602|604||||||poly_path|||||1448|polygon|||||||||||||||||604|
603||||||box_poly|||||1449|polygon|||||||||||||||||604|602||||||path_poly|||||1450|circle_in|||||||||||||||||718|2275||||||circle_in|||||1451|circle_out|||||||||||||||||2275|718|||
|||circle_out|||||1474|circle|||||||||||||||||718|604||||||poly_circle|||||4091|box|||||||||||||||||603|600||||||point_box|||||1479|circle|||||||||||||||||718|603||||||box_circle||
|||1480|box|||||||||||||||||603|718||||||circle_box|||||1490|line_in|||||||||||||||||628|2275||||||line_in|||||1491|line_out|||||||||||||||||2275|628||||||line_out|||||1530|length|
||||||||||||||||701|601||||||lseg_length|||||1531|length|||||||||||||||||701|602||||||path_length|||||1532|point|||||||||||||||||600|601||||||lseg_center|||||1534|point||||||||||||
|||||600|603||||||box_center|||||1540|point|||||||||||||||||600|604||||||poly_center|||||1541|lseg|||||||||||||||||601|603||||||box_diagonal|||||1564|bit_in|||||||||||||||3||1560|
2275 26 23||||||bit_in|||||1565|bit_out|||||||||||||||||2275|1560||||||bit_out|||||1569|like|||||||1023||||||||2|||25 25||||||textlike|||||1570|notlike|||||||||||||||2|||25 25|||||
|textnlike|||||1571|like|||||||1023||||||||2|||19 25||||||namelike|||||1572|notlike|||||||||||||||2|||19 25||||||namenlike|||||4032|pg_sequence_last_value|||||||||||||v|u|||20|
2205||||||pg_sequence_last_value|||||1579|varbit_in|||||||||||||||3||1562|2275 26 23||||||varbit_in|||||1580|varbit_out|||||||||||||||||2275|1562||||||varbit_out|||||1596|bitcmp|||
|||||||true|||||2||23|1560 1560||||||bitcmp|||||1598|random|||||||||||||v|r|0||701|\e||||||drandom|||||1599|setseed|||||||||||||v|r|||2278|701||||||setseed|||||1600|asin|||||||||||
||||||701|701||||||dasin|||||1601|acos|||||||||||||||||701|701||||||dacos|||||1602|atan|||||||||||||||||701|701||||||datan|||||1603|atan2|||||||||||||||2||701|701 701||||||datan2||
|||1604|sin|||||||||||||||||701|701||||||dsin|||||1605|cos|||||||||||||||||701|701||||||dcos|||||1606|tan|||||||||||||||||701|701||||||dtan|||||1607|cot|||||||||||||||||701|701||||
||dcot|||||2731|asind|||||||||||||||||701|701||||||dasind|||||2732|acosd|||||||||||||||||701|701||||||dacosd|||||2733|atand|||||||||||||||||701|701||||||datand|||||2734|atan2d|||||
||||||||||2||701|701 701||||||datan2d|||||2735|sind|||||||||||||||||701|701||||||dsind|||||2736|cosd|||||||||||||||||701|701||||||dcosd|||||2737|tand|||||||||||||||||701|701||||||
dtand|||||2738|cotd|||||||||||||||||701|701||||||dcotd|||||1608|degrees|||||||||||||||||701|701||||||degrees|||||1609|radians|||||||||||||||||701|701||||||radians|||||1610|pi||||||
|||||||||0||701|\e||||||dpi|||||2462|sinh|||||||||||||||||701|701||||||dsinh|||||2463|cosh|||||||||||||||||701|701||||||dcosh|||||2464|tanh|||||||||||||||||701|701||||||dtanh|||||
2465|asinh|||||||||||||||||701|701||||||dasinh|||||2466|acosh|||||||||||||||||701|701||||||dacosh|||||2467|atanh|||||||||||||||||701|701||||||datanh|||||1620|ascii|||||||||||||||||
23|25||||||ascii|||||1621|chr|||||||||||||||||25|23||||||chr|||||1622|repeat|||||||||||||||2||25|25 23||||||repeat|||||1623|similar_escape|||||||||||false||||2||25|25 25||||||
similar_escape|||||1986|similar_to_escape|||||||||||||||2||25|25 25||||||similar_to_escape_2|||||1987|similar_to_escape|||||||||||||||||25|25||||||similar_to_escape_1|||||1637|
like_escape|||||||||||||||2||25|25 25||||||like_escape|||||868|strpos|||||||||||||||2||23|25 25||||||textpos|||||870|lower|||||||||||||||||25|25||||||lower|||||871|upper|||||||||||
||||||25|25||||||upper|||||872|initcap|||||||||||||||||25|25||||||initcap|||||873|lpad|||||||||||||||3||25|25 23 25||||||lpad|||||874|rpad|||||||||||||||3||25|25 23 25||||||rpad|||
||875|ltrim|||||||||||||||2||25|25 25||||||ltrim|||||876|rtrim|||||||||||||||2||25|25 25||||||rtrim|||||877|substr|||||||||||||||3||25|25 23 23||||||text_substr|||||878|translate||
|||||||||||||3||25|25 25 25||||||translate|||||881|ltrim|||||||||||||||||25|25||||||ltrim1|||||882|rtrim|||||||||||||||||25|25||||||rtrim1|||||883|substr|||||||||||||||2||25|25 23|
|||||text_substr_no_len|||||884|btrim|||||||||||||||2||25|25 25||||||btrim|||||885|btrim|||||||||||||||||25|25||||||btrim1|||||936|substring|||||||||||||||3||25|25 23 23||||||
text_substr|||||937|substring|||||||||||||||2||25|25 23||||||text_substr_no_len|||||2087|replace|||||||||||||||3||25|25 25 25||||||replace_text|||||2284|regexp_replace|||||||||||||
||3||25|25 25 25||||||textregexreplace_noopt|||||2285|regexp_replace|||||||||||||||4||25|25 25 25 25||||||textregexreplace|||||6251|regexp_replace|||||||||||||||6||25|
25 25 25 23 23 25||||||textregexreplace_extended|||||6252|regexp_replace|||||||||||||||5||25|25 25 25 23 23||||||textregexreplace_extended_no_flags|||||6253|regexp_replace|||||||||
||||||4||25|25 25 25 23||||||textregexreplace_extended_no_n|||||3396|regexp_match|||||||||||||||2||1009|25 25||||||regexp_match_no_flags|||||3397|regexp_match|||||||||||||||3||
1009|25 25 25||||||regexp_match|||||2763|regexp_matches|||||1|||||||true|||2||1009|25 25||||||regexp_matches_no_flags|||||2764|regexp_matches|||||10|||||||true|||3||1009|25 25 25||
||||regexp_matches|||||6254|regexp_count|||||||||||||||2||23|25 25||||||regexp_count_no_start|||||6255|regexp_count|||||||||||||||3||23|25 25 23||||||regexp_count_no_flags|||||
6256|regexp_count|||||||||||||||4||23|25 25 23 25||||||regexp_count|||||6257|regexp_instr|||||||||||||||2||23|25 25||||||regexp_instr_no_start|||||6258|regexp_instr|||||||||||||||
3||23|25 25 23||||||regexp_instr_no_n|||||6259|regexp_instr|||||||||||||||4||23|25 25 23 23||||||regexp_instr_no_endoption|||||6260|regexp_instr|||||||||||||||5||23|25 25 23 23 23|
|||||regexp_instr_no_flags|||||6261|regexp_instr|||||||||||||||6||23|25 25 23 23 23 25||||||regexp_instr_no_subexpr|||||6262|regexp_instr|||||||||||||||7||23|25 25 23 23 23 25 23||
||||regexp_instr|||||6263|regexp_like|||||||||||||||2|||25 25||||||regexp_like_no_flags|||||6264|regexp_like|||||||||||||||3|||25 25 25||||||regexp_like|||||6265|regexp_substr|||||
||||||||||2||25|25 25||||||regexp_substr_no_start|||||6266|regexp_substr|||||||||||||||3||25|25 25 23||||||regexp_substr_no_n|||||6267|regexp_substr|||||||||||||||4||25|
25 25 23 23||||||regexp_substr_no_flags|||||6268|regexp_substr|||||||||||||||5||25|25 25 23 23 25||||||regexp_substr_no_subexpr|||||6269|regexp_substr|||||||||||||||6||25|
25 25 23 23 25 23||||||regexp_substr|||||2088|split_part|||||||||||||||3||25|25 25 23||||||split_part|||||2765|regexp_split_to_table|||||1000|||||||true|||2||25|25 25||||||
regexp_split_to_table_no_flags|||||2766|regexp_split_to_table|||||1000|||||||true|||3||25|25 25 25||||||regexp_split_to_table|||||2767|regexp_split_to_array|||||||||||||||2||1009|
25 25||||||regexp_split_to_array_no_flags|||||2768|regexp_split_to_array|||||||||||||||3||1009|25 25 25||||||regexp_split_to_array|||||2089|to_hex|||||||||||||||||25|23||||||
to_hex32|||||2090|to_hex|||||||||||||||||25|20||||||to_hex64|||||1039|getdatabaseencoding|||||||||||||s||0||19|\e||||||getdatabaseencoding|||||810|pg_client_encoding|||||||||||||s|
)"
    R"(|0||19|\e||||||pg_client_encoding|||||1713|length|||||||||||||s||2||23|17 19||||||length_in_encoding|||||1714|convert_from|||||||||||||s||2||25|17 19||||||pg_convert_from|||||1717|
convert_to|||||||||||||s||2||17|25 19||||||pg_convert_to|||||1813|convert|||||||||||||s||3||17|17 19 19||||||pg_convert|||||1264|pg_char_to_encoding|||||||||||||s||||23|19||||||
PG_char_to_encoding|||||1597|pg_encoding_to_char|||||||||||||s||||19|23||||||PG_encoding_to_char|||||2319|pg_encoding_max_length|||||||||||||||||23|23||||||
pg_encoding_max_length_sql|||||1573|pg_get_ruledef|||||||||||||s||||25|26||||||pg_get_ruledef|||||1640|pg_get_viewdef|||||||||||||s|r|||25|25||||||pg_get_viewdef_name|||||1641|
pg_get_viewdef|||||||||||||s|r|||25|26||||||pg_get_viewdef|||||1642|pg_get_userbyid|||||||||||||s||||19|26||||||pg_get_userbyid|||||1643|pg_get_indexdef|||||||||||||s||||25|26|||||
|pg_get_indexdef|||||3415|pg_get_statisticsobjdef|||||||||||||s||||25|26||||||pg_get_statisticsobjdef|||||6174|pg_get_statisticsobjdef_columns|||||||||||||s||||25|26||||||
pg_get_statisticsobjdef_columns|||||3352|pg_get_partkeydef|||||||||||||s||||25|26||||||pg_get_partkeydef|||||3408|pg_get_partition_constraintdef|||||||||||||s||||25|26||||||
pg_get_partition_constraintdef|||||1662|pg_get_triggerdef|||||||||||||s||||25|26||||||pg_get_triggerdef|||||1387|pg_get_constraintdef|||||||||||||s||||25|26||||||
pg_get_constraintdef|||||1716|pg_get_expr|||||||||||||s||2||25|194 26||||||pg_get_expr|||||1665|pg_get_serial_sequence|||||||||||||s||2||25|25 25||||||pg_get_serial_sequence|||||
2098|pg_get_functiondef|||||||||||||s||||25|26||||||pg_get_functiondef|||||2162|pg_get_function_arguments|||||||||||||s||||25|26||||||pg_get_function_arguments|||||2232|
pg_get_function_identity_arguments|||||||||||||s||||25|26||||||pg_get_function_identity_arguments|||||2165|pg_get_function_result|||||||||||||s||||25|26||||||
pg_get_function_result|||||6197|pg_get_function_sqlbody|||||||||||||s||||25|26||||||pg_get_function_sqlbody|||||3842|pg_relation_is_updatable||||10|||||||||s||2||23|2205 16||||||
pg_relation_is_updatable|||||3843|pg_column_is_updatable||||10|||||||||s||3|||2205 21 16||||||pg_column_is_updatable|||||6120|pg_get_replica_identity_index||||10|||||||||s||||2205|
2205||||||pg_get_replica_identity_index|||||1672|varbitcmp||||||||||true|||||2||23|1562 1562||||||bitcmp|||||1680|substring|||||||||||||||3||1560|1560 23 23||||||bitsubstr|||||
1681|length|||||||||||||||||23|1560||||||bitlength|||||1682|octet_length|||||||||||||||||23|1560||||||bitoctetlength|||||1683|bit|||||||||||||||2||1560|23 23||||||bitfromint4|||||
1684|int4|||||||||||||||||23|1560||||||bittoint4|||||1685|bit|||||||||||||||3||1560|1560 23 16||||||bit|||||1687|varbit|||||||3158||||||||3||1562|1562 23 16||||||varbit|||||1698|
position|||||||||||||||2||23|1560 1560||||||bitposition|||||1699|substring|||||||||||||||2||1560|1560 23||||||bitsubstr_no_len|||||3030|overlay|||||||||||||||4||1560|
1560 1560 23 23||||||bitoverlay|||||3031|overlay|||||||||||||||3||1560|1560 1560 23||||||bitoverlay_no_len|||||3032|get_bit|||||||||||||||2||23|1560 23||||||bitgetbit|||||3033|
set_bit|||||||||||||||3||1560|1560 23 23||||||bitsetbit|||||6162|bit_count|||||||||||||||||20|1560||||||bit_bit_count|||||436|macaddr_in|||||||||||||||||829|2275||||||macaddr_in|||
||437|macaddr_out|||||||||||||||||2275|829||||||macaddr_out|||||753|trunc|||||||||||||||||829|829||||||macaddr_trunc|||||836|macaddr_cmp||||||||||true|||||2||23|829 829||||||
macaddr_cmp|||||3359|macaddr_sortsupport|||||||||||||||||2278|||||||macaddr_sortsupport|||||4110|macaddr8_in|||||||||||||||||774|2275||||||macaddr8_in|||||4111|macaddr8_out||||||||
|||||||||2275|774||||||macaddr8_out|||||4112|trunc|||||||||||||||||774|774||||||macaddr8_trunc|||||4119|macaddr8_cmp||||||||||true|||||2||23|774 774||||||macaddr8_cmp|||||4123|
macaddr8||||||||||true|||||||774|829||||||macaddrtomacaddr8|||||4124|macaddr|||||||||||||||||829|774||||||macaddr8tomacaddr|||||910|inet_in|||||||||||||||||869|2275||||||inet_in|||
||911|inet_out|||||||||||||||||2275|869||||||inet_out|||||1267|cidr_in|||||||||||||||||650|2275||||||cidr_in|||||1427|cidr_out|||||||||||||||||2275|650||||||cidr_out|||||926|
network_cmp||||||||||true|||||2||23|869 869||||||network_cmp|||||930|network_supeq|||||||1173||||||||2|||869 869||||||network_supeq|||||5033|network_sortsupport|||||||||||||||||
2278|||||||network_sortsupport|||||730|text|||||||||||||||||25|869||||||network_show|||||1715|cidr|||||||||||||||||650|869||||||inet_to_cidr|||||4071|inet_same_family||||||||||||||
|2|||869 869||||||inet_same_family|||||4063|inet_merge|||||||||||||||2||650|869 869||||||inet_merge|||||3553|inet_gist_consistent|||||||||||||||5|||2281 869 21 26 2281||||||
inet_gist_consistent|||||3554|inet_gist_union|||||||||||||||2||869|2281 2281||||||inet_gist_union|||||3555|inet_gist_compress|||||||||||||||||2281|||||||inet_gist_compress|||||
3573|inet_gist_fetch|||||||||||||||||2281|||||||inet_gist_fetch|||||3557|inet_gist_penalty|||||||||||||||3||2281|2281 2281 2281||||||inet_gist_penalty|||||3558|inet_gist_picksplit|
||||||||||||||2||2281|2281 2281||||||inet_gist_picksplit|||||3559|inet_gist_same|||||||||||||||3||2281|869 869 2281||||||inet_gist_same|||||3795|inet_spg_config|||||||||||||||2||
2278|2281 2281||||||inet_spg_config|||||3796|inet_spg_choose|||||||||||||||2||2278|2281 2281||||||inet_spg_choose|||||3797|inet_spg_picksplit|||||||||||||||2||2278|2281 2281||||||
inet_spg_picksplit|||||3798|inet_spg_inner_consistent|||||||||||||||2||2278|2281 2281||||||inet_spg_inner_consistent|||||3799|inet_spg_leaf_consistent|||||||||||||||2|||2281 2281||
||||inet_spg_leaf_consistent|||||1693|btboolcmp||||||||||true|||||2||23|16 16||||||btboolcmp|||||1688|time_hash|||||||||||||||||23|1083||||||time_hash|||||3409|time_hash_extended||
|||||||||||||2||20|1083 20||||||time_hash_extended|||||1696|timetz_hash|||||||||||||||||23|1266||||||timetz_hash|||||3410|timetz_hash_extended|||||||||||||||2||20|1266 20||||||
timetz_hash_extended|||||1697|interval_hash|||||||||||||||||23|1186||||||interval_hash|||||3418|interval_hash_extended|||||||||||||||2||20|1186 20||||||interval_hash_extended|||||
1701|numeric_in|||||||||||||||3||1700|2275 26 23||||||numeric_in|||||1702|numeric_out|||||||||||||||||2275|1700||||||numeric_out|||||1703|numeric|||||||3157||||||||2||1700|1700 23|
|||||numeric|||||1705|abs|||||||||||||||||1700|1700||||||numeric_abs|||||1706|sign|||||||||||||||||1700|1700||||||numeric_sign|||||1707|round|||||||||||||||2||1700|1700 23||||||
numeric_round|||||1709|trunc|||||||||||||||2||1700|1700 23||||||numeric_trunc|||||1711|ceil|||||||||||||||||1700|1700||||||numeric_ceil|||||2167|ceiling|||||||||||||||||1700|1700||
||||numeric_ceil|||||1712|floor|||||||||||||||||1700|1700||||||numeric_floor|||||1728|mod|||||||||||||||2||1700|1700 1700||||||numeric_mod|||||5048|gcd|||||||||||||||2||1700|
1700 1700||||||numeric_gcd|||||5049|lcm|||||||||||||||2||1700|1700 1700||||||numeric_lcm|||||1730|sqrt|||||||||||||||||1700|1700||||||numeric_sqrt|||||1732|exp|||||||||||||||||
1700|1700||||||numeric_exp|||||1734|ln|||||||||||||||||1700|1700||||||numeric_ln|||||1736|log|||||||||||||||2||1700|1700 1700||||||numeric_log|||||1738|pow|||||||||||||||2||1700|
1700 1700||||||numeric_power|||||2169|power|||||||||||||||2||1700|1700 1700||||||numeric_power|||||3281|scale|||||||||||||||||23|1700||||||numeric_scale|||||5042|min_scale|||||||||
||||||||23|1700||||||numeric_min_scale|||||5043|trim_scale|||||||||||||||||1700|1700||||||numeric_trim_scale|||||1740|numeric||||||||||true|||||||1700|23||||||int4_numeric|||||
1742|numeric||||||||||true|||||||1700|700||||||float4_numeric|||||1743|numeric||||||||||true|||||||1700|701||||||float8_numeric|||||1744|int4|||||||||||||||||23|1700||||||
numeric_int4|||||1745|float4|||||||||||||||||700|1700||||||numeric_float4|||||1746|float8|||||||||||||||||701|1700||||||numeric_float8|||||1973|div|||||||||||||||2||1700|1700 1700|
|||||numeric_div_trunc|||||2170|width_bucket|||||||||||||||4||23|1700 1700 1700 23||||||width_bucket_numeric|||||1764|numeric_inc|||||||||||||||||1700|1700||||||numeric_inc|||||
1769|numeric_cmp|||||||||||||||2||23|1700 1700||||||numeric_cmp|||||3283|numeric_sortsupport|||||||||||||||||2278|||||||numeric_sortsupport|||||1779|int8|||||||||||||||||20|1700|||
|||numeric_int8|||||1781|numeric||||||||||true|||||||1700|20||||||int8_numeric|||||1782|numeric||||||||||true|||||||1700|21||||||int2_numeric|||||1783|int2|||||||||||||||||21|1700|
|||||numeric_int2|||||3556|bool||||||||||||||||||3802||||||jsonb_bool|||||3449|numeric|||||||||||||||||1700|3802||||||jsonb_numeric|||||3450|int2|||||||||||||||||21|3802||||||
jsonb_int2|||||3451|int4|||||||||||||||||23|3802||||||jsonb_int4|||||3452|int8|||||||||||||||||20|3802||||||jsonb_int8|||||3453|float4|||||||||||||||||700|3802||||||jsonb_float4|||
||2580|float8|||||||||||||||||701|3802||||||jsonb_float8|||||1770|to_char|||||||||||||s||2||25|1184 25||||||timestamptz_to_char|||||1772|to_char|||||||||||||s||2||25|1700 25||||||
numeric_to_char|||||1773|to_char|||||||||||||s||2||25|23 25||||||int4_to_char|||||1774|to_char|||||||||||||s||2||25|20 25||||||int8_to_char|||||1775|to_char|||||||||||||s||2||25|
700 25||||||float4_to_char|||||1776|to_char|||||||||||||s||2||25|701 25||||||float8_to_char|||||1777|to_number|||||||||||||s||2||1700|25 25||||||numeric_to_number|||||1778|
to_timestamp|||||||||||||s||2||1184|25 25||||||to_timestamp|||||1780|to_date|||||||||||||s||2||1082|25 25||||||to_date|||||1768|to_char|||||||||||||s||2||25|1186 25||||||
interval_to_char|||||1282|quote_ident|||||||||||||||||25|25||||||quote_ident|||||1798|oidin|||||||||||||||||26|2275||||||oidin|||||1799|oidout|||||||||||||||||2275|26||||||oidout||
|||3060|left|||||||||||||||2||25|25 23||||||text_left|||||3061|right|||||||||||||||2||25|25 23||||||text_right|||||3062|reverse|||||||||||||||||25|25||||||text_reverse|||||3538|
string_agg||||||||a|||false||||2||25|25 25|||||||||||3545|string_agg||||||||a|||false||||2||17|17 17|||||||||||1922|has_table_privilege|||||||||||||s||3|||19 25 25||||||
has_table_privilege_name_name|||||1923|has_table_privilege|||||||||||||s||3|||19 26 25||||||has_table_privilege_name_id|||||1924|has_table_privilege|||||||||||||s||3|||26 25 25||||
||has_table_privilege_id_name|||||1925|has_table_privilege|||||||||||||s||3|||26 26 25||||||has_table_privilege_id_id|||||1926|has_table_privilege|||||||||||||s||2|||25 25||||||
has_table_privilege_name|||||1927|has_table_privilege|||||||||||||s||2|||26 25||||||has_table_privilege_id|||||2181|has_sequence_privilege|||||||||||||s||3|||19 25 25||||||
has_sequence_privilege_name_name|||||2182|has_sequence_privilege|||||||||||||s||3|||19 26 25||||||has_sequence_privilege_name_id|||||2183|has_sequence_privilege|||||||||||||s||3|||
26 25 25||||||has_sequence_privilege_id_name|||||2184|has_sequence_privilege|||||||||||||s||3|||26 26 25||||||has_sequence_privilege_id_id|||||2185|has_sequence_privilege||||||||||
|||s||2|||25 25||||||has_sequence_privilege_name|||||2186|has_sequence_privilege|||||||||||||s||2|||26 25||||||has_sequence_privilege_id|||||3012|has_column_privilege|||||||||||||
s||4|||19 25 25 25||||||has_column_privilege_name_name_name|||||3013|has_column_privilege|||||||||||||s||4|||19 25 21 25||||||has_column_privilege_name_name_attnum|||||3014|
has_column_privilege|||||||||||||s||4|||19 26 25 25||||||has_column_privilege_name_id_name|||||3015|has_column_privilege|||||||||||||s||4|||19 26 21 25||||||
has_column_privilege_name_id_attnum|||||3016|has_column_privilege|||||||||||||s||4|||26 25 25 25||||||has_column_privilege_id_name_name|||||3017|has_column_privilege|||||||||||||s|
|4|||26 25 21 25||||||has_column_privilege_id_name_attnum|||||3018|has_column_privilege|||||||||||||s||4|||26 26 25 25||||||has_column_privilege_id_id_name|||||3019|
has_column_privilege|||||||||||||s||4|||26 26 21 25||||||has_column_privilege_id_id_attnum|||||3020|has_column_privilege|||||||||||||s||3|||25 25 25||||||
has_column_privilege_name_name|||||3021|has_column_privilege|||||||||||||s||3|||25 21 25||||||has_column_privilege_name_attnum|||||3022|has_column_privilege|||||||||||||s||3|||
26 25 25||||||has_column_privilege_id_name|||||3023|has_column_privilege|||||||||||||s||3|||26 21 25||||||has_column_privilege_id_attnum|||||3024|has_any_column_privilege||||10||||
|||||s||3|||19 25 25||||||has_any_column_privilege_name_name|||||3025|has_any_column_privilege||||10|||||||||s||3|||19 26 25||||||has_any_column_privilege_name_id|||||3026|
has_any_column_privilege||||10|||||||||s||3|||26 25 25||||||has_any_column_privilege_id_name|||||3027|has_any_column_privilege||||10|||||||||s||3|||26 26 25||||||
has_any_column_privilege_id_id|||||3028|has_any_column_privilege||||10|||||||||s||2|||25 25||||||has_any_column_privilege_name|||||3029|has_any_column_privilege||||10|||||||||s||2|
||26 25||||||has_any_column_privilege_id|||||3355|pg_ndistinct_in|||||||||||||||||3361|2275||||||pg_ndistinct_in|||||3356|pg_ndistinct_out|||||||||||||||||2275|3361||||||
pg_ndistinct_out|||||3357|pg_ndistinct_recv|||||||||||||s||||3361|||||||pg_ndistinct_recv|||||3358|pg_ndistinct_send|||||||||||||s||||17|3361||||||pg_ndistinct_send|||||3404|
pg_dependencies_in|||||||||||||||||3402|2275||||||pg_dependencies_in|||||3405|pg_dependencies_out|||||||||||||||||2275|3402||||||pg_dependencies_out|||||3406|pg_dependencies_recv||
|||||||||||s||||3402|||||||pg_dependencies_recv|||||3407|pg_dependencies_send|||||||||||||s||||17|3402||||||pg_dependencies_send|||||5018|pg_mcv_list_in|||||||||||||||||5017|2275||
||||pg_mcv_list_in|||||5019|pg_mcv_list_out|||||||||||||||||2275|5017||||||pg_mcv_list_out|||||5020|pg_mcv_list_recv|||||||||||||s||||5017|||||||pg_mcv_list_recv|||||5021|
pg_mcv_list_send|||||||||||||s||||17|5017||||||pg_mcv_list_send|||||2026|pg_backend_pid|||||||||||||s|r|0||23|\e||||||pg_backend_pid|||||3778|pg_tablespace_location|||||||||||||s||
||25|26||||||pg_tablespace_location|||||1946|encode|||||||||||||||2||25|17 25||||||binary_encode|||||1947|decode|||||||||||||||2||17|25 25||||||binary_decode|||||1954|byteacmp|||||
)"
    R"(|||||true|||||2||23|17 17||||||byteacmp|||||3331|bytea_sortsupport|||||||||||||||||2278|||||||bytea_sortsupport|||||1961|timestamp|||||||3917||||||||2||1114|1114 23||||||
timestamp_scale|||||1967|timestamptz|||||||3917||||||||2||1184|1184 23||||||timestamptz_scale|||||1968|time|||||||3944||||||||2||1083|1083 23||||||time_scale|||||1969|timetz|||||||
3944||||||||2||1266|1266 23||||||timetz_scale|||||2007|like|||||||1023||||||||2|||17 17||||||bytealike|||||2008|notlike|||||||||||||||2|||17 17||||||byteanlike|||||2009|
like_escape|||||||||||||||2||17|17 17||||||like_escape_bytea|||||2010|length|||||||||||||||||23|17||||||byteaoctetlen|||||2012|substring|||||||||||||||3||17|17 23 23||||||
bytea_substr|||||2013|substring|||||||||||||||2||17|17 23||||||bytea_substr_no_len|||||2085|substr|||||||||||||||3||17|17 23 23||||||bytea_substr|||||2086|substr|||||||||||||||2||
17|17 23||||||bytea_substr_no_len|||||2014|position|||||||||||||||2||23|17 17||||||byteapos|||||2015|btrim|||||||||||||||2||17|17 17||||||byteatrim|||||6195|ltrim|||||||||||||||2||
17|17 17||||||bytealtrim|||||6196|rtrim|||||||||||||||2||17|17 17||||||byteartrim|||||2019|time|||||||||||||s||||1083|1184||||||timestamptz_time|||||2020|date_trunc|||||||||||||||
2||1114|25 1114||||||timestamp_trunc|||||6177|date_bin|||||||||||||||3||1114|1186 1114 1114||||||timestamp_bin|||||6178|date_bin|||||||||||||||3||1184|1186 1184 1184||||||
timestamptz_bin|||||2021|date_part|||||||||||||||2||701|25 1114||||||timestamp_part|||||6202|extract|||||||||||||||2||1700|25 1114||||||extract_timestamp|||||2024|timestamp||||||||
|||||||||1114|1082||||||date_timestamp|||||2025|timestamp|||||||||||||||2||1114|1082 1083||||||datetime_timestamp|||||2027|timestamp|||||||||||||s||||1114|1184||||||
timestamptz_timestamp|||||2028|timestamptz|||||||||||||s||||1184|1114||||||timestamp_timestamptz|||||2029|date|||||||||||||||||1082|1114||||||timestamp_date|||||2037|timezone||||||
|||||||s||2||1266|25 1266||||||timetz_zone|||||2038|timezone|||||||||||||||2||1266|1186 1266||||||timetz_izone|||||2039|timestamp_hash|||||||||||||||||23|1114||||||timestamp_hash||
|||3411|timestamp_hash_extended|||||||||||||||2||20|1114 20||||||timestamp_hash_extended|||||2041|overlaps|||||||||||false||||4|||1114 1114 1114 1114||||||overlaps_timestamp|||||
2045|timestamp_cmp||||||||||true|||||2||23|1114 1114||||||timestamp_cmp|||||3137|timestamp_sortsupport|||||||||||||||||2278|||||||timestamp_sortsupport|||||4134|in_range|||||||||||
||||5|||1114 1114 1186 16 16||||||in_range_timestamp_interval|||||4135|in_range|||||||||||||s||5|||1184 1184 1186 16 16||||||in_range_timestamptz_interval|||||4136|in_range||||||||
|||||||5|||1186 1186 1186 16 16||||||in_range_interval_interval|||||4137|in_range|||||||||||||||5|||1083 1083 1186 16 16||||||in_range_time_interval|||||4138|in_range||||||||||||||
|5|||1266 1266 1186 16 16||||||in_range_timetz_interval|||||2046|time|||||||||||||||||1083|1266||||||timetz_time|||||2047|timetz|||||||||||||s||||1266|1083||||||time_timetz|||||
2048|isfinite||||||||||||||||||1114||||||timestamp_finite|||||2049|to_char|||||||||||||s||2||25|1114 25||||||timestamp_to_char|||||2058|age|||||||||||||||2||1186|1114 1114||||||
timestamp_age|||||2069|timezone|||||||||||||||2||1184|25 1114||||||timestamp_zone|||||2070|timezone|||||||||||||||2||1184|1186 1114||||||timestamp_izone|||||2073|substring|||||||||
||||||2||25|25 25||||||textregexsubstr|||||2075|bit|||||||||||||||2||1560|20 23||||||bitfromint8|||||2076|int8|||||||||||||||||20|1560||||||bittoint8|||||2077|current_setting||||||
|||||||s||||25|25||||||show_config_by_name|||||3294|current_setting|||||||||||||s||2||25|25 16||||||show_config_by_name_missing_ok|||||2078|set_config|||||||||||false||v|u|3||25|
25 25 16||||||set_config_by_name|||||3537|pg_describe_object|||||||||||||s||3||25|26 26 23||||||pg_describe_object|||||2079|pg_table_is_visible||||10|||||||||s|||||26||||||
pg_table_is_visible|||||2080|pg_type_is_visible||||10|||||||||s|||||26||||||pg_type_is_visible|||||2081|pg_function_is_visible||||10|||||||||s|||||26||||||pg_function_is_visible|||
||2082|pg_operator_is_visible||||10|||||||||s|||||26||||||pg_operator_is_visible|||||2083|pg_opclass_is_visible||||10|||||||||s|||||26||||||pg_opclass_is_visible|||||3829|
pg_opfamily_is_visible||||10|||||||||s|||||26||||||pg_opfamily_is_visible|||||2093|pg_conversion_is_visible||||10|||||||||s|||||26||||||pg_conversion_is_visible|||||3403|
pg_statistics_obj_is_visible||||10|||||||||s|||||26||||||pg_statistics_obj_is_visible|||||3756|pg_ts_parser_is_visible||||10|||||||||s|||||26||||||pg_ts_parser_is_visible|||||3757|
pg_ts_dict_is_visible||||10|||||||||s|||||26||||||pg_ts_dict_is_visible|||||3768|pg_ts_template_is_visible||||10|||||||||s|||||26||||||pg_ts_template_is_visible|||||3758|
pg_ts_config_is_visible||||10|||||||||s|||||26||||||pg_ts_config_is_visible|||||3815|pg_collation_is_visible||||10|||||||||s|||||26||||||pg_collation_is_visible|||||2854|
pg_my_temp_schema|||||||||||||s|r|0||26|\e||||||pg_my_temp_schema|||||2855|pg_is_other_temp_schema|||||||||||||s|||||26||||||pg_is_other_temp_schema|||||3810|pg_is_in_recovery|||||
||||||||v||0|||\e||||||pg_is_in_recovery|||||2971|text|||||||||||||||||25|16||||||booltext|||||2100|avg||||||||a|||false||||||1700|20|||||||||||2101|avg||||||||a|||false||||||1700|
23|||||||||||2102|avg||||||||a|||false||||||1700|21|||||||||||2103|avg||||||||a|||false||||||1700|1700|||||||||||2104|avg||||||||a|||false||||||701|700|||||||||||2105|avg||||||||a|
||false||||||701|701|||||||||||2106|avg||||||||a|||false||||||1186|1186|||||||||||2107|sum||||||||a|||false||||||1700|20|||||||||||2108|sum||||||||a|||false||||||20|23|||||||||||
2109|sum||||||||a|||false||||||20|21|||||||||||2110|sum||||||||a|||false||||||700|700|||||||||||2111|sum||||||||a|||false||||||701|701|||||||||||2112|sum||||||||a|||false||||||790|
790|||||||||||2113|sum||||||||a|||false||||||1186|1186|||||||||||2114|sum||||||||a|||false||||||1700|1700|||||||||||2115|||||||||a|||false||||||20|20|||||||||||2116|||||||||a|||
false||||||23|23|||||||||||2117|||||||||a|||false||||||21|21|||||||||||2118|||||||||a|||false||||||26|26|||||||||||2119|||||||||a|||false||||||700|700|||||||||||2120|||||||||a|||
false||||||701|701|||||||||||2122|||||||||a|||false||||||1082|1082|||||||||||2123|||||||||a|||false||||||1083|1083|||||||||||2124|||||||||a|||false||||||1266|1266|||||||||||2125|||
||||||a|||false||||||790|790|||||||||||2126|||||||||a|||false||||||1114|1114|||||||||||2127|||||||||a|||false||||||1184|1184|||||||||||2128|||||||||a|||false||||||1186|1186||||||||
|||2129|||||||||a|||false||||||25|25|||||||||||2130|||||||||a|||false||||||1700|1700|||||||||||2050|||||||||a|||false||||||2277|2277|||||||||||2244|||||||||a|||false||||||1042|
1042|||||||||||2797|||||||||a|||false||||||27|27|||||||||||3564|||||||||a|||false||||||869|869|||||||||||4189|||||||||a|||false||||||3220|3220|||||||||||5099|||||||||a|||false|||||
|5069|5069|||||||||||2131|min||||||||a|||false||||||20|20|||||||||||2132|min||||||||a|||false||||||23|23|||||||||||2133|min||||||||a|||false||||||21|21|||||||||||2134|min||||||||a|
||false||||||26|26|||||||||||2135|min||||||||a|||false||||||700|700|||||||||||2136|min||||||||a|||false||||||701|701|||||||||||2138|min||||||||a|||false||||||1082|1082|||||||||||
2139|min||||||||a|||false||||||1083|1083|||||||||||2140|min||||||||a|||false||||||1266|1266|||||||||||2141|min||||||||a|||false||||||790|790|||||||||||2142|min||||||||a|||false||||
||1114|1114|||||||||||2143|min||||||||a|||false||||||1184|1184|||||||||||2144|min||||||||a|||false||||||1186|1186|||||||||||2145|min||||||||a|||false||||||25|25|||||||||||2146|min|
|||||||a|||false||||||1700|1700|||||||||||2051|min||||||||a|||false||||||2277|2277|||||||||||2245|min||||||||a|||false||||||1042|1042|||||||||||2798|min||||||||a|||false||||||27|
27|||||||||||3565|min||||||||a|||false||||||869|869|||||||||||4190|min||||||||a|||false||||||3220|3220|||||||||||5100|min||||||||a|||false||||||5069|5069|||||||||||2147|count||||||
|6236|a|||false||||||20|2276|||||||||||2803|count|||||||6236|a|||false||||0||20|\e|||||||||||2718|var_pop||||||||a|||false||||||1700|20|||||||||||2719|var_pop||||||||a|||false|||||
|1700|23|||||||||||2720|var_pop||||||||a|||false||||||1700|21|||||||||||2721|var_pop||||||||a|||false||||||701|700|||||||||||2722|var_pop||||||||a|||false||||||701|701|||||||||||
2723|var_pop||||||||a|||false||||||1700|1700|||||||||||2641|var_samp||||||||a|||false||||||1700|20|||||||||||2642|var_samp||||||||a|||false||||||1700|23|||||||||||2643|var_samp||||
||||a|||false||||||1700|21|||||||||||2644|var_samp||||||||a|||false||||||701|700|||||||||||2645|var_samp||||||||a|||false||||||701|701|||||||||||2646|var_samp||||||||a|||false|||||
|1700|1700|||||||||||2148|variance||||||||a|||false||||||1700|20|||||||||||2149|variance||||||||a|||false||||||1700|23|||||||||||2150|variance||||||||a|||false||||||1700|21||||||||
|||2151|variance||||||||a|||false||||||701|700|||||||||||2152|variance||||||||a|||false||||||701|701|||||||||||2153|variance||||||||a|||false||||||1700|1700|||||||||||2724|
stddev_pop||||||||a|||false||||||1700|20|||||||||||2725|stddev_pop||||||||a|||false||||||1700|23|||||||||||2726|stddev_pop||||||||a|||false||||||1700|21|||||||||||2727|stddev_pop||
||||||a|||false||||||701|700|||||||||||2728|stddev_pop||||||||a|||false||||||701|701|||||||||||2729|stddev_pop||||||||a|||false||||||1700|1700|||||||||||2712|stddev_samp||||||||a||
|false||||||1700|20|||||||||||2713|stddev_samp||||||||a|||false||||||1700|23|||||||||||2714|stddev_samp||||||||a|||false||||||1700|21|||||||||||2715|stddev_samp||||||||a|||false|||
|||701|700|||||||||||2716|stddev_samp||||||||a|||false||||||701|701|||||||||||2717|stddev_samp||||||||a|||false||||||1700|1700|||||||||||2154|stddev||||||||a|||false||||||1700|20||
|||||||||2155|stddev||||||||a|||false||||||1700|23|||||||||||2156|stddev||||||||a|||false||||||1700|21|||||||||||2157|stddev||||||||a|||false||||||701|700|||||||||||2158|stddev||||
||||a|||false||||||701|701|||||||||||2159|stddev||||||||a|||false||||||1700|1700|||||||||||2818|regr_count||||||||a|||false||||2||20|701 701|||||||||||2819|regr_sxx||||||||a|||
false||||2||701|701 701|||||||||||2820|regr_syy||||||||a|||false||||2||701|701 701|||||||||||2821|regr_sxy||||||||a|||false||||2||701|701 701|||||||||||2822|regr_avgx||||||||a|||
false||||2||701|701 701|||||||||||2823|regr_avgy||||||||a|||false||||2||701|701 701|||||||||||2824|regr_r2||||||||a|||false||||2||701|701 701|||||||||||2825|regr_slope||||||||a|||
false||||2||701|701 701|||||||||||2826|regr_intercept||||||||a|||false||||2||701|701 701|||||||||||2827|covar_pop||||||||a|||false||||2||701|701 701|||||||||||2828|covar_samp||||||
||a|||false||||2||701|701 701|||||||||||2829|corr||||||||a|||false||||2||701|701 701|||||||||||2166|bttext_pattern_cmp||||||||||true|||||2||23|25 25||||||bttext_pattern_cmp|||||
3332|bttext_pattern_sortsupport|||||||||||||||||2278|||||||bttext_pattern_sortsupport|||||2180|btbpchar_pattern_cmp||||||||||true|||||2||23|1042 1042||||||btbpchar_pattern_cmp|||||
3333|btbpchar_pattern_sortsupport|||||||||||||||||2278|||||||btbpchar_pattern_sortsupport|||||2188|btint48cmp||||||||||true|||||2||23|23 20||||||btint48cmp|||||2189|btint84cmp|||||
|||||true|||||2||23|20 23||||||btint84cmp|||||2190|btint24cmp||||||||||true|||||2||23|21 23||||||btint24cmp|||||2191|btint42cmp||||||||||true|||||2||23|23 21||||||btint42cmp|||||
2192|btint28cmp||||||||||true|||||2||23|21 20||||||btint28cmp|||||2193|btint82cmp||||||||||true|||||2||23|20 21||||||btint82cmp|||||2194|btfloat48cmp||||||||||true|||||2||23|
700 701||||||btfloat48cmp|||||2195|btfloat84cmp||||||||||true|||||2||23|701 700||||||btfloat84cmp|||||2212|regprocedurein|||||||||||||s||||2202|2275||||||regprocedurein|||||2213|
regprocedureout|||||||||||||s||||2275|2202||||||regprocedureout|||||2214|regoperin|||||||||||||s||||2203|2275||||||regoperin|||||2215|regoperout|||||||||||||s||||2275|2203||||||
regoperout|||||2216|regoperatorin|||||||||||||s||||2204|2275||||||regoperatorin|||||2217|regoperatorout|||||||||||||s||||2275|2204||||||regoperatorout|||||2218|regclassin||||||||||
|||s||||2205|2275||||||regclassin|||||2219|regclassout|||||||||||||s||||2275|2205||||||regclassout|||||3495|to_regclass|||||||||||||s||||2205|25||||||to_regclass|||||4193|
regcollationin|||||||||||||s||||4191|2275||||||regcollationin|||||4194|regcollationout|||||||||||||s||||2275|4191||||||regcollationout|||||2220|regtypein|||||||||||||s||||2206|
2275||||||regtypein|||||2221|regtypeout|||||||||||||s||||2275|2206||||||regtypeout|||||3493|to_regtype|||||||||||||s||||2206|25||||||to_regtype|||||1079|regclass|||||||||||||s||||
2205|25||||||text_regclass|||||4098|regrolein|||||||||||||s||||4096|2275||||||regrolein|||||4092|regroleout|||||||||||||s||||2275|4096||||||regroleout|||||4093|to_regrole||||||||||
|||s||||4096|25||||||to_regrole|||||4084|regnamespacein|||||||||||||s||||4089|2275||||||regnamespacein|||||4085|regnamespaceout|||||||||||||s||||2275|4089||||||regnamespaceout|||||
4086|to_regnamespace|||||||||||||s||||4089|25||||||to_regnamespace|||||2246|fmgr_internal_validator|||||||||||||s||||2278|26||||||fmgr_internal_validator|||||2247|fmgr_c_validator|
||||||||||||s||||2278|26||||||fmgr_c_validator|||||2248|fmgr_sql_validator|||||||||||||s||||2278|26||||||fmgr_sql_validator|||||2250|has_database_privilege|||||||||||||s||3|||
19 25 25||||||has_database_privilege_name_name|||||2251|has_database_privilege|||||||||||||s||3|||19 26 25||||||has_database_privilege_name_id|||||2252|has_database_privilege||||||
|||||||s||3|||26 25 25||||||has_database_privilege_id_name|||||2253|has_database_privilege|||||||||||||s||3|||26 26 25||||||has_database_privilege_id_id|||||2254|
has_database_privilege|||||||||||||s||2|||25 25||||||has_database_privilege_name|||||2255|has_database_privilege|||||||||||||s||2|||26 25||||||has_database_privilege_id|||||2256|
has_function_privilege|||||||||||||s||3|||19 25 25||||||has_function_privilege_name_name|||||2257|has_function_privilege|||||||||||||s||3|||19 26 25||||||
has_function_privilege_name_id|||||2258|has_function_privilege|||||||||||||s||3|||26 25 25||||||has_function_privilege_id_name|||||2259|has_function_privilege|||||||||||||s||3|||
)"
    R"(26 26 25||||||has_function_privilege_id_id|||||2260|has_function_privilege|||||||||||||s||2|||25 25||||||has_function_privilege_name|||||2261|has_function_privilege|||||||||||||s||
2|||26 25||||||has_function_privilege_id|||||2262|has_language_privilege|||||||||||||s||3|||19 25 25||||||has_language_privilege_name_name|||||2263|has_language_privilege||||||||||
|||s||3|||19 26 25||||||has_language_privilege_name_id|||||2264|has_language_privilege|||||||||||||s||3|||26 25 25||||||has_language_privilege_id_name|||||2265|
has_language_privilege|||||||||||||s||3|||26 26 25||||||has_language_privilege_id_id|||||2313|anyelement_out|||||||||||||||||2275|2283||||||anyelement_out|||||2266|
has_language_privilege|||||||||||||s||2|||25 25||||||has_language_privilege_name|||||2267|has_language_privilege|||||||||||||s||2|||26 25||||||has_language_privilege_id|||||2268|
has_schema_privilege|||||||||||||s||3|||19 25 25||||||has_schema_privilege_name_name|||||2269|has_schema_privilege|||||||||||||s||3|||19 26 25||||||has_schema_privilege_name_id||||
|2270|has_schema_privilege|||||||||||||s||3|||26 25 25||||||has_schema_privilege_id_name|||||2271|has_schema_privilege|||||||||||||s||3|||26 26 25||||||has_schema_privilege_id_id||
|||2272|has_schema_privilege|||||||||||||s||2|||25 25||||||has_schema_privilege_name|||||2273|has_schema_privilege|||||||||||||s||2|||26 25||||||has_schema_privilege_id|||||2390|
has_tablespace_privilege|||||||||||||s||3|||19 25 25||||||has_tablespace_privilege_name_name|||||2391|has_tablespace_privilege|||||||||||||s||3|||19 26 25||||||
has_tablespace_privilege_name_id|||||2392|has_tablespace_privilege|||||||||||||s||3|||26 25 25||||||has_tablespace_privilege_id_name|||||2393|has_tablespace_privilege|||||||||||||
s||3|||26 26 25||||||has_tablespace_privilege_id_id|||||2394|has_tablespace_privilege|||||||||||||s||2|||25 25||||||has_tablespace_privilege_name|||||2395|has_tablespace_privilege|
||||||||||||s||2|||26 25||||||has_tablespace_privilege_id|||||3138|has_type_privilege|||||||||||||s||3|||19 25 25||||||has_type_privilege_name_name|||||3139|has_type_privilege|||||
||||||||s||3|||19 26 25||||||has_type_privilege_name_id|||||3140|has_type_privilege|||||||||||||s||3|||26 25 25||||||has_type_privilege_id_name|||||3141|has_type_privilege|||||||||
||||s||3|||26 26 25||||||has_type_privilege_id_id|||||3142|has_type_privilege|||||||||||||s||2|||25 25||||||has_type_privilege_name|||||3143|has_type_privilege|||||||||||||s||2|||
26 25||||||has_type_privilege_id|||||2705|pg_has_role|||||||||||||s||3|||19 19 25||||||pg_has_role_name_name|||||2706|pg_has_role|||||||||||||s||3|||19 26 25||||||
pg_has_role_name_id|||||2707|pg_has_role|||||||||||||s||3|||26 19 25||||||pg_has_role_id_name|||||2708|pg_has_role|||||||||||||s||3|||26 26 25||||||pg_has_role_id_id|||||2709|
pg_has_role|||||||||||||s||2|||19 25||||||pg_has_role_name|||||2710|pg_has_role|||||||||||||s||2|||26 25||||||pg_has_role_id|||||2322|pg_tablespace_size|||||||||||||v||||20|26|||||
|pg_tablespace_size_oid|||||2323|pg_tablespace_size|||||||||||||v||||20|19||||||pg_tablespace_size_name|||||2324|pg_database_size|||||||||||||v||||20|26||||||pg_database_size_oid||
|||2168|pg_database_size|||||||||||||v||||20|19||||||pg_database_size_name|||||2332|pg_relation_size|||||||||||||v||2||20|2205 25||||||pg_relation_size|||||2286|
pg_total_relation_size|||||||||||||v||||20|2205||||||pg_total_relation_size|||||2288|pg_size_pretty|||||||||||||||||25|20||||||pg_size_pretty|||||3166|pg_size_pretty|||||||||||||||
||25|1700||||||pg_size_pretty_numeric|||||3334|pg_size_bytes|||||||||||||||||20|25||||||pg_size_bytes|||||2997|pg_table_size|||||||||||||v||||20|2205||||||pg_table_size|||||2998|
pg_indexes_size|||||||||||||v||||20|2205||||||pg_indexes_size|||||2290|record_in|||||||||||||s||3||2249|2275 26 23||||||record_in|||||2291|record_out|||||||||||||s||||2275|2249||||
||record_out|||||2292|cstring_in|||||||||||||||||2275|2275||||||cstring_in|||||2293|cstring_out|||||||||||||||||2275|2275||||||cstring_out|||||2294|any_in|||||||||||||||||2276|
2275||||||any_in|||||2295|any_out|||||||||||||||||2275|2276||||||any_out|||||2296|anyarray_in|||||||||||||||||2277|2275||||||anyarray_in|||||2297|anyarray_out|||||||||||||s||||
2275|2277||||||anyarray_out|||||2298|void_in|||||||||||||||||2278|2275||||||void_in|||||2299|void_out|||||||||||||||||2275|2278||||||void_out|||||2300|trigger_in|||||||||||false|||
|||2279|2275||||||trigger_in|||||2301|trigger_out|||||||||||||||||2275|2279||||||trigger_out|||||3594|event_trigger_in|||||||||||false||||||3838|2275||||||event_trigger_in|||||
3595|event_trigger_out|||||||||||||||||2275|3838||||||event_trigger_out|||||2302|language_handler_in|||||||||||false||||||2280|2275||||||language_handler_in|||||2303|
language_handler_out|||||||||||||||||2275|2280||||||language_handler_out|||||2304|internal_in|||||||||||false||||||2281|2275||||||internal_in|||||2305|internal_out|||||||||||||||||
2275|||||||internal_out|||||2312|anyelement_in|||||||||||||||||2283|2275||||||anyelement_in|||||2597|domain_in|||||||||||false||s||3||2276|2275 26 23||||||domain_in|||||2598|
domain_recv|||||||||||false||s||3||2276|2281 26 23||||||domain_recv|||||2777|anynonarray_in|||||||||||||||||2776|2275||||||anynonarray_in|||||2778|anynonarray_out|||||||||||||||||
2275|2776||||||anynonarray_out|||||3116|fdw_handler_in|||||||||||false||||||3115|2275||||||fdw_handler_in|||||3117|fdw_handler_out|||||||||||||||||2275|3115||||||fdw_handler_out|||
||326|index_am_handler_in|||||||||||false||||||325|2275||||||index_am_handler_in|||||327|index_am_handler_out|||||||||||||||||2275|325||||||index_am_handler_out|||||3311|
tsm_handler_in|||||||||||false||||||3310|2275||||||tsm_handler_in|||||3312|tsm_handler_out|||||||||||||||||2275|3310||||||tsm_handler_out|||||267|table_am_handler_in|||||||||||
false||||||269|2275||||||table_am_handler_in|||||268|table_am_handler_out|||||||||||||||||2275|269||||||table_am_handler_out|||||5086|anycompatible_in|||||||||||||||||5077|2275||||
||anycompatible_in|||||5087|anycompatible_out|||||||||||||||||2275|5077||||||anycompatible_out|||||5088|anycompatiblearray_in|||||||||||||||||5078|2275||||||anycompatiblearray_in||
|||5089|anycompatiblearray_out|||||||||||||s||||2275|5078||||||anycompatiblearray_out|||||5090|anycompatiblearray_recv|||||||||||||s||||5078|||||||anycompatiblearray_recv|||||5091|
anycompatiblearray_send|||||||||||||s||||17|5078||||||anycompatiblearray_send|||||5092|anycompatiblenonarray_in|||||||||||||||||5079|2275||||||anycompatiblenonarray_in|||||5093|
anycompatiblenonarray_out|||||||||||||||||2275|5079||||||anycompatiblenonarray_out|||||5094|anycompatiblerange_in|||||||||||||s||3||5080|2275 26 23||||||anycompatiblerange_in|||||
5095|anycompatiblerange_out|||||||||||||s||||2275|5080||||||anycompatiblerange_out|||||4226|anycompatiblemultirange_in|||||||||||||s||3||4538|2275 26 23||||||
anycompatiblemultirange_in|||||4227|anycompatiblemultirange_out|||||||||||||s||||2275|4538||||||anycompatiblemultirange_out|||||2311|md5||||||||||true|||||||25|25||||||md5_text||||
|2321|md5||||||||||true|||||||25|17||||||md5_bytea|||||3419|sha224||||||||||true|||||||17|17||||||sha224_bytea|||||3420|sha256||||||||||true|||||||17|17||||||sha256_bytea|||||3421|
sha384||||||||||true|||||||17|17||||||sha384_bytea|||||3422|sha512||||||||||true|||||||17|17||||||sha512_bytea|||||2344|date_cmp_timestamp|||||||||||||||2||23|1082 1114||||||
date_cmp_timestamp|||||2357|date_cmp_timestamptz|||||||||||||s||2||23|1082 1184||||||date_cmp_timestamptz|||||2370|timestamp_cmp_date|||||||||||||||2||23|1114 1082||||||
timestamp_cmp_date|||||2383|timestamptz_cmp_date|||||||||||||s||2||23|1184 1082||||||timestamptz_cmp_date|||||2526|timestamp_cmp_timestamptz|||||||||||||s||2||23|1114 1184||||||
timestamp_cmp_timestamptz|||||2533|timestamptz_cmp_timestamp|||||||||||||s||2||23|1184 1114||||||timestamptz_cmp_timestamp|||||2400|array_recv|||||||||||||s||3||2277|2281 26 23||||
||array_recv|||||2401|array_send|||||||||||||s||||17|2277||||||array_send|||||2402|record_recv|||||||||||||s||3||2249|2281 26 23||||||record_recv|||||2403|record_send|||||||||||||
s||||17|2249||||||record_send|||||2404|int2recv|||||||||||||||||21|||||||int2recv|||||2405|int2send|||||||||||||||||17|21||||||int2send|||||2406|int4recv|||||||||||||||||23|||||||
int4recv|||||2407|int4send|||||||||||||||||17|23||||||int4send|||||2408|int8recv|||||||||||||||||20|||||||int8recv|||||2409|int8send|||||||||||||||||17|20||||||int8send|||||2410|
int2vectorrecv|||||||||||||||||22|||||||int2vectorrecv|||||2411|int2vectorsend|||||||||||||||||17|22||||||int2vectorsend|||||2412|bytearecv|||||||||||||||||17|||||||bytearecv|||||
2413|byteasend|||||||||||||||||17|17||||||byteasend|||||2414|textrecv|||||||||||||s||||25|||||||textrecv|||||2415|textsend|||||||||||||s||||17|25||||||textsend|||||2416|
unknownrecv|||||||||||||||||705|||||||unknownrecv|||||2417|unknownsend|||||||||||||||||17|705||||||unknownsend|||||2418|oidrecv|||||||||||||||||26|||||||oidrecv|||||2419|oidsend|||
||||||||||||||17|26||||||oidsend|||||2420|oidvectorrecv|||||||||||||||||30|||||||oidvectorrecv|||||2421|oidvectorsend|||||||||||||||||17|30||||||oidvectorsend|||||2422|namerecv||||
|||||||||s||||19|||||||namerecv|||||2423|namesend|||||||||||||s||||17|19||||||namesend|||||2424|float4recv|||||||||||||||||700|||||||float4recv|||||2425|float4send|||||||||||||||||
17|700||||||float4send|||||2426|float8recv|||||||||||||||||701|||||||float8recv|||||2427|float8send|||||||||||||||||17|701||||||float8send|||||2428|point_recv|||||||||||||||||600||
|||||point_recv|||||2429|point_send|||||||||||||||||17|600||||||point_send|||||2430|bpcharrecv|||||||||||||s||3||1042|2281 26 23||||||bpcharrecv|||||2431|bpcharsend|||||||||||||s||
||17|1042||||||bpcharsend|||||2432|varcharrecv|||||||||||||s||3||1043|2281 26 23||||||varcharrecv|||||2433|varcharsend|||||||||||||s||||17|1043||||||varcharsend|||||2434|charrecv||
|||||||||||||||18|||||||charrecv|||||2435|charsend|||||||||||||||||17|18||||||charsend|||||2436|boolrecv||||||||||||||||||||||||boolrecv|||||2437|boolsend|||||||||||||||||17|16||||
||boolsend|||||2438|tidrecv|||||||||||||||||27|||||||tidrecv|||||2439|tidsend|||||||||||||||||17|27||||||tidsend|||||2440|xidrecv|||||||||||||||||28|||||||xidrecv|||||2441|xidsend|
||||||||||||||||17|28||||||xidsend|||||2442|cidrecv|||||||||||||||||29|||||||cidrecv|||||2443|cidsend|||||||||||||||||17|29||||||cidsend|||||2444|regprocrecv|||||||||||||||||24||||
|||regprocrecv|||||2445|regprocsend|||||||||||||||||17|24||||||regprocsend|||||2446|regprocedurerecv|||||||||||||||||2202|||||||regprocedurerecv|||||2447|regproceduresend||||||||||
|||||||17|2202||||||regproceduresend|||||2448|regoperrecv|||||||||||||||||2203|||||||regoperrecv|||||2449|regopersend|||||||||||||||||17|2203||||||regopersend|||||2450|
regoperatorrecv|||||||||||||||||2204|||||||regoperatorrecv|||||2451|regoperatorsend|||||||||||||||||17|2204||||||regoperatorsend|||||2452|regclassrecv|||||||||||||||||2205|||||||
regclassrecv|||||2453|regclasssend|||||||||||||||||17|2205||||||regclasssend|||||4196|regcollationrecv|||||||||||||||||4191|||||||regcollationrecv|||||4197|regcollationsend||||||||
|||||||||17|4191||||||regcollationsend|||||2454|regtyperecv|||||||||||||||||2206|||||||regtyperecv|||||2455|regtypesend|||||||||||||||||17|2206||||||regtypesend|||||4094|
regrolerecv|||||||||||||||||4096|||||||regrolerecv|||||4095|regrolesend|||||||||||||||||17|4096||||||regrolesend|||||4087|regnamespacerecv|||||||||||||||||4089|||||||
regnamespacerecv|||||4088|regnamespacesend|||||||||||||||||17|4089||||||regnamespacesend|||||2456|bit_recv|||||||||||||||3||1560|2281 26 23||||||bit_recv|||||2457|bit_send|||||||||
||||||||17|1560||||||bit_send|||||2458|varbit_recv|||||||||||||||3||1562|2281 26 23||||||varbit_recv|||||2459|varbit_send|||||||||||||||||17|1562||||||varbit_send|||||2460|
numeric_recv|||||||||||||||3||1700|2281 26 23||||||numeric_recv|||||2461|numeric_send|||||||||||||||||17|1700||||||numeric_send|||||2468|date_recv|||||||||||||||||1082|||||||
date_recv|||||2469|date_send|||||||||||||||||17|1082||||||date_send|||||2470|time_recv|||||||||||||||3||1083|2281 26 23||||||time_recv|||||2471|time_send|||||||||||||||||17|1083|||
|||time_send|||||2472|timetz_recv|||||||||||||||3||1266|2281 26 23||||||timetz_recv|||||2473|timetz_send|||||||||||||||||17|1266||||||timetz_send|||||2474|timestamp_recv|||||||||||
||||3||1114|2281 26 23||||||timestamp_recv|||||2475|timestamp_send|||||||||||||||||17|1114||||||timestamp_send|||||2476|timestamptz_recv|||||||||||||||3||1184|2281 26 23||||||
timestamptz_recv|||||2477|timestamptz_send|||||||||||||||||17|1184||||||timestamptz_send|||||2478|interval_recv|||||||||||||||3||1186|2281 26 23||||||interval_recv|||||2479|
interval_send|||||||||||||||||17|1186||||||interval_send|||||2480|lseg_recv|||||||||||||||||601|||||||lseg_recv|||||2481|lseg_send|||||||||||||||||17|601||||||lseg_send|||||2482|
path_recv|||||||||||||||||602|||||||path_recv|||||2483|path_send|||||||||||||||||17|602||||||path_send|||||2484|box_recv|||||||||||||||||603|||||||box_recv|||||2485|box_send|||||||
||||||||||17|603||||||box_send|||||2486|poly_recv|||||||||||||||||604|||||||poly_recv|||||2487|poly_send|||||||||||||||||17|604||||||poly_send|||||2488|line_recv|||||||||||||||||
628|||||||line_recv|||||2489|line_send|||||||||||||||||17|628||||||line_send|||||2490|circle_recv|||||||||||||||||718|||||||circle_recv|||||2491|circle_send|||||||||||||||||17|718|
|||||circle_send|||||2492|cash_recv|||||||||||||||||790|||||||cash_recv|||||2493|cash_send|||||||||||||||||17|790||||||cash_send|||||2494|macaddr_recv|||||||||||||||||829|||||||
macaddr_recv|||||2495|macaddr_send|||||||||||||||||17|829||||||macaddr_send|||||2496|inet_recv|||||||||||||||||869|||||||inet_recv|||||2497|inet_send|||||||||||||||||17|869||||||
inet_send|||||2498|cidr_recv|||||||||||||||||650|||||||cidr_recv|||||2499|cidr_send|||||||||||||||||17|650||||||cidr_send|||||2500|cstring_recv|||||||||||||s||||2275|||||||
cstring_recv|||||2501|cstring_send|||||||||||||s||||17|2275||||||cstring_send|||||2502|anyarray_recv|||||||||||||s||||2277|||||||anyarray_recv|||||2503|anyarray_send|||||||||||||s|
)"
    R"(|||17|2277||||||anyarray_send|||||3120|void_recv|||||||||||||||||2278|||||||void_recv|||||3121|void_send|||||||||||||||||17|2278||||||void_send|||||3446|macaddr8_recv||||||||||||||
|||774|||||||macaddr8_recv|||||3447|macaddr8_send|||||||||||||||||17|774||||||macaddr8_send|||||2504|pg_get_ruledef|||||||||||||s||2||25|26 16||||||pg_get_ruledef_ext|||||2505|
pg_get_viewdef|||||||||||||s|r|2||25|25 16||||||pg_get_viewdef_name_ext|||||2506|pg_get_viewdef|||||||||||||s|r|2||25|26 16||||||pg_get_viewdef_ext|||||3159|pg_get_viewdef|||||||||
||||s|r|2||25|26 23||||||pg_get_viewdef_wrap|||||2507|pg_get_indexdef|||||||||||||s||3||25|26 23 16||||||pg_get_indexdef_ext|||||2508|pg_get_constraintdef|||||||||||||s||2||25|
26 16||||||pg_get_constraintdef_ext|||||2509|pg_get_expr|||||||||||||s||3||25|194 26 16||||||pg_get_expr_ext|||||2730|pg_get_triggerdef|||||||||||||s||2||25|26 16||||||
pg_get_triggerdef_ext|||||3036|pg_notify|||||||||||false||v|r|2||2278|25 25||||||pg_notify|||||2557|bool||||||||||true||||||||23||||||int4_bool|||||1066|generate_series|||||1000||
3994|||||true|||3||23|23 23 23||||||generate_series_step_int4|||||1067|generate_series|||||1000||3994|||||true|||2||23|23 23||||||generate_series_int4|||||1068|generate_series|||||
1000||3995|||||true|||3||20|20 20 20||||||generate_series_step_int8|||||1069|generate_series|||||1000||3995|||||true|||2||20|20 20||||||generate_series_int8|||||3259|
generate_series|||||1000|||||||true|||3||1700|1700 1700 1700||||||generate_series_step_numeric|||||3260|generate_series|||||1000|||||||true|||2||1700|1700 1700||||||
generate_series_numeric|||||938|generate_series|||||1000|||||||true|||3||1114|1114 1114 1186||||||generate_series_timestamp|||||939|generate_series|||||1000|||||||true|s||3||1184|
1184 1184 1186||||||generate_series_timestamptz|||||2517|bool_and||||||||a|||false|||||||16|||||||||||2518|bool_or||||||||a|||false|||||||16|||||||||||2519|every||||||||a|||false||
|||||16|||||||||||2236|bit_and||||||||a|||false||||||21|21|||||||||||2237|bit_or||||||||a|||false||||||21|21|||||||||||6164|bit_xor||||||||a|||false||||||21|21|||||||||||2238|
bit_and||||||||a|||false||||||23|23|||||||||||2239|bit_or||||||||a|||false||||||23|23|||||||||||6165|bit_xor||||||||a|||false||||||23|23|||||||||||2240|bit_and||||||||a|||false||||
||20|20|||||||||||2241|bit_or||||||||a|||false||||||20|20|||||||||||6166|bit_xor||||||||a|||false||||||20|20|||||||||||2242|bit_and||||||||a|||false||||||1560|1560|||||||||||2243|
bit_or||||||||a|||false||||||1560|1560|||||||||||6167|bit_xor||||||||a|||false||||||1560|1560|||||||||||2558|int4||||||||||true|||||||23|16||||||bool_int4|||||2578|
gist_box_consistent|||||||||||||||5|||2281 603 21 26 2281||||||gist_box_consistent|||||2581|gist_box_penalty|||||||||||||||3||2281|2281 2281 2281||||||gist_box_penalty|||||2582|
gist_box_picksplit|||||||||||||||2||2281|2281 2281||||||gist_box_picksplit|||||2583|gist_box_union|||||||||||||||2||603|2281 2281||||||gist_box_union|||||2584|gist_box_same||||||||
|||||||3||2281|603 603 2281||||||gist_box_same|||||3998|gist_box_distance|||||||||||||||5||701|2281 603 21 26 2281||||||gist_box_distance|||||2585|gist_poly_consistent|||||||||||||
||5|||2281 604 21 26 2281||||||gist_poly_consistent|||||2586|gist_poly_compress|||||||||||||||||2281|||||||gist_poly_compress|||||2591|gist_circle_consistent|||||||||||||||5|||
2281 718 21 26 2281||||||gist_circle_consistent|||||2592|gist_circle_compress|||||||||||||||||2281|||||||gist_circle_compress|||||1030|gist_point_compress|||||||||||||||||2281|||||
||gist_point_compress|||||3282|gist_point_fetch|||||||||||||||||2281|||||||gist_point_fetch|||||2179|gist_point_consistent|||||||||||||||5|||2281 600 21 26 2281||||||
gist_point_consistent|||||3064|gist_point_distance|||||||||||||||5||701|2281 600 21 26 2281||||||gist_point_distance|||||3280|gist_circle_distance|||||||||||||||5||701|
2281 718 21 26 2281||||||gist_circle_distance|||||3288|gist_poly_distance|||||||||||||||5||701|2281 604 21 26 2281||||||gist_poly_distance|||||3435|gist_point_sortsupport||||||||||
|||||||2278|||||||gist_point_sortsupport|||||2743|ginarrayextract|||||||||||||||3||2281|2277 2281 2281||||||ginarrayextract|||||2774|ginqueryarrayextract|||||||||||||||7||2281|
2277 2281 21 2281 2281 2281 2281||||||ginqueryarrayextract|||||2744|ginarrayconsistent|||||||||||||||8|||2281 21 2277 23 2281 2281 2281 2281||||||ginarrayconsistent|||||3920|
ginarraytriconsistent|||||||||||||||7||18|2281 21 2277 23 2281 2281 2281||||||ginarraytriconsistent|||||3383|brin_minmax_opcinfo|||||||||||||||||2281|||||||brin_minmax_opcinfo|||||
3384|brin_minmax_add_value|||||||||||||||4|||2281 2281 2281 2281||||||brin_minmax_add_value|||||3385|brin_minmax_consistent|||||||||||||||3|||2281 2281 2281||||||
brin_minmax_consistent|||||3386|brin_minmax_union|||||||||||||||3|||2281 2281 2281||||||brin_minmax_union|||||4616|brin_minmax_multi_opcinfo|||||||||||||||||2281|||||||
brin_minmax_multi_opcinfo|||||4617|brin_minmax_multi_add_value|||||||||||||||4|||2281 2281 2281 2281||||||brin_minmax_multi_add_value|||||4618|brin_minmax_multi_consistent|||||||||
||||||4|||2281 2281 2281 23||||||brin_minmax_multi_consistent|||||4619|brin_minmax_multi_union|||||||||||||||3|||2281 2281 2281||||||brin_minmax_multi_union|||||4620|
brin_minmax_multi_options|||||||||||false||||||2278|||||||brin_minmax_multi_options|||||4621|brin_minmax_multi_distance_int2|||||||||||||||2||701|2281 2281||||||
brin_minmax_multi_distance_int2|||||4622|brin_minmax_multi_distance_int4|||||||||||||||2||701|2281 2281||||||brin_minmax_multi_distance_int4|||||4623|
brin_minmax_multi_distance_int8|||||||||||||||2||701|2281 2281||||||brin_minmax_multi_distance_int8|||||4624|brin_minmax_multi_distance_float4|||||||||||||||2||701|2281 2281||||||
brin_minmax_multi_distance_float4|||||4625|brin_minmax_multi_distance_float8|||||||||||||||2||701|2281 2281||||||brin_minmax_multi_distance_float8|||||4626|
brin_minmax_multi_distance_numeric|||||||||||||||2||701|2281 2281||||||brin_minmax_multi_distance_numeric|||||4627|brin_minmax_multi_distance_tid|||||||||||||||2||701|2281 2281||||
||brin_minmax_multi_distance_tid|||||4628|brin_minmax_multi_distance_uuid|||||||||||||||2||701|2281 2281||||||brin_minmax_multi_distance_uuid|||||4629|
brin_minmax_multi_distance_date|||||||||||||||2||701|2281 2281||||||brin_minmax_multi_distance_date|||||4630|brin_minmax_multi_distance_time|||||||||||||||2||701|2281 2281||||||
brin_minmax_multi_distance_time|||||4631|brin_minmax_multi_distance_interval|||||||||||||||2||701|2281 2281||||||brin_minmax_multi_distance_interval|||||4632|
brin_minmax_multi_distance_timetz|||||||||||||||2||701|2281 2281||||||brin_minmax_multi_distance_timetz|||||4633|brin_minmax_multi_distance_pg_lsn|||||||||||||||2||701|2281 2281|||
|||brin_minmax_multi_distance_pg_lsn|||||4634|brin_minmax_multi_distance_macaddr|||||||||||||||2||701|2281 2281||||||brin_minmax_multi_distance_macaddr|||||4635|
brin_minmax_multi_distance_macaddr8|||||||||||||||2||701|2281 2281||||||brin_minmax_multi_distance_macaddr8|||||4636|brin_minmax_multi_distance_inet|||||||||||||||2||701|2281 2281|
|||||brin_minmax_multi_distance_inet|||||4637|brin_minmax_multi_distance_timestamp|||||||||||||||2||701|2281 2281||||||brin_minmax_multi_distance_timestamp|||||4105|
brin_inclusion_opcinfo|||||||||||||||||2281|||||||brin_inclusion_opcinfo|||||4106|brin_inclusion_add_value|||||||||||||||4|||2281 2281 2281 2281||||||brin_inclusion_add_value|||||
4107|brin_inclusion_consistent|||||||||||||||3|||2281 2281 2281||||||brin_inclusion_consistent|||||4108|brin_inclusion_union|||||||||||||||3|||2281 2281 2281||||||
brin_inclusion_union|||||4591|brin_bloom_opcinfo|||||||||||||||||2281|||||||brin_bloom_opcinfo|||||4592|brin_bloom_add_value|||||||||||||||4|||2281 2281 2281 2281||||||
brin_bloom_add_value|||||4593|brin_bloom_consistent|||||||||||||||4|||2281 2281 2281 23||||||brin_bloom_consistent|||||4594|brin_bloom_union|||||||||||||||3|||2281 2281 2281||||||
brin_bloom_union|||||4595|brin_bloom_options|||||||||||false||||||2278|||||||brin_bloom_options|||||2880|pg_advisory_lock|||||||||||||v|r|||2278|20||||||pg_advisory_lock_int8|||||
3089|pg_advisory_xact_lock|||||||||||||v|r|||2278|20||||||pg_advisory_xact_lock_int8|||||2881|pg_advisory_lock_shared|||||||||||||v|r|||2278|20||||||pg_advisory_lock_shared_int8|||
||3090|pg_advisory_xact_lock_shared|||||||||||||v|r|||2278|20||||||pg_advisory_xact_lock_shared_int8|||||2882|pg_try_advisory_lock|||||||||||||v|r||||20||||||
pg_try_advisory_lock_int8|||||3091|pg_try_advisory_xact_lock|||||||||||||v|r||||20||||||pg_try_advisory_xact_lock_int8|||||2883|pg_try_advisory_lock_shared|||||||||||||v|r||||20|||
|||pg_try_advisory_lock_shared_int8|||||3092|pg_try_advisory_xact_lock_shared|||||||||||||v|r||||20||||||pg_try_advisory_xact_lock_shared_int8|||||2884|pg_advisory_unlock||||||||||
|||v|r||||20||||||pg_advisory_unlock_int8|||||2885|pg_advisory_unlock_shared|||||||||||||v|r||||20||||||pg_advisory_unlock_shared_int8|||||2886|pg_advisory_lock|||||||||||||v|r|2||
2278|23 23||||||pg_advisory_lock_int4|||||3093|pg_advisory_xact_lock|||||||||||||v|r|2||2278|23 23||||||pg_advisory_xact_lock_int4|||||2887|pg_advisory_lock_shared|||||||||||||v|r|
2||2278|23 23||||||pg_advisory_lock_shared_int4|||||3094|pg_advisory_xact_lock_shared|||||||||||||v|r|2||2278|23 23||||||pg_advisory_xact_lock_shared_int4|||||2888|
pg_try_advisory_lock|||||||||||||v|r|2|||23 23||||||pg_try_advisory_lock_int4|||||3095|pg_try_advisory_xact_lock|||||||||||||v|r|2|||23 23||||||pg_try_advisory_xact_lock_int4|||||
2889|pg_try_advisory_lock_shared|||||||||||||v|r|2|||23 23||||||pg_try_advisory_lock_shared_int4|||||3096|pg_try_advisory_xact_lock_shared|||||||||||||v|r|2|||23 23||||||
pg_try_advisory_xact_lock_shared_int4|||||2890|pg_advisory_unlock|||||||||||||v|r|2|||23 23||||||pg_advisory_unlock_int4|||||2891|pg_advisory_unlock_shared|||||||||||||v|r|2|||
23 23||||||pg_advisory_unlock_shared_int4|||||2892|pg_advisory_unlock_all|||||||||||||v|r|0||2278|\e||||||pg_advisory_unlock_all|||||2893|xml_in|||||||||||||s||||142|2275||||||
xml_in|||||2894|xml_out|||||||||||||||||2275|142||||||xml_out|||||2896|xml|||||||||||||s||||142|25||||||texttoxml|||||2898|xml_recv|||||||||||||s||||142|||||||xml_recv|||||2899|
xml_send|||||||||||||s||||17|142||||||xml_send|||||321|json_in|||||||||||||||||114|2275||||||json_in|||||322|json_out|||||||||||||||||2275|114||||||json_out|||||323|json_recv||||||
|||||||||||114|||||||json_recv|||||324|json_send|||||||||||||||||17|114||||||json_send|||||3153|array_to_json|||||||||||||s||||114|2277||||||array_to_json|||||3154|array_to_json|||
||||||||||s||2||114|2277 16||||||array_to_json_pretty|||||3155|row_to_json|||||||||||||s||||114|2249||||||row_to_json|||||3156|row_to_json|||||||||||||s||2||114|2249 16||||||
row_to_json_pretty|||||3175|json_agg||||||||a|||false||s||||114|2283|||||||||||3197|json_object_agg||||||||a|||false||s||2||114|2276 2276|||||||||||3198|json_build_array||||||2276|
||||false||s||||114|2276|{2276}|{v}||||json_build_array|||||3199|json_build_array|||||||||||false||s||0||114|\e||||||json_build_array_noargs|||||3200|json_build_object||||||2276|||
||false||s||||114|2276|{2276}|{v}||||json_build_object|||||3201|json_build_object|||||||||||false||s||0||114|\e||||||json_build_object_noargs|||||3202|json_object|||||||||||||||||
114|1009||||||json_object|||||3203|json_object|||||||||||||||2||114|1009 1009||||||json_object_two_arg|||||3176|to_json|||||||||||||s||||114|2283||||||to_json|||||3261|
json_strip_nulls|||||||||||||||||114|114||||||json_strip_nulls|||||3955|json_array_elements|||||100|||||||true|||||114|114|{114,114}|{i,o}|{from_json,value}|||json_array_elements||
|||3969|json_array_elements_text|||||100|||||||true|||||25|114|{114,25}|{i,o}|{from_json,value}|||json_array_elements_text|||||3956|json_array_length|||||||||||||||||23|114||||||
json_array_length|||||3957|json_object_keys|||||100|||||||true|||||25|114||||||json_object_keys|||||3958|json_each|||||100|||||||true|||||2249|114|{114,25,114}|{i,o,o}|
{from_json,key,value}|||json_each|||||3959|json_each_text|||||100|||||||true|||||2249|114|{114,25,25}|{i,o,o}|{from_json,key,value}|||json_each_text|||||3968|json_typeof|||||||||||
||||||25|114||||||json_typeof|||||2952|uuid_in|||||||||||||||||2950|2275||||||uuid_in|||||2953|uuid_out|||||||||||||||||2275|2950||||||uuid_out|||||2960|uuid_cmp||||||||||true|||||
2||23|2950 2950||||||uuid_cmp|||||3300|uuid_sortsupport|||||||||||||||||2278|||||||uuid_sortsupport|||||2961|uuid_recv|||||||||||||||||2950|||||||uuid_recv|||||2962|uuid_send||||||
|||||||||||17|2950||||||uuid_send|||||2963|uuid_hash|||||||||||||||||23|2950||||||uuid_hash|||||3412|uuid_hash_extended|||||||||||||||2||20|2950 20||||||uuid_hash_extended|||||
3432|gen_random_uuid||||||||||true|||v||0||2950|\e||||||gen_random_uuid|||||3229|pg_lsn_in|||||||||||||||||3220|2275||||||pg_lsn_in|||||3230|pg_lsn_out|||||||||||||||||2275|3220|||
|||pg_lsn_out|||||3238|pg_lsn_recv|||||||||||||||||3220|||||||pg_lsn_recv|||||3239|pg_lsn_send|||||||||||||||||17|3220||||||pg_lsn_send|||||3251|pg_lsn_cmp||||||||||true|||||2||23|
3220 3220||||||pg_lsn_cmp|||||3252|pg_lsn_hash|||||||||||||||||23|3220||||||pg_lsn_hash|||||3413|pg_lsn_hash_extended|||||||||||||||2||20|3220 20||||||pg_lsn_hash_extended|||||
3504|anyenum_in|||||||||||||||||3500|2275||||||anyenum_in|||||3505|anyenum_out|||||||||||||s||||2275|3500||||||anyenum_out|||||3506|enum_in|||||||||||||s||2||3500|2275 26||||||
enum_in|||||3507|enum_out|||||||||||||s||||2275|3500||||||enum_out|||||3514|enum_cmp|||||||||||||||2||23|3500 3500||||||enum_cmp|||||3515|hashenum|||||||||||||||||23|3500||||||
hashenum|||||3414|hashenumextended|||||||||||||||2||20|3500 20||||||hashenumextended|||||3526|||||||||a|||false||||||3500|3500|||||||||||3527|min||||||||a|||false||||||3500|3500|||
||||||||3532|enum_recv|||||||||||||s||2||3500|2281 26||||||enum_recv|||||3533|enum_send|||||||||||||s||||17|3500||||||enum_send|||||3610|tsvectorin|||||||||||||||||3614|2275||||||
tsvectorin|||||3639|tsvectorrecv|||||||||||||||||3614|||||||tsvectorrecv|||||3611|tsvectorout|||||||||||||||||2275|3614||||||tsvectorout|||||3638|tsvectorsend|||||||||||||||||17|
)"
    R"(3614||||||tsvectorsend|||||3612|tsqueryin|||||||||||||||||3615|2275||||||tsqueryin|||||3641|tsqueryrecv|||||||||||||||||3615|||||||tsqueryrecv|||||3613|tsqueryout|||||||||||||||||
2275|3615||||||tsqueryout|||||3640|tsquerysend|||||||||||||||||17|3615||||||tsquerysend|||||3646|gtsvectorin|||||||||||||||||3642|2275||||||gtsvectorin|||||3647|gtsvectorout|||||||
||||||||||2275|3642||||||gtsvectorout|||||3622|tsvector_cmp|||||||||||||||2||23|3614 3614||||||tsvector_cmp|||||3711|length|||||||||||||||||23|3614||||||tsvector_length|||||3648|
gtsvector_compress|||||||||||||||||2281|||||||gtsvector_compress|||||3649|gtsvector_decompress|||||||||||||||||2281|||||||gtsvector_decompress|||||3650|gtsvector_picksplit|||||||||
||||||2||2281|2281 2281||||||gtsvector_picksplit|||||3651|gtsvector_union|||||||||||||||2||3642|2281 2281||||||gtsvector_union|||||3652|gtsvector_same|||||||||||||||3||2281|
3642 3642 2281||||||gtsvector_same|||||3653|gtsvector_penalty|||||||||||||||3||2281|2281 2281 2281||||||gtsvector_penalty|||||3654|gtsvector_consistent|||||||||||||||5|||
2281 3614 21 26 2281||||||gtsvector_consistent|||||3434|gtsvector_options|||||||||||false||||||2278|||||||gtsvector_options|||||3656|gin_extract_tsvector|||||||||||||||3||2281|
3614 2281 2281||||||gin_extract_tsvector|||||3657|gin_extract_tsquery|||||||||||||||7||2281|3614 2281 21 2281 2281 2281 2281||||||gin_extract_tsquery|||||3658|
gin_tsquery_consistent|||||||||||||||8|||2281 21 3614 23 2281 2281 2281 2281||||||gin_tsquery_consistent|||||3921|gin_tsquery_triconsistent|||||||||||||||7||18|
2281 21 3614 23 2281 2281 2281||||||gin_tsquery_triconsistent|||||3724|gin_cmp_tslexeme|||||||||||||||2||23|25 25||||||gin_cmp_tslexeme|||||2700|gin_cmp_prefix|||||||||||||||4||23|
25 25 21 2281||||||gin_cmp_prefix|||||3668|tsquery_cmp|||||||||||||||2||23|3615 3615||||||tsquery_cmp|||||3695|gtsquery_compress|||||||||||||||||2281|||||||gtsquery_compress|||||
3697|gtsquery_picksplit|||||||||||||||2||2281|2281 2281||||||gtsquery_picksplit|||||3698|gtsquery_union|||||||||||||||2||20|2281 2281||||||gtsquery_union|||||3699|gtsquery_same||||
|||||||||||3||2281|20 20 2281||||||gtsquery_same|||||3700|gtsquery_penalty|||||||||||||||3||2281|2281 2281 2281||||||gtsquery_penalty|||||3701|gtsquery_consistent|||||||||||||||5||
|2281 3615 21 26 2281||||||gtsquery_consistent|||||3688|ts_typanalyze|||||||||||||s|||||||||||ts_typanalyze|||||3717|prsd_start|||||||||||||||2||2281|2281 23||||||prsd_start|||||
3718|prsd_nexttoken|||||||||||||||3||2281|2281 2281 2281||||||prsd_nexttoken|||||3719|prsd_end|||||||||||||||||2278|||||||prsd_end|||||3720|prsd_headline|||||||||||||||3||2281|
2281 2281 3615||||||prsd_headline|||||3721|prsd_lextype|||||||||||||||||2281|||||||prsd_lextype|||||3725|dsimple_init|||||||||||||||||2281|||||||dsimple_init|||||3726|
dsimple_lexize|||||||||||||||4||2281|2281 2281 2281 2281||||||dsimple_lexize|||||3728|dsynonym_init|||||||||||||||||2281|||||||dsynonym_init|||||3729|dsynonym_lexize|||||||||||||||
4||2281|2281 2281 2281 2281||||||dsynonym_lexize|||||3731|dispell_init|||||||||||||||||2281|||||||dispell_init|||||3732|dispell_lexize|||||||||||||||4||2281|2281 2281 2281 2281||||
||dispell_lexize|||||3740|thesaurus_init|||||||||||||||||2281|||||||thesaurus_init|||||3741|thesaurus_lexize|||||||||||||||4||2281|2281 2281 2281 2281||||||thesaurus_lexize|||||
3736|regconfigin|||||||||||||s||||3734|2275||||||regconfigin|||||3737|regconfigout|||||||||||||s||||2275|3734||||||regconfigout|||||3738|regconfigrecv|||||||||||||||||3734|||||||
regconfigrecv|||||3739|regconfigsend|||||||||||||||||17|3734||||||regconfigsend|||||3771|regdictionaryin|||||||||||||s||||3769|2275||||||regdictionaryin|||||3772|regdictionaryout||
|||||||||||s||||2275|3769||||||regdictionaryout|||||3773|regdictionaryrecv|||||||||||||||||3769|||||||regdictionaryrecv|||||3774|regdictionarysend|||||||||||||||||17|3769||||||
regdictionarysend|||||3806|jsonb_in|||||||||||||||||3802|2275||||||jsonb_in|||||3805|jsonb_recv|||||||||||||||||3802|||||||jsonb_recv|||||3804|jsonb_out|||||||||||||||||2275|3802||
||||jsonb_out|||||3803|jsonb_send|||||||||||||||||17|3802||||||jsonb_send|||||3263|jsonb_object|||||||||||||||||3802|1009||||||jsonb_object|||||3264|jsonb_object|||||||||||||||2||
3802|1009 1009||||||jsonb_object_two_arg|||||3787|to_jsonb|||||||||||||s||||3802|2283||||||to_jsonb|||||3267|jsonb_agg||||||||a|||false||s||||3802|2283|||||||||||2940|
txid_snapshot_out|||||||||||||||||2275|2970||||||pg_snapshot_out|||||3270|jsonb_object_agg||||||||a|||false||||2||3802|2276 2276|||||||||||3271|jsonb_build_array||||||2276|||||
false||s||||3802|2276|{2276}|{v}||||jsonb_build_array|||||3272|jsonb_build_array|||||||||||false||s||0||3802|\e||||||jsonb_build_array_noargs|||||3273|jsonb_build_object||||||2276|
||||false||s||||3802|2276|{2276}|{v}||||jsonb_build_object|||||3274|jsonb_build_object|||||||||||false||s||0||3802|\e||||||jsonb_build_object_noargs|||||3262|jsonb_strip_nulls|||||
||||||||||||3802|3802||||||jsonb_strip_nulls|||||3219|jsonb_array_elements|||||100|||||||true|||||3802|3802|{3802,3802}|{i,o}|{from_json,value}|||jsonb_array_elements|||||3465|
jsonb_array_elements_text|||||100|||||||true|||||25|3802|{3802,25}|{i,o}|{from_json,value}|||jsonb_array_elements_text|||||3207|jsonb_array_length|||||||||||||||||23|3802||||||
jsonb_array_length|||||3931|jsonb_object_keys|||||100|||||||true|||||25|3802||||||jsonb_object_keys|||||3208|jsonb_each|||||100|||||||true|||||2249|3802|{3802,25,3802}|{i,o,o}|
{from_json,key,value}|||jsonb_each|||||3932|jsonb_each_text|||||100|||||||true|||||2249|3802|{3802,25,25}|{i,o,o}|{from_json,key,value}|||jsonb_each_text|||||3210|jsonb_typeof|||||
||||||||||||25|3802||||||jsonb_typeof|||||4044|jsonb_cmp|||||||||||||||2||23|3802 3802||||||jsonb_cmp|||||4045|jsonb_hash|||||||||||||||||23|3802||||||jsonb_hash|||||3416|
jsonb_hash_extended|||||||||||||||2||20|3802 20||||||jsonb_hash_extended|||||4046|jsonb_contains|||||||||||||||2|||3802 3802||||||jsonb_contains|||||4047|jsonb_exists||||||||||||||
|2|||3802 25||||||jsonb_exists|||||4048|jsonb_exists_any|||||||||||||||2|||3802 1009||||||jsonb_exists_any|||||4049|jsonb_exists_all|||||||||||||||2|||3802 1009||||||
jsonb_exists_all|||||4050|jsonb_contained|||||||||||||||2|||3802 3802||||||jsonb_contained|||||3480|gin_compare_jsonb|||||||||||||||2||23|25 25||||||gin_compare_jsonb|||||3482|
gin_extract_jsonb|||||||||||||||3||2281|3802 2281 2281||||||gin_extract_jsonb|||||3483|gin_extract_jsonb_query|||||||||||||||7||2281|3802 2281 21 2281 2281 2281 2281||||||
gin_extract_jsonb_query|||||3484|gin_consistent_jsonb|||||||||||||||8|||2281 21 3802 23 2281 2281 2281 2281||||||gin_consistent_jsonb|||||3488|gin_triconsistent_jsonb||||||||||||||
|7||18|2281 21 3802 23 2281 2281 2281||||||gin_triconsistent_jsonb|||||3485|gin_extract_jsonb_path|||||||||||||||3||2281|3802 2281 2281||||||gin_extract_jsonb_path|||||3486|
gin_extract_jsonb_query_path|||||||||||||||7||2281|3802 2281 21 2281 2281 2281 2281||||||gin_extract_jsonb_query_path|||||3487|gin_consistent_jsonb_path|||||||||||||||8|||
2281 21 3802 23 2281 2281 2281 2281||||||gin_consistent_jsonb_path|||||3489|gin_triconsistent_jsonb_path|||||||||||||||7||18|2281 21 3802 23 2281 2281 2281||||||
gin_triconsistent_jsonb_path|||||3302|jsonb_delete|||||||||||||||2||3802|3802 25||||||jsonb_delete|||||3303|jsonb_delete|||||||||||||||2||3802|3802 23||||||jsonb_delete_idx|||||
3343|jsonb_delete||||||25|||||||||2||3802|3802 1009|{3802,1009}|{i,v}|{from_json,path_elems}|||jsonb_delete_array|||||3304|jsonb_delete_path|||||||||||||||2||3802|3802 1009||||||
jsonb_delete_path|||||3306|jsonb_pretty|||||||||||||||||25|3802||||||jsonb_pretty|||||4001|jsonpath_in|||||||||||||||||4072|2275||||||jsonpath_in|||||4002|jsonpath_recv||||||||||||
|||||4072|||||||jsonpath_recv|||||4003|jsonpath_out|||||||||||||||||2275|4072||||||jsonpath_out|||||4004|jsonpath_send|||||||||||||||||17|4072||||||jsonpath_send|||||2939|
txid_snapshot_in|||||||||||||||||2970|2275||||||pg_snapshot_in|||||3579|jsonb_insert|||||||||||||||4|1|3802|3802 1009 3802 16|||{jsonb_in,path,replacement,insert_after}|||
jsonb_insert|||||4006|jsonb_path_query|||||1000|||||||true|||4|2|3802|3802 4072 3802 16|||{target,path,vars,silent}|||jsonb_path_query|||||1177|jsonb_path_exists_tz|||||||||||||s||
4|2||3802 4072 3802 16|||{target,path,vars,silent}|||jsonb_path_exists_tz|||||1180|jsonb_path_query_array_tz|||||||||||||s||4|2|3802|3802 4072 3802 16|||{target,path,vars,silent}||
|jsonb_path_query_array_tz|||||2941|txid_snapshot_recv|||||||||||||||||2970|||||||pg_snapshot_recv|||||2942|txid_snapshot_send|||||||||||||||||17|2970||||||pg_snapshot_send|||||
5055|pg_snapshot_in|||||||||||||||||5038|2275||||||pg_snapshot_in|||||5056|pg_snapshot_out|||||||||||||||||2275|5038||||||pg_snapshot_out|||||5057|pg_snapshot_recv|||||||||||||||||
5038|||||||pg_snapshot_recv|||||5058|pg_snapshot_send|||||||||||||||||17|5038||||||pg_snapshot_send|||||2987|btrecordcmp|||||||||||||||2||23|2249 2249||||||btrecordcmp|||||6192|
hash_record|||||||||||||||||23|2249||||||hash_record|||||6193|hash_record_extended|||||||||||||||2||20|2249 20||||||hash_record_extended|||||3187|btrecordimagecmp|||||||||||||||2||
23|2249 2249||||||btrecordimagecmp|||||5051|btequalimage||||||||||||||||||26||||||btequalimage|||||3100|row_number|||||||6233|w|||false||||0||20|\e||||||window_row_number|||||3101|
rank|||||||6234|w|||false||||0||20|\e||||||window_rank|||||3102|dense_rank|||||||6235|w|||false||||0||20|\e||||||window_dense_rank|||||3103|percent_rank||||||||w|||false||||0||701|
\e||||||window_percent_rank|||||3104|cume_dist||||||||w|||false||||0||701|\e||||||window_cume_dist|||||3105|ntile||||||||w|||||||||23|23||||||window_ntile|||||3106|lag||||||||w||||
|||||2283|2283||||||window_lag|||||3107|lag||||||||w|||||||2||2283|2283 23||||||window_lag_with_offset|||||3108|lag||||||||w|||||||3||5077|5077 23 5077||||||
window_lag_with_offset_and_default|||||3109|lead||||||||w|||||||||2283|2283||||||window_lead|||||3110|lead||||||||w|||||||2||2283|2283 23||||||window_lead_with_offset|||||3111|
lead||||||||w|||||||3||5077|5077 23 5077||||||window_lead_with_offset_and_default|||||3112|first_value||||||||w|||||||||2283|2283||||||window_first_value|||||3113|last_value|||||||
|w|||||||||2283|2283||||||window_last_value|||||3114|nth_value||||||||w|||||||2||2283|2283 23||||||window_nth_value|||||3832|anyrange_in|||||||||||||s||3||3831|2275 26 23||||||
anyrange_in|||||3833|anyrange_out|||||||||||||s||||2275|3831||||||anyrange_out|||||3834|range_in|||||||||||||s||3||3831|2275 26 23||||||range_in|||||3835|range_out|||||||||||||s|||
|2275|3831||||||range_out|||||3836|range_recv|||||||||||||s||3||3831|2281 26 23||||||range_recv|||||3837|range_send|||||||||||||s||||17|3831||||||range_send|||||3848|lower|||||||||
||||||||2283|3831||||||range_lower|||||3849|upper|||||||||||||||||2283|3831||||||range_upper|||||3850|isempty||||||||||||||||||3831||||||range_empty|||||3859|range_contains||||||||
|||||||2|||3831 3831||||||range_contains|||||4057|range_merge|||||||||||||||2||3831|3831 3831||||||range_merge|||||3870|range_cmp|||||||||||||||2||23|3831 3831||||||range_cmp|||||
3875|range_gist_consistent|||||||||||||||5|||2281 3831 21 26 2281||||||range_gist_consistent|||||3876|range_gist_union|||||||||||||||2||3831|2281 2281||||||range_gist_union|||||
3879|range_gist_penalty|||||||||||||||3||2281|2281 2281 2281||||||range_gist_penalty|||||3880|range_gist_picksplit|||||||||||||||2||2281|2281 2281||||||range_gist_picksplit|||||
3881|range_gist_same|||||||||||||||3||2281|3831 3831 2281||||||range_gist_same|||||6154|multirange_gist_consistent|||||||||||||||5|||2281 4537 21 26 2281||||||
multirange_gist_consistent|||||6156|multirange_gist_compress|||||||||||||||||2281|||||||multirange_gist_compress|||||3902|hash_range|||||||||||||||||23|3831||||||hash_range|||||
3417|hash_range_extended|||||||||||||||2||20|3831 20||||||hash_range_extended|||||3916|range_typanalyze|||||||||||||s|||||||||||range_typanalyze|||||4229|anymultirange_in||||||||||
|||s||3||4537|2275 26 23||||||anymultirange_in|||||4230|anymultirange_out|||||||||||||s||||2275|4537||||||anymultirange_out|||||4231|multirange_in|||||||||||||s||3||4537|
2275 26 23||||||multirange_in|||||4232|multirange_out|||||||||||||s||||2275|4537||||||multirange_out|||||4233|multirange_recv|||||||||||||s||3||4537|2281 26 23||||||
multirange_recv|||||4234|multirange_send|||||||||||||s||||17|4537||||||multirange_send|||||4235|lower|||||||||||||||||2283|4537||||||multirange_lower|||||4236|upper||||||||||||||||
|2283|4537||||||multirange_upper|||||4242|multirange_typanalyze|||||||||||||s|||||||||||multirange_typanalyze|||||4273|multirange_cmp|||||||||||||||2||23|4537 4537||||||
multirange_cmp|||||4278|hash_multirange|||||||||||||||||23|4537||||||hash_multirange|||||4279|hash_multirange_extended|||||||||||||||2||20|4537 20||||||hash_multirange_extended||||
|4281|int4multirange|||||||||||||||||4451|3904||||||multirange_constructor1|||||4284|nummultirange|||||||||||||||||4532|3906||||||multirange_constructor1|||||4287|tsmultirange|||||
||||||||||||4533|3908||||||multirange_constructor1|||||4290|tstzmultirange|||||||||||||||||4534|3910||||||multirange_constructor1|||||4293|datemultirange|||||||||||||||||4535|3912|
|||||multirange_constructor1|||||4296|int8multirange|||||||||||||||||4536|3926||||||multirange_constructor1|||||3846|make_date|||||||||||||||3||1082|23 23 23|||{year,month,day}|||
make_date|||||3847|make_time|||||||||||||||3||1083|23 23 701|||{hour,min,sec}|||make_time|||||3461|make_timestamp|||||||||||||||6||1114|23 23 23 23 23 701|||
{year,month,mday,hour,min,sec}|||make_timestamp|||||3462|make_timestamptz|||||||||||||s||6||1184|23 23 23 23 23 701|||{year,month,mday,hour,min,sec}|||make_timestamptz|||||3463|
make_timestamptz|||||||||||||s||7||1184|23 23 23 23 23 701 25|||{year,month,mday,hour,min,sec,timezone}|||make_timestamptz_at_timezone|||||4018|spg_quad_config|||||||||||||||2||
2278|2281 2281||||||spg_quad_config|||||4019|spg_quad_choose|||||||||||||||2||2278|2281 2281||||||spg_quad_choose|||||4020|spg_quad_picksplit|||||||||||||||2||2278|2281 2281||||||
)"
    R"(spg_quad_picksplit|||||4021|spg_quad_inner_consistent|||||||||||||||2||2278|2281 2281||||||spg_quad_inner_consistent|||||4022|spg_quad_leaf_consistent|||||||||||||||2|||2281 2281||
||||spg_quad_leaf_consistent|||||4023|spg_kd_config|||||||||||||||2||2278|2281 2281||||||spg_kd_config|||||4024|spg_kd_choose|||||||||||||||2||2278|2281 2281||||||spg_kd_choose||||
|4025|spg_kd_picksplit|||||||||||||||2||2278|2281 2281||||||spg_kd_picksplit|||||4026|spg_kd_inner_consistent|||||||||||||||2||2278|2281 2281||||||spg_kd_inner_consistent|||||4027|
spg_text_config|||||||||||||||2||2278|2281 2281||||||spg_text_config|||||4028|spg_text_choose|||||||||||||||2||2278|2281 2281||||||spg_text_choose|||||4029|spg_text_picksplit||||||
|||||||||2||2278|2281 2281||||||spg_text_picksplit|||||4030|spg_text_inner_consistent|||||||||||||||2||2278|2281 2281||||||spg_text_inner_consistent|||||4031|
spg_text_leaf_consistent|||||||||||||||2|||2281 2281||||||spg_text_leaf_consistent|||||3469|spg_range_quad_config|||||||||||||||2||2278|2281 2281||||||spg_range_quad_config|||||
3470|spg_range_quad_choose|||||||||||||||2||2278|2281 2281||||||spg_range_quad_choose|||||3471|spg_range_quad_picksplit|||||||||||||||2||2278|2281 2281||||||
spg_range_quad_picksplit|||||3472|spg_range_quad_inner_consistent|||||||||||||||2||2278|2281 2281||||||spg_range_quad_inner_consistent|||||3473|spg_range_quad_leaf_consistent||||||
|||||||||2|||2281 2281||||||spg_range_quad_leaf_consistent|||||5012|spg_box_quad_config|||||||||||||||2||2278|2281 2281||||||spg_box_quad_config|||||5013|spg_box_quad_choose|||||||
||||||||2||2278|2281 2281||||||spg_box_quad_choose|||||5014|spg_box_quad_picksplit|||||||||||||||2||2278|2281 2281||||||spg_box_quad_picksplit|||||5015|
spg_box_quad_inner_consistent|||||||||||||||2||2278|2281 2281||||||spg_box_quad_inner_consistent|||||5016|spg_box_quad_leaf_consistent|||||||||||||||2|||2281 2281||||||
spg_box_quad_leaf_consistent|||||5010|spg_bbox_quad_config|||||||||||||||2||2278|2281 2281||||||spg_bbox_quad_config|||||5011|spg_poly_quad_compress|||||||||||||||||603|604||||||
spg_poly_quad_compress|||||3986|rank||||||2276||a|||false||||||20|2276|{2276}|{v}|||||||||3988|percent_rank||||||2276||a|||false||||||701|2276|{2276}|{v}|||||||||3990|cume_dist||||
||2276||a|||false||||||701|2276|{2276}|{v}|||||||||3992|dense_rank||||||2276||a|||false||||||20|2276|{2276}|{v}|||||||||6121|pg_relation_is_publishable|||||||||||||s|||||2205||||||
pg_relation_is_publishable|||||6179|array_subscript_handler|||||||||||||||||2281|||||||array_subscript_handler|||||6180|raw_array_subscript_handler|||||||||||||||||2281|||||||
raw_array_subscript_handler|||||6098|jsonb_subscript_handler|||||||||||||||||2281|||||||jsonb_subscript_handler|||||6198|unistr|||||||||||||||||25|25||||||unistr|||||4596|
brin_bloom_summary_in|||||||||||||||||4600|2275||||||brin_bloom_summary_in|||||4597|brin_bloom_summary_out|||||||||||||||||2275|4600||||||brin_bloom_summary_out|||||4598|
brin_bloom_summary_recv|||||||||||||s||||4600|||||||brin_bloom_summary_recv|||||4599|brin_bloom_summary_send|||||||||||||s||||17|4600||||||brin_bloom_summary_send|||||4638|
brin_minmax_multi_summary_in|||||||||||||||||4601|2275||||||brin_minmax_multi_summary_in|||||4639|brin_minmax_multi_summary_out|||||||||||||||||2275|4601||||||
brin_minmax_multi_summary_out|||||4640|brin_minmax_multi_summary_recv|||||||||||||s||||4601|||||||brin_minmax_multi_summary_recv|||||4641|brin_minmax_multi_summary_send||||||||||||
|s||||17|4601||||||brin_minmax_multi_summary_send|||||879|lpad|||14||||||||||||2||25|25 23||||||\e|||||880|rpad|||14||||||||||||2||25|25 23||||||\e|||||2074|substring|||14|||||||||
|||3||25|25 25 25||||||\e|||||4351|is_normalized|||||||||||||||2|1||25 25||||||unicode_is_normalized|||||1812|bit_length|||14||||||||||||||23|1560||||||\e|||||1810|bit_length|||14|
|||||||||||||23|17||||||\e|||||1811|bit_length|||14||||||||||||||23|25||||||\e|||||1741|log|||14||||||||||||||1700|1700||||||\e|||||1481|log10|||14||||||||||||||1700|1700||||||\e||
|||5054|jsonb_set_lax|||||||||||false||||5|2|3802|3802 1009 3802 16 25|||{jsonb_in,path,replacement,create_if_missing,null_value_treatment}|||jsonb_set_lax|||||1708|round|||14|||||
|||||||||1700|1700||||||\e|||||1710|trunc|||14||||||||||||||1700|1700||||||\e|||||1544|polygon|||14||||||||||||||604|718||||||\e|||||1386|age|||14||||||||||s||||1186|1184||||||\e||
|||2059|age|||14||||||||||s||||1186|1114||||||\e|||||1384|date_part|||14||||||||||||2||701|25 1082||||||\e|||||1176|timestamptz|||14||||||||||s||2||1184|1082 1083||||||\e|||||1268|
parse_ident|||||||||||||||2|1|1009|25 16|||{str,strict}|||parse_ident|||||1306|overlaps|||14||||||||false||s||4|||1184 1184 1184 1186||||||\e|||||1305|overlaps|||14||||||||false||
s||4|||1184 1186 1184 1186||||||\e|||||1307|overlaps|||14||||||||false||s||4|||1184 1186 1184 1184||||||\e|||||2043|overlaps|||14||||||||false||||4|||1114 1114 1114 1186||||||\e|||
||2044|overlaps|||14||||||||false||||4|||1114 1186 1114 1114||||||\e|||||2042|overlaps|||14||||||||false||||4|||1114 1186 1114 1186||||||\e|||||1309|overlaps|||14||||||||false||||
4|||1083 1186 1083 1186||||||\e|||||1310|overlaps|||14||||||||false||||4|||1083 1083 1083 1186||||||\e|||||1311|overlaps|||14||||||||false||||4|||1083 1186 1083 1083||||||\e|||||
2325|pg_relation_size|||14||||||||||v||||20|2205||||||\e|||||1215|obj_description|||14|100|||||||||s||2||25|26 19||||||\e|||||1993|shobj_description|||14|100|||||||||s||2||25|
26 19||||||\e|||||1348|obj_description|||14|100|||||||||s||||25|26||||||\e|||||1216|col_description|||14|100|||||||||s||2||25|26 23||||||\e|||||3464|make_interval|||||||||||||||7|
7|1186|23 23 23 23 23 23 701|||{years,months,weeks,days,hours,mins,secs}|||make_interval|||||3305|jsonb_set|||||||||||||||4|1|3802|3802 1009 3802 16|||
{jsonb_in,path,replacement,create_if_missing}|||jsonb_set|||||4005|jsonb_path_exists|||||||||||||||4|2||3802 4072 3802 16|||{target,path,vars,silent}|||jsonb_path_exists|||||4009|
jsonb_path_match|||||||||||||||4|2||3802 4072 3802 16|||{target,path,vars,silent}|||jsonb_path_match|||||4007|jsonb_path_query_array|||||||||||||||4|2|3802|3802 4072 3802 16|||
{target,path,vars,silent}|||jsonb_path_query_array|||||4008|jsonb_path_query_first|||||||||||||||4|2|3802|3802 4072 3802 16|||{target,path,vars,silent}|||jsonb_path_query_first||||
|2030|jsonb_path_match_tz|||||||||||||s||4|2||3802 4072 3802 16|||{target,path,vars,silent}|||jsonb_path_match_tz|||||1179|jsonb_path_query_tz|||||1000|||||||true|s||4|2|3802|
3802 4072 3802 16|||{target,path,vars,silent}|||jsonb_path_query_tz|||||2023|jsonb_path_query_first_tz|||||||||||||s||4|2|3802|3802 4072 3802 16|||{target,path,vars,silent}|||
jsonb_path_query_first_tz|||||4350|normalize|||||||||||||||2|1|25|25 25||||||unicode_normalize_func|||||13148|dsnowball_init|||13||||||||||v|u|||2281|||||||dsnowball_init|
$libdir/dict_snowball||||13149|dsnowball_lexize|||13||||||||||v|u|4||2281|2281 2281 2281 2281||||||dsnowball_lexize|$libdir/dict_snowball||||13208|_pg_expandarray|13207||14|100|
1000|||||||true|||||2249|2277|{2277,2283,23}|{i,o,o}|{"",x,n}|||
select $1[s],\n        s operator(pg_catalog.-) pg_catalog.array_lower($1,1) operator(pg_catalog.+) 1\n        from pg_catalog.generate_series(pg_catalog.array_lower($1,1),\n
                                        pg_catalog.array_upper($1,1),\n                                        1) as g(s)|||||13209|_pg_index_position|13207||14|100|||||||||s|u|2||
23|26 21||||||\e|||||13210|_pg_truetypid|13207||14|100|||||||||||2||26|75 71||||||\e|||||13211|_pg_truetypmod|13207||14|100|||||||||||2||23|75 71||||||\e|||||13212|
_pg_char_max_length|13207||14|100|||||||||||2||23|26 23|||{typid,typmod}|||\e|||||13213|_pg_char_octet_length|13207||14|100|||||||||||2||23|26 23|||{typid,typmod}|||\e|||||13215|
_pg_numeric_precision|13207||14|100|||||||||||2||23|26 23|||{typid,typmod}|||\e|||||13216|_pg_numeric_precision_radix|13207||14|100|||||||||||2||23|26 23|||{typid,typmod}|||\e|||||
13217|_pg_numeric_scale|13207||14|100|||||||||||2||23|26 23|||{typid,typmod}|||\e|||||13218|_pg_datetime_precision|13207||14|100|||||||||||2||23|26 23|||{typid,typmod}|||\e|||||
13219|_pg_interval_type|13207||14|100|||||||||||2||25|26 23|||{typid,mod}|||\e|||||13560|plpgsql_call_handler|||13||||||||false||v|u|0||2280|\e||||||plpgsql_call_handler|
$libdir/plpgsql||||13561|plpgsql_inline_handler|||13||||||||||v|u|||2278|||||||plpgsql_inline_handler|$libdir/plpgsql||||13562|plpgsql_validator|||13||||||||||v|u|||2278|26||||||
plpgsql_validator|$libdir/plpgsql||||
)";

constexpr StaticRows k_rows_functions[] = {
    StaticRows{"pg_proc", k_pg_proc},
};

}  // namespace

std::span<const StaticRows> functions_rows() { return k_rows_functions; }

}  // namespace crossfade::sqlite::catalog
