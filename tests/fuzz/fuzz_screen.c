/*
 * The whole dashboard with its lab on a pseudo-terminal in this process, the input as what somebody
 * types, and octets that UTF-8 does not have for what else happens: another size, time that passes,
 * a terminal that stops reading, ^C from outside. The clock is ours: it stands while there is
 * something to do, and jumps to the next deadline when there is nothing. The program ends when it
 * is told to, with status 0, never runs in circles, and gives the terminal back as it was.
 *
 * A slash is not typed, so that no file beyond an empty folder is named; filter and search have
 * another key here. The process is neither stopped nor doubled: kill() and fork() do nothing.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <pty.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/select.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <termios.h>
#include <unistd.h>

#include "fuzz.h"
#include "session-resume.h"
#include "ui.h"

enum { RESIZE = 0xf8, PASS, STALL, FILTER, CLICK, SIGNAL, RESTART, RESERVED };
enum { A_PIECE = 16, TURNS_MAX = 20000 };

#define START	     (1000 * USEC_PER_SEC)
#define HALF_AN_HOUR (START + 1800 * USEC_PER_SEC)

int LLVMFuzzerInitialize(int *argc, char ***argv);
const char *__lsan_default_suppressions(void);

static struct {
	struct feed feed;
	struct session *session;
	usec now, until; /* until: what the script waits for */
	bool stalled, told;
	int master, slave, out, nothing; /* out, nothing: standard output and input otherwise */
	int folder, home;
	struct termios modes;
	unsigned turns; /* in which neither time nor script went on */
} run;

/* ---- what the program asks of the system ---- */

usec pcp_clock_monotonic(void)
{
	return run.now;
}

usec pcp_clock_wall(void)
{
	return run.now + 1700000000 * USEC_PER_SEC;
}

int kill(pid_t pid, int signo)
{
	(void)pid, (void)signo;
	return 0;
}

pid_t fork(void)
{
	errno = EAGAIN;
	return -1;
}

/* What curses keeps of a terminal when it is done with it. */
const char *__lsan_default_suppressions(void)
{
	return "leak:libncurses\nleak:libtinfo\nleak:newterm\n";
}

/* ---- the script ---- */

static void drain(void)
{
	char octets[4096];

	while (!run.stalled && read(run.master, octets, sizeof octets) > 0)
		;
}

static void type(const void *octets, size_t len)
{
	expect(write(run.master, octets, len) >= 0 || errno == EAGAIN, "keys are not taken");
}

static void resize(void)
{
	struct winsize size = { .ws_row = feed_octet(&run.feed), .ws_col = feed_octet(&run.feed) };

	size.ws_row %= 100;
	ioctl(run.master, TIOCSWINSZ, &size);
	raise(SIGWINCH);
}

static void click(void)
{
	char sequence[32];
	unsigned x = 1u + feed_octet(&run.feed), y = 1u + feed_octet(&run.feed) % 60u;
	int len = snprintf(sequence, sizeof sequence, "\033[<%u;%u;%uM",
			   x % 7 == 0 ? 64 + y % 2 : 0, x, y);

	type(sequence, (size_t)len);
}

static void keys(void)
{
	uint8_t piece[A_PIECE];
	size_t len = 0;

	while (run.feed.left && *run.feed.octets < RESIZE && len < A_PIECE) {
		uint8_t octet = feed_octet(&run.feed);

		if (octet != '/')
			piece[len++] = octet;
	}
	type(piece, len);
}

static void end(void)
{
	run.told = true;
	raise(SIGTERM);
}

/* Up to ten minutes at once, half an hour in all: each second is a frame. */
static void pass(void)
{
	usec units = feed_octet(&run.feed);

	units *= feed_octet(&run.feed);
	run.until = run.now + units * 10000;
	run.until = run.until < HALF_AN_HOUR ? run.until : HALF_AN_HOUR;
}

static void act(void)
{
	if (!run.feed.left) {
		end();
		return;
	}
	if (*run.feed.octets < RESIZE) {
		keys();
		return;
	}
	switch (feed_octet(&run.feed)) {
	case RESIZE:
		resize();
		break;
	case PASS:
		pass();
		break;
	case STALL:
		run.stalled = !run.stalled;
		break;
	case FILTER:
		type("\033[24~", 5);
		break;
	case CLICK:
		click();
		break;
	case SIGNAL:
		if (feed_octet(&run.feed) == 0)
			end();
		break;
	case RESTART:
		lab_restart(session_lab(run.session), run.now, feed_octet(&run.feed) & 1);
		break;
	default:
		break;
	}
}

/* ---- the wait of the loop ---- */

static const int crashes[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT };
static struct sigaction fuzzers[sizeof crashes / sizeof *crashes];

/* The program catches crashes to give the terminal back; here the fuzzer keeps the input. */
static void keep_crashes(bool keep)
{
	for (size_t i = 0; i < sizeof crashes / sizeof *crashes; i++)
		sigaction(crashes[i], keep ? NULL : &fuzzers[i], keep ? &fuzzers[i] : NULL);
}

