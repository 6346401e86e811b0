// TypeORM with EntitySchema: synchronize and its log of what is left to change, migrations there and back, every column type of its
// PostgreSQL driver, repository and query builder, relations, trees, transactions with savepoints, errors and its pool.
'use strict';
require('reflect-metadata');
const { at, check, part, refused, done } = require('./checks');
const { DataSource, EntitySchema, In, Between, Like, ILike, IsNull, Not, MoreThan, LessThanOrEqual, Any, Raw, ArrayContains, ArrayOverlap,
  ArrayContainedBy, JsonContains, Or, And, Table, TableColumn, TableIndex, TableForeignKey, TableUnique, TableCheck,
  TableExclusion } = require('typeorm');

const base = { type: 'postgres', host: at.host, port: at.port, username: at.user, database: at.database, installExtensions: false,
  uuidExtension: 'pgcrypto', extra: { max: 6 } };
const TYPES = { int: 5, int2: -3, int4: 7, int8: '9223372036854775807', integer: 1, smallint: 2, bigint: '5', decimal: '1.50', numeric: '2.5',
  real: 1.5, float: 0.1, float4: 0.25, float8: 1e300, 'double precision': 0.5, money: '$1.50', 'character varying': 'cv', varchar: 'v',
  character: 'c', char: 'c', text: 'Grüße', citext: 'C', hstore: '"a"=>"1"', bytea: Buffer.from([0, 255]), bit: '1', varbit: '101',
  'bit varying': '11', timetz: '12:00:00+02', timestamptz: new Date('2024-02-29T12:00:00.123Z'), timestamp: new Date('2024-02-29T12:00:00.123Z'),
  'timestamp without time zone': new Date('2024-02-29T12:00:00Z'), 'timestamp with time zone': new Date('2024-02-29T12:00:00Z'), date: '2024-02-29',
  time: '12:34:56', 'time without time zone': '12:34:56', 'time with time zone': '12:00:00+00', interval: '1 day 02:00:00', bool: true,
  boolean: false, point: '(1,2)', line: '{1,2,3}', lseg: '((0,0),(1,1))', box: '(1,1),(0,0)', circle: '<(0,0),1>', path: '((0,0),(1,1))',
  polygon: '((0,0),(1,1),(1,0))', cidr: '10.0.0.0/8', inet: '10.0.0.1', macaddr: '08:00:2b:01:02:03', macaddr8: '08:00:2b:01:02:03:04:05',
  tsvector: "'a'", tsquery: "'a'", uuid: 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', xml: '<a/>', json: { b: 1, a: [1] }, jsonb: { b: 1, a: [null] },
  int4range: '[1,5)', int8range: '[1,5)', numrange: '[1,2]', tsrange: '[2024-01-01,2024-02-01)', tstzrange: 'empty',
  daterange: '[2024-01-01,2024-02-01)' };
const MORE = { varchar_20: [{ type: 'varchar', length: 20 }, 'x'], char_4: [{ type: 'char', length: 4 }, 'ab'],
  numeric_10_2: [{ type: 'numeric', precision: 10, scale: 2 }, '1.005'],
  timestamp_3: [{ type: 'timestamptz', precision: 3 }, new Date('2024-01-01T00:00:00.123Z')], enum: [{ type: 'enum', enum: ['a', 'b'] }, 'b'],
  enum_default: [{ type: 'enum', enum: ['a', 'b'], default: 'a', enumName: 'ty_enum_x' }, 'b'],
  enum_array: [{ type: 'enum', enum: ['a', 'b'], array: true }, ['a', 'b']], int_array: [{ type: 'int', array: true }, [1, 2]],
  text_array: [{ type: 'text', array: true, default: '{}' }, ['a b', 'c']], jsonb_array: [{ type: 'jsonb', array: true }, null],
  simple_array: [{ type: 'simple-array' }, ['a', 'b']], simple_json: [{ type: 'simple-json' }, { a: 1 }],
  simple_enum: [{ type: 'simple-enum', enum: ['x', 'y'] }, 'x'], default_now: [{ type: 'timestamptz', default: () => 'now()' },
  new Date('2024-01-01T00:00:00Z')], default_text: [{ type: 'text', default: 'its' }, 'x'],
  default_json: [{ type: 'jsonb', default: { a: 1 } }, { b: 2 }], unique: [{ type: 'int', unique: true }, 1],
  comment: [{ type: 'int', comment: 'a comment' }, 1], collation: [{ type: 'text', collation: 'C' }, 'x'],
  generated: [{ type: 'int', asExpression: 'id * 2', generatedType: 'STORED', insert: false, update: false }, undefined] };

