//! Looking things up.

use cqm_core::{CertificateNumber, CompanyNumber, CountryCode, LabelIdentity, SiteReference};

use crate::{
    CertificateRecord, LabelRecord, Register, RegisterError,
    database::{DatabaseError, text},
    records::{self, Holder},
    register::Reader,
};

/// A holder with all that the register knows of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HolderRecord {
    /// Its name.
    pub name: String,
    /// Its companies.
    pub companies: Vec<CompanyNumber>,
    /// The sites of its companies.
    pub sites: Vec<SiteRecord>,
    /// Its certificates, in the order in which they were given their entries.
    pub certificates: Vec<CertificateRecord>,
}

/// A site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteRecord {
    /// Which site.
    pub site: SiteReference,
    /// The country it stands in.
    pub country: CountryCode,
    /// The city it stands in.
    pub city: String,
    /// The subcontractor who runs it.
    pub subcontractor: Option<String>,
    /// Its identifier in the GVCP.
    pub cid: Option<String>,
    /// Its labels, stopped ones too.
    pub labels: Vec<LabelRecord>,
}

/// A certificate with its holder's name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertificateWithHolder {
    /// The holder's name.
    pub holder: String,
    /// The certificate.
    pub certificate: CertificateRecord,
}

impl Register {
    /// Every holder, in the order in which they were registered.
    ///
    /// # Errors
    /// When the database fails.
    pub fn holders(&mut self) -> Result<Vec<HolderRecord>, RegisterError> {
        self.read(|reader| {
            let ids = reader.rows("SELECT id FROM holders ORDER BY id", &[])?;
            let mut holders = Vec::with_capacity(ids.len());
            for row in ids {
                let holder = records::holder(reader, row.column(0).map_err(DatabaseError::from)?)?;
                holders.push(record(reader, holder)?);
            }
            Ok(holders)
        })
    }

    /// The holder of a company.
    ///
    /// # Errors
    /// When the company is unknown or has no holder, or the database fails.
    pub fn holder(&mut self, company: CompanyNumber) -> Result<HolderRecord, RegisterError> {
        self.read(|reader| {
            let holder = records::holder_of(reader, company)?;
            record(reader, holder)
        })
    }

    /// The dossier of a company's holder, as it was imported last.
    ///
    /// # Errors
    /// When the company is unknown or has no holder, or the database fails.
    pub fn dossier(&mut self, company: CompanyNumber) -> Result<Vec<u8>, RegisterError> {
        self.read(|reader| {
            let holder = records::holder_of(reader, company)?;
            reader.document(&holder.dossier)
        })
    }

    /// A site.
    ///
    /// # Errors
    /// When it is unknown, or the database fails.
    pub fn site(&mut self, site: SiteReference) -> Result<SiteRecord, RegisterError> {
        self.read(|reader| {
            let sites = sites(reader, "site = $1", &site.to_string())?;
            sites.into_iter().next().ok_or_else(|| RegisterError::Unknown { what: "site", name: site.to_string() })
        })
    }

    /// A label.
    ///
    /// # Errors
    /// When it is unknown, or the database fails.
    pub fn label(&mut self, label: LabelIdentity) -> Result<LabelRecord, RegisterError> {
        self.read(|reader| records::label(reader, label))
    }

    /// A certificate.
    ///
    /// # Errors
    /// When it is unknown, or the database fails.
    pub fn certificate(&mut self, number: &CertificateNumber) -> Result<CertificateWithHolder, RegisterError> {
        self.read(|reader| {
            let (certificate, holder) = records::certificate(reader, number)?;
            Ok(CertificateWithHolder { holder: records::holder(reader, holder)?.name, certificate })
        })
    }
}

fn record(reader: &mut Reader<'_>, holder: Holder) -> Result<HolderRecord, RegisterError> {
    let mut all = Vec::new();
    for company in &holder.companies {
        all.extend(sites(reader, "company = $1", &company.to_string())?);
    }
    let certificates = records::certificates_of(reader, holder.id)?;
    Ok(HolderRecord { name: holder.name, companies: holder.companies, sites: all, certificates })
}

fn sites(reader: &mut Reader<'_>, which: &str, value: &str) -> Result<Vec<SiteRecord>, RegisterError> {
    let sql = format!("SELECT site, country, city, subcontractor, cid FROM sites WHERE {which} ORDER BY site");
    let rows = reader.rows(&sql, &[text(value)])?;
    let mut sites = Vec::with_capacity(rows.len());
    for row in rows {
        let site = row.parsed(0).map_err(DatabaseError::from)?;
        sites.push(SiteRecord {
            site,
            country: row.parsed(1).map_err(DatabaseError::from)?,
            city: row.column(2).map_err(DatabaseError::from)?,
            subcontractor: row.column(3).map_err(DatabaseError::from)?,
            cid: row.column(4).map_err(DatabaseError::from)?,
            labels: records::labels_at(reader, site)?,
        });
    }
    Ok(sites)
}
