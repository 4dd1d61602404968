/* Output for people. */
#include "writer-private.h"

#include <string.h>
#include <time.h>

#include "clock.h"
#include "out.h"
#include "words.h"

enum { HEX_SHOWN = 16 }; /* octets of a leaf shown in hex on its line */

static void out_leaf_hex(struct pcp_out *out, const struct pcp_packet *packet,
			 const struct pcp_node *node)
{
	size_t n = node->len < HEX_SHOWN ? node->len : HEX_SHOWN;

	pcp_out_hex(out, packet->octets + node->off, n);
	if (node->len > n)
		pcp_out_text(out, "..");
}

/* "003e  Length               3                        0003"; without octets nothing stands behind
 * the value. */
static void out_leaf(struct pcp_out *out, const struct pcp_packet *packet, size_t i)
{
	const struct pcp_node *node = &packet->node[i];
	size_t from;

	pcp_out_hex_uint(out, node->off, 4);
	pcp_out_text(out, "  ");
	pcp_out_cell(out, node->field->label, 21);
	from = out->len;
	pcp_out_node(out, packet, i);
	if (!node->len)
		return;
	pcp_out_column(out, from, 25);
	out_leaf_hex(out, packet, node);
}

/* ---- lines that are gathered, so that they are written as one piece ---- */

struct lines {
	struct writer *writer;
	struct pcp_out out;
};

static struct lines gather(struct writer *writer, const struct writer_view *view)
{
	struct lines lines = { .writer = writer };

	pcp_out_begin(&lines.out, view->text, view->cap);
	return lines;
}

static void put_lines(struct lines *lines)
{
	if (lines->out.len > 0)
		writer_lines(lines->writer, lines->out.buf);
	pcp_out_begin(&lines->out, lines->out.buf, lines->out.cap);
}

/* One more begins; it has the room of the longest. */
static void next_line(struct lines *lines)
{
	if (lines->out.len > LINES_ROOM)
		put_lines(lines);
	if (lines->out.len > 0)
		pcp_out_text(&lines->out, "\n");
}

/* Made of safe pieces alone, and so without a check of the whole. */
static void out_node_line(struct lines *lines, const struct pcp_packet *packet, size_t i)
{
	const struct pcp_node *node = &packet->node[i];

	next_line(lines);
	pcp_out_blanks(&lines->out, 2 + 2u * node->depth);
	if (node->field)
		out_leaf(&lines->out, packet, i);
	else
		pcp_out_node(&lines->out, packet, i);
}

/* "  error at 0043: Padding is not zero. [option-padding-nonzero, RFC 6887 7.3]". */
static void out_finding_line(struct lines *lines, const struct pcp_finding *finding)
{
	struct pcp_out *out = &lines->out;

	next_line(lines);
	pcp_out_text(out, "  ");
	pcp_out_text(out, pcp_severity_name(finding->rule->severity));
	pcp_out_text(out, " at ");
	pcp_out_hex_uint(out, finding->off, 4);
	pcp_out_text(out, ": ");
	pcp_out_text(out, finding->text);
	pcp_out_text(out, " [");
	pcp_out_text(out, finding->rule->name);
	pcp_out_text(out, ", ");
	pcp_out_text(out, finding->rule->ref);
	pcp_out_text(out, "]");
}

static void put_body(struct lines *lines, const struct writer_view *view)
{
	for (size_t i = 0; i < view->packet->nnode; i++)
		out_node_line(lines, view->packet, i);
	for (size_t i = 0; i < view->nfinding; i++)
		out_finding_line(lines, &view->finding[i]);
	put_lines(lines);
}

void text_packet(struct writer *writer, const struct writer_view *view)
{
	struct lines lines = gather(writer, view);
	char summary[256];

	pcp_summary(view->packet, summary, sizeof summary);
	writer_printf(writer, "%s %s, %zu octet%s: %s", writer_protocol(view->packet),
		      writer_direction(view->packet), view->packet->len, pcp_s(view->packet->len),
		      summary);
	put_body(&lines, view);
}

