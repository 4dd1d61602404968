/*
 * What the rules share. A rule is one row with one small check, which looks at the run's views and
 * calls lint_found() for each place that breaks it.
 */
#ifndef PCP_LINT_PRIVATE_H
#define PCP_LINT_PRIVATE_H

#include "lint.h"

/* The fields of bodies that rules ask for, by their keys. The external ones are suggested_* in
 * requests and assigned_* in responses: "*_external_port" means either. */
#define LINT_FIELDS(X)                                                                             \
	X(NONCE, "nonce")                                                                          \
	X(PROTOCOL, "protocol")                                                                    \
	X(INTERNAL_PORT, "internal_port")                                                          \
	X(EXTERNAL_PORT, "*_external_port")                                                        \
	X(EXTERNAL_ADDRESS, "*_external_address")                                                  \
	X(LISTED_PORT, "external_port") /* of GET */                                               \
	X(REMOTE_PORT, "remote_port")                                                              \
	X(REMOTE_ADDRESS, "remote_address")                                                        \
	X(SESSION_ID, "session_id")                                                                \
	X(SEQUENCE, "sequence")                                                                    \
	X(DELAY_TOLERANCE, "delay_tolerance")                                                      \
	X(LOSS_TOLERANCE, "loss_tolerance")                                                        \
	X(JITTER_TOLERANCE, "jitter_tolerance")
#define LINT_KEY(name, key) LINT_##name,
enum lint_key { LINT_FIELDS(LINT_KEY) LINT_KEYS };
#undef LINT_KEY

/* An option of the message: its header stands at off, its data at off + PCP_TLV_LEN. */
struct lint_option {
	struct pcp_tlv tlv;
	size_t off, pos;  /* off: from the packet's start; pos: where the search goes on */
	size_t nth, node; /* node: where in the decoded packet the search goes on */
	const struct pcp_layout *layout; /* NULL: no row has the code */
};

/* Of a message with more options than these the rest is looked through anew for each rule. */
enum { LINT_OPTIONS = 8 };

#define each_node(packet, node)                                                                    \
	for (const struct pcp_node *node = (packet)->node, *end_ = node + (packet)->nnode;         \
	     node < end_; node++)

/* A packet as rules look at it. */
struct lint_view {
	const struct pcp_packet *packet;
	const uint8_t *octets;
	size_t len;
	const struct pcp_layout *body; /* NULL unless its fixed part is wholly there */
	size_t options;		       /* where they start; len when there can be none */
	bool natpmp, request;
	bool own;	   /* whether the sender answers for what stands behind the header: an error
			      returns the request as it came, with all of its faults (RFC 6887 7.3) */
	size_t wire;	   /* octets that there were; more than len when a capture is cut */
	uint8_t result;	   /* responses */
	uint32_t lifetime; /* seconds */
	uint32_t codes[8]; /* a bit for each option code that there is */
	const struct pcp_field *field[LINT_KEYS]; /* of the body; NULL: it has none of that key */
	size_t noption; /* so many of the options, from the first, are at hand */
	bool all;	/* which are all of them */
	bool unknown;	/* one is of no document */
	struct lint_option option[LINT_OPTIONS]; /* the last member: so many are set, no more */
};

/* `wire`: octets that it had, 0 for as many as there are. NULL: there is no such packet. */
void lint_look(struct lint_view *view, const struct pcp_packet *packet, size_t wire);

struct pcp_reach;

struct pcp_lint {
	struct lint_view packet, request; /* request.packet: NULL when it is not known */
	const struct pcp_lint_context *context;
	const struct pcp_rule *rule;   /* whose check runs */
	const struct pcp_reach *reach; /* of the address that was asked about last, */
	const uint8_t *reach_of;       /* which stands there; NULL: none was */
	struct pcp_finding *finding;
	size_t cap, count;
};

