-- Everything that is kept. SQLite's strict dialect, in the subset that PostgreSQL shares (integer -> bigint,
-- real -> double precision, ") strict" and ") strict, without rowid" -> ")").
-- ids: 63-bit, time-ordered, made by the application. *_at: UTC milliseconds. day, *_day: days since 1970-01-01.
-- Small rows whose key is not one number are kept in the order of that key (without rowid): one tree instead of two.
-- The review log (reviews, review_changes) is the truth; memory_states, days and standings are derived from it.

create table workspaces (
  id integer primary key,
  platform text not null,
  foreign_id text not null,
  installed_at integer not null,
  left_at integer, -- Flashmob was removed from it: nothing is posted there, and all of it goes after the grace
  unique (platform, foreign_id)
) strict;

create table places (
  id integer primary key,
  workspace_id integer not null references workspaces,
  foreign_id text not null,
  refusals integer not null default 0, -- how often in a row Flashmob was not allowed to post here
  blocked_until integer not null default 0, -- nothing is sent here before
  reason text not null default '',
  unique (workspace_id, foreign_id)
) strict;

create table cohorts (
  id integer primary key,
  workspace_id integer not null references workspaces,
  name text not null,
  zone text not null,
  settings text not null,
  version integer not null default 1, -- grows with every change, so that two leads at once notice each other
  led_by integer references learners, -- who set it up: troubles are told to this learner
  learner_id integer unique references learners, -- whose own it is: a personal cohort; null for a group
  in_file integer not null default 0, -- it stands in the configuration file, which decides at each start
  created_at integer not null,
  ended_at integer,
  unique (workspace_id, name)
) strict;

-- Every change of a cohort's set-up: who (a name, or "the configuration"), when, and what, in words.
create table changes (
  id integer primary key,
  cohort_id integer not null references cohorts,
  changed_at integer not null,
  changed_by text not null,
  what text not null
) strict;
create index changes_by_cohort on changes (cohort_id, id);

create table cohort_places (
  place_id integer primary key references places,
  cohort_id integer not null references cohorts
) strict;
create index cohort_places_by_cohort on cohort_places (cohort_id);

create table schedules (
  cohort_id integer primary key references cohorts,
  weekdays integer not null, -- bit 0 is Monday
  local_time text not null, -- HH:MM in the cohort's zone
  run_at integer, -- the next post; null while paused without an end
  paused text not null default '', -- why nothing is posted now, in words
  resumed_at integer not null default 0
) strict;
create index schedules_by_run on schedules (run_at) where run_at is not null;

-- people ----------------------------------------------------------------------------------------------------------

create table learners (
  id integer primary key,
  zone text not null,
  joined_at integer not null,
  remind_time text, -- HH:MM of the learner's day; null: no reminders
  remind_at integer, -- the next reminder
  erased_at integer -- asked to be deleted: hidden since then, and gone soon
) strict;
create index learners_to_erase on learners (id) where erased_at is not null;
create index learners_by_reminder on learners (remind_at) where remind_at is not null;

create table accounts (
  platform text not null,
  realm text not null,
  foreign_id text not null,
  learner_id integer not null references learners on delete cascade,
  primary key (platform, realm, foreign_id)
) strict, without rowid;

create table memberships (
  cohort_id integer not null references cohorts,
  learner_id integer not null references learners on delete cascade,
  name text not null,
  hidden integer not null default 0,
  joined_at integer not null,
  active_day integer not null,
  chosen_at integer not null default 0, -- when it was last chosen in direct messages
  left_at integer,
  primary key (cohort_id, learner_id)
) strict, without rowid;
create index memberships_by_learner on memberships (learner_id, active_day);

-- What somebody filled in and could not be done, until it is: the newest form of each person.
create table filled_forms (
  learner_id integer primary key references learners on delete cascade,
  form text not null,
  given text not null, -- values in words by the names of the fields, as JSON
  filled_at integer not null
) strict;

-- decks -----------------------------------------------------------------------------------------------------------

create table decks (
  id integer primary key,
  workspace_id integer not null references workspaces,
  key text not null,
  title text not null,
  licence text not null,
  source text not null,
  version integer not null default 1, -- grows with every step of an import, so that a preview can tell it is outdated
  unique (workspace_id, key)
) strict;

create table cohort_decks (
  cohort_id integer not null references cohorts,
  deck_id integer not null references decks,
  position integer not null,
  primary key (cohort_id, deck_id)
) strict, without rowid;

