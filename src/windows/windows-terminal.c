/*
 * The terminal: the console, which since Windows 10 speaks the language of xterm and has no other
 * name for it; or pipes, where TERM, LINES and COLUMNS say that a terminal is at their other end.
 */
#include <winsock2.h>

#include <errno.h>
#include <io.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <termios.h>
#include <unistd.h>

#include "windows-private.h"

/* Of newer headers than the oldest that builds this. */
enum { SPEAKS = 0x0004, NO_RETURN = 0x0008, SENDS = 0x0200 };

static struct termios now = { .c_iflag = BRKINT | ICRNL | IXON,
			      .c_oflag = OPOST | ONLCR,
			      .c_cflag = CS8,
			      .c_lflag = ECHO | ICANON | IEXTEN | ISIG };
static volatile bool raw;
static DWORD in_before, out_before;

static HANDLE handle(int fd)
{
	return fd < WINDOWS_FIRST ? (HANDLE)_get_osfhandle(fd) : INVALID_HANDLE_VALUE;
}

static bool is_console(int fd, DWORD *mode)
{
	return GetConsoleMode(handle(fd), mode) != 0;
}

/* What an environment says of the other end of a pipe. */
static int number_of(const char *name)
{
	const char *text = getenv(name);
	int number = text ? atoi(text) : 0;

	return number > 0 && number < 10000 ? number : 0;
}

int isatty(int fd)
{
	DWORD mode;

	if (is_console(fd, &mode))
		return 1;
	return GetFileType(handle(fd)) == FILE_TYPE_PIPE && getenv("TERM") && number_of("LINES") &&
	       number_of("COLUMNS");
}

bool windows_raw(void)
{
	return raw;
}

int tcgetattr(int fd, struct termios *modes)
{
	if (!isatty(fd)) {
		errno = ENOTTY;
		return -1;
	}
	*modes = now;
	return 0;
}

/* Standard input and output are one terminal. */
static void set_console(bool is_raw)
{
	HANDLE in = GetStdHandle(STD_INPUT_HANDLE), out = GetStdHandle(STD_OUTPUT_HANDLE);

	if (is_raw && !raw) {
		in_before = out_before = 0;
		(void)GetConsoleMode(in, &in_before);
		(void)GetConsoleMode(out, &out_before);
		SetConsoleMode(in, SENDS | ENABLE_WINDOW_INPUT | ENABLE_EXTENDED_FLAGS);
		SetConsoleMode(out, ENABLE_PROCESSED_OUTPUT | SPEAKS | NO_RETURN);
	} else if (!is_raw && raw) {
		SetConsoleMode(in, in_before | ENABLE_EXTENDED_FLAGS);
		SetConsoleMode(out, out_before);
	}
	raw = is_raw;
}

int tcsetattr(int fd, int when, const struct termios *modes)
{
	(void)when;
	if (!isatty(fd)) {
		errno = ENOTTY;
		return -1;
	}
	now = *modes;
	set_console(!(now.c_lflag & ICANON));
	return 0;
}

static int size_of(int fd, struct winsize *size)
{
	CONSOLE_SCREEN_BUFFER_INFO info;

	*size = (struct winsize){ .ws_row = (unsigned short)number_of("LINES"),
				  .ws_col = (unsigned short)number_of("COLUMNS") };
	if (GetConsoleScreenBufferInfo(handle(fd), &info)) {
		size->ws_row = (unsigned short)(info.srWindow.Bottom - info.srWindow.Top + 1);
		size->ws_col = (unsigned short)(info.srWindow.Right - info.srWindow.Left + 1);
	}
	if (size->ws_row && size->ws_col)
		return 0;
	errno = ENOTTY;
	return -1;
}

static int waiting(int fd, int *octets)
{
	uintptr_t socket = windows_place(fd) ? windows_socket_of(fd) : windows_input(fd);
	u_long n = 0;

	if (socket == INVALID_SOCKET ||
	    ioctlsocket(socket, _IOR('f', 127, u_long), &n) == SOCKET_ERROR)
		return windows_failed();
	*octets = (int)n;
	return 0;
}

int ioctl(int fd, int what, ...)
{
	va_list ap;
	void *to;

	va_start(ap, what);
	to = va_arg(ap, void *);
	va_end(ap);
	return what == TIOCGWINSZ ? size_of(fd, to) : waiting(fd, to);
}

/* The console has no name for what it speaks; one that does not speak it gets none. */
void windows_name_terminal(void)
{
	HANDLE out = GetStdHandle(STD_OUTPUT_HANDLE);
	DWORD mode;

	if (getenv("TERM") || !GetConsoleMode(out, &mode))
		return;
	if (SetConsoleMode(out, mode | ENABLE_PROCESSED_OUTPUT | SPEAKS))
		_putenv("TERM=xterm-256color");
	SetConsoleMode(out, mode);
}

int memfd_create(const char *name, unsigned flags)
{
	char folder[MAX_PATH], path[MAX_PATH];
	HANDLE file;

	(void)name, (void)flags;
	if (!GetTempPathA(sizeof folder, folder) || !GetTempFileNameA(folder, "pcp", 0, path)) {
		errno = ENOENT;
		return -1;
	}
	file = CreateFileA(path, GENERIC_READ | GENERIC_WRITE, 0, NULL, CREATE_ALWAYS,
			   FILE_ATTRIBUTE_TEMPORARY | FILE_FLAG_DELETE_ON_CLOSE, NULL);
	return file == INVALID_HANDLE_VALUE ? -1 : _open_osfhandle((intptr_t)file, 0);
}
