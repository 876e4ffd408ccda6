"""Discord's limits, each with its source. Trust what Discord answers over this file.

Paths are those of the repository discord/discord-api-docs, under `developers/`.
"""

TEXT = 4_000
"""Characters in all the text displays of one message (components/reference.mdx). Counted here in UTF-16."""
COMPONENTS = 40
"""Components of a message, nested ones included (components/reference.mdx)."""
BUTTONS_IN_ROW = 5
BUTTONS = 25
"""In five full rows with a line of text above each, which is 36 components."""
LABEL = 80
PICTURES = 10
"""Items of a media gallery."""
FILES = 10
FILE_BYTES = 10 * 1024 * 1024
REQUEST_BYTES = 24 * 1024 * 1024
"""Of all files of a message: Discord takes 25 MiB a request, the rest of it included (reference.mdx)."""
ALT_TEXT = 1_024
COMPONENT_ID = 2**31 - 1
"""The largest numeric id of a component, which is a 32-bit integer."""
NONCE = 25

MODAL_TITLE = 45
FIELDS = 5
FIELD_LABEL = 45
OPTION = 100
OPTIONS = 25
TYPED = 4_000
"""Characters of a text field."""

ANSWER_AFTER_S = 0.7
"""What takes longer than this is deferred: a flash of "thinking" on a fast answer feels slow."""
FORM_AFTER_S = 2.5
"""A modal cannot follow a deferral, so a form is waited for as long as the press lives."""
TOKEN_MS = 3_000
"""A press that is not answered within this is lost (interactions/receiving-and-responding.mdx)."""

SENDS_PER_SECOND = 25.0
"""Half of the 50 requests a second that a bot may make, since people's reactions and edits need the rest."""
LONGEST_WAIT_S = 30.0
"""The longest that the library may sleep on a rate limit; the least that it lets one ask for."""
INVALID_REQUESTS = 10_000
"""401, 403 and 429 in ten minutes after which Discord bans the address for a while (topics/rate-limits.mdx)."""
INVALID_WINDOW_MS = 600_000
INVALID_SHARE = 0.5
"""How much of that is used before everything that can wait does wait."""

DESCRIPTION = 100
"""Characters of a command's or an option's description."""
SUGGESTIONS = 25
"""Choices that are offered while an option is typed."""
CHOICE = 100
"""Characters of a choice's name, and of its value."""
SUGGEST_WITHIN_S = 2.0
"""What is not found by then is not offered: Discord waits for 3 s, and says that loading failed."""
DECK_BYTES = 10 * 1024 * 1024
"""The largest deck file that is read: Discord's own default for an attachment."""
LOOK_BACK = 50
"""How many messages of a channel are looked through for one that was sent already."""

LAST_GUILD_S = 0.5
"""Silence after a server that shows that it was the last one, and that all are there."""
FIRST_REST_S = 1.0
LONGEST_REST_S = 300.0
"""Between two attempts to connect: a thousand IDENTIFYs a day reset the token (topics/gateway.mdx)."""
CONNECTED_WITHIN_S = 20.0
"""How long a message that is to be sent waits for the first connection."""
