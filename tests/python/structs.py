#!/usr/bin/env python3
"""Prints a C program that holds each struct and function of the Python module against the installed headers."""
from pcpscope import library

print("#include <stddef.h>\n#include <pcpscope/client.h>\n#include <pcpscope/edit.h>\n#include <pcpscope/lint.h>\n#include <pcpscope/sock.h>")
for name, struct in library.STRUCTS.items():
    print(f"_Static_assert(sizeof(struct {name}) == {library.c.sizeof(struct)}, \"{name}\");")
    for field in struct._fields_:
        member = getattr(struct, field[0])
        print(f"_Static_assert(offsetof(struct {name}, {field[0].rstrip('_')}) == {member.offset} &&\n"
              f"\tsizeof(((struct {name} *)0)->{field[0].rstrip('_')}) == {member.size}, \"{name}.{field[0]}\");")
for name, number in (("PCP_NODES_MAX", "NODES_MAX"), ("PCP_EDIT_MAX", "EDIT_MAX"), ("PCP_NO_NODE", "NO_NODE"), ("PCP_ADDR_LEN", "ADDR_LEN"),
                     ("CLIENT_CANDIDATES_MAX", "CANDIDATES_MAX"), ("PCP_SERVER_PORT", "SERVER_PORT"), ("PCP_VERSION_NATPMP", "VERSION_NATPMP")):
    print(f"_Static_assert({name} == {getattr(library, number)}, \"{name}\");")
for word, number in library.DIRECTIONS.items():
    print(f"_Static_assert(PCP_{word.upper()} == {number}, \"{word}\");")
from pcpscope import client  # noqa: E402
for word in ("ANSWERED", "TIMED_OUT", "CANCELLED", "UNREACHABLE", "MAPPING"):
    print(f"_Static_assert(CLIENT_{word} == {getattr(client, '_' + word)}, \"{word}\");")


def value(kind):
    """Something of a ctypes type, for C to take or refuse as an argument: pointers are no numbers."""
    named = {struct: f"(struct {name}){{0}}" for name, struct in library.STRUCTS.items()}
    if kind in named:
        return named[kind]
    pointer = kind in (library.c.c_char_p, library.c.c_void_p) or hasattr(kind, "contents")
    return "(void *)p" if pointer else f"({'u' if kind(-1).value > 0 else ''}int{8 * library.c.sizeof(kind)}_t)1"


print("#include <stdint.h>\nvoid calls(void *p);\nvoid calls(void *p)\n{")
for name, (result, arguments) in library.FUNCTIONS.items():
    call = f"{name}({', '.join(value(kind) for kind in arguments)})"
    print(f"{call};")
    if result:
        print(f"_Static_assert(sizeof({call}) == {library.c.sizeof(result)}, \"{name}\");")
print("}")
