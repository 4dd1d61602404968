/* Values that were typed: numbers, times, ports, and the word behind an option. */
#include "args.h"
#include "words.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

bool args_number(const char *typed, unsigned long low, unsigned long high, unsigned long *number,
		 struct pcp_why *why)
{
	char *end;

	errno = 0;
	*number = strtoul(typed, &end, 10);
	if (end == typed || *end || errno || *typed == '-' || *number < low || *number > high)
		return pcp_refuse(why, 0, "'%s' is not a number from %lu to %lu",
				  pcp_quoted(typed).text, low, high);
	return true;
}

bool args_timeout(const char *typed, usec *timeout, struct pcp_why *why)
{
	char *end;
	double seconds = strtod(typed, &end);

	if (end == typed || *end || !(seconds > 0) || seconds > 86400)
		return pcp_refuse(why, 0, "'%s' is not a number of seconds above 0 and up to 86400",
				  pcp_quoted(typed).text);
	*timeout = (usec)(seconds * (double)USEC_PER_SEC);
	return true;
}

const char *args_value(const struct args *args, const char *name)
{
	for (size_t i = args->noption; i-- > 0;)
		if (args->option[i].row && !strcmp(args->option[i].row->name, name))
			return args->option[i].value;
	return NULL;
}

bool args_port(const char *typed, uint16_t port[CAPTURE_PORTS_MAX], size_t *nport,
	       struct pcp_why *why)
{
	unsigned long number;

	if (*nport == CAPTURE_PORTS_MAX)
		return pcp_refuse(why, 0, "more than %d ports", CAPTURE_PORTS_MAX);
	if (!args_number(typed, 1, UINT16_MAX, &number, why))
		return false;
	port[(*nport)++] = (uint16_t)number;
	return true;
}

static bool one_protocol(const char *typed, size_t len, uint8_t *protocol)
{
	char name[32], *end;
	unsigned long number;
	long code;

	if (!len || len >= sizeof name)
		return false;
	memcpy(name, typed, len);
	name[len] = '\0';
	code = pcp_code(pcp_protocol_names, name);
	number = strtoul(name, &end, 10);
	if (code < 0 && (*end || name[0] == '-' || number > UINT8_MAX))
		return false;
	*protocol = (uint8_t)(code >= 0 ? (unsigned long)code : number);
	return true;
}

size_t args_protocols(const char *typed, uint8_t *protocol, size_t cap, struct pcp_why *why)
{
	const char *at = typed;
	size_t n = 0;

	for (;;) {
		size_t len = strcspn(at, "+");
		bool known = n < cap && one_protocol(at, len, &protocol[n]);

		if (!known || (n && memchr(protocol, protocol[n], n))) {
			pcp_refuse(why, 0, "'%s' is no protocol: tcp, udp, tcp+udp or a number",
				   pcp_quoted(typed).text);
			return 0;
		}
		n++;
		if (!at[len])
			return n;
		at += len + 1;
	}
}

bool args_file(const struct args *args, const char *option, struct whole **file,
	       struct pcp_why *why)
{
	const char *name = args_value(args, option);

	return !name || (*file = whole_begin(name, why));
}
