/* The kernel's short names for fixed-width integers, on both sides of the system call. */
#ifndef SONDE_TYPES_H
#define SONDE_TYPES_H
#ifdef __bpf__
#include <linux/types.h>
typedef __u64 u64;
typedef __u32 u32;
typedef __u16 u16;
typedef __u8 u8;
typedef __s64 s64;
typedef __s32 s32;
#else
#include <stdint.h>
typedef uint64_t u64;
typedef uint32_t u32;
typedef uint16_t u16;
typedef uint8_t u8;
typedef int64_t s64;
typedef int32_t s32;
#endif
#endif
