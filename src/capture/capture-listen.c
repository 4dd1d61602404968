/*
 * What passes on an interface, live. A child of its own holds the right to see it: it lets the
 * kernel sort out what is not PCP's, looks into nothing, and writes the rest as a capture into a
 * pipe. Who reads that, and looks into it, has no rights.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "capture.h"
#include "interface.h"
#include "pcap-library.h"
#include "rights.h"
#include "words.h"

enum {
	SNAPSHOT = 2048,   /* octets of a packet, which the kernel sets apart for each: PCP's are
			    * 1100 at most, and an Ethernet frame is shorter */
	BUFFER = 32 << 20, /* octets that the kernel holds while we write, */
	PIPE = 1 << 20,	   /* and those on their way to who reads */
	BATCH = 256,	   /* packets between writings */
	FILTER_MAX = 4096,
	MESSAGE_MAX = 512,
	TURNS = 16,   /* writings before the next interface is asked */
	AGAIN = 1000, /* milliseconds between looks whether an interface is back */
};

/* One interface that is listened to. */
struct ear {
	const char *interface;
	pcap_t *pcap;  /* NULL: the interface is gone */
	unsigned lost; /* packets, as told */
	time_t told_at;
};

struct listener {
	const struct pcap_library *library;
	struct ear ear[CAPTURE_INTERFACES_MAX];
	size_t near;
	uint16_t port[CAPTURE_PORTS_MAX];
	size_t nport;
	pcap_dumper_t *to; /* the pipe */
	FILE *file;
	int linktype, control; /* linktype: of all of them, since a capture has one */
};

/* ---- what is let through ---- */

static void add(char filter[FILTER_MAX], const char *format, ...)
	__attribute__((format(printf, 2, 3)));
static void add(char filter[FILTER_MAX], const char *format, ...)
{
	size_t len = strlen(filter);
	va_list ap;

	va_start(ap, format);
	vsnprintf(filter + len, FILTER_MAX - len, format, ap);
	va_end(ap);
}

/* UDP on one of the ports, and ICMP errors, which may be about it. */
static void add_plain(const struct listener *listener, char filter[FILTER_MAX])
{
	add(filter, "(icmp[icmptype] == icmp-unreach or (icmp6 and ip6[40] == 1)");
	for (size_t i = 0; i < listener->nport; i++)
		add(filter, " or udp port %u", listener->port[i]);
	add(filter, ")");
}

/* Linux takes a tag off before the filter sees a packet, but for those that it has put on itself:
 * of these the octets are compared where they stand without options of IP. */
static void add_tagged(const struct listener *listener, char filter[FILTER_MAX])
{
	static const struct {
		const char *is;
		unsigned from;
	} families[] = { { "ether[16:2] == 0x0800 and ether[27] == 17", 38 },
			 { "ether[16:2] == 0x86dd and ether[24] == 17", 58 } };

	for (size_t i = 0; i < 2; i++)
		for (size_t p = 0; p < listener->nport; p++)
			add(filter,
			    "(ether[12:2] == 0x8100 and %s and (ether[%u:2] == %u or ether[%u:2] "
			    "== %u)) or ",
			    families[i].is, families[i].from, listener->port[p],
			    families[i].from + 2, listener->port[p]);
}

static bool set_filter(const struct listener *listener, pcap_t *pcap, const char *text)
{
	struct bpf_program program;
	bool done;

	if (listener->library->compile(pcap, &program, text, 1, PCAP_NETMASK_UNKNOWN) < 0)
		return false;
	done = listener->library->setfilter(pcap, &program) == 0;
	listener->library->freecode(&program);
	return done;
}

static bool sort_out(const struct listener *listener, pcap_t *pcap)
{
	bool ethernet = listener->library->datalink(pcap) == DLT_EN10MB;
	char whole[FILTER_MAX] = "", plain[FILTER_MAX] = "";

	add_plain(listener, plain);
	if (ethernet)
		add_tagged(listener, whole);
	add(whole, "%s or (pppoes and ", plain); /* what follows this word is inside */
	add_plain(listener, whole);
	add(whole, ")");
	return (ethernet && set_filter(listener, pcap, whole)) || set_filter(listener, pcap, plain);
}

/* ---- an interface ---- */

