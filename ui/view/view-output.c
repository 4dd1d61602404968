/* What a command wrote, line by line. */
#include <stdlib.h>
#include <string.h>

#include "actions.h"
#include "fields.h"
#include "output.h"
#include "view.h"

enum { OUTPUT_LINES_MAX = 100000 };

struct output {
	char **line;
	size_t count, cap;
	bool running; /* the command has not returned */
	bool lost;    /* a line of it */
	struct list list;
};

static bool open_output(struct ui *ui)
{
	ui->state[VIEW_OUTPUT] = calloc(1, sizeof(struct output));
	return ui->state[VIEW_OUTPUT] != NULL;
}

static void clear(struct output *output)
{
	size_t i;

	for (i = 0; i < output->count; i++)
		free(output->line[i]);
	output->count = 0;
	output->lost = false;
}

static void close_output(struct ui *ui)
{
	struct output *output = ui->state[VIEW_OUTPUT];

	clear(output);
	free(output->line);
	free(output);
}

static bool make_room(struct output *output)
{
	size_t cap = output->cap ? output->cap * 2 : 64;
	char **line;

	if (output->count < output->cap)
		return true;
	if (output->count >= OUTPUT_LINES_MAX)
		return false;
	line = realloc(output->line, cap * sizeof *line);
	if (!line)
		return false;
	output->line = line;
	output->cap = cap;
	return true;
}

/* What lines tell of packets is safe already, a word that was typed may not be. Read in pieces that
 * end with a backslash, an escape that stands there is not escaped again. */
static void make_safe(const char *line, char *copy)
{
	size_t len;

	do {
		len = strcspn(line, "\\");
		len += line[len] != '\0';
		copy += pcp_safe_text((const uint8_t *)line, len, copy, 4 * len + 1);
		line += len;
	} while (*line);
}

static void say_lost(struct ui *ui, const struct output *output)
{
	if (output->count >= OUTPUT_LINES_MAX)
		ui_say(ui, STYLE_ERROR, "not every line is here: %d at most", OUTPUT_LINES_MAX);
	else
		ui_say(ui, STYLE_ERROR, "out of memory: not every line is here");
}

/* The writer's sink: memory that runs out costs lines, nothing else. */
static void take(void *arg, const char *line)
{
	struct output *output = ((struct ui *)arg)->state[VIEW_OUTPUT];
	char *copy = make_room(output) ? malloc(4 * strlen(line) + 1) : NULL; /* \xNN at most */
	/* What goes on tells itself how far it is; its last word comes when it has ended. */
	bool tells = !output->running && !session_task(((struct ui *)arg)->session);

	if (!copy) {
		output->lost = true;
		if (tells)
			say_lost(arg, output);
		return;
	}
	make_safe(line, copy);
	output->line[output->count++] = copy;
	if (tells)
		ui_say(arg, STYLE_NORMAL, "%s  (O shows %zu line%s)", copy, output->count,
		       pcp_s(output->count));
}

void output_begin(struct ui *ui, struct writer *writer)
{
	struct output *output = ui->state[VIEW_OUTPUT];

	clear(output);
	output->running = true;
	output->list = (struct list){ 0 };
	*writer = (struct writer){ .to = { .arg = ui, .line = take } };
}

void output_end(struct ui *ui)
{
	struct output *output = ui->state[VIEW_OUTPUT];

	output->running = false;
	if (output->count == 1)
		ui_say(ui, STYLE_NORMAL, "%s", output->line[0]);
	else if (output->count)
		ui_page(ui, VIEW_OUTPUT);
	else if (ui->page == VIEW_OUTPUT)
		ui_back(ui); /* it is empty now; the panes show what the command did */
	if (output->lost)
		say_lost(ui, output);
}

/* What the line at the bottom says, whole, and then all else there is. */
void act_about(struct ui *ui)
{
	const struct view *view = ui_views[ui_front(ui)];
	char text[1024] = "";
	struct writer writer;

	if (view->meaning)
		view->meaning(ui, text, sizeof text);
	output_begin(ui, &writer);
	fields_sentence(&writer, text);
	fields_sentence(&writer, "");
	view->about(ui, &writer);
	output_end(ui);
}

void act_output(struct ui *ui)
{
	ui_page(ui, VIEW_OUTPUT);
}

const char *why_not_output(struct ui *ui)
{
	struct output *output = ui->state[VIEW_OUTPUT];

	return output->count ? NULL : "no command of the : prompt has written anything yet";
}

static void draw(struct ui *ui, const struct rect *in, bool focus)
{
	struct output *output = ui->state[VIEW_OUTPUT];
	size_t i;
	int row;

	(void)focus;
	list_fit(&output->list, output->count, in->height);
	for (row = 0; row < in->height; row++) {
		i = output->list.top + (size_t)row;
		if (i < output->count)
			draw_cell(in, row, 1, in->width - 1, STYLE_NORMAL, output->line[i]);
		if (i < output->count && i == output->list.cursor)
			draw_focus(in, row, true);
	}
}

static struct list *list(struct ui *ui)
{
	return &((struct output *)ui->state[VIEW_OUTPUT])->list;
}

const struct view view_output = {
	.open = open_output, .close = close_output, .draw = draw, .list = list
};
