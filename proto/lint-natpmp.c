/* NAT-PMP messages, alone and against their request: RFC 6886 3. */
#include "epoch.h"
#include "lint-private.h"
#include "text.h"

/* The only row of a NAT-PMP message. */
static const struct pcp_layout *row(const struct lint_view *view)
{
	return view->natpmp && view->packet->nnode ? view->packet->node[0].layout : NULL;
}

/* Field of the message by key, if it is there. */
static const struct pcp_field *field(const struct lint_view *view, const char *key)
{
	const struct pcp_layout *layout = row(view);

	for (size_t i = 0; layout && i < layout->nfield; i++) {
		const struct pcp_field *f = &layout->field[i];

		if (pcp_name_equal(f->key, key) && (size_t)f->off + f->len <= view->len)
			return f;
	}
	return NULL;
}

static uint32_t value(const struct lint_view *view, const char *key)
{
	const struct pcp_field *f = field(view, key);

	return f ? pcp_get(f, view->octets) : 0;
}

static bool is_map(const struct lint_view *view)
{
	uint8_t opcode = view->packet->opcode;

	return row(view) && (opcode == NATPMP_MAP_UDP || opcode == NATPMP_MAP_TCP);
}

static void wrong_length(struct pcp_lint *lint)
{
	const struct pcp_layout *layout = row(&lint->packet);

	/* An error may end behind the fields that say so. */
	if (!layout || !layout->max_len || lint->packet.len == layout->max_len)
		return;
	if (!lint->packet.request && value(&lint->packet, "result") && lint->packet.len >= 8)
		return;
	lint_found(lint, 0, lint->packet.len, "%zu octet%s instead of %u.", lint->packet.len,
		   pcp_s(lint->packet.len), layout->max_len);
}

static void opcode_unknown(struct pcp_lint *lint)
{
	if (row(&lint->packet) && lint->packet.len > 1 &&
	    !pcp_name(pcp_natpmp_opcode_names, lint->packet.packet->opcode))
		lint_found(lint, 1, 1, "NAT-PMP has no opcode %u.", lint->packet.packet->opcode);
}

static void result_unknown(struct pcp_lint *lint)
{
	uint32_t result = value(&lint->packet, "result");

	if (row(&lint->packet) && !lint->packet.request &&
	    !pcp_name(pcp_natpmp_result_names, result))
		lint_found(lint, 2, 2, "NAT-PMP has no result %u; it counts as fatal.", result);
}

static void refusal_r_clear(struct pcp_lint *lint)
{
	if (row(&lint->packet) && !lint->packet.request && lint->packet.len > 1 &&
	    !(lint->packet.octets[1] & PCP_R))
		lint_found(lint, 1, 1,
			   "The refusal has the response bit clear, as RFC 6886 draws it.");
}

static void delete_suggests(struct pcp_lint *lint)
{
	const struct lint_view *view = &lint->packet;
	const struct pcp_field *port = field(view, "suggested_external_port");

	if (view->request && is_map(view) && port && field(view, "lifetime") &&
	    !value(view, "lifetime") && pcp_get(port, view->octets))
		lint_found(lint, port->off, port->len, "A delete suggests port %u.",
			   pcp_get(port, view->octets));
}

static void delete_all(struct pcp_lint *lint)
{
	const struct lint_view *view = &lint->packet;
	const struct pcp_field *port = field(view, "internal_port");

	if (view->request && is_map(view) && port && field(view, "lifetime") &&
	    !value(view, "lifetime") && !pcp_get(port, view->octets))
		lint_found(lint, port->off, port->len,
			   "This deletes all mappings of the protocol.");
}

static bool is_answer(const struct pcp_lint *lint)
{
	return lint->request.packet && lint->request.request && !lint->packet.request &&
	       is_map(&lint->packet) && is_map(&lint->request) &&
	       value(&lint->packet, "result") == 0;
}

static void opcode_changed(struct pcp_lint *lint)
{
	const struct lint_view *ours = &lint->request, *theirs = &lint->packet;

	if (ours->packet && ours->natpmp && theirs->natpmp && ours->request && !theirs->request &&
	    ours->len > 1 && theirs->len > 1 && theirs->octets[1] & PCP_R &&
	    ours->packet->opcode != theirs->packet->opcode)
		lint_found(lint, 1, 1, "Answers opcode %u; the request had %u.",
			   theirs->packet->opcode, ours->packet->opcode);
}

