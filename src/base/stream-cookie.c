/* fopencookie(3), which glibc and musl have. */
#define _GNU_SOURCE
#include "stream.h"

static ssize_t take(void *cookie, char *buf, size_t cap)
{
	struct stream *stream = cookie;

	return (ssize_t)stream->take(stream, buf, cap);
}

FILE *stream_open(struct stream *stream)
{
	return fopencookie(stream, "rb", (cookie_io_functions_t){ .read = take });
}
