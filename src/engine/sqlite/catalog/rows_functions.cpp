// Written by scripts/catalog-tables from PostgreSQL 15; not edited by hand.
#include "catalog/static_rows.hpp"

namespace crossfade::sqlite::catalog {

namespace {

constexpr std::string_view k_pg_proc =
    R"(3969|min|11|10|12|1|0|0|0|f|false|false|true|false|i|s|1|0|16|2275|\N|\N|\N|\N|\N|aggregate_dummy|\N|\N|\N|\N|
1242|boolin||||||||||||||||||||||||boolin|||||1243|boolout|||||||||||||||||2275|16||||||boolout|||||1244|byteain|||||||||||||||||17|||||||byteain|||||31|byteaout|||||||||||||||||
2275|17||||||byteaout|||||1245|charin|||||||||||||||||18|||||||charin|||||33|charout|||||||||||||||||2275|18||||||charout|||||34|namein|||||||||||||||||19|||||||namein|||||35|
nameout|||||||||||||||||2275|19||||||nameout|||||38|int2in|||||||||||||||||21|||||||int2in|||||39|int2out|||||||||||||||||2275|21||||||int2out|||||40|int2vectorin|||||||||||||||||
22|||||||int2vectorin|||||41|int2vectorout|||||||||||||||||2275|22||||||int2vectorout|||||42|int4in|||||||||||||||||23|||||||int4in|||||43|int4out|||||||||||||||||2275|23||||||
int4out|||||44|regprocin|||||||||||||s||||24|||||||regprocin|||||45|regprocout|||||||||||||s||||2275|24||||||regprocout|||||3494|to_regproc|||||||||||||s||||24|25||||||to_regproc||
|||3479|to_regprocedure|||||||||||||s||||2202|25||||||to_regprocedure|||||46|textin|||||||||||||||||25|||||||textin|||||47|textout|||||||||||||||||2275|25||||||textout|||||48|
tidin|||||||||||||||||27|||||||tidin|||||49|tidout|||||||||||||||||2275|27||||||tidout|||||50|xidin|||||||||||||||||28|||||||xidin|||||51|xidout|||||||||||||||||2275|28||||||
xidout|||||5070|xid8in|||||||||||||||||5069|||||||xid8in|||||5081|xid8out|||||||||||||||||2275|5069||||||xid8out|||||5082|xid8recv|||||||||||||||||5069|2281||||||xid8recv|||||5083|
xid8send|||||||||||||||||17|5069||||||xid8send|||||52|cidin|||||||||||||||||29|||||||cidin|||||53|cidout|||||||||||||||||2275|29||||||cidout|||||54|oidvectorin|||||||||||||||||30||
|||||oidvectorin|||||55|oidvectorout|||||||||||||||||2275|30||||||oidvectorout|||||3696|starts_with|||||||6242|||true|||||2|||25 25||||||text_starts_with|||||5071|xid||||||||||||||
|||28|5069||||||xid8toxid|||||77|int4|||||||||||||||||23|18||||||chartoi4|||||78|char|||||||||||||||||18|23||||||i4tochar|||||89|version|||||||||||||s||0||25|\e||||||pgsql_version|
||||86|pg_ddl_command_in|||||||||||||||||32|||||||pg_ddl_command_in|||||87|pg_ddl_command_out|||||||||||||||||2275|32||||||pg_ddl_command_out|||||88|pg_ddl_command_recv||||||||||||
|||||32|2281||||||pg_ddl_command_recv|||||90|pg_ddl_command_send|||||||||||||||||17|32||||||pg_ddl_command_send|||||109|unknownin|||||||||||||||||705|||||||unknownin|||||110|
unknownout|||||||||||||||||2275|705||||||unknownout|||||117|point_in|||||||||||||||||600|||||||point_in|||||118|point_out|||||||||||||||||2275|600||||||point_out|||||119|lseg_in|||
||||||||||||||601|||||||lseg_in|||||120|lseg_out|||||||||||||||||2275|601||||||lseg_out|||||121|path_in|||||||||||||||||602|||||||path_in|||||122|path_out|||||||||||||||||2275|602|
|||||path_out|||||123|box_in|||||||||||||||||603|||||||box_in|||||124|box_out|||||||||||||||||2275|603||||||box_out|||||195|pg_node_tree_in|||||||||||||||||194|||||||
pg_node_tree_in|||||196|pg_node_tree_out|||||||||||||||||2275|194||||||pg_node_tree_out|||||197|pg_node_tree_recv|||||||||||||s||||194|2281||||||pg_node_tree_recv|||||198|
pg_node_tree_send|||||||||||||s||||17|194||||||pg_node_tree_send|||||200|float4in|||||||||||||||||700|||||||float4in|||||201|float4out|||||||||||||||||2275|700||||||float4out|||||
214|float8in|||||||||||||||||701|||||||float8in|||||215|float8out|||||||||||||||||2275|701||||||float8out|||||2308|ceil|||||||||||||||||701|701||||||dceil|||||2320|ceiling|||||||||
||||||||701|701||||||dceil|||||2309|floor|||||||||||||||||701|701||||||dfloor|||||2310|sign|||||||||||||||||701|701||||||dsign|||||235|float8||||||||||true|||||||701|21||||||i2tod|
||||236|float4||||||||||true|||||||700|21||||||i2tof|||||237|int2|||||||||||||||||21|701||||||dtoi2|||||238|int2|||||||||||||||||21|700||||||ftoi2|||||311|float8||||||||||true|||||
||701|700||||||ftod|||||312|float4|||||||||||||||||700|701||||||dtof|||||313|int4||||||||||true|||||||23|21||||||i2toi4|||||314|int2|||||||||||||||||21|23||||||i4toi2|||||316|
float8||||||||||true|||||||701|23||||||i4tod|||||317|int4|||||||||||||||||23|701||||||dtoi4|||||318|float4||||||||||true|||||||700|23||||||i4tof|||||319|int4|||||||||||||||||23|
700||||||ftoi4|||||3|heap_tableam_handler|||||||||||||v||||269|2281||||||heap_tableam_handler|||||330|bthandler|||||||||||||v||||325|2281||||||bthandler|||||331|hashhandler||||||||
|||||v||||325|2281||||||hashhandler|||||332|gisthandler|||||||||||||v||||325|2281||||||gisthandler|||||333|ginhandler|||||||||||||v||||325|2281||||||ginhandler|||||334|spghandler||
|||||||||||v||||325|2281||||||spghandler|||||335|brinhandler|||||||||||||v||||325|2281||||||brinhandler|||||347|poly_in|||||||||||||||||604|||||||poly_in|||||348|poly_out||||||||||
|||||||2275|604||||||poly_out|||||401|text|||||||||||||||||25|1042||||||rtrim1|||||406|text||||||||||true|||||||25|19||||||name_text|||||407|name||||||||||true|||||||19|25||||||
text_name|||||408|bpchar|||||||||||||||||1042|19||||||name_bpchar|||||409|name||||||||||true|||||||19|1042||||||bpchar_name|||||460|int8in|||||||||||||||||20|||||||int8in|||||461|
int8out|||||||||||||||||2275|20||||||int8out|||||480|int4|||||||||||||||||23|20||||||int84|||||481|int8||||||||||true|||||||20|23||||||int48|||||482|float8||||||||||true|||||||701|
20||||||i8tod|||||483|int8|||||||||||||||||20|701||||||dtoi8|||||652|float4||||||||||true|||||||700|20||||||i8tof|||||653|int8|||||||||||||||||20|700||||||ftoi8|||||714|int2|||||||
||||||||||21|20||||||int82|||||754|int8||||||||||true|||||||20|21||||||int28|||||668|bpchar|||||||||||||||3||1042|1042 23 16||||||bpchar|||||669|varchar|||||||3097||||||||3||1043|
1043 23 16||||||varchar|||||720|octet_length|||||||||||||||||23|17||||||byteaoctetlen|||||749|overlay|||||||||||||||4||17|17 17 23 23||||||byteaoverlay|||||752|overlay|||||||||||||
||3||17|17 17 23||||||byteaoverlay_no_len|||||745|current_user|||||||||||||s||0||19|\e||||||current_user|||||746|session_user|||||||||||||s||0||19|\e||||||session_user|||||747|
array_dims|||||||||||||||||25|2277||||||array_dims|||||748|array_ndims|||||||||||||||||23|2277||||||array_ndims|||||750|array_in|||||||||||||s||3||2277|2275 26 23||||||array_in||||
|751|array_out|||||||||||||s||||2275|2277||||||array_out|||||2091|array_lower|||||||||||||||2||23|2277 23||||||array_lower|||||2092|array_upper|||||||||||||||2||23|2277 23||||||
array_upper|||||2176|array_length|||||||||||||||2||23|2277 23||||||array_length|||||3179|cardinality|||||||||||||||||23|2277||||||array_cardinality|||||378|array_append|||||||||||
false||||2||5078|5078 5077||||||array_append|||||379|array_prepend|||||||||||false||||2||5078|5077 5078||||||array_prepend|||||383|array_cat|||||||||||false||||2||5078|5078 5078|||
|||array_cat|||||394|string_to_array|||||||||||false||||2||1009|25 25||||||text_to_array|||||376|string_to_array|||||||||||false||||3||1009|25 25 25||||||text_to_array_null|||||
6160|string_to_table|||||1000||||||false|true|||2||25|25 25||||||text_to_table|||||6161|string_to_table|||||1000||||||false|true|||3||25|25 25 25||||||text_to_table_null|||||395|
array_to_string|||||||||||||s||2||25|2277 25||||||array_to_text|||||384|array_to_string|||||||||||false||s||3||25|2277 25 25||||||array_to_text_null|||||3277|array_position||||||||
|||false||||2||23|5078 5077||||||array_position|||||3278|array_position|||||||||||false||||3||23|5078 5077 23||||||array_position_start|||||3279|array_positions|||||||||||false||||
2||1007|5078 5077||||||array_positions|||||3167|array_remove|||||||||||false||||2||5078|5078 5077||||||array_remove|||||3168|array_replace|||||||||||false||||3||5078|
5078 5077 5077||||||array_replace|||||6172|trim_array|||||||||||||||2||2277|2277 23||||||trim_array|||||849|position|||||||||||||||2||23|25 25||||||textpos|||||860|bpchar||||||||||
|||||||1042|18||||||char_bpchar|||||861|current_database|||||||||||||s||0||19|\e||||||current_database|||||886|cash_in|||||||||||||s||||790|||||||cash_in|||||887|cash_out||||||||||
|||s||||2275|790||||||cash_out|||||3823|numeric|||||||||||||s||||1700|790||||||cash_numeric|||||3824|money|||||||||||||s||||790|1700||||||numeric_cash|||||3811|money|||||||||||||s|
|||790|23||||||int4_cash|||||3812|money|||||||||||||s||||790|20||||||int8_cash|||||940|mod|||||||||||||||2||21|21 21||||||int2mod|||||941|mod|||||||||||||||2||23|23 23||||||
int4mod|||||947|mod|||||||||||||||2||20|20 20||||||int8mod|||||5044|gcd|||||||||||||||2||23|23 23||||||int4gcd|||||5045|gcd|||||||||||||||2||20|20 20||||||int8gcd|||||944|char|||||
||||||||||||18|25||||||text_char|||||946|text|||||||||||||||||25|18||||||char_text|||||1026|timezone|||||||||||||||2||1114|1186 1184||||||timestamptz_izone|||||1031|aclitemin||||||
|||||||s||||1033|||||||aclitemin|||||1032|aclitemout|||||||||||||s||||2275|1033||||||aclitemout|||||3943|acldefault|||||||||||||||2||1034|18 26||||||acldefault_sql|||||1044|
bpcharin|||||||||||||||3||1042|2275 26 23||||||bpcharin|||||1045|bpcharout|||||||||||||||||2275|1042||||||bpcharout|||||1046|varcharin|||||||||||||||3||1043|2275 26 23||||||
varcharin|||||1047|varcharout|||||||||||||||||2275|1043||||||varcharout|||||1081|format_type|||||||||||false||s||2||25|26 23||||||format_type|||||1084|date_in|||||||||||||s||||
1082|||||||date_in|||||1085|date_out|||||||||||||s||||2275|1082||||||date_out|||||1143|time_in|||||||||||||s||3||1083|2275 26 23||||||time_in|||||1144|time_out|||||||||||||||||
2275|1083||||||time_out|||||1150|timestamptz_in|||||||||||||s||3||1184|2275 26 23||||||timestamptz_in|||||1151|timestamptz_out|||||||||||||s||||2275|1184||||||timestamptz_out|||||
1158|to_timestamp|||||||||||||||||1184|701||||||float8_timestamptz|||||1159|timezone|||||||||||||||2||1114|25 1184||||||timestamptz_zone|||||1160|interval_in|||||||||||||s||3||
1186|2275 26 23||||||interval_in|||||1161|interval_out|||||||||||||s||||2275|1186||||||interval_out|||||1171|date_part|||||||||||||s||2||701|25 1184||||||timestamptz_part|||||6203|
extract|||||||||||||s||2||1700|25 1184||||||extract_timestamptz|||||1172|date_part|||||||||||||||2||701|25 1186||||||interval_part|||||6204|extract|||||||||||||||2||1700|25 1186|||
|||extract_interval|||||1174|timestamptz|||||||||||||s||||1184|1082||||||date_timestamptz|||||1175|justify_hours|||||||||||||||||1186|1186||||||interval_justify_hours|||||1295|
justify_days|||||||||||||||||1186|1186||||||interval_justify_days|||||1178|date|||||||||||||s||||1082|1184||||||timestamptz_date|||||1181|age|||||||||||||s|r|||23|28||||||xid_age||
|||1199|age|||||||||||||||2||1186|1184 1184||||||timestamptz_age|||||1200|interval|||||||3918||||||||2||1186|1186 23||||||interval_scale|||||1217|date_trunc|||||||||||||s||2||1184|
25 1184||||||timestamptz_trunc|||||1284|date_trunc|||||||||||||s||3||1184|25 1184 25||||||timestamptz_trunc_zone|||||1218|date_trunc|||||||||||||||2||1186|25 1186||||||
interval_trunc|||||1273|date_part|||||||||||||||2||701|25 1266||||||timetz_part|||||6201|extract|||||||||||||||2||1700|25 1266||||||extract_timetz|||||1287|oid|||||||||||||||||26|
20||||||i8tooid|||||1288|int8||||||||||true|||||||20|26||||||oidtoi8|||||1299|now|||||||||||||s||0||1184|\e||||||now|||||2647|transaction_timestamp|||||||||||||s||0||1184|\e||||||
now|||||2648|statement_timestamp|||||||||||||s||0||1184|\e||||||statement_timestamp|||||2649|clock_timestamp|||||||||||||v||0||1184|\e||||||clock_timestamp|||||1312|timestamp_in|||
||||||||||s||3||1114|2275 26 23||||||timestamp_in|||||1313|timestamp_out|||||||||||||s||||2275|1114||||||timestamp_out|||||1316|time|||||||||||||||||1083|1114||||||timestamp_time||
|||1317|length|||||||||||||||||23|25||||||textlen|||||1318|length|||||||||||||||||23|1042||||||bpcharlen|||||1340|log|||||||||||||||||701|701||||||dlog10|||||1194|log10||||||||||||
|||||701|701||||||dlog10|||||1341|ln|||||||||||||||||701|701||||||dlog1|||||1342|round|||||||||||||||||701|701||||||dround|||||1343|trunc|||||||||||||||||701|701||||||dtrunc|||||
1344|sqrt|||||||||||||||||701|701||||||dsqrt|||||1345|cbrt|||||||||||||||||701|701||||||dcbrt|||||1346|pow|||||||||||||||2||701|701 701||||||dpow|||||1368|power|||||||||||||||2||
701|701 701||||||dpow|||||1347|exp|||||||||||||||||701|701||||||dexp|||||1350|timetz_in|||||||||||||s||3||1266|2275 26 23||||||timetz_in|||||1351|timetz_out|||||||||||||||||2275|
1266||||||timetz_out|||||1367|character_length|||||||||||||||||23|1042||||||bpcharlen|||||1369|character_length|||||||||||||||||23|25||||||textlen|||||1370|interval||||||||||true||
|||||1186|1083||||||time_interval|||||1372|char_length|||||||||||||||||23|1042||||||bpcharlen|||||1374|octet_length|||||||||||||||||23|25||||||textoctetlen|||||1375|octet_length|||
||||||||||||||23|1042||||||bpcharoctetlen|||||1381|char_length|||||||||||||||||23|25||||||textlen|||||6199|extract|||||||||||||||2||1700|25 1082||||||extract_date|||||1385|
date_part|||||||||||||||2||701|25 1083||||||time_part|||||6200|extract|||||||||||||||2||1700|25 1083||||||extract_time|||||1388|timetz|||||||||||||s||||1266|1184||||||
timestamptz_timetz|||||1394|abs|||||||||||||||||700|700||||||float4abs|||||1395|abs|||||||||||||||||701|701||||||float8abs|||||1396|abs|||||||||||||||||20|20||||||int8abs|||||1397|
abs|||||||||||||||||23|23||||||int4abs|||||1398|abs|||||||||||||||||21|21||||||int2abs|||||1400|name||||||||||true|||||||19|1043||||||text_name|||||1401|varchar||||||||||true||||||
|1043|19||||||name_text|||||1402|current_schema|||||||||||||s|u|0||19|\e||||||current_schema|||||1403|current_schemas|||||||||||||s|u|||1003|16||||||current_schemas|||||1404|
overlay|||||||||||||||4||25|25 25 23 23||||||textoverlay|||||1405|overlay|||||||||||||||3||25|25 25 23||||||textoverlay_no_len|||||1416|point|||||||||||||||||600|718||||||
circle_center|||||1419|time|||||||||||||||||1083|1186||||||interval_time|||||1446|box|||||||||||||||||603|604||||||poly_box|||||1447|path|||||||||||||||||602|604||||||poly_path||||
|1448|polygon|||||||||||||||||604|603||||||box_poly|||||1449|polygon|||||||||||||||||604|602||||||path_poly|||||1450|circle_in|||||||||||||||||718|||||||circle_in|||||1451|
circle_out|||||||||||||||||2275|718||||||circle_out|||||1474|circle|||||||||||||||||718|604||||||poly_circle|||||4091|box|||||||||||||||||603|600||||||point_box|||||1479|circle||||
)"
    R"(|||||||||||||718|603||||||box_circle|||||1480|box|||||||||||||||||603|718||||||circle_box|||||1490|line_in|||||||||||||||||628|||||||line_in|||||1491|line_out|||||||||||||||||2275|
628||||||line_out|||||1530|length|||||||||||||||||701|601||||||lseg_length|||||1531|length|||||||||||||||||701|602||||||path_length|||||1532|point|||||||||||||||||600|601||||||
lseg_center|||||1534|point|||||||||||||||||600|603||||||box_center|||||1540|point|||||||||||||||||600|604||||||poly_center|||||1541|lseg|||||||||||||||||601|603||||||box_diagonal||
|||1564|bit_in|||||||||||||||3||1560|2275 26 23||||||bit_in|||||1565|bit_out|||||||||||||||||2275|1560||||||bit_out|||||1569|like|||||||1023||||||||2|||25 25||||||textlike|||||
1570|notlike|||||||||||||||2|||25 25||||||textnlike|||||1571|like|||||||1023||||||||2|||19 25||||||namelike|||||1572|notlike|||||||||||||||2|||19 25||||||namenlike|||||4032|
pg_sequence_last_value|||||||||||||v|u|||20|2205||||||pg_sequence_last_value|||||1579|varbit_in|||||||||||||||3||1562|2275 26 23||||||varbit_in|||||1580|varbit_out|||||||||||||||||
2275|1562||||||varbit_out|||||1598|random|||||||||||||v|r|0||701|\e||||||drandom|||||1599|setseed|||||||||||||v|r|||2278|701||||||setseed|||||1600|asin|||||||||||||||||701|701|||||
|dasin|||||1601|acos|||||||||||||||||701|701||||||dacos|||||1602|atan|||||||||||||||||701|701||||||datan|||||1603|atan2|||||||||||||||2||701|701 701||||||datan2|||||1604|sin|||||||
||||||||||701|701||||||dsin|||||1605|cos|||||||||||||||||701|701||||||dcos|||||1606|tan|||||||||||||||||701|701||||||dtan|||||1608|degrees|||||||||||||||||701|701||||||degrees|||||
1609|radians|||||||||||||||||701|701||||||radians|||||1610|pi|||||||||||||||0||701|\e||||||dpi|||||1620|ascii|||||||||||||||||23|25||||||ascii|||||1621|chr|||||||||||||||||25|23|||
|||chr|||||1622|repeat|||||||||||||||2||25|25 23||||||repeat|||||868|strpos|||||||||||||||2||23|25 25||||||textpos|||||870|lower|||||||||||||||||25|25||||||lower|||||871|upper|||||
||||||||||||25|25||||||upper|||||872|initcap|||||||||||||||||25|25||||||initcap|||||873|lpad|||||||||||||||3||25|25 23 25||||||lpad|||||874|rpad|||||||||||||||3||25|25 23 25||||||
rpad|||||875|ltrim|||||||||||||||2||25|25 25||||||ltrim|||||876|rtrim|||||||||||||||2||25|25 25||||||rtrim|||||877|substr|||||||||||||||3||25|25 23 23||||||text_substr|||||878|
translate|||||||||||||||3||25|25 25 25||||||translate|||||881|ltrim|||||||||||||||||25|25||||||ltrim1|||||882|rtrim|||||||||||||||||25|25||||||rtrim1|||||883|substr|||||||||||||||
2||25|25 23||||||text_substr_no_len|||||884|btrim|||||||||||||||2||25|25 25||||||btrim|||||885|btrim|||||||||||||||||25|25||||||btrim1|||||936|substring|||||||||||||||3||25|
25 23 23||||||text_substr|||||937|substring|||||||||||||||2||25|25 23||||||text_substr_no_len|||||2087|replace|||||||||||||||3||25|25 25 25||||||replace_text|||||2284|
regexp_replace|||||||||||||||3||25|25 25 25||||||textregexreplace_noopt|||||2285|regexp_replace|||||||||||||||4||25|25 25 25 25||||||textregexreplace|||||6251|regexp_replace|||||||
||||||||6||25|25 25 25 23 23 25||||||textregexreplace_extended|||||6252|regexp_replace|||||||||||||||5||25|25 25 25 23 23||||||textregexreplace_extended_no_flags|||||6253|
regexp_replace|||||||||||||||4||25|25 25 25 23||||||textregexreplace_extended_no_n|||||3396|regexp_match|||||||||||||||2||1009|25 25||||||regexp_match_no_flags|||||3397|
regexp_match|||||||||||||||3||1009|25 25 25||||||regexp_match|||||2763|regexp_matches|||||1|||||||true|||2||1009|25 25||||||regexp_matches_no_flags|||||2764|regexp_matches|||||10||
|||||true|||3||1009|25 25 25||||||regexp_matches|||||6254|regexp_count|||||||||||||||2||23|25 25||||||regexp_count_no_start|||||6255|regexp_count|||||||||||||||3||23|25 25 23||||||
regexp_count_no_flags|||||6256|regexp_count|||||||||||||||4||23|25 25 23 25||||||regexp_count|||||6263|regexp_like|||||||||||||||2|||25 25||||||regexp_like_no_flags|||||6264|
regexp_like|||||||||||||||3|||25 25 25||||||regexp_like|||||2088|split_part|||||||||||||||3||25|25 25 23||||||split_part|||||2765|regexp_split_to_table|||||1000|||||||true|||2||25|
25 25||||||regexp_split_to_table_no_flags|||||2766|regexp_split_to_table|||||1000|||||||true|||3||25|25 25 25||||||regexp_split_to_table|||||2767|regexp_split_to_array|||||||||||||
||2||1009|25 25||||||regexp_split_to_array_no_flags|||||2768|regexp_split_to_array|||||||||||||||3||1009|25 25 25||||||regexp_split_to_array|||||2089|to_hex|||||||||||||||||25|23||
||||to_hex32|||||2090|to_hex|||||||||||||||||25|20||||||to_hex64|||||1039|getdatabaseencoding|||||||||||||s||0||19|\e||||||getdatabaseencoding|||||810|pg_client_encoding|||||||||||
||s||0||19|\e||||||pg_client_encoding|||||1713|length|||||||||||||s||2||23|17 19||||||length_in_encoding|||||1264|pg_char_to_encoding|||||||||||||s||||23|19||||||
PG_char_to_encoding|||||1597|pg_encoding_to_char|||||||||||||s||||19|23||||||PG_encoding_to_char|||||1573|pg_get_ruledef|||||||||||||s||||25|26||||||pg_get_ruledef|||||1640|
pg_get_viewdef|||||||||||||s|r|||25|25||||||pg_get_viewdef_name|||||1641|pg_get_viewdef|||||||||||||s|r|||25|26||||||pg_get_viewdef|||||1642|pg_get_userbyid|||||||||||||s||||19|26|
|||||pg_get_userbyid|||||1643|pg_get_indexdef|||||||||||||s||||25|26||||||pg_get_indexdef|||||3415|pg_get_statisticsobjdef|||||||||||||s||||25|26||||||pg_get_statisticsobjdef|||||
6174|pg_get_statisticsobjdef_columns|||||||||||||s||||25|26||||||pg_get_statisticsobjdef_columns|||||3352|pg_get_partkeydef|||||||||||||s||||25|26||||||pg_get_partkeydef|||||3408|
pg_get_partition_constraintdef|||||||||||||s||||25|26||||||pg_get_partition_constraintdef|||||1662|pg_get_triggerdef|||||||||||||s||||25|26||||||pg_get_triggerdef|||||1387|
pg_get_constraintdef|||||||||||||s||||25|26||||||pg_get_constraintdef|||||1716|pg_get_expr|||||||||||||s||2||25|194 26||||||pg_get_expr|||||1665|pg_get_serial_sequence|||||||||||||
s||2||25|25 25||||||pg_get_serial_sequence|||||2098|pg_get_functiondef|||||||||||||s||||25|26||||||pg_get_functiondef|||||2162|pg_get_function_arguments|||||||||||||s||||25|26|||||
|pg_get_function_arguments|||||2232|pg_get_function_identity_arguments|||||||||||||s||||25|26||||||pg_get_function_identity_arguments|||||2165|pg_get_function_result|||||||||||||s|
|||25|26||||||pg_get_function_result|||||6197|pg_get_function_sqlbody|||||||||||||s||||25|26||||||pg_get_function_sqlbody|||||3842|pg_relation_is_updatable||||10|||||||||s||2||23|
2205 16||||||pg_relation_is_updatable|||||3843|pg_column_is_updatable||||10|||||||||s||3|||2205 21 16||||||pg_column_is_updatable|||||6120|pg_get_replica_identity_index||||10||||||
|||s||||2205|2205||||||pg_get_replica_identity_index|||||1680|substring|||||||||||||||3||1560|1560 23 23||||||bitsubstr|||||1681|length|||||||||||||||||23|1560||||||bitlength|||||
1682|octet_length|||||||||||||||||23|1560||||||bitoctetlength|||||1683|bit|||||||||||||||2||1560|23 23||||||bitfromint4|||||1684|int4|||||||||||||||||23|1560||||||bittoint4|||||
1685|bit|||||||||||||||3||1560|1560 23 16||||||bit|||||1687|varbit|||||||3158||||||||3||1562|1562 23 16||||||varbit|||||1698|position|||||||||||||||2||23|1560 1560||||||
bitposition|||||1699|substring|||||||||||||||2||1560|1560 23||||||bitsubstr_no_len|||||3030|overlay|||||||||||||||4||1560|1560 1560 23 23||||||bitoverlay|||||3031|overlay||||||||||
|||||3||1560|1560 1560 23||||||bitoverlay_no_len|||||436|macaddr_in|||||||||||||||||829|||||||macaddr_in|||||437|macaddr_out|||||||||||||||||2275|829||||||macaddr_out|||||753|
trunc|||||||||||||||||829|829||||||macaddr_trunc|||||4110|macaddr8_in|||||||||||||||||774|||||||macaddr8_in|||||4111|macaddr8_out|||||||||||||||||2275|774||||||macaddr8_out|||||
4112|trunc|||||||||||||||||774|774||||||macaddr8_trunc|||||4123|macaddr8||||||||||true|||||||774|829||||||macaddrtomacaddr8|||||4124|macaddr|||||||||||||||||829|774||||||
macaddr8tomacaddr|||||910|inet_in|||||||||||||||||869|||||||inet_in|||||911|inet_out|||||||||||||||||2275|869||||||inet_out|||||1267|cidr_in|||||||||||||||||650|||||||cidr_in|||||
1427|cidr_out|||||||||||||||||2275|650||||||cidr_out|||||730|text|||||||||||||||||25|869||||||network_show|||||1715|cidr|||||||||||||||||650|869||||||inet_to_cidr|||||1701|
numeric_in|||||||||||||||3||1700|2275 26 23||||||numeric_in|||||1702|numeric_out|||||||||||||||||2275|1700||||||numeric_out|||||1703|numeric|||||||3157||||||||2||1700|1700 23||||||
numeric|||||1705|abs|||||||||||||||||1700|1700||||||numeric_abs|||||1706|sign|||||||||||||||||1700|1700||||||numeric_sign|||||1707|round|||||||||||||||2||1700|1700 23||||||
numeric_round|||||1709|trunc|||||||||||||||2||1700|1700 23||||||numeric_trunc|||||1711|ceil|||||||||||||||||1700|1700||||||numeric_ceil|||||2167|ceiling|||||||||||||||||1700|1700||
||||numeric_ceil|||||1712|floor|||||||||||||||||1700|1700||||||numeric_floor|||||1728|mod|||||||||||||||2||1700|1700 1700||||||numeric_mod|||||5048|gcd|||||||||||||||2||1700|
1700 1700||||||numeric_gcd|||||1730|sqrt|||||||||||||||||1700|1700||||||numeric_sqrt|||||1732|exp|||||||||||||||||1700|1700||||||numeric_exp|||||1734|ln|||||||||||||||||1700|1700||
||||numeric_ln|||||1736|log|||||||||||||||2||1700|1700 1700||||||numeric_log|||||1738|pow|||||||||||||||2||1700|1700 1700||||||numeric_power|||||2169|power|||||||||||||||2||1700|
1700 1700||||||numeric_power|||||1740|numeric||||||||||true|||||||1700|23||||||int4_numeric|||||1742|numeric||||||||||true|||||||1700|700||||||float4_numeric|||||1743|numeric||||||
||||true|||||||1700|701||||||float8_numeric|||||1744|int4|||||||||||||||||23|1700||||||numeric_int4|||||1745|float4|||||||||||||||||700|1700||||||numeric_float4|||||1746|float8||||
|||||||||||||701|1700||||||numeric_float8|||||1973|div|||||||||||||||2||1700|1700 1700||||||numeric_div_trunc|||||1779|int8|||||||||||||||||20|1700||||||numeric_int8|||||1781|
numeric||||||||||true|||||||1700|20||||||int8_numeric|||||1782|numeric||||||||||true|||||||1700|21||||||int2_numeric|||||1783|int2|||||||||||||||||21|1700||||||numeric_int2|||||
3556|bool||||||||||||||||||3802||||||jsonb_bool|||||3449|numeric|||||||||||||||||1700|3802||||||jsonb_numeric|||||3450|int2|||||||||||||||||21|3802||||||jsonb_int2|||||3451|int4|||
||||||||||||||23|3802||||||jsonb_int4|||||3452|int8|||||||||||||||||20|3802||||||jsonb_int8|||||3453|float4|||||||||||||||||700|3802||||||jsonb_float4|||||2580|float8||||||||||||||
|||701|3802||||||jsonb_float8|||||1770|to_char|||||||||||||s||2||25|1184 25||||||timestamptz_to_char|||||1772|to_char|||||||||||||s||2||25|1700 25||||||numeric_to_char|||||1773|
to_char|||||||||||||s||2||25|23 25||||||int4_to_char|||||1774|to_char|||||||||||||s||2||25|20 25||||||int8_to_char|||||1775|to_char|||||||||||||s||2||25|700 25||||||float4_to_char|
||||1776|to_char|||||||||||||s||2||25|701 25||||||float8_to_char|||||1778|to_timestamp|||||||||||||s||2||1184|25 25||||||to_timestamp|||||1780|to_date|||||||||||||s||2||1082|25 25|
|||||to_date|||||1768|to_char|||||||||||||s||2||25|1186 25||||||interval_to_char|||||1282|quote_ident|||||||||||||||||25|25||||||quote_ident|||||1798|oidin|||||||||||||||||26||||||
|oidin|||||1799|oidout|||||||||||||||||2275|26||||||oidout|||||3060|left|||||||||||||||2||25|25 23||||||text_left|||||3061|right|||||||||||||||2||25|25 23||||||text_right|||||3062|
reverse|||||||||||||||||25|25||||||text_reverse|||||3538|string_agg||||||||a|||false||||2||25|25 25|||||||||||3545|string_agg||||||||a|||false||||2||17|17 17|||||||||||1922|
has_table_privilege|||||||||||||s||3|||19 25 25||||||has_table_privilege_name_name|||||1923|has_table_privilege|||||||||||||s||3|||19 26 25||||||has_table_privilege_name_id|||||
1924|has_table_privilege|||||||||||||s||3|||26 25 25||||||has_table_privilege_id_name|||||1925|has_table_privilege|||||||||||||s||3|||26 26 25||||||has_table_privilege_id_id|||||
1926|has_table_privilege|||||||||||||s||2|||25 25||||||has_table_privilege_name|||||1927|has_table_privilege|||||||||||||s||2|||26 25||||||has_table_privilege_id|||||2181|
has_sequence_privilege|||||||||||||s||3|||19 25 25||||||has_sequence_privilege_name_name|||||2182|has_sequence_privilege|||||||||||||s||3|||19 26 25||||||
has_sequence_privilege_name_id|||||2183|has_sequence_privilege|||||||||||||s||3|||26 25 25||||||has_sequence_privilege_id_name|||||2184|has_sequence_privilege|||||||||||||s||3|||
26 26 25||||||has_sequence_privilege_id_id|||||2185|has_sequence_privilege|||||||||||||s||2|||25 25||||||has_sequence_privilege_name|||||2186|has_sequence_privilege|||||||||||||s||
2|||26 25||||||has_sequence_privilege_id|||||3012|has_column_privilege|||||||||||||s||4|||19 25 25 25||||||has_column_privilege_name_name_name|||||3013|has_column_privilege||||||||
|||||s||4|||19 25 21 25||||||has_column_privilege_name_name_attnum|||||3014|has_column_privilege|||||||||||||s||4|||19 26 25 25||||||has_column_privilege_name_id_name|||||3015|
has_column_privilege|||||||||||||s||4|||19 26 21 25||||||has_column_privilege_name_id_attnum|||||3016|has_column_privilege|||||||||||||s||4|||26 25 25 25||||||
has_column_privilege_id_name_name|||||3017|has_column_privilege|||||||||||||s||4|||26 25 21 25||||||has_column_privilege_id_name_attnum|||||3018|has_column_privilege|||||||||||||s|
|4|||26 26 25 25||||||has_column_privilege_id_id_name|||||3019|has_column_privilege|||||||||||||s||4|||26 26 21 25||||||has_column_privilege_id_id_attnum|||||3020|
has_column_privilege|||||||||||||s||3|||25 25 25||||||has_column_privilege_name_name|||||3021|has_column_privilege|||||||||||||s||3|||25 21 25||||||
has_column_privilege_name_attnum|||||3022|has_column_privilege|||||||||||||s||3|||26 25 25||||||has_column_privilege_id_name|||||3023|has_column_privilege|||||||||||||s||3|||
26 21 25||||||has_column_privilege_id_attnum|||||3024|has_any_column_privilege||||10|||||||||s||3|||19 25 25||||||has_any_column_privilege_name_name|||||3025|
has_any_column_privilege||||10|||||||||s||3|||19 26 25||||||has_any_column_privilege_name_id|||||3026|has_any_column_privilege||||10|||||||||s||3|||26 25 25||||||
has_any_column_privilege_id_name|||||3027|has_any_column_privilege||||10|||||||||s||3|||26 26 25||||||has_any_column_privilege_id_id|||||3028|has_any_column_privilege||||10||||||||
)"
    R"(|s||2|||25 25||||||has_any_column_privilege_name|||||3029|has_any_column_privilege||||10|||||||||s||2|||26 25||||||has_any_column_privilege_id|||||3355|pg_ndistinct_in|||||||||||||
