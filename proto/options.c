/* The option header and every option's data: RFC 6887 7.3, 13 and the documents that each row
 * names. */
#include "layout-rows.h"

#define MAPS	 (PCP_IN_MAP | PCP_IN_PEER)
#define BOTH	 (PCP_REQ | PCP_RESP)
#define IF_ASKED (PCP_REQ | PCP_RESP | PCP_RESP_IF_ASKED)

/* ---- header ---- */

const struct pcp_field pcp_tlv_fields[] = {
	[TLV_CODE] =
		NAMED("code", "Option code", 0, 1, 0, pcp_option_names,
		      "Which option it is; a server must refuse what it does not know below 128 "
		      "and may skip it from 128 on."),
	[TLV_RESERVED] = FIELD("reserved", "Reserved", PCP_RESERVED, 1, 1,
			       "Sent as zero, ignored when received."),
	[TLV_LENGTH] = FIELD("length", "Length", PCP_UINT, 2, 2,
			     "Octets of data that follow, padding not counted."),
	[TLV_PADDING] = FIELD("padding", "Padding", PCP_PADDING, 4, 0,
			      "Zero octets up to a multiple of 4, outside the Length."),
};

const struct pcp_layout pcp_layout_tlv = {
	.name = "OPTION",
	.key = "option",
	.purpose = "The header of every option, and the padding behind its data.",
	.rules = "Options go in any order and servers process them as they come. Length leaves the "
		 "padding out.",
	.ref = "RFC 6887 7.3",
	.kind = PCP_CLASS_TLV,
	FIELDS(pcp_tlv_fields),
};

static const struct pcp_field raw_fields[] = {
	FIELD("octets", "Octets", PCP_RAW, 0, 0,
	      "Octets that no layout describes, or that do not fit the one that should."),
};

const struct pcp_layout pcp_layout_raw = {
	.name = "RAW",
	.key = "raw",
	.purpose = "Octets of an unknown opcode or option, behind a wrong Length, or left over at "
		   "the end.",
	.ref = "RFC 6887 7",
	.kind = PCP_CLASS_RAW,
	FIELDS(raw_fields),
};

/* ---- RFC 6887 13 ---- */

static const struct pcp_field third_party_fields[] = {
	FIELD("internal_address", "Internal address", PCP_ADDR, 0, 16,
	      "The host that the mapping is for, in place of the one that sends the request; must "
	      "not be the sender itself."),
};

const struct pcp_layout pcp_layout_third_party = {
	.name = "THIRD_PARTY",
	.key = "third_party",
	.purpose = "Makes or deletes a mapping for another host.",
	.rules = "Renewals and deletes carry it too. Servers refuse it with UNSUPP_OPTION unless "
		 "they were told to allow it.",
	.ref = "RFC 6887 13.1",
	.kind = PCP_CLASS_OPTION,
	.code = PCP_THIRD_PARTY,
	.where = MAPS | IF_ASKED,
	.min_len = 16,
	.max_len = 16,
	.max_count = 1,
	FIELDS(third_party_fields),
};

const struct pcp_layout pcp_layout_prefer_failure = {
	.name = "PREFER_FAILURE",
	.key = "prefer_failure",
	.purpose = "Asks for exactly the suggested port and address, or an error.",
	.rules = "Not with lifetime 0, suggested port 0 or PORT_SET, and not in PEER, where it is "
		 "implied. Meant for gateways that serve UPnP IGD clients; many servers lack it.",
	.ref = "RFC 6887 13.2",
	.kind = PCP_CLASS_OPTION,
	.code = PCP_PREFER_FAILURE,
	.where = PCP_IN_MAP | IF_ASKED,
	.max_count = 1,
};

#define FILTER_ROWS(kind, help)                                                                    \
	[FILTER_RESERVED] = FIELD("reserved", "Reserved", PCP_RESERVED, 0, 1,                      \
				  "Sent as zero, ignored when received."),                         \
	[FILTER_PREFIX_LENGTH] = FIELD("prefix_length", "Prefix length", kind, 1, 1, help),        \
	[FILTER_REMOTE_PORT] = FIELD("remote_port", "Remote port", PCP_UINT, 2, 2,                 \
				     "Port that remote peers must send from; 0 for any."),         \
	[FILTER_REMOTE_ADDRESS] =                                                                  \
		FIELD("remote_address", "Remote address", PCP_ADDR, 4, 16,                         \
		      "Remote peers that may send through the mapping; of the internal address's " \
		      "family.")

