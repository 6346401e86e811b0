#!/usr/bin/python3
"""calls.py [--seconds N] [--seed S] [--each K] [--only REGEXP] [--show wrong,crash,error,unknown,refused]

Every function of PostgreSQL 15's pg_proc whose argument types are known here, called with sample values on Crossfade's SQLite side and on a
PostgreSQL 15: plainly, with NULLs and untyped literals, over the rows of VALUES (aggregates), in a window, in FROM (those that give rows).
The value, the type's OID and the SQLSTATE must be the same. Prints one call of each signature that is not, then a line of counts.
`--seconds 0`: every signature once, K calls each; else seed after seed until the time is over. Exit 3: something is wrong, an error for another
one, or 42883 for what PostgreSQL has."""
import argparse
import collections
import contextlib
import os
import pathlib
import random
import re
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "integration" / "suites"))
import running  # noqa: E402
from compare import differs, sqlite_side  # noqa: E402
from sides import Side  # noqa: E402

KINDS = ("same", "refused", "known", "slow", "unknown", "error", "wrong", "crash")

# type: its sample values
SAMPLES = {
    "int2": ["0", "3", "-7", "32767", "-32768"], "int4": ["0", "1", "2", "-3", "2147483647", "-2147483648"],
    "int8": ["0", "5", "-9223372036854775808", "3000000000"], "oid": ["0", "25", "4294967295"],
    "numeric": ["0", "1.50", "-2.345", "12345678901234567890.123", "NaN", "Infinity", "0.001"],
    "float4": ["0", "1.5", "-2.25", "Infinity", "3.4e38"], "float8": ["0", "0.5", "-2.5", "1e15", "90", "-Infinity", "1e308"],
    "text": ["", "abc", "Äb ß", "2024-02-29", "it''s", "%d", "a%", "B", "{a,b}", "12", "\\", "a.b", "g", "UTF8", "1 kB"],
    "varchar": ["ab ", "x"], "bpchar": ["a  ", "b", ""], "name": ["abc", "Zz"], "char": ["a", ""], "bool": ["t", "f"],
    "date": ["2024-02-29", "0001-01-01", "infinity", "-infinity", "4714-11-24 BC"], "time": ["00:00", "12:34:56.789", "24:00"],
    "timetz": ["12:34:56+02", "00:00-11:30", "23:59:59.999999+00"],
    "timestamp": ["2024-02-29 23:59:59.5", "1999-01-01", "infinity", "0044-03-15 12:00 BC"],
    "timestamptz": ["2024-10-27 01:30:00+01", "1970-01-01 00:00+00", "-infinity"],
    "interval": ["1 mon 2 days 03:04:05.6", "-1 day", "0", "1 year -3 hours"], "uuid": ["a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11", "00000000-0000-0000-0000-000000000000"],
    "bytea": ["\\x0102ff", "\\x", "\\x255f41", "\\x01"], "json": ['{"a":[1,2,{"b":null}]}', '[1,"x"]', '"s"', "null", "[]"],
    "jsonb": ['{"a":[1,2,{"b":null}]}', '[1,"x"]', '"s"', "null", "1.50"],
    "_int4": ["{1,2,NULL}", "{}", "{{1,2},{3,4}}", "[2:3]={5,6}"], "_text": ["{a,b,NULL}", "{}", "{a}", "{x,1,y,2}"], "_float8": ["{0.5,-1}", "{}"],
    "regclass": ["pg_class"], "regtype": ["int4"],
}
# pseudo-type: what stands for it; those of one call are of one choice
CHOICES = {"anyarray": ("_int4", "_text"), "anycompatiblearray": ("_int4", "_text"), "anyelement": ("int4", "text"), "anycompatible": ("int4", "text"),
           "anynonarray": ("int4", "text"), "any": ("int4", "text", "timestamptz", "_int4", "numeric"), "anyenum": ()}

TIMES = ["2024-02-29", "05 Dec 2000", "2000", "97/Feb/16", "20240229", "12 AM", "1:30 pm", "Friday 7 June 2024", "II 24", "2024 10", "60", "-44", "2,024 3", "2024-02-29 10:11:12.345678 -01:30",
         "1th 5", "20 5 ", "2024-13-01", "  2024   2   3", "2024-02-31", "44 BC", "21", "2024366", "2451187", "mon 3", "10.11.12", "a2024b02", "86399", "2024-6-7", "9", "0"]
