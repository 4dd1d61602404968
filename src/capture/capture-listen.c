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
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "capture.h"
#include "pcap-library.h"
#include "rights.h"
#include "words.h"

enum {
	SNAPSHOT = 4096,   /* octets of a packet: PCP's are 1100 at most */
	BUFFER = 16 << 20, /* octets that the kernel holds while we write */
	BATCH = 256,	   /* packets between writings */
	FILTER_MAX = 4096,
	MESSAGE_MAX = 512,
	AGAIN = 1000, /* milliseconds between looks whether an interface is back */
};

struct listener {
	const struct pcap_library *library;
	const char *interface;
	uint16_t port[CAPTURE_PORTS_MAX];
	size_t nport;
	pcap_t *pcap;	   /* NULL: the interface is gone */
	pcap_dumper_t *to; /* the pipe */
	FILE *file;
	int linktype, control;
	unsigned lost; /* packets, as told */
	time_t told_at;
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

static bool set_filter(struct listener *listener, const char *text)
{
	struct bpf_program program;
	bool done;

	if (listener->library->compile(listener->pcap, &program, text, 1, PCAP_NETMASK_UNKNOWN) < 0)
		return false;
	done = listener->library->setfilter(listener->pcap, &program) == 0;
	listener->library->freecode(&program);
	return done;
}

static bool sort_out(struct listener *listener)
{
	char whole[FILTER_MAX] = "", plain[FILTER_MAX] = "";

	add_plain(listener, plain);
	if (listener->linktype == DLT_EN10MB)
		add_tagged(listener, whole);
	add(whole, "%s or (pppoes and ", plain); /* what follows this word is inside */
	add_plain(listener, whole);
	add(whole, ")");
	return (listener->linktype == DLT_EN10MB && set_filter(listener, whole)) ||
	       set_filter(listener, plain);
}

/* ---- the interface ---- */

static void close_interface(struct listener *listener)
{
	if (listener->pcap)
		listener->library->close(listener->pcap);
	listener->pcap = NULL;
}

static bool failed(struct listener *listener, int status, char *why)
{
	const char *text = listener->pcap ? listener->library->geterr(listener->pcap) : "";

	if (status == PCAP_ERROR_PERM_DENIED)
		snprintf(why, MESSAGE_MAX,
			 "listening on %s is not permitted: sudo setcap cap_net_raw=ep "
			 "\"$(command -v pcpscope)\" grants it, and so does sudo",
			 listener->interface);
	else
		snprintf(why, MESSAGE_MAX, "cannot listen on %s: %s", listener->interface,
			 *text ? text : listener->library->statustostr(status));
	close_interface(listener);
	return false;
}

static bool open_interface(struct listener *listener, char *why)
{
	const struct pcap_library *library = listener->library;
	char error[PCAP_ERRBUF_SIZE] = "";
	int status;

	listener->pcap = library->create(listener->interface, error);
	if (!listener->pcap) {
		snprintf(why, MESSAGE_MAX, "cannot listen on %s: %s", listener->interface, error);
		return false;
	}
	library->set_snaplen(listener->pcap, SNAPSHOT);
	library->set_promisc(listener->pcap, 1); /* what others say to each other */
	library->set_immediate_mode(listener->pcap, 1);
	library->set_buffer_size(listener->pcap, BUFFER);
	status = library->activate(listener->pcap);
	if (status < 0)
		return failed(listener, status, why);
	listener->linktype = library->datalink(listener->pcap);
	if (!sort_out(listener) || library->setnonblock(listener->pcap, 1, error) < 0)
		return failed(listener, PCAP_ERROR, why);
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
	(void)send(listener->control, text, strlen(text), MSG_NOSIGNAL | MSG_DONTWAIT);
}

/* At most once a second, and only while something comes: silence wakes nobody. */
static void tell_losses(struct listener *listener)
{
	struct pcap_stat stats = { 0 };
	time_t now = time(NULL);

	if (now == listener->told_at || listener->library->stats(listener->pcap, &stats) < 0)
		return;
	listener->told_at = now;
	if (stats.ps_drop > listener->lost)
		say(listener, "%u packet%s on %s came faster than they were taken, and are lost",
		    stats.ps_drop - listener->lost, pcp_s(stats.ps_drop - listener->lost),
		    listener->interface);
	listener->lost = stats.ps_drop;
}

/* False: nobody reads what we write. */
static bool take_packets(struct listener *listener)
{
	int n;

	while ((n = listener->library->dispatch(listener->pcap, BATCH, listener->library->dump,
						(u_char *)listener->to)) > 0)
		if (listener->library->dump_flush(listener->to) < 0)
			return false;
	if (n == 0) {
		tell_losses(listener);
		return true;
	}
	say(listener, "%s is gone (%s): it is listened to again when it is back",
	    listener->interface, listener->library->geterr(listener->pcap));
	close_interface(listener);
	return true;
}

static void come_back(struct listener *listener)
{
	int linktype = listener->linktype;
	char why[MESSAGE_MAX];

	if (!open_interface(listener, why))
		return;
	listener->lost = 0;
	if (listener->linktype == linktype) {
		say(listener, "%s is back", listener->interface);
		return;
	}
	close_interface(listener); /* one capture has one kind of link */
	listener->linktype = linktype;
}

/* Until whoever started us is gone, or reads no more. */
static void listen_on(struct listener *listener)
{
	for (;;) {
		struct pollfd poll_[] = {
			{ .fd = listener->control, .events = POLLIN },
			{ .fd = -1, .events = POLLIN },
		};

		if (listener->pcap)
			poll_[1].fd = listener->library->get_selectable_fd(listener->pcap);
		if (poll(poll_, 2, listener->pcap ? -1 : AGAIN) < 0 && errno != EINTR)
			return;
		if (poll_[0].revents)
			return;
		if (!listener->pcap)
			come_back(listener);
		else if (poll_[1].revents && !take_packets(listener))
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
	if (!open_interface(listener, why)) {
		say(listener, "%s", why);
		_exit(1);
	}
	(void)rights_keep(UINT64_C(1) << RIGHTS_NET_RAW); /* for an interface that comes back */
	listener->file = fdopen(to, "wb");
	listener->to = listener->file
			       ? listener->library->dump_fopen(listener->pcap, listener->file)
			       : NULL;
	if (!listener->to || listener->library->dump_flush(listener->to) < 0) {
		say(listener, "cannot listen on %s: out of memory", listener->interface);
		_exit(1);
	}
	say(listener, "ok");
	listen_on(listener);
	_exit(0);
}

/* ---- whoever reads ---- */

/* What the child says first: that it listens, or why not. */
static bool it_listens(int control, struct pcp_why *why)
{
	char text[MESSAGE_MAX];
	ssize_t n = recv(control, text, sizeof text - 1, 0);

	if (n <= 0)
		return pcp_refuse(why, 0, "the child that was to listen has ended");
	text[n] = '\0';
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

bool capture_listen(const char *interface, const uint16_t *port, size_t nport,
		    struct capture_listening *listening, struct pcp_why *why)
{
	struct listener listener = { .interface = interface, .library = pcap_library(why) };
	int capture[2], control[2];

	if (!listener.library)
		return false;
	set_ports(&listener, port, nport);
	if (pipe2(capture, O_CLOEXEC) < 0)
		return pcp_refuse(why, 0, "cannot listen: %s", strerror(errno));
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, control) < 0 ||
	    (listening->child = fork()) < 0)
		return pcp_refuse(why, 0, "cannot listen: %s", strerror(errno));
	if (listening->child == 0) {
		close(capture[0]);
		close(control[0]);
		listener.control = control[1];
		be_child(&listener, capture[1]);
	}
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
	ssize_t n = recv(listening->control, buf, cap - 1, MSG_DONTWAIT);

	if (n <= 0)
		return false;
	buf[n] = '\0';
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
