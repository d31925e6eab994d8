"""What the layer is taken for, and what else grows from a table of vectors."""
