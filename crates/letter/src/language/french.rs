//! French.

use super::{Defaults, Facts, Legend, Words, part};

pub(super) const WORDS: Words = Words {
    tag: "fr",
    hyphenation: hypher::Lang::French,
    defaults: Defaults {
        title: "Attestation de qualité",
        address_intro: "dont l’établissement principal se trouve à l’adresse suivante",
        statement: "a soumis à approbation des produits et des services pour cartes à puce. Ils ont été trouvés \
            conformes aux exigences du programme Card Quality Management, et les labels ci-dessous ont été accordés.",
        valid_until: "Date de fin de validité : {date}",
        heading: "Comment vérifier cette attestation",
        intro: "La signature électronique contenue dans le fichier fait foi. Une copie imprimée, numérisée ou \
            photographiée ne prouve rien.",
        steps: [
            "Prenez le fichier PDF lui-même, tel que son titulaire le publie. Un lecteur de PDF qui contrôle les \
             signatures montre qui l’a signé et s’il a été modifié.",
            "Demandez au bureau du programme le certificat racine et la dernière liste d’états, et comparez \
             l’empreinte de la racine avec celle ci-dessus par une voie à laquelle vous faites confiance.",
            "Exécutez « cqm verify letter.pdf --trust root.pem --status list.jwt » avec les noms des trois fichiers. \
             La commande n’a pas besoin de réseau ; elle contrôle les signatures, les dates et l’arrêt éventuel \
             d’un label.",
            "Les machines lisent la même déclaration dans un jeton signé du fichier, la pièce jointe \
             certificate.jwt.",
        ],
    },
    certificate: "Certificat",
    page: "Page {page} sur {count}",
    companies: "Les sociétés du groupe, après leur numéro dans les labels :",
    country: "Code du pays",
    city: "Ville (+ nom du sous-traitant)",
    activities: [
        "Circuit intégré",
        "Module à circuit intégré",
        "Module à circuit intégré IAC",
        "Module à capteur d’empreinte",
        "Inlay",
        "Inlay IAC",
        "Corps de carte",
        "Carte à puce",
        "Carte interactive",
        "Perso",
    ],
    no_label: "Aucun label : le site est enregistré dans le programme, mais aucune de ses activités n’est approuvée.",
    facts: Facts {
        number: "Numéro du certificat",
        validity: "Premier et dernier jour de validité",
        to: "–",
        fingerprint: "Empreinte du certificat racine du programme (SHA-256)",
        online: "Vérifier cette attestation dans un navigateur",
    },
    legend: Legend {
        heading: "Signification des caractères d’un label",
        intro: "Dix caractères désignent une activité, sur un site, d’une société.",
        activity: part("Activité", "caractère 1"),
        company: part("Société", "caractères 2 et 3"),
        site: part("Site", "caractères 4 et 5"),
        reserved: part("Réservé", "caractères 6 et 7"),
        packaging: part("Livraison", "caractère 8"),
        technology: part("Technologie", "caractère 9"),
        status: part("Statut", "caractère 10"),
        activities: [
            "circuits intégrés (puces EMV)",
            "modules de puce avec contacts",
            "modules de puce pour cartes interactives",
            "modules à capteur biométrique (empreinte)",
            "inlays pour corps de carte",
            "inlays pour cartes interactives",
            "corps de carte",
            "cartes à puce",
            "cartes interactives (capteur ou afficheur)",
            "personnalisation de cartes",
        ],
        the_company: "le numéro de la société dans le programme",
        the_site: "le numéro du site de fabrication au sein de la société",
        both_zero: "réservés pour un usage futur, 0 tous les deux",
        packagings: ["avec module (ancien)", "sans module", "avec et sans module"],
        technologies: [
            "double interface (avec et sans contact, vaut aussi pour le contact seul)",
            "contact seul (non accordé depuis avril 2023)",
        ],
        approval: "approbation (après un audit réussi)",
    },
    preview: "APERÇU – pas un certificat",
};
