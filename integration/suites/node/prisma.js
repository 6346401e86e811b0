// Prisma's client with its pg adapter (the query compiler is WebAssembly; no native engine): the statements that its schema engine
// would send make the tables, then CRUD, relations, aggregates, upsert, transactions, raw queries, errors and the pool.
'use strict';
const { at, check, part, refused, done } = require('./checks');
const { execFileSync } = require('child_process');
const path = require('path');
const { Pool } = require('pg');

// The CLI asks only whether a schema engine is there; generate does not run it.
execFileSync('node', [path.join(__dirname, 'node_modules/prisma/build/index.js'), 'generate', '--schema', path.join(__dirname, 'schema.prisma')],
  { cwd: __dirname, stdio: 'ignore', env: { ...process.env, PRISMA_SCHEMA_ENGINE_BINARY: '/bin/true', CHECKPOINT_DISABLE: '1', PRISMA_HIDE_UPDATE_MESSAGE: '1' } });
const { PrismaClient, Prisma } = require('./node_modules/.generated');
const { PrismaPg } = require('@prisma/adapter-pg');
const pool = new Pool({ ...at, max: 2 });
const db = new PrismaClient({ adapter: new PrismaPg({ ...at, max: 6 }), errorFormat: 'minimal' });

const SCHEMA = `
CREATE SCHEMA IF NOT EXISTS "public";
CREATE TYPE "Mood" AS ENUM ('sad', 'ok');
CREATE TABLE "Author" ("id" SERIAL NOT NULL, "name" VARCHAR(100) NOT NULL, "email" TEXT, "rating" DECIMAL(5,2) NOT NULL DEFAULT 0,
  "active" BOOLEAN NOT NULL DEFAULT true, "data" JSONB, "words" TEXT[], "made" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT "Author_pkey" PRIMARY KEY ("id"));
CREATE TABLE "Profile" ("id" UUID NOT NULL, "bio" TEXT NOT NULL DEFAULT '', "authorId" INTEGER NOT NULL, CONSTRAINT "Profile_pkey" PRIMARY KEY ("id"));
CREATE TABLE "Book" ("id" BIGSERIAL NOT NULL, "title" TEXT NOT NULL, "pages" INTEGER, "price" DECIMAL(10,2), "authorId" INTEGER NOT NULL,
  CONSTRAINT "Book_pkey" PRIMARY KEY ("id"));
CREATE TABLE "Tag" ("id" SERIAL NOT NULL, "name" TEXT NOT NULL, CONSTRAINT "Tag_pkey" PRIMARY KEY ("id"));
CREATE TABLE "_BookToTag" ("A" BIGINT NOT NULL, "B" INTEGER NOT NULL, CONSTRAINT "_BookToTag_AB_pkey" PRIMARY KEY ("A", "B"));
CREATE TABLE "Everything" ("id" INTEGER NOT NULL, CONSTRAINT "Everything_pkey" PRIMARY KEY ("id"));
ALTER TABLE "Everything" ADD COLUMN "i2" SMALLINT;
ALTER TABLE "Everything" ADD COLUMN "i8" BIGINT;
ALTER TABLE "Everything" ADD COLUMN "f4" REAL;
ALTER TABLE "Everything" ADD COLUMN "f8" DOUBLE PRECISION;
ALTER TABLE "Everything" ADD COLUMN "n" DECIMAL(65,30);
ALTER TABLE "Everything" ADD COLUMN "n2" DECIMAL(10,2);
ALTER TABLE "Everything" ADD COLUMN "b" BOOLEAN;
ALTER TABLE "Everything" ADD COLUMN "t" TEXT;
ALTER TABLE "Everything" ADD COLUMN "v" VARCHAR(20);
ALTER TABLE "Everything" ADD COLUMN "c" CHAR(4);
ALTER TABLE "Everything" ADD COLUMN "y" BYTEA;
ALTER TABLE "Everything" ADD COLUMN "d" DATE;
ALTER TABLE "Everything" ADD COLUMN "ti" TIME(6);
ALTER TABLE "Everything" ADD COLUMN "ts" TIMESTAMP(3);
ALTER TABLE "Everything" ADD COLUMN "tz" TIMESTAMPTZ(3);
ALTER TABLE "Everything" ADD COLUMN "u" UUID;
ALTER TABLE "Everything" ADD COLUMN "j" JSON;
ALTER TABLE "Everything" ADD COLUMN "jb" JSONB;
ALTER TABLE "Everything" ADD COLUMN "o" OID;
ALTER TABLE "Everything" ADD COLUMN "ai" INTEGER[];
ALTER TABLE "Everything" ADD COLUMN "at" TEXT[];
ALTER TABLE "Everything" ADD COLUMN "ad" TIMESTAMP(3)[];
ALTER TABLE "Everything" ADD COLUMN "an" DECIMAL(65,30)[];
ALTER TABLE "Everything" ADD COLUMN "aj" JSONB[];
ALTER TABLE "Everything" ADD COLUMN "e" "Mood";
ALTER TABLE "Everything" ADD COLUMN "ae" "Mood"[];
CREATE TABLE "Moody" ("id" SERIAL NOT NULL, "mood" "Mood" NOT NULL DEFAULT 'ok', CONSTRAINT "Moody_pkey" PRIMARY KEY ("id"));
CREATE TABLE "Inet" ("id" INTEGER NOT NULL, "i" INET, CONSTRAINT "Inet_pkey" PRIMARY KEY ("id"));
CREATE TABLE "Xml" ("id" INTEGER NOT NULL, "x" XML, CONSTRAINT "Xml_pkey" PRIMARY KEY ("id"));
CREATE TABLE "Money" ("id" INTEGER NOT NULL, "m" MONEY, CONSTRAINT "Money_pkey" PRIMARY KEY ("id"));
CREATE TABLE "Bits" ("id" INTEGER NOT NULL, "b" BIT(4), "v" VARBIT(8), CONSTRAINT "Bits_pkey" PRIMARY KEY ("id"));
CREATE UNIQUE INDEX "Author_email_key" ON "Author"("email");
CREATE INDEX "Author_name_idx" ON "Author"("name");
CREATE UNIQUE INDEX "Profile_authorId_key" ON "Profile"("authorId");
CREATE UNIQUE INDEX "book_author_title" ON "Book"("authorId", "title");
CREATE UNIQUE INDEX "Tag_name_key" ON "Tag"("name");
CREATE INDEX "_BookToTag_B_index" ON "_BookToTag"("B");
ALTER TABLE "Profile" ADD CONSTRAINT "Profile_authorId_fkey" FOREIGN KEY ("authorId") REFERENCES "Author"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "Book" ADD CONSTRAINT "Book_authorId_fkey" FOREIGN KEY ("authorId") REFERENCES "Author"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "_BookToTag" ADD CONSTRAINT "_BookToTag_A_fkey" FOREIGN KEY ("A") REFERENCES "Book"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "_BookToTag" ADD CONSTRAINT "_BookToTag_B_fkey" FOREIGN KEY ("B") REFERENCES "Tag"("id") ON DELETE CASCADE ON UPDATE CASCADE`.trim().split(/;\n/);

