/* The command line against the database of the story's servers. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "story/story.h"

static pid_t start(char **environment, const char *command, int out, int err)
{
	const char *const arguments[] = { "bash", "-c", command, NULL };
	pid_t pid = fork();
	if (pid != 0)
		return pid;
	(void)dup2(out, 1);
	(void)dup2(err, 2);
	(void)execve("/bin/bash", (char *const *)arguments, environment);
	_exit(127);
}

static void take_all(FILE *from, struct buf *into)
{
	char data[4096];
	rewind(from);
	for (size_t got; (got = fread(data, 1, sizeof data, from)) > 0;)
		buf_add(into, data, got);
	(void)fclose(from);
}

/* carillon ARGUMENTS, as a shell reads them. Then `-> 0` looks at the exit status, the body is what went to stdout
 * (JSON, perhaps), header.stderr what went there, in one line. */
void step_carillon(struct story *story, char *rest)
{
	struct buf command = { 0 }, said = { 0 };
	FILE *out = must(tmpfile()), *err = must(tmpfile());
	int status = -1;
	buf_print(&command, "exec '%s' %s", getenv("CARILLON_BIN"), rest);
	pid_t pid = start(server_environment(story, &story->servers[0]), command.at, fileno(out),
			  fileno(err));
	if (pid < 0 || waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
		story_give_up(story, "carillon: wait status 0x%x", status);
	message_reset(&story->last);
	story->last.status = WEXITSTATUS(status);
	take_all(out, &story->last.body);
	take_all(err, &said);
	for (char *at = said.at; at && *at; at++)
		*at = *at == '\n' ? ' ' : *at;
	buf_print(&story->last.head, "stderr: %s\r\n", said.at ? said.at : "");
	message_finish(&story->last);
	free(said.at);
	free(command.at);
}
