//! Looking things up.

use cqm_core::{CertificateNumber, CompanyNumber, CountryCode, LabelIdentity, SiteReference};

use crate::{
    CertificateRecord, CompanyRecord, LabelRecord, Register, RegisterError,
    database::{Row, text},
    records::{self, Holder},
    register::Reader,
};

/// A holder with everything that the register has of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HolderRecord {
    /// Its name.
    pub name: String,
    /// Its companies.
    pub companies: Vec<CompanyRecord>,
    /// The sites of its companies.
    pub sites: Vec<SiteRecord>,
    /// Its certificates, in the order of their entries in the status list.
    pub certificates: Vec<CertificateRecord>,
}

/// A site in the register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteRecord {
    /// The number of the site.
    pub site: SiteReference,
    /// Its country.
    pub country: CountryCode,
    /// Its city.
    pub city: String,
    /// The subcontractor that runs it.
    pub subcontractor: Option<String>,
    /// Its identifier in the GVCP.
    pub cid: Option<String>,
    /// Its labels, including stopped ones.
    pub labels: Vec<LabelRecord>,
}

impl Register {
    /// All holders, in the order in which they were registered.
    ///
    /// # Errors
    /// If the database fails.
    pub fn holders(&mut self) -> Result<Vec<HolderRecord>, RegisterError> {
        self.read(|reader| {
            let ids = reader.rows("SELECT id FROM holders ORDER BY id", &[])?;
            let mut holders = Vec::with_capacity(ids.len());
            for row in ids {
                let holder = records::holder(reader, row.column(0)?)?;
                holders.push(record(reader, holder)?);
            }
            Ok(holders)
        })
    }

    /// The holder of a company.
    ///
    /// # Errors
    /// Fails if the company is unknown or has no holder, or if the database fails.
    pub fn holder(&mut self, company: CompanyNumber) -> Result<HolderRecord, RegisterError> {
        self.read(|reader| {
            let holder = records::holder_of(reader, company)?;
            record(reader, holder)
        })
    }

    /// The dossier that was imported last for the holder of a company.
    ///
    /// # Errors
    /// Fails if the company is unknown or has no holder, or if the database fails.
    pub fn dossier(&mut self, company: CompanyNumber) -> Result<Vec<u8>, RegisterError> {
        self.read(|reader| {
            let holder = records::holder_of(reader, company)?;
            reader.document(&holder.dossier)
        })
    }

    /// A site.
    ///
    /// # Errors
    /// If the site is unknown, or the database fails.
    pub fn site(&mut self, site: SiteReference) -> Result<SiteRecord, RegisterError> {
        self.read(|reader| {
            let sites = sites(reader, "site = $1", &site.to_string())?;
            sites.into_iter().next().ok_or_else(|| RegisterError::Unknown { what: "site", name: site.to_string() })
        })
    }

    /// A label.
    ///
    /// # Errors
    /// If the label is unknown, or the database fails.
    pub fn label(&mut self, label: LabelIdentity) -> Result<LabelRecord, RegisterError> {
        self.read(|reader| records::label(reader, label))
    }

    /// A certificate.
    ///
    /// # Errors
    /// If the number is unknown, or the database fails.
    pub fn certificate(&mut self, number: &CertificateNumber) -> Result<CertificateRecord, RegisterError> {
        self.read(|reader| records::certificate(reader, number))
    }

    /// The letter and the token of an issued certificate.
    ///
    /// # Errors
    /// If the number is unknown, the certificate is not issued yet, or the database fails.
    pub fn certificate_files(&mut self, number: &CertificateNumber) -> Result<(Vec<u8>, Vec<u8>), RegisterError> {
        self.read(|reader| {
            records::certificate(reader, number)?;
            let row = reader.first_row("SELECT pdf, token FROM certificates WHERE number = $1", &[text(number)])?;
            let row = row.unwrap_or(Row(Vec::new()));
            let (pdf, token): (Option<String>, Option<String>) = (row.column(0)?, row.column(1)?);
            match pdf.zip(token) {
                Some((pdf, token)) => Ok((reader.document(&pdf)?, reader.document(&token)?)),
                None => Err(RegisterError::NotIssued { number: number.clone() }),
            }
        })
    }
}

fn record(reader: &mut Reader<'_>, holder: Holder) -> Result<HolderRecord, RegisterError> {
    let mut all = Vec::new();
    for company in &holder.companies {
        all.extend(sites(reader, "company = $1", &company.number.to_string())?);
    }
    let certificates = records::certificates_of(reader, &holder)?;
    Ok(HolderRecord { name: holder.name, companies: holder.companies, sites: all, certificates })
}

fn sites(reader: &mut Reader<'_>, condition: &str, value: &str) -> Result<Vec<SiteRecord>, RegisterError> {
    let sql = format!("SELECT site, country, city, subcontractor, cid FROM sites WHERE {condition} ORDER BY site");
    let rows = reader.rows(&sql, &[text(value)])?;
    let mut sites = Vec::with_capacity(rows.len());
    for row in rows {
        let site = row.parsed(0)?;
        sites.push(SiteRecord {
            site,
            country: row.parsed(1)?,
            city: row.column(2)?,
            subcontractor: row.column(3)?,
            cid: row.column(4)?,
            labels: records::labels_at(reader, site)?,
        });
    }
    Ok(sites)
}
