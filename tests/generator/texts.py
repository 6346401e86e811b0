#!/usr/bin/python3
"""texts.py [--seconds N] [--seed S] [--only literals,moments,dates,units,regexes,paths]

Texts that a type, a pattern or a regular expression is read from, on Crossfade's SQLite side and on a PostgreSQL 15: 190 literals of every type,
dates and times of random parts, patterns of to_date() and to_timestamp(), units of extract() and date_trunc(), regular expressions, SQL/JSON paths. The value, the type's OID and the SQLSTATE
must be the same. `--seconds 0`: the seed once. Exit 3: an answer is another one."""
import argparse
import collections
import contextlib
import os
import pathlib
import random
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "integration" / "suites"))
import running  # noqa: E402
from compare import sqlite_side  # noqa: E402
from paths import Paths  # noqa: E402
from sides import Side  # noqa: E402

LITERALS = [
    "", "0", "1", "-1", "+1", " 1 ", "1.", ".5", "1.5", "1e3", "1E-3", "1e400", "-1e-400", "0x1F", "0b1", "1_000", "1,000", "NaN", "Infinity", "-inf", "99999999999999999999", "2147483648", "-2147483649",
    "32768", "9223372036854775808", "1e", "--1", "1 2", "true", "t", "TRUE", "tru", "yes", "on", "o", "of", "off", "no", "fals", "abc", "a b", "NULL", "{}", "{1,2}", "{1,NULL}", '{"a","b c"}', "{{1,2},{3,4}}",
    "{1,}", "[2:3]={1,2}", "{a,b}", "[]", "[1]", '{"a":1}', '{"a":1,}', '"x"', "1.50", "-0", "-0.0", "00012", "2024-02-29", "2024-02-30", "20240229", "240229", "2024-2-9", "02/29/2024", "29/02/2024",
    "29.02.2024", "Feb 29, 2024", "29 Feb 2024", "Feb-29-2024", "2024-060", "2024.060", "J2460370", "epoch", "infinity", "-infinity", "2024-02-29 12:34:56", "2024-02-29T12:34:56", "2024-02-29T12:34:56Z",
    "2024-02-29 12:34:56.123456789", "2024-02-29 12:34:56+02", "2024-02-29 12:34:56 Europe/Berlin", "2024-02-29 12:34:56 PST", "2024-02-29 25:00:00", "2024-02-29 24:00:00", "2024-02-29 24:00:01",
    "2024-02-29 12:34 PM", "2024-02-29 13:34 PM", "12:34", "12:34:56.7", "123456", "1234", "12:60", "24:00", "12:34 AM", "12:34:60", "12:34:56+02", "12:34:56-08:30", "12:34:56 UTC",
    "12:34:56 America/New_York", "04:05:06.789-8", "allballs", "0044-03-15 BC", "10000-01-01", "294276-12-31", "294277-01-01", "4714-11-24 BC", "5874897-12-31", "5874898-01-01", "1 day", "1 day 2 hours",
    "1 month -1 day", "P1Y2M3DT4H5M6S", "P0001-02-03T04:05:06", "P20240102", "PT1", "P1W", "1-2", "1-2 3 4:05:06", "@ 1 day ago", "1.5 months", "1 century", "-1 day +2:03", "1:2:3", "100 hours", "1 fortnight",
    "1h30m", "2 years -3 mons", "1 microsecond", ".5 sec", "interval", "99999999 years", "178000000 years", "P", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11", "A0EEBC999C0B4EF8BB6D6BB9BD380A11",
    "{a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11}", "a0ee-bc99-9c0b-4ef8-bb6d-6bb9-bd38-0a11", "\\x", "\\x00ff", "\\x0", "\\xgg", "\\\\", "\\000", "\\8", "a\\b", "ä", "日本", "1e131072", "pg_class",
    "pg_catalog.pg_class", "int4", "text[]", "nonexistent", "a.b.c", "-12345678901234567890.5", "0.00000000000000000001", "1.7976931348623157e308", "4.9e-324", "3.4028235e38", "3.5e38", "16777217"]
