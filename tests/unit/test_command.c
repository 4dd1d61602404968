/* Command lines: splitting, the grammar of pypcpc and ours, what they compose, usage, completion.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "args.h"
#include "cmd-request.h"
#include "cmd.h"
#include "options.h"
#include "text.h"

enum { TESTS_MAX = 1024 };

static struct CMUnitTest tests[TESTS_MAX];
static size_t ntests;

static void add(const char *name, CMUnitTestFunction function, const void *row)
{
	assert_true(ntests < TESTS_MAX);
	tests[ntests++] = (struct CMUnitTest){ name, function, NULL, NULL, (void *)(uintptr_t)row };
}

#define ADD_ROWS(rows, member, function)                                                           \
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows)[0]; i++)                                \
	add((rows)[i].member, function, &(rows)[i])

/* ---- splitting ---- */

static const struct split_row {
	const char *line, *words; /* words joined by | ; NULL: refused */
} splits[] = {
	{ "", "" },
	{ "   \t ", "" },
	{ "map 8080 8080 6", "map|8080|8080|6" },
	{ "  map\t8080\r\n", "map|8080" },
	{ "-des 'a b'", "-des|a b" },
	{ "-des \"a 'b\"", "-des|a 'b" },
	{ "-des a\\ b", "-des|a b" },
	{ "-des \"a\\\"b\\n\"", "-des|a\"b\\n" },
	{ "-des 'a\\b'", "-des|a\\b" },
	{ "-des ''", "-des|" },
	{ "-des x''y", "-des|xy" },
	{ "# all of it", "" },
	{ "map # rest", "map" },
	{ "map #", "map" },
	{ "-des #1", "-des|#1" },
	{ "-des a#b", "-des|a#b" },
	{ "-des '# x'", "-des|# x" },
	{ "-des 'open", NULL },
	{ "\"", NULL },
	{ "end\\", "end\\" },
};

static void test_split(void **state)
{
	const struct split_row *row = *state;
	char line[256], joined[256] = "", *words[COMMAND_WORDS_MAX];
	struct pcp_why why;
	int n;

	strcpy(line, row->line);
	n = command_split(line, words, &why);
	if (!row->words) {
		assert_int_equal(n, -1);
		assert_true(strlen(why.text) > 0);
		return;
	}
	for (int i = 0; i < n; i++) {
		strcat(joined, i ? "|" : "");
		strcat(joined, words[i]);
	}
	assert_string_equal(joined, row->words);
}

static void test_split_too_many(void **state)
{
	char line[512] = "", *words[COMMAND_WORDS_MAX];
	struct pcp_why why;

	(void)state;
	for (int i = 0; i < COMMAND_WORDS_MAX; i++)
		strcat(line, "a ");
	assert_int_equal(command_split(line, words, &why), COMMAND_WORDS_MAX);
	for (int i = 0; i < COMMAND_WORDS_MAX; i++)
		line[2 * i + 1] = ' ';
	strcat(line, "a");
	assert_int_equal(command_split(line, words, &why), -1);
}

/* ---- composing: each line is the octets of a vector, or of a longer one derived by hand ---- */

#define NONCE	"a0a1a2a3a4a5a6a7a8a9aaab"
#define V4(hex) "00000000000000000000ffff" hex
#define ME	V4("c0a80564")
#define ANY	V4("00000000")
#define MAP_8080                                                                                   \
	"0201000000000e10" ME NONCE "06000000"                                                     \
	"1f900000" ANY
#define LINE_8080 "map 8080 0 6 -no 0x" NONCE " -client 192.168.5.100"
#define NEXT_ZERO                                                                                  \
	"000000000000000000000000"                                                                 \
	"00000000" ANY ANY "0000000000000000"

