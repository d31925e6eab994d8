"""Every picture of the book, drawn from the data it is given and from nothing else."""

from embedding_core.figures.cluster_run import cluster_run
from embedding_core.figures.coasting import coasting
from embedding_core.figures.collisions import collisions
from embedding_core.figures.cost import CostPanel, cost_against_rows
from embedding_core.figures.curves import learning_curves
from embedding_core.figures.documents import documents_among_words
from embedding_core.figures.first_tables import first_tables
from embedding_core.figures.judge import Bins, accuracy_against_size, reliability_diagram, votes
from embedding_core.figures.live import LiveFigure, live_lookup, live_map, live_repeated
from embedding_core.figures.lookup import lookup
from embedding_core.figures.maps import word_maps
from embedding_core.figures.masks import mask_journey
from embedding_core.figures.neighbours import neighbours
from embedding_core.figures.objectives import objectives
from embedding_core.figures.pages import pages
from embedding_core.figures.path import path
from embedding_core.figures.product import product
from embedding_core.figures.race import race
from embedding_core.figures.repeated import repeated
from embedding_core.figures.sizes import accuracy_by_rows, step_by_machines
from embedding_core.figures.thread import thread_map
from embedding_core.figures.weight import life_of_a_weight

__all__ = [
    "Bins",
    "CostPanel",
    "LiveFigure",
    "accuracy_against_size",
    "accuracy_by_rows",
    "cluster_run",
    "coasting",
    "collisions",
    "cost_against_rows",
    "documents_among_words",
    "first_tables",
    "learning_curves",
    "life_of_a_weight",
    "live_lookup",
    "live_map",
    "live_repeated",
    "lookup",
    "mask_journey",
    "neighbours",
    "objectives",
    "pages",
    "path",
    "product",
    "race",
    "reliability_diagram",
    "repeated",
    "step_by_machines",
    "thread_map",
    "votes",
    "word_maps",
]
