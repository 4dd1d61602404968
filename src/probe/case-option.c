/* Group B: how options are framed, on ANNOUNCE, which changes nothing. */
#include "probe-private.h"

#include <string.h>

enum { MANDATORY = 63, OPTIONAL = 223 }; /* that no document assigns */

static struct pcp_edit announce(struct probe_test *t)
{
	return case_plain(t, PCP_VERSION_2, PCP_ANNOUNCE, 0, 0);
}

/* A success that returns nothing of what was not understood. */
static void skipped(struct probe_test *t, const struct probe_answer *a)
{
	case_result(t, a, PCP_SUCCESS);
	case_must(t, a->len == PCP_HEADER_LEN, "the answer has %zu octets: the option comes back",
		  a->len);
}

static void mandatory(struct probe_test *t)
{
	struct pcp_edit request = announce(t);
	const struct probe_answer *a;

	case_option(&request, MANDATORY, "\1\2\3\4", 4);
	a = case_ask_form(t, &request);
	case_refusal(t, a, PCP_UNSUPP_OPTION);
	case_copied(t, a, &request);
}

static void optional(struct probe_test *t)
{
	struct pcp_edit request = announce(t);
	const struct probe_answer *a;

	case_option(&request, OPTIONAL, "\1\2\3\4", 4);
	a = case_ask(t, &request);
	if (case_goes_on(t) && case_code(a) == PCP_SUCCESS && a->len > PCP_HEADER_LEN)
		t->probe->profile.echoes = true;
	skipped(t, a);
}

static void padded(struct probe_test *t)
{
	struct pcp_edit request = announce(t);

	case_option(&request, OPTIONAL, "\1\2\3\4\5", 5);
	skipped(t, case_ask(t, &request));
}

/* An option whose Length runs past the packet. */
static void overrun(struct probe_test *t, const uint8_t option[8])
{
	struct pcp_edit request = announce(t);
	const struct probe_answer *a;

	case_append(&request, option, 8);
	a = case_ask_firm(t, &request);
	case_must(t, !a->silent, "silence, should be MALFORMED_OPTION");
	case_refusal(t, a, PCP_MALFORMED_OPTION);
	case_copied(t, a, &request);
}

static void overrun_optional(struct probe_test *t)
{
	overrun(t, (const uint8_t[8]){ OPTIONAL, 0, 0, 100, 1, 2, 3, 4 });
}

static void overrun_mandatory(struct probe_test *t)
{
	overrun(t, (const uint8_t[8]){ MANDATORY, 0, 0xff, 0xff, 1, 2, 3, 4 });
}

static void ignores_reserved(struct probe_test *t)
{
	static const uint8_t option[] = { OPTIONAL, 0xff, 0, 5, 1, 2, 3, 4, 5, 0xff, 0xff, 0xff };
	struct pcp_edit request = announce(t);

	case_append(&request, option, sizeof option);
	skipped(t, case_ask(t, &request));
}

static void twice(struct probe_test *t)
{
	struct pcp_edit request = announce(t);

	case_option(&request, OPTIONAL, "\1\2\3\4", 4);
	case_option(&request, OPTIONAL, "\1\2\3\4", 4);
	skipped(t, case_ask(t, &request));
}

static void structure_first(struct probe_test *t)
{
	static const uint8_t cut[] = { OPTIONAL, 0, 0, 100 };
	struct pcp_edit request = announce(t);

	case_option(&request, MANDATORY, "\1\2\3\4", 4);
	case_append(&request, cut, sizeof cut);
	case_refusal(t, case_ask_form(t, &request), PCP_MALFORMED_OPTION);
}

static void out_of_place(struct probe_test *t)
{
	struct pcp_edit request = announce(t);
	const struct probe_answer *a;

	case_option(&request, PCP_PREFER_FAILURE, NULL, 0);
	a = case_ask_form(t, &request);
	if (case_code(a) != PCP_UNSUPP_OPTION)
		case_refusal(t, a, PCP_MALFORMED_OPTION);
}

static void reserved_codes(struct probe_test *t)
{
	static const uint8_t codes[] = { 0, 127 };

	for (size_t i = 0; i < sizeof codes; i++) {
		struct pcp_edit request = announce(t);

		case_option(&request, codes[i], "\1\2\3\4", 4);
		case_refusal(t, case_ask_form(t, &request), PCP_UNSUPP_OPTION);
	}
}

