/* What the files that hold layout rows share. Private to proto/. */
#ifndef PCP_LAYOUT_ROWS_H
#define PCP_LAYOUT_ROWS_H

#include "schema.h"

/* Rows of a bit diagram: key, label, kind, offset, length, help; BITS adds the mask, NAMED the
 * names. */
#define FIELD(k, l, t, o, n, h)                                                                    \
	{                                                                                          \
		.key = k, .label = l, .help = h, .kind = t, .off = o, .len = n                     \
	}
#define BITS(k, l, t, o, n, m, h)                                                                  \
	{                                                                                          \
		.key = k, .label = l, .help = h, .kind = t, .off = o, .len = n, .mask = m          \
	}
#define NAMED(k, l, o, n, m, t, h)                                                                 \
	{                                                                                          \
		.key = k, .label = l, .help = h, .kind = PCP_NAMED, .off = o, .len = n, .mask = m, \
		.names = t                                                                         \
	}

#define FIELDS(rows) .field = rows, .nfield = sizeof rows / sizeof rows[0]

/* The list of layouts, in the order of `pcpscope fields`, and in it those that a code is looked up
 * in. A row that is more particular stands before the one it is a variant of, since look-ups take
 * the first of equals. */
/* clang-format off */
#define PCP_BODY_LAYOUTS(X) \
	X(announce) X(map_request) X(map_response) X(peer_request) X(peer_response) \
	X(authentication) X(get) X(map_request_v1) X(map_response_v1) X(peer_request_v1) \
	X(peer_response_v1) X(sadscp_request) X(sadscp_response)
#define PCP_OPTION_LAYOUTS(X) \
	X(third_party) X(prefer_failure) X(filter) X(filter_v1) X(nonce) X(authentication_tag) \
	X(pa_authentication_tag) X(eap_payload) X(prf) X(mac_algorithm) X(session_lifetime) \
	X(received_pak) X(id_indicator) X(third_party_id) X(description) X(prefix64) X(port_set) \
	X(next_request) X(next_response) X(next_request_v1) X(next_response_v1) \
	X(port_reservation) X(description_64) X(port_set_255) X(flow_priority_4) \
	X(flow_priority) X(deviceid) X(location) X(userid) X(metadata)
#define PCP_NATPMP_LAYOUTS(X) \
	X(natpmp_address_request) X(natpmp_address_response) X(natpmp_map_udp_request) \
	X(natpmp_map_udp_response) X(natpmp_map_tcp_request) X(natpmp_map_tcp_response) \
	X(natpmp_version) X(natpmp_request) X(natpmp_response)
#define PCP_LAYOUTS(X) \
	X(request) X(auth_request) X(response) PCP_BODY_LAYOUTS(X) X(tlv) PCP_OPTION_LAYOUTS(X) \
	PCP_NATPMP_LAYOUTS(X) X(raw)
/* clang-format on */

#define PCP_LAYOUT_EXTERN(id) extern const struct pcp_layout pcp_layout_##id;
PCP_LAYOUTS(PCP_LAYOUT_EXTERN)
#undef PCP_LAYOUT_EXTERN

#endif
