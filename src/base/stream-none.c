/* Windows has no FILE whose octets come from a function. */
#include <errno.h>

#include "stream.h"

FILE *stream_open(struct stream *stream)
{
	(void)stream;
	errno = ENOSYS;
	return NULL;
}
