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

/* ---- results ---- */

enum { OK = 0, BAD_VERSION = 1, BAD_OPCODE = 5, SHORT_ERROR = 8 };

static uint32_t result_of(const struct lint_view *view)
{
	return view->request ? OK : value(view, "result");
}

/* Result 5 returns the request (RFC 6886 3.5), so that nothing behind it is the gateway's. */
static bool returns_request(const struct lint_view *view)
{
	return result_of(view) == BAD_OPCODE;
}

/* An answer to a known NAT-PMP request. */
static bool is_answer(const struct pcp_lint *lint)
{
	return lint->request.packet && lint->request.request && lint->request.natpmp &&
	       row(&lint->packet) && !lint->packet.request;
}

/* A mapping's answer to a known request for one. */
static bool is_map_answer(const struct pcp_lint *lint)
{
	return is_answer(lint) && is_map(&lint->packet) && is_map(&lint->request);
}

/* An error may end behind its epoch, as deployed gateways send it; an unknown result tells nothing.
 */
static void wrong_length(struct pcp_lint *lint)
{
	const struct pcp_layout *layout = row(&lint->packet);
	size_t len = lint->packet.wire;
	uint32_t result = result_of(&lint->packet);

	if (!layout || !layout->max_len || len == layout->max_len ||
	    returns_request(&lint->packet) || (result && len == SHORT_ERROR) ||
	    (result == BAD_VERSION && len >= PCP_TLV_LEN))
		return;
	lint_found(lint, 0, lint->packet.len, "%zu octet%s instead of %u%s.", len, pcp_s(len),
		   layout->max_len,
		   result && len >= PCP_HEADER_LEN ? ": it looks like an error of PCP in version 0"
						   : "");
}

/* Both refusals that may keep the request's opcode (RFC 6886 3.5), a PCP one's too, do. */
static bool keeps_opcode(const struct lint_view *view)
{
	return returns_request(view) || result_of(view) == BAD_VERSION;
}

static void opcode_unknown(struct pcp_lint *lint)
{
	if (row(&lint->packet) && lint->packet.len > 1 && !keeps_opcode(&lint->packet) &&
	    !pcp_name(pcp_natpmp_opcode_names, lint->packet.packet->opcode))
		lint_found(lint, 1, 1, "NAT-PMP has no opcode %u.", lint->packet.packet->opcode);
}

static void result_unknown(struct pcp_lint *lint)
{
	uint32_t result = result_of(&lint->packet);

	if (!row(&lint->packet) || pcp_name(pcp_natpmp_result_names, result))
		return;
	if (result % 256 == 0 && pcp_name(pcp_natpmp_result_names, result / 256))
		lint_found(lint, 2, 2,
			   "NAT-PMP has no result %u; with its octets turned round it is %u.",
			   result, result / 256);
	else
		lint_found(lint, 2, 2, "NAT-PMP has no result %u; it counts as fatal.", result);
}

static void not_returned(struct pcp_lint *lint)
{
	const struct lint_view *ours = &lint->request, *theirs = &lint->packet;

	if (!is_answer(lint) || !returns_request(theirs))
		return;
	for (size_t i = PCP_TLV_LEN; i < ours->len && i < theirs->len; i++)
		if (ours->octets[i] != theirs->octets[i]) {
			lint_found(lint, i, 1, "Result 5 returns the request; octet %zu differs.",
				   i);
			return;
		}
	if (theirs->wire != ours->len && ours->len >= PCP_TLV_LEN)
		lint_found(lint, ours->len < theirs->len ? ours->len : theirs->len, 0,
			   "Result 5 returns the request, %zu octets; these are %zu.", ours->len,
			   theirs->wire);
}

static void error_address(struct pcp_lint *lint)
{
	const struct pcp_field *address = field(&lint->packet, "external_address");

	if (address && result_of(&lint->packet) && !returns_request(&lint->packet) &&
	    lint->packet.len == address->off + address->len &&
	    pcp_get_at(address, lint->packet.octets + address->off, address->len))
		lint_found(lint, address->off, address->len,
			   "An error has address 0.0.0.0; clients ignore what stands here.");
}

/* A delete that failed names the mapping that stands: RFC 6886 3.4. */
static bool may_name_mapping(const struct pcp_lint *lint)
{
	return !is_map_answer(lint) || !value(&lint->request, "lifetime");
}

static void error_fields(struct pcp_lint *lint)
{
	const struct lint_view *view = &lint->packet;
	const struct pcp_field *lifetime = field(view, "lifetime");
	const struct pcp_field *port = field(view, "mapped_external_port");

	if (!is_map(view) || !result_of(view) || returns_request(view) || !lifetime || !port)
		return;
	if (pcp_get(port, view->octets) && !may_name_mapping(lint))
		lint_found(lint, port->off, port->len, "Nothing was mapped, but it names port %u.",
			   pcp_get(port, view->octets));
	if (pcp_get(lifetime, view->octets))
		lint_found(lint, lifetime->off, lifetime->len, "Nothing was mapped, but for %u s.",
			   pcp_get(lifetime, view->octets));
}

