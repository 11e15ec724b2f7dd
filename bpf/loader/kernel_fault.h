/* Finds out why the kernel refused, and says so as a fault. */
#ifndef SONDE_KERNEL_FAULT_H
#define SONDE_KERNEL_FAULT_H

/* Collects what libbpf says; call once before the first use of libbpf. */
void kernel_fault_listen(void);

/* `error` is a positive errno. Always -1. */
int kernel_fault(int error, const char *doing);
#endif
