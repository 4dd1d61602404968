/* Octets with their number, and datagrams with what is told of them. */
#ifndef WINDOWS_SYS_UIO_H
#define WINDOWS_SYS_UIO_H

#include <stddef.h>
#include <sys/types.h>

struct iovec {
	void *iov_base;
	size_t iov_len;
};
struct msghdr {
	void *msg_name;
	socklen_t msg_namelen;
	struct iovec *msg_iov;
	size_t msg_iovlen; /* 1 */
	void *msg_control;
	socklen_t msg_controllen;
};
/* Winsock has neither of the two: what they mean is done here. */
enum { MSG_NOSIGNAL = 0x10000, MSG_DONTWAIT = 0x20000 };

#endif
