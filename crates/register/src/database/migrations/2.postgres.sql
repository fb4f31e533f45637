-- Version 2: companies have names. A company that was registered before gets its name with the next
-- import of its holder's dossier.
ALTER TABLE companies ADD COLUMN name TEXT;
