//! XML as a small tree: elements with their attributes, children, text and
//! line. CSDL needs no more of XML, and a tree of limited depth can be walked
//! by plain recursion.

use std::borrow::Cow;

use quick_xml::XmlVersion;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::reader::Reader;

use super::error::{ContractError, Place, newlines};

/// Elements inside elements; CSDL needs eight.
const MAX_DEPTH: usize = 32;

/// An element.
#[derive(Debug)]
pub(super) struct Element<'t> {
    /// Name without its prefix.
    pub(super) name: String,
    /// Attributes in document order, `xmlns` declarations left out.
    pub(super) attributes: Vec<(String, String)>,
    /// Elements inside.
    pub(super) children: Vec<Element<'t>>,
    /// Character data inside, in one piece.
    pub(super) text: String,
    /// Where it starts.
    pub(super) place: Place<'t>,
}

impl<'t> Element<'t> {
    /// Reads a document; the answer is its root.
    pub(super) fn read(file: &'t str, text: &str) -> Result<Self, ContractError> {
        TreeReader { reader: Reader::from_str(text), text, place: Place { file, line: 1 }, counted: 0 }.read()
    }

    /// The value of an attribute.
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The value of an attribute that must be there.
    pub(super) fn required(&self, name: &str) -> Result<&str, ContractError> {
        let missing = || self.place.fault(format!("<{}> has no attribute {name}; add it", self.name));
        self.attribute(name).ok_or_else(missing)
    }

    /// An attribute that is `true` or `false`.
    pub(super) fn flag(&self, name: &str) -> Result<Option<bool>, ContractError> {
        match self.attribute(name) {
            None => Ok(None),
            Some("true") => Ok(Some(true)),
            Some("false") => Ok(Some(false)),
            Some(other) => Err(self.place.fault(format!("{name} is `{other}`; write true or false"))),
        }
    }

    /// Fails on an attribute that nobody reads: it would change nothing.
    pub(super) fn only_attributes(&self, known: &[&str]) -> Result<(), ContractError> {
        match self.attributes.iter().find(|(key, _)| !known.contains(&key.as_str())) {
            None => Ok(()),
            Some((key, _)) => Err(self.place.fault(format!(
                "attribute {key} of <{}> is not understood; remove it, or use one of {}",
                self.name,
                known.join(", ")
            ))),
        }
    }

    /// The fault of an element that has no place here.
    pub(super) fn unexpected(&self, parent: &str) -> ContractError {
        self.place.fault(format!("<{}> inside <{parent}> is not understood; remove it", self.name))
    }
}

struct TreeReader<'t, 'x> {
    reader: Reader<&'x [u8]>,
    text: &'x str,
    /// Of the event that is being read.
    place: Place<'t>,
    /// Bytes whose lines are counted already.
    counted: usize,
}

impl<'t> TreeReader<'t, '_> {
    fn read(mut self) -> Result<Element<'t>, ContractError> {
        let mut open: Vec<Element<'t>> = Vec::new();
        let mut root = None;
        loop {
            self.count_lines();
            let event = self.reader.read_event().map_err(|error| self.not_xml(&error.to_string()))?;
            let closed = match event {
                Event::Start(start) => {
                    let element = self.element(&start)?;
                    if open.len() == MAX_DEPTH {
                        return Err(self
                            .place
                            .fault(format!("elements are nested more than {MAX_DEPTH} deep; flatten them")));
                    }
                    open.push(element);
                    None
                }
                Event::Empty(start) => Some(self.element(&start)?),
                Event::End(_) => open.pop(),
                Event::Text(text) => self.add_text(&mut open, &text.xml10_content())?,
                Event::CData(data) => self.add_text(&mut open, &data.xml10_content())?,
                Event::GeneralRef(reference) => {
                    let text = self.referenced(&reference)?;
                    self.add_text(&mut open, &text)?
                }
                Event::DocType(_) => {
                    return Err(self.place.fault("a DOCTYPE is not understood; remove it"));
                }
                Event::Decl(_) | Event::PI(_) | Event::Comment(_) => None,
                Event::Eof => break,
            };
            let Some(element) = closed else { continue };
            match open.last_mut() {
                Some(parent) => parent.children.push(element),
                None if root.is_none() => root = Some(element),
                None => {
                    return Err(element.place.fault("a second root element; keep one <edmx:Edmx>"));
                }
            }
        }
        match (open.pop(), root) {
            (None, Some(root)) => Ok(root),
            (Some(element), _) => Err(element.place.fault(format!("<{}> is never closed; close it", element.name))),
            (None, None) => Err(self.place.fault("no element at all; a CSDL document has one <edmx:Edmx>")),
        }
    }

    /// Moves `place` to the next event.
    fn count_lines(&mut self) {
        let position = usize::try_from(self.reader.buffer_position()).unwrap_or(usize::MAX);
        let passed = self.text.as_bytes().get(self.counted..position).unwrap_or_default();
        self.place.line += newlines(passed);
        self.counted += passed.len();
    }

    fn element(&self, start: &BytesStart<'_>) -> Result<Element<'t>, ContractError> {
        let mut attributes = Vec::new();
        for attribute in start.attributes() {
            let attribute = attribute.map_err(|error| self.not_xml(&error.to_string()))?;
            if attribute.key.as_namespace_binding().is_some() {
                continue;
            }
            let value = attribute
                .normalized_value(XmlVersion::Implicit1_0)
                .map_err(|error| self.not_xml(&error.to_string()))?;
            attributes.push((attribute.key.as_ref().to_owned(), value.into_owned()));
        }
        Ok(Element {
            name: start.local_name().as_ref().to_owned(),
            attributes,
            children: Vec::new(),
            text: String::new(),
            place: self.place,
        })
    }

    fn add_text(&self, open: &mut [Element<'t>], text: &str) -> Result<Option<Element<'t>>, ContractError> {
        match open.last_mut() {
            Some(element) => element.text.push_str(text),
            None if text.trim().is_empty() => {}
            None => return Err(self.not_xml("text outside the root element")),
        }
        Ok(None)
    }

    fn referenced(&self, reference: &BytesRef<'_>) -> Result<Cow<'static, str>, ContractError> {
        let unknown = || self.not_xml(&format!("the entity &{}; is not one of XML's own", &**reference));
        match reference.resolve_char_ref() {
            Ok(Some(character)) => Ok(Cow::Owned(character.to_string())),
            Ok(None) => resolve_predefined_entity(reference).map(Cow::Borrowed).ok_or_else(unknown),
            Err(error) => Err(self.not_xml(&error.to_string())),
        }
    }

    fn not_xml(&self, why: &str) -> ContractError {
        self.place.fault(format!("this is not well-formed XML; correct it: {why}"))
    }
}
