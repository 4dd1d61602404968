/*
 * Captures: every datagram as raw IP in a pcap file, and the way back from anybody's pcap or pcapng
 * to datagrams.
 *
 *	capture-read.c   files to datagrams
 *	capture-plain.c  what is a pcap file, in large pieces
 *	capture-gate.c   those that still grow
 *	capture-inside.c   through what a link and tunnels put around them
 *	capture-remarks.c what was met and cannot be shown
 *	capture-listen.c live, from an interface
 *	capture-pasted.c  one packet that somebody pasted
 *	capture-write.c  datagrams to a file
 *	capture-packet.c  one of them
 *	capture-carry.c  what a file that goes leaves to the one that comes
 *	capture-dir.c    where sessions are saved, and how much of them is kept
 */
#ifndef CAPTURE_H
#define CAPTURE_H

#include <sys/types.h>

#include "clock.h"
#include "edit.h"
#include "endpoint.h"

enum { CAPTURE_PATH_MAX = 4096, CAPTURE_PORTS_MAX = 16, CAPTURE_TEXT = 512 };

/* ---- reading ---- */

struct capture;

/* A UDP datagram of PCP or NAT-PMP, or an ICMP error about one. */
struct capture_datagram {
	uint64_t packet; /* its number in the file, from 1 */
	usec wall;	 /* microseconds since 1970 */
	struct pcp_endpoint from, to;
	bool sent; /* to a server: by the ports, or by the R bit where they do not tell */
	const uint8_t *octets; /* until the next call */
	size_t len;
	size_t whole; /* octets that were on the wire: more where the capture cut it */
	/* An error: what it says ("port unreachable"), of the datagram from `from` to `to`, and who
	 * says so; else NULL. */
	const char *unreachable;
	struct pcp_endpoint by;
};

enum { CAPTURE_UNREAD_MAX = 12 };

enum capture_result {
	CAPTURE_DATAGRAM, /* *datagram is filled in */
	CAPTURE_PASSED,	  /* a packet that is none of ours: counted, not shown */
	CAPTURE_WAITS,	  /* it grows, and there is no more at present */
	CAPTURE_END,
	CAPTURE_BROKEN, /* nothing can be read from here on: capture_broken() says why */
};

struct capture_counts {
	uint64_t packets, datagrams, errors; /* errors: of ICMP */
	uint64_t fragments,
		first_fragment; /* pieces of UDP datagrams, which are not put together */
	uint64_t cut;		/* datagrams of which the file lacks octets */
	uint64_t malformed;	/* packets whose IP or UDP lengths cannot be */
	uint64_t other_ports;	/* UDP on ports that were not asked for */
	struct {
		const char *name; /* "VXLAN" */
		uint64_t packets;
	} unread[CAPTURE_UNREAD_MAX]; /* what may carry datagrams and was not looked into; of the
				       * last the rest */
	uint64_t offset, size; /* octets of the file that were read, and all of them (0: unknown) */
};

/* Opens a pcap or pcapng file of Ethernet, raw IP, Linux cooked or loopback; "-" is standard input.
 * VLAN tags, MPLS, PPPoE, GRE and IP in IP are looked into.
 * port[0..nport): servers' ports; none: the usual ones, 5351 and 5350, and in a file that pcpscope
 * wrote, any. NULL with *why. Memory: one packet, whatever the file's size. */
struct capture *capture_open(const char *path, const uint16_t *port, size_t nport,
			     struct pcp_why *why);
/* The same of a capture that grows: a file that is written to, or a pipe. Takes fd over, also when
 * it fails. It may begin later than this, and what it is be known then. */
struct capture *capture_follow(int fd, const char *name, const uint16_t *port, size_t nport,
			       struct pcp_why *why);
/* The descriptor that can be read when there may be more; -1: nothing tells, it is to be looked at
 * now and then. */
