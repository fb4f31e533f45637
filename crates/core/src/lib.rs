//! The words of the CQM program: labels, sites, certificates, dates, rules, findings and verdicts.
