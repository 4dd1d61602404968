/* The form of answers: refusals, headers, bodies and options as octets (RFC 6887 8.2). */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "lab-fault-private.h"
#include "lab-request-private.h"

/* ---- refusals ---- */

uint32_t lab_error_lifetime(const struct lab *lab, uint8_t result)
{
	const struct pcp_result *row = pcp_result(result);

	return row && row->kind == PCP_RESULT_LONG ? lab->set.long_error : lab->set.short_error;
}

uint8_t lab_refuse_for(struct lab_request *request, uint8_t result, uint32_t lifetime,
		       const char *why, ...)
{
	va_list args;

	va_start(args, why);
	vsnprintf(request->why, sizeof(request->why), why, args);
	va_end(args);
	request->error_lifetime = lifetime;
	return result;
}

uint8_t lab_refuse(struct lab_request *request, uint8_t result, const char *why, ...)
{
	va_list args;

	va_start(args, why);
	vsnprintf(request->why, sizeof(request->why), why, args);
	va_end(args);
	request->error_lifetime = lab_error_lifetime(request->lab, result);
	return result;
}

/* ---- replies ---- */

static void put_header(struct lab_reply *reply, const struct lab_request *request, uint8_t result,
		       uint32_t lifetime)
{
	uint8_t *octets = reply->octets;

	pcp_put(&pcp_response_fields[HDR_R], octets, 1);
	pcp_put(&pcp_response_fields[HDR_RESERVED], octets, 0);
	pcp_put(&pcp_response_fields[HDR_RESULT], octets, result);
	pcp_put(&pcp_response_fields[HDR_LIFETIME], octets, lifetime);
	pcp_put(&pcp_response_fields[HDR_EPOCH], octets, lab_epoch(request->lab, request->now));
}

/* Octets 12 to 23. */
static void zero_tail(struct lab_reply *reply)
{
	memset(reply->octets + pcp_response_fields[HDR_RESERVED_96].off, 0,
	       pcp_response_fields[HDR_RESERVED_96].len);
}

void lab_reply_begin(struct lab_reply *reply, const struct lab_request *request, uint32_t lifetime)
{
	memcpy(reply->octets, request->octets, PCP_TLV_LEN);
	reply->len = PCP_HEADER_LEN;
	put_header(reply, request, PCP_SUCCESS, lifetime);
	zero_tail(reply);
}

/* Version 1 is version 2 without the nonce. */
size_t lab_nonce_skipped(uint8_t version, uint8_t opcode)
{
	return opcode == PCP_MAP || opcode == PCP_PEER ? pcp_nonce_skipped(version) : 0;
}

void lab_reply_body(struct lab_reply *reply, const struct lab_request *request, const uint8_t *body)
{
	size_t len = pcp_body_len(request->opcode, request->version);

	memcpy(reply->octets + reply->len,
	       body + lab_nonce_skipped(request->version, request->opcode), len);
	reply->len += len;
}

void lab_zero_reserved(const struct pcp_layout *layout, uint8_t *octets)
{
	for (size_t i = 0; i < layout->nfield; i++)
		if (layout->field[i].kind == PCP_RESERVED && layout->field[i].len > 0) {
			if (pcp_field_is_number(&layout->field[i]))
				pcp_put(&layout->field[i], octets, 0);
			else
				memset(octets + layout->field[i].off, 0, layout->field[i].len);
		}
}

void lab_option_put(struct lab_reply *reply, uint8_t code, const void *data, size_t len)
{
	size_t padded = (len + 3) & ~(size_t)3;
	uint8_t *tlv = reply->octets + reply->len;

	if (reply->len + PCP_TLV_LEN + padded > sizeof(reply->octets))
		return;
	memset(tlv, 0, PCP_TLV_LEN + padded);
	pcp_put(&pcp_tlv_fields[TLV_CODE], tlv, code);
	pcp_put(&pcp_tlv_fields[TLV_LENGTH], tlv, (uint32_t)len);
	if (len > 0)
		memcpy(tlv + PCP_TLV_LEN, data, len);
	reply->len += PCP_TLV_LEN + padded;
}

void lab_mapping_body(const struct lab_entry *entry, uint8_t body[64])
{
	memset(body, 0, 64);
	memcpy(body + pcp_map_fields[MAP_NONCE].off, entry->nonce, PCP_NONCE_LEN);
	pcp_put(&pcp_map_fields[MAP_PROTOCOL], body, entry->key.protocol);
	pcp_put(&pcp_map_fields[MAP_INTERNAL_PORT], body, entry->key.internal_port);
	pcp_put(&pcp_map_fields[MAP_EXTERNAL_PORT], body, entry->external_port);
	memcpy(body + pcp_map_fields[MAP_EXTERNAL_ADDRESS].off, entry->external, PCP_ADDR_LEN);
	if (entry->key.opcode != PCP_PEER)
		return;
	pcp_put(&pcp_peer_fields[PEER_REMOTE_PORT], body, entry->key.remote_port);
	memcpy(body + pcp_peer_fields[PEER_REMOTE_ADDRESS].off, entry->key.remote, PCP_ADDR_LEN);
}

uint32_t lab_clamp(const struct lab *lab, uint32_t lifetime)
{
	if (lifetime < lab->set.min_lifetime)
		return lab->set.min_lifetime;
	return lifetime > lab->set.max_lifetime ? lab->set.max_lifetime : lifetime;
}

/* ---- sending ---- */

void lab_reply_send(struct lab_request *request, struct lab_reply *reply)
{
	struct lab *lab = request->lab;

	lab->counters.result[pcp_get(&pcp_response_fields[HDR_RESULT], reply->octets)]++;
	lab_tell(lab, &(struct lab_event){ .now = request->now,
					   .client = request->from,
					   .asked = request->octets,
					   .asked_len = request->len,
					   .answer = reply->octets,
					   .answer_len = reply->len,
					   .why = request->why });
	lab_remember(lab, request->from, request->to, request->version);
	lab_fault_send(lab, request->now, request->to, request->from, reply->octets, reply->len);
}

/* RFC 6887 8.2: the request back, as much as fits, behind a header of ours. */
void lab_error_send(struct lab_request *request, uint8_t result)
{
	struct lab_reply reply = { .len = request->len < PCP_MAX_LEN ? request->len : PCP_MAX_LEN };

	if (request->lab->set.brief &&
	    (result == PCP_UNSUPP_VERSION || result == PCP_UNSUPP_OPCODE))
		reply.len = PCP_HEADER_LEN; /* whoever sent it may have forged its source */
	memcpy(reply.octets, request->octets, reply.len);
	reply.len = (reply.len + 3) & ~(size_t)3;
	if (reply.len < PCP_HEADER_LEN)
		reply.len = PCP_HEADER_LEN;
	reply.octets[0] = request->version;
	put_header(&reply, request, result, request->error_lifetime);
	if (request->parsed)
		zero_tail(&reply);
	lab_reply_send(request, &reply);
}
