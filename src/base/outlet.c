/* Output that never waits for who reads it. */
#include "outlet.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A description that cannot be had anew is asked for room first, and takes this much without
 * waiting when it has some: what POSIX promises of a pipe. */
enum { A_PIECE = 512 };

static bool room_for_piece(struct outlet *outlet)
{
	size_t room = outlet->room ? 2 * outlet->room : 64;
	uint32_t *piece;

	if (outlet->npiece < outlet->room)
		return true;
	piece = realloc(outlet->piece, room * sizeof *piece);
	if (!piece)
		return false;
	outlet->piece = piece;
	outlet->room = room;
	return true;
}

static bool have_memory(struct outlet *outlet, int fd, size_t cap)
{
	*outlet = (struct outlet){ .fd = fd, .cap = cap, .kept = malloc(cap) };
	return outlet->kept && room_for_piece(outlet);
}

/* O_NONBLOCK belongs to the open file, which others may share: so it is opened once more. A regular
 * file never waits, and one that is opened anew would begin at its start. */
static int anew(int fd)
{
	char path[32];
	struct stat stat;
	int own;

	if (fstat(fd, &stat) < 0 || !(S_ISFIFO(stat.st_mode) || S_ISCHR(stat.st_mode)))
		return -1;
	snprintf(path, sizeof path, "/dev/fd/%d", fd);
	own = open(path, O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (own < 0 || (fcntl(own, F_GETFL) & O_NONBLOCK))
		return own;
	close(own); /* some systems give the same description once more */
	return -1;
}

bool outlet_begin(struct outlet *outlet, int fd, size_t cap)
{
	int own;

	if (!have_memory(outlet, fd, cap)) {
		outlet->borrowed = true;
		outlet_end(outlet);
		return false;
	}
	own = anew(fd);
	outlet->borrowed = own < 0;
	outlet->fd = own < 0 ? fd : own;
	return true;
}

bool outlet_open(struct outlet *outlet, const char *path, size_t cap)
{
	int fd = open(path, O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	int error = fd < 0 ? errno : ENOMEM;

	if (have_memory(outlet, fd, cap) && fd >= 0)
		return true;
	outlet_end(outlet);
	errno = error;
	return false;
}

static bool has_room(int fd)
{
	struct pollfd room = { .fd = fd, .events = POLLOUT };

	return poll(&room, 1, 0) > 0;
}

/* write(2) without SIGPIPE, which would end the program in place of telling it. */
static ssize_t write_quietly(int fd, const void *octets, size_t len)
{
	sigset_t broken, before, already, pending;
	ssize_t wrote;
	int error, signo;

	sigemptyset(&broken);
	sigaddset(&broken, SIGPIPE);
	sigpending(&already);
	sigprocmask(SIG_BLOCK, &broken, &before);
	wrote = write(fd, octets, len);
	error = errno;
	sigpending(&pending);
	if (sigismember(&pending, SIGPIPE) && !sigismember(&already, SIGPIPE))
		(void)sigwait(&broken, &signo); /* it is there: this does not wait */
	sigprocmask(SIG_SETMASK, &before, NULL);
	errno = error;
	return wrote;
}

/* How much was taken at once; the rest would have to wait, or nobody reads: outlet->error. */
static size_t push(struct outlet *outlet, const uint8_t *octets, size_t len)
{
	size_t done = 0;

	while (done < len && !outlet->error) {
		size_t piece = len - done;
		ssize_t wrote;

		if (outlet->borrowed && !has_room(outlet->fd))
			break;
		if (outlet->borrowed && piece > A_PIECE)
			piece = A_PIECE;
		wrote = write_quietly(outlet->fd, octets + done, piece);
		if (wrote > 0)
			done += (size_t)wrote;
		else if (wrote < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
			break;
		else if (wrote < 0 && errno != EINTR)
			outlet->error = errno;
	}
	return done;
}

/* So many octets of what was kept have gone. */
static void pieces_gone(struct outlet *outlet, size_t done)
{
	size_t n = 0;

	while (n < outlet->npiece && outlet->piece[n] <= done)
		done -= outlet->piece[n++];
	outlet->npiece -= n;
	memmove(outlet->piece, outlet->piece + n, outlet->npiece * sizeof *outlet->piece);
	if (outlet->npiece)
		outlet->piece[0] -= (uint32_t)done;
}

bool outlet_flush(struct outlet *outlet)
{
	size_t done = push(outlet, outlet->kept, outlet->len);

	if (done) {
		outlet->len -= done;
		memmove(outlet->kept, outlet->kept + done, outlet->len);
		pieces_gone(outlet, done);
	}
	return !outlet->error;
}

static bool drop(struct outlet *outlet, int error)
{
	outlet->dropped++;
	errno = error;
	return false;
}

bool outlet_drain(struct outlet *outlet, int patience)
{
	struct pollfd room = { .fd = outlet->fd, .events = POLLOUT };

	while (outlet_flush(outlet) && outlet_waits(outlet))
		if (poll(&room, 1, patience) <= 0)
			return false;
	return !outlet->len;
}

/* A piece of which a part is on its way must be kept to its end, whatever the bound: else it would
 * be neither whole nor dropped. So there is room for all of it, or it is not begun. */
bool outlet_put(struct outlet *outlet, const void *octets, size_t len)
{
	size_t done;

	outlet_flush(outlet);
	if (outlet->error || len > outlet->cap - outlet->len)
		return drop(outlet, outlet->error ? outlet->error : EAGAIN);
	if (!room_for_piece(outlet))
		return drop(outlet, ENOMEM);
	done = outlet->len ? 0 : push(outlet, octets, len);
	if (outlet->error)
		return drop(outlet, outlet->error);
	if (done < len) {
		memcpy(outlet->kept + outlet->len, (const uint8_t *)octets + done, len - done);
		outlet->piece[outlet->npiece++] = (uint32_t)(len - done);
	}
	outlet->len += len - done;
	return true;
}

size_t outlet_pieces(const struct outlet *outlet)
{
	return outlet->npiece;
}

bool outlet_waits(const struct outlet *outlet)
{
	return outlet->len > 0 && !outlet->error;
}

int outlet_fd(const struct outlet *outlet)
{
	return outlet->fd;
}

void outlet_end(struct outlet *outlet)
{
	if (outlet->fd >= 0 && !outlet->borrowed)
		close(outlet->fd);
	free(outlet->kept);
	free(outlet->piece);
	*outlet = (struct outlet){ .fd = -1 };
}
