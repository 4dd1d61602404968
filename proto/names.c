/* Names of numbers, and what is known about result codes: RFC 6887 7.4, 19; RFC 7652 7; RFC
 * 7843 4.1. */
#include <ctype.h>
#include <string.h>

#include "out.h"
#include "schema.h"

/* code, name, class, what the client does, what a person should know, reference */
#define RESULTS(X)                                                                                 \
	X(0, SUCCESS, OK, "uses the mapping", "The request was granted.", "RFC 6887 7.4")          \
	X(1, UNSUPP_VERSION, LONG, "tries the version that the answer offers",                     \
	  "The server speaks another version of PCP, or only NAT-PMP.", "RFC 6887 7.4")            \
	X(2, NOT_AUTHORIZED, LONG, "waits until the error's lifetime is over",                     \
	  "Refused by policy, or the mapping belongs to another nonce: it may be tried again "     \
	  "when the lifetime of the error is over.",                                               \
	  "RFC 6887 7.4")                                                                          \
	X(3, MALFORMED_REQUEST, LONG, "does not repeat that request",                              \
	  "The server could not make sense of the request: the findings on it may tell why.",      \
	  "RFC 6887 7.4")                                                                          \
	X(4, UNSUPP_OPCODE, LONG, "stops using that opcode with this server",                      \
	  "The server does not do this operation.", "RFC 6887 7.4")                                \
	X(5, UNSUPP_OPTION, LONG, "does not repeat the request with that option",                  \
	  "An option that must be processed is unknown to the server, switched off or forbidden.", \
	  "RFC 6887 7.4")                                                                          \
	X(6, MALFORMED_OPTION, LONG, "does not repeat that request",                               \
	  "An option is repeated, has a wrong length or contents, or makes no sense here.",        \
	  "RFC 6887 7.4")                                                                          \
	X(7, NETWORK_FAILURE, SHORT, "tries again when the error's lifetime is over",              \
	  "The gateway has no working uplink or external address yet.", "RFC 6887 7.4")            \
	X(8, NO_RESOURCES, SHORT,                                                                  \
	  "asks this server for nothing new until the error's lifetime is over",                   \
	  "The gateway has run out of ports, memory or time.", "RFC 6887 7.4")                     \
	X(9, UNSUPP_PROTOCOL, LONG, "does not repeat that request",                                \
	  "The gateway cannot map this protocol, or not all of its ports at once.",                \
	  "RFC 6887 7.4")                                                                          \
	X(10, USER_EX_QUOTA, SHORT, "tries again when the error's lifetime is over",               \
	  "Your quota of ports is used up: delete a mapping to make room.", "RFC 6887 7.4")        \
	X(11, CANNOT_PROVIDE_EXTERNAL, SHORT, "tries again when the error's lifetime is over",     \
	  "The external port or address asked for is not to be had: ask for another, or without "  \
	  "PREFER_FAILURE.",                                                                       \
	  "RFC 6887 7.4")                                                                          \
	X(12, ADDRESS_MISMATCH, LONG, "stops, since the same will happen again",                   \
	  "The request reached the server from another address than it names: there is another "   \
	  "NAT on the way.",                                                                       \
	  "RFC 6887 7.4")                                                                          \
	X(13, EXCESSIVE_REMOTE_PEERS, LONG, "does not repeat that request",                        \
	  "The server cannot hold so many filters: nothing was changed.", "RFC 6887 7.4")          \
	X(14, INITIATION, OTHER, "sends it, and never expects it",                                 \
	  "The client asks to begin authentication.", "RFC 7652 7")                                \
	X(15, AUTHENTICATION_REQUIRED, OTHER, "reports it; it cannot log in by itself",            \
	  "The server wants the client to authenticate and to sign the request.", "RFC 7652 7")    \
	X(16, AUTHENTICATION_FAILED, OTHER, "drops the session", "The credentials were refused.",  \
	  "RFC 7652 7")                                                                            \
	X(17, AUTHENTICATION_SUCCEEDED, OK, "reports it", "The client is authenticated.",          \
	  "RFC 7652 7")                                                                            \
	X(18, AUTHORIZATION_FAILED, OTHER, "drops the session",                                    \
	  "The server knows who asks and does not allow it.", "RFC 7652 7")                        \
	X(19, SESSION_TERMINATED, OTHER, "drops the session", "The session was closed.",           \
	  "RFC 7652 7")                                                                            \
	X(20, UNKNOWN_SESSION_ID, OTHER, "drops the session",                                      \
	  "The server has forgotten the session: authentication has to start anew.", "RFC 7652 7") \
	X(21, DOWNGRADE_ATTACK_DETECTED, OTHER, "drops the session and warns",                     \
	  "The list of algorithms was changed on the way.", "RFC 7652 7")                          \
	X(22, AUTHENTICATION_REQUEST, OTHER, "reports it",                                         \
	  "The server's next step of the log-in.", "RFC 7652 7")                                   \
	X(23, AUTHENTICATION_REPLY, OTHER, "sends it, and never expects it",                       \
	  "The client's next step of the log-in.", "RFC 7652 7")                                   \
	X(24, THIRD_PARTY_ID_UNKNOWN, LONG, "does not repeat that request",                        \
	  "The server does not know the subscriber that THIRD_PARTY_ID names.", "RFC 7843 4.1")    \
	X(25, THIRD_PARTY_MISSING_OPTION, LONG, "does not repeat that request",                    \
	  "THIRD_PARTY and THIRD_PARTY_ID have to go together.", "RFC 7843 4.1")                   \
	X(26, UNSUPP_THIRD_PARTY_ID_LENGTH, LONG, "does not repeat that request",                  \
	  "The identifier in THIRD_PARTY_ID is too long or too short for this server.",            \
	  "RFC 7843 4.1")                                                                          \
	X(130, NONEXIST_MAP, OTHER, "takes the list as complete",                                  \
	  "No mapping matches the filter.", "pypcpc")                                              \
	X(131, AMBIGUOUS, OTHER, "asks for a narrower filter",                                     \
	  "Several mappings match and the server cannot choose.",                                  \
	  "draft-boucadair-pcp-failure-06 B.2")

