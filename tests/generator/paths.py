"""Random JSON documents, random SQL/JSON paths on them, and texts that are nearly paths; a part of texts.py."""
import json

KEYS = ["a", "b", "c", "ab", "key with blank", "é", "type", "$x"]
COMMON = ["a", "a", "a", "b", "b", "c"] + KEYS
STRINGS = ["", "a", "ab", "b\nab", "é", "1.5", "nan", "2024-02-29", "2024-02-29 12:34:56", "2024-02-29T12:34:56+02", "12:34:56", "12:34:56.5 -05:30", "ABC", "x\"y\\z", "1e400", "日本"]
NUMBERS = [0, 1, -1, 2, 1.5, -2.5, 10, 3000000000, 1e20, 0.1, 100000]
METHODS = [".type()", ".size()", ".double()", ".ceiling()", ".floor()", ".abs()", ".keyvalue()", ".datetime()"]
TEMPLATES = ["yyyy-mm-dd", "HH24:MI:SS", "HH24:MI:SS.US", "yyyy-mm-dd HH24:MI:SS", "yyyy-mm-dd\\\"T\\\"HH24:MI:SSTZH", "dd.mm.yyyy", "HH12:MI AM", "YYYY", "TZH", "HH24:MI:SS.FF3", "yyyy/mm/dd", "x", ""]
PATTERNS = ["^a", "a.", "b$", "^ab", "A", "[ab]+", "\\\\d", "é", ".", "a|b", "a*", "(", "2024"]
FLAGS = ["", "", " flag \"i\"", " flag \"m\"", " flag \"s\"", " flag \"q\"", " flag \"ims\"", " flag \"x\"", " flag \"z\""]
COMPARISONS = ["==", "!=", "<>", "<", "<=", ">", ">="]
VARIABLES = '{"x": 1, "s": "a", "o": {"a": 1, "b": [1, 2]}, "n": null}'
FUNCTIONS = ["jsonb_path_query_array", "jsonb_path_query_first", "jsonb_path_exists", "jsonb_path_match"]
CHANGES = list("$@.[]()?*{}\"\\'!&|<>=+-/%, 01ax\n") + ["to", "last", "**", "\\u0061", "\\x4", "/*", "*/", "é", "is unknown", "exists", "1e5", ".5"]