static void port_zero(struct pcp_lint *lint)
{
	const struct lint_view *view = &lint->packet;
	const struct pcp_field *port = field(view, "mapped_external_port");

	if (is_map(view) && !view->request && !result_of(view) && port && field(view, "lifetime") &&
	    value(view, "lifetime") && !pcp_get(port, view->octets))
		lint_found(lint, port->off, port->len, "Success, but no external port.");
}

/* VPN gateways take internal port 0 as any port, which RFC 6886 3.3 gives no meaning. */
static void any_port(struct pcp_lint *lint)
{
	const struct lint_view *view = &lint->packet;
	const struct pcp_field *port = field(view, "internal_port");

	if (view->request && is_map(view) && port && field(view, "lifetime") &&
	    value(view, "lifetime") && !pcp_get(port, view->octets))
		lint_found(
			lint, port->off, port->len,
			"Internal port 0 has no meaning here; VPN gateways take it as any port.");
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

	if (is_map_answer(lint) && port && !returns_request(&lint->packet) &&
	    field(&lint->request, "internal_port") &&
	    (pcp_get(port, lint->packet.octets) != value(&lint->request, "internal_port") ||
	     lint->packet.packet->opcode != lint->request.packet->opcode))
		lint_found(lint, port->off, port->len,
			   "Asked for %s port %u, answered for %s port %u.",
			   pcp_name(pcp_natpmp_opcode_names, lint->request.packet->opcode),
			   value(&lint->request, "internal_port"),
			   pcp_name(pcp_natpmp_opcode_names, lint->packet.packet->opcode),
			   value(&lint->packet, "internal_port"));
}

static bool is_granted(const struct pcp_lint *lint)
{
	return is_map_answer(lint) && result_of(&lint->packet) == OK &&
	       field(&lint->request, "lifetime");
}

static void lifetime_longer(struct pcp_lint *lint)
{
	const struct pcp_field *lifetime = field(&lint->packet, "lifetime");

	if (is_granted(lint) && lifetime && value(&lint->request, "lifetime") &&
	    pcp_get(lifetime, lint->packet.octets) > value(&lint->request, "lifetime"))
		lint_found(lint, lifetime->off, lifetime->len, "%u s granted, %u asked for.",
			   pcp_get(lifetime, lint->packet.octets),
			   value(&lint->request, "lifetime"));
}

static void delete_external(struct pcp_lint *lint)
{
	static const char *const key[] = { "mapped_external_port", "lifetime" };

	if (!is_granted(lint) || value(&lint->request, "lifetime"))
		return;
	for (size_t i = 0; i < sizeof key / sizeof *key; i++) {
		const struct pcp_field *f = field(&lint->packet, key[i]);

		if (f && pcp_get(f, lint->packet.octets))
			lint_found(lint, f->off, f->len, "A confirmed delete has %s 0, not %u.",
				   f->kind == PCP_SECONDS ? "lifetime" : "external port",
				   pcp_get(f, lint->packet.octets));
	}
}

static bool of_natpmp(const struct pcp_lint *lint)
{
	return lint->packet.natpmp || lint->request.natpmp;
}

static const struct pcp_rule rules[] = {
	RULE("natpmp-length", PCP_ERROR, "RFC 6886 3.2, 3.3",
	     "NAT-PMP messages have fixed lengths.", wrong_length),
	RULE("natpmp-opcode-unknown", PCP_WARNING, "RFC 6886 3.5",
	     "NAT-PMP has opcodes 0, 1 and 2.", opcode_unknown),
	RULE("natpmp-result-unknown", PCP_WARNING, "RFC 6886 3.5", "NAT-PMP has results 0 to 5.",
	     result_unknown),
	RULE("natpmp-not-returned", PCP_ERROR, "RFC 6886 3.5",
	     "An unknown opcode is refused with the whole request.", not_returned),
	RULE("natpmp-error-address", PCP_NOTE, "RFC 6886 3.2, 3.5",
	     "An error has no external address.", error_address),
	RULE("natpmp-error-fields", PCP_ERROR, "RFC 6886 3.4, 3.5",
	     "An error has external port and lifetime 0.", error_fields),
	RULE("natpmp-port-zero", PCP_ERROR, "RFC 6886 3.3", "A mapping has an external port.",
	     port_zero),
	RULE("natpmp-any-port", PCP_NOTE, "RFC 6886 3.3",
	     "A request that is no delete names its internal port.", any_port),
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
	     "A confirmed delete has external port and lifetime 0.", delete_external),
};

const struct lint_rules lint_natpmp_rules = RULES(rules, of_natpmp);
