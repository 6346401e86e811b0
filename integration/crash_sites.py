"""Every failpoint of the program, read from its source, and the way to it: a new one is in the matrix by itself, or fails it by name."""
import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parent.parent
CALL = re.compile(r'observe::failpoint\("([a-z-]+)"\)')
FUNCTION = re.compile(r"^[A-Za-z][\w:<>,*& ]*? \*?&?((?:\w+::)*\w+)\(")

CHANGE = "BEGIN; ALTER TABLE item ADD COLUMN IF NOT EXISTS noted bigint; UPDATE item SET noted = id; ALTER TABLE item ALTER COLUMN noted SET NOT NULL; ALTER TABLE item ALTER COLUMN noted SET DEFAULT 0; COMMIT"
CHANGE_THERE = CHANGE.removeprefix("BEGIN; ").removesuffix("; COMMIT")

# name | stage it begins in | what is said on the console (none: writes alone lead there) | stage it goes to | functions whose failpoints it meets.
# A change of the schema is said by a client. A second name before the command: the failpoint of a first crash; those of the second are met by the start after it.
WAYS = [
    ("a transaction on the file alone", "sqlite", None, None, "sqlite", ["GroupTransaction::commit", "Session::Impl::commit"]),
    ("a transaction, mirrored", "shadow", None, None, "shadow", ["GroupTransaction::commit", "Session::Impl::commit"]),
    ("a step to PostgreSQL", "shadow", None, None, "shadow", ["read_table", "about_to_commit", "committed", "Mirror::prune"]),
    ("a step back to the file", "postgres", None, None, "postgres", ["backward_step.cpp:apply", "step_backward"]),
    ("a change of the schema", "shadow", None, CHANGE, "shadow", ["SchemaBarrier::prepare", "SchemaBarrier::Prepared::committed"]),
    ("recovery of a change of the schema", "shadow", "schema-written", CHANGE, "shadow", ["redo_change"]),
    ("a change of the schema in PostgreSQL", "postgres", None, CHANGE_THERE, "postgres", ["say_behind", "QueryOnWay::go", "carry_schema.cpp:carry_changes"]),
    ("recovery of a change of the schema in PostgreSQL", "postgres", "schema-back-committed", CHANGE_THERE, "postgres", ["finish_carrying"]),
    ("SWITCH TO copy", "sqlite", None, "SWITCH TO copy", "copy", ["walk_to_copy", "Mirror::fill", "Mirror::copy_tables"]),
    ("SWITCH TO shadow", "copy", None, "SWITCH TO shadow", "shadow", ["walk_beside"]),
    ("SWITCH TO canary", "shadow", None, "SWITCH TO canary 50", "canary", ["walk_beside"]),
    ("SWITCH BACK from canary", "canary", None, "SWITCH BACK", "shadow", ["walk_beside"]),
    ("SWITCH BACK to copy", "shadow", None, "SWITCH BACK", "copy", ["walk_beside"]),
    ("SWITCH BACK to sqlite", "copy", None, "SWITCH BACK", "sqlite", ["walk_beside"]),
    ("SWITCH TO postgres", "shadow", None, "SWITCH TO postgres", "postgres", ["walk_to_postgres"]),
    ("SWITCH TO postgres from canary", "canary", None, "SWITCH TO postgres", "postgres", ["walk_to_postgres"]),
    ("SWITCH BACK", "postgres", None, "SWITCH BACK", "shadow", ["walk_back"]),
    ("FINISH", "postgres", None, "FINISH", "finished", ["walk_finish"]),
    ("recovery of a switch that is cancelled", "shadow", "switch-guarded", "SWITCH TO postgres", "postgres", ["settle"]),
    ("recovery of a switch that is finished", "shadow", "switch-epoch", "SWITCH TO postgres", "postgres", ["settle"]),
    ("recovery of a way back that is cancelled", "postgres", "switch-stepped", "SWITCH BACK", "shadow", ["settle"]),
    ("recovery of a way back that is finished", "postgres", "switch-epoch", "SWITCH BACK", "shadow", ["settle"]),
    ("recovery of a FINISH", "postgres", "finish-buried", "FINISH", "finished", ["settle"]),
]


def sites():
    """[(name, "file.cpp:function")], in the order of the source."""
    found = []
    for path in sorted((ROOT / "src").rglob("*.cpp")):
        function = "?"
        for line in path.read_text(encoding="utf-8").splitlines():
            if (match := FUNCTION.match(line)) and not line.rstrip().endswith(";"):
                function = match[1]
            for name in CALL.findall(line):
                if (name, f"{path.name}:{function}") not in found:
                    found.append((name, f"{path.name}:{function}"))
    return found


def known_names():
    text = (ROOT / "include/crossfade/observe/failpoint.hpp").read_text(encoding="utf-8")
    return set(re.findall(r'"([a-z]+-[a-z-]+)"', text))


def belongs(site, functions):
    file, function = site.split(":", 1)
    return any(one in (function, f"{file}:{function}") for one in functions)


def cases():
    """[(way, failpoint)]: every failpoint once for each way that leads to it."""
    return [(way, name) for way in WAYS for name, site in sites() if belongs(site, way[5])]


def unreached():
    """Failpoints that no way leads to."""
    met = {(name, site) for name, site in sites() for way in WAYS if belongs(site, way[5])}
    return [one for one in sites() if one not in met]
