/* A target to try deliveries with: /echo/NAME answers 200 to whatever it is sent and shows it,
 * one line a delivery, on stderr. Only there when Carillon runs on its private PostgreSQL. */
#ifndef API_ECHO_H
#define API_ECHO_H

#include "http/route.h"

extern const struct dialect echo;

#endif
