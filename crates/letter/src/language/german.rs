//! German.

use super::{Defaults, Facts, Legend, Words, part};

pub(super) const WORDS: Words = Words {
    tag: "de",
    hyphenation: hypher::Lang::German,
    defaults: Defaults {
        title: "Qualitätsbescheinigung",
        address_intro: "mit Hauptsitz in",
        statement: "hat Produkte und Dienstleistungen für Chipkarten zur Zulassung eingereicht. Sie erfüllen die \
            Anforderungen des Programms Card Quality Management, und die folgenden Labels wurden erteilt.",
        valid_until: "Letzter Tag der Gültigkeit: {date}",
        heading: "So wird diese Bescheinigung geprüft",
        intro: "Allein die elektronische Signatur in der Datei beweist diese Bescheinigung. Ein Ausdruck, ein Scan \
            oder ein Bild davon beweist nichts.",
        steps: [
            "Nehmen Sie die PDF-Datei selbst, wie ihr Inhaber sie veröffentlicht. Ein PDF-Betrachter, der \
             Signaturen prüft, zeigt, wer sie signiert hat und ob sie verändert wurde.",
            "Holen Sie das Wurzelzertifikat des Programms und seine neueste Statusliste beim Programmbüro, und \
             vergleichen Sie den Fingerabdruck der Wurzel auf einem vertrauenswürdigen Weg mit dem obigen.",
            "Starten Sie „cqm verify letter.pdf --trust root.pem --status list.jwt“ mit den Namen der drei Dateien. \
             Das Programm braucht kein Netz; es prüft die Signaturen, die Daten und ob ein Label seither \
             gestoppt wurde.",
            "Maschinen lesen dieselbe Aussage aus einem signierten Token in der Datei, dem Anhang certificate.jwt.",
        ],
    },
    certificate: "Zertifikat",
    page: "Seite {page} von {count}",
    companies: "Die Firmen der Gruppe, nach ihrer Nummer in den Labels:",
    country: "Länder-Code",
    city: "Ort (+ Name eines Unterauftragnehmers)",
    activities: [
        "Chip",
        "Chipmodul",
        "IAC-Chipmodul",
        "Biosensormodul (Fingerabdruck)",
        "Inlay",
        "IAC-Inlay",
        "Kartenkörper",
        "Chipkarte",
        "Interaktive Karte",
        "Perso",
    ],
    no_label: "Kein Label: Der Standort ist im Programm registriert, aber keine seiner Tätigkeiten ist zugelassen.",
    facts: Facts {
        number: "Nummer des Zertifikats",
        validity: "Erster und letzter Tag der Gültigkeit",
        to: "–",
        fingerprint: "Fingerabdruck des Wurzelzertifikats des Programms (SHA-256)",
        online: "Diese Bescheinigung im Browser prüfen",
    },
    legend: Legend {
        heading: "Die Zeichen eines Labels",
        intro: "Zehn Zeichen nennen eine Tätigkeit, an einem Standort, einer Firma.",
        activity: part("Tätigkeit", "Zeichen 1"),
        company: part("Firma", "Zeichen 2 und 3"),
        site: part("Standort", "Zeichen 4 und 5"),
        reserved: part("Reserviert", "Zeichen 6 und 7"),
        packaging: part("Lieferform", "Zeichen 8"),
        technology: part("Technologie", "Zeichen 9"),
        status: part("Status", "Zeichen 10"),
        activities: [
            "integrierte Schaltungen (EMV-Chips)",
            "Chipmodule mit Kontakten",
            "Chipmodule für interaktive Karten",
            "Biosensormodule (Fingerabdruck)",
            "Inlays für Kartenkörper",
            "Inlays für interaktive Karten",
            "Kartenkörper",
            "Karten mit Chip",
            "interaktive Karten (Fingerabdrucksensor oder Anzeige)",
            "Personalisierung von Karten",
        ],
        the_company: "die Nummer der Firma im Programm",
        the_site: "die Nummer des Standorts innerhalb der Firma",
        both_zero: "für künftige Verwendung reserviert, beide 0",
        packagings: ["mit Modul (veraltet)", "ohne Modul", "mit und ohne Modul"],
        technologies: [
            "Dual Interface (mit und ohne Kontakt, gilt auch für nur mit Kontakt)",
            "nur mit Kontakt (seit April 2023 nicht mehr erteilt)",
        ],
        approval: "Zulassung (nach bestandenem Audit)",
    },
    preview: "VORSCHAU – kein Zertifikat",
};
