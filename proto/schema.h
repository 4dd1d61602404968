/*
 * The tables that everything else is derived from: one const row per header, opcode body, option
 * and NAT-PMP message. Encoder, decoder, linter, forms, JSON keys, field help and `pcpscope fields`
 * walk these rows; a fact about a layout stands here or nowhere.
 */
#ifndef PCPSCOPE_SCHEMA_H
#define PCPSCOPE_SCHEMA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pcp.h"

#pragma GCC visibility push(default) /* the library exports what follows */
#ifdef __cplusplus
extern "C" {
#endif

enum pcp_kind {
	PCP_UINT,     /* big-endian number of 1 to 4 octets, or the bits of it that mask selects */
	PCP_NAMED,    /* the same, with names for its values in field->names */
	PCP_SECONDS,  /* the same, a duration in seconds */
	PCP_ADDR,     /* 16 octets; IPv4 as ::ffff:a.b.c.d (RFC 6887 5) */
	PCP_ADDR4,    /* 4 octets of IPv4 (NAT-PMP, PREFIX64) */
	PCP_PREFIX,   /* prefix length of the PCP_ADDR that follows; IPv4 counts from 96 (RFC
			 6887 13.3) */
	PCP_PREFIX6,  /* leading octets of an IPv6 address, as many as there are (PREFIX64) */
	PCP_OCTETS,   /* opaque */
	PCP_TEXT,     /* UTF-8, no terminator */
	PCP_CODES,    /* option codes, one octet each (NEXT in requests) */
	PCP_OPTIONS,  /* options nested in an option (NEXT in responses) */
	PCP_RESERVED, /* sent as zero, ignored when received */
	PCP_PADDING,  /* zero octets after an option's data, outside its Length */
	PCP_RAW,      /* octets that no row describes: unknown bodies, overruns, trailing rubbish */
};

/* What a number is called. Tables end with a row whose name is NULL. */
struct pcp_name {
	uint16_t code;
	const char *name; /* as the RFC or registry writes it */
	const char *help; /* one sentence */
};

/* One cell of an RFC bit diagram. */
struct pcp_field {
	const char *key;   /* JSON key and form id, lower_case */
	const char *label; /* for the screen: "Internal port" */
	const char *help;  /* one sentence: what it means, and the rule a person needs */
	enum pcp_kind kind;
	uint16_t off, len; /* octets from the layout's start; len 0: to the layout's end */
	uint32_t mask;	   /* bits used within len octets (of 1 to 4); 0: all of them */
	const struct pcp_name *names; /* PCP_NAMED only */
};

enum pcp_class {
	PCP_CLASS_HEADER,
	PCP_CLASS_BODY,
	PCP_CLASS_TLV,
	PCP_CLASS_OPTION,
	PCP_CLASS_NATPMP,
	PCP_CLASS_RAW
};

/* Where a layout is valid: bits of pcp_layout.where. An empty group (no opcode, no direction or no
 * version bit at all) means any of that group. */
#define PCP_OPCODE_NTH(name, code) PCP_NTH_##name,
#define PCP_OPCODE_BIT(name, code) PCP_IN_##name = 1 << PCP_NTH_##name,
enum { PCP_OPCODES(PCP_OPCODE_NTH) PCP_NOPCODES };
enum {
	PCP_OPCODES(PCP_OPCODE_BIT) /* PCP_IN_ANNOUNCE, PCP_IN_MAP and so on */
	PCP_IN_ANY = (1 << PCP_NOPCODES) - 1,
	PCP_REQ = 1 << 8,
	PCP_RESP = 1 << 9,
	PCP_RESP_IF_ASKED = 1 << 10, /* with PCP_RESP: only when the request carried it */
	PCP_V0 = 1 << 12,
	PCP_V1 = 1 << 13,
	PCP_V2 = 1 << 14,
};
#undef PCP_OPCODE_NTH
#undef PCP_OPCODE_BIT

/* Whose meaning a code has. Several rows may share a code; the standards' row is the default. */
enum pcp_dialect {
	PCP_STANDARD = 0,
	PCP_DIALECT_LIBPCP = 1 << 0,
	PCP_DIALECT_MINIUPNPD = 1 << 1,
	PCP_DIALECT_PYPCPC = 1 << 2,
};

enum { PCP_COUNT_ANY = 0 };

/* RFC 6887's option registration template, used for every layout. */
struct pcp_layout {
	const char *name;    /* "PORT_SET", as the RFC writes it */
	const char *key;     /* "port_set": in paths */
	const char *purpose; /* one sentence */
	const char *rules;   /* what a person composing it should know; may be NULL */
	const char *ref;     /* "RFC 7753 4" */
	enum pcp_class kind;
	uint8_t code; /* opcode or option code */
	uint16_t where;
	uint8_t dialect;	   /* enum pcp_dialect bits; 0: the standards */
	uint16_t min_len, max_len; /* octets of data, padding excluded; max 0: no bound but the
				      packet's; min_len of a body is its fixed part */
	uint16_t max_count;	   /* occurrences in a message; PCP_COUNT_ANY: as many as fit */
	const struct pcp_field *field;
	size_t nfield;
};

/* Every layout, in the order in which `pcpscope fields` prints them. */
extern const struct pcp_layout *const pcp_layouts[];
extern const size_t pcp_nlayouts;

/* Layouts that the decoder needs by name; they stand in pcp_layouts too. */
extern const struct pcp_layout pcp_layout_request, pcp_layout_response; /* common headers */
extern const struct pcp_layout pcp_layout_auth_request; /* its octet 3 is a result code */
extern const struct pcp_layout pcp_layout_tlv;		/* option header, and padding */
extern const struct pcp_layout pcp_layout_raw;		/* one PCP_RAW field, "octets" */

/* Rows that C code reads by index instead of by key. Requests and responses share offsets, so the
 * indices serve both (suggested_* in requests is assigned_* in responses). */
enum {
	HDR_VERSION,
	HDR_R,
	HDR_OPCODE,
	HDR_RESERVED,
	HDR_RESULT,
	HDR_LIFETIME,
	HDR_EPOCH,
	HDR_RESERVED_96
};
/* Octet 3 of a request is reserved, but holds a result code in AUTHENTICATION requests (RFC
 * 7652 5.1): read that with pcp_response_fields[HDR_RESULT], which stands at the same place. */
enum { REQ_VERSION, REQ_R, REQ_OPCODE, REQ_RESERVED, REQ_LIFETIME, REQ_CLIENT };
enum {
	MAP_NONCE,
	MAP_PROTOCOL,
	MAP_RESERVED,
	MAP_INTERNAL_PORT,
	MAP_EXTERNAL_PORT,
	MAP_EXTERNAL_ADDRESS,
	PEER_REMOTE_PORT,
	PEER_RESERVED,
	PEER_REMOTE_ADDRESS
}; /* PEER starts as MAP does: RFC 6887 12.1 */
enum {
	GET_PROTOCOL,
	GET_RESERVED,
	GET_INTERNAL_ADDRESS,
	GET_EXTERNAL_ADDRESS,
	GET_INTERNAL_PORT,
	GET_EXTERNAL_PORT
};
enum {
	NEXT_NONCE,
	NEXT_PROTOCOL,
	NEXT_RESERVED,
	NEXT_END,
	NEXT_INTERNAL_ADDRESS,
	NEXT_EXTERNAL_ADDRESS,
	NEXT_LIFETIME,
	NEXT_INTERNAL_PORT,
	NEXT_EXTERNAL_PORT,
	NEXT_TAIL
};
enum { FILTER_RESERVED, FILTER_PREFIX_LENGTH, FILTER_REMOTE_PORT, FILTER_REMOTE_ADDRESS };
enum {
	PREFIX64_LENGTH,
	PREFIX64_PREFIX,
	PREFIX64_SUFFIX,
	PREFIX64_COUNT,
	PREFIX64_BITS,
	PREFIX64_ADDRESS
};
enum { TLV_CODE, TLV_RESERVED, TLV_LENGTH, TLV_PADDING };
enum { PORT_SET_SIZE, PORT_SET_FIRST_PORT, PORT_SET_RESERVED, PORT_SET_PARITY };
extern const struct pcp_field pcp_request_fields[], pcp_response_fields[], pcp_map_fields[],
	pcp_peer_fields[], pcp_get_fields[], pcp_next_fields[], pcp_filter_fields[],
	pcp_port_set_fields[], pcp_tlv_fields[];

/* A fixed field's place in octets that start at its layout's start. The caller has checked that the
 * layout's fixed part is there. pcp_put keeps the bits outside the field's mask. */
uint32_t pcp_get(const struct pcp_field *field, const uint8_t *layout);
void pcp_put(const struct pcp_field *field, uint8_t *layout, uint32_t value);
static inline const uint8_t *pcp_at(const struct pcp_field *field, const uint8_t *layout)
{
	return layout + field->off;
}

/* The same for a field that stands at `octets` and is len octets long (1 to 4), wherever its row
 * says. */
uint32_t pcp_get_at(const struct pcp_field *field, const uint8_t *octets, size_t len);
void pcp_put_at(const struct pcp_field *field, uint8_t *octets, size_t len, uint32_t value);
/* The largest number that the field holds. */
uint32_t pcp_field_max(const struct pcp_field *field);
/* Whether the field is a number of 1 to 4 octets; reserved fields count. */
bool pcp_field_is_number(const struct pcp_field *field);

/* The second octet of a message, which both protocols share: whether R is set, and the opcode.
 * `octets` are at least two. */
static inline bool pcp_is_response(const uint8_t *octets)
{
	return (octets[1] & PCP_R) != 0;
}
static inline uint8_t pcp_opcode_of(const uint8_t *octets)
{
	return (uint8_t)(octets[1] & ~PCP_R);
}
/* MAP, PEER and NEXT of version 1 have no nonce in front, the rest is the same: how many octets
 * nearer to the start everything stands than in version 2. */
static inline size_t pcp_nonce_skipped(uint8_t version)
{
	return version == PCP_VERSION_1 ? PCP_NONCE_LEN : 0;
}

/* The bit of `where` for an opcode or version; 0 for one that has none. */
uint16_t pcp_where_opcode(uint8_t opcode);
uint16_t pcp_where_version(uint8_t version);
/* Where the options nested in a NEXT stand: they are a MAP's. */
uint16_t pcp_where_nested(uint16_t where);
/* Whether a layout is valid there; a group that is empty in `where` is not asked about. */
bool pcp_layout_fits(const struct pcp_layout *layout, uint16_t where);
/* Octets of a layout's fixed part: up to its first field of variable length. */
size_t pcp_layout_size(const struct pcp_layout *layout);

/* Look-ups. `where` holds one opcode bit, one direction and one version bit. `dialects` are the
 * meanings to prefer; without one that fits, the standards' row, else any row with that code.
 * NULL when no row has the code. */
const struct pcp_layout *pcp_layout_body(uint8_t opcode, uint16_t where, unsigned dialects);
const struct pcp_layout *pcp_layout_option(uint8_t code, uint16_t where, unsigned dialects);
const struct pcp_layout *pcp_layout_natpmp(uint8_t opcode, uint16_t where);
/* What else the option's code means: a row with another name. NULL: its code has one meaning. */
const struct pcp_layout *pcp_layout_other(const struct pcp_layout *option);
/* The options to choose from there: those that fit and are the standards' or one of the dialects'.
 * Fills layout[cap], returns how many there are. */
size_t pcp_layout_options(uint16_t where, unsigned dialects, const struct pcp_layout **layout,
			  size_t cap);
/* By name or key, in any case ("PREFER_FAILURE", "prefer-failure"); the first row that fits. */
const struct pcp_layout *pcp_layout_named(enum pcp_class kind, const char *name);

/* ---- names.c ---- */

enum pcp_result_class { PCP_RESULT_OK, PCP_RESULT_LONG, PCP_RESULT_SHORT, PCP_RESULT_OTHER };
struct pcp_result {
	uint8_t code;
	const char *name;
	enum pcp_result_class kind; /* RFC 6887 7.4: long-lifetime errors last 1800 s, short ones
					30 s */
	const char *client_does;    /* what this client does about it */
	const char *meaning;	    /* what a person should know, a sentence */
	const char *ref;
};
/* NULL for a code that no document assigns. */
const struct pcp_result *pcp_result(uint8_t code);
extern const struct pcp_result pcp_results[];
extern const size_t pcp_nresults;

/* Opcodes and options have their sentence in the layout's `purpose`, so help is NULL in their
 * tables. */
extern const struct pcp_name pcp_opcode_names[], pcp_protocol_names[], pcp_result_names[],
	pcp_natpmp_result_names[], pcp_option_names[], pcp_natpmp_opcode_names[],
	pcp_direction_names[], pcp_dialect_names[]; /* by bit, enum pcp_dialect */
/* A protocol by its name, or by its number where it has none. */
struct pcp_protocol_text {
	char text[12];
};
struct pcp_protocol_text pcp_protocol_text(uint32_t protocol);
/* Whether mappings of it have ports; all others are mapped with port 0 (RFC 6887 11.2). */
bool pcp_has_ports(uint32_t protocol);
/* NULL when the table has no name for the code. */
const char *pcp_name(const struct pcp_name *names, uint32_t code);
/* Whether two names are the same but for case, and '-' for '_'. */
bool pcp_name_equal(const char *a, const char *b);
/* The code of a name in any case; -1 when there is none. */
long pcp_code(const struct pcp_name *names, const char *name);

#ifdef __cplusplus
}
#endif
#pragma GCC visibility pop

#endif