TYPES = ["int2", "int4", "int8", "numeric", "numeric(5,2)", "numeric(3,-2)", "float4", "float8", "text", "varchar(3)", "char(3)", "name", "bool", "date", "time", "time(2)", "timetz", "timestamp", "timestamp(0)",
         "timestamptz", "timestamptz(3)", "interval", "interval(2)", "interval hour to minute", "interval year", "uuid", "bytea", "json", "jsonb", "int4[]", "text[]", "numeric[]", "date[]", "bool[]", "oid"]
# Types beside literals that both refuse, with another SQLSTATE: garbage in a time is 22007 here, 22023 or 22008 there.
CLOCKS = ("time", "time(2)", "timetz", "date", "timestamp", "timestamp(0)", "timestamptz", "timestamptz(3)", "date[]")

PARTS = ["2024-02-29", "20240229", "02/29/2024", "29.02.2024", "2/3/04", "Feb", "february", "29", "2024", "24", "3", "Thu", "12:34:56", "12:34", "12:34:56.789", "123456", "0400", "PM", "am", "+02", "-08:30", "+0530",
         "UTC", "PST", "CEST", "Europe/Berlin", "Z", "T", "BC", "AD", "J2460370", "J", "epoch", "infinity", "allballs", "2024-060", "2024.060", "1.5", "dst", "at", "on", "x", "y", "d", "year", "zone", "(CET)", "today", "tomorrow",
         "24:00"]
BETWEEN = [" "] * 6 + ["", "-", "/", ".", ":", ",", ", ", "(", ")", '"', "T", "_", "@", ";", "+", "="]
WHENS = ["date", "time", "timetz", "timestamp", "timestamptz"]

FIELDS = {  # a pattern's word: texts for it
    "YYYY": ["2024", "44", "0", "10000", "-5"], "IYYY": ["2024", "1999"], "YYY": ["024", "999", "24", "519", "520"], "IYY": ["24"], "YY": ["24", "99", "69", "70", "5"], "IY": ["24"], "Y": ["4", "24"], "I": ["4"],
    "Y,YYY": ["2,024", "2,4", "12,345", "2024"], "CC": ["21", "20", "-1"], "MM": ["02", "12", "2", "13", "00"], "MON": ["Feb", "DEC", "Xyz"], "Mon": ["Feb"], "month": ["February", "may"], "RM": ["II", "xii", "i"],
    "rm": ["iv"], "DD": ["29", "5", "31", "00"], "DDD": ["060", "366", "1", "400"], "IDDD": ["060"], "D": ["1", "7", "9"], "ID": ["4"], "IW": ["09", "53"], "WW": ["01", "60"], "W": ["2"], "Q": ["3"],
    "J": ["2460370", "1", "0"], "BC": ["BC", "ad"], "b.c.": ["B.C.", "bc"], "HH": ["01", "12", "13", "0"], "HH24": ["13", "00", "24"], "MI": ["04", "60"], "SS": ["59", "7"], "SSSS": ["3661", "86400"],
    "MS": ["5", "500", "0500"], "US": ["123456", "1234567"], "FF1": ["5"], "FF3": ["123"], "FF6": ["000001"], "AM": ["AM", "pm"], "p.m.": ["a.m."], "Day": ["Thursday", "Thu"], "dy": ["Thu"],
    "TZH": ["+02", "-05", "3", "+16"], "TZM": ["30", "61"], "TZ": ["EST"], "OF": ["+02"], "FX": ["X"]}
SEPARATORS = ["-", "/", " ", "", ":", ".", "  ", ", ", "T", '"x"', "- ", "_", "th", "TH"]

