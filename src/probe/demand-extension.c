/* What the extensions of PCP demand: DESCRIPTION, PREFIX64, PORT_SET, THIRD_PARTY_ID. */
#include "demand-private.h"

/* clang-format off */
static const struct probe_demand rows_7220[] = {
	{ "2",
	  "The Description field MUST carry UTF-8 encoded [RFC3629] description text.",
	  .cases = "H01 H02", .rule = "description-not-utf8" },
	{ "2",
	  "The description text MUST NOT be null terminated.",
	  .cases = "H01 H03", .rule = "description-nul" },
	{ "2",
	  "when a client or server receives a DESCRIPTION option, it MUST NOT rely on the "
	  "presence of a NUL character in the wire format data to identify the",
	  .cases = "H01 H03" },
	{ "3",
	  "If the DESCRIPTION option is not included in the PCP client request, the PCP server "
	  "MUST NOT include the DESCRIPTION option in the associated response",
	  .cases = "C01", .rule = "option-unasked" },
	{ "3",
	  "A PCP server SHOULD be able to store at least 128 bytes for a description.",
	  .cases = "H01" },
	{ "3",
	  "The server MUST then send the stored value back to the PCP client in the DESCRIPTION "
	  "option in the response.",
	  .cases = "H01 H03 H04" },
	{ "3",
	  "the PCP server MUST ignore the request (i.e., MUST NOT return a DESCRIPTION option in "
	  "the response).",
	  .cases = "H02" },
	{ "4",
	  "administrators of PCP servers SHOULD configure a maximum description length that does "
	  "not lead to exhausting storage resources in the PCP server",
	  .why = OPERATOR },
};

static const struct probe_demand rows_7225[] = {
	{ "4.1",
	  "The address synthesis MUST follow the guidelines documented in [RFC6052].",
	  .why = CLIENT },
	{ "4.1",
	  "\"IPv4 Prefix Count\" field MUST be set to 0 in a request and MUST be set to the "
	  "number of included IPv4 subnets in a response.",
	  .cases = "H11", .rule = "prefix64-list" },
	{ "4.2",
	  "The PCP server controlling a NAT64 SHOULD be configured to return to requesting PCP "
	  "clients the value of the Pref64::/n and suffix used to build",
	  .why = OPERATOR },
	{ "4.2",
	  "the PCP server MUST NOT include any PREFIX64 option in its PCP messages.",
	  .cases = "H11" },
	{ "4.2",
	  "If a distinct Pref64::/n or suffix is configured to the PCP-controlled NAT64 device, "
	  "the PCP server SHOULD issue an unsolicited PCP ANNOUNCE message",
	  .why = RESTART },
	{ "4.3",
	  "When enclosed in a PCP request, the Prefix64 MUST be set to ::/96.",
	  .why = CLIENT },
	{ "4.3",
	  "The PCP client MUST be prepared to receive multiple prefixes",
	  .why = CLIENT },
	{ "4.3",
	  "The PCP client MUST associate each received Pref64::/n and suffix with the PCP server "
	  "from which the Pref64::/n and suffix information was retrieved.",
	  .why = CLIENT },
	{ "4.3",
	  "If the PCP client fails to contact a given PCP server, the PCP client SHOULD clear "
	  "the prefix(es) and suffix(es) it learned from that PCP server.",
	  .why = CLIENT },
	{ "4.3",
	  "If one or multiple received PREFIX64 options contain a destination IPv4 prefix list, "
	  "the PCP client MUST associate the included IPv4 prefixes with",
	  .why = CLIENT },
	{ "4.3",
	  "In such case, the host embedding the PCP client MUST enforce a destination-based "
	  "prefix Pref64::/n selection for local address synthesis purposes.",
	  .why = CLIENT },
	{ "7",
	  "who can inject spoofed packets that appear to come from a legitimate PCP server, "
	  "SHOULD be enabled.",
	  .why = OPERATOR },
};

