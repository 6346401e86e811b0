select make_timestamptz(year => 2024, month => 1, mday => 2, hour => 3, min => 4, sec => 5);
select parse_ident(str => 'a.b', strict => false), parse_ident('a.b', strict => true);
select jsonb_set_lax(jsonb_in => '{"a":1}', path => '{b}', replacement => null, null_value_treatment => 'use_json_null');
select jsonb_set_lax('{"a":1}', '{b}', null, null_value_treatment => 'return_target', create_if_missing => false);
