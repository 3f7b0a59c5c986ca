/* `carillon cron`: what the server knows about time, without a server or a database. */
#ifndef APP_CRON_CLI_H
#define APP_CRON_CLI_H

/* The arguments behind `cron`. The exit status: 0 fine, 1 the text is not good, 2 wrong usage. */
int cron_run(int argc, char **argv);

#endif
