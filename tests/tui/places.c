#include "places.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "stranger.h"
#include "views.h"

enum { ROWS = 40, COLS = 120, MAPPINGS = 45 };

const struct place places[] = {
	{ IN_COMPOSE, "Compose", "o\r", OUT F2 "gjj", OUT F2 "gjjz", "1 Compose", '^' },
	{ IN_FIELD, "a field", "", OUT F2 "gj", NULL, "Internal port", '^' },
	{ IN_MAPPINGS, "Mappings", "", OUT F3 "gjj", OUT F3 "gjjz", "exchange #", '^' },
	{ IN_EXCHANGES, "Exchanges", "", OUT F4 "gjj", OUT F4 "gjjz", "octets", '^' },
	{ IN_DECODE, "Decode", F4 "gj", OUT F5 "hgjj", OUT F5 "hgjjllz", "fold", '^' },
	{ IN_LADDER, "Ladder", "", OUT F4 "gjjl", NULL, "Ladder", '^' },
	{ IN_COMPARE, "Compare", F4 "gmjm", OUT F4 "=gjj", NULL, "Compare", '^' },
	{ IN_LAB, "Lab", "", OUT "Lgjj", OUT "Lgjjz", "L close", '^' },
	{ IN_PROBE, "Probe", "", OUT "Pgn", OUT "Pgnl", "another nonce", '^' },
	{ IN_VISIT, "panes that Probe opened", "", OUT "Pgn\r", NULL, "q back", '^' },
	{ IN_OUTPUT, "Output", ":fields\r", OUT F4 "Ogjj", NULL, "Output", '^' },
	{ IN_HELP, "Help", "", OUT "?jj", NULL, "every key", '^' },
	{ IN_CAPTURE, "a capture's contents", "", OUT F2 ">", OUT F2 ">z", "what is in it", '^' },
	{ IN_REPLAY, "a capture", "", OUT F4 ">", NULL, "Space plays", '^' },
	/* Each step that it gets to is done before the key comes. */
	{ IN_TOUR, "the tour", "", OUT "t" F2 "gs" F5 "gj", NULL, "Tour", '\0' },
	{ IN_TEXT, "text", "", OUT F2 ":\020\020\002", NULL, ":map", '\0' },
	{ IN_MENU, "menu", "", OUT F2 "oe\033[B\033[B", NULL, "take", '\0' },
	{ IN_HEX, "octets", "E", OUT F2 "\r\001\033[C\033[C", NULL, "truncate", '\0' },
	{ IN_QUESTION, "a question", "", OUT F2 "q", NULL, "End?", '\0' }, /* every key answers */
};
const size_t place_count = sizeof places / sizeof *places;

static struct stranger stranger;
static char capture[] = "/tmp/pcpscope-XXXXXX";

/* Nothing asks before it goes as long as all mappings are the lab's. */
static void map_elsewhere(struct term *term, const char *server)
{
	char line[64];

	snprintf(line, sizeof line, ":map 1000 0 tcp -to %s\r", server);
	term_send(term, line);
	snprintf(line, sizeof line, "✓ #%d ", MAPPINGS + 1);
	term_expect(term, line);
}

struct term *place_open_as(const struct place *place, int rows, int cols, const char *option)
{
	char server[32], line[64], count[16];

	snprintf(server, sizeof server, "127.0.0.1:%u", stranger.port);
	struct term *term = dash_open(
		&(struct dash){ .rows = rows,
				.cols = cols,
				.words = place->where & (IN_PROBE | IN_VISIT) ? "break=C05" : NULL,
				.option = { "-s", server, option } });

	for (int i = 1; i <= MAPPINGS; i++) {
		snprintf(line, sizeof line, ":map %d %d tcp -lt 20h\r", i, 10000 + i);
		term_send(term, line);
	}
	snprintf(count, sizeof count, "● %d", MAPPINGS);
	term_expect(term, count);
	term_expect_gone(term, "◌");
	if (place->where == IN_QUESTION)
		map_elsewhere(term, server);
	if (place->where & (IN_REPLAY | IN_CAPTURE)) {
		snprintf(line, sizeof line, ":open %s\r", capture);
		term_send(term, line);
		term_expect(term, "datagram 1 of");
	}
	if (place->where & (IN_PROBE | IN_VISIT)) {
		term_send(term, ":probe C05\r");
		term_expect(term, "grade F");
	}
	term_send(term, place->once);
	return term;
}

struct term *place_open(const struct place *place)
{
	return place_open_as(place, ROWS, COLS, NULL);
}

int places_start(void **state)
{
	int fd = mkstemp(capture);

	(void)state;
	if (fd < 0 || close(fd) || !stranger_capture(capture, true))
		return -1;
	return stranger_start(&stranger) ? 0 : -1;
}

int places_stop(void **state)
{
	(void)state;
	stranger_stop(&stranger);
	return unlink(capture);
}
