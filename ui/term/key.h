/* What a key is, and what it is called. */
#ifndef KEY_H
#define KEY_H

#include <stddef.h>
#include <stdint.h>

/* A key: the character it types, or UI_KEY_CURSES with curses' code, or UI_KEY_ALT with a digit. */
typedef uint32_t ui_key;
enum { UI_KEY_CURSES = 0x200000, UI_KEY_ALT = 0x400000, UI_KEY_ESC = 27, UI_KEY_NONE = 0 };

/* "q", "^L", "Enter", "PgDn", "F5", "Space", "S-Tab", "M-1" (Alt with a digit) <-> key. UI_KEY_NONE
 * for an unknown name. */
ui_key ui_key_parse(const char *name, size_t len);
size_t ui_key_name(ui_key key, char *buf, size_t cap);
/* Terminals send some keys in two ways; they are one key here. */
ui_key ui_key_one_of_two(ui_key key);

#endif
