#!/usr/bin/env python3
"""How many packets the Python module decodes a second: speed.py FILE. FILE: `decode --json`, an object a line."""
import json
import sys
import time

import pcpscope

packets = [bytes.fromhex(json.loads(line)["hex"]) for line in open(sys.argv[1])] * 10
before = time.process_time()
for octets in packets:
    pcpscope.decode(octets).get("map.internal_port")
print(f"python: {len(packets) / (time.process_time() - before):.0f} packets a second decoded, a field of each read by its path")