static const struct compose_row {
	const char *line, *hex;
} composed[] = {
	/* vectors.txt, request by request */
	{ "announce -client 192.168.5.100", "0200000000000000" ME },
	{ LINE_8080, MAP_8080 },
	{ "map 5000 0 17 -client 2001:db8:1::10 -lt 7200 -no " NONCE
	  " -des 'Cam\\xc3\\xa9ra' -eIP ::",
	  "0201000000001c2020010db8000100000000000000000010" NONCE
	  "1100000013880000000000000000000000000000000000008000000743616dc3a9726100" },
	{ "map 22 2222 tcp -lt 600 -no b0b1b2b3b4b5b6b7b8b9babb -eIP 203.0.113.5 -client "
	  "192.168.5.100 "
	  "-tp 192.168.5.200 -pf -f erase 198.51.100.0/24/443",
	  "0201000000000258" ME "b0b1b2b3b4b5b6b7b8b9babb06000000001608ae" V4(
		  "cb007105") "01000010" V4("c0a805c8") "02000000"
							"0300001400000000" ANY
							"03000014007801bb" V4("c6336400") },
	{ "map 8080 0 6 -lt 0 -no " NONCE " -client 192.168.5.100",
	  "0201000000000000" ME NONCE "060000001f900000" ANY },
	{ "map 50000 0 udp -client 2001:db8:1::10 -no " NONCE " -ps 100p -p64",
	  "0201000000000e1020010db8000100000000000000000010" NONCE "11000000c3500000" ANY
	  "820000050064c350010000008100000e000c0000000000000000000000000000" },
	{ "map 6000 6000 17 -client 192.168.5.100 -no " NONCE " -des64 rtp -pr",
	  "0201000000000e10" ME NONCE "1100000017701770" ANY "400000037274700084000000" },
	{ "peer 49152 0 6 443 198.51.100.20 -lt 900 -no " NONCE " -client 192.168.5.100",
	  "0202000000000384" ME NONCE "06000000c0000000" ANY "01bb0000" V4("c6336414") },
	{ "peer 4500 0 17 4500 2001:db8:ffff::20 -lt 900 -no b0b1b2b3b4b5b6b7b8b9babb -client "
	  "2001:db8:1::10 -eIP :: -tp 2001:db8:1::20 -tpid 0abcd0",
	  "020200000000038420010db8000100000000000000000010b0b1b2b3b4b5b6b7b8b9babb1100000011940000"
	  "000"
	  "000000000000000000000000000001194000020010db8ffff000000000000000000200100001020010db8000"
	  "1000"
	  "000000000000000200d0000030abcd000" },
	{ "get -client 192.168.5.100 -next -mo 3/128",
	  "0262000000000000" ME "00000000" ANY ANY "00000000"
	  "8300003a" NEXT_ZERO "03800000" },
	{ "get -client 192.168.5.100 -next -proto 6 -me 0 -intip 192.168.5.100 -extip 203.0.113.5 "
	  "-intport 8080 -extport 40080 -no 0x" NONCE,
	  "0262000000000000" ME "00000000" ANY ANY "00000000"
	  "83000038" NONCE "06000000" ME V4("cb007105") "000000001f909c90" },
	{ "get -client 192.168.5.100 -version 1 -next",
	  "0162000000000000" ME "00000000" ANY ANY "00000000"
	  "8300002c"
	  "00000000" ANY ANY "0000000000000000" },
	{ "send authentication -client 192.168.5.100 -set header.result=INITIATION "
	  "--nonce=0xcafef00d",
	  "0203000e00000000" ME "000000000000000004000004cafef00d" },
	{ "raw 0000", "0000" },
	{ "raw 00 01 00 00 1388 0000 00001c20", "000100001388000000001c20" },

	/* pypcpc's forms: options before, between and behind, joined by =, glued, abbreviated */
	{ "map -lt 600 8080 0 6 -no " NONCE " -client 192.168.5.100",
	  "0201000000000258" ME NONCE "060000001f900000" ANY },
	{ "map 8080 -lt=600 0 --nonce " NONCE " 6 -client 192.168.5.100",
	  "0201000000000258" ME NONCE "060000001f900000" ANY },
	{ "map 8080 0 6 --lifetime=600 -no " NONCE " -client=192.168.5.100",
	  "0201000000000258" ME NONCE "060000001f900000" ANY },
	{ "map 8080 0 6 -l 600 -no " NONCE " -client 192.168.5.100",
	  "0201000000000258" ME NONCE "060000001f900000" ANY },
	{ "map 8080 0 6 --life 600 -no " NONCE " -client 192.168.5.100",
	  "0201000000000258" ME NONCE "060000001f900000" ANY },
	{ LINE_8080 " -d web", MAP_8080 "80000003"
					"77656200" },
	{ LINE_8080 " -des one -des web", MAP_8080 "80000003"
						   "77656200" },
	{ LINE_8080 " --description=web", MAP_8080 "80000003"
						   "77656200" },
	{ LINE_8080 " -des '-x'", MAP_8080 "800000022d780000" },
	{ LINE_8080 " -t 192.168.5.200", MAP_8080 "01000010" V4("c0a805c8") },
	{ LINE_8080 " --thirdparty 192.168.5.200", MAP_8080 "01000010" V4("c0a805c8") },
	{ LINE_8080 " --pref", MAP_8080 "02000000" },
	{ LINE_8080 " --port", MAP_8080 "84000000" },
	{ LINE_8080 " -f 198.51.100.0/24/443 203.0.113.0/25/0",
	  MAP_8080 "03000014007801bb" V4("c6336400") "0300001400790000" V4("cb007100") },
	{ LINE_8080 " -f198.51.100.0/24/443", MAP_8080 "03000014007801bb" V4("c6336400") },
	{ LINE_8080 " --filt 198.51.100.0/24/443", MAP_8080 "03000014007801bb" V4("c6336400") },
	{ "map -f 198.51.100.0/24/443 8080 0 6 -no " NONCE " -client 192.168.5.100",
	  MAP_8080 "03000014007801bb" V4("c6336400") },
	{ "map 8080 0 6 -no " NONCE " -client 192.168.5.100 -eIP 203.0.113.5",
	  "0201000000000e10" ME NONCE "060000001f900000" V4("cb007105") },
	{ "map 8080 0 6 -no " NONCE " -client 192.168.5.100 --extIP 203.0.113.5",
	  "0201000000000e10" ME NONCE "060000001f900000" V4("cb007105") },
	{ "get -client 192.168.5.100", "0262000000000000" ME "00000000" ANY ANY "00000000" },
	{ "get -client 192.168.5.100 -p 17 -intport 80 -extport 81 -lt 3600",
	  "0262000000000e10" ME "11000000" ANY ANY "00500051" },
	{ "get -client 192.168.5.100 --proto 17 --intPort 80 --extPort 81 --intIP 10.0.0.1 --extIP "
	  "203.0.113.5",
	  "0262000000000000" ME "11000000" V4("0a000001") V4("cb007105") "00500051" },
	{ "get -client 192.168.5.100 -proto 6 -n --moreend 1 --mapoptions 3",
	  "0262000000000000" ME "06000000" ANY ANY "00000000"
	  "83000039"
	  "000000000000000000000000"
	  "00000001" ANY ANY "0000000000000000"
	  "03000000" },

	/* ours */
	{ "map 8080 0 tcp -lt 2h -no " NONCE " -client 192.168.5.100",
	  "0201000000001c20" ME NONCE "060000001f900000" ANY },
	{ "map 0 0 all -lt 1d -no " NONCE " -client 192.168.5.100",
	  "0201000000015180" ME NONCE "0000000000000000" ANY },
	{ LINE_8080 " -f 192.0.2.1", MAP_8080 "0300001400800000" V4("c0000201") },
	{ LINE_8080 " -f 192.0.2.1/32", MAP_8080 "0300001400800000" V4("c0000201") },
	{ LINE_8080 " -f 0.0.0.0/0/80", MAP_8080 "0300001400600050" ANY },
	{ LINE_8080 " -f 198.51.100.0/120/443", MAP_8080 "03000014007801bb" V4("c6336400") },
	{ LINE_8080 " -f 2001:db8::/32/443",
	  MAP_8080 "03000014002001bb20010db8000000000000000000000000" },
	{ LINE_8080 " -f erase", MAP_8080 "0300001400000000" ANY },
	{ LINE_8080 " -ps 10", MAP_8080 "82000005000a1f9000000000" },
	{ LINE_8080 " -ps 10/5000p", MAP_8080 "82000005000a138801000000" },
	{ LINE_8080 " -opt 128:776562", MAP_8080 "8000000377656200" },
	{ LINE_8080 " -opt description:776562", MAP_8080 "8000000377656200" },
	{ LINE_8080 " -opt DESCRIPTION=web", MAP_8080 "8000000377656200" },
	{ LINE_8080 " -opt 200", MAP_8080 "c8000000" },
	{ LINE_8080 " -opt 200:0102030405", MAP_8080 "c80000050102030405000000" },
	{ LINE_8080 " -opt 128:61 -opt 128:62", MAP_8080 "80000001610000008000000162000000" },
	{ LINE_8080 " --prefer_failure", MAP_8080 "02000000" },
	{ LINE_8080 " -PREFER-FAILURE", MAP_8080 "02000000" },
	{ LINE_8080 " --third-party=10.0.0.9", MAP_8080 "01000010" V4("0a000009") },
	{ LINE_8080 " --filter=198.51.100.0/24/443", MAP_8080 "03000014007801bb" V4("c6336400") },
	{ LINE_8080 " -opt filter=remote_address=198.51.100.0,prefix_length=24,remote_port=443",
	  MAP_8080 "03000014007801bb" V4("c6336400") },
	{ LINE_8080 " --port_set=size=10,first_internal_port=8080,parity=1",
	  MAP_8080 "82000005000a1f9001000000" },
	{ LINE_8080 " -set header.reserved=5", "0201000500000e10" ME NONCE "060000001f900000" ANY },
	{ LINE_8080 " -des web -exact -set options[0].length=9", MAP_8080 "8000000977656200" },
	{ LINE_8080 " -version 7", "0701000000000e10" ME NONCE "060000001f900000" ANY },
	{ "map 8080 0 6 -version 1 -client 192.168.5.100 -ps 10",
	  "0101000000000e10" ME "060000001f900000" ANY "82000005000a1f9000000000" },
	{ "map 8080 0 6 -version 1 -client 192.168.5.100",
	  "0101000000000e10" ME "060000001f900000" ANY },
	{ "map 8080 0 6 -no " NONCE " -client 192.168.5.100 -tp 2001:db8::1",
	  "0201000000000e10" ME NONCE "060000001f90000000000000000000000000000000000000"
	  "0100001020010db8000000000000000000000001" },
	{ "map -- 8080 0 6",
	  "0201000000000e10" ANY "000000000000000000000000060000001f900000" ANY },
	{ "send 77 -client 192.168.5.100 -lt 5", "024d000000000005" ME },
	{ "raw 0200 0000 00000000 " ANY " -set header.lifetime=7", "0200000000000007" ANY },
};

