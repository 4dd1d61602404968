/* What earlier sessions left. */
#ifndef SESSION_RESUME_H
#define SESSION_RESUME_H

#include "session.h"

/* Says as a notice how many mappings still live, if any do: at once after session_left, or else
 * soon after the loop has begun. */
void session_offer(struct session *session);
/* How many; 0 after session_resume took them over. Reads all of the saved sessions at once. */
size_t session_left(struct session *session);
/* Takes them over, with their servers: they can be renewed and deleted. How many; what could not be
 * had goes to the notice. */
size_t session_resume(struct session *session);
/* The same at the start, before the loop runs: a session that is just ending is waited for,
 * shortly.
 */
size_t session_resume_first(struct session *session);

#endif