static void close_interface(const struct listener *listener, struct ear *ear)
{
	if (ear->pcap)
		listener->library->close(ear->pcap);
	ear->pcap = NULL;
}

static bool failed(const struct listener *listener, struct ear *ear, int status, char *why)
{
	const char *text = ear->pcap ? listener->library->geterr(ear->pcap) : "";

	if (status == PCAP_ERROR_PERM_DENIED)
		snprintf(why, MESSAGE_MAX,
			 "listening on %s is not permitted: sudo setcap cap_net_raw=ep "
			 "\"$(command -v pcpscope)\" grants it, and so does sudo",
			 ear->interface);
	else
		snprintf(why, MESSAGE_MAX, "cannot listen on %s: %s", ear->interface,
			 *text ? text : listener->library->statustostr(status));
	close_interface(listener, ear);
	return false;
}

static bool open_interface(const struct listener *listener, struct ear *ear, char *why)
{
	const struct pcap_library *library = listener->library;
	char error[PCAP_ERRBUF_SIZE] = "";
	int status;

	ear->pcap = library->create(ear->interface, error);
	if (!ear->pcap) {
		snprintf(why, MESSAGE_MAX, "cannot listen on %s: %s", ear->interface, error);
		return false;
	}
	library->set_snaplen(ear->pcap, SNAPSHOT);
	library->set_promisc(ear->pcap, 1); /* what others say to each other */
	library->set_immediate_mode(ear->pcap, 1);
	library->set_buffer_size(ear->pcap, BUFFER);
	status = library->activate(ear->pcap);
	if (status < 0)
		return failed(listener, ear, status, why);
	if (!sort_out(listener, ear->pcap) || library->setnonblock(ear->pcap, 1, error) < 0)
		return failed(listener, ear, PCAP_ERROR, why);
	return true;
}

/* All of them, whose kind of link is that of the first. */
static bool open_interfaces(struct listener *listener, char *why)
{
	for (size_t i = 0; i < listener->near; i++) {
		struct ear *ear = &listener->ear[i];
		int linktype;

		if (!open_interface(listener, ear, why))
			return false;
		linktype = listener->library->datalink(ear->pcap);
		if (i && linktype != listener->linktype) {
			snprintf(why, MESSAGE_MAX,
				 "%s and %s are links of two kinds, and a capture has one: listen "
				 "on any, or on one of them",
				 listener->ear[0].interface, ear->interface);
			return false;
		}
		listener->linktype = linktype;
	}
	return true;
}

/* ---- the child ---- */

