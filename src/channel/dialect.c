/* How each platform marks text up.
 *
 *	Slack         docs.slack.dev/messaging/formatting-message-text: "limit to 4,000 characters", & < > escaped
 *	Discord       docs: Create Message, content "up to 2000 characters"; backslash escapes
 *	Telegram      core.telegram.org/bots/api#html-style: 4096 UTF-16 units "after entities parsing";
 *	              HTML has three characters to escape, MarkdownV2 eighteen
 *	Teams         learn.microsoft.com, Format cards in Teams: bold, italic, lists, links; a line ends with \n\n;
 *	              no headings, quotes or code; a message is at most 28 KB
 *	Google Chat   developers.google.com/workspace/chat/format-messages; 32,000 bytes
 *	WhatsApp      *bold* _italic_ ~strike~ `code` ```block```; text.body at most 4096 characters
 *
 * Where "characters" may mean either we count UTF-16 units, which are never fewer. */
#include "channel/channel_int.h"

#define NBSP "\xc2\xa0"
#define BULLET "\xe2\x80\xa2 "
#define RULE "\xe2\x80\x94\xe2\x80\x94\xe2\x80\x94"

#define STARS                               \
	{                                   \
		{ "*", "*" }, { "_", "_" }, \
		{                           \
			"~", "~"            \
		}                           \
	}
#define TICKS            \
	{                \
		"`", "`" \
	}
/* A heading without a mark of its own is bold. */
#define TICK_BLOCKS                                 \
	{                                           \
		[BLOCK_CODE] = { "```\n", "\n```" } \
	}

const struct dialect dialect_slack = {
	.limit = 4000,
	.marks = STARS,
	.link = { "<", "|", ">", "" },
	.url_first = true,
	.bare = { "<", ">" },
	.code = TICKS,
	.blocks = TICK_BLOCKS,
	.gap = "\n\n",
	.tight = "\n",
	.newline = "\n",
	.quote = "> ",
	.bullet = BULLET,
	.number = ". ",
	.indent = "    ",
	.rule = RULE,
	.lonely = "*_~`",
	.entities = true,
	.flat_links = true,
};

/* With "mrkdwn": false. */
const struct dialect dialect_slack_plain = {
	.limit = 4000,
	.link = { "<", "|", ">", "" },
	.url_first = true,
	.bare = { "<", ">" },
	.gap = "\n\n",
	.tight = "\n",
	.newline = "\n",
	.entities = true,
	.flat_links = true,
};

static const char *const discord_pings[] = { "@everyone", "@here", NULL };

const struct dialect dialect_discord = {
	.limit = 2000,
	.marks = { { "**", "**" }, { "*", "*" }, { "~~", "~~" } },
	.link = { "[", "", "](", ")" },
	.bare = { "", "" },
	.code = TICKS,
	.blocks = TICK_BLOCKS,
	.gap = "\n\n",
	.tight = "\n",
	.newline = "\n",
	.quote = "> ",
	.bullet = "- ",
	.number = ". ",
	.indent = "  ",
	.rule = RULE,
	.slashed = "\\*_~`|<>[]",
	.slashed_first = "#-+",
	.native_levels = true,
	.pings = discord_pings,
};

const struct dialect dialect_telegram = {
	.limit = 4096,
	.marks = { { "<b>", "</b>" }, { "<i>", "</i>" }, { "<s>", "</s>" } },
	.link = { "<a href=\"", "\">", "", "</a>" },
	.url_first = true,
	.bare = { "", "" },
	.code = { "<code>", "</code>" },
	.blocks = { [BLOCK_QUOTE] = { "<blockquote>", "</blockquote>" },
		    [BLOCK_CODE] = { "<pre>", "</pre>" } },
	.gap = "\n\n",
	.tight = "\n",
	.newline = "\n",
	.bullet = BULLET,
	.number = ". ",
	.indent = "    ",
	.rule = RULE,
	.entities = true,
	.tags_free = true,
	.bare_code = true,
};

