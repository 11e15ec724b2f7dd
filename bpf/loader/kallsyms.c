/* Writes the kernel's function names as a table that is searched without being loaded:
 *
 *      ┌──────────────────┬───────────┬─────────────────┐
 *      │ "SONDEKS1"       │ u32 count │ u32 names_bytes │  16 bytes, little endian
 *      ├──────────────────┴──┬────────┴──┬──────────────┤
 *      │ u64 address         │ u32 name  │ u32 module   │  × count, addresses rising, none twice
 *      ├─────────────────────┴───────────┴──────────────┤
 *      │ names: "\0" first, then each ended by "\0"     │  name and module are offsets in here;
 *      └────────────────────────────────────────────────┘  module 0, the empty name, is the kernel itself
 *
 *  /proc/kallsyms costs the kernel a second of work on a slow box: it is read once, and not in Node. Of several names
 *  for one address the first counts, as in the kernel's own stack traces. Data symbols are left out. A typical kernel
 *  has 60,000 functions: 1 MB of entries, 2 MB of names.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "exit.h"
#include "verbs.h"

#define SOURCE "/proc/kallsyms"
#define LINE_BYTES 1024 /* the kernel allows names of 512 */

struct header {
	char magic[8];
	uint32_t count;
	uint32_t names_bytes;
};

struct symbol {
	uint64_t address;
	uint32_t name;
	uint32_t module;
};

struct table {
	struct symbol *symbols;
	size_t count, room;
	char *names;
	size_t names_bytes, names_room;
	uint32_t last_module; /* modules come one after the other: the same name is stored once per run */
	int is_visible;       /* an address other than zero was seen */
};

static uint32_t add_name(struct table *t, const char *name)
{
	size_t size = strlen(name) + 1;
	uint32_t at = (uint32_t)t->names_bytes;

	while (t->names_bytes + size > t->names_room) {
		t->names_room = t->names_room ? t->names_room * 2 : 1 << 18;
		t->names = realloc(t->names, t->names_room);
		if (!t->names)
			return 0;
	}
	memcpy(t->names + at, name, size);
	t->names_bytes += size;
	return at;
}

/* "ffffffff81000000 T _stext\n", with "\t[module]" in front of the line's end for what a module brought. */
static int add_line(struct table *t, char *line)
{
	char *end, *name, *module;
	uint64_t address = strtoull(line, &end, 16);

	if (end[0] != ' ' || !end[1] || end[2] != ' ' || !strchr("tTwW", end[1]))
		return 0;
	name = end + 3;
	module = strchr(name, '\t');
	if (module)
		*module++ = '\0';
	t->is_visible |= address != 0;
	if (t->count == t->room) {
		t->room = t->room ? t->room * 2 : 1 << 14;
		t->symbols = realloc(t->symbols, t->room * sizeof(*t->symbols));
		if (!t->symbols)
			return -1;
	}
	if (module) {
		module += module[0] == '[';
		module[strcspn(module, "]")] = '\0';
		if (!t->last_module || strcmp(t->names + t->last_module, module) != 0)
			t->last_module = add_name(t, module);
	}
	t->symbols[t->count++] = (struct symbol){ address, add_name(t, name), module ? t->last_module : 0 };
	return t->names ? 0 : -1;
}

static int by_address(const void *a, const void *b)
{
	const struct symbol *x = a, *y = b;

	if (x->address != y->address)
		return x->address < y->address ? -1 : 1;
	return x->name < y->name ? -1 : x->name > y->name; /* names are stored in the file's order */
}

static void sort_and_thin(struct table *t)
{
	size_t kept = 0;

	qsort(t->symbols, t->count, sizeof(*t->symbols), by_address);
	for (size_t i = 0; i < t->count; i++)
		if (kept == 0 || t->symbols[i].address != t->symbols[kept - 1].address)
			t->symbols[kept++] = t->symbols[i];
	t->count = kept;
}

/* The header goes last: a file without its magic is one that was not finished. Readable by us alone, because the
 * addresses help an attacker of the kernel. */
static int write_table(const struct table *t, const char *path)
{
	struct header header = { .magic = "SONDEKS1", .count = (uint32_t)t->count, .names_bytes = (uint32_t)t->names_bytes };
	int result = -1;
	FILE *out;
	int fd;

	unlink(path);
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	out = fd < 0 ? NULL : fdopen(fd, "w");
	if (!out)
		return -1;
	if (fseek(out, sizeof(header), SEEK_SET) == 0 &&
	    fwrite(t->symbols, sizeof(*t->symbols), t->count, out) == t->count &&
	    fwrite(t->names, 1, t->names_bytes, out) == t->names_bytes && fseek(out, 0, SEEK_SET) == 0 &&
	    fwrite(&header, sizeof(header), 1, out) == 1)
		result = 0;
	if (fclose(out) != 0)
		result = -1;
	if (result < 0)
		unlink(path);
	return result;
}

static int read_table(struct table *t)
{
	static char buffer[1 << 16];
	char line[LINE_BYTES];
	FILE *in = fopen(SOURCE, "re");
	int result = 0;

	if (!in)
		return -1;
	setvbuf(in, buffer, _IOFBF, sizeof(buffer));
	add_name(t, "");
	while (result == 0 && fgets(line, sizeof(line), in)) {
		line[strcspn(line, "\n")] = '\0';
		result = add_line(t, line);
	}
	if (ferror(in))
		result = -1;
	fclose(in);
	return result;
}

int run_kallsyms(int argc, char **argv)
{
	struct table table = { 0 };

	if (argc != 2)
		return usage("kallsyms");
	if (read_table(&table) < 0) {
		fprintf(stderr, "loader: cannot read " SOURCE ": %s\n", strerror(errno));
		return EXIT_failed;
	}
	if (!table.is_visible) {
		fprintf(stderr, "loader: the kernel hides its addresses (kernel.kptr_restrict)\n");
		return EXIT_hidden;
	}
	sort_and_thin(&table);
	if (write_table(&table, argv[1]) < 0) {
		fprintf(stderr, "loader: cannot write %s: %s\n", argv[1], strerror(errno));
		return errno == ENOSPC || errno == EDQUOT ? EXIT_no_space : EXIT_failed;
	}
	return EXIT_done;
}
