/* A request at the lab, from its octets to the answer: what each opcode and option makes of it. */
#ifndef LAB_REQUEST_PRIVATE_H
#define LAB_REQUEST_PRIVATE_H

#include "lab-private.h"

/* ---- lab-request.c ---- */

struct lab_request {
	struct lab *lab;
	usec now;
	const struct pcp_endpoint *from, *to;
	const uint8_t *octets;
	size_t len;
	uint8_t version, opcode;
	uint32_t lifetime;
	uint8_t client[PCP_ADDR_LEN]; /* the packet's source, as the server sees it */
	uint8_t body[64];	      /* in version 2's layout */
	size_t options;		      /* where they start */
	bool parsed;		      /* far enough to zero octets 12-23 of an error */
	char why[LAB_WHY];	      /* why it is refused, or what is odd about its answer */
	uint32_t error_lifetime;      /* seconds */

	struct lab_key key;
	uint8_t nonce[PCP_NONCE_LEN];
	uint8_t suggested[PCP_ADDR_LEN];
	uint16_t suggested_port;

	/* options, as taken */
	bool accepted[LAB_OPTIONS_MAX]; /* by their place in the request */
	uint8_t seen[256];		/* occurrences */
	bool third_party, prefer_failure, port_set, parity, reservation, description, prefix64;
	bool filter, erase, next;
	struct lab_filter filters[LAB_OPTIONS_MAX];
	size_t nfilter;
	uint32_t set_size;
	uint16_t set_first;
	const uint8_t *text;
	uint8_t text_len;
	uint8_t locator[64];   /* NEXT, in version 2's layout */
	const uint8_t *wanted; /* NEXT: option codes */
	size_t nwanted;

	/* the answer */
	uint32_t given_ports; /* PORT_SET: what is mapped, or was */
	uint16_t given_first;
	bool paired; /* PORT_RESERVATION honoured */
};

struct lab_reply {
	uint8_t octets[LAB_DATAGRAM_MAX];
	size_t len;
};

/* At all, whatever is switched off. */
bool lab_knows_opcode(uint8_t opcode);
bool lab_knows_option(uint8_t code);

/* ---- lab-reply.c ---- */

/* Refuses: the result code, with a sentence that says exactly why. */
uint8_t lab_refuse(struct lab_request *request, uint8_t result, const char *why, ...)
	LAB_PRINTF(3, 4);
/* The same where the error has a lifetime of its own, in seconds. */
uint8_t lab_refuse_for(struct lab_request *request, uint8_t result, uint32_t lifetime,
		       const char *why, ...) LAB_PRINTF(4, 5);
/* What a server answers to errors without a lifetime of their own: RFC 6887 7.4. */
uint32_t lab_error_lifetime(const struct lab *lab, uint8_t result);
uint32_t lab_clamp(const struct lab *lab, uint32_t lifetime);
/* A success: header, body in the request's version, options that were taken. */
void lab_reply_begin(struct lab_reply *reply, const struct lab_request *request, uint32_t lifetime);
void lab_reply_body(struct lab_reply *reply, const struct lab_request *request,
		    const uint8_t *body);
/* Sends the answer to a request, through the faults. */
void lab_reply_send(struct lab_request *request, struct lab_reply *reply);
void lab_error_send(struct lab_request *request, uint8_t result);
void lab_option_put(struct lab_reply *reply, uint8_t code, const void *data, size_t len);
/* Version 1 is version 2 without the nonce: octets that its body lacks in front. */
size_t lab_nonce_skipped(uint8_t version, uint8_t opcode);
/* What a layout reserves is sent as zero, also where the rest is a copy. */
void lab_zero_reserved(const struct pcp_layout *layout, uint8_t *octets);
/* The body of a MAP or PEER answer or update. */
void lab_mapping_body(const struct lab_entry *entry, uint8_t body[64]);

/* ---- by opcode: each sends its own success, or returns the error ---- */

