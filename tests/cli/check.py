"""Reads JSON objects, one a line, and exits 0 if the expression is true of them: o is the first, lines all
of them, n how many, tiles(o) whether a packet's fields cover each of its octets once, in order."""
import json
import sys


def tiles(packet):
    start = end = 0
    for field in packet["fields"]:
        offset, length = field["offset"], field["length"]
        if offset != end and not (offset == start and offset + length == end):
            return False
        start, end = offset, offset + length
    return end == packet["length"] == len(packet["hex"]) // 2


lines = [json.loads(line) for line in sys.stdin]
names = {"lines": lines, "n": len(lines), "o": lines[0] if lines else None, "tiles": tiles}
sys.exit(0 if eval(sys.argv[1], names) else 1)
