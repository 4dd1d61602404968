/* What is escaped in a text of XML's: one place for reports, pictures and pages. */
#include "xml.h"

#include "text.h"

static const char *entity(char c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&apos;";
	default:
		return NULL;
	}
}

void xml_text(FILE *file, const char *text)
{
	char safe[XML_TEXT];

	pcp_safe_line(text, safe, sizeof safe);
	for (const char *p = safe; *p; p++) {
		const char *name = entity(*p);

		if (name)
			fputs(name, file);
		else
			fputc(*p, file);
	}
}
