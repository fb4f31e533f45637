//! Issuing: a dossier becomes a draft, a checked draft, and an issued certificate.
