-- to_char of numbers and intervals, and to_number: every pattern, and the corners that a generator of formats and values found.
-- Digits: 9 and 0, padding, overflow, rounding
SELECT to_char(485, '999'), to_char(-485, '999'), to_char(5, '99999'), to_char(5, '00999'), to_char(5, '90999'), to_char(5, '99099'), to_char(0, '9'), to_char(0, '0'), to_char(0, '99');
SELECT to_char(1234, '99'), to_char(-1234, '99'), to_char(1234, '99.99'), to_char(1234, 'S99.99'), to_char(-1234, '99.99PR'), to_char(1234, 'FM99.90'), to_char(1234, '99th'), to_char(1234, '9,9.9');
SELECT to_char(0.5, '9'), to_char(1.5, '9'), to_char(2.5, '9'), to_char(0.5::float8, '9'), to_char(2.5::float8, '9'), to_char(2.5::float4, '9'), to_char(0.125::float8, '9.99'), to_char(0.125, '9.99');
SELECT to_char(-0.1, '9'), to_char(-0.4::float8, '9'), to_char('-0'::float8, '9.9'), to_char(-0.04, '9.9'), to_char(-0.04::float8, '9.9'), to_char(-0.1, '99.99'), to_char(-0.1, 'FM9.99'), to_char(-0.1, 'FM90.99');
SELECT to_char(0.1, '0.9'), to_char(0.1, '9.9'), to_char(0.1, '99.9'), to_char(12, '9990999.9'), to_char(12, 'FM9990999.9'), to_char(0, '9.9'), to_char(0, 'FM9.9'), to_char(0, 'FM0.9'), to_char(0, 'FM9.09');
SELECT to_char(1234, '.9'), to_char(1234, '.'), to_char(0, '.'), to_char(0.5, '.9'), to_char(0.55, 'FM.99'), to_char(-0.5, '.9'), to_char(0.5, 'S.9'), to_char(0.5, '.9MI');
SELECT to_char(5, '9.'), to_char(5, 'FM9.'), to_char(5, '9D'), to_char(22, '009DS'), to_char(6335, 'PL99999. x'), to_char(5, '');
-- The types
SELECT to_char(1::int2, '9'), to_char(2147483647, '9999999999'), to_char((-2147483648)::int4, 'S9999999999'), to_char(9223372036854775807, '9G999G999G999G999G999G999'), to_char((-9223372036854775808)::int8, '9999999999999999999MI');
SELECT to_char(1234567.891::float4, '9999999.99'), to_char(123.4567891::float4, '9999999.999999999'), to_char(0.123456789::float4, '0.999999999'), to_char(1e30::float4, '99.9'), to_char(-26266::float4, 'L9D9999 x');
SELECT to_char(1234567.89123456789::float8, '9999999.9999999999999'), to_char(0.123456789::float8, 'FM0.999999999999999999'), to_char(1e20::float8, '9999999999999999999999.99'), to_char(1e-10::float8, '9.9999999999999999'), to_char(1e300::float8, '99.9');
SELECT to_char(123456789012345678901234567890.123456789, '9999999999999999999999999999999999999.9999999'), to_char(0.00000000000000000001, '0.99999999999999999999'), to_char(-1.005, 'FM9.99'), to_char(99.995, '99.99'), to_char(999.995, '999.99');
-- a float's NaN is refused before it comes here: SQLite has none
SELECT to_char('Infinity'::float8, '999.99'), to_char('-Infinity'::float8, '999999999.99'), to_char('Infinity'::float8, 'FM999999999'), to_char('Infinity'::float8, 'RN');
SELECT to_char('Infinity'::float4, '9D99999S'), to_char('Infinity'::float4, '999.99'), to_char('-Infinity'::float4, '9999999999.99'), to_char('Infinity'::float4, 'FM000000000000');
SELECT to_char('NaN'::numeric, '9'), to_char('NaN'::numeric, '999.99S'), to_char('Infinity'::numeric, '999.99'), to_char('-Infinity'::numeric, '999999999.99'), to_char('Infinity'::numeric, '99999V99');
SELECT to_char('NaN'::numeric, 'RN');
SELECT to_char('Infinity'::numeric, 'RN');
SELECT to_char('NaN'::numeric, '999th');
SELECT to_char('Infinity'::float8, '99999999th');
SELECT to_char(NULL::int4, '9'), to_char(5, NULL), to_char(NULL::numeric, NULL), to_char(NULL::float8, '9.9');
SELECT to_char('1', '9');
SELECT to_char('1'::text, '9');
SELECT to_char(true, '9');
-- what a generator found: places behind the number's end, zeros that FM keeps, a sign that comes too early
SELECT to_char(90::float4, 'FMSG9999G99D99990L'), to_char(445::float4, '999.9999MI'), to_char(-26266::float4, 'L9D9999 x'), to_char(-25945e28::float4, 'FM9,099D990PR'), to_char(-90377e8::float4, '0FMMI.9e099'), to_char(7048922.66::float4, '.0S#fm<9');
SELECT to_char(-41::float8, '0/9d09,fm'), to_char(0, 'FM99.9990PR'), to_char(1, 'FM99.09PR,'), to_char(0.3, '0,.FM99PRPRSG'), to_char(-240186, 'FMFM9009PRSG'), to_char(919366, '09.9PR"a\"b"plMI'), to_char(-1, '99B0ththPRmi,'), to_char(8.2, 'FM9.PRMIL');
-- , and G
SELECT to_char(12345, '9,999'), to_char(12345, '99,999'), to_char(5, '99,999'), to_char(5, '00,999'), to_char(5, '90,999'), to_char(12345, '99G999'), to_char(5, '99G999D99'), to_char(12345.678, '99G999D99');
SELECT to_char(5, 'FM99,999'), to_char(12345, 'FM99,999'), to_char(5, ',9'), to_char(5, '9,'), to_char(5, 'FM,9'), to_char(1234, '9,9,9,9'), to_char(-393, '0#.,999'), to_char(1, 'PL99,.sg,9'), to_char(0, 'FM99,D9');
SELECT to_char(3148.5, '9,999.999'), to_char(3148.5, '9G999D999'), to_char(148.5, '9,999'), to_char(-148.5, '9,9,9,9.9');
-- D, L, $ and text
SELECT to_char(1234, 'L9G999D99'), to_char(-1234, 'L9G999D99'), to_char(5, '9L'), to_char(5, 'FML9'), to_char(5, 'FM9L'), to_char(5, 'L'), to_char(5, '$999'), to_char(-5, '$999'), to_char(5, '(99)');
SELECT to_char(485, '"Good number:"999'), to_char(485.8, '"Pre:"999" Post:" .999'), to_char(5, '"a"999'), to_char(5, '999"a\"b"'), to_char(5, '99"unterm'), to_char(5, '9"\\"9'), to_char(5, '9"a\bc"9'), to_char(5, '9""9');
SELECT to_char(5, '\"9'), to_char(5, '\\9'), to_char(5, '\a9'), to_char(5, '9\'), to_char(5, 'é9'), to_char(5, '€99'), to_char(5, '99"é"99'), to_char(485, '9 9 9'), to_char(5, ' 9 9 ');
SELECT to_char(5, 'abc'), to_char(5, 'x'), to_char(0, 'B9'), to_char(0, 'B9.9'), to_char(0, 'C9'), to_char(5, 'SP9'), to_char(5, '9SP'), to_char(0.1, 'B9.9'), to_char(0, 'B');
-- S
SELECT to_char(-485, 'S999'), to_char(485, 'S999'), to_char(5, 'S999'), to_char(485, '999S'), to_char(-485, '999S'), to_char(-5, 'FM999S'), to_char(5, 'FMS999'), to_char(-55, '99 S'), to_char(-55, '"a"S99'), to_char(-55, 'S"a"99');
SELECT to_char(-55, '9S9'), to_char(55, '99S9'), to_char(55, '9S9.9'), to_char(5, '9S.9'), to_char(5, 'S'), to_char(5, 'S.'), to_char(0, '9V9S'), to_char(-5, 's9,999'), to_char(1234, 'S9,999.9');
-- MI, PL, SG
SELECT to_char(485, 'MI999'), to_char(-485, 'MI999'), to_char(485, '999MI'), to_char(-485, '999MI'), to_char(485, 'FM999MI'), to_char(485, 'FMMI999'), to_char(-5, '9MI99'), to_char(5, 'mi9');
SELECT to_char(485, 'PL999'), to_char(-485, 'PL999'), to_char(485, '999PL'), to_char(485, 'FMPL999'), to_char(-485, 'FMPL999'), to_char(485, 'FM999PL'), to_char(-485, 'FM999PL'), to_char(5, 'PL9PL');
SELECT to_char(485, 'SG999'), to_char(-485, 'SG999'), to_char(-485, '9SG99'), to_char(485, 'FMSG999'), to_char(5, 'SG9SG'), to_char(5, 'PL9MI'), to_char(-5, 'SG9MI'), to_char(-5, 'SG9PL'), to_char(-0.4::float8, 'SG9');
-- PR
SELECT to_char(485, '999PR'), to_char(-485, '999PR'), to_char(-5, '999PR'), to_char(5, 'FM999PR'), to_char(-5, 'FM999PR'), to_char(-5.5, '9.9PR'), to_char(-5, '9PR"x"'), to_char(-5, '"x"99PR'), to_char(-485, '999pr');
SELECT to_char(5, '9PRMI'), to_char(-5, '9PRMI'), to_char(-5, '99PRSG'), to_char(5, '9PRPL'), to_char(-5, '9PRPL'), to_char(5, '9PRPR'), to_char(5, 'FM9PRPL'), to_char(-5, 'FM9PRSG'), to_char(2564, 'D9prsg'), to_char(-0.5, 'FM9D9PRMI'), to_char(5, 'PR');
-- TH
SELECT to_char(1, '9th'), to_char(2, '9TH'), to_char(3, 'FM9th'), to_char(4, '9th'), to_char(11, '99th'), to_char(12, '99TH'), to_char(113, '999th'), to_char(121, '999th'), to_char(0, '9th');
SELECT to_char(-1, '9th'), to_char(1, '9.9th'), to_char(1, '9.th'), to_char(1.4, '9th'), to_char(1, 'th9'), to_char(1, '9th9'), to_char(1, 'FM9th"x"9'), to_char(1, '9tH'), to_char(482, '999th');
-- RN
SELECT to_char(485, 'RN'), to_char(485, 'FMRN'), to_char(5.2, 'FMRN'), to_char(3999, 'RN'), to_char(3888, 'RN'), to_char(1994, 'rn'), to_char(1994, 'Rn'), to_char(0, 'RN'), to_char(4000, 'FMRN'), to_char(-5, 'RN');
SELECT to_char(5, 'RN9'), to_char(5, '9RN'), to_char(5, 'RNth'), to_char(5, 'aRN"x"'), to_char(1752, 'MIGRN'), to_char(5, '$9,9RN'), to_char(5, 'SG9RN'), to_char(5, 'SRN'), to_char(5, 'FMRNrn'), to_char(5.5::float8, 'RN'), to_char(5.5, 'RN');
SELECT to_char(10000000000, 'RN');
SELECT to_char(1e10::numeric, 'RN');
SELECT to_char(1e10::float8, 'RN'), to_char(1e10::float4, 'RN'), to_char(5::int8, 'FMRN');
-- V
SELECT to_char(12, '99V999'), to_char(12.4, '99V999'), to_char(12.45, '99V9'), to_char(12.45, 'V9'), to_char(-1.5, '9V9'), to_char(1.5, '9V'), to_char(5, '9V9V9'), to_char(5::int8, '99V999999999999999999'), to_char(5, '9V0');
SELECT to_char(1.23456::float4, '99V99'), to_char(1.23556::float8, '99V99'), to_char(0.000123, '9V9999999'), to_char(12, 'FM99V99S');
SELECT to_char(5, '99V9999999999');
SELECT to_char(2000000000, '9999999999V9');
SELECT to_char(5::int8, '99V9999999999999999999');
-- EEEE
SELECT to_char(0.0004859, '9.99EEEE'), to_char(12345, '9.99EEEE'), to_char(-12345, '9.99eeee'), to_char(12345, '999.99EEEE'), to_char(12345, 'EEEE'), to_char(5, '9EEEE'), to_char(0, '9.9EEEE'), to_char(0::numeric, '9.9EEEE');
SELECT to_char(9.96, '9.9EEEE'), to_char(9.96::float8, '9.9EEEE'), to_char(1e-200::numeric, '9.9EEEE'), to_char(1e300::float8, '9.9EEEE'), to_char(1.1::float4, '9.99999999999EEEE'), to_char(1234567890123456789, '9.999999999999EEEE'), to_char(95, '9EEEE');
SELECT to_char('NaN'::numeric, '9.99EEEE'), to_char('-Infinity'::numeric, '9.99EEEE'), to_char('Infinity'::float4, '9EEEE'), to_char(5, '"x"9EEEE'), to_char(5, '9EEEE"x"'), to_char(5, 'L9,9G9EEEE'), to_char(5, 'D9EEEE'), to_char(5, '9thEEEE'), to_char(5, '9BEEEE');
SELECT to_char(5, '9E9'), to_char(5, '9EEE'), to_char(5, '9eEEE');
-- What contradicts
SELECT to_char(5, 'EEEE9');
SELECT to_char(5, '9EEEEL');
SELECT to_char(5, '9EEEERN');
SELECT to_char(5, '9EEEEEEEE');
SELECT to_char(5, 'S9EEEE');
SELECT to_char(5, 'FM9EEEE');
SELECT to_char(5, 'B9EEEE');
SELECT to_char(5, 'V9EEEE');
SELECT to_char(5, 'RNEEEE');
SELECT to_char(5, '9PREEEE');
SELECT to_char(5, 'PR9');
SELECT to_char(5, 'PR0');
SELECT to_char(5, '9.9.9');
SELECT to_char(5, '9D9.9');
SELECT to_char(5, '9V9.9');
SELECT to_char(5, '9.9V9');
SELECT to_char(5, 'S9S');
SELECT to_char(5, 'S9MI');
SELECT to_char(5, 'MI9S');
SELECT to_char(5, 'S9PL');
SELECT to_char(5, 'PL9S');
SELECT to_char(5, 'S9SG');
SELECT to_char(5, 'SG9S');
SELECT to_char(5, 'S9PR');
SELECT to_char(5, '9PRS');
SELECT to_char(5, 'MI9PR');
SELECT to_char(5, 'PL9PR');
SELECT to_char(5, 'SG9PR');
SELECT to_char(NULL::int4, 'S9S');
-- Columns, formats that are columns, results that go on
CREATE TABLE shown (id int PRIMARY KEY, small smallint, whole int, big bigint, single real, twice double precision, exact numeric(10, 2), free numeric, span interval, format text);
INSERT INTO shown VALUES (1, 7, 42, 1234567890123, 1.5, 2.25, 12345.67, 0.00001, '1 day 02:03:04', '9,999.99'), (2, -7, -42, -9, -1.5, -2.25, -12.30, 1e20, '-5 hours', 'FM000'),
  (3, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '9'), (4, 0, 0, 0, 0, 0, 0, 0, '0', NULL), (5, 32767, 2147483647, 9, '-Infinity', 'Infinity', 99999999.99, 'NaN', '100 years', 'S9.9');
SELECT id, to_char(small, '99999'), to_char(whole, 'S9999999999'), to_char(big, '9,999,999,999,999'), to_char(single, '9.99'), to_char(twice, '99999999.99'), to_char(exact, '99G999G999D99'), to_char(free, 'FM999999999999999999990.99999') FROM shown ORDER BY id;
SELECT id, to_char(whole, format), to_char(exact, format), to_char(twice, format) FROM shown ORDER BY id;
SELECT id, to_char(span, 'DD HH24:MI:SS') FROM shown ORDER BY id;
SELECT to_char(sum(exact), 'FM999G999G999D00'), to_char(avg(whole), '9999999999.999'), to_char(count(*), '99') FROM shown;
SELECT id FROM shown WHERE to_char(whole, 'FM99999') = '-42' ORDER BY id;
SELECT to_char(whole / 2, '99') || to_char(exact, '9') AS joined, pg_typeof(to_char(exact, '9')) FROM shown WHERE id = 4;
SELECT id, to_number(to_char(exact, '99999999.99'), '99999999.99') = exact FROM shown WHERE id < 3 ORDER BY id;
DROP TABLE shown;
-- to_number
SELECT to_number('12,454.8-', '99G999D9S'), to_number('-34,338,492', '99G999G999'), to_number('-34,338,492.654,878', '99G999G999D999G999'), to_number('<564646.654564>', '999999.999999PR'), to_number('0.00001-', '9.999999S');
SELECT to_number('5.01-', 'FM9.999999S'), to_number('5.01-', 'FM9.999999MI'), to_number('5 4 4 4 4 8 . 7 8', '9 9 9 9 9 9 . 9 9'), to_number('.01', 'FM9.99'), to_number('.0', '99999999.99999999'), to_number('.-01', 'S99.99'), to_number(' . 0 1-', ' 9 9 . 9 9 S');
SELECT to_number('34,50', '999,99'), to_number('123,000', '999G'), to_number('123456', '999G999'), to_number('$1234.56', 'L9,999.99'), to_number('1,234.56', 'L99,999.99'), to_number('42nd', '99th'), to_number('-12', 'MI99'), to_number('<12', '99PR');
SELECT to_number('x12', '999'), to_number('xx12', '9999'), to_number('  12', '99'), to_number('1  2', '99'), to_number('12', 'x99'), to_number('1x2', '9"x"9'), to_number('12', '9"xxx"9'), to_number('é12', '9999'), to_number('é12', '"é"99');
SELECT to_number('1-2', '999S'), to_number('1-2', '999'), to_number('12-5', 'MI9999'), to_number('1-', 'S9'), to_number('1-', '9'), to_number('--1', '999'), to_number('- 1', '99'), to_number('+1', '9'), to_number('1-', '9SG'), to_number('77.52-', 'SG9999D9TH');
SELECT to_number('123', '99V9'), to_number('12.3', '99V9'), to_number('1', '9V'), to_number('12345678', '99999999V99999999999999999'), to_number('1.55', '9.9'), to_number('9.9.9', '99.999'), to_number('5,989.6', 'FM9,99TH'), to_number('1s2', '9th9'), to_number('-1s2', '9th9');
SELECT to_number('1', ''), to_number(NULL, '9'), to_number('1', NULL), to_number('00', '9'), to_number('5', 'B9'), pg_typeof(to_number('1', '9'));
SELECT to_number('abc', '999');
SELECT to_number('', '999');
SELECT to_number('-', '9.9');
SELECT to_number('12345', '9.99');
SELECT to_number('15', '.9');
SELECT to_number('NaN', '999');
SELECT to_number('XII', 'RN');
SELECT to_number('1e5', '9EEEE');
SELECT to_number('1', '9.9.9');
-- to_char of an interval
SELECT to_char(interval '1 year 2 mons 3 days 4:05:06.789012', 'YYYY MM DD HH24 HH12 HH MI SS MS US SSSS SSSSS FF1 FF2 FF3 FF4 FF5 FF6 AM PM am a.m. p.m. P.M.');
SELECT to_char(interval '-1 year -2 mons -3 days -4:05:06.789012', 'YYYY MM DD HH24 HH12 HH MI SS MS US SSSS SSSSS FF1 FF2 FF3 FF4 FF5 FF6 AM PM am');
SELECT to_char(interval '100 hours', 'HH24 HH12 HH AM FMHH24 FMHH12 HH24TH HH12th'), to_char(interval '-100 hours', 'HH24 HH12 HH AM FMHH24 FMHH12 HH24TH HH12th'), to_char(interval '15h 2m 12s', 'HH24:MI:SS');
SELECT to_char(interval '1 year 2 mons 3 days', 'Y,YYY YYY YY Y CC Q J WW W DDD IYYY IYY IY I IW IDDD'), to_char(interval '-1 year -2 mons -3 days', 'Y,YYY YYY YY Y CC Q J WW W DDD IYYY IW IDDD');
SELECT to_char(interval '0', 'YYYY MM DD Q J CC Y,YYY HH12 HH24 W WW DDD RM'), to_char(interval '12 hours', 'HH12 AM'), to_char(interval '-1 hours', 'HH12 AM'), to_char(interval '13 hours', 'HH12 AM'), to_char(interval '-13 hours', 'HH12 PM');
SELECT to_char(interval '178000000 years -178 days', 'YYYY Y,YYY YYY YY Y CC J DD DDD'), to_char(interval '2147483647 days', 'DD DDD J'), to_char(interval '-2147483648 days 2147483647 hours', 'DD J HH24 HH12 SSSS DDD');
SELECT to_char(interval '1 year', '"["RM"]" FMRM rm'), to_char(interval '-5 mons', '"["RM"]" FMRM rm MM Q'), to_char(interval '-12 mons', 'RM'), to_char(interval '5 mons', 'RM'), to_char(interval '-100 years', 'J CC YY YYY Y'), to_char(interval '-250 years', 'J CC YY YYY Y,YYY FMCC');
SELECT to_char(interval '-0.007 s', 'MS US FF1 FF2 FF3 FF4 FF5 FF6 FMMS FMUS FMFF3'), to_char(interval '0.007 s', 'MS US FF1 FF2 FF3 FF4 FF5 FF6 FMMS FMUS FMFF3'), to_char(interval '-61.5 s', 'MI SS MS US FF3 SSSS SSth');
SELECT to_char(interval '1 day', 'FM DD x FX fx tm TMDD tmDD FMTMDD TMFMDD FMFMDD fmdd'), to_char(interval '1 day', 'DDTHSP DDSPTH DDSPth DDthth DDTHTH DDTh DDtH'), to_char(interval '21 days', 'DDth DDTH FMDDth');
SELECT to_char(interval '1 day 10:11:12', '"quoted" \"HH24\" \x FX HH TMHH FMMI th'), to_char(interval '1 day', ''), to_char(NULL::interval, 'DD'), to_char(interval '1 day', NULL), to_char(interval '1 day', 'TH');
SELECT to_char(interval '2147483647 months -2147483648 days', 'YYYY Y,YYY IYYY IW IDDD DDD WW W J CC'), to_char(interval '-2147483648 months 2147483647 days', 'YYYY Y,YYY IYYY IW IDDD DDD WW W J CC RM');
SELECT to_char(interval '-9223372036854775807 microseconds', 'HH24 HH12 MI SS US SSSS'), to_char(interval '1 day', 'FXFMDD FMFXDD fxDDth');
SELECT to_char(interval '1 day', 'D');
SELECT to_char(interval '1 day', 'ID');
SELECT to_char(interval '1 day', 'Day');
SELECT to_char(interval '1 day', 'dy');
SELECT to_char(interval '1 mon', 'MONTH');
SELECT to_char(interval '1 mon', 'Mon');
SELECT to_char(interval '1 year', 'BC');
SELECT to_char(interval '1 year', 'a.d.');
SELECT to_char(interval '1 hour', 'TZ');
SELECT to_char(interval '1 hour', 'OF');
SELECT to_char(interval '1 hour', 'TZH');
-- and of timestamps, the words that the table of words had not
SELECT to_char(timestamp '2024-02-29 13:14:15.678901', 'TZ|tz|OF|TZH|TZM|CC|BC|AD|B.C.|a.d.|A.M.|p.m.|IYY|IY|I|FF1|FF2|FF3|FF4|FF5|FF6|SSSSS|J|yyyy|mon|dy|rm|FXYYYY|TMMonth|TMmon|DAYth|MONTHth|yyyyth');
SELECT to_char(timestamptz '2024-02-29 13:14:15.678901+00', 'TZ|tz|OF|TZH|TZM|TMDay|TMDY|DAY|FMDAY|FMRM|FMrm|"\"|\\|\x|\""');
SELECT to_char(timestamp '0044-03-15 BC', 'YYYY YYY YY Y Y,YYY CC BC IYYY IYY IY I FMYYYY'), to_char(timestamp '12345-03-15', 'YYYY YYY YY Y Y,YYY CC AD IYYY IYY'), to_char(timestamp '0101-01-15 BC', 'CC'), to_char(timestamp '0100-01-15 BC', 'CC');
SELECT to_char(timestamp '2024-02-09 01:02:03', 'Hh HH hh Mi mI MI sS Ss SS ss Am aM Pm A.m. Bc bc b.c. iyyy iw id iddd j q cc y,yyy Ff1 ff2 FF7 FF OF of tzh tzm TZm Rm rM wW w'), to_char(timestamp '2024-02-09 00:00:00.007', 'FMMS FMUS FMFF3 FMDDD'), to_char(timestamp '2024-02-29', 'zzz ABC xyz Tue K k');
SELECT to_char(timestamp '2024-02-29', ''), to_char(timestamp 'infinity', 'YYYY'), to_char(timestamptz '-infinity', 'YYYY'), to_char(date '2024-02-29', 'FMDay, FMDDth Month'), to_char(timestamp '2024-02-29', 'DD"é"DDé');
SET TimeZone = 'Asia/Kolkata';
SELECT to_char(timestamptz '2024-07-09 01:02:03+00', 'HH24:MI OF TZ tz TZH TZM FMOF FMTZH'), to_char(timestamp '2024-07-09 01:02:03', 'HH24:MI OF TZ TZH');
SET TimeZone = 'America/St_Johns';
SELECT to_char(timestamptz '2024-01-09 01:02:03+00', 'HH24:MI OF TZ tz TZH TZM FMOF FMTZH'), to_char(timestamptz '1850-01-09 01:02:03+00', 'OF TZ TZH TZM');
SELECT oid, proname, provolatile, proargtypes, prorettype, obj_description(oid, 'pg_proc') FROM pg_proc WHERE proname IN ('to_char', 'to_number') ORDER BY oid;
-- What was refused: dates without a year, other words (found by tests/generator/calls.py).
SELECT to_date('02-29', 'MM-DD'), to_date('', 'YYYY'), to_date('2024', ''), to_date('3', 'D'), to_date('2024 10', 'YYYY WW'), to_date('2024 3 02', 'YYYY W MM'), to_date('44 BC', 'YYYY BC'), to_date('-44', 'YYYY'), to_date('21', 'CC'), to_date('21 05', 'CC YY'), to_date('2451187', 'J');
SELECT to_date('2024-W10-3', 'IYYY-"W"IW-ID'), to_date('2024-070', 'IYYY-IDDD'), to_date('II 2024', 'RM YYYY'), to_date('2,024', 'Y,YYY'), to_date('5th', 'FMDDth'), to_date('24 1', 'YY Q'), to_date('a2024b02', '"a"YYYY"b"MM');
SELECT to_timestamp('2024-02-29 10:11:12.345678 -01:30', 'YYYY-MM-DD HH24:MI:SS.US TZH:TZM'), to_timestamp('12.3456', 'SS.FF2'), to_timestamp('86399', 'SSSSS'), to_timestamp('1:30 pm', 'HH:MI pm'), to_timestamp('2024-02-29', 'FXYYYY-MM-DD'), to_timestamp('5', 'MS');
SELECT to_date('366', 'DDD');
SELECT to_date('2024 10 05', 'IYYY IW DD');
SELECT to_date('2024', 'TZ');
SELECT to_date('2024-2', 'FXYYYY-MM-DD');
SELECT to_date('2024 2024 2023', 'YYYY YYYY YYYY');
SELECT to_date('02-31', 'MM-DD'), to_date('2024-02-31', 'YYYY-MM-DD');
SELECT to_timestamp('-Infinity'::float8), to_timestamp('Infinity'::float8);