const struct pcp_field pcp_filter_fields[] = { FILTER_ROWS(
	PCP_PREFIX, "Leading bits of the remote address that must match: 0-32 for IPv4, sent as 96 "
		    "more, 0-128 for IPv6; 0 on the wire (\"erase\") drops every filter the "
		    "mapping has.") };
static const struct pcp_field filter_v1_fields[] = { FILTER_ROWS(
	PCP_UINT,
	"Leading bits of the remote address that must match; version 1 counts IPv4 from 0, and 0 "
	"drops every filter the mapping has.") };

#define FILTER_LAYOUT(id, rows, versions, r, f)                                                    \
	const struct pcp_layout pcp_layout_##id = {                                                \
		.name = "FILTER",                                                                  \
		.key = "filter",                                                                   \
		.purpose = "Lets only certain remote peers send through the mapping.",             \
		.rules = r,                                                                        \
		.ref = f,                                                                          \
		.kind = PCP_CLASS_OPTION,                                                          \
		.code = PCP_FILTER,                                                                \
		.where = PCP_IN_MAP | IF_ASKED | (versions),                                       \
		.min_len = 20,                                                                     \
		.max_len = 20,                                                                     \
		.max_count = PCP_COUNT_ANY,                                                        \
		FIELDS(rows),                                                                      \
	}

FILTER_LAYOUT(
	filter, pcp_filter_fields, PCP_V2,
	"Filters add up, also with those of earlier requests; an erasing one empties the list "
	"first. Any IPv6 address takes two, ::/1 and 8000::/1. Not with lifetime 0.",
	"RFC 6887 13.3");
FILTER_LAYOUT(filter_v1, filter_v1_fields, PCP_V1,
	      "Filters add up; prefix length 0 empties the list.", "draft-ietf-pcp-base-16 11.3");

/* ---- one-field options share a shape ---- */

#define OPTION(id, n, c, w, min, max, count, p, r, f, ...)                                         \
	static const struct pcp_field id##_fields[] = { __VA_ARGS__ };                             \
	const struct pcp_layout pcp_layout_##id = {                                                \
		.name = n,                                                                         \
		.key = #id,                                                                        \
		.purpose = p,                                                                      \
		.rules = r,                                                                        \
		.ref = f,                                                                          \
		.kind = PCP_CLASS_OPTION,                                                          \
		.code = c,                                                                         \
		.where = w,                                                                        \
		.min_len = min,                                                                    \
		.max_len = max,                                                                    \
		.max_count = count,                                                                \
		FIELDS(id##_fields),                                                               \
	}

/* ---- RFC 7652 5: authentication ---- */

#define SESSION                                                                                    \
	FIELD("session_id", "Session ID", PCP_UINT, 0, 4,                                          \
	      "The session whose key signs the message."),                                         \
		FIELD("sequence", "Sequence number", PCP_UINT, 4, 4,                               \
		      "Counts signed messages of the session, one up for each new one.")
#define KEY_ID(o)                                                                                  \
	FIELD("key_id", "Key ID", PCP_UINT, (o), 4,                                                \
	      "Which of the session's transport keys signs; 0 when the MSK itself does.")
#define MAC(o)                                                                                     \
	FIELD("authentication_data", "Authentication data", PCP_OCTETS, (o), 0,                    \
	      "Message authentication code over everything from the header through this option, "  \
	      "computed with this field zero.")

static const struct pcp_name prf_names[] = {
	{ 1, "PRF_HMAC_MD5", "HMAC with MD5 (RFC 2104)." },
	{ 2, "PRF_HMAC_SHA1", "HMAC with SHA-1 (RFC 2104)." },
	{ 4, "PRF_AES128_XCBC", "AES-128 in XCBC mode (RFC 4434)." },
	{ 5, "PRF_HMAC_SHA2_256", "HMAC with SHA-256 (RFC 4868), which everyone must support." },
	{ 6, "PRF_HMAC_SHA2_384", "HMAC with SHA-384 (RFC 4868)." },
	{ 7, "PRF_HMAC_SHA2_512", "HMAC with SHA-512 (RFC 4868)." },
	{ 8, "PRF_AES128_CMAC", "AES-128 in CMAC mode (RFC 4615)." },
	{ 0, NULL, NULL },
};

