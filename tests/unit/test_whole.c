/* Files that are replaced as a whole: what stands there stays until all that takes its place is
 * written, and nothing else is left in its folder. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "whole.h"

static char folder[64], path[128];

static int setup(void **state)
{
	(void)state;
	snprintf(folder, sizeof folder, "/tmp/pcpscope-XXXXXX");
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof path, "%s/report", folder);
	return 0;
}

static size_t files(void)
{
	DIR *dir = opendir(folder);
	size_t n = 0;

	assert_non_null(dir);
	while (readdir(dir))
		n++;
	closedir(dir);
	return n - 2; /* . and .. */
}

static int teardown(void **state)
{
	(void)state;
	assert_true(files() <= 1);
	unlink(path);
	return rmdir(folder);
}

static void put(const char *text)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

static void assert_holds(const char *name, const char *text)
{
	char octets[64] = "";
	FILE *file = fopen(name, "r");

	assert_non_null(file);
	octets[fread(octets, 1, sizeof octets - 1, file)] = '\0';
	fclose(file);
	assert_string_equal(octets, text);
}

static struct whole *begin(const char *name)
{
	struct pcp_why why;
	struct whole *whole = whole_begin(name, &why);

	if (!whole)
		fail_msg("%s", why.text);
	return whole;
}

static void what_is_dropped_changes_nothing(void **state)
{
	struct whole *whole;

	(void)state;
	put("earlier");
	whole = begin(path);
	assert_string_equal(whole_folder(whole), folder);
	fputs("half of", whole_file(whole));
	assert_int_equal(files(), 1); /* who is killed now leaves nothing */
	assert_holds(path, "earlier");
	whole_drop(whole);
	assert_holds(path, "earlier");
	whole_drop(NULL);
}

static void what_ends_takes_its_place(void **state)
{
	struct pcp_why why;
	struct stat there;
	struct whole *whole;

	(void)state;
	put("an earlier one, which is longer");
	assert_int_equal(chmod(path, 0640), 0);
	whole = begin(path);
	fputs("later", whole_file(whole));
	assert_true(whole_end(whole, &why));
	assert_holds(path, "later");
	assert_int_equal(stat(path, &there), 0);
	assert_int_equal(there.st_mode & 0777, 0640);
}

static void a_new_one_is_as_the_user_makes_them(void **state)
{
	mode_t mask = umask(027);
	struct pcp_why why;
	struct stat there;
	struct whole *whole;

	(void)state;
	whole = begin(path);
	assert_int_equal(files(), 0);
	assert_true(whole_end(whole, &why));
	umask(mask);
	assert_int_equal(stat(path, &there), 0);
	assert_int_equal(there.st_mode & 0777, 0640);
}

static void a_link_stays_one(void **state)
{
	char real[192];
	struct pcp_why why;
	struct stat there;
	struct whole *whole;

	(void)state;
	snprintf(real, sizeof real, "%s/elsewhere", folder);
	assert_int_equal(mkdir(real, 0700), 0);
	snprintf(real, sizeof real, "%s/elsewhere/file", folder);
	assert_int_equal(close(open(real, O_CREAT | O_WRONLY, 0600)), 0);
	assert_int_equal(symlink("elsewhere/file", path), 0);
	whole = begin(path);
	assert_non_null(strstr(whole_folder(whole), "/elsewhere"));
	fputs("later", whole_file(whole));
	assert_true(whole_end(whole, &why));
	assert_holds(real, "later");
	assert_int_equal(lstat(path, &there), 0);
	assert_true(S_ISLNK(there.st_mode));
	unlink(real);
	*strrchr(real, '/') = '\0';
	rmdir(real);
}

static void what_cannot_be_is_told_at_once(void **state)
{
	struct pcp_why why;

	(void)state;
	assert_null(whole_begin("/nonexistent/report", &why));
	assert_non_null(strstr(why.text, "No such file"));
	assert_null(whole_begin(folder, &why));
	assert_non_null(strstr(why.text, "Is a directory"));
}

/* Between the beginning and the end somebody took the folder away. */
static void what_cannot_be_any_more_is_told_at_the_end(void **state)
{
	char inner[192];
	struct pcp_why why;
	struct whole *whole;

	(void)state;
	snprintf(inner, sizeof inner, "%s/inner", folder);
	assert_int_equal(mkdir(inner, 0700), 0);
	strcat(inner, "/file");
	whole = begin(inner);
	*strrchr(inner, '/') = '\0';
	assert_int_equal(rmdir(inner), 0);
	assert_false(whole_end(whole, &why));
	assert_non_null(strstr(why.text, "No such file"));
}

/* It cannot be replaced, and is written. */
static void a_pipe_is_written_to(void **state)
{
	char octets[16] = "";
	struct pcp_why why;
	struct whole *whole;
	struct stat there;
	int fd;

	(void)state;
	assert_int_equal(mkfifo(path, 0600), 0);
	fd = open(path, O_RDONLY | O_NONBLOCK);
	assert_true(fd >= 0);
	whole = begin(path);
	assert_null(whole_folder(whole));
	fputs("later", whole_file(whole));
	assert_true(whole_end(whole, &why));
	assert_int_equal(read(fd, octets, sizeof octets), 5);
	assert_string_equal(octets, "later");
	close(fd);
	assert_int_equal(stat(path, &there), 0);
	assert_true(S_ISFIFO(there.st_mode));
}

static void a_full_device_is_told(void **state)
{
	struct pcp_why why;
	struct whole *whole;

	(void)state;
	whole = begin("/dev/full");
	fputs("later", whole_file(whole));
	assert_false(whole_end(whole, &why));
	assert_non_null(strstr(why.text, "No space left"));
}

#define T(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(what_is_dropped_changes_nothing),
		T(what_ends_takes_its_place),
		T(a_new_one_is_as_the_user_makes_them),
		T(a_link_stays_one),
		T(what_cannot_be_is_told_at_once),
		T(what_cannot_be_any_more_is_told_at_the_end),
		T(a_pipe_is_written_to),
		T(a_full_device_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
