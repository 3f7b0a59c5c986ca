/* The program, built from its parts. */
#ifndef APP_WIRE_H
#define APP_WIRE_H

#include <stdbool.h>

#include "app/config.h"

#define CARILLON_VERSION "0.1.0"

/* Serves until SIGTERM or SIGINT. The process's exit status: 0 after an orderly end, 1 when it
 * cannot start or the end was not orderly. test_clock (test builds only): time stands still
 * until a line on stdin moves it. */
int serve_run(const struct config *c, bool test_clock);
/* Asks the server that listens where the settings say: is it ready? 0 or 1. */
int health_run(const struct config *c);

#endif
