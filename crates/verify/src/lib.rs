//! Verifying: bytes, trust and a time become a report with a verdict.