static void out_rtt(struct pcp_out *out, usec rtt)
{
	uint64_t tenths = ((uint64_t)rtt + 50) / 100; /* of a millisecond */

	pcp_out_text(out, "  ");
	pcp_out_uint(out, tenths / 10);
	pcp_out_text(out, ".");
	pcp_out_uint(out, tenths % 10);
	pcp_out_text(out, " ms");
}

static int day_of(const struct tm *tm)
{
	return (tm->tm_year + 1900) * 10000 + (tm->tm_mon + 1) * 100 + tm->tm_mday;
}

/* Times are told without their day, so it stands before the first of another one than today, and
 * where it changes. */
static void text_day(struct writer *writer, const struct tm *tm)
{
	int day = day_of(tm), before = writer->day;

	if (!before) {
		struct tm now = writer_local(pcp_clock_wall());

		before = day_of(&now);
	}
	if (day != before)
		writer_printf(writer, "---- %04d-%02d-%02d ----", day / 10000, day / 100 % 100,
			      day % 100);
	writer->day = day;
}

static void text_second(struct writer *writer, usec wall)
{
	struct tm tm;

	if (writer_has_second(&writer->here, wall))
		return;
	tm = writer_local(wall);
	text_day(writer, &tm);
	writer_set_here(&writer->here, &tm, wall);
}

/* The reason is the one piece that may hold what a stranger wrote. */
static void out_head(struct pcp_out *out, const struct writer_second *here,
		     const struct message *message, const struct pcp_packet *packet)
{
	bool sent = message_sent(message);
	char peer[ENDPOINT_TEXT];

	writer_out_here(out, here, message->wall);
	pcp_out_text(out, sent ? " -> " : " <- ");
	pcp_endpoint_text(sent ? message->to : message->from, peer, sizeof peer);
	pcp_out_text(out, peer);
	pcp_out_text(out, " #");
	pcp_out_uint(out, message->exchange);
	pcp_out_text(out, "  ");
	pcp_out_summary(out, packet);
	if (!sent && message->rtt >= 0)
		out_rtt(out, message->rtt);
	if (message->kind == MESSAGE_RESENT)
		pcp_out_format(out, " (try %u)", message->tries);
	if (*message->reason) {
		pcp_out_text(out, "  ");
		pcp_out_text(out, message_lead(message));
		pcp_out_safe(out, (const uint8_t *)message->reason, strlen(message->reason));
	}
}

void text_message(struct writer *writer, const struct message *message,
		  const struct writer_view *view)
{
	struct lines lines = gather(writer, view);

	text_second(writer, message->wall);
	out_head(&lines.out, &writer->here, message, view->packet);
	if (message->kind != MESSAGE_RESENT)
		put_body(&lines, view);
	else
		put_lines(&lines);
}

static void text_range(const struct pcp_mapping *mapping, uint16_t first, char *buf, size_t cap)
{
	unsigned count = mapping->port_set_size ? mapping->port_set_size : mapping->pair ? 2 : 1;

	if (count > 1)
		snprintf(buf, cap, "%u-%u", first, first + count - 1);
	else
		snprintf(buf, cap, "%u", first);
}

static void address_port(const uint8_t *addr, const char *port, char *buf, size_t cap)
{
	char text[PCP_ADDR_TEXT];

	pcp_addr_text(addr, text, sizeof text);
	snprintf(buf, cap, pcp_addr_is_v4(addr) ? "%s:%s" : "[%s]:%s", text, port);
}

/* Nothing before there was an answer. */
static void text_outside(const struct pcp_mapping *mapping, char *buf, size_t cap)
{
	char port[16];

	*buf = '\0';
	if (!mapping->external_port && pcp_addr_is_any(mapping->external))
		return;
	text_range(mapping, mapping->external_port, port, sizeof port);
	strcpy(buf, " -> ");
	address_port(mapping->external, port, buf + 4, cap - 4);
}

