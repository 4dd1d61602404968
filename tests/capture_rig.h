/* What tests of captures share: a directory of their own. */
#ifndef CAPTURE_RIG_H
#define CAPTURE_RIG_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "capture.h"

static char dir[64], path[128];

static int begin(void **state)
{
	(void)state;
	strcpy(dir, "/tmp/pcpscope-XXXXXX");
	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof path, "%s/x.pcap", dir);
	return 0;
}

static int end(void **state)
{
	char command[128];

	(void)state;
	snprintf(command, sizeof command, "rm -rf %s", dir);
	return system(command);
}

static struct pcp_endpoint at(const char *typed)
{
	struct pcp_endpoint endpoint;
	struct pcp_why why;

	assert_true(pcp_endpoint_parse(typed, 0, &endpoint, &why));
	return endpoint;
}

#define T(name) cmocka_unit_test_setup_teardown(name, begin, end)

#endif
