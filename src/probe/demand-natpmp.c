/* What RFC 6886 demands of NAT-PMP: its sentences with MUST or SHOULD. */
#include "demand-private.h"

/* clang-format off */
static const struct probe_demand rows[] = {
	{ "1.1",
	  "PCP implementations MUST NOT use version number 1.)",
	  .cases = "A10" },
	{ "1.1",
	  "Clients SHOULD NOT record that a given server only speaks NAT-PMP and subsequently "
	  "default to NAT-PMP for that server",
	  .why = CLIENT },
	{ "3",
	  "receiving a request with a version number other than 0, MUST return result code 1",
	  .cases = "A09 J02" },
	{ "3",
	  "This protocol SHOULD only be used when the client determines that its primary IPv4 "
	  "address is in one of the private IPv4 address ranges defined in",
	  .why = CLIENT },
	{ "3.1",
	  "For this reason, to avoid making excessive demands on the NAT gateway, clients SHOULD "
	  "NOT issue multiple concurrent requests.",
	  .why = CLIENT },
	{ "3.1",
	  "it SHOULD queue them and issue them serially, one at a time.",
	  .why = CLIENT },
	{ "3.1",
	  "the client SHOULD respect this and allow the NAT gateway to operate at the pace it "
	  "can manage",
	  .why = CLIENT },
	{ "3.1",
	  "The client SHOULD repeat this process with the interval between attempts doubling "
	  "each time.",
	  .why = CLIENT },
	{ "3.1",
	  "the client has still received no response, then it SHOULD conclude that this gateway "
	  "does not support NAT Port Mapping Protocol and MAY log an error",
	  .why = CLIENT },
	{ "3.1",
	  "a client SHOULD always send at least one deletion request whenever possible",
	  .why = CLIENT },
	{ "3.2",
	  "A compatible NAT gateway MUST generate a response with the following format:",
	  .cases = "J01" },
	{ "3.2",
	  "the value of the External IPv4 Address field is undefined (MUST be set to zero on "
	  "transmission",
	  .cases = "J01" },
	{ "3.2",
	  "The NAT gateway MUST fill in the Seconds Since Start of Epoch field with the time "
	  "elapsed since its port mapping table was initialized on startup",
	  .cases = "J01 J11" },
	{ "3.2",
	  "Upon receiving a response packet, the client MUST check the source IP address",
	  .why = CLIENT },
	{ "3.2.1",
	  "the NAT gateway MUST send a gratuitous response to the link-local multicast address "
	  "224.0.0.1, port 5350",
	  .why = RESTART },
	{ "3.2.1",
	  "To accommodate packet loss, the NAT gateway SHOULD multicast 10 address notifications.",
	  .why = RESTART },
	{ "3.2.1",
	  "The interval between the first two notifications SHOULD be 250 ms, and the interval "
	  "between each subsequent notification SHOULD double.",
	  .why = RESTART },
	{ "3.2.1",
	  "The Seconds Since Start of Epoch field in each transmission MUST be updated "
	  "appropriately to reflect the passage of time",
	  .why = RESTART },
	{ "3.2.1",
	  "Upon receiving a gratuitous address announcement packet, the client MUST check the "
	  "source IP address",
	  .why = CLIENT },
	{ "3.3",
	  "The Reserved field MUST be set to zero on transmission and MUST be ignored on "
	  "reception.",
	  .cases = "J10" },
	{ "3.3",
	  "If after 250 ms the client hasn't received a response from the gateway, the client "
	  "SHOULD reissue its request as described above in Section 3.1",
	  .why = CLIENT },
	{ "3.3",
	  "The 'x' in the OP field MUST match what the client requested.",
	  .cases = "J05", .rule = "natpmp-opcode-changed" },
	{ "3.3",
	  "vice versa, and these gateways MUST NOT implement NAT Port Mapping Protocol until "
	  "this deficiency is fixed",
	  .cases = "J05", .why = TWIN },
	{ "3.3",
	  "A NAT gateway that implements this protocol MUST be able to create TCP-only and "
	  "UDP-only port mappings.",
	  .cases = "J05", .why = TWIN },
	{ "3.3",
	  "the NAT gateway MUST reserve the companion port so the same client can choose to map "
	  "it in the future.",
	  .cases = "J07", .why = TWIN },
	{ "3.3",
	  "another client with a different internal IP address MUST NOT be able to successfully "
	  "acquire the mapping for UDP port 80.",
	  .cases = "J14" },
	{ "3.3",
	  "If that external port is not available, the NAT gateway MUST return an available "
	  "external port if possible",
	  .cases = "J12" },
	{ "3.3",
	  "The source address of the packet MUST be used for the internal address in the mapping.",
	  .why = "which host the packets go to only traffic through the mapping shows" },
	{ "3.3",
	  "The NAT gateway MUST NOT accept mapping requests destined to the NAT gateway's "
	  "external IP address or received on its external network interface.",
	  .cases = "K11" },
	{ "3.3",
	  "The NAT gateway MUST fill in the Seconds Since Start of Epoch field with the time "
	  "elapsed since its port mapping table was initialized on startup or",
	  .cases = "J11" },
	{ "3.3",
	  "The NAT gateway SHOULD NOT offer a lease lifetime greater than that requested by the "
	  "client.",
	  .cases = "J05" },
	{ "3.3",
	  "Upon receiving the response packet, the client MUST check the source IP address",
	  .why = CLIENT },
	{ "3.3",
	  "The client SHOULD begin trying to renew the mapping halfway to expiry time, like DHCP.",
	  .why = CLIENT },
	{ "3.3",
	  "except that the client SHOULD set the Suggested External Port to what the NAT gateway "
	  "previously mapped",
	  .why = CLIENT },
	{ "3.4",
	  "If a client fails to renew a mapping, then at the time its lifetime expires, the "
	  "mapping MUST be automatically deleted.",
	  .why = "NAT-PMP has no request that tells an expired mapping from a new one; C40 does "
		 "over PCP" },
	{ "3.4",
	  "The Suggested External Port MUST be set to zero by the client on sending, and MUST be "
	  "ignored by the gateway on reception.",
	  .cases = "J09" },
	{ "3.4",
	  "the client explicitly requesting the deletion, the NAT gateway MUST send a response "
	  "packet that is formatted as defined in Section 3.3",
	  .cases = "J08" },
	{ "3.4",
	  "The response MUST contain a result code of 0, the internal port as indicated in the "
	  "deletion request, an external port of 0, and a lifetime of 0.",
	  .cases = "J08", .rule = "natpmp-delete-external" },
	{ "3.4",
	  "The NAT gateway MUST respond to a request to destroy a mapping that does not exist as "
	  "if the request were successful.",
	  .cases = "J08" },
	{ "3.4",
	  "In this case, the second request to delete the mapping MUST return the same response "
	  "packet as the first request.",
	  .cases = "J08" },
	{ "3.4",
	  "the response MUST contain a non-zero result code and the requested mapping",
	  .why = BY_HAND },
	{ "3.4",
	  "the NAT gateway MUST respond with a \"Not Authorized\" error, result code 2.",
	  .why = BY_HAND },
	{ "3.4",
	  "the NAT gateway SHOULD send appropriately constructed TCP RST (reset) packets both to "
	  "the local client and to the remote peer",
	  .why = "needs a TCP connection through the mapping, from outside" },
	{ "3.4",
	  "After receiving such a deletion request, the gateway MUST delete all its UDP or TCP "
	  "port mappings (depending on the opcode).",
	  .cases = "J13" },
	{ "3.4",
	  "because the mapping was manually configured by the administrator, the gateway MUST "
	  "still delete as many port mappings as possible",
	  .why = BY_HAND },
	{ "3.4",
	  "If the gateway is able to successfully delete all port mappings as requested, it MUST "
	  "respond with a result code of zero.",
	  .cases = "J13" },
	{ "3.5",
	  "If the version in the request is not zero, then the NAT-PMP server MUST return the "
	  "following \"Unsupported Version\" error response to the client:",
	  .cases = "J02" },
	{ "3.5",
	  "then this is not a request; it's a response, and the NAT-PMP server MUST silently "
	  "ignore it.",
	  .cases = "J04" },
	{ "3.5",
	  "then the entire request MUST be returned to the sender, with the top bit of the "
	  "opcode set (to indicate that this is a response) and the result code set to 5 "
	  "(Unsupported opcode).",
	  .cases = "J03", .rule = "natpmp-not-returned" },
	{ "3.5",
	  "then a valid response MUST be sent to the client, with the top bit of the opcode set "
	  "(to indicate that this is a response) and the result code set appropriately.",
	  .rule = "natpmp-error-fields", .why = FAILURE },
	{ "3.5",
	  "Other fields in the response MUST be set appropriately.",
	  .rule = "natpmp-error-fields", .why = FAILURE },
	{ "3.5",
	  "o Seconds Since Start of Epoch MUST be set correctly",
	  .cases = "J11", .why = FAILURE },
	{ "3.5",
	  "o The Internal Port MUST be set to the client's requested Internal Port.",
	  .rule = "natpmp-internal-port-changed", .why = FAILURE },
	{ "3.5",
	  "o The Mapped External Port and Port Mapping Lifetime MUST be set appropriately -- "
	  "i.e., zero if no successful port mapping was created.",
	  .rule = "natpmp-error-fields", .why = FAILURE },
	{ "3.5",
	  "their error responses MUST similarly be specified to include sufficient information "
	  "to identify which request suffered the failure",
	  .why = "binds the writers of later documents" },
	{ "3.5",
	  "Clients MUST be able to properly handle result codes not defined in this document.",
	  .why = CLIENT },
	{ "3.5",
	  "Undefined results codes MUST be treated as fatal errors of the request.",
	  .why = CLIENT },
	{ "3.6",
	  "it MUST reset its epoch time and begin counting SSSoE from zero again.",
	  .why = RESTART },
	{ "3.6",
	  "a reboot or other loss of port mapping state, and the client MUST immediately renew "
	  "all its active port mapping leases as described in Section 3.7",
	  .why = CLIENT },
	{ "3.7",
	  "it MUST reset the epoch time and re-announce its IPv4 address",
	  .why = RESTART },
	{ "3.7",
	  "they SHOULD immediately send renewal packets (to immediately recreate their mappings)",
	  .why = CLIENT },
	{ "3.7",
	  "the client MUST first delay by a random amount of time selected with uniform random "
	  "distribution in the range 0 to 5 seconds",
	  .why = CLIENT },
	{ "3.7",
	  "The requests SHOULD be issued serially, one at a time; the client SHOULD NOT issue "
	  "multiple concurrent requests.",
	  .why = CLIENT },
	{ "3.8",
	  "MUST NOT respond to NAT-PMP requests from clients nor send spontaneous NAT-PMP "
	  "address-change announcements.",
	  .why = "whether it translates only somebody outside sees" },
	{ "3.8",
	  "it SHOULD respond immediately with an \"ICMP Port Unreachable\" message",
	  .why = "is about a host that is no NAT-PMP server: there is nothing to probe" },
	{ "3.9",
	  "All NAT gateways MUST ensure that mappings, however created, are bidirectional.",
	  .why = "needs somebody outside who sees what port this host's packets come from" },
	{ "4.2",
	  "Any client making use of this protocol SHOULD implement IPv6 support.",
	  .why = CLIENT },
	{ "4.2",
	  "that IPv6 address SHOULD be preferred to the IPv4 external address learned via this "
	  "NAT mapping protocol",
	  .why = CLIENT },
	{ "4.2",
	  "both the IPv4 and IPv6 addresses SHOULD be registered with whatever form of directory "
	  "server is used",
	  .why = CLIENT },
	{ "4.2",
	  "Preference SHOULD be given to IPv6 addresses when available.",
	  .why = CLIENT },
	{ "4.3.2",
	  "If a NAT maps internal addresses to multiple external addresses, then it SHOULD pick "
	  "one of those external addresses as the one it will support for",
	  .cases = "C30" },
	{ "4.4",
	  "any client implementing this protocol SHOULD also implement IPv6 and use this "
	  "solution only when IPv6 is not available to both peers",
	  .why = CLIENT },
	{ "5",
	  "any NAT gateway implementing this protocol SHOULD have an administrative mechanism to "
	  "disable it",
	  .why = OPERATOR },
};

/* clang-format on */

const struct probe_document probe_document_6886 = { "RFC 6886", rows, sizeof rows / sizeof *rows };
