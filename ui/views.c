/* The tables of views, from the rows of views.h. */
#include "view.h"

#define VIEWS_STRUCT(number, struct_, name, kind) [VIEW_##number] = &view_##struct_,
#define VIEWS_NAME(number, struct_, name, kind)	  [VIEW_##number] = name,

const struct view *const ui_views[VIEW_COUNT] = { UI_VIEWS(VIEWS_STRUCT) };
const char *const ui_view_names[VIEW_COUNT] = { UI_VIEWS(VIEWS_NAME) };
