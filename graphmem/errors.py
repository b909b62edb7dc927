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
    """The database refused or failed.

    >>> from graphmem import Memory
    >>> memory = Memory(":memory:")
    >>> memory.close()
    >>> try:
    ...     memory.stats()
    ... except StoreError as error:
    ...     print(error)
    the memory :memory: is closed: open it again
    """


class StoreUnavailable(StoreError):
    """The database does not answer, or cannot be opened.

    >>> from graphmem import Memory
    >>> try:
    ...     memory = Memory("no/such/folder/notes.db", create=False)
    ... except StoreUnavailable as error:
    ...     print(error)
    there is no memory at no/such/folder/notes.db: make one with graphmem init
    """


class StoreRejected(StoreError):
    """The database is there, but it is not a graphmem memory, or a newer graphmem made it.

    >>> import tempfile
    >>> from pathlib import Path
    >>> from graphmem import Memory
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "letter.txt")
    ...     _ = path.write_text("Dear Ada, this is no database." * 50)
    ...     try:
    ...         memory = Memory(path)
    ...     except StoreRejected as error:
    ...         print(str(error).replace(str(path), "letter.txt"))
    letter.txt is a file, but no SQLite database: name another file
    """


class ModelMismatch(StoreError):
    """The store holds vectors of another embedding model.

    >>> issubclass(ModelMismatch, StoreError)
    True
    """


class ModelError(GraphmemError):
    """An embedding model or language pipeline that cannot be loaded or used.

    >>> from graphmem import Memory
    >>> try:
    ...     memory = Memory(":memory:", model=42)
    ... except ModelError as error:
    ...     print(str(error).partition(":")[0])
    42 cannot embed texts
    """


class NotInstalled(GraphmemError, ImportError):
    """An optional package that is not there; the message says how to install it.

    >>> issubclass(NotInstalled, ImportError)
    True
    """
