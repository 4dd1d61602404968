/* What came of a request, in one sentence that a person can act on. */
#include "answer.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "reach.h"

/* ---- a sentence of pieces that give way ---- */

enum {
	/* What gives way before what: the greater number first. */
	KEEP,
	LIFETIME,
	UNIT,
	ADVICE,
	INSIDE,
	AS_ASKED,
	TIME_TAKEN,
	RANKS,
	PIECES_MAX = 12,
	PIECE_TEXT = 320,
};

struct pieces {
	struct {
		char text[PIECE_TEXT];
		int rank;
	} piece[PIECES_MAX];
	size_t n;
};

static void add(struct pieces *pieces, int rank, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
static void add(struct pieces *pieces, int rank, const char *format, ...)
{
	va_list list;

	if (pieces->n == PIECES_MAX)
		return;
	pieces->piece[pieces->n].rank = rank;
	va_start(list, format);
	vsnprintf(pieces->piece[pieces->n++].text, PIECE_TEXT, format, list);
	va_end(list);
}

static size_t columns(const char *text)
{
	size_t n = 0;

	for (; *text; text++)
		n += (*text & 0xc0) != 0x80;
	return n;
}

static size_t width_up_to(const struct pieces *pieces, int rank)
{
	size_t n = 0;

	for (size_t i = 0; i < pieces->n; i++)
		if (pieces->piece[i].rank <= rank)
			n += columns(pieces->piece[i].text);
	return n;
}

static size_t join(const struct pieces *pieces, unsigned width, char *buf, size_t cap)
{
	size_t len = 0;
	int rank = RANKS - 1;

	while (width && rank > KEEP && width_up_to(pieces, rank) > width)
		rank--;
	if (cap)
		*buf = '\0';
	for (size_t i = 0; i < pieces->n; i++) {
		size_t at = len < cap ? len : cap;
		if (pieces->piece[i].rank <= rank)
			len += (size_t)snprintf(cap ? buf + at : NULL, cap - at, "%s",
						pieces->piece[i].text);
	}
	return len;
}

/* ---- what was asked and what was given ---- */

struct terms {
	bool natpmp, of_mapping, exactly;
	uint8_t opcode, protocol;
	struct pcp_endpoint inside, outside;
	uint32_t lifetime; /* seconds */
	uint16_t ports;
};

static uint16_t get16(const uint8_t *at)
{
	return (uint16_t)(at[0] << 8 | at[1]);
}

static void read_options(struct terms *terms, const uint8_t *octets, size_t len)
{
	size_t pos = 0;
	struct pcp_tlv tlv;
	bool bad = false;

	while (pcp_tlv_next(octets, len, &pos, &tlv, &bad)) {
		terms->exactly = terms->exactly || tlv.code == PCP_PREFER_FAILURE;
		if (tlv.code == PCP_THIRD_PARTY && tlv.len == PCP_ADDR_LEN)
			memcpy(terms->inside.addr, tlv.data, PCP_ADDR_LEN);
		if (tlv.code == PCP_PORT_SET && tlv.len >= 5)
			terms->ports = get16(tlv.data);
	}
}

static void read_pcp(struct terms *terms, const uint8_t *octets, size_t len)
{
	size_t fixed = PCP_HEADER_LEN + pcp_body_len(terms->opcode, octets[0]);
	const uint8_t *body = octets + PCP_HEADER_LEN;

	terms->of_mapping = octets[0] == PCP_VERSION_2 && len >= fixed &&
			    (terms->opcode == PCP_MAP || terms->opcode == PCP_PEER);
	if (!terms->of_mapping)
		return;
	terms->lifetime = pcp_get(&pcp_request_fields[REQ_LIFETIME], octets);
	terms->protocol = (uint8_t)pcp_get(&pcp_map_fields[MAP_PROTOCOL], body);
	terms->inside.port = (uint16_t)pcp_get(&pcp_map_fields[MAP_INTERNAL_PORT], body);
	terms->outside.port = (uint16_t)pcp_get(&pcp_map_fields[MAP_EXTERNAL_PORT], body);
	memcpy(terms->outside.addr, pcp_at(&pcp_map_fields[MAP_EXTERNAL_ADDRESS], body),
	       PCP_ADDR_LEN);
	read_options(terms, octets + fixed, len - fixed);
}

/* RFC 6886 3.3: the answer has a clock and a result between opcode and ports. */
static void read_natpmp(struct terms *terms, const uint8_t *octets, size_t len)
{
	size_t at = pcp_is_response(octets) ? 8 : 4;

	terms->natpmp = true;
	terms->of_mapping = terms->opcode != NATPMP_ADDRESS && len >= at + 8;
	if (!terms->of_mapping)
		return;
	terms->protocol = terms->opcode == NATPMP_MAP_UDP ? PCP_UDP : PCP_TCP;
	terms->inside.port = get16(octets + at);
	terms->outside.port = get16(octets + at + 2);
	terms->lifetime = (uint32_t)get16(octets + at + 4) << 16 | get16(octets + at + 6);
	pcp_addr_any(terms->outside.addr, true);
}

static struct terms read_terms(const struct message *message, const struct pcp_endpoint *inside)
{
	struct terms terms = { .inside = *inside };

	if (message->len < 2)
		return terms;
	terms.opcode = pcp_opcode_of(message->octets);
	if (message->octets[0] == PCP_VERSION_NATPMP)
		read_natpmp(&terms, message->octets, message->len);
	else if (message->len >= PCP_HEADER_LEN)
		read_pcp(&terms, message->octets, message->len);
	return terms;
}

/* ---- what is known ---- */

struct scene {
	const struct answer *answer;
	const struct exchange *exchange;
	const struct message *request, *reply; /* reply: the last that was taken; NULL */
	const struct message *ignored;	       /* the last that was not; NULL */
	const struct pcp_client_server *server;
	const struct pcp_mapping *mapping; /* of the exchange, if this is its last word */
	struct terms asked, got;
	bool natpmp, pcp; /* which protocols it was asked in */
};

static bool look(struct scene *scene, const struct answer *answer)
{
	const struct log *log = answer->log;
	const struct exchange *exchange = log_exchange(log, answer->exchange);

	*scene = (struct scene){ .answer = answer, .exchange = exchange };
	scene->request = exchange ? log_message(log, exchange->first) : NULL;
	if (!scene->request)
		return false;
	for (const struct message *m = scene->request; m;
	     m = m->next ? log_message(log, m->next) : NULL) {
		if (m->kind == MESSAGE_RESPONSE)
			scene->reply = m;
		if (message_sent(m) && m->len)
			*(m->octets[0] ? &scene->pcp : &scene->natpmp) = true;
	}
	scene->ignored = log_message(log, exchange->ignored_last);
	scene->server = pcp_client_server(answer->client, exchange->server);
	if (exchange->mapping)
		scene->mapping = pcp_client_mapping(answer->client, exchange->mapping);
	scene->asked = read_terms(scene->request, &scene->request->from);
	if (scene->reply)
		scene->got = read_terms(scene->reply, &scene->asked.inside);
	scene->got.inside.port = scene->asked.inside.port;
	return true;
}

static uint8_t result_of(const struct scene *scene)
{
	return scene->exchange->result;
}

static bool is_success(const struct scene *scene)
{
	const struct pcp_result *result = pcp_result(result_of(scene));

	return result_of(scene) == PCP_SUCCESS ||
	       (result && result->kind == PCP_RESULT_OK && !scene->got.natpmp);
}

static bool deletes(const struct scene *scene)
{
	return scene->asked.of_mapping && scene->asked.opcode != PCP_PEER &&
	       scene->asked.lifetime == 0;
}

static bool port_differs(const struct scene *scene)
{
	return scene->asked.outside.port && scene->asked.outside.port != scene->got.outside.port;
}

static bool address_differs(const struct scene *scene)
{
	return !scene->got.natpmp && !pcp_addr_is_any(scene->asked.outside.addr) &&
	       memcmp(scene->asked.outside.addr, scene->got.outside.addr, PCP_ADDR_LEN) != 0;
}

static enum answer_verdict verdict_of(const struct scene *scene)
{
	const struct exchange *exchange = scene->exchange;

	switch (exchange->state) {
	case EXCHANGE_ANSWERED:
		if (!is_success(scene))
			return ANSWER_REFUSED;
		return scene->asked.exactly && scene->asked.opcode == PCP_MAP &&
				       scene->got.of_mapping && !deletes(scene) &&
				       (port_differs(scene) || address_differs(scene))
			       ? ANSWER_OTHERWISE
			       : ANSWER_GRANTED;
	case EXCHANGE_WAITING:
		if (exchange->answers) /* a version was refused, and it goes on in another */
			return scene->answer->over ? ANSWER_REFUSED : ANSWER_WAITING;
		if (exchange->ignored)
			return ANSWER_IGNORED;
		return scene->answer->over ? ANSWER_SILENT : ANSWER_WAITING;
	case EXCHANGE_TIMED_OUT:
		return exchange->ignored ? ANSWER_IGNORED : ANSWER_SILENT;
	case EXCHANGE_UNREACHABLE:
		return ANSWER_UNREACHABLE;
	case EXCHANGE_CANCELLED:
		return ANSWER_CANCELLED;
	}
	return ANSWER_UNKNOWN;
}

enum answer_verdict answer_verdict(const struct answer *answer)
{
	struct scene scene;

	return look(&scene, answer) ? verdict_of(&scene) : ANSWER_UNKNOWN;
}

const char *answer_verdict_name(enum answer_verdict verdict)
{
	static const char *const names[] = {
		[ANSWER_GRANTED] = "granted",	      [ANSWER_OTHERWISE] = "otherwise",
		[ANSWER_REFUSED] = "refused",	      [ANSWER_WAITING] = "waiting",
		[ANSWER_IGNORED] = "ignored",	      [ANSWER_SILENT] = "silent",
		[ANSWER_UNREACHABLE] = "unreachable", [ANSWER_CANCELLED] = "cancelled",
		[ANSWER_UNKNOWN] = "unknown",
	};

	return names[verdict];
}

bool answer_came(const struct answer *answer)
{
	enum answer_verdict verdict = answer_verdict(answer);

	return verdict == ANSWER_GRANTED || verdict == ANSWER_OTHERWISE ||
	       verdict == ANSWER_REFUSED;
}

/* ---- granted ---- */

/* NAT-PMP tells the address apart from the mapping. */
static void complete_outside(struct scene *scene)
{
	const uint8_t *known = scene->mapping ? scene->mapping->external : NULL;

	if (!scene->got.natpmp)
		return;
	if ((!known || pcp_addr_is_any(known)) && scene->server)
		known = scene->server->external;
	if (known && !pcp_addr_is_any(known))
		memcpy(scene->got.outside.addr, known, PCP_ADDR_LEN);
}

static void add_outside(struct pieces *pieces, const struct scene *scene)
{
	char text[ENDPOINT_TEXT];

	pcp_endpoint_text(&scene->got.outside, text, sizeof text);
	add(pieces, KEEP, "%s", text);
	if (scene->got.ports > 1)
		add(pieces, KEEP, "-%u", scene->got.outside.port + scene->got.ports - 1);
}

static void add_differences(struct pieces *pieces, const struct scene *scene)
{
	char addr[PCP_ADDR_TEXT], lifetime[32];
	bool port = port_differs(scene), address = address_differs(scene);
	bool time = scene->asked.lifetime != scene->got.lifetime;

	if (!port && !address && !time) {
		add(pieces, AS_ASKED, ", as asked");
		return;
	}
	add(pieces, UNIT, scene->answer->ascii ? " != asked" : " ≠ asked");
	pcp_addr_text(scene->asked.outside.addr, addr, sizeof addr);
	if (address)
		add(pieces, UNIT, " %s", addr);
	if (port)
		add(pieces, UNIT, "%s:%u", address ? "" : " ", scene->asked.outside.port);
	pcp_seconds_text(scene->asked.lifetime, lifetime, sizeof lifetime);
	if (time)
		add(pieces, UNIT, "%s %s", port || address ? "," : "", lifetime);
}

/* Mapped, and yet nobody gets in: DESIGN 6. */
static void add_reach(struct pieces *pieces, const struct scene *scene)
{
	const struct pcp_reach *reach = pcp_reach(scene->got.outside.addr);

	if (memcmp(scene->got.outside.addr, scene->got.inside.addr, PCP_ADDR_LEN) == 0 &&
	    (!reach || reach->severity != PCP_ERROR)) {
		add(pieces, ADVICE, "; a firewall opened, no NAT");
		return;
	}
	if (!reach || (reach->example && scene->answer->example))
		return;
	if (scene->got.natpmp && pcp_addr_is_any(scene->got.outside.addr)) {
		add(pieces, LIFETIME, "; the gateway told no external address");
		return;
	}
	add(pieces, LIFETIME,
	    reach->severity == PCP_NOTE ? "; that address is %s" : "; nobody outside gets in: %s",
	    reach->what);
	add(pieces, ADVICE, ": %s", reach->meaning);
}

static void add_skipped(struct pieces *pieces, const struct scene *scene)
{
	for (size_t i = 0; scene->mapping && i < scene->mapping->nskipped && i < 3; i++)
		add(pieces, UNIT, "%s %s", i ? "," : "; without",
		    pcp_mapping_skipped_name(scene->mapping, i));
}

static void add_time_taken(struct pieces *pieces, const struct scene *scene)
{
	if (scene->reply && scene->reply->rtt >= 0)
		add(pieces, TIME_TAKEN, "  %.1f ms", (double)scene->reply->rtt / 1000.0);
}

static void mapped(struct pieces *pieces, struct scene *scene)
{
	char inside[ENDPOINT_TEXT], lifetime[32];

	complete_outside(scene);
	pcp_endpoint_text(&scene->got.inside, inside, sizeof inside);
	pcp_seconds_text(scene->got.lifetime, lifetime, sizeof lifetime);
	add_outside(pieces, scene);
	add(pieces, INSIDE, scene->answer->ascii ? " -> %s" : " → %s", inside);
	add(pieces, UNIT, " %s", pcp_protocol_text(scene->got.protocol).text);
	add(pieces, INSIDE, " for");
	add(pieces, LIFETIME, " %s", lifetime);
	if (verdict_of(scene) == ANSWER_OTHERWISE)
		add(pieces, KEEP, ", though exactly %u was asked for", scene->asked.outside.port);
	else
		add_differences(pieces, scene);
	if (verdict_of(scene) == ANSWER_OTHERWISE)
		add(pieces, ADVICE,
		    ": the server does not heed PREFER_FAILURE, and this mapping stands now");
	add_reach(pieces, scene);
	add_skipped(pieces, scene);
}

static void deleted(struct pieces *pieces, const struct scene *scene)
{
	char inside[ENDPOINT_TEXT], lifetime[32];

	pcp_endpoint_text(&scene->asked.inside, inside, sizeof inside);
	pcp_seconds_text(scene->got.lifetime, lifetime, sizeof lifetime);
	add(pieces, KEEP, "%s %s ", pcp_protocol_text(scene->asked.protocol).text, inside);
	if (scene->got.lifetime)
		add(pieces, KEEP, "is kept for %s by its traffic, then deleted", lifetime);
	else
		add(pieces, KEEP, "deleted");
}

/* A sign of life: who it is, and since when its state goes back. */
static void alive(struct pieces *pieces, struct scene *scene)
{
	char server[ENDPOINT_TEXT], up[32], addr[PCP_ADDR_TEXT];
	uint32_t epoch = 0;

	pcp_endpoint_text(&scene->request->to, server, sizeof server);
	message_clock(scene->reply->octets, scene->reply->len, &epoch);
	pcp_seconds_text(epoch, up, sizeof up);
	add(pieces, KEEP, "%s speaks %s", server, scene->got.natpmp ? "NAT-PMP" : "PCP");
	add(pieces, UNIT, "; its state goes back %s", up);
	if (!scene->got.natpmp || scene->reply->len < 12)
		return;
	uint8_t external[PCP_ADDR_LEN];

	pcp_addr_any(external, true);
	memcpy(external + 12, scene->reply->octets + 8, 4);
	pcp_addr_text(external, addr, sizeof addr);
	add(pieces, LIFETIME, "; external address %s", addr);
	memcpy(scene->got.outside.addr, external, PCP_ADDR_LEN);
	add_reach(pieces, scene);
}

/* What no sentence is made for here, as its octets say it. */
static void summarized(struct pieces *pieces, const struct message *message)
{
	struct pcp_node node[PCP_NODES_MAX];
	struct pcp_packet packet;
	char text[PIECE_TEXT];

	pcp_decode(&packet, message->octets, message->len, PCP_RESPONSE, 0, node, PCP_NODES_MAX);
	pcp_summary(&packet, text, sizeof text);
	add(pieces, KEEP, "%s", text);
}

static void granted(struct pieces *pieces, struct scene *scene)
{
	if (!scene->reply)
		add(pieces, KEEP, "granted");
	else if (scene->got.of_mapping && deletes(scene))
		deleted(pieces, scene);
	else if (scene->got.of_mapping && scene->got.lifetime)
		mapped(pieces, scene);
	else if (!scene->got.of_mapping && scene->got.opcode == PCP_ANNOUNCE)
		alive(pieces, scene);
	else
		summarized(pieces, scene->reply);
	add_time_taken(pieces, scene);
}

/* ---- refused ---- */

/* How much longer it asks not to be asked; 0: no longer, or it did not say (RFC 6887 7.2). */
static uint32_t seconds_left(const struct scene *scene)
{
	const struct message *reply = scene->reply;
	usec left;

	if (scene->got.natpmp || reply->len < 8)
		return 0;
	left = reply->at - scene->answer->now +
	       (usec)pcp_get(&pcp_response_fields[HDR_LIFETIME], reply->octets) * USEC_PER_SEC;
	return left > 0 ? (uint32_t)((left + USEC_PER_SEC - 1) / USEC_PER_SEC) : 0;
}

static void name_result(const struct scene *scene, const char **name, const char **meaning)
{
	const struct pcp_result *result = pcp_result(result_of(scene));
	const struct pcp_name *row = pcp_natpmp_result_names;

	*name = result ? result->name : NULL;
	*meaning = result ? result->meaning : NULL;
	if (!scene->got.natpmp || result_of(scene) == PCP_UNSUPP_VERSION)
		return;
	while (row->name && row->code != result_of(scene))
		row++;
	*name = row->name;
	*meaning = row->help;
}

static void refused(struct pieces *pieces, const struct scene *scene)
{
	const char *name, *meaning, *why = scene->reply ? scene->reply->reason : "";
	char left[32];
	uint32_t seconds;

	name_result(scene, &name, &meaning);
	if (name)
		add(pieces, KEEP, "%s", name);
	else
		add(pieces, KEEP, "result %u, which no document knows", result_of(scene));
	if (*why) /* what the engine makes of it is nearer than what it means in general */
		add(pieces, ADVICE, ": %s", why);
	else if (meaning)
		add(pieces, ADVICE, ": %.*s", (int)strcspn(meaning, "."), meaning);
	seconds = scene->reply ? seconds_left(scene) : 0;
	pcp_seconds_text(seconds, left, sizeof left);
	if (seconds)
		add(pieces, LIFETIME, "; ask again in %s", left);
}

/* ---- nothing that counts ---- */

static void unheeded(struct pieces *pieces, const struct scene *scene)
{
	const struct exchange *exchange = scene->exchange;
	const struct message *last = scene->ignored;
	char from[ENDPOINT_TEXT], asked[ENDPOINT_TEXT];

	pcp_endpoint_text(&scene->request->to, asked, sizeof asked);
	add(pieces, KEEP,
	    exchange->ignored == 1 ? "%u answer came and was not taken"
				   : "%u answers came and none was taken",
	    exchange->ignored);
	if (!last)
		return;
	pcp_endpoint_text(&last->from, from, sizeof from);
	add(pieces, UNIT, ": %s", last->reason);
	if (!pcp_endpoint_same(&last->from, &scene->request->to))
		add(pieces, ADVICE, "; -s %s asks that address", from);
	else if (scene->natpmp && !scene->pcp)
		add(pieces, ADVICE, "; without --nat-pmp, %s is asked in PCP first", asked);
	if (exchange->state == EXCHANGE_WAITING && !scene->answer->over)
		add(pieces, AS_ASKED, "; still waiting");
}

/* RFC 6887 10.2: what silence means. */
static void add_silence(struct pieces *pieces, const struct scene *scene)
{
	if (scene->natpmp && !scene->pcp)
		add(pieces, ADVICE,
		    ". Either the gateway does not speak NAT-PMP, or there is no NAT; "
		    "without --nat-pmp, PCP is tried first");
	else
		add(pieces, ADVICE,
		    ". Either there is no NAT or firewall on the way, or one that does not speak "
		    "PCP: from here the two look alike");
}

static void waiting(struct pieces *pieces, const struct scene *scene)
{
	const struct exchange *exchange = scene->exchange;
	usec now = scene->answer->now, next = exchange->next_at;
	char server[ENDPOINT_TEXT];

	pcp_endpoint_text(&scene->request->to, server, sizeof server);
	if (exchange->answers) {
		add(pieces, KEEP, "%s refused the version; it is asked in another", server);
		return;
	}
	add(pieces, KEEP, "%s says nothing: %u %s", server, exchange->sends,
	    exchange->sends == 1 ? "try" : "tries");
	add(pieces, LIFETIME, " in %.0f s", (double)(now - scene->request->at) / 1e6);
	if (next != USEC_NEVER && next > now)
		add(pieces, UNIT, ", the next in %.0f s", (double)(next - now) / 1e6);
	if (exchange->sends > 1)
		add_silence(pieces, scene);
}

static void silent(struct pieces *pieces, const struct scene *scene)
{
	char server[ENDPOINT_TEXT];

	pcp_endpoint_text(&scene->request->to, server, sizeof server);
	add(pieces, KEEP, "No answer from %s", server);
	add_silence(pieces, scene);
}

static void unreachable(struct pieces *pieces, const struct scene *scene)
{
	const char *what = scene->exchange->what ? scene->exchange->what : "unreachable";
	char server[ENDPOINT_TEXT];

	pcp_endpoint_text(&scene->request->to, server, sizeof server);
	add(pieces, KEEP, "%s: %s", server, what);
	if (strstr(what, "port"))
		add(pieces, ADVICE, ". There is a host, but no %s service on that port",
		    scene->pcp ? "PCP or NAT-PMP" : "NAT-PMP");
}

size_t answer_sentence(const struct answer *answer, unsigned width, char *buf, size_t cap)
{
	struct pieces pieces = { .n = 0 };
	struct scene scene;

	if (!look(&scene, answer))
		return join(&pieces, width, buf, cap);
	switch (verdict_of(&scene)) {
	case ANSWER_GRANTED:
	case ANSWER_OTHERWISE:
		granted(&pieces, &scene);
		break;
	case ANSWER_REFUSED:
		refused(&pieces, &scene);
		break;
	case ANSWER_WAITING:
		waiting(&pieces, &scene);
		break;
	case ANSWER_IGNORED:
		unheeded(&pieces, &scene);
		break;
	case ANSWER_SILENT:
		silent(&pieces, &scene);
		break;
	case ANSWER_UNREACHABLE:
		unreachable(&pieces, &scene);
		break;
	case ANSWER_CANCELLED:
		add(&pieces, KEEP, "%s", scene.exchange->what ? scene.exchange->what : "given up");
		break;
	case ANSWER_UNKNOWN:
		break;
	}
	return join(&pieces, width, buf, cap);
}