UNITS = ("century day decade dow doy epoch hour isodow isoyear julian microseconds millennium milliseconds minute month quarter second timezone timezone_hour timezone_minute week year months foo").split()
MOMENTS = {
    "date": ["2024-02-29", "0001-01-01", "0044-03-15 BC", "infinity", "2021-01-03"], "time": ["00:00", "12:34:56.789", "24:00"], "timetz": ["12:34:56.7+02", "00:00-08:30"],
    "timestamp": ["2024-02-29 23:59:59.5", "0044-03-15 12:00 BC", "-infinity"], "timestamptz": ["2024-10-27 01:30:00+01", "0001-01-01 00:00+00", "infinity"],
    "interval": ["1 mon 2 days 03:04:05.6", "-1 day", "-14 months 400 days -30:00:00"]}

# Without (a|)??: which of several parts a group holds may be another one (docs/refused.md).
ATOMS = ["a", "b", ".", "[abc]", "[^a]", "\\d", "\\w", "\\s", "\\D", "\\W", "(a)", "(ab|c)", "(?:ab)", "é", "[[:alpha:]]", "[[:space:]]", "^", "$", "\\m", "\\M", "\\y", "\\A", "\\Z", "a*", "b+", "c?",
         "a{2}", "b{1,2}", "(ab)*", "[]a]", "[a\\-b]", "\\.", "[\\d]", "\\u0061", "\\x61", "\\t", "(?=a)", "(?!a)", "(?<=a)", "\\1", "(a)\\1", "a|b", "", "()", "[[:<:]]", "[[:>:]]", "[a-", "(", "a{2,1}", "**",
         "?", "\\", "[[.a.]]", "\\B", "\\cA", "\\e", "\\0", "\\101", "\\12", "[\\x61-c]", "[à-ÿ]", "[à-ÿ-z]", "[\\D]", "[^\\Wa]", "[a\\S]", "[[=é=]]", "[[.é.]-ÿ]", "***=a.", "(?i)A", "(?n)a.b"]
SUBJECTS = ["", "a", "ab", "aabbc", "ABC", "a b", "a\nb", "éa", "1a2b", "a.b", "abab", "xyz", "_a1", "日本a", "tab\there"]
FLAGS = ["", "", "", "i", "g", "n", "x", "s", "w", "c", "p", "q", "m", "z"]
READERS = ["{t} ~ {r}", "{t} ~* {r}", "regexp_match({t}, {r}, {f})", "array(SELECT regexp_matches({t}, {r}, {f})::text)", "regexp_replace({t}, {r}, '<\\1\\&>', {f})", "regexp_split_to_array({t}, {r})",
           "substring({t} FROM {r})", "regexp_count({t}, {r})", "{t} SIMILAR TO {r}", "{t} LIKE {r}", "{t} ILIKE {r}", "regexp_substr({t}, {r})", "regexp_instr({t}, {r})"]


def quoted(text):
    return "'" + text.replace("'", "''") + "'"