||||3361|||||||pg_ndistinct_in|||||3356|pg_ndistinct_out|||||||||||||||||2275|3361||||||pg_ndistinct_out|||||3357|pg_ndistinct_recv|||||||||||||s||||3361|2281||||||
pg_ndistinct_recv|||||3358|pg_ndistinct_send|||||||||||||s||||17|3361||||||pg_ndistinct_send|||||3404|pg_dependencies_in|||||||||||||||||3402|||||||pg_dependencies_in|||||3405|
pg_dependencies_out|||||||||||||||||2275|3402||||||pg_dependencies_out|||||3406|pg_dependencies_recv|||||||||||||s||||3402|2281||||||pg_dependencies_recv|||||3407|
pg_dependencies_send|||||||||||||s||||17|3402||||||pg_dependencies_send|||||5018|pg_mcv_list_in|||||||||||||||||5017|||||||pg_mcv_list_in|||||5019|pg_mcv_list_out|||||||||||||||||
2275|5017||||||pg_mcv_list_out|||||5020|pg_mcv_list_recv|||||||||||||s||||5017|2281||||||pg_mcv_list_recv|||||5021|pg_mcv_list_send|||||||||||||s||||17|5017||||||pg_mcv_list_send||
|||2026|pg_backend_pid|||||||||||||s|r|0||23|\e||||||pg_backend_pid|||||3778|pg_tablespace_location|||||||||||||s||||25|26||||||pg_tablespace_location|||||1946|encode||||||||||||||
|2||25|17 25||||||binary_encode|||||1947|decode|||||||||||||||2||17|25 25||||||binary_decode|||||1961|timestamp|||||||3917||||||||2||1114|1114 23||||||timestamp_scale|||||1967|
timestamptz|||||||3917||||||||2||1184|1184 23||||||timestamptz_scale|||||1968|time|||||||3944||||||||2||1083|1083 23||||||time_scale|||||1969|timetz|||||||3944||||||||2||1266|
1266 23||||||timetz_scale|||||2007|like|||||||1023||||||||2|||17 17||||||bytealike|||||2008|notlike|||||||||||||||2|||17 17||||||byteanlike|||||2010|length|||||||||||||||||23|17|||
|||byteaoctetlen|||||2012|substring|||||||||||||||3||17|17 23 23||||||bytea_substr|||||2013|substring|||||||||||||||2||17|17 23||||||bytea_substr_no_len|||||2085|substr||||||||||||
|||3||17|17 23 23||||||bytea_substr|||||2086|substr|||||||||||||||2||17|17 23||||||bytea_substr_no_len|||||2014|position|||||||||||||||2||23|17 17||||||byteapos|||||2015|btrim|||||
||||||||||2||17|17 17||||||byteatrim|||||6195|ltrim|||||||||||||||2||17|17 17||||||bytealtrim|||||6196|rtrim|||||||||||||||2||17|17 17||||||byteartrim|||||2019|time|||||||||||||s||
||1083|1184||||||timestamptz_time|||||2020|date_trunc|||||||||||||||2||1114|25 1114||||||timestamp_trunc|||||2021|date_part|||||||||||||||2||701|25 1114||||||timestamp_part|||||
6202|extract|||||||||||||||2||1700|25 1114||||||extract_timestamp|||||2024|timestamp|||||||||||||||||1114|1082||||||date_timestamp|||||2027|timestamp|||||||||||||s||||1114|1184||||
||timestamptz_timestamp|||||2028|timestamptz|||||||||||||s||||1184|1114||||||timestamp_timestamptz|||||2029|date|||||||||||||||||1082|1114||||||timestamp_date|||||2037|timezone||||
|||||||||s||2||1266|25 1266||||||timetz_zone|||||2038|timezone|||||||||||||||2||1266|1186 1266||||||timetz_izone|||||2046|time|||||||||||||||||1083|1266||||||timetz_time|||||2047|
timetz|||||||||||||s||||1266|1083||||||time_timetz|||||2049|to_char|||||||||||||s||2||25|1114 25||||||timestamp_to_char|||||2058|age|||||||||||||||2||1186|1114 1114||||||
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
790|||||||||||2113|sum||||||||a|||false||||||1186|1186|||||||||||2114|sum||||||||a|||false||||||1700|1700|||||||||||2115|max||||||||a|||false||||||20|20|||||||||||2116|max||||||||
a|||false||||||23|23|||||||||||2117|max||||||||a|||false||||||21|21|||||||||||2118|max||||||||a|||false||||||26|26|||||||||||2119|max||||||||a|||false||||||700|700|||||||||||2120|
max||||||||a|||false||||||701|701|||||||||||2122|max||||||||a|||false||||||1082|1082|||||||||||2123|max||||||||a|||false||||||1083|1083|||||||||||2124|max||||||||a|||false||||||
1266|1266|||||||||||2125|max||||||||a|||false||||||790|790|||||||||||2126|max||||||||a|||false||||||1114|1114|||||||||||2127|max||||||||a|||false||||||1184|1184|||||||||||2128|max|
|||||||a|||false||||||1186|1186|||||||||||2129|max||||||||a|||false||||||25|25|||||||||||2130|max||||||||a|||false||||||1700|1700|||||||||||2050|max||||||||a|||false||||||2277|
2277|||||||||||2244|max||||||||a|||false||||||1042|1042|||||||||||2797|max||||||||a|||false||||||27|27|||||||||||3564|max||||||||a|||false||||||869|869|||||||||||4189|max||||||||a|
||false||||||3220|3220|||||||||||5099|max||||||||a|||false||||||5069|5069|||||||||||2131|||||||||a|||false||||||20|20|||||||||||2132|||||||||a|||false||||||23|23|||||||||||2133||||
|||||a|||false||||||21|21|||||||||||2134|||||||||a|||false||||||26|26|||||||||||2135|||||||||a|||false||||||700|700|||||||||||2136|||||||||a|||false||||||701|701|||||||||||2138||||
|||||a|||false||||||1082|1082|||||||||||2139|||||||||a|||false||||||1083|1083|||||||||||2140|||||||||a|||false||||||1266|1266|||||||||||2141|||||||||a|||false||||||790|790|||||||||
||2142|||||||||a|||false||||||1114|1114|||||||||||2143|||||||||a|||false||||||1184|1184|||||||||||2144|||||||||a|||false||||||1186|1186|||||||||||2145|||||||||a|||false||||||25|25|
||||||||||2146|||||||||a|||false||||||1700|1700|||||||||||2051|||||||||a|||false||||||2277|2277|||||||||||2245|||||||||a|||false||||||1042|1042|||||||||||2798|||||||||a|||false||||
||27|27|||||||||||3565|||||||||a|||false||||||869|869|||||||||||4190|||||||||a|||false||||||3220|3220|||||||||||5100|||||||||a|||false||||||5069|5069|||||||||||2147|count|||||||
6236|a|||false||||||20|2276|||||||||||2803|count|||||||6236|a|||false||||0||20|\e|||||||||||2718|var_pop||||||||a|||false||||||1700|20|||||||||||2719|var_pop||||||||a|||false||||||
1700|23|||||||||||2720|var_pop||||||||a|||false||||||1700|21|||||||||||2721|var_pop||||||||a|||false||||||701|700|||||||||||2722|var_pop||||||||a|||false||||||701|701|||||||||||
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
||a|||false||||2||701|701 701|||||||||||2829|corr||||||||a|||false||||2||701|701 701|||||||||||2212|regprocedurein|||||||||||||s||||2202|||||||regprocedurein|||||2213|
regprocedureout|||||||||||||s||||2275|2202||||||regprocedureout|||||2214|regoperin|||||||||||||s||||2203|||||||regoperin|||||2215|regoperout|||||||||||||s||||2275|2203||||||
regoperout|||||2216|regoperatorin|||||||||||||s||||2204|||||||regoperatorin|||||2217|regoperatorout|||||||||||||s||||2275|2204||||||regoperatorout|||||2218|regclassin|||||||||||||
s||||2205|||||||regclassin|||||2219|regclassout|||||||||||||s||||2275|2205||||||regclassout|||||3495|to_regclass|||||||||||||s||||2205|25||||||to_regclass|||||4193|regcollationin||
|||||||||||s||||4191|||||||regcollationin|||||4194|regcollationout|||||||||||||s||||2275|4191||||||regcollationout|||||2220|regtypein|||||||||||||s||||2206|||||||regtypein|||||
2221|regtypeout|||||||||||||s||||2275|2206||||||regtypeout|||||3493|to_regtype|||||||||||||s||||2206|25||||||to_regtype|||||1079|regclass|||||||||||||s||||2205|25||||||
text_regclass|||||4098|regrolein|||||||||||||s||||4096|||||||regrolein|||||4092|regroleout|||||||||||||s||||2275|4096||||||regroleout|||||4093|to_regrole|||||||||||||s||||4096|25||
||||to_regrole|||||4084|regnamespacein|||||||||||||s||||4089|||||||regnamespacein|||||4085|regnamespaceout|||||||||||||s||||2275|4089||||||regnamespaceout|||||4086|to_regnamespace|
||||||||||||s||||4089|25||||||to_regnamespace|||||2250|has_database_privilege|||||||||||||s||3|||19 25 25||||||has_database_privilege_name_name|||||2251|has_database_privilege|||||
||||||||s||3|||19 26 25||||||has_database_privilege_name_id|||||2252|has_database_privilege|||||||||||||s||3|||26 25 25||||||has_database_privilege_id_name|||||2253|
has_database_privilege|||||||||||||s||3|||26 26 25||||||has_database_privilege_id_id|||||2254|has_database_privilege|||||||||||||s||2|||25 25||||||has_database_privilege_name|||||
2255|has_database_privilege|||||||||||||s||2|||26 25||||||has_database_privilege_id|||||2256|has_function_privilege|||||||||||||s||3|||19 25 25||||||
has_function_privilege_name_name|||||2257|has_function_privilege|||||||||||||s||3|||19 26 25||||||has_function_privilege_name_id|||||2258|has_function_privilege|||||||||||||s||3|||
26 25 25||||||has_function_privilege_id_name|||||2259|has_function_privilege|||||||||||||s||3|||26 26 25||||||has_function_privilege_id_id|||||2260|has_function_privilege||||||||||
|||s||2|||25 25||||||has_function_privilege_name|||||2261|has_function_privilege|||||||||||||s||2|||26 25||||||has_function_privilege_id|||||2262|has_language_privilege||||||||||||
|s||3|||19 25 25||||||has_language_privilege_name_name|||||2263|has_language_privilege|||||||||||||s||3|||19 26 25||||||has_language_privilege_name_id|||||2264|
has_language_privilege|||||||||||||s||3|||26 25 25||||||has_language_privilege_id_name|||||2265|has_language_privilege|||||||||||||s||3|||26 26 25||||||
has_language_privilege_id_id|||||2313|anyelement_out|||||||||||||||||2275|2283||||||anyelement_out|||||2266|has_language_privilege|||||||||||||s||2|||25 25||||||
has_language_privilege_name|||||2267|has_language_privilege|||||||||||||s||2|||26 25||||||has_language_privilege_id|||||2268|has_schema_privilege|||||||||||||s||3|||19 25 25||||||
has_schema_privilege_name_name|||||2269|has_schema_privilege|||||||||||||s||3|||19 26 25||||||has_schema_privilege_name_id|||||2270|has_schema_privilege|||||||||||||s||3|||
)"
    R"(26 25 25||||||has_schema_privilege_id_name|||||2271|has_schema_privilege|||||||||||||s||3|||26 26 25||||||has_schema_privilege_id_id|||||2272|has_schema_privilege|||||||||||||s||2|
