/* `carillon audit`: the audit trail from the command line, with the database's rights. */
#ifndef APP_AUDIT_CLI_H
#define APP_AUDIT_CLI_H

/* The arguments behind the word; the exit status. */
int audit_run(int argc, char **argv);

#endif
