/* Restarts of a server: RFC 6887 8.5, 14.1.3, 16.3.1; RFC 6886 3.6, 3.7. */
#include "client-private.h"

#include "epoch.h"

static void show(struct client_server *server, const struct client_clock *clock, bool valid)
{
	server->pub.have_epoch = true;
	server->pub.epoch = clock->epoch;
	server->pub.epoch_at = clock->at;
	server->pub.epoch_valid = valid;
}

bool epoch_check(struct client_server *server, usec now, enum client_clock_of of, uint32_t epoch,
		 bool shown)
{
	struct client_clock *clock = &server->clock[of], before = *clock;
	int64_t elapsed = (now - before.at) / USEC_PER_SEC;
	bool valid = !before.have ||
		     (of == NATPMP_CLOCK_OF ? pcp_epoch_goes_on_natpmp(before.epoch, epoch, elapsed)
					    : pcp_epoch_goes_on(before.epoch, epoch, elapsed));

	*clock = (struct client_clock){ .have = true, .epoch = epoch, .at = now };
	if (shown || !server->clock[!of].have)
		show(server, clock, valid);
	return valid;
}

/* ---- recovery ---- */

static bool wants_recovery(const struct client_server *server, const struct client_row *row)
{
	return row->server == server && row->pub.state == MAPPING_LOST && !row->pub.unconfirmed &&
	       !row->exchange && (server->recover_all || row->pub.auto_renew);
}

/* So many at once and the rest a little later, so that neither the network nor a tick chokes. */
static void recover_some(struct timer *timer, void *arg, usec now)
{
	struct client_server *server = arg;
	struct pcp_client *client = server->client;
	struct client_row *row;
	unsigned n = 0;

	(void)timer;
	while ((row = idlist_after(&client->mappings, server->recover_from))) {
		server->recover_from = row->pub.id;
		if (!wants_recovery(server, row))
			continue;
		row->pub.hold_until = USEC_NEVER;
		(void)row_ask(row, now, FOR_RECOVERY, now); /* without memory it stays lost */
		if (++n == RECOVER_BATCH) {
			(void)timer_arm(&client->timers, &server->recovery, now + RECOVER_GAP);
			return;
		}
	}
	server->recover_all = false;
	epoch_lost_changed(server);
}

void epoch_init(struct client_server *server)
{
	server->recovery = (struct timer){ .fire = recover_some, .arg = server };
}

static void lose(struct client_row *row, usec now)
{
	struct client_exchange *x = row->exchange;

	row_touch(row);
	if (row->pub.unconfirmed) {
		row_leave(row, now, MAPPING_LOST, "the server restarted");
		return;
	}
	if (x && !x->windows) {
		/* Under way already, and retransmitted: it makes the mapping anew. */
		x->purpose = FOR_RECOVERY;
		row_state(row, MAPPING_RECOVERING);
	} else {
		if (x)
			exchange_cancel(x, now, "the server restarted");
		if (row->gone || row->exchange)
			return;
		row->pub.hold_until = USEC_NEVER;
		row_state(row, MAPPING_LOST);
	}
	row_schedule(row);
	row_tell(row, now, "the server restarted");
}

/* Whether the mapping hangs on that clock. */
static bool hangs_on(const struct client_row *row, enum client_clock_of clock)
{
	return (row->pub.version == PCP_VERSION_NATPMP) == (clock == NATPMP_CLOCK_OF);
}

void epoch_restart(struct client_server *server, usec now, enum client_clock_of clock,
		   const struct client_row *spared, const char *reason)
{
	struct pcp_client *client = server->client;
	struct client_row *row;

	server->pub.restarts++;
	server->ask_address = true;
	client_emit(client, (struct pcp_client_event){ .kind = CLIENT_RESTARTED,
						       .now = now,
						       .server = &server->pub,
						       .next_at = USEC_NEVER,
						       .rtt = -1,
						       .reason = reason });
	/* 14.1.3 MUST: a random wait, so that the clients of a network do not all come at once. */
	if (server->recovery.pos == 0 && !client->config.passive) {
		usec wait = (usec)(pcp_rng_uniform(client->rng, 0, RECOVER_DELAY) *
				   (double)USEC_PER_SEC);
		(void)timer_arm(&client->timers, &server->recovery, now + wait);
	}
	server->recover_from = 0;
	/* One that restarts all the time must not cost a walk through the table each time. */
	for (uint32_t id = 0, left = server->pub.mappings;
	     left && (row = idlist_after(&client->mappings, id));) {
		id = row->pub.id;
		if (row->server != server || !row_stands(row))
			continue;
		left--;
		if (row != spared && hangs_on(row, clock) && !row->deleted)
			lose(row, now);
	}
	epoch_lost_changed(server);
}

size_t pcp_client_recover(struct pcp_client *client, usec now, uint16_t id)
{
	struct client_server *server = client_find_server(client, id);
	struct client_row *row;
	size_t n = 0;

	if (!server || client->config.passive)
		return 0;
	server->recover_all = true;
	server->recover_from = 0;
	for (uint32_t at = 0; (row = idlist_after(&client->mappings, at)); at = row->pub.id)
		n += wants_recovery(server, row);
	client_enter(client);
	timer_stop(&client->timers, &server->recovery);
	recover_some(&server->recovery, server, now);
	client_leave(client);
	return n;
}
