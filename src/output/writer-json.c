/* Output for programs: one object a line (cJSON), keys as the manual documents them. */
#include "writer-private.h"

#include <cjson/cJSON.h>
#include <stdlib.h>

/* Hands the finished object out and frees it. A NULL, as cJSON leaves it when memory is out, is
 * told. */
static void emit(struct writer *writer, cJSON *object)
{
	char *line = object ? cJSON_PrintUnformatted(object) : NULL;

	writer_line(writer, line ? line : "{\"error\":\"out of memory\"}");
	free(line);
	cJSON_Delete(object);
}

void json_sentence(struct writer *writer, const char *key, const char *sentence)
{
	cJSON *object = cJSON_CreateObject();

	cJSON_AddStringToObject(object, key, sentence);
	emit(writer, object);
}

/* ---- a packet: the object of every request, response and `decode --json` ---- */

static void add_field(cJSON *fields, const struct writer_view *view, size_t i)
{
	const struct pcp_node *node = &view->packet->node[i];
	cJSON *field = cJSON_CreateObject();

	cJSON_AddItemToArray(fields, field);
	pcp_node_path(view->packet, i, view->text, view->cap);
	cJSON_AddStringToObject(field, "path", view->text);
	cJSON_AddNumberToObject(field, "offset", node->off);
	cJSON_AddNumberToObject(field, "length", node->len);
	if (pcp_field_is_number(node->field) && node->len > 0) {
		cJSON_AddNumberToObject(field, "value", pcp_node_uint(view->packet, i));
	} else {
		pcp_node_typed(view->packet, i, view->text, view->cap);
		cJSON_AddStringToObject(field, "value", view->text);
	}
	pcp_node_text(view->packet, i, view->text, view->cap);
	cJSON_AddStringToObject(field, "text", view->text);
}

static void add_finding(cJSON *findings, const struct pcp_finding *finding)
{
	cJSON *object = cJSON_CreateObject();

	cJSON_AddItemToArray(findings, object);
	cJSON_AddStringToObject(object, "severity", pcp_severity_name(finding->rule->severity));
	cJSON_AddStringToObject(object, "rule", finding->rule->name);
	cJSON_AddNumberToObject(object, "offset", finding->off);
	cJSON_AddNumberToObject(object, "length", finding->len);
	cJSON_AddStringToObject(object, "ref", finding->rule->ref);
	cJSON_AddStringToObject(object, "text", finding->text);
}

static void add_packet(cJSON *object, const struct writer_view *view)
{
	const struct pcp_packet *packet = view->packet;
	cJSON *list;

	cJSON_AddStringToObject(object, "direction", writer_direction(packet));
	cJSON_AddStringToObject(object, "protocol", writer_protocol(packet));
	cJSON_AddNumberToObject(object, "length", (double)packet->len);
	pcp_hex_text(packet->octets, packet->len, view->text, view->cap);
	cJSON_AddStringToObject(object, "hex", view->text);
	pcp_summary(packet, view->text, view->cap);
	cJSON_AddStringToObject(object, "summary", view->text);
	list = cJSON_AddArrayToObject(object, "fields");
	for (size_t i = 0; i < packet->nnode; i++)
		if (packet->node[i].field)
			add_field(list, view, i);
	list = cJSON_AddArrayToObject(object, "findings");
	for (size_t i = 0; i < view->nfinding; i++)
		add_finding(list, &view->finding[i]);
}

void json_packet(struct writer *writer, const struct writer_view *view)
{
	cJSON *object = cJSON_CreateObject();

	add_packet(object, view);
	emit(writer, object);
}

/* ---- messages, mappings and events ---- */

static void add_endpoint(cJSON *object, const char *key, const struct pcp_endpoint *endpoint)
{
	char text[ENDPOINT_TEXT];

	pcp_endpoint_text(endpoint, text, sizeof text);
	cJSON_AddStringToObject(object, key, text);
}

static void add_address(cJSON *object, const char *key, const uint8_t addr[PCP_ADDR_LEN])
{
	char text[PCP_ADDR_TEXT];

	pcp_addr_text(addr, text, sizeof text);
	cJSON_AddStringToObject(object, key, text);
}

/* The result by name beside its number: what scripts ask first. */
static void add_result(cJSON *object, const struct pcp_packet *packet)
{
	size_t node =
		pcp_node_find(packet, packet->protocol == PCP_PROTOCOL_NATPMP ? "natpmp.result"
									      : "header.result");
	const struct pcp_name *names = packet->protocol == PCP_PROTOCOL_NATPMP
					       ? pcp_natpmp_result_names
					       : pcp_result_names;
	const char *name;

	if (packet->direction != PCP_RESPONSE || node == PCP_NO_NODE)
		return;
	name = pcp_name(names, pcp_node_uint(packet, node));
	cJSON_AddNumberToObject(object, "result_code", pcp_node_uint(packet, node));
	if (name)
		cJSON_AddStringToObject(object, "result", name);
}

void json_message(struct writer *writer, const struct message *message,
		  const struct writer_view *view)
{
	cJSON *object = cJSON_CreateObject();
	char time[WRITER_TIME];

	writer_time(message->wall, time);
	cJSON_AddStringToObject(object, "event", writer_message_name(message->kind));
	cJSON_AddStringToObject(object, "time", time);
	cJSON_AddNumberToObject(object, "exchange", message->exchange);
	add_endpoint(object, "from", &message->from);
	add_endpoint(object, "to", &message->to);
	cJSON_AddNumberToObject(object, "tries", message->tries);
	if (message->rtt >= 0 && message->kind == MESSAGE_RESPONSE)
		cJSON_AddNumberToObject(object, "rtt_ms", (double)message->rtt / 1000.0);
	if (*message->reason)
		cJSON_AddStringToObject(object, "reason", message->reason);
	add_result(object, view->packet);
	add_packet(object, view);
	emit(writer, object);
}