||25 25||||||has_schema_privilege_name|||||2273|has_schema_privilege|||||||||||||s||2|||26 25||||||has_schema_privilege_id|||||2390|has_tablespace_privilege|||||||||||||s||3|||
19 25 25||||||has_tablespace_privilege_name_name|||||2391|has_tablespace_privilege|||||||||||||s||3|||19 26 25||||||has_tablespace_privilege_name_id|||||2392|
has_tablespace_privilege|||||||||||||s||3|||26 25 25||||||has_tablespace_privilege_id_name|||||2393|has_tablespace_privilege|||||||||||||s||3|||26 26 25||||||
has_tablespace_privilege_id_id|||||2394|has_tablespace_privilege|||||||||||||s||2|||25 25||||||has_tablespace_privilege_name|||||2395|has_tablespace_privilege|||||||||||||s||2|||
26 25||||||has_tablespace_privilege_id|||||3138|has_type_privilege|||||||||||||s||3|||19 25 25||||||has_type_privilege_name_name|||||3139|has_type_privilege|||||||||||||s||3|||
19 26 25||||||has_type_privilege_name_id|||||3140|has_type_privilege|||||||||||||s||3|||26 25 25||||||has_type_privilege_id_name|||||3141|has_type_privilege|||||||||||||s||3|||
26 26 25||||||has_type_privilege_id_id|||||3142|has_type_privilege|||||||||||||s||2|||25 25||||||has_type_privilege_name|||||3143|has_type_privilege|||||||||||||s||2|||26 25||||||
has_type_privilege_id|||||2705|pg_has_role|||||||||||||s||3|||19 19 25||||||pg_has_role_name_name|||||2706|pg_has_role|||||||||||||s||3|||19 26 25||||||pg_has_role_name_id|||||
2707|pg_has_role|||||||||||||s||3|||26 19 25||||||pg_has_role_id_name|||||2708|pg_has_role|||||||||||||s||3|||26 26 25||||||pg_has_role_id_id|||||2709|pg_has_role|||||||||||||s||2|
||19 25||||||pg_has_role_name|||||2710|pg_has_role|||||||||||||s||2|||26 25||||||pg_has_role_id|||||2322|pg_tablespace_size|||||||||||||v||||20|26||||||pg_tablespace_size_oid|||||
2323|pg_tablespace_size|||||||||||||v||||20|19||||||pg_tablespace_size_name|||||2324|pg_database_size|||||||||||||v||||20|26||||||pg_database_size_oid|||||2168|pg_database_size||||
|||||||||v||||20|19||||||pg_database_size_name|||||2332|pg_relation_size|||||||||||||v||2||20|2205 25||||||pg_relation_size|||||2286|pg_total_relation_size|||||||||||||v||||20|
2205||||||pg_total_relation_size|||||2288|pg_size_pretty|||||||||||||||||25|20||||||pg_size_pretty|||||3166|pg_size_pretty|||||||||||||||||25|1700||||||pg_size_pretty_numeric|||||
2997|pg_table_size|||||||||||||v||||20|2205||||||pg_table_size|||||2998|pg_indexes_size|||||||||||||v||||20|2205||||||pg_indexes_size|||||2290|record_in|||||||||||||s||3||2249|
2275 26 23||||||record_in|||||2291|record_out|||||||||||||s||||2275|2249||||||record_out|||||2292|cstring_in|||||||||||||||||2275|||||||cstring_in|||||2293|cstring_out|||||||||||||
||||2275|||||||cstring_out|||||2294|any_in|||||||||||||||||2276|||||||any_in|||||2295|any_out|||||||||||||||||2275|2276||||||any_out|||||2296|anyarray_in|||||||||||||||||2277||||||
|anyarray_in|||||2297|anyarray_out|||||||||||||s||||2275|2277||||||anyarray_out|||||2298|void_in|||||||||||||||||2278|||||||void_in|||||2299|void_out|||||||||||||||||2275|2278|||||
|void_out|||||2300|trigger_in|||||||||||false||||||2279|||||||trigger_in|||||2301|trigger_out|||||||||||||||||2275|2279||||||trigger_out|||||3594|event_trigger_in|||||||||||false||
||||3838|||||||event_trigger_in|||||3595|event_trigger_out|||||||||||||||||2275|3838||||||event_trigger_out|||||2302|language_handler_in|||||||||||false||||||2280|||||||
language_handler_in|||||2303|language_handler_out|||||||||||||||||2275|2280||||||language_handler_out|||||2304|internal_in|||||||||||false||||||2281|||||||internal_in|||||2305|
internal_out|||||||||||||||||2275|2281||||||internal_out|||||2312|anyelement_in|||||||||||||||||2283|||||||anyelement_in|||||2597|domain_in|||||||||||false||s||3||2276|2275 26 23||
||||domain_in|||||2598|domain_recv|||||||||||false||s||3||2276|2281 26 23||||||domain_recv|||||2777|anynonarray_in|||||||||||||||||2776|||||||anynonarray_in|||||2778|
anynonarray_out|||||||||||||||||2275|2776||||||anynonarray_out|||||3116|fdw_handler_in|||||||||||false||||||3115|||||||fdw_handler_in|||||3117|fdw_handler_out|||||||||||||||||2275|
3115||||||fdw_handler_out|||||326|index_am_handler_in|||||||||||false||||||325|||||||index_am_handler_in|||||327|index_am_handler_out|||||||||||||||||2275|325||||||
index_am_handler_out|||||3311|tsm_handler_in|||||||||||false||||||3310|||||||tsm_handler_in|||||3312|tsm_handler_out|||||||||||||||||2275|3310||||||tsm_handler_out|||||267|
table_am_handler_in|||||||||||false||||||269|||||||table_am_handler_in|||||268|table_am_handler_out|||||||||||||||||2275|269||||||table_am_handler_out|||||5086|anycompatible_in||||
|||||||||||||5077|||||||anycompatible_in|||||5087|anycompatible_out|||||||||||||||||2275|5077||||||anycompatible_out|||||5088|anycompatiblearray_in|||||||||||||||||5078|||||||
anycompatiblearray_in|||||5089|anycompatiblearray_out|||||||||||||s||||2275|5078||||||anycompatiblearray_out|||||5090|anycompatiblearray_recv|||||||||||||s||||5078|2281||||||
anycompatiblearray_recv|||||5091|anycompatiblearray_send|||||||||||||s||||17|5078||||||anycompatiblearray_send|||||5092|anycompatiblenonarray_in|||||||||||||||||5079|||||||
anycompatiblenonarray_in|||||5093|anycompatiblenonarray_out|||||||||||||||||2275|5079||||||anycompatiblenonarray_out|||||5094|anycompatiblerange_in|||||||||||||s||3||5080|
2275 26 23||||||anycompatiblerange_in|||||5095|anycompatiblerange_out|||||||||||||s||||2275|5080||||||anycompatiblerange_out|||||4226|anycompatiblemultirange_in|||||||||||||s||3||
4538|2275 26 23||||||anycompatiblemultirange_in|||||4227|anycompatiblemultirange_out|||||||||||||s||||2275|4538||||||anycompatiblemultirange_out|||||2311|md5||||||||||true|||||||
25|25||||||md5_text|||||2321|md5||||||||||true|||||||25|17||||||md5_bytea|||||3419|sha224||||||||||true|||||||17|17||||||sha224_bytea|||||3420|sha256||||||||||true|||||||17|17|||||
|sha256_bytea|||||3421|sha384||||||||||true|||||||17|17||||||sha384_bytea|||||3422|sha512||||||||||true|||||||17|17||||||sha512_bytea|||||2400|array_recv|||||||||||||s||3||2277|
2281 26 23||||||array_recv|||||2401|array_send|||||||||||||s||||17|2277||||||array_send|||||2402|record_recv|||||||||||||s||3||2249|2281 26 23||||||record_recv|||||2403|
record_send|||||||||||||s||||17|2249||||||record_send|||||2404|int2recv|||||||||||||||||21|2281||||||int2recv|||||2405|int2send|||||||||||||||||17|21||||||int2send|||||2406|
int4recv|||||||||||||||||23|2281||||||int4recv|||||2407|int4send|||||||||||||||||17|23||||||int4send|||||2408|int8recv|||||||||||||||||20|2281||||||int8recv|||||2409|int8send||||||
|||||||||||17|20||||||int8send|||||2410|int2vectorrecv|||||||||||||||||22|2281||||||int2vectorrecv|||||2411|int2vectorsend|||||||||||||||||17|22||||||int2vectorsend|||||2412|
bytearecv|||||||||||||||||17|2281||||||bytearecv|||||2413|byteasend|||||||||||||||||17|17||||||byteasend|||||2414|textrecv|||||||||||||s||||25|2281||||||textrecv|||||2415|textsend|
||||||||||||s||||17|25||||||textsend|||||2416|unknownrecv|||||||||||||||||705|2281||||||unknownrecv|||||2417|unknownsend|||||||||||||||||17|705||||||unknownsend|||||2418|oidrecv|||
||||||||||||||26|2281||||||oidrecv|||||2419|oidsend|||||||||||||||||17|26||||||oidsend|||||2420|oidvectorrecv|||||||||||||||||30|2281||||||oidvectorrecv|||||2421|oidvectorsend|||||
||||||||||||17|30||||||oidvectorsend|||||2422|namerecv|||||||||||||s||||19|2281||||||namerecv|||||2423|namesend|||||||||||||s||||17|19||||||namesend|||||2424|float4recv||||||||||||
|||||700|2281||||||float4recv|||||2425|float4send|||||||||||||||||17|700||||||float4send|||||2426|float8recv|||||||||||||||||701|2281||||||float8recv|||||2427|float8send|||||||||||
||||||17|701||||||float8send|||||2428|point_recv|||||||||||||||||600|2281||||||point_recv|||||2429|point_send|||||||||||||||||17|600||||||point_send|||||2430|bpcharrecv||||||||||||
|s||3||1042|2281 26 23||||||bpcharrecv|||||2431|bpcharsend|||||||||||||s||||17|1042||||||bpcharsend|||||2432|varcharrecv|||||||||||||s||3||1043|2281 26 23||||||varcharrecv|||||
2433|varcharsend|||||||||||||s||||17|1043||||||varcharsend|||||2434|charrecv|||||||||||||||||18|2281||||||charrecv|||||2435|charsend|||||||||||||||||17|18||||||charsend|||||2436|
boolrecv||||||||||||||||||2281||||||boolrecv|||||2437|boolsend|||||||||||||||||17|16||||||boolsend|||||2438|tidrecv|||||||||||||||||27|2281||||||tidrecv|||||2439|tidsend|||||||||||
||||||17|27||||||tidsend|||||2440|xidrecv|||||||||||||||||28|2281||||||xidrecv|||||2441|xidsend|||||||||||||||||17|28||||||xidsend|||||2442|cidrecv|||||||||||||||||29|2281||||||
cidrecv|||||2443|cidsend|||||||||||||||||17|29||||||cidsend|||||2444|regprocrecv|||||||||||||||||24|2281||||||regprocrecv|||||2445|regprocsend|||||||||||||||||17|24||||||
regprocsend|||||2446|regprocedurerecv|||||||||||||||||2202|2281||||||regprocedurerecv|||||2447|regproceduresend|||||||||||||||||17|2202||||||regproceduresend|||||2448|regoperrecv||
|||||||||||||||2203|2281||||||regoperrecv|||||2449|regopersend|||||||||||||||||17|2203||||||regopersend|||||2450|regoperatorrecv|||||||||||||||||2204|2281||||||regoperatorrecv|||||
2451|regoperatorsend|||||||||||||||||17|2204||||||regoperatorsend|||||2452|regclassrecv|||||||||||||||||2205|2281||||||regclassrecv|||||2453|regclasssend|||||||||||||||||17|2205|||
|||regclasssend|||||4196|regcollationrecv|||||||||||||||||4191|2281||||||regcollationrecv|||||4197|regcollationsend|||||||||||||||||17|4191||||||regcollationsend|||||2454|
regtyperecv|||||||||||||||||2206|2281||||||regtyperecv|||||2455|regtypesend|||||||||||||||||17|2206||||||regtypesend|||||4094|regrolerecv|||||||||||||||||4096|2281||||||
regrolerecv|||||4095|regrolesend|||||||||||||||||17|4096||||||regrolesend|||||4087|regnamespacerecv|||||||||||||||||4089|2281||||||regnamespacerecv|||||4088|regnamespacesend|||||||
||||||||||17|4089||||||regnamespacesend|||||2456|bit_recv|||||||||||||||3||1560|2281 26 23||||||bit_recv|||||2457|bit_send|||||||||||||||||17|1560||||||bit_send|||||2458|
varbit_recv|||||||||||||||3||1562|2281 26 23||||||varbit_recv|||||2459|varbit_send|||||||||||||||||17|1562||||||varbit_send|||||2460|numeric_recv|||||||||||||||3||1700|2281 26 23||
||||numeric_recv|||||2461|numeric_send|||||||||||||||||17|1700||||||numeric_send|||||2468|date_recv|||||||||||||||||1082|2281||||||date_recv|||||2469|date_send|||||||||||||||||17|
1082||||||date_send|||||2470|time_recv|||||||||||||||3||1083|2281 26 23||||||time_recv|||||2471|time_send|||||||||||||||||17|1083||||||time_send|||||2472|timetz_recv|||||||||||||||
3||1266|2281 26 23||||||timetz_recv|||||2473|timetz_send|||||||||||||||||17|1266||||||timetz_send|||||2474|timestamp_recv|||||||||||||||3||1114|2281 26 23||||||timestamp_recv|||||
2475|timestamp_send|||||||||||||||||17|1114||||||timestamp_send|||||2476|timestamptz_recv|||||||||||||||3||1184|2281 26 23||||||timestamptz_recv|||||2477|timestamptz_send||||||||||
|||||||17|1184||||||timestamptz_send|||||2478|interval_recv|||||||||||||||3||1186|2281 26 23||||||interval_recv|||||2479|interval_send|||||||||||||||||17|1186||||||interval_send|||
||2480|lseg_recv|||||||||||||||||601|2281||||||lseg_recv|||||2481|lseg_send|||||||||||||||||17|601||||||lseg_send|||||2482|path_recv|||||||||||||||||602|2281||||||path_recv|||||
2483|path_send|||||||||||||||||17|602||||||path_send|||||2484|box_recv|||||||||||||||||603|2281||||||box_recv|||||2485|box_send|||||||||||||||||17|603||||||box_send|||||2486|
poly_recv|||||||||||||||||604|2281||||||poly_recv|||||2487|poly_send|||||||||||||||||17|604||||||poly_send|||||2488|line_recv|||||||||||||||||628|2281||||||line_recv|||||2489|
line_send|||||||||||||||||17|628||||||line_send|||||2490|circle_recv|||||||||||||||||718|2281||||||circle_recv|||||2491|circle_send|||||||||||||||||17|718||||||circle_send|||||
2492|cash_recv|||||||||||||||||790|2281||||||cash_recv|||||2493|cash_send|||||||||||||||||17|790||||||cash_send|||||2494|macaddr_recv|||||||||||||||||829|2281||||||macaddr_recv||||
|2495|macaddr_send|||||||||||||||||17|829||||||macaddr_send|||||2496|inet_recv|||||||||||||||||869|2281||||||inet_recv|||||2497|inet_send|||||||||||||||||17|869||||||inet_send|||||
2498|cidr_recv|||||||||||||||||650|2281||||||cidr_recv|||||2499|cidr_send|||||||||||||||||17|650||||||cidr_send|||||2500|cstring_recv|||||||||||||s||||2275|2281||||||cstring_recv||
|||2501|cstring_send|||||||||||||s||||17|||||||cstring_send|||||2502|anyarray_recv|||||||||||||s||||2277|2281||||||anyarray_recv|||||2503|anyarray_send|||||||||||||s||||17|2277||||
||anyarray_send|||||3120|void_recv|||||||||||||||||2278|2281||||||void_recv|||||3121|void_send|||||||||||||||||17|2278||||||void_send|||||3446|macaddr8_recv|||||||||||||||||774|
2281||||||macaddr8_recv|||||3447|macaddr8_send|||||||||||||||||17|774||||||macaddr8_send|||||2504|pg_get_ruledef|||||||||||||s||2||25|26 16||||||pg_get_ruledef_ext|||||2505|
pg_get_viewdef|||||||||||||s|r|2||25|25 16||||||pg_get_viewdef_name_ext|||||2506|pg_get_viewdef|||||||||||||s|r|2||25|26 16||||||pg_get_viewdef_ext|||||3159|pg_get_viewdef|||||||||
||||s|r|2||25|26 23||||||pg_get_viewdef_wrap|||||2507|pg_get_indexdef|||||||||||||s||3||25|26 23 16||||||pg_get_indexdef_ext|||||2508|pg_get_constraintdef|||||||||||||s||2||25|
26 16||||||pg_get_constraintdef_ext|||||2509|pg_get_expr|||||||||||||s||3||25|194 26 16||||||pg_get_expr_ext|||||2730|pg_get_triggerdef|||||||||||||s||2||25|26 16||||||
pg_get_triggerdef_ext|||||3036|pg_notify|||||||||||false||v|r|2||2278|25 25||||||pg_notify|||||2557|bool||||||||||true||||||||23||||||int4_bool|||||1066|generate_series|||||1000||
3994|||||true|||3||23|23 23 23||||||generate_series_step_int4|||||1067|generate_series|||||1000||3994|||||true|||2||23|23 23||||||generate_series_int4|||||1068|generate_series|||||
1000||3995|||||true|||3||20|20 20 20||||||generate_series_step_int8|||||1069|generate_series|||||1000||3995|||||true|||2||20|20 20||||||generate_series_int8|||||3259|
generate_series|||||1000|||||||true|||3||1700|1700 1700 1700||||||generate_series_step_numeric|||||3260|generate_series|||||1000|||||||true|||2||1700|1700 1700||||||
)"
    R"(generate_series_numeric|||||938|generate_series|||||1000|||||||true|||3||1114|1114 1114 1186||||||generate_series_timestamp|||||939|generate_series|||||1000|||||||true|s||3||1184|