TIME_PATTERNS = ["YYYY-MM-DD", "DD Mon YYYY", "YYYY", "YY/Mon/DD", "YYYYMMDD", "HH12 AM", "HH:MI pm", "Day FMDD Month YYYY", "RM YY", "YYYY WW", "IYYY IW", "IYYY-IW-ID", "DDD", "Y,YYY MM", "YYYY-MM-DD HH24:MI:SS.US TZH:TZM",
                 "DDth MM", "CC YY", "YYY", "Y", "YYYYDDD", "J", "Dy D", "HH24.MI.SS", "\"a\"YYYY\"b\"MM", "SSSS", "FXYYYY-MM-DD", "YYYY BC", "Q", "W MM YYYY", "MS", "FF3", "IYYYIDDD", "TZ", "YYYY-IW",
                 "MM", "FMMM-FMDD", "HH", "iyyy-iddd", "mon", "YYYY-MM-DD HH24:MI:SS.FF2"]
FIELDS = ["year", "month", "day", "hour", "minute", "second", "epoch", "dow", "isodow", "doy", "week", "isoyear", "quarter", "century", "decade", "millennium", "milliseconds", "MICROSECONDS", "julian", "timezone", "no"]
PATTERNS = ["b", "a.c", "(a)(b)?", "^", "\\d+", "[^a]", "a|b", "x*", "(", "ß", "%", "a_c", "#\"b#\"%"]
FLAGS = ["", "i", "g", "n", "x", "gi", "z"]
TEXTS = ["abcabc", "", "Äb ß", "aXbB12", "foo bar", "A-b.c", "it''s 5%"]
# By signature: the samples of an argument (by its place) where those of its type would mostly be no answer.
ARGUMENTS = [
    (r"to_(date|timestamp)\(text,text\)", {0: TIMES, 1: TIME_PATTERNS}),
    (r"to_char\((timestamp|timestamptz|interval),text\)", {1: TIME_PATTERNS}),
    (r"to_char\((int|num|float).*", {1: ["999", "FM000.00", "S9.9", "9G999D99", "EEEE", "RN", "999PR", "L99", "V99", "\"x\"9"]}),
    (r"(date_trunc|date_part|extract)\(.*", {0: FIELDS}),
    (r"(regexp_(like|match|matches|split_to_array|split_to_table)|.*regex(eq|ne))\(text,text,text\)", {0: TEXTS, 1: PATTERNS, 2: FLAGS}),
    (r"(regexp_\w+|.*regex(eq|ne)|.*like|similar_\w+)\(text.*", {0: TEXTS, 1: PATTERNS}),
    (r"substring\(text,text.*", {0: TEXTS, 1: PATTERNS, 2: ["#", "", "##"]}),
    (r"(convert.*|length\(bytea,name)\(?.*", {1: ["UTF8", "latin1", "SQL_ASCII", "no such"], 2: ["UTF8", "ISO-8859-1", "sql_ascii"]}),
    (r"(encode|decode)\(.*", {1: ["hex", "base64", "escape", "no"]}),
    (r"timezone\(text.*", {0: ["UTC", "Europe/Berlin", "EST", "+03", "America/St_Johns", "no"]}),
    (r"(is_)?normalize.*", {0: ["a", "ä", "a\u0308", "ﬁ", ""], 1: ["NFC", "nfd", "NFKC", "NFKD", "x"]}),
    (r"parse_ident.*", {0: ["a", "A.\"b c\".d", "a.", "\"\"", "a b", " x . y ", "1a", "_1$"]}),
    (r"unistr.*", {0: ["\\0061", "\\u00e4x", "\\+01F600", "\\D83D\\DE00", "\\D83D", "\\zz", "\\\\", "a"]}),
    (r"pg_size_bytes.*", {0: ["1", "1 kB", "-1.5MB", "3e2 bytes", " 7 ", "1 xB", "kB", "99999999 PB", ".5 GB", "1e"]}),
    (r"jsonb?_(extract_path|set|insert|delete_path|set_lax).*", {1: ["{a}", "{a,0}", "{a,2,b}", "{0}", "{}", "{-1}", "{NULL}", "{x,y}"]}),
    (r"jsonb_set_lax.*", {4: ["delete_key", "return_target", "use_json_null", "raise_exception", "x"]}),
    (r"width_bucket\(float8.*", {i: ("0", "0.5", "-2.5", "90", "1e15") for i in range(3)}),  # beyond, PostgreSQL 15 counts past the last bucket
    (r"format_type.*", {0: ["23", "25", "1043", "1700", "1009", "16", "2205", "1083", "0"], 1: ["0", "4", "9", "-1", "327686"]}),
]

