-- Every row here follows from the log, and `cqm register verify` holds them against it (docs/reference/register.md).
-- This is the SQL of SQLite; for PostgreSQL, INTEGER reads BIGINT and BLOB reads BYTEA.
-- Days are written 2024-05-05, instants 2024-05-05T12:00:00Z, hashes (SHA-256) in lower-case hexadecimal digits.

CREATE TABLE register (
    id       INTEGER PRIMARY KEY CHECK (id = 1),
    version  INTEGER NOT NULL,
    list_uri TEXT NOT NULL
);

-- The next number of each kind that is given out. It only grows.
CREATE TABLE counters (
    name TEXT PRIMARY KEY,
    next INTEGER NOT NULL
);

-- Dossiers, tokens, letters and status lists, by their hash.
CREATE TABLE documents (
    sha256  TEXT PRIMARY KEY,
    content BLOB NOT NULL
);

-- The dossier is the one imported last; its number is for the next certificate, if it is still free.
CREATE TABLE holders (
    id      INTEGER PRIMARY KEY,
    name    TEXT NOT NULL,
    dossier TEXT NOT NULL REFERENCES documents,
    number  TEXT NOT NULL
);

CREATE TABLE companies (
    number TEXT PRIMARY KEY,
    holder INTEGER REFERENCES holders
);

CREATE TABLE sites (
    site          TEXT PRIMARY KEY,
    company       TEXT NOT NULL REFERENCES companies,
    country       TEXT NOT NULL,
    city          TEXT NOT NULL,
    subcontractor TEXT,
    cid           TEXT
);

-- A label by its first nine characters, and its entry in the status list.
CREATE TABLE labels (
    label            TEXT PRIMARY KEY,
    site             TEXT NOT NULL REFERENCES sites,
    idx              INTEGER NOT NULL UNIQUE,
    recognized       TEXT,
    recognized_until TEXT,
    approved         TEXT
);

CREATE INDEX labels_by_site ON labels (site);

-- A certificate whose number a dossier brought has that number alone until it is issued.
CREATE TABLE certificates (
    number      TEXT PRIMARY KEY,
    holder      INTEGER NOT NULL REFERENCES holders,
    idx         INTEGER UNIQUE,
    valid_from  TEXT,
    valid_until TEXT,
    token       TEXT REFERENCES documents,
    pdf         TEXT REFERENCES documents
);

CREATE INDEX certificates_by_holder ON certificates (holder);

-- What happened to an entry, in the order in which it was recorded.
CREATE TABLE events (
    id        INTEGER PRIMARY KEY,
    idx       INTEGER NOT NULL,
    status    TEXT NOT NULL,
    reason    TEXT NOT NULL,
    effective TEXT NOT NULL,
    recorded  TEXT NOT NULL
);

CREATE INDEX events_by_idx ON events (idx);

CREATE TABLE lists (
    seq      INTEGER PRIMARY KEY,
    list     TEXT NOT NULL REFERENCES documents,
    log_head TEXT NOT NULL
);

CREATE TABLE log (
    seq     INTEGER PRIMARY KEY,
    at      TEXT NOT NULL,
    who     TEXT NOT NULL,
    what    TEXT NOT NULL,
    why     TEXT NOT NULL,
    details TEXT NOT NULL,
    prev    TEXT NOT NULL,
    hash    TEXT NOT NULL UNIQUE
);
