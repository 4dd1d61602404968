/* One of its old names is taken by functions of ours. */
#define tell windows_tell
#include_next <io.h>
#undef tell
