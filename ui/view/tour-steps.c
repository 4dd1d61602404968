/* The lesson: its steps, what makes each done, and the values that their texts tell. */
#include "tour-steps.h"

#include <stdio.h>
#include <string.h>

#include "text.h"
#include "words.h"

/* ---- what happened ---- */

static bool since(const struct ui *ui, uint32_t exchange)
{
	return exchange > ui->tour.exchange;
}

static bool granted(const struct pcp_client_event *event, uint8_t opcode)
{
	return event->kind == CLIENT_MAPPING && event->mapping->opcode == opcode &&
	       event->mapping->state == MAPPING_GRANTED;
}

static bool was_granted(struct ui *ui, const struct pcp_client_event *event)
{
	if (!granted(event, PCP_MAP))
		return false;
	ui->tour.mapping = event->mapping->id;
	return true;
}

static bool was_told_the_flow(struct ui *ui, const struct pcp_client_event *event)
{
	if (!granted(event, PCP_PEER))
		return false;
	ui->tour.mapping = event->mapping->id;
	return true;
}

static bool was_restarted(struct ui *ui, const struct pcp_client_event *event)
{
	(void)ui;
	return event->kind == CLIENT_RESTARTED;
}

static bool was_sent_again(struct ui *ui, const struct pcp_client_event *event)
{
	(void)ui;
	return event->kind == CLIENT_RESENT;
}

/* ---- what was asked before the step ---- */

static bool asked_with_that_nonce(const struct message *request)
{
	static const uint8_t nonce[PCP_NONCE_LEN] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 0x10, 0x11, 0x12 };
	size_t off = PCP_HEADER_LEN + pcp_map_fields[MAP_NONCE].off;

	return request->len >= off + sizeof nonce &&
	       !memcmp(request->octets + off, nonce, sizeof nonce);
}

static bool asked_for_5351(const struct message *request)
{
	const struct pcp_field *port = &pcp_map_fields[MAP_EXTERNAL_PORT];

	return request->len >= (uint32_t)PCP_HEADER_LEN + port->off + port->len &&
	       pcp_get(port, request->octets + PCP_HEADER_LEN) == PCP_SERVER_PORT;
}

uint32_t tour_done_before(const struct ui *ui, const struct tour_step *step)
{
	const struct log *log = session_log(ui->session);

	for (size_t i = step->asked ? log_nexchanges(log) : 0; i-- > 0;) {
		const struct exchange *exchange = log_exchange_at(log, i);
		const struct message *request = log_message(log, exchange->first);

		if (exchange->state == EXCHANGE_ANSWERED && exchange->result == step->refusal &&
		    request && request->octets[1] == PCP_MAP && step->asked(request))
			return exchange->id;
	}
	return 0;
}

/* ---- what there is to see ---- */

static bool has_moved_in_decode(struct ui *ui)
{
	struct tour *tour = &ui->tour;

	if (ui_front(ui) != VIEW_DECODE || ui->selection.kind == SELECT_PREVIEW)
		return false;
	if (!tour->lit) {
		tour->lit = true;
		tour->octet = ui->selection.off;
	}
	return ui->selection.off != tour->octet;
}

static bool is_deleted(struct ui *ui)
{
	const struct pcp_mapping *m = tour_mapping(ui);

	return m ? m->state == MAPPING_DELETED : ui->tour.mapping != 0;
}

static bool has_listed(struct ui *ui)
{
	const struct exchange *last = tour_last(ui);
	const struct message *request =
		last ? log_message(session_log(ui->session), last->first) : NULL;

	return request && since(ui, last->id) && request->len > 1 &&
	       request->octets[1] == PCP_GET && last->state == EXCHANGE_ANSWERED &&
	       !session_task(ui->session);
}

static bool has_all_back(struct ui *ui)
{
	return !tour_any_lost(ui) && tour_any_stands(ui) && !tour_waiting(ui);
}

static bool has_come_through(struct ui *ui)
{
	const struct exchange *last = tour_last(ui);

	return last && last->state == EXCHANGE_ANSWERED;
}

static bool has_stayed(struct ui *ui)
{
	bool asks = *ui->question.text != '\0', stayed = ui->tour.asked && !asks;

	ui->tour.asked = asks;
	return stayed;
}