static void say(const struct listener *listener, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
static void say(const struct listener *listener, const char *format, ...)
{
	char text[MESSAGE_MAX];
	va_list ap;

	va_start(ap, format);
	vsnprintf(text, sizeof text, format, ap);
	va_end(ap);
	/* Whoever does not listen misses it. */
	(void)send(listener->control, text, strlen(text) + 1, MSG_NOSIGNAL | MSG_DONTWAIT);
}

/* At most once a second, and only while something comes: silence wakes nobody. */
static void tell_losses(const struct listener *listener, struct ear *ear)
{
	struct pcap_stat stats = { 0 };
	time_t now = time(NULL);

	if (now == ear->told_at || listener->library->stats(ear->pcap, &stats) < 0)
		return;
	ear->told_at = now;
	if (stats.ps_drop > ear->lost)
		say(listener, "%u packet%s on %s came faster than they were taken, and are lost",
		    stats.ps_drop - ear->lost, pcp_s(stats.ps_drop - ear->lost), ear->interface);
	ear->lost = stats.ps_drop;
}

/* What came there; as much at a time as lets the others have their turn. False: nobody reads what
 * we write. */
static bool take_packets(const struct listener *listener, struct ear *ear)
{
	int n = 1;

	for (int turn = 0; turn < TURNS && n > 0; turn++) {
		n = listener->library->dispatch(ear->pcap, BATCH, listener->library->dump,
						(u_char *)listener->to);
		if (n > 0 && listener->library->dump_flush(listener->to) < 0)
			return false;
	}
	if (n >= 0) {
		tell_losses(listener, ear);
		return true;
	}
	say(listener, "%s is gone (%s): it is listened to again when it is back", ear->interface,
	    listener->library->geterr(ear->pcap));
	close_interface(listener, ear);
	return true;
}

static void come_back(const struct listener *listener, struct ear *ear)
{
	char why[MESSAGE_MAX];

	if (!open_interface(listener, ear, why))
		return;
	ear->lost = 0;
	if (listener->library->datalink(ear->pcap) == listener->linktype)
		say(listener, "%s is back", ear->interface);
	else
		close_interface(listener, ear); /* one capture has one kind of link */
}

/* What poll says of them all. False: nobody reads what we write. */
static bool hear(struct listener *listener, const struct pollfd *poll_)
{
	for (size_t i = 0; i < listener->near; i++) {
		struct ear *ear = &listener->ear[i];

		if (!ear->pcap)
			come_back(listener, ear);
		else if (poll_[i].revents && !take_packets(listener, ear))
			return false;
	}
	return true;
}

/* Until whoever started us is gone, or reads no more. */
static void listen_on(struct listener *listener)
{
	struct pollfd poll_[1 + CAPTURE_INTERFACES_MAX] = { { .fd = listener->control,
							      .events = POLLIN } };

	for (;;) {
		bool gone = false;

		for (size_t i = 0; i < listener->near; i++) {
			pcap_t *pcap = listener->ear[i].pcap;

			poll_[1 + i].fd = pcap ? listener->library->get_selectable_fd(pcap) : -1;
			poll_[1 + i].events = POLLIN;
			gone = gone || !pcap;
		}
		if (poll(poll_, (nfds_t)(1 + listener->near), gone ? AGAIN : -1) < 0) {
			if (errno != EINTR)
				return;
			continue; /* it has said nothing */
		}
		if (poll_[0].revents || !hear(listener, poll_ + 1))
			return;
	}
}

static void leave_streams(void)
{
	int null = open("/dev/null", O_RDWR);

	for (int fd = STDIN_FILENO; null >= 0 && fd <= STDERR_FILENO; fd++)
		dup2(null, fd);
	signal(SIGINT, SIG_IGN); /* the end comes from whoever started us */
	signal(SIGPIPE, SIG_IGN);
}

static void be_child(struct listener *listener, int to)
{
	char why[MESSAGE_MAX];

	leave_streams();
	if (!open_interfaces(listener, why)) {
		say(listener, "%s", why);
		_exit(1);
	}
	(void)rights_keep(UINT64_C(1) << RIGHTS_NET_RAW); /* for an interface that comes back */
	listener->file = fdopen(to, "wb");
	listener->to = listener->file ? listener->library->dump_fopen(listener->ear[0].pcap,
								      listener->file)
				      : NULL;
	if (!listener->to || listener->library->dump_flush(listener->to) < 0) {
		say(listener, "cannot listen on %s: out of memory", listener->ear[0].interface);
		_exit(1);
	}
	say(listener, "ok");
	listen_on(listener);
	_exit(0);
}

/* ---- whoever reads ---- */

static bool is_one(const char *name)
{
	return interface_index(name) || !strcmp(name, CAPTURE_ANY);
}

/* Takes the name of `len` octets. */
/* The one of two that hears all that the other does; NULL: neither does. */
static const char *that_has_both(const char *one, const char *other)
{
	if (!strcmp(other, CAPTURE_ANY))
		return other;
	return !strcmp(one, CAPTURE_ANY) || !strcmp(one, other) ? one : NULL;
}

static bool add_interface(struct capture_interfaces *set, const char *name, size_t len,
			  struct pcp_why *why)
{
	char *to = set->name[set->count], there[256], wanted[256];

	snprintf(wanted, sizeof wanted, "%.*s", (int)(len < sizeof wanted ? len : sizeof wanted),
		 name);
	if (set->count == CAPTURE_INTERFACES_MAX)
		return pcp_refuse(why, 0,
				  "--listen: '%s': at most %d interfaces are listened to, or any",
				  pcp_quoted(wanted).text, CAPTURE_INTERFACES_MAX);
	if (len >= sizeof set->name[0] || !is_one(wanted)) {
		interface_names(there, sizeof there);
		return pcp_refuse(why, 0,
				  "--listen: there is no interface '%s'; there are %s, and any",
				  pcp_quoted(wanted).text, there);
	}
	for (size_t i = 0; i < set->count; i++) {
		const char *wider = that_has_both(set->name[i], wanted);

		if (wider)
			return pcp_refuse(
				why, 0, "--listen: '%s' has all that '%s' has: one is enough",
				wider, pcp_quoted(wider == wanted ? set->name[i] : wanted).text);
	}
	memcpy(to, wanted, len + 1);
	set->count++;
	return true;
}

bool capture_interfaces_parse(const char *text, struct capture_interfaces *set, struct pcp_why *why)
{
	*set = (struct capture_interfaces){ .count = 0 };
	if (is_one(text)) /* a comma may be part of a name */
		return add_interface(set, text, strlen(text), why);
	for (;;) {
		size_t len = strcspn(text, ",");

		if (!add_interface(set, text, len, why))
			return false;
		if (!text[len])
			return true;
		text += len + 1;
	}
}

/* The next thing that the child says; false: nothing. Each ends with its 0, since not every system
 * keeps messages apart between processes. */
static bool next_said(int control, char text[MESSAGE_MAX], int flags)
{
	ssize_t n = recv(control, text, MESSAGE_MAX, MSG_PEEK | flags);
	const char *end = n > 0 ? memchr(text, '\0', (size_t)n) : NULL;

	return end && recv(control, text, (size_t)(end + 1 - text), 0) > 0;
}

/* What the child says first: that it listens, or why not. */
static bool it_listens(int control, struct pcp_why *why)
{
	char text[MESSAGE_MAX];

	if (!next_said(control, text, 0))
		return pcp_refuse(why, 0, "the child that was to listen has ended");
	return !strcmp(text, "ok") || pcp_refuse(why, 0, "%s", text);
}

static void set_ports(struct listener *listener, const uint16_t *port, size_t nport)
{
	static const uint16_t usual[] = { PCP_SERVER_PORT, PCP_CLIENT_PORT };

	if (!nport) {
		port = usual;
		nport = sizeof usual / sizeof *usual;
	}
	listener->nport = nport < CAPTURE_PORTS_MAX ? nport : CAPTURE_PORTS_MAX;
	memcpy(listener->port, port, listener->nport * sizeof *port);
}

bool capture_listen(const struct capture_interfaces *interfaces, const uint16_t *port, size_t nport,
		    struct capture_listening *listening, struct pcp_why *why)
{
	struct listener listener = { .library = pcap_library(why), .near = interfaces->count };
	int capture[2], control[2];

	if (!listener.library)
		return false;
	for (size_t i = 0; i < interfaces->count; i++)
		listener.ear[i].interface = interfaces->name[i];
	set_ports(&listener, port, nport);
	if (pipe(capture) < 0 || socketpair(AF_UNIX, SOCK_STREAM, 0, control) < 0)
		return pcp_refuse(why, 0, "cannot listen: %s", strerror(errno));
	for (int i = 0; i < 2; i++) {
		fcntl(capture[i], F_SETFD, FD_CLOEXEC);
		fcntl(control[i], F_SETFD, FD_CLOEXEC);
	}
	listening->child = fork();
	if (listening->child < 0)
		return pcp_refuse(why, 0, "cannot listen: %s", strerror(errno));
	if (listening->child == 0) {
		close(capture[0]);
		close(control[0]);
		listener.control = control[1];
		be_child(&listener, capture[1]);
	}
#ifdef F_SETPIPE_SZ
	(void)fcntl(capture[1], F_SETPIPE_SZ, PIPE); /* as far as this user may */
#endif
	close(capture[1]);
	close(control[1]);
	listening->capture = capture[0];
	listening->control = control[0];
	if (it_listens(control[0], why) &&
	    (rights_keep(0) || pcp_refuse(why, 0, "the right to listen cannot be given up")))
		return true;
	close(capture[0]);
	capture_listen_end(listening);
	return false;
}

bool capture_listen_heard(const struct capture_listening *listening, char *buf, size_t cap)
{
	char text[MESSAGE_MAX];

	if (!next_said(listening->control, text, MSG_DONTWAIT))
		return false;
	snprintf(buf, cap, "%s", text);
	return true;
}

void capture_listen_end(struct capture_listening *listening)
{
	if (listening->child <= 0)
		return;
	close(listening->control);
	while (waitpid(listening->child, NULL, 0) < 0 && errno == EINTR)
		;
	listening->child = 0;
}
