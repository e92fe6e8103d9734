//! What goes over the two pipes: a body a line to the client, an answer a line back.

use crate::json::{Layout, Limits, SyntaxError, Tree, ValueKind, read_within};

/// Values in an answer. Bodies have some thousands at most, and a client that adds
/// more than this is out of its mind.
const MOST_VALUES: usize = 1 << 20;

/// What a client says of a body.
#[derive(Clone, Debug)]
pub enum Answer {
    /// What its model makes of it, as a tree of its own.
    Body(Tree),
    /// It does not take it, and says why.
    Refused(String),
}

/// Why a line is no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoAnswer {
    /// It is no JSON.
    Syntax(SyntaxError),
    /// It is JSON, and no object with `body`, or with `error` as a string.
    Form,
}

/// A body as the client gets it: on one line, without white space between its tokens,
/// and with every token as it stands. None for what is no JSON.
///
/// ```
/// use policy_harness::client::line;
/// assert_eq!(line(b"{ \"a\" :\n 1.50, \"a\": \"\\u0061\" }").unwrap(), br#"{"a":1.50,"a":"\u0061"}"#);
/// assert_eq!(line(b"{"), None);
/// ```
pub fn line(body: &[u8]) -> Option<Vec<u8>> {
    tree(body).map(|tree| tree.to_bytes())
}

pub(super) fn tree(body: &[u8]) -> Option<Tree> {
    let mut tree = Tree::new();
    let limits = Limits { depth: usize::MAX, values: usize::MAX };
    read_within(body, &mut tree, Layout::Drop, limits).ok().map(|()| tree)
}

/// What a line of a client says.
///
/// # Errors
/// It is no answer.
///
/// ```
/// use policy_harness::client::{Answer, NoAnswer, answer};
/// assert!(matches!(answer(br#"{"body":{"displayName":"a"}}"#), Ok(Answer::Body(_))));
/// assert!(matches!(answer(br#"{"error":"no such member"}"#), Ok(Answer::Refused(why)) if why == "no such member"));
/// assert!(matches!(answer(b"displayName=a"), Err(NoAnswer::Syntax(_))));
/// assert!(matches!(answer(br#"{"displayName":"a"}"#), Err(NoAnswer::Form)));
/// ```
pub fn answer(line: &[u8]) -> Result<Answer, NoAnswer> {
    let mut tree = Tree::new();
    let limits = Limits { depth: usize::MAX, values: MOST_VALUES };
    read_within(line, &mut tree, Layout::Drop, limits).map_err(NoAnswer::Syntax)?;
    let root = tree.root().filter(|&root| tree.kind(root) == ValueKind::Object);
    let root = root.ok_or(NoAnswer::Form)?;
    match (tree.member(root, "body"), tree.member(root, "error")) {
        (Some(body), None) => {
            tree.set_root(body);
            Ok(Answer::Body(tree))
        }
        (None, Some(error)) if tree.kind(error) == ValueKind::String => {
            Ok(Answer::Refused(tree.string(error).into_owned()))
        }
        _ => Err(NoAnswer::Form),
    }
}