class Texts:
    """Statements of one kind; `much`: how many of those that are made at random."""

    def __init__(self, seed, much=1500):
        self.random, self.much = random.Random(seed), much

    def literals(self):
        for type in TYPES:
            for text in LITERALS:
                if self.random.random() < 0.25:
                    yield f"SELECT {quoted(text)}{self.random.choice(['', '::text'])}::{type}::text", type in CLOCKS

    def moments(self):
        pick = self.random.choice
        for _ in range(self.much):
            text = pick(["", "", "", "(", '"', " "]) + "".join(pick(PARTS) + pick(BETWEEN) for _ in range(pick([1, 2, 2, 3, 4])))
            yield f"SELECT {quoted(text)}::{pick(WHENS)}::text", True

    def dates(self):
        pick = self.random.choice
        for _ in range(self.much):
            pattern = text = ""
            for _ in range(pick([1, 2, 3, 3, 4, 5])):
                word, separator = pick(list(FIELDS) + ["YYYY", "MM", "DD", "HH24", "MI", "SS"] * 3), pick(SEPARATORS)
                between = {"th": "th", "TH": "ST", '"x"': "x"}.get(separator) or pick([separator, separator, " ", "-", ""])
                pattern += pick(["", "", "", "", "FM", "TM"]) + word + separator
                text += pick(["", "", "", " "]) + (pick(["", "x", "-", "99999", "0"]) if self.random.random() < 0.08 else pick(FIELDS[word])) + between
            yield f"SELECT {pick(['to_date', 'to_timestamp'])}({quoted(text)}, {quoted(pattern)})", False

    def units(self):
        for type, texts in MOMENTS.items():
            for text in texts:
                for unit in UNITS:
                    moment = f"{quoted(text)}::{type}"
                    yield f"SELECT extract({unit} FROM {moment})", False
                    yield f"SELECT date_part('{unit}', {moment})", False
                    if type not in ("time", "timetz"):
                        yield f"SELECT date_trunc('{unit}', {moment})", False

    def regexes(self):
        for _ in range(self.much):
            pattern = "".join(self.random.choice(ATOMS) for _ in range(self.random.choice([1, 1, 2, 2, 3])))
            template = self.random.choice(READERS)
            yield "SELECT " + template.format(t=quoted(self.random.choice(SUBJECTS)), r=quoted(pattern), f=quoted(self.random.choice(FLAGS))), False

    def paths(self):
        maker = Paths(self.random)
        for _ in range(self.much):
            yield maker.statement(quoted), False


KINDS = ("literals", "moments", "dates", "units", "regexes", "paths")


def answer(side, text):
    given = side.simple(text)
    return given["state"], given.get("message", ""), [column[1] for column in given.get("columns", [])], given.get("rows")


def verdict(ours, theirs, either_error):
    """same; refused (0A000, NaN of a double, which SQLite does not hold, strange zones); error: another SQLSTATE; wrong."""
    if ours[0] == theirs[0] and (ours[0] != "00000" or ours[2:] == theirs[2:]):
        return "same"
    if ours[0] == "0A000" or (ours[0] == "22003" and "NaN" in ours[1]):
        return "refused"
    # A year that has no offset; zones of POSIX: T24, and T1.5, whose summer time is PostgreSQL's own.
    strange = "time with time zone out of range" in ours[1] or ours[0] == "22009" or (ours[0] == "22023" and "time zone" in ours[1])
    if theirs[0] == "00000" and strange:
        return "refused"
    if "00000" not in (ours[0], theirs[0]):
        return "same" if either_error else "error"
    return "wrong"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=0)
    parser.add_argument("--seed", type=int, default=int(os.environ.get("CROSSFADE_SEED", "1")))
    parser.add_argument("--only", default=",".join(KINDS))
    options = parser.parse_args()
    counts, seed, first = collections.Counter(), options.seed, True
    with sqlite_side() as ours, running.postgres_side() as theirs:
        until = time.monotonic() + options.seconds
        with contextlib.ExitStack() as stack:
            sides = [stack.enter_context(contextlib.closing(Side(at["port"], at["user"], at["database"], at.get("revive"), TimeZone="Europe/Berlin", statement_timeout="3000"))) for at in (ours, theirs)]
            while first or time.monotonic() < until:
                first = False
                for kind in options.only.split(","):
                    for text, either_error in getattr(Texts(seed), kind)():
                        mine, other = (answer(side, text) for side in sides)
                        found = verdict(mine, other, either_error)
                        counts[found] += 1
                        if found in ("wrong", "error"):
                            print(f"--- seed {seed} {found} {kind}: {text}\n    {mine}\n    PG: {other}", flush=True)
                seed += 1
    print(f"texts: seeds {options.seed} to {seed - 1}, {sum(counts.values())} texts: " + ", ".join(f"{counts[kind]} {kind}" for kind in ("same", "refused", "error", "wrong")))
    return 3 if counts["wrong"] or counts["error"] else 0


if __name__ == "__main__":
    sys.exit(main())
