/* `carillon key` and `carillon tenant`: keys and tenants from the command line, by whoever has the database. */
#ifndef APP_KEY_CLI_H
#define APP_KEY_CLI_H

/* The arguments behind the word. The exit status: 0 fine, 1 failed, 2 wrong usage or setting. */
int key_run(int argc, char **argv);
int tenant_run(int argc, char **argv);

#endif