1184 1184 1186||||||generate_series_timestamptz|||||2517|bool_and||||||||a|||false|||||||16|||||||||||2518|bool_or||||||||a|||false|||||||16|||||||||||2519|every||||||||a|||false||
|||||16|||||||||||2236|bit_and||||||||a|||false||||||21|21|||||||||||2237|bit_or||||||||a|||false||||||21|21|||||||||||6164|bit_xor||||||||a|||false||||||21|21|||||||||||2238|
bit_and||||||||a|||false||||||23|23|||||||||||2239|bit_or||||||||a|||false||||||23|23|||||||||||6165|bit_xor||||||||a|||false||||||23|23|||||||||||2240|bit_and||||||||a|||false||||
||20|20|||||||||||2241|bit_or||||||||a|||false||||||20|20|||||||||||6166|bit_xor||||||||a|||false||||||20|20|||||||||||2242|bit_and||||||||a|||false||||||1560|1560|||||||||||2243|
bit_or||||||||a|||false||||||1560|1560|||||||||||6167|bit_xor||||||||a|||false||||||1560|1560|||||||||||2558|int4||||||||||true|||||||23|16||||||bool_int4|||||2880|
pg_advisory_lock|||||||||||||v|r|||2278|20||||||pg_advisory_lock_int8|||||3089|pg_advisory_xact_lock|||||||||||||v|r|||2278|20||||||pg_advisory_xact_lock_int8|||||2881|
pg_advisory_lock_shared|||||||||||||v|r|||2278|20||||||pg_advisory_lock_shared_int8|||||3090|pg_advisory_xact_lock_shared|||||||||||||v|r|||2278|20||||||
pg_advisory_xact_lock_shared_int8|||||2882|pg_try_advisory_lock|||||||||||||v|r||||20||||||pg_try_advisory_lock_int8|||||3091|pg_try_advisory_xact_lock|||||||||||||v|r||||20||||||
pg_try_advisory_xact_lock_int8|||||2883|pg_try_advisory_lock_shared|||||||||||||v|r||||20||||||pg_try_advisory_lock_shared_int8|||||3092|pg_try_advisory_xact_lock_shared|||||||||||
||v|r||||20||||||pg_try_advisory_xact_lock_shared_int8|||||2884|pg_advisory_unlock|||||||||||||v|r||||20||||||pg_advisory_unlock_int8|||||2885|pg_advisory_unlock_shared||||||||||||
|v|r||||20||||||pg_advisory_unlock_shared_int8|||||2886|pg_advisory_lock|||||||||||||v|r|2||2278|23 23||||||pg_advisory_lock_int4|||||3093|pg_advisory_xact_lock|||||||||||||v|r|2||
2278|23 23||||||pg_advisory_xact_lock_int4|||||2887|pg_advisory_lock_shared|||||||||||||v|r|2||2278|23 23||||||pg_advisory_lock_shared_int4|||||3094|pg_advisory_xact_lock_shared|||
||||||||||v|r|2||2278|23 23||||||pg_advisory_xact_lock_shared_int4|||||2888|pg_try_advisory_lock|||||||||||||v|r|2|||23 23||||||pg_try_advisory_lock_int4|||||3095|
pg_try_advisory_xact_lock|||||||||||||v|r|2|||23 23||||||pg_try_advisory_xact_lock_int4|||||2889|pg_try_advisory_lock_shared|||||||||||||v|r|2|||23 23||||||
pg_try_advisory_lock_shared_int4|||||3096|pg_try_advisory_xact_lock_shared|||||||||||||v|r|2|||23 23||||||pg_try_advisory_xact_lock_shared_int4|||||2890|pg_advisory_unlock|||||||||
||||v|r|2|||23 23||||||pg_advisory_unlock_int4|||||2891|pg_advisory_unlock_shared|||||||||||||v|r|2|||23 23||||||pg_advisory_unlock_shared_int4|||||2892|pg_advisory_unlock_all|||||
||||||||v|r|0||2278|\e||||||pg_advisory_unlock_all|||||2893|xml_in|||||||||||||s||||142|||||||xml_in|||||2894|xml_out|||||||||||||||||2275|142||||||xml_out|||||2896|xml||||||||||||
|s||||142|25||||||texttoxml|||||2898|xml_recv|||||||||||||s||||142|2281||||||xml_recv|||||2899|xml_send|||||||||||||s||||17|142||||||xml_send|||||321|json_in|||||||||||||||||114|||
||||json_in|||||322|json_out|||||||||||||||||2275|114||||||json_out|||||323|json_recv|||||||||||||||||114|2281||||||json_recv|||||324|json_send|||||||||||||||||17|114||||||
json_send|||||3153|array_to_json|||||||||||||s||||114|2277||||||array_to_json|||||3154|array_to_json|||||||||||||s||2||114|2277 16||||||array_to_json_pretty|||||3155|row_to_json|||
||||||||||s||||114|2249||||||row_to_json|||||3156|row_to_json|||||||||||||s||2||114|2249 16||||||row_to_json_pretty|||||3175|json_agg||||||||a|||false||s||||114|2283|||||||||||
3197|json_object_agg||||||||a|||false||s||2||114|2276 2276|||||||||||3198|json_build_array||||||2276|||||false||s||||114|2276|{2276}|{v}||||json_build_array|||||3199|
json_build_array|||||||||||false||s||0||114|\e||||||json_build_array_noargs|||||3200|json_build_object||||||2276|||||false||s||||114|2276|{2276}|{v}||||json_build_object|||||3201|
json_build_object|||||||||||false||s||0||114|\e||||||json_build_object_noargs|||||3176|to_json|||||||||||||s||||114|2283||||||to_json|||||3955|json_array_elements|||||100|||||||
true|||||114|114|{114,114}|{i,o}|{from_json,value}|||json_array_elements||||||json_array_elements_text|||||100|||||||true|||||25|114|{114,25}|{i,o}|{from_json,value}|||
json_array_elements_text|||||3956|json_array_length|||||||||||||||||23|114||||||json_array_length|||||3957|json_object_keys|||||100|||||||true|||||25|114||||||json_object_keys|||||
3958|json_each|||||100|||||||true|||||2249|114|{114,25,114}|{i,o,o}|{from_json,key,value}|||json_each|||||3959|json_each_text|||||100|||||||true|||||2249|114|{114,25,25}|{i,o,o}|
{from_json,key,value}|||json_each_text|||||3968|json_typeof|||||||||||||||||25|114||||||json_typeof|||||2952|uuid_in|||||||||||||||||2950|||||||uuid_in|||||2953|uuid_out|||||||||||
||||||2275|2950||||||uuid_out|||||2961|uuid_recv|||||||||||||||||2950|2281||||||uuid_recv|||||2962|uuid_send|||||||||||||||||17|2950||||||uuid_send|||||3432|gen_random_uuid||||||||
||true|||v||0||2950|\e||||||gen_random_uuid|||||3229|pg_lsn_in|||||||||||||||||3220|||||||pg_lsn_in|||||3230|pg_lsn_out|||||||||||||||||2275|3220||||||pg_lsn_out|||||3238|
pg_lsn_recv|||||||||||||||||3220|2281||||||pg_lsn_recv|||||3239|pg_lsn_send|||||||||||||||||17|3220||||||pg_lsn_send|||||3504|anyenum_in|||||||||||||||||3500|||||||anyenum_in|||||
3505|anyenum_out|||||||||||||s||||2275|3500||||||anyenum_out|||||3506|enum_in|||||||||||||s||2||3500|2275 26||||||enum_in|||||3507|enum_out|||||||||||||s||||2275|3500||||||
enum_out|||||3526|max||||||||a|||false||||||3500|3500|||||||||||3527|||||||||a|||false||||||3500|3500|||||||||||3532|enum_recv|||||||||||||s||2||3500|2281 26||||||enum_recv|||||
3533|enum_send|||||||||||||s||||17|3500||||||enum_send|||||3610|tsvectorin|||||||||||||||||3614|||||||tsvectorin|||||3639|tsvectorrecv|||||||||||||||||3614|2281||||||tsvectorrecv||
|||3611|tsvectorout|||||||||||||||||2275|3614||||||tsvectorout|||||3638|tsvectorsend|||||||||||||||||17|3614||||||tsvectorsend|||||3612|tsqueryin|||||||||||||||||3615|||||||
tsqueryin|||||3641|tsqueryrecv|||||||||||||||||3615|2281||||||tsqueryrecv|||||3613|tsqueryout|||||||||||||||||2275|3615||||||tsqueryout|||||3640|tsquerysend|||||||||||||||||17|
3615||||||tsquerysend|||||3646|gtsvectorin|||||||||||||||||3642|||||||gtsvectorin|||||3647|gtsvectorout|||||||||||||||||2275|3642||||||gtsvectorout|||||3711|length|||||||||||||||||
23|3614||||||tsvector_length|||||3736|regconfigin|||||||||||||s||||3734|||||||regconfigin|||||3737|regconfigout|||||||||||||s||||2275|3734||||||regconfigout|||||3738|regconfigrecv|
||||||||||||||||3734|2281||||||regconfigrecv|||||3739|regconfigsend|||||||||||||||||17|3734||||||regconfigsend|||||3771|regdictionaryin|||||||||||||s||||3769|||||||regdictionaryin|
||||3772|regdictionaryout|||||||||||||s||||2275|3769||||||regdictionaryout|||||3773|regdictionaryrecv|||||||||||||||||3769|2281||||||regdictionaryrecv|||||3774|regdictionarysend|||
||||||||||||||17|3769||||||regdictionarysend|||||3806|jsonb_in|||||||||||||||||3802|||||||jsonb_in|||||3805|jsonb_recv|||||||||||||||||3802|2281||||||jsonb_recv|||||3804|jsonb_out|
||||||||||||||||2275|3802||||||jsonb_out|||||3803|jsonb_send|||||||||||||||||17|3802||||||jsonb_send|||||3787|to_jsonb|||||||||||||s||||3802|2283||||||to_jsonb|||||3267|jsonb_agg||
||||||a|||false||s||||3802|2283|||||||||||2940|txid_snapshot_out|||||||||||||||||2275|2970||||||pg_snapshot_out|||||3270|jsonb_object_agg||||||||a|||false||||2||3802|2276 2276|||||
||||||3271|jsonb_build_array||||||2276|||||false||s||||3802|2276|{2276}|{v}||||jsonb_build_array|||||3272|jsonb_build_array|||||||||||false||s||0||3802|\e||||||
jsonb_build_array_noargs|||||3273|jsonb_build_object||||||2276|||||false||s||||3802|2276|{2276}|{v}||||jsonb_build_object|||||3274|jsonb_build_object|||||||||||false||s||0||3802|
\e||||||jsonb_build_object_noargs|||||3262|jsonb_strip_nulls|||||||||||||||||3802|3802||||||jsonb_strip_nulls|||||3219|jsonb_array_elements|||||100|||||||true|||||3802|3802|
{3802,3802}|{i,o}|{from_json,value}|||jsonb_array_elements|||||3465|jsonb_array_elements_text|||||100|||||||true|||||25|3802|{3802,25}|{i,o}|{from_json,value}|||
jsonb_array_elements_text|||||3207|jsonb_array_length|||||||||||||||||23|3802||||||jsonb_array_length|||||3931|jsonb_object_keys|||||100|||||||true|||||25|3802||||||
jsonb_object_keys|||||3208|jsonb_each|||||100|||||||true|||||2249|3802|{3802,25,3802}|{i,o,o}|{from_json,key,value}|||jsonb_each|||||3932|jsonb_each_text|||||100|||||||true|||||
2249|3802|{3802,25,25}|{i,o,o}|{from_json,key,value}|||jsonb_each_text|||||3210|jsonb_typeof|||||||||||||||||25|3802||||||jsonb_typeof|||||4047|jsonb_exists|||||||||||||||2|||
3802 25||||||jsonb_exists|||||3306|jsonb_pretty|||||||||||||||||25|3802||||||jsonb_pretty|||||4001|jsonpath_in|||||||||||||||||4072|||||||jsonpath_in|||||4002|jsonpath_recv||||||||
|||||||||4072|2281||||||jsonpath_recv|||||4003|jsonpath_out|||||||||||||||||2275|4072||||||jsonpath_out|||||4004|jsonpath_send|||||||||||||||||17|4072||||||jsonpath_send|||||2939|
txid_snapshot_in|||||||||||||||||2970|||||||pg_snapshot_in|||||3579|jsonb_insert|||||||||||||||4|1|3802|3802 1009 3802 16|||{jsonb_in,path,replacement,insert_after}|||jsonb_insert|
||||2941|txid_snapshot_recv|||||||||||||||||2970|2281||||||pg_snapshot_recv|||||2942|txid_snapshot_send|||||||||||||||||17|2970||||||pg_snapshot_send|||||5055|pg_snapshot_in|||||||
||||||||||5038|||||||pg_snapshot_in|||||5056|pg_snapshot_out|||||||||||||||||2275|5038||||||pg_snapshot_out|||||5057|pg_snapshot_recv|||||||||||||||||5038|2281||||||
pg_snapshot_recv|||||5058|pg_snapshot_send|||||||||||||||||17|5038||||||pg_snapshot_send|||||3100|row_number|||||||6233|w|||false||||0||20|\e||||||window_row_number|||||3101|rank||
|||||6234|w|||false||||0||20|\e||||||window_rank|||||3102|dense_rank|||||||6235|w|||false||||0||20|\e||||||window_dense_rank|||||3103|percent_rank||||||||w|||false||||0||701|\e||||
||window_percent_rank|||||3104|cume_dist||||||||w|||false||||0||701|\e||||||window_cume_dist|||||3105|ntile||||||||w|||||||||23|23||||||window_ntile|||||3106|lag||||||||w|||||||||
2283|2283||||||window_lag|||||3107|lag||||||||w|||||||2||2283|2283 23||||||window_lag_with_offset|||||3108|lag||||||||w|||||||3||5077|5077 23 5077||||||
window_lag_with_offset_and_default|||||3109|lead||||||||w|||||||||2283|2283||||||window_lead|||||3110|lead||||||||w|||||||2||2283|2283 23||||||window_lead_with_offset|||||3111|
lead||||||||w|||||||3||5077|5077 23 5077||||||window_lead_with_offset_and_default|||||3112|first_value||||||||w|||||||||2283|2283||||||window_first_value|||||3113|last_value|||||||
|w|||||||||2283|2283||||||window_last_value|||||3114|nth_value||||||||w|||||||2||2283|2283 23||||||window_nth_value|||||3832|anyrange_in|||||||||||||s||3||3831|2275 26 23||||||
anyrange_in|||||3833|anyrange_out|||||||||||||s||||2275|3831||||||anyrange_out|||||3834|range_in|||||||||||||s||3||3831|2275 26 23||||||range_in|||||3835|range_out|||||||||||||s|||
|2275|3831||||||range_out|||||3836|range_recv|||||||||||||s||3||3831|2281 26 23||||||range_recv|||||3837|range_send|||||||||||||s||||17|3831||||||range_send|||||3848|lower|||||||||
||||||||2283|3831||||||range_lower|||||3849|upper|||||||||||||||||2283|3831||||||range_upper|||||4229|anymultirange_in|||||||||||||s||3||4537|2275 26 23||||||anymultirange_in|||||
4230|anymultirange_out|||||||||||||s||||2275|4537||||||anymultirange_out|||||4231|multirange_in|||||||||||||s||3||4537|2275 26 23||||||multirange_in|||||4232|multirange_out||||||||
|||||s||||2275|4537||||||multirange_out|||||4233|multirange_recv|||||||||||||s||3||4537|2281 26 23||||||multirange_recv|||||4234|multirange_send|||||||||||||s||||17|4537||||||
multirange_send|||||4235|lower|||||||||||||||||2283|4537||||||multirange_lower|||||4236|upper|||||||||||||||||2283|4537||||||multirange_upper|||||4281|int4multirange|||||||||||||||
||4451|3904||||||multirange_constructor1|||||4284|nummultirange|||||||||||||||||4532|3906||||||multirange_constructor1|||||4287|tsmultirange|||||||||||||||||4533|3908||||||
multirange_constructor1|||||4290|tstzmultirange|||||||||||||||||4534|3910||||||multirange_constructor1|||||4293|datemultirange|||||||||||||||||4535|3912||||||
multirange_constructor1|||||4296|int8multirange|||||||||||||||||4536|3926||||||multirange_constructor1|||||3846|make_date|||||||||||||||3||1082|23 23 23|||{year,month,day}|||
make_date|||||3847|make_time|||||||||||||||3||1083|23 23 701|||{hour,min,sec}|||make_time|||||3461|make_timestamp|||||||||||||||6||1114|23 23 23 23 23 701|||
{year,month,mday,hour,min,sec}|||make_timestamp|||||3986|rank||||||2276||a|||false||||||20|2276|{2276}|{v}|||||||||3988|percent_rank||||||2276||a|||false||||||701|2276|{2276}|{v}||
|||||||3990|cume_dist||||||2276||a|||false||||||701|2276|{2276}|{v}|||||||||3992|dense_rank||||||2276||a|||false||||||20|2276|{2276}|{v}|||||||||6121|pg_relation_is_publishable||||
|||||||||s|||||2205||||||pg_relation_is_publishable|||||4596|brin_bloom_summary_in|||||||||||||||||4600|||||||brin_bloom_summary_in|||||4597|brin_bloom_summary_out|||||||||||||||||
2275|4600||||||brin_bloom_summary_out|||||4598|brin_bloom_summary_recv|||||||||||||s||||4600|2281||||||brin_bloom_summary_recv|||||4599|brin_bloom_summary_send|||||||||||||s||||17|
4600||||||brin_bloom_summary_send|||||4638|brin_minmax_multi_summary_in|||||||||||||||||4601|||||||brin_minmax_multi_summary_in|||||4639|brin_minmax_multi_summary_out||||||||||||||
|||2275|4601||||||brin_minmax_multi_summary_out|||||4640|brin_minmax_multi_summary_recv|||||||||||||s||||4601|2281||||||brin_minmax_multi_summary_recv|||||4641|
brin_minmax_multi_summary_send|||||||||||||s||||17|4601||||||brin_minmax_multi_summary_send|||||879|lpad|||14||||||||||||2||25|25 23||||||\e|||||880|rpad|||14||||||||||||2||25|
)"
    R"(25 23||||||\e|||||2074|substring|||14||||||||||||3||25|25 25 25||||||\e|||||1812|bit_length|||14||||||||||||||23|1560||||||\e|||||1810|bit_length|||14||||||||||||||23|17||||||\e|||
