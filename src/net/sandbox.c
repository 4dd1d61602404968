/* What each mode of the program keeps when it gives rights up: one table, which the manual has. */
#include "sandbox.h"

const struct sandbox_row sandbox_rows[SANDBOX_MODES] = {
	[SANDBOX_DECODE] = { .name = "decode",
			     .may = "On the command line: what is open. No sockets, and no other "
				    "file "
				    "to read, write or remove." },
	[SANDBOX_SERVE] = { .name = "serve",
			    .keep = SANDBOX_SOCKETS | SANDBOX_WRITE,
			    .own = true,
			    .may = "Answers, and opens further sockets. Of files it writes that of "
				   "-w "
				   "alone, and reads no other." },
	[SANDBOX_BEACON] = { .name = "beacon",
			     .keep = SANDBOX_SOCKETS,
			     .may = "Answers, and opens the sockets that its tries need. No "
				    "files." },
	[SANDBOX_CAPTURE] = { .name = "-r",
			      .keep = SANDBOX_READ | SANDBOX_WRITE,
			      .may = "Reads and saves files as it is told to; no sockets." },
	[SANDBOX_PROBE] = { .name = "probe",
			    .keep = SANDBOX_SOCKETS | SANDBOX_READ | SANDBOX_WRITE,
			    .own = true,
			    .may = "On the command line: opens sockets and reads files. Of files "
				   "it "
				   "writes those of its reports' folders, its saved session and "
				   "that of -w alone." },
	[SANDBOX_IGD] = { .name = "its child",
			  .keep = SANDBOX_SOCKETS,
			  .may = "Opens sockets, to ask the router for UPnP and read its XML. No "
				 "files; no descriptor of the program's but the pipe for its "
				 "answer." },
	[SANDBOX_KEEP] = { .name = "keep",
			   .keep = SANDBOX_SOCKETS | SANDBOX_READ | SANDBOX_WRITE,
			   .may = "Opens sockets, and reads and writes files. With -exec it gives "
				  "up "
				  "nothing." },
	[SANDBOX_DASHBOARD] = { .name = "the dashboard",
				.keep = SANDBOX_SOCKETS | SANDBOX_READ | SANDBOX_WRITE,
				.may = "Opens sockets, and reads and writes files, as its user "
				       "says." },
};

struct sandbox sandbox_of(enum sandbox_mode mode, const char *const *own, size_t nown)
{
	const struct sandbox_row *row = &sandbox_rows[mode];
	struct sandbox sandbox = { .keep = row->keep };
	size_t n = 0;

	for (size_t i = 0; row->own && i < nown && n < SANDBOX_PATHS_MAX; i++)
		if (own[i])
			sandbox.writable[n++] = own[i];
	if (row->own && n == 0)
		sandbox.keep &= ~(unsigned)SANDBOX_WRITE;
	return sandbox;
}