static int words_of(const char *text, char line[COMMAND_LINE_MAX], char *words[COMMAND_WORDS_MAX])
{
	struct pcp_why why;

	snprintf(line, COMMAND_LINE_MAX, "%s", text);
	return command_split(line, words, &why);
}

static void test_compose(void **state)
{
	const struct compose_row *row = *state;
	char line[COMMAND_LINE_MAX], hex[2 * PCP_EDIT_MAX + 1], *words[COMMAND_WORDS_MAX];
	int n = words_of(row->line, line, words);
	struct pcp_client_request request;
	struct pcp_why why = { .text = "" };
	struct pcp_edit edit;

	if (!command_compose(n, words, NULL, &edit, &request, &why))
		fail_msg("%s: %s", row->line, why.text);
	assert_ptr_equal(request.octets, edit.octets);
	assert_int_equal(request.len, edit.len);
	pcp_hex_text(edit.octets, edit.len, hex, sizeof hex);
	assert_string_equal(hex, row->hex);
}

/* ---- the way back: the command line of a packet composes it again ---- */

static void test_back(void **state)
{
	const struct compose_row *row = *state;
	char hex[2 * PCP_EDIT_MAX + 1], text[COMMAND_LINE_MAX], line[COMMAND_LINE_MAX];
	char *words[COMMAND_WORDS_MAX];
	uint8_t octets[PCP_EDIT_MAX];
	struct pcp_node node[PCP_NODES_MAX];
	struct pcp_client_request request;
	struct pcp_packet packet;
	struct pcp_edit edit;
	struct pcp_why why = { .text = "" };
	size_t len;

	assert_true(pcp_hex_parse(row->hex, octets, sizeof octets, &len, &why));
	pcp_decode(&packet, octets, len, PCP_REQUEST, 0, node, PCP_NODES_MAX);
	assert_true(command_of_packet(&packet, text, sizeof text) < sizeof text);
	if (!command_compose(words_of(text, line, words), words, NULL, &edit, &request, &why))
		fail_msg("%s: %s", text, why.text);
	if (!request.raw) /* the client address is the session's business */
		memcpy(edit.octets + 8, octets + 8, PCP_ADDR_LEN);
	pcp_hex_text(edit.octets, edit.len, hex, sizeof hex);
	assert_string_equal(hex, row->hex);
}

