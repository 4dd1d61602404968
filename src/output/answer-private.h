/* Between answer.c, answer-pieces.c, answer-scene.c, answer-granted.c
 * and answer-list.c. */
#ifndef ANSWER_PRIVATE_H
#define ANSWER_PRIVATE_H

#include "answer.h"

/* ---- a sentence of pieces that give way where there is no room ---- */

/* The greater goes first. DETAIL says what was not as asked, or why; ADVICE what that means and
 * what to do. */
enum piece_rank {
	PIECE_KEEP,
	PIECE_LIFETIME,
	PIECE_UNIT,
	PIECE_DETAIL,
	PIECE_INSIDE,
	PIECE_ADVICE,
	PIECE_AS_ASKED,
	PIECE_TIME_TAKEN,
	PIECE_RANKS,
};

enum { PIECES_MAX = 16, PIECE_TEXT = 320 };

struct pieces {
	struct {
		char text[PIECE_TEXT];
		enum piece_rank rank, below; /* the greatest rank that stands is in there */
		bool prose;		     /* its first words are worth something alone */
	} piece[PIECES_MAX];
	size_t n;
	bool ascii;
};

void pieces_add(struct pieces *pieces, enum piece_rank rank, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* One that stands while pieces of `below` have given way: it says that something is left out. */
void pieces_add_for(struct pieces *pieces, enum piece_rank rank, enum piece_rank below,
		    const char *format, ...) __attribute__((format(printf, 4, 5)));
/* Words of somebody's, which may end early: "…". */
void pieces_add_prose(struct pieces *pieces, enum piece_rank rank, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* One behind the other, whole ranks left out until the rest takes at most `width` columns (0: any);
 * of the prose that is left out first, as many words as there is room for. Length as snprintf. */
size_t pieces_join(const struct pieces *pieces, unsigned width, char *buf, size_t cap);

/* ---- what was asked, and what is known of its outcome ---- */

/* What a request wants, or an answer gives. */
struct terms {
	bool natpmp, of_mapping, exactly;
	uint8_t opcode, protocol;
	struct pcp_endpoint inside, outside;
	uint32_t lifetime; /* seconds */
	uint16_t ports;
};

struct scene {
	const struct answer *answer;
	const struct exchange *exchange;
	const struct message *request, *reply; /* reply: the last that was taken; NULL */
	const struct message *last;	       /* the last that was sent */
	const struct message *ignored;	       /* the last that was not; NULL */
	const struct pcp_client_server *server;
	const struct pcp_mapping *mapping; /* of the exchange, if this is its last word */
	struct terms asked, got;
	bool natpmp, pcp; /* which protocols it was asked in */
};

/* False: no such exchange, or the log dropped its request. */
bool scene_look(struct scene *scene, const struct answer *answer);
enum answer_verdict scene_verdict(const struct scene *scene);
uint8_t scene_result(const struct scene *scene);
/* Nothing of it has left this host, so that no answer says nothing of the server. */
bool scene_unsent(const struct scene *scene);
bool scene_deletes(const struct scene *scene);
/* Whether what was suggested was not given; what was left to the server differs from nothing. */
bool scene_port_differs(const struct scene *scene);
bool scene_address_differs(const struct scene *scene);

/* ---- sentences ---- */

void answer_granted(struct pieces *pieces, struct scene *scene);
void answer_list(struct pieces *pieces, const struct scene *scene);

#endif
