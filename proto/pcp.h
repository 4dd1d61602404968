/* Codes and limits of the Port Control Protocol (RFC 6887) and its relatives. */
#ifndef PCPSCOPE_PCP_H
#define PCPSCOPE_PCP_H

enum {
	PCP_SERVER_PORT = 5351, /* RFC 6887 19.1 */
	PCP_CLIENT_PORT = 5350, /* multicast announcements arrive here */

	PCP_HEADER_LEN = 24, /* octets, both directions: RFC 6887 7.1, 7.2 */
	PCP_MAX_LEN = 1100,  /* octets of UDP payload: RFC 6887 7 */
	PCP_NONCE_LEN = 12,
	PCP_ADDR_LEN = 16,
	PCP_TLV_LEN = 4,  /* option header: RFC 6887 7.3 */
	PCP_V4_BITS = 96, /* FILTER counts IPv4 prefix lengths from here: RFC 6887 13.3 */
	PCP_R = 0x80,	  /* the response bit beside the opcode */

	/* More than any legal packet, so that an illegal one can be composed, kept and shown. */
	PCP_EDIT_MAX = 2048,
};

enum pcp_version {
	PCP_VERSION_NATPMP = 0, /* RFC 6886 */
	PCP_VERSION_1 = 1,	/* the drafts; libpcp and miniupnpd still speak it */
	PCP_VERSION_2 = 2,	/* RFC 6887 */
};

/* The opcodes, at most eight: names and bits (PCP_IN_MAP in schema.h) follow from this row. 3 is
 * RFC 7652's, and SADSCP in libpcp and miniupnpd; 98 is draft-boucadair-pcp-failure-06 B.1, a
 * private-use squat. */
#define PCP_OPCODES(X) X(ANNOUNCE, 0) X(MAP, 1) X(PEER, 2) X(AUTHENTICATION, 3) X(GET, 98)

#define PCP_OPCODE_ROW(name, code) PCP_##name = (code),
enum pcp_opcode { PCP_OPCODES(PCP_OPCODE_ROW) };
#undef PCP_OPCODE_ROW

/* Protocols that have ports, by their IANA numbers; pcp_protocol_names knows some more. */
enum pcp_ip_protocol {
	PCP_TCP = 6,
	PCP_UDP = 17,
	PCP_DCCP = 33,
	PCP_SCTP = 132,
	PCP_UDPLITE = 136,
};

enum natpmp_opcode { NATPMP_ADDRESS = 0, NATPMP_MAP_UDP = 1, NATPMP_MAP_TCP = 2 };

enum pcp_option {
	PCP_THIRD_PARTY = 1,
	PCP_PREFER_FAILURE = 2,
	PCP_FILTER = 3,
	PCP_NONCE = 4,
	PCP_AUTHENTICATION_TAG = 5,
	PCP_PA_AUTHENTICATION_TAG = 6,
	PCP_EAP_PAYLOAD = 7,
	PCP_PRF = 8,
	PCP_MAC_ALGORITHM = 9,
	PCP_SESSION_LIFETIME = 10,
	PCP_RECEIVED_PAK = 11,
	PCP_ID_INDICATOR = 12,
	PCP_THIRD_PARTY_ID = 13,
	PCP_DESCRIPTION_64 = 64, /* pypcpc, before RFC 7220 */
	PCP_DEVICEID = 96,	 /* 96 to 100: libpcp */
	PCP_LOCATION = 97,
	PCP_USERID = 98,
	PCP_FLOW_PRIORITY = 99, /* miniupnpd: 4 */
	PCP_METADATA = 100,
	PCP_DESCRIPTION = 128,
	PCP_PREFIX64 = 129,
	PCP_PORT_SET = 130,
	PCP_NEXT = 131,
	PCP_PORT_RESERVATION = 132,
	PCP_PORT_SET_255 = 255, /* pypcpc's placeholder */

	PCP_OPTIONAL = 128, /* codes from here on may be skipped: RFC 6887 7.3 */
};

enum pcp_result_code {
	PCP_SUCCESS = 0,
	PCP_UNSUPP_VERSION = 1,
	PCP_NOT_AUTHORIZED = 2,
	PCP_MALFORMED_REQUEST = 3,
	PCP_UNSUPP_OPCODE = 4,
	PCP_UNSUPP_OPTION = 5,
	PCP_MALFORMED_OPTION = 6,
	PCP_NETWORK_FAILURE = 7,
	PCP_NO_RESOURCES = 8,
	PCP_UNSUPP_PROTOCOL = 9,
	PCP_USER_EX_QUOTA = 10,
	PCP_CANNOT_PROVIDE_EXTERNAL = 11,
	PCP_ADDRESS_MISMATCH = 12,
	PCP_EXCESSIVE_REMOTE_PEERS = 13,
	PCP_INITIATION = 14,
	PCP_AUTHENTICATION_REQUIRED = 15,
	PCP_AUTHENTICATION_FAILED = 16,
	PCP_AUTHENTICATION_SUCCEEDED = 17,
	PCP_AUTHORIZATION_FAILED = 18,
	PCP_SESSION_TERMINATED = 19,
	PCP_UNKNOWN_SESSION_ID = 20,
	PCP_DOWNGRADE_ATTACK_DETECTED = 21,
	PCP_AUTHENTICATION_REQUEST = 22,
	PCP_AUTHENTICATION_REPLY = 23,
	PCP_THIRD_PARTY_ID_UNKNOWN = 24,
	PCP_THIRD_PARTY_MISSING_OPTION = 25,
	PCP_UNSUPP_THIRD_PARTY_ID_LENGTH = 26,
	PCP_NONEXIST_MAP = 130,
	PCP_AMBIGUOUS = 131,
};

#endif
