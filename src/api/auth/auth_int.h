/* Private to src/api/auth. */
#ifndef API_AUTH_INT_H
#define API_AUTH_INT_H

#include "api/auth.h"

extern const struct shape in_key_shape, in_keys_shape, in_rotate_shape, out_keys_shape;

op_step auth_key_create, auth_key_list, auth_key_rotate;
void auth_show_one(struct op *op), auth_show_page(struct op *op);

#endif