/* No two commands send the same, so that the order of the table decides nothing. */
static void test_one_sender(void **state)
{
	(void)state;
	for (size_t i = 0; i < ncommands; i++)
		for (size_t j = 0; j < i; j++)
			if (commands[i]->begin == request_begin &&
			    commands[j]->begin == request_begin &&
			    commands[i]->opcode == commands[j]->opcode)
				fail_msg("%s and %s are both the way back of one opcode",
					 commands[j]->name, commands[i]->name);
}

static void test_first(void **state)
{
	(void)state;
	assert_int_equal(command_first(EXIT_SENT, EXIT_ANSWERED), EXIT_ANSWERED);
	assert_int_equal(command_first(EXIT_ANSWERED, EXIT_SENT), EXIT_SENT);
	assert_int_equal(command_first(EXIT_SENT, EXIT_NO_ANSWER), EXIT_NO_ANSWER);
	assert_int_equal(command_first(EXIT_REFUSED, EXIT_NO_ANSWER), EXIT_REFUSED);
}

/* ---- wrong lines name what is wrong ---- */

static const struct wrong_row {
	const char *line, *names;
} wrong[] = {
	{ "map", "INTERNAL_PORT" },
	{ "map 8080/tcpp", "tcpp" },
	{ "map 8080 8080 tcpp", "tcpp" },
	{ "map 8080 8080 6 9", "'9'" },
	{ "map x 8080 6", "INTERNAL_PORT" },
	{ "map 70000 8080 6", "70000" },
	{ "map 8080 -1 6", "-1" },
	{ "map 8080 8080 tcpp", "tcpp" },
	{ "map 8080 8080 256", "256" },
	{ "map 8080 8080 6 -lt", "-lt" },
	{ "map 8080 8080 6 -lt soon", "soon" },
	{ "map 8080 8080 6 -lt -des x", "-lt" },
	{ "map 8080 8080 6 -eIP 1.2.3", "1.2.3" },
	{ "map 8080 8080 6 -frob", "-frob" },
	{ "map 8080 8080 6 -p", "-p" },
	{ "map 8080 8080 6 -pf=1", "-pf" },
	{ "map 8080 8080 6 -f 1.2.3.4/40/5", "40" },
	{ "map 8080 8080 6 -f 1.2.3.4/8/70000", "70000" },
	{ "map 8080 8080 6 -no 1234", "2 octets" },
	{ "map 8080 8080 6 -opt 300", "300" },
	{ "map 8080 8080 6 -opt nonsense:01", "nonsense" },
	{ "map 8080 8080 6 -opt 128:0g", "g" },
	{ "map 8080 8080 6 --port_set=size", "size" },
	{ "map 8080 8080 6 --port_set=sise=3", "sise" },
	{ "map 8080 8080 6 -ps 10/x", "x" },
	{ "map 8080 8080 6 -set header.lifetime", "PATH=VALUE" },
	{ "map 8080 8080 6 -set header.nothing=1", "nothing" },
	{ "map 8080 8080 6 -to 1", "1" },
	{ "map 8080 8080 6 -tries 0", "0" },
	{ "map 8080 8080 6 -version two", "-version" },
	{ "peer 1 2 6", "REMOTE_PORT" },
	{ "peer 1 2 6 3", "REMOTE_ADDRESS" },
	{ "peer 1 2 6 3 host", "host" },
	{ "announce 1", "'1'" },
	{ "get 5", "'5'" },
	{ "get -next -lt 5", "-lt" },
	{ "get -next -me 300", "300" },
	{ "get -next -mo 300", "300" },
	{ "send", "OPCODE" },
	{ "send nothing", "nothing" },
	{ "send 128", "128" },
	{ "raw", "HEX" },
	{ "raw 0g", "g" },
	{ "raw -from-json /nonexistent/file", "/nonexistent/file" },
	{ "decode 00", "decode" },
	{ "nothing", "nothing" },
};

