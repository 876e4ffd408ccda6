"""What the app may be allowed to do at Slack, and what each scope is for. Two are required."""

REQUIRED_SCOPES = {
    "commands": "the slash command and the shortcut",
    "chat:write": "the daily post, and private reminders to whoever asked for them",
}
OPTIONAL_SCOPES = {
    "users:read": "people's names, and who is an admin of the workspace and so may lead",
    "reactions:read": "ratings by reaction",
    "reactions:write": "the reactions to press, put under a card",
    "channels:history": "to see, after a cut line, whether a post arrived in a public channel",
    "groups:history": "the same in a private channel",
    "channels:read": "to check that a public channel is there and that the bot is in it",
    "groups:read": "the same for a private channel",
    "files:read": "to take a deck that is uploaded",
    "files:write": "to show the pictures of cards, or to send you your data as a file",
}