/* A list of TextBlocks, in JSON. The first comma is cut off. */
#define TEXT_BLOCK ",{\"type\":\"TextBlock\",\"wrap\":true"
#define TEXT ",\"text\":\""
#define END "\"}"
const struct dialect dialect_teams = {
	.unit = UNIT_BYTES,
	.limit = 20000,
	.marks = { { "**", "**" }, { "_", "_" }, { "", "" } },
	.link = { "[", "", "](", ")" },
	.code = { "", "" },
	.blocks = { [BLOCK_PARAGRAPH] = { TEXT_BLOCK TEXT, END },
		    [BLOCK_TITLE] = { TEXT_BLOCK ",\"size\":\"Large\",\"weight\":\"Bolder\"" TEXT,
				      END },
		    [BLOCK_HEADING] = { TEXT_BLOCK
					",\"size\":\"Medium\",\"weight\":\"Bolder\"" TEXT,
					END },
		    [BLOCK_ITEM] = { TEXT_BLOCK ",\"spacing\":\"Small\"" TEXT, END },
		    [BLOCK_QUOTE] = { TEXT_BLOCK ",\"isSubtle\":true" TEXT, END },
		    [BLOCK_CODE] = { TEXT_BLOCK ",\"fontType\":\"Monospace\"" TEXT, END },
		    [BLOCK_RULE] = { TEXT_BLOCK TEXT, END } },
	.gap = "",
	.tight = "",
	.newline = "\\n\\n",
	.bullet = BULLET,
	.number = "\\\\. ",
	.indent = NBSP NBSP NBSP NBSP,
	.rule = RULE,
	.slashed = "\\*_~`[]<>{",
	.slashed_first = "#-+",
	.json = true,
};

static const char *const google_chat_pings[] = { "<users/", NULL };

const struct dialect dialect_google_chat = {
	.unit = UNIT_BYTES,
	.limit = 30000,
	.marks = STARS,
	.link = { "<", "|", ">", "" },
	.url_first = true,
	.bare = { "", "" },
	.code = TICKS,
	.blocks = TICK_BLOCKS,
	.gap = "\n\n",
	.tight = "\n",
	.newline = "\n",
	.quote = "> ",
	.bullet = BULLET,
	.number = ". ",
	.indent = "    ",
	.rule = RULE,
	.lonely = "*_~`<",
	.pings = google_chat_pings,
	.flat_links = true,
};

const struct dialect dialect_whatsapp = {
	.limit = 4096,
	.marks = STARS,
	.link = { "", "", " (", ")" },
	.bare = { "", "" },
	.code = TICKS,
	.blocks = TICK_BLOCKS,
	.gap = "\n\n",
	.tight = "\n",
	.newline = "\n",
	.quote = "> ",
	.bullet = BULLET,
	.number = ". ",
	.indent = "    ",
	.rule = RULE,
	.lonely = "*_~`",
};

enum { MAIL_CHARACTERS = 16000 };

const struct dialect dialect_html = {
	.limit = MAIL_CHARACTERS,
	.marks = { { "<strong>", "</strong>" }, { "<em>", "</em>" }, { "<s>", "</s>" } },
	.link = { "<a href=\"", "\">", "", "</a>" },
	.url_first = true,
	.code = { "<code>", "</code>" },
	.blocks = { [BLOCK_PARAGRAPH] = { "<p>", "</p>" },
		    [BLOCK_TITLE] = { "<h2>", "</h2>" },
		    [BLOCK_HEADING] = { "<h3>", "</h3>" },
		    [BLOCK_ITEM] = { "<div>", "</div>" },
		    [BLOCK_QUOTE] = { "<blockquote>", "</blockquote>" },
		    [BLOCK_CODE] = { "<pre>", "</pre>" },
		    [BLOCK_RULE] = { "<hr>", "" } },
	.gap = "\n",
	.tight = "\n",
	.newline = "<br>\n",
	.bullet = BULLET,
	.number = ". ",
	.indent = "&nbsp;&nbsp;&nbsp;&nbsp;",
	.rule = "",
	.entities = true,
	.tags_free = true,
};

const struct dialect dialect_plain = {
	.limit = MAIL_CHARACTERS,
	.link = { "", "", " (", ")" },
	.bare = { "", "" },
	.gap = "\n\n",
	.tight = "\n",
	.newline = "\n",
	.quote = "> ",
	.bullet = "- ",
	.number = ". ",
	.indent = "  ",
	.rule = "---",
};