# Named, and not called: functions, why.
SKIPPED = [
    (r"now|clock_timestamp|statement_timestamp|transaction_timestamp|timeofday|random|setseed|gen_random_uuid|pg_sleep.*|version|txid_.*|pg_current_.*|pg_postmaster.*|pg_conf_load.*",
     "the time, chance, or the server's own"),
    (r"current_(database|setting|schemas?|user|query)|session_user|inet_(client|server).*|getpgusername|pg_(backend|my_temp|is_other|trigger_depth|client_enc).*|set_config|row_security.*",
     "the session's"),
    (r"pg_(advisory|try_advisory|cancel|terminate|reload|rotate|log_|ls_|read_|stat_|switch|walfile|wal_|last_|logical|replication|create_|drop_|copy_|promote|backup|notify|"
     r"listening|notification|blocking|safe|export|import|control|hba|ident_|show|config|settings|lock_|prepared|cursor|event_trigger|extension|available|timezone_|"
     r"database|tablespace|relation_|table_size|total|indexes_size|filenode|collation|stop|nextoid|get_(shmem|backend|wal|multixact|replication|catalog|keywords|publication)|sequence|"
     r"snapshot|visible|xact|mcv|ndistinct|dependencies|options|partition|identify|describe|index|jit|char_to|has_role|is_in_rec|is_wal|get_object|column_(comp|is_up)|get_userbyid|"
     r"conversion_is|statistics|node|lsn|ddl|brin|.*send|.*recv|.*in$|.*out$|get_(function|expr|view|index|constr|rule|trigger|stat|partk)).*", "the server's, or of its objects"),
    (r"has_.*|binary_upgrade.*|lo_.*|lo(read|write|import|export|_.*)|be_lo.*|brin.*|bt.*|gin.*|gist.*|spg.*|hash.*|.*_(hash|hash_extended|sortsupport|support|consistent|typanalyze|subscript_handler)|"
     r"amvalidate|dsimple.*|dsynonym.*|dispell.*|thesaurus.*|prsd.*|ts_(?!lexize).*|fmgr_.*|.*_handler|heap_.*|shobj_description|obj_description|col_description|in_range|"
     r"satisfies_hash.*|postgresql_fdw.*|unique_key.*|suppress_.*|tsvector_update.*|pg_logical.*|currtid2|to_reg.*|range_.*|multirange_.*|any(range|multirange).*", "of access methods, or of objects by name"),
    (r".*(sel|joinsel)|.*_(accum|accum_inv|combine|finalfn|transfn|deserialize|serialize|final|trans|inv|sum)|.*typmod(in|out)|bool(and|or)_statefunc|int8inc_.*|int8dec_any|float8_(avg|var.*|stddev.*|regr.*|corr|covar.*)|"
     r"numeric_(avg|var.*|stddev.*|poly.*|sum)|interval_avg|int8_avg|.*_to_(mic|utf8|sjis|euc.*|big5|koi8.*|latin.*|win.*|iso.*)|(utf8|mic|euc|iso|koi8r|latin|win|big5|sjis|uhc|johab|gbk).*_to_.*",
     "parts of planning, aggregates, types and encodings"),
    (r"(?!min$|max$|sin$|asin$|asind$|sind$|begin$|date_bin$|width_bin|sinh$|asinh$|array_agg|regexp_in|ltrim|rtrim|btrim|trim_scale|to_bin).*(recv|send|(?<!jo)in|out)", "input and output"),
    (r".*xml.*|xpath.*|acldefault|aclexplode|makeaclitem", "XML and access lists: refused as a whole"),
]
# (signature, ours, PostgreSQL's, why)
KNOWN = [
    (r".*", "22003", "00000", "NaN and -0 of double precision cannot be held by SQLite (docs/refused.md)", r"NaN|cannot be held|-0"),
    (r"generate_series.*|repeat.*|.pad.*", "53200|54000", "57014|54000|00000", "a series is made as a whole, so how much is too much differs", ""),
    (r"ntile.*", "22014", "00000", "SQLite looks at ntile's argument in the first row alone, PostgreSQL until it is not NULL", ""),
    (r"timezone.*", "22023", "00000", "a zone by a rule of its own that no file has", 'time zone "(1 kB|-1 day)"'),
    (r"to_ascii.*", "0A000", "0A000", "both refuse", ""),
]

