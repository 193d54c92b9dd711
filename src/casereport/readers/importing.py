"""An import as a plan: what a file holds is recognised as a whole and shown, and only then written into a case.

`casereport import` and `notebooks/00-import.ipynb` make the same plan. Nothing is written unless the whole file could
be read, and then all of it: the rows of each table of the case and, in `left_out.csv`, what of the values was left out.
No calendar date, name, number or note of a person is written.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from casereport.case.folder import open_source
from casereport.case.left_out import Lacking, left_out_file
from casereport.case.place import case_path
from casereport.errors import BadInput, Problem
from casereport.files.paths import SHIPPED, from_root
from casereport.files.tables import Row
from casereport.files.whole import write_all
from casereport.privacy.identifiers import REASONS, find_in_name
from casereport.quantities.vocabulary import Vocabulary
from casereport.quantities.vocabulary_tables import load_vocabulary, vocabulary_files
from casereport.readers import record_account, table_account
from casereport.readers.append import longer_tables
from casereport.readers.columns import Choices
from casereport.readers.grids import read_cells
from casereport.readers.index_treatment import first_use
from casereport.readers.jats import read_jats
from casereport.readers.mapping_file import mapping_path, read_mapping
from casereport.readers.recognise import is_article, recognised
from casereport.readers.records import Account as RecordAccount
from casereport.readers.records import Feed, take
from casereport.readers.study_days import SOME_DAY
from casereport.readers.wanted import Wanted, wanted_of
from casereport.readers.wide_table import Account as TableAccount
from casereport.readers.wide_table import read_wide

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Plan:
    """What an import would add to a case: the `rows` of each table of the case, what is `lacking` there because it was
    left out, and the `account` of how the file was read. Nothing is written before `apply`.
    """

    file: Path
    case: Path
    account: TableAccount | RecordAccount
    rows: dict[str, list[Row]]
    place: str  # what left_out.csv calls the file
    lacking: list[Lacking]

    @property
    def understood(self) -> int:
        """How many rows the case would have of this file."""
        return sum(map(len, self.rows.values()))

    def apply(self) -> int:
        """Writes what the case does not have yet, all of it or nothing; returns how many rows are new.

        Run again it changes nothing. Raises BadInput where the case has other values from the same source, or one
        that the file withdraws.
        """
        void = self.account.void if isinstance(self.account, RecordAccount) else []
        contents, new = longer_tables(self.case, self.rows, void)
        write_all(contents | left_out_file(self.case, self.place, self.lacking))
        return new

    def told(self, new: int) -> str:
        """The account in words, `new` of the rows being new to the case."""
        if isinstance(self.account, TableAccount):
            return table_account.told(self.account, new, mapping_path(self.file))
        return record_account.told(self.account, new, self.file, mapping_path(self.file))

    @property
    def questions(self) -> list[str]:
        """The lines that the mapping file beside the file lacks, with what they ask; empty where nothing is open."""
        if isinstance(self.account, TableAccount):
            return table_account.offers(self.account, mapping_path(self.file))
        return record_account.offers(self.account.left_out, mapping_path(self.file))

    def meanings(self) -> "pd.DataFrame":
        """What each heading and name was read as: `place`, `printed`, `read_as`. Of results one by one: of each name or
        code, how many were taken.
        """
        import pandas as pd

        read: Sequence[tuple[str, str, str]]
        if isinstance(self.account, TableAccount):
            found = [*self.account.columns, *self.account.rows]
            read = [(m.where, m.printed, f"{m.meaning} ({m.part})" if m.part else m.meaning) for m in found]
        else:
            read = record_account.meanings(self.account)
        return pd.DataFrame(read, columns=["place", "printed", "read_as"])

    def cells(self) -> "pd.DataFrame":
        """Each cell of a printed table that has a text: `row`, `column`, `printed` and its `state`, which is `taken`,
        `heading` (or a name, a unit, a range), `left out` or `not read`. The columns, A to Z, AA and so on, are
        categories in this order. Empty for results one by one.
        """
        import pandas as pd

        found = table_account.cells(self.account) if isinstance(self.account, TableAccount) else []
        letters = sorted({column for _, column, *_ in found}, key=lambda column: (len(column), column))
        table = pd.DataFrame(found, columns=["row", "column", "printed", "state"])
        return table.assign(column=pd.Categorical(table["column"], letters, ordered=True))

    def table(self, name: str) -> "pd.DataFrame":
        """The rows for a table of the case, such as `observations`, every cell a text."""
        import pandas as pd

        return pd.DataFrame(self.rows.get(f"{name}.csv", []), dtype=object)

    def left_out(self) -> "pd.DataFrame":
        """What was not taken: `place`, `printed`, `reason`, and `values`, how many values that are (0: a title, a range
        or another text).
        """
        import pandas as pd

        if isinstance(self.account, TableAccount):
            found = [(left.where, left.printed, left.why, left.values) for left in self.account.left_out]
        else:
            found = [("", printed, reason, n) for (printed, reason), n in self.account.left_out.most_common()]
        return pd.DataFrame(found, columns=["place", "printed", "reason", "values"])


def plan_import(
    file: str | Path, into: str, *, index: str = "", day_zero: str = "", from_day: str = "", to_day: str = "",
    patient: str = "", source: str = "", date_order: str = "", decimal: str = "", sheet: str = "", table: str = "",
) -> Plan:  # fmt: skip
    """What an import of `file` into the case `into` would do, told and not yet done; `plan.apply()` does it.

    The options are those of `casereport import`, each a text, empty where nothing is to be said: `index` the date of
    day 0, or a treatment of the file whose first use it is; `day_zero` the printed day that is day 0; `from_day` and
    `to_day` the study days to take; `patient` whose records; `source` where it stands; `date_order` (dmy, mdy);
    `decimal` (point, comma); `sheet` one of a workbook; `table` one of an article, by number or label. A relative
    `file` that is a text is taken from the project's root, as in every notebook.

    The plan has tables to look at: `meanings()` (what each heading and name was read as), `cells()` (what became of
    each cell of a printed table), `table("observations")` (the rows for a table of the case; `interventions` and
    `events` too), `left_out()` (what was not taken, and why), and the texts `questions` (the lines that the mapping
    file beside the file lacks) and `told(new)`.

    Raises BadInput, with every problem at once, for an option, a file or a case that cannot be used.
    """
    # papermill makes numbers of digits: `-p patient 2`
    patient, source, sheet, table = map(str, (patient, source, sheet, table))
    needed = {"file": (file, "the file that is to be imported"), "into": (into, "the case that it goes into")}
    if missing := [Problem("parameter", 0, name, "", what) for name, (given, what) in needed.items() if not str(given)]:
        raise BadInput(missing)
    path = from_root(Path(file).expanduser()) if isinstance(file, str) else file
    wanted = wanted_of(index, day_zero, from_day, to_day, patient, source, date_order, decimal, table)
    case = case_path(into)
    if case.is_relative_to(SHIPPED):
        raise BadInput([Problem("case", 0, "--into", into, "a case of your own; this one is part of casereport")])
    vocabulary = load_vocabulary(*vocabulary_files(case).values())
    meta = open_source(case).meta()
    wanted = wanted._replace(time_unit=meta.time_unit, sex=meta.subject.sex or "")
    if wanted.treatment:
        dated = recognised(path, sheet, wanted._replace(zero=SOME_DAY)) or Feed("", "", ())
        zero, time = first_use(dated, path.name, vocabulary, wanted.treatment)
        if wanted.time_unit == "hours" and not time:
            expected = "a treatment whose first use has a time of day, as the case counts hours; or the date by"
            expected += " --index YYYY-MM-DD, whose midnight is then hour 0"
            raise BadInput([Problem(path.name, 0, "--index", wanted.treatment, expected)])
        wanted = wanted._replace(zero=zero, zero_time=time)
    wanted = wanted._replace(mapping=read_mapping(mapping_path(path), vocabulary))
    feed = recognised(path, sheet, wanted)
    if feed is None:
        return _of_table(path, case, vocabulary, wanted, sheet)
    account = take(feed, path.name, vocabulary, wanted)
    place = f"{account.kind} {record_account.mark_of(path)}"
    lacking = [Lacking(place, "", *what, n) for what, n in sorted(account.left_out.items())]
    return Plan(path, case, account, account.taken, place, lacking)


def _of_table(path: Path, case: Path, vocabulary: Vocabulary, wanted: Wanted, sheet: str) -> Plan:
    if wanted.patient or wanted.first is not None or wanted.last is not None:
        expected = "nothing: --patient, --from and --to apply to records, and this is a printed table"
        raise BadInput([Problem(path.name, 0, "", "", expected)])
    choices = Choices(
        wanted.zero, wanted.day_zero, wanted.order, wanted.decimal, wanted.mapping, wanted.sex, wanted.time_unit
    )
    printed, label = read_jats(path, wanted.table) if is_article(path) else (read_cells(path, sheet), "")
    personal = find_in_name(path.name)
    source = wanted.source or label or ("" if personal else f"laboratory table {path.stem}")
    if not source:
        said = " and ".join(f"{found.text!r} is {REASONS[found.kind].partition(';')[0]}" for found in personal)
        expected = f'what may stand as source in the case; {said}: say --source "Table 1", or rename the file'
        raise BadInput([Problem(path.name, 0, "name of the file", "", expected)])
    account = read_wide(printed, path.name, vocabulary, choices)
    rows = [table_account.row_of(taken, source) for taken in account.taken]
    place = source if personal else path.name
    lacking = table_account.lacking_of(account, place)
    return Plan(path, case, account, {"observations.csv": rows}, place, lacking)