-- One run of reading a file into a deck; its chunks are transactions of their own, and the counts add up here.
create table imports (
  id integer primary key,
  deck_id integer not null references decks,
  started_at integer not null,
  ended_at integer,
  added integer not null default 0,
  changed integer not null default 0,
  moved integer not null default 0,
  back integer not null default 0,
  kept integer not null default 0,
  retired integer not null default 0
) strict;

-- A file that was read whole: it waits for somebody to say Import, and is then applied chunk by chunk by whoever is up.
create table staged_imports (
  id integer primary key,
  cohort_id integer not null references cohorts,
  state text not null check (state in ('waiting', 'applying', 'done', 'stopped', 'cancelled')),
  staged_by text not null, -- a name, or "the configuration"
  staged_at integer not null,
  file_name text not null,
  key text not null, -- of the deck, as are title, licence and source
  title text not null,
  licence text not null,
  source text not null,
  version integer not null, -- of the deck when its cards were compared; 0: there was none
  preview text not null, -- what it would do, as JSON: counts and samples
  problems integer not null,
  report text not null, -- a line for each problem, as far as they are kept
  cards integer not null,
  applied integer not null default 0,
  import_id integer references imports -- since somebody said Import
) strict;
create index staged_imports_to_apply on staged_imports (id) where state = 'applying';

-- The cards from position `first` on that are not applied yet, each with the card it is, as JSON.
create table staged_cards (
  staged_id integer not null references staged_imports on delete cascade,
  first integer not null,
  entries text not null,
  primary key (staged_id, first)
) strict;

-- A card of the file that may be one that is there: somebody says so, or it comes in as a new one.
create table proposals (
  staged_id integer not null references staged_imports on delete cascade,
  number integer not null, -- from 1
  position integer not null,
  card_id integer not null references cards,
  was text not null,
  now text not null,
  same integer, -- null: nobody has said
  primary key (staged_id, number)
) strict;

create table cards (
  id integer primary key,
  deck_id integer not null references decks,
  key text not null,
  part text not null,
  body text not null, -- the current text, as JSON
  revision integer not null,
  position integer not null,
  import_id integer not null references imports, -- the last run that saw this card
  retired_at integer,
  unique (deck_id, key, part)
) strict;
create index cards_in_order on cards (deck_id, position);

-- Texts that were replaced; the newest one stands in cards.
create table card_revisions (
  card_id integer not null references cards,
  revision integer not null,
  body text not null,
  replaced_at integer not null,
  primary key (card_id, revision)
) strict;

-- "Never ask me" and "Report a mistake"
create table set_aside (
  learner_id integer not null references learners on delete cascade,
  card_id integer not null references cards,
  set_at integer not null,
  primary key (learner_id, card_id)
) strict, without rowid;

create table reports (
  card_id integer not null references cards,
  learner_id integer not null references learners on delete cascade,
  cohort_id integer not null references cohorts,
  revision integer not null,
  reported_at integer not null,
  primary key (card_id, learner_id)
) strict, without rowid;
create index reports_by_cohort on reports (cohort_id);

-- posts -----------------------------------------------------------------------------------------------------------

create table posts (
  id integer primary key,
  cohort_id integer not null references cohorts,
  day integer not null, -- the cohort's local date
  style text not null,
  rating_input text not null,
  state text not null check (state in ('choosing', 'open', 'closed', 'skipped')),
  reason text not null default '',
  due_at integer not null, -- when the schedule meant it to go out
  planned_at integer not null,
  opened_at integer, -- when its first message was sent
  closed_at integer,
  studied integer, -- how many people studied, kept at closing: it outlasts those who have their data deleted
  unique (cohort_id, day)
) strict;
create index posts_in_work on posts (state, cohort_id) where state in ('choosing', 'open');

create table post_cards (
  post_id integer not null references posts,
  position integer not null,
  card_id integer not null references cards,
  revision integer not null,
  reason text not null,
  primary key (post_id, position),
  unique (post_id, card_id)
) strict, without rowid;
create index post_cards_by_card on post_cards (card_id);

-- Something to be sent once, or to be asked of the platform. `message_id` is the platform's, once it is sent. A post's
-- messages, seeds, counts, closings and rereadings have a post and a place; a notice has a place, or a learner; a
-- reminder has a learner.
create table deliveries (
  id integer primary key,
  key text not null unique,
  kind text not null check (kind in ('post', 'close', 'count', 'notice', 'reminder', 'seed', 'reread')),
  platform text not null,
  post_id integer references posts,
  cohort_id integer references cohorts,
  place_id integer references places,
  learner_id integer references learners on delete cascade,
  part integer not null default 0,
  priority integer not null, -- lower goes first
  state text not null check (state in ('pending', 'sending', 'sent', 'skipped', 'dead')),
  run_at integer not null,
  attempts integer not null default 0,
  in_doubt integer not null default 0, -- it may have arrived: looked for before it is sent
  lease_owner text,
  lease_until integer,
  message_id text,
  sent_at integer,
  body text not null default '', -- a notice's words; an instant of a reminder or a rereading
  reason text not null default ''
) strict;
create index deliveries_to_send on deliveries (platform, priority, run_at, id) where state in ('pending', 'sending');
create index deliveries_by_post on deliveries (post_id, kind, place_id, part) where post_id is not null;
create unique index deliveries_by_message on deliveries (place_id, message_id) where kind = 'post' and message_id is not null;

