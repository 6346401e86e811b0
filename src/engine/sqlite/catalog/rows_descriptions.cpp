// Written by scripts/catalog-tables from PostgreSQL 15; not edited by hand.
#include "catalog/static_rows.hpp"

namespace crossfade::sqlite::catalog {

namespace {

constexpr std::string_view k_pg_description =
    R"(100|1255|0|I/O|
1242||||1243||||1244||||31||||1245||||33||||34||||35||||38||||39||||40||||41||||42||||43||||44||||45||||3494|||convert proname to regproc|3479|||convert proname to regprocedure|46|
|||47||||48||||49||||50||||51||||5070||||5081||||5082||||5083||||52||||53||||54||||55||||5096|||less-equal-greater|5071|||convert xid8 to xid|77|||convert char to int4|78|||
convert int4 to char|89|||PostgreSQL version string|86||||87||||88||||90||||109||||110||||117||||118||||119||||120||||121||||122||||123||||124||||195||||196||||197||||198||||200|||
|201||||214||||215||||2308|||nearest integer >= value|2320|||nearest integer >= value|2309|||nearest integer <= value|2310|||sign of value|235|||convert int2 to float8|236|||
convert int2 to float4|237|||convert float8 to int2|238|||convert float4 to int2|246|||less-equal-greater|253|||less-equal-greater|320|||
bucket number of operand in equal-width histogram|311|||convert float4 to float8|312|||convert float8 to float4|313|||convert int2 to int4|314|||convert int4 to int2|316|||
convert int4 to float8|317|||convert float8 to int4|318|||convert int4 to float4|319|||convert float4 to int4|3|||row-oriented heap table access method handler|330|||
btree index access method handler|331|||hash index access method handler|332|||gist index access method handler|333|||gin index access method handler|334|||
spgist index access method handler|335|||brin index access method handler|347||||348||||350|||less-equal-greater|3129|||sort support|351|||less-equal-greater|3130|||sort support|
842|||less-equal-greater|3131|||sort support|354|||less-equal-greater|3132|||sort support|355|||less-equal-greater|3133|||sort support|356|||less-equal-greater|3134|||sort support|
404|||less-equal-greater|358|||less-equal-greater|359|||less-equal-greater|3135|||sort support|360|||less-equal-greater|3255|||sort support|5050|||equal image|377|||
less-equal-greater|382|||less-equal-greater|4126|||window RANGE support|4127|||window RANGE support|4128|||window RANGE support|4129|||window RANGE support|4130|||
window RANGE support|4131|||window RANGE support|4132|||window RANGE support|4139|||window RANGE support|4140|||window RANGE support|4141|||window RANGE support|401|||
convert char(n) to text|406|||convert name to text|407|||convert text to name|408|||convert name to char(n)|409|||convert char(n) to name|449|||hash|441|||hash|450|||hash|425|||
hash|949|||hash|442|||hash|451|||hash|443|||hash|452|||hash|444|||hash|453|||hash|445|||hash|454|||hash|446|||hash|455|||hash|447|||hash|400|||hash|448|||hash|456|||hash|772|||
hash|457|||hash|776|||hash|329|||hash|777|||hash|399|||hash|778|||hash|422|||hash|779|||hash|432|||hash|780|||hash|328|||hash|781|||hash|460||||461||||480|||convert int8 to int4|
481|||convert int4 to int8|482|||convert int8 to float8|483|||convert float8 to int8|626|||hash|782|||hash|652|||convert int8 to float4|653|||convert float4 to int8|714|||
convert int8 to int2|754|||convert int2 to int8|668|||adjust char() to typmod length|669|||adjust varchar() to typmod length|720|||octet length|721|||get byte|722|||set byte|723|||
get bit|724|||set bit|749|||substitute portion of string|752|||substitute portion of string|6163|||number of set bits|745|||current user name|746|||session user name|747|||
array dimensions|748|||number of array dimensions|750||||751||||2091|||array lower dimension|2092|||array upper dimension|2176|||array length|3179|||array cardinality|378|||
append element onto end of array|379|||prepend element onto front of array|394|||split delimited text|376|||split delimited text, with null string|6160|||split delimited text|6161|
||split delimited text, with null string|395|||concatenate array elements, using delimiter, into text|384|||concatenate array elements, using delimiter and null string, into text|
3277|||returns an offset of value in array|3278|||returns an offset of value in array with start index|3279|||returns an array of offsets of some value in array|1193|||
array constructor with value|1286|||array constructor with value|3167|||remove any occurrences of an element from an array|3168|||replace any occurrences of an element in an array|
3218|||bucket number of operand given a sorted array of bucket lower bounds|6172|||remove last N elements of array|3816|||array typanalyze|766|||increment|849|||
position of substring|860|||convert char to char(n)|861|||name of the current database|886||||887||||3823|||convert money to numeric|3824|||convert numeric to money|3811|||
convert int4 to money|3812|||convert int8 to money|940|||modulus|941|||modulus|947|||modulus|5044|||greatest common divisor|5045|||greatest common divisor|5046|||
least common multiple|5047|||least common multiple|944|||convert text to char|946|||convert char to text|4067|||bounding box of two boxes|1026|||adjust timestamp to new time zone|
1031||||1032||||3943|||show hardwired default privileges, primarily for use by the information schema|1044||||1045||||1046||||1047||||1078|||less-equal-greater|3328|||sort support|
1080|||hash|972|||hash|1081|||format a type oid and atttypmod to canonical SQL|1084||||1085||||1092|||less-equal-greater|3136|||sort support|4133|||window RANGE support|1107|||
less-equal-greater|1143||||1144||||1150||||1151||||1158|||convert UNIX epoch to timestamptz|1159|||adjust timestamp to new time zone|1160||||1161||||1171|||
extract field from timestamp with time zone|6203|||extract field from timestamp with time zone|1172|||extract field from interval|6204|||extract field from interval|1174|||
convert date to timestamp with time zone|2711|||promote groups of 24 hours to numbers of days and promote groups of 30 days to numbers of months|1175|||
promote groups of 24 hours to numbers of days|1295|||promote groups of 30 days to numbers of months|1176|||convert date and time to timestamp with time zone|1178|||
convert timestamp with time zone to date|1181|||age of a transaction ID, in transactions before current transaction|1199|||date difference preserving months and years|1200|||
adjust interval precision|1215|||get description for object id and catalog name|1216|||get description for table column|1993|||
get description for object id and shared catalog name|1217|||truncate timestamp with time zone to specified units|1284|||
truncate timestamp with time zone to specified units in specified time zone|1218|||truncate interval to specified units|1219|||increment|3546|||decrement|1271|||intervals overlap?|
1273|||extract field from time with time zone|6201|||extract field from time with time zone|1287|||convert int8 to oid|1288|||convert oid to int8|2794|||less-equal-greater|2233|||
hash|2234|||hash|1299|||current transaction time|2647|||current transaction time|2648|||current statement time|2649|||current clock time|1304|||intervals overlap?|1305|||
intervals overlap?|1306|||intervals overlap?|1307|||intervals overlap?|1308|||intervals overlap?|1309|||intervals overlap?|1310|||intervals overlap?|1311|||intervals overlap?|1312|
|||1313||||1314|||less-equal-greater|1315|||less-equal-greater|1316|||convert timestamp to time|1317|||length|1318|||character length|1340|||base 10 logarithm|1194|||
base 10 logarithm|1341|||natural logarithm|1342|||round to nearest integer|1343|||truncate to integer|1344|||square root|1345|||cube root|1346|||exponentiation|1368|||
exponentiation|1347|||natural exponential (e^x)|1348|||deprecated, use two-argument form instead|1350||||1351||||1358|||less-equal-greater|1359|||
convert date and time with time zone to timestamp with time zone|1367|||character length|1369|||character length|1370|||convert time to interval|1372|||character length|1374|||
octet length|1375|||octet length|1381|||character length|1384|||extract field from date|6199|||extract field from date|1385|||extract field from time|6200|||
extract field from time|1386|||date difference from today preserving months and years|1388|||convert timestamp with time zone to time with time zone|1373|||finite date?|1389|||
finite timestamp?|1390|||finite interval?|1376|||factorial|1394|||absolute value|1395|||absolute value|1396|||absolute value|1397|||absolute value|1398|||absolute value|1400|||
convert varchar to name|1401|||convert name to varchar|1402|||current schema name|1403|||current schema search list|1404|||substitute portion of string|1405|||
substitute portion of string|1416|||center of|1419|||convert interval to time|1446|||convert polygon to bounding box|1447|||convert polygon to path|1448|||convert box to polygon|
1449|||convert path to polygon|1450||||1451||||1474|||convert polygon to circle|4091|||convert point to empty box|1479|||convert box to circle|1480|||convert circle to box|1490||||
1491||||1530|||distance between endpoints|1531|||sum of path segments|1532|||center of|1534|||center of|1540|||center of|1541|||diagonal of|1544|||
convert circle to 12-vertex polygon|1564||||1565||||1569|||matches LIKE expression|1570|||does not match LIKE expression|1571|||matches LIKE expression|1572|||
does not match LIKE expression|4032|||sequence last value|1579||||1580||||1596|||less-equal-greater|1598|||random value|1599|||set random seed|1600|||arcsine|1601|||arccosine|1602|
||arctangent|1603|||arctangent, two arguments|1604|||sine|1605|||cosine|1606|||tangent|1607|||cotangent|2731|||arcsine, degrees|2732|||arccosine, degrees|2733|||
arctangent, degrees|2734|||arctangent, two arguments, degrees|2735|||sine, degrees|2736|||cosine, degrees|2737|||tangent, degrees|2738|||cotangent, degrees|1608|||
radians to degrees|1609|||degrees to radians|1610|||PI|2462|||hyperbolic sine|2463|||hyperbolic cosine|2464|||hyperbolic tangent|2465|||inverse hyperbolic sine|2466|||
inverse hyperbolic cosine|2467|||inverse hyperbolic tangent|1620|||convert first char to int4|1621|||convert int4 to char|1622|||replicate string n times|1623|||
convert SQL regexp pattern to POSIX style|1986|||convert SQL regexp pattern to POSIX style|1987|||convert SQL regexp pattern to POSIX style|1637|||
convert LIKE pattern to use backslash escapes|868|||position of substring|870|||lowercase|871|||uppercase|872|||capitalize each word|873|||left-pad string to length|874|||
right-pad string to length|875|||trim selected characters from left end of string|876|||trim selected characters from right end of string|877|||extract portion of string|878|||
map a set of characters appearing in string|879|||left-pad string to length|880|||right-pad string to length|881|||trim spaces from left end of string|882|||
trim spaces from right end of string|883|||extract portion of string|884|||trim selected characters from both ends of string|885|||trim spaces from both ends of string|936|||
extract portion of string|937|||extract portion of string|2087|||replace all occurrences in string of old_substr with new_substr|2284|||replace text using regexp|2285|||
replace text using regexp|6251|||replace text using regexp|6252|||replace text using regexp|6253|||replace text using regexp|3396|||find first match for regexp|3397|||
find first match for regexp|2763|||find match(es) for regexp|2764|||find match(es) for regexp|6254|||count regexp matches|6255|||count regexp matches|6256|||count regexp matches|
6257|||position of regexp match|6258|||position of regexp match|6259|||position of regexp match|6260|||position of regexp match|6261|||position of regexp match|6262|||
position of regexp match|6263|||test for regexp match|6264|||test for regexp match|6265|||extract substring that matches regexp|6266|||extract substring that matches regexp|6267|||
extract substring that matches regexp|6268|||extract substring that matches regexp|6269|||extract substring that matches regexp|2088|||
split string by field_sep and return field_num|2765|||split string by pattern|2766|||split string by pattern|2767|||split string by pattern|2768|||split string by pattern|2089|||
convert int4 number to hex|2090|||convert int8 number to hex|1039|||encoding name of current database|810|||encoding name of current database|1713|||
length of string in specified encoding|1714|||convert string with specified source encoding name|1717|||convert string with specified destination encoding name|1813|||
convert string with specified encoding names|1264|||convert encoding name to encoding id|1597|||convert encoding id to encoding name|2319|||
maximum octet length of a character in given encoding|1573|||source text of a rule|1640|||select statement of a view|1641|||select statement of a view|1642|||
role name by OID (with fallback)|1643|||index description|3415|||extended statistics object description|6174|||extended statistics columns|3352|||partition key description|3408|||
partition constraint description|1662|||trigger description|1387|||constraint description|1716|||deparse an encoded expression|1665|||name of sequence for a serial column|2098|||
definition of a function|2162|||argument list of a function|2232|||identity argument list of a function|2165|||result type of a function|6197|||function SQL body|3842|||
is a relation insertable/updatable/deletable|3843|||is a column updatable|6120|||oid of replica identity index if any|1672|||less-equal-greater|1680|||extract portion of bitstring|
1681|||bitstring length|1682|||octet length|1683|||convert int4 to bitstring|1684|||convert bitstring to int4|1685|||adjust bit() to typmod length|1687|||
adjust varbit() to typmod length|1698|||position of sub-bitstring|1699|||extract portion of bitstring|3030|||substitute portion of bitstring|3031|||substitute portion of bitstring|
3032|||get bit|3033|||set bit|6162|||number of set bits|436||||437||||753|||MACADDR manufacturer fields|836|||less-equal-greater|3359|||sort support|4110||||4111||||4112|||
MACADDR8 manufacturer fields|4119|||less-equal-greater|4123|||convert macaddr to macaddr8|4124|||convert macaddr8 to macaddr|910||||911||||1267||||1427||||926|||less-equal-greater|
5033|||sort support|730|||show all parts of inet/cidr value|1715|||convert inet to cidr|4071|||are the addresses from the same family?|4063|||
the smallest network which includes both of the given networks|3553|||GiST support|3554|||GiST support|3555|||GiST support|3573|||GiST support|3557|||GiST support|3558|||
)"
    R"(GiST support|3559|||GiST support|3795|||SP-GiST support|3796|||SP-GiST support|3797|||SP-GiST support|3798|||SP-GiST support|3799|||SP-GiST support|1693|||less-equal-greater|1688||
|hash|3409|||hash|1696|||hash|3410|||hash|1697|||hash|3418|||hash|1701||||1702||||1703|||adjust numeric to typmod precision/scale|1705|||absolute value|1706|||sign of value|1707|||
value rounded to 'scale'|1708|||value rounded to 'scale' of zero|1709|||value truncated to 'scale'|1710|||value truncated to 'scale' of zero|1711|||nearest integer >= value|2167|||
nearest integer >= value|1712|||nearest integer <= value|1728|||modulus|5048|||greatest common divisor|5049|||least common multiple|1730|||square root|1732|||
natural exponential (e^x)|1734|||natural logarithm|1736|||logarithm base m of n|1738|||exponentiation|2169|||exponentiation|3281|||number of decimal digits in the fractional part|
5042|||minimum scale needed to represent the value|5043|||numeric with minimum scale needed to represent the value|1740|||convert int4 to numeric|1741|||base 10 logarithm|1481|||
base 10 logarithm|1742|||convert float4 to numeric|1743|||convert float8 to numeric|1744|||convert numeric to int4|1745|||convert numeric to float4|1746|||
convert numeric to float8|1973|||trunc(x/y)|2170|||bucket number of operand in equal-width histogram|1764|||increment by one|1769|||less-equal-greater|3283|||sort support|1779|||
convert numeric to int8|1781|||convert int8 to numeric|1782|||convert int2 to numeric|1783|||convert numeric to int2|3556|||convert jsonb to boolean|3449|||
convert jsonb to numeric|3450|||convert jsonb to int2|3451|||convert jsonb to int4|3452|||convert jsonb to int8|3453|||convert jsonb to float4|2580|||convert jsonb to float8|1770||
|format timestamp with time zone to text|1772|||format numeric to text|1773|||format int4 to text|1774|||format int8 to text|1775|||format float4 to text|1776|||
format float8 to text|1777|||convert text to numeric|1778|||convert text to timestamp with time zone|1780|||convert text to date|1768|||format interval to text|1282|||
quote an identifier for usage in a querystring|1798||||1799||||3060|||extract the first n characters|3061|||extract the last n characters|3062|||reverse text|1810|||length in bits|
1811|||length in bits|1812|||length in bits|3538|||concatenate aggregate input into a string|3545|||concatenate aggregate input into a bytea|1922|||
user privilege on relation by username, rel name|1923|||user privilege on relation by username, rel oid|1924|||user privilege on relation by user oid, rel name|1925|||
user privilege on relation by user oid, rel oid|1926|||current user privilege on relation by rel name|1927|||current user privilege on relation by rel oid|2181|||
user privilege on sequence by username, seq name|2182|||user privilege on sequence by username, seq oid|2183|||user privilege on sequence by user oid, seq name|2184|||
user privilege on sequence by user oid, seq oid|2185|||current user privilege on sequence by seq name|2186|||current user privilege on sequence by seq oid|3012|||
user privilege on column by username, rel name, col name|3013|||user privilege on column by username, rel name, col attnum|3014|||
user privilege on column by username, rel oid, col name|3015|||user privilege on column by username, rel oid, col attnum|3016|||
user privilege on column by user oid, rel name, col name|3017|||user privilege on column by user oid, rel name, col attnum|3018|||
user privilege on column by user oid, rel oid, col name|3019|||user privilege on column by user oid, rel oid, col attnum|3020|||
current user privilege on column by rel name, col name|3021|||current user privilege on column by rel name, col attnum|3022|||current user privilege on column by rel oid, col name|
3023|||current user privilege on column by rel oid, col attnum|3024|||user privilege on any column by username, rel name|3025|||user privilege on any column by username, rel oid|
3026|||user privilege on any column by user oid, rel name|3027|||user privilege on any column by user oid, rel oid|3028|||current user privilege on any column by rel name|3029|||
current user privilege on any column by rel oid|3355||||3356||||3357||||3358||||3404||||3405||||3406||||3407||||5018||||5019||||5020||||5021||||2026|||
statistics: current backend PID|2045|||less-equal-greater|3137|||sort support|3778|||tablespace location|1946|||convert bytea value into some ascii-only text string|1947|||
convert ascii-encoded text string into bytea value|1954|||less-equal-greater|3331|||sort support|1961|||adjust timestamp precision|1967|||adjust timestamptz precision|1968|||
adjust time precision|1969|||adjust time with time zone precision|2007|||matches LIKE expression|2008|||does not match LIKE expression|2009|||
convert LIKE pattern to use backslash escapes|2010|||octet length|2012|||extract portion of string|2013|||extract portion of string|2085|||extract portion of string|2086|||
extract portion of string|2014|||position of substring|2015|||trim selected bytes from both ends of string|6195|||trim selected bytes from left end of string|6196|||
trim selected bytes from right end of string|2019|||convert timestamp with time zone to time|2020|||truncate timestamp to specified units|6177|||
bin timestamp into specified interval|6178|||bin timestamp with time zone into specified interval|2021|||extract field from timestamp|6202|||extract field from timestamp|2024|||
convert date to timestamp|2025|||convert date and time to timestamp|2027|||convert timestamp with time zone to timestamp|2028|||convert timestamp to timestamp with time zone|2029||
|convert timestamp to date|2037|||adjust time with time zone to new zone|2038|||adjust time with time zone to new zone|2039|||hash|3411|||hash|2041|||intervals overlap?|2042|||
intervals overlap?|2043|||intervals overlap?|2044|||intervals overlap?|4134|||window RANGE support|4135|||window RANGE support|4136|||window RANGE support|4137|||
window RANGE support|4138|||window RANGE support|2046|||convert time with time zone to time|2047|||convert time to time with time zone|2048|||finite timestamp?|2049|||
format timestamp to text|2058|||date difference preserving months and years|2059|||date difference from today preserving months and years|2069|||adjust timestamp to new time zone|
2070|||adjust timestamp to new time zone|2073|||extract text matching regular expression|2074|||extract text matching SQL regular expression|2075|||convert int8 to bitstring|2076||
|convert bitstring to int8|2077|||SHOW X as a function|3294|||SHOW X as a function, optionally no error for missing variable|2078|||SET X as a function|3537|||
get identification of SQL object|2079|||is table visible in search path?|2080|||is type visible in search path?|2081|||is function visible in search path?|2082|||
is operator visible in search path?|2083|||is opclass visible in search path?|3829|||is opfamily visible in search path?|2093|||is conversion visible in search path?|3403|||
is statistics object visible in search path?|3756|||is text search parser visible in search path?|3757|||is text search dictionary visible in search path?|3768|||
is text search template visible in search path?|3758|||is text search configuration visible in search path?|3815|||is collation visible in search path?|2854|||
get OID of current session's temp schema, if any|2855|||is schema another session's temp schema?|3810|||true if server is in recovery|2971|||convert boolean to text|2100|||
the average (arithmetic mean) as numeric of all bigint values|2101|||the average (arithmetic mean) as numeric of all integer values|2102|||
the average (arithmetic mean) as numeric of all smallint values|2103|||the average (arithmetic mean) as numeric of all numeric values|2452||||2104|||
the average (arithmetic mean) as float8 of all float4 values|2105|||the average (arithmetic mean) as float8 of all float8 values|2106|||
the average (arithmetic mean) as interval of all interval values|2107|||sum as numeric across all bigint input values|2108|||sum as bigint across all integer input values|2109|||
sum as bigint across all smallint input values|2110|||sum as float4 across all float4 input values|2111|||sum as float8 across all float8 input values|2112|||
sum as money across all money input values|2113|||sum as interval across all interval input values|2114|||sum as numeric across all numeric input values|2115|||
maximum value of all bigint input values|2116|||maximum value of all integer input values|2117|||maximum value of all smallint input values|2118|||
maximum value of all oid input values|2119|||maximum value of all float4 input values|2120|||maximum value of all float8 input values|2122|||maximum value of all date input values|
2123|||maximum value of all time input values|2124|||maximum value of all time with time zone input values|2125|||maximum value of all money input values|2126|||
maximum value of all timestamp input values|2127|||maximum value of all timestamp with time zone input values|2128|||maximum value of all interval input values|2129|||
maximum value of all text input values|2130|||maximum value of all numeric input values|2050|||maximum value of all anyarray input values|2244|||
maximum value of all bpchar input values|2797|||maximum value of all tid input values|3564|||maximum value of all inet input values|4189|||maximum value of all pg_lsn input values|
5099|||maximum value of all xid8 input values|2131|||minimum value of all bigint input values|2132|||minimum value of all integer input values|2133|||
minimum value of all smallint input values|2134|||minimum value of all oid input values|2135|||minimum value of all float4 input values|2136|||
minimum value of all float8 input values|2138|||minimum value of all date input values|2139|||minimum value of all time input values|2140|||
minimum value of all time with time zone input values|2141|||minimum value of all money input values|2142|||minimum value of all timestamp input values|2143|||
minimum value of all timestamp with time zone input values|2144|||minimum value of all interval input values|2145|||minimum value of all text values|2146|||
minimum value of all numeric input values|2051|||minimum value of all anyarray input values|2245|||minimum value of all bpchar input values|2798|||
minimum value of all tid input values|3565|||minimum value of all inet input values|4190|||minimum value of all pg_lsn input values|5100|||minimum value of all xid8 input values|
2147|||number of input rows for which the input expression is not null|2803|||number of input rows|2718|||
population variance of bigint input values (square of the population standard deviation)|2719|||
population variance of integer input values (square of the population standard deviation)|2720|||
population variance of smallint input values (square of the population standard deviation)|2721|||
population variance of float4 input values (square of the population standard deviation)|2722|||
population variance of float8 input values (square of the population standard deviation)|2723|||
population variance of numeric input values (square of the population standard deviation)|2641|||sample variance of bigint input values (square of the sample standard deviation)|
2642|||sample variance of integer input values (square of the sample standard deviation)|2643|||sample variance of smallint input values (square of the sample standard deviation)|
2644|||sample variance of float4 input values (square of the sample standard deviation)|2645|||sample variance of float8 input values (square of the sample standard deviation)|
2646|||sample variance of numeric input values (square of the sample standard deviation)|2148|||historical alias for var_samp|2149|||historical alias for var_samp|2150|||
historical alias for var_samp|2151|||historical alias for var_samp|2152|||historical alias for var_samp|2153|||historical alias for var_samp|2724|||
population standard deviation of bigint input values|2725|||population standard deviation of integer input values|2726|||population standard deviation of smallint input values|
2727|||population standard deviation of float4 input values|2728|||population standard deviation of float8 input values|2729|||
population standard deviation of numeric input values|2712|||sample standard deviation of bigint input values|2713|||sample standard deviation of integer input values|2714|||
sample standard deviation of smallint input values|2715|||sample standard deviation of float4 input values|2716|||sample standard deviation of float8 input values|2717|||
sample standard deviation of numeric input values|2154|||historical alias for stddev_samp|2155|||historical alias for stddev_samp|2156|||historical alias for stddev_samp|2157|||
historical alias for stddev_samp|2158|||historical alias for stddev_samp|2159|||historical alias for stddev_samp|2818|||number of input rows in which both expressions are not null|
2819|||sum of squares of the independent variable (sum(X^2) - sum(X)^2/N)|2820|||sum of squares of the dependent variable (sum(Y^2) - sum(Y)^2/N)|2821|||
sum of products of independent times dependent variable (sum(X*Y) - sum(X) * sum(Y)/N)|2822|||average of the independent variable (sum(X)/N)|2823|||
average of the dependent variable (sum(Y)/N)|2824|||square of the correlation coefficient|2825|||slope of the least-squares-fit linear equation determined by the (X, Y) pairs|2826|
||y-intercept of the least-squares-fit linear equation determined by the (X, Y) pairs|2827|||population covariance|2828|||sample covariance|2829|||correlation coefficient|2166|||
less-equal-greater|3332|||sort support|2180|||less-equal-greater|3333|||sort support|2188|||less-equal-greater|2189|||less-equal-greater|2190|||less-equal-greater|2191|||
less-equal-greater|2192|||less-equal-greater|2193|||less-equal-greater|2194|||less-equal-greater|2195|||less-equal-greater|2212||||2213||||2214||||2215||||2216||||2217||||2218||||
2219||||3495|||convert classname to regclass|4193||||4194||||2220||||2221||||3493|||convert type name to regtype|1079|||convert text to regclass|4098||||4092||||4093|||
)"
    R"(convert role name to regrole|4084||||4085||||4086|||convert namespace name to regnamespace|1268|||parse qualified identifier to array of identifiers|2246|||(internal)|2247|||
