/* What a session holds, told to those who look at it; and its clocks. */
#include "session-private.h"

struct loop *session_loop(struct session *session)
{
	return session->loop;
}

struct pcp_rng *session_rng(struct session *session)
{
	return &session->rng;
}

unsigned session_dialects(const struct session *session)
{
	return session->dialects;
}

struct pcp_client *session_client(const struct session *session)
{
	return session->replay ? replay_client(session->replay) : session->client;
}

struct log *session_log(const struct session *session)
{
	return session->replay ? session->replay_log : session->log;
}

uint64_t session_missed(const struct session *session)
{
	return session->missed + (session->replay ? replay_missed(session->replay) : 0);
}

struct replay *session_replay(const struct session *session)
{
	return session->replay;
}

struct lab *session_lab(const struct session *session)
{
	return session->lab;
}

uint16_t session_server(const struct session *session)
{
	return session->server;
}

void session_use(struct session *session, uint16_t server)
{
	session->server = server;
}

bool session_usage(struct session *session)
{
	session->fault = SESSION_USAGE;
	return false;
}

const char *session_save_dir(const struct session *session)
{
	return session->saved.writer ? session->state_dir : NULL;
}

const char *session_write_path(const struct session *session)
{
	return session->named.writer ? capture_path(session->named.writer) : NULL;
}

/* ---- clocks ---- */

/* Whoever captures is behind us by what its datagrams seem to take at the least. */
usec session_clock_there(const struct session *session)
{
	return pcp_clock_wall() - session->following.skew;
}

static usec followed_now(const struct session *session)
{
	usec now = session_clock_there(session), shown = replay_now(session->replay);

	return now > shown ? now : shown;
}

usec session_now(const struct session *session)
{
	if (session->following.on)
		return followed_now(session);
	return session->replay ? replay_now(session->replay) : loop_now(session->loop);
}

bool session_stands(const struct session *session)
{
	return session->replay && !session->following.on;
}

usec session_wall(const struct session *session, usec moment)
{
	return session->replay ? moment : moment + session->wall_offset;
}

usec session_wall_offset(usec known, usec wall, usec monotonic)
{
	usec offset = wall - monotonic, step = offset - known;

	return step > USEC_PER_SEC || step < -USEC_PER_SEC ? offset : known;
}

usec session_wall_of(struct session *session, usec moment)
{
	session->wall_offset =
		session_wall_offset(session->wall_offset, pcp_clock_wall(), pcp_clock_monotonic());
	return moment + session->wall_offset;
}

/* ---- turns of what is long to do ---- */

#define TURN (USEC_PER_SEC / 100)

struct session_turn session_turn(unsigned looks)
{
	return (struct session_turn){ .began = pcp_clock_monotonic(), .looks = looks };
}

bool session_turn_goes_on(struct session_turn *turn)
{
	return --turn->looks > 0 && pcp_clock_monotonic() < turn->began + TURN;
}
