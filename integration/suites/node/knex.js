// knex: schema builder, migrations there and back, introspection, query builder, transactions with savepoints, its pool.
'use strict';
const { at, check, part, refused, done, TYPES } = require('./checks');
const fs = require('fs');
const os = require('os');
const path = require('path');
const knex = require('knex')({ client: 'pg', version: '15.0', connection: at, pool: { min: 0, max: 8 }, acquireConnectionTimeout: 8000 });

const COLUMNS = {
  increments: (t) => t.increments('c'), bigincrements: (t) => t.bigIncrements('c'), integer: (t) => t.integer('c'), tinyint: (t) => t.tinyint('c'),
  smallint: (t) => t.smallint('c'), mediumint: (t) => t.mediumint('c'), bigint: (t) => t.bigInteger('c'), text: (t) => t.text('c'),
  string: (t) => t.string('c'), string_20: (t) => t.string('c', 20), float: (t) => t.float('c'), double: (t) => t.double('c'),
  decimal: (t) => t.decimal('c'), decimal_any: (t) => t.decimal('c', null), boolean: (t) => t.boolean('c'), date: (t) => t.date('c'),
  datetime: (t) => t.datetime('c'), datetime_plain: (t) => t.datetime('c', { useTz: false }), datetime_precise: (t) => t.datetime('c', { precision: 3 }),
  time: (t) => t.time('c'), timestamp: (t) => t.timestamp('c'), timestamps: (t) => t.timestamps(true, true), binary: (t) => t.binary('c'),
  enum_check: (t) => t.enu('c', ['a', 'b']), enum_native: (t) => t.enu('c', ['a', 'b'], { useNative: true, enumName: 'knex_enum' }),
  json: (t) => t.json('c'), jsonb: (t) => t.jsonb('c'), uuid: (t) => t.uuid('c'), uuid_default: (t) => t.uuid('c').defaultTo(knex.fn.uuid()),
  specific: (t) => t.specificType('c', 'integer[]'), not_null: (t) => t.integer('c').notNullable().defaultTo(3), unsigned: (t) => t.integer('c').unsigned(),
  default_text: (t) => t.string('c').defaultTo("it's"), default_now: (t) => t.timestamp('c').defaultTo(knex.fn.now()), default_json: (t) => t.jsonb('c').defaultTo('{}'),
  default_true: (t) => t.boolean('c').defaultTo(true), comment: (t) => t.integer('c').comment('a comment'), checks: (t) => t.integer('c').checkPositive(),
  check_in: (t) => t.string('c').checkIn(['a', 'b'], 'knex_check_in'), check_between: (t) => t.integer('c').checkBetween([1, 9]),
  check_length: (t) => t.string('c').checkLength('>', 2), check_regex: (t) => t.string('c').checkRegex('[0-9]{2}'), geometry: (t) => t.specificType('c', 'point'),
  primary: (t) => t.string('c').primary({ constraintName: 'knex_pk' }), unique_name: (t) => t.string('c').unique({ indexName: 'knex_unique' }),
  index: (t) => t.string('c').index('knex_index'), collate: (t) => t.string('c').collate('C'),
    identity: (t) => t.specificType('c', 'integer GENERATED ALWAYS AS IDENTITY'),
  generated: (t) => { t.integer('c'); t.specificType('d', 'integer GENERATED ALWAYS AS (c * 2) STORED'); },
  two_keys: (t) => { t.integer('c'); t.integer('d'); t.primary(['c', 'd']); }, unique_deferrable: (t) => { t.integer('c').unique({ deferrable: 'deferred' }); },
  unique_partial: (t) => { t.integer('c'); t.unique(['c'], { predicate: knex.whereNotNull('c'), useConstraint: false }); },
};

const described = async (table) => (await knex.raw(`SELECT a.attname, format_type(a.atttypid, a.atttypmod) AS type, a.attnotnull, a.attidentity, a.attgenerated,
    pg_get_expr(d.adbin, d.adrelid) AS value, col_description(a.attrelid, a.attnum) AS comment
  FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
  WHERE a.attrelid = ?::regclass AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum`, [table])).rows;
