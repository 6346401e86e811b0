"""Random INSERT, UPDATE, DELETE and data-modifying WITH over the tables of a Generator."""
from grammar import Generator, Rows, Statement


class Changes(Generator):
    def settable(self, table):
        return [(c, kind) for c, kind in table.columns if c != "id"]

    def change(self, parameters=False):
        self.with_parameters, self.values, self.common_tables = parameters, [], []
        text = self.pick([self.insert_values, self.insert_values, self.insert_select, self.update, self.update, self.update_from, self.delete, self.delete_using, self.upsert, self.upsert, self.through_with])()
        return Statement(*self.numbered(text), changes=True)

    def returning(self, table, always=False):
        if not always and self.chance(0.4):
            return ""
        if self.chance(0.3):
            return " RETURNING *"
        scope = Rows([(f"{table.name}.{c}" if self.chance(0.3) else c, kind) for c, kind in table.columns])
        return " RETURNING id, " + ", ".join(f"{self.expression(self.any_kind(), 1, scope)} AS r{i}" for i in range(self.pick([1, 2])))

    def returning_both(self, table, scope):
        """Of UPDATE … FROM t0 o and DELETE … USING t0 o: columns of both."""
        return self.pick(["", f" RETURNING {table.name}.id, o.*", f" RETURNING {table.name}.*", " RETURNING *",
                          f" RETURNING {table.name}.id, {self.expression(self.any_kind(), 2, scope)} AS r0, {self.expression(self.any_kind(), 1, scope)} AS r1"])

    def assigned(self, kind, scope, depth=2):
        if self.chance(0.08):
            return "DEFAULT"
        if self.chance(0.1):  # a value of another type: an assignment cast, or 42804
            return self.expression(self.any_kind(), 1, scope)
        return self.stored(kind) if self.chance(0.2) else self.expression(self.lower(kind), depth, scope)

    def some(self, table, most=3):
        columns = self.settable(table)
        self.random.shuffle(columns)
        return columns[:self.random.randint(1, most)]

    def insert_head(self, table, columns):
        return f"INSERT INTO {table.name} (id, {', '.join(c for c, _ in columns)})"

    def insert_values(self, rows=(1, 1, 2, 3)):
        table = self.pick(self.tables)
        columns = self.some(table, 4)
        lines = [f"({self.pick([20, 21, 22, 1]) + i * 10}, {', '.join(self.assigned(kind, Rows([])) for _, kind in columns)})" for i in range(self.pick(rows))]
        return f"{self.insert_head(table, columns)} VALUES {', '.join(lines)}{self.returning(table)}"

    def insert_select(self):
        table, source = self.pick(self.tables), self.pick(self.tables)
        columns, scope = self.some(table), Rows(source.columns)
        conflict = self.pick(["", "", " ON CONFLICT DO NOTHING", " ON CONFLICT (id) DO NOTHING"])
        values = ", ".join(self.expression(self.lower(kind), 2, scope) for _, kind in columns)
        return (f"{self.insert_head(table, columns)} SELECT id + {self.pick([100, 3, 5])}, {values} FROM {source.name} WHERE {self.expression('b', 2, scope)} ORDER BY {source.name}.id"
                f"{conflict}{self.returning(table)}")

    def sets(self, table, scope):
        columns = self.some(table)
        if len(columns) > 1 and self.chance(0.2):
            return f"({', '.join(c for c, _ in columns)}) = ({', '.join(self.assigned(kind, scope) for _, kind in columns)})"
        if self.chance(0.08):
            column, kind = columns[0]
            return f"({column}) = (SELECT {self.scalar_query(kind, 1, scope)})"
        return ", ".join(f"{c} = {self.assigned(kind, scope)}" for c, kind in columns)

    def where(self, scope, share=0.85):
        return f" WHERE {self.expression('b', 2, scope)}" if self.chance(share) else ""

    def update(self):
        table = self.pick(self.tables)
        alias = self.pick(["", "", " AS u"])
        scope = Rows([(f"u.{c}" if alias else c, kind) for c, kind in table.columns])
        if self.chance(0.1):
            return f"UPDATE {table.name} SET id = id + {self.pick([100, 1000])}{self.where(Rows(table.columns))}{self.returning(table)}"
        text = f"UPDATE {table.name}{alias} SET {self.sets(table, scope)}{self.where(scope)}"
        return text + (self.returning(table) if not alias else self.pick(["", " RETURNING u.id", " RETURNING *"]))

    def update_from(self):
        """The key of the other table decides, so that each row is met at most once."""
        table = self.pick(self.tables[1:])
        scope = Rows([(f"{table.name}.{c}", kind) for c, kind in table.columns] + [(f"o.{c}", kind) for c, kind in self.tables[0].columns])
        link = self.pick([f"o.id = {table.name}.ref", f"o.id = {table.name}.id"])
        return f"UPDATE {table.name} SET {self.sets(table, scope)} FROM t0 o WHERE {link} AND {self.expression('b', 1, scope)}{self.returning_both(table, scope)}"

    def delete(self):
        table = self.pick(self.tables)
        return f"DELETE FROM {table.name}{self.where(Rows(table.columns))}{self.returning(table)}"

    def delete_using(self):
        table = self.pick(self.tables[1:])
        scope = Rows([(f"{table.name}.{c}", kind) for c, kind in table.columns] + [(f"o.{c}", kind) for c, kind in self.tables[0].columns])
        return f"DELETE FROM {table.name} USING t0 AS o WHERE o.id = {table.name}.ref AND {self.expression('b', 2, scope)}{self.returning_both(table, scope)}"

    def upsert(self):
        table = self.pick(self.tables)
        columns = self.some(table)
        target = self.pick(table.unique if self.chance(0.3) else ["id"])
        numbers = self.random.sample([1, 2, 3, 5, 30, 31], self.pick([1, 2, 3]))
        lines = [f"({number}, {', '.join(self.assigned(kind, Rows([]), 1) for _, kind in columns)})" for number in numbers]
        scope = Rows([(f"{name}.{c}", kind) for name in (table.name, "excluded") for c, kind in table.columns])
        where = f" WHERE {self.expression('b', 1, scope)}" if self.chance(0.2) else ""
        action = self.pick(["NOTHING", f"UPDATE SET {self.sets(table, scope)}{where}", f"UPDATE SET {columns[0][0]} = excluded.{columns[0][0]}{where}"])
        return f"{self.insert_head(table, columns)} VALUES {', '.join(lines)} ON CONFLICT ({target}) DO {action}{self.returning(table)}"

    def changing_part(self, table, repeated=False):
        """A part of WITH that gives the rows it has changed."""
        numbers = self.pick(["(40), (41)", "(1), (40)", "(2), (1), (3)"] + (["(1), (1)", "(43), (43)"] if repeated else []))
        columns = self.some(table, 1)
        conflict = self.pick(["DO NOTHING", f"(id) DO UPDATE SET {columns[0][0]} = excluded.{columns[0][0]}", f"(id) DO UPDATE SET {self.sets(table, Rows([(f'{table.name}.{c}', kind) for c, kind in table.columns]))}"])
        return self.pick([
            lambda: f"DELETE FROM {table.name}{self.where(Rows(table.columns))} RETURNING *",
            lambda: f"UPDATE {table.name} SET {self.sets(table, Rows(table.columns))}{self.where(Rows(table.columns))} RETURNING *",
            lambda: f"UPDATE {table.name} SET id = id + {self.pick([100, 1000])}{self.where(Rows(table.columns))} RETURNING *",
            lambda: f"INSERT INTO {table.name} (id) VALUES (40), (41) RETURNING *",
            lambda: f"INSERT INTO {table.name} (id) VALUES {numbers} ON CONFLICT {conflict} RETURNING *"])()

    def through_with(self):
        table, other = self.random.sample(self.tables, 2)
        if self.chance(0.25):
            other = table
        first = self.changing_part(table, repeated=True)
        scope = Rows([(c, kind) for c, kind in table.columns])
        both = Rows([(f"changed.{c}", kind) for c, kind in table.columns] + [(f"{other.name}.{c}", kind) for c, kind in other.columns])
        link = self.pick([f"{other.name}.id = changed.id"] + ([f"{other.name}.ref = changed.id"] if other is not self.tables[0] else []))
        further = f", further AS ({self.changing_part(other)})" if self.chance(0.25) else ""
        second = self.pick([
            lambda: f"SELECT count(*), max(id) FROM changed WHERE {self.expression('b', 1, scope)}",
            lambda: f"SELECT id, {self.expression(self.any_kind(), 2, scope)} AS e FROM changed",
            lambda: f"SELECT changed.id, {self.expression(self.any_kind(), 1, both)} AS e FROM changed JOIN {other.name} ON {link}",
            lambda: f"SELECT (SELECT count(*) FROM changed), (SELECT count(*) FROM {'further' if further else other.name})",
            lambda: f"INSERT INTO {other.name} (id) SELECT id + 500 FROM changed WHERE {self.expression('b', 1, scope)} RETURNING id",
            lambda: f"UPDATE {other.name} SET {self.sets(other, both)} FROM changed WHERE {link} RETURNING {other.name}.id, {self.expression(self.any_kind(), 1, both)} AS e",
            lambda: f"DELETE FROM {other.name} USING changed WHERE {link} RETURNING {other.name}.id, changed.id AS c",
            lambda: f"DELETE FROM {other.name} WHERE id IN (SELECT id FROM changed)"])()
        return f"WITH changed AS ({first}){further} {second}"