static const struct pcp_name mac_names[] = {
	{ 1, "AUTH_HMAC_MD5_96", "HMAC with MD5, 12 octets (RFC 2403)." },
	{ 2, "AUTH_HMAC_SHA1_96", "HMAC with SHA-1, 12 octets (RFC 2404)." },
	{ 5, "AUTH_AES_XCBC_96", "AES in XCBC mode, 12 octets (RFC 3566)." },
	{ 8, "AUTH_AES_CMAC_96", "AES in CMAC mode, 12 octets (RFC 4494)." },
	{ 12, "AUTH_HMAC_SHA2_256_128",
	  "HMAC with SHA-256, 16 octets (RFC 4868), which everyone must support." },
	{ 13, "AUTH_HMAC_SHA2_384_192", "HMAC with SHA-384, 24 octets (RFC 4868)." },
	{ 14, "AUTH_HMAC_SHA2_512_256", "HMAC with SHA-512, 32 octets (RFC 4868)." },
	{ 0, NULL, NULL },
};

OPTION(nonce, "NONCE", PCP_NONCE, PCP_IN_AUTHENTICATION | BOTH, 4, 4, 1,
       "Ties the server's first answer to the client's opening message.",
       "In PA-Initiation and in the first PA-Server message that answers it. miniupnpd may mean "
       "FLOW_PRIORITY by code 4.",
       "RFC 7652 5.3",
       FIELD("nonce", "Nonce", PCP_OCTETS, 0, 4, "Random octets that the server gives back."));

OPTION(authentication_tag, "AUTHENTICATION_TAG", PCP_AUTHENTICATION_TAG,
       MAPS | PCP_IN_ANNOUNCE | BOTH, 12, 0, 1, "Signs a MAP, PEER or ANNOUNCE message.",
       "The last option. With AUTH_HMAC_SHA2_256_128 its Length is 28.", "RFC 7652 5.4", SESSION,
       KEY_ID(8), MAC(12));

OPTION(pa_authentication_tag, "PA_AUTHENTICATION_TAG", PCP_PA_AUTHENTICATION_TAG,
       PCP_IN_AUTHENTICATION | BOTH, 4, 0, 1, "Signs an AUTHENTICATION message.",
       "The last option; session and sequence stand in the body. With AUTH_HMAC_SHA2_256_128 its "
       "Length is 20.",
       "RFC 7652 5.5", KEY_ID(0), MAC(4));

OPTION(eap_payload, "EAP_PAYLOAD", PCP_EAP_PAYLOAD, PCP_IN_AUTHENTICATION | BOTH, 0, 0, 1,
       "Carries one EAP packet of the log-in.", NULL, "RFC 7652 5.6",
       FIELD("eap", "EAP packet", PCP_OCTETS, 0, 0,
	     "An EAP request, response, success or failure as RFC 3748 4 lays it out."));

OPTION(prf, "PRF", PCP_PRF, PCP_IN_AUTHENTICATION | BOTH, 4, 4, PCP_COUNT_ANY,
       "Offers, or chooses, the function that derives keys.",
       "The server offers one option for each it supports; the client answers with its choice.",
       "RFC 7652 5.7",
       NAMED("prf", "PRF", 0, 4, 0, prf_names,
	     "Pseudorandom function by its IKEv2 number (transform type 2)."));

OPTION(mac_algorithm, "MAC_ALGORITHM", PCP_MAC_ALGORITHM, PCP_IN_AUTHENTICATION | BOTH, 4, 4,
       PCP_COUNT_ANY, "Offers, or chooses, the algorithm that signs messages.",
       "The server offers one option for each it supports; the client answers with its choice.",
       "RFC 7652 5.8",
       NAMED("algorithm", "MAC algorithm", 0, 4, 0, mac_names,
	     "Integrity algorithm by its IKEv2 number (transform type 3)."));

OPTION(session_lifetime, "SESSION_LIFETIME", PCP_SESSION_LIFETIME, PCP_IN_AUTHENTICATION | PCP_RESP,
       4, 4, 1, "Tells how long the session lasts.", "Comes with AUTHENTICATION_SUCCEEDED.",
       "RFC 7652 5.9",
       FIELD("lifetime", "Session lifetime", PCP_SECONDS, 0, 4,
	     "Seconds after which the client has to authenticate anew."));

