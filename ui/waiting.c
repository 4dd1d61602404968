/* Moments and what is being waited for, in words that count down. */
#include "waiting.h"

#include <stdio.h>
#include <time.h>

#include "text.h"

void left_text(struct ui *ui, usec until, char *buf, size_t cap)
{
	usec left = until == USEC_NEVER || until <= ui->now ? 0 : until - ui->now;
	uint32_t seconds = (uint32_t)(left / USEC_PER_SEC);

	if (seconds)
		ui_counts_down(ui);
	if (ui->config->plain)
		snprintf(buf, cap, "%u min", (seconds + 59) / 60);
	else
		pcp_seconds_text(seconds, buf, cap);
}

void seconds_left_text(struct ui *ui, usec until, char *buf, size_t cap)
{
	usec left = until == USEC_NEVER || until <= ui->now ? 0 : until - ui->now;
	uint32_t seconds = (uint32_t)(left / USEC_PER_SEC);

	if (seconds)
		ui_counts_down(ui);
	if (ui->config->plain)
		snprintf(buf, cap, "%u min", (seconds + 59) / 60);
	else if (seconds < 60)
		snprintf(buf, cap, "%u s", seconds);
	else
		snprintf(buf, cap, "%u:%02u", seconds / 60, seconds % 60);
}

static const char *nth(uint32_t n)
{
	return n % 100 >= 11 && n % 100 <= 13 ? "th"
	       : n % 10 == 1		      ? "st"
	       : n % 10 == 2		      ? "nd"
	       : n % 10 == 3		      ? "rd"
					      : "th";
}

void next_try_text(struct ui *ui, uint32_t sends, usec next_at, char *buf, size_t cap)
{
	char left[48];

	if (next_at == USEC_NEVER) {
		snprintf(buf, cap, "waiting");
		return;
	}
	left_text(ui, next_at, left, sizeof left);
	snprintf(buf, cap, "%u%s try in %s", sends + 1, nth(sends + 1), left);
}

enum style outcome_text(struct ui *ui, const struct exchange *exchange, char *buf, size_t cap)
{
	*buf = '\0';
	switch (exchange->state) {
	case EXCHANGE_WAITING:
		next_try_text(ui, exchange->sends, exchange->next_at, buf, cap);
		return STYLE_WAITING;
	case EXCHANGE_TIMED_OUT:
		snprintf(buf, cap, "no answer");
		return STYLE_ERROR;
	case EXCHANGE_UNREACHABLE:
		snprintf(buf, cap, "%s", exchange->what ? exchange->what : "unreachable");
		return STYLE_ERROR;
	case EXCHANGE_CANCELLED:
		if (exchange->replaced_by)
			snprintf(buf, cap, "replaced by #%u", exchange->replaced_by);
		else
			snprintf(buf, cap, "given up");
		return STYLE_DIM;
	case EXCHANGE_ANSWERED:
		break;
	}
	return STYLE_DIM;
}

size_t ui_clock(usec wall, int digits, char *buf, size_t cap)
{
	time_t seconds = (time_t)(wall / USEC_PER_SEC);
	struct tm tm;
	size_t n;

	if (!localtime_r(&seconds, &tm) || (n = strftime(buf, cap, "%H:%M:%S", &tm)) == 0)
		return (size_t)snprintf(buf, cap, "--:--:--");
	if (digits == 3)
		n += (size_t)snprintf(buf + n, cap - n, ".%03d", (int)(wall / 1000 % 1000));
	return n;
}
