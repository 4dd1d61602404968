/* Where the system knows no capabilities, there are none to give up. */
#include "rights.h"

bool rights_keep(uint64_t mask)
{
	(void)mask;
	return true;
}