(internal)|2248|||(internal)|2250|||user privilege on database by username, database name|2251|||user privilege on database by username, database oid|2252|||
user privilege on database by user oid, database name|2253|||user privilege on database by user oid, database oid|2254|||current user privilege on database by database name|2255|||
current user privilege on database by database oid|2256|||user privilege on function by username, function name|2257|||user privilege on function by username, function oid|2258|||
user privilege on function by user oid, function name|2259|||user privilege on function by user oid, function oid|2260|||current user privilege on function by function name|2261|||
current user privilege on function by function oid|2262|||user privilege on language by username, language name|2263|||user privilege on language by username, language oid|2264|||
user privilege on language by user oid, language name|2265|||user privilege on language by user oid, language oid|2266|||current user privilege on language by language name|2267|||
current user privilege on language by language oid|2268|||user privilege on schema by username, schema name|2269|||user privilege on schema by username, schema oid|2270|||
user privilege on schema by user oid, schema name|2271|||user privilege on schema by user oid, schema oid|2272|||current user privilege on schema by schema name|2273|||
current user privilege on schema by schema oid|2390|||user privilege on tablespace by username, tablespace name|2391|||user privilege on tablespace by username, tablespace oid|
2392|||user privilege on tablespace by user oid, tablespace name|2393|||user privilege on tablespace by user oid, tablespace oid|2394|||
current user privilege on tablespace by tablespace name|2395|||current user privilege on tablespace by tablespace oid|3138|||user privilege on type by username, type name|3139|||
user privilege on type by username, type oid|3140|||user privilege on type by user oid, type name|3141|||user privilege on type by user oid, type oid|3142|||
current user privilege on type by type name|3143|||current user privilege on type by type oid|2705|||user privilege on role by username, role name|2706|||
user privilege on role by username, role oid|2707|||user privilege on role by user oid, role name|2708|||user privilege on role by user oid, role oid|2709|||
current user privilege on role by role name|2710|||current user privilege on role by role oid|2322|||total disk space usage for the specified tablespace|2323|||
total disk space usage for the specified tablespace|2324|||total disk space usage for the specified database|2168|||total disk space usage for the specified database|2325|||
disk space usage for the main fork of the specified table or index|2332|||disk space usage for the specified fork of a table or index|2286|||
total disk space usage for the specified table and associated indexes|2288|||convert a long int to a human readable text using size units|3166|||
convert a numeric to a human readable text using size units|3334|||convert a size in human-readable format with size units into bytes|2997|||
disk space usage for the specified table, including TOAST, free space and visibility map|2998|||disk space usage for all indexes attached to the specified table|2290||||2291||||
2292||||2293||||2294||||2295||||2296||||2297||||2298||||2299||||2300||||2301||||3594||||3595||||2302||||2303||||2304||||2305||||2312||||2313||||2597||||2598||||2777||||2778||||
3116||||3117||||326||||327||||3311||||3312||||267||||268||||5086||||5087||||5088||||5089||||5090||||5091||||5092||||5093||||5094||||5095||||4226||||4227||||2311|||MD5 hash|2321|||
MD5 hash|3419|||SHA-224 hash|3420|||SHA-256 hash|3421|||SHA-384 hash|3422|||SHA-512 hash|2344|||less-equal-greater|2357|||less-equal-greater|2370|||less-equal-greater|2383|||
less-equal-greater|2526|||less-equal-greater|2533|||less-equal-greater|2400||||2401||||2402||||2403||||2404||||2405||||2406||||2407||||2408||||2409||||2410||||2411||||2412||||2413|
|||2414||||2415||||2416||||2417||||2418||||2419||||2420||||2421||||2422||||2423||||2424||||2425||||2426||||2427||||2428||||2429||||2430||||2431||||2432||||2433||||2434||||2435||||
2436||||2437||||2438||||2439||||2440||||2441||||2442||||2443||||2444||||2445||||2446||||2447||||2448||||2449||||2450||||2451||||2453||||4196||||4197||||2454||||2455||||4094||||
4095||||4087||||4088||||2456||||2457||||2458||||2459||||2460||||2461||||2468||||2469||||2470||||2471||||2472||||2473||||2474||||2475||||2476||||2477||||2478||||2479||||2480||||
2481||||2482||||2483||||2484||||2485||||2486||||2487||||2488||||2489||||2490||||2491||||2492||||2493||||2494||||2495||||2496||||2497||||2498||||2499||||2500||||2501||||2502||||
2503||||3120||||3121||||3446||||3447||||2504|||source text of a rule with pretty-print option|2505|||select statement of a view with pretty-print option|2506|||
select statement of a view with pretty-print option|3159|||select statement of a view with pretty-printing and specified line wrapping|2507|||
index description (full create statement or single expression) with pretty-print option|2508|||constraint description with pretty-print option|2509|||
deparse an encoded expression with pretty-print option|2730|||trigger description with pretty-print option|3036|||send a notification event|1066|||non-persistent series generator|
1067|||non-persistent series generator|1068|||non-persistent series generator|1069|||non-persistent series generator|3259|||non-persistent series generator|3260|||
non-persistent series generator|938|||non-persistent series generator|939|||non-persistent series generator|2517|||boolean-and aggregate|2518|||boolean-or aggregate|2519|||
boolean-and aggregate|2236|||bitwise-and smallint aggregate|2237|||bitwise-or smallint aggregate|6164|||bitwise-xor smallint aggregate|2238|||bitwise-and integer aggregate|2239|||
bitwise-or integer aggregate|6165|||bitwise-xor integer aggregate|2240|||bitwise-and bigint aggregate|2241|||bitwise-or bigint aggregate|6166|||bitwise-xor bigint aggregate|2242|||
bitwise-and bit aggregate|2243|||bitwise-or bit aggregate|6167|||bitwise-xor bit aggregate|2557|||convert int4 to boolean|2558|||convert boolean to int4|2578|||GiST support|2581|||
GiST support|2582|||GiST support|2583|||GiST support|2584|||GiST support|3998|||GiST support|2585|||GiST support|2586|||GiST support|2591|||GiST support|2592|||GiST support|1030|||
GiST support|3282|||GiST support|2179|||GiST support|3064|||GiST support|3280|||GiST support|3288|||GiST support|3435|||sort support|2743|||GIN array support|2774|||
GIN array support|2744|||GIN array support|3920|||GIN array support|3383|||BRIN minmax support|3384|||BRIN minmax support|3385|||BRIN minmax support|3386|||BRIN minmax support|
4616|||BRIN multi minmax support|4617|||BRIN multi minmax support|4618|||BRIN multi minmax support|4619|||BRIN multi minmax support|4620|||BRIN multi minmax support|4621|||
BRIN multi minmax int2 distance|4622|||BRIN multi minmax int4 distance|4623|||BRIN multi minmax int8 distance|4624|||BRIN multi minmax float4 distance|4625|||
BRIN multi minmax float8 distance|4626|||BRIN multi minmax numeric distance|4627|||BRIN multi minmax tid distance|4628|||BRIN multi minmax uuid distance|4629|||
BRIN multi minmax date distance|4630|||BRIN multi minmax time distance|4631|||BRIN multi minmax interval distance|4632|||BRIN multi minmax timetz distance|4633|||
BRIN multi minmax pg_lsn distance|4634|||BRIN multi minmax macaddr distance|4635|||BRIN multi minmax macaddr8 distance|4636|||BRIN multi minmax inet distance|4637|||
BRIN multi minmax timestamp distance|4105|||BRIN inclusion support|4106|||BRIN inclusion support|4107|||BRIN inclusion support|4108|||BRIN inclusion support|4591|||
BRIN bloom support|4592|||BRIN bloom support|4593|||BRIN bloom support|4594|||BRIN bloom support|4595|||BRIN bloom support|2880|||obtain exclusive advisory lock|3089|||
obtain exclusive advisory lock|2881|||obtain shared advisory lock|3090|||obtain shared advisory lock|2882|||obtain exclusive advisory lock if available|3091|||
obtain exclusive advisory lock if available|2883|||obtain shared advisory lock if available|3092|||obtain shared advisory lock if available|2884|||release exclusive advisory lock|
2885|||release shared advisory lock|2886|||obtain exclusive advisory lock|3093|||obtain exclusive advisory lock|2887|||obtain shared advisory lock|3094|||
obtain shared advisory lock|2888|||obtain exclusive advisory lock if available|3095|||obtain exclusive advisory lock if available|2889|||obtain shared advisory lock if available|
3096|||obtain shared advisory lock if available|2890|||release exclusive advisory lock|2891|||release shared advisory lock|2892|||release all advisory locks|2893||||2894||||2896|||
perform a non-validating parse of a character string to produce an XML value|2898||||2899||||321||||322||||323||||324||||3153|||map array to json|3154|||
map array to json with optional pretty printing|3155|||map row to json|3156|||map row to json with optional pretty printing|3175|||aggregate input into json|3197|||
aggregate input into a json object|3198|||build a json array from any inputs|3199|||build an empty json array|3200|||build a json object from pairwise key/value inputs|3201|||
build an empty json object|3202|||map text array of key value pairs to json object|3203|||map text arrays of keys and values to json object|3176|||map input to json|3261|||
remove object fields with null values from json|3955|||key value pairs of a json object|3969|||elements of json array|3956|||length of json array|3957|||get json object keys|3958||
|key value pairs of a json object|3959|||key value pairs of a json object|3968|||get the type of a json value|2952||||2953||||2960|||less-equal-greater|3300|||sort support|2961||||
2962||||2963|||hash|3412|||hash|3432|||generate random UUID|3229||||3230||||3238||||3239||||3251|||less-equal-greater|3252|||hash|3413|||hash|3504||||3505||||3506||||3507||||3514||
|less-equal-greater|3515|||hash|3414|||hash|3526|||maximum value of all enum input values|3527|||minimum value of all enum input values|3532||||3533||||3610||||3639||||3611||||
3638||||3612||||3641||||3613||||3640||||3646||||3647||||3622|||less-equal-greater|3711|||number of lexemes|3648|||GiST tsvector support|3649|||GiST tsvector support|3650|||
GiST tsvector support|3651|||GiST tsvector support|3652|||GiST tsvector support|3653|||GiST tsvector support|3654|||GiST tsvector support|3434|||GiST tsvector support|3656|||
GIN tsvector support|3657|||GIN tsvector support|3658|||GIN tsvector support|3921|||GIN tsvector support|3724|||GIN tsvector support|2700|||GIN tsvector support|3668|||
less-equal-greater|3695|||GiST tsquery support|3697|||GiST tsquery support|3698|||GiST tsquery support|3699|||GiST tsquery support|3700|||GiST tsquery support|3701|||
GiST tsquery support|3688|||tsvector typanalyze|3717|||(internal)|3718|||(internal)|3719|||(internal)|3720|||(internal)|3721|||(internal)|3725|||(internal)|3726|||(internal)|3728||
|(internal)|3729|||(internal)|3731|||(internal)|3732|||(internal)|3740|||(internal)|3741|||(internal)|3736||||3737||||3738||||3739||||3771||||3772||||3773||||3774||||3806||||3805||
||3804||||3803||||3263|||map text array of key value pairs to jsonb object|3264|||map text array of key value pairs to jsonb object|3787|||map input to jsonb|3267|||
aggregate input into jsonb|3270|||aggregate inputs into jsonb object|3271|||build a jsonb array from any inputs|3272|||build an empty jsonb array|3273|||
build a jsonb object from pairwise key/value inputs|3274|||build an empty jsonb object|3262|||remove object fields with null values from jsonb|3219|||elements of a jsonb array|
3465|||elements of jsonb array|3207|||length of jsonb array|3931|||get jsonb object keys|3208|||key value pairs of a jsonb object|3932|||key value pairs of a jsonb object|3210|||
get the type of a jsonb value|4044|||less-equal-greater|4045|||hash|3416|||hash|3480|||GIN support|3482|||GIN support|3483|||GIN support|3484|||GIN support|3488|||GIN support|3485|
||GIN support|3486|||GIN support|3487|||GIN support|3489|||GIN support|5054|||Set part of a jsonb, handle NULL value|3305|||Set part of a jsonb|3306|||Indented text from jsonb|
3579|||Insert value into a jsonb|4001||||4002||||4003||||4004||||4005|||jsonpath exists test|4006|||jsonpath query|4007|||jsonpath query wrapped into array|4008|||
jsonpath query first item|4009|||jsonpath match|1177|||jsonpath exists test with timezone|1179|||jsonpath query with timezone|1180|||
jsonpath query wrapped into array with timezone|2023|||jsonpath query first item with timezone|2030|||jsonpath match with timezone|2939||||2940||||2941||||2942||||5055||||5056||||
5057||||5058||||2987|||less-equal-greater|6192|||hash|6193|||hash|3187|||less-equal-greater based on byte images|5051|||equal image|3100|||row number within partition|3101|||
integer rank with gaps|3102|||integer rank without gaps|3103|||fractional rank within partition|3104|||fractional row number within partition|3105|||split rows into N groups|3106||
|fetch the preceding row value|3107|||fetch the Nth preceding row value|3108|||fetch the Nth preceding row value with default|3109|||fetch the following row value|3110|||
fetch the Nth following row value|3111|||fetch the Nth following row value with default|3112|||fetch the first row value|3113|||fetch the last row value|3114|||
fetch the Nth row value|3832||||3833||||3834||||3835||||3836||||3837||||3848|||lower bound of range|3849|||upper bound of range|3850|||is the range empty?|4057|||
the smallest range which includes both of the given ranges|3870|||less-equal-greater|3875|||GiST support|3876|||GiST support|3879|||GiST support|3880|||GiST support|3881|||
GiST support|6154|||GiST support|6156|||GiST support|3902|||hash a range|3417|||hash a range|3916|||range typanalyze|4229||||4230||||4231||||4232||||4233||||4234||||4235|||
)"
    R"(lower bound of multirange|4236|||upper bound of multirange|4242|||multirange typanalyze|4273|||less-equal-greater|4278|||hash a multirange|4279|||hash a multirange|4281|||
