/* Any octets, judged alone and as the answer to any other octets: findings stay within the packet
 * and are printable. The first two octets say where the request ends and the answer begins. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "lint.h"

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t len);

static void expect(bool truth)
{
	if (!truth)
		abort();
}

static void judge(const struct pcp_packet *packet, const struct pcp_lint_context *context)
{
	struct pcp_finding finding[PCP_FINDINGS_MAX];
	size_t n = pcp_lint(packet, context, finding, PCP_FINDINGS_MAX);

	for (size_t i = 0; i < n && i < PCP_FINDINGS_MAX; i++) {
		expect(finding[i].off + finding[i].len <= packet->len);
		expect(i == 0 || finding[i].off >= finding[i - 1].off);
		for (const char *c = finding[i].text; *c; c++)
			expect(isprint((unsigned char)*c));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t len)
{
	static struct pcp_node ours[PCP_NODES_MAX], theirs[PCP_NODES_MAX];
	struct pcp_packet request, response;

	if (len < 2)
		return 0;
	size_t cut = ((size_t)octets[0] << 8 | octets[1]) % (len - 1);
	struct pcp_lint_context context = {
		.request = &request, .have_epoch = true, .epoch = 100, .elapsed = 10
	};

	octets += 2;
	len -= 2;
	cut = cut > len ? len : cut;
	pcp_decode(&request, octets, cut, PCP_REQUEST, 0, ours, PCP_NODES_MAX);
	pcp_decode(&response, octets + cut, len - cut, PCP_RESPONSE, 0, theirs, PCP_NODES_MAX);
	judge(&request, NULL);
	judge(&response, &context);
	pcp_decode(&request, octets, len, PCP_DIRECTION_GUESS, PCP_DIALECT_LIBPCP, ours,
		   PCP_NODES_MAX);
	judge(&request, NULL);
	return 0;
}
