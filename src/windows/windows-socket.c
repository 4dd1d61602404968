/* Winsock with POSIX's names, descriptors and errors. */
#include <winsock2.h>

#include <mswsock.h>
#include <ws2tcpip.h>

#include <errno.h>
#include <sys/uio.h>

#include "windows-private.h"

/* What posix/ names so. */
int windows_socket(int family, int type, int protocol);
int windows_bind(int fd, const struct sockaddr *address, socklen_t len);
int windows_connect(int fd, const struct sockaddr *address, socklen_t len);
int windows_listen(int fd, int backlog);
int windows_accept(int fd, struct sockaddr *address, socklen_t *len);
int windows_shutdown(int fd, int how);
int windows_getsockname(int fd, struct sockaddr *address, socklen_t *len);
int windows_getsockopt(int fd, int level, int name, void *value, socklen_t *len);
int windows_setsockopt(int fd, int level, int name, const void *value, socklen_t len);
int windows_socketpair(int family, int type, int protocol, int fd[2]);
int windows_pipe(int ends[2]);
long long windows_sendto(int fd, const void *buf, size_t len, int flags, const struct sockaddr *to,
			 socklen_t to_len);
long long windows_recvmsg(int fd, struct msghdr *message, int flags);
long long windows_sendmsg(int fd, const struct msghdr *message, int flags);

static int errno_of(int error)
{
	static const struct {
		int theirs, ours;
	} errors[] = {
		{ WSAEWOULDBLOCK, EAGAIN },
		{ WSAEINTR, EINTR },
		{ WSAEBADF, EBADF },
		{ WSAEACCES, EACCES },
		{ WSAEFAULT, EFAULT },
		{ WSAEINVAL, EINVAL },
		{ WSAEMFILE, EMFILE },
		{ WSAENOTSOCK, ENOTSOCK },
		{ WSAEMSGSIZE, EMSGSIZE },
		{ WSAEADDRINUSE, EADDRINUSE },
		{ WSAEADDRNOTAVAIL, EADDRNOTAVAIL },
		{ WSAENETDOWN, ENETDOWN },
		{ WSAENETUNREACH, ENETUNREACH },
		{ WSAECONNABORTED, ECONNABORTED },
		{ WSAECONNRESET, ECONNRESET },
		{ WSAENOBUFS, ENOBUFS },
		{ WSAEISCONN, EISCONN },
		{ WSAENOTCONN, ENOTCONN },
		{ WSAESHUTDOWN, EPIPE },
		{ WSAETIMEDOUT, ETIMEDOUT },
		{ WSAECONNREFUSED, ECONNREFUSED },
		{ WSAEHOSTUNREACH, EHOSTUNREACH },
		{ WSAEAFNOSUPPORT, EAFNOSUPPORT },
		{ WSAEOPNOTSUPP, EOPNOTSUPP },
		{ WSAENOPROTOOPT, ENOPROTOOPT },
		{ WSAEINPROGRESS, EINPROGRESS },
		{ WSAEPROTONOSUPPORT, EPROTONOSUPPORT },
	};

	for (size_t i = 0; i < sizeof errors / sizeof *errors; i++)
		if (errors[i].theirs == error)
			return errors[i].ours;
	return error ? EIO : 0;
}

int windows_failed(void)
{
	errno = errno_of(WSAGetLastError());
	return -1;
}

static int told(int result)
{
	return result == SOCKET_ERROR ? windows_failed() : result;
}

uintptr_t windows_socket_of(int fd)
{
	struct windows_place *place = windows_place(fd);

	if (place && place->folder)
		errno = ENOTSOCK;
	return place && !place->folder ? place->socket : INVALID_SOCKET;
}

static int adopt(SOCKET socket)
{
	int fd;

	if (socket == INVALID_SOCKET)
		return windows_failed();
	fd = windows_put(socket, NULL);
	if (fd < 0)
		closesocket(socket);
	return fd;
}

/* An ICMP error is none of the next datagram's: whom it concerns is not told. */
static void hear_no_errors(SOCKET socket)
{
	BOOL no = FALSE;
	DWORD size = 0;

	WSAIoctl(socket, SIO_UDP_CONNRESET, &no, sizeof no, NULL, 0, &size, NULL, NULL);
}

int windows_socket(int family, int type, int protocol)
{
	SOCKET made = WSASocketW(family, type, protocol, NULL, 0,
				 WSA_FLAG_OVERLAPPED | WSA_FLAG_NO_HANDLE_INHERIT);

	if (made != INVALID_SOCKET && type == SOCK_DGRAM)
		hear_no_errors(made);
	return adopt(made);
}

