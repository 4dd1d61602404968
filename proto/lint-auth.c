/* Logging in with opcode 3, alone and against the request: RFC 7652 3, 5; and SADSCP, which shares
 * the opcode. */
#include "lint-private.h"

#include <string.h>

#include "text.h"

static void auth_lifetime(struct pcp_lint *lint)
{
	if (strcmp(lint->packet.body->name, "AUTHENTICATION") == 0 && lint->packet.lifetime &&
	    (lint->packet.request || lint->packet.result == PCP_AUTHENTICATION_SUCCEEDED))
		lint_found_lifetime(lint, " in AUTHENTICATION, where it means nothing.");
}

static uint8_t auth_result(const struct pcp_lint *lint)
{
	return lint->packet.octets[pcp_response_fields[HDR_RESULT].off];
}

static bool is_auth_request(const struct pcp_lint *lint)
{
	return lint_is_request(lint, PCP_AUTHENTICATION) &&
	       lint_field(&lint->packet, LINT_SESSION_ID);
}

static void auth_request_result(struct pcp_lint *lint)
{
	uint8_t result = is_auth_request(lint) ? auth_result(lint) : PCP_INITIATION;

	if (result != PCP_INITIATION && result != PCP_AUTHENTICATION_REPLY &&
	    result != PCP_AUTHENTICATION_FAILED && result != PCP_AUTHENTICATION_SUCCEEDED &&
	    result != PCP_SESSION_TERMINATED)
		lint_found(lint, 3, 1,
			   "Clients send INITIATION, AUTHENTICATION_REPLY, -FAILED, -SUCCEEDED or "
			   "SESSION_TERMINATED here.");
}

static void auth_initiation(struct pcp_lint *lint)
{
	static const enum lint_key key[] = { LINT_SESSION_ID, LINT_SEQUENCE };

	if (!is_auth_request(lint) || auth_result(lint) != PCP_INITIATION)
		return;
	for (size_t i = 0; i < sizeof key / sizeof *key; i++)
		if (lint_value(&lint->packet, key[i]))
			found_in(lint, &lint->packet, key[i], "%s is %u in INITIATION.",
				 lint_field(&lint->packet, key[i])->label,
				 lint_value(&lint->packet, key[i]));
}

static void auth_initiation_nonce(struct pcp_lint *lint)
{
	struct lint_option option;

	if (is_auth_request(lint) && auth_result(lint) == PCP_INITIATION &&
	    !lint_option(&lint->packet, PCP_NONCE, &option))
		lint_found(lint, lint->packet.options, 0, "INITIATION without a NONCE option.");
}

/* A response of the log-in with that result. */
static bool is_auth_response(const struct pcp_lint *lint, uint8_t result)
{
	return lint_is_response(lint, PCP_AUTHENTICATION) &&
	       lint_field(&lint->packet, LINT_SESSION_ID) && lint->packet.result == result;
}

static void needs_option(struct pcp_lint *lint, uint8_t code)
{
	struct lint_option option;

	if (!lint_option(&lint->packet, code, &option))
		lint_found(lint, lint->packet.len, 0, "%s without %s.",
			   pcp_name(pcp_result_names, lint->packet.result),
			   pcp_name(pcp_option_names, code));
}

static void auth_session(struct pcp_lint *lint)
{
	if (is_auth_response(lint, PCP_AUTHENTICATION_REQUEST) &&
	    !lint_value(&lint->packet, LINT_SESSION_ID))
		found_in(lint, &lint->packet, LINT_SESSION_ID,
			 "The server has not given the session an ID.");
}

static void auth_offer(struct pcp_lint *lint)
{
	if (!is_auth_response(lint, PCP_AUTHENTICATION_REQUEST) ||
	    lint_value(&lint->packet, LINT_SEQUENCE))
		return;
	needs_option(lint, PCP_PRF);
	needs_option(lint, PCP_MAC_ALGORITHM);
}

