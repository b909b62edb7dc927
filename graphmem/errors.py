"""Every error that graphmem raises on purpose.

    GraphmemError
    ├── InvalidInput          a text, time, filter or option that cannot be used
    ├── NotFound              a record that is not in this memory
    ├── StoreError            the database refused or failed
    │   ├── StoreUnavailable  it does not answer, or cannot be opened
    │   ├── StoreRejected     it is there, but it is not ours, or too new
    │   └── ModelMismatch     it holds vectors of another embedding model
    ├── ModelError            an embedding model or language pipeline that cannot be loaded or used
    └── NotInstalled          an optional package that is not there

Each message says what happened, with which value, and what to do next. The command line prints it and exits with 1.
"""


class GraphmemError(Exception):
    """Base of every error that graphmem raises on purpose."""


class InvalidInput(GraphmemError, ValueError):
    """A text, time, filter or option that cannot be used."""


class NotFound(GraphmemError, LookupError):
    """A record that is not in this memory."""


class StoreError(GraphmemError):
    """The database refused or failed."""


class StoreUnavailable(StoreError):
    """The database does not answer, or cannot be opened."""


class StoreRejected(StoreError):
    """The database is there, but it is not a graphmem memory, or a newer graphmem made it."""


class ModelMismatch(StoreError):
    """The store holds vectors of another embedding model."""


class ModelError(GraphmemError):
    """An embedding model or language pipeline that cannot be loaded or used."""


class NotInstalled(GraphmemError, ImportError):
    """An optional package that is not there; the message says how to install it."""