/* ---- the steps ---- */

#define TYPED (NEED_LIVE | NEED_WELL)

const struct tour_step tour_steps[] = {
	{ .title = "Ask for a port",
	  .needs = TYPED | NEED_PANES | NEED_ASKING,
	  .why = "A step names keys: F8 types them, :tour next goes on without it. This one: "
		 "Compose holds a request: let the Internet reach a port of this host for an hour.",
	  .act = "Press `<send>` to send it.",
	  .heard = was_granted,
	  .saw = "The gateway gave you {outside} for {left}: who calls there reaches {inside}. The "
		 "line below says so in one sentence, and Mappings counts it down." },
	{ .title = "Read the answer",
	  .needs = NEED_LIVE | NEED_DECODE | NEED_MESSAGE | NEED_BELOW,
	  .why = "Decode has the answer as fields and as octets.",
	  .act = "`<down>` goes to the next field and lights its octets; the line above the keys "
		 "says "
		 "what it means.",
	  .seen = has_moved_in_decode,
	  .saw = "First a header of 24 octets, here a line that Space unfolds, with the result and "
		 "the gateway's epoch: the seconds since it last forgot all. Then MAP. Its nonce "
		 "is the request's: the key to your "
		 "mapping." },
	{ .title = "Lose your key",
	  .needs = TYPED | NEED_OURS,
	  .why = "Ask once more, but with another nonce.",
	  .act = "Type `:map {port} {port} {protocol} -no 0x010203040506070809101112` and "
		 "`<accept>`.",
	  .refusal = PCP_NOT_AUTHORIZED,
	  .asked = asked_with_that_nonce,
	  .saw = "NOT_AUTHORIZED: who does not know the nonce cannot change a mapping. The "
		 "answer's "
		 "lifetime is what yours has left." },
	{ .title = "Give it back",
	  .needs = TYPED | NEED_OURS | NEED_MAPPINGS | NEED_ROW,
	  .why = "A mapping is deleted by asking for it again, for no time at all.",
	  .act = "Press `<delete>` on its row.",
	  .seen = is_deleted,
	  .saw = "The row says deleted, and goes in a moment; the port is kept two minutes for "
		 "whoever had it. Exchanges keeps a line about it." },
	{ .title = "Insist",
	  .needs = TYPED,
	  .why = "PREFER_FAILURE wants exactly one port or none; 5351 a gateway keeps for itself.",
	  .act = "Type `:map 8080 5351 udp -pf` and `<accept>`.",
	  .refusal = PCP_CANNOT_PROVIDE_EXTERNAL,
	  .asked = asked_for_5351,
	  .saw = "CANNOT_PROVIDE_EXTERNAL. Without -pf a port is only a wish: you would have got "
		 "another, and the line below would have said which." },
	{ .title = "Describe a flow",
	  .needs = TYPED,
	  .why = "A connection that you make has a port outside, too. PEER asks which one.",
	  .act = "Type `:peer 4000 0 tcp 443 198.51.100.7` and `<accept>`.",
	  .heard = was_told_the_flow,
	  .saw = "198.51.100.7 sees you as {outside}, and while the flow is idle the gateway keeps "
		 "it "
		 "for {left}." },
	{ .title = "List what stands",
	  .needs = TYPED,
	  .why = "GET and NEXT, a draft that most gateways lack, list what a gateway holds.",
	  .act = "Type `:walk` and `<accept>`.",
	  .seen = has_listed,
	  .saw = "Each answer says where to go on, and the last one END. The nonces come, too: who "
		 "may "
		 "walk has the keys to all of it." },
	{ .title = "Pull the plug",
	  .needs = TYPED | NEED_SOMETHING,
	  .why = "A gateway that restarts forgets its mappings, and tells everybody.",
	  .act = "Type `:lab restart` and `<accept>`.",
	  .heard = was_restarted,
	  .saw = "Its epoch fell to 0: that is how a client knows, even where it missed the "
		 "announcement. What is lost is marked so in Mappings." },
	{ .title = "Make it whole",
	  .needs = TYPED | NEED_LOSS | NEED_PANES,
	  .why = "What was lost can be asked for again, with the ports that it had.",
	  .act = "`<recover>` does.",
	  .seen = has_all_back,
	  .saw = "The same ports outside as before: nobody who calls there has noticed. With a in "
		 "Mappings a mapping does this by itself." },
	{ .title = "Lose packets",
	  .needs = NEED_LIVE | NEED_DEAF | NEED_PANES,
	  .why = "Networks lose packets.",
	  .act = "Press `<send>`, and watch the line below.",
	  .wait = "Sent, and not heard: the second try comes by itself after three seconds.",
	  .heard = was_sent_again,
	  .saw = "The same octets again, with the same nonce, and soon after 6, 12, 24 … seconds, "
		 "each up to 10 % more or less (RFC 6887 8.1.1). Exchanges counts the tries." },
	{ .title = "Let them through",
	  .needs = TYPED,
	  .why = "Nothing is lost by waiting.",
	  .act = "Press `<send>` to ask again.",
	  .wait = "The next try will be heard: wait for it.",
	  .seen = has_come_through,
	  .saw = "A late answer is as good as an early one; Exchanges has its tries, and l "
		 "there draws them all as a ladder." },
	{ .title = "Break a rule",
	  .needs = TYPED | NEED_OCTETS,
	  .why = "RAW sends octets as they are, legal or not.",
	  .act = "`<hex-end>` `<hex-left>` `<hex-delete>` take the last one out, `<hex-done>` ends "
		 "typing, `<send>` sends the rest.",
	  .refusal = PCP_MALFORMED_REQUEST,
	  .saw = "MALFORMED_REQUEST: a message has a multiple of four octets. Decode says so, too, "
		 "with the section, before anything is sent." },
	{ .title = "Leave",
	  .needs = NEED_LIVE | NEED_SOMETHING | NEED_PANES,
	  .why = "Mappings outlive the program, but for those of its own lab: the end is asked "
		 "about.",
	  .act = "Press `<quit>`, and then `<no>` to stay.",
	  .seen = has_stayed,
	  .saw = "That was the lesson. ? has every key, :help scenarios other gateways to try, "
		 ":fields NAME any option, code or rule, :open FILE reads a capture." },
};
const size_t tour_nsteps = sizeof tour_steps / sizeof *tour_steps;

