/* Names of interfaces, which come, go and are renamed while we look. */
#ifndef SONDE_CAPTURE_INTERFACES_H
#define SONDE_CAPTURE_INTERFACES_H
#include <stdint.h>
#include "capture_filter.h"

#define ALL_INTERFACES "any"

/* Index of the interface that was asked for, 0 for all, or -1 with a fault raised. */
int capture_interfaces_find(const char *name, enum link_type *link);
/* Hears of changes from now on. A descriptor to wait for, or -1: then names stay as they were. */
int capture_interfaces_listen(void);
/* Something was heard: names are read again when they are next needed. */
void capture_interfaces_heard(int fd);
/* The id of an interface in this capture; told on stdout when it is new. */
uint32_t capture_interfaces_id(int index, enum link_type link);
int capture_interfaces_is_there(int index);
#endif
