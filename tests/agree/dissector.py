#!/usr/bin/env python3
"""Holds the dissector that `pcpscope fields --wireshark` prints against `decode --json`, in tshark.

dissector.py LUA FILE   one `decode --json` object a line; exits 1 and tells of each difference.

Every field that has octets: the same path, place, length and value, in the same order, and nothing
malformed. The findings of the rules that the dissector has: the same of each, but that it is silent
where a response may hold what it was sent, which it cannot know (tests below 'echo').
"""
import collections
import json
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET

from compare import our_value, write_pcap


def short(path):
    """The dissector's name of a path: without the numbers, and an option's header by its layout."""
    last = re.sub(r"\[\d+\]$", "", re.split(r"options\[\d+\]\.(?!\w+\.options\[)", path)[-1])
    return last if "." in last else "option." + last


def packets_of(lua, pcap):
    run = subprocess.Popen(["tshark", "-n", "-r", pcap, "-X", "lua_script:" + lua, "-T", "pdml", "-J", "pcpscope _ws.malformed"],
                           stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    for _, packet in ET.iterparse(run.stdout):
        if packet.tag == "packet":
            yield packet
            packet.clear()
    errors = run.stderr.read()
    if run.wait() or "Lua" in errors:
        sys.exit("tshark failed: " + errors)


def look(packet):
    """The leaves (path, offset, length, value in hex), the rules that are broken, and what is wrong."""
    leaves, rules, malformed = [], collections.Counter(), False
    for proto in packet.findall("proto"):
        malformed |= proto.get("name") == "_ws.malformed"
        if proto.get("name") != "pcpscope":
            continue
        for field in proto.iter("field"):
            name = field.get("name")
            malformed |= name == "_ws.malformed" or "Lua Error" in field.get("showname", "")
            if name.startswith("pcpscope.") and name.count(".") == 2:
                leaves.append((name[len("pcpscope."):], int(field.get("pos")) - 28, int(field.get("size")), field.get("value")))
            elif name.startswith("pcpscope.") and "-" in name:
                rules[name[len("pcpscope."):]] += 1
    return leaves, rules, malformed


def same_value(field, theirs, data):
    octets = data[field["offset"]:field["offset"] + field["length"]]
    if isinstance(field["value"], int):
        return int(theirs, 16) == field["value"]
    if field["path"].endswith("_address") or re.search(r"_address\[\d+\]$", field["path"]):
        return bytes.fromhex(theirs) == our_value(field, data)
    return bytes.fromhex(theirs) == octets


def compare(packet, leaves, rules, malformed, known):
    data = bytes.fromhex(packet["hex"])
    ours = [f for f in packet["fields"] if f["length"]]
    if malformed:
        yield "malformed"
    if [(short(f["path"]), f["offset"], f["length"]) for f in ours] != [leaf[:3] for leaf in leaves]:
        yield f"fields {[leaf[:3] for leaf in leaves]}, ours {[(f['path'], f['offset'], f['length']) for f in ours]}"
        return
    for field, leaf in zip(ours, leaves):
        if not same_value(field, leaf[3], data):
            yield f"{field['path']}: {leaf[3]}, ours {field['value']}"
    findings = collections.Counter(f["rule"] for f in packet["findings"] if f["rule"] in known)
    if packet["direction"] == "request" or packet["protocol"] == "NAT-PMP":
        if findings != rules:
            yield f"rules {dict(rules)}, ours {dict(findings)}"
    elif rules - findings:
        yield f"rules {dict(rules - findings)}, which the linter does not find"


def main():
    lua, packets = sys.argv[1], [json.loads(line) for line in open(sys.argv[2])]
    known = set(re.findall(r'"([a-z0-9-]+-[a-z0-9-]+)"', re.search(r"ipairs\(\{(.*?)\}\) do rule", open(lua).read(), re.S)[1]))
    fields, differences, told = 0, 0, collections.Counter()
    with tempfile.NamedTemporaryFile(suffix=".pcap") as pcap:
        write_pcap(pcap.name, packets)
        for packet, theirs in zip(packets, packets_of(lua, pcap.name), strict=True):
            leaves, rules, malformed = look(theirs)
            fields += len(leaves)
            told += rules
            for text in compare(packet, leaves, rules, malformed, known):
                differences += 1
                if differences <= 20:
                    print(f"{packet['summary']} {packet['hex']}\n  {text}")
    print(f"{len(packets)} packets, {fields} fields, {sum(told.values())} findings of {len(told)} rules, {differences} differences")
    sys.exit(differences != 0 or fields == 0)


main()
