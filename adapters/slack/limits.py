"""What Slack takes, in characters unless said otherwise. Slack's own answers are trusted over this table."""

BLOCKS_IN_MESSAGE = 50
BLOCKS_IN_VIEW = 100
PAYLOAD = 10_000
"""Of all blocks as JSON: `msg_blocks_too_long` was seen near 13,000 though no single limit was hit."""
HEADER = 150
SECTION = 3_000
CONTEXT = 2_000
BUTTON_LABEL = 75
BUTTONS_IN_ROW = 25
ACTION_ID = 255
MODAL_TITLE = 24
OPTION = 75
TYPED = 3_000
"""Characters of a text field."""
ALT_TEXT = 2_000
IMAGE_ADDRESS = 3_000
PICTURE_KINDS = ("png", "jpg", "gif")
"""Of Slack's own files in a block (reference/block-kit/composition-objects/slack-file-object)."""
PICTURES = 10
"""Our own: of one message that are uploaded."""
UPLOADS_WITHIN_S = 10.0
"""Our own: how long a message waits for its pictures. It goes out without those that come later."""
UPLOAD_RESTS_S = (1.0, 3.0)
"""How long an upload may be refused in a block (slackapi/python-slack-sdk#1521)."""
FALLBACK = 1_000
"""Our own: a notification shows far less, and `chat.update` refuses more than 4,000."""

LOADING_AFTER_S = 0.7
"""An answer that is not there by then is announced by a loading view."""
TRIGGER_S = 3.0
"""How long a `trigger_id` opens a view, once."""
VIEWS_STACKED = 3
POSTS_PER_SECOND = 1.0
"""Into one channel; short bursts are let through."""
POSTS_AT_ONCE = 5
SENDS_PER_SECOND = 10.0
"""Our own, over all channels: workspaces have limits of their own, which are not documented."""
HISTORY = 100
"""Messages that are looked through for a delivery that may have arrived."""
CONNECTIONS = 2
"""Of Socket Mode, so that one listens while the other is renewed."""
RENEW_BEFORE_MS = 2 * 3_600_000
"""A token holds for twelve hours where the app has token rotation; this long before its end it is renewed."""
PERSON_S = 600.0
"""How long a person's name is believed."""
FILE_BYTES = 10 * 1024 * 1024
COMMAND = 32