const constraints = async (table) => (await knex.raw('SELECT conname, contype, pg_get_constraintdef(oid) AS text FROM pg_constraint WHERE conrelid = ?::regclass ORDER BY 1',
  [table])).rows;
const indexes = async (table) => (await knex.raw('SELECT indexname, indexdef FROM pg_indexes WHERE tablename = ? ORDER BY 1', [table])).rows;

async function schema() {
  for (const [name, column] of Object.entries(COLUMNS)) {
    const table = `k_${name}`;
    await check(`column ${name}: create`, () => knex.schema.createTable(table, column).then(() => 'made'));
    await check(`column ${name}: columnInfo`, () => knex(table).columnInfo());
    await check(`column ${name}: catalog`, async () => [await described(table), await constraints(table), await indexes(table)]);
  }
  for (const [type, values] of Object.entries(TYPES)) {
    const table = `t_${type.replace(/\W/g, '_')}_${type.length}`;
    await check(`type ${type}`, async () => {
      await knex.schema.createTable(table, (t) => { t.integer('id').primary(); t.specificType('c', type); });
      await knex(table).insert(values.map((c, id) => ({ id, c })));
      await knex(table).insert({ id: 9, c: null });
      return [await knex(table).orderBy('id'), await knex(table).columnInfo('c')];
    });
  }
}

