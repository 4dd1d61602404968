#!/usr/bin/env python3
"""The Python module: test_pcpscope.py FILE LAB MANUAL. FILE: `decode --json`, an object a line. LAB: a server's address."""
import ast
import asyncio
import json
import re
import sys

import pcpscope

CLIENT = "00000000000000000000ffff0a020002"
REMOTE = "00000000000000000000ffffc6336407"
NOBODY = "00000000000000000000ffff00000000"
NONCE = "000102030405060708090a0b"
passed = 0


def check(name, right):
    global passed
    if not right:
        sys.exit(f"FAILED: {name}")
    passed += 1


def refused(name, error, call):
    try:
        call()
    except error:
        return check(name, True)
    check(f"{name}: nothing was raised", False)


def test_packets(path):
    for line in open(path):
        want = json.loads(line)
        packet = pcpscope.decode(bytes.fromhex(want["hex"]), want["direction"])
        check(want["hex"], [f._asdict() for f in packet] == want["fields"] and packet.summary == want["summary"]
              and all(packet[f["path"]] == f["value"] and packet.text(f["path"]) == f["text"] for f in want["fields"])
              and [f._asdict() for f in packet.lint()] == want["findings"] and packet.protocol == want["protocol"])
    refused("a path that is not there", KeyError, lambda: packet["map.nonsense"])
    check("get gives what is asked for instead", packet.get("map.nonsense", 7) == 7 and "map.nonsense" not in packet)


def test_edit():
    edit = pcpscope.Edit.request("MAP", client="10.2.0.2", lifetime=600, fields={"map.protocol": "tcp", "map.internal_port": 8080},
                                 options={"FILTER": {"prefix_length": "24", "remote_address": "198.51.100.0"}})
    edit["map.nonce"] = bytes(range(12))
    check("numbers, names, octets", (edit["map.protocol"], edit["map.internal_port"], edit.packet().raw("map.nonce"))
          == (6, 8080, bytes(range(12))))
    check("an option", edit["options[0].filter.prefix_length"] == 120 and edit.add("DESCRIPTION", {"text": "web"}) == 1)
    check("its length follows", edit["options[1].length"] == 3 and len(bytes(edit)) % 4 == 0)
    check("nothing is wrong with it", not [f for f in edit.packet().lint() if f.severity == "error"])
    edit.move(1, 0)
    edit.remove(1)
    check("moved and removed", edit["options[0].description.text"] == "web" and "options[1].code" not in edit.packet())
    check("octets of an option", edit.add(200, b"abc") == 1 and edit["options[1].raw.octets"] == "616263")
    refused("a value that is none", pcpscope.PcpError, lambda: edit.__setitem__("map.internal_port", "many"))
    refused("a number that does not fit", pcpscope.PcpError, lambda: edit.__setitem__("map.internal_port", 70000))
    refused("a field that is not there", KeyError, lambda: edit.__setitem__("peer.remote_port", 1))
    refused("an opcode that has no name", pcpscope.PcpError, lambda: pcpscope.Edit.request("MOP"))
    refused("more octets than there is room for", pcpscope.PcpError, lambda: pcpscope.Edit(bytes(3000)))
    refused("no such option", IndexError, lambda: edit.remove(9))
    answer = pcpscope.Edit(bytes.fromhex("02e20000") + bytes(60))
    answer.add("NEXT")
    check("nested", answer.add_nested("options[0]", "DESCRIPTION", {"text": "a"}) == 0
          and answer["options[0].next.options[0].description.text"] == "a")
    exact = pcpscope.Edit(bytes(edit), exact=True)
    exact["options[0].length"] = 77
    check("exact", exact["options[0].length"] == 77)
    exact.repair()
    check("repaired", exact["options[0].length"] != 77)


