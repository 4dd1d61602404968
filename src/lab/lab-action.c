/* Words that make something happen: restarts, forgetting, mappings that PCP did not make. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lab-fault-private.h"
#include "lab-word-private.h"

static bool restart(struct lab *lab, usec now, const char *value, struct pcp_why *why)
{
	if (*value && strcmp(value, "keep") != 0 && strcmp(value, "lose") != 0)
		return pcp_refuse(why, 0, "a restart may keep or lose the mappings");
	lab_restart(lab, now, strcmp(value, "keep") == 0);
	return true;
}

static void restart_again(struct timer *timer, void *arg, usec now)
{
	struct lab *lab = arg;

	lab_restart(lab, now, false);
	timer_arm(&lab->timers, timer, now + lab->restart_every);
}

/* To the next addresses of the same /24, so that none of those before stays. */
static void renumber_again(struct timer *timer, void *arg, usec now)
{
	struct lab *lab = arg;
	unsigned last = lab->wan[PCP_ADDR_LEN - 1] + lab->wan_count;

	lab->wan[PCP_ADDR_LEN - 1] = (uint8_t)(last + lab->wan_count <= 255 ? last : 1);
	lab_renumber(lab, now);
	timer_arm(&lab->timers, timer, now + lab->renumber_every);
}

/* Something that happens again and again, or no more. */
static bool set_every(struct lab *lab, usec now, const char *value, struct timer *timer,
		      usec *every, void (*fire)(struct timer *timer, void *arg, usec now),
		      struct pcp_why *why)
{
	usec typed = 0;

	if (strcmp(value, "off") != 0 && !lab_duration_parse(value, &typed, why))
		return false;
	timer_stop(&lab->timers, timer);
	*every = typed;
	*timer = (struct timer){ .fire = fire, .arg = lab };
	if (typed > 0)
		timer_arm(&lab->timers, timer, now + typed);
	return true;
}

static bool restart_every(struct lab *lab, usec now, const char *value, struct pcp_why *why)
{
	return set_every(lab, now, value, &lab->restart_timer, &lab->restart_every, restart_again,
			 why);
}

static bool renumber_every(struct lab *lab, usec now, const char *value, struct pcp_why *why)
{
	return set_every(lab, now, value, &lab->renumber_timer, &lab->renumber_every,
			 renumber_again, why);
}

static bool forget(struct lab *lab, usec now, const char *value, struct pcp_why *why)
{
	(void)value;
	(void)why;
	lab_store_clear(lab, true);
	lab->epoch_at = now;
	return true;
}

static bool set_epoch(struct lab *lab, usec now, const char *value, struct pcp_why *why)
{
	uint32_t seconds;

	if (!pcp_seconds_parse(value, &seconds, why))
		return false;
	lab->epoch_at = now - (usec)seconds * USEC_PER_SEC;
	return true;
}

static bool announce(struct lab *lab, usec now, const char *value, struct pcp_why *why)
{
	(void)value;
	(void)why;
	lab_announce(lab, now);
	return true;
}

static bool seed(struct lab *lab, usec now, const char *value, struct pcp_why *why)
{
	char *end;
	unsigned long long number = strtoull(value, &end, 0);

	(void)now;
	if (!isdigit((unsigned char)*value) || *end)
		return pcp_refuse(why, 0, "a seed is a number, not '%s'", value);
	pcp_rng_seeded(&lab->fault_rng, number);
	return true;
}

void lab_faults_off(struct lab *lab)
{
	lab_fault_clear(lab);
	memset(&lab->mutation, 0, sizeof lab->mutation);
	timer_stop(&lab->timers, &lab->restart_timer);
	timer_stop(&lab->timers, &lab->renumber_timer);
}

static bool faults(struct lab *lab, usec now, const char *value, struct pcp_why *why)
{
	(void)now;
	if (strcmp(value, "off") != 0)
		return pcp_refuse(why, 0, "faults can only be switched off all at once");
	lab_faults_off(lab);
	return true;
}

/* ---- mappings that PCP did not make ---- */

static bool parse_protocol(const char *typed, uint8_t *protocol, struct pcp_why *why)
{
	long code = lab_code_of(pcp_protocol_names, typed, UINT8_MAX);

	if (code < 1)
		return pcp_refuse(why, 0, "'%s' is no protocol", typed);
	*protocol = (uint8_t)code;
	return true;
}

/* PORT alone is a port of 127.0.0.1, where the clients of a lab on loopback are. */
static bool parse_internal(const char *typed, struct pcp_endpoint *internal, struct pcp_why *why)
{
	char full[ENDPOINT_TEXT + 16];

	if (!strpbrk(typed, ".:")) {
		snprintf(full, sizeof(full), "127.0.0.1:%s", typed);
		typed = full;
	}
	return pcp_endpoint_parse(typed, 0, internal, why);
}

/* PROTOCOL/INTERNAL/OTHER */
static bool parse_made(const char *value, struct lab_key *key, struct pcp_endpoint *other,
		       struct pcp_why *why)
{
	char protocol[32], internal[ENDPOINT_TEXT];
	struct pcp_endpoint inside;

