"""A statement's outcome on a server, every value as the server's text: what Crossfade and PostgreSQL are compared by."""
import psycopg2
import psycopg2.extensions

COLUMN_OIDS = (16, 17, 18, 19, 20, 21, 23, 25, 26, 114, 700, 701, 1042, 1043, 1082, 1083, 1114, 1184, 1186, 1266, 1700, 2950, 3802,
               1000, 1005, 1007, 1009, 1015, 1016, 1021, 1022, 1115, 1182, 1185, 1231, 2951, 3807)


def connect(dsn, zone="Europe/Berlin"):
    connection = psycopg2.connect(dsn)
    connection.autocommit = True
    for oid in COLUMN_OIDS:  # every value as the server's text
        psycopg2.extensions.register_type(psycopg2.extensions.new_type((oid,), f"raw{oid}", lambda text, _: text), connection)
    connection.cursor().execute(f"SET timezone = '{zone}'")
    return connection


def run(connection, statement):
    cursor = connection.cursor()
    try:
        cursor.execute(statement)
        description = cursor.description
        return {"columns": [(c.name, c.type_code, c.internal_size if c.type_code in (1042, 1043) else 0) for c in description or []],
                "rows": cursor.fetchall() if description else [], "count": cursor.rowcount, "state": "00000"}
    except psycopg2.Error as error:
        return {"state": error.pgcode or "lost", "message": str(error).strip()}
