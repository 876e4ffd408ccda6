"""What a person sees: messages made of wording, cards and buttons. Pure: whatever a screen shows is handed to it.

Rules of this folder:
- a public message, its summary included, holds no answer;
- a private screen begins with what happened (a notice), then says where one is ("Card 2 of 5");
- spent buttons are left out, never disabled.

What leads see stands in `leads`.
"""

from .group import (
    DeckProgress,
    decks,
    error,
    help_page,
    in_no_group,
    leaderboard,
    learning_alone,
    learning_with,
    my_data,
    name_hidden,
    privacy,
    start_now,
    stats,
    suggestions,
    sure_to_delete,
)
from .parts import NO_NOTICE, bullets, button, card_side, line, private, said, side_of
from .posts import (
    answers,
    how_it_works,
    notice,
    parts_of,
    post_message,
    reminder,
    reminder_test,
    reminders_on,
    why_these,
)
from .sessions import (
    card_done,
    finished,
    my_ratings,
    nothing_due,
    one_page,
    question,
    reveal,
    saved,
    session,
    set_aside,
    skip_or_flag,
    summary,
    todays_cards_wait,
    welcome,
)