OPTION(received_pak, "RECEIVED_PAK", PCP_RECEIVED_PAK, PCP_IN_AUTHENTICATION | BOTH, 4, 4, 1,
       "Acknowledges an AUTHENTICATION message whose answer takes time.", NULL, "RFC 7652 5.10",
       FIELD("sequence", "Received sequence number", PCP_UINT, 0, 4,
	     "Sequence number of the message that arrived."));

OPTION(id_indicator, "ID_INDICATOR", PCP_ID_INDICATOR, PCP_IN_AUTHENTICATION | PCP_RESP, 0, 0, 1,
       "Tells whose credentials the server wants.", NULL, "RFC 7652 5.11",
       FIELD("id", "ID", PCP_TEXT, 0, 0,
	     "Name of the authority that issued the credentials, UTF-8 without a terminator."));

/* ---- RFC 7843, 7220, 7225, 7753 ---- */

/* The most data that fits a legal MAP: 1100 - 24 - 36 - 4, and 1016 by RFC 7220 2 and 7843 4, which
 * leave room for THIRD_PARTY. */
enum { MAP_ROOM = 1016 };

OPTION(third_party_id, "THIRD_PARTY_ID", PCP_THIRD_PARTY_ID, MAPS | IF_ASKED, 0, MAP_ROOM, 1,
       "Names the realm or subscriber of the THIRD_PARTY address.",
       "Only beside THIRD_PARTY. A server that knows the option but not the identifier answers "
       "THIRD_PARTY_ID_UNKNOWN.",
       "RFC 7843 4",
       FIELD("id", "Identifier", PCP_OCTETS, 0, 0,
	     "Opaque identifier, such as a tunnel or line number; zero bits fill its last octet."));

#define DESCRIPTION_ROW                                                                            \
	FIELD("text", "Description", PCP_TEXT, 0, 0,                                               \
	      "What the mapping is for, in UTF-8 without a terminator; empty clears it, and a "    \
	      "server may cut it but should keep 128 octets.")

OPTION(description, "DESCRIPTION", PCP_DESCRIPTION, MAPS | IF_ASKED, 0, MAP_ROOM, 1,
       "Stores a text with the mapping.",
       "The answer carries what was stored; without it the server did not accept the text, which "
       "it must not when it is no UTF-8. Renewals replace it.",
       "RFC 7220 2", DESCRIPTION_ROW);

/* The lengths of the two parts depend on the first field and of the list on its count: the decoder
 * knows this layout by name. */
OPTION(prefix64, "PREFIX64", PCP_PREFIX64, PCP_IN_MAP | PCP_IN_ANNOUNCE | BOTH, 14, 0,
       PCP_COUNT_ANY,
       "Asks for, or tells, the prefix by which a NAT64 writes IPv4 addresses as IPv6 ones.",
       "A request asks with ::/96, length 12 and all zero, at most once and without a list. "
       "Answers may carry several, also unasked. Each set replaces what that server said before.",
       "RFC 7225 4.1",
       [PREFIX64_LENGTH] = FIELD("prefix_length", "Prefix length", PCP_UINT, 0, 2,
				 "Octets, not bits, of the prefix: 4, 5, 6, 7, 8 or 12."),
       [PREFIX64_PREFIX] = FIELD("prefix", "Prefix", PCP_PREFIX6, 2, 0,
				 "The leading octets of every IPv6 address that stands for an IPv4 "
				 "one; 64:ff9b::/96 is the well-known prefix."),
       [PREFIX64_SUFFIX] = FIELD("suffix", "Suffix", PCP_OCTETS, 2, 0,
				 "The octets behind the embedded IPv4 address, 12 less the prefix "
				 "length; none for a /96."),
       [PREFIX64_COUNT] =
	       FIELD("count", "IPv4 prefixes", PCP_UINT, 14, 2,
		     "How many IPv4 prefixes follow; without them the prefix serves every IPv4 "
		     "destination."),
       [PREFIX64_BITS] = FIELD("ipv4_prefix_length", "IPv4 prefix length", PCP_UINT, 16, 2,
			       "Leading bits of the IPv4 address that count, 0 to 32."),
       [PREFIX64_ADDRESS] = FIELD("ipv4_address", "IPv4 address", PCP_ADDR4, 18, 4,
				  "IPv4 destinations that are to be reached through this prefix."));

