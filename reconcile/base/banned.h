/* SPDX-License-Identifier: MIT */
/*
 * Calls nobody here may make; the build includes this file before any other.
 * The headers that declare them come first, so that only our uses are caught.
 */
#ifndef RECONCILE_BASE_BANNED_H
#define RECONCILE_BASE_BANNED_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* With clang, glibc's checked versions of these are macros. */
#undef sprintf
#undef vsprintf

#pragma GCC poison strcpy strcat sprintf vsprintf strtok strncpy strncat
#pragma GCC poison atoi atol atof gets localtime gmtime asctime
#pragma GCC poison rand srand mktemp tmpnam tempnam system popen fork

#endif
