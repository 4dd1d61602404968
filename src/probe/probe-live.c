/*
 * What was made on the gateway, from the answers that said so, and its deletion. What was not
 * answered may have been made, too.
 */
#include "probe-private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool is_pcp(const uint8_t *octets, size_t len, uint8_t opcode)
{
	return octets[0] == PCP_VERSION_2 && octets[1] == opcode &&
	       len >= PCP_HEADER_LEN + pcp_body_len(opcode, PCP_VERSION_2);
}

static bool is_natpmp(const uint8_t *octets, size_t len)
{
	return octets[0] == PCP_VERSION_NATPMP && len == 12 &&
	       (octets[1] == NATPMP_MAP_UDP || octets[1] == NATPMP_MAP_TCP);
}

static bool maps(const struct probe_step *step)
{
	return is_pcp(step->octets, step->len, PCP_MAP) ||
	       is_pcp(step->octets, step->len, PCP_PEER) || is_natpmp(step->octets, step->len);
}

static uint32_t lifetime_of(const uint8_t *octets, bool natpmp, bool response)
{
	const uint8_t *at = natpmp ? octets + (response ? 12 : 8)
				   : octets + pcp_request_fields[REQ_LIFETIME].off;

	return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

/* ---- deletions ---- */

/* Options that name what is deleted: RFC 6887 15.1, RFC 7753 4.4. */
static void copy_options(struct probe_live *live, const struct probe_step *step, size_t fixed)
{
	size_t pos = 0;
	struct pcp_tlv tlv;
	bool bad = false;

	while (pcp_tlv_next(step->octets + fixed, step->len - fixed, &pos, &tlv, &bad)) {
		size_t whole = PCP_TLV_LEN + (tlv.len + 3) / 4 * 4;

		if ((tlv.code != PCP_THIRD_PARTY && tlv.code != PCP_PORT_SET) ||
		    live->len + whole > sizeof live->octets || fixed + tlv.off + whole > step->len)
			continue;
		memcpy(live->octets + live->len, step->octets + fixed + tlv.off, whole);
		live->len += whole;
	}
}

/* 15.1, with erratum 3621: no suggestion but the family. */
static void make_deletion(struct probe_live *live, const struct probe_step *step)
{
	size_t fixed = PCP_HEADER_LEN + pcp_body_len(PCP_MAP, PCP_VERSION_2);
	uint8_t *map = live->octets + PCP_HEADER_LEN;
	uint8_t *external = map + pcp_map_fields[MAP_EXTERNAL_ADDRESS].off;
	bool known = !step->answer.silent && !step->answer.refused && step->answer.len >= fixed;

	if (is_natpmp(step->octets, step->len)) {
		memcpy(live->octets, step->octets, step->len);
		memset(live->octets + 6, 0, 6);
		live->len = step->len;
		return;
	}
	memcpy(live->octets, step->octets, fixed);
	live->len = fixed;
	pcp_put(&pcp_request_fields[REQ_LIFETIME], live->octets, 0);
	pcp_put(&pcp_map_fields[MAP_EXTERNAL_PORT], map, 0);
	pcp_addr_any(external, pcp_addr_is_v4(known ? case_external(&step->answer) : external));
	copy_options(live, step, fixed);
}

/* ---- the list ---- */

/* Which mapping it is, but for its nonce; both are requests. */
static bool same_mapping(const uint8_t *a, size_t alen, const uint8_t *b, size_t blen)
{
	const size_t key = PCP_HEADER_LEN + PCP_NONCE_LEN; /* protocol to internal port */

	if (is_natpmp(a, alen) || is_natpmp(b, blen))
		return is_natpmp(a, alen) && is_natpmp(b, blen) && a[1] == b[1] &&
		       memcmp(a + 4, b + 4, 2) == 0;
	return memcmp(a + key, b + key, 6) == 0;
}

static bool same_nonce(const uint8_t *a, const uint8_t *b)
{
	return a[0] == PCP_VERSION_NATPMP ||
	       memcmp(a + PCP_HEADER_LEN, b + PCP_HEADER_LEN, PCP_NONCE_LEN) == 0;
}

static uint32_t key_of(const uint8_t *octets, size_t len, uint16_t *internal)
{
	const uint8_t *body = octets + PCP_HEADER_LEN;

	*internal = is_natpmp(octets, len)
			    ? (uint16_t)(octets[4] << 8 | octets[5])
			    : (uint16_t)pcp_get(&pcp_map_fields[MAP_INTERNAL_PORT], body);
	return is_natpmp(octets, len) ? (octets[1] == NATPMP_MAP_UDP ? 17 : 6)
				      : pcp_get(&pcp_map_fields[MAP_PROTOCOL], body);
}

static bool is_ours(const struct probe *probe, const struct pcp_mapping *m)
{
	for (size_t door = 0; door < PROBE_DOORS; door++)
		if (probe->config.server[door] && probe->config.server[door] == m->server)
			return m->id > probe->earlier && m->opcode == PCP_MAP &&
			       pcp_mapping_stands(m);
	return false;
}

/* What was deleted from another door, or by another nonce, stands in the client's table as if it
 * stood on the gateway. */
static void forget_rows(struct probe *probe, const uint8_t *octets, size_t len)
{
	uint16_t internal;
	uint32_t protocol = key_of(octets, len, &internal);

	for (size_t i = pcp_client_nmappings(probe->client); i > 0; i--) {
		const struct pcp_mapping *m = pcp_client_mapping_at(probe->client, i - 1);

		if (is_ours(probe, m) && m->protocol == protocol && m->internal_port == internal)
			pcp_client_forget(probe->client, probe->now, m->id);
	}
}

static bool stands(const struct probe *probe, const uint8_t *octets, size_t len)
{
	for (size_t i = 0; i < probe->nlive; i++)
		if (!probe->live[i].peer &&
		    same_mapping(probe->live[i].octets, probe->live[i].len, octets, len))
			return true;
	return false;
}

/* That mapping with that nonce; or whatever its nonce, but at that external port alone: there are
 * gateways that keep two mappings of one internal port, and delete one at a time. */
static void drop(struct probe *probe, const uint8_t *octets, size_t len, const uint16_t *external)
{
	size_t kept = 0;

	for (size_t i = 0; i < probe->nlive; i++) {
		const struct probe_live *live = &probe->live[i];
		bool meant =
			external ? live->external == *external : same_nonce(live->octets, octets);

		if (live->peer || !same_mapping(live->octets, live->len, octets, len) || !meant)
			probe->live[kept++] = *live;
	}
	probe->nlive = kept;
	if (!stands(probe, octets, len))
		forget_rows(probe, octets, len);
}

/* 0: nobody knows. */
static uint16_t external_of(const struct probe_step *step)
{
	const struct probe_answer *a = &step->answer;

	if (a->silent || a->refused)
		return 0;
	return is_natpmp(step->octets, step->len) ? case_get16(a, 10) : case_external_port(a);
}

/* Made again with the same nonce at the same port outside, it is the same. */
static void drop_same(struct probe *probe, const struct probe_live *like)
{
	size_t kept = 0;

	for (size_t i = 0; i < probe->nlive; i++) {
		const struct probe_live *live = &probe->live[i];

		if (live->peer != like->peer || live->external != like->external ||
		    !same_mapping(live->octets, live->len, like->octets, like->len) ||
		    !same_nonce(live->octets, like->octets))
			probe->live[kept++] = *live;
	}
	probe->nlive = kept;
}

static void add(struct probe *probe, struct probe_test *test, const struct probe_step *step,
		uint32_t lifetime)
{
	struct probe_live *lives = realloc(probe->live, (probe->nlive + 1) * sizeof *lives);
	struct probe_live live = { .test = test,
				   .door = step->door,
				   .peer = is_pcp(step->octets, step->len, PCP_PEER),
				   .external = external_of(step),
				   .made = (uint32_t)++probe->made };

	if (!lives)
		return; /* it expires by itself */
	probe->live = lives;
	live.expires_at = probe->now + (usec)lifetime * USEC_PER_SEC;
	make_deletion(&live, step);
	drop_same(probe, &live);
	probe->live[probe->nlive++] = live;
}

/* Silence, and octets that the engine did not take for the answer, say nothing: the mapping may be
 * there, or still be there. */
static bool is_answered(const struct probe_step *step)
{
	return !step->answer.silent && !step->answer.refused;
}

static bool is_success(const struct probe_step *step)
{
	const struct probe_answer *a = &step->answer;

	if (!is_answered(step) || a->octets[0] != step->octets[0] ||
	    a->octets[1] != (step->octets[1] | PCP_R))
		return false;
	return is_natpmp(step->octets, step->len)
		       ? a->len == 16 && a->octets[2] == 0 && a->octets[3] == 0
		       : a->len >= PCP_HEADER_LEN && case_code(a) == PCP_SUCCESS;
}

static uint32_t granted_in(const struct probe_step *step)
{
	return lifetime_of(step->answer.octets, is_natpmp(step->octets, step->len), true);
}

void probe_live_note(struct probe *probe, struct probe_test *test, const struct probe_step *step)
{
	bool success = is_success(step);
	uint32_t asked;

	if (step->kind == STEP_WAIT || !step->exchange || !maps(step))
		return;
	asked = lifetime_of(step->octets, is_natpmp(step->octets, step->len), false);
	if (asked == 0 && success && granted_in(step) == 0)
		drop(probe, step->octets, step->len, NULL);
	else if (asked > 0 && (success || !is_answered(step)))
		add(probe, test, step, success ? granted_in(step) : asked);
}

/* ---- the end of it ---- */

static struct probe_live *youngest(struct probe *probe, const struct probe_test *test)
{
	struct probe_live *found = NULL;

	for (size_t i = 0; i < probe->nlive; i++) {
		struct probe_live *live = &probe->live[i];

		if ((test && live->test != test) || live->peer || live->tried ||
		    (found && found->made > live->made))
			continue;
		found = live;
	}
	return found;
}

static void forget_expired(struct probe *probe)
{
	size_t kept = 0;

	for (size_t i = 0; i < probe->nlive; i++)
		if (probe->live[i].expires_at > probe->now)
			probe->live[kept++] = probe->live[i];
	probe->nlive = kept;
}

static bool start(struct probe *probe, const struct probe_live *live)
{
	struct probe_step *step = calloc(1, sizeof *step);

	if (!step)
		return false;
	*step = (struct probe_step){ .kind = STEP_ASK, .door = live->door, .len = live->len };
	step->alike = step->alive = true;
	memcpy(step->octets, live->octets, live->len);
	probe->sweep = step;
	probe->sweeping = live->made;
	return true;
}

/* A gateway that knows no such mapping keeps none, whatever it calls that (miniupnpd:
 * NO_RESOURCES); with another nonce it may have one. */
static void finish(struct probe *probe, const struct probe_step *step)
{
	bool gone = is_success(step) && granted_in(step) == 0;

	for (size_t i = 0; gone && i < probe->nlive; i++)
		if (probe->live[i].made == probe->sweeping) {
			uint16_t external = probe->live[i].external;

			drop(probe, step->octets, step->len, &external);
			break;
		}
	for (size_t i = 0; i < probe->nlive; i++)
		if (probe->live[i].made == probe->sweeping)
			probe->live[i].tried = true;
}

bool probe_live_sweep(struct probe *probe, const struct probe_test *test)
{
	const struct probe_live *live;

	for (;;) {
		if (!probe->sweep) {
			forget_expired(probe);
			live = youngest(probe, test);
			if (!live || !start(probe, live))
				return true;
		}
		if (!probe_step_go(probe, probe->sweep))
			return false;
		finish(probe, probe->sweep);
		free(probe->sweep);
		probe->sweep = NULL;
	}
}

void probe_live_orphan(struct probe *probe, const struct probe_test *test)
{
	for (size_t i = 0; i < probe->nlive; i++)
		if (!test || probe->live[i].test == test) {
			probe->live[i].test = NULL;
			probe->live[i].tried = false;
		}
}

const char *probe_left_at(const struct probe *probe, size_t i, usec now, char *buf, size_t cap)
{
	const struct probe_live *live = i < probe->nlive ? &probe->live[i] : NULL;
	bool natpmp = live && is_natpmp(live->octets, live->len);
	const uint8_t *body;
	const char *name;
	char left[32];
	unsigned port;

	if (!live)
		return NULL;
	body = live->octets + PCP_HEADER_LEN;
	port = natpmp ? (unsigned)(live->octets[4] << 8 | live->octets[5])
		      : pcp_get(&pcp_map_fields[MAP_INTERNAL_PORT], body);
	name = pcp_name(pcp_protocol_names, natpmp ? (live->octets[1] == NATPMP_MAP_UDP ? 17 : 6)
						   : pcp_get(&pcp_map_fields[MAP_PROTOCOL], body));
	pcp_seconds_text(
		live->expires_at > now ? (uint32_t)((live->expires_at - now) / USEC_PER_SEC) : 0,
		left, sizeof left);
	snprintf(buf, cap, "%s %s %u for another %s%s", live->peer ? "PEER" : "MAP",
		 name ? name : "other", port, left,
		 live->peer ? " (12.1: it cannot be deleted)" : "");
	return buf;
}
