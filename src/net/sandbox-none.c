/* Where the system has no way that we know, nothing is given up. */
#include "sandbox.h"

unsigned sandbox_enter(const struct sandbox *sandbox)
{
	(void)sandbox;
	return 0;
}
