/* What RFC 6887 demands of opcodes, options and lifetimes: sections 11 to the end. */
#include "demand-private.h"

/* clang-format off */
static const struct probe_demand rows[] = {
	{ "11",
	  "PCP servers SHOULD provide a configuration option to allow administrators to disable "
	  "MAP support if they wish.",
	  .why = OPERATOR },
	{ "11",
	  "servers MUST ensure that they have exclusive use of that internal address, protocol, "
	  "and port",
	  .why = CLIENT },
	{ "11",
	  "ICMP messages associated with the mapping MUST be forwarded (and also translated, if "
	  "appropriate) for the duration of the mapping's lifetime.",
	  .why = "needs ICMP errors from outside; a beacon sends none" },
	{ "11.1",
	  "Reserved: 24 reserved bits, MUST be sent as 0 and MUST be ignored when received.",
	  .cases = "C09" },
	{ "11.1",
	  "If the protocol is zero (meaning 'all protocols'), then internal port MUST be zero on "
	  "transmission and MUST be ignored on reception.",
	  .cases = "C14 C15" },
	{ "11.1",
	  "If the PCP client does not know the external port, or does not have a preference, it "
	  "MUST use 0.",
	  .why = CLIENT },
	{ "11.1",
	  "does not have a preference, it MUST use the address-family-specific all-zeros address",
	  .why = CLIENT },
	{ "11.1",
	  "Reserved: 24 reserved bits, MUST be sent as 0 and MUST be ignored when received.",
	  .cases = "C01 C09 I03" },
	{ "11.2",
	  "A PCP client MUST be written assuming that it may *never* be assigned the external "
	  "port it suggests.",
	  .why = CLIENT },
	{ "11.2",
	  "In all other cases, the client MUST assume that it is unlikely that its suggested "
	  "external port will be granted.",
	  .why = CLIENT },
	{ "11.2",
	  "If the protocol does not use 16-bit port numbers (e.g., RSVP, IP protocol number 46), "
	  "the port number MUST be zero.",
	  .cases = "C34" },
	{ "11.2",
	  "The client MUST use a different mapping nonce for each PCP server it communicates with",
	  .why = CLIENT },
	{ "11.2.1",
	  "An existing mapping SHOULD have its lifetime extended by the PCP client",
	  .cases = "K05", .why = CLIENT },
	{ "11.2.1",
	  "The PCP MAP request SHOULD also include the currently assigned external IP address "
	  "and port",
	  .why = CLIENT },
	{ "11.2.1",
	  "The PCP client SHOULD renew the mapping before its expiry time",
	  .cases = "C40", .why = CLIENT },
	{ "11.2.1",
	  "subject to the constraint that renewal requests MUST NOT be sent less than four "
	  "seconds apart",
	  .why = CLIENT },
	{ "11.3",
	  "Processing SHOULD be performed in the order of the following paragraphs.",
	  .cases = "D07" },
	{ "11.3",
	  "If the PCP server or PCP-controlled device does not support the protocol, the "
	  "UNSUPP_PROTOCOL error MUST be returned.",
	  .cases = "C16" },
	{ "11.3",
	  "If this request cannot be fulfilled in its entirety, the UNSUPP_PROTOCOL error MUST "
	  "be returned.",
	  .cases = "K01" },
	{ "11.3",
	  "If this request cannot be fulfilled in its entirety, the UNSUPP_PROTOCOL error MUST "
	  "be returned.",
	  .cases = "K02" },
	{ "11.3",
	  "If the protocol is zero and the internal port is non-zero, then the request is "
	  "invalid and the PCP server MUST return a MALFORMED_REQUEST error to the client.",
	  .cases = "C14" },
	{ "11.3",
	  "but the mapping nonce does not match, the request MUST be rejected with a "
	  "NOT_AUTHORIZED error with the lifetime of the error indicating duration of that "
	  "existing mapping.",
	  .cases = "C05 C06 C44 I04" },
	{ "11.3",
	  "If the MAP request contains the PREFER_FAILURE option, but the suggested external "
	  "address and port do not match the external address and port of the existing mapping, "
	  "the PCP server MUST return CANNOT_PROVIDE_EXTERNAL.",
	  .cases = "D07" },
	{ "11.3",
	  "the PCP server MUST return the external address and port of the existing mapping in "
	  "its response and SHOULD indicate a lifetime of 2^32-1 seconds",
	  .why = BY_HAND },
	{ "11.3",
	  "the PCP server MUST return the existing external address and port in its response, "
	  "regardless of the suggested external address and port in the request.",
	  .cases = "C03 C04" },
	{ "11.3",
	  "Additionally, the PCP server MUST update the lifetime of the existing mapping",
	  .cases = "C26" },
	{ "11.3",
	  "the PCP server SHOULD create a new explicit inbound mapping, replicating the ports "
	  "and addresses from the outbound mapping",
	  .cases = "F10" },
	{ "11.3",
	  "and the PCP server is able to create a mapping using the suggested external address "
	  "and port, it SHOULD do so.",
	  .cases = "C18 K08" },
	{ "11.3",
	  "A PCP server MUST NOT create client mappings for external UDP ports 5350 or 5351.",
	  .cases = "C02 C21 C22 J12", .rule = "map-assigned-pcp-port" },
	{ "11.3",
	  "If the request contained the PREFER_FAILURE option, then the PCP server MUST return "
	  "CANNOT_PROVIDE_EXTERNAL.",
	  .cases = "D05 D08" },
	{ "11.3",
	  "then the PCP server MUST do so and return the newly assigned external address and "
	  "port in the response.",
	  .cases = "C19 C20 C21" },
	{ "11.3",
	  "A PCP-controlled device MUST NOT create mappings for a protocol not indicated in the "
	  "request.",
	  .cases = "C17" },
	{ "11.3",
	  "For example, if the request was for a TCP mapping, an additional corresponding UDP "
	  "mapping MUST NOT be automatically created.",
	  .cases = "C17" },
	{ "11.4",
	  "for the creation or renewal of a mapping, then the PCP client SHOULD NOT send further "
	  "requests for any new mappings to that PCP server for the",
	  .why = CLIENT },
	{ "11.4",
	  "request was for the deletion of a mapping, then the PCP client SHOULD NOT send "
	  "further requests of *any kind* to that PCP server for the",
	  .why = CLIENT },
	{ "11.4",
	  "for as long as renewal is desired, the PCP client MUST set a timer or otherwise "
	  "schedule an event to renew the mapping before its lifetime expires",
	  .why = CLIENT },
	{ "11.4",
	  "except that the suggested external address and port SHOULD be set to the values "
	  "received in the response",
	  .why = CLIENT },
	{ "11.4",
	  "On an error response, the client SHOULD NOT repeat the same request to the same PCP "
	  "server within the lifetime returned in the response.",
	  .why = CLIENT },
	{ "11.5",
	  "if the PCP client is sending a PCP request to maintain state in the PCP server, it "
	  "SHOULD ensure that those PCP requests continue to use the same",
	  .why = CLIENT },
	{ "12",
	  "PCP servers SHOULD provide a configuration option to allow administrators to disable "
	  "PEER support if they wish.",
	  .why = OPERATOR },
	{ "12.1",
	  "Protocol MUST NOT be zero.",
	  .cases = "F02" },
	{ "12.1",
	  "Reserved: 24 reserved bits, MUST be set to 0 on transmission and MUST be ignored on "
	  "reception.",
	  .cases = "F12" },
	{ "12.1",
	  "Internal port MUST NOT be zero.",
	  .cases = "F02" },
	{ "12.1",
	  "If the PCP client does not know the external port, or does not have a preference, it "
	  "MUST use 0.",
	  .why = CLIENT },
	{ "12.1",
	  "does not have a preference, it MUST use the address-family-specific all-zeros address",
	  .why = CLIENT },
	{ "12.1",
	  "Remote peer port MUST NOT be zero.",
	  .cases = "F02" },
	{ "12.1",
	  "Reserved: 16 reserved bits, MUST be set to 0 on transmission and MUST be ignored on "
	  "reception.",
	  .cases = "F12" },
	{ "12.1",
	  "then the PCP server MUST return a CANNOT_PROVIDE_EXTERNAL error response.",
	  .cases = "F06" },
	{ "12.1",
	  "if a PCP server receives a PEER request containing the PREFER_FAILURE option it MUST "
	  "return a MALFORMED_REQUEST error response.",
	  .cases = "F03" },
	{ "12.1",
	  "Reserved: 24 reserved bits, MUST be set to 0 on transmission, MUST be ignored on "
	  "reception.",
	  .cases = "F01 I06" },
	{ "12.1",
	  "Reserved: 16 reserved bits, MUST be set to 0 on transmission, MUST be ignored on "
	  "reception.",
	  .cases = "F01 I06" },
	{ "12.2",
	  "The client MUST use a different mapping nonce for each PCP server it communicates with",
	  .why = CLIENT },
	{ "12.3",
	  "Processing SHOULD be performed in the order of the following paragraphs.",
	  .cases = "F05" },
	{ "12.3",
	  "If a PCP-controlled device does such validation for implicit dynamic mappings, it "
	  "SHOULD also do a similar validation of the remote peer IP address",
	  .cases = "F07" },
	{ "12.3",
	  "the request MUST be rejected with a NOT_AUTHORIZED error with the lifetime of the "
	  "error indicating duration of that existing mapping.",
	  .cases = "F05" },
	{ "12.4",
	  "for the creation or renewal of a mapping, then the PCP client SHOULD NOT send further "
	  "requests for any new mappings to that PCP server for the",
	  .why = CLIENT },
	{ "13",
	  "These options MUST NOT appear with other Opcodes, unless permitted by those other "
	  "Opcodes.",
	  .cases = "B09 F11" },
	{ "13.1",
	  "Due to security concerns with the THIRD_PARTY option, this option MUST NOT be "
	  "implemented or used unless the network on which the PCP messages are to",
	  .cases = "G03", .why = "what a network is, a server cannot show" },
	{ "13.1",
	  "A THIRD_PARTY option MUST NOT contain the same address as the source address of the "
	  "packet.",
	  .why = CLIENT },
	{ "13.1",
	  "A PCP server receiving a THIRD_PARTY option specifying the same address as the source "
	  "address of the packet MUST return a MALFORMED_REQUEST result code.",
	  .cases = "G01" },
	{ "13.1",
	  "If this option is prohibited, and a PCP server receives a PCP MAP request with a "
	  "THIRD_PARTY option, it MUST generate a UNSUPP_OPTION response.",
	  .cases = "G01 G03" },
	{ "13.1",
	  "If the packet arrives from an unauthorized host, the PCP server MUST generate an "
	  "UNSUPP_OPTION error.",
	  .cases = "G03" },
	{ "13.2",
	  "SHOULD NOT use this option because it results in inefficient operation",
	  .why = CLIENT },
	{ "13.2",
	  "The PCP server MUST reject such a message with the MALFORMED_OPTION error code.",
	  .cases = "D01" },
	{ "13.2",
	  "the PCP client MUST validate that the external IP address, protocol, port, and nonce "
	  "in a success response match",
	  .why = CLIENT },
	{ "13.3",
	  "Reserved: 8 reserved bits, MUST be sent as 0 and MUST be ignored when received.",
	  .cases = "E09" },
	{ "13.3",
	  "All PCP servers MUST support at least one filter per MAP mapping.",
	  .cases = "E01 E07" },
	{ "14",
	  "due to IP renumbering) MUST implement either the Announce Opcode or the Mapping "
	  "Update mechanism and SHOULD implement both mechanisms",
	  .cases = "A01 K07 K09" },
	{ "14.1.2",
	  "The Requested Lifetime value MUST be set to zero.",
	  .cases = "A03", .why = CLIENT },
	{ "14.1.3",
	  "the packet MUST be sent from the unicast IP address and UDP port number on which PCP "
	  "requests are received",
	  .cases = "A02 K07" },
	{ "14.1.3",
	  "it MUST inform PCP clients of this fact by unicasting or multicasting a gratuitous "
	  "PCP ANNOUNCE Opcode response packet",
	  .cases = "K07" },
	{ "14.1.3",
	  "MUST listen to receive these PCP Restart Announcements",
	  .why = CLIENT },
	{ "14.1.3",
	  "it MUST wait a random amount of time between 0 and 5 seconds (to prevent "
	  "synchronization of all PCP clients)",
	  .why = CLIENT },
	{ "14.2",
	  "the THIRD_PARTY option MUST also appear in the Mapping Update as it is necessary for "
	  "the PCP client to disambiguate the response",
	  .why = RESTART },
	{ "14.2",
	  "the error CANNOT_PROVIDE_EXTERNAL SHOULD be sent.",
	  .why = RESTART },
	{ "14.2",
	  "Non-mandatory options SHOULD NOT be sent in the Mapping Update response.",
	  .why = RESTART },
	{ "14.2",
	  "the PCP server device SHOULD transmit such packets three times",
	  .cases = "K09" },
	{ "14.2",
	  "The interval between the first two notifications MUST be at least 250 ms, and the "
	  "third packet after a 500-ms interval.",
	  .cases = "K09" },
	{ "14.2",
	  "Once the PCP server has received a refreshed state for that mapping, the PCP server "
	  "SHOULD cease those retransmissions for that mapping",
	  .why = RESTART },
	{ "15",
	  "and the minimum value SHOULD be 120 seconds.",
	  .cases = "C24" },
	{ "15",
	  "The maximum value SHOULD be the remaining lifetime of the IP address assigned to the "
	  "PCP client if that information is available",
	  .cases = "C25" },
	{ "15",
	  "PCP clients MUST NOT depend on this behavior to keep mappings active",
	  .why = CLIENT },
	{ "15",
	  "Upon receipt of a PCP response with an absurdly long assigned lifetime, the PCP "
	  "client SHOULD behave as if it received a more sane value",
	  .why = CLIENT },
	{ "15",
	  "the PCP-controlled device SHOULD also discard any dynamic mapping state relating to "
	  "that expired IP address",
	  .why = "needs the end of this host's own address" },
	{ "15",
	  "to protect against this attack, PCP MUST NOT allow a PCP request",
	  .cases = "F04" },
	{ "15",
	  "A PCP server MUST set the lifetime of a mapping to no less than the remaining time "
	  "before the mapping would expire if no further outbound traffic is seen for that "
	  "mapping.",
	  .cases = "F04" },
	{ "15",
	  "the assigned external port created by the MAP Opcode or PEER Opcode SHOULD NOT be "
	  "reused for an interval equal to the reuse time limit enforced by the NAT",
	  .cases = "C32" },
	{ "15",
	  "the assigned external port also SHOULD NOT be reused for an interval equal to the "
	  "time the PCP-controlled device would normally maintain an idle (no traffic) implicit "
	  "dynamic mapping",
	  .cases = "C42" },
	{ "15",
	  "the PCP server SHOULD allow an external port to be reclaimed by the same client",
	  .cases = "C31" },
	{ "15.1",
	  "The nonce MUST match the nonce used to create the 'wildcard' mapping.",
	  .cases = "K03" },
	{ "15.1",
	  "The nonce MUST match the nonce used to create the 'DMZ host' mapping.",
	  .cases = "K06" },
	{ "15.1",
	  "If the protocol is zero and the internal port is non-zero, then the request is "
	  "invalid and the PCP server MUST return a MALFORMED_REQUEST error to the client.",
	  .cases = "C15" },
	{ "15.1",
	  "these fields MUST be copied into the assigned external IP address and assigned "
	  "external port of the response.",
	  .cases = "C10 C11 C13 I05", .rule = "delete-not-copied" },
	{ "15.1",
	  "or an outbound (implicit or PEER-created) mapping, the PCP server MUST return "
	  "NOT_AUTHORIZED.",
	  .cases = "F09", .why = BY_HAND },
	{ "15.1",
	  "MUST NOT have its lifetime reduced by transport protocol messages (e.g., TCP RST, TCP "
	  "FIN).",
	  .why = "needs a TCP connection through the mapping, from outside" },
	{ "16.3.3",
	  "The PCP client SHOULD make its SCTP MAP request just as it would for a TCP MAP request",
	  .why = CLIENT },
	{ "16.3.3",
	  "the SCTP-aware NAT MUST return a CANNOT_PROVIDE_EXTERNAL error to the requesting PCP "
	  "client.",
	  .cases = "C35" },
	{ "17.1",
	  "ingress filtering [RFC2827] SHOULD be used on the path between the internal host and "
	  "the PCP server to prevent the injection of spoofed packets onto",
	  .why = OPERATOR },
	{ "17.2",
	  "NAT), the PCP server SHOULD maintain per-host and/or per-subscriber quotas for "
	  "mappings",
	  .cases = "K04" },
	{ "18.1",
	  "implement a PCP security mechanism described in Section 18.2 MUST enforce the "
	  "constraints described in the paragraph above",
	  .cases = "A21 C05 C06 F05" },
	{ "18.2",
	  "PCP servers implementing the PCP security mechanism MUST still enforce the "
	  "constraints described in Section 18.1 when processing unauthenticated",
	  .cases = "A21 C05 C06 F05" },
	{ "A",
	  "A client supporting both NAT-PMP and PCP SHOULD send its request using the PCP packet "
	  "format.",
	  .cases = "A11", .why = CLIENT },
};

/* clang-format on */

const struct probe_document probe_document_6887_2 = { "RFC 6887", rows,
						      sizeof rows / sizeof *rows };
