//! Changes of what the typesetter wrote, before anything is added to it.
//!
//! - `/Suspects` is removed from `/MarkInfo`: `false` is its default, and poppler warns of it.
//! - The outline is removed. The typesetter's validator of PDF/UA-1 demands one, the standard only
//!   recommends it (ISO 14289-1, 7.17), and viewers show its text beside the pages.
//! - The legend, with which the content of a page begins, becomes a content stream of its own.
//! - Fonts are rewritten (`fonts.rs`).

use lopdf::content::{Content, Operation};
use lopdf::{Document, LoadOptions, Object, ObjectId, Stream, dictionary};

use super::{BodyError, fonts};

/// Returns a letter without the parts that only the typesetter wants. It is complete, but has
/// neither token nor signature: a preview.
///
/// # Errors
/// If the letter is not a PDF that the typesetter wrote.
pub fn tidied(letter: &[u8]) -> Result<Vec<u8>, BodyError> {
    let options = LoadOptions { strict: true, ..LoadOptions::default() };
    let mut document = Document::load_mem_with_options(letter, options)?;
    tidy(&mut document)?;
    document.prune_objects();
    document.renumber_objects();
    let mut pdf = Vec::new();
    document.save_to(&mut pdf).map_err(lopdf::Error::from)?;
    Ok(pdf)
}

/// Changes a letter as the typesetter wrote it. A second time changes nothing.
///
/// # Errors
/// If the document has no catalog, or the content of a page cannot be read or written.
pub(super) fn tidy(document: &mut Document) -> Result<(), lopdf::Error> {
    let catalog = document.catalog_mut()?;
    catalog.remove(b"Outlines");
    catalog.remove(b"PageMode");
    if let Ok(Object::Dictionary(information)) = catalog.get_mut(b"MarkInfo") {
        information.remove(b"Suspects");
    }
    for page in document.get_pages().into_values() {
        separate_legend(document, page)?;
    }
    fonts::simplify(document);
    Ok(())
}

/// Splits the content of a page at the end of the legend, if it has one.
fn separate_legend(document: &mut Document, page: ObjectId) -> Result<(), lopdf::Error> {
    let [content] = document.get_page_contents(page)[..] else { return Ok(()) };
    let plain = document.get_object(content)?.as_stream()?.get_plain_content()?;
    let mut operations = Content::decode(&plain)?.operations;
    let Some(end) = operations.array_windows().position(|[begin, end]| is_end_of_legend(begin, end)) else {
        return Ok(());
    };
    let rest = operations.split_off(end);
    let rest = rest.into_iter().skip(2).collect();
    let legend = compressed(operations)?;
    *document.get_object_mut(content)? = compressed(rest)?.into();
    let legend = document.add_object(legend);
    document.get_dictionary_mut(page)?.set("Contents", vec![legend.into(), content.into()]);
    Ok(())
}

/// Reports whether two operators are the empty artifact at the end of the legend
/// (`cqm-letter`, `page.rs`).
fn is_end_of_legend(begin: &Operation, end: &Operation) -> bool {
    let is_page = |properties: &Object| *properties == Object::Dictionary(dictionary! { "Type" => "Page" });
    begin.operator == "BDC"
        && end.operator == "EMC"
        && matches!(&begin.operands[..], [tag, properties] if *tag == Object::from("Artifact") && is_page(properties))
}

fn compressed(operations: Vec<Operation>) -> Result<Stream, lopdf::Error> {
    let mut stream = Stream::new(dictionary! {}, Content { operations }.encode()?);
    stream.compress()?;
    Ok(stream)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LEGEND: &str = "/P <</MCID 0>> BDC q 0 0 m f Q EMC ";
    const REST: &str = "/P <</MCID 1>> BDC q 1 1 m f Q EMC";
    const MARK: &str = "/Artifact <</Type /Page>> BDC EMC ";

    fn tidied(content: &str) -> Document {
        let mut document = Document::with_version("1.7");
        let content = document.add_object(Stream::new(dictionary! {}, content.as_bytes().to_vec()));
        let pages = document.new_object_id();
        let page = document.add_object(dictionary! { "Type" => "Page", "Parent" => pages, "Contents" => content });
        document.set_object(pages, dictionary! { "Type" => "Pages", "Count" => 1, "Kids" => vec![page.into()] });
        let marked = dictionary! { "Marked" => true, "Suspects" => false };
        let outlines = document.add_object(dictionary! { "Type" => "Outlines" });
        let catalog = dictionary! {
            "Type" => "Catalog", "Pages" => pages, "MarkInfo" => marked, "Outlines" => outlines,
        };
        let catalog = document.add_object(catalog);
        document.trailer = dictionary! { "Root" => catalog };
        tidy(&mut document).unwrap();
        document
    }

    /// The content streams of the page, with a space for each new line.
    fn contents(document: &Document) -> Vec<String> {
        let page = document.page_iter().next().unwrap();
        let plain = |id: ObjectId| document.get_object(id).unwrap().as_stream().unwrap().get_plain_content().unwrap();
        let text = |id| String::from_utf8(plain(id)).unwrap().replace('\n', " ").trim().to_owned();
        document.get_page_contents(page).into_iter().map(text).collect()
    }

    #[test]
    fn the_catalog_has_neither_suspects_nor_an_outline() {
        let document = tidied(REST);
        let catalog = document.catalog().unwrap();
        assert!(!catalog.has(b"Outlines"));
        assert_eq!(catalog.get(b"MarkInfo").unwrap(), &Object::Dictionary(dictionary! { "Marked" => true }));
    }

    #[test]
    fn the_legend_is_a_stream_of_its_own() {
        let [whole] = &contents(&tidied(&[LEGEND, REST].concat()))[..] else { panic!("one stream") };
        let [legend, rest] = &contents(&tidied(&[LEGEND, MARK, REST].concat()))[..] else { panic!("two streams") };
        let squeezed = |text: &str| text.replace(' ', "");
        assert_eq!(squeezed(legend), squeezed(LEGEND));
        assert_eq!(squeezed(rest), squeezed(REST));
        assert_eq!(squeezed(whole), squeezed(&[LEGEND, REST].concat()));
    }

    #[test]
    fn only_the_empty_artifact_of_the_type_page_ends_the_legend() {
        for other in [
            MARK.replace("Page", "Layout"),
            MARK.replace("/Artifact", "/Span"),
            MARK.replace("EMC", "q Q EMC"),
            MARK.replace("/Page", "/Page /Subtype /Header"),
        ] {
            assert_eq!(contents(&tidied(&[LEGEND, &other, REST].concat())).len(), 1, "{other}");
        }
    }

    #[test]
    fn a_second_time_changes_nothing() {
        let mut document = tidied(&[LEGEND, MARK, REST].concat());
        let before = document.objects.clone();
        tidy(&mut document).unwrap();
        assert_eq!(document.objects, before);
    }
}
