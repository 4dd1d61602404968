/* Life of a client, and the servers that it knows. */
#include "client-private.h"

#include <limits.h>
#include <stdlib.h>

static void set_default(usec *value, usec otherwise)
{
	if (*value == 0)
		*value = otherwise;
}

struct pcp_client *pcp_client_new(const struct pcp_client_config *config, struct pcp_rng *rng,
				  struct pcp_client_io io)
{
	struct pcp_client *client = calloc(1, sizeof(*client));

	if (!client)
		return NULL;
	client->config = *config;
	client->rng = rng;
	client->io = io;
	set_default(&client->config.irt, 3 * USEC_PER_SEC);
	set_default(&client->config.mrt, 1024 * USEC_PER_SEC);
	set_default(&client->config.max_lifetime, 24 * 3600 * USEC_PER_SEC);
	set_default(&client->config.min_hold, 30 * USEC_PER_SEC);
	if (client->config.max_mappings == 0)
		client->config.max_mappings = 1000000;
	timers_init(&client->timers);
	client->keys = (struct keytable){ .seed = pcp_rng_u64(rng), .hash = key_hash };
	client->insides = (struct keytable){ .seed = client->keys.seed, .hash = key_hash_inside };
	return client;
}

void pcp_client_free(struct pcp_client *client)
{
	if (!client)
		return;
	client->undo = NULL; /* what is freed now is not needed again */
	client_free_dead(client);
	for (size_t i = 0; i < client->exchanges.count; i++)
		exchange_free(client->exchanges.slot[i].item);
	for (size_t i = 0; i < client->mappings.count; i++)
		row_free(client->mappings.slot[i].item);
	for (size_t i = 0; i < FINISHED_MAX; i++)
		free(client->finished[i].octets);
	for (size_t i = 0; i < client->nserver; i++)
		free(client->server[i]);
	idlist_free(&client->exchanges);
	idlist_free(&client->mappings);
	keytable_free(&client->keys);
	keytable_free(&client->insides);
	timers_free(&client->timers);
	undo_free(client->steps);
	free(client);
}

usec pcp_client_next(const struct pcp_client *client)
{
	return timers_next(&client->timers);
}

int pcp_client_wait(const struct pcp_client *client, usec now)
{
	usec next = pcp_client_next(client), left = next > now ? next - now : 0;

	if (next == USEC_NEVER)
		return -1;
	return left / 1000 >= INT_MAX ? INT_MAX : (int)((left + 999) / 1000);
}

void pcp_client_tick(struct pcp_client *client, usec now)
{
	client_enter(client);
	timers_run(&client->timers, now);
	client_leave(client);
}

/* ---- servers ---- */

/* RFC 7488 3 step 1: an address that the source cannot reach is no candidate. */
static void keep_family(struct pcp_client_server_config *config)
{
	size_t kept = 0;
	bool v4 = pcp_addr_is_v4(config->source.addr);

	if (config->nendpoint > CLIENT_CANDIDATES_MAX)
		config->nendpoint = CLIENT_CANDIDATES_MAX;
	for (size_t i = 0; i < config->nendpoint; i++)
		if (pcp_addr_is_v4(config->endpoint[i].addr) == v4)
			config->endpoint[kept++] = config->endpoint[i];
	config->nendpoint = kept;
}

uint16_t pcp_client_add_server(struct pcp_client *client,
			       const struct pcp_client_server_config *config)
{
	struct client_server *server;

	if (client->nserver == SERVERS_MAX ||
	    !timers_reserve(&client->timers, client->ntimers + 1) ||
	    !(server = calloc(1, sizeof(*server))))
		return 0;
	server->client = client;
	epoch_init(server);
	server->pub.config = *config;
	keep_family(&server->pub.config);
	if (server->pub.config.nendpoint == 0) {
		free(server);
		return 0;
	}
	server->pub.config.name[sizeof(config->name) - 1] = '\0';
	server->pub.id = (uint16_t)(client->nserver + 1);
	server->pub.version = config->version;
	server->pub.epoch_valid = true;
	server->pub.rtt = -1;
	undo_made(client->undo, server);
	client->server[client->nserver++] = server;
	client->ntimers++;
	return server->pub.id;
}

const struct pcp_client_server *pcp_client_server(const struct pcp_client *client, uint16_t id)
{
	struct client_server *server = client_find_server(client, id);

	return server ? &server->pub : NULL;
}

size_t pcp_client_nservers(const struct pcp_client *client)
{
	return client->nserver;
}
