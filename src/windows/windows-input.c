/*
 * Standard input that can be waited for together with sockets: a thread reads it, and what it reads
 * comes through a socket, since select() of Windows knows nothing else.
 */
#include <winsock2.h>

#include <io.h>
#include <signal.h>

#include "windows-private.h"

enum { INPUTS = 16, PIECE = 4096, RECORDS = 128 };

struct input {
	SOCKET ours, theirs; /* ours: the program's */
	HANDLE from;
	bool console;
};

static struct input inputs[INPUTS];
static bool used[INPUTS];

/* A console ends its lines with two characters. */
static DWORD without_returns(char *octets, DWORD len)
{
	DWORD kept = 0;

	for (DWORD i = 0; i < len; i++)
		if (octets[i] != '\r')
			octets[kept++] = octets[i];
	return kept;
}

static bool send_all(SOCKET to, const char *octets, DWORD len)
{
	while (len) {
		int sent = send(to, octets, (int)len, 0);

		if (sent <= 0)
			return false;
		octets += sent;
		len -= (DWORD)sent;
	}
	return true;
}

/* Keys that were pressed, as the characters which a console sends for them, and which may take two
 * of its units: `half` is the first of those. Another size is told as it is elsewhere. */
static DWORD characters_of(const INPUT_RECORD *record, DWORD n, char *octets, wchar_t *half)
{
	wchar_t text[RECORDS + 1];
	int count = 0;

	if (*half)
		text[count++] = *half;
	*half = 0;
	for (DWORD i = 0; i < n; i++) {
		const KEY_EVENT_RECORD *key = &record[i].Event.KeyEvent;

		if (record[i].EventType == WINDOW_BUFFER_SIZE_EVENT)
			windows_raise(SIGWINCH);
		if (record[i].EventType == KEY_EVENT && key->uChar.UnicodeChar &&
		    (key->bKeyDown || key->wVirtualKeyCode == VK_MENU))
			text[count++] = key->uChar.UnicodeChar;
	}
	if (count && IS_HIGH_SURROGATE(text[count - 1]))
		*half = text[--count];
	return (DWORD)WideCharToMultiByte(CP_UTF8, 0, text, count, octets, PIECE, NULL, NULL);
}

/* False at the end; else as many octets, of which there may be none. */
static bool take(const struct input *input, char *octets, DWORD *got, wchar_t *half)
{
	INPUT_RECORD record[RECORDS];

	if (input->console && windows_raw()) {
		if (!ReadConsoleInputW(input->from, record, RECORDS, got))
			return false;
		*got = characters_of(record, *got, octets, half);
		return true;
	}
	if (!ReadFile(input->from, octets, PIECE, got, NULL) || !*got)
		return false;
	if (input->console)
		*got = without_returns(octets, *got);
	return true;
}

static DWORD WINAPI carry(void *arg)
{
	const struct input input = *(const struct input *)arg;
	char octets[PIECE];
	wchar_t half = 0;
	DWORD got;

	while (take(&input, octets, &got, &half)) {
		if (!send_all(input.theirs, octets, got))
			break;
	}
	closesocket(input.theirs);
	return 0;
}

static bool begin(struct input *input, int fd)
{
	HANDLE from = (HANDLE)_get_osfhandle(fd), thread;
	uintptr_t pair[2];
	DWORD mode;

	if (GetFileType(from) == FILE_TYPE_DISK || !windows_pair(pair))
		return false;
	*input = (struct input){ .ours = pair[0],
				 .theirs = pair[1],
				 .from = from,
				 .console = GetConsoleMode(from, &mode) != 0 };
	thread = CreateThread(NULL, 0, carry, input, 0, NULL);
	if (thread)
		CloseHandle(thread);
	return thread != NULL;
}

bool windows_input_is(int fd)
{
	return fd >= 0 && fd < INPUTS && used[fd];
}

uintptr_t windows_input(int fd)
{
	if (fd < 0 || fd >= INPUTS)
		return INVALID_SOCKET;
	used[fd] = used[fd] || begin(&inputs[fd], fd);
	return used[fd] ? inputs[fd].ours : INVALID_SOCKET;
}

/* The thread ends when it next has something to bring. */
void windows_input_end(int fd)
{
	if (windows_input_is(fd))
		closesocket(inputs[fd].ours);
	if (windows_input_is(fd))
		used[fd] = false;
}