static void auth_succeeded(struct pcp_lint *lint)
{
	if (!is_auth_response(lint, PCP_AUTHENTICATION_SUCCEEDED))
		return;
	needs_option(lint, PCP_SESSION_LIFETIME);
	needs_option(lint, PCP_PA_AUTHENTICATION_TAG);
}

/* What everyone must support: PRF_HMAC_SHA2_256 and AUTH_HMAC_SHA2_256_128. */
static void auth_algorithms(struct pcp_lint *lint)
{
	static const struct {
		uint8_t code, must;
	} offers[] = { { PCP_PRF, 5 }, { PCP_MAC_ALGORITHM, 12 } };

	for (size_t i = 0; is_auth_response(lint, PCP_AUTHENTICATION_REQUEST) &&
			   i < sizeof offers / sizeof *offers;
	     i++) {
		struct lint_option first = { 0 };
		bool offered = false, must = false;

		for (struct lint_option o = { 0 }; lint_next(&lint->packet, &o);) {
			if (!o.layout || o.tlv.code != offers[i].code || o.tlv.len != 4)
				continue;
			if (!offered)
				first = o;
			offered = true;
			must = must || pcp_get(o.layout->field, o.tlv.data) == offers[i].must;
		}
		if (offered && !must)
			lint_found(lint, first.off, PCP_TLV_LEN,
				   "The offers leave out %s, which everyone must support.",
				   pcp_name(first.layout->field->names, offers[i].must));
	}
}

static void sadscp_tolerance(struct pcp_lint *lint)
{
	static const enum lint_key key[] = { LINT_DELAY_TOLERANCE, LINT_LOSS_TOLERANCE,
					     LINT_JITTER_TOLERANCE };

	if (!lint->packet.request || !lint_field(&lint->packet, key[0]))
		return;
	for (size_t i = 0; i < sizeof key / sizeof *key; i++)
		if (lint_value(&lint->packet, key[i]) == 3)
			found_in(lint, &lint->packet, key[i],
				 "%s 3 is not defined: MALFORMED_REQUEST.",
				 lint_field(&lint->packet, key[i])->label);
}

static void id_indicator_utf8(struct pcp_lint *lint)
{
	for (struct lint_option o = { 0 }; lint_next(&lint->packet, &o);)
		if (o.tlv.code == PCP_ID_INDICATOR && !pcp_utf8_valid(o.tlv.data, o.tlv.len))
			lint_found(lint, o.off + PCP_TLV_LEN, o.tlv.len,
				   "The identity is not UTF-8.");
}

static void tag_length(struct pcp_lint *lint)
{
	static const uint8_t code[] = { PCP_AUTHENTICATION_TAG, PCP_PA_AUTHENTICATION_TAG };

	for (size_t i = 0; i < sizeof code; i++)
		for (struct lint_option option = { 0 };
		     lint_has_code(&lint->packet, code[i]) && lint_next(&lint->packet, &option);) {
			if (option.tlv.code != code[i] || !option.layout ||
			    option.layout->dialect || !lint_length_fits(&option))
				continue;
			size_t mac = option.tlv.len - pcp_layout_size(option.layout);

			if (mac != 12 && mac != 16 && mac != 24 && mac != 32)
				lint_found(lint, option.off + 2, 2,
					   "%zu octets of authentication data; algorithms make 12, "
					   "16, "
					   "24 or 32.",
					   mac);
		}
}

static bool is_auth_pair(const struct pcp_lint *lint)
{
	return lint_is_pair(lint) && lint_field(&lint->packet, LINT_SESSION_ID) &&
	       lint_field(&lint->request, LINT_SESSION_ID);
}

