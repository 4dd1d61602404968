/*
 * Writes the tables into the manual: what stands between '.\" BEGIN name' and '.\" END name' of the
 * page on standard input is replaced by what the tables say. `make manual` keeps the page up to
 * date, and a test fails when it is not.
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "beacon-wire.h"
#include "command.h"
#include "demand.h"
#include "keys.h"
#include "sandbox.h"

/* ---- mdoc ---- */

enum { LINE = 76 };

static void escaped(const char *at, size_t len)
{
	if (*at == '.' || *at == '\'')
		fputs("\\&", stdout); /* a request, at the start of a line */
	for (size_t i = 0; i < len; i++)
		if (at[i] == '\\')
			fputs("\\e", stdout);
		else if (at[i] == '-')
			fputs("\\-", stdout);
		else
			putchar(at[i]);
}

/* Running text; each sentence starts on a line of its own. */
static void text(const char *at)
{
	size_t column = 0;
	bool sentence = false;

	for (size_t len; (len = strcspn(at, " ")) > 0; at += len, at += strspn(at, " ")) {
		if (column && (column + len > LINE || (sentence && isupper((unsigned char)*at)))) {
			putchar('\n');
			column = 0;
		} else if (column) {
			putchar(' ');
		}
		escaped(at, len);
		column += len + 1;
		sentence = at[len - 1] == '.';
	}
	putchar('\n');
}

/* An argument of a macro: quoted, and never itself a macro's name. */
static void word(const char *at)
{
	fputs(" \"", stdout);
	if (strlen(at) <= 3)
		fputs("\\&", stdout);
	for (; *at; at++)
		if (*at == '"')
			fputs("\\(dq", stdout);
		else if (*at == '\\')
			fputs("\\e", stdout);
		else if (*at == '-')
			fputs("\\-", stdout);
		else
			putchar(*at);
	putchar('"');
}

static void flag(const char *name)
{
	fputs(*name == '-' ? " Fl" : " Cm", stdout);
	word(*name == '-' ? name + 1 : name);
}

/* ---- options ---- */

static void option(const struct command_option *row)
{
	fputs(".It", stdout);
	flag(row->name);
	if (row->alias) {
		fputs(" ,", stdout);
		flag(row->alias);
	}
	if (row->value) {
		fputs(" Ar", stdout);
		word(row->value);
	}
	putchar('\n');
	text(row->help);
	for (const struct command_option *rest = row->rest; rest && rest->name; rest++)
		option(rest);
}

static void option_list(const struct command_option *row)
{
	if (!row || !row->name)
		return;
	puts(".Bl -tag -width Ds -compact");
	for (; row->name; row++)
		option(row);
	puts(".El");
}

/* ---- commands ---- */

static void usage(const struct command *command)
{
	fputs(".It Cm", stdout);
	word(command->name);
	for (const struct command_arg *arg = command->arg; arg && arg->name; arg++) {
		fputs(arg->optional ? " Op Ar" : " Ar", stdout);
		word(arg->name);
	}
	putchar('\n');
}

static void command_row(const struct command *command)
{
	usage(command);
	text(command->summary);
	if (command->help)
		text(command->help);
	if (command_places(command))
		printf("Works %s only.\n", command_places(command));
	if (command->arg && command->arg->name) {
		puts(".Bl -tag -width Ds -compact");
		for (const struct command_arg *arg = command->arg; arg->name; arg++) {
			fputs(".It Ar", stdout);
			word(arg->name);
			putchar('\n');
			text(arg->help);
		}
		puts(".El");
	}
	option_list(command->options);
}

static void write_commands(void)
{
	puts(".Bl -tag -width Ds");
	for (size_t i = 0; i < ncommands; i++)
		command_row(commands[i]);
	puts(".El");
}

/* ---- keys ---- */

static void write_keys(void)
{
	puts(".Bl -tag -width previous-message -compact");
	for (size_t i = 0; i < ui_nbindings; i++) {
		fputs(".It Ic", stdout);
		word(ui_bindings[i].keys);
		fputs(" Pq", stdout);
		word(ui_bindings[i].name);
		putchar('\n');
		text(ui_bindings[i].help);
	}
	puts(".El");
}

static void write_options(void)
{
	option_list(command_global_options);
}

static void write_request_options(void)
{
	option_list(command_request_options);
}

/* ---- a beacon's messages ---- */

static void write_beacon(void)
{
	puts(".Bl -tag -width source_port -compact");
	for (size_t i = 0; i < beacon_nfields; i++) {
		const struct pcp_field *field = &beacon_fields[i];

		fputs(".It", stdout);
		flag(field->key);
		if (field->len == 1)
			printf(" Pq octet %u\n", field->off);
		else
			printf(" Pq octets %u to %u\n", field->off, field->off + field->len - 1);
		text(field->help);
		for (const struct pcp_name *name = field->names; name && name->name; name++) {
			char line[200];

			snprintf(line, sizeof line, "%u %s: %s", name->code, name->name,
				 name->help);
			text(line);
		}
	}
	puts(".El");
}

