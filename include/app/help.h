/* Does somebody who typed a command ask how it goes? */
#ifndef APP_HELP_H
#define APP_HELP_H

#include <stdbool.h>

/* The arguments behind `carillon key`: "help" as the first, or --help or -h anywhere. */
bool help_is_asked(int argc, char **argv);

#endif