int4multirange constructor|4284|||nummultirange constructor|4287|||tsmultirange constructor|4290|||tstzmultirange constructor|4293|||datemultirange constructor|4296|||
int8multirange constructor|3846|||construct date|3847|||construct time|3461|||construct timestamp|3462|||construct timestamp with time zone|3463|||
construct timestamp with time zone|3464|||construct interval|4018|||SP-GiST support for quad tree over point|4019|||SP-GiST support for quad tree over point|4020|||
SP-GiST support for quad tree over point|4021|||SP-GiST support for quad tree over point|4022|||SP-GiST support for quad tree and k-d tree over point|4023|||
SP-GiST support for k-d tree over point|4024|||SP-GiST support for k-d tree over point|4025|||SP-GiST support for k-d tree over point|4026|||
SP-GiST support for k-d tree over point|4027|||SP-GiST support for radix tree over text|4028|||SP-GiST support for radix tree over text|4029|||
SP-GiST support for radix tree over text|4030|||SP-GiST support for radix tree over text|4031|||SP-GiST support for radix tree over text|3469|||
SP-GiST support for quad tree over range|3470|||SP-GiST support for quad tree over range|3471|||SP-GiST support for quad tree over range|3472|||
SP-GiST support for quad tree over range|3473|||SP-GiST support for quad tree over range|5012|||SP-GiST support for quad tree over box|5013|||
SP-GiST support for quad tree over box|5014|||SP-GiST support for quad tree over box|5015|||SP-GiST support for quad tree over box|5016|||SP-GiST support for quad tree over box|
5010|||SP-GiST support for quad tree over 2-D types represented by their bounding boxes|5011|||SP-GiST support for quad tree over polygons|3986|||rank of hypothetical row|3988|||
fractional rank of hypothetical row|3990|||cumulative distribution of hypothetical row|3992|||rank of hypothetical row without gaps|6121|||
returns whether a relation can be part of a publication|6179|||standard array subscripting support|6180|||raw array subscripting support|6098|||jsonb subscripting logic|4350|||
Unicode normalization|4351|||check Unicode normalization|6198|||unescape Unicode characters|4596||||4597||||4598||||4599||||4638||||4639||||4640||||4641||||16|1247||
boolean, 'true'/'false'|17|1247||variable-length string, binary values escaped|18|1247||single character|19|1247||63-byte type for storing system identifiers|20|1247||
~18 digit integer, 8-byte storage|21|1247||-32 thousand to 32 thousand, 2-byte storage|22|1247||array of int2, used in system tables|23|1247||
-2 billion to 2 billion integer, 4-byte storage|24|1247||registered procedure|25|1247||variable-length string, no limit specified|26|1247||
object identifier(oid), maximum 4 billion|27|1247||(block, offset), physical location of tuple|28|1247||transaction id|29|1247||command identifier type, sequence in transaction id|
30|1247||array of oids, used in system tables|114|1247||JSON stored as text|142|1247||XML content|194|1247||string representing an internal node tree|3361|1247||
multivariate ndistinct coefficients|3402|1247||multivariate dependencies|5017|1247||multivariate MCV list|32|1247||internal type for passing CollectedCommand|5069|1247||
full transaction id|600|1247||geometric point '(x, y)'|601|1247||geometric line segment '(pt1,pt2)'|602|1247||geometric path '(pt1,...)'|603|1247||
geometric box '(lower left,upper right)'|604|1247||geometric polygon '(pt1,...)'|628|1247||geometric line|700|1247||single-precision floating point number, 4-byte storage|701|1247|
|double-precision floating point number, 8-byte storage|705|1247||pseudo-type representing an undetermined type|718|1247||geometric circle '(center,radius)'|790|1247||
monetary amounts, $d,ddd.cc|829|1247||XX:XX:XX:XX:XX:XX, MAC address|869|1247||IP address/netmask, host address, netmask optional|650|1247||
network IP address/netmask, network address|774|1247||XX:XX:XX:XX:XX:XX:XX:XX, MAC address|1033|1247||access control list|1042|1247||
char(length), blank-padded string, fixed storage length|1043|1247||varchar(length), non-blank-padded string, variable storage length|1082|1247||date|1083|1247||time of day|1114|
1247||date and time|1184|1247||date and time with time zone|1186|1247||@ <number> <units>, time interval|1266|1247||time of day with time zone|1560|1247||fixed-length bit string|
1562|1247||variable-length bit string|1700|1247||numeric(precision, decimal), arbitrary precision number|1790|1247||reference to cursor (portal name)|2202|1247||
registered procedure (with args)|2203|1247||registered operator|2204|1247||registered operator (with args)|2205|1247||registered class|4191|1247||registered collation|2206|1247||
registered type|4096|1247||registered role|4089|1247||registered namespace|2950|1247||UUID datatype|3220|1247||PostgreSQL LSN datatype|3614|1247||
text representation for text search|3642|1247||GiST index internal text representation for text search|3615|1247||query representation for text search|3734|1247||
registered text search configuration|3769|1247||registered text search dictionary|3802|1247||Binary JSON|4072|1247||JSON path|2970|1247||txid snapshot|5038|1247||snapshot|3904|
1247||range of integers|3906|1247||range of numerics|3908|1247||range of timestamps without time zone|3910|1247||range of timestamps with time zone|3912|1247||range of dates|3926|
1247||range of bigints|4451|1247||multirange of integers|4532|1247||multirange of numerics|4533|1247||multirange of timestamps without time zone|4534|1247||
multirange of timestamps with time zone|4535|1247||multirange of dates|4536|1247||multirange of bigints|2249|1247||pseudo-type representing any composite type|2275|1247||
C-style string|2276|1247||pseudo-type representing any type|2277|1247||pseudo-type representing a polymorphic array type|2278|1247||
pseudo-type for the result of a function with no real result|2279|1247||pseudo-type for the result of a trigger function|3838|1247||
pseudo-type for the result of an event trigger function|2280|1247||pseudo-type for the result of a language handler function|2281|1247||
pseudo-type representing an internal data structure|2283|1247||pseudo-type representing a polymorphic base type|2776|1247||
pseudo-type representing a polymorphic base type that is not an array|3500|1247||pseudo-type representing a polymorphic base type that is an enum|3115|1247||
pseudo-type for the result of an FDW handler function|325|1247||pseudo-type for the result of an index AM handler function|3310|1247||
pseudo-type for the result of a tablesample method function|3831|1247||pseudo-type representing a range over a polymorphic base type|5077|1247||
pseudo-type representing a polymorphic common type|5078|1247||pseudo-type representing an array of polymorphic common type elements|5079|1247||
pseudo-type representing a polymorphic common type that is not an array|5080|1247||pseudo-type representing a range over a polymorphic common type|4537|1247||
pseudo-type representing a polymorphic base type that is a multirange|4538|1247||pseudo-type representing a multirange over a polymorphic common type|4600|1247||BRIN bloom summary|
4601|1247||BRIN minmax-multi summary|15|2617||equal|36|2617||not equal|37|2617||less than|76|2617||greater than|80|2617||less than or equal|82|2617||greater than or equal|58|2617||
less than|59|2617||greater than|85|2617||not equal|91|2617||equal|1694|2617||less than or equal|1695|2617||greater than or equal|92|2617||equal|93|2617||equal|94|2617||equal|95|
2617||less than|96|2617||equal|97|2617||less than|98|2617||equal|3877|2617||starts with|254|2617||equal|255|2617||less than|256|2617||less than or equal|257|2617||
greater than or equal|258|2617||greater than|259|2617||not equal|260|2617||equal|261|2617||less than|262|2617||less than or equal|263|2617||greater than or equal|264|2617||
greater than|265|2617||not equal|349|2617||append element onto end of array|374|2617||prepend element onto front of array|375|2617||concatenate|352|2617||equal|353|2617||equal|
3315|2617||not equal|3316|2617||not equal|5068|2617||equal|5072|2617||not equal|5073|2617||less than|5074|2617||greater than|5075|2617||less than or equal|5076|2617||
greater than or equal|385|2617||equal|387|2617||equal|402|2617||not equal|2799|2617||less than|2800|2617||greater than|2801|2617||less than or equal|2802|2617||
greater than or equal|410|2617||equal|411|2617||not equal|412|2617||less than|413|2617||greater than|414|2617||less than or equal|415|2617||greater than or equal|416|2617||equal|
417|2617||not equal|418|2617||less than|419|2617||greater than|420|2617||less than or equal|430|2617||greater than or equal|439|2617||modulus|473|2617||absolute value|484|2617||
negate|485|2617||is left of|486|2617||overlaps or is left of|487|2617||overlaps or is right of|488|2617||is right of|489|2617||is contained by|490|2617||contains|491|2617||same as|
492|2617||overlaps|493|2617||is left of|494|2617||overlaps or is left of|495|2617||overlaps or is right of|496|2617||is right of|497|2617||is contained by|498|2617||contains|499|
2617||same as|500|2617||overlaps|501|2617||greater than or equal by area|502|2617||greater than by area|503|2617||equal by area|504|2617||less than by area|505|2617||
less than or equal by area|506|2617||deprecated, use \p>> instead|507|2617||is left of|508|2617||is right of|509|2617||deprecated, use <<\p instead|510|2617||same as|511|2617||
point inside box|433|2617||contains|512|2617||point within closed path, or point on open path|513|2617||center of|514|2617||multiply|517|2617||distance between|518|2617||not equal|
519|2617||not equal|520|2617||greater than|521|2617||greater than|522|2617||less than or equal|523|2617||less than or equal|524|2617||greater than or equal|525|2617||
greater than or equal|526|2617||multiply|527|2617||divide|528|2617||divide|529|2617||modulus|530|2617||modulus|531|2617||not equal|532|2617||equal|533|2617||equal|534|2617||
less than|535|2617||less than|536|2617||greater than|537|2617||greater than|538|2617||not equal|539|2617||not equal|540|2617||less than or equal|541|2617||less than or equal|542|
2617||greater than or equal|543|2617||greater than or equal|544|2617||multiply|545|2617||multiply|546|2617||divide|547|2617||divide|550|2617||add|551|2617||add|552|2617||add|553|
2617||add|554|2617||subtract|555|2617||subtract|556|2617||subtract|557|2617||subtract|558|2617||negate|559|2617||negate|584|2617||negate|585|2617||negate|586|2617||add|587|2617||
subtract|588|2617||divide|589|2617||multiply|590|2617||absolute value|591|2617||add|592|2617||subtract|593|2617||divide|594|2617||multiply|595|2617||absolute value|596|2617||
square root|597|2617||cube root|607|2617||equal|608|2617||not equal|609|2617||less than|610|2617||greater than|611|2617||less than or equal|612|2617||greater than or equal|644|
2617||not equal|645|2617||less than|646|2617||greater than|647|2617||less than or equal|648|2617||greater than or equal|649|2617||equal|613|2617||distance between|760|2617||
distance between|614|2617||distance between|761|2617||distance between|615|2617||distance between|606|2617||distance between|616|2617||distance between|762|2617||distance between|
617|2617||distance between|763|2617||distance between|618|2617||distance between|784|2617||distance between|620|2617||equal|621|2617||not equal|622|2617||less than|623|2617||
greater than|624|2617||less than or equal|625|2617||greater than or equal|630|2617||not equal|631|2617||less than|632|2617||less than or equal|633|2617||greater than|634|2617||
greater than or equal|639|2617||matches regular expression, case-sensitive|640|2617||does not match regular expression, case-sensitive|641|2617||
matches regular expression, case-sensitive|642|2617||does not match regular expression, case-sensitive|643|2617||not equal|654|2617||concatenate|660|2617||less than|661|2617||
less than or equal|662|2617||greater than|663|2617||greater than or equal|664|2617||less than|665|2617||less than or equal|666|2617||greater than|667|2617||greater than or equal|
670|2617||equal|671|2617||not equal|672|2617||less than|673|2617||less than or equal|674|2617||greater than|675|2617||greater than or equal|682|2617||absolute value|684|2617||add|
685|2617||subtract|686|2617||multiply|687|2617||divide|688|2617||add|689|2617||subtract|690|2617||multiply|691|2617||divide|692|2617||add|693|2617||subtract|694|2617||multiply|695|
2617||divide|818|2617||add|819|2617||subtract|820|2617||multiply|821|2617||divide|822|2617||add|823|2617||subtract|824|2617||multiply|825|2617||divide|706|2617||distance between|
707|2617||distance between|708|2617||distance between|709|2617||distance between|712|2617||distance between|713|2617||not equal|731|2617||add points (translate)|732|2617||
subtract points (translate)|733|2617||multiply points (scale/rotate)|734|2617||divide points (scale/rotate)|735|2617||concatenate|736|2617||add (translate path)|737|2617||
subtract (translate path)|738|2617||multiply (rotate/scale path)|739|2617||divide (rotate/scale path)|755|2617||contains|756|2617||is contained by|757|2617||contains|758|2617||
is contained by|759|2617||contains|773|2617||absolute value|792|2617||equal|793|2617||less than|794|2617||greater than|795|2617||less than or equal|796|2617||greater than or equal|
797|2617||number of points|798|2617||intersect|799|2617||sum of path segment lengths|800|2617||is above (allows touching)|801|2617||is below (allows touching)|802|2617||
deprecated, use && instead|803|2617||box intersection|804|2617||add point to box (translate)|805|2617||subtract point from box (translate)|806|2617||multiply box by point (scale)|
807|2617||divide box by point (scale)|808|2617||horizontally aligned|809|2617||vertically aligned|843|2617||multiply|844|2617||divide|845|2617||multiply|900|2617||equal|901|2617||
not equal|902|2617||less than|903|2617||greater than|904|2617||less than or equal|905|2617||greater than or equal|906|2617||add|907|2617||subtract|908|2617||multiply|909|2617||
divide|3346|2617||multiply|3347|2617||divide|912|2617||multiply|913|2617||divide|914|2617||multiply|915|2617||divide|916|2617||multiply|3349|2617||multiply|917|2617||multiply|918|
)"
    R"(2617||multiply|3825|2617||divide|965|2617||exponentiation|966|2617||add/update ACL item|967|2617||remove ACL item|968|2617||contains|974|2617||equal|969|2617||center of|971|2617||