static void test_wrong(void **state)
{
	const struct wrong_row *row = *state;
	char line[COMMAND_LINE_MAX], *words[COMMAND_WORDS_MAX];
	struct pcp_client_request request;
	struct pcp_edit edit;
	struct pcp_why why = { .text = "" };

	assert_false(command_compose(words_of(row->line, line, words), words, NULL, &edit, &request,
				     &why));
	if (!strstr(why.text, row->names))
		fail_msg("\"%s\" says \"%s\", which does not name %s", row->line, why.text,
			 row->names);
}

/* ---- flags of the request ---- */

static void compose(const char *text, struct pcp_client_request *request)
{
	char line[COMMAND_LINE_MAX], *words[COMMAND_WORDS_MAX];
	struct pcp_edit edit;
	struct pcp_why why;

	assert_true(
		command_compose(words_of(text, line, words), words, NULL, &edit, request, &why));
}

static void test_flags(void **state)
{
	struct pcp_client_request request;

	(void)state;
	compose("map 1 2 6", &request);
	assert_false(request.keep_nonce || request.keep_address || request.raw);
	assert_int_equal(request.mrc, 0);
	assert_int_equal(request.renew, 0);
	compose("map 1 2 6 -no " NONCE " -client 1.2.3.4 -tries 3 -renew", &request);
	assert_true(request.keep_nonce && request.keep_address && !request.raw);
	assert_int_equal(request.mrc, 3);
	assert_int_equal(request.renew, 1);
	compose("map 1 2 6 -set map.nonce=" NONCE " -set header.client_address=1.2.3.4 -norenew",
		&request);
	assert_true(request.keep_nonce && request.keep_address);
	assert_int_equal(request.renew, -1);
	compose("raw 00", &request);
	assert_true(request.raw);
	compose("raw 00 -fill", &request);
	assert_false(request.raw);
}