PROCEDURES = """
SELECT p.proname, array_to_string(ARRAY(SELECT t.typname::text FROM unnest(p.proargtypes::oid[]) WITH ORDINALITY x(t, o) JOIN pg_type t ON t.oid = x.t ORDER BY o), ','),
  CASE p.prokind WHEN 'a' THEN a.aggkind::text ELSE p.prokind::text END, p.proretset::text, coalesce(a.aggnumdirectargs, 0)
FROM pg_proc p JOIN pg_type r ON r.oid = p.prorettype LEFT JOIN pg_aggregate a ON a.aggfnoid = p.oid
WHERE p.pronamespace = 'pg_catalog'::regnamespace AND p.prokind IN ('f', 'a', 'w') AND p.provolatile <> 'v'
  AND r.typname NOT IN ('internal', 'trigger', 'event_trigger', 'cstring', 'void', 'language_handler', 'fdw_handler', 'index_am_handler', 'table_am_handler', 'tsm_handler')
ORDER BY 1, 2"""


def quoted(name):
    return f'"{name}"' if name in ("char", "bit", "time", "timestamp", "interval", "position", "substring", "overlay", "overlaps", "normalize", "like") or name != name.lower() else name


class Signature:
    def __init__(self, name, arguments, kind, rows, direct):
        self.name, self.arguments, self.kind, self.rows, self.direct = name, arguments.split(",") if arguments else [], kind, rows == "true", int(direct)
        self.text = f"{name}({arguments})"

    def known_types(self):
        return len(self.arguments) < 7 and all(SAMPLES.get(each) or CHOICES.get(each) for each in self.arguments)

    def skipped(self):
        return any(re.fullmatch(pattern, self.name) for pattern, _ in SKIPPED)


class Calls:
    """Statements that call one signature."""

    def __init__(self, random, signature):
        self.random, self.signature = random, signature
        self.choice = random.randrange(5)
        self.types = [self.chosen(each) for each in signature.arguments]
        self.samples = {}
        for pattern, places in ARGUMENTS:
            if re.fullmatch(pattern, signature.text):
                self.samples = {**places, **self.samples}

    def chosen(self, type):
        return CHOICES[type][self.choice % len(CHOICES[type])] if type in CHOICES else type

    def value(self, type, null=0.08, untyped=0.05, place=None):
        cast = '"char"' if type == "char" else type
        if self.random.random() < null:
            return f"NULL::{cast}"
        often = self.samples.get(place)
        if not isinstance(often, tuple) and self.random.random() < 0.1:  # a tuple holds all that there are
            often = None
        text = "'" + self.random.choice(often or SAMPLES[type]) + "'"
        return text if self.random.random() < untyped else f"{text}::{cast}"

    def rows(self, types):
        lines = [", ".join([str(number)] + [self.value(type, 0.15, 0) for type in types]) for number in range(1, self.random.randint(1, 5))]
        lines.append(", ".join(["9"] + [self.value(type, 0, 0) for type in types]))
        return "(VALUES " + ", ".join(f"({line})" for line in lines) + f") v(n{''.join(f', a{i}' for i in range(len(types)))})"

    def one(self):
        name, kind = quoted(self.signature.name), self.signature.kind
        columns = [f"a{i}" for i in range(len(self.types))]
        if kind in "oh":
            direct = ", ".join(self.value(each) for each in self.types[:self.signature.direct])
            return f"SELECT {name}({direct}) WITHIN GROUP (ORDER BY {', '.join(columns[self.signature.direct:]) or 'n'}) FROM {self.rows(self.types)}"
        if kind == "w":
            partition = self.random.choice(["", "PARTITION BY n % 2 "])
            constants = [column if i == 0 else self.value(type) for i, (column, type) in enumerate(zip(columns, self.types))]
            return f"SELECT n, {name}({', '.join(constants)}) OVER ({partition}ORDER BY n) FROM {self.rows(self.types)} ORDER BY n"
        if kind == "n":
            arguments = ", ".join(columns) or ("*" if self.signature.name == "count" else "")
            # of string_agg's second and the like: a constant, too
            form = self.random.choice(["plain", "plain", "order", "filter", "over", "frame", "group"])
            rows = self.rows(self.types)
            if form == "order" and arguments not in ("*", "") and not any(type.startswith("float") for type in self.types):  # of floats the order decides the last bit
                return f"SELECT {name}({arguments} ORDER BY n DESC) FROM {rows}"
            if form == "filter":
                return f"SELECT {name}({arguments}) FILTER (WHERE n > 1) FROM {rows}"
            if form == "over":
                return f"SELECT n, {name}({arguments}) OVER (ORDER BY n) FROM {rows} ORDER BY n"
            if form == "frame":
                return f"SELECT n, {name}({arguments}) OVER (ORDER BY n ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM {rows} ORDER BY n"
            if form == "group":
                return f"SELECT n % 2, {name}({arguments}) FROM {rows} GROUP BY 1 ORDER BY 1"
            return f"SELECT {name}({arguments}) FROM {rows}"
        call = f"{name}({', '.join(self.value(each, place=place) for place, each in enumerate(self.types))})"
        if self.signature.rows:
            return self.random.choice([f"SELECT * FROM {call} LIMIT 50", f"SELECT {call} LIMIT 50", f"SELECT * FROM {call} WITH ORDINALITY LIMIT 50"])
        return f"SELECT {call}"


