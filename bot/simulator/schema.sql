-- The simulated carrier's memory. Times are ISO 8601 in UTC with six decimals, so that they sort as text.
CREATE TABLE IF NOT EXISTS messages (
    sid TEXT PRIMARY KEY,
    direction TEXT NOT NULL,
    channel TEXT NOT NULL,
    person TEXT NOT NULL,
    ours TEXT NOT NULL,
    body TEXT NOT NULL,
    segments INTEGER NOT NULL,
    status TEXT NOT NULL,
    created TEXT NOT NULL,
    updated TEXT NOT NULL,
    revision INTEGER NOT NULL,
    sent TEXT,
    error_code INTEGER,
    price TEXT,
    callback TEXT,
    service_sid TEXT,
    content_sid TEXT,
    extras TEXT NOT NULL DEFAULT '{}',
    answer INTEGER
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS messages_revision ON messages (revision);
CREATE INDEX IF NOT EXISTS messages_person ON messages (person, channel, created);
CREATE INDEX IF NOT EXISTS messages_created ON messages (created, sid);
CREATE INDEX IF NOT EXISTS messages_unfinished ON messages (status) WHERE status IN ('accepted', 'queued', 'sent');

CREATE TABLE IF NOT EXISTS people (
    number TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    position INTEGER NOT NULL,
    wrote TEXT NOT NULL DEFAULT '{}',
    stopped TEXT NOT NULL DEFAULT '[]',
    revision INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS faults (target TEXT PRIMARY KEY, switches TEXT NOT NULL, revision INTEGER NOT NULL) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS contents (sid TEXT PRIMARY KEY, content TEXT NOT NULL, created TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS hooks (channel TEXT PRIMARY KEY, hook TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS media (sid TEXT PRIMARY KEY, content_type TEXT NOT NULL, data BLOB NOT NULL);

CREATE TABLE IF NOT EXISTS calls (
    id INTEGER PRIMARY KEY,
    message_sid TEXT NOT NULL,
    kind TEXT NOT NULL,
    status TEXT NOT NULL,
    answer INTEGER,
    error TEXT NOT NULL,
    took_ms INTEGER NOT NULL,
    at TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS calls_message ON calls (message_sid);
