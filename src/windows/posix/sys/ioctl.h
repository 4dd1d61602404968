/* The size of the terminal, and how much waits to be read. */
#ifndef WINDOWS_SYS_IOCTL_H
#define WINDOWS_SYS_IOCTL_H
/* Names that a preprocessor knows, for which curses asks. */
#define TIOCGWINSZ 1
#undef FIONREAD /* Winsock's is another */
#define FIONREAD 2
struct winsize {
	unsigned short ws_row, ws_col, ws_xpixel, ws_ypixel;
};
int ioctl(int fd, int what, ...) __asm__("windows_ioctl");
#endif