center of|1054|2617||equal|1055|2617||matches regular expression, case-sensitive|1056|2617||does not match regular expression, case-sensitive|1057|2617||not equal|1058|2617||
less than|1059|2617||less than or equal|1060|2617||greater than|1061|2617||greater than or equal|1070|2617||equal|1071|2617||not equal|1072|2617||less than|1073|2617||greater than|
1074|2617||less than or equal|1075|2617||greater than or equal|1076|2617||add|1077|2617||subtract|1093|2617||equal|1094|2617||not equal|1095|2617||less than|1096|2617||
less than or equal|1097|2617||greater than|1098|2617||greater than or equal|1099|2617||subtract|1100|2617||add|1101|2617||subtract|1108|2617||equal|1109|2617||not equal|1110|2617||
less than|1111|2617||less than or equal|1112|2617||greater than|1113|2617||greater than or equal|1550|2617||equal|1551|2617||not equal|1552|2617||less than|1553|2617||
less than or equal|1554|2617||greater than|1555|2617||greater than or equal|1116|2617||add|1117|2617||subtract|1118|2617||divide|1119|2617||multiply|1120|2617||equal|1121|2617||
not equal|1122|2617||less than|1123|2617||greater than|1124|2617||less than or equal|1125|2617||greater than or equal|1126|2617||add|1127|2617||subtract|1128|2617||divide|1129|
2617||multiply|1130|2617||equal|1131|2617||not equal|1132|2617||less than|1133|2617||greater than|1134|2617||less than or equal|1135|2617||greater than or equal|1207|2617||
matches LIKE expression|1208|2617||does not match LIKE expression|1209|2617||matches LIKE expression|1210|2617||does not match LIKE expression|1211|2617||matches LIKE expression|
1212|2617||does not match LIKE expression|1226|2617||matches regular expression, case-insensitive|1227|2617||does not match regular expression, case-insensitive|1228|2617||
matches regular expression, case-insensitive|1229|2617||does not match regular expression, case-insensitive|1234|2617||matches regular expression, case-insensitive|1235|2617||
does not match regular expression, case-insensitive|1320|2617||equal|1321|2617||not equal|1322|2617||less than|1323|2617||less than or equal|1324|2617||greater than|1325|2617||
greater than or equal|1327|2617||add|1328|2617||subtract|1329|2617||subtract|1330|2617||equal|1331|2617||not equal|1332|2617||less than|1333|2617||less than or equal|1334|2617||
greater than|1335|2617||greater than or equal|1336|2617||negate|1337|2617||add|1338|2617||subtract|1360|2617||convert date and time to timestamp|1361|2617||
convert date and time with time zone to timestamp with time zone|1363|2617||convert time and date to timestamp|1366|2617||
convert time with time zone and date to timestamp with time zone|1399|2617||subtract|1420|2617||center of|1500|2617||equal by area|1501|2617||not equal by area|1502|2617||
less than by area|1503|2617||greater than by area|1504|2617||less than or equal by area|1505|2617||greater than or equal by area|1506|2617||is left of|1507|2617||
overlaps or is left of|1508|2617||overlaps or is right of|1509|2617||is right of|1510|2617||is contained by|1511|2617||contains|1512|2617||same as|1513|2617||overlaps|1514|2617||
is above|1515|2617||is below|1516|2617||add|1517|2617||subtract|1518|2617||multiply|1519|2617||divide|1520|2617||distance between|1521|2617||number of points|1522|2617||
distance between|3291|2617||distance between|3276|2617||distance between|3289|2617||distance between|1523|2617||distance between|1383|2617||distance between|1525|2617||intersect|
1526|2617||parallel|1527|2617||perpendicular|1528|2617||horizontal|1529|2617||vertical|1535|2617||equal|1536|2617||intersection point|1537|2617||intersect|1538|2617||intersect|
1539|2617||intersect|1546|2617||point on line|1547|2617||is contained by|1548|2617||lseg on line|1549|2617||is contained by|1557|2617||closest point to A on B|1558|2617||
closest point to A on B|1559|2617||closest point to A on B|1567|2617||closest point to A on B|1577|2617||closest point to A on B|1578|2617||closest point to A on B|1583|2617||
multiply|1584|2617||multiply|1585|2617||divide|1586|2617||not equal|1587|2617||less than by length|1588|2617||less than or equal by length|1589|2617||greater than by length|1590|
2617||greater than or equal by length|1591|2617||distance between endpoints|1611|2617||intersect|1612|2617||parallel|1613|2617||perpendicular|1614|2617||horizontal|1615|2617||
vertical|1616|2617||equal|1617|2617||intersection point|4161|2617||is above|4162|2617||is below|1220|2617||equal|1221|2617||not equal|1222|2617||less than|1223|2617||
less than or equal|1224|2617||greater than|1225|2617||greater than or equal|3147|2617||bitwise not|3148|2617||bitwise and|3149|2617||bitwise or|3362|2617||equal|3363|2617||
not equal|3364|2617||less than|3365|2617||less than or equal|3366|2617||greater than|3367|2617||greater than or equal|3368|2617||bitwise not|3369|2617||bitwise and|3370|2617||
bitwise or|1201|2617||equal|1202|2617||not equal|1203|2617||less than|1204|2617||less than or equal|1205|2617||greater than|1206|2617||greater than or equal|931|2617||is subnet|
932|2617||is subnet or equal|933|2617||is supernet|934|2617||is supernet or equal|3552|2617||overlaps (is subnet or supernet)|2634|2617||bitwise not|2635|2617||bitwise and|2636|
2617||bitwise or|2637|2617||add|2638|2617||add|2639|2617||subtract|2640|2617||subtract|1625|2617||matches LIKE expression, case-insensitive|1626|2617||
does not match LIKE expression, case-insensitive|1627|2617||matches LIKE expression, case-insensitive|1628|2617||does not match LIKE expression, case-insensitive|1629|2617||
matches LIKE expression, case-insensitive|1630|2617||does not match LIKE expression, case-insensitive|1751|2617||negate|1752|2617||equal|1753|2617||not equal|1754|2617||less than|
1755|2617||less than or equal|1756|2617||greater than|1757|2617||greater than or equal|1758|2617||add|1759|2617||subtract|1760|2617||multiply|1761|2617||divide|1762|2617||modulus|
1038|2617||exponentiation|1763|2617||absolute value|1784|2617||equal|1785|2617||not equal|1786|2617||less than|1787|2617||greater than|1788|2617||less than or equal|1789|2617||
greater than or equal|1791|2617||bitwise and|1792|2617||bitwise or|1793|2617||bitwise exclusive or|1794|2617||bitwise not|1795|2617||bitwise shift left|1796|2617||
bitwise shift right|1797|2617||concatenate|1800|2617||add|1801|2617||subtract|1802|2617||add|1803|2617||subtract|1804|2617||equal|1805|2617||not equal|1806|2617||less than|1807|
2617||greater than|1808|2617||less than or equal|1809|2617||greater than or equal|1849|2617||add|1862|2617||equal|1863|2617||not equal|1864|2617||less than|1865|2617||greater than|
1866|2617||less than or equal|1867|2617||greater than or equal|1868|2617||equal|1869|2617||not equal|1870|2617||less than|1871|2617||greater than|1872|2617||less than or equal|
1873|2617||greater than or equal|1874|2617||bitwise and|1875|2617||bitwise or|1876|2617||bitwise exclusive or|1877|2617||bitwise not|1878|2617||bitwise shift left|1879|2617||
bitwise shift right|1880|2617||bitwise and|1881|2617||bitwise or|1882|2617||bitwise exclusive or|1883|2617||bitwise not|1884|2617||bitwise shift left|1885|2617||
bitwise shift right|1886|2617||bitwise and|1887|2617||bitwise or|1888|2617||bitwise exclusive or|1889|2617||bitwise not|1890|2617||bitwise shift left|1891|2617||
bitwise shift right|1916|2617||unary plus|1917|2617||unary plus|1918|2617||unary plus|1919|2617||unary plus|1920|2617||unary plus|1921|2617||unary plus|1955|2617||equal|1956|2617||
not equal|1957|2617||less than|1958|2617||less than or equal|1959|2617||greater than|1960|2617||greater than or equal|2016|2617||matches LIKE expression|2017|2617||
does not match LIKE expression|2018|2617||concatenate|2060|2617||equal|2061|2617||not equal|2062|2617||less than|2063|2617||less than or equal|2064|2617||greater than|2065|2617||
greater than or equal|2066|2617||add|2067|2617||subtract|2068|2617||subtract|2314|2617||less than|2315|2617||less than or equal|2317|2617||greater than or equal|2318|2617||
greater than|2326|2617||less than|2327|2617||less than or equal|2329|2617||greater than or equal|2330|2617||greater than|2345|2617||less than|2346|2617||less than or equal|2347|
2617||equal|2348|2617||greater than or equal|2349|2617||greater than|2350|2617||not equal|2358|2617||less than|2359|2617||less than or equal|2360|2617||equal|2361|2617||
greater than or equal|2362|2617||greater than|2363|2617||not equal|2371|2617||less than|2372|2617||less than or equal|2373|2617||equal|2374|2617||greater than or equal|2375|2617||
greater than|2376|2617||not equal|2384|2617||less than|2385|2617||less than or equal|2386|2617||equal|2387|2617||greater than or equal|2388|2617||greater than|2389|2617||not equal|
2534|2617||less than|2535|2617||less than or equal|2536|2617||equal|2537|2617||greater than or equal|2538|2617||greater than|2539|2617||not equal|2540|2617||less than|2541|2617||
less than or equal|2542|2617||equal|2543|2617||greater than or equal|2544|2617||greater than|2545|2617||not equal|2551|2617||add|2552|2617||add|2553|2617||add|2554|2617||add|2555|
2617||add|2570|2617||is below|2571|2617||overlaps or is below|2572|2617||overlaps or is above|2573|2617||is above|2574|2617||is below|2575|2617||overlaps or is below|2576|2617||
overlaps or is above|2577|2617||is above|2589|2617||overlaps or is below|2590|2617||overlaps or is above|2750|2617||overlaps|2751|2617||contains|2752|2617||is contained by|2779|
2617||concatenate|2780|2617||concatenate|2972|2617||equal|2973|2617||not equal|2974|2617||less than|2975|2617||greater than|2976|2617||less than or equal|2977|2617||
greater than or equal|3222|2617||equal|3223|2617||not equal|3224|2617||less than|3225|2617||greater than|3226|2617||less than or equal|3227|2617||greater than or equal|3228|2617||
minus|5025|2617||add|5026|2617||add|5027|2617||subtract|3516|2617||equal|3517|2617||not equal|3518|2617||less than|3519|2617||greater than|3520|2617||less than or equal|3521|2617||
greater than or equal|3627|2617||less than|3628|2617||less than or equal|3629|2617||equal|3630|2617||not equal|3631|2617||greater than or equal|3632|2617||greater than|3633|2617||
concatenate|3636|2617||text search match|3637|2617||text search match|3660|2617||deprecated, use @@ instead|3661|2617||deprecated, use @@ instead|3674|2617||less than|3675|2617||
less than or equal|3676|2617||equal|3677|2617||not equal|3678|2617||greater than or equal|3679|2617||greater than|3680|2617||AND-concatenate|3681|2617||OR-concatenate|5005|2617||
phrase-concatenate|3682|2617||NOT tsquery|3693|2617||contains|3694|2617||is contained by|3762|2617||text search match|3763|2617||text search match|2988|2617||equal|2989|2617||
not equal|2990|2617||less than|2991|2617||greater than|2992|2617||less than or equal|2993|2617||greater than or equal|3188|2617||identical|3189|2617||not identical|3190|2617||
less than|3191|2617||greater than|3192|2617||less than or equal|3193|2617||greater than or equal|3882|2617||equal|3883|2617||not equal|3884|2617||less than|3885|2617||
less than or equal|3886|2617||greater than or equal|3887|2617||greater than|3888|2617||overlaps|3889|2617||contains|3890|2617||contains|3891|2617||is contained by|3892|2617||
is contained by|3893|2617||is left of|3894|2617||is right of|3895|2617||overlaps or is left of|3896|2617||overlaps or is right of|3897|2617||is adjacent to|3898|2617||range union|
3899|2617||range difference|3900|2617||range intersection|3962|2617||get json object field|3963|2617||get json object field as text|3964|2617||get json array element|3965|2617||
get json array element as text|3966|2617||get value from json with path elements|3967|2617||get value from json as text with path elements|3211|2617||get jsonb object field|3477|
2617||get jsonb object field as text|3212|2617||get jsonb array element|3481|2617||get jsonb array element as text|3213|2617||get value from jsonb with path elements|3206|2617||
get value from jsonb as text with path elements|3240|2617||equal|3241|2617||not equal|3242|2617||less than|3243|2617||greater than|3244|2617||less than or equal|3245|2617||
greater than or equal|3246|2617||contains|3247|2617||key exists|3248|2617||any key exists|3249|2617||all keys exist|3250|2617||is contained by|3284|2617||concatenate|3285|2617||
delete object field|3398|2617||delete object fields|3286|2617||delete array element|3287|2617||delete path|4012|2617||jsonpath exists|4013|2617||jsonpath match|2860|2617||equal|
2861|2617||not equal|2862|2617||less than|2863|2617||less than or equal|2864|2617||greater than or equal|2865|2617||greater than|2866|2617||overlaps|2867|2617||overlaps|2868|2617||
overlaps|2869|2617||contains|2870|2617||contains|2871|2617||contains|2872|2617||is contained by|2873|2617||is contained by|2874|2617||is contained by|4539|2617||contains|4540|2617|
|is contained by|2875|2617||overlaps or is left of|2876|2617||overlaps or is left of|2877|2617||overlaps or is left of|3585|2617||overlaps or is right of|4035|2617||
overlaps or is right of|4142|2617||overlaps or is right of|4179|2617||is adjacent to|4180|2617||is adjacent to|4198|2617||is adjacent to|4392|2617||multirange union|4393|2617||
multirange minus|4394|2617||multirange intersect|4395|2617||is left of|4396|2617||is left of|4397|2617||is left of|4398|2617||is right of|4399|2617||is right of|4400|2617||
is right of|2|2601||heap table access method|403|2601||b-tree index access method|405|2601||hash index access method|783|2601||GiST index access method|2742|2601||
GIN index access method|4000|2601||SP-GiST index access method|3580|2601||block range index (BRIN) access method|12|2612||built-in functions|13|2612||
dynamically-loaded C functions|14|2612||SQL-language functions|11|2615||system catalog schema|99|2615||reserved schema for TOAST tables|2200|2615||standard public schema|4402|2607|
|conversion for KOI8R to MULE_INTERNAL|4403|2607||conversion for MULE_INTERNAL to KOI8R|4404|2607||conversion for ISO-8859-5 to MULE_INTERNAL|4405|2607||
conversion for MULE_INTERNAL to ISO-8859-5|4406|2607||conversion for WIN1251 to MULE_INTERNAL|4407|2607||conversion for MULE_INTERNAL to WIN1251|4408|2607||
)"
    R"(conversion for WIN866 to MULE_INTERNAL|4409|2607||conversion for MULE_INTERNAL to WIN866|4410|2607||conversion for KOI8R to WIN1251|4411|2607||conversion for WIN1251 to KOI8R|4412|
