/* Before main(): Winsock, and streams whose octets nobody changes, in UTF-8. */
#include <winsock2.h>

#include <fcntl.h>
#include <io.h>
#include <stdio.h>
#include <stdlib.h>

#include "windows-private.h"

static UINT before;

static void put_back(void)
{
	SetConsoleOutputCP(before);
}

void windows_start(void);
void __attribute__((constructor)) windows_start(void)
{
	WSADATA data;

	if (WSAStartup(MAKEWORD(2, 2), &data)) {
		fputs("pcpscope: Windows has no sockets\n", stderr);
		exit(4);
	}
	_fmode = _O_BINARY;
	for (int fd = 0; fd < 3; fd++)
		_setmode(fd, _O_BINARY);
	before = GetConsoleOutputCP();
	SetConsoleOutputCP(CP_UTF8);
	SetConsoleCP(CP_UTF8);
	atexit(put_back);
	windows_name_terminal();
}
