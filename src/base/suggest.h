/* Did you mean: the word of a list that a mistyped one most likely stands for. */
#ifndef SUGGEST_H
#define SUGGEST_H

#include <stddef.h>

#include "schema.h"

enum { SUGGEST_WORD = 48, SUGGEST_TEXT = SUGGEST_WORD + 20 };

struct suggest {
	char typed[SUGGEST_WORD], best[SUGGEST_WORD];
	size_t far; /* of the best: how many letters are wrong, missing, too many or swapped */
	char text[SUGGEST_TEXT];
};

/* len octets of what was typed. Dashes at the start do not count, nor does the case of letters. */
void suggest_begin(struct suggest *suggest, const char *typed, size_t len);
/* One word of the list; NULL is passed over. Of equally near ones the first stays. */
void suggest_offer(struct suggest *suggest, const char *word);
/* All words of a list of names. */
void suggest_names(struct suggest *suggest, const struct pcp_name *names);
/* "; did you mean 'walk'?", to stand at the end of a sentence; `otherwise` when no word is near.
 * Valid as long as *suggest. */
const char *suggest_text(struct suggest *suggest, const char *otherwise);

#endif
