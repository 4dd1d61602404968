/* What came of a request, in one sentence that a person can act on; its refusals and silences. */
#include "answer-private.h"

#include <string.h>

/* The engine has it, and the log has nothing of it. */
static bool is_held(const struct answer *answer)
{
	return answer->client && pcp_client_exchange(answer->client, answer->exchange);
}

enum answer_verdict answer_verdict(const struct answer *answer)
{
	struct scene scene;

	if (scene_look(&scene, answer))
		return scene_verdict(&scene);
	return is_held(answer) ? ANSWER_HELD : ANSWER_UNKNOWN;
}

const char *answer_verdict_name(enum answer_verdict verdict)
{
	static const char *const names[] = {
		[ANSWER_GRANTED] = "granted",
		[ANSWER_OTHERWISE] = "otherwise",
		[ANSWER_REFUSED] = "refused",
		[ANSWER_WAITING] = "waiting",
		[ANSWER_IGNORED] = "ignored",
		[ANSWER_SILENT] = "silent",
		[ANSWER_UNREACHABLE] = "unreachable",
		[ANSWER_CANCELLED] = "cancelled",
		[ANSWER_HELD] = "held",
		[ANSWER_UNKNOWN] = "unknown",
	};

	return names[verdict];
}

bool answer_came(const struct answer *answer)
{
	enum answer_verdict verdict = answer_verdict(answer);

	return verdict == ANSWER_GRANTED || verdict == ANSWER_OTHERWISE ||
	       verdict == ANSWER_REFUSED;
}

/* ---- refused ---- */

/* How much longer it asks not to be asked; 0: no longer, or it did not say (RFC 6887 7.2). */
static uint32_t seconds_left(const struct scene *scene)
{
	const struct message *reply = scene->reply;
	uint32_t lifetime;
	usec left, since;

	if (scene->got.natpmp || reply->len < 8)
		return 0;
	lifetime = pcp_get(&pcp_response_fields[HDR_LIFETIME], reply->octets);
	if (scene_result(scene) == PCP_UNSUPP_VERSION && lifetime > CLIENT_VERSION_AGAIN)
		lifetime = CLIENT_VERSION_AGAIN;
	since = scene->answer->now - reply->at;
	if (since < 0) /* a moment of a capture before it came */
		since = 0;
	left = (usec)lifetime * USEC_PER_SEC - since;
	return left > 0 ? (uint32_t)((left + USEC_PER_SEC - 1) / USEC_PER_SEC) : 0;
}

static void name_result(const struct scene *scene, const char **name, const char **meaning)
{
	const struct pcp_result *result = pcp_result(scene_result(scene));
	const struct pcp_name *row = pcp_natpmp_result_names;

	*name = result ? result->name : NULL;
	*meaning = result ? result->meaning : NULL;
	if (!scene->got.natpmp || scene_result(scene) == PCP_UNSUPP_VERSION)
		return;
	while (row->name && row->code != scene_result(scene))
		row++;
	*name = row->name;
	*meaning = row->help;
}

/* Where the first sentence ends, or a clause of it: "8.2" and "0:30:00" are neither. */
static size_t up_to(const char *text, const char *marks)
{
	size_t at = strcspn(text, marks);

	while (text[at] && text[at + 1] && text[at + 1] != ' ')
		at += 1 + strcspn(text + at + 1, marks);
	return at;
}

static void add_meaning(struct pieces *pieces, const char *meaning)
{
	size_t clause = up_to(meaning, ".:;"), rest = up_to(meaning, ".") - clause;

	if (clause)
		pieces_add_prose(pieces, PIECE_DETAIL, ": %.*s", (int)clause, meaning);
	if (rest)
		pieces_add(pieces, PIECE_ADVICE, "%.*s", (int)rest, meaning + clause);
}

/* What is said of a result in general is less than which port it is that was asked for. */
static bool add_unavailable(struct pieces *pieces, const struct scene *scene)
{
	const struct terms *asked = &scene->asked;

	if (scene->got.natpmp || scene_result(scene) != PCP_CANNOT_PROVIDE_EXTERNAL ||
	    !asked->of_mapping || !asked->outside.port)
		return false;
	pieces_add(pieces, PIECE_UNIT, ": %s %u is not to be had",
		   pcp_protocol_text(asked->protocol).text, asked->outside.port);
	return true;
}