#define PORT_SET_ROWS                                                                              \
	[PORT_SET_SIZE] =                                                                          \
		FIELD("size", "Port set size", PCP_UINT, 0, 2,                                     \
		      "How many ports are wanted in a row, or were mapped; 65535 asks for as "     \
		      "many as possible, 0 is malformed."),                                        \
	[PORT_SET_FIRST_PORT] =                                                                    \
		FIELD("first_internal_port", "First internal port", PCP_UINT, 2, 2,                \
		      "Lowest internal port of the set; a request repeats its internal port "      \
		      "here."),                                                                    \
	[PORT_SET_RESERVED] = BITS("reserved", "Reserved", PCP_RESERVED, 4, 1, 0xfe,               \
				   "Sent as zero, ignored when received."),                        \
	[PORT_SET_PARITY] =                                                                        \
		NAMED("parity", "Parity", 4, 1, 0x01, parity_names,                                \
		      "Whether the first external port is to be even or odd as the first "         \
		      "internal port is.")

static const struct pcp_name parity_names[] = {
	{ 0, "any", "The first external port may be even or odd." },
	{ 1, "preserve", "The first external port is to be even or odd as the internal one is." },
	{ 0, NULL, NULL },
};

const struct pcp_field pcp_port_set_fields[] = { PORT_SET_ROWS };

const struct pcp_layout pcp_layout_port_set = {
	.name = "PORT_SET",
	.key = "port_set",
	.purpose = "Maps a range of ports at once.",
	.rules = "Renewals and deletes carry it. The answer may map fewer ports, and leaves the "
		 "option out for a single one. Not with PREFER_FAILURE.",
	.ref = "RFC 7753 4",
	.kind = PCP_CLASS_OPTION,
	.code = PCP_PORT_SET,
	.where = PCP_IN_MAP | BOTH,
	.min_len = 5,
	.max_len = 5,
	.max_count = 1,
	FIELDS(pcp_port_set_fields),
};

/* ---- NEXT: draft-boucadair-pcp-failure-06 B.4 ---- */

static const struct pcp_name end_names[] = {
	{ 0, "MORE", "In a request: as many entries as fit. In an answer: the list goes on." },
	{ 1, "END", "In a request: one entry only. In an answer: the list ends here." },
	{ 0, NULL, NULL },
};

#define LOCATOR(o)                                                                                 \
	[NEXT_PROTOCOL -                                                                           \
		(o ==                                                                              \
		 0)] = NAMED("protocol", "Protocol", (o), 1, 0, pcp_protocol_names,                \
			     "The entry's protocol; 0 in a request that starts from the "          \
			     "beginning."),                                                        \
		 [NEXT_RESERVED - (o == 0)] = FIELD("reserved", "Reserved", PCP_RESERVED, (o) + 1, \
						    2, "Sent as zero, ignored when received."),    \
		 [NEXT_END - (o == 0)] =                                                           \
			 NAMED("end", "More or end", (o) + 3, 1, 0, end_names,                     \
			       "A request asks for all that fits (MORE) or one entry (END); an "   \
			       "answer says whether the list goes on."),                           \
		 [NEXT_INTERNAL_ADDRESS - (o == 0)] = FIELD(                                       \
			 "internal_address", "Internal address", PCP_ADDR, (o) + 4, 16,            \
			 "The entry's inside address; any in a request that starts from the "      \
			 "beginning."),                                                            \
		 [NEXT_EXTERNAL_ADDRESS - (o == 0)] = FIELD(                                       \
			 "external_address", "External address", PCP_ADDR, (o) + 20, 16,           \
			 "The entry's outside address; any in a request that starts from the "     \
			 "beginning."),                                                            \
		 [NEXT_LIFETIME - (o == 0)] =                                                      \
			 FIELD("lifetime", "Lifetime", PCP_SECONDS, (o) + 36, 4,                   \
			       "Seconds the entry has left; 0 and ignored in requests."),          \
		 [NEXT_INTERNAL_PORT - (o == 0)] =                                                 \
			 FIELD("internal_port", "Internal port", PCP_UINT, (o) + 40, 2,            \
			       "The entry's inside port."),                                        \
		 [NEXT_EXTERNAL_PORT - (o == 0)] =                                                 \
			 FIELD("external_port", "External port", PCP_UINT, (o) + 42, 2,            \
			       "The entry's outside port.")
#define NEXT_NONCE_ROW                                                                             \
	[NEXT_NONCE] =                                                                             \
		FIELD("nonce", "Mapping nonce", PCP_OCTETS, 0, PCP_NONCE_LEN,                      \
		      "The entry's nonce, by which it can be renewed or deleted; zero in a "       \
		      "request that starts from the beginning.")
