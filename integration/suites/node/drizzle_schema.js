// The shop that drizzle.js queries, and that drizzle-kit generates, pushes and pulls.
'use strict';
const p = require('drizzle-orm/pg-core');
const { relations, sql } = require('drizzle-orm');

const mood = p.pgEnum('shop_mood', ['sad', 'ok']);
const sequence = p.pgSequence('shop_sequence', { startWith: 10, increment: 5 });
const authors = p.pgTable('shop_authors', {
  id: p.serial('id').primaryKey(), name: p.varchar('name', { length: 100 }).notNull(), email: p.text('email').unique('shop_email'),
    rating: p.numeric('rating', { precision: 5, scale: 2 }).default('0'),
  active: p.boolean('active').notNull().default(true), data: p.jsonb('data'), tags: p.text('tags').array(),
    made: p.timestamp('made', { withTimezone: true }).notNull().defaultNow(),
}, (t) => [p.index('shop_authors_name').on(t.name.desc().nullsLast()), p.index('shop_authors_lower').on(sql`lower(${t.name})`)]);
const books = p.pgTable('shop_books', {
  id: p.integer('id').primaryKey().generatedAlwaysAsIdentity(), authorId: p.integer('author_id').notNull().references(() => authors.id,
    { onDelete: 'cascade' }), title: p.text('title').notNull(), pages: p.integer('pages'),
  price: p.numeric('price', { precision: 10, scale: 2 }), twice: p.integer('twice').generatedAlwaysAs(sql`pages * 2`),
}, (t) => [p.unique('shop_books_title').on(t.authorId, t.title), p.check('shop_books_pages', sql`${t.pages} > 0`),
  p.index('shop_books_long').on(t.pages).where(sql`${t.pages} > 100`)]);
const tags = p.pgTable('shop_tags', { id: p.integer('id').primaryKey().generatedByDefaultAsIdentity({ startWith: 1 }),
  name: p.varchar('name', { length: 40 }).notNull().unique() });
const moody = p.pgTable('shop_moody', { id: p.serial('id').primaryKey(), mood: mood('mood').default('ok') });
const bookTags = p.pgTable('shop_book_tags', { bookId: p.integer('book_id').notNull().references(() => books.id),
  tagId: p.integer('tag_id').notNull().references(() => tags.id, { onUpdate: 'cascade', onDelete: 'restrict' }) },
  (t) => [p.primaryKey({ name: 'shop_book_tags_pk', columns: [t.bookId, t.tagId] })]);
const longBooks = p.pgView('shop_long_books', { id: p.integer('id'), title: p.text('title') }).as(sql`select "id", "title" from "shop_books" where "pages" > 100`);
const counted = p.pgMaterializedView('shop_counted', { n: p.bigint('n', { mode: 'number' }) }).as(sql`select count(*) as n from "shop_books"`);

module.exports = {
  mood, sequence, authors, books, tags, moody, bookTags, longBooks, counted,
  authorsRelations: relations(authors, ({ many }) => ({ books: many(books) })),
  booksRelations: relations(books, ({ one, many }) => ({ author: one(authors, { fields: [books.authorId], references: [authors.id] }), tags: many(bookTags) })),
  bookTagsRelations: relations(bookTags, ({ one }) => ({ book: one(books, { fields: [bookTags.bookId], references: [books.id] }),
    tag: one(tags, { fields: [bookTags.tagId], references: [tags.id] }) })),
};