static void refused(struct pieces *pieces, const struct scene *scene)
{
	const char *name, *meaning, *why = scene->reply ? scene->reply->reason : "";
	const char *lab_why = scene->answer->lab_why;
	char left[32];
	uint32_t seconds;
	bool told;

	name_result(scene, &name, &meaning);
	if (name)
		pieces_add(pieces, PIECE_KEEP, "%s", name);
	else
		pieces_add(pieces, PIECE_KEEP, "result %u, which no document knows",
			   scene_result(scene));
	told = add_unavailable(pieces, scene);
	if (lab_why)
		pieces_add_prose(pieces, told ? PIECE_DETAIL : PIECE_UNIT, " (lab: %s)", lab_why);
	if (scene->got.opcode == PCP_GET && scene_result(scene) == PCP_UNSUPP_OPCODE)
		pieces_add(pieces, PIECE_DETAIL, ": GET is a draft, not known there");
	else if (scene->got.opcode == PCP_GET && scene_result(scene) == PCP_MALFORMED_REQUEST)
		pieces_add(pieces, PIECE_DETAIL,
			   ": GET is a draft; who does not know it may answer so");
	else /* what the engine makes of it is nearer than what it means in general */
		add_meaning(pieces, *why ? why : meaning && !lab_why && !told ? meaning : "");
	seconds = scene->reply ? seconds_left(scene) : 0;
	pcp_seconds_text(seconds, left, sizeof left);
	if (seconds) /* an exact reason is worth more: it says what to ask instead */
		pieces_add(pieces, lab_why && !told ? PIECE_DETAIL : PIECE_LIFETIME,
			   "; ask again in %s", left);
}

/* ---- nothing that counts ---- */

static bool asked_in_natpmp_alone(const struct scene *scene)
{
	return scene->natpmp && !scene->pcp;
}

static void unheeded(struct pieces *pieces, const struct scene *scene)
{
	const struct exchange *exchange = scene->exchange;
	const struct message *last = scene->ignored;
	char from[ENDPOINT_TEXT], asked[ENDPOINT_TEXT];

	pcp_endpoint_text(scene->request->to, asked, sizeof asked);
	pieces_add(pieces, PIECE_KEEP,
		   exchange->ignored == 1 ? "%u answer ignored" : "%u answers ignored",
		   exchange->ignored);
	if (!last)
		return;
	pcp_endpoint_text(last->from, from, sizeof from);
	pieces_add_prose(pieces, PIECE_DETAIL, "%s: %s", exchange->ignored > 1 ? ", the last" : "",
			 last->reason);
	if (!pcp_endpoint_same(last->from, scene->request->to))
		pieces_add(pieces, PIECE_ADVICE, "; -s %s asks that address", from);
	else if (asked_in_natpmp_alone(scene))
		pieces_add(pieces, PIECE_ADVICE, "; without --nat-pmp, %s is asked in PCP first",
			   asked);
	if (exchange->state == EXCHANGE_WAITING && !scene->answer->over)
		pieces_add(pieces, PIECE_AS_ASKED, "; still waiting");
}

/* What silence means: our own lab says it, and of others RFC 6887 10.2. */
static void add_silence(struct pieces *pieces, bool natpmp_only, const char *lead,
			const char *lab_why)
{
	if (lab_why) {
		pieces_add_prose(pieces, PIECE_DETAIL, " (lab: %s)", lab_why);
		return;
	}
	pieces_add(pieces, PIECE_DETAIL,
		   natpmp_only ? "%s no NAT, or it does not speak NAT-PMP"
			       : "%s no NAT or firewall, or it does not speak PCP",
		   lead);
	pieces_add(pieces, PIECE_ADVICE,
		   natpmp_only ? "; without --nat-pmp, PCP is tried first"
			       : "; from here the two look alike");
}

