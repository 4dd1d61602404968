/* What cases are written with: requests, a look into answers, judgements. */
#include "probe-private.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* ---- who asks ---- */

static const struct pcp_client_server *server_of(const struct probe_test *t)
{
	const struct probe *probe = t->probe;
	uint16_t id = probe->config.server[t->door];

	return pcp_client_server(probe->client, id ? id : probe->config.server[PROBE_MAIN]);
}

bool case_goes_on(const struct probe_test *t)
{
	return !t->blocked && !t->over;
}

const uint8_t *case_own(const struct probe_test *t)
{
	return server_of(t)->config.source.addr;
}

bool case_v4(const struct probe_test *t)
{
	return pcp_addr_is_v4(case_own(t));
}

void case_addr(const struct probe_test *t, const char *v4, const char *v6,
	       uint8_t addr[PCP_ADDR_LEN])
{
	pcp_addr_parse(case_v4(t) ? v4 : v6, addr, NULL);
}

void case_ports(struct probe_test *t, unsigned count)
{
	if (!t->port)
		t->nport = count;
}

uint16_t case_port(struct probe_test *t, unsigned i)
{
	const struct probe_io *io = &t->probe->io;

	if (!t->port && !t->no_port) {
		t->port = io->port(io->arg, t->nport);
		t->no_port = t->port == 0;
	}
	if (t->no_port)
		case_open(t, "no %u internal ports in a row are free on this host", t->nport);
	return t->port ? (uint16_t)(t->port + i) : 0;
}

uint16_t case_high_port(const struct probe_test *t, unsigned i)
{
	return (uint16_t)(49152 + (t->seed >> 8 * (i % 6)) % 16000 + i);
}

bool case_bind(struct probe_test *t, uint16_t port)
{
	const struct probe_io *io = &t->probe->io;

	if (t->bound == port)
		return true;
	if (!io->bind || !io->bind(io->arg, port))
		return false;
	t->bound = port;
	return true;
}

bool case_through(struct probe_test *t, enum probe_door door)
{
	if (!t->probe->config.server[door])
		return false;
	t->door = door;
	return true;
}

/* ---- requests ---- */

struct pcp_edit case_plain(struct probe_test *t, uint8_t version, uint8_t opcode, size_t body,
			   uint8_t fill)
{
	struct pcp_edit request = { .len = PCP_HEADER_LEN + body };

	request.octets[0] = version;
	request.octets[1] = opcode;
	memcpy(request.octets + pcp_request_fields[REQ_CLIENT].off, case_own(t), PCP_ADDR_LEN);
	memset(request.octets + PCP_HEADER_LEN, fill, body);
	return request;
}

static struct pcp_edit mapping(struct probe_test *t, uint8_t opcode, unsigned port,
			       uint32_t lifetime)
{
	struct pcp_edit request =
		case_plain(t, PCP_VERSION_2, opcode, pcp_body_len(opcode, PCP_VERSION_2), 0);
	uint8_t *body = request.octets + PCP_HEADER_LEN;

	case_lifetime(&request, lifetime);
	case_nonce(&request, t->nonce);
	case_protocol(&request, 17);
	case_internal(&request, case_port(t, port));
	pcp_addr_any(body + pcp_map_fields[MAP_EXTERNAL_ADDRESS].off, case_v4(t));
	return request;
}

struct pcp_edit case_map(struct probe_test *t, unsigned port, uint32_t lifetime)
{
	return mapping(t, PCP_MAP, port, lifetime);
}

struct pcp_edit case_peer(struct probe_test *t, unsigned port, uint32_t lifetime)
{
	struct pcp_edit request = mapping(t, PCP_PEER, port, lifetime);
	uint8_t *body = request.octets + PCP_HEADER_LEN;

	pcp_put(&pcp_peer_fields[PEER_REMOTE_PORT], body, 443);
	case_addr(t, "198.51.100.7", "2001:db8:51::7",
		  body + pcp_peer_fields[PEER_REMOTE_ADDRESS].off);
	return request;
}

struct pcp_edit case_octets(const void *octets, size_t len)
{
	struct pcp_edit request = { .len = len };

	memcpy(request.octets, octets, len);
	return request;
}

struct pcp_edit case_natpmp(struct probe_test *t, uint8_t opcode, unsigned port, uint16_t external,
			    uint32_t lifetime)
{
	uint16_t internal = case_port(t, port);
	uint8_t octets[12] = { PCP_VERSION_NATPMP,
			       opcode,
			       0,
			       0,
			       (uint8_t)(internal >> 8),
			       (uint8_t)internal,
			       (uint8_t)(external >> 8),
			       (uint8_t)external,
			       (uint8_t)(lifetime >> 24),
			       (uint8_t)(lifetime >> 16),
			       (uint8_t)(lifetime >> 8),
			       (uint8_t)lifetime };

	return case_octets(octets, sizeof octets);
}

