/* Ctrl-C and the end of the session as signals: a thread of the system's calls the handler, which
 * sets a flag, and a socket ends the wait. */
#include <winsock2.h>

#include <errno.h>
#include <signal.h>

#include "windows-private.h"

enum { SIGNALS = 65, LAST = 5000 }; /* LAST: milliseconds to end within, before Windows does it */

static void (*volatile handlers[SIGNALS])(int signo);
static uintptr_t wake[2] = { INVALID_SOCKET, INVALID_SOCKET };

uintptr_t windows_wake(void)
{
	u_long on = 1;

	if (wake[0] == INVALID_SOCKET && windows_pair(wake))
		ioctlsocket(wake[0], (long)FIONBIO, &on);
	return wake[0];
}

void windows_raise(int signo)
{
	if (!handlers[signo])
		return;
	handlers[signo](signo);
	if (wake[1] != INVALID_SOCKET)
		(void)send(wake[1], "", 1, 0);
}

static BOOL WINAPI come(DWORD what)
{
	int signo = what == CTRL_C_EVENT ? SIGINT : SIGTERM;

	if (!handlers[signo])
		return FALSE;
	windows_raise(signo);
	if (what != CTRL_C_EVENT && what != CTRL_BREAK_EVENT)
		Sleep(LAST);
	return TRUE;
}

int sigaction(int signo, const struct sigaction *action, struct sigaction *before)
{
	static bool listens;

	if (signo <= 0 || signo >= SIGNALS) {
		errno = EINVAL;
		return -1;
	}
	if (before)
		*before = (struct sigaction){ .sa_handler = handlers[signo] };
	if (action)
		handlers[signo] = action->sa_handler;
	if (!listens)
		listens = SetConsoleCtrlHandler(come, TRUE) != 0;
	return 0;
}

int kill(pid_t pid, int signo)
{
	(void)pid, (void)signo;
	errno = ENOSYS;
	return -1;
}