static void auth_nonce(struct pcp_lint *lint)
{
	struct lint_option theirs, ours;

	if (!is_auth_pair(lint) || lint->packet.result != PCP_AUTHENTICATION_REQUEST ||
	    !lint_whole_option(&lint->request, PCP_NONCE, &ours))
		return;
	if (!lint_whole_option(&lint->packet, PCP_NONCE, &theirs))
		lint_found(lint, lint->packet.len, 0, "The NONCE of the request is missing.");
	else if (memcmp(theirs.tlv.data, ours.tlv.data, ours.tlv.len) != 0)
		lint_found(lint, theirs.off + PCP_TLV_LEN, theirs.tlv.len,
			   "Not the NONCE of the request: clients drop the answer.");
}

static void auth_session_changed(struct pcp_lint *lint)
{
	if (is_auth_pair(lint) && lint_value(&lint->request, LINT_SESSION_ID) &&
	    !lint_same_field(lint, LINT_SESSION_ID))
		found_in(lint, &lint->packet, LINT_SESSION_ID,
			 "Another session than the request's.");
}

static bool of_authentication(const struct pcp_lint *lint)
{
	return lint->packet.packet->opcode == PCP_AUTHENTICATION || lint_has_options(lint);
}

static const struct pcp_rule rules[] = {
	RULE("authentication-lifetime", PCP_WARNING, "RFC 7652 5.1",
	     "AUTHENTICATION carries lifetime 0.", auth_lifetime, .of = OF_AUTHENTICATION),
	RULE("authentication-request-result", PCP_ERROR, "RFC 7652 5.1",
	     "Octet 3 of an AUTHENTICATION request says where the dialogue stands.",
	     auth_request_result, .of = OF_AUTHENTICATION),
	RULE("authentication-initiation", PCP_ERROR, "RFC 7652 3.1.1",
	     "INITIATION has session ID and sequence number 0.", auth_initiation,
	     .of = OF_AUTHENTICATION),
	RULE("authentication-initiation-nonce", PCP_ERROR, "RFC 7652 3.1.1",
	     "INITIATION carries a NONCE.", auth_initiation_nonce, .of = OF_AUTHENTICATION),
	RULE("authentication-session-zero", PCP_ERROR, "RFC 7652 3.1.1",
	     "The server gives the session an ID.", auth_session, .of = OF_AUTHENTICATION),
	RULE("authentication-offer", PCP_WARNING, "RFC 7652 3.1.3",
	     "The server's first message offers PRFs and MAC algorithms.", auth_offer,
	     .of = OF_AUTHENTICATION),
	RULE("authentication-succeeded", PCP_ERROR, "RFC 7652 3.1.3",
	     "AUTHENTICATION_SUCCEEDED carries SESSION_LIFETIME and a tag.", auth_succeeded,
	     .of = OF_AUTHENTICATION),
	RULE("authentication-algorithms", PCP_WARNING, "RFC 7652 5.7, 5.8",
	     "PRF_HMAC_SHA2_256 and AUTH_HMAC_SHA2_256_128 are supported by everyone.",
	     auth_algorithms, .of = OF_AUTHENTICATION),
	RULE("id-indicator-not-utf8", PCP_ERROR, "RFC 7652 5.11", "An ID_INDICATOR is UTF-8.",
	     id_indicator_utf8, .about = PCP_ID_INDICATOR),
	RULE("tag-length", PCP_WARNING, "RFC 7652 5.4, 5.5",
	     "A tag's authentication data has the length of an algorithm's.", tag_length,
	     .of = OF_OPTION),
	RULE("authentication-nonce", PCP_ERROR, "RFC 7652 3.1.1, 5.3",
	     "The server gives the client's NONCE back.", auth_nonce, .of = OF_AUTHENTICATION),
	RULE("authentication-session-changed", PCP_ERROR, "RFC 7652 3.1.1",
	     "The messages of a session have its ID.", auth_session_changed,
	     .of = OF_AUTHENTICATION),
	RULE("sadscp-tolerance", PCP_WARNING, "miniupnpd with PCP_SADSCP",
	     "Tolerances are 0, 1 or 2.", sadscp_tolerance, .of = OF_AUTHENTICATION),
};

const struct lint_rules lint_auth_rules = RULES(rules, of_authentication);