void case_lifetime(struct pcp_edit *request, uint32_t seconds)
{
	pcp_put(&pcp_request_fields[REQ_LIFETIME], request->octets, seconds);
}

void case_nonce(struct pcp_edit *request, const uint8_t nonce[PCP_NONCE_LEN])
{
	memcpy(request->octets + PCP_HEADER_LEN + pcp_map_fields[MAP_NONCE].off, nonce,
	       PCP_NONCE_LEN);
}

static void put(struct pcp_edit *request, size_t field, uint32_t value)
{
	pcp_put(&pcp_map_fields[field], request->octets + PCP_HEADER_LEN, value);
}

void case_protocol(struct pcp_edit *request, uint8_t protocol)
{
	put(request, MAP_PROTOCOL, protocol);
}

void case_internal(struct pcp_edit *request, uint16_t port)
{
	put(request, MAP_INTERNAL_PORT, port);
}

void case_suggest(struct pcp_edit *request, const uint8_t *addr, uint16_t port)
{
	if (addr)
		memcpy(request->octets + PCP_HEADER_LEN + pcp_map_fields[MAP_EXTERNAL_ADDRESS].off,
		       addr, PCP_ADDR_LEN);
	put(request, MAP_EXTERNAL_PORT, port);
}

void case_client(struct pcp_edit *request, const uint8_t addr[PCP_ADDR_LEN])
{
	memcpy(request->octets + pcp_request_fields[REQ_CLIENT].off, addr, PCP_ADDR_LEN);
}

void case_append(struct pcp_edit *request, const void *octets, size_t len)
{
	if (request->len + len > sizeof request->octets)
		return;
	memcpy(request->octets + request->len, octets, len);
	request->len += len;
}

void case_option(struct pcp_edit *request, uint8_t code, const void *data, size_t len)
{
	uint8_t header[PCP_TLV_LEN] = { code, 0, (uint8_t)(len >> 8), (uint8_t)len };
	static const uint8_t padding[3];

	case_append(request, header, sizeof header);
	if (len)
		case_append(request, data, len);
	case_append(request, padding, (4 - len % 4) % 4);
}

void case_filter(struct pcp_edit *request, uint8_t prefix, uint16_t port, const uint8_t *addr)
{
	uint8_t data[4 + PCP_ADDR_LEN] = { 0 };

	pcp_put(&pcp_filter_fields[FILTER_PREFIX_LENGTH], data, prefix);
	pcp_put(&pcp_filter_fields[FILTER_REMOTE_PORT], data, port);
	memcpy(data + pcp_filter_fields[FILTER_REMOTE_ADDRESS].off, addr, PCP_ADDR_LEN);
	case_option(request, PCP_FILTER, data, sizeof data);
}

/* ---- answers ---- */

bool case_from_there(const struct probe_test *t, const struct probe_answer *a)
{
	return pcp_endpoint_same(&a->from, &server_of(t)->config.endpoint[0]);
}

uint16_t case_get16(const struct probe_answer *a, size_t off)
{
	return a->len < off + 2 ? 0 : (uint16_t)(a->octets[off] << 8 | a->octets[off + 1]);
}

uint32_t case_get32(const struct probe_answer *a, size_t off)
{
	return (uint32_t)case_get16(a, off) << 16 | case_get16(a, off + 2);
}

uint8_t case_code(const struct probe_answer *a)
{
	return a->octets[3];
}

uint8_t case_opcode(const struct probe_answer *a)
{
	return a->octets[1] & (uint8_t)~PCP_R;
}

uint32_t case_granted(const struct probe_answer *a)
{
	return pcp_get(&pcp_response_fields[HDR_LIFETIME], a->octets);
}

uint32_t case_epoch(const struct probe_answer *a)
{
	return pcp_get(&pcp_response_fields[HDR_EPOCH], a->octets);
}

uint16_t case_external_port(const struct probe_answer *a)
{
	return (uint16_t)pcp_get(&pcp_map_fields[MAP_EXTERNAL_PORT], a->octets + PCP_HEADER_LEN);
}

const uint8_t *case_external(const struct probe_answer *a)
{
	return a->octets + PCP_HEADER_LEN + pcp_map_fields[MAP_EXTERNAL_ADDRESS].off;
}

int64_t case_seconds(const struct probe_answer *from, const struct probe_answer *to)
{
	return (to->at - from->at + USEC_PER_SEC / 2) / USEC_PER_SEC;
}

int64_t case_left(const struct probe_answer *made, const struct probe_answer *now)
{
	return case_granted(made) - (now->at - made->at) / USEC_PER_SEC;
}

bool case_same_external(const struct probe_answer *a, const struct probe_answer *b)
{
	return case_external_port(a) == case_external_port(b) &&
	       memcmp(case_external(a), case_external(b), PCP_ADDR_LEN) == 0;
}