||1811|bit_length|||14||||||||||||||23|25||||||\e|||||1741|log|||14||||||||||||||1700|1700||||||\e|||||1481|log10|||14||||||||||||||1700|1700||||||\e|||||1708|round|||14|||||||||||
|||1700|1700||||||\e|||||1710|trunc|||14||||||||||||||1700|1700||||||\e|||||1544|polygon|||14||||||||||||||604|718||||||\e|||||1386|age|||14||||||||||s||||1186|1184||||||\e|||||
2059|age|||14||||||||||s||||1186|1114||||||\e|||||1384|date_part|||14||||||||||||2||701|25 1082||||||\e|||||2325|pg_relation_size|||14||||||||||v||||20|2205||||||\e|||||1215|
obj_description|||14|100|||||||||s||2||25|26 19||||||\e|||||1993|shobj_description|||14|100|||||||||s||2||25|26 19||||||\e|||||1348|obj_description|||14|100|||||||||s||||25|26|||||
|\e|||||1216|col_description|||14|100|||||||||s||2||25|26 23||||||\e|||||3464|make_interval|||||||||||||||7|7|1186|23 23 23 23 23 23 701|||
{years,months,weeks,days,hours,mins,secs}|||make_interval|||||3305|jsonb_set|||||||||||||||4|1|3802|3802 1009 3802 16|||{jsonb_in,path,replacement,create_if_missing}|||jsonb_set|||
||13148|dsnowball_init|||13||||||||||v|u|||2281|2281||||||dsnowball_init|$libdir/dict_snowball||||13149|dsnowball_lexize|||13||||||||||v|u|4||2281|2281 2281 2281 2281||||||
dsnowball_lexize|$libdir/dict_snowball||||13208|_pg_expandarray|13207||14|100|1000|||||||true|||||2249|2277|{2277,2283,23}|{i,o,o}|{"",x,n}|||
select $1[s],\n        s operator(pg_catalog.-) pg_catalog.array_lower($1,1) operator(pg_catalog.+) 1\n        from pg_catalog.generate_series(pg_catalog.array_lower($1,1),\n
                                        pg_catalog.array_upper($1,1),\n                                        1) as g(s)|||||13209|_pg_index_position|13207||14|100|||||||||s|u|2||
