/* Output of serve, watch and the like: a reader that stops reading does not stop them. */
#include "steady.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Octets for a reader that is slow; milliseconds for it at the end, which a signal asked for. */
enum { KEPT = 1 << 20, PATIENCE = 20 };

/* Says where lines are missing, once there is room again. */
static void tell_dropped(struct steady_stream *stream)
{
	uint64_t n = stream->outlet.dropped - stream->told;

	if (!n || outlet_waits(&stream->outlet) || stream->outlet.error)
		return;
	stream->told = stream->outlet.dropped;
	write_note(stream->steady->out, "%llu line%s missing here: the reader did not keep up",
		   (unsigned long long)n, n == 1 ? " is" : "s are");
}

static void look(struct steady_stream *stream)
{
	struct steady *steady = stream->steady;

	if (stream->outlet.error && stream == &steady->lines) {
		steady->gone = stream->outlet.error;
		loop_stop(steady->loop);
	}
}

static void room(void *arg, int fd, usec now)
{
	struct steady_stream *stream = arg;

	(void)now;
	outlet_flush(&stream->outlet);
	look(stream);
	if (!outlet_waits(&stream->outlet))
		loop_unwatch_room(stream->steady->loop, fd);
	tell_dropped(stream);
}

static void put(struct steady_stream *stream, const char *line)
{
	size_t len = strlen(line);
	char *whole = malloc(len + 1);

	if (!whole) {
		stream->outlet.dropped++;
		return;
	}
	memcpy(whole, line, len);
	whole[len] = '\n';
	outlet_put(&stream->outlet, whole, len + 1);
	free(whole);
	look(stream);
	if (outlet_waits(&stream->outlet) &&
	    !loop_watch_room(stream->steady->loop, outlet_fd(&stream->outlet), room, stream))
		outlet_flush(&stream->outlet); /* the next line tries again */
}

static void to_lines(void *arg, const char *line)
{
	struct steady *steady = arg;

	outlet_flush(&steady->lines.outlet);
	tell_dropped(&steady->lines);
	put(&steady->lines, line);
}

static void to_errors(void *arg, const char *line)
{
	struct steady *steady = arg;
	char *named = malloc(strlen(line) + sizeof "pcpscope: ");

	if (named) {
		strcat(strcpy(named, "pcpscope: "), line);
		put(&steady->errors, named);
	}
	free(named);
}

bool steady_begin(struct steady *steady, struct writer *out, struct loop *loop)
{
	*steady = (struct steady){ .out = out, .before = out->to, .loop = loop };
	steady->lines = (struct steady_stream){ .steady = steady, .outlet.fd = -1 };
	steady->errors = (struct steady_stream){ .steady = steady, .outlet.fd = -1 };
	if (!outlet_begin(&steady->lines.outlet, STDOUT_FILENO, KEPT) ||
	    !outlet_begin(&steady->errors.outlet, STDERR_FILENO, KEPT)) {
		outlet_end(&steady->lines.outlet);
		return false;
	}
	/* Each line by itself, so that they can be counted, and on its way at once. */
	out->to = (struct writer_to){ .arg = steady,
				      .line = to_lines,
				      .error = out->to.error ? to_errors : NULL };
	return true;
}

static void end(struct steady_stream *stream)
{
	if (outlet_waits(&stream->outlet))
		loop_unwatch_room(stream->steady->loop, outlet_fd(&stream->outlet));
	outlet_drain(&stream->outlet, PATIENCE);
	outlet_end(&stream->outlet);
}

enum exit_status steady_end(struct steady *steady)
{
	struct writer *out = steady->out;
	int gone = steady->gone;

	if (gone && out->to.error)
		write_error(out, "the output could not be written: %s", strerror(gone));
	end(&steady->lines);
	end(&steady->errors);
	out->to = steady->before;
	return gone ? EXIT_FAILED : EXIT_ANSWERED;
}
