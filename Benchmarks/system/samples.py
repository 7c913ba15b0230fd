"""Bodies that are worth compressing, the same in every run."""

import json
import random
from collections.abc import Callable

JSON_BYTES, TEXT_BYTES = 100 * 1024, 1024 * 1024


def _vocabulary(random: random.Random, count: int) -> list[str]:
    """Words of one to three syllables; the first ones are the most frequent, and the shortest."""
    starts = "b c d f g h j l m n p r s t v w br ch cl dr fl gr pl pr qu sh sp st th tr".split()
    ends = "a e i o u ai ea io ou an en er es et in is on or al ing ent and est ut".split()
    syllables = [start + end for start in starts for end in ends]
    words = {"".join(random.choices(syllables, k=random.choice((1, 2, 2, 3)))) for _ in range(2 * count)}
    return sorted(sorted(words)[:count], key=lambda word: (len(word), random.random()))


def text() -> bytes:
    """A megabyte of sentences. Their words are as unevenly frequent as those of a language (Zipf's law).

    Three of four are one of the three that often follow the one before: without phrases zlib takes twice as long.
    """
    source = random.Random(20)
    words = _vocabulary(source, 8000)
    frequent = iter(source.choices(words, [1 / (rank + 3) for rank in range(len(words))], k=TEXT_BYTES))
    followers = {word: [next(frequent) for _ in range(3)] for word in words}
    lines, size = [], 0
    while size < TEXT_BYTES:
        sentence = [next(frequent)]
        for _ in range(source.randint(4, 13)):
            sentence.append(source.choice(followers[sentence[-1]]) if source.random() < 0.75 else next(frequent))
        lines.append(" ".join(sentence).capitalize() + ".\n")
        size += len(lines[-1])
    return "".join(lines).encode()[:TEXT_BYTES]


def records() -> bytes:
    """100 KiB of JSON as APIs answer it: a list of records with identifiers, names, times, numbers and sentences."""
    source = random.Random(10)
    words = _vocabulary(source, 500)
    items, size = [], 0
    while size < JSON_BYTES:
        name = source.choice(words)
        item = {
            "id": f"{source.getrandbits(64):016x}",
            "name": f"{name.capitalize()} {source.choice(words).capitalize()}",
            "email": f"{name}@{source.choice(words)}.example",
            "created": f"2026-{source.randint(1, 12):02}-{source.randint(1, 28):02}T{source.randint(0, 23):02}:15:00Z",
            "active": source.random() < 0.8,
            "balance": round(source.uniform(0, 5000), 2),
            "tags": source.sample(words[:40], 3),
            "note": " ".join(source.choices(words, k=8)),
        }
        items.append(item)
        size += len(json.dumps(item)) + 2
    return json.dumps({"items": items, "total": len(items)}).encode()


SAMPLES: dict[str, Callable[[], bytes]] = {"json": records, "text": text}
"""By the path at which the origin answers them."""