static void waiting(struct pieces *pieces, const struct scene *scene)
{
	const struct exchange *exchange = scene->exchange;
	usec now = scene->answer->now, next = exchange->next_at;
	char server[ENDPOINT_TEXT];

	pcp_endpoint_text(scene->request->to, server, sizeof server);
	if (exchange->answers) {
		pieces_add(pieces, PIECE_KEEP, "%s refused the version; it is asked in another",
			   server);
		return;
	}
	pieces_add(pieces, PIECE_KEEP,
		   scene_unsent(scene) ? "%s is not reached: %u %s" : "%s says nothing: %u %s",
		   server, exchange->sends, exchange->sends == 1 ? "try" : "tries");
	pieces_add(pieces, PIECE_LIFETIME, " in %.0f s", (double)(now - scene->request->at) / 1e6);
	if (next != USEC_NEVER && next > now)
		pieces_add(pieces, PIECE_UNIT, ", the next in %.0f s", (double)(next - now) / 1e6);
	if (scene_unsent(scene))
		pieces_add(pieces, PIECE_DETAIL, "; %s", scene->last->reason);
	else if (exchange->sends > 1)
		add_silence(pieces, asked_in_natpmp_alone(scene), ";", scene->answer->lab_why);
}

static void silent(struct pieces *pieces, const struct pcp_endpoint *server, bool natpmp_only,
		   const char *lab_why)
{
	char text[ENDPOINT_TEXT];

	pcp_endpoint_text(server, text, sizeof text);
	pieces_add(pieces, PIECE_KEEP, "No answer from %s", text);
	add_silence(pieces, natpmp_only, ":", lab_why);
}

size_t answer_silence(const struct pcp_endpoint *server, bool natpmp_only, unsigned width,
		      char *buf, size_t cap)
{
	struct pieces pieces = { .n = 0 };

	silent(&pieces, server, natpmp_only, NULL);
	return pieces_join(&pieces, width, buf, cap);
}

static void unreachable(struct pieces *pieces, const struct scene *scene)
{
	const char *what = scene->exchange->what ? scene->exchange->what : "unreachable";
	char server[ENDPOINT_TEXT];

	pcp_endpoint_text(scene->request->to, server, sizeof server);
	if (scene_unsent(scene))
		what = scene->last->reason;
	pieces_add(pieces, PIECE_KEEP, "%s: %s", server, what);
	if (scene_unsent(scene))
		return;
	if (strstr(what, "port"))
		pieces_add(pieces, PIECE_DETAIL, ". There is a host, but no %s on it",
			   scene->pcp ? "PCP or NAT-PMP" : "NAT-PMP");
}

/* Only renewals are held, and which of the mappings it is for tells until when. */
static void held(struct pieces *pieces, const struct answer *answer)
{
	const struct pcp_mapping *m = NULL;

	for (size_t i = 0; i < pcp_client_nmappings(answer->client); i++)
		if ((m = pcp_client_mapping_at(answer->client, i))->exchange == answer->exchange)
			break;
	pieces_add(pieces, PIECE_KEEP, "not sent yet");
	if (!m || m->exchange != answer->exchange || m->next_at == USEC_NEVER)
		return;
	if (m->next_at > answer->now)
		pieces_add(pieces, PIECE_LIFETIME, ": it goes in %.0f s",
			   (double)(m->next_at - answer->now) / 1e6);
	pieces_add(pieces, PIECE_DETAIL,
		   ", since renewals are at least four seconds apart (11.2.1)");
}

size_t answer_sentence(const struct answer *answer, unsigned width, char *buf, size_t cap)
{
	struct pieces pieces = { .n = 0, .ascii = answer->ascii };
	struct scene scene;

	if (!scene_look(&scene, answer)) {
		if (is_held(answer))
			held(&pieces, answer);
		return pieces_join(&pieces, width, buf, cap);
	}
	switch (scene_verdict(&scene)) {
	case ANSWER_GRANTED:
	case ANSWER_OTHERWISE:
		answer_granted(&pieces, &scene);
		break;
	case ANSWER_REFUSED:
		refused(&pieces, &scene);
		break;
	case ANSWER_WAITING:
		waiting(&pieces, &scene);
		break;
	case ANSWER_IGNORED:
		unheeded(&pieces, &scene);
		break;
	case ANSWER_SILENT:
		silent(&pieces, scene.request->to, asked_in_natpmp_alone(&scene), answer->lab_why);
		break;
	case ANSWER_UNREACHABLE:
		unreachable(&pieces, &scene);
		break;
	case ANSWER_CANCELLED:
		pieces_add(&pieces, PIECE_KEEP, "%s",
			   scene.exchange->what ? scene.exchange->what : "given up");
		break;
	case ANSWER_HELD:
	case ANSWER_UNKNOWN:
		break;
	}
	return pieces_join(&pieces, width, buf, cap);
}