const plain = (table) => ({ name: table.name, columns: table.columns.map((c) => [c.name, c.type, c.length, c.width, c.precision, c.scale, c.default,
  c.isNullable, c.isGenerated, c.generationStrategy, c.isPrimary, c.isUnique, c.isArray, c.comment, c.enum, c.asExpression, c.collation]),
  indices: table.indices.map((i) => [i.name, i.columnNames, i.isUnique, i.where]).sort(),
  foreignKeys: table.foreignKeys.map((f) => [f.name, f.columnNames, f.referencedTableName, f.referencedColumnNames, f.onDelete, f.onUpdate,
  f.deferrable]).sort(), uniques: table.uniques.map((u) => [u.name, u.columnNames]).sort(),
  checks: table.checks.map((c) => [c.name, c.expression]).sort(), comment: table.comment });

// Its first question to a server: a check of its own, and in a form without FROM for the rest.
const { PostgresQueryRunner } = require('typeorm/driver/postgres/PostgresQueryRunner');
const { query } = PostgresQueryRunner.prototype;
PostgresQueryRunner.prototype.query = function ask(text, ...rest) {
  return query.call(this, text.replace(/^SELECT \* FROM (current_(?:schema|database)\(\))$/, 'SELECT $1'), ...rest);
};

async function types() {
  await check('current_schema() in FROM', async () => { const source = await new DataSource(base).initialize();
    const runner = source.createQueryRunner(); try { return [await query.call(runner, 'SELECT * FROM current_schema()'),
    await query.call(runner, 'SELECT * FROM current_database()')]; } finally { await runner.release(); await source.destroy(); } });
  const all = { ...Object.fromEntries(Object.entries(TYPES).map(([type, value]) => [type, [{ type }, value]])), ...MORE };
  for (const [name, [column, value]] of Object.entries(all)) {
    const entity = new EntitySchema({ name: `T ${name}`, tableName: `ty_${name.replace(/\W/g, '_')}`,
      columns: { id: { type: 'int', primary: true }, v: { nullable: column.default === undefined && !column.asExpression, ...column } } });
    const source = new DataSource({ ...base, entities: [entity] });
    await check(`type ${name}: connect`, () => source.initialize().then(() => 'ok'));
    if (!source.isInitialized) continue;
    await check(`type ${name}: synchronize`, () => source.synchronize().then(() => 'made'));
    await check(`type ${name}: values`, async () => { const r = source.getRepository(entity); await r.save({ id: 1, v: value });
      if (column.default === undefined && !column.asExpression) await r.save({ id: 2, v: null }); else await r.insert({ id: 2 });
      const rows = await r.find({ order: { id: 'ASC' } }); return name === 'default_now' ? rows[0] : rows; });
    await check(`type ${name}: nothing left`, async () => (await source.driver.createSchemaBuilder().log()).upQueries.map((q) => q.query));
    await check(`type ${name}: loaded`, async () => { const runner = source.createQueryRunner();
      try { return plain(await runner.getTable(entity.options.tableName)); } finally { await runner.release(); } });
    await source.destroy();
  }
}