async function library() {
  await check('create authors', () => knex.schema.createTable('authors', (t) => {
    t.increments('id'); t.string('name', 100).notNullable(); t.string('email').unique(); t.decimal('rating', 5, 2).defaultTo(0); t.boolean('active').defaultTo(true);
    t.jsonb('data'); t.date('born'); t.timestamp('made').defaultTo(knex.fn.now());
  }));
  await check('create books', () => knex.schema.createTable('books', (t) => {
    t.increments('id'); t.integer('author_id').notNullable().references('id').inTable('authors').onDelete('CASCADE').onUpdate('CASCADE');
    t.string('title').notNullable(); t.integer('pages'); t.decimal('price', 10, 2); t.unique(['author_id', 'title']); t.index(['pages'], 'books_pages');
  }));
  await check('create tags', () => knex.schema.createTable('tags', (t) => { t.increments('id'); t.string('name').unique();
    t.check('length(??) > 0', ['name'], 'tags_name_filled'); }));
  await check('create book_tags', () => knex.schema.createTable('book_tags', (t) => {
    t.integer('book_id').references('books.id').onDelete('CASCADE'); t.integer('tag_id').references('tags.id').onDelete('RESTRICT'); t.primary(['book_id', 'tag_id']);
  }));
  await check('create view', () => knex.schema.createView('long_books',
    (v) => { v.columns(['id', 'title']); v.as(knex('books').select('id', 'title').where('pages', '>', 100)); }));
  await check('create or replace view', () => knex.schema.createViewOrReplace('long_books',
    (v) => { v.columns(['id', 'title']); v.as(knex('books').select('id', 'title').where('pages', '>', 99)); }));
  await check('create materialized view', () => knex.schema.createMaterializedView('books_mv', (v) => { v.columns(['n']); v.as(knex('books').count('*')); }));
  await check('create table like', () => knex.schema.createTableLike('authors_like', 'authors'));
  await check('create schema', () => knex.schema.createSchemaIfNotExists('knex_schema'));
  await check('hasTable', async () => [await knex.schema.hasTable('authors'), await knex.schema.hasTable('nobody')]);
  await check('hasColumn', async () => [await knex.schema.hasColumn('authors', 'email'), await knex.schema.hasColumn('authors', 'nothing')]);
  for (const table of ['authors', 'books', 'tags', 'book_tags']) await check(`catalog of ${table}`,
    async () => [await described(table), await constraints(table), await indexes(table)]);

  await check('insert returning id', () => knex('authors').insert({ name: 'Ada', email: 'ada@x.org', rating: 4.5, data: { k: [1, 2] },
    born: '1815-12-10' }).returning('id'));
  await check('insert returning *', async () => (await knex('authors').insert([{ name: 'Böll', email: 'b@x.org' }, { name: 'Çelik', rating: 3 }],
    ['id', 'name', 'rating', 'active', 'data'])));
  await check('insert default', () => knex('tags').insert({}).returning('*'));
  await check('insert books', () => knex('books').insert([1, 2, 3, 4, 5,
    6].map((n) => ({ author_id: 1 + (n % 3), title: `Book ${n}`, pages: n * 50, price: n * 1.25 }))).returning(['id', 'title']));
  await check('insert tags', () => knex('tags').insert(['art', 'sea', 'war'].map((name) => ({ name }))).returning('*'));
  await check('insert book_tags', () => knex('book_tags').insert([[1, 2], [1, 3], [2, 2], [3, 4]].map(([book_id, tag_id]) => ({ book_id, tag_id }))));
  await check('batchInsert', () => knex.batchInsert('tags', Array.from({ length: 120 }, (_, n) => ({ name: `tag ${n}` })),
    50).returning('id').then((rows) => rows.length));
  await check('insert from select', () => knex('tags').insert(knex('authors').select(knex.raw('id + 5000'), 'name').where('id', 1)).returning('name'));
  await check('insert from select with columns', () => knex.into(knex.raw('?? (??)', ['tags', 'name'])).insert(knex('authors').select('name').where('id', 2)));

  const q = {
    select: () => knex('authors').select('id', 'name').orderBy('id'), first: () => knex('authors').where({ id: 1 }).first('name', 'rating', 'data'),
    pluck: () => knex('authors').orderBy('name').pluck('name'), where_in: () => knex('books').whereIn('id', [1, 2]).orderBy('id').select('title'),
    where_in_tuple: () => knex('books').whereIn(['author_id', 'title'], [[2, 'Book 1'], [3, 'Book 2']]).select('id'),
    where_subquery: () => knex('authors').whereIn('id', knex('books').select('author_id').where('pages', '>', 200)).select('name').orderBy('id'),
    where_exists: () => knex('authors').whereExists(knex('books').whereRaw('books.author_id = authors.id')).count('*'),
    where_between: () => knex('books').whereBetween('pages', [100, 200]).pluck('id'), where_null: () => knex('authors').whereNull('email').pluck('name'),
    where_ilike: () => knex('authors').whereILike('name', '%A%').orderBy('id').pluck('name'), where_like: () => knex('authors').whereLike('name', 'A%').pluck('name'),
    where_not: () => knex('authors').whereNot('id', 1).orWhere('rating', '>', 4).orderBy('id').pluck('id'),
    where_json_object: () => knex('authors').whereJsonObject('data', { k: [1, 2] }).pluck('name'),
      where_json_path: () => knex('authors').whereJsonPath('data', '$.k[0]', '=', 1).pluck('name'),
    where_json_superset: () => knex('authors').whereJsonSupersetOf('data', { k: [1] }).pluck('name'),
      where_json_subset: () => knex('authors').whereJsonSubsetOf('data', { k: [1, 2], z: 1 }).pluck('name'),
    json_extract: () => knex('authors').jsonExtract('data', '$.k[1]', 'second').whereNotNull('data'),
      json_set: () => knex('authors').jsonSet('data', '$.z', '5', 'data').where('id', 1),
    json_insert: () => knex('authors').jsonInsert('data', '$.y', '6', 'data').where('id', 1),
      json_remove: () => knex('authors').jsonRemove('data', '$.k', 'data').where('id', 1),
    join: () => knex('books').join('authors', 'authors.id', 'books.author_id').select('title', 'name').orderBy('books.id'),
    left_join: () => knex('authors').leftJoin('books', (j) => j.on('authors.id', 'books.author_id').andOn('books.pages', '>',
      knex.raw('?', [250]))).select('name', 'title').orderBy(['name', 'title']),
    right_join: () => knex('books').rightJoin('authors', 'authors.id', 'books.author_id').count('* as n'),
      full_join: () => knex('books').fullOuterJoin('tags', 'tags.id', 'books.id').count('* as n'),
    cross_join: () => knex('authors').crossJoin('tags').count('* as n'),
      join_using: () => knex('authors').join('books', (j) => j.using('id')).select('name', 'title').orderBy('name'),
    group: () => knex('books').select('author_id').count('* as n').sum('pages as pages').avg('price as price').min('title as a').max('title as b').groupBy('author_id').orderBy('author_id'),
    having: () => knex('books').select('author_id').groupBy('author_id').havingRaw('sum(pages) > ?', [300]).orderBy('author_id'),
    having_in: () => knex('books').select('author_id').groupBy('author_id').havingIn('author_id', [1, 2]).orderBy('author_id'),
    count_distinct: () => knex('books').countDistinct('author_id as n'), sum_distinct: () => knex('books').sumDistinct('author_id as n'),
      avg_distinct: () => knex('books').avgDistinct('author_id as n'),
    distinct: () => knex('books').distinct('author_id').orderBy('author_id'),
      distinct_on: () => knex('books').distinctOn('author_id').select('author_id',
      'title').orderBy([{ column: 'author_id' }, { column: 'pages', order: 'desc' }]),
    order_nulls: () => knex('authors').orderBy('email', 'desc', 'last').pluck('name'), limit_offset: () => knex('books').orderBy('id').limit(2).offset(1).pluck('id'),
    union: () => knex('authors').select('name').union(knex('tags').select('name').where('id', '<', 4)).orderBy('name'),
      union_all: () => knex('authors').select('id').unionAll([knex('tags').select('id').where('id', '<', 3)]).orderBy('id'),
    intersect: () => knex('authors').select('id').intersect(knex('books').select('id')).orderBy('id'),
      except: () => knex('books').select('id').except(knex('authors').select('id')).orderBy('id'),
    with: () => knex.with('w', knex('books').where('pages', '>', 100)).from('w').count('*'),
      with_recursive: () => knex.withRecursive('n', (b) => b.select(knex.raw('1 as x')).unionAll([knex.select(knex.raw('x + 1')).from('n').where('x',
      '<', 5)])).from('n').sum('x'),
    with_materialized: () => knex.withMaterialized('w', knex('books').select('id')).from('w').count('*'),
      with_columns: () => knex.with('w', ['a'], knex('books').select('id')).from('w').max('a'),
    row_number: () => knex('books').select('id').rowNumber('n', (o) => o.orderBy('pages', 'desc').partitionBy('author_id')).orderBy('id'),
      rank: () => knex('books').select('id').rank('n', 'author_id').orderBy('id'),
    dense_rank: () => knex('books').select('id').denseRank('n', ['author_id']).orderBy('id'),
      raw_array: () => knex.raw('SELECT ?::int[] AS a, ?::text[] AS b', [[1, 2], ['x', 'y']]).then((r) => r.rows),
    raw_named: () => knex.raw('SELECT :a::int + :b::int AS n', { a: 1, b: 2 }).then((r) => r.rows),
      raw_any: () => knex('books').whereRaw('id = ANY(?)', [[1, 2]]).pluck('id'),
    raw_fields: () => knex.raw('SELECT 1 AS a, now() AS b, 1.5 AS c, true AS d, NULL AS e').then((r) => r.fields.map((f) => [f.name, f.dataTypeID,
      f.dataTypeSize, f.format])),
    update: () => knex('books').where('id', 1).update({ pages: 77 }),
      update_returning: () => knex('books').where('id', 1).update({ title: 'Changed', price: knex.raw('price * 2') }).returning(['id', 'title',
      'price']),
    increment: () => knex('books').where('id', 2).increment({ pages: 5, price: 1 }),
      decrement: () => knex('books').where('id', 2).decrement('pages', 3).returning('pages'),
    update_from: () => knex('books').updateFrom('authors').whereRaw('authors.id = books.author_id').where('authors.name',
      'Ada').update({ 'pages': knex.raw('books.pages + 1') }),
    delete: () => knex('book_tags').where({ book_id: 3 }).del(), delete_returning: () => knex('tags').where('name', 'like',
      'tag 1%').del(['name']).then((rows) => rows.length),
    delete_using: () => knex('book_tags').using('tags').whereRaw('tags.id = book_tags.tag_id').where('tags.name', 'nobody').del(),
    upsert_ignore: () => knex('tags').insert({ name: 'art' }).onConflict('name').ignore().returning('*'),
      upsert_ignore_any: () => knex('tags').insert({ name: 'art' }).onConflict().ignore(),
    upsert_merge: () => knex('authors').insert({ name: 'Ada 2', email: 'ada@x.org', rating: 1 }).onConflict('email').merge().returning(['id', 'name', 'rating']),
    upsert_merge_columns: () => knex('authors').insert({ name: 'Ada 3', email: 'ada@x.org',
      rating: 2 }).onConflict(['email']).merge(['rating']).returning(['id', 'name', 'rating']),
    upsert_merge_where: () => knex('authors').insert({ name: 'Ada 4',
      email: 'ada@x.org' }).onConflict('email').merge({ name: 'W' }).where('authors.rating', '<', 0).returning('id'),
    upsert_raw: () => knex('authors').insert({ name: 'Ada',
      email: 'ada@x.org' }).onConflict(knex.raw('(email)')).merge({ rating: knex.raw('authors.rating + 1') }).returning(['rating']),
    view: () => knex('long_books').orderBy('id').pluck('title'), first_missing: () => knex('authors').where('id', 999).first(),
      for_update: () => knex.transaction((t) => t('books').where('id', 1).forUpdate().pluck('id')),
    for_share: () => knex.transaction((t) => t('books').where('id', 1).forShare().pluck('id')),
      for_no_key_update: () => knex.transaction((t) => t('books').where('id', 1).forNoKeyUpdate().pluck('id')),
    skip_locked: () => knex.transaction((t) => t('books').orderBy('id').limit(1).forUpdate().skipLocked().pluck('id')),
      no_wait: () => knex.transaction((t) => t('books').where('id', 1).forUpdate().noWait().pluck('id')),
    stream: () => new Promise((resolve, reject) => { let n = 0; const s = knex('tags').select('id').stream(); s.on('data', () => { n += 1; });
      s.on('end', () => resolve(n)); s.on('error', reject); }),
    truncate: () => knex('book_tags').truncate(), truncate_all: () => knex('tags').truncate(),
    refresh_mv: () => knex.schema.refreshMaterializedView('books_mv'), explain_analyze_hint: () => knex('books').hintComment('x').count('*'),
      date_math: () => knex.raw("SELECT (date '2024-01-31' + interval '1 month')::text AS d").then((r) => r.rows),
  };
  for (const [name, body] of Object.entries(q)) await check(`query ${name}`, body);
}

