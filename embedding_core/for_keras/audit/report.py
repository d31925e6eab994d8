"""What an audit has found, in two heaps."""

from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Finding:
    """One thing that this book has found and that applies to a layer.

    Attributes
    ----------
    layer
        The layer's name.
    reason
        What happens, and when.
    cure
        What to do.
    chapter
        The chapter that shows it.
    wrong
        Whether the model learns or says something else than it should; else it is worth knowing.
    """

    layer: str
    reason: str
    cure: str
    chapter: int
    wrong: bool = False

    def __str__(self) -> str:
        return (
            f"{self.layer}: {self.reason}\n  cure: {self.cure}\n  shown in chapter {self.chapter}"
        )


@dataclass(frozen=True)
class Report:
    """All findings about a model.

    Attributes
    ----------
    wrong, worth_knowing
        The two heaps, in the order of the layers.
    """

    wrong: list[Finding] = field(default_factory=list)
    worth_knowing: list[Finding] = field(default_factory=list)

    @classmethod
    def of(cls, findings: Iterable[Finding]) -> "Report":
        """Sort findings, each said once."""
        once = list(dict.fromkeys(findings))
        return cls([f for f in once if f.wrong], [f for f in once if not f.wrong])

    def __str__(self) -> str:
        heaps = (("Wrong", self.wrong), ("Worth knowing", self.worth_knowing))
        parts = [f"{title}:\n\n" + "\n\n".join(map(str, heap)) for title, heap in heaps if heap]
        return "\n\n".join(parts) or "Nothing found."
