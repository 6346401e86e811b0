-- RETURNING xmax: which row of an upsert is new; and no row twice, also inside WITH
create table up (id int primary key, n int, s text unique);
insert into up values (1,1,'a') on conflict (id) do update set n = excluded.n returning id, xmax = 0, xmax <> 0;
insert into up values (1,5,'a'),(2,2,'b') on conflict (id) do update set n = excluded.n returning id, (xmax = 0) as inserted;
insert into up values (1,5,'a'),(3,2,'c') on conflict (id) do update set n = excluded.n where up.n < 5 returning id, (xmax = 0) as inserted;
insert into up values (4,5,'d') on conflict do nothing returning id, xmax, pg_typeof(xmax);
insert into up values (4,5,'d') on conflict do nothing returning id, xmax;
insert into up values (5,5,'e') returning up.xmax, xmax::text, xmax::text::int;
insert into up values (5,5,'e') on conflict (id) do update set n = 7 returning xmax::text::bigint > 0, up.xmax <> 0, xmax = '0', xmax in (0), xmax is distinct from 0, case when xmax = 0 then 'new' else 'old' end;
insert into up values (6,5,'a') on conflict (s) do update set id = 60 returning id, (xmax = 0) as inserted;
with i as (insert into up values (7,1,'q'),(60,2,'a') on conflict (id) do update set n = 3 returning (xmax = 0) as ins) select count(*) filter (where ins), count(*) filter (where not ins) from i;
with u as (insert into up values (8,1,'z'),(8,2,'y') on conflict (id) do update set n = excluded.n returning *) select * from u;
select * from up order by id;
insert into up values (9,9,'x') returning xmax > 0;
insert into up values (10,9,'w') returning xmax = 0::bigint;
insert into up values (11,9,'v') returning 0 = xmax;
insert into up values (11,9,'u') returning xmax + 1;
insert into up values (12,9,'u') returning xmax = null, xmax = any (array[0]);