2607||conversion for KOI8R to WIN866|4413|2607||conversion for WIN866 to KOI8R|4414|2607||conversion for WIN866 to WIN1251|4415|2607||conversion for WIN1251 to WIN866|4416|2607||
conversion for ISO-8859-5 to KOI8R|4417|2607||conversion for KOI8R to ISO-8859-5|4418|2607||conversion for ISO-8859-5 to WIN1251|4419|2607||conversion for WIN1251 to ISO-8859-5|
4420|2607||conversion for ISO-8859-5 to WIN866|4421|2607||conversion for WIN866 to ISO-8859-5|4422|2607||conversion for EUC_CN to MULE_INTERNAL|4423|2607||
conversion for MULE_INTERNAL to EUC_CN|4424|2607||conversion for EUC_JP to SJIS|4425|2607||conversion for SJIS to EUC_JP|4426|2607||conversion for EUC_JP to MULE_INTERNAL|4427|
2607||conversion for SJIS to MULE_INTERNAL|4428|2607||conversion for MULE_INTERNAL to EUC_JP|4429|2607||conversion for MULE_INTERNAL to SJIS|4430|2607||
conversion for EUC_KR to MULE_INTERNAL|4431|2607||conversion for MULE_INTERNAL to EUC_KR|4432|2607||conversion for EUC_TW to BIG5|4433|2607||conversion for BIG5 to EUC_TW|4434|
2607||conversion for EUC_TW to MULE_INTERNAL|4435|2607||conversion for BIG5 to MULE_INTERNAL|4436|2607||conversion for MULE_INTERNAL to EUC_TW|4437|2607||
conversion for MULE_INTERNAL to BIG5|4438|2607||conversion for LATIN2 to MULE_INTERNAL|4439|2607||conversion for MULE_INTERNAL to LATIN2|4440|2607||
conversion for WIN1250 to MULE_INTERNAL|4441|2607||conversion for MULE_INTERNAL to WIN1250|4442|2607||conversion for LATIN2 to WIN1250|4443|2607||conversion for WIN1250 to LATIN2|
4444|2607||conversion for LATIN1 to MULE_INTERNAL|4445|2607||conversion for MULE_INTERNAL to LATIN1|4446|2607||conversion for LATIN3 to MULE_INTERNAL|4447|2607||
conversion for MULE_INTERNAL to LATIN3|4448|2607||conversion for LATIN4 to MULE_INTERNAL|4449|2607||conversion for MULE_INTERNAL to LATIN4|4452|2607||conversion for BIG5 to UTF8|
4453|2607||conversion for UTF8 to BIG5|4454|2607||conversion for UTF8 to KOI8R|4455|2607||conversion for KOI8R to UTF8|4456|2607||conversion for UTF8 to KOI8U|4457|2607||
conversion for KOI8U to UTF8|4458|2607||conversion for UTF8 to WIN866|4459|2607||conversion for WIN866 to UTF8|4460|2607||conversion for UTF8 to WIN874|4461|2607||
conversion for WIN874 to UTF8|4462|2607||conversion for UTF8 to WIN1250|4463|2607||conversion for WIN1250 to UTF8|4464|2607||conversion for UTF8 to WIN1251|4465|2607||
conversion for WIN1251 to UTF8|4466|2607||conversion for UTF8 to WIN1252|4467|2607||conversion for WIN1252 to UTF8|4468|2607||conversion for UTF8 to WIN1253|4469|2607||
conversion for WIN1253 to UTF8|4470|2607||conversion for UTF8 to WIN1254|4471|2607||conversion for WIN1254 to UTF8|4472|2607||conversion for UTF8 to WIN1255|4473|2607||
conversion for WIN1255 to UTF8|4474|2607||conversion for UTF8 to WIN1256|4475|2607||conversion for WIN1256 to UTF8|4476|2607||conversion for UTF8 to WIN1257|4477|2607||
conversion for WIN1257 to UTF8|4478|2607||conversion for UTF8 to WIN1258|4479|2607||conversion for WIN1258 to UTF8|4480|2607||conversion for EUC_CN to UTF8|4481|2607||
conversion for UTF8 to EUC_CN|4482|2607||conversion for EUC_JP to UTF8|4483|2607||conversion for UTF8 to EUC_JP|4484|2607||conversion for EUC_KR to UTF8|4485|2607||
conversion for UTF8 to EUC_KR|4486|2607||conversion for EUC_TW to UTF8|4487|2607||conversion for UTF8 to EUC_TW|4488|2607||conversion for GB18030 to UTF8|4489|2607||
conversion for UTF8 to GB18030|4490|2607||conversion for GBK to UTF8|4491|2607||conversion for UTF8 to GBK|4492|2607||conversion for UTF8 to LATIN2|4493|2607||
conversion for LATIN2 to UTF8|4494|2607||conversion for UTF8 to LATIN3|4495|2607||conversion for LATIN3 to UTF8|4496|2607||conversion for UTF8 to LATIN4|4497|2607||
conversion for LATIN4 to UTF8|4498|2607||conversion for UTF8 to LATIN5|4499|2607||conversion for LATIN5 to UTF8|4500|2607||conversion for UTF8 to LATIN6|4501|2607||
conversion for LATIN6 to UTF8|4502|2607||conversion for UTF8 to LATIN7|4503|2607||conversion for LATIN7 to UTF8|4504|2607||conversion for UTF8 to LATIN8|4505|2607||
conversion for LATIN8 to UTF8|4506|2607||conversion for UTF8 to LATIN9|4507|2607||conversion for LATIN9 to UTF8|4508|2607||conversion for UTF8 to LATIN10|4509|2607||
conversion for LATIN10 to UTF8|4510|2607||conversion for UTF8 to ISO-8859-5|4511|2607||conversion for ISO-8859-5 to UTF8|4512|2607||conversion for UTF8 to ISO-8859-6|4513|2607||
conversion for ISO-8859-6 to UTF8|4514|2607||conversion for UTF8 to ISO-8859-7|4515|2607||conversion for ISO-8859-7 to UTF8|4516|2607||conversion for UTF8 to ISO-8859-8|4517|2607||
conversion for ISO-8859-8 to UTF8|4518|2607||conversion for LATIN1 to UTF8|4519|2607||conversion for UTF8 to LATIN1|4520|2607||conversion for JOHAB to UTF8|4521|2607||
conversion for UTF8 to JOHAB|4522|2607||conversion for SJIS to UTF8|4523|2607||conversion for UTF8 to SJIS|4524|2607||conversion for UHC to UTF8|4525|2607||
conversion for UTF8 to UHC|4526|2607||conversion for EUC_JIS_2004 to UTF8|4527|2607||conversion for UTF8 to EUC_JIS_2004|4528|2607||conversion for SHIFT_JIS_2004 to UTF8|4529|2607|
|conversion for UTF8 to SHIFT_JIS_2004|4530|2607||conversion for EUC_JIS_2004 to SHIFT_JIS_2004|4531|2607||conversion for SHIFT_JIS_2004 to EUC_JIS_2004|3748|3602||
simple configuration|3765|3600||simple dictionary: just lower case and check for stopword|3722|3601||default word parser|3727|3764||
simple dictionary: just lower case and check for stopword|3730|3764||synonym dictionary: replace word by its synonym|3733|3764||ispell dictionary|3742|3764||
thesaurus dictionary: phrase by phrase substitution||3456||database's default collation|950|3456||standard C collation|951|3456||standard POSIX collation|3696|||
implementation of ^@ operator|383|||implementation of \p\p operator|187|||implementation of @> operator|930|||implementation of >>= operator|3859|||implementation of @> operator|
4046|||implementation of @> operator|4047|||implementation of ? operator|4048|||implementation of ?\p operator|4049|||implementation of ?& operator|4050|||
implementation of <@ operator|3302|||implementation of - operator|3343|||implementation of - operator|3303|||implementation of - operator|3304|||implementation of #- operator|
13150|3764||snowball stemmer|13151|3600||snowball stemmer for arabic language|13152|3602||configuration for arabic language|13153|3600||snowball stemmer for armenian language|
13154|3602||configuration for armenian language|13155|3600||snowball stemmer for basque language|13156|3602||configuration for basque language|13157|3600||
snowball stemmer for catalan language|13158|3602||configuration for catalan language|13159|3600||snowball stemmer for danish language|13160|3602||configuration for danish language|
13161|3600||snowball stemmer for dutch language|13162|3602||configuration for dutch language|13163|3600||snowball stemmer for english language|13164|3602||
configuration for english language|13165|3600||snowball stemmer for finnish language|13166|3602||configuration for finnish language|13167|3600||
snowball stemmer for french language|13168|3602||configuration for french language|13169|3600||snowball stemmer for german language|13170|3602||configuration for german language|
13171|3600||snowball stemmer for greek language|13172|3602||configuration for greek language|13173|3600||snowball stemmer for hindi language|13174|3602||
configuration for hindi language|13175|3600||snowball stemmer for hungarian language|13176|3602||configuration for hungarian language|13177|3600||
snowball stemmer for indonesian language|13178|3602||configuration for indonesian language|13179|3600||snowball stemmer for irish language|13180|3602||
configuration for irish language|13181|3600||snowball stemmer for italian language|13182|3602||configuration for italian language|13183|3600||
snowball stemmer for lithuanian language|13184|3602||configuration for lithuanian language|13185|3600||snowball stemmer for nepali language|13186|3602||
configuration for nepali language|13187|3600||snowball stemmer for norwegian language|13188|3602||configuration for norwegian language|13189|3600||
snowball stemmer for portuguese language|13190|3602||configuration for portuguese language|13191|3600||snowball stemmer for romanian language|13192|3602||
configuration for romanian language|13193|3600||snowball stemmer for russian language|13194|3602||configuration for russian language|13195|3600||
snowball stemmer for serbian language|13196|3602||configuration for serbian language|13197|3600||snowball stemmer for spanish language|13198|3602||
configuration for spanish language|13199|3600||snowball stemmer for swedish language|13200|3602||configuration for swedish language|13201|3600||snowball stemmer for tamil language|
13202|3602||configuration for tamil language|13203|3600||snowball stemmer for turkish language|13204|3602||configuration for turkish language|13205|3600||
snowball stemmer for yiddish language|13206|3602||configuration for yiddish language|13559|3079||PL/pgSQL procedural language|13563|2612||PL/pgSQL procedural language|
)";

constexpr StaticRows k_rows_descriptions[] = {
    StaticRows{"pg_description", k_pg_description},
};

}  // namespace

std::span<const StaticRows> descriptions_rows() { return k_rows_descriptions; }

}  // namespace crossfade::sqlite::catalog
