/* Output of serve, watch and the like: a reader that stops reading does not stop them. */
#include "steady.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Octets for a reader that is slow; of a common line; milliseconds for the reader at the end, which
 * a signal asked for. */
enum { KEPT = 1 << 20, A_LINE = 128, PATIENCE = 20 };

/* Says where lines are missing, once there is room again. */
static void tell_dropped(struct steady_stream *stream)
{
	uint64_t n = stream->outlet.dropped - stream->told;

	if (!n || outlet_waits(&stream->outlet) || stream->outlet.error)
		return;
	stream->told = stream->outlet.dropped;
	write_note(stream->steady->out,
		   "%llu line%s missing here: the reader did not keep up, or memory is out",
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

/* Room for a line of so many octets: a failed allocation costs a line, and the status. */
static bool has_room(struct steady_stream *stream, size_t len)
{
	char *line;

	if (len <= stream->room)
		return true;
	line = realloc(stream->line, 2 * len);
	if (!line) {
		stream->outlet.dropped++;
		stream->steady->out->failed = true;
		return false;
	}
	stream->line = line;
	stream->room = 2 * len;
	return true;
}

static void put(struct steady_stream *stream, const char *name, const char *line)
{
	size_t named = strlen(name), len = strlen(line);

	if (!has_room(stream, named + len + 1))
		return;
	memcpy(stream->line, name, named);
	memcpy(stream->line + named, line, len);
	stream->line[named + len] = '\n';
	outlet_put(&stream->outlet, stream->line, named + len + 1);
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
	put(&steady->lines, "", line);
}

static void to_errors(void *arg, const char *line)
{
	struct steady *steady = arg;

	put(&steady->errors, "pcpscope: ", line);
}

static bool begin(struct steady_stream *stream, struct steady *steady, int fd)
{
	stream->steady = steady;
	return outlet_begin(&stream->outlet, fd, KEPT) && has_room(stream, A_LINE);
}

static void drop(struct steady_stream *stream)
{
	outlet_end(&stream->outlet);
	free(stream->line);
}

bool steady_begin(struct steady *steady, struct writer *out, struct loop *loop)
{
	*steady = (struct steady){ .out = out,
				   .before = out->to,
				   .loop = loop,
				   .lines.outlet.fd = -1,
				   .errors.outlet.fd = -1 };
	if (!begin(&steady->lines, steady, STDOUT_FILENO) ||
	    !begin(&steady->errors, steady, STDERR_FILENO)) {
		drop(&steady->lines);
		drop(&steady->errors);
		return false;
	}
	/* Each line by itself, so that they can be counted, and on its way at once. */
	out->to = (struct writer_to){ .arg = steady,
				      .line = to_lines,
				      .error = out->to.error ? to_errors : NULL };
	return true;
}

bool steady_was_said(const struct steady *steady)
{
	return !steady->gone && !steady->out->failed;
}

static void end(struct steady_stream *stream)
{
	if (outlet_waits(&stream->outlet))
		loop_unwatch_room(stream->steady->loop, outlet_fd(&stream->outlet));
	outlet_drain(&stream->outlet, PATIENCE);
	drop(stream);
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