async function errors() {
  const tries = {
    unique: () => knex('authors').insert({ name: 'x', email: 'b@x.org' }), unique_two: () => knex('books').insert({ author_id: 2, title: 'Book 4' }),
      not_null: () => knex('authors').insert({ name: null }),
    foreign_key: () => knex('books').insert({ author_id: 999, title: 'x' }),
      foreign_key_delete: async () => { await knex('book_tags').insert({ book_id: 1, tag_id: 900 }); },
      check: () => knex('tags').insert({ name: '' }),
    too_long: () => knex('authors').insert({ name: 'x'.repeat(200) }), bad_integer: () => knex('books').where('id', 'abc'),
      out_of_range: () => knex('books').insert({ author_id: 1, title: 'n', pages: 3e9 }),
    numeric_overflow: () => knex('authors').insert({ name: 'n', rating: 99999 }), no_table: () => knex('nobody').select(),
      no_column: () => knex('authors').select('nothing'), syntax: () => knex.raw('SELEC 1'),
    division: () => knex.raw('SELECT 1/0'), no_function: () => knex.raw('SELECT nothing_like(1)'),
      bad_json: () => knex('authors').insert({ name: 'j', data: '{bad' }),
      table_exists: () => knex.schema.createTable('authors', (t) => t.integer('a')),
    drop_missing: () => knex.schema.dropTable('nobody'), bad_date: () => knex('authors').insert({ name: 'd', born: '2024-13-01' }),
      aggregate: () => knex('books').select('title').count('*'),
  };
  for (const [name, body] of Object.entries(tries)) await check(`error ${name}`, () => refused(body));
}

