// What the programs share: checks by name, each with its plain result or the error's class, SQLSTATE and names.
// Arguments of every program: HOST PORT USER DATABASE FILE; the results are written to FILE as JSON.
'use strict';
const [host, port, user, database, file] = process.argv.slice(2);
exports.at = { host, port: Number(port), user, database, password: 'unused' };
exports.url = `postgresql://${user}:unused@${host}:${port}/${database}`;
const results = {};
const DEADLINE = 30000;

function plain(value, depth = 0) {
  if (value === undefined) return null;
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (typeof value === 'bigint') return `${value}n`;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'no date' : value.toISOString();
  if (value instanceof Uint8Array) return `bytes ${Buffer.from(value).toString('hex')}`;
  if (depth > 12) return '…';
  if (Array.isArray(value)) return value.map((item) => plain(item, depth + 1));
  if (value instanceof Map) return plain(Object.fromEntries(value), depth + 1);
  if (value instanceof Set) return plain([...value], depth + 1);
  if (typeof value === 'function') return 'function';
  if (typeof value.toPostgres === 'function') return value.toPostgres();
  if (typeof value.toJSON === 'function') return plain(value.toJSON(), depth + 1);
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, plain(item, depth + 1)]));
}

// The server's error inside a library's: the first with a severity, else the first with a code.
function cause(error) {
  const seen = new Set();
  const queue = [error];
  let coded = null;
  while (queue.length > 0) {
    const at = queue.shift();
    if (!at || typeof at !== 'object' || seen.has(at)) continue;
    seen.add(at);
    if (at.severity) return at;
    if (at.code && !coded) coded = at;
    queue.push(at.cause, at.original, at.parent, at.driverError, at.meta, at.driverAdapterError, ...(at.errors || []));
  }
  return coded || error;
}

// Compared: error, code, constraint, table. Shown only: said, sql.
function failure(error) {
  const from = cause(error);
  const pick = (name) => (from[name] === undefined ? null : String(from[name]));
  return { error: error && error.constructor ? error.constructor.name : String(error), code: pick('code') || pick('originalCode'),
           constraint: pick('constraint'), table: pick('table'), said: String(from.message || error).slice(-600) };
}
exports.failure = failure;

exports.check = async (name, body) => {
  let timer;
  const late = new Promise((_, reject) => { timer = setTimeout(() => reject(new Error(`no answer within ${DEADLINE} ms`)), DEADLINE); });
  let result;
  try {
    result = { ok: plain(await Promise.race([body(), late])) };
  } catch (error) {
    result = failure(error);
  }
  clearTimeout(timer);
  if (name in results) throw new Error(`two checks ${name}`);
  results[name] = result;
};

// A part that cannot go on (no connection): its checks that are left have no answer, the others go on.
exports.part = async (name, body) => {
  try {
    await body();
  } catch (error) {
    results[`${name} goes on`] = failure(error);
    return;
  }
  results[`${name} goes on`] = { ok: true };
};
process.on('unhandledRejection', () => { /* of a check that was too late */ });

// For a check of what fails: the failure is its result.
exports.refused = async (body) => {
  try {
    return { unexpected: plain(await body()) };
  } catch (error) {
    const { said, ...rest } = failure(error);
    return rest;
  }
};

exports.done = async (close) => {
  try { await Promise.race([close(), new Promise((resolve) => setTimeout(resolve, 5000))]); } catch { /* the results matter */ }
  require('fs').writeFileSync(file, JSON.stringify(results));
  process.exit(0);
};

// Every column type that node-postgres' libraries can name, with a value as text.
exports.TYPES = {
  smallint: ['-32768', '32767'], integer: ['-2147483648', '7'], bigint: ['9223372036854775807', '-1'], real: ['1.5', '-0.25'],
  'double precision': ['0.1', '1e300'], numeric: ['123456789012345678901234567890.123456789', '-0.10'], 'numeric(10,2)': ['1.005', '99999999.99'],
  boolean: ['t', 'f'], text: ['Grüße 🌍', ''], varchar: ['x', 'yy'], 'varchar(5)': ['abcde', ''], 'char(4)': ['ab', 'abcd'], '"char"': ['a', 'b'],
  bytea: ['\\x00ff', '\\x'], date: ['2024-02-29', '0001-01-01'], time: ['23:59:59.999999', '00:00'], 'time(3)': ['12:00:00.1239', '01:02'],
  timetz: ['12:00:00+02', '23:59:59-08'], timestamp: ['2024-02-29 12:00:00.123456', '1969-12-31 23:59:59'],
  'timestamp(0)': ['2024-02-29 12:00:00.7', '2000-01-01'], timestamptz: ['2024-02-29 12:00:00+05:45', '1970-01-01 00:00:00Z'],
  'timestamptz(3)': ['2024-06-29 12:00:00.12345Z', '1970-01-01Z'], interval: ['1 year 2 mons 3 days 04:05:06.789', '-00:00:01'],
  uuid: ['a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', '00000000-0000-0000-0000-000000000000'], json: ['{"b": 1,  "a": [1,2]}', 'null'],
  jsonb: ['{"b": 1,  "a": [1,2]}', '"x"'], 'integer[]': ['{1,NULL,3}', '{}'], 'text[]': ['{"a b",NULL,"c,d"}', '{{x,y},{z,w}}'],
  'numeric[]': ['{1.50,2}', '{}'], 'uuid[]': ['{a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11}', '{}'], 'boolean[]': ['{t,f}', '{}'],
  'timestamptz[]': ['{2024-01-01 00:00:00+00}', '{}'], 'jsonb[]': ['{"{\\"a\\": 1}"}', '{}'], inet: ['192.168.0.1/24', '::1'], cidr: ['10.0.0.0/8', '::/0'],
  macaddr: ['08:00:2b:01:02:03', '00:00:00:00:00:00'], macaddr8: ['08:00:2b:01:02:03:04:05', '00:00:00:00:00:00:00:00'], money: ['12.34', '-1'],
  'bit(4)': ['1010', '0000'], 'bit varying(8)': ['101', ''], point: ['(1,2)', '(0,0)'], line: ['{1,2,3}', '{0,1,0}'], lseg: ['[(0,0),(1,1)]', '[(1,1),(2,2)]'],
  box: ['(1,1),(0,0)', '(2,2),(1,1)'], path: ['((0,0),(1,1))', '[(0,0),(1,1)]'], polygon: ['((0,0),(1,1),(1,0))', '((0,0),(2,2))'],
  circle: ['<(0,0),1>', '<(1,1),2>'], tsvector: ["'a' 'b':2", "''"], tsquery: ["'a' & 'b'", "'c'"], xml: ['<a>b</a>', '<c/>'],
  int4range: ['[1,5)', 'empty'], int8range: ['[1,5]', '(,)'], numrange: ['[1.5,2.5]', 'empty'], tsrange: ['[2024-01-01,2024-02-01)', 'empty'],
  tstzrange: ['[2024-01-01 00:00+00,2024-02-01 00:00+00)', 'empty'], daterange: ['[2024-01-01,2024-02-01]', 'empty'], oid: ['4294967295', '1'],
  regclass: ['pg_class', 'pg_type'], name: ['a_name', 'b'], pg_lsn: ['16/B374D848', '0/0'], hstore: ['a=>1', ''], citext: ['Ab', ''],
};
