/* What every BPF program of Sonde starts from: the kernel's UAPI and libbpf's helpers. No vmlinux.h and no CO-RE:
 * many edge kernels are built without BTF, and the UAPI alone is the same everywhere. */
#ifndef SONDE_PROGRAM_BPF_H
#define SONDE_PROGRAM_BPF_H
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include "types.h"

/* Stack walking and the task's name are helpers for GPL-compatible programs only. */
char LICENSE[] SEC("license") = "Dual MIT/GPL";
#endif
