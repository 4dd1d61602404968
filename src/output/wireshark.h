/* The tables as a dissector for Wireshark. */
#ifndef WIRESHARK_H
#define WIRESHARK_H

#include "writer.h"

/* Writes a Lua script of lines: every layout, name, result and rule, and behind them the code that
 * walks them (wireshark.lua). Wireshark loads it with -X lua_script:FILE or from its plugins. */
void wireshark_write(struct writer *writer);

#endif
