// Writes a block to the disk, waits until it is there, sleeps.
//
//   diskwrite [--file /var/tmp/diskwrite.dat] [--every-ms 1000]     on SIGTERM prints how much it wrote

#include "workload.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#define BLOCK (64 * 1024)
#define BLOCKS_BEFORE_REWIND 64 // 4 MB on the disk, however long it runs

int main(int argc, char **argv) {
    static char block[BLOCK];
    const char *path = option(argc, argv, "--file", "/var/tmp/diskwrite.dat");
    uint64_t every_ms = option_number(argc, argv, "--every-ms", 1000);
    int file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (file < 0) {
        fprintf(stderr, "cannot write %s: %s\n", path, strerror(errno));
        return 1;
    }
    stop_on_term();
    unsigned long long writes = 0;
    while (!stopping) {
        memset(block, (int)(writes & 0xff), sizeof block);
        if (pwrite(file, block, sizeof block, (off_t)(writes % BLOCKS_BEFORE_REWIND) * BLOCK) != BLOCK)
            break;
        fdatasync(file);
        writes++;
        sleep_ns(every_ms * NS_PER_MS);
    }
    unlink(path);
    printf("{\"program\":\"diskwrite\",\"writes\":%llu,\"bytes\":%llu}\n", writes, writes * BLOCK);
    return 0;
}
