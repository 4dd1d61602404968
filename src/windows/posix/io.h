/* Of its old names one is taken by functions of ours, and two mean what POSIX means. */
#define tell  windows_tell
#define read  windows_systems_read
#define write windows_systems_write
#include_next <io.h>
#undef tell
#undef read
#undef write
