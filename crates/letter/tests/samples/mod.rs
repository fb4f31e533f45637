//! The certificates of the tests, the benchmark and the example.

#![allow(dead_code, reason = "each of them uses only some")]

use cqm_core::{Certificate, Company, Date, Holder, Signatory, Site};

/// A certificate of three sites: the example of section 5.5.
pub(crate) fn dummy() -> Certificate {
    Certificate {
        number: "CQM-2023-0099".parse().unwrap(),
        holder: Holder {
            name: "Dummy Card Company".into(),
            address: vec!["Shanghai Avenue, 1929".into(), "012345 Shenzhen".into()],
            country: "CN".parse().unwrap(),
            companies: vec![company("99", "Dummy Card Company")],
        },
        valid_from: Date::constant(2023, 5, 6),
        valid_until: Date::constant(2024, 5, 5),
        sites: vec![
            site("99", "02", "CN", "SHENZHEN", None, &["39902000DA", "49902000DA", "P9902000DA"]),
            site("99", "01", "PT", "PORTO", None, &["69901000DA"]),
            site("99", "03", "US", "BOSTON, MA", None, &["99903000DA"]),
        ],
        signatory: Signatory { name: "Bruno Parfum".into(), title: "Product Approvals Director".into() },
    }
}

/// The certificate of a group of four companies: 40 sites, two of them without labels, and 120
/// labels, in five scripts.
pub(crate) fn group() -> Certificate {
    const PLACES: [(&str, &str, Option<&str>); 20] = [
        ("PT", "São João da Madeira", None),
        ("GR", "Θεσσαλονίκη", Some("Ελληνική Υπηρεσία Καρτών Α.Ε.")),
        ("BG", "Пловдив", Some("Български Карти ООД")),
        ("CN", "深圳市", Some("深圳市智能卡制造有限公司")),
        ("KR", "서울특별시", Some("대한스마트카드 주식회사")),
        ("PL", "Łódź", None),
        ("CZ", "Ústí nad Labem", Some("Střední Čechy Personalizace s.r.o.")),
        ("TR", "Şanlıurfa", None),
        ("VN", "Thành phố Hồ Chí Minh", None),
        ("IS", "Þorlákshöfn", None),
        ("HU", "Székesfehérvár", None),
        ("JP", "川崎市 (Kawasaki)", Some("カード製造株式会社")),
        ("UA", "Київ", None),
        ("FR", "L’Haÿ-les-Roses", Some("Société Générale de Personnalisation & d’Encartage de l’Île-de-France S.A.S.")),
        ("DE", "Königs Wusterhausen", None),
        ("RO", "Târgu Mureș", None),
        ("SE", "Västerås", None),
        ("US", "Winston-Salem, NC", None),
        ("BR", "Ribeirão Preto", Some("Cartões do Brasil Ltda.")),
        ("IN", "Thiruvananthapuram", None),
    ];
    const ACTIVITIES: [char; 10] = ['3', '4', 'P', '6', '9', '1', '2', '5', '7', '8'];
    const PACKAGINGS: [char; 3] = ['0', '1', '2'];
    let mut sites = Vec::new();
    let mut count = 0;
    for index in 0..40_usize {
        let (country, city, subcontractor) = PLACES[index % PLACES.len()];
        let company = ["21", "22", "23", "2A"][index / 10];
        let number = format!("{:02}", index % 10 + 1);
        // Two sites have no label, two have six, and the others have three each.
        let wanted = match index {
            7 | 26 => 0,
            3 | 19 => 6,
            _ => 3,
        };
        let labels: Vec<String> = (0..wanted)
            .map(|label| {
                // Every fifth site has labels of one activity for several packagings.
                let (activity, packaging) = match index % 5 {
                    3 => (ACTIVITIES[(index + label / 3) % 10], PACKAGINGS[label % 3]),
                    _ => (ACTIVITIES[(index + label) % 10], '0'),
                };
                format!("{activity}{company}{number}00{packaging}DA")
            })
            .collect();
        count += labels.len();
        let labels: Vec<&str> = labels.iter().map(String::as_str).collect();
        sites.push(site(company, &number, country, city, subcontractor, &labels));
    }
    assert_eq!(count, 120);
    Certificate {
        number: "CQM-2023-0200".parse().unwrap(),
        holder: Holder {
            name: "Société Internationale de la Carte à Puce – Groupe Dvořák & Παπαδόπουλος".into(),
            address: vec!["Bâtiment Érable, 12 bis rue de l’Évêché".into(), "L-1521 Luxembourg".into()],
            country: "LU".parse().unwrap(),
            companies: ["21", "22", "23", "2A"].map(|number| company(number, &format!("Carte à Puce {number}"))).into(),
        },
        valid_from: Date::constant(2023, 5, 6),
        valid_until: Date::constant(2024, 3, 31),
        sites,
        signatory: Signatory { name: "Bruno Parfum".into(), title: "Product Approvals Director".into() },
    }
}

/// A company of the holder.
fn company(number: &str, name: &str) -> Company {
    Company { number: number.parse().unwrap(), name: name.into() }
}

/// A certificate with a label of each activity, at one site.
pub(crate) fn all_activities() -> Certificate {
    let labels = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "P"].map(|activity| format!("{activity}9901000DA"));
    let labels: Vec<&str> = labels.iter().map(String::as_str).collect();
    Certificate {
        sites: vec![site("99", "01", "PT", "PORTO", None, &labels), site("99", "02", "CN", "SHENZHEN", None, &[])],
        ..dummy()
    }
}

/// A certificate with names that fit into no line.
pub(crate) fn extreme() -> Certificate {
    let mut certificate = dummy();
    certificate.holder.name = "Kartenherstellungsgesellschaft".repeat(6);
    certificate.holder.address.push("Lange Straße ".repeat(30));
    certificate.sites[0].city = "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch".repeat(2);
    certificate.sites[1].subcontractor = Some("A Subcontractor with a Name of Many Words ".repeat(6));
    certificate.signatory.title = "Director of Product Approvals and of Many Other Things ".repeat(4);
    certificate
}

/// A site with labels.
pub(crate) fn site(
    company: &str,
    number: &str,
    country: &str,
    city: &str,
    subcontractor: Option<&str>,
    labels: &[&str],
) -> Site {
    Site {
        company: company.parse().unwrap(),
        number: number.parse().unwrap(),
        country: country.parse().unwrap(),
        city: city.into(),
        subcontractor: subcontractor.map(String::from),
        cid: None,
        labels: labels.iter().map(|label| label.parse().unwrap()).collect(),
    }
}
