"""The ledger of claims: every checkable statement of the thread, with evidence that runs."""

from embedding_core.claims.entry import Claim, Verdict
from embedding_core.claims.ledger import LEDGER, claim, contradictions, opponents

__all__ = ["LEDGER", "Claim", "Verdict", "claim", "contradictions", "opponents"]