static const struct probe_demand rows_7753[] = {
	{ "4",
	  "The maximum occurrences of the PORT_SET option MUST be limited to 1.",
	  .cases = "H07" },
	{ "4",
	  "MUST NOT be zero.",
	  .cases = "H07" },
	{ "4",
	  "First Internal Port: In a request, this field MUST be set equal to the Internal Port "
	  "field in the MAP Opcode by the PCP client.",
	  .cases = "H06", .why = CLIENT },
	{ "4",
	  "Reserved: MUST be set to zero when sending; MUST be ignored when receiving.",
	  .cases = "H16" },
	{ "4.1",
	  "the PCP client MUST set the parity bit (to 1) to ask the PCP server to preserve the "
	  "port parity.",
	  .why = CLIENT },
	{ "4.1",
	  "The PCP client MUST NOT include more than one PORT_SET option in a PCP MAP request.",
	  .why = CLIENT },
	{ "4.1",
	  "If several port sets are needed, the PCP client MUST issue separate PCP MAP requests, "
	  "each potentially including a PORT_SET option.",
	  .why = CLIENT },
	{ "4.1",
	  "These individual PCP MAP requests MUST include distinct Internal Ports.",
	  .why = CLIENT },
	{ "4.1",
	  "A PCP client SHOULD NOT send a PORT_SET option for single-port PCP MAP requests",
	  .cases = "H08", .why = CLIENT },
	{ "4.1",
	  "PREFER_FAILURE MUST NOT appear in a request with a PORT_SET option.",
	  .cases = "H07" },
	{ "4.2",
	  "It MUST NOT map more ports than the PCP client asked for.",
	  .cases = "H06", .rule = "port-set-grew" },
	{ "4.2",
	  "Internal Ports outside the range of Port Set Size ports starting from the Internal "
	  "Port MUST NOT be mapped by the PCP server.",
	  .cases = "H06", .rule = "port-set-outside" },
	{ "4.2",
	  "If the requested port set cannot be fully satisfied, the PCP server SHOULD map as "
	  "many ports as possible and SHOULD map at least one port",
	  .cases = "H06" },
	{ "4.2",
	  "If the PCP server ends up mapping only a single port, for any reason, the PORT_SET "
	  "option MUST NOT be present in the response.",
	  .cases = "H08", .rule = "port-set-single-answer" },
	{ "4.4",
	  "A PCP client attempting to refresh or delete a port-set mapping MUST include the "
	  "PORT_SET option in its request.",
	  .cases = "H09", .why = CLIENT },
	{ "6.1",
	  "the same Assigned External IP Address SHOULD be assigned to the subscriber in "
	  "multiple port-set responses.",
	  .cases = "H17" },
	{ "6.1",
	  "This policy SHOULD be configurable.",
	  .why = OPERATOR },
	{ "6.3",
	  "To avoid surprises, PCP clients MUST ensure that port-set mapping requests do not "
	  "inadvertently overlap.",
	  .why = CLIENT },
};

static const struct probe_demand rows_7843[] = {
	{ "5.1",
	  "It MUST be used in combination with the THIRD_PARTY option, which provides an IP "
	  "address.",
	  .cases = "H12", .why = CLIENT },
	{ "5.2",
	  "if the PCP server does not support this option, it MUST return an UNSUPP_OPTION "
	  "response",
	  .cases = "H12" },
	{ "5.2",
	  "If the provided identifier in a THIRD_PARTY_ID option is unknown/unavailable, the PCP "
	  "server MUST return a THIRD_PARTY_ID_UNKNOWN response.",
	  .why = "needs a server that this host may map for others on, and an identifier of its "
		 "operator's" },
	{ "5.2",
	  "If the PCP server receives a request with an unsupported THIRD_PARTY_ID option "
	  "length, it MUST return an UNSUPP_THIRD_PARTY_ID_LENGTH response.",
	  .why = "needs a server that this host may map for others on, and an identifier of its "
		 "operator's" },
	{ "5.2",
	  "If the PCP server receives a THIRD_PARTY_ID option without a THIRD_PARTY option, it "
	  "MUST return a THIRD_PARTY_MISSING_OPTION response.",
	  .cases = "H12" },
	{ "5.3",
	  "it SHOULD report an error.",
	  .why = CLIENT },
	{ "7",
	  "Means to protect unauthorized access to this information MUST be put in place.",
	  .why = OPERATOR },
	{ "7",
	  "In the scenarios described in this document, for example, access to the web portal or "
	  "UPnP IGD-PCP IWF MUST be authenticated.",
	  .why = OPERATOR },
	{ "7",
	  "Generally speaking, the identifier itself MUST only be accessible by the network "
	  "operator and MUST only be handled on operator equipment.",
	  .why = OPERATOR },
};

/* clang-format on */

const struct probe_document probe_document_7220 = { "RFC 7220", rows_7220,
						    sizeof rows_7220 / sizeof *rows_7220 };

const struct probe_document probe_document_7225 = { "RFC 7225", rows_7225,
						    sizeof rows_7225 / sizeof *rows_7225 };

const struct probe_document probe_document_7753 = { "RFC 7753", rows_7753,
						    sizeof rows_7753 / sizeof *rows_7753 };

const struct probe_document probe_document_7843 = { "RFC 7843", rows_7843,
						    sizeof rows_7843 / sizeof *rows_7843 };
