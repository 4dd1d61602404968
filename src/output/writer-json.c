/* Output for programs: one object a line, keys as the manual documents them. */
#include "json.h"

#include <stdlib.h>

#include "words.h"
#include "writer-private.h"

void json_sentence(struct writer *writer, const char *key, const char *sentence)
{
	struct json json = json_line(writer);

	while (json_pass(&json))
		json_text(&json, key, sentence);
}

/* ---- a packet: the object of every request, response and `decode --json` ---- */

/* A stranger's words stand in texts alone; what else is read or typed is made of our own. */
static void end_leaf(struct json *json, const struct pcp_field *field)
{
	if (field->kind == PCP_TEXT)
		json_end_text(json);
	else
		json_end_word(json);
}

static void add_number(struct json *json, const struct pcp_packet *packet, size_t i)
{
	const struct pcp_node *node = &packet->node[i];
	uint32_t value = pcp_get_at(node->field, packet->octets + node->off, node->len);
	struct pcp_out *out;

	json_uint(json, "value", value);
	out = json_begin_text(json, "text");
	if (pcp_reads_as_typed(node->field))
		pcp_out_uint(out, value);
	else
		pcp_out_node(out, packet, i);
	json_end_word(json);
}

static void add_words(struct json *json, const struct pcp_packet *packet, size_t i)
{
	const struct pcp_field *field = packet->node[i].field;

	pcp_out_typed(json_begin_text(json, "value"), packet, i);
	end_leaf(json, field);
	if (pcp_reads_as_typed(field)) {
		json_again(json, "text");
	} else {
		pcp_out_node(json_begin_text(json, "text"), packet, i);
		end_leaf(json, field);
	}
}

/* What a person would type, or a number, and what a person reads: where that is one, it is looked
 * for once. */
static void add_value(struct json *json, const struct pcp_packet *packet, size_t i)
{
	const struct pcp_node *node = &packet->node[i];

	if (pcp_field_is_number(node->field) && node->len > 0)
		add_number(json, packet, i);
	else
		add_words(json, packet, i);
}

static void add_place(struct json *json, const struct pcp_packet *packet, size_t i)
{
	const struct pcp_node *node = &packet->node[i];

	pcp_out_path(json_begin_text(json, "path"), packet, i);
	json_end_word(json);
	json_uint(json, "offset", node->off);
	json_uint(json, "length", node->len);
}

/* Where a field stands is written once for all packets in a row that have it there: of the members
 * of a plain packet, most. The n-th node of requests has one of these, and that of responses. */
struct json_place {
	struct pcp_node node;
	uint64_t since, under; /* the count of changes when it came, and when what it is in came */
	size_t len;	       /* 0: not written yet */
	char text[96];
};

struct json_places {
	uint64_t changes;
	struct json_place place[2][64];
};

struct json_places *json_places_new(void)
{
	return calloc(1, sizeof(struct json_places));
}

static bool same_node(const struct pcp_node *a, const struct pcp_node *b)
{
	return a->field == b->field && a->layout == b->layout && a->off == b->off &&
	       a->len == b->len && a->parent == b->parent && a->nth == b->nth;
}

/* The node's, which holds no text but of just this node in just this branch; NULL: none is kept. */
static struct json_place *place_of(struct json_places *places, const struct pcp_packet *packet,
				   size_t i)
{
	const struct pcp_node *node = &packet->node[i];
	struct json_place *row, *place;
	uint64_t under;

	if (!places || i >= sizeof places->place[0] / sizeof places->place[0][0])
		return NULL;
	row = places->place[packet->direction == PCP_RESPONSE];
	place = &row[i];
	under = node->parent == PCP_NO_NODE ? 0 : row[node->parent].since;
	if (place->since && place->under == under && same_node(&place->node, node))
		return place;
	place->node = *node;
	place->since = ++places->changes;
	place->under = under;
	place->len = 0;
	return place;
}

static void keep_place(struct json_place *place, const struct pcp_out *out, size_t from)
{
	if (!place || out->len >= out->cap || out->len - from > sizeof place->text)
		return;
	place->len = out->len - from;
	memcpy(place->text, out->buf + from, place->len);
}

static void add_field(struct json *json, const struct writer_view *view, size_t i)
{
	const struct pcp_packet *packet = view->packet;
	struct json_place *place = place_of(view->places, packet, i);
	size_t from;

	if (!packet->node[i].field)
		return;
	json_begin_object(json, NULL);
	from = json->out.len;
	if (place && place->len) {
		json_written(json, place->text, place->len);
	} else {
		add_place(json, packet, i);
		keep_place(place, &json->out, from);
	}
	add_value(json, packet, i);
	json_end(json);
}

