/* What curses does where memory is out: it ends with our words and our status, or is seen. */
#include "shortage.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

static struct {
	bool begun, looking, registered;
	int status;
	void (*give_back)(void);
} shortage;

static void end_it(void)
{
	static const char sentence[] = "\r\npcpscope: out of memory\r\n";
	ssize_t told;

	shortage.give_back();
	told = write(STDERR_FILENO, sentence, sizeof sentence - 1);
	(void)told;
	_exit(shortage.status);
}

/* Nobody else ends the program between begin and end. */
static void curses_exits(void)
{
	if (shortage.begun)
		end_it();
}

void shortage_begin(int status, void (*give_back)(void))
{
	if (!shortage.registered)
		shortage.registered = atexit(curses_exits) == 0;
	shortage.status = status;
	shortage.give_back = give_back;
	shortage.begun = true;
}

void shortage_end(void)
{
	shortage.begun = shortage.looking = false;
}

void shortage_look(void)
{
	shortage.looking = true;
	errno = 0;
}

bool shortage_seen(void)
{
	shortage.looking = false;
	return errno == ENOMEM;
}

void shortage_crashed(void)
{
	if (shortage.looking && errno == ENOMEM)
		end_it();
}
