#!/usr/bin/env python3
"""Holds our decoding of packets against Wireshark's: every field, its place, its length and its value.

compare.py FILE   one `decode --json` object a line; exits 1 and tells of each difference.

Wireshark's own quirks are no differences. Other words for the same stand in NAMES: PORT_SET's first
*internal* port is "external" there, NAT-PMP's mapped port in responses "requested", and its opcode is the
whole octet with the response bit, which we show apart. The others are told apart and counted below, and
each has to show, so that the list stays true.
"""
import ipaddress
import json
import re
import struct
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET

REFUSAL = "NAT-PMP's refusal with R clear is shown as an address request, without its result"
HIDDEN = "the data of an unknown option is not shown"
PADDING = "an option's padding is kept for the next that has none: the rest is misread, or malformed"

VERSION = "the body of a refused version, which is the request's, is read by the version offered"

# Wireshark's field -> the end of our path. What both call by other words stands here and nowhere else.
NAMES = {
    "portcontrol.version": "header.version",
    "portcontrol.r": "header.r",
    "portcontrol.opcode": "header.opcode",
    "portcontrol.reserved": "header.reserved",
    "portcontrol.rsp_reserved": "header.reserved_96",
    "portcontrol.result_code": "header.result",
    "portcontrol.lifetime_req": "header.lifetime",
    "portcontrol.lifetime_rsp": "header.lifetime",
    "portcontrol.client_ip": "header.client_address",
    "portcontrol.epoch_time": "header.epoch",
    "portcontrol.map.nonce": "map.nonce",
    "portcontrol.map.protocol": "map.protocol",
    "portcontrol.map.reserved": "map.reserved",
    "portcontrol.map.internal_port": "map.internal_port",
    "portcontrol.map.req_sug_external_port": "map.suggested_external_port",
    "portcontrol.map.req_sug_external_ip": "map.suggested_external_address",
    "portcontrol.map.rsp_assigned_external_port": "map.assigned_external_port",
    "portcontrol.map.rsp_assigned_ext_ip": "map.assigned_external_address",
    "portcontrol.peer.nonce": "peer.nonce",
    "portcontrol.peer.protocol": "peer.protocol",
    "portcontrol.peer.reserved": "peer.reserved",
    "portcontrol.peer.internal_port": "peer.internal_port",
    "portcontrol.peer.req_sug_external_port": "peer.suggested_external_port",
    "portcontrol.peer.req_sug_external_ip": "peer.suggested_external_address",
    "portcontrol.peer.remote_peer_port": "peer.remote_port",
    "portcontrol.peer.remote_peer_ip": "peer.remote_address",
    "portcontrol.peer.rsp_assigned_external_port": "peer.assigned_external_port",
    "portcontrol.peer.rsp_assigned_ext_ip": "peer.assigned_external_address",
    "portcontrol.option.code": ".code",
    "portcontrol.option.reserved": ".reserved",
    "portcontrol.option.length": ".length",
    "portcontrol.option.third_party.internal_ip": "third_party.internal_address",
    "portcontrol.option.filter.reserved": "filter.reserved",
    "portcontrol.option.filter.prefix_length": "filter.prefix_length",
    "portcontrol.option.filter.remote_peer_port": "filter.remote_port",
    "portcontrol.option.filter.remote_peer_ip": "filter.remote_address",
    "portcontrol.option.description": "description.text",
    "portcontrol.option.p64.length": "prefix64.prefix_length",
    "portcontrol.option.p64.prefix64": "prefix64.prefix",
    "portcontrol.option.p64.suffix": "prefix64.suffix",
    "portcontrol.option.p64.ipv4_prefix_count": "prefix64.count",
    "portcontrol.option.p64.ipv4_prefix_length": "prefix64.ipv4_prefix_length",
    "portcontrol.option.p64.ipv4_address": "prefix64.ipv4_address",
    "portcontrol.option.portset.size": "port_set.size",
    "portcontrol.option.portset.req_sug_first_external_port": "port_set.first_internal_port",
    "portcontrol.option.portset.rsp_assigned_first_external_port": "port_set.first_internal_port",
    "portcontrol.option.portset.reserved": "port_set.reserved",
    "portcontrol.option.portset.parity": "port_set.parity",
    "portcontrol.option.padding": ".padding",
    "nat-pmp.version": "natpmp.version",
    "nat-pmp.opcode": "natpmp.opcode",
    "nat-pmp.result_code": "natpmp.result",
    "nat-pmp.sssoe": "natpmp.epoch",
    "nat-pmp.external_ip": "natpmp.external_address",
    "nat-pmp.reserved": "natpmp.reserved",
    "nat-pmp.internal_port": "natpmp.internal_port",
    "nat-pmp.external_port": "natpmp.suggested_external_port",
    "nat-pmp.pml": "natpmp.lifetime",
}


def datagram(packet):
    """Raw IPv4 and UDP around the octets, to or from port 5351."""
    data = bytes.fromhex(packet["hex"])
    ports = (50000, 5351) if packet["direction"] == "request" else (5351, 50000)
    udp = struct.pack("!HHHH", *ports, 8 + len(data), 0) + data
    ip = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(udp), 0, 0, 64, 17, 0, bytes([192, 0, 2, 1]), bytes([192, 0, 2, 2]))
    return ip + udp


def write_pcap(path, packets):
    with open(path, "wb") as f:
        f.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 101))
        for i, p in enumerate(packets):
            d = datagram(p)
            f.write(struct.pack("<IIII", i, 0, len(d), len(d)) + d)


