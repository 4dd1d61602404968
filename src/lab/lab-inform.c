/* Options that inform, and decide nothing: DESCRIPTION (RFC 7220), PREFIX64 (RFC 7225). */
#include <string.h>

#include "lab-request-private.h"

/* ---- DESCRIPTION: RFC 7220 3 ---- */

/* At most `most` octets, without cutting a character. */
static size_t text_fit(const uint8_t *text, size_t len, size_t most)
{
	if (len <= most)
		return len;
	while (most > 0 && (text[most] & 0xc0) == 0x80)
		most--;
	return most;
}

int lab_take_description(struct lab_request *request, const struct pcp_tlv *tlv)
{
	if (request->lifetime == 0 || !pcp_utf8_valid(tlv->data, tlv->len))
		return LAB_SKIP;
	request->description = true;
	request->text = tlv->data;
	request->text_len = (uint8_t)text_fit(tlv->data, tlv->len, LAB_DESCRIPTION_MAX);
	return PCP_SUCCESS;
}

/* The echo is what was stored. */
void lab_give_description(struct lab_reply *reply, const struct lab_request *request,
			  const struct pcp_tlv *tlv)
{
	if (request->description)
		lab_option_put(reply, tlv->code, request->text, request->text_len);
}

void lab_show_description(struct lab_reply *reply, const struct lab *lab,
			  const struct lab_entry *entry)
{
	(void)lab;
	if (entry->description)
		lab_option_put(reply, PCP_DESCRIPTION, entry->description, entry->description_len);
}

/* ---- PREFIX64: RFC 7225 4 ---- */

static bool nat64(const struct lab *lab)
{
	return lab->nprefix64 > 0 && (lab->set.ipv6 == FAMILY_NAT || lab->set.ipv6 == FAMILY_BOTH);
}

int lab_take_prefix64(struct lab_request *request, const struct pcp_tlv *tlv)
{
	static const uint8_t none[12];

	if (!nat64(request->lab) || tlv->len < 14 || tlv->data[0] != 0 || tlv->data[1] != 12 ||
	    memcmp(tlv->data + 2, none, sizeof(none)) != 0)
		return LAB_SKIP;
	request->prefix64 = true;
	return PCP_SUCCESS;
}

/* Prefix and suffix are the first 12 octets of any address under the prefix, its other bits zero.
 */
void lab_give_prefix64(struct lab_reply *reply, const struct lab_request *request,
		       const struct pcp_tlv *tlv)
{
	const struct lab *lab = request->lab;

	for (size_t i = 0; i < lab->nprefix64; i++) {
		uint8_t data[14] = { 0, (uint8_t)(lab->prefix64[i].bits / 8) };
		memcpy(data + 2, lab->prefix64[i].addr, 12);
		lab_option_put(reply, tlv->code, data, sizeof(data));
	}
}