/* ---- values ---- */

static void value_outside(const struct pcp_mapping *m, char *buf, size_t cap)
{
	char addr[PCP_ADDR_TEXT];

	pcp_addr_text(m->external, addr, sizeof addr);
	snprintf(buf, cap, pcp_addr_is_v4(m->external) ? "%s:%u" : "[%s]:%u", addr,
		 m->external_port);
}

static void value_inside(const struct pcp_mapping *m, char *buf, size_t cap)
{
	char addr[PCP_ADDR_TEXT];

	pcp_addr_text(m->internal, addr, sizeof addr);
	snprintf(buf, cap, pcp_addr_is_v4(m->internal) ? "%s:%u" : "[%s]:%u", addr,
		 m->internal_port);
}

static void value_port(const struct pcp_mapping *m, char *buf, size_t cap)
{
	snprintf(buf, cap, "%u", m->internal_port);
}

static void value_protocol(const struct pcp_mapping *m, char *buf, size_t cap)
{
	snprintf(buf, cap, "%s", pcp_protocol_text(m->protocol).text);
}

/* As it was granted: an explanation that counted down would be read in pieces. */
static void value_left(const struct pcp_mapping *m, char *buf, size_t cap)
{
	pcp_seconds_text(m->lifetime, buf, cap);
}

static const struct {
	const char *name;
	void (*put)(const struct pcp_mapping *m, char *buf, size_t cap);
} values[] = {
	{ "outside", value_outside },	{ "inside", value_inside }, { "port", value_port },
	{ "protocol", value_protocol }, { "left", value_left },
};

void tour_value(struct ui *ui, const char *name, size_t len, char *buf, size_t cap)
{
	const struct pcp_mapping *m = tour_mapping(ui);

	snprintf(buf, cap, "it");
	for (size_t i = 0; m && i < sizeof values / sizeof *values; i++)
		if (strlen(values[i].name) == len && !strncmp(values[i].name, name, len))
			values[i].put(m, buf, cap);
}
