"""Drop-in layer and optimizers for the installed Keras 3 on TensorFlow: exact, rows touched only.

Two changed imports are all a user needs::

    from embedding_core.for_keras import Adam, Embedding

They are Keras's own classes with Keras's arguments. What differs:

- The gradients of an id that occurs several times in a batch are added up before the optimizer
  squares or clips them, as they are on every other backend.
- For the table of such an `Embedding` an update touches the rows that were looked up, and no
  others. What a row is owed is made up for when somebody reads it, so the result is that of
  Keras's dense update.
- Ids in half precision are refused, because it has rounded them.

What cannot be done so is done densely, with a warning that says why, or is refused by name: see
`reasons`. For every other optimizer and table there is `merged`. The mathematics is that of
`embedding_core.optimizers`, in TensorFlow's words.

`audit` walks any Keras model and names what this book has found that applies to it.

Importing this package imports Keras and registers the classes. Nothing else in `embedding_core`
imports it, until Keras loads a saved model that holds one of them: see `keras_files`.
"""

from embedding_core.for_keras.adagrad import Adagrad
from embedding_core.for_keras.adam import Adam
from embedding_core.for_keras.audit import audit
from embedding_core.for_keras.embedding import Embedding
from embedding_core.for_keras.merging import Merged, merged
from embedding_core.for_keras.rmsprop import RMSprop
from embedding_core.for_keras.sgd import SGD

__all__ = ["SGD", "Adagrad", "Adam", "Embedding", "Merged", "RMSprop", "audit", "merged"]
