/* The epoch's clock, looked at twice: what a case of seconds and one of minutes do. */
#include "probe-private.h"

#include "epoch.h"

void case_clock_runs(struct probe_test *t, usec duration)
{
	struct pcp_edit request = case_plain(t, PCP_VERSION_2, PCP_ANNOUNCE, 0, 0);
	const struct probe_answer *before = case_ask(t, &request), *after;
	int64_t here, there;

	case_wait(t, duration);
	after = case_ask(t, &request);
	here = case_seconds(before, after);
	there = (int64_t)case_epoch(after) - case_epoch(before);
	case_must(t, pcp_epoch_goes_on(case_epoch(before), case_epoch(after), here),
		  "the epoch went on by %lld s in %lld s", (long long)there, (long long)here);
	case_should(t, there >= here - 1 && there <= here + 1,
		    "the epoch went on by %lld s in %lld s", (long long)there, (long long)here);
}
