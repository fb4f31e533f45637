//! The SQL that makes the tables: one file for each version and database.
//!
//! The files of one version have the same tables and columns; only the types and triggers differ.

/// For SQLite: the first brings an empty database to version 1, the next to version 2, and so on.
pub(super) const SQLITE: &[&str] = &[include_str!("migrations/1.sqlite.sql"), include_str!("migrations/2.sqlite.sql")];

/// For PostgreSQL, in the same order.
pub(super) const POSTGRESQL: &[&str] =
    &[include_str!("migrations/1.postgres.sql"), include_str!("migrations/2.postgres.sql")];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{database::VERSION, log, tables::Table};

    /// The tables of migrations, each with its columns as (name, type and constraints), and the
    /// types that SQLite uses.
    fn tables(sql: &str) -> Vec<(String, Vec<(String, String)>)> {
        let mut tables: Vec<(String, Vec<(String, String)>)> = Vec::new();
        let mut is_open = false;
        for line in sql.lines() {
            if let Some((name, column)) =
                line.strip_prefix("ALTER TABLE ").and_then(|rest| rest.split_once(" ADD COLUMN "))
            {
                let (_, columns) = tables.iter_mut().find(|(table, _)| table == name).expect("the table");
                let (name, rest) = column.trim_end_matches(';').split_once(' ').expect("a column");
                columns.push((name.into(), rest.into()));
            } else if let Some(name) = line.strip_prefix("CREATE TABLE ") {
                tables.push((name.trim_end_matches(" (").into(), Vec::new()));
                is_open = true;
            } else if line == ");" {
                is_open = false;
            } else if let (true, Some((_, columns))) = (is_open, tables.last_mut()) {
                let (name, rest) = line.trim().split_once(' ').expect("a column");
                let rest = rest.trim().trim_end_matches(',').replace("BIGINT", "INTEGER").replace("BYTEA", "BLOB");
                columns.push((name.into(), rest));
            }
        }
        tables
    }

    #[test]
    fn both_databases_have_the_same_tables_and_columns() {
        assert_eq!(SQLITE.len(), POSTGRESQL.len());
        for version in 1..=SQLITE.len() {
            let [sqlite, postgresql] = [SQLITE, POSTGRESQL].map(|sql| tables(&sql[..version].concat()));
            assert!(!sqlite.is_empty());
            assert_eq!(sqlite, postgresql);
        }
        for (sqlite, postgresql) in SQLITE.iter().zip(POSTGRESQL) {
            let indexes = |sql: &'static str| sql.lines().filter(|line| line.starts_with("CREATE INDEX"));
            assert!(indexes(sqlite).eq(indexes(postgresql)));
        }
        for other in ["BIGINT", "BYTEA"] {
            assert!(!SQLITE.concat().contains(other), "{other}");
        }
        for other in ["INTEGER", "BLOB"] {
            assert!(!POSTGRESQL.concat().contains(other), "{other}");
        }
    }

    #[test]
    fn the_code_knows_every_table_and_column() {
        assert_eq!(i64::try_from(SQLITE.len()), Ok(VERSION));
        let mut known: Vec<(&str, Vec<&str>)> = Table::ALL.map(|table| (table.name(), table.columns().to_vec())).into();
        known.push(("documents", vec!["sha256", "content"]));
        known.push(("log", log::COLUMNS.split(", ").collect()));
        known.sort_unstable();
        let tables = tables(&SQLITE.concat());
        let mut found: Vec<(&str, Vec<&str>)> = tables
            .iter()
            .map(|(table, columns)| (table.as_str(), columns.iter().map(|(name, _)| name.as_str()).collect()))
            .collect();
        found.sort_unstable();
        assert_eq!(found, known);
    }
}
