/* Common headers and opcode bodies: RFC 6887 7, 11, 12, 14; RFC 7652 5;
 * draft-boucadair-pcp-failure-06 B. */
#include "layout-rows.h"

#define FAILURE "draft-boucadair-pcp-failure-06"

/* ---- common headers, 24 octets ---- */

#define HEADER_VERSION                                                                             \
	FIELD("version", "Version", PCP_UINT, 0, 1,                                                \
	      "Protocol version: 2 is PCP, 1 its drafts, 0 is NAT-PMP; a server that speaks "      \
	      "another answers UNSUPP_VERSION with the nearest one it knows.")
#define HEADER_R                                                                                   \
	NAMED("r", "R bit", 1, 1, 0x80, pcp_direction_names,                                       \
	      "0 in a request, 1 in a response; servers drop what has it set, clients what has "   \
	      "it clear.")
#define HEADER_OPCODE                                                                              \
	NAMED("opcode", "Opcode", 1, 1, 0x7f, pcp_opcode_names,                                    \
	      "The operation; a response carries the opcode of its request.")
#define HEADER_CLIENT                                                                              \
	FIELD("client_address", "Client address", PCP_ADDR, 8, 16,                                 \
	      "The address this request is sent from, IPv4 as ::ffff:a.b.c.d; a server that sees " \
	      "another source answers ADDRESS_MISMATCH.")

const struct pcp_field pcp_request_fields[] = {
	[REQ_VERSION] = HEADER_VERSION,
	[REQ_R] = HEADER_R,
	[REQ_OPCODE] = HEADER_OPCODE,
	[REQ_RESERVED] = FIELD("reserved", "Reserved", PCP_RESERVED, 2, 2,
			       "Sent as zero, ignored when received."),
	[REQ_LIFETIME] =
		FIELD("lifetime", "Lifetime", PCP_SECONDS, 4, 4,
		      "Seconds the mapping is wanted for; 0 in MAP deletes it, in PEER only asks; "
		      "ANNOUNCE sends 0."),
	[REQ_CLIENT] = HEADER_CLIENT,
};

const struct pcp_layout pcp_layout_request = {
	.name = "REQUEST",
	.key = "header",
	.purpose = "The header that every request starts with.",
	.rules = "A request is at most 1100 octets and a multiple of 4 long.",
	.ref = "RFC 6887 7.1",
	.kind = PCP_CLASS_HEADER,
	.where = PCP_REQ | PCP_V1 | PCP_V2,
	.min_len = PCP_HEADER_LEN,
	.max_len = PCP_HEADER_LEN,
	.max_count = 1,
	FIELDS(pcp_request_fields),
};

static const struct pcp_field auth_request_fields[] = {
	HEADER_VERSION,
	HEADER_R,
	HEADER_OPCODE,
	FIELD("reserved", "Reserved", PCP_RESERVED, 2, 1, "Sent as zero, ignored when received."),
	NAMED("result", "Result code", 3, 1, 0, pcp_result_names,
	      "Where the dialogue stands: INITIATION opens it, AUTHENTICATION_REPLY carries an "
	      "answer to the server; only in AUTHENTICATION requests."),
	FIELD("lifetime", "Lifetime", PCP_SECONDS, 4, 4,
	      "Sent as zero and ignored: SESSION_LIFETIME tells how long a session lasts."),
	HEADER_CLIENT,
};

const struct pcp_layout pcp_layout_auth_request = {
	.name = "PA_REQUEST",
	.key = "header",
	.purpose = "The request header of AUTHENTICATION, whose octet 3 is a result code.",
	.rules = "Lifetime is zero.",
	.ref = "RFC 7652 5.1",
	.kind = PCP_CLASS_HEADER,
	.code = PCP_AUTHENTICATION,
	.where = PCP_IN_AUTHENTICATION | PCP_REQ | PCP_V2,
	.min_len = PCP_HEADER_LEN,
	.max_len = PCP_HEADER_LEN,
	.max_count = 1,
	FIELDS(auth_request_fields),
};

