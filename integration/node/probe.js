// node-postgres: types, prepared statements, several results, errors, transactions; one JSON line for each outcome.
// Standard input: {"url": …}; the table `driven` is there.
const { Client } = require("pg");

const SAMPLES = {
  b: [true, false], i2: [32767, -32768], i4: [2147483647, -2147483648], i8: ["9223372036854775807", "-9223372036854775808"], f8: [0.1, 5e-324, 1.7976931348623157e308, Infinity, -Infinity],
  n: ["1.10", "-12345678901234567890.123456789", "NaN"], t: ["", "Grüße 🌍", "it's \\ \"q\"\n", "x".repeat(1000000)], c: ["ab"], y: [Buffer.from([...Array(256).keys()]), Buffer.alloc(0)],
  d: ["2024-02-29"], ti: ["23:59:59.999999"], ts: ["2024-02-29 12:00:00.123456"], tz: [new Date(Date.UTC(2024, 1, 29, 12, 0, 0, 123))], iv: ["1 year 2 mons 3 days 04:05:06.789"],
  u: ["a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"], jb: [{ a: [1, 2.5, null], b: "x" }],
};

function say(...parts) {
  console.log(JSON.stringify(parts, (_, value) => (typeof value === "bigint" ? `${value}n` : typeof value === "number" && !Number.isFinite(value) ? `${value}` : value)));
}

async function attempt(client, name, query) {
  try {
    const results = [await client.query(query)].flat();
    for (const result of results) say(name, result.command, result.rowCount, result.fields.map((field) => [field.name, field.dataTypeID, field.dataTypeSize, field.dataTypeModifier, field.format]), result.rows);
  } catch (error) {
    say(name, "error", error.code, error.message, error.severity, error.position ?? null, error.constraint ?? null, error.table ?? null);
  }
}

(async () => {
  const client = new Client({ connectionString: JSON.parse(require("fs").readFileSync(0, "utf8")).url });
  await client.connect();
  for (const [column, values] of Object.entries(SAMPLES))
    for (const value of [...values, null]) {
      await attempt(client, `insert ${column}`, { name: `insert_${column}`, text: `INSERT INTO driven (${column}) VALUES ($1) RETURNING ${column}`, values: [value] });
      await attempt(client, `read ${column}`, { text: `SELECT ${column} FROM driven WHERE id = (SELECT max(id) FROM driven)`, rowMode: "array" });
    }
  await attempt(client, "several", "SELECT 1 AS a; UPDATE driven SET t = 'b' WHERE i4 = 2147483647; SELECT 'x' AS b, NULL AS c");
  await attempt(client, "an error among several", "SELECT 1 AS a; SELECT nope; SELECT 2");
  await attempt(client, "empty", "");
  for (const text of ["SELEC 1", "SELECT nope FROM driven", "INSERT INTO driven (v) VALUES ('longer than ten')", "SELECT 'x'::int"]) await attempt(client, text, text);
  await attempt(client, "too few values", { text: "SELECT $1::int, $2::int", values: [1] });
  await attempt(client, "a bad value", { text: "SELECT $1::int", values: ["x"] });
  await attempt(client, "the same name", { name: "twice", text: "SELECT $1::text AS v", values: ["one"] });
  await attempt(client, "the same name", { name: "twice", text: "SELECT $1::text AS v", values: ["two"] });
  for (const text of ["BEGIN", "INSERT INTO driven (i4) VALUES (1)", "SELECT 'x'::int", "SELECT 1", "COMMIT", "SELECT count(*) FROM driven WHERE i4 = 1"]) await attempt(client, text, text);
  await attempt(client, "binary", { text: "SELECT 1::int AS i, true AS b, 1.5::float8 AS f, 'x'::text AS t", values: [], binary: true });
  await attempt(client, "rows", { text: "SELECT i FROM generate_series(1, 100) g(i)", rows: 10 });
  await client.end();
})().catch((error) => { console.error(error); process.exit(1); });