def theirs(pcap):
    """For each packet the dissector's fields: (name, offset, length, octets or masked number)."""
    run = subprocess.Popen(["tshark", "-n", "-r", pcap, "-T", "pdml", "-J", "portcontrol nat-pmp _ws.malformed"],
                           stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    for _, packet in ET.iterparse(run.stdout):
        if packet.tag != "packet":
            continue
        fields, malformed = [], False
        for proto in packet.findall("proto"):
            name = proto.get("name")
            malformed |= name == "_ws.malformed"
            if name not in ("portcontrol", "nat-pmp"):
                continue
            for f in proto.iter("field"):
                if f.get("name") in NAMES and f.get("hide") != "yes":
                    fields.append((f.get("name"), int(f.get("pos")) - 28, int(f.get("size")), f.get("value", "")))
        yield fields, malformed
        packet.clear()
    if run.wait():
        sys.exit("tshark failed")


def called(field):
    """Our path without the numbers of list elements and doubled names."""
    return re.sub(r"\[\d+\]$", "", field["path"]).replace("reserved_2", "reserved")


def wanted(name, packet):
    if name == "nat-pmp.external_port" and packet["direction"] == "response":
        return "natpmp.mapped_external_port"
    return NAMES[name]


def our_value(field, data):
    """Our value as a number or octets, from what the JSON says (not from the octets)."""
    value = field["value"]
    if isinstance(value, int):
        return value
    path = called(field)
    if path.endswith("_address") or path.endswith("internal_address"):
        address = ipaddress.ip_address(value)
        if address.version == 4 and field["length"] == 16:
            return b"\0" * 10 + b"\xff\xff" + address.packed
        return address.packed
    if path.endswith("prefix64.prefix"):
        return ipaddress.ip_network(value, strict=False).network_address.packed[:field["length"]]
    if path.endswith("description.text"):
        # A backslash that would start an escape is shown as one.
        return re.sub(r"\\x([0-9a-f]{2})", lambda m: chr(int(m[1], 16)), value).encode()
    return bytes.fromhex(value)


def lost_from(packet):
    """The offset from which on the dissector is misled and by what; None when it is not."""
    raw = [f["offset"] for f in packet["fields"] if f["path"] == "raw.octets"]
    if packet["direction"] == "response" and packet["hex"][6:8] == "01" and raw:
        return raw[0], VERSION
    options = {}
    for f in packet["fields"]:
        option, dot, rest = f["path"].partition(".")
        if f["length"] and dot and option.startswith("options["):
            options.setdefault(option, []).append((rest, f["offset"] + f["length"]))
    padded = False
    for fields in options.values():
        last, end = fields[-1]
        if last == "padding":
            padded = True
        elif padded:
            return end, PADDING
    return None, None


def is_refusal(packet):
    return packet["protocol"] == "NAT-PMP" and packet["direction"] == "response" and packet["hex"][2:4] == "00"


def excuse(packet, field, end, why):
    """The quirk by which Wireshark does not show a field of ours."""
    if end is not None and field["offset"] >= end:
        return why
    if field["path"].endswith(".raw.octets"):
        return HIDDEN
    if is_refusal(packet) and field["offset"] >= 2:
        return REFUSAL
    return None


def compare(packet, fields, malformed, quirks):
    data = bytes.fromhex(packet["hex"])
    end, why = lost_from(packet)
    ours = {}
    for f in packet["fields"]:
        if f["length"]:
            ours.setdefault((f["offset"], f["length"]), []).append(f)
    held = set()
    for name, offset, length, value in fields:
        if not length or end is not None and offset >= end:
            continue
        there = [f for f in ours.get((offset, length), []) if called(f).endswith(wanted(name, packet))]
        if len(there) != 1:
            yield f"{name} at {offset}+{length}: we have {[f['path'] for f in ours.get((offset, length), [])]}"
            continue
        field = there[0]
        held.add((field["path"], field["offset"]))
        mine = our_value(field, data)
        want = int(value, 16) if isinstance(mine, int) else bytes.fromhex(value)
        if name == "nat-pmp.opcode":
            want &= 0x7F  # the response bit is a field of its own with us
        if mine != want:
            yield f"{name} at {offset}: {value}, we say {field['value']}"
    for f in packet["fields"]:
        if not f["length"] or (f["path"], f["offset"]) in held or f["path"] == "natpmp.r":
            continue
        quirk = excuse(packet, f, end, why)
        if quirk:
            quirks[quirk] += 1
        else:
            yield f"{f['path']} at {f['offset']}+{f['length']}: unknown to the dissector"
    if malformed and end is None:
        yield "the dissector calls it malformed"


def main():
    packets = [json.loads(line) for line in open(sys.argv[1])]
    differences = compared = 0
    quirks = {REFUSAL: 0, HIDDEN: 0, PADDING: 0, VERSION: 0}
    with tempfile.NamedTemporaryFile(suffix=".pcap") as pcap:
        write_pcap(pcap.name, packets)
        for n, (packet, (fields, malformed)) in enumerate(zip(packets, theirs(pcap.name), strict=True)):
            found = list(compare(packet, fields, malformed, quirks))
            compared += len(fields)
            for text in found:
                differences += 1
                if differences <= 40:
                    print(f"packet {n} ({packet['summary']}) {packet['hex']}\n  {text}")
    for quirk, count in quirks.items():
        print(f"{count:6} fields: {quirk}")
    print(f"{len(packets)} packets, {compared} fields, {differences} differences")
    sys.exit(differences != 0 or compared == 0 or not all(quirks.values()))


if __name__ == "__main__":
    main()