const Author = new EntitySchema({ name: 'Author', tableName: 'author',
  columns: { id: { type: 'int', primary: true, generated: true }, name: { type: 'varchar', length: 100 },
  email: { type: 'varchar', nullable: true, unique: true }, rating: { type: 'numeric', precision: 5, scale: 2, default: 0 },
  data: { type: 'jsonb', nullable: true }, tags: { type: 'text', array: true, nullable: true },
  made: { type: 'timestamptz', createDate: true, select: false }, version: { type: 'int', version: true } },
  relations: { books: { type: 'one-to-many', target: 'Book', inverseSide: 'author' },
  profile: { type: 'one-to-one', target: 'Profile', inverseSide: 'author' } }, checks: [{ expression: '"rating" >= 0', name: 'author_rating' }],
  indices: [{ name: 'author_name', columns: ['name'] }] });
const Profile = new EntitySchema({ name: 'Profile', columns: { id: { type: 'uuid', primary: true, generated: 'uuid' },
  bio: { type: 'text', default: '' } }, relations: { author: { type: 'one-to-one', target: 'Author', joinColumn: { name: 'author_id' },
  inverseSide: 'profile', onDelete: 'CASCADE' } } });
const Book = new EntitySchema({ name: 'Book', columns: { id: { type: 'bigint', primary: true, generated: 'identity' }, title: { type: 'varchar' },
  pages: { type: 'int', nullable: true }, price: { type: 'numeric', precision: 10, scale: 2, nullable: true },
  gone: { type: 'timestamptz', deleteDate: true } }, relations: { author: { type: 'many-to-one', target: 'Author', joinColumn: { name: 'author_id' },
  inverseSide: 'books', onDelete: 'CASCADE', nullable: false }, labels: { type: 'many-to-many', target: 'Label', joinTable: { name: 'book_label' },
  inverseSide: 'books' } }, uniques: [{ name: 'book_title_author', columns: ['title', 'author'] }],
  indices: [{ name: 'book_long', columns: ['pages'], where: '"pages" > 100' }] });
const Label = new EntitySchema({ name: 'Label', columns: { id: { type: 'int', primary: true, generated: 'increment' },
  name: { type: 'varchar', unique: true } }, relations: { books: { type: 'many-to-many', target: 'Book', inverseSide: 'labels' } } });
const Category = new EntitySchema({ name: 'Category', columns: { id: { type: 'int', primary: true, generated: true }, name: { type: 'varchar' } },
  trees: [{ type: 'materialized-path' }], relations: { parent: { type: 'many-to-one', target: 'Category', treeParent: true, inverseSide: 'children' },
  children: { type: 'one-to-many', target: 'Category', treeChildren: true, inverseSide: 'parent' } } });
const Branch = new EntitySchema({ name: 'Branch', columns: { id: { type: 'int', primary: true, generated: true }, name: { type: 'varchar' } },
  trees: [{ type: 'closure-table' }], relations: { parent: { type: 'many-to-one', target: 'Branch', treeParent: true, inverseSide: 'children' },
  children: { type: 'one-to-many', target: 'Branch', treeChildren: true, inverseSide: 'parent' } } });
const LongBook = new EntitySchema({ name: 'LongBook', type: 'view', tableName: 'long_book',
  expression: 'SELECT "id", "title" FROM "book" WHERE "pages" > 100', columns: { id: { type: 'bigint' }, title: { type: 'varchar' } } });
const GROUPS = { author: [Author, Profile, Book, Label], tree: [Category], closure: [Branch] };

