// Drizzle: every column builder of drizzle-orm/pg-core, its query builder and relational queries, transactions with savepoints, errors, its
// pool; drizzle-kit's push, generate with migrate, and pull.
'use strict';
const { at, url, check, part, refused, done } = require('./checks');
const { execFile } = require('child_process');
const fs = require('fs');
const path = require('path');
const { Pool } = require('pg');
const { drizzle } = require('drizzle-orm/node-postgres');
const { migrate } = require('drizzle-orm/node-postgres/migrator');
const p = require('drizzle-orm/pg-core');
const o = require('drizzle-orm');
const { sql, eq } = o;
const s = require('./drizzle_schema');

const pool = new Pool({ ...at, max: 6 });
const db = drizzle(pool, { schema: s });
const stamp = new Date('2024-02-29T12:00:00.123Z');
const mood = p.pgEnum('dz_mood', ['sad', 'ok']);
const uuid = 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11';
const COLUMNS = {
  integer: [p.integer('v'), 7], smallint: [p.smallint('v'), -3], bigint_number: [p.bigint('v', { mode: 'number' }), 2 ** 40],
    bigint_bigint: [p.bigint('v', { mode: 'bigint' }), 9223372036854775807n], boolean: [p.boolean('v'), true], text: [p.text('v'), 'Grüße'],
    text_enum: [p.text('v', { enum: ['a', 'b'] }), 'a'], varchar: [p.varchar('v', { length: 20 }), 'x'], char: [p.char('v', { length: 4 }), 'ab'],
    numeric: [p.numeric('v'), '1.10'], numeric_10_2: [p.numeric('v', { precision: 10, scale: 2 }), '1.005'],
    numeric_number: [p.numeric('v', { mode: 'number' }), 1.5], real: [p.real('v'), 1.5], double: [p.doublePrecision('v'), 0.1],
    json: [p.json('v'), { b: 1, a: [1] }], jsonb: [p.jsonb('v'), { b: 1, a: [null] }], date: [p.date('v'), '2024-02-29'],
    date_date: [p.date('v', { mode: 'date' }), new Date('2024-02-29')], time: [p.time('v'), '12:34:56.789'],
    time_tz: [p.time('v', { withTimezone: true, precision: 3 }), '12:34:56+02'], timestamp: [p.timestamp('v'), stamp],
    timestamp_tz: [p.timestamp('v', { withTimezone: true, precision: 3 }), stamp],
    timestamp_string: [p.timestamp('v', { mode: 'string' }), '2024-02-29 12:00:00.123456'], interval: [p.interval('v'), '1 day 02:00:00'],
    interval_fields: [p.interval('v', { fields: 'day to second', precision: 3 }), '1 day 02:00:00.1239'], uuid: [p.uuid('v'), uuid],
    inet: [p.inet('v'), '10.0.0.1'], cidr: [p.cidr('v'), '10.0.0.0/8'], macaddr: [p.macaddr('v'), '08:00:2b:01:02:03'],
    macaddr8: [p.macaddr8('v'), '08:00:2b:01:02:03:04:05'], point: [p.point('v'), [1, 2]], point_xy: [p.point('v', { mode: 'xy' }), { x: 1, y: 2 }],
    line: [p.line('v'), [1, 2, 3]], bit: [p.bit('v', { dimensions: 3 }), '101'], integer_array: [p.integer('v').array(), [1, 2]],
    text_array: [p.text('v').array(), ['a b', 'c']], text_array_2: [p.text('v').array().array(), [['a'], ['b']]],
    numeric_array: [p.numeric('v').array(), ['1.5']], enum: [mood('v'), 'ok'], enum_array: [mood('v').array(), ['ok', 'sad']],
};

const described = async (table) => (await pool.query(`SELECT a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity, pg_get_expr(d.adbin, d.adrelid)
  FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum WHERE a.attrelid = $1::regclass AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum`, [table])).rows;

async function types() {
  await check('enum dz_mood', () => pool.query("CREATE TYPE dz_mood AS ENUM ('sad', 'ok')").then(() => 'made'));
  for (const [name, [column, value]] of Object.entries(COLUMNS)) {
    const t = p.pgTable(`dz_${name}`, { id: p.integer('id').primaryKey(), v: column });
    await check(`type ${name}: create`, () => pool.query(`CREATE TABLE dz_${name} (id integer PRIMARY KEY, v ${t.v.getSQLType()})`).then(() => 'made'));
    await check(`type ${name}: values`, async () => { await db.insert(t).values([{ id: 1, v: value }, { id: 2, v: null }]); return db.select().from(t).orderBy(t.id); });
    if (!/json|point|line/.test(name)) await check(`type ${name}: found`, () => db.$count(t, eq(t.v, value)));
    await check(`type ${name}: returning`, () => db.update(t).set({ v: value }).where(eq(t.id, 2)).returning());
    await check(`type ${name}: catalog`, () => described(`dz_${name}`));
  }
}