/* A group is no address that can be bound: who joins it hears it at any. */
static bool is_group(const struct sockaddr *address, struct sockaddr_storage *any, size_t len)
{
	struct sockaddr_in *v4 = (struct sockaddr_in *)(void *)any;
	struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)(void *)any;

	if (len > sizeof *any)
		return false;
	memcpy(any, address, len);
	if (any->ss_family == AF_INET && (v4->sin_addr.s_addr & 0xf0) == 0xe0) {
		v4->sin_addr.s_addr = 0;
		return true;
	}
	if (any->ss_family == AF_INET6 && v6->sin6_addr.s6_addr[0] == 0xff) {
		memset(&v6->sin6_addr, 0, sizeof v6->sin6_addr);
		v6->sin6_scope_id = 0;
		return true;
	}
	return false;
}

int windows_bind(int fd, const struct sockaddr *address, socklen_t len)
{
	struct sockaddr_storage any;
	SOCKET socket = windows_socket_of(fd);

	if (socket == INVALID_SOCKET)
		return -1;
	if (is_group(address, &any, (size_t)len))
		address = (const struct sockaddr *)&any;
	return told(bind(socket, address, len));
}

int windows_connect(int fd, const struct sockaddr *address, socklen_t len)
{
	SOCKET socket = windows_socket_of(fd);

	if (socket == INVALID_SOCKET)
		return -1;
	if (connect(socket, address, len) != SOCKET_ERROR)
		return 0;
	windows_failed();
	if (errno == EAGAIN)
		errno = EINPROGRESS;
	return -1;
}

int windows_listen(int fd, int backlog)
{
	SOCKET socket = windows_socket_of(fd);

	return socket == INVALID_SOCKET ? -1 : told(listen(socket, backlog));
}

int windows_accept(int fd, struct sockaddr *address, socklen_t *len)
{
	SOCKET socket = windows_socket_of(fd);

	return socket == INVALID_SOCKET ? -1 : adopt(accept(socket, address, len));
}

int windows_shutdown(int fd, int how)
{
	SOCKET socket = windows_socket_of(fd);

	return socket == INVALID_SOCKET ? -1 : told(shutdown(socket, how));
}

int windows_getsockname(int fd, struct sockaddr *address, socklen_t *len)
{
	SOCKET socket = windows_socket_of(fd);

	return socket == INVALID_SOCKET ? -1 : told(getsockname(socket, address, len));
}

int windows_getsockopt(int fd, int level, int name, void *value, socklen_t *len)
{
	SOCKET socket = windows_socket_of(fd);

	if (socket == INVALID_SOCKET || told(getsockopt(socket, level, name, value, len)) < 0)
		return -1;
	if (level == SOL_SOCKET && name == SO_ERROR && *len == sizeof(int))
		*(int *)value = errno_of(*(int *)value);
	return 0;
}

/* To Windows SO_REUSEADDR of TCP means to take a port from whoever listens on it; what POSIX means
 * is so without it. */
int windows_setsockopt(int fd, int level, int name, const void *value, socklen_t len)
{
	SOCKET socket = windows_socket_of(fd);
	int type = 0, size = sizeof type;

	if (socket == INVALID_SOCKET)
		return -1;
	if (level == SOL_SOCKET && name == SO_REUSEADDR &&
	    getsockopt(socket, SOL_SOCKET, SO_TYPE, (char *)&type, &size) == 0 &&
	    type == SOCK_STREAM)
		return 0;
	return told(setsockopt(socket, level, name, value, len));
}

/* ---- two ends ---- */

static bool meet(SOCKET listener, uintptr_t pair[2])
{
	struct sockaddr_in at = { .sin_family = AF_INET }, from = at, other;
	int len = sizeof at, from_len = sizeof from, other_len = sizeof other;

	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (bind(listener, (struct sockaddr *)&at, sizeof at) == SOCKET_ERROR ||
	    listen(listener, 1) == SOCKET_ERROR ||
	    getsockname(listener, (struct sockaddr *)&at, &len) == SOCKET_ERROR ||
	    connect(pair[0], (struct sockaddr *)&at, sizeof at) == SOCKET_ERROR)
		return false;
	pair[1] = accept(listener, (struct sockaddr *)&from, &from_len);
	/* Another program may have come first. */
	return pair[1] != INVALID_SOCKET &&
	       getsockname(pair[0], (struct sockaddr *)&other, &other_len) != SOCKET_ERROR &&
	       other.sin_port == from.sin_port;
}

bool windows_pair(uintptr_t pair[2])
{
	SOCKET listener = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
	bool done;

	pair[0] = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
	pair[1] = INVALID_SOCKET;
	done = listener != INVALID_SOCKET && pair[0] != INVALID_SOCKET && meet(listener, pair);
	if (!done)
		windows_failed();
	closesocket(listener);
	for (int i = 0; i < 2 && !done; i++)
		closesocket(pair[i]);
	return done;
}