int capture_fd(const struct capture *capture);
void capture_close(struct capture *capture);
/* Reads one packet. After CAPTURE_END or _BROKEN it stays so. */
enum capture_result capture_next(struct capture *capture, struct capture_datagram *datagram);
/* Goes back to where `packet` packets and `offset` octets had been read. False, and nothing done,
 * in a file in which that cannot be: pcapng, a pipe. */
bool capture_return(struct capture *capture, uint64_t packet, uint64_t offset);
bool capture_is_ours(const struct capture *capture); /* pcpscope wrote it */
const struct capture_counts *capture_counts(const struct capture *capture);
/* "FILE ends in the middle of packet 12, at octet 1834: ..."; "" while it is whole. */
const char *capture_broken(const struct capture *capture);
/* What was met and cannot be shown, in sentences; "" when there is nothing to say. Length as
 * snprintf. */
size_t capture_remarks(const struct capture *capture, char *buf, size_t cap);

/* ---- listening ---- */

struct capture_listening {
	int capture; /* for capture_follow, which takes it over */
	int control; /* can be read when there is something to hear */
	pid_t child; /* 0: none */
};

#define CAPTURE_ANY "any" /* all interfaces, those that come later, too */

enum { CAPTURE_INTERFACES_MAX = 8, CAPTURE_INTERFACE_NAME = 16 };

struct capture_interfaces {
	char name[CAPTURE_INTERFACES_MAX][CAPTURE_INTERFACE_NAME];
	size_t count;
};

/* "eth0", "eth0,wg0" or "any". False with *why, which says what there is: one of them is not there,
 * or twice, or they are too many. */
bool capture_interfaces_parse(const char *text, struct capture_interfaces *set,
			      struct pcp_why *why);

/* A child listens on the interfaces, and writes what it sees of the ports (see capture_open) as a
 * capture that grows. This process has no capability any more when it returns. False with *why. */
bool capture_listen(const struct capture_interfaces *interfaces, const uint16_t *port, size_t nport,
		    struct capture_listening *listening, struct pcp_why *why);
/* A sentence of the child's: packets lost, an interface gone. False: there is none. */
bool capture_listen_heard(const struct capture_listening *listening, char *buf, size_t cap);
/* The child ends, if it has not ended yet. */
void capture_listen_end(struct capture_listening *listening);

/* ---- pasted octets ---- */

/* The UDP datagram in the frame or IP packet that the octets are, of any link that capture_open
 * reads: its ends, payload (which points into them) and length. False: they are none. */
bool capture_pasted(const uint8_t *octets, size_t len, struct capture_datagram *datagram);

/* ---- writing ---- */

struct capture_writer;

/* The file `path`, with mode 0600, whatever it had. One that pcpscope wrote is continued; anything
 * else that is there is left alone. A pipe, a terminal or the like is written to without ever
 * waiting for its reader: one that nobody reads yet is tried again with each datagram. NULL with
 * *why. */
struct capture_writer *capture_write_file(const char *path, struct pcp_why *why);

struct capture_limits {
	/* Octets of one file, beyond what it began with; then the next begins, and the last but one
	 * goes. */
	uint64_t segment;
	uint64_t total; /* octets of all saved sessions; the oldest go first */
	size_t files;
};
enum { CAPTURE_TOTAL = 8 }; /* segments, where the segment's size is chosen */
/* 32 MiB, 256 MiB, 1000 files */
extern const struct capture_limits capture_limits;

struct capture_carrier;

/* Copies the record at `offset` of the old file into the new one: where it stands there, or 0 when
 * that cannot be. Offsets that ascend are quickest. */
uint64_t capture_carry(struct capture_carrier *carrier, uint64_t offset);

/* Whoever knows what mappings hang on is asked for it before a file goes. Each may be NULL: then
 * nothing of it is needed. False: it cannot be told, and the file stays. */