/* PCP_##name ties each row to the enumeration: a code that differs does not compile. */
#define RESULT(c, n, k, does, means, r)                                                            \
	{ .code = PCP_##n,                                                                         \
	  .name = #n,                                                                              \
	  .kind = PCP_RESULT_##k,                                                                  \
	  .client_does = does,                                                                     \
	  .meaning = means,                                                                        \
	  .ref = r },
#define RESULT_NAME(c, n, k, does, means, r)  { c, #n, means },
#define RESULT_CHECK(c, n, k, does, means, r) _Static_assert(c == PCP_##n, "result code " #n);

RESULTS(RESULT_CHECK)

const struct pcp_result pcp_results[] = { RESULTS(RESULT) };
const size_t pcp_nresults = sizeof pcp_results / sizeof pcp_results[0];

const struct pcp_name pcp_result_names[] = { RESULTS(RESULT_NAME){ 0, NULL, NULL } };

const struct pcp_name pcp_natpmp_result_names[] = {
	{ 0, "SUCCESS", "The request was granted." },
	{ 1, "UNSUPPORTED_VERSION", "The gateway speaks another version." },
	{ 2, "NOT_AUTHORIZED", "The gateway can map ports but is told not to." },
	{ 3, "NETWORK_FAILURE", "The gateway has no external address yet." },
	{ 4, "OUT_OF_RESOURCES", "The gateway cannot make more mappings at this time." },
	{ 5, "UNSUPPORTED_OPCODE", "The gateway does not do this operation." },
	{ 0, NULL, NULL },
};

const struct pcp_name pcp_natpmp_opcode_names[] = {
	{ NATPMP_ADDRESS, "ADDRESS", NULL },
	{ NATPMP_MAP_UDP, "MAP_UDP", NULL },
	{ NATPMP_MAP_TCP, "MAP_TCP", NULL },
	{ 0, NULL, NULL },
};

const struct pcp_name pcp_direction_names[] = {
	{ 0, "request", "From client to server." },
	{ 1, "response", "From server to client." },
	{ 0, NULL, NULL },
};