async function library() {
  for (const [name, entities] of Object.entries(GROUPS)) {
    const source = new DataSource({ ...base, entities });
    await check(`synchronize ${name}`, async () => { await source.initialize(); await source.synchronize(); return 'made'; });
    await check(`synchronize ${name}: nothing left`, async () => (await source.driver.createSchemaBuilder().log()).upQueries.map((q) => q.query));
    for (const entity of entities) await check(`loaded ${entity.options.name}`,
      async () => { const runner = source.createQueryRunner();
      try { return plain(await runner.getTable(entity.options.tableName || entity.options.name.toLowerCase())); } finally { await runner.release();
      } });
    await source.destroy().catch(() => {});
  }
  const source = new DataSource({ ...base, entities: [Author, Profile, Book, Label, Category, Branch, LongBook] });
  await source.initialize();
  await check('synchronize view', () => source.synchronize().then(() => 'made'));
  await check('synchronize view: nothing left', async () => (await source.driver.createSchemaBuilder().log()).upQueries.map((q) => q.query));
  await check('synchronize: altered', async () => {
    const wider = new EntitySchema({ ...Label.options, columns: { ...Label.options.columns, note: { type: 'text', nullable: true },
      weight: { type: 'int', default: 3 } } });
    const second = new DataSource({ ...base, entities: [Author, Profile, Book, wider, Category, Branch, LongBook] });
    await second.initialize();
    try { const left = (await second.driver.createSchemaBuilder().log()).upQueries.map((q) => q.query); await second.synchronize(); return left;
      } finally { await second.destroy(); }
  });
  await check('synchronize: altered back', async () => { const left = (await source.driver.createSchemaBuilder().log()).upQueries.map((q) => q.query);
    await source.synchronize(); return left; });
  await check('synchronize: column types', async () => {
    const wider = new EntitySchema({ ...Label.options, columns: { id: { type: 'int', primary: true, generated: 'increment' },
      name: { type: 'varchar', length: 50, nullable: true } } });
    const second = new DataSource({ ...base, entities: [Author, Profile, Book, wider, Category, Branch, LongBook] });
    await second.initialize();
    try { const left = (await second.driver.createSchemaBuilder().log()).upQueries.map((q) => q.query); await second.synchronize(); return left;
      } finally { await second.destroy(); await source.synchronize(); }
  });
  const [authors, books, labels, profiles] = [Author, Book, Label, Profile].map((e) => source.getRepository(e));
  await check('save', () => authors.save({ name: 'Ada', email: 'ada@x.org', rating: '4.50', data: { k: [1, 2], o: 'p' },
    tags: ['x', 'y z'] }).then(({ made, ...rest }) => rest));
  await check('save many', () => authors.save([{ name: 'Böll', email: 'b@x.org' }, { name: 'Çelik', tags: [] }]).then((r) => r.map((a) => [a.id, a.rating, a.version])));
  await check('insert', () => books.insert([1, 2, 3, 4, 5, 6].map((n) => ({ title: `Book ${n}`, pages: n * 50, price: String(n * 1.25),
    author: { id: 1 + (n % 3) } }))).then((r) => r.identifiers));
  await check('insert labels', () => labels.insert(['art', 'sea', 'war'].map((name) => ({ name }))).then((r) => [r.identifiers, r.raw]));
  await check('save relation', async () => { const b = await books.findOneByOrFail({ id: 1 }); b.labels = await labels.find({ order: { id: 'ASC' } });
    await books.save(b); return (await books.findOne({ where: { id: 1 }, relations: { labels: true } })).labels.length; });
  await check('save profile', () => profiles.save({ bio: 'b', author: { id: 1 } }).then((p) => p.bio));
  const B = () => books.createQueryBuilder('b');
  const Q = {
    find: () => books.find({ order: { id: 'ASC' } }), find_select: () => authors.find({ select: { id: true, name: true }, order: { id: 'DESC' } }),
      relations: () => authors.find({ relations: { books: true, profile: true },
      order: { id: 'ASC', books: { id: 'ASC' } } }).then((r) => r.map((a) => [a.name, a.books.map((b) => b.title), a.profile && a.profile.bio])),
      relations_paged: () => authors.find({ relations: { books: true }, order: { id: 'ASC' }, take: 2,
      skip: 1 }).then((r) => r.map((a) => [a.name, a.books.length])), relation_query: () => authors.find({ relations: { books: true },
      relationLoadStrategy: 'query', order: { id: 'ASC' } }).then((r) => r.map((a) => a.books.length)),
      relation_where: () => books.find({ where: { author: { name: 'Ada' } }, order: { id: 'ASC' } }),
      many_where: () => books.find({ where: { labels: { name: 'sea' } } }),
      find_and_count: () => books.findAndCount({ where: { pages: MoreThan(100) }, take: 2, order: { id: 'ASC' } }),
      find_one: () => authors.findOneBy({ email: 'b@x.org' }), or_fail: () => refused(() => authors.findOneByOrFail({ id: 999 })),
      count: () => books.count(), count_by: () => books.countBy({ pages: LessThanOrEqual(150) }),
      exists: () => books.exists({ where: { title: 'Book 1' } }), sum: () => books.sum('pages'), average: () => books.average('pages'),
      minimum: () => books.minimum('price'), maximum: () => books.maximum('price'),
    in: () => books.countBy({ id: In([1, 2]) }), between: () => books.countBy({ pages: Between(50, 150) }),
      like: () => authors.countBy({ name: Like('A%') }), ilike: () => authors.countBy({ name: ILike('%L%') }),
      is_null: () => authors.countBy({ email: IsNull() }), not: () => authors.countBy({ name: Not('Ada') }),
      any: () => books.countBy({ id: Any([1, 2]) }), raw_operator: () => books.countBy({ pages: Raw((a) => `${a} % 100 = 0`) }),
      or: () => books.countBy({ pages: Or(MoreThan(250), LessThanOrEqual(50)) }),
      and: () => books.countBy({ pages: And(MoreThan(50), LessThanOrEqual(150)) }),
      array_contains: () => authors.countBy({ tags: ArrayContains(['x']) }),
      array_contained: () => authors.countBy({ tags: ArrayContainedBy(['x', 'y z', 'q']) }),
      array_overlap: () => authors.countBy({ tags: ArrayOverlap(['x', 'n']) }),
      json_contains: () => authors.countBy({ data: JsonContains({ o: 'p' }) }),
      any_where: () => authors.find({ where: [{ name: 'Ada' }, { email: 'b@x.org' }], order: { id: 'ASC' } }),
    qb_join: () => B().leftJoinAndSelect('b.author', 'a').orderBy('b.id').getMany().then((r) => r.map((b) => [b.title, b.author.name])),
      qb_raw: () => B().select('b.author_id', 'author').addSelect('COUNT(*)', 'n').addSelect('SUM(b.pages)',
      'pages').groupBy('b.author_id').having('COUNT(*) > 1').orderBy('author').getRawMany(),
      qb_sub: () => B().where((q) => `b.author_id IN ${q.subQuery().select('a.id').from('Author', 'a').where('a.rating > :r').getQuery()}`).setParameter('r',
      1).getCount(), qb_brackets: () => B().where('b.pages > :a AND (b.price < :c OR b.price IS NULL)', { a: 60, c: 4 }).getCount(),
      qb_distinct_on: () => B().distinctOn(['b.author_id']).orderBy('b.author_id').addOrderBy('b.pages', 'DESC').getMany(),
      qb_cte: () => source.createQueryBuilder().addCommonTableExpression('SELECT id, pages FROM book', 'w').select('MAX(w.pages)', 'm').from('w',
      'w').getRawOne(), qb_nulls: () => authors.createQueryBuilder('a').orderBy('a.email', 'DESC',
      'NULLS LAST').getMany().then((r) => r.map((a) => a.name)), qb_ids: () => B().loadAllRelationIds().orderBy('b.id').getMany(),
      qb_relation: () => B().relation(Book, 'labels').of(2).add(1), qb_relation_many: () => B().relation(Book, 'labels').of(1).loadMany(),
      qb_stream: async () => { let n = 0; const s = await B().stream(); for await (const row of s) n += row ? 1 : 0; return n; },
      qb_take: () => B().leftJoinAndSelect('b.labels', 'l').orderBy('b.title', 'DESC').take(2).getMany(),
      qb_lock_write: () => source.transaction((m) => m.createQueryBuilder('Book', 'b').setLock('pessimistic_write').where('b.id = 1').getMany()),
      qb_lock_read: () => source.transaction((m) => m.createQueryBuilder('Book', 'b').setLock('pessimistic_read').where('b.id = 1').getMany()),
      qb_lock_key: () => source.transaction((m) => m.createQueryBuilder('Book', 'b').setLock('for_key_share').where('b.id = 1').getMany()),
      qb_skip_locked: () => source.transaction((m) => m.createQueryBuilder('Book',
      'b').setLock('pessimistic_write').setOnLocked('skip_locked').where('b.id = 1').getMany()),
    update: () => books.update({ id: 1 }, { pages: 60 }),
      update_returning: () => source.createQueryBuilder().update('Book').set({ price: () => 'price + 1' }).where('id = 2').returning(['id',
      'price']).execute(), increment: () => books.increment({ id: 3 }, 'pages', 7), decrement: () => books.decrement({ id: 3 }, 'pages', 2),
      upsert: () => authors.upsert({ name: 'Ada U', email: 'ada@x.org' }, ['email']).then((r) => r.identifiers),
      upsert_skip: () => authors.upsert({ name: 'Ada U', email: 'ada@x.org' },
      { conflictPaths: ['email'], skipUpdateIfNoValuesChanged: true }).then((r) => r.identifiers),
      upsert_partial: () => labels.upsert([{ name: 'art' }, { name: 'new' }], { conflictPaths: ['name'] }).then((r) => r.identifiers),
      or_ignore: () => source.createQueryBuilder().insert().into('Label').values({ name: 'art' }).orIgnore().execute().then((r) => r.raw),
      or_update: () => source.createQueryBuilder().insert().into('Label').values({ name: 'art' }).orUpdate(['name'],
      ['name']).returning('*').execute().then((r) => r.raw.length), soft_delete: async () => { await books.softDelete(4);
      return [await books.count(), await books.count({ withDeleted: true })]; },
      restore: async () => { await books.restore(4); return books.count(); }, delete: () => books.delete({ id: 6 }),
      remove: async () => { const b = await books.findOneBy({ id: 5 }); await books.remove(b); return books.count(); },
      version: async () => { const a = await authors.findOneBy({ id: 2 }); a.name = 'B2'; await authors.save(a); return a.version; },
      view: () => source.getRepository('LongBook').find({ order: { id: 'ASC' } }),
      query: () => source.query('SELECT $1::int + 1 AS n, $2::text AS t', [1, 'x']),
      query_insert: () => source.query("INSERT INTO label (name) VALUES ('q') RETURNING id, name"), clear: () => labels.clear(),
  };
  for (const [name, body] of Object.entries(Q)) await check(`query ${name}`, body);
  for (const entity of ['Category', 'Branch']) {
    await check(`tree ${entity}`, async () => { const r = source.getTreeRepository(entity); const root = await r.save({ name: 'root' });
      const child = await r.save({ name: 'child', parent: root }); await r.save({ name: 'leaf', parent: child });
      return [await r.findTrees(), await r.countDescendants(root), (await r.findAncestors(child)).length]; });
  }
  const E = { unique: () => authors.insert({ name: 'x', email: 'b@x.org' }), unique_two: () => books.insert({ title: 'Book 1', author: { id: 2 } }),
    not_null: () => source.query('INSERT INTO author (name) VALUES (NULL)'), foreign_key: () => books.insert({ title: 'f', author: { id: 999 } }),
    check: () => authors.insert({ name: 'c', rating: '-1' }), too_long: () => authors.insert({ name: 'x'.repeat(101) }),
    bad_integer: () => books.findBy({ pages: 'abc' }), no_table: () => source.query('SELECT * FROM nobody'),
    no_column: () => source.query('SELECT nothing FROM author'), syntax: () => source.query('SELEC'),
    bad_uuid: () => profiles.findOneBy({ id: 'not' }), numeric: () => authors.insert({ name: 'n', rating: '12345' }) };
  for (const [name, body] of Object.entries(E)) await check(`error ${name}`, () => refused(body));

  const count = () => labels.countBy({ name: Like('tx%') });
  await check('tx commit', async () => { await source.transaction((m) => m.insert('Label', { name: 'tx1' })); return count(); });
  await check('tx rollback', async () => { await source.transaction(async (m) => { await m.insert('Label', { name: 'tx2' }); throw new Error('back');
    }).catch(() => {}); return count(); });
  await check('tx nested', async () => { await source.transaction(async (m) => { await m.insert('Label', { name: 'tx3' });
    await m.transaction(async (s) => { await s.insert('Label', { name: 'tx4' }); throw new Error('in'); }).catch(() => {});
    await m.transaction((s) => s.insert('Label', { name: 'tx5' })); }); return count(); });
  for (const level of ['READ UNCOMMITTED', 'READ COMMITTED', 'REPEATABLE READ', 'SERIALIZABLE']) await check(`tx ${level}`,
    () => source.transaction(level, (m) => m.query('SHOW transaction_isolation')));
  await check('pool', async () => { await Promise.all(Array.from({ length: 100 }, (_, n) => labels.insert({ name: `pool ${n}` })));
    return labels.countBy({ name: Like('pool%') }); });
  await check('pool counters', async () => { await Promise.all(Array.from({ length: 30 },
    () => source.transaction(async (m) => { const b = await m.findOne('Book', { where: { id: 3 }, lock: { mode: 'pessimistic_write' } });
    await m.update('Book', 3, { pages: b.pages + 1 }); }))); return (await books.findOneBy({ id: 3 })).pages; });
  await source.destroy();
}