/* Adds a finding of the rule whose check runs. */
void lint_found(struct pcp_lint *lint, size_t off, size_t len, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/* A finding about the header's lifetime: "1800 s" and why. */
void lint_found_lifetime(struct pcp_lint *lint, const char *why);

/* The next whole option that the sender answers for; start from a zeroed one. False at the end or
 * at an overrun. */
bool lint_next(const struct lint_view *view, struct lint_option *option);
/* Whether there is one with that code. */
static inline bool lint_has_code(const struct lint_view *view, uint8_t code)
{
	return view->codes[code / 32] >> code % 32 & 1;
}
/* The first with that code; false when there is none. */
bool lint_option(const struct lint_view *view, uint8_t code, struct lint_option *option);
/* Whether the data has a length that the option's row allows: of any other nothing is read. */
bool lint_length_fits(const struct lint_option *option);
/* The first with that code whose data has a length that its row allows. */
bool lint_whole_option(const struct lint_view *view, uint8_t code, struct lint_option *option);

/* Whether a response returns the option's data as the request had it, so that they are not its own.
 */
bool lint_is_echo(const struct lint_view *view, const struct lint_option *option);

/* Whether anything stands behind the body, of the packet or of its request. */
bool lint_has_options(const struct pcp_lint *lint);
/* PCP with a whole header; the answer to a request that is known, both headers whole. */
bool lint_has_header(const struct pcp_lint *lint);
bool lint_is_answer(const struct pcp_lint *lint);
/* A refusal of the version, which counts whatever its length is: RFC 6887 8.3. */
bool lint_refuses_version(const struct pcp_lint *lint);
/* A response that refuses its request. */
bool lint_is_error(const struct pcp_lint *lint);
/* Whether the packet is a PCP request, or a response, with a whole body of that opcode that is the
 * sender's own. */
bool lint_is_request(const struct pcp_lint *lint, uint8_t opcode);
bool lint_is_response(const struct pcp_lint *lint, uint8_t opcode);
/* A MAP or PEER, whose bodies share their fields. */
bool lint_is_mapping(const struct lint_view *view);
/* A response whose request is known and of the same opcode and version, both bodies whole. */
bool lint_is_pair(const struct pcp_lint *lint);
/* The same, with SUCCESS; and of those a mapping that was made or renewed, no delete. */
bool lint_is_success(const struct pcp_lint *lint);
bool lint_is_grant(const struct pcp_lint *lint);
/* Whether the request, which is whole, is a delete. */
bool lint_asked_to_delete(const struct pcp_lint *lint);
/* Whether the packet is one itself. */
bool lint_is_delete(const struct pcp_lint *lint);
/* Whether the field is in the response as the request had it, in a pair of mappings. */
bool lint_same_field(const struct pcp_lint *lint, enum lint_key key);

/* How many options with that code there are; `off` bounds where they start, in octets. */
size_t lint_count(const struct lint_view *view, uint8_t code, size_t off);

/* A field of the body. NULL when it has no such field. */
static inline const struct pcp_field *lint_field(const struct lint_view *view, enum lint_key key)
{
	return view->field[key];
}
uint32_t lint_value(const struct lint_view *view, enum lint_key key);
const uint8_t *lint_octets(const struct lint_view *view, enum lint_key key);
/* A finding about that field. */
#define found_in(lint, view, key, ...)                                                             \
	lint_found(lint, PCP_HEADER_LEN + lint_field(view, key)->off, lint_field(view, key)->len,  \
		   __VA_ARGS__)

/* Where a field of NEXT stands in its data, by the version of the packet: the first has no nonce.
 */
size_t lint_next_at(const struct lint_view *view, size_t index);
/* The field's octets and number in a NEXT whose length fits. */
const uint8_t *lint_next_octets(const struct lint_view *view, const struct lint_option *next,
				size_t index);
uint32_t lint_next_value(const struct lint_view *view, const struct lint_option *next,
			 size_t index);

/* The request's internal address: THIRD_PARTY's, or the client's. NULL when it is not known. */
const uint8_t *lint_internal(const struct lint_view *request);

/* Runs the rules over a packet alone whose breach is an error; those with a refusal laid down, or
 * all. Returns as pcp_lint does. */
size_t lint_errors(const struct lint_view *view, bool refusals, struct pcp_finding *finding,
		   size_t cap);

/* What a rule's row may say that the packet has to be, so that no check asks it again: each means
 * what the question above of that name does. */
enum lint_of {
	OF_REQUEST = 1,
	OF_RESPONSE = 1 << 1,
	OF_MAP_REQUEST = 1 << 2,
	OF_PEER_REQUEST = 1 << 3,
	OF_MAP_RESPONSE = 1 << 4,
	OF_MAPPING = 1 << 5,
	OF_AUTHENTICATION = 1 << 6, /* a whole body of opcode 3 */
	OF_DELETE = 1 << 7,
	OF_OPTION = 1 << 8,  /* it has whole ones that the sender answers for, */
	OF_UNKNOWN = 1 << 9, /* and one of them is of no document */
	OF_ERROR = 1 << 10,
	OF_ANSWER = 1 << 11,
	OF_PAIR = 1 << 12,
	OF_SUCCESS = 1 << 13,
	OF_GRANT = 1 << 14,
};

/* The tables, one a file. Behind a rule's check, or its refusal, may stand .of and .about. */
#define RULE(n, s, r, t, ...)                                                                      \
	{                                                                                          \
		.name = n, .severity = s, .ref = r, .text = t, .check = __VA_ARGS__                \
	}
#define REFUSED(n, s, r, t, c, ...)                                                                \
	{                                                                                          \
		.name = n, .severity = s, .ref = r, .text = t, .check = c, .refusal = __VA_ARGS__  \
	}
struct lint_rules {
	const struct pcp_rule *rule;
	size_t count;
	/* Whether a run can break any of them; NULL: always. */
	bool (*concern)(const struct pcp_lint *lint);
};
extern const struct lint_rules lint_header_rules, lint_result_rules, lint_address_rules,
	lint_body_rules, lint_option_rules, lint_option_data_rules, lint_pair_rules,
	lint_next_rules, lint_auth_rules, lint_natpmp_rules;
#define RULES(rows, concern)                                                                       \
	{                                                                                          \
		rows, sizeof rows / sizeof rows[0], concern                                        \
	}

#endif