int windows_socketpair(int family, int type, int protocol, int fd[2])
{
	uintptr_t pair[2];

	(void)family, (void)type, (void)protocol;
	if (!windows_pair(pair))
		return -1;
	fd[0] = adopt(pair[0]);
	fd[1] = adopt(pair[1]);
	return fd[0] < 0 || fd[1] < 0 ? -1 : 0;
}

int windows_pipe(int ends[2])
{
	return windows_socketpair(AF_INET, SOCK_STREAM, 0, ends);
}

/* ---- octets ---- */

/* Whether it would have to wait, and must not: EAGAIN. */
static bool must_wait(SOCKET socket, int flags)
{
	fd_set one;

	if (!(flags & MSG_DONTWAIT))
		return false;
	FD_ZERO(&one);
	FD_SET(socket, &one);
	errno = EAGAIN;
	return select(0, &one, NULL, NULL, &(struct timeval){ 0, 0 }) == 0;
}

static int theirs(int flags)
{
	return flags & ~(MSG_NOSIGNAL | MSG_DONTWAIT);
}

static int room(size_t len)
{
	return len > INT_MAX ? INT_MAX : (int)len;
}

/* Of a datagram that is longer than the room the rest is lost, which is no error. */
static long long received(int got, size_t cap)
{
	if (got != SOCKET_ERROR)
		return got;
	return WSAGetLastError() == WSAEMSGSIZE ? (long long)cap : windows_failed();
}

long long windows_recv(int fd, void *buf, size_t cap, int flags)
{
	SOCKET socket = windows_socket_of(fd);

	if (socket == INVALID_SOCKET || must_wait(socket, flags))
		return -1;
	return received(recv(socket, buf, room(cap), theirs(flags)), cap);
}

long long windows_send(int fd, const void *buf, size_t len, int flags)
{
	return windows_sendto(fd, buf, len, flags, NULL, 0);
}

long long windows_sendto(int fd, const void *buf, size_t len, int flags, const struct sockaddr *to,
			 socklen_t to_len)
{
	SOCKET socket = windows_socket_of(fd);

	if (socket == INVALID_SOCKET)
		return -1;
	return told(sendto(socket, buf, room(len), theirs(flags), to, to_len));
}

static WSAMSG theirs_of(const struct msghdr *message, WSABUF *octets)
{
	*octets = (WSABUF){ .len = (ULONG)message->msg_iov->iov_len,
			    .buf = message->msg_iov->iov_base };
	return (WSAMSG){ .name = message->msg_name,
			 .namelen = (INT)message->msg_namelen,
			 .lpBuffers = octets,
			 .dwBufferCount = 1,
			 .Control = { .len = (ULONG)message->msg_controllen,
				      .buf = message->msg_control } };
}

/* Winsock gives it to who asks for it. */
static LPFN_WSARECVMSG receiver(SOCKET socket)
{
	static LPFN_WSARECVMSG function;
	GUID id = WSAID_WSARECVMSG;
	DWORD size = 0;

	if (!function)
		WSAIoctl(socket, SIO_GET_EXTENSION_FUNCTION_POINTER, &id, sizeof id, &function,
			 sizeof function, &size, NULL, NULL);
	return function;
}

long long windows_recvmsg(int fd, struct msghdr *message, int flags)
{
	SOCKET socket = windows_socket_of(fd);
	LPFN_WSARECVMSG receive = socket == INVALID_SOCKET ? NULL : receiver(socket);
	WSABUF octets;
	WSAMSG theirs_ = theirs_of(message, &octets);
	DWORD got = 0;
	long long len;

	if (!receive || must_wait(socket, flags))
		return -1;
	len = received(receive(socket, &theirs_, &got, NULL, NULL), message->msg_iov->iov_len);
	message->msg_namelen = theirs_.namelen;
	message->msg_controllen = (socklen_t)theirs_.Control.len;
	return len == 0 ? (long long)got : len;
}

long long windows_sendmsg(int fd, const struct msghdr *message, int flags)
{
	SOCKET socket = windows_socket_of(fd);
	WSABUF octets;
	WSAMSG theirs_ = theirs_of(message, &octets);
	DWORD sent = 0;

	if (!message->msg_controllen)
		return windows_sendto(fd, message->msg_iov->iov_base, message->msg_iov->iov_len,
				      flags, message->msg_name, message->msg_namelen);
	if (socket == INVALID_SOCKET ||
	    told(WSASendMsg(socket, &theirs_, (DWORD)theirs(flags), &sent, NULL, NULL)) < 0)
		return -1;
	return (long long)sent;
}
