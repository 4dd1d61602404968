/* Text as it stands in XML, SVG and HTML. */
#ifndef XML_H
#define XML_H

#include <stdio.h>

/* Between tags, or in an attribute's quotes; what no terminal would be shown is no character of
 * XML's either, and escaped as pcp_safe_line() does. Of a text that grows by that beyond XML_TEXT
 * octets the rest is left out. */
enum { XML_TEXT = 8192 };
void xml_text(FILE *file, const char *text);

#endif
