// sequelize: sync (create, force, alter), every DataTypes of its PostgreSQL dialect, the query interface, associations with eager loading,
// transactions with savepoints, upsert, errors and its pool.
'use strict';
const { at, check, part, refused, done } = require('./checks');
const { Sequelize, DataTypes, Op, QueryTypes, Transaction, fn, col, literal, where, cast } = require('sequelize');

const sequelize = new Sequelize(at.database, at.user, '', { host: at.host, port: at.port, dialect: 'postgres', logging: false, pool: { max: 6, acquire: 10000 } });
const qi = sequelize.getQueryInterface();
const stamp = new Date('2024-02-29T12:00:00.123Z');

const VALUES = {
  STRING: [DataTypes.STRING, 'Grüße'], STRING_10: [DataTypes.STRING(10), 'ten'], STRING_BINARY: [DataTypes.STRING.BINARY, Buffer.from('ab')],
    CHAR: [DataTypes.CHAR(5), 'abc'], TEXT: [DataTypes.TEXT, 'x\ny'],
  TEXT_TINY: [DataTypes.TEXT('tiny'), 'x'], CITEXT: [DataTypes.CITEXT, 'Ab'], TSVECTOR: [DataTypes.TSVECTOR, "'a' 'b'"],
    BOOLEAN: [DataTypes.BOOLEAN, true], INTEGER: [DataTypes.INTEGER, 2147483647], SMALLINT: [DataTypes.SMALLINT, -32768],
  BIGINT: [DataTypes.BIGINT, '9223372036854775807'], FLOAT: [DataTypes.FLOAT, 1.5], REAL: [DataTypes.REAL, 0.25], DOUBLE: [DataTypes.DOUBLE, 0.1],
    DECIMAL: [DataTypes.DECIMAL, '1.10'], DECIMAL_10_2: [DataTypes.DECIMAL(10, 2), '1.005'],
  DATE: [DataTypes.DATE, stamp], DATE_6: [DataTypes.DATE(6), stamp], DATEONLY: [DataTypes.DATEONLY, '2024-02-29'], TIME: [DataTypes.TIME, '23:59:59'],
    UUID: [DataTypes.UUID, 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'], BLOB: [DataTypes.BLOB, Buffer.from([0, 255])],
  JSON: [DataTypes.JSON, { b: 1, a: [1, null] }], JSONB: [DataTypes.JSONB, { b: 1, a: ['x'] }], ENUM: [DataTypes.ENUM('sad', 'ok'), 'ok'],
    HSTORE: [DataTypes.HSTORE, { a: '1' }], INET: [DataTypes.INET, '10.0.0.1'], CIDR: [DataTypes.CIDR, '10.0.0.0/8'],
  MACADDR: [DataTypes.MACADDR, '08:00:2b:01:02:03'], ARRAY_INTEGER: [DataTypes.ARRAY(DataTypes.INTEGER), [1, 2]],
    ARRAY_TEXT: [DataTypes.ARRAY(DataTypes.TEXT), ['a b', 'c']], ARRAY_JSONB: [DataTypes.ARRAY(DataTypes.JSONB), [{ a: 1 }]],
  ARRAY_ENUM: [DataTypes.ARRAY(DataTypes.ENUM('p', 'q')), ['q']], ARRAY_DATE: [DataTypes.ARRAY(DataTypes.DATE), [stamp]],
    ARRAY_DECIMAL: [DataTypes.ARRAY(DataTypes.DECIMAL), ['1.50']], RANGE_INTEGER: [DataTypes.RANGE(DataTypes.INTEGER), [1, 5]],
    RANGE_DATE: [DataTypes.RANGE(DataTypes.DATE), [stamp, null]],
};

async function types() {
  for (const [name, [type, value]] of Object.entries(VALUES)) {
    const model = sequelize.define(`t_${name.toLowerCase()}`, { id: { type: DataTypes.INTEGER, primaryKey: true }, v: type },
      { timestamps: false, freezeTableName: true });
    await check(`type ${name}: sync`, () => model.sync().then(() => 'made'));
    await check(`type ${name}: values`, async () => {
      await model.create({ id: 1, v: value }); await model.create({ id: 2, v: null });
      return [await model.findAll({ order: ['id'], raw: true }), (await model.findOne({ where: { id: 1 } })).get('v')];
    });
    await check(`type ${name}: found`, () => model.count({ where: { v: value } }));
    await check(`type ${name}: describe`, () => qi.describeTable(model.getTableName()));
    await check(`type ${name}: alter`, () => model.sync({ alter: true }).then(() => 'altered'));
  }
}

const options = { timestamps: false };
const Author = sequelize.define('author', { name: { type: DataTypes.STRING(100), allowNull: false, comment: 'full name' },
  email: { type: DataTypes.STRING, unique: true }, rating: { type: DataTypes.DECIMAL(5, 2), defaultValue: 0 },
  active: { type: DataTypes.BOOLEAN, defaultValue: true }, data: DataTypes.JSONB, parent_id: DataTypes.INTEGER },
  { ...options, comment: 'who writes' });
const Book = sequelize.define('book', { title: { type: DataTypes.STRING, allowNull: false }, pages: DataTypes.INTEGER,
  price: DataTypes.DECIMAL(10, 2), published: DataTypes.DATEONLY }, { ...options,
  indexes: [{ unique: true, fields: ['author_id', 'title'], name: 'book_author_title' }, { fields: [{ name: 'pages', order: 'DESC' }] },
  { name: 'book_long', fields: ['title'], where: { pages: { [Op.gt]: 100 } } }, { name: 'book_lower', fields: [fn('lower', col('title'))] }] });
const Tag = sequelize.define('tag', { name: { type: DataTypes.STRING, unique: 'tag_name' } }, options);
const Stamped = sequelize.define('stamped', { n: DataTypes.INTEGER }, { paranoid: true, version: true, underscored: true });
Author.hasMany(Book, { foreignKey: { name: 'author_id', allowNull: false }, onDelete: 'CASCADE' });
Book.belongsTo(Author, { foreignKey: { name: 'author_id', allowNull: false }, onDelete: 'CASCADE' });
Book.belongsToMany(Tag, { through: 'book_tag', timestamps: false });
Tag.belongsToMany(Book, { through: 'book_tag', timestamps: false });
Author.belongsTo(Author, { as: 'parent', foreignKey: 'parent_id' });
Author.hasOne(Stamped, { foreignKey: 'author_id' });

async function library() {
  for (const model of [Author, Book, Tag, sequelize.models.book_tag, Stamped]) await check(`sync ${model.name}`, () => model.sync().then(() => 'made'));
  for (const model of [Author, Book, Tag, sequelize.models.book_tag, Stamped]) {
    const table = model.getTableName();
    await check(`describe ${model.name}`, () => qi.describeTable(table));
    await check(`indexes ${model.name}`, async () => (await qi.showIndex(table)).map(({ indkey, ...rest }) => rest).sort((a, b) => (a.name < b.name ? -1 : 1)));
    await check(`references ${model.name}`, () => qi.getForeignKeyReferencesForTable(table));
    await check(`constraints ${model.name}`, async () => (await qi.showConstraint(table)).map((c) => ({ ...c,
      constraintName: c.constraintName.replace(/^\d+_\d+_/, '') })).sort((a, b) => (a.constraintName < b.constraintName ? -1 : 1)));
  }
  await check('show tables', async () => (await qi.showAllTables()).map((t) => t.tableName || t).sort());
  await check('show schemas', () => sequelize.showAllSchemas({}));
  await check('database version', () => sequelize.databaseVersion().then((v) => v.split('.')[0]));
  await check('authenticate', () => sequelize.authenticate().then(() => 'ok'));
  await check('table exists', async () => [await qi.tableExists('authors'), await qi.tableExists('nobody')]);
  await check('enums', () => qi.pgListEnums());

  await check('create', () => Author.create({ name: 'Ada', email: 'ada@x.org', rating: '4.50', data: { k: [1, 2], o: { p: 'q' } }}));
  await check('bulkCreate', () => Author.bulkCreate([{ name: 'Böll', email: 'b@x.org', parent_id: 1 }, { name: 'Çelik' }, { name: "O'Neil" }]));
  await check('bulkCreate returning', () => Book.bulkCreate([1, 2, 3, 4, 5,
    6].map((n) => ({ author_id: 1 + (n % 3), title: `Book ${n}`, pages: n * 50, price: n * 1.25, published: `2024-0${n}-01` })),
    { returning: true }));
  await check('bulkCreate ignore', () => Tag.bulkCreate([{ id: 1, name: 'art' }, { id: 2, name: 'sea' }, { id: 1, name: 'dup' }],
    { ignoreDuplicates: true }).then(() => Tag.count()));
  await check('bulkCreate update', () => Tag.bulkCreate([{ id: 1, name: 'ART' }, { id: 3, name: 'war' }],
    { updateOnDuplicate: ['name'] }).then(() => Tag.findAll({ order: ['id'], raw: true })));
  await check('belongsToMany set', async () => { const book = await Book.findByPk(1); await book.setTags([1, 2]); await book.addTag(3);
    await book.removeTag(2); return (await book.getTags({ order: ['id'], joinTableAttributes: [] })).map((t) => t.name); });
  await check('belongsToMany create', async () => { const book = await Book.findByPk(2); await book.createTag({ id: 10, name: 'new' }); return book.countTags(); });
  await check('hasMany', async () => { const a = await Author.findByPk(1);
    return [await a.countBooks(), (await a.getBooks({ order: ['id'] })).map((b) => b.title), await a.hasBook(3)]; });
  await check('create with include', () => Author.create({ name: 'With', books: [{ title: 'One' }] }, { include: [Book] }));
  const A = {
    all: () => Author.findAll({ order: ['id'], attributes: ['id', 'name', 'rating', 'data'] }), one: () => Author.findOne({ where: { name: 'Ada' } }),
      include: () => Author.findAll({ include: [{ model: Book, required: false }], order: ['id', [Book, 'id', 'ASC']] }),
    include_nested: () => Author.findAll({ include: [{ model: Book, include: [{ model: Tag, through: { attributes: [] } }] }],
      order: ['id', [Book, 'id'], [Book, Tag, 'id']] }), include_where: () => Author.findAll({ include: [{ model: Book,
      where: { pages: { [Op.gt]: 200 } } }], order: ['id', [Book, 'id']] }),
    include_limit: () => Author.findAll({ include: [Book], order: ['id', [Book, 'id']], limit: 2, offset: 0 }),
      include_separate: () => Author.findAll({ include: [{ model: Book, separate: true, order: ['id'] }], order: ['id'] }),
      include_separate_limit: () => Author.findAll({ include: [{ model: Book, separate: true, limit: 1, order: ['id'] }], order: ['id'] }),
      include_parent: () => Author.findAll({ include: ['parent'], order: ['id'] }),
      include_required: () => Book.findAll({ include: [{ model: Author, required: true, where: { name: 'Ada' } }], order: ['id'] }),
    top_level: () => Book.findAll({ include: [Author], where: { '$author.name$': 'Ada' }, order: ['id'] }),
      find_and_count: () => Book.findAndCountAll({ where: { pages: { [Op.gte]: 100 } }, limit: 2, order: ['id'] }),
      count_include: () => Author.count({ include: [Book], distinct: true }),
      count_group: () => Book.count({ group: ['author_id'], attributes: ['author_id'] }).then((r) => r.sort((a, b) => a.author_id - b.author_id)),
    sum: () => Book.sum('pages'), max: () => Book.max('price'), min: () => Book.min('published'),
      aggregate_avg: () => Book.findAll({ attributes: ['author_id', [fn('avg', col('pages')), 'pages'], [fn('count', col('id')), 'n']],
      group: ['author_id'], having: where(fn('count', col('id')), Op.gt, 1), order: ['author_id'], raw: true }),
    in: () => Book.findAll({ where: { id: [1, 2] }, order: ['id'], attributes: ['title'] }),
      between: () => Book.count({ where: { pages: { [Op.between]: [100, 200] } } }), not_in: () => Book.count({ where: { id: { [Op.notIn]: [1] } } }),
      or: () => Book.count({ where: { [Op.or]: [{ id: 1 }, { pages: { [Op.lt]: 60 } }] } }),
      not: () => Book.count({ where: { [Op.not]: { id: 1 } } }),
    like: () => Author.count({ where: { name: { [Op.like]: '%a' } } }), ilike: () => Author.count({ where: { name: { [Op.iLike]: 'a%' } } }),
      starts: () => Author.count({ where: { name: { [Op.startsWith]: 'A' } } }),
      substring: () => Author.count({ where: { name: { [Op.substring]: 'e' } } }),
      regexp: () => Author.count({ where: { name: { [Op.regexp]: '^[A-C]' } } }),
      iregexp: () => Author.count({ where: { name: { [Op.iRegexp]: '^[a-c]' } } }),
      like_any: () => Author.count({ where: { name: { [Op.like]: { [Op.any]: ['A%', 'B%'] } } } }),
      any_values: () => Book.count({ where: { id: { [Op.any]: literal('ARRAY[1,2]') } } }), is_null: () => Author.count({ where: { email: null } }),
      not_null: () => Author.count({ where: { email: { [Op.ne]: null } } }),
    json_path: () => Author.findAll({ where: { 'data.o.p': 'q' }, attributes: ['id'] }),
      json_contains: () => Author.count({ where: { data: { [Op.contains]: { k: [1] } } } }),
      json_nested: () => Author.count({ where: { data: { o: { p: 'q' } } } }),
      json_fn: () => Author.findAll({ attributes: ['id', [sequelize.json('data.k'), 'k']], order: ['id'], raw: true }),
      json_number: () => Author.count({ where: { 'data.k[0]': 1 } }),
    order_nulls: () => Author.findAll({ attributes: ['id'], order: [['email', 'ASC NULLS FIRST'], ['id', 'DESC']], raw: true }),
      order_fn: () => Author.findAll({ attributes: ['name'], order: [[fn('lower', col('name')), 'DESC']], raw: true }),
      cast: () => Book.findAll({ attributes: [[cast(col('pages'), 'text'), 'p']], order: ['id'], raw: true }),
      literal: () => Book.findAll({ attributes: { include: [[literal('pages * 2'), 'twice']] }, where: { id: 1 }, raw: true }),
      subquery: () => Author.findAll({ attributes: ['id', [literal('(SELECT COUNT(*) FROM books WHERE books.author_id = author.id)'), 'n']],
      order: ['id'], raw: true }), distinct: () => Book.aggregate('author_id', 'DISTINCT',
      { plain: false }).then((r) => r.map((x) => x.DISTINCT).sort()), col_compare: () => Book.count({ where: { pages: { [Op.gt]: col('price') } } }),
    update: () => Book.update({ pages: 11 }, { where: { id: 1 } }), update_returning: () => Book.update({ price: literal('price + 1') },
      { where: { id: 2 }, returning: true }), save: async () => { const b = await Book.findByPk(3); b.title = 'Saved'; await b.save();
      return (await b.reload()).title; }, increment: async () => { const b = await Book.findByPk(4); await b.increment('pages', { by: 5 });
      return (await b.reload()).pages; }, increment_many: () => Book.increment({ pages: 1 }, { where: { author_id: 1 } }).then((r) => r[0][0].length),
      decrement: () => Book.decrement('pages', { where: { id: 5 } }), update_limit: () => Book.update({ pages: 5 },
      { where: { pages: { [Op.gt]: 250 } }, limit: 1 }), destroy: () => Book.destroy({ where: { id: 6 } }),
      destroy_limit: () => Book.destroy({ where: { pages: { [Op.lt]: 20 } }, limit: 1 }),
    upsert: () => Author.upsert({ id: 1, name: 'Ada Up', email: 'ada@x.org' }),
      upsert_conflict: () => Author.upsert({ name: 'Ada C', email: 'ada@x.org' }, { conflictFields: ['email'] }),
      upsert_new: () => Author.upsert({ name: 'Brand', email: 'brand@x.org' }, { conflictFields: ['email'], returning: true }),
      find_or_create: () => Tag.findOrCreate({ where: { name: 'foc' }, defaults: { id: 20 } }),
      find_or_create_again: () => Tag.findOrCreate({ where: { name: 'foc' }, defaults: { id: 21 } }),
      find_create_find: () => Tag.findCreateFind({ where: { name: 'fcf' }, defaults: { id: 22 } }),
      find_or_build: () => Tag.findOrBuild({ where: { name: 'fob' } }),
    paranoid: async () => { const s = await Stamped.create({ n: 1, author_id: 1 }); await s.destroy();
      return [await Stamped.count(), await Stamped.count({ paranoid: false }), s.deletedAt !== null]; },
      restore: async () => { await Stamped.restore({ where: { n: 1 } }); return Stamped.count(); },
      optimistic: async () => { const a = await Stamped.findOne(); const b = await Stamped.findOne(); a.n = 2; await a.save(); b.n = 3;
      return refused(() => b.save()); },
    raw_select: () => sequelize.query('SELECT id, name FROM authors WHERE id < :top ORDER BY id',
      { replacements: { top: 3 }, type: QueryTypes.SELECT }), raw_bind: () => sequelize.query('SELECT $1::int + $2::int AS n',
      { bind: [1, 2], type: QueryTypes.SELECT }), raw_insert: () => sequelize.query("INSERT INTO tags (id, name) VALUES (30, 'raw') RETURNING id",
      { type: QueryTypes.INSERT }), raw_update: () => sequelize.query("UPDATE tags SET name = 'raw2' WHERE id = 30", { type: QueryTypes.UPDATE }),
      raw_delete: () => sequelize.query('DELETE FROM tags WHERE id = 30', { type: QueryTypes.BULKDELETE }),
      raw_model: () => sequelize.query('SELECT * FROM books ORDER BY id LIMIT 1', { model: Book, mapToModel: true }),
    random: () => sequelize.random().fn || 'fn', truncate: () => sequelize.models.book_tag.truncate(),
      truncate_identity: () => Stamped.truncate({ restartIdentity: true, force: true }), truncate_cascade: () => Tag.truncate({ cascade: true }),
  };
  for (const [name, body] of Object.entries(A)) await check(`query ${name}`, body);
}

async function errors() {
  const E = { unique: () => Author.create({ name: 'x', email: 'b@x.org' }), unique_two: () => Book.create({ author_id: 2, title: 'Book 4' }),
    not_null: () => qi.bulkInsert('authors', [{ name: null }]), foreign_key: () => Book.create({ author_id: 999, title: 'f' }),
    too_long: () => Author.create({ name: 'x'.repeat(150) }), enum: () => qi.bulkInsert('t_enum', [{ id: 5, v: 'glad' }]),
    out_of_range: () => Book.create({ author_id: 1, title: 'o', pages: 3e9 }), no_table: () => sequelize.query('SELECT * FROM nobody'),
    no_column: () => Author.findAll({ where: literal('nothing = 1') }), syntax: () => sequelize.query('SELEC'),
    division: () => sequelize.query('SELECT 1/0'), bad_integer: () => Author.findByPk('abc'),
    numeric: () => Author.create({ name: 'n', rating: 12345 }) };
  for (const [name, body] of Object.entries(E)) await check(`error ${name}`, () => refused(body));
  await check('error unique fields', () => Author.create({ name: 'x', email: 'b@x.org' }).catch((e) => [e.name, e.fields, e.errors.map((x) => [x.path, x.value])]));
  await check('error foreign fields', () => Book.create({ author_id: 999, title: 'f' }).catch((e) => [e.name, e.fields, e.table, e.index]));
}

async function transactions() {
  const count = () => Tag.count({ where: { name: { [Op.like]: 'tx%' } } });
  await check('tx commit', async () => { await sequelize.transaction((t) => Tag.create({ id: 101, name: 'tx1' }, { transaction: t })); return count(); });
  await check('tx rollback', async () => { await sequelize.transaction(async (t) => { await Tag.create({ id: 102, name: 'tx2' }, { transaction: t });
    throw new Error('back'); }).catch(() => {}); return count(); });
  await check('tx savepoint', async () => { await sequelize.transaction(async (t) => { await Tag.create({ id: 103, name: 'tx3' }, { transaction: t });
    await sequelize.transaction({ transaction: t }, async (s) => { await Tag.create({ id: 104, name: 'tx4' }, { transaction: s });
    throw new Error('inner'); }).catch(() => {}); }); return count(); });
  for (const [name, level] of Object.entries(Transaction.ISOLATION_LEVELS)) await check(`tx ${name}`,
    () => sequelize.transaction({ isolationLevel: level }, (t) => sequelize.query('SHOW transaction_isolation',
    { transaction: t, type: QueryTypes.SELECT })));
  for (const lock of ['UPDATE', 'SHARE', 'KEY_SHARE', 'NO_KEY_UPDATE']) await check(`tx lock ${lock}`,
    () => sequelize.transaction((transaction) => Book.findAll({ where: { id: 3 }, attributes: ['id'], transaction, lock: Transaction.LOCK[lock],
    raw: true })));
  await check('tx lock of', () => sequelize.transaction((transaction) => Book.findAll({ include: [Author], transaction,
    lock: { level: 'UPDATE', of: Book }, order: ['id'] }).then((r) => r.length)));
  await check('tx skip locked', () => sequelize.transaction((transaction) => Book.findAll({ limit: 1, order: ['id'], attributes: ['id'], transaction,
    lock: true, skipLocked: true, raw: true })));
  await check('tx deferrable', () => sequelize.transaction({ deferrable: Sequelize.Deferrable.SET_DEFERRED() }, async () => 'ok'));
  await check('pool', async () => { await Promise.all(Array.from({ length: 100 }, (_, n) => Tag.create({ id: 1000 + n, name: `pool ${n}` })));
    return Tag.count({ where: { id: { [Op.gte]: 1000 } } }); });
  await check('pool counters', async () => { await Promise.all(Array.from({ length: 30 },
    () => sequelize.transaction(async (transaction) => { const b = await Book.findByPk(3, { transaction, lock: true }); b.pages += 1;
    await b.save({ transaction }); }))); return (await Book.findByPk(3)).pages; });
}

async function interface_() {
  const I = {
    createTable: () => qi.createTable('qi', { id: { type: DataTypes.INTEGER, primaryKey: true, autoIncrement: true },
      a: { type: DataTypes.STRING, defaultValue: 'd' }, b: DataTypes.INTEGER }),
      addColumn: () => qi.addColumn('qi', 'c', { type: DataTypes.DATE, allowNull: true }),
      addColumn_not_null: () => qi.addColumn('qi', 'd', { type: DataTypes.INTEGER, allowNull: false, defaultValue: 3 }),
      addColumn_enum: () => qi.addColumn('qi', 'e', DataTypes.ENUM('a', 'b')),
      addColumn_references: () => qi.addColumn('qi', 'author_id', { type: DataTypes.INTEGER, references: { model: 'authors', key: 'id' },
      onDelete: 'SET NULL' }),
    changeColumn: () => qi.changeColumn('qi', 'b', { type: DataTypes.BIGINT, allowNull: false, defaultValue: 1 }),
      changeColumn_text: () => qi.changeColumn('qi', 'a', { type: DataTypes.TEXT }),
      changeColumn_enum: () => qi.changeColumn('qi', 'e', { type: DataTypes.ENUM('a', 'b', 'c') }),
      renameColumn: () => qi.renameColumn('qi', 'c', 'cc'), removeColumn: () => qi.removeColumn('qi', 'cc'),
      addIndex: () => qi.addIndex('qi', ['a', 'b'], { name: 'qi_ab', unique: true }),
      addIndex_where: () => qi.addIndex('qi', { fields: ['b'], where: { b: { [Op.gt]: 1 } }, name: 'qi_where' }),
      addIndex_concurrently: () => qi.addIndex('qi', { fields: ['d'], concurrently: true, name: 'qi_conc' }),
      addIndex_gin: () => qi.addIndex('authors', { fields: ['data'], using: 'gin', name: 'authors_gin' }),
      removeIndex: () => qi.removeIndex('qi', 'qi_ab'),
    addConstraint_unique: () => qi.addConstraint('qi', { fields: ['b'], type: 'unique', name: 'qi_unique' }),
      addConstraint_check: () => qi.addConstraint('qi', { fields: ['b'], type: 'check', name: 'qi_check', where: { b: { [Op.gt]: 0 } } }),
      addConstraint_fk: () => qi.addConstraint('qi', { fields: ['d'], type: 'foreign key', name: 'qi_fk',
      references: { table: 'authors', field: 'id' } }), removeConstraint: () => qi.removeConstraint('qi', 'qi_check'),
      removeConstraint_fk: () => qi.removeConstraint('qi', 'qi_fk'), bulkInsert: () => qi.bulkInsert('qi',
      [{ a: '1', b: 5, d: 1 }, { a: '2', b: 6, d: 1 }]), bulkUpdate: () => qi.bulkUpdate('qi', { a: 'x' }, { b: 5 }),
      bulkDelete: () => qi.bulkDelete('qi', { b: 6 }), rawSelect: () => qi.rawSelect('qi', { attributes: ['b'] }, 'b'),
      renameTable: () => qi.renameTable('qi', 'qi2'), createSchema: () => qi.createSchema('seq_schema'),
      dropSchema: () => qi.dropSchema('seq_schema'), createFunction: () => qi.createFunction('seq_one', [], 'integer', 'plpgsql', 'RETURN 1;'),
      dropFunction: () => qi.dropFunction('seq_one', []), dropTable: () => qi.dropTable('qi2'), createDatabase: () => qi.createDatabase('seq_db'),
      dropDatabase: () => qi.dropDatabase('seq_db'),
  };
  for (const [name, body] of Object.entries(I)) {
    await check(`interface ${name}`, () => body().then((r) => (typeof r === 'number' ? r : 'done')));
    if (/Column|Constraint|Index|Table$/.test(name) && name !== 'dropTable') { const table = name === 'renameTable' ? 'qi2' : 'qi';
      await check(`interface ${name}: table`, async () => [await qi.describeTable(table),
      (await qi.showIndex(table)).map((i) => [i.name, i.unique, i.definition]).sort(),
      (await qi.showConstraint(table)).map((c) => [c.constraintName.replace(/^\d+_\d+_/, ''), c.constraintType]).sort()]); }
  }
  await check('sync alter authors', () => Author.sync({ alter: true }).then(() => 'done'));
  await check('sync alter added', async () => { Tag.rawAttributes.note = { type: DataTypes.STRING }; Tag.refreshAttributes();
    await Tag.sync({ alter: true }); return qi.describeTable('tags'); });
  await check('sync alter books', () => Book.sync({ alter: true }).then(() => 'done'));
  await check('sync force', () => sequelize.sync({ force: true }).then(() => Author.count()));
  await check('drop all', () => sequelize.drop({ cascade: true }).then(() => qi.showAllTables()).then((t) => t.map((x) => x.tableName || x).sort()));
}

(async () => {
  for (const body of [types, library, errors, transactions, interface_]) await part(body.name, body);
  await done(() => sequelize.close());
})();
