-- A shop of ten tables that has every kind of object a SQLite schema can hold. sqlite3 shop.db < shop.sql
PRAGMA foreign_keys = OFF;
BEGIN;
CREATE TABLE customers (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  email TEXT NOT NULL COLLATE NOCASE UNIQUE,
  name VARCHAR(60) NOT NULL,
  active BOOLEAN NOT NULL DEFAULT 1,
  balance DECIMAL(10,2) NOT NULL DEFAULT 0 CHECK (balance >= 0),
  since DATE,
  created_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
  settings JSON,
  referred_by INTEGER REFERENCES customers(id) ON DELETE SET NULL
);
CREATE TABLE addresses (
  customer_id INTEGER NOT NULL REFERENCES customers(id) ON DELETE CASCADE,
  kind TEXT NOT NULL CHECK (kind IN ('home', 'work', 'other')),
  street TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (customer_id, kind)
) WITHOUT ROWID;
CREATE TABLE categories (id INTEGER PRIMARY KEY, title TEXT NOT NULL, parent INTEGER REFERENCES categories(id));
CREATE TABLE products (
  sku TEXT PRIMARY KEY NOT NULL,
  title TEXT NOT NULL,
  category INTEGER REFERENCES categories(id),
  price REAL NOT NULL,
  weight INTEGER,
  grams INTEGER GENERATED ALWAYS AS (weight * 1000) STORED,
  photo BLOB,
  uuid UUID
);
CREATE TABLE stock (sku TEXT NOT NULL REFERENCES products(sku) ON UPDATE CASCADE, place INTEGER NOT NULL, n INTEGER NOT NULL DEFAULT 0, UNIQUE (sku, place)) STRICT;
CREATE TABLE orders (
  id INTEGER PRIMARY KEY,
  customer INTEGER NOT NULL REFERENCES customers(id),
  current_invoice INTEGER REFERENCES invoices(id) DEFERRABLE INITIALLY DEFERRED,
  placed_at DATETIME NOT NULL,
  paid_ms DATETIME,
  status TEXT NOT NULL DEFAULT 'new'
);
CREATE TABLE order_lines (
  order_id INTEGER NOT NULL REFERENCES orders(id) ON DELETE CASCADE, line INTEGER NOT NULL, sku TEXT NOT NULL REFERENCES products(sku),
  n INTEGER NOT NULL CHECK (n BETWEEN 1 AND 99), price REAL NOT NULL, PRIMARY KEY (order_id, line)
);
CREATE TABLE invoices (id INTEGER PRIMARY KEY, order_id INTEGER NOT NULL REFERENCES orders(id), total DECIMAL(12,2) NOT NULL, pdf BLOB);
CREATE TABLE visits (at INTEGER, page TEXT);                       -- no key
CREATE TABLE "Order Log" (id INTEGER PRIMARY KEY, "What happened" TEXT, at TEXT DEFAULT (datetime('now')));

CREATE INDEX orders_recent ON orders (customer, placed_at DESC);
CREATE INDEX orders_open ON orders (placed_at) WHERE status = 'new';
CREATE INDEX customers_lower ON customers (lower(name));
CREATE UNIQUE INDEX categories_title ON categories (title COLLATE NOCASE, parent);
CREATE INDEX visits_at ON visits (at);
CREATE VIEW open_orders AS SELECT o.id, c.name FROM orders o JOIN customers c ON c.id = o.customer WHERE o.status = 'new';
CREATE TRIGGER orders_log AFTER UPDATE OF status ON orders BEGIN
  INSERT INTO "Order Log" ("What happened") VALUES ('order ' || new.id || ' is ' || new.status);
END;
CREATE VIRTUAL TABLE product_search USING fts5(title, content='products', content_rowid='rowid');

WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500)
INSERT INTO customers SELECT i, 'Person' || i || '@Example.org', 'Näme ' || i, i % 2, i * 1.25, date(1600000000 + i * 86400, 'unixepoch'),
  strftime('%Y-%m-%d %H:%M:%S', 1600000000 + i * 86407, 'unixepoch'), '{"theme": "dark", "n": ' || i || '}', CASE WHEN i > 10 THEN i % 10 + 1 END FROM n;
INSERT INTO customers (id, email, name) VALUES (9000, 'gone@example.org', 'Gone');
DELETE FROM customers WHERE id = 9000;
INSERT INTO addresses SELECT id, 'home', 'Straße ' || id FROM customers;
INSERT INTO addresses SELECT id, 'work', '' FROM customers WHERE id % 3 = 0;
INSERT INTO categories VALUES (1, 'All', NULL), (2, 'Tools', 1), (3, 'tools', 2), (4, 'Gärten', 1);
INSERT INTO products (sku, title, category, price, weight, photo, uuid) SELECT printf('SKU-%04d', id), 'Product ' || id, id % 4 + 1, id * 0.1, id, randomblob(id % 64),
  printf('00000000-0000-4000-8000-%012x', id) FROM customers;
INSERT INTO stock SELECT sku, 1, rowid FROM products;
INSERT INTO orders SELECT id, id % 500 + 1, NULL, strftime('%Y-%m-%dT%H:%M:%fZ', 1700000000 + id * 0.25, 'unixepoch'), 1700000000000 + id, CASE id % 3 WHEN 0 THEN 'new' ELSE 'paid' END
  FROM customers;
INSERT INTO order_lines SELECT id, 1, printf('SKU-%04d', id), id % 99 + 1, id * 0.1 FROM orders;
INSERT INTO order_lines SELECT id, 2, 'SKU-0001', 1, 0.1 FROM orders WHERE id % 2 = 0;
INSERT INTO invoices SELECT id, id, id * 2.5, NULL FROM orders WHERE status = 'paid';
UPDATE orders SET current_invoice = id WHERE status = 'paid';
UPDATE orders SET status = 'sent' WHERE id = 1;
INSERT INTO visits SELECT 1700000000 + id % 100, '/page/' || (id % 7) FROM customers;
INSERT INTO visits SELECT * FROM visits WHERE at % 2 = 0;
INSERT INTO product_search (rowid, title) SELECT rowid, title FROM products;
COMMIT;