-- sessions --------------------------------------------------------------------------------------------------------

create table sessions (
  id integer primary key,
  learner_id integer not null references learners on delete cascade,
  cohort_id integer not null references cohorts,
  post_id integer references posts,
  mode text not null check (mode in ('study', 'quiz', 'practice')),
  started_at integer not null,
  ended_at integer
) strict;
create unique index sessions_open on sessions (learner_id, cohort_id) where ended_at is null;

create table session_cards (
  session_id integer not null references sessions on delete cascade,
  position integer not null,
  card_id integer not null references cards,
  revision integer not null,
  turn integer not null,
  origin text not null, -- first, due or catch_up: how the card came in
  repeats integer not null, -- how often this card came back in this session before this place
  show_at integer not null,
  state text not null check (state in ('waiting', 'rated', 'skipped')),
  primary key (session_id, position)
) strict, without rowid;

-- reviews: the truth ----------------------------------------------------------------------------------------------

-- One row per learner, card, source (a post or a session) and turn. The reveal inserts it, the rating fills it.
create table reviews (
  id integer primary key,
  learner_id integer not null references learners on delete cascade,
  card_id integer not null references cards,
  cohort_id integer not null references cohorts,
  source_id integer not null,
  turn integer not null,
  post_id integer references posts,
  input text not null check (input in ('button', 'reaction')),
  kind text check (kind in ('scheduled', 'early', 'repeat')),
  day integer, -- the learner's
  cohort_day integer,
  revealed_at integer,
  rated_at integer,
  rating integer check (rating between 1 and 5),
  grade integer check (grade between 1 and 4),
  mapping integer,
  unique (learner_id, card_id, source_id, turn)
) strict;
create index reviews_by_post on reviews (post_id, learner_id) where post_id is not null and rating is not null;
create index reviews_by_day on reviews (learner_id, day) where rating is not null;

-- Every version of every rating; null is an undone one.
create table review_changes (
  review_id integer not null references reviews on delete cascade,
  number integer not null,
  changed_at integer not null,
  rating integer,
  primary key (review_id, number)
) strict, without rowid;

create table reactions (
  post_id integer not null references posts,
  position integer not null,
  learner_id integer not null references learners on delete cascade,
  rating integer not null check (rating between 1 and 5),
  reacted_at integer not null,
  primary key (post_id, position, learner_id, rating)
) strict, without rowid;

-- derived from the reviews ----------------------------------------------------------------------------------------

create table memory_states (
  learner_id integer not null references learners on delete cascade,
  card_id integer not null references cards,
  stability real not null,
  difficulty real not null,
  last_day integer not null,
  due_day integer not null,
  reviews integer not null,
  lapses integer not null,
  model text not null,
  primary key (learner_id, card_id)
) strict, without rowid;
create index memory_states_by_due on memory_states (learner_id, due_day) where reviews > 0;

-- A learner's scheduled cards on one day of the cohort: what the daily cap is counted on.
create table days (
  cohort_id integer not null references cohorts,
  learner_id integer not null references learners on delete cascade,
  day integer not null,
  cards integer not null,
  primary key (cohort_id, learner_id, day)
) strict, without rowid;
create index days_by_day on days (cohort_id, day);

create table standings (
  cohort_id integer not null references cohorts,
  period text not null, -- 2026-W45, 2026-11, all
  learner_id integer not null references learners on delete cascade,
  points integer not null,
  cards integer not null,
  primary key (cohort_id, period, learner_id)
) strict, without rowid;
create index standings_by_points on standings (cohort_id, period, points);

-- How each platform's connection is doing, for whoever looks from another process.
create table connections (
  platform text primary key,
  health text not null, -- connecting, connected, reconnecting or closed
  since_at integer not null,
  seen_at integer not null,
  awaited_at integer not null, -- when the next sign of life is due at the latest
  version text not null -- of the Flashmob that said so
) strict, without rowid;

-- A key of every inbound event, so that twice is once.
create table handled (
  key text primary key,
  handled_at integer not null
) strict, without rowid;
create index handled_by_time on handled (handled_at);
