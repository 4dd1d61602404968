/*
 * A capture as if it were live: its datagrams run through a passive client and a log. The mapping
 * table is a fold over datagrams and their times, so any moment of it can be had again.
 */
#ifndef REPLAY_H
#define REPLAY_H

#include "capture.h"
#include "client.h"
#include "log.h"

/* ---- one pass over datagrams, in the order of their times ---- */

struct fold;

/* log: hears of everything, NULL for none; the caller's. foreign: the datagrams are not those of
 * one session of ours, so that none of them was ignored. NULL when memory is out. */
struct fold *fold_new(struct log *log, bool foreign);
void fold_free(struct fold *fold);
/* Its events, after the log has them. */
void fold_listen(struct fold *fold, void (*event)(void *arg, const struct pcp_client_event *event),
		 void *arg);
/* Lets the time pass until `wall` (microseconds since 1970); never backwards. */
void fold_advance(struct fold *fold, usec wall);
void fold_take(struct fold *fold, const struct capture_datagram *datagram);
struct pcp_client *fold_client(const struct fold *fold);
usec fold_now(const struct fold *fold); /* its client's clock: wall time */

/* ---- a capture, and any moment of it ---- */

struct replay;

/* Opens a capture (see capture_open) and reads nothing yet. log: takes the messages of the first
 * pass; the caller's, and must outlive the replay. NULL with *why. */
struct replay *replay_open(const char *path, const uint16_t *port, size_t nport, struct log *log,
			   struct pcp_why *why);
/* The same of a capture that grows (capture_follow). fd is taken over: it is closed with the
 * replay, and at once where there is none. */
struct replay *replay_follow(int fd, const char *name, const uint16_t *port, size_t nport,
			     struct log *log, struct pcp_why *why);
void replay_free(struct replay *replay);
/* The events of the first pass, after the log has them. */
void replay_listen(struct replay *replay,
		   void (*event)(void *arg, const struct pcp_client_event *event), void *arg);
/* Reads on by at most `packets`. False when there is no more to read now: ever, or replay_waits. */
bool replay_read(struct replay *replay, size_t packets);
/* Ends the reading: what was read so far is all of the capture. */
void replay_stop(struct replay *replay);
bool replay_reading(const struct replay *replay);
/* One will go back and forth in it, mostly by few datagrams: the last ones before where a way ends
 * are remembered so that they can be undone, and its file stays open, wherever its name goes. */
void replay_steps(struct replay *replay);
/* It grows, and all that there is so far has been read. */
bool replay_waits(const struct replay *replay);
/* Lets time pass for the client without a datagram, until `wall`; and when that next changes
 * something. */
void replay_advance(struct replay *replay, usec wall);
usec replay_next(const struct replay *replay);
const char *replay_path(const struct replay *replay);
/* Datagrams read so far; after reading, all of the capture's. */
uint64_t replay_count(const struct replay *replay);
/* How often something is missing of what it shows now, as memory was out. */
uint64_t replay_missed(const struct replay *replay);
/* Which datagram was the last that the client has seen; 0: before the first. */
uint64_t replay_at(const struct replay *replay);
/* Goes to the moment after datagram `at`, reading at most `packets` of the file. False when it has
 * not arrived yet: call again. What replay_steps remembers, in up to 16 MiB, is undone: a step
 * back costs microseconds, however many mappings stand. Farther away it begins with what lies
 * nearest before it: where it is, or a moment that is remembered, of which there are up to 64 in up
 * to 32 MiB. Not while reading. */
bool replay_seek(struct replay *replay, uint64_t at, size_t packets);
/* The passive client of the moment; replay_seek replaces it. Its clock is the wall's. */
struct pcp_client *replay_client(const struct replay *replay);
usec replay_now(const struct replay *replay);
/* Counts, damage and remarks of the first pass. */
const struct capture *replay_capture(const struct replay *replay);
/* Why a seek could not read the file again; "" when it could. */
const char *replay_trouble(const struct replay *replay);

#endif
