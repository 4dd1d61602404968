/* What holds for every option, by its row: RFC 6887 7.3. */
#include "lint-private.h"
#include "text.h"

/* The loop of most rules here: each whole option of the message. */
#define each_option(lint, option)                                                                  \
	for (struct lint_option option = { 0 }; lint_next(&(lint)->packet, &option);)

/* A Length with its octets turned round is told from one that is merely wrong. */
static void too_long(struct pcp_lint *lint, size_t off, size_t left)
{
	uint32_t len = pcp_get(&pcp_tlv_fields[TLV_LENGTH], lint->packet.octets + off);
	uint32_t turned = (len << 8 & 0xff00) | len >> 8;

	if (turned && turned <= left)
		lint_found(
			lint, off + 2, 2,
			"Length %u, with %zu octet%s left; with its octets turned round it is %u.",
			len, left, pcp_s(left), turned);
	else
		lint_found(lint, off + 2, 2, "Length %u, with %zu octet%s left.", len, left,
			   pcp_s(left));
}

static void overrun(struct pcp_lint *lint)
{
	const struct lint_view *view = &lint->packet;
	size_t pos = 0;
	struct pcp_tlv tlv;
	bool bad = false;

	if (!view->own || view->options >= view->len || view->wire > view->len)
		return;
	while (pcp_tlv_next(view->octets + view->options, view->len - view->options, &pos, &tlv,
			    &bad))
		;
	if (!bad)
		return;
	size_t off = view->options + pos, left = view->len - off;

	if (left < PCP_TLV_LEN)
		lint_found(lint, off, left, "%zu octet%s left; an option's header takes 4.", left,
			   pcp_s(left));
	else
		too_long(lint, off, left - PCP_TLV_LEN);
}

static void padding(struct pcp_lint *lint)
{
	const struct pcp_packet *packet = lint->packet.packet;

	each_node(packet, node)
	{
		if (!node->field || node->field->kind != PCP_PADDING)
			continue;
		for (size_t o = 0; o < node->len; o++)
			if (packet->octets[node->off + o]) {
				lint_found(lint, node->off, node->len, "Padding is not zero.");
				break;
			}
	}
}

static void unknown(struct pcp_lint *lint)
{
	each_option(lint, option) if (!option.layout && option.tlv.code >= PCP_OPTIONAL)
		lint_found(lint, option.off, 1,
			   "No document defines option %u; servers may skip it.", option.tlv.code);
}

static void unknown_mandatory(struct pcp_lint *lint)
{
	each_option(lint, option) if (!option.layout && option.tlv.code < PCP_OPTIONAL) lint_found(
		lint, option.off, 1,
		"No document defines option %u, which a server must refuse: UNSUPP_OPTION.",
		option.tlv.code);
}

static void unknown_returned(struct pcp_lint *lint)
{
	each_option(lint, option) if (!option.layout)
		lint_found(lint, option.off, 1,
			   "No document defines option %u: the server may echo what it does not "
			   "know.",
			   option.tlv.code);
}

static void reserved_code(struct pcp_lint *lint)
{
	each_option(lint, option) if (option.tlv.code == 0 || option.tlv.code == 127 ||
				      option.tlv.code == 255)
		lint_found(lint, option.off, 1, "Option code %u is reserved.", option.tlv.code);
}

/* PREFER_FAILURE in PEER has a rule of its own in RFC 6887 12.1, but the row says as much. */
static void wrong_opcode(struct pcp_lint *lint)
{
	uint16_t opcode = lint->packet.packet->where & PCP_IN_ANY;

	each_option(lint,
		    option) if (opcode && option.layout && !pcp_layout_fits(option.layout, opcode))
		lint_found(lint, option.off, PCP_TLV_LEN, "%s does not belong in %s.",
			   option.layout->name,
			   pcp_name(pcp_opcode_names, lint->packet.packet->opcode));
}

static void wrong_direction(struct pcp_lint *lint)
{
	uint16_t direction = lint->packet.packet->where & (PCP_REQ | PCP_RESP);

	each_option(lint, option) if (option.layout && !pcp_layout_fits(option.layout, direction))
		lint_found(lint, option.off, PCP_TLV_LEN, "%s does not belong in a %s.",
			   option.layout->name, lint->packet.request ? "request" : "response");
}

/* NEXT once in requests and PREFIX64 once in requests stand in their rows' limits for a direction;
 * PREFIX64's row cannot say so, hence its own rule. */
static void repeated(struct pcp_lint *lint)
{
	each_option(lint, option) if (option.layout && option.layout->max_count &&
				      !lint_is_echo(&lint->packet, &option) &&
				      lint_count(&lint->packet, option.tlv.code, option.off) ==
					      option.layout->max_count)
		lint_found(lint, option.off, PCP_TLV_LEN, "%s stands here more than %u time%s.",
			   option.layout->name, option.layout->max_count,
			   pcp_s(option.layout->max_count));
}

