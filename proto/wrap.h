/* Long text into lines, for whoever writes them: terminal, screen or file. */
#ifndef PCP_WRAP_H
#define PCP_WRAP_H

#include <stddef.h>

/* Columns of the character at *text, which is advanced past it. */
typedef int pcp_columns(const char **text);

/* The octets of text's next line, which has at most `width` columns; *rest is where the line after
 * it starts, the end of the text when there is none. A line ends at a newline or between words. A
 * word that no line has room for fills its lines, broken behind a sign that joins parts (+ , / ;)
 * where one is near the end. Always goes on, by one character where even that is too wide. Without
 * `columns` a character is one column. */
size_t pcp_wrap(const char *text, size_t width, pcp_columns *columns, const char **rest);

#endif
