/* A capture that grows, looked at in place of the session. */
#ifndef SESSION_FOLLOW_H
#define SESSION_FOLLOW_H

#include "session.h"

/* Looks at a capture as it comes, a file that is written to or a pipe, in place of the session.
 * fd is taken over, also when it fails; name: for people. Observers hear of what comes from here
 * on. It is a task, which ends when the stream does or when it is cancelled. False with *why. */
bool session_follow(struct session *session, int fd, const char *name, struct pcp_why *why);
bool session_follow_path(struct session *session, const char *path, struct pcp_why *why);
/* The same of what passes on an interface, or on "any", seen by a child that alone has the right
 * to: this process has no capability from here on. */
bool session_listen(struct session *session, const char *interface, struct pcp_why *why);
bool session_follows(const struct session *session);
/* Whether what is looked at was followed, if only until it ended. */
bool session_followed(const struct session *session);
/* Called when it has ended by itself. */
void session_on_end_of_followed(struct session *session, void (*ended)(void *arg), void *arg);

#endif