class Paths:
    def __init__(self, random):
        self.random = random

    def document(self, depth=0):
        kind = self.random.choice("nnssbu" if depth > 2 else "oooaaaannssbu")
        if kind == "o":
            return {self.random.choice(COMMON): self.document(depth + 1) for _ in range(self.random.choice([0, 1, 2, 3, 4]))}
        if kind == "a":
            return [self.document(depth + 1) for _ in range(self.random.choice([0, 1, 2, 3]))]
        return {"n": self.random.choice(NUMBERS), "s": self.random.choice(STRINGS), "b": self.random.random() < 0.5, "u": None}[kind]

    def key(self):
        key = self.random.choice(COMMON)
        return key if key in ("a", "b", "c", "ab", "é", "type") and self.random.random() < 0.7 else json.dumps(key, ensure_ascii=False)

    def start(self, inside, depth):
        pick = self.random.choice
        starts = ["$"] * 24 + ["$x", "$s", "$o", "$n"] * 2 + ["1", "2.50", "-1", '"a"', "null", "true", '"2024-02-29"'] + (["$none"] if self.random.random() < 0.2 else [])
        starts += (["@"] * 50 if "@" in inside else []) + (["last"] * 12 if "last" in inside else [])
        return "(" + self.value(depth + 1, inside) + ")" if self.random.random() < 0.05 else pick(starts)

    def subscript(self, depth, inside):
        pick, within = self.random.choice, inside | {"last"}
        one = lambda: pick(["0", "1", "last", "last - 1", "2", "-1", "0.7", "$x"]) if self.random.random() < 0.9 else self.value(depth + 1, within)  # noqa: E731
        return ", ".join(one() + (" to " + one() if self.random.random() < 0.3 else "") for _ in range(pick([1, 1, 1, 2])))

    def step(self, depth, inside):
        pick = self.random.choice
        kind = pick("kkkkkw[[iiifffmmmm*")
        if kind == "k":
            return "." + self.key()
        if kind == "w":
            return ".*"
        if kind == "[":
            return "[*]"
        if kind == "i":
            return "[" + self.subscript(depth, inside) + "]"
        if kind == "f":
            return " ? (" + self.predicate(depth + 1, inside | {"@"}) + ")" if depth < 3 else ""
        if kind == "m":
            return f'.datetime("{pick(TEMPLATES)}")' if self.random.random() < 0.05 else pick(METHODS)
        return ".**" + pick(["", "", "{1}", "{2}", "{last}", "{0 to 1}", "{1 to last}", "{1 to 2}"])

    def path(self, depth=0, inside=frozenset()):
        start = self.start(inside, depth)
        steps = "".join(self.step(depth, inside) for _ in range(self.random.choice([0, 1, 1, 2, 2, 3])))
        return start + (" " if start[-1].isdigit() and steps[:1] == "." else "") + steps

    def value(self, depth=0, inside=frozenset()):
        pick, chance = self.random.choice, self.random.random()
        if depth > 3 or chance < 0.75:
            return self.path(depth, inside)
        if chance < 0.8:
            return pick("+-") + self.path(depth + 1, inside)
        if chance < 0.83:
            return "(" + self.predicate(depth + 1, inside) + ")" + self.step(depth, inside)
        return self.value(depth + 1, inside) + " " + pick("+-*/%") + " " + self.value(depth + 1, inside)

    def predicate(self, depth=0, inside=frozenset()):
        pick, chance = self.random.choice, self.random.random()
        if depth > 4 or chance < 0.55:
            return self.value(depth + 1, inside) + " " + pick(COMPARISONS) + " " + self.value(depth + 1, inside)
        if chance < 0.63:
            return self.value(depth + 1, inside) + f' like_regex "{pick(PATTERNS)}"{pick(FLAGS)}'
        if chance < 0.7:
            return self.value(depth + 1, inside) + " starts with " + pick(['"a"', '"2024"', "$s", "$x", '""'])
        if chance < 0.78:
            return "exists(" + self.value(depth + 1, inside) + ")"
        if chance < 0.84:
            return "!(" + self.predicate(depth + 1, inside) + ")"
        if chance < 0.9:
            return "(" + self.predicate(depth + 1, inside) + ") is unknown"
        return self.predicate(depth + 1, inside) + pick([" && ", " || "]) + self.predicate(depth + 1, inside)

    def whole(self):
        return self.random.choice(["", "", "", "lax ", "strict "]) + (self.predicate() if self.random.random() < 0.2 else self.value())

    def broken(self):
        text = self.whole()
        for _ in range(self.random.choice([1, 1, 2])):
            place, cut = self.random.randrange(len(text) + 1), self.random.choice([0, 0, 1, 2])
            text = text[:place] + self.random.choice(CHANGES + [""]) + text[place + cut:]
        return text

    def statement(self, quoted):
        pick = self.random.choice
        if self.random.random() < 0.25:
            return f"SELECT {quoted(self.broken())}::jsonpath"
        document, path = quoted(json.dumps(self.document(), ensure_ascii=False)), quoted(self.whole())
        if self.random.random() < 0.1:
            return f"SELECT {document}::jsonb {pick(['@?', '@@'])} {path}"
        silent = pick(["", "", ", true"])
        if self.random.random() < 0.2:
            return f"SELECT {path}::jsonpath, q FROM jsonb_path_query{pick(['', '_tz'])}({document}, {path}, {quoted(VARIABLES)}{silent}) WITH ORDINALITY AS t(q, n) ORDER BY n"
        return f"SELECT {pick(FUNCTIONS)}{pick(['', '', '_tz'])}({document}, {path}, {quoted(VARIABLES)}{silent})"