/* ---- the probe's cases, and the sentences that they try ---- */

/* "Sends ANNOUNCE." of what a row has without a beginning and an end. */
static void said(const char *word, const char *what)
{
	char line[600];
	size_t len = strlen(what);

	snprintf(line, sizeof line, "%s: %s%s", word, what, len && what[len - 1] == '.' ? "" : ".");
	text(line);
}

static void probe_case(const struct probe_case *row)
{
	const char *flag = probe_flag_word(row->flags);

	printf(".It Cm %s Pq %s, %s\n", row->id, row->ref, row->level);
	said(flag ? flag : "Tries", row->title);
	said("Sends", row->sends);
	said("Passes", row->passes);
	said("Fails", row->fails);
	if (row->effect)
		said("Makes", row->effect);
	if (row->needs && *row->needs)
		said("Needs", row->needs);
}

static void write_probe_cases(void)
{
	for (size_t g = 0; g < probe_ngroups; g++) {
		const struct probe_group *group = probe_groups[g];

		if (g == 0 || group->letter != probe_groups[g - 1]->letter) {
			if (g > 0)
				puts(".El");
			printf(".Ss %c: %s\n.Bl -tag -width Ds\n", group->letter, group->name);
		}
		for (size_t i = 0; i < group->nrow; i++)
			probe_case(&group->row[i]);
	}
	puts(".El");
}

static void probe_demand(const struct probe_demand *demand, const char *before)
{
	if (!before || strcmp(before, demand->section) != 0)
		printf(".It Sy %s\n", demand->section);
	else
		puts(".Pp");
	puts(".Do");
	text(demand->text);
	puts(".Dc");
	if (demand->cases)
		said("Cases", demand->cases);
	if (demand->rule)
		said("Rule", demand->rule);
	if (demand->why)
		said(demand->cases || demand->rule ? "Not more" : "None", demand->why);
}

static void probe_document(const char *name)
{
	struct probe_demand_counts counts = probe_demand_counts(name);
	const char *before = NULL;

	printf(".Ss %s\n%zu sentences: %zu tried, %zu bind the client, %zu cannot be seen.\n", name,
	       counts.all, counts.tried, counts.client, counts.not_here);
	puts(".Bl -tag -width 14.1.3");
	for (size_t d = 0; d < probe_ndocuments; d++)
		for (size_t i = 0; i < probe_documents[d]->nrow; i++)
			if (strcmp(probe_documents[d]->name, name) == 0) {
				probe_demand(&probe_documents[d]->row[i], before);
				before = probe_documents[d]->row[i].section;
			}
	puts(".El");
}

static void write_probe_demands(void)
{
	struct probe_demand_counts counts = probe_demand_counts(NULL);

	printf("%zu sentences in all: %zu tried, %zu bind the client, %zu cannot be seen.\n",
	       counts.all, counts.tried, counts.client, counts.not_here);
	for (size_t d = 0; d < probe_ndocuments; d++)
		if (d == 0 || strcmp(probe_documents[d]->name, probe_documents[d - 1]->name) != 0)
			probe_document(probe_documents[d]->name);
}

/* What the documents say without the word, as the cases quote it. */
static void write_probe_plain(void)
{
	puts(".Bl -tag -width Ds -compact");
	for (size_t i = 0; i < probe_ncases(); i++) {
		const struct probe_case *row = probe_case_at(i);

		if (!row->demand || !probe_document_of(row->ref) || probe_demanded(row->id))
			continue;
		printf(".It Cm %s Pq %s\n", row->id, row->ref);
		text(row->demand);
	}
	puts(".El");
}

/* ---- what each mode may still do ---- */

static void write_rights(void)
{
	puts(".Bl -tag -width Ds");
	for (size_t i = 0; i < SANDBOX_MODES; i++) {
		fputs(".It Ic", stdout);
		word(sandbox_rows[i].name);
		putchar('\n');
		text(sandbox_rows[i].may);
	}
	puts(".El");
}

static const struct section {
	const char *name;
	void (*write)(void);
} sections[] = {
	{ "options", write_options },
	{ "commands", write_commands },
	{ "request-options", write_request_options },
	{ "keys", write_keys },
	{ "beacon", write_beacon },
	{ "probe-cases", write_probe_cases },
	{ "probe-demands", write_probe_demands },
	{ "probe-plain", write_probe_plain },
	{ "rights", write_rights },
};

static void write_section(const char *name)
{
	for (size_t i = 0; i < sizeof sections / sizeof *sections; i++)
		if (!strcmp(sections[i].name, name))
			sections[i].write();
}

int main(void)
{
	char line[4096], name[64];
	bool inside = false;

	while (fgets(line, sizeof line, stdin)) {
		if (sscanf(line, ".\\\" END %63s", name) == 1)
			inside = false;
		if (!inside)
			fputs(line, stdout);
		if (sscanf(line, ".\\\" BEGIN %63s", name) == 1) {
			inside = true;
			write_section(name);
		}
	}
	return 0;
}
