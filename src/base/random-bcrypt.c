/* BCryptGenRandom(), which Windows has. */
#include "random-private.h"

#include <windows.h>

#include <bcrypt.h>
#include <stdint.h>
#include <stdlib.h>

void random_system(void *buf, size_t len)
{
	if (len > UINT32_MAX ||
	    BCryptGenRandom(NULL, buf, (ULONG)len, BCRYPT_USE_SYSTEM_PREFERRED_RNG) != 0)
		abort();
}