struct capture_keeper {
	void *arg;
	/* Carries over what is still needed of the session's own segment, */
	bool (*full)(void *arg, struct capture_carrier *carrier);
	/* which has been replaced now. */
	void (*turned)(void *arg);
	/* The same of the file of a session that has ended. */
	bool (*ended)(void *arg, const char *path, bool lab, struct capture_carrier *carrier);
};

/* A session's own file in `dir` (made with mode 0700; refused where others may write), begun with
 * the first datagram, so that a session that sends nothing leaves nothing. lab: its servers on
 * loopback end with it. limits: NULL for capture_limits. keeper: NULL keeps nothing. NULL without
 * memory. */
struct capture_writer *capture_write_session(const char *dir, bool lab,
					     const struct capture_limits *limits,
					     const struct capture_keeper *keeper);
/* Appends a datagram as an IP packet; it is in the file when this returns. False when it is not:
 * capture_trouble() says why; the next datagram is tried again. */
bool capture_write(struct capture_writer *writer, usec wall, const struct pcp_endpoint *from,
		   const struct pcp_endpoint *to, const uint8_t *octets, size_t len);
/* The same of a datagram that is kept only up to `len` of its `whole` octets. */
bool capture_write_cut(struct capture_writer *writer, usec wall, const struct pcp_endpoint *from,
		       const struct pcp_endpoint *to, const uint8_t *octets, size_t len,
		       size_t whole);
/* Whether a session's file has reached its size. It grows until capture_turn, which is for a moment
 * at which no answer is half understood. */
bool capture_is_full(const struct capture_writer *writer);
/* Where it is full: it stays as the session's old one, the old one before it goes, and the new one
 * begins with what is still needed of it. Each step is whole or not done, and where it cannot be
 * done the file grows on. */
void capture_turn(struct capture_writer *writer);
/* "FILE cannot be written: No space left on device; 3 datagrams are missing in it." "" when all is
 * well. */
const char *capture_trouble(const struct capture_writer *writer);
/* Where in its file the last datagram stands; 0: it is in none. */
uint64_t capture_last(const struct capture_writer *writer);
/* Datagrams that are in no file, so far. */
uint64_t capture_missing(const struct capture_writer *writer);
const char *capture_path(const struct capture_writer *writer); /* "" before the first datagram */
/* The end of a pipe: waits a little for its reader. What that has not taken is missing, and
 * capture_trouble says so. */
void capture_finish(struct capture_writer *writer);
void capture_writer_free(struct capture_writer *writer);

/* ---- the directory of saved sessions ---- */

/* $XDG_STATE_HOME/pcpscope, else ~/.local/state/pcpscope. False with *why when there is neither. */
bool capture_state_dir(char *buf, size_t cap, struct pcp_why *why);

struct capture_file {
	char name[64]; /* in the directory */
	usec from;     /* when its session began, to the second */
	usec changed;  /* when it was last written to, to the second */
	uint64_t octets;
	bool lab;  /* see capture_write_session */
	bool live; /* its session still runs */
};
/* The saved sessions in `dir`, oldest first; what is not of pcpscope, or belongs to another user,
 * or may be written by others, is none, and *why says so; "" otherwise. *count is 0 and NULL is
 * returned when there are none; the caller frees the list. */
struct capture_file *capture_files(const char *dir, size_t *count, struct pcp_why *why);

/* For capture-write.c: a new session file's name, and the old ones gone that make room for it. */
void capture_file_name(usec wall, bool lab, char *buf, size_t cap);
void capture_make_room(const char *dir, const struct capture_limits *limits,
		       const struct capture_keeper *keeper);
/* Makes it, if need be. False with errno, or with *why where it is there and cannot be trusted. */
bool capture_make_dir(const char *dir, const char **why);

/* What marks a pcap file of pcpscope: raw IP, and this snapshot length. Any UDP datagram fits. */
enum { CAPTURE_SNAPLEN = 65535 + 40 };

#endif
