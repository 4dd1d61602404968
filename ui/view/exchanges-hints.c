/* Exchanges: what stands where there is none yet, and below one that nobody answers: what that
 * means, and what to press. */
#include "actions.h"
#include "exchanges-list.h"

/* ---- silence ---- */

/* What it may mean, and what can be done, in the room that is left below. */
void exchanges_draw_silence(struct ui *ui, const struct rect *in)
{
	char cancel[32], probe[32], natpmp[32];

	ui_key_of(ui, "cancel", cancel, sizeof cancel);
	ui_key_of(ui, "probe", probe, sizeof probe);
	ui_key_of(ui, "ask-natpmp", natpmp, sizeof natpmp);
	draw_wrap(in, 0, EXCHANGES_LEFT, STYLE_DIM,
		  "Either there is no NAT on the way, or one without PCP, or a firewall drops UDP "
		  "5350 and "
		  "5351.");
	draw_format(in, in->height - 1, EXCHANGES_LEFT, STYLE_DIM,
		    "%s probes it   %s asks in NAT-PMP   %s gives this request up", probe, natpmp,
		    cancel);
}

/* ---- nothing yet ---- */

static int draw_pair(const struct rect *in, int row, enum style style, enum glyph glyph,
		     const char *text, int col)
{
	draw_text(in, row, col, style, draw_glyph(glyph));
	return draw_text(in, row, col + 2, STYLE_DIM, text);
}

void exchanges_draw_nothing(struct ui *ui, const struct rect *in)
{
	char unfold[32], ladder[32], help[32], prompt[32];
	int second = in->width >= 60 ? 20 : 18;

	ui_key_of(ui, "unfold", unfold, sizeof unfold);
	ui_key_of(ui, "ladder", ladder, sizeof ladder);
	ui_key_of(ui, "help", help, sizeof help);
	ui_key_of(ui, "prompt", prompt, sizeof prompt);
	if (in->height < 9 || in->width < EXCHANGES_TIMED) {
		draw_wrap(in, 0, 3, STYLE_DIM,
			  "No request yet. Each will be one line, its answer beside it.");
		return;
	}
	draw_text(in, 1, 3, STYLE_DIM,
		  "No request yet. Each will be one line, its answer beside it:");
	draw_pair(in, 3, STYLE_OK, GLYPH_OK, "granted", 3);
	draw_pair(in, 3, STYLE_ERROR, GLYPH_REFUSED, "refused, and why", second);
	draw_pair(in, 3, STYLE_WAITING, GLYPH_WAITING, "no answer yet", second + 23);
	draw_pair(in, 4, STYLE_DIM, GLYPH_RESPONSE, "an answer", 3);
	draw_pair(in, 4, STYLE_WARNING, GLYPH_IGNORED, "ignored, and why", second);
	draw_pair(in, 4, STYLE_ERROR, GLYPH_GONE, "lost by the server", second + 23);
	draw_pair(in, 5, STYLE_ERROR, GLYPH_FINDING, "breaks a MUST or a SHOULD", 3);
	draw_pair(in, 5, STYLE_REMARK, GLYPH_NOTE, "a remark", second + 23);
	draw_format(in, 7, 3, STYLE_DIM,
		    "%s unfolds one into its datagrams   %s draws them as a ladder", unfold,
		    ladder);
	draw_format(in, 8, 3, STYLE_DIM, "ten minutes with PCP: %stour   every key: %s", prompt,
		    help);
}
