"""The verbs of the program from the tests: run, and the way of a file from the backup to the verification."""
import json
import subprocess

from servers import crossfade_binary


def run(*arguments, check=None, **options):
    done = subprocess.run([str(crossfade_binary()), *map(str, arguments)], capture_output=True, timeout=600, **options)
    done.stdout, done.stderr = done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace")
    if check is not None:
        allowed = check if isinstance(check, tuple) else (check,)
        assert done.returncode in allowed, f"{arguments}: exit {done.returncode}\n{done.stdout}\n{done.stderr}"
    return done


def answer(*arguments, check=None):
    """What the verb says with --json."""
    return json.loads(run(*arguments, "--json", check=check).stdout)


class Move:
    """A file on its way into a database."""

    def __init__(self, file, conninfo, folder):
        self.file, self.conninfo, self.folder = file, conninfo, folder
        self.plan_file = folder / f"{file.stem}.toml"
        self.pair = ("--sqlite", file, "--postgres", conninfo, "--plan", self.plan_file)

    def plan(self, check=(0, 1)):
        return answer("plan", self.file, "-o", self.plan_file, check=check)

    def edit(self, column, **values):
        """Changes keys of the column (by its name in the file), as its owner would: edit("price", type="numeric", form="number")."""
        blocks = self.plan_file.read_text().split("[[table.column]]")
        at = [i for i, block in enumerate(blocks) if f'\nsource = "{column}"\n' in block and i != 0]
        assert len(at) == 1, f"{len(at)} columns are called {column}"
        lines = blocks[at[0]].split("\n")
        for key, value in values.items():
            place = next((i for i, line in enumerate(lines) if line.startswith(f"{key} = ")), lines.index(f'source = "{column}"') + 1)
            if lines[place].startswith(f"{key} = "):
                lines[place] = f'{key} = "{value}"'
            else:
                lines.insert(place, f'{key} = "{value}"')
        blocks[at[0]] = "\n".join(lines)
        self.plan_file.write_text("[[table.column]]".join(blocks))

    def copy(self, *arguments, check=0):
        return answer("copy", *self.pair, "--no-backup", *arguments, check=check)

    def verify(self, *arguments, check=0):
        return answer("verify", *self.pair, *arguments, check=check)
