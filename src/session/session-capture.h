/* A capture looked at in place of the session. */
#ifndef SESSION_CAPTURE_H
#define SESSION_CAPTURE_H

#include "session.h"

/* Looks at a capture in place of the session, which goes on behind it. It is read from the loop, a
 * piece a turn, a task until then: what was read when it is cancelled is all of the capture. False
 * with *why. */
bool session_open(struct session *session, const char *path, struct pcp_why *why);
/* Reads all of the open capture now. */
void session_read(struct session *session);
/* Goes to the moment after its datagram `at`, from the loop where that takes long. */
void session_seek(struct session *session, uint64_t at);
bool session_seeking(const struct session *session);
/* An open capture is being read or sought in: the loop does not rest. */
bool session_busy(const struct session *session);
void session_close(struct session *session); /* back to the session itself */

#endif