def verdict(signature, ours, theirs):
    if ours["state"] in ("lost", "XX000") and theirs["state"] != ours["state"]:
        return "crash"
    if ours["state"] == theirs["state"] and (ours["state"] != "00000" or all(ours[key] == theirs[key] for key in ("rows", "tag")) and
                                             [each[:2] for each in ours["columns"]] == [each[:2] for each in theirs["columns"]]):
        return "same"
    for pattern, mine, other, _, message in KNOWN:
        if re.fullmatch(pattern, signature.text) and re.fullmatch(mine, ours["state"]) and re.fullmatch(other, theirs["state"]) and re.search(message, ours.get("message", "")):
            return "known"
    if "57014" in (ours["state"], theirs["state"]):
        return "slow"
    if ours["state"] == "0A000":
        return "refused"
    if ours["state"] == "42883":
        return "unknown"
    return "error" if "00000" not in (ours["state"], theirs["state"]) else "wrong"


class Tally:
    def __init__(self):
        self.counts, self.of, self.example = collections.Counter(), collections.defaultdict(collections.Counter), {}

    def add(self, signature, text, found, ours, theirs):
        self.counts[found] += 1
        self.of[found][signature.text] += 1
        self.example.setdefault((found, signature.text), (text, ours, theirs))

    def show(self, kinds):
        for kind in kinds:
            for signature, count in self.of[kind].items():
                text, ours, theirs = self.example[kind, signature]
                if kind == "refused":
                    print(f"refused {signature} ({count}): {ours['message']} PG: {theirs.get('message') or theirs['rows']}"[:200])
                else:
                    print(f"--- {kind} {signature} ({count}): {text}\n{differs(ours, theirs)}")

    def line(self):
        return ", ".join(f"{self.counts[kind]} {kind} ({len(self.of[kind])})" for kind in KINDS if self.counts[kind])


def connect(at):
    return Side(at["port"], at["user"], at["database"], at.get("revive"), TimeZone="Europe/Berlin", statement_timeout="3000")


def signatures(theirs, only=""):
    found = [Signature(*[cell.decode() for cell in row]) for row in theirs.simple(PROCEDURES)["rows"]]
    return [each for each in found if each.known_types() and not each.skipped() and re.match(only, each.text)]


def run_seed(seed, ours, theirs, tally, each=6, only="", until=float("inf")):
    with contextlib.closing(connect(ours)) as left, contextlib.closing(connect(theirs)) as right:
        for signature in signatures(right, only):
            for turn in range(each):
                if time.monotonic() > until:
                    return
                text = Calls(random.Random(f"{seed} {signature.text} {turn}"), signature).one()
                answers = [side.simple(text) for side in (left, right)]
                tally.add(signature, text, verdict(signature, *answers), *answers)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=0)
    parser.add_argument("--seed", type=int, default=int(os.environ.get("CROSSFADE_SEED", "1")))
    parser.add_argument("--each", type=int, default=6)
    parser.add_argument("--only", default="")
    parser.add_argument("--show", default="crash,wrong,error,unknown")
    options = parser.parse_args()
    tally, seed = Tally(), options.seed
    with sqlite_side() as ours, running.postgres_side() as theirs:
        until = time.monotonic() + options.seconds
        while True:
            run_seed(seed, ours, theirs, tally, options.each, options.only, until if options.seconds else float("inf"))
            seed += 1
            if time.monotonic() > until:
                break
    tally.show(options.show.split(","))
    print(f"calls: seeds {options.seed} to {seed - 1}, {sum(tally.counts.values())} calls: {tally.line()} (signatures)")
    return 3 if any(tally.counts[kind] for kind in ("wrong", "crash", "error", "unknown")) else 0


if __name__ == "__main__":
    sys.exit(main())