async function transactions() {
  const names = () => knex('tags').whereLike('name', 'tx%').orderBy('name').pluck('name');
  await check('tx commit', async () => { await knex.transaction(async (t) => { await t('tags').insert({ name: 'tx1' }); }); return names(); });
  await check('tx rollback', async () => { await knex.transaction(async (t) => { await t('tags').insert({ name: 'tx2' }); throw new Error('back');
    }).catch((e) => e.message); return names(); });
  await check('tx savepoint', async () => {
    await knex.transaction(async (t) => {
      await t('tags').insert({ name: 'tx3' });
      await t.transaction(async (s) => { await s('tags').insert({ name: 'tx4' }); throw new Error('inner'); }).catch(() => {});
      await t.transaction(async (s) => { await s('tags').insert({ name: 'tx5' }); });
    });
    return names();
  });
  await check('tx savepoint after error', async () => {
    await knex.transaction(async (t) => {
      await t.transaction(async (s) => { await s('tags').insert({ name: 'tx3' }); }).catch(() => {});
      await t('tags').insert({ name: 'tx6' });
    });
    return names();
  });
  await check('tx aborted', () => knex.transaction(async (t) => { await t.raw('SELECT 1/0').catch(() => {}); return refused(() => t.raw('SELECT 1')); }));
  for (const isolationLevel of ['read uncommitted', 'read committed', 'repeatable read', 'serializable']) {
    await check(`tx ${isolationLevel}`, () => knex.transaction((t) => t.raw('SHOW transaction_isolation').then((r) => r.rows), { isolationLevel }));
  }
  await check('tx read only', () => knex.transaction((t) => refused(() => t('tags').insert({ name: 'ro' })), { readOnly: true }));
  await check('pool of 8: 200 inserts', async () => {
    await Promise.all(Array.from({ length: 200 }, (_, n) => knex('tags').insert({ name: `pool ${n}` })));
    return knex('tags').whereLike('name', 'pool%').count('*');
  });
  await check('pool of 8: 40 counters', async () => {
    await Promise.all(Array.from({ length: 40 }, () => knex.transaction(async (t) => {
      const row = await t('books').where('id', 2).forUpdate().first('pages');
      await t('books').where('id', 2).update({ pages: row.pages + 1 });
    })));
    return knex('books').where('id', 2).first('pages');
  });
}