static void add_finding(struct json *json, const struct pcp_finding *finding)
{
	json_begin_object(json, NULL);
	json_text(json, "severity", pcp_severity_name(finding->rule->severity));
	json_text(json, "rule", finding->rule->name);
	json_uint(json, "offset", finding->off);
	json_uint(json, "length", finding->len);
	json_text(json, "ref", finding->rule->ref);
	json_text(json, "text", finding->text);
	json_end(json);
}

static void add_packet(struct json *json, const struct writer_view *view)
{
	const struct pcp_packet *packet = view->packet;

	json_word(json, "direction", writer_direction(packet));
	json_word(json, "protocol", writer_protocol(packet));
	json_uint(json, "length", packet->len);
	pcp_out_hex(json_begin_text(json, "hex"), packet->octets, packet->len);
	json_end_word(json);
	pcp_out_summary(json_begin_text(json, "summary"), packet);
	json_end_word(json);
	json_begin_array(json, "fields");
	for (size_t i = 0; i < packet->nnode; i++)
		add_field(json, view, i);
	json_end(json);
	json_begin_array(json, "findings");
	for (size_t i = 0; i < view->nfinding; i++)
		add_finding(json, &view->finding[i]);
	json_end(json);
}

void json_packet(struct writer *writer, const struct writer_view *view)
{
	struct json json = json_line(writer);

	while (json_pass(&json))
		add_packet(&json, view);
}

/* ---- messages, mappings and events ---- */

static void add_endpoint(struct json *json, const char *key, const struct pcp_endpoint *endpoint)
{
	char text[ENDPOINT_TEXT];

	pcp_endpoint_text(endpoint, text, sizeof text);
	json_text(json, key, text);
}

static void add_address(struct json *json, const char *key, const uint8_t addr[PCP_ADDR_LEN])
{
	char text[PCP_ADDR_TEXT];

	pcp_addr_text(addr, text, sizeof text);
	json_text(json, key, text);
}

/* The result by name beside its number: what scripts ask first. */
static void add_result(struct json *json, const struct pcp_packet *packet)
{
	const struct pcp_name *names = packet->protocol == PCP_PROTOCOL_NATPMP
					       ? pcp_natpmp_result_names
					       : pcp_result_names;
	const char *name;
	uint32_t code;
	size_t node;

	if (packet->direction != PCP_RESPONSE)
		return;
	node = pcp_body_leaf(packet, "result");
	if (node == PCP_NO_NODE)
		return;
	code = pcp_node_uint(packet, node);
	name = pcp_name(names, code);
	json_uint(json, "result_code", code);
	if (name)
		json_word(json, "result", name);
}

void json_message(struct writer *writer, const struct message *message,
		  const struct writer_view *view)
{
	struct json json = json_line(writer);

	while (json_pass(&json)) {
		json_word(&json, "event", writer_message_name(message->kind));
		writer_out_utc(json_begin_text(&json, "time"), &writer->utc, message->wall);
		json_end_word(&json);
		json_uint(&json, "exchange", message->exchange);
		add_endpoint(&json, "from", message->from);
		add_endpoint(&json, "to", message->to);
		json_uint(&json, "tries", message->tries);
		if (message->rtt >= 0 && message->kind == MESSAGE_RESPONSE)
			json_thousandths(&json, "rtt_ms", (uint64_t)message->rtt);
		if (*message->reason)
			json_text(&json, "reason", message->reason);
		add_result(&json, view->packet);
		add_packet(&json, view);
	}
}

static void add_skipped(struct json *json, const struct pcp_mapping *mapping)
{
	if (!mapping->nskipped)
		return;
	json_begin_array(json, "skipped");
	for (size_t i = 0; i < mapping->nskipped; i++)
		json_text(json, NULL, pcp_mapping_skipped_name(mapping, i));
	json_end(json);
}

