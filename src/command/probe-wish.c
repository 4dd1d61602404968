/* What the words of a probe ask for: which cases, and what becomes of its results. */
#include "probe-wish.h"

#include <errno.h>
#include <string.h>
#include <time.h>

#include "words.h"

/* It is asked from the address that asks the gateway. */
static bool take_beacon(struct probe_config *config, struct session *session, const char *typed,
			struct pcp_why *why)
{
	struct pcp_why first;
	bool v4;

	config->granted |= PROBE_REACH;
	if (!*typed)
		return true;
	config->granted |= PROBE_BEACON;
	if (!beacon_line_parse(typed, &config->beacon, &first))
		return pcp_refuse(why, first.at, "-reach: %s", first.text);
	if (!session_server(session))
		return true;
	v4 = pcp_addr_is_v4(pcp_client_server(session_client(session), session_server(session))
				    ->config.source.addr);
	return pcp_addr_is_v4(config->beacon.at.addr) == v4 ||
	       pcp_refuse(why, 0,
			  "-reach: the gateway is asked over IPv%d, so the beacon has to be at an "
			  "IPv%d address, too",
			  v4 ? 4 : 6, v4 ? 4 : 6);
}

/* Outside is where the gateway's inside is not. */
static bool take_outside(struct probe_config *config, struct session *session, const char *typed,
			 struct pcp_why *why)
{
	struct pcp_why first;
	uint16_t id = session_server(session);

	config->granted |= PROBE_OUTSIDE;
	if (!pcp_endpoint_parse(typed, PCP_SERVER_PORT, &config->outside, &first))
		return pcp_refuse(why, first.at, "-outside: %s", first.text);
	return !id ||
	       !pcp_endpoint_same_addr(
		       &pcp_client_server(session_client(session), id)->config.endpoint[0],
		       &config->outside) ||
	       pcp_refuse(why, 0,
			  "-outside: %s is the gateway that this host is inside of; its outside "
			  "address is asked from a host that is outside",
			  typed);
}

static bool take_flags(struct probe_config *config, const struct args *args, struct pcp_why *why)
{
	static const struct {
		const char *option;
		unsigned flag;
	} flags[] = { { "-intrusive", PROBE_INTRUSIVE },
		      { "-long", PROBE_LONG },
		      { "-v6", PROBE_IPV6 },
		      { "-neighbour", PROBE_NEIGHBOUR },
		      { "-reboot", PROBE_REBOOT },
		      { "-fuzz", PROBE_FUZZ } };
	const char *neighbour = args_value(args, "-neighbour"), *most = args_value(args, "-n");
	const char *fuzz = args_value(args, "-fuzz");
	unsigned long n = 0;

	for (size_t i = 0; i < sizeof flags / sizeof *flags; i++)
		if (args_value(args, flags[i].option))
			config->granted |= flags[i].flag;
	if ((config->granted & PROBE_INTRUSIVE) && !args_value(args, "-yes"))
		return pcp_refuse(
			why, 0,
			"-intrusive may open this host to everybody for a second, and use "
			"its quota up; -yes says that this is wanted");
	if (neighbour && !pcp_addr_parse(neighbour, config->neighbour, why))
		return false;
	if (most && !args_number(most, 1, PROBE_MAPPINGS_MAX, &n, why))
		return false;
	config->most = (unsigned)n;
	n = 0;
	if (fuzz && !args_number(fuzz, 1, PROBE_MUTATIONS_MAX, &n, why))
		return false;
	config->mutations = (unsigned)n;
	return true;
}

/* From outside nothing else can be asked. */
static bool choose_outside(struct probe_config *config, struct pcp_why *why)
{
	memset(config->wanted, 0, sizeof config->wanted);
	config->granted = PROBE_OUTSIDE;
	return probe_choose(config, "K11", why);
}

static bool choose(struct probe_config *config, const struct args *args, struct pcp_why *why)
{
	for (size_t i = 0; i < args->nword; i++)
		if (!probe_choose(config, args->word[i], why))
			return false;
	if (args_value(args, "-reach") && !probe_choose(config, "L", why))
		return false;
	if (args->nword == 0 && args_value(args, "-quick"))
		probe_choose_quick(config);
	else if (args->nword == 0)
		probe_choose_default(config);
	return !(config->granted & PROBE_OUTSIDE) || choose_outside(config, why);
}

