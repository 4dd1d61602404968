/* arc4random_buf(3), which the BSDs and macOS have: it cannot fail. */
#include "random-private.h"

#include <stdlib.h>

void random_system(void *buf, size_t len)
{
	arc4random_buf(buf, len);
}