async function schema() {
  for (const [number, statement] of SCHEMA.entries()) {
    await check(`schema ${number}: ${statement.slice(0, 70)}`, () => pool.query(statement).then(() => 'made'));
  }
}

const FIELDS = { i2: -3, i8: 9223372036854775807n, f4: 1.5, f8: 0.1, n: '123456789.123456789', n2: '1.01', b: true, t: 'Grüße', v: 'x', c: 'ab',
  y: Buffer.from([0, 255]), d: new Date('2024-02-29'), ti: new Date('1970-01-01T12:34:56.789Z'), ts: new Date('2024-02-29T12:00:00.123Z'),
  tz: new Date('2024-02-29T12:00:00.123Z'), u: 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', j: { b: 1, a: [1] }, jb: { b: 1, a: [1] }, o: 5, ai: [1, 2],
  at: ['a b', 'c'], ad: [new Date('2024-01-01')], an: ['1.5'], aj: [{ a: 1 }], e: 'ok', ae: ['ok', 'sad'] };

async function types() {
  const select = (name) => ({ id: true, [name]: true });
  for (const [number, [name, value]] of Object.entries(FIELDS).entries()) {
    await check(`field ${name}: create`, () => db.everything.create({ data: { id: number, [name]: value }, select: select(name) }));
    await check(`field ${name}: update`, () => db.everything.update({ where: { id: number }, data: { [name]: value }, select: select(name) }));
    await check(`field ${name}: found`,
      () => db.everything.findMany({ where: { [name]: /^(j|jb)$/.test(name) ? { equals: value } : Array.isArray(value) ? { equals: value } : value },
      select: select(name), orderBy: { id: 'asc' } }));
  }
  for (const [model, field, value] of [['inet', 'i', '10.0.0.1/8'], ['xml', 'x', '<a/>'],
    ['money', 'm', '12.34']]) await check(`field ${field} of ${model}`, () => db[model].create({ data: { id: 1, [field]: value } }));
  await check('field b, v of bits', () => db.bits.create({ data: { id: 1, b: '1010', v: '101' } }));
}

