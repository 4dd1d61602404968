/* Sockets by path, which are systemd's. */
#ifndef WINDOWS_SYS_UN_H
#define WINDOWS_SYS_UN_H
#include <sys/socket.h>
struct sockaddr_un {
	sa_family_t sun_family;
	char sun_path[108];
};
#endif
