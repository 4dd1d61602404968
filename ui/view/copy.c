/* The packet in Decode, in a form to paste elsewhere: by OSC 52 and to a file. */
#include <stdio.h>
#include <string.h>

#include "actions.h"
#include "command.h"
#include "prompt.h"
#include "save.h"
#include "screen.h"
#include "text.h"
#include "view-decode.h"

enum { COPY_MAX = 6 * PCP_EDIT_MAX };

struct copy {
	char text[COPY_MAX * 2];
	size_t len;
};

static void put(struct copy *copy, const char *format, unsigned long value)
{
	size_t room = sizeof copy->text - copy->len;
	int n = snprintf(copy->text + copy->len, room, format, value);

	if (n > 0)
		copy->len += (size_t)n < room ? (size_t)n : room - 1;
}

static void hex_stream(const struct pcp_packet *packet, struct copy *copy)
{
	size_t i;

	for (i = 0; i < packet->len; i++)
		put(copy, "%02lx", packet->octets[i]);
}

static void hexdump(const struct pcp_packet *packet, struct copy *copy)
{
	size_t i;

	for (i = 0; i < packet->len; i++) {
		if (i % 16 == 0)
			put(copy, i ? "\n%04lx " : "%04lx ", (unsigned long)i);
		put(copy, " %02lx", packet->octets[i]);
	}
	put(copy, "\n", 0);
}

static void c_array(const struct pcp_packet *packet, struct copy *copy)
{
	size_t i;

	put(copy, "static const unsigned char packet[%lu] = {", (unsigned long)packet->len);
	for (i = 0; i < packet->len; i++)
		put(copy, i % 12 ? " 0x%02lx," : "\n\t0x%02lx,", packet->octets[i]);
	put(copy, "\n};\n", 0);
}

static void command_line(const struct pcp_packet *packet, struct copy *copy)
{
	copy->len = command_of_packet(packet, copy->text, sizeof copy->text);
}

static const struct {
	const char *name, *help;
	void (*make)(const struct pcp_packet *packet, struct copy *copy);
} forms[] = {
	{ "hex stream", "0201000000000e10...", hex_stream },
	{ "hexdump", "as text2pcap and Wireshark import it", hexdump },
	{ "C array", "static const unsigned char packet[]", c_array },
	{ "command line", "what composes the request again", command_line },
};

enum { FORMS = sizeof forms / sizeof *forms };

static bool make(struct ui *ui, int form, struct copy *copy)
{
	const struct pcp_packet *packet = decode_packet(ui);

	copy->len = 0;
	copy->text[0] = '\0';
	if (!packet)
		return false;
	forms[form].make(packet, copy);
	return true;
}

static struct copy copied; /* too large for a frame */

static void to_clipboard(struct ui *ui, int form)
{
	if (!make(ui, form, &copied))
		return;
	if (screen_copy(copied.text))
		ui_say(ui, STYLE_NORMAL,
		       "%s given to the terminal's clipboard, %zu characters; Y writes a file",
		       forms[form].name, copied.len);
	else
		ui_say(ui, STYLE_WARNING, "%s; Y writes a file",
		       screen_waits() ? "the terminal takes nothing now"
				      : "too long for the terminal's clipboard");
}

static void choose_form(struct ui *ui, const char *title, void (*chosen)(struct ui *ui, int form))
{
	struct menu_item item[FORMS];
	size_t i;

	for (i = 0; i < FORMS; i++) {
		snprintf(item[i].label, sizeof item[i].label, "%s", forms[i].name);
		item[i].help = forms[i].help;
		item[i].value = (int)i;
	}
	ui_menu(ui, title, item, FORMS, 0, chosen);
}

void act_copy(struct ui *ui)
{
	choose_form(ui, "Copy as", to_clipboard);
}

static bool write_copy(struct ui *ui, FILE *file, const void *arg)
{
	const struct copy *copy = arg;

	(void)ui;
	return fwrite(copy->text, 1, copy->len, file) == copy->len;
}

/* The prompt carries no argument: which form was chosen. */
static int asked;

static void named(struct ui *ui, const char *name)
{
	if (make(ui, asked, &copied))
		save_as(ui, name, write_copy, &copied);
}

static void to_file(struct ui *ui, int form)
{
	asked = form;
	prompt_ask_new(ui, "write to: ", "packet.txt", named);
}

void act_save(struct ui *ui)
{
	choose_form(ui, "Write to a file as", to_file);
}
