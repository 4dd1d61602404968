/* The terminal's modes: the console's, as far as it has them. */
#ifndef WINDOWS_TERMIOS_H
#define WINDOWS_TERMIOS_H

typedef unsigned char cc_t;
typedef unsigned speed_t, tcflag_t;
enum { VINTR, VQUIT, VERASE, VKILL, VEOF, VTIME, VMIN, VSTART, VSTOP, VSUSP, NCCS };
struct termios {
	tcflag_t c_iflag, c_oflag, c_cflag, c_lflag;
	cc_t c_cc[NCCS];
};
/* Of these ICANON counts: without it keys come as they are pressed. */
enum { BRKINT = 1, ICRNL = 2, INLCR = 4, IGNCR = 8, ISTRIP = 16, IXON = 32, PARMRK = 64 };
enum { OPOST = 1, ONLCR = 2 };
enum { CS8 = 3, CSIZE = 3, PARENB = 4 };
enum { ECHO = 1, ECHONL = 2, ICANON = 4, IEXTEN = 8, ISIG = 16, NOFLSH = 32 };
enum { TCSANOW, TCSADRAIN, TCSAFLUSH };
enum { TCIFLUSH, TCOFLUSH, TCIOFLUSH };
/* A console has no speed. */
enum {
	B0,
	B50,
	B75,
	B110,
	B134,
	B150,
	B200,
	B300,
	B600,
	B1200,
	B1800,
	B2400,
	B4800,
	B9600,
	B19200,
	B38400
};

int tcgetattr(int fd, struct termios *modes) __asm__("windows_tcgetattr");
int tcsetattr(int fd, int when, const struct termios *modes) __asm__("windows_tcsetattr");
/* What is typed is kept, and what is written goes out. */
static inline int tcflush(int fd, int what)
{
	(void)fd, (void)what;
	return 0;
}
static inline speed_t cfgetospeed(const struct termios *modes)
{
	(void)modes;
	return B38400;
}

#endif
