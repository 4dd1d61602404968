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
#include <time.h>
#include <unistd.h>

/* A description that cannot be had anew is asked for room first, and takes this much without
 * waiting when it has some: what POSIX promises of a pipe. */
enum { A_PIECE = 512 };

static bool have_memory(struct outlet *outlet, int fd, size_t cap)
{
	*outlet = (struct outlet){ .fd = fd, .cap = cap, .kept = malloc(cap) };
	return outlet->kept != NULL;
}

/* O_NONBLOCK belongs to the open file, which others may share: so it is opened once more. A regular
 * file never waits, and one that is opened anew would begin at its start. */
static int anew(int fd)
{
	char path[32];
	struct stat stat;

	if (fstat(fd, &stat) < 0 || !(S_ISFIFO(stat.st_mode) || S_ISCHR(stat.st_mode)))
		return -1;
	snprintf(path, sizeof path, "/dev/fd/%d", fd);
	return open(path, O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
}

bool outlet_begin(struct outlet *outlet, int fd, size_t cap)
{
	int own;

	if (!have_memory(outlet, fd, cap))
		return false;
	own = anew(fd);
	outlet->borrowed = own < 0;
	outlet->fd = own < 0 ? fd : own;
	return true;
}

bool outlet_open(struct outlet *outlet, const char *path, size_t cap)
{
	int fd = open(path, O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC), error;

	if (have_memory(outlet, fd, cap) && fd >= 0)
		return true;
	error = outlet->kept ? errno : ENOMEM;
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
	static const struct timespec now;
	sigset_t broken, before, pending;
	ssize_t wrote;
	int error;

	sigemptyset(&broken);
	sigaddset(&broken, SIGPIPE);
	sigpending(&pending);
	sigprocmask(SIG_BLOCK, &broken, &before);
	wrote = write(fd, octets, len);
	error = errno;
	if (wrote < 0 && error == EPIPE && !sigismember(&pending, SIGPIPE))
		while (sigtimedwait(&broken, NULL, &now) < 0 && errno == EINTR)
			;
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

bool outlet_flush(struct outlet *outlet)
{
	size_t done = push(outlet, outlet->kept, outlet->len);

	if (done) {
		outlet->len -= done;
		memmove(outlet->kept, outlet->kept + done, outlet->len);
	}
	return !outlet->error;
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
	if (outlet->error || len > outlet->cap - outlet->len) {
		outlet->dropped++;
		errno = outlet->error ? outlet->error : EAGAIN;
		return false;
	}
	done = outlet->len ? 0 : push(outlet, octets, len);
	if (outlet->error) {
		outlet->dropped++;
		errno = outlet->error;
		return false;
	}
	if (done < len)
		memcpy(outlet->kept + outlet->len, (const uint8_t *)octets + done, len - done);
	outlet->len += len - done;
	return true;
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
	*outlet = (struct outlet){ .fd = -1 };
}
