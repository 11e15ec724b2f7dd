/* What this kernel calls the reasons for which it drops packets. Their numbers differ from version to version. */
#ifndef SONDE_DROP_REASONS_H
#define SONDE_DROP_REASONS_H
#include "net-drops.h"

/* Where the kernel cannot be asked, names are numbers. */
void drop_reasons_read(struct drop_name names[DROP_NAMES]);
#endif
