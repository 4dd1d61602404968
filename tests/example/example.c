/* Keeps a port open: asks for a mapping, hears of its renewal, and gives it back. */
#include <pcpscope/client.h>
#include <pcpscope/edit.h>
#include <pcpscope/sock.h>

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>

static int fd;
static struct pcp_client *client;
static int grants; /* how often the mapping was granted: asked for, then renewed */
static bool over;

static bool send_datagram(void *arg, const struct pcp_client_server *server,
			  const struct pcp_endpoint *to, const uint8_t *octets, size_t len)
{
	(void)arg, (void)server;
	return pcp_sock_send(fd, NULL, to, octets, len);
}

static void happened(void *arg, const struct pcp_client_event *event)
{
	const struct pcp_mapping *mapping = event->mapping;
	char address[PCP_ADDR_TEXT];

	(void)arg;
	if (event->kind == CLIENT_TIMED_OUT)
		over = true;
	if (event->kind != CLIENT_MAPPING)
		return;
	pcp_addr_text(mapping->external, address, sizeof address);
	printf("%s %s:%u\n", pcp_mapping_state_name(mapping->state), address,
	       mapping->external_port);
	if (mapping->state == MAPPING_GRANTED && ++grants == 2)
		pcp_client_delete(client, event->now, mapping->id, NULL);
	over = over || mapping->state == MAPPING_DELETED;
}

int main(int argc, char **argv)
{
	struct pcp_client_server_config gateway = { .nendpoint = 1, .version = PCP_VERSION_2 };
	struct pcp_client_io io = { .send = send_datagram, .event = happened };
	struct pcp_client_request map = { .renew = 1 };
	struct pcp_edit edit = { 0 };
	struct pcp_why why;
	struct pcp_rng rng;

	if (argc != 3)
		return fprintf(stderr, "usage: example SERVER[:PORT] LIFETIME\n"), 2;
	if (!pcp_endpoint_parse(argv[1], PCP_SERVER_PORT, &gateway.endpoint[0], &why) ||
	    !pcp_sock_source(&gateway.endpoint[0], &gateway.source, &why) ||
	    (fd = pcp_sock_open(&gateway.source, NULL, &why)) < 0)
		return fprintf(stderr, "example: %s\n", why.text), 4;
	pcp_rng_system(&rng);
	client = pcp_client_new(&(struct pcp_client_config){ 0 }, &rng, io);
	map.server = pcp_client_add_server(client, &gateway);

	pcp_edit_request(&edit, PCP_VERSION_2, PCP_MAP, gateway.source.addr,
			 (uint32_t)atoi(argv[2]));
	pcp_edit_set(&edit, "map.protocol", "tcp", &why);
	pcp_edit_set(&edit, "map.internal_port", "8080", &why);
	map.octets = edit.octets;
	map.len = edit.len;
	pcp_client_submit(client, pcp_clock_monotonic(), &map, &why);

	while (!over) {
		struct pollfd in = { .fd = fd, .events = POLLIN };
		uint8_t octets[PCP_EDIT_MAX];
		struct pcp_endpoint from, to;
		ssize_t len;

		poll(&in, 1, pcp_client_wait(client, pcp_clock_monotonic()));
		while ((len = pcp_sock_receive(fd, octets, sizeof octets, &from, &to)) >= 0)
			pcp_client_receive(client, pcp_clock_monotonic(), &from, &to, octets,
					   (size_t)len);
		pcp_client_tick(client, pcp_clock_monotonic());
	}
	pcp_client_free(client);
	return grants == 2 ? 0 : 3;
}
