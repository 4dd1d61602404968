/* Word to the service manager that started us (sd_notify(3)), in its own few lines. */
#ifndef NOTIFY_H
#define NOTIFY_H

#include <stdbool.h>

/* Sends the words ("READY=1") to the socket that $NOTIFY_SOCKET names. True when nobody asked for
 * it, or it was sent; false with errno. */
bool notify(const char *words);

#endif