static void add_mapping(struct json *json, const struct pcp_mapping *mapping, usec now)
{
	const char *protocol = pcp_name(pcp_protocol_names, mapping->protocol);
	char nonce[2 * PCP_NONCE_LEN + 1];

	json_begin_object(json, "mapping");
	json_uint(json, "id", mapping->id);
	json_uint(json, "server", mapping->server);
	json_text(json, "state", pcp_mapping_state_name(mapping->state));
	if (mapping->opcode)
		json_text(json, "opcode", pcp_mapping_opcode_name(mapping));
	else
		json_none(json, "opcode"); /* NEXT does not tell */
	json_uint(json, "version", mapping->version);
	json_uint(json, "protocol", mapping->protocol);
	if (protocol)
		json_text(json, "protocol_name", protocol);
	add_address(json, "internal_address", mapping->internal);
	json_uint(json, "internal_port", mapping->internal_port);
	add_address(json, "external_address", mapping->external);
	json_uint(json, "external_port", mapping->external_port);
	if (mapping->opcode == PCP_PEER) {
		add_address(json, "remote_address", mapping->remote);
		json_uint(json, "remote_port", mapping->remote_port);
	}
	pcp_hex_text(mapping->nonce, PCP_NONCE_LEN, nonce, sizeof nonce);
	json_text(json, "nonce", nonce);
	json_uint(json, "lifetime", mapping->lifetime);
	if (mapping->expires_at != USEC_NEVER)
		json_uint(json, "expires_in",
			  mapping->expires_at <= now
				  ? 0
				  : (uint64_t)((mapping->expires_at - now) / USEC_PER_SEC));
	json_bool(json, "auto_renew", mapping->auto_renew);
	json_bool(json, "stranded", mapping->stranded);
	json_bool(json, "own", !mapping->unconfirmed);
	if (mapping->port_set_size || mapping->pair)
		json_uint(json, "ports", mapping->port_set_size ? mapping->port_set_size : 2);
	if (*mapping->description)
		json_text(json, "description", mapping->description);
	add_skipped(json, mapping);
	json_uint(json, "result_code", mapping->result);
	json_end(json);
}

void json_mapping(struct writer *writer, const struct pcp_mapping *mapping, usec now)
{
	struct json json = json_line(writer);

	while (json_pass(&json))
		add_mapping(&json, mapping, now);
}

static void add_server(struct json *json, const struct pcp_client_server *server)
{
	json_uint(json, "server", server->id);
	add_endpoint(json, "address", &server->config.endpoint[server->current]);
}

void json_server(struct writer *writer, const struct pcp_client_server *server, bool in_use,
		 const char *way)
{
	struct json json = json_line(writer);

	while (json_pass(&json)) {
		add_server(&json, server);
		add_address(&json, "source", server->config.source.addr);
		json_bool(&json, "in_use", in_use);
		json_text(&json, "way", way);
		json_uint(&json, "version", server->version);
		json_bool(&json, "answered", server->answered);
		if (server->have_epoch) {
			json_uint(&json, "epoch", server->epoch);
			json_bool(&json, "epoch_valid", server->epoch_valid);
		}
		json_uint(&json, "mappings", server->mappings);
	}
}

void json_moment(struct writer *writer, uint64_t at, uint64_t count, size_t mappings)
{
	struct json json = json_line(writer);

	while (json_pass(&json)) {
		json_uint(&json, "moment", at);
		json_uint(&json, "of", count);
		json_uint(&json, "mappings", mappings);
	}
}

void json_outcome(struct writer *writer, const struct answer *answer, const char *sentence)
{
	const struct exchange *exchange = log_exchange(answer->log, answer->exchange);
	const struct message *last =
		exchange ? log_message(answer->log, exchange->ignored_last) : NULL;
	const struct pcp_mapping *mapping =
		exchange && exchange->mapping
			? pcp_client_mapping(answer->client, exchange->mapping)
			: NULL;
	struct json json = json_line(writer);

	while (json_pass(&json)) {
		json_text(&json, "event", "outcome");
		json_uint(&json, "exchange", answer->exchange);
		json_text(&json, "verdict", answer_verdict_name(answer_verdict(answer)));
		json_text(&json, "sentence", sentence);
		if (exchange && exchange->ignored)
			json_uint(&json, "ignored", exchange->ignored);
		if (last)
			json_text(&json, "ignored_reason", last->reason);
		if (mapping)
			add_mapping(&json, mapping, answer->now);
	}
}

void json_event(struct writer *writer, const struct pcp_client_event *event)
{
	struct json json = json_line(writer);

	while (json_pass(&json)) {
		json_text(&json, "event", writer_event_name(event->kind));
		if (event->exchange)
			json_uint(&json, "exchange", event->exchange);
		if (event->server)
			add_server(&json, event->server);
		if (event->reason)
			json_text(&json, "reason", event->reason);
		if (event->mapping)
			add_mapping(&json, event->mapping, event->now);
	}
}
