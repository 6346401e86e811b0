"""Values of every type of the thin line, with their edges: (column, type, [text forms that PostgreSQL 15 prints])."""

SAMPLES = [
    ("c_bool", "boolean", ["t", "f"]),
    ("c_int2", "smallint", ["0", "-32768", "32767"]),
    ("c_int4", "integer", ["0", "-2147483648", "2147483647"]),
    ("c_int8", "bigint", ["0", "-9223372036854775808", "9223372036854775807"]),
    ("c_float8", "double precision", ["0", "0.1", "1e+308", "5e-324", "1713444038.377258", "Infinity", "-Infinity",
                                      "1.2345678901234568e+17", "1e+15", "100000"]),
    ("c_numeric", "numeric", ["0", "1.10", "-12345678901234567890.123456789", "0.000", "NaN", "1000000000000000000000"]),
    ("c_numeric_ps", "numeric(12,2)", ["1.10", "-9999999999.99", "0.00"]),
    ("c_text", "text", ["", "plain", "Grüße, 世界 🌍", "it's \\ \"quoted\"\nand\tbroken", " spaces "]),
    ("c_varchar", "varchar(10)", ["", "ten chars!", "é"]),
    ("c_bytea", "bytea", ["\\x", "\\x00ff10", "\\xdeadbeef"]),
    ("c_timestamp", "timestamp", ["2024-02-29 12:34:56", "2024-02-29 12:34:56.123456", "0001-01-01 00:00:00",
                                  "9999-12-31 23:59:59.999999", "infinity", "-infinity"]),
    ("c_timestamptz", "timestamptz", ["2024-02-29 12:34:56+00", "2024-02-29 12:34:56.5+00", "1969-12-31 23:59:59.999999+00",
                                      "infinity"]),
    ("c_date", "date", ["2024-02-29", "0001-01-01", "9999-12-31", "1970-01-01", "infinity"]),
    ("c_jsonb", "jsonb", ["null", "[]", "{}", '{"a": 1, "bb": [1, 2.50, "x"], "ccc": {"n": null}}', '"text"', "12345678901234567890"]),
    ("c_uuid", "uuid", ["a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11", "00000000-0000-0000-0000-000000000000"]),
]

CREATE = "CREATE TABLE samples (id SERIAL PRIMARY KEY, " + ", ".join(f"{name} {kind}" for name, kind, _ in SAMPLES) + ")"


def cases():
    """(column, type, value) for every value, and one NULL a column."""
    for name, kind, values in SAMPLES:
        for value in values:
            yield name, kind, value
        yield name, kind, None
