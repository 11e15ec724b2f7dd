/* What the loader's exit codes mean. Part of its interface: `loader describe` prints them. */
#ifndef SONDE_EXIT_H
#define SONDE_EXIT_H

#define EXIT_CODES(X) \
	X(done, 0)          \
	X(failed, 1)        \
	X(usage, 2)         \
	X(connect, 3)       \
	X(exec, 4)          \
	X(hidden, 5)        \
	X(short_input, 6)   \
	X(wrong_sha256, 7)  \
	X(bad_zstd, 8)      \
	X(no_space, 9)

enum exit_code {
#define X(name, number) EXIT_##name = number,
	EXIT_CODES(X)
#undef X
};
#endif
