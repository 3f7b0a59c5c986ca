# README.md -> the blocks marked ```sh tour, in order, as one script. In a block marked ```sh yours a reader puts values of
# his own; here they are those of the environment.
/^```sh (tour|yours)$/ { inside = 1; yours = /yours/; next }
/^```$/ { inside = 0; next }
inside && yours { name = $0; sub(/=.*/, "", name); print name "='" ENVIRON[name] "'"; next }
inside { print }