/* ---- every option of the schema can be named on the command line ---- */

static void test_every_option(void **state)
{
	const struct pcp_layout *layout = *state;
	char name[80], *words[] = { "map", "8080", "0", "6", "-opt", name };
	struct pcp_client_request request;
	struct pcp_edit edit;
	struct pcp_why why = { .text = "" };

	if (pcp_layout_named(PCP_CLASS_OPTION, layout->name) == layout)
		snprintf(name, sizeof name, "%s:0102", layout->name);
	else /* an earlier row has the same name */
		snprintf(name, sizeof name, "%u:0102", layout->code);
	if (!command_compose(6, words, NULL, &edit, &request, &why))
		fail_msg("%s: %s", name, why.text);
	assert_int_equal(edit.len, 60 + 8);
	assert_int_equal(edit.octets[60], layout->code);
	assert_memory_equal(edit.octets + 60, ((uint8_t[]){ layout->code, 0, 0, 2, 1, 2, 0, 0 }),
			    8);
}

/* ---- the table itself ---- */

static void test_table(void **state)
{
	const struct command *command = *state;
	const struct command_option *option, *other;
	char usage[4096];

	assert_true(strlen(command->summary) > 10);
	assert_non_null(command->run);
	assert_true(command->where & COMMAND_ANYWHERE);
	assert_ptr_equal(command_find(command->name), command);
	assert_true(command_usage(command, usage, sizeof usage) < sizeof usage);
	assert_int_equal(command_usage(command, NULL, 0), strlen(usage));
	for (size_t i = 0; (option = command_option_at(command, i)); i++) {
		assert_true(option->name[0] == '-' && strlen(option->help) > 5);
		for (size_t k = 0; k < i; k++) {
			other = command_option_at(command, k);
			assert_string_not_equal(option->name, other->name);
			assert_true(!option->alias || !other->alias ||
				    strcmp(option->alias, other->alias));
		}
	}
}

static void test_find(void **state)
{
	(void)state;
	assert_ptr_equal(command_find("?"), &cmd_help);
	assert_ptr_equal(command_find("ann"), &cmd_announce);
	assert_null(command_find("re")); /* renew, recover */
	assert_null(command_find(""));
	assert_null(command_find("mapp ing"));
}

