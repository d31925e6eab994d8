"""Every picture of the book, drawn from the data it is given and from nothing else."""

from embedding_core.lessons.figures.cluster_run import cluster_run
from embedding_core.lessons.figures.coasting import coasting
from embedding_core.lessons.figures.collisions import collisions
from embedding_core.lessons.figures.cost import CostPanel, cost_against_rows
from embedding_core.lessons.figures.curves import learning_curves
from embedding_core.lessons.figures.documents import documents_among_words
from embedding_core.lessons.figures.elsewhere import elsewhere
from embedding_core.lessons.figures.first_tables import first_tables
from embedding_core.lessons.figures.judge import (
    Bins,
    accuracy_against_size,
    reliability_diagram,
    votes,
)
from embedding_core.lessons.figures.live import LiveFigure, live_lookup, live_map, live_repeated
from embedding_core.lessons.figures.lookup import lookup
from embedding_core.lessons.figures.maps import word_maps
from embedding_core.lessons.figures.masks import mask_journey
from embedding_core.lessons.figures.neighbours import neighbours
from embedding_core.lessons.figures.objectives import objectives
from embedding_core.lessons.figures.pages import pages
from embedding_core.lessons.figures.path import path
from embedding_core.lessons.figures.product import product
from embedding_core.lessons.figures.race import race
from embedding_core.lessons.figures.repeated import repeated
from embedding_core.lessons.figures.rounding import rounding
from embedding_core.lessons.figures.sizes import accuracy_by_rows, step_by_machines
from embedding_core.lessons.figures.steps import autoencoder_step, contrastive_step
from embedding_core.lessons.figures.thread import thread_map
from embedding_core.lessons.figures.truth import votes_and_truth
from embedding_core.lessons.figures.weight import life_of_a_weight

__all__ = [
    "Bins",
    "CostPanel",
    "LiveFigure",
    "accuracy_against_size",
    "accuracy_by_rows",
    "autoencoder_step",
    "cluster_run",
    "coasting",
    "collisions",
    "contrastive_step",
    "cost_against_rows",
    "documents_among_words",
    "elsewhere",
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
    "rounding",
    "step_by_machines",
    "thread_map",
    "votes",
    "votes_and_truth",
    "word_maps",
]