static void add_skipped(cJSON *object, const struct pcp_mapping *mapping)
{
	cJSON *list = mapping->nskipped ? cJSON_AddArrayToObject(object, "skipped") : NULL;

	for (size_t i = 0; i < mapping->nskipped; i++)
		cJSON_AddItemToArray(list,
				     cJSON_CreateString(pcp_mapping_skipped_name(mapping, i)));
}

static void add_mapping(cJSON *object, const struct pcp_mapping *mapping, usec now)
{
	const char *protocol = pcp_name(pcp_protocol_names, mapping->protocol);
	char nonce[2 * PCP_NONCE_LEN + 1];

	cJSON_AddNumberToObject(object, "id", mapping->id);
	cJSON_AddNumberToObject(object, "server", mapping->server);
	cJSON_AddStringToObject(object, "state", pcp_mapping_state_name(mapping->state));
	if (mapping->opcode)
		cJSON_AddStringToObject(object, "opcode", pcp_mapping_opcode_name(mapping));
	else
		cJSON_AddNullToObject(object, "opcode"); /* NEXT does not tell */
	cJSON_AddNumberToObject(object, "version", mapping->version);
	cJSON_AddNumberToObject(object, "protocol", mapping->protocol);
	if (protocol)
		cJSON_AddStringToObject(object, "protocol_name", protocol);
	add_address(object, "internal_address", mapping->internal);
	cJSON_AddNumberToObject(object, "internal_port", mapping->internal_port);
	add_address(object, "external_address", mapping->external);
	cJSON_AddNumberToObject(object, "external_port", mapping->external_port);
	if (mapping->opcode == PCP_PEER) {
		add_address(object, "remote_address", mapping->remote);
		cJSON_AddNumberToObject(object, "remote_port", mapping->remote_port);
	}
	pcp_hex_text(mapping->nonce, PCP_NONCE_LEN, nonce, sizeof nonce);
	cJSON_AddStringToObject(object, "nonce", nonce);
	cJSON_AddNumberToObject(object, "lifetime", mapping->lifetime);
	if (mapping->expires_at != USEC_NEVER)
		cJSON_AddNumberToObject(
			object, "expires_in",
			mapping->expires_at <= now
				? 0
				: (double)((mapping->expires_at - now) / USEC_PER_SEC));
	cJSON_AddBoolToObject(object, "auto_renew", mapping->auto_renew);
	cJSON_AddBoolToObject(object, "own", !mapping->unconfirmed);
	if (mapping->port_set_size || mapping->pair)
		cJSON_AddNumberToObject(object, "ports",
					mapping->port_set_size ? mapping->port_set_size : 2);
	if (*mapping->description)
		cJSON_AddStringToObject(object, "description", mapping->description);
	add_skipped(object, mapping);
	cJSON_AddNumberToObject(object, "result_code", mapping->result);
}

void json_mapping(struct writer *writer, const struct pcp_mapping *mapping, usec now)
{
	cJSON *object = cJSON_CreateObject();

	add_mapping(cJSON_AddObjectToObject(object, "mapping"), mapping, now);
	emit(writer, object);
}

static void add_server(cJSON *object, const struct pcp_client_server *server)
{
	cJSON_AddNumberToObject(object, "server", server->id);
	add_endpoint(object, "address", &server->config.endpoint[server->current]);
}

void json_server(struct writer *writer, const struct pcp_client_server *server, bool in_use)
{
	cJSON *object = cJSON_CreateObject();

	add_server(object, server);
	add_address(object, "source", server->config.source.addr);
	cJSON_AddBoolToObject(object, "in_use", in_use);
	cJSON_AddNumberToObject(object, "version", server->version);
	cJSON_AddBoolToObject(object, "answered", server->answered);
	if (server->have_epoch) {
		cJSON_AddNumberToObject(object, "epoch", server->epoch);
		cJSON_AddBoolToObject(object, "epoch_valid", server->epoch_valid);
	}
	cJSON_AddNumberToObject(object, "mappings", server->mappings);
	emit(writer, object);
}

void json_moment(struct writer *writer, uint64_t at, uint64_t count, size_t mappings)
{
	cJSON *object = cJSON_CreateObject();

	cJSON_AddNumberToObject(object, "moment", (double)at);
	cJSON_AddNumberToObject(object, "of", (double)count);
	cJSON_AddNumberToObject(object, "mappings", (double)mappings);
	emit(writer, object);
}

void json_event(struct writer *writer, const struct pcp_client_event *event)
{
	cJSON *object = cJSON_CreateObject();

	cJSON_AddStringToObject(object, "event", writer_event_name(event->kind));
	if (event->exchange)
		cJSON_AddNumberToObject(object, "exchange", event->exchange);
	if (event->server)
		add_server(object, event->server);
	if (event->reason)
		cJSON_AddStringToObject(object, "reason", event->reason);
	if (event->mapping)
		add_mapping(cJSON_AddObjectToObject(object, "mapping"), event->mapping, event->now);
	emit(writer, object);
}