uint8_t lab_map(struct lab_request *request);
/* MAP or PEER success for an entry. */
void lab_mapping_send(struct lab_request *request, const struct lab_entry *entry,
		      uint32_t lifetime);
/* What MAP and PEER share, in lab-map.c. */
uint8_t lab_check_protocol(struct lab_request *request);
bool lab_nonce_fits(const struct lab_request *request, const struct lab_entry *entry);
uint8_t lab_refuse_nonce(struct lab_request *request, const struct lab_entry *entry);
uint8_t lab_refuse_quota(struct lab_request *request);
uint8_t lab_refuse_full(struct lab_request *request);
uint8_t lab_refuse_allocation(struct lab_request *request, uint8_t result,
			      const struct lab_grant *grant);
struct lab_entry *lab_create(struct lab_request *request, const struct lab_key *key,
			     const struct lab_grant *grant);
uint8_t lab_refresh(struct lab_request *request, struct lab_entry *entry, usec expires_at);
uint8_t lab_peer(struct lab_request *request);
uint8_t lab_get(struct lab_request *request);

/* ---- lab-rate.c ---- */

/* Counts a request: why it is one too many, or NULL. */
const char *lab_too_many(struct lab *lab, usec now, const struct pcp_endpoint *from);

/* ---- lab-natpmp.c ---- */

enum { LAB_NOT_FORCED = -1 }; /* otherwise a result code that a fault forces */

/* For IPv4 clients only: RFC 6886 3. */
bool lab_natpmp_hears(const struct lab_request *request);
/* Why a NAT-PMP request gets no answer; NULL: it gets one. */
const char *lab_natpmp_unheard(const struct lab_request *request);
void lab_natpmp(struct lab_request *request, int forced);
size_t lab_natpmp_address(const struct lab *lab, usec now, uint8_t *octets);
/* Refuses another version in the form that is set: RFC 6886 3.5. */
void lab_natpmp_bad_version(struct lab_request *request);

/* ---- lab-options.c, lab-filter.c, lab-inform.c ---- */

enum { LAB_SKIP = -1 }; /* not taken, not echoed: RFC 6887 7.3 allows that for codes from 128 on */

/* Reads the options of a request into it. A result code. */
uint8_t lab_options_take(struct lab_request *request);
/* Appends to a success the options that were taken, in the request's order. */
void lab_options_give(struct lab_reply *reply, const struct lab_request *request);
/* Octets that lab_options_give would add at most. */
size_t lab_options_room(const struct lab_request *request);
int lab_take_filter(struct lab_request *request, const struct pcp_tlv *tlv);
/* Rules for FILTERs that need the whole request. A result code. */
uint8_t lab_filters_check(struct lab_request *request);
void lab_show_filters(struct lab_reply *reply, const struct lab *lab,
		      const struct lab_entry *entry);
int lab_take_description(struct lab_request *request, const struct pcp_tlv *tlv);
void lab_give_description(struct lab_reply *reply, const struct lab_request *request,
			  const struct pcp_tlv *tlv);
void lab_show_description(struct lab_reply *reply, const struct lab *lab,
			  const struct lab_entry *entry);
int lab_take_prefix64(struct lab_request *request, const struct pcp_tlv *tlv);
void lab_give_prefix64(struct lab_reply *reply, const struct lab_request *request,
		       const struct pcp_tlv *tlv);
/* An entry's own options with that code (FILTER may be several), for NEXT and for updates. */
void lab_entry_options(struct lab_reply *reply, const struct lab *lab,
		       const struct lab_entry *entry, uint8_t code);
/* Whether an entry (NULL: a new one) can take over the request's FILTERs. A result code. */
uint8_t lab_options_fit(struct lab_request *request, const struct lab_entry *entry);
/* It takes over FILTERs and DESCRIPTION; false, and nothing has changed, when memory is out. */
bool lab_options_store(const struct lab_request *request, struct lab_entry *entry);

#endif
