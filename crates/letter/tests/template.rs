//! The keys and values that `letter.toml` may have.

mod samples;

use cqm_letter::{Template, TemplateError, Verification, compose};

fn template(toml: &str) -> Result<Template, TemplateError> {
    Template::from_toml(toml, |name| {
        match name {
        "logo.svg" => Ok(br##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><path d="M0 0h8v8z" fill="#123456"/></svg>"##.into()),
        _ => Err(std::io::ErrorKind::NotFound.into()),
    }
    })
}

fn error(toml: &str) -> String {
    template(toml).unwrap_err().to_string()
}

fn logo(svg: &str) -> Result<Template, String> {
    let svg = format!(r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8">{svg}</svg>"#);
    Template::from_toml("logo = 'x'", |_| Ok(svg.into_bytes())).map_err(|error| error.to_string())
}

#[test]
fn the_page_of_documentation_shows_the_default() {
    let page = include_str!("../../../docs/reference/letter.md");
    let toml = page.split("```toml\n").nth(1).unwrap().split("```").next().unwrap();
    let certificate = samples::dummy();
    let verification = Verification { root_fingerprint: [1; 32] };
    let documented = Template::from_toml(toml, |_| Ok(include_bytes!("../src/logo.svg").into())).unwrap();
    let documented = compose(&certificate, &documented, &verification).unwrap();
    assert!(documented == compose(&certificate, &Template::default(), &verification).unwrap());
}

#[test]
fn every_key_may_be_left_out() {
    let verification = Verification { root_fingerprint: [1; 32] };
    let compose = |template| compose(&samples::dummy(), &template, &verification).unwrap();
    assert!(compose(template("").unwrap()) == compose(Template::default()));
    assert!(compose(template("title = 'Another Title'").unwrap()) != compose(Template::default()));
    assert!(compose(template("logo = 'logo.svg'").unwrap()) != compose(Template::default()));
}

#[test]
fn an_unknown_key_is_an_error_with_its_line() {
    let message = error("title = 'A'\ntitel = 'B'\n");
    assert!(message.contains("line 2") && message.contains("titel"), "{message}");
    let message = error("[colours]\ntext = '#000000'\nink = '#000000'\n");
    assert!(message.contains("line 3") && message.contains("ink"), "{message}");
    let message = error("[verification]\ntitel = 'B'\n");
    assert!(message.contains("line 2") && message.contains("titel"), "{message}");
    assert!(template("[verification]\nheading = 'B'\n").is_ok());
    assert!(template("title = 'A'\n[colours]\ntext = '#000000'\n").is_ok());
}

#[test]
fn colours_must_be_legible() {
    assert_eq!(
        error("[colours]\ntext = '#c8c8c8'"),
        "the colour #c8c8c8 of `text` has a contrast of 1.7 to white: expected at least 4.5"
    );
    assert!(error("[colours]\nground = '#333333'").contains("to `ground`"));
    assert!(
        error("[colours]\ntext = 'red'")
            .contains("`red` is not a colour: expected six hexadecimal digits, as in #14395b")
    );
    assert!(template("[colours]\ntext = '#000000'\nground = '#ffffff'").is_ok());
}

#[test]
fn the_sentence_of_validity_contains_the_date() {
    assert_eq!(error("valid_until = 'Valid'"), "`valid_until` is `Valid`: expected {date} in it, exactly once");
    assert!(template("valid_until = 'Valid until {date}'").is_ok());
}

#[test]
fn the_language_is_one_of_a_list() {
    let message = error("language = 'xx'");
    assert!(message.contains("line 1") && message.contains("`en`, `fr`, `de`, `pt`, `es`"), "{message}");
    for language in ["en", "fr", "de", "pt", "es"] {
        assert!(template(&format!("language = '{language}'")).is_ok());
    }
}

#[test]
fn an_address_to_verify_at_is_plain_https() {
    for (url, expected) in [
        ("http://cqm.example", "that it begins with https://"),
        ("cqm.example", "that it begins with https://"),
        ("https:///x", "a host after https://"),
        ("https://", "a host after https://"),
        ("https://cqm.example/a b", "only visible ASCII characters"),
        ("https://cqm.exаmple", "only visible ASCII characters"),
        (&format!("https://{}", "a".repeat(153)), "at most 160 characters"),
    ] {
        assert_eq!(error(&format!("verify_url = '{url}'")), format!("`verify_url` is `{url}`: expected {expected}"));
    }
    for url in ["https://cqm.example", "https://cqm.example/a?b=c#d", &format!("https://{}", "a".repeat(152))] {
        assert!(template(&format!("verify_url = '{url}'")).is_ok(), "{url}");
    }
}

#[test]
fn a_logo_has_only_plain_shapes() {
    assert!(logo(r##"<rect width="4" height="4" fill="#abc" stroke="black"/>"##).is_ok());
    assert!(logo(r##"<g transform="scale(2)"><circle r="2" cx="2" cy="2"/></g>"##).is_ok());
    for (svg, message) in [
        ("<rect width='1' height='1'/>\n<text>A</text>", "cannot draw the logo: line 2 has the element `text`"),
        ("<image href='x.png'/>", "the element `image`"),
        ("<style>rect { fill: red }</style>", "the element `style`"),
        ("<script/>", "the element `script`"),
        ("<rect width='4' height='4' opacity='0.5'/>", "it has transparency"),
        ("<rect width='4' height='4' fill-opacity='0.5'/>", "it has transparency"),
        ("<g opacity='0.5'><rect width='4' height='4'/><rect width='2' height='4'/></g>", "it has transparency"),
        ("<rect width='4' height='4' style='mix-blend-mode: multiply'/>", "it has a blend mode"),
        ("<defs><linearGradient id='a'/></defs>", "the element `linearGradient`"),
        ("<defs/>", "it has no visible shape"),
        ("<rect", "not an SVG file"),
    ] {
        let error = logo(svg).unwrap_err();
        assert!(error.contains(message), "{svg}: {error}");
    }
}

#[test]
fn a_missing_logo_is_named() {
    assert_eq!(error("logo = 'missing.svg'"), "cannot read the logo `missing.svg`");
}
