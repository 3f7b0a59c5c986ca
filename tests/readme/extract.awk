# README.md -> the blocks marked ```sh tour, in order, as one script.
/^```sh tour$/ { inside = 1; next }
/^```$/ { inside = 0; next }
inside { print }
