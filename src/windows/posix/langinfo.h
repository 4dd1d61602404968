/* The console is set to UTF-8 when the program starts. */
#ifndef WINDOWS_LANGINFO_H
#define WINDOWS_LANGINFO_H
enum { CODESET };
static inline const char *nl_langinfo(int item)
{
	(void)item;
	return "UTF-8";
}
#endif
