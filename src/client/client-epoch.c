/* Restarts of a server: RFC 6887 8.5, 14.1.3, 16.3.1; RFC 6886 3.6, 3.7. */
#include "client-private.h"

#include <stdio.h>

static int64_t elapsed(const struct server *server, usec now)
{
	return (now - server->pub.epoch_at) / USEC_PER_SEC;
}

static void record(struct server *server, usec now, uint32_t epoch, bool valid)
{
	server->pub.have_epoch = true;
	server->pub.epoch = epoch;
	server->pub.epoch_at = now;
	server->pub.epoch_valid = valid;
}

bool epoch_check(struct server *server, usec now, uint32_t epoch)
{
	/* Signed: a reordered answer is a second back (8.5), which must not look like 136 years. */
	int64_t client_delta = elapsed(server, now);
	int64_t server_delta = (int64_t)epoch - server->pub.epoch;
	bool valid = !server->pub.have_epoch ||
		     (server_delta >= -1 && client_delta + 2 >= server_delta - server_delta / 16 &&
		      server_delta + 2 >= client_delta - client_delta / 16);

	record(server, now, epoch, valid);
	return valid;
}

bool epoch_check_natpmp(struct server *server, usec now, uint32_t epoch)
{
	int64_t client_delta = elapsed(server, now);
	int64_t expected = (int64_t)server->pub.epoch + client_delta - client_delta / 8;
	bool valid = !server->pub.have_epoch || (int64_t)epoch + 2 >= expected;

	record(server, now, epoch, valid);
	return valid;
}

/* ---- recovery ---- */

void epoch_lost_changed(struct server *server)
{
	server->pub.lost = server->pub.nlost > 0 || server->recovery.pos != 0;
}

static bool wants_recovery(const struct server *server, const struct entry *entry)
{
	return entry->server == server && entry->pub.state == MAPPING_LOST &&
	       !entry->pub.unconfirmed && !entry->pending &&
	       (server->recover_all || entry->pub.auto_renew);
}

/* So many at once and the rest a little later, so that neither the network nor a tick chokes. */
static void recover_some(struct timer *timer, void *arg, usec now)
{
	struct server *server = arg;
	struct client *client = server->client;
	struct entry *entry;
	unsigned n = 0;

	(void)timer;
	while ((entry = idlist_after(&client->mappings, server->recover_from))) {
		server->recover_from = entry->pub.id;
		if (!wants_recovery(server, entry))
			continue;
		entry->pub.hold_until = USEC_NEVER;
		(void)entry_ask(entry, now, FOR_RECOVERY, now); /* without memory it stays lost */
		if (++n == RECOVER_BATCH) {
			(void)timer_arm(&client->timers, &server->recovery, now + RECOVER_GAP);
			return;
		}
	}
	server->recover_all = false;
	epoch_lost_changed(server);
}

void epoch_init(struct server *server)
{
	server->recovery = (struct timer){ .fire = recover_some, .arg = server };
}

static void lose(struct entry *entry, usec now)
{
	struct pending *x = entry->pending;

	if (entry->pub.unconfirmed) {
		entry_leave(entry, now, MAPPING_LOST, "the server restarted");
		return;
	}
	if (x && !x->windows) {
		/* Under way already, and retransmitted: it makes the mapping anew. */
		x->purpose = FOR_RECOVERY;
		entry_state(entry, MAPPING_RECOVERING);
	} else {
		if (x)
			exchange_cancel(x, now, "the server restarted");
		if (entry->gone || entry->pending)
			return;
		entry->pub.hold_until = USEC_NEVER;
		entry_state(entry, MAPPING_LOST);
	}
	entry_schedule(entry);
	entry_tell(entry, now, "the server restarted");
}

void epoch_restart(struct server *server, usec now, const struct entry *spared, const char *reason)
{
	struct client *client = server->client;
	struct entry *entry;

	server->pub.restarts++;
	server->ask_address = true;
	client_emit(client, (struct client_event){ .kind = CLIENT_RESTARTED,
						   .now = now,
						   .server = &server->pub,
						   .next_at = USEC_NEVER,
						   .rtt = -1,
						   .reason = reason });
	/* 14.1.3 MUST: a random wait, so that the clients of a network do not all come at once. */
	if (server->recovery.pos == 0 && !client->config.passive) {
		usec wait =
			(usec)(rng_uniform(client->rng, 0, RECOVER_DELAY) * (double)USEC_PER_SEC);
		(void)timer_arm(&client->timers, &server->recovery, now + wait);
	}
	server->recover_from = 0;
	for (uint32_t id = 0; (entry = idlist_after(&client->mappings, id));) {
		id = entry->pub.id;
		if (entry->server == server && entry != spared && !entry->deleted &&
		    entry_stands(entry))
			lose(entry, now);
	}
	epoch_lost_changed(server);
}

size_t client_recover(struct client *client, usec now, uint16_t id)
{
	struct server *server = client_find_server(client, id);
	struct entry *entry;
	size_t n = 0;

	if (!server || client->config.passive)
		return 0;
	server->recover_all = true;
	server->recover_from = 0;
	for (uint32_t at = 0; (entry = idlist_after(&client->mappings, at)); at = entry->pub.id)
		n += wants_recovery(server, entry);
	client_enter(client);
	timer_stop(&client->timers, &server->recovery);
	recover_some(&server->recovery, server, now);
	client_leave(client);
	return n;
}