/* ---- completion ---- */

struct found {
	char words[4096];
};

static void collect(void *arg, const char *word, const char *help)
{
	struct found *found = arg;

	assert_non_null(help);
	strcat(strcat(found->words, word), "|");
}

static const struct completion_row {
	const char *line, *has, *lacks;
} completions[] = {
	{ "", "map|", NULL },
	{ "ma", "map|", "peer|" },
	{ "map 1 2 ", "tcp|", "map|" },
	{ "map 1 2 u", "udp|", "tcp|" },
	{ "map 1 2 6 -", "-lt|", "-me|" },
	{ "map 1 2 6 -d", "-des|", "-lt|" },
	{ "map 1 2 6 --third_", "--third_party=|", "-lt|" },
	{ "map 1 2 6 -lt ", "", "tcp|" },
	{ "get -next -", "-me|", "-next|" },
	{ "get -proto ", "tcp|", "-" },
	{ "help pe", "peer|", "map|" },
	{ "help scen", "scenarios|", "options|" },
	{ "send au", "authentication|", "auto|" },
	{ "send ", "map|peer|", "map|map|" },
	{ "auto 1 o", "on|off|", "tcp|" },
	{ "decode -direction req", "request|", "response" },
	{ "get -next -me ", "0|1|", "-" },
	{ "lab dr", "drop=|drop-reply=|", "delay" },
	{ "lab res", "restart|restart-every=|", "every=|restart|" },
	{ "lab sce", "scenario=|", "drop" },
	{ "lab scenario=", "scenario=lossy|", "scenario=NAME" },
	{ "lab scenario=lo", "scenario=lossy|", "dead" },
	{ "lab scenario=o", "scenario=overload|scenario=off|", "lossy" },
	{ "lab ipv4=", "ipv4=nat44|ipv4=firewall|ipv4=off|", "none" },
	{ "lab restart=", "restart=keep|restart=lose|", "off" },
	{ "lab wan=", "wan=down|", "ADDRESS" },
	{ "lab protocols=tcp+u", "protocols=tcp+udp|", "+icmp" },
	{ "lab without=FILTER+P", "without=FILTER+PEER|", "MAP" },
	{ "lab result=NOT", "result=NOT_AUTHORIZED|", "MAP" },
	{ "lab result=1/", "result=1/MAP|", "NOT" },
	{ "lab drop=", "drop=|", "off" }, /* what it may be */
	{ "lab drop=0.3", "", "drop" },
	{ "lab drop=0.3/PE", "drop=0.3/PEER|", "MAP" },
	{ "lab nothing=", "", "=" },
	{ "serve drop=0.1,ip", "drop=0.1,ipv4=|drop=0.1,ipv6=|", "|ipv4" },
	{ "lab los", "lossy|", "drop|" },
	{ "fields PREFER", "PREFER_FAILURE|", "MAP|" },
	{ "map --js", "--json|", "-lt|" },
	{ "nothing ", "", "map|" },
};

static void test_complete(void **state)
{
	const struct completion_row *row = *state;
	struct found found = { "" };

	command_complete(row->line, COMMAND_ANYWHERE, collect, &found);
	assert_non_null(strstr(found.words, row->has));
	if (row->lacks)
		assert_null(strstr(found.words, row->lacks));
}

/* Only what works where it is typed. */
static void test_complete_where(void **state)
{
	struct found prompt = { "" }, line = { "" };

	(void)state;
	command_complete("s", COMMAND_PROMPT, collect, &prompt);
	assert_non_null(strstr(prompt.words, "servers|"));
	assert_null(strstr(prompt.words, "serve|"));
	command_complete("s", COMMAND_LINE, collect, &line);
	assert_non_null(strstr(line.words, "serve|"));
	command_complete("serve dr", COMMAND_PROMPT, collect, &prompt);
	assert_null(strstr(prompt.words, "drop"));
}

/* ---- options before the command ---- */