const struct pcp_field pcp_response_fields[] = {
	[HDR_VERSION] = HEADER_VERSION,
	[HDR_R] = HEADER_R,
	[HDR_OPCODE] = HEADER_OPCODE,
	[HDR_RESERVED] = FIELD("reserved", "Reserved", PCP_RESERVED, 2, 1,
			       "Sent as zero, ignored when received."),
	[HDR_RESULT] = NAMED("result", "Result code", 3, 1, 0, pcp_result_names,
			     "0 means the request was granted; any other code says why not."),
	[HDR_LIFETIME] =
		FIELD("lifetime", "Lifetime", PCP_SECONDS, 4, 4,
		      "Seconds the mapping stands from now; in an error, how long the error is "
		      "expected to last, before which the request should not be repeated."),
	[HDR_EPOCH] = FIELD("epoch", "Epoch", PCP_SECONDS, 8, 4,
			    "Seconds since the server's state began; when it does not keep pace "
			    "with the client's clock, the server has lost its mappings."),
	[HDR_RESERVED_96] =
		FIELD("reserved_96", "Reserved", PCP_RESERVED, 12, 12,
		      "Zero when the request could be parsed, otherwise what it had there; ignored "
		      "when received."),
};

const struct pcp_layout pcp_layout_response = {
	.name = "RESPONSE",
	.key = "header",
	.purpose = "The header that every response starts with.",
	.rules = "A request that the server could not parse comes back behind this header, zeros "
		 "added up to a multiple of 4.",
	.ref = "RFC 6887 7.2",
	.kind = PCP_CLASS_HEADER,
	.where = PCP_RESP | PCP_V1 | PCP_V2,
	.min_len = PCP_HEADER_LEN,
	.max_len = PCP_HEADER_LEN,
	.max_count = 1,
	FIELDS(pcp_response_fields),
};

/* ---- ANNOUNCE ---- */

const struct pcp_layout pcp_layout_announce = {
	.name = "ANNOUNCE",
	.key = "announce",
	.purpose = "Asks a server for a sign of life and its epoch, or tells clients that it "
		   "restarted.",
	.rules =
		"No body, though options may follow. Lifetime is 0 both ways. It changes no state.",
	.ref = "RFC 6887 14.1",
	.kind = PCP_CLASS_BODY,
	.code = PCP_ANNOUNCE,
	.where = PCP_IN_ANNOUNCE | PCP_REQ | PCP_RESP | PCP_V1 | PCP_V2,
};

/* ---- MAP and PEER: PEER starts as MAP does, and version 1 has no nonce in front ---- */

#define NONCE                                                                                      \
	FIELD("nonce", "Mapping nonce", PCP_OCTETS, 0, PCP_NONCE_LEN,                              \
	      "12 random octets that prove whose mapping it is: renewing or deleting it takes "    \
	      "the same ones.")
#define PROTOCOL(o, zero)                                                                          \
	NAMED("protocol", "Protocol", (o), 1, 0, pcp_protocol_names,                               \
	      "Upper-layer protocol by its IANA number: 6 tcp, 17 udp; " zero)
#define RESERVED_24(o)                                                                             \
	FIELD("reserved", "Reserved", PCP_RESERVED, (o), 3, "Sent as zero, ignored when received.")
#define MAP_INTERNAL(o)                                                                            \
	FIELD("internal_port", "Internal port", PCP_UINT, (o), 2,                                  \
	      "Port on the inside that the mapping leads to; 0 means all, a must with protocol "   \
	      "0.")
#define PEER_INTERNAL(o)                                                                           \
	FIELD("internal_port", "Internal port", PCP_UINT, (o), 2,                                  \
	      "Local port of the connection; 0 is not allowed in PEER.")
#define SUGGESTED(o)                                                                               \
	FIELD("suggested_external_port", "Suggested port", PCP_UINT, (o), 2,                       \
	      "External port wished for, a hint that the server may pass over; 0 for no wish."),   \
		FIELD("suggested_external_address", "Suggested address", PCP_ADDR, (o) + 2, 16,    \
		      "External address wished for; 0.0.0.0 asks for any IPv4 address, :: for "    \
		      "any IPv6 one.")
#define ASSIGNED(o)                                                                                \
	FIELD("assigned_external_port", "Assigned port", PCP_UINT, (o), 2,                         \
	      "External port that the mapping has; in an error, what the request suggested."),     \
		FIELD("assigned_external_address", "Assigned address", PCP_ADDR, (o) + 2, 16,      \
		      "External address that the mapping has; in an error, what the request "      \
		      "suggested.")
