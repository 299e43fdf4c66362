"""The log's tree as an attacker makes it anew: leaf hashes, the hashes above them, and the right edge (RFC 9162)."""

import hashlib
import sqlite3


def leaf_hash(leaf: bytes) -> bytes:
    return hashlib.sha256(b"\0" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\1" + left + right).digest()


def rebuild(database: sqlite3.Connection) -> None:
    """Makes every stored hash fit the leaves that are there, counted anew from 0."""
    leaves = [(index, bytes(leaf)) for index, leaf in database.execute("SELECT idx, leaf FROM log_entry ORDER BY idx")]
    database.execute("DELETE FROM log_node")
    level_hashes = []
    for index, leaf in leaves:
        level_hashes.append(leaf_hash(leaf))
        database.execute("UPDATE log_entry SET leaf_hash = ? WHERE idx = ?", (level_hashes[-1], index))
    subtrees = {(0, index): digest for index, digest in enumerate(level_hashes)}
    level = 0
    while len(level_hashes) > 1:
        level += 1
        level_hashes = [node_hash(*level_hashes[at : at + 2]) for at in range(0, len(level_hashes) - 1, 2)]
        for index, digest in enumerate(level_hashes):
            subtrees[level, index] = digest
            database.execute("INSERT INTO log_node (level, idx, hash) VALUES (?, ?, ?)", (level, index, digest))
    edge, begin = b"", 0
    for level in reversed(range(len(leaves).bit_length())):
        if len(leaves) >> level & 1:
            edge += subtrees[level, begin >> level]
            begin += 1 << level
    database.execute("UPDATE log_edge SET size = ?, hashes = ?", (len(leaves), edge))