#define WANTED(o)                                                                                  \
	[NEXT_TAIL - (o == 44)] = FIELD("wanted", "Wanted options", PCP_CODES, (o), 0,             \
					"Options to tell of each entry, by code or name, such as " \
					"FILTER or DESCRIPTION.")
#define NESTED(o)                                                                                  \
	[NEXT_TAIL - (o == 44)] = FIELD("options", "Options", PCP_OPTIONS, (o), 0,                 \
					"The entry's options, as far as the request wanted them.")

#define NEXT_LAYOUT(id, rows, size, count, w, f)                                                   \
	const struct pcp_layout pcp_layout_##id = {                                                \
		.name = "NEXT",                                                                    \
		.key = "next",                                                                     \
		.purpose = "Lists mappings one after the other.",                                  \
		.rules = "A request asks for entries from the one it names on, or with protocol, " \
			 "addresses and ports zero from the beginning, and lists the options it "  \
			 "wants, one octet each. The entry named comes first again.",              \
		.ref = f,                                                                          \
		.kind = PCP_CLASS_OPTION,                                                          \
		.code = PCP_NEXT,                                                                  \
		.where = PCP_IN_GET | (w),                                                         \
		.min_len = size,                                                                   \
		.max_len = 0,                                                                      \
		.max_count = count,                                                                \
		FIELDS(rows),                                                                      \
	}
#define FAILURE "draft-boucadair-pcp-failure-06 B.4"

const struct pcp_field pcp_next_fields[] = { NEXT_NONCE_ROW, LOCATOR(12), WANTED(56) };
static const struct pcp_field next_response_fields[] = { NEXT_NONCE_ROW, LOCATOR(12), NESTED(56) };
static const struct pcp_field next_request_v1_fields[] = { LOCATOR(0), WANTED(44) };
static const struct pcp_field next_response_v1_fields[] = { LOCATOR(0), NESTED(44) };

NEXT_LAYOUT(next_request, pcp_next_fields, 56, 1, PCP_REQ | PCP_V2, FAILURE);
NEXT_LAYOUT(next_response, next_response_fields, 56, PCP_COUNT_ANY, PCP_RESP | PCP_V2, FAILURE);
NEXT_LAYOUT(next_request_v1, next_request_v1_fields, 44, 1, PCP_REQ | PCP_V1, FAILURE);
NEXT_LAYOUT(next_response_v1, next_response_v1_fields, 44, PCP_COUNT_ANY, PCP_RESP | PCP_V1,
	    FAILURE);

const struct pcp_layout pcp_layout_port_reservation = {
	.name = "PORT_RESERVATION",
	.key = "port_reservation",
	.purpose = "Asks for the next external port as well, for a pair such as RTP and RTCP.",
	.rules = "External N and N+1 lead to internal P and P+1, parity kept. An answer without "
		 "the option maps a single port. Renew and delete each port separately.",
	.ref = "draft-boucadair-pcp-rtp-rtcp-05 3.3",
	.kind = PCP_CLASS_OPTION,
	.code = PCP_PORT_RESERVATION,
	.where = PCP_IN_MAP | BOTH,
	.max_count = 1,
};

/* ---- seen in the wild, in no standard ---- */

const struct pcp_layout pcp_layout_description_64 = {
	.name = "DESCRIPTION_64",
	.key = "description_64",
	.purpose = "Stores a text with the mapping, by the code used before RFC 7220.",
	.rules = "A code below 128: servers that know only the standard refuse the request.",
	.ref = "pypcpc; RFC 7220 2 assigns 128",
	.kind = PCP_CLASS_OPTION,
	.code = PCP_DESCRIPTION_64,
	.where = MAPS | IF_ASKED,
	.dialect = PCP_DIALECT_PYPCPC,
	.max_len = MAP_ROOM,
	.max_count = 1,
	FIELDS(description_fields),
};

const struct pcp_layout pcp_layout_port_set_255 = {
	.name = "PORT_SET_255",
	.key = "port_set_255",
	.purpose = "Maps a range of ports at once, by the placeholder used before RFC 7753.",
	.rules = "Code 255 is reserved; servers that know only the standard skip it.",
	.ref = "pypcpc; RFC 7753 4 assigns 130",
	.kind = PCP_CLASS_OPTION,
	.code = PCP_PORT_SET_255,
	.where = PCP_IN_MAP | BOTH,
	.dialect = PCP_DIALECT_PYPCPC,
	.min_len = 5,
	.max_len = 5,
	.max_count = 1,
	FIELDS(pcp_port_set_fields),
};