async function runner() {
  const source = new DataSource(base);
  await source.initialize();
  const r = source.createQueryRunner();
  const S = {
    createTable: () => r.createTable(new Table({ name: 'tr', columns: [{ name: 'id', type: 'int', isPrimary: true, isGenerated: true,
      generationStrategy: 'increment' }, { name: 'a', type: 'varchar', length: '20', default: "'x'" }, { name: 'b', type: 'int', isNullable: true }],
      checks: [{ name: 'tr_check', expression: 'b > 0' }], uniques: [{ name: 'tr_unique', columnNames: ['a', 'b'] }] })),
      addColumn: () => r.addColumn('tr', new TableColumn({ name: 'c', type: 'timestamptz', default: 'now()' })),
      addColumns: () => r.addColumns('tr', [new TableColumn({ name: 'd', type: 'int', isNullable: true }),
      new TableColumn({ name: 'e', type: 'enum', enum: ['p', 'q'], isNullable: true })]), renameColumn: () => r.renameColumn('tr', 'd', 'dd'),
      changeColumn_type: () => r.changeColumn('tr', 'a', new TableColumn({ name: 'a', type: 'text', default: "'x'" })),
      changeColumn_null: () => r.changeColumn('tr', 'b', new TableColumn({ name: 'b', type: 'int', isNullable: false, default: 1 })),
      changeColumn_default: () => r.changeColumn('tr', 'b', new TableColumn({ name: 'b', type: 'int', isNullable: false, default: 7 })),
      dropColumn: () => r.dropColumn('tr', 'e'), createIndex: () => r.createIndex('tr',
      new TableIndex({ name: 'tr_index', columnNames: ['a'], where: 'b > 1' })),
      createIndex_unique: () => r.createIndex('tr', new TableIndex({ name: 'tr_index_2', columnNames: ['b', 'a'], isUnique: true })),
      dropIndex: () => r.dropIndex('tr', 'tr_index'), createUnique: () => r.createUniqueConstraint('tr',
      new TableUnique({ name: 'tr_u2', columnNames: ['dd'] })), dropUnique: () => r.dropUniqueConstraint('tr', 'tr_u2'),
      createCheck: () => r.createCheckConstraint('tr', new TableCheck({ name: 'tr_c2', expression: 'dd < 100' })),
      dropCheck: () => r.dropCheckConstraint('tr', 'tr_c2'), createForeignKey: () => r.createForeignKey('tr',
      new TableForeignKey({ name: 'tr_fk', columnNames: ['dd'], referencedTableName: 'author', referencedColumnNames: ['id'],
      onDelete: 'SET NULL' })), dropForeignKey: () => r.dropForeignKey('tr', 'tr_fk'),
      createExclusion: () => r.createExclusionConstraint('tr', new TableExclusion({ name: 'tr_ex',
      expression: 'USING gist (int4range(b, dd) WITH &&)' })), commentTable: () => r.changeTableComment('tr', 'about'),
      updatePrimaryKeys: () => r.updatePrimaryKeys('tr', [new TableColumn({ name: 'id', type: 'int' }), new TableColumn({ name: 'b', type: 'int' })]),
      renameTable: () => r.renameTable('tr', 'tr2'),
  };
  for (const [name, body] of Object.entries(S)) {
    await check(`runner ${name}`, () => body().then(() => 'done'));
    await check(`runner ${name}: loaded`, async () => plain(await r.getTable(name === 'renameTable' ? 'tr2' : 'tr')));
  }
  await check('runner hasTable', async () => [await r.hasTable('tr2'), await r.hasTable('nobody'), await r.hasColumn('tr2', 'a')]);
  await check('runner dropTable', () => r.dropTable('tr2').then(() => r.hasTable('tr2')));
  await check('runner getDatabases', async () => [await r.hasDatabase(at.database), await r.getCurrentDatabase(), await r.getCurrentSchema(),
    await r.getVersion().then((v) => v.split('.')[0])]);
  await check('runner createSchema', () => r.createSchema('ty_schema', true).then(() => r.hasSchema('ty_schema')));
  await r.release();
  await source.destroy();
  const step = (number, up, down) => ({ [`Step${number}`]: class { constructor() { this.name = `Step${1700000000000 + number}`;
    } async up(q) { await up(q); } async down(q) { await down(q); } } })[`Step${number}`];
  const migrated = new DataSource({ ...base, migrations: [step(1, (q) => q.query('CREATE TABLE mg (id SERIAL PRIMARY KEY, a text)'),
    (q) => q.query('DROP TABLE mg')), step(2, (q) => q.query('ALTER TABLE mg ADD COLUMN b int DEFAULT 2'),
    (q) => q.query('ALTER TABLE mg DROP COLUMN b')), step(3, (q) => q.query("INSERT INTO mg (a) VALUES ('x')"), (q) => q.query('DELETE FROM mg'))] });
  await migrated.initialize();
  await check('migrations pending', () => migrated.showMigrations());
  await check('migrations run', () => migrated.runMigrations({ transaction: 'all' }).then((m) => m.map((x) => x.name)));
  await check('migrations rows', () => migrated.query('SELECT * FROM mg'));
  await check('migrations table', () => migrated.query('SELECT * FROM migrations ORDER BY id'));
  for (const number of [3, 2, 1]) await check(`migrations undo ${number}`,
    () => migrated.undoLastMigration({ transaction: 'each' }).then(() => migrated.query('SELECT name FROM migrations ORDER BY id')));
  await check('drop database',
    () => migrated.dropDatabase().then(() => migrated.query("SELECT count(*) FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace")));
  await migrated.destroy();
}

(async () => {
  for (const body of [types, library, runner]) await part(body.name, body);
  await done(async () => {});
})();
