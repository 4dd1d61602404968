/* What the rules object to in a packet, and how it is marked beside the fields concerned. */
#ifndef FINDINGS_H
#define FINDINGS_H

#include "line.h"
#include "judge.h"
#include "session.h"
#include "writer.h"

struct findings {
	struct pcp_finding at[PCP_FINDINGS_MAX]; /* in order of offset */
	size_t n;
};

/* Decodes the message into judge->packet and judges it; what is beyond PCP_FINDINGS_MAX is left
 * out. */
void findings_of_message(struct findings *findings, const struct session *session,
			 const struct message *message, struct judge *judge);
/* The same of what is about to be sent, from the address that the session sends from. */
void findings_of_composed(struct findings *findings, const struct session *session,
			  const struct pcp_edit *edit, struct judge *judge);
/* Their count as findings_line() has it, and the rules by name, each once: "▲ 1 rule broken, i 2
 * remarks: client-address-mismatch, nonce-zero". Length as snprintf. */
size_t findings_words(const struct findings *findings, char *buf, size_t cap);
/* The gravest one that concerns the node; NULL when none does. */
const struct pcp_finding *findings_on(const struct findings *findings, const struct pcp_node *node);
/* The gravest one that concerns no octet that is there: something is missing. */
const struct pcp_finding *findings_missing(const struct findings *findings, size_t len);
/* The nth gravest, from 0, in order of offset where they are as grave; NULL beyond. */
const struct pcp_finding *findings_worst(const struct findings *findings, size_t nth);
/* Whether more than a remark concerns the octet. */
bool findings_objects(const struct findings *findings, size_t octet);
/* "▲2 i4": how many the rules object to, in the colour of the worst, and remarks. */
void findings_line(const struct findings *findings, int gap, struct line *line);
enum style finding_style(const struct pcp_finding *finding); /* STYLE_NORMAL for NULL */
/* Puts its mark into the row; nothing for NULL. */
void finding_mark(const struct rect *in, int row, int col, const struct pcp_finding *finding);
/* The rule, where it stands, and the sentence. */
void finding_meaning(const struct pcp_finding *finding, char *buf, size_t cap);

/* The value of the packet's node, all that is said against it, and what the reference says of its
 * layout. */
void findings_about(const struct findings *findings, const struct pcp_packet *packet, size_t node,
		    struct writer *writer);

#endif