async function library() {
  const pick = { id: true, name: true, email: true, rating: true, active: true };
  const T = (field, value) => ({ where: { [field]: value }, orderBy: { id: 'asc' }, select: { id: true } });
  const Q = {
    create: () => db.author.create({ data: { name: 'Ada', email: 'ada@x.org', rating: '4.50', data: { k: [1, 2], o: { p: 'q' } } },
      select: { ...pick, data: true } }), create_all_columns: () => db.author.create({ data: { name: 'Whole' } }).then(({ made, ...rest }) => rest),
      create_nested: () => db.author.create({ data: { name: 'Böll', profile: { create: { bio: 'b' } },
      books: { create: [{ title: 'N1', pages: 10 }, { title: 'N2', tags: { create: [{ name: 'nested' }] } }] } },
      select: { ...pick, profile: { select: { bio: true } }, books: { select: { title: true, tags: true } } } }),
      create_many: () => db.book.createMany({ data: [1, 2, 3, 4, 5, 6].map((n) => ({ title: `Book ${n}`, pages: n * 50, price: String(n * 1.25),
      authorId: 1 + (n % 2) })) }), create_many_return: () => db.tag.createManyAndReturn({ data: ['art', 'sea', 'war'].map((name) => ({ name })) }),
      create_many_skip: () => db.tag.createMany({ data: [{ name: 'art' }, { name: 'new' }], skipDuplicates: true }),
      connect: () => db.book.update({ where: { authorId_title: { authorId: 2, title: 'Book 1' } },
      data: { tags: { connect: [{ name: 'art' }, { name: 'sea' }] } }, select: { title: true, tags: { select: { name: true } } } }),
      connect_or_create: () => db.book.update({ where: { id: 1 }, data: { tags: { connectOrCreate: [{ where: { name: 'war' },
      create: { name: 'war' } }, { where: { name: 'coc' }, create: { name: 'coc' } }] } },
      select: { tags: { select: { name: true }, orderBy: { id: 'asc' } } } }),
      disconnect: () => db.book.update({ where: { id: 1 }, data: { tags: { disconnect: [{ name: 'war' }] } },
      select: { tags: { select: { name: true } } } }), set: () => db.book.update({ where: { id: 1 }, data: { tags: { set: [{ name: 'art' }] } },
      select: { tags: { select: { name: true } } } }),
    find_many: () => db.author.findMany({ select: pick, orderBy: { id: 'asc' } }),
      find_unique: () => db.author.findUnique({ where: { email: 'ada@x.org' }, select: pick }),
      find_unique_compound: () => db.book.findUnique({ where: { authorId_title: { authorId: 2, title: 'Book 3' } } }),
      find_first: () => db.book.findFirst({ where: { pages: { gt: 100 } }, orderBy: { pages: 'asc' } }),
      find_or_throw: () => refused(() => db.author.findUniqueOrThrow({ where: { id: 999 } })),
      include: () => db.author.findMany({ select: { name: true, books: { orderBy: { id: 'asc' }, select: { title: true, price: true } },
      profile: { select: { bio: true } } }, orderBy: { id: 'asc' } }),
      include_deep: () => db.tag.findMany({ include: { books: { select: { title: true, author: { select: { name: true } } },
      orderBy: { id: 'asc' } } }, orderBy: { id: 'asc' } }), include_paged: () => db.author.findMany({ select: { id: true,
      books: { take: 1, skip: 1, orderBy: { id: 'desc' }, select: { id: true } } }, orderBy: { id: 'asc' } }),
      include_count: () => db.author.findMany({ select: { id: true, _count: { select: { books: true } } }, orderBy: { id: 'asc' } }),
      include_count_where: () => db.author.findMany({ select: { id: true, _count: { select: { books: { where: { pages: { gt: 100 } } } } } },
      orderBy: { id: 'asc' } }),
    equals: () => db.book.findMany(T('title', 'Book 1')), not: () => db.book.findMany(T('title', { not: 'Book 1' })),
      in: () => db.book.findMany(T('id', { in: [1, 2, 3] })), not_in: () => db.book.findMany(T('id', { notIn: [1, 2, 3] })),
      in_many: () => db.book.count({ where: { id: { in: Array.from({ length: 3000 }, (_, n) => n) } } }),
      contains: () => db.book.findMany(T('title', { contains: 'ook' })), starts: () => db.book.findMany(T('title', { startsWith: 'Book' })),
      ends: () => db.book.findMany(T('title', { endsWith: '1' })), insensitive: () => db.book.findMany(T('title',
      { contains: 'BOOK', mode: 'insensitive' })), insensitive_equals: () => db.author.findMany(T('name', { equals: 'ADA', mode: 'insensitive' })),
      insensitive_in: () => db.author.findMany(T('name', { in: ['ADA'], mode: 'insensitive' })), null: () => db.author.findMany(T('email', null)),
      and_or: () => db.book.count({ where: { AND: [{ pages: { gte: 50 } }, { OR: [{ price: { lt: 3 } }, { price: null }] }],
      NOT: { title: 'Book 2' } } }), some: () => db.author.findMany(T('books', { some: { pages: { gt: 200 } } })),
      every: () => db.author.findMany(T('books', { every: { pages: { gt: 5 } } })), none: () => db.author.findMany(T('books', { none: {} })),
      is: () => db.book.findMany(T('author', { is: { name: 'Ada' } })), is_not: () => db.book.findMany(T('author', { isNot: { name: 'Ada' } })),
      many_some: () => db.book.findMany(T('tags', { some: { name: 'art' } })),
      field_reference: () => db.book.findMany(T('pages', { gt: db.book.fields.authorId })),
      json_equals: () => db.author.findMany(T('data', { equals: { k: [1, 2], o: { p: 'q' } } })),
      json_path: () => db.author.findMany(T('data', { path: ['o', 'p'], equals: 'q' })),
      json_contains: () => db.author.findMany(T('data', { path: ['o', 'p'], string_contains: 'q' })),
      json_array: () => db.author.findMany(T('data', { path: ['k'], array_contains: [1] })),
      json_null: () => db.author.findMany(T('data', { equals: Prisma.AnyNull })), list_has: () => db.author.findMany(T('words', { has: 'x' })),
      list_empty: () => db.author.findMany(T('words', { isEmpty: true })), enum: () => db.moody.create({ data: {} }),
      enum_found: () => db.moody.findMany(T('mood', 'ok')),
    order: () => db.author.findMany({ orderBy: [{ email: { sort: 'desc', nulls: 'last' } }, { id: 'asc' }], select: { id: true } }),
      order_relation: () => db.book.findMany({ orderBy: [{ author: { name: 'desc' } }, { id: 'asc' }], select: { id: true } }),
      order_count: () => db.author.findMany({ orderBy: [{ books: { _count: 'desc' } }, { id: 'asc' }], select: { id: true } }),
      cursor: () => db.book.findMany({ cursor: { id: 3 }, take: 2, skip: 1, orderBy: { id: 'asc' }, select: { id: true } }),
      cursor_back: () => db.book.findMany({ cursor: { id: 3 }, take: -2, orderBy: { id: 'asc' }, select: { id: true } }),
      distinct: () => db.book.findMany({ distinct: ['authorId'], orderBy: { authorId: 'asc' }, select: { authorId: true } }),
      count: () => db.book.count(), count_fields: () => db.book.count({ select: { _all: true, price: true } }),
      aggregate: () => db.book.aggregate({ _avg: { pages: true, price: true }, _sum: { pages: true, price: true }, _min: { title: true },
      _max: { price: true }, _count: { _all: true } }), group_by: () => db.book.groupBy({ by: ['authorId'], _count: { _all: true },
      _sum: { pages: true }, _avg: { price: true }, having: { pages: { _avg: { gt: 1 } } }, orderBy: { authorId: 'asc' } }),
      exists: () => db.book.findFirst({ where: { title: 'none' } }),
    update: () => db.book.update({ where: { id: 3 }, data: { pages: 77 } }),
      update_number: () => db.book.update({ where: { id: 3 }, data: { pages: { increment: 3 }, price: { multiply: 2 } } }),
      update_number_2: () => db.book.update({ where: { id: 3 }, data: { pages: { divide: 2 }, price: { decrement: 1 } } }),
      update_many: () => db.book.updateMany({ where: { authorId: 1 }, data: { pages: { increment: 1 } } }),
      update_many_return: () => db.book.updateManyAndReturn({ where: { authorId: 1 }, data: { pages: { increment: 1 } },
      select: { id: true, pages: true } }), update_limit: () => db.book.updateMany({ data: { pages: 1 }, limit: 1, where: { title: 'N1' } }),
      update_nested: () => db.author.update({ where: { id: 1 }, data: { books: { updateMany: { where: { pages: { gt: 5 } },
      data: { pages: { increment: 1 } } } } }, select: { id: true } }),
      update_json_null: () => db.author.update({ where: { id: 2 }, data: { data: Prisma.JsonNull }, select: { data: true } }),
      update_missing: () => refused(() => db.book.update({ where: { id: 9999 }, data: { pages: 1 } })),
      upsert: () => db.author.upsert({ where: { email: 'ada@x.org' }, create: { name: 'C', email: 'ada@x.org' }, update: { name: 'U' },
      select: pick }), upsert_new: () => db.tag.upsert({ where: { name: 'up' }, create: { name: 'up' }, update: {} }),
      upsert_native: () => db.tag.upsert({ where: { name: 'up' }, create: { name: 'up' }, update: { name: 'up' } }),
      delete: () => db.tag.delete({ where: { name: 'war' } }), delete_many: () => db.book.deleteMany({ where: { title: 'N1' } }),
      delete_limit: () => db.book.deleteMany({ where: { title: 'N2' }, limit: 1 }),
      delete_missing: () => refused(() => db.tag.delete({ where: { name: 'none' } })),
    raw: () => db.$queryRaw`SELECT ${1}::int + 1 AS n, ${'x'}::text AS t, ${true} AS b`,
      raw_types: () => db.$queryRaw`SELECT 1::int2 AS a, 2::int8 AS b, 1.5::numeric AS c, 1.5::float8 AS d, 'x'::text AS e, true AS f, '2024-02-29'::date AS g, '2024-02-29 12:00+00'::timestamptz AS h, '{"a":1}'::jsonb AS i, '\\x00ff'::bytea AS j, ARRAY[1,2] AS k, NULL AS l, '12:00'::time AS m, 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'::uuid AS n`,
      raw_list: () => db.$queryRaw`SELECT id FROM "Book" WHERE id IN (${Prisma.join([1, 2])}) ORDER BY id`,
      raw_any: () => db.$queryRaw`SELECT id FROM "Book" WHERE id = ANY(${[1, 2]}) ORDER BY id`,
      raw_unsafe: () => db.$queryRawUnsafe('SELECT $1::text AS t', 'x'),
      execute: () => db.$executeRaw`UPDATE "Tag" SET name = name || '' WHERE id < ${100}`,
      execute_unsafe: () => db.$executeRawUnsafe('DELETE FROM "Tag" WHERE name = $1', 'none'),
  };
  for (const [name, body] of Object.entries(Q)) await check(`query ${name}`, async () => body());
  const E = { unique: () => db.author.create({ data: { name: 'x', email: 'ada@x.org' } }),
    unique_two: () => db.book.create({ data: { authorId: 2, title: 'Book 1' } }),
    foreign_key: () => db.book.create({ data: { authorId: 999, title: 'f' } }), too_long: () => db.author.create({ data: { name: 'x'.repeat(101) } }),
    numeric: () => db.author.create({ data: { name: 'n', rating: '12345' } }), not_null: () => db.$executeRaw`INSERT INTO "Tag" (name) VALUES (NULL)`,
    no_table: () => db.$queryRaw`SELECT * FROM nobody`, no_column: () => db.$queryRaw`SELECT nothing FROM "Tag"`, syntax: () => db.$queryRaw`SELEC`,
    division: () => db.$queryRaw`SELECT 1/0`, bad_uuid: () => db.profile.findUnique({ where: { id: 'not' } }) };
  for (const [name, body] of Object.entries(E)) await check(`error ${name}`, () => refused(async () => body()));
  await check('error unique target', () => db.author.create({ data: { name: 'x', email: 'ada@x.org' } }).catch((e) => [e.code,
    e.meta && e.meta.driverAdapterError && e.meta.driverAdapterError.cause.constraint]));
  const count = () => db.tag.count({ where: { name: { startsWith: 'tx' } } });
  await check('tx batch', async () => { await db.$transaction([db.tag.create({ data: { name: 'tx1' } }), db.tag.create({ data: { name: 'tx2' } })]); return count(); });
  await check('tx batch rollback', async () => { await db.$transaction([db.tag.create({ data: { name: 'tx3' } }),
    db.tag.create({ data: { name: 'tx1' } })]).catch(() => {}); return count(); });
  await check('tx interactive', async () => { await db.$transaction(async (t) => { await t.tag.create({ data: { name: 'tx4' } });
    await t.tag.create({ data: { name: 'tx5' } }); }, { timeout: 20000, maxWait: 10000 }); return count(); });
  await check('tx interactive rollback', async () => { await db.$transaction(async (t) => { await t.tag.create({ data: { name: 'tx6' } });
    throw new Error('back'); }).catch(() => {}); return count(); });
  for (const isolationLevel of ['ReadUncommitted', 'ReadCommitted', 'RepeatableRead', 'Serializable']) await check(`tx ${isolationLevel}`,
    () => db.$transaction((t) => t.$queryRaw`SHOW transaction_isolation`, { isolationLevel }));
  await check('pool', async () => { await Promise.all(Array.from({ length: 100 }, (_, n) => db.tag.create({ data: { name: `pool ${n}` } })));
    return db.tag.count({ where: { name: { startsWith: 'pool' } } }); });
  await check('pool counters', async () => { await Promise.all(Array.from({ length: 30 },
    () => db.book.update({ where: { id: 4 }, data: { pages: { increment: 1 } } }))); return (await db.book.findUnique({ where: { id: 4 } })).pages;
    });
}

(async () => {
  for (const body of [schema, types, library]) await part(body.name, body);
  await done(async () => { await db.$disconnect(); await pool.end(); });
})();
