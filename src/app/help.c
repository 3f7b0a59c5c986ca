#include "app/help.h"

#include <string.h>

bool help_is_asked(int argc, char **argv)
{
	for (int i = 0; i < argc; i++)
		if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0)
			return true;
	return argc > 0 && strcmp(argv[0], "help") == 0;
}
