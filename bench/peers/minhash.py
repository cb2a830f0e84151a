"""MinHash by a library over token sets, in its own environment: which pairs share a band, how fast, and the memory of its index. Prints JSON.

Usage: minhash.py datasketch|rensa|rensa-keyed BANDS ROWS PAIRS LINES; both files hold JSON lines.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from functools import lru_cache
from hashlib import blake2b

KEY = bytes(range(32))


def main(library: str, bands: int, rows: int, pairs: str, lines: str) -> None:
    count = bands * rows
    if library == "datasketch":
        from datasketch import MinHash, MinHashLSH

        def made(tokens):
            minhash = MinHash(num_perm=count, seed=7)
            minhash.update_batch([token.encode() for token in tokens])
            return minhash

        def digest_of(minhash):
            return minhash.hashvalues.tolist()

        index = MinHashLSH(num_perm=count, params=(bands, rows))
    else:
        from rensa import RMinHash, RMinHashLSH

        @lru_cache(50_000)
        def keyed(token):
            return blake2b(token.encode(), digest_size=16, key=KEY).hexdigest()

        def made(tokens):
            minhash = RMinHash(num_perm=count, seed=7)
            minhash.update(list(map(keyed, tokens)) if library == "rensa-keyed" else tokens)
            return minhash

        def digest_of(minhash):
            return minhash.digest()

        index = RMinHashLSH(threshold=0.8, num_perm=count, num_bands=bands)

    def cut(tokens):
        values = digest_of(made(tokens))
        return {(band, *values[band * rows : (band + 1) * rows]) for band in range(bands)}

    with open(pairs) as file:
        alike = [bool(cut(one) & cut(other)) for one, other in map(json.loads, file)]
    before, seconds, number = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, 0.0, 0
    with open(lines) as file:
        for number, line in enumerate(file, 1):
            tokens = json.loads(line)
            begun = time.process_time()
            minhash = made(tokens)
            digest_of(minhash)
            seconds += time.process_time() - begun
            index.insert(number, minhash)
    added = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) >> 10
    print(
        json.dumps({"alike": alike, "sketched_per_second": round(number / seconds), "added_memory_mb": added})
    )


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4], sys.argv[5])