static void wrong_length(struct pcp_lint *lint)
{
	each_option(lint, option)
	{
		const struct pcp_layout *row = option.layout;

		if (!row || lint_length_fits(&option) || lint_is_echo(&lint->packet, &option))
			continue;
		if (row->min_len == row->max_len)
			lint_found(lint, option.off + 2, 2,
				   "%s has %zu octet%s of data instead of %u.", row->name,
				   option.tlv.len, pcp_s(option.tlv.len), row->min_len);
		else if (option.tlv.len < row->min_len)
			lint_found(lint, option.off + 2, 2,
				   "%s has %zu octet%s of data; at least %u are needed.", row->name,
				   option.tlv.len, pcp_s(option.tlv.len), row->min_len);
		else
			lint_found(lint, option.off + 2, 2,
				   "%s has %zu octet%s of data; at most %u are allowed.", row->name,
				   option.tlv.len, pcp_s(option.tlv.len), row->max_len);
	}
}

static void draft(struct pcp_lint *lint)
{
	each_option(lint, option) if (option.tlv.code == PCP_NEXT ||
				      option.tlv.code == PCP_PORT_RESERVATION)
		lint_found(lint, option.off, 1,
			   "%u was never assigned to %s; servers that do not know it skip it.",
			   option.tlv.code,
			   option.layout ? option.layout->name : "a draft's option");
}

static void experimental(struct pcp_lint *lint)
{
	each_option(lint, option) if (option.layout && option.layout->dialect)
		lint_found(lint, option.off, 1, "%s by code %u is an experiment of %s%s.",
			   option.layout->name, option.tlv.code, option.layout->ref,
			   option.tlv.code < PCP_OPTIONAL ? "; other servers must refuse it" : "");
}

static void two_meanings(struct pcp_lint *lint)
{
	each_option(lint, option)
	{
		const struct pcp_layout *other =
			option.layout ? pcp_layout_other(option.layout) : NULL;

		if (other)
			lint_found(lint, option.off, 1, "Read as %s; %s means %s by %u.",
				   option.layout->name, other->ref, other->name, option.tlv.code);
	}
}

static void tag_not_last(struct pcp_lint *lint)
{
	struct lint_option tag = { 0 };
	bool pending = false;

	each_option(lint, option)
	{
		if (pending)
			lint_found(lint, tag.off, PCP_TLV_LEN, "%s is not the last option.",
				   tag.layout->name);
		pending = option.layout && (option.tlv.code == PCP_AUTHENTICATION_TAG ||
					    option.tlv.code == PCP_PA_AUTHENTICATION_TAG);
		tag = option;
	}
}

static const struct pcp_rule rules[] = {
	REFUSED("option-overrun", PCP_ERROR, "RFC 6887 7.3", "Options end where the packet ends.",
		overrun, PCP_MALFORMED_OPTION),
	RULE("option-padding-nonzero", PCP_ERROR, "RFC 6887 7.3",
	     "Options are padded with zero octets.", padding, .of = OF_OPTION),
	RULE("option-unknown", PCP_NOTE, "RFC 6887 7.3",
	     "An option without a document is shown as raw octets.", unknown,
	     .of = OF_REQUEST | OF_UNKNOWN),
	REFUSED("option-unknown-mandatory", PCP_WARNING, "RFC 6887 7.3",
		"A server refuses an option below 128 that it does not know; clients skip it.",
		unknown_mandatory, PCP_UNSUPP_OPTION, .of = OF_REQUEST | OF_UNKNOWN),
	RULE("option-unknown-returned", PCP_NOTE, "RFC 6887 7.3",
	     "A success returns only options that the server processed.", unknown_returned,
	     .of = OF_RESPONSE | OF_UNKNOWN),
	RULE("option-code-reserved", PCP_ERROR, "RFC 6887 19.4",
	     "Option codes 0, 127 and 255 are reserved.", reserved_code,
	     .of = OF_REQUEST | OF_OPTION),
	RULE("option-wrong-opcode", PCP_ERROR, "RFC 6887 7.3, 12.1",
	     "An option goes with the opcodes it is for.", wrong_opcode, .of = OF_OPTION),
	RULE("option-wrong-direction", PCP_ERROR, "RFC 6887 7.3",
	     "An option stands in requests or responses, as its document says.", wrong_direction,
	     .of = OF_OPTION),
	REFUSED("option-repeated", PCP_ERROR, "RFC 6887 7.3",
		"An option appears no more often than its document allows.", repeated,
		PCP_MALFORMED_OPTION, .of = OF_OPTION),
	RULE("option-length", PCP_ERROR, "RFC 6887 7.3",
	     "An option's data has the length its document says.", wrong_length, .of = OF_OPTION),
	RULE("option-draft", PCP_NOTE, "RFC 6887 19.4",
	     "NEXT (131) and PORT_RESERVATION (132) are drafts' options without an assigned code.",
	     draft, .of = OF_OPTION),
	RULE("option-experimental", PCP_WARNING, "RFC 6887 19.4",
	     "Codes outside the registry mean something to their inventor only.", experimental,
	     .of = OF_OPTION),
	RULE("option-two-meanings", PCP_NOTE, "RFC 6887 19.4", "Some codes have had two meanings.",
	     two_meanings, .of = OF_OPTION),
	RULE("tag-not-last", PCP_ERROR, "RFC 7652 5.4, 5.5",
	     "An authentication tag is the last option.", tag_not_last, .of = OF_OPTION),
};

const struct lint_rules lint_option_rules = RULES(rules, lint_has_options);