function kit(...args) {
  return new Promise((resolve, reject) => execFile('node', [path.join(__dirname, 'node_modules/drizzle-kit/bin.cjs'), ...args],
    { cwd: __dirname, timeout: 28000, env: { ...process.env, NO_COLOR: '1', CI: '1' } },
    (error, stdout, stderr) => { const text = `${stdout}\n${stderr}`.replace(/\x1b\[[0-9;?]*[A-Za-z]/g, ''); const at = /code: '(\w{5})'/.exec(text);
      if (error || at) reject(Object.assign(new Error(text.slice(-700)), { code: at ? at[1] : `exit ${error.code}` })); else resolve(text); }));
}

async function kits() {
  const folder = fs.mkdtempSync(path.join(__dirname, 'node_modules', '.kit-'));
  const schema = path.join(__dirname, 'drizzle_schema.js');
  const statements = () => fs.readdirSync(folder).filter((f) => f.endsWith('.sql')).map((f) => fs.readFileSync(path.join(folder, f), 'utf8'));
  try {
    await check('kit generate', () => kit('generate', '--dialect=postgresql', `--schema=${schema}`, `--out=${folder}`, '--name=first').then(statements));
    await check('kit migrate', async () => { await migrate(db, { migrationsFolder: folder });
      return (await pool.query('SELECT count(*) FROM drizzle.__drizzle_migrations')).rows; });
    await check('kit migrate again', async () => { await migrate(db, { migrationsFolder: folder });
      return (await pool.query('SELECT count(*) FROM drizzle.__drizzle_migrations')).rows; });
    await check('kit migrate, table in public', async () => { await migrate(db,
      { migrationsFolder: folder, migrationsSchema: 'public',
      migrationsTable: 'dz_migrations' }).catch((e) => { if (!/already exists/.test(String(e.cause || e))) throw e; }); return 'done'; });
    // What the migration would have made, statement by statement, so that the queries below have their tables.
    for (const [number, statement] of statements().join('\n').split('--> statement-breakpoint').entries()) {
      await check(`schema ${number}: ${statement.trim().slice(0, 60).replace(/\s+/g, ' ')}`,
        () => pool.query(statement).then(() => 'made').catch((e) => { if (/already exists/.test(e.message)) return 'made'; throw e; }));
    }
    await check('kit push', () => kit('push', '--force', '--dialect=postgresql', `--schema=${schema}`, `--url=${url}?sslmode=disable`,
      '--tablesFilter=shop_*').then((t) => t.split('\n').filter((l) => /changes|ALTER|CREATE|DROP|rror/i.test(l))));
    await check('kit pull', () => kit('pull', '--dialect=postgresql', `--url=${url}?sslmode=disable`, `--out=${folder}/pulled`,
      '--tablesFilter=shop_*').then(() => fs.readFileSync(`${folder}/pulled/schema.ts`, 'utf8')));
    await check('kit pull relations', () => fs.promises.readFile(`${folder}/pulled/relations.ts`, 'utf8').catch(() => null));
  } finally { fs.rmSync(folder, { recursive: true }); }
}

async function library() {
  const { authors, books, tags, bookTags } = s;
  await check('insert returning', () => db.insert(authors).values({ name: 'Ada', email: 'ada@x.org', rating: '4.50', data: { k: [1, 2] },
    tags: ['x', 'y z']}).returning({ id: authors.id, name: authors.name, rating: authors.rating, tags: authors.tags }));
  await check('insert many', () => db.insert(authors).values([{ name: 'Böll', email: 'b@x.org' }, { name: 'Çelik' }]).returning({ id: authors.id,
    active: authors.active }));
  await check('insert books', () => db.insert(books).values([1, 2, 3, 4, 5,
    6].map((n) => ({ authorId: 1 + (n % 3), title: `Book ${n}`, pages: n * 50, price: String(n * 1.25) }))).returning({ id: books.id,
    twice: books.twice }));
  await check('insert tags', () => db.insert(tags).values(['art', 'sea', 'war'].map((name) => ({ name }))).returning());
  await check('insert book_tags', () => db.insert(bookTags).values([[1, 1], [1, 2], [2, 2]].map(([bookId, tagId]) => ({ bookId, tagId }))));
  await check('insert select', () => db.insert(tags).select(db.select({ id: sql`${authors.id} + 10000`.as('id'),
    name: authors.name }).from(authors).orderBy(authors.id)).returning());
  const pages = db.$with('w').as(db.select({ id: books.id, pages: books.pages }).from(books).where(o.gt(books.pages, 100)));
  const sub = db.select({ authorId: books.authorId, n: o.count().as('n') }).from(books).groupBy(books.authorId).as('sub');
  const lateral = db.select({ title: books.title }).from(books).where(eq(books.authorId, authors.id)).orderBy(o.desc(books.pages)).limit(1).as('last');
  const prepared = db.select({ id: books.id }).from(books).where(eq(books.id, sql.placeholder('id')));
  const Q = {
    select: () => db.select({ id: authors.id, name: authors.name, data: authors.data }).from(authors).orderBy(authors.id),
      fields: () => db.select({ upper: sql`upper(${authors.name})`, n: sql`1`.mapWith(Number) }).from(authors).orderBy(authors.id),
      where: () => db.select({ id: books.id }).from(books).where(o.and(o.gt(books.pages, 60),
      o.or(o.lt(books.price, '5'), o.isNull(books.price)))).orderBy(books.id), in: () => db.$count(books, o.inArray(books.id, [1, 2])),
      not_in: () => db.$count(books, o.notInArray(books.id, [1])), between: () => db.$count(books, o.between(books.pages, 50, 150)),
      like: () => db.$count(authors, o.like(authors.name, 'A%')), ilike: () => db.$count(authors, o.ilike(authors.name, '%L%')),
      not_ilike: () => db.$count(authors, o.notIlike(authors.name, '%L%')),
      exists: () => db.select({ id: authors.id }).from(authors).where(o.exists(db.select().from(books).where(eq(books.authorId,
      authors.id)))).orderBy(authors.id), array_contains: () => db.$count(authors, o.arrayContains(authors.tags, ['x'])),
      array_contained: () => db.$count(authors, o.arrayContained(authors.tags, ['x', 'y z', 'q'])),
      array_overlaps: () => db.$count(authors, o.arrayOverlaps(authors.tags, ['x'])),
      json: () => db.select({ k: sql`${authors.data}->'k'->>0` }).from(authors).where(sql`${authors.data} @> '{"k":[1]}'`),
    join: () => db.select({ t: books.title, n: authors.name }).from(books).innerJoin(authors, eq(authors.id, books.authorId)).orderBy(books.id),
      left_join: () => db.select().from(tags).leftJoin(bookTags, eq(bookTags.tagId, tags.id)).orderBy(tags.id, bookTags.bookId),
      full_join: () => db.select({ n: o.count() }).from(books).fullJoin(tags, eq(books.id, tags.id)),
      right_join: () => db.select({ n: o.count() }).from(books).rightJoin(tags, eq(books.id, tags.id)),
      cross_join: () => db.select({ n: o.count() }).from(books).crossJoin(tags),
      lateral: () => db.select({ name: authors.name, title: lateral.title }).from(authors).leftJoinLateral(lateral, sql`true`).orderBy(authors.id),
      subquery: () => db.select({ name: authors.name, n: sub.n }).from(authors).leftJoin(sub, eq(sub.authorId, authors.id)).orderBy(authors.id),
      with: () => db.with(pages).select({ n: o.count(), top: o.max(pages.pages) }).from(pages),
      with_insert: () => { const w = db.$with('ins').as(db.insert(tags).values({ name: 'cte' }).returning()); return db.with(w).select().from(w); },
      with_update: () => db.with(pages).update(books).set({ pages: sql`${books.pages} + 1` }).where(o.inArray(books.id,
      sql`(select id from ${pages})`)).returning({ id: books.id }),
    aggregates: () => db.select({ a: books.authorId, n: o.count(), d: o.countDistinct(books.title), s: o.sum(books.pages), v: o.avg(books.price),
      lo: o.min(books.title), hi: o.max(books.pages) }).from(books).groupBy(books.authorId).having(sql`count(*) > 1`).orderBy(books.authorId),
      rollup: () => db.select({ a: books.authorId, n: o.count() }).from(books).groupBy(sql`rollup(${books.authorId})`).orderBy(books.authorId),
      distinct: () => db.selectDistinct({ a: books.authorId }).from(books).orderBy(books.authorId),
      distinct_on: () => db.selectDistinctOn([books.authorId], { a: books.authorId, t: books.title }).from(books).orderBy(books.authorId,
      o.desc(books.pages)), union: () => p.union(db.select({ n: tags.name }).from(tags),
      db.select({ n: authors.name }).from(authors)).orderBy(sql`1`), union_all: () => p.unionAll(db.select({ n: tags.id }).from(tags),
      db.select({ n: authors.id }).from(authors)).orderBy(sql`1`).limit(3),
      intersect: () => p.intersect(db.select({ n: tags.id }).from(tags), db.select({ n: authors.id }).from(authors)).orderBy(sql`1`),
      except: () => p.except(db.select({ n: books.pages }).from(books), db.select({ n: authors.id }).from(authors)).orderBy(sql`1`),
      intersect_all: () => p.intersectAll(db.select({ n: tags.id }).from(tags), db.select({ n: authors.id }).from(authors)).orderBy(sql`1`),
      except_all: () => p.exceptAll(db.select({ n: books.pages }).from(books), db.select({ n: authors.id }).from(authors)).orderBy(sql`1`),
      window: () => db.select({ id: books.id,
      r: sql`row_number() over (partition by ${books.authorId} order by ${books.pages} desc)` }).from(books).orderBy(books.id),
      limit: () => db.select({ id: books.id }).from(books).orderBy(o.asc(books.id)).limit(2).offset(1),
      prepared: () => prepared.prepare('by_id').execute({ id: 2 }), prepared_again: () => prepared.prepare('by_id').execute({ id: 3 }),
      case: () => db.select({ c: sql`case when ${books.pages} > 100 then 'long' else 'short' end` }).from(books).orderBy(books.id),
      date_trunc: () => db.select({ d: sql`date_trunc('day', timestamptz '2024-02-29 12:34+00') at time zone 'UTC'` }).from(books).limit(1),
      raw: () => db.execute(sql`select ${1}::int + 1 as n, ${'x'}::text as t`).then((r) => r.rows),
      raw_array: () => db.execute(sql`select ${sql.param([1, 2])}::int[] as a`).then((r) => r.rows),
      values: () => db.execute(sql`select * from (values (1, 'a'), (2, 'b')) as v (n, t)`).then((r) => r.rows),
    find_many: () => db.query.authors.findMany({ columns: { id: true, name: true },
      with: { books: { columns: { title: true, price: true }, orderBy: (b, { asc }) => asc(b.id) } }, orderBy: (a, { asc }) => asc(a.id) }),
      find_nested: () => db.query.books.findMany({ columns: { title: true },
      with: { author: { columns: { name: true } }, tags: { with: { tag: true } } }, orderBy: (b, { asc }) => asc(b.id) }),
      find_first: () => db.query.authors.findFirst({ columns: { name: true }, where: (a, ops) => ops.eq(a.name, 'Ada'),
      extras: { lower: sql`lower(${authors.name})`.as('lower') } }), find_limited: () => db.query.authors.findMany({ columns: { id: true },
      with: { books: { columns: { id: true }, limit: 1, where: (b, ops) => ops.gt(b.pages, 50), orderBy: (b, { desc }) => desc(b.id) } }, limit: 2,
      offset: 1, orderBy: (a, { asc }) => asc(a.id) }), find_plain: () => db.query.tags.findMany({ orderBy: (t, { asc }) => asc(t.id) }),
      view: () => db.select().from(s.longBooks).orderBy(s.longBooks.id),
      for_update: () => db.transaction((t) => t.select({ id: books.id }).from(books).where(eq(books.id, 1)).for('update')),
      for_no_key: () => db.transaction((t) => t.select({ id: books.id }).from(books).where(eq(books.id, 1)).for('no key update', { of: books })),
      skip_locked: () => db.transaction((t) => t.select({ id: books.id }).from(books).where(eq(books.id, 1)).for('update', { skipLocked: true })),
      no_wait: () => db.transaction((t) => t.select({ id: books.id }).from(books).where(eq(books.id, 1)).for('share', { noWait: true })),
    update: () => db.update(books).set({ pages: 77 }).where(eq(books.id, 1)).returning({ id: books.id, pages: books.pages }),
      update_from: () => db.update(books).set({ title: sql`${books.title} || ' of ' || ${authors.name}` }).from(authors).where(o.and(eq(authors.id,
      books.authorId), eq(books.id, 2))).returning({ title: books.title, author: authors.name }),
      update_count: () => db.update(books).set({ price: sql`${books.price} * 2` }).then((r) => r.rowCount),
      delete: () => db.delete(bookTags).where(eq(bookTags.bookId, 2)).returning(), delete_all: () => db.delete(bookTags).then((r) => r.rowCount),
      upsert_nothing: () => db.insert(tags).values({ name: 'art' }).onConflictDoNothing().returning(),
      upsert_nothing_target: () => db.insert(tags).values({ name: 'art' }).onConflictDoNothing({ target: tags.name }).returning(),
      upsert_update: () => db.insert(authors).values({ name: 'Ada 2', email: 'ada@x.org' }).onConflictDoUpdate({ target: authors.email,
      set: { name: sql`excluded.name`, rating: sql`${authors.rating} + 1` } }).returning({ id: authors.id, name: authors.name,
      rating: authors.rating }), upsert_where: () => db.insert(authors).values({ name: 'Ada 3',
      email: 'ada@x.org' }).onConflictDoUpdate({ target: authors.email, set: { name: 'W' },
      setWhere: sql`${authors.rating} < 0` }).returning({ id: authors.id }),
      upsert_two: () => db.insert(books).values({ authorId: 2, title: 'Book 4',
      pages: 1 }).onConflictDoUpdate({ target: [books.authorId, books.title], set: { pages: 999 } }).returning({ id: books.id, pages: books.pages }),
      overriding: () => db.insert(books).overridingSystemValue().values({ id: 500, authorId: 1, title: 'Override' }).returning({ id: books.id }),
      sequence: () => db.execute(sql`select nextval('shop_sequence') as n`).then((r) => r.rows),
      refresh: () => db.refreshMaterializedView(s.counted).then(() => db.select().from(s.counted)),
  };
  for (const [name, body] of Object.entries(Q)) await check(`query ${name}`, async () => body());
  const E = { unique: () => db.insert(authors).values({ name: 'x', email: 'b@x.org' }),
    unique_two: () => db.insert(books).values({ authorId: 1, title: 'Book 3' }), primary: () => db.insert(tags).values({ id: 1, name: 'p' }),
    not_null: () => db.insert(authors).values({ name: sql`null` }), foreign_key: () => db.insert(books).values({ authorId: 999, title: 'f' }),
    check: () => db.insert(books).values({ authorId: 1, title: 'c', pages: -1 }),
    too_long: () => db.insert(authors).values({ name: 'x'.repeat(101) }), enum: () => db.insert(s.moody).values({ mood: 'glad' }),
    no_table: () => db.execute(sql`select * from nobody`), no_column: () => db.execute(sql`select nothing from shop_authors`),
    syntax: () => db.execute(sql`selec`), division: () => db.execute(sql`select 1/0`),
    numeric: () => db.insert(authors).values({ name: 'n', rating: '12345' }),
    always: () => db.insert(books).values({ id: 600, authorId: 1, title: 'always' }) };
  for (const [name, body] of Object.entries(E)) await check(`error ${name}`, () => refused(async () => body()));
  const count = () => db.$count(tags, o.like(tags.name, 'tx%'));
  await check('tx commit', async () => { await db.transaction((t) => t.insert(tags).values({ name: 'tx1' })); return count(); });
  await check('tx rollback', async () => { await db.transaction(async (t) => { await t.insert(tags).values({ name: 'tx2' }); t.rollback();
    }).catch(() => {}); return count(); });
  await check('tx nested', async () => { await db.transaction(async (t) => { await t.insert(tags).values({ name: 'tx3' });
    await t.transaction(async (n) => { await n.insert(tags).values({ name: 'tx4' }); n.rollback(); }).catch(() => {});
    await t.transaction((n) => n.insert(tags).values({ name: 'tx5' })); }); return count(); });
  for (const isolationLevel of ['read uncommitted', 'read committed', 'repeatable read', 'serializable']) await check(`tx ${isolationLevel}`,
    () => db.transaction((t) => t.execute(sql`show transaction_isolation`).then((r) => r.rows), { isolationLevel }));
  await check('tx read only', () => db.transaction((t) => refused(async () => t.insert(tags).values({ name: 'ro' })), { accessMode: 'read only', deferrable: true }));
  await check('pool', async () => { await Promise.all(Array.from({ length: 100 }, (_, n) => db.insert(tags).values({ name: `pool ${n}` })));
    return db.$count(tags, o.like(tags.name, 'pool%')); });
  await check('pool counters', async () => { await Promise.all(Array.from({ length: 30 },
    () => db.transaction(async (t) => { const [b] = await t.select().from(books).where(eq(books.id, 3)).for('update');
    await t.update(books).set({ pages: b.pages + 1 }).where(eq(books.id, 3)); })));
    return db.select({ pages: books.pages }).from(books).where(eq(books.id, 3)); });
}

(async () => {
  for (const body of [types, kits, library]) await part(body.name, body);
  await done(() => pool.end());
})();
