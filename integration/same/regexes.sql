-- Escapes by number, control characters, the brackets of words' edges; option q reads no embedded options.
SELECT 'a' ~ '\101', 'A' ~ '\101', 'S' ~ '\123', E'\n' ~ '\12', 'aa' ~ '(a)\1', 'x' ~ '\x78', 'b' ~ '\u0062', 'A' ~ '[\101-\103]', 'b' ~ '[\u0061-c]', E'\001' ~ '\cA', E'\001' ~ '[\cA]';
SELECT regexp_replace('one two', '[[:<:]]', '<', 'g'), regexp_replace('one two', '[[:>:]]', '>', 'g'), 'a.b' ~ '[[:<:]]b[[:>:]]', regexp_count('a bc', '[[:<:]]');
SELECT regexp_replace('a(?i)A', '(?i)A', 'X', 'q'), '(?i)a' ~ '***=(?i)a', regexp_match('a.b', 'a.b', 'q');
SELECT 'a' ~ '\777';
SELECT 'a' ~ '\2(a)';
SELECT 'a' ~ '\x';
SELECT 'a' ~ '\u12';
SELECT 'a' ~ '\c';
