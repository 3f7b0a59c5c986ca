/* `carillon errors [--markdown]`: every stable word that the server can say, from base/err.def,
 * base/code.def and when/when_err.def. With --markdown: the tables of the README. */
#ifndef APP_ERRORS_H
#define APP_ERRORS_H

/* The exit status. */
int errors_run(int argc, char **argv);

#endif