static void begin(struct probe_config *config, struct session *session)
{
	uint16_t id = session_server(session);

	memset(config->server, 0, sizeof config->server);
	config->natpmp_only =
		id && pcp_client_server(session_client(session), id)->config.version ==
			      PCP_VERSION_NATPMP;
}

static bool take(struct probe_wish *wish, struct session *session, const struct args *args,
		 struct pcp_why *why)
{
	const char *baseline = args_value(args, "-baseline"), *reach = args_value(args, "-reach");
	const char *outside = args_value(args, "-outside");
	struct probe_config *config = &wish->config;

	config->no_igd = args_value(args, "-no-igd") != NULL;
	return take_flags(config, args, why) &&
	       (!reach || take_beacon(config, session, reach, why)) &&
	       (!outside || take_outside(config, session, outside, why)) &&
	       choose(config, args, why) &&
	       (!baseline || probe_read_baseline(baseline, &wish->baseline, why)) &&
	       args_file(args, "-html", &wish->html, why) &&
	       args_file(args, "-junit", &wish->junit, why);
}

bool probe_wish_take(struct probe_wish *wish, struct session *session, const struct args *args,
		     struct pcp_why *why)
{
	*wish = (struct probe_wish){ .compares = args_value(args, "-baseline") != NULL };
	begin(&wish->config, session);
	if (take(wish, session, args, why))
		return true;
	probe_wish_drop(wish);
	return false;
}

void probe_wish_default(struct probe_wish *wish, struct session *session)
{
	*wish = (struct probe_wish){ .html = NULL };
	begin(&wish->config, session);
	probe_choose_default(&wish->config);
}

void probe_wish_again(struct probe_wish *wish, struct session *session)
{
	wish->html = wish->junit = NULL;
	begin(&wish->config, session);
}

/* ---- what becomes of it ---- */

void probe_wish_compare(const struct probe_wish *wish, const struct probe *probe,
			struct writer *out)
{
	size_t changes = 0;
	char text[64];

	for (size_t i = 0; wish->compares && i < probe_ncases(); i++)
		if (probe_change(probe, &wish->baseline, i, text, sizeof text)) {
			write_note(out, "%s", text);
			changes++;
		}
	if (wish->compares && !changes)
		write_note(out, "no verdict differs from the earlier report's");
}

void probe_report_of(struct probe_report_text *text, const struct probe *probe,
		     struct session *session, const struct pcp_endpoint *server)
{
	struct probe_report *report = &text->report;
	time_t seconds;
	struct tm tm;

	*report = (struct probe_report){ .probe = probe,
					 .log = session_log(session),
					 .server = text->server,
					 .when = text->when,
					 .now = session_now(session) };
	seconds = (time_t)(session_wall(session, report->now) / USEC_PER_SEC);
	pcp_endpoint_text(server, text->server, sizeof text->server);
	localtime_r(&seconds, &tm);
	strftime(text->when, sizeof text->when, "%Y-%m-%d %H:%M", &tm);
}

static bool write_file(struct whole **file, const char *kind, const struct probe_report *report,
		       bool (*write)(FILE *file, const struct probe_report *report),
		       struct pcp_why *why)
{
	struct whole *whole = *file;
	struct pcp_why first;

	*file = NULL;
	if (!whole)
		return true;
	if (!write(whole_file(whole), report)) {
		pcp_refuse(why, 0, "the %s report could not be written: %s", kind, strerror(errno));
		whole_drop(whole);
		return false;
	}
	return whole_end(whole, &first) ||
	       pcp_refuse(why, 0, "the %s report: %s", kind, first.text);
}

bool probe_wish_write(struct probe_wish *wish, const struct probe_report *report,
		      struct pcp_why *why)
{
	bool html = write_file(&wish->html, "HTML", report, probe_write_html, why);
	bool junit = write_file(&wish->junit, "JUnit", report, probe_write_junit, why);

	return html && junit;
}

void probe_wish_drop(struct probe_wish *wish)
{
	whole_drop(wish->html);
	whole_drop(wish->junit);
	wish->html = wish->junit = NULL;
}
