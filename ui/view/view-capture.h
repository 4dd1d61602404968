/* What the time line asks of the capture's pane. */
#ifndef VIEW_CAPTURE_H
#define VIEW_CAPTURE_H

#include "survey.h"

/* What the open capture contains, a slice further than at the last call. */
const struct survey *capture_survey(struct ui *ui);

#endif
