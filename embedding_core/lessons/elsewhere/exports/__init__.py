"""When the layer leaves Keras: models are exported, the files are opened, and asked what they do.

Read it in this order: `models` and `torch_models` (what is exported), `programs` (what runs a
file), `ways` (from the one to the other), `asking` (the questions), `recording` (the answers, as
the book shows them).
"""
