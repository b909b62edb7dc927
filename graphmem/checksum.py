"""A checksum of a file against damage, some fifteen times as fast as a hash: it is taken at every start."""

from __future__ import annotations

import hashlib
import os
from io import BufferedIOBase, RawIOBase

import numpy as np

BLOCK = 1 << 18


def checksum(file: RawIOBase | BufferedIOBase, size: int | None = None) -> bytes:
    """Return 16 bytes that change when the first `size` bytes of a file (all, if not given) are cut or overwritten.

    Each block is summed up as numbers, and the sums are hashed. Against people who want to deceive it is no help.
    Raises `ValueError` when the file ends before.

    >>> from io import BytesIO
    >>> checksum(BytesIO(b"Ada"), 3) == checksum(BytesIO(b"Ada lives."), 3) != checksum(BytesIO(b"Ida"), 3)
    True
    """
    left = os.fstat(file.fileno()).st_size if size is None else size
    digest = hashlib.blake2b(left.to_bytes(8, "little"), digest_size=16)
    numbers = np.zeros(BLOCK // 8, np.uint64)
    room = numbers.data.cast("B")
    file.seek(0)
    while left:
        block = room[: min(BLOCK, left)]
        if file.readinto(block) != len(block):
            raise ValueError("the file ends too early")
        if len(block) < BLOCK:
            room[len(block) :] = bytes(BLOCK - len(block))
        digest.update(numbers.sum().tobytes())
        left -= len(block)
    return digest.digest()