static const struct probe_case rows[] = {
	{ .id = "B01",
	  .ref = "RFC 6887 7.3",
	  .level = "MUST",
	  .title = "an unknown mandatory option",
	  .demand =
		  "a PCP server MUST return the error MALFORMED_OPTION if the option contents are "
		  "malformed, or UNSUPP_OPTION if the option is unrecognized",
	  .sends = "ANNOUNCE with option 63",
	  .passes = "UNSUPP_OPTION, the option returned",
	  .fails = "SUCCESS or another copy; weak: another result",
	  .run = mandatory },
	{ .id = "B02",
	  .ref = "RFC 6887 7.3",
	  .level = "MUST",
	  .title = "an unknown optional option",
	  .demand = "In success responses, all processed options are included and unprocessed "
		    "options "
		    "are not included.",
	  .sends = "ANNOUNCE with option 223",
	  .passes = "SUCCESS without it",
	  .fails = "an error, or the option comes back",
	  .flags = PROBE_QUICK,
	  .run = optional },
	{ .id = "B03",
	  .ref = "RFC 6887 7.3",
	  .level = "MUST",
	  .title = "padding behind an option",
	  .demand = "Options that are not a multiple of 4 octets long are followed by one, two, or "
		    "three 0 octets to pad their effective length in the packet to be a multiple "
		    "of 4 octets.",
	  .sends = "option 223 of 5 octets and 3 of padding",
	  .passes = "SUCCESS without it",
	  .fails = "an error: the padding was misread",
	  .run = padded },
	{ .id = "B04",
	  .ref = "RFC 6887 7.3",
	  .level = "MUST",
	  .title = "a Length past the end of the packet",
	  .demand = "If the overall option structure of a request cannot successfully be parsed "
		    "(e.g., a nonsensical option length), the PCP server MUST generate an error "
		    "response with code MALFORMED_OPTION.",
	  .sends = "option 223 with Length 100 and 4 octets",
	  .passes = "MALFORMED_OPTION, the request copied",
	  .fails = "SUCCESS, another copy, or silence; weak: another result",
	  .run = overrun_optional },
	{ .id = "B05",
	  .ref = "RFC 6887 7.3",
	  .level = "MUST",
	  .title = "a Length of 65535",
	  .demand = "If the overall option structure of a request cannot successfully be parsed "
		    "(e.g., a nonsensical option length), the PCP server MUST generate an error "
		    "response with code MALFORMED_OPTION.",
	  .sends = "option 63 with Length 65535 and 4 octets",
	  .passes = "MALFORMED_OPTION, the request copied",
	  .fails = "SUCCESS, another copy, or silence; weak: another result",
	  .run = overrun_mandatory },
	{ .id = "B06",
	  .ref = "RFC 6887 7.3",
	  .level = "MUST",
	  .title = "reserved bits and padding of an option",
	  .demand = "MUST be set to 0 on transmission and MUST be ignored on reception.",
	  .sends = "option 223 with 0xff in its reserved octet and its padding",
	  .passes = "SUCCESS without it",
	  .fails = "an error",
	  .run = ignores_reserved },
	{ .id = "B07",
	  .ref = "RFC 6887 7.3",
	  .level = "MUST",
	  .title = "an unknown option twice",
	  .demand = "and the option is understood by the PCP server, the PCP server MUST respond "
		    "with the MALFORMED_OPTION result code.",
	  .sends = "option 223 twice",
	  .passes = "SUCCESS: what is not understood is not too much",
	  .fails = "an error",
	  .run = twice },
	{ .id = "B08",
	  .ref = "RFC 6887 7.3",
	  .level = "MUST",
	  .title = "the structure counts before the codes",
	  .demand = "If the overall option structure of a request cannot successfully be parsed "
		    "(e.g., a nonsensical option length), the PCP server MUST generate an error "
		    "response with code MALFORMED_OPTION.",
	  .sends = "option 63, then option 223 cut off",
	  .passes = "MALFORMED_OPTION",
	  .fails = "SUCCESS; weak: another result",
	  .run = structure_first },
	{ .id = "B09",
	  .ref = "RFC 6887 13",
	  .level = "MUST",
	  .title = "PREFER_FAILURE on ANNOUNCE",
	  .demand = "These options MUST NOT appear with other Opcodes, unless permitted by those "
		    "other Opcodes.",
	  .sends = "ANNOUNCE with PREFER_FAILURE",
	  .passes = "UNSUPP_OPTION or MALFORMED_OPTION",
	  .fails = "SUCCESS; weak: another result",
	  .run = out_of_place },
	{ .id = "B10",
	  .ref = "RFC 6887 19.4",
	  .level = "info",
	  .title = "option codes that are reserved",
	  .demand = "The option values 0, 127, and 255 are Reserved",
	  .sends = "ANNOUNCE with option 0, then with 127",
	  .passes = "UNSUPP_OPTION",
	  .fails = "SUCCESS; weak: another result",
	  .run = reserved_codes },
};

const struct probe_group probe_group_b = { 'B', "Framing of options", rows,
					   sizeof rows / sizeof *rows };
