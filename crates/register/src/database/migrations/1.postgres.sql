-- The tables of a register in PostgreSQL. The file for SQLite has the same tables and columns.
--
-- Every row follows from the log: verifying a register derives the tables from the log and
-- compares them (docs/reference/register.md).
-- Days are written 2024-05-05, instants 2024-05-05T12:00:00Z, hashes (SHA-256) in lower-case
-- hexadecimal digits.

CREATE TABLE register (
    id       BIGINT PRIMARY KEY CHECK (id = 1),
    version  BIGINT NOT NULL,
    list_uri TEXT NOT NULL
);

-- The next number of each kind. It only grows.
CREATE TABLE counters (
    name TEXT PRIMARY KEY,
    next BIGINT NOT NULL
);

-- Dossiers, tokens, letters and status lists by their hash.
CREATE TABLE documents (
    sha256  TEXT PRIMARY KEY,
    content BYTEA NOT NULL
);

-- `dossier` is the one imported last. `number` is the number that it brings for the next
-- certificate, which gets it if no certificate has it yet.
CREATE TABLE holders (
    id      BIGINT PRIMARY KEY,
    name    TEXT NOT NULL,
    dossier TEXT NOT NULL REFERENCES documents,
    number  TEXT NOT NULL
);

CREATE TABLE companies (
    number TEXT PRIMARY KEY,
    holder BIGINT REFERENCES holders
);

CREATE TABLE sites (
    site          TEXT PRIMARY KEY,
    company       TEXT NOT NULL REFERENCES companies,
    country       TEXT NOT NULL,
    city          TEXT NOT NULL,
    subcontractor TEXT,
    cid           TEXT
);

-- A label by its first nine characters, with its entry in the status list.
CREATE TABLE labels (
    label            TEXT PRIMARY KEY,
    site             TEXT NOT NULL REFERENCES sites,
    idx              BIGINT NOT NULL UNIQUE,
    recognized       TEXT,
    recognized_until TEXT,
    approved         TEXT
);

CREATE INDEX labels_by_site ON labels (site);

-- A number that a dossier brings has a row from then on; the other columns are NULL until the
-- certificate is issued.
CREATE TABLE certificates (
    number      TEXT PRIMARY KEY,
    holder      BIGINT NOT NULL REFERENCES holders,
    idx         BIGINT UNIQUE,
    valid_from  TEXT,
    valid_until TEXT,
    token       TEXT REFERENCES documents,
    pdf         TEXT REFERENCES documents
);

CREATE INDEX certificates_by_holder ON certificates (holder);

-- The events of the status list's entries, in the order in which they were recorded.
CREATE TABLE events (
    id        BIGINT PRIMARY KEY,
    idx       BIGINT NOT NULL,
    status    TEXT NOT NULL,
    reason    TEXT NOT NULL,
    effective TEXT NOT NULL,
    recorded  TEXT NOT NULL
);

CREATE INDEX events_by_idx ON events (idx);

CREATE TABLE lists (
    seq      BIGINT PRIMARY KEY,
    list     TEXT NOT NULL REFERENCES documents,
    log_head TEXT NOT NULL
);

CREATE TABLE log (
    seq     BIGINT PRIMARY KEY,
    at      TEXT NOT NULL,
    who     TEXT NOT NULL,
    what    TEXT NOT NULL,
    why     TEXT NOT NULL,
    details TEXT NOT NULL,
    prev    TEXT NOT NULL,
    hash    TEXT NOT NULL UNIQUE
);

-- The log, documents and events never change. Labels and certificates are never deleted.
CREATE FUNCTION keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are kept as they are', TG_TABLE_NAME;
END $$;

CREATE TRIGGER log_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON log EXECUTE FUNCTION keep();
CREATE TRIGGER documents_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON documents EXECUTE FUNCTION keep();
CREATE TRIGGER events_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON events EXECUTE FUNCTION keep();
CREATE TRIGGER labels_kept BEFORE DELETE OR TRUNCATE ON labels EXECUTE FUNCTION keep();
CREATE TRIGGER certificates_kept BEFORE DELETE OR TRUNCATE ON certificates EXECUTE FUNCTION keep();
