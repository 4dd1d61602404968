/* sd_notify: a datagram to the socket that the service manager named. */
#include "notify.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

bool notify(const char *words)
{
	const char *name = getenv("NOTIFY_SOCKET");
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	size_t len = name ? strlen(name) : 0;
	int fd, error;
	ssize_t sent;

	if (!len)
		return true;
	if (len >= sizeof address.sun_path || (name[0] != '/' && name[0] != '@')) {
		errno = EINVAL;
		return false;
	}
	memcpy(address.sun_path, name, len);
	if (name[0] == '@') /* an abstract one */
		address.sun_path[0] = '\0';
	fd = socket(AF_UNIX, SOCK_DGRAM, 0);
	if (fd < 0)
		return false;
	fcntl(fd, F_SETFD, FD_CLOEXEC);
	sent = sendto(fd, words, strlen(words), MSG_DONTWAIT, (const struct sockaddr *)&address,
		      (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len));
	error = errno;
	close(fd);
	errno = error;
	return sent == (ssize_t)strlen(words);
}
