"""A table in a file: rows are read, and written, where they stand."""

from embedding_core.scale.disk.layer import DiskEmbedding
from embedding_core.scale.disk.layout import Layout
from embedding_core.scale.disk.table import DiskTable

__all__ = ["DiskEmbedding", "DiskTable", "Layout"]
