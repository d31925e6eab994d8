"""The same lines under Keras 2 and under the installed Keras, and a table of what they did."""

import html
import textwrap
from dataclasses import dataclass

from embedding_core.keras_bridge.legacy import Keras2, Outcome, run_here

_WIDTH = 76  # of a line of an answer: a page is not much wider


@dataclass(frozen=True, repr=False)
class Comparison:
    """One snippet and what each Keras made of it."""

    topic: str
    then: Outcome
    now: Outcome

    def __repr__(self) -> str:
        return f"{_titled('Keras 2:', self.then)}\n{_titled('Keras 3:', self.now)}"


def _titled(title: str, outcome: Outcome) -> str:
    indent = " " * (len(title) + 2)
    wrapped = [
        part
        for line in str(outcome).splitlines() or ["nothing printed"]
        for part in textwrap.wrap(line, _WIDTH, drop_whitespace=False)
    ]
    return title + textwrap.indent("\n".join(wrapped), indent)[len(title) :]


class Table:
    """Comparisons as a table: HTML in a notebook, plain text elsewhere."""

    def __init__(self, comparisons: list[Comparison]) -> None:
        self.comparisons = comparisons

    def __repr__(self) -> str:
        rows = [
            (c.topic, "; ".join(_short(c.then)), "; ".join(_short(c.now))) for c in self.comparisons
        ]
        return "\n".join(" | ".join(row) for row in [("", "Keras 2", "Keras 3"), *rows])

    def _repr_html_(self) -> str:
        rows = "".join(
            f'<tr><th scope="row">{html.escape(c.topic)}</th>'
            f"<td>{_in_html(c.then)}</td><td>{_in_html(c.now)}</td></tr>\n"
            for c in self.comparisons
        )
        return (  # on a narrow screen words break: no table has to be scrolled sideways
            '<table class="table" style="table-layout: fixed; overflow-wrap: break-word">\n'
            '<thead><tr><td></td><th scope="col">Keras 2</th>'
            '<th scope="col">Keras 3</th></tr></thead>\n'
            f"<tbody>\n{rows}</tbody>\n</table>"
        )


def _in_html(outcome: Outcome) -> str:
    return "<br>".join(html.escape(part) for part in _short(outcome))


def _short(outcome: Outcome) -> list[str]:
    """List what it printed; an error by its class and a warning as such: the page has the words."""
    parts = outcome.output.splitlines()
    parts += ["warns"] if outcome.warnings else []
    parts += [f"raises {outcome.error.partition(':')[0]}"] if outcome.error else []
    return parts or ["nothing printed"]


class ThenAndNow:
    """Ask both the same question, and remember the answers.

    It starts an interpreter with Keras 2 at once; see `Keras2`.

    Examples
    --------
    ``both = ThenAndNow()``, then ``both("lists", "print(...)")`` for each question, and
    ``both.table()`` for all of them.
    """

    def __init__(self) -> None:
        self._keras2 = Keras2()
        self._asked: list[Comparison] = []

    def __call__(self, topic: str, code: str) -> Comparison:
        """Run a snippet under both.

        Parameters
        ----------
        topic
            Its row in the table; each once. The same topic again replaces the row, so that a
            notebook's cell can be run twice.
        code
            As `Keras2.run` takes it.

        Returns
        -------
        Comparison
            Its `then` and `now` are what Keras 2 and the installed Keras did.
        """
        asked = Comparison(topic, self._keras2.run(code), run_here(code))
        topics = [c.topic for c in self._asked]
        if topic in topics:
            self._asked[topics.index(topic)] = asked
        else:
            self._asked.append(asked)
        return asked

    def table(self) -> Table:
        """Return all comparisons so far, in the order in which their topics came first."""
        return Table(list(self._asked))

    def close(self) -> None:
        """End the interpreter with Keras 2."""
        self._keras2.close()
