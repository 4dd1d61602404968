/* Keeps a port open: asks for a mapping, renews it once, and gives it back. */
#include <client.h>
#include <edit.h>

#include <arpa/inet.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

static int fd;
static int grants; /* how often we heard that the mapping stands */
static bool over;

static bool send_datagram(void *arg, const struct client_server *to_server,
			  const struct endpoint *to, const uint8_t *octets, size_t len)
{
	(void)arg, (void)to_server, (void)to;
	return send(fd, octets, len, 0) == (ssize_t)len;
}

static void happened(void *arg, const struct client_event *event)
{
	const struct mapping *mapping = event->mapping;
	char address[PCP_ADDR_TEXT];

	(void)arg;
	over = over || event->kind == CLIENT_TIMED_OUT;
	if (event->kind != CLIENT_MAPPING)
		return;
	over = over || mapping->state == MAPPING_DELETED;
	if (mapping->state != MAPPING_GRANTED)
		return;
	pcp_addr_text(mapping->external, address, sizeof address);
	printf("granted %d: %s:%u\n", ++grants, address, mapping->external_port);
}

int main(int argc, char **argv)
{
	struct client_server_config config = { .nendpoint = 1, .version = PCP_VERSION_2 };
	struct client_config defaults = { .renew = true };
	struct sockaddr_in self, server = { .sin_family = AF_INET };
	socklen_t len = sizeof self;
	struct pcp_edit edit = { 0 };
	struct pcp_why why;
	struct rng rng;
	bool deleting = false;

	if (argc != 3 || !endpoint_parse(argv[1], PCP_SERVER_PORT, &config.endpoint[0], &why))
		return fprintf(stderr, "usage: example SERVER[:PORT] LIFETIME\n"), 2;
	server.sin_port = htons(config.endpoint[0].port);
	memcpy(&server.sin_addr, config.endpoint[0].addr + 12, 4);
	fd = socket(AF_INET, SOCK_DGRAM, 0);
	if (connect(fd, (struct sockaddr *)&server, sizeof server) < 0 ||
	    getsockname(fd, (struct sockaddr *)&self, &len) < 0)
		return perror("example"), 4;
	pcp_addr_any(config.source.addr, true);
	memcpy(config.source.addr + 12, &self.sin_addr, 4);
	config.source.port = ntohs(self.sin_port);

	rng_system(&rng);
	struct client *client = client_new(
		&defaults, &rng, (struct client_io){ .send = send_datagram, .event = happened });
	uint16_t id = client_add_server(client, &config);

	pcp_edit_request(&edit, PCP_VERSION_2, PCP_MAP, config.source.addr,
			 (uint32_t)atoi(argv[2]));
	pcp_edit_set(&edit, "map.protocol", "tcp", &why);
	pcp_edit_set(&edit, "map.internal_port", "8080", &why);
	client_submit(
		client, clock_monotonic(),
		&(struct client_request){ .server = id, .octets = edit.octets, .len = edit.len },
		&why);
	while (!over) {
		usec wait = client_next(client) - clock_monotonic();
		struct pollfd in = { .fd = fd, .events = POLLIN };
		uint8_t octets[PCP_EDIT_MAX];

		if (poll(&in, 1,
			 wait < 0	     ? 0
			 : wait > 3600000000 ? 3600000
					     : (int)(wait / 1000 + 1)) > 0) {
			ssize_t n = recv(fd, octets, sizeof octets, 0);

			if (n >= 0)
				client_receive(client, clock_monotonic(), &config.endpoint[0],
					       &config.source, octets, (size_t)n);
		}
		client_tick(client, clock_monotonic());
		if (grants == 2 && !deleting) /* asked for and renewed: enough */
			deleting = client_delete(client, clock_monotonic(),
						 client_mapping_at(client, 0)->id, &why);
	}
	client_free(client);
	return deleting ? 0 : 3;
}