async function alterations() {
  const A = {
    add_column: (t) => t.string('extra').defaultTo('e'), add_not_null: (t) => t.integer('needed').notNullable().defaultTo(1),
      add_now: (t) => t.timestamp('at').defaultTo(knex.fn.now()), rename_column: (t) => t.renameColumn('extra', 'more'),
    alter_type: (t) => t.text('more').alter(), alter_type_number: (t) => t.bigInteger('pages').alter(), set_null: (t) => t.setNullable('title'),
      drop_null: (t) => t.dropNullable('title'), alter_default: (t) => t.integer('needed').defaultTo(9).alter(),
      drop_column: (t) => t.dropColumn('more'),
    drop_columns: (t) => t.dropColumns('needed', 'at'), add_unique: (t) => t.unique(['pages'], { indexName: 'books_pages_unique' }),
      drop_unique: (t) => t.dropUnique(['pages'], 'books_pages_unique'), add_index: (t) => t.index(['title', 'pages'], 'books_two'),
    add_index_method: (t) => t.index(['title'], 'books_hash', { indexType: 'hash' }),
      add_index_partial: (t) => t.index(['title'], 'books_partial', { predicate: knex.whereNotNull('pages') }),
      drop_index: (t) => t.dropIndex([], 'books_two'),
    add_check: (t) => t.check('pages > 0', {}, 'books_pages_positive'), drop_checks: (t) => t.dropChecks('books_pages_positive'),
      add_foreign: (t) => t.foreign('pages', 'books_pages_fk').references('tags.id'), drop_foreign: (t) => t.dropForeign('pages', 'books_pages_fk'),
    add_foreign_column: (t) => t.integer('second_id').references('id').inTable('authors'), comment: (t) => t.comment('about books'),
      add_timestamps: (t) => t.timestamps(true, true), drop_timestamps: (t) => t.dropTimestamps(), drop_primary: (t) => t.dropPrimary(),
      add_primary: (t) => t.primary(['id'], { constraintName: 'books_new_pk' }),
  };
  for (const [name, change] of Object.entries(A)) {
    await check(`alter ${name}`, () => knex.schema.alterTable('books', change).then(() => 'done'));
    await check(`alter ${name}: catalog`, async () => [await described('books'), await constraints('books'), await indexes('books')]);
  }
  await check('rename table', () => knex.schema.renameTable('authors', 'writers').then(() => knex('writers').count('*')));
  await check('rename table: catalog', async () => [await constraints('books'), await indexes('writers')]);
  await check('rename view', () => knex.schema.renameView('long_books', 'longer_books'));
  await check('drop view', () => knex.schema.dropView('longer_books'));
  await check('drop materialized view', () => knex.schema.dropMaterializedView('books_mv'));
  await check('drop schema', () => knex.schema.dropSchemaIfExists('knex_schema', true));
  await check('create extension', () => knex.schema.raw('CREATE EXTENSION IF NOT EXISTS "plpgsql"').then(() => 'done'));
}