#define REMOTE(o)                                                                                  \
	FIELD("remote_port", "Remote port", PCP_UINT, (o), 2,                                      \
	      "The remote peer's port; 0 is not allowed."),                                        \
		FIELD("reserved_2", "Reserved", PCP_RESERVED, (o) + 2, 2,                          \
		      "Sent as zero, ignored when received."),                                     \
		FIELD("remote_address", "Remote address", PCP_ADDR, (o) + 4, 16,                   \
		      "The remote peer's address as the client sees it, of the internal "          \
		      "address's family.")
#define MAP_PROTOCOL_ROW(o)  PROTOCOL(o, "0 means all protocols, with internal port 0.")
#define PEER_PROTOCOL_ROW(o) PROTOCOL(o, "0 is not allowed in PEER.")

#define MAP_PURPOSE "Makes, renews or deletes a mapping that lets others reach an internal port."
#define MAP_RULES                                                                                  \
	"Lifetime 0 deletes, with suggested port and address zero. Renewals and deletes carry "    \
	"the nonce that made the mapping. Protocol 0 demands internal port 0."
#define MAP_ANSWER "Tells how the mapping stands that MAP asked for."
#define MAP_ANSWER_RULES                                                                           \
	"Nonce, protocol and internal port repeat the request. The lifetime may be longer than "   \
	"asked for: renew by it. After a delete it is 0, or what is left while traffic keeps the " \
	"mapping."
#define PEER_PURPOSE "Makes, prolongs or asks about the mapping of one connection to a remote peer."
#define PEER_RULES                                                                                 \
	"Protocol, internal port and remote port are not 0. PEER cannot shorten or delete; "       \
	"lifetime 0 merely asks. A suggested port or address implies PREFER_FAILURE."
#define PEER_ANSWER "Tells how the mapping of the connection stands that PEER asked about."
#define PEER_ANSWER_RULES                                                                          \
	"Nonce, protocol, internal port and remote peer repeat the request. The lifetime is "      \
	"never shorter than what the mapping had left."
#define V1_RULES                                                                                   \
	"As in version 2, but without a nonce: whoever sends from the internal address may renew " \
	"or delete the mapping."

/* One layout; the symbol's four variants differ only in these columns. */
#define BODY(id, n, k, c, rows, size, w, p, r, f)                                                  \
	const struct pcp_layout pcp_layout_##id = {                                                \
		.name = n,                                                                         \
		.key = k,                                                                          \
		.purpose = p,                                                                      \
		.rules = r,                                                                        \
		.ref = f,                                                                          \
		.kind = PCP_CLASS_BODY,                                                            \
		.code = c,                                                                         \
		.where = w,                                                                        \
		.min_len = size,                                                                   \
		.max_len = size,                                                                   \
		.max_count = 1,                                                                    \
		FIELDS(rows),                                                                      \
	}

const struct pcp_field pcp_map_fields[] = { NONCE, MAP_PROTOCOL_ROW(12), RESERVED_24(13),
					    MAP_INTERNAL(16), SUGGESTED(18) };
static const struct pcp_field map_response_fields[] = { NONCE, MAP_PROTOCOL_ROW(12),
							RESERVED_24(13), MAP_INTERNAL(16),
							ASSIGNED(18) };
static const struct pcp_field map_request_v1_fields[] = { MAP_PROTOCOL_ROW(0), RESERVED_24(1),
							  MAP_INTERNAL(4), SUGGESTED(6) };
static const struct pcp_field map_response_v1_fields[] = { MAP_PROTOCOL_ROW(0), RESERVED_24(1),
							   MAP_INTERNAL(4), ASSIGNED(6) };

BODY(map_request, "MAP", "map", PCP_MAP, pcp_map_fields, 36, PCP_IN_MAP | PCP_REQ | PCP_V2,
     MAP_PURPOSE, MAP_RULES, "RFC 6887 11.1");
BODY(map_response, "MAP", "map", PCP_MAP, map_response_fields, 36, PCP_IN_MAP | PCP_RESP | PCP_V2,
     MAP_ANSWER, MAP_ANSWER_RULES, "RFC 6887 11.1");
BODY(map_request_v1, "MAP", "map", PCP_MAP, map_request_v1_fields, 24,
     PCP_IN_MAP | PCP_REQ | PCP_V1, MAP_PURPOSE, V1_RULES, "draft-ietf-pcp-base-16");
