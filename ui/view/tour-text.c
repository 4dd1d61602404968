/* What the tour says now, in pieces: words, and the keys that they name. */
#include <stdio.h>
#include <string.h>

#include "text.h"
#include "tour-steps.h"

/* The place of a step's text {name}, with what it stands for. */
static void put_values(struct ui *ui, const char *from, char *buf, size_t cap)
{
	size_t n = 0;

	while (*from && n + 1 < cap) {
		char value[PCP_ADDR_TEXT + 8];
		const char *end = *from == '{' ? strchr(from, '}') : NULL;

		if (!end) {
			buf[n++] = *from++;
			continue;
		}
		tour_value(ui, from + 1, (size_t)(end - from - 1), value, sizeof value);
		n += (size_t)snprintf(buf + n, cap - n, "%s", value);
		from = end + 1;
	}
	buf[n < cap ? n : cap - 1] = '\0';
}

/* What is to be done for the step, as if it were the first time. */
static void to_do(struct ui *ui, bool narrow, char *buf, size_t cap)
{
	const struct tour_step *step = &tour_steps[ui->tour.step];
	const char *back = tour_way_back(ui, step);
	const char *act = back ? back : step->wait && tour_waiting(ui) ? step->wait : step->act;
	char text[TOUR_TEXT];

	snprintf(text, sizeof text, "%s %s", narrow ? act : step->why, narrow ? step->why : act);
	put_values(ui, text, buf, cap);
}

static void what_was_seen(struct ui *ui, char *buf, size_t cap)
{
	char before[48] = "", text[TOUR_TEXT];

	if (ui->tour.before)
		snprintf(before, sizeof before, "#%u has done this before: ", ui->tour.before);
	snprintf(text, sizeof text, "%s%s `<tour-next>` %s.", before, tour_steps[ui->tour.step].saw,
		 ui->tour.step + 1 < tour_nsteps ? "goes on" : "ends the tour");
	put_values(ui, text, buf, cap);
}

/* Whether typing what the step names leads nowhere: after once its answer may be under way. */
static bool is_stuck(struct ui *ui)
{
	enum { TIMES = 2 };
	char text[TOUR_TEXT];

	to_do(ui, false, text, sizeof text);
	return ui->tour.typed.times >= TIMES && !strcmp(ui->tour.typed.text, text);
}

void tour_text(struct ui *ui, bool narrow, char *buf, size_t cap)
{
	if (ui->tour.explained)
		what_was_seen(ui, buf, cap);
	else if (is_stuck(ui))
		snprintf(buf, cap,
			 "That leads nowhere here. `:tour next` and `<accept>` go on without this "
			 "step.");
	else
		to_do(ui, narrow, buf, cap);
}

/* The key of a binding, by preference one that a form's field does not take for a value. */
static ui_key key_of(const struct ui *ui, const char *name, size_t len)
{
	size_t i, k;

	for (i = 0; i < ui_nbindings; i++) {
		const ui_key *key = ui->keys.key[i];

		if (strlen(ui_bindings[i].name) != len || strncmp(ui_bindings[i].name, name, len))
			continue;
		for (k = 0; k < KEYS_PER_BINDING && key[k]; k++)
			if (key[k] < '0' || key[k] > '9')
				return key[k];
		return key[0];
	}
	return UI_KEY_NONE;
}

bool tour_piece(struct ui *ui, const char **from, struct tour_piece *piece)
{
	bool key = **from == '`';
	const char *start = *from + key;
	size_t len = strcspn(start, "`");

	if (!*start)
		return false;
	*from = start + len + (key && start[len]);
	piece->key = key;
	piece->press = UI_KEY_NONE;
	if (key && len > 2 && start[0] == '<' && start[len - 1] == '>') {
		piece->press = key_of(ui, start + 1, len - 2);
		ui_key_name(piece->press, piece->text, sizeof piece->text);
	} else {
		snprintf(piece->text, sizeof piece->text, "%.*s", (int)len, start);
	}
	return true;
}
