#!/usr/bin/env python3
"""Breaks packets, one `decode --json` object a line, by seed: prints each as hex, cut, longer or with octets changed.

damage.py SEED FILE
"""
import json
import random
import sys

rng = random.Random(int(sys.argv[1]))
for line in open(sys.argv[2]):
    octets = bytearray.fromhex(json.loads(line)["hex"])
    way = rng.randrange(4)
    if way == 0:
        octets = octets[:rng.randint(1, len(octets))]
    elif way == 1:
        octets += rng.randbytes(rng.randint(1, 1100 if rng.randrange(8) == 0 else 8))
    else:
        for _ in range(way):
            octets[rng.randrange(len(octets))] = rng.choice([0, 1, 255, rng.randrange(256)])
    print(octets.hex())