BODY(map_response_v1, "MAP", "map", PCP_MAP, map_response_v1_fields, 24,
     PCP_IN_MAP | PCP_RESP | PCP_V1, MAP_ANSWER, V1_RULES, "draft-ietf-pcp-base-16");

const struct pcp_field pcp_peer_fields[] = { NONCE,	      PEER_PROTOCOL_ROW(12),
					     RESERVED_24(13), PEER_INTERNAL(16),
					     SUGGESTED(18),   REMOTE(36) };
static const struct pcp_field peer_response_fields[] = { NONCE,		  PEER_PROTOCOL_ROW(12),
							 RESERVED_24(13), PEER_INTERNAL(16),
							 ASSIGNED(18),	  REMOTE(36) };
static const struct pcp_field peer_request_v1_fields[] = { PEER_PROTOCOL_ROW(0), RESERVED_24(1),
							   PEER_INTERNAL(4), SUGGESTED(6),
							   REMOTE(24) };
static const struct pcp_field peer_response_v1_fields[] = { PEER_PROTOCOL_ROW(0), RESERVED_24(1),
							    PEER_INTERNAL(4), ASSIGNED(6),
							    REMOTE(24) };

BODY(peer_request, "PEER", "peer", PCP_PEER, pcp_peer_fields, 56, PCP_IN_PEER | PCP_REQ | PCP_V2,
     PEER_PURPOSE, PEER_RULES, "RFC 6887 12.1");
BODY(peer_response, "PEER", "peer", PCP_PEER, peer_response_fields, 56,
     PCP_IN_PEER | PCP_RESP | PCP_V2, PEER_ANSWER, PEER_ANSWER_RULES, "RFC 6887 12.1");
BODY(peer_request_v1, "PEER", "peer", PCP_PEER, peer_request_v1_fields, 44,
     PCP_IN_PEER | PCP_REQ | PCP_V1, PEER_PURPOSE, V1_RULES, "draft-ietf-pcp-base-16");
BODY(peer_response_v1, "PEER", "peer", PCP_PEER, peer_response_v1_fields, 44,
     PCP_IN_PEER | PCP_RESP | PCP_V1, PEER_ANSWER, V1_RULES, "draft-ietf-pcp-base-16");

/* ---- AUTHENTICATION ---- */

static const struct pcp_field authentication_fields[] = {
	FIELD("session_id", "Session ID", PCP_UINT, 0, 4,
	      "The session, chosen by the server; 0 while the client only asks to begin one."),
	FIELD("sequence", "Sequence number", PCP_UINT, 4, 4,
	      "Counts the messages of a session from 0, one up for each new one; a repeated or "
	      "acknowledging message takes none."),
};

BODY(authentication, "AUTHENTICATION", "authentication", PCP_AUTHENTICATION, authentication_fields,
     8, PCP_IN_AUTHENTICATION | PCP_REQ | PCP_RESP | PCP_V2,
     "Carries one step of the log-in that makes a key for signing requests.",
     "Octet 3 of the header holds a result code in requests too. Lifetime is 0. The tag option, "
     "when there is one, goes last. libpcp and miniupnpd may mean SADSCP by opcode 3.",
     "RFC 7652 5.2");

/* ---- GET ---- */

const struct pcp_field pcp_get_fields[] = {
	[GET_PROTOCOL] = NAMED("protocol", "Protocol", 0, 1, 0, pcp_protocol_names,
			       "Only mappings of this protocol; 0 for any, with which the ports "
			       "mean nothing and must be 0."),
	[GET_RESERVED] = RESERVED_24(1),
	[GET_INTERNAL_ADDRESS] =
		FIELD("internal_address", "Internal address", PCP_ADDR, 4, 16,
		      "Only mappings of this inside address; 0.0.0.0 or :: for any."),
	[GET_EXTERNAL_ADDRESS] =
		FIELD("external_address", "External address", PCP_ADDR, 20, 16,
		      "Only mappings of this outside address; 0.0.0.0 or :: for any."),
	[GET_INTERNAL_PORT] = FIELD("internal_port", "Internal port", PCP_UINT, 36, 2,
				    "Only mappings of this inside port; 0 for any."),
	[GET_EXTERNAL_PORT] = FIELD("external_port", "External port", PCP_UINT, 38, 2,
				    "Only mappings of this outside port; 0 for any."),
};

