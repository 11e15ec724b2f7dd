// A 32-bit program without libc: 1000 calls each of getppid, open of a file that is not there, and write to a descriptor
// that is not open, by the numbers of its own table.

#define ROUNDS 1000

enum { EXIT = 1, WRITE = 4, OPEN = 5, GETPPID = 64 };

static long call(long number, long first, long second, long third) {
    long result;
    __asm__ volatile("int $0x80" : "=a"(result) : "a"(number), "b"(first), "c"(second), "d"(third) : "memory");
    return result;
}

void _start(void) {
    static const char nowhere[] = "/nowhere/at/all";
    for (int i = 0; i < ROUNDS; i++) {
        call(GETPPID, 0, 0, 0);
        call(OPEN, (long)nowhere, 0, 0);
        call(WRITE, -1, (long)nowhere, 1);
    }
    call(EXIT, 0, 0, 0);
}
