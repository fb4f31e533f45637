//! English.

use super::{Defaults, Facts, Legend, Words, part};

pub(super) const WORDS: Words = Words {
    tag: "en",
    hyphenation: hypher::Lang::English,
    defaults: Defaults {
        title: "Statement of Quality",
        address_intro: "Having its principal place of business at",
        statement: "has submitted smart card products and services for approval. They were found in conformity with \
            the requirements of the Card Quality Management program, and the labels below have been granted.",
        valid_until: "This letter is valid until {date}",
        heading: "How to verify this letter",
        intro: "The electronic signature inside the file proves this letter. A printed copy, a scan or a picture of \
            it proves nothing.",
        steps: [
            "Take the PDF file itself, as its holder publishes it. A PDF viewer that checks signatures shows who \
             signed it and whether it was changed.",
            "Get the root certificate of the program and its newest status list from the program office, and compare \
             the fingerprint of the root with the one above over a channel that you trust.",
            "Run “cqm verify letter.pdf --trust root.pem --status list.jwt” with the names of the three files. It \
             needs no network, and checks the signatures, the dates, and whether a label was stopped since.",
            "Machines read the same statement from a signed token in the file, the attachment certificate.jwt.",
        ],
    },
    certificate: "Certificate",
    page: "Page {page} of {count}",
    companies: "The companies of the group, after their number in the labels:",
    country: "Country Code",
    city: "City (+ subcontractor name if any)",
    activities: [
        "Integrated Circuit",
        "Integrated Circuit Module",
        "IAC Integrated Circuit Module",
        "Bio Sensor Module (fingerprint)",
        "Inlay",
        "IAC Inlay",
        "Card Body",
        "IC Card",
        "Inter Active Card",
        "Perso",
    ],
    no_label: "No label: the site is registered with the program, but none of its activities is approved.",
    facts: Facts {
        number: "Certificate number",
        validity: "Valid from the first to the last day",
        to: "to",
        fingerprint: "Fingerprint of the program’s root certificate (SHA-256)",
        online: "Verify this letter in a browser",
    },
    legend: Legend {
        heading: "What the characters of a label mean",
        intro: "Ten characters name one activity, at one site, of one company.",
        activity: part("Activity", "character 1"),
        company: part("Company", "characters 2 and 3"),
        site: part("Site", "characters 4 and 5"),
        reserved: part("Reserved", "characters 6 and 7"),
        packaging: part("Packaging", "character 8"),
        technology: part("Technology", "character 9"),
        status: part("Status", "character 10"),
        activities: [
            "integrated circuits (EMV chips)",
            "chip modules with contacts",
            "chip modules for interactive cards",
            "bio sensor modules (fingerprint)",
            "inlays for card bodies",
            "inlays for interactive cards",
            "card bodies",
            "cards with a chip",
            "interactive cards (fingerprint sensor or display)",
            "card personalization",
        ],
        the_company: "the company’s number in the program",
        the_site: "the number of the manufacturing site within the company",
        both_zero: "reserved for future use, both 0",
        packagings: ["with module (legacy)", "without module", "with and without module"],
        technologies: [
            "dual interface (contact and contactless, valid for contact-only too)",
            "contact-only (not granted since April 2023)",
        ],
        approval: "approval (after a passed audit)",
    },
    preview: "PREVIEW – not a certificate",
};