	if (!lab_next_part(&value, "/", protocol, sizeof(protocol)) ||
	    !lab_next_part(&value, "/", internal, sizeof(internal)) || !*value)
		return pcp_refuse(why, 0,
				  "a mapping is PROTOCOL/[ADDRESS:]PORT/ADDRESS:PORT, like "
				  "tcp/127.0.0.1:22/203.0.113.9:22");
	if (!parse_protocol(protocol, &key->protocol, why) ||
	    !parse_internal(internal, &inside, why) || !pcp_endpoint_parse(value, 0, other, why))
		return false;
	if (inside.port == 0 || other->port == 0)
		return pcp_refuse(why, 0, "a mapping needs both ports");
	memcpy(key->internal, inside.addr, PCP_ADDR_LEN);
	key->internal_port = inside.port;
	return true;
}

static bool add_static(struct lab *lab, usec now, const char *value, struct pcp_why *why)
{
	struct lab_entry like = { .key.opcode = PCP_MAP, .ports = 1, .fixed = true };
	struct pcp_endpoint outside;

	(void)now;
	if (!parse_made(value, &like.key, &outside, why))
		return false;
	like.key.v4 = pcp_addr_is_v4(outside.addr);
	if (lab_covering(lab, &like.key))
		return pcp_refuse(why, 0, "that internal port is mapped already");
	if (lab_external_owner(lab, outside.addr, like.key.protocol, outside.port))
		return pcp_refuse(why, 0, "that external port is taken");
	memcpy(like.external, outside.addr, PCP_ADDR_LEN);
	memcpy(like.client.addr, like.key.internal, PCP_ADDR_LEN);
	like.external_port = outside.port;
	return lab_store_add(lab, &like, USEC_NEVER) || pcp_refuse(why, 0, "the table is full");
}

/* As if traffic had made it: lasts for the idle time, 120 s unless `active` says otherwise. */
static bool add_implicit(struct lab *lab, usec now, const char *value, struct pcp_why *why)
{
	static const uint8_t no_nonce[PCP_NONCE_LEN];
	struct lab_entry like = { .key.opcode = PCP_PEER, .ports = 1, .implicit = true };
	uint32_t idle = lab->set.active ? lab->set.active : LAB_TIME_WAIT;
	struct pcp_endpoint remote;
	uint8_t any[PCP_ADDR_LEN];
	struct lab_want want = { .key = &like.key,
				 .nonce = no_nonce,
				 .owner = like.client.addr,
				 .suggested = any,
				 .ports = 1 };
	struct lab_grant grant;

	if (!parse_made(value, &like.key, &remote, why))
		return false;
	memcpy(like.key.remote, remote.addr, PCP_ADDR_LEN);
	like.key.remote_port = remote.port;
	memcpy(like.client.addr, like.key.internal, PCP_ADDR_LEN);
	pcp_addr_any(any, pcp_addr_is_v4(like.key.internal));
	want.v4 = lab_means_v4(lab, like.key.internal, any);
	if (lab_find(lab, &like.key))
		return pcp_refuse(why, 0, "that connection has a mapping already");
	if (lab_allocate(lab, &want, &grant) != PCP_SUCCESS)
		return pcp_refuse(why, 0, "no external port is left");
	memcpy(like.external, grant.external, PCP_ADDR_LEN);
	like.external_port = grant.external_port;
	return lab_store_add(lab, &like, now + (usec)idle * USEC_PER_SEC) ||
	       pcp_refuse(why, 0, "the table is full");
}

/* ---- the table ---- */

static const struct lab_action {
	const char *name, *values, *help;
	bool (*act)(struct lab *lab, usec now, const char *value, struct pcp_why *why);
} actions[] = {
	{ "restart", "[keep|lose]", "restarts, with or without its mappings, and announces itself",
	  restart },
	{ "restart-every", "TIME|off", "loses its mappings again and again", restart_every },
	{ "renumber-every", "TIME|off", "moves to other external addresses again and again",
	  renumber_every },
	{ "forget", "", "loses its mappings without a word", forget },
	{ "epoch", "TIME", "goes on as if it had run so long, and keeps its mappings", set_epoch },
	{ "announce-now", "", "announces itself although nothing happened", announce },
	{ "static", "PROTOCOL/[ADDRESS:]PORT/ADDRESS:PORT", "adds a mapping made outside PCP",
	  add_static },
	{ "implicit", "PROTOCOL/[ADDRESS:]PORT/ADDRESS:PORT",
	  "adds the mapping of an outbound connection to a peer", add_implicit },
	{ "faults", "off", "switches all faults off", faults },
	{ "seed", "NUMBER", "makes the faults' chance repeat", seed },
};

enum { NACTIONS = sizeof(actions) / sizeof(*actions) };

bool lab_action_word(size_t i, struct lab_word *word)
{
	if (i >= NACTIONS)
		return false;
	*word = (struct lab_word){ LAB_ACTION, actions[i].name, actions[i].values,
				   actions[i].help };
	return true;
}

bool lab_action_do(struct lab *lab, usec now, size_t i, const char *value, struct pcp_why *why)
{
	return actions[i].act(lab, now, value, why);
}