static void epoch_back(struct pcp_lint *lint)
{
	const struct pcp_field *epoch = field(&lint->packet, "epoch");
	const struct pcp_lint_context *before = lint->context;

	if (epoch && !lint->packet.request && before->have_epoch &&
	    !pcp_epoch_goes_on_natpmp(before->epoch, pcp_get(epoch, lint->packet.octets),
				      before->elapsed))
		lint_found(lint, epoch->off, epoch->len,
			   "%u s, less than expected: the gateway has lost its state.",
			   pcp_get(epoch, lint->packet.octets));
}

static void internal_port_changed(struct pcp_lint *lint)
{
	const struct pcp_field *port = field(&lint->packet, "internal_port");

	if (is_answer(lint) && port && field(&lint->request, "internal_port") &&
	    (pcp_get(port, lint->packet.octets) != value(&lint->request, "internal_port") ||
	     lint->packet.packet->opcode != lint->request.packet->opcode))
		lint_found(lint, port->off, port->len,
			   "Asked for %s port %u, answered for %s port %u.",
			   pcp_name(pcp_natpmp_opcode_names, lint->request.packet->opcode),
			   value(&lint->request, "internal_port"),
			   pcp_name(pcp_natpmp_opcode_names, lint->packet.packet->opcode),
			   value(&lint->packet, "internal_port"));
}

static void lifetime_longer(struct pcp_lint *lint)
{
	const struct pcp_field *lifetime = field(&lint->packet, "lifetime");

	if (is_answer(lint) && lifetime && field(&lint->request, "lifetime") &&
	    pcp_get(lifetime, lint->packet.octets) > value(&lint->request, "lifetime"))
		lint_found(lint, lifetime->off, lifetime->len, "%u s granted, %u asked for.",
			   pcp_get(lifetime, lint->packet.octets),
			   value(&lint->request, "lifetime"));
}

static void delete_external(struct pcp_lint *lint)
{
	const struct pcp_field *port = field(&lint->packet, "mapped_external_port");

	if (is_answer(lint) && port && field(&lint->request, "lifetime") &&
	    !value(&lint->request, "lifetime") && pcp_get(port, lint->packet.octets))
		lint_found(lint, port->off, port->len, "A confirmed delete names external port %u.",
			   pcp_get(port, lint->packet.octets));
}

static const struct pcp_rule rules[] = {
	RULE("natpmp-length", PCP_ERROR, "RFC 6886 3.2, 3.3",
	     "NAT-PMP messages have fixed lengths.", wrong_length),
	RULE("natpmp-opcode-unknown", PCP_WARNING, "RFC 6886 3.5",
	     "NAT-PMP has opcodes 0, 1 and 2.", opcode_unknown),
	RULE("natpmp-result-unknown", PCP_WARNING, "RFC 6886 3.5", "NAT-PMP has results 0 to 5.",
	     result_unknown),
	RULE("natpmp-refusal-r-clear", PCP_NOTE, "RFC 6886 3.5",
	     "A refused version may come with the response bit clear.", refusal_r_clear),
	RULE("natpmp-delete-suggests", PCP_ERROR, "RFC 6886 3.4",
	     "A delete has suggested external port 0.", delete_suggests),
	RULE("natpmp-delete-all", PCP_NOTE, "RFC 6886 3.4",
	     "Internal port 0 and lifetime 0 delete all of the client's mappings of the protocol.",
	     delete_all),
	RULE("natpmp-opcode-changed", PCP_ERROR, "RFC 6886 3.2, 3.3",
	     "An answer has the opcode of its request.", opcode_changed),
	RULE("natpmp-epoch", PCP_WARNING, "RFC 6886 3.6",
	     "The epoch goes on at least at seven eighths of the client's clock.", epoch_back),
	RULE("natpmp-internal-port-changed", PCP_ERROR, "RFC 6886 3.3",
	     "An answer is about the protocol and port that were asked for.",
	     internal_port_changed),
	RULE("natpmp-lifetime-longer", PCP_WARNING, "RFC 6886 3.3",
	     "A gateway should not grant more lifetime than asked for.", lifetime_longer),
	RULE("natpmp-delete-external", PCP_ERROR, "RFC 6886 3.4",
	     "A confirmed delete has external port 0.", delete_external),
};

const struct lint_rules lint_natpmp_rules = RULES(rules);
