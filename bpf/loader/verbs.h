/* One function per verb, each in the file of its name. They return an exit code of exit.h. */
#ifndef SONDE_VERBS_H
#define SONDE_VERBS_H

int run_capture(int argc, char **argv);
int run_daemon(int argc, char **argv);
int run_describe(int argc, char **argv);
int run_kallsyms(int argc, char **argv);
int run_probe(int argc, char **argv);
int run_relay(int argc, char **argv);
int run_sha256(int argc, char **argv);
int run_unpack(int argc, char **argv);

/* Prints how `verb` is called (all of them for NULL) and returns EXIT_usage. */
int usage(const char *verb);
#endif
