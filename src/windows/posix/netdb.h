/* Names of hosts: Winsock has these as POSIX does. */
#ifndef WINDOWS_NETDB_H
#define WINDOWS_NETDB_H

#include <sys/socket.h>

enum { AI_NUMERICHOST = 4, EAI_AGAIN = 11002, EAI_SYSTEM = -1 };
struct addrinfo {
	int ai_flags, ai_family, ai_socktype, ai_protocol;
	size_t ai_addrlen;
	char *ai_canonname;
	struct sockaddr *ai_addr;
	struct addrinfo *ai_next;
};
int getaddrinfo(const char *host, const char *service, const struct addrinfo *hints,
		struct addrinfo **found);
void freeaddrinfo(struct addrinfo *found);
static inline const char *gai_strerror(int error)
{
	return error == EAI_AGAIN ? "Temporary failure in name resolution"
				  : "Name or service not known";
}

#endif
