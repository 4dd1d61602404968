/* Sockets, whose addresses and options stand as Winsock has them. */
#ifndef WINDOWS_SYS_SOCKET_H
#define WINDOWS_SYS_SOCKET_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <sys/uio.h>

enum { AF_UNSPEC = 0, AF_UNIX = 1, AF_INET = 2, AF_INET6 = 23 };
enum { SOCK_STREAM = 1, SOCK_DGRAM = 2 };
enum { SOL_SOCKET = 0xffff };
enum {
	SO_REUSEADDR = 0x0004,
	SO_BROADCAST = 0x0020,
	SO_LINGER = 0x0080,
	SO_SNDBUF = 0x1001,
	SO_RCVBUF = 0x1002,
	SO_ERROR = 0x1007
};
enum { MSG_PEEK = 2 };
enum { SHUT_RD, SHUT_WR, SHUT_RDWR };

struct sockaddr {
	sa_family_t sa_family;
	char sa_data[14];
};
struct sockaddr_storage {
	sa_family_t ss_family;
	char padding[6];
	uint64_t octets[15];
};
struct linger {
	unsigned short l_onoff, l_linger;
};
struct cmsghdr {
	size_t cmsg_len;
	int cmsg_level, cmsg_type;
};

#define CMSG_ALIGN(len) (((len) + sizeof(size_t) - 1) & ~(sizeof(size_t) - 1))
#define CMSG_DATA(head) ((unsigned char *)(head) + CMSG_ALIGN(sizeof(struct cmsghdr)))
#define CMSG_LEN(len)	(CMSG_ALIGN(sizeof(struct cmsghdr)) + (len))
#define CMSG_SPACE(len) ((socklen_t)(CMSG_ALIGN(sizeof(struct cmsghdr)) + CMSG_ALIGN(len)))
#define CMSG_FIRSTHDR(m)                                                                           \
	((m)->msg_controllen >= sizeof(struct cmsghdr) ? (struct cmsghdr *)(m)->msg_control : NULL)
#define CMSG_NXTHDR(m, head) windows_next_message(m, head)

static inline struct cmsghdr *windows_next_message(const struct msghdr *message,
						   const struct cmsghdr *head)
{
	unsigned char *start = (unsigned char *)message->msg_control;
	size_t next = (size_t)((const unsigned char *)head - start) + CMSG_ALIGN(head->cmsg_len);

	if (head->cmsg_len < sizeof *head || next + sizeof *head > message->msg_controllen)
		return NULL;
	return (struct cmsghdr *)(void *)(start + next);
}

int socket(int family, int type, int protocol) __asm__("windows_socket");
int bind(int fd, const struct sockaddr *address, socklen_t len) __asm__("windows_bind");
int connect(int fd, const struct sockaddr *address, socklen_t len) __asm__("windows_connect");
int listen(int fd, int backlog) __asm__("windows_listen");
int accept(int fd, struct sockaddr *address, socklen_t *len) __asm__("windows_accept");
int shutdown(int fd, int how) __asm__("windows_shutdown");
int getsockname(int fd, struct sockaddr *address, socklen_t *len) __asm__("windows_getsockname");
int getsockopt(int fd, int level, int name, void *value,
	       socklen_t *len) __asm__("windows_getsockopt");
int setsockopt(int fd, int level, int name, const void *value,
	       socklen_t len) __asm__("windows_setsockopt");
int socketpair(int family, int type, int protocol, int fd[2]) __asm__("windows_socketpair");
ssize_t recv(int fd, void *buf, size_t cap, int flags) __asm__("windows_recv");
ssize_t send(int fd, const void *buf, size_t len, int flags) __asm__("windows_send");
ssize_t sendto(int fd, const void *buf, size_t len, int flags, const struct sockaddr *to,
	       socklen_t to_len) __asm__("windows_sendto");
ssize_t recvmsg(int fd, struct msghdr *message, int flags) __asm__("windows_recvmsg");
ssize_t sendmsg(int fd, const struct msghdr *message, int flags) __asm__("windows_sendmsg");

#endif
