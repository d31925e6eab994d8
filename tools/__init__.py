"""What the commands of the Makefile run.

The package jsonschema, with which nbformat checks notebooks and Jupyter Book its settings, compiles
38 grammars of international addresses when it is imported, where it finds them: Jupyter's server
requires `rfc3987_syntax`. That takes a second and more in each process, and no notebook and no
setting has such an address. To whoever imports a tool the grammars are not installed.
"""

import sys

sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
