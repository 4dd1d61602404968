/* Addresses as text: Winsock has these two as POSIX does. */
#ifndef WINDOWS_ARPA_INET_H
#define WINDOWS_ARPA_INET_H

#include <netinet/in.h>

const char *inet_ntop(int family, const void *address, char *buf, size_t cap);
int inet_pton(int family, const char *text, void *address);

#endif