static void text_refusal(const struct pcp_mapping *mapping, char *buf, size_t cap)
{
	const char *sentence, *name = pcp_mapping_result_name(mapping, &sentence);

	*buf = '\0';
	if (mapping->state != MAPPING_HOLDING)
		return;
	if (name)
		snprintf(buf, cap, "  %s: %s", name, sentence);
	else
		snprintf(buf, cap, "  result code %u, which no document assigns", mapping->result);
}

void text_mapping(struct writer *writer, const struct pcp_mapping *mapping, usec now)
{
	char inside[ENDPOINT_TEXT + 16],
		outside[ENDPOINT_TEXT + 16] = "", remote[ENDPOINT_TEXT + 16] = "", refused[200];
	char port[16], left[48] = "", skipped[256] = "";
	struct pcp_out out;

	text_range(mapping, mapping->internal_port, port, sizeof port);
	address_port(mapping->internal, port, inside, sizeof inside);
	text_outside(mapping, outside, sizeof outside);
	text_refusal(mapping, refused, sizeof refused);
	if (mapping->opcode == PCP_PEER) {
		snprintf(port, sizeof port, "%u", mapping->remote_port);
		strcpy(remote, " to ");
		address_port(mapping->remote, port, remote + 4, sizeof remote - 4);
	}
	if (mapping->expires_at != USEC_NEVER && mapping->expires_at > now)
		pcp_seconds_text((uint32_t)((mapping->expires_at - now) / USEC_PER_SEC), left,
				 sizeof left);
	pcp_out_begin(&out, skipped, sizeof skipped);
	for (size_t i = 0; i < mapping->nskipped; i++)
		pcp_out_format(&out, "  without %s", pcp_mapping_skipped_name(mapping, i));
	writer_printf(writer, "%u %s %s %s %s%s%s%s%s%s%s%s%s%s%s", mapping->id,
		      pcp_mapping_state_name(mapping->state), pcp_mapping_opcode_name(mapping),
		      pcp_protocol_text(mapping->protocol).text, inside, outside, remote,
		      *left ? " " : "", left, mapping->auto_renew ? " renewing" : "",
		      mapping->stranded ? "  of an address that this host has lost" : "",
		      *mapping->description ? "  " : "", mapping->description, skipped, refused);
}

void text_server(struct writer *writer, const struct pcp_client_server *server, bool in_use,
		 const char *way)
{
	char at[ENDPOINT_TEXT], source[PCP_ADDR_TEXT], epoch[48] = "";

	pcp_endpoint_text(&server->config.endpoint[server->current], at, sizeof at);
	pcp_addr_text(server->config.source.addr, source, sizeof source);
	if (server->have_epoch)
		snprintf(epoch, sizeof epoch, ", epoch %u s%s", server->epoch,
			 server->epoch_valid ? "" : " (it lost its state)");
	bool open = strcmp(way, "open") == 0;

	writer_printf(writer, "%s%u %s from %s, version %u%s%s, %u mapping%s%s%s",
		      in_use ? "* " : "  ", server->id, at, source, server->version,
		      server->answered ? "" : ", not heard of yet", epoch, server->mappings,
		      pcp_s(server->mappings), open ? "" : ", way ", open ? "" : way);
}

void text_moment(struct writer *writer, uint64_t at, uint64_t count, size_t mappings)
{
	writer_printf(writer, "moment %llu of %llu: %zu mapping%s", (unsigned long long)at,
		      (unsigned long long)count, mappings, pcp_s(mappings));
}

void text_event(struct writer *writer, const struct pcp_client_event *event)
{
	char server[ENDPOINT_TEXT] = "", what[64] = "";

	if (event->server)
		pcp_endpoint_text(&event->server->config.endpoint[event->server->current], server,
				  sizeof server);
	if (event->mapping)
		snprintf(what, sizeof what, " mapping %u %s", event->mapping->id,
			 pcp_mapping_state_name(event->mapping->state));
	writer_printf(writer, "%s %s%s%s%s", writer_event_name(event->kind), server, what,
		      event->reason ? ": " : "", event->reason ? event->reason : "");
}
