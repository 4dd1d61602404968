/* NAT-PMP messages: RFC 6886 3. Each is one layout that starts with the version octet. */
#include "layout-rows.h"

#define START                                                                                      \
	FIELD("version", "Version", PCP_UINT, 0, 1, "0 is NAT-PMP."),                              \
		NAMED("r", "Response bit", 1, 1, 0x80, pcp_direction_names,                        \
		      "0 in a request, 1 in a response: responses have 128 added to the opcode."), \
		NAMED("opcode", "Opcode", 1, 1, 0x7f, pcp_natpmp_opcode_names,                     \
		      "0 asks for the external address, 1 maps a UDP port, 2 a TCP port.")
#define RESULT                                                                                     \
	NAMED("result", "Result code", 2, 2, 0, pcp_natpmp_result_names,                           \
	      "0 means the request was granted; 3 to 5 mean other things than in PCP.")
#define EPOCH                                                                                      \
	FIELD("epoch", "Epoch", PCP_SECONDS, 4, 4,                                                 \
	      "Seconds since the gateway's port mapping table was started; less than expected "    \
	      "means that it lost its mappings.")
#define INTERNAL_PORT(o)                                                                           \
	FIELD("internal_port", "Internal port", PCP_UINT, (o), 2,                                  \
	      "Port on the inside; 0 with lifetime 0 deletes all mappings of the protocol.")

#define MESSAGE(id, n, c, rows, size, w, p, r, f)                                                  \
	const struct pcp_layout pcp_layout_natpmp_##id = {                                         \
		.name = n,                                                                         \
		.key = "natpmp",                                                                   \
		.purpose = p,                                                                      \
		.rules = r,                                                                        \
		.ref = f,                                                                          \
		.kind = PCP_CLASS_NATPMP,                                                          \
		.code = c,                                                                         \
		.where = (w) | PCP_V0,                                                             \
		.min_len = size,                                                                   \
		.max_len = size,                                                                   \
		.max_count = 1,                                                                    \
		FIELDS(rows),                                                                      \
	}

/* No opcode has this code: the rows for messages of unknown opcodes are reached by name. */
enum { NO_OPCODE = 0xff };

static const struct pcp_field request_fields[] = { START };
static const struct pcp_field response_fields[] = { START, RESULT };
static const struct pcp_field version_fields[] = { START, RESULT, EPOCH };

MESSAGE(address_request, "ADDRESS", NATPMP_ADDRESS, request_fields, 2, PCP_REQ,
	"Asks for the gateway's external address.", NULL, "RFC 6886 3.2");

static const struct pcp_field address_response_fields[] = {
	START,
	RESULT,
	EPOCH,
	FIELD("external_address", "External address", PCP_ADDR4, 8, 4,
	      "The gateway's outside IPv4 address; to be ignored unless the result is 0."),
};

MESSAGE(address_response, "ADDRESS", NATPMP_ADDRESS, address_response_fields, 12, PCP_RESP,
	"Tells the gateway's external address; also sent to 224.0.0.1 port 5350 when it changes.",
	NULL, "RFC 6886 3.2");

static const struct pcp_field map_request_fields[] = {
	START,
	FIELD("reserved", "Reserved", PCP_RESERVED, 2, 2, "Sent as zero, ignored when received."),
	INTERNAL_PORT(4),
	FIELD("suggested_external_port", "Suggested port", PCP_UINT, 6, 2,
	      "External port wished for; 0 for no wish, and when deleting."),
	FIELD("lifetime", "Lifetime", PCP_SECONDS, 8, 4,
	      "Seconds the mapping is wanted for, 7200 recommended; 0 deletes it."),
};
static const struct pcp_field map_response_fields[] = {
	START,
	RESULT,
	EPOCH,
	INTERNAL_PORT(8),
	FIELD("mapped_external_port", "Mapped port", PCP_UINT, 10, 2,
	      "External port that the mapping has; 0 after a delete."),
	FIELD("lifetime", "Lifetime", PCP_SECONDS, 12, 4,
	      "Seconds the mapping stands from now, which should not be more than were asked for."),
};

#define MAP_PAIR(id, n, c, what)                                                                   \
	MESSAGE(id##_request, n, c, map_request_fields, 12, PCP_REQ,                               \
		"Makes, renews or deletes the mapping of a " what " port.",                        \
		"Lifetime 0 deletes, with suggested port 0.", "RFC 6886 3.3");                     \
	MESSAGE(id##_response, n, c, map_response_fields, 16, PCP_RESP,                            \
		"Tells the mapping that a " what " port has.", NULL, "RFC 6886 3.3")

MAP_PAIR(map_udp, "MAP_UDP", NATPMP_MAP_UDP, "UDP");
MAP_PAIR(map_tcp, "MAP_TCP", NATPMP_MAP_TCP, "TCP");

MESSAGE(version, "UNSUPPORTED_VERSION", NO_OPCODE, version_fields, 8, PCP_RESP,
	"Refuses a request of another version, with opcode 0 and no response bit.",
	"A client that asked for version 2 takes it for an answer although R is clear.",
	"RFC 6886 3.5");
MESSAGE(request, "UNKNOWN", NO_OPCODE, request_fields, 2, PCP_REQ,
	"A request of an opcode that NAT-PMP does not define.", NULL, "RFC 6886 3.5");
MESSAGE(response, "UNKNOWN", NO_OPCODE, response_fields, 4, PCP_RESP,
	"Refuses an unknown opcode: the request back, with the response bit and result 5.", NULL,
	"RFC 6886 3.5");