static int look(int nfds, fd_set *in, fd_set *out, const sigset_t *mask)
{
	struct timespec none = { 0 };
	struct {
		const sigset_t *mask;
		size_t len;
	} six = { mask, 8 };

	return (int)syscall(SYS_pselect6, nfds, in, out, NULL, &none, &six);
}

static void nothing(fd_set *in, fd_set *out)
{
	FD_ZERO(in);
	FD_ZERO(out);
}

/* Takes the place of the system's: first what there is, then time that the script lets pass, then
 * the script. */
int pselect(int nfds, fd_set *in, fd_set *out, fd_set *except, const struct timespec *timeout,
	    const sigset_t *mask)
{
	usec due = timeout ? timeout->tv_sec * USEC_PER_SEC + timeout->tv_nsec / 1000 : USEC_NEVER;
	int ready;

	(void)except;
	keep_crashes(false);
	drain();
	expect(run.turns++ < TURNS_MAX, "the program runs in circles");
	ready = look(nfds, in, out, mask);
	if (ready != 0)
		return ready;
	if (run.now < run.until && due > 0) {
		usec left = run.until - run.now;

		run.now += due < left ? due : left;
		run.turns = 0;
	} else if (run.now >= run.until && !run.told) {
		act();
		run.turns = 0;
	} else if (due > 0) { /* it was told to end, or has something to do at once */
		run.now += due < USEC_PER_SEC ? due : USEC_PER_SEC;
	}
	nothing(in, out);
	return 0;
}

/* ---- a run ---- */

static void write_config(const char *folder)
{
	char path[256];
	FILE *file;

	snprintf(path, sizeof path, "%s/config", folder);
	file = fopen(path, "w");
	expect(file && fputs("key filter = F12\nkey search = F12\n", file) >= 0, "no config");
	fclose(file);
	setenv("FUZZ_CONFIG", path, 1);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	const char *tmp = getenv("TMPDIR");
	char folder[128], path[192];

	(void)argc, (void)argv;
	snprintf(folder, sizeof folder, "%s/screen-XXXXXX", tmp ? tmp : "/tmp");
	expect(mkdtemp(folder) != NULL, "no folder");
	write_config(folder);
	snprintf(path, sizeof path, "%s/empty", folder);
	mkdir(path, 0700);
	setenv("HOME", path, 1);
	setenv("XDG_STATE_HOME", path, 1);
	setenv("XDG_CONFIG_HOME", path, 1);
	setenv("TERM", "xterm-256color", 1);
	setenv("ESCDELAY", "1", 1);
	setenv("LC_ALL", "C.UTF-8", 1);
	unsetenv("LINES");
	unsetenv("COLUMNS");
	run.home = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	run.folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	run.out = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 10);
	run.nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
	return 0;
}

static void open_terminal(void)
{
	struct winsize size = { .ws_row = 24, .ws_col = 80 };

	expect(openpty(&run.master, &run.slave, NULL, NULL, &size) == 0, "no terminal");
	fcntl(run.master, F_SETFL, O_NONBLOCK);
	fcntl(run.master, F_SETFD, FD_CLOEXEC);
	dup2(run.slave, STDIN_FILENO);
	dup2(run.slave, STDOUT_FILENO);
	close(run.slave);
	tcgetattr(STDIN_FILENO, &run.modes);
}

static void close_terminal(void)
{
	struct termios now;

	tcgetattr(STDIN_FILENO, &now);
	expect(now.c_lflag == run.modes.c_lflag && now.c_iflag == run.modes.c_iflag &&
		       now.c_oflag == run.modes.c_oflag,
	       "the terminal is not given back as it was");
	dup2(run.nothing, STDIN_FILENO);
	fflush(stdout);
	dup2(run.out, STDOUT_FILENO);
	close(run.master);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct session_config config = {
		.lab = true, .lab_spec = "127.0.0.1:0", .no_save = true, .seed = 1
	};
	struct ui_config face = { .config_file = getenv("FUZZ_CONFIG") };
	struct pcp_why why = { .text = "" };
	int status;

	run.feed = (struct feed){ data, size };
	run.now = run.until = START;
	run.stalled = run.told = false;
	run.turns = 0;
	face.ascii = size % 5 == 1;
	face.plain = size % 5 == 2;
	face.no_mouse = size % 5 == 3;
	config.client.renew = size % 2;
	keep_crashes(true);
	open_terminal();
	expect(fchdir(run.folder) == 0, "no folder");
	run.session = session_new(&config, &why);
	expect(run.session != NULL, why.text);
	session_offer(run.session);
	status = ui_run(run.session, &face);
	keep_crashes(false);
	expect(status == 0, "the dashboard failed");
	session_free(run.session);
	drain();
	close_terminal();
	expect(fchdir(run.home) == 0, "no way back");
	return 0;
}
