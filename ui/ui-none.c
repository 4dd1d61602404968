/* In the place of the dashboard where it is left out (SCREEN=none of the Makefile): commands are
 * all that there is. */
#include "ui.h"

#include <stdio.h>

#include "cmd.h"
#include "theme.h"

static const char sentence[] =
	"this build has no dashboard; 'pcpscope --help' tells of its commands";

const struct theme *theme_named(const char *name, struct pcp_why *why)
{
	(void)name;
	pcp_refuse(why, 0, "--theme: %s", sentence);
	return NULL;
}

int ui_run(struct session *session, const struct ui_config *config)
{
	(void)session, (void)config;
	fprintf(stderr, "pcpscope: %s\n", sentence);
	return EXIT_FAILED;
}
