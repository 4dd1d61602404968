/* Wide characters to UTF-8 and back, whatever the C library's locale, and how wide they are. */
#include_next <wchar.h>
#ifndef WINDOWS_WCHAR_H
#define WINDOWS_WCHAR_H
size_t wcrtomb(char *octets, wchar_t character, mbstate_t *state) __asm__("windows_wcrtomb");
size_t mbrtowc(wchar_t *character, const char *octets, size_t len,
	       mbstate_t *state) __asm__("windows_mbrtowc");
size_t mbrlen(const char *octets, size_t len, mbstate_t *state) __asm__("windows_mbrlen");
int wcwidth(wchar_t character) __asm__("windows_wcwidth");
#endif