23|26 21||||||\e|||||13210|_pg_truetypid|13207||14|100|||||||||||2||26|75 71||||||\e|||||13211|_pg_truetypmod|13207||14|100|||||||||||2||23|75 71||||||\e|||||13212|
_pg_char_max_length|13207||14|100|||||||||||2||23|26 23|||{typid,typmod}|||\e|||||13213|_pg_char_octet_length|13207||14|100|||||||||||2||23|26 23|||{typid,typmod}|||\e|||||13215|
_pg_numeric_precision|13207||14|100|||||||||||2||23|26 23|||{typid,typmod}|||\e|||||13216|_pg_numeric_precision_radix|13207||14|100|||||||||||2||23|26 23|||{typid,typmod}|||\e|||||
13217|_pg_numeric_scale|13207||14|100|||||||||||2||23|26 23|||{typid,typmod}|||\e|||||13218|_pg_datetime_precision|13207||14|100|||||||||||2||23|26 23|||{typid,typmod}|||\e|||||
13219|_pg_interval_type|13207||14|100|||||||||||2||25|26 23|||{typid,mod}|||\e|||||13560|plpgsql_call_handler|||13||||||||false||v|u|0||2280|\e||||||plpgsql_call_handler|
$libdir/plpgsql||||13561|plpgsql_inline_handler|||13||||||||||v|u|||2278|2281||||||plpgsql_inline_handler|$libdir/plpgsql||||13562|plpgsql_validator|||13||||||||||v|u|||2278|26||||
||plpgsql_validator|$libdir/plpgsql||||
)";

constexpr StaticRows k_rows_functions[] = {
    StaticRows{"pg_proc", k_pg_proc},
};

}  // namespace

std::span<const StaticRows> functions_rows() { return k_rows_functions; }

}  // namespace crossfade::sqlite::catalog