async function migrations() {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'knex-'));
  const seeds = fs.mkdtempSync(path.join(os.tmpdir(), 'knex-seeds-'));
  const step = (number, up, down) => fs.writeFileSync(path.join(folder, `00${number}_step.js`), `exports.up = (knex) => ${up};\nexports.down = (knex) => ${down};\n`);
  step(1, "knex.schema.createTable('m1', (t) => { t.increments(); t.string('a'); })", "knex.schema.dropTable('m1')");
  step(2, "knex.schema.alterTable('m1', (t) => { t.string('b').index(); t.integer('c').unsigned().defaultTo(1); })",
    "knex.schema.alterTable('m1', (t) => { t.dropColumn('b'); t.dropColumn('c'); })");
  step(3,
    "knex.schema.createTable('m2', (t) => { t.increments(); t.integer('m1_id').references('m1.id'); }).then(() => knex('m1').insert({ a: 'x' }))",
    "knex.schema.dropTable('m2')");
  fs.writeFileSync(path.join(seeds, '1.js'), "exports.seed = (knex) => knex('m1').del().then(() => knex('m1').insert([{ a: 's1' }, { a: 's2' }]));\n");
  const config = { directory: folder };
  const names = (list) => JSON.parse(JSON.stringify(list).replaceAll(folder, '.'));
  await check('migrate list before', async () => names(await knex.migrate.list(config)));
  await check('migrate up', async () => names(await knex.migrate.up(config)));
  await check('migrate latest', async () => names(await knex.migrate.latest(config)));
  await check('migrate status', () => knex.migrate.status(config));
  await check('migrate version', () => knex.migrate.currentVersion(config));
  await check('migrate seeds', () => knex.seed.run({ directory: seeds }).then(() => knex('m1').select('a').orderBy('a')));
  await check('migrate tables', async () => [await described('m1'), await constraints('m2'), await indexes('m1')]);
  await check('migrate rollback', async () => names(await knex.migrate.rollback(config)));
  await check('migrate down', async () => names(await knex.migrate.down(config)));
  await check('migrate latest again', async () => names(await knex.migrate.latest(config)));
  await check('migrate rollback all', async () => names(await knex.migrate.rollback(config, true)));
  await check('migrate lock', () => knex('knex_migrations_lock').select('is_locked'));
  await check('migrate force unlock', () => knex.migrate.forceFreeMigrationsLock(config));
  fs.rmSync(folder, { recursive: true }); fs.rmSync(seeds, { recursive: true });
}

(async () => {
  for (const body of [schema, library, errors, transactions, alterations, migrations]) await part(body.name, body);
  await done(() => knex.destroy());
})();