static const struct pcp_field flow_priority_fields[] = {
	BITS("reserved", "Reserved", PCP_RESERVED, 0, 1, 0xc0,
	     "Sent as zero, ignored when received."),
	BITS("dscp_up", "Upstream DSCP", PCP_UINT, 0, 1, 0x3f,
	     "Code point wanted for packets from the client."),
	BITS("reserved_2", "Reserved", PCP_RESERVED, 1, 1, 0xc0,
	     "Sent as zero, ignored when received."),
	BITS("dscp_down", "Downstream DSCP", PCP_UINT, 1, 1, 0x3f,
	     "Code point wanted for packets to the client."),
	FIELD("reserved_3", "Reserved", PCP_RESERVED, 2, 1, "Sent as zero, ignored when received."),
	NAMED("response", "Response bit", 3, 1, 0x80, pcp_direction_names,
	      "Set by a server that took the values."),
	BITS("reserved_4", "Reserved", PCP_RESERVED, 3, 1, 0x7f,
	     "Sent as zero, ignored when received."),
};

#define FLOW_PRIORITY(id, c, d, r, f)                                                              \
	const struct pcp_layout pcp_layout_##id = {                                                \
		.name = "FLOW_PRIORITY",                                                           \
		.key = "flow_priority",                                                            \
		.purpose = "Asks for a differentiated services marking of the mapping's packets.", \
		.rules = r,                                                                        \
		.ref = f,                                                                          \
		.kind = PCP_CLASS_OPTION,                                                          \
		.code = c,                                                                         \
		.where = MAPS | BOTH,                                                              \
		.dialect = d,                                                                      \
		.min_len = 4,                                                                      \
		.max_len = 4,                                                                      \
		.max_count = 1,                                                                    \
		FIELDS(flow_priority_fields),                                                      \
	}

FLOW_PRIORITY(flow_priority_4, PCP_NONCE, PCP_DIALECT_MINIUPNPD,
	      "Code 4 has since been given to NONCE of RFC 7652.", "miniupnpd with PCP_FLOWP");
FLOW_PRIORITY(flow_priority, PCP_FLOW_PRIORITY, PCP_DIALECT_LIBPCP,
	      "A private code below 128: other servers refuse the request.", "libpcp");

#define LIBPCP(id, n, c, min, max, p, ...)                                                         \
	static const struct pcp_field id##_fields[] = { __VA_ARGS__ };                             \
	const struct pcp_layout pcp_layout_##id = {                                                \
		.name = n,                                                                         \
		.key = #id,                                                                        \
		.purpose = p,                                                                      \
		.rules = "A private code below 128: other servers refuse the request.",            \
		.ref = "libpcp",                                                                   \
		.kind = PCP_CLASS_OPTION,                                                          \
		.code = c,                                                                         \
		.where = MAPS | BOTH,                                                              \
		.dialect = PCP_DIALECT_LIBPCP,                                                     \
		.min_len = min,                                                                    \
		.max_len = max,                                                                    \
		.max_count = PCP_COUNT_ANY,                                                        \
		FIELDS(id##_fields),                                                               \
	}

LIBPCP(deviceid, "DEVICEID", PCP_DEVICEID, 32, 32, "Tells the server which device asks.",
       FIELD("id", "Device ID", PCP_TEXT, 0, 32,
	     "Name of the device, filled with zeros to 32 octets."));
LIBPCP(location, "LOCATION", PCP_LOCATION, 32, 32, "Tells the server where the device is.",
       FIELD("location", "Location", PCP_TEXT, 0, 32, "Place, filled with zeros to 32 octets."));
LIBPCP(userid, "USERID", PCP_USERID, 512, 512, "Tells the server which user asks.",
       FIELD("id", "User ID", PCP_TEXT, 0, 512,
	     "Name of the user, filled with zeros to 512 octets."));
LIBPCP(metadata, "METADATA", PCP_METADATA, 4, 0, "Tells the server something about the flow.",
       FIELD("id", "Metadata ID", PCP_UINT, 0, 4, "What the value is about; libpcp's own numbers."),
       FIELD("value", "Value", PCP_OCTETS, 4, 0,
	     "The value, filled with zeros to a multiple of 4 that the Length counts."));
