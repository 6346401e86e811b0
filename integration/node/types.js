// node-postgres: creates the table, inserts every sample by a prepared statement, prints what it reads back as JSON.
// Standard input: {"url": …, "create": …, "cases": [[column, type, value], …]}
const { Client, types } = require("pg");
for (const oid of [1082, 1114, 1184, 3802]) types.setTypeParser(oid, (text) => text); // as the server wrote it

(async () => {
  const input = JSON.parse(require("fs").readFileSync(0, "utf8"));
  const client = new Client({ connectionString: input.url });
  await client.connect();
  if (input.create) await client.query(input.create);
  const back = [];
  for (const [column, type, value] of input.cases) {
    const name = `insert_${column}`;
    const sent = type === "bytea" && value !== null ? Buffer.from(value.slice(2), "hex") : value;
    const inserted = await client.query({
      name, text: `INSERT INTO samples (${column}) VALUES ($1) RETURNING id`, values: [sent],
    });
    const id = inserted.rows[0].id;
    const read = await client.query(`SELECT ${column} AS v FROM samples WHERE id = $1`, [id]);
    let v = read.rows[0].v;
    if (Buffer.isBuffer(v)) v = "\\x" + v.toString("hex");
    if (Object.is(v, -0)) v = "-0";
    back.push([column, read.fields[0].dataTypeID, v === null ? null : String(v)]);
  }
  console.log(JSON.stringify(back));
  await client.end();
})().catch((error) => { console.error(error.code, error.message); process.exit(1); });
