/* funopen(3), which the BSDs and macOS have. */
#include "stream.h"

static int take(void *cookie, char *buf, int cap)
{
	struct stream *stream = cookie;

	return (int)stream->take(stream, buf, (size_t)cap);
}

FILE *stream_open(struct stream *stream)
{
	return funopen(stream, take, NULL, NULL, NULL);
}
