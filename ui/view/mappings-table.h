/* What the files of Mappings share: view-mappings.c (the table), mappings-keys.c (what keys do with
 * a row). */
#ifndef MAPPINGS_TABLE_H
#define MAPPINGS_TABLE_H

#include "view.h"

/* The mapping under the cursor; NULL in an empty table. */
const struct pcp_mapping *mappings_current(struct ui *ui);

#endif
