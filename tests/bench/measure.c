/* SPDX-License-Identifier: MIT */
/*
 * measure ROUNDS A B: runs two commands (one string each, split at blanks) in
 * turn, A B A B …, after one round that is not counted, and prints a line each.
 * A `%` in a command is the number of its round, so that what each round needs
 * anew can be made before: it is not what is measured.
 *
 *     NAME cpu-min cpu-median wall-min wall-median (ms) peak (KiB)
 *
 * and `ratio cpu-min cpu-median wall-min wall-median peak` of A over B: the
 * minima against each other, the medians of the ratios pair by pair.
 */
#include "base/text.h"

#include <fcntl.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MAX_ROUNDS = 100, MAX_WORDS = 64 };

struct run {
	double cpu_ms, wall_ms, peak_kib;
};

struct series {
	double cpu[MAX_ROUNDS], wall[MAX_ROUNDS], peak;
};

static double now_ms(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec * 1e3 + (double)time.tv_nsec / 1e6;
}

static double time_ms(const struct timeval *time)
{
	return (double)time->tv_sec * 1e3 + (double)time->tv_usec / 1e3;
}

/* The command with the round's number in it. */
static char *of_round(const char *command, size_t round)
{
	CLEANUP(textp) char *number = xasprintf("%zu", round);
	char *text = NULL;
	size_t size;
	FILE *out = xmemstream(&text, &size);

	for (; *command; command++) {
		if (*command == '%')
			fputs(number, out);
		else
			fputc(*command, out);
	}
	fclose(out);
	return text;
}

static int run_once(const char *command, size_t round, struct run *out)
{
	CLEANUP(textp) char *copy = of_round(command, round);
	char *words[MAX_WORDS] = { NULL };
	posix_spawn_file_actions_t actions;
	struct rusage usage;
	const double start = now_ms();
	char *rest = NULL;
	size_t count = 0;
	pid_t child;
	int status;

	for (char *word = strtok_r(copy, " ", &rest);
	     word && count < MAX_WORDS - 1; word = strtok_r(NULL, " ", &rest))
		words[count++] = word;
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null",
	                                 O_WRONLY, 0);
	status = posix_spawnp(&child, words[0], &actions, NULL, words, environ);
	posix_spawn_file_actions_destroy(&actions);
	if (status != 0 || wait4(child, &status, 0, &usage) < 0 ||
	    !WIFEXITED(status) || WEXITSTATUS(status) != 0) {
		fprintf(stderr, "measure: this did not end with 0: %s\n",
		        command);
		return -1;
	}
	out->wall_ms = now_ms() - start;
	out->cpu_ms = time_ms(&usage.ru_utime) + time_ms(&usage.ru_stime);
	out->peak_kib = (double)usage.ru_maxrss;
	return 0;
}

static int compare(const void *a, const void *b)
{
	const double *left = a;
	const double *right = b;

	return (*left > *right) - (*left < *right);
}

static double median(const double *values, size_t count)
{
	double sorted[MAX_ROUNDS];

	memcpy(sorted, values, count * sizeof(*values));
	qsort(sorted, count, sizeof(*sorted), compare);
	return count % 2 ? sorted[count / 2]
	                 : (sorted[count / 2 - 1] + sorted[count / 2]) / 2;
}

static double minimum(const double *values, size_t count)
{
	double least = values[0];

	for (size_t i = 1; i < count; i++)
		least = values[i] < least ? values[i] : least;
	return least;
}

static void print_series(const char *name, const struct series *series,
                         size_t count)
{
	printf("%s %.2f %.2f %.2f %.2f %.0f\n", name,
	       minimum(series->cpu, count), median(series->cpu, count),
	       minimum(series->wall, count), median(series->wall, count),
	       series->peak);
}

static double pair_ratio(const double *a, const double *b, size_t count)
{
	double ratios[MAX_ROUNDS];

	for (size_t i = 0; i < count; i++)
		ratios[i] = a[i] / (b[i] > 0.0 ? b[i] : 0.001);
	return median(ratios, count);
}

static int take(struct series *series, const char *command, size_t round)
{
	struct run run;

	if (run_once(command, round, &run) < 0)
		return -1;
	if (!round)
		return 0;
	series->cpu[round - 1] = run.cpu_ms;
	series->wall[round - 1] = run.wall_ms;
	if (run.peak_kib > series->peak)
		series->peak = run.peak_kib;
	return 0;
}

int main(int argc, char **argv)
{
	static struct series a, b;
	uint64_t rounds = 0;

	if (argc != 4 || parse_uint(argv[1], MAX_ROUNDS, &rounds) < 0 ||
	    !rounds) {
		fputs("usage: measure ROUNDS A B\n", stderr);
		return 64;
	}
	for (size_t round = 0; round <= rounds; round++) {
		if (take(&a, argv[2], round) < 0 ||
		    take(&b, argv[3], round) < 0)
			return 1;
	}
	print_series("a", &a, rounds);
	print_series("b", &b, rounds);
	printf("ratio %.2f %.2f %.2f %.2f %.2f\n",
	       minimum(a.cpu, rounds) / minimum(b.cpu, rounds),
	       pair_ratio(a.cpu, b.cpu, rounds),
	       minimum(a.wall, rounds) / minimum(b.wall, rounds),
	       pair_ratio(a.wall, b.wall, rounds), a.peak / b.peak);
	return 0;
}