async def test_client(lab):
    changes = []
    async with pcpscope.Client(lab, renew=True, changed=changes.append) as client:
        await client.announce()
        web, dns = await asyncio.gather(client.map(8080, 8080, "tcp", options={"DESCRIPTION": {"text": "web"}}), client.map(53, 0, "udp"))
        check("granted", (web.state, web.external_port, web.description, web.auto_renew) == ("granted", 8080, "web", True))
        check("told before map returned", [m.state for m in changes if m.id == web.id] == ["asking", "granted"])
        check("two at once", dns.protocol == 17 and {m.id for m in client.mappings()} == {web.id, dns.id})
        peer = await client.peer(4000, 0, "tcp", 443, "198.51.100.7", 600)
        check("peer", (peer.remote_address, peer.remote_port, peer.internal_port) == ("198.51.100.7", 443, 4000))
        listed = await client.get(next={"end": "MORE"})
        check("get", listed["options[0].next.internal_port"] in (8080, 53, 4000))
        renewed = await client.renew(web)
        check("renewed", renewed["header.result"] == 0)
        await client.delete(web)
        check("deleted", next(m for m in client.mappings() if m.id == web.id).state == "deleted")
        check("changes were told", [m.state for m in changes if m.id == web.id][-1:] == ["deleted"])
        try:
            await client.map(8081, 8082, "tcp", options={"PREFER_FAILURE": {}, "PORT_SET": {"size": 4}})
            check("refused", False)
        except pcpscope.Refused as error:
            check("refused", error.result == "MALFORMED_OPTION" and error.packet["header.result"] == 6)
        raw = await client.send(bytes.fromhex("0201000000000e10") + bytes(16), raw=True)
        check("raw octets", raw["header.result"] == 3)
    refused("a client that is closed", pcpscope.PcpError, client.mappings)
    async with pcpscope.Client("127.0.0.1:9", tries=1, timeout=0.05) as nobody:
        try:
            await nobody.announce()
            check("no answer", False)
        except pcpscope.NoAnswer:
            check("no answer", True)
        task = asyncio.ensure_future(nobody.announce())
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        check("given up", task.cancelled() or isinstance(task.exception(), pcpscope.NoAnswer))


def manual_rows(path):
    """What the manual says of each call of pypcpc: its name, and how it is done here."""
    section = re.search(r"^\.Ss For who used pypcpc$.*?^\.Bd -literal$(.*?)^\.Ed$", open(path).read(), re.M | re.S).group(1)
    return re.findall(r"^(\w+)\n((?:    .*\n)+)", section, re.M)


async def test_manual(path, lab):
    """Each runs as it stands there; those that make octets make pypcpc's."""
    octets = {
        "createANNOUNCERequest": "02000000 00000000" + CLIENT,
        "createMAPRequest": "02010000 00000258" + CLIENT + NONCE + "06000000 1f901f90" + NOBODY,
        "createPEERRequest": "02020000 00000258" + CLIENT + NONCE + "06000000 1f901f90" + NOBODY + "01bb0000" + REMOTE,
        "createGETRequest": "02620000 00000000" + CLIENT + "06000000" + CLIENT + NOBODY + "1f900000",
        "createTHIRD_PARTYOption": "01000010" + REMOTE,
        "createPREFER_FAILUREOption": "02000000",
        "createFILTEROption": "03000014 007801bb" + REMOTE,
        "createDESCRIPTIONOption": "40000003 77656200",
        "createPORT_RESRVOption": "84000000",
        "createNEXTv2Option": "83000038" + "00" * 12 + "06000000" + NOBODY * 2 + "00000000 1f900000",
        "createOption": "c8000003 61626300",
    }
    rows = manual_rows(path)
    check("every call of pypcpc is there", set(octets) < {name for name, _ in rows} and len(rows) >= 24)
    async with pcpscope.Client(lab) as gateway:
        there = {"pcpscope": pcpscope, "gateway": gateway, "nonce": bytes.fromhex(NONCE), "show": lambda mapping: None}
        there["web"] = await gateway.map(8081)
        there["answer"] = await gateway.announce()
        there["request"] = pcpscope.Edit.request("MAP")
        for name, code in rows:
            before = len(bytes(there["request"]))
            done = eval(compile(code.strip(), name, "eval", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT), there)
            done = await done if asyncio.iscoroutine(done) else done
            if name.endswith("Request") and name in octets:
                made = bytes(done)
            else:
                made = bytes(there["request"])[before:]
            check(f"{name}: {made.hex()}", name not in octets or made == bytes.fromhex(octets[name]))


def main():
    test_packets(sys.argv[1])
    test_edit()
    asyncio.run(test_client(sys.argv[2]))
    asyncio.run(test_manual(sys.argv[3], sys.argv[2]))
    print(f"{passed} checks")


main()
