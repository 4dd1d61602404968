/* What was met in a capture and cannot be shown, in sentences. */
#include "capture.h"

#include <stdio.h>

struct text {
	char *at;
	size_t cap, len;
};

static void remark(struct text *text, uint64_t count, const char *one, const char *many)
{
	size_t used = text->len < text->cap ? text->len : text->cap;

	if (count)
		text->len += (size_t)snprintf(text->at + used, text->cap - used, "%s%llu %s",
					      text->len ? "; " : "", (unsigned long long)count,
					      count == 1 ? one : many);
}

size_t capture_remarks(const struct capture *capture, char *buf, size_t cap)
{
	const struct capture_counts *counts = capture_counts(capture);
	struct text text = { buf, cap, 0 };
	char first[96], one[80], many[80];

	if (cap)
		*buf = '\0';
	snprintf(first, sizeof first,
		 "fragments of UDP datagrams, from packet %llu on, are not put together",
		 (unsigned long long)counts->first_fragment);
	remark(&text, counts->fragments, "fragment of a UDP datagram is not put together", first);
	remark(&text, counts->cut, "datagram was cut short when it was captured",
	       "datagrams were cut short when they were captured");
	remark(&text, counts->malformed, "packet has lengths that cannot be",
	       "packets have lengths that cannot be");
	for (size_t i = 0; i < CAPTURE_UNREAD_MAX && counts->unread[i].packets; i++) {
		const char *name =
			i == CAPTURE_UNREAD_MAX - 1 ? "other tunnels" : counts->unread[i].name;

		snprintf(one, sizeof one, "packet of %s was not looked into", name);
		snprintf(many, sizeof many, "packets of %s were not looked into", name);
		remark(&text, counts->unread[i].packets, one, many);
	}
	if (!counts->datagrams)
		remark(&text, counts->other_ports,
		       "UDP datagram is on another port (name it with --port)",
		       "UDP datagrams are on other ports (name them with --port)");
	return text.len;
}