const struct pcp_name pcp_dialect_names[] = {
	{ PCP_DIALECT_LIBPCP, "libpcp", "Codes that Cisco's client library libpcp uses." },
	{ PCP_DIALECT_MINIUPNPD, "miniupnpd", "Codes that miniupnpd uses when built to." },
	{ PCP_DIALECT_PYPCPC, "pypcpc", "Codes that pypcpc used before the standards had some." },
	{ 0, NULL, NULL },
};

#define CODE(n)                                                                                    \
	{                                                                                          \
		PCP_##n, #n, NULL                                                                  \
	}

#define OPCODE(name, code) CODE(name),
const struct pcp_name pcp_opcode_names[] = { PCP_OPCODES(OPCODE){ 0, NULL, NULL } };

const struct pcp_name pcp_option_names[] = {
	CODE(THIRD_PARTY),
	CODE(PREFER_FAILURE),
	CODE(FILTER),
	CODE(NONCE),
	CODE(AUTHENTICATION_TAG),
	CODE(PA_AUTHENTICATION_TAG),
	CODE(EAP_PAYLOAD),
	CODE(PRF),
	CODE(MAC_ALGORITHM),
	CODE(SESSION_LIFETIME),
	CODE(RECEIVED_PAK),
	CODE(ID_INDICATOR),
	CODE(THIRD_PARTY_ID),
	CODE(DESCRIPTION_64),
	CODE(DEVICEID),
	CODE(LOCATION),
	CODE(USERID),
	CODE(FLOW_PRIORITY),
	CODE(METADATA),
	CODE(DESCRIPTION),
	CODE(PREFIX64),
	CODE(PORT_SET),
	CODE(NEXT),
	CODE(PORT_RESERVATION),
	CODE(PORT_SET_255),
	{ 0, NULL, NULL },
};

/* The protocols that ports are mapped for; any other goes by its number. */
const struct pcp_name pcp_protocol_names[] = {
	{ 0, "all", "Every protocol (in a GET filter: any)." },
	{ 1, "icmp", "Internet Control Message Protocol." },
	{ PCP_TCP, "tcp", "Transmission Control Protocol." },
	{ PCP_UDP, "udp", "User Datagram Protocol." },
	{ PCP_DCCP, "dccp", "Datagram Congestion Control Protocol." },
	{ 47, "gre", "Generic Routing Encapsulation, without ports." },
	{ 50, "esp", "IPsec Encapsulating Security Payload, without ports." },
	{ 51, "ah", "IPsec Authentication Header, without ports." },
	{ 58, "icmpv6", "Internet Control Message Protocol for IPv6." },
	{ PCP_SCTP, "sctp", "Stream Control Transmission Protocol; its ports are never changed." },
	{ PCP_UDPLITE, "udplite", "Lightweight User Datagram Protocol." },
	{ 0, NULL, NULL },
};

struct pcp_protocol_text pcp_protocol_text(uint32_t protocol)
{
	const char *name = pcp_name(pcp_protocol_names, protocol);
	struct pcp_protocol_text written;
	struct pcp_out out;

	pcp_out_begin(&out, written.text, sizeof written.text);
	if (name)
		pcp_out_text(&out, name);
	else
		pcp_out_uint(&out, protocol);
	return written;
}

bool pcp_has_ports(uint32_t protocol)
{
	return protocol == PCP_TCP || protocol == PCP_UDP || protocol == PCP_DCCP ||
	       protocol == PCP_SCTP || protocol == PCP_UDPLITE;
}

const struct pcp_result *pcp_result(uint8_t code)
{
	for (size_t i = 0; i < pcp_nresults; i++)
		if (pcp_results[i].code == code)
			return &pcp_results[i];
	return NULL;
}

bool pcp_name_equal(const char *a, const char *b)
{
	for (; *a && *b; a++, b++) {
		int x = *a == '-' ? '_' : tolower((unsigned char)*a);
		int y = *b == '-' ? '_' : tolower((unsigned char)*b);

		if (x != y)
			return false;
	}
	return *a == *b;
}

const char *pcp_name(const struct pcp_name *names, uint32_t code)
{
	for (; names && names->name; names++)
		if (names->code == code)
			return names->name;
	return NULL;
}

long pcp_code(const struct pcp_name *names, const char *name)
{
	for (; names && names->name; names++)
		if (pcp_name_equal(names->name, name))
			return names->code;
	return -1;
}
