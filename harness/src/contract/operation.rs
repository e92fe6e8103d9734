//! The operations of a contract: what is asked, where, and how success looks.

/// What an operation does to the state of the target.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OperationKind {
    /// Stores a policy at its place, replacing the one that is there.
    Add,
    /// Answers what is stored.
    Read,
}

/// One operation.
#[derive(Clone, Debug)]
pub struct Operation {
    /// Short name, `add`.
    pub id: Box<str>,
    /// What it does.
    pub kind: OperationKind,
    /// HTTP method.
    pub method: Box<str>,
    /// Path below the base, with one parameter in braces.
    pub path: Box<str>,
    /// Status of success.
    pub success: u16,
}

impl Operation {
    /// The path with its parameter filled in. `id` is written as it is: the
    /// caller escapes what a path segment cannot hold.
    pub fn path_for(&self, id: &str) -> String {
        match (self.path.find('{'), self.path.find('}')) {
            (Some(open), Some(close)) if open < close => [&self.path[..open], id, &self.path[close + 1..]].concat(),
            _ => self.path.to_string(),
        }
    }

    /// The parameter's value in `path`, where `path` is one of this operation's.
    pub fn id_in<'p>(&self, path: &'p str) -> Option<&'p str> {
        let (prefix, rest) = self.path.split_once('{')?;
        let (_, suffix) = rest.split_once('}')?;
        let id = path.strip_prefix(prefix)?.strip_suffix(suffix)?;
        (!id.is_empty() && !id.contains('/')).then_some(id)
    }
}
