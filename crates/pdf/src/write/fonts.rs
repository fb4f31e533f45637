//! Rewrites fonts so that reading them is cheap: the characters of all glyphs in one stored list,
//! and their widths in another.
//!
//! The typesetter writes a line of its CMap, and three numbers of the widths, for each glyph.

use lopdf::{Document, Object, ObjectId, Stream};

use crate::text::{cmap::ToUnicode, glyph_map};

/// Rewrites every composite font whose glyphs are numbered from 1 without gaps. Leaves other fonts
/// unchanged: the judge refuses them.
pub(super) fn simplify(document: &mut Document) {
    let fonts: Vec<ObjectId> = document
        .objects
        .iter()
        .filter(|(_, object)| object.as_dict().is_ok_and(|font| font.has_type(b"Font") && font.has(b"ToUnicode")))
        .map(|(id, _)| *id)
        .collect();
    for font in fonts {
        // A font of another form is not an error here.
        let _ = simplify_one(document, font);
    }
}

fn simplify_one(document: &mut Document, font: ObjectId) -> Option<()> {
    let dictionary = document.get_dictionary(font).ok()?;
    let map_id = dictionary.get(b"ToUnicode").ok()?.as_reference().ok()?;
    let [descendant] = dictionary.get(b"DescendantFonts").ok()?.as_array().ok()?.as_slice() else { return None };
    let descendant = descendant.as_reference().ok()?;
    let map = document.get_object(map_id).ok()?.as_stream().ok()?;

    let characters = ToUnicode::strict(&map.get_plain_content().ok()?)?;
    let dense = (1..).zip(characters.codes()).all(|(number, (code, _))| code.value() == number);
    let glyphs = characters.codes().iter().map(|(_, place)| characters.text(place)).collect::<Option<Vec<_>>>()?;
    let content = glyph_map::write(glyphs.iter().copied()).filter(|_| dense)?;
    let mut stream = Stream::new(map.dict.clone(), Vec::new());
    // Not compressed: it is short, and inflating takes longer than reading.
    stream.set_plain_content(content);

    let written = document.get_dictionary(descendant).ok()?.get(b"W").ok()?;
    let written = document.dereference(written).ok()?.1.as_array().ok()?;
    let widths = widths(written, glyphs.len().checked_add(1)?)?;

    document.set_object(map_id, stream);
    let descendant = document.get_dictionary_mut(descendant).ok()?;
    descendant.set("W", vec![0.into(), Object::Array(widths)]);
    Some(())
}

/// The widths of the glyphs from 0 on, read from `first last width` and `first [width …]` (ISO
/// 32000-2, 9.7.4.3). Glyphs without a width have none in the typesetter's fonts either.
fn widths(written: &[Object], count: usize) -> Option<Vec<Object>> {
    let number = |object: &Object| usize::try_from(object.as_i64().ok()?).ok();
    let mut widths = vec![Object::Integer(0); count];
    let mut rest = written.iter();
    while let Some(first) = rest.next() {
        let first = number(first)?;
        match rest.next()? {
            Object::Array(list) => {
                let place = widths.get_mut(first..first.checked_add(list.len())?)?;
                place.clone_from_slice(list);
            }
            last => {
                let width = rest.next()?;
                widths.get_mut(first..number(last)?.checked_add(1)?)?.fill(width.clone());
            }
        }
    }
    Some(widths)
}

#[cfg(test)]
mod tests {
    use lopdf::dictionary;

    use super::*;

    /// A document with one font, and the number of the font.
    fn document(map: &str, widths: Vec<Object>) -> (Document, ObjectId) {
        let mut document = Document::with_version("1.7");
        let map = document.add_object(Stream::new(dictionary! { "Type" => "CMap" }, map.as_bytes().to_vec()));
        let descendant = document.add_object(dictionary! { "Type" => "Font", "W" => widths });
        let font = dictionary! { "Type" => "Font", "ToUnicode" => map, "DescendantFonts" => vec![descendant.into()] };
        let font = document.add_object(font);
        (document, font)
    }

    fn map_of(document: &Document, font: ObjectId) -> Vec<u8> {
        let map = document.get_dictionary(font).unwrap().get(b"ToUnicode").unwrap().as_reference().unwrap();
        let map = document.get_object(map).unwrap().as_stream().unwrap();
        assert!(!map.dict.has(b"Filter"));
        map.content.clone()
    }

    fn widths_of(document: &Document, font: ObjectId) -> Object {
        let descendants = document.get_dictionary(font).unwrap().get(b"DescendantFonts").unwrap();
        let descendant = descendants.as_array().unwrap()[0].as_reference().unwrap();
        document.get_dictionary(descendant).unwrap().get(b"W").unwrap().clone()
    }

    #[test]
    fn a_font_has_one_list_of_characters_and_one_of_widths() {
        let map = "2 beginbfchar <0001> <0041> <0003> <00660069> endbfchar 1 beginbfchar <0002> <0042> endbfchar";
        let written = vec![0.into(), 1.into(), 600.into(), 3.into(), vec![Object::Real(512.5)].into()];
        let (mut document, font) = document(map, written);
        simplify(&mut document);
        assert_eq!(map_of(&document, font), glyph_map::write(["A", "B", "fi"]).unwrap());
        let list = vec![600.into(), 600.into(), 0.into(), Object::Real(512.5)];
        assert_eq!(widths_of(&document, font), Object::Array(vec![0.into(), list.into()]));
        let before = document.objects.clone();
        simplify(&mut document);
        assert_eq!(document.objects, before, "a second time changes nothing");
    }

    #[test]
    fn a_font_of_another_form_is_left_unchanged() {
        let whole = || vec![0.into(), 2.into(), 600.into()];
        for (map, widths) in [
            ("2 beginbfchar <0001> <0041> <0003> <0042> endbfchar", whole()),
            ("1 beginbfchar <0001> <> endbfchar", whole()),
            ("1 beginbfchar <0001> <0041> endbfchar", whole()),
            ("2 beginbfchar <0001> <0041> <0002> <0042> endbfchar", vec![0.into(), 2.into()]),
        ] {
            let (mut document, _) = document(map, widths);
            let before = document.objects.clone();
            simplify(&mut document);
            assert_eq!(document.objects, before, "{map}");
        }
    }
}