bool case_find(const struct probe_answer *a, uint8_t code, size_t nth, struct pcp_tlv *tlv)
{
	size_t start = PCP_HEADER_LEN + pcp_body_len(case_opcode(a), a->octets[0]), pos = 0;
	size_t len = a->len < sizeof a->octets ? a->len : sizeof a->octets;
	bool bad = false;

	if (len < start)
		return false;
	while (pcp_tlv_next(a->octets + start, len - start, &pos, tlv, &bad))
		if (tlv->code == code && nth-- == 0)
			return true;
	return false;
}

const char *case_name(uint8_t result)
{
	const char *name = pcp_name(pcp_result_names, result);

	return name ? name : "an unknown result";
}

/* ---- judgements ---- */

static void judge(struct probe_test *t, enum probe_verdict verdict, const char *format,
		  va_list args)
{
	struct probe_judgement *j = &t->judgement;

	if (!case_goes_on(t))
		return;
	t->over = verdict == PROBE_FAIL || verdict == PROBE_OPEN || verdict == PROBE_SKIP;
	if (verdict <= j->verdict && j->check)
		return;
	j->verdict = verdict;
	j->check = format;
	j->asked = t->at;
	j->exchange = t->last;
	vsnprintf(j->why, sizeof j->why, format, args);
}

#define JUDGE(t, verdict, format)                                                                  \
	do {                                                                                       \
		va_list args;                                                                      \
		va_start(args, format);                                                            \
		judge(t, verdict, format, args);                                                   \
		va_end(args);                                                                      \
	} while (0)

void case_must(struct probe_test *t, bool ok, const char *format, ...)
{
	if (!ok)
		JUDGE(t, PROBE_FAIL, format);
}

void case_should(struct probe_test *t, bool ok, const char *format, ...)
{
	if (!ok)
		JUDGE(t, PROBE_WEAK, format);
}

void case_info(struct probe_test *t, const char *format, ...)
{
	JUDGE(t, PROBE_INFO, format);
}

void case_open(struct probe_test *t, const char *format, ...)
{
	JUDGE(t, PROBE_OPEN, format);
}

void case_absent(struct probe_test *t)
{
	if (case_goes_on(t))
		t->absent = true;
}

void case_lacks(struct probe_test *t, const char *format, ...)
{
	case_absent(t);
	JUDGE(t, PROBE_SKIP, format);
}

void case_result(struct probe_test *t, const struct probe_answer *a, uint8_t result)
{
	case_must(t, case_code(a) == result, "%s, should be %s", case_name(case_code(a)),
		  case_name(result));
}

void case_refusal(struct probe_test *t, const struct probe_answer *a, uint8_t best)
{
	case_must(t, case_code(a) != PCP_SUCCESS, "SUCCESS, should be %s", case_name(best));
	case_should(t, case_code(a) == best, "%s, should be %s", case_name(case_code(a)),
		    case_name(best));
}

void case_either(struct probe_test *t, const struct probe_answer *a, uint8_t one, uint8_t other)
{
	case_must(t, case_code(a) == one || case_code(a) == other, "%s, should be %s or %s",
		  case_name(case_code(a)), case_name(one), case_name(other));
}

void case_needs_success(struct probe_test *t, const struct probe_answer *a)
{
	if (case_code(a) != PCP_SUCCESS)
		case_open(t, "%s, where a success was needed to go on", case_name(case_code(a)));
}

void case_copied(struct probe_test *t, const struct probe_answer *a, const struct pcp_edit *asked)
{
	size_t whole = asked->len < PCP_MAX_LEN ? asked->len : PCP_MAX_LEN;
	size_t padded = (whole + 3) / 4 * 4;

	padded = padded < PCP_HEADER_LEN ? PCP_HEADER_LEN : padded;
	case_must(t, a->len == padded, "the error has %zu octets, its request %zu", a->len,
		  asked->len);
	for (size_t i = PCP_HEADER_LEN; i < padded; i++)
		case_must(t, a->octets[i] == (i < whole ? asked->octets[i] : 0),
			  "octet %zu of the error is not that of its request", i);
}

void case_header(struct probe_test *t, const struct probe_answer *a)
{
	static const uint8_t zero[12];
	size_t off = pcp_response_fields[HDR_RESERVED_96].off;

	case_must(t, a->octets[0] == PCP_VERSION_2, "the answer has version %u", a->octets[0]);
	case_must(t, a->octets[1] & PCP_R, "the answer has its R bit clear");
	case_must(t, a->len >= PCP_HEADER_LEN && a->len % 4 == 0, "the answer has %zu octets",
		  a->len);
	case_must(t, a->octets[2] == 0, "octet 2 of the answer is 0x%02x, not zero", a->octets[2]);
	case_must(t, memcmp(a->octets + off, zero, sizeof zero) == 0,
		  "octets 12 to 23 of the answer are not zero");
}
