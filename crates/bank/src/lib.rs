//! The bank's side on disk: the memory of status lists, and batches of files.