static void test_options(void **state)
{
	char *argv[] = { "pcpscope",  "-s",	    "192.0.2.1",
			 "-s",	      "[::1]:5352", "-i",
			 "192.0.2.2", "--json",	    "--lab=127.0.0.1,drop=0.1",
			 "--timeout", "0.5",	    "--DEBUG",
			 "--renew",   "map",	    "-s" };
	struct options options;
	struct pcp_why why;

	(void)state;
	assert_int_equal(options_parse(&options, 15, argv, &why), 13);
	assert_int_equal(options.config.nserver, 2);
	assert_string_equal(options.config.server[1], "[::1]:5352");
	assert_string_equal(options.config.source, "192.0.2.2");
	assert_true(options.json && options.debug && options.config.lab &&
		    options.config.client.renew);
	assert_string_equal(options.config.lab_spec, "127.0.0.1,drop=0.1");
	assert_int_equal(options.timeout, 500000);
}

static void test_option_lab_takes_no_word(void **state)
{
	char *argv[] = { "pcpscope", "--lab", "shell" };
	struct options options;
	struct pcp_why why;

	(void)state;
	assert_int_equal(options_parse(&options, 3, argv, &why), 2);
	assert_true(options.config.lab);
	assert_string_equal(options.config.lab_spec, "");
}

static const struct wrong_row wrong_options[] = {
	{ "-x", "-x" },		{ "-s", "-s" },		  { "--timeout x", "x" },
	{ "--timeout 0", "0" }, { "--json=1", "--json" }, { "--dialect french", "french" },
	{ "--seed 0", "0" },
};

static void test_wrong_option(void **state)
{
	const struct wrong_row *row = *state;
	char text[128], line[COMMAND_LINE_MAX], *words[COMMAND_WORDS_MAX];
	struct options options;
	struct pcp_why why = { .text = "" };

	snprintf(text, sizeof text, "pcpscope %s", row->line);
	assert_int_equal(options_parse(&options, words_of(text, line, words), words, &why), -1);
	assert_non_null(strstr(why.text, row->names));
}

/* Shorter ways to say the same. */
static void short_forms(void **state)
{
	static const char *const rows[][2] = {
		{ "map 8080", "map 8080 8080 tcp" },
		{ "map 8080/udp", "map 8080 8080 udp" },
		{ "map 8080/tcp 80", "map 8080 80 tcp" },
		{ "map 8080 80", "map 8080 80 tcp" },
		{ "map 8080/tcp 80 udp", "map 8080 80 udp" },
		{ "peer 4000 0 tcp 198.51.100.7:443", "peer 4000 0 tcp 443 198.51.100.7" },
		{ "peer 4000 0 tcp [2001:db8::7]:443", "peer 4000 0 tcp 443 2001:db8::7" },
	};
	char line[COMMAND_LINE_MAX], *words[COMMAND_WORDS_MAX];
	struct pcp_client_request request;
	struct pcp_edit edit[2];
	struct pcp_why why;

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		for (int way = 0; way < 2; way++)
			if (!command_compose(words_of(rows[i][way], line, words), words, NULL,
					     &edit[way], &request, &why))
				fail_msg("%s: %s", rows[i][way], why.text);
		assert_int_equal(edit[0].len, edit[1].len);
		assert_memory_equal(edit[0].octets, edit[1].octets, edit[1].len);
	}
}

int main(void)
{
	ADD_ROWS(splits, line, test_split);
	add("too many words", test_split_too_many, NULL);
	ADD_ROWS(composed, line, test_compose);
	ADD_ROWS(composed, hex, test_back);
	ADD_ROWS(wrong, line, test_wrong);
	add("flags", test_flags, NULL);
	add("short forms", short_forms, NULL);
	for (size_t i = 0; i < pcp_nlayouts; i++)
		if (pcp_layouts[i]->kind == PCP_CLASS_OPTION)
			add(pcp_layouts[i]->name, test_every_option, pcp_layouts[i]);
	for (size_t i = 0; i < ncommands; i++)
		add(commands[i]->name, test_table, commands[i]);
	add("find", test_find, NULL);
	add("one sender", test_one_sender, NULL);
	add("first", test_first, NULL);
	ADD_ROWS(completions, line, test_complete);
	add("completion where", test_complete_where, NULL);
	add("options", test_options, NULL);
	add("--lab takes no word", test_option_lab_takes_no_word, NULL);
	ADD_ROWS(wrong_options, line, test_wrong_option);
	return _cmocka_run_group_tests("command", tests, ntests, NULL, NULL);
}