BODY(get, "GET", "get", PCP_GET, pcp_get_fields, 40,
     PCP_IN_GET | PCP_REQ | PCP_RESP | PCP_V1 | PCP_V2,
     "Lists mappings that match a filter, in NEXT options of the answer.",
     "The answer repeats these 40 octets. Without a NEXT option the answer only tells whether a "
     "mapping matches. The opcode is private use: other servers may mean something else by 98.",
     FAILURE " B.1");

/* ---- SADSCP, an experiment of libpcp and miniupnpd ---- */

#define TOLERANCE(k, l, m, what)                                                                   \
	BITS(k, l, PCP_UINT, 12, 1, m,                                                             \
	     "How much " what " the traffic tolerates, 0 to 2; 3 is malformed.")

#define SADSCP_NONCE                                                                               \
	FIELD("nonce", "Nonce", PCP_OCTETS, 0, PCP_NONCE_LEN,                                      \
	      "12 random octets by which the answer is told to belong to the request.")

static const struct pcp_field sadscp_request_fields[] = {
	SADSCP_NONCE,
	TOLERANCE("delay_tolerance", "Delay tolerance", 0xc0, "delay"),
	TOLERANCE("loss_tolerance", "Loss tolerance", 0x30, "loss"),
	TOLERANCE("jitter_tolerance", "Jitter tolerance", 0x0c, "jitter"),
	BITS("reserved", "Reserved", PCP_RESERVED, 12, 1, 0x03,
	     "Sent as zero, ignored when received."),
	FIELD("name_length", "Name length", PCP_UINT, 13, 1,
	      "Octets of the name; libpcp fills the name with zeros so that 2 and this are a "
	      "multiple of 4, and counts them."),
	FIELD("name", "Application name", PCP_TEXT, 14, 0,
	      "The application that asks, as the server's list of policies knows it."),
};

const struct pcp_layout pcp_layout_sadscp_request = {
	.name = "SADSCP",
	.key = "sadscp",
	.purpose = "Asks which DSCP to mark an application's traffic with.",
	.rules = "An experiment whose opcode 3 has since been given to AUTHENTICATION.",
	.ref = "libpcp; miniupnpd with PCP_SADSCP",
	.kind = PCP_CLASS_BODY,
	.code = PCP_AUTHENTICATION,
	.where = PCP_IN_AUTHENTICATION | PCP_REQ | PCP_V1 | PCP_V2,
	.dialect = PCP_DIALECT_LIBPCP | PCP_DIALECT_MINIUPNPD,
	.min_len = 14,
	.max_len = 14 + 255,
	.max_count = 1,
	FIELDS(sadscp_request_fields),
};

static const struct pcp_name matched_names[] = {
	{ 0, "no", "The server has no policy for that name." },
	{ 1, "yes", "The server has a policy for that name." },
	{ 0, NULL, NULL },
};

static const struct pcp_field sadscp_response_fields[] = {
	SADSCP_NONCE,
	NAMED("matched", "Name matched", 12, 1, 0x80, matched_names,
	      "Whether the server knows the application's name."),
	BITS("reserved", "Reserved", PCP_RESERVED, 12, 1, 0x40,
	     "Sent as zero, ignored when received."),
	BITS("dscp", "DSCP", PCP_UINT, 12, 1, 0x3f,
	     "The differentiated services code point to mark with."),
	FIELD("reserved_2", "Reserved", PCP_RESERVED, 13, 3,
	      "Sent as zero, ignored when received."),
};

const struct pcp_layout pcp_layout_sadscp_response = {
	.name = "SADSCP",
	.key = "sadscp",
	.purpose = "Tells which DSCP to mark an application's traffic with.",
	.rules = "An experiment whose opcode 3 has since been given to AUTHENTICATION.",
	.ref = "libpcp; miniupnpd with PCP_SADSCP",
	.kind = PCP_CLASS_BODY,
	.code = PCP_AUTHENTICATION,
	.where = PCP_IN_AUTHENTICATION | PCP_RESP | PCP_V1 | PCP_V2,
	.dialect = PCP_DIALECT_LIBPCP | PCP_DIALECT_MINIUPNPD,
	.min_len = 16,
	.max_len = 16,
	.max_count = 1,
	FIELDS(sadscp_response_fields),
};
