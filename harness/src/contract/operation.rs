//! The operations of a contract: what is asked, where, and how success looks.

/// What an operation does to the state of the target.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OperationKind {
    /// Stores a policy at an object that exists, in the place of the one that is there.
    Add,
    /// Makes a new policy in a collection.
    Create,
    /// Answers the policies of a collection.
    List,
    /// Answers what is stored.
    Read,
    /// Puts another policy in the place of one that was created.
    Replace,
    /// Removes a policy.
    Delete,
}

impl OperationKind {
    /// All of them.
    pub const ALL: &[Self] = &[Self::Add, Self::Create, Self::List, Self::Read, Self::Replace, Self::Delete];

    /// Whether its request has a policy for a body.
    pub fn sends_policy(self) -> bool {
        matches!(self, Self::Add | Self::Create | Self::Replace)
    }

    /// Whether its answer has content.
    pub fn answers_content(self) -> bool {
        matches!(self, Self::Create | Self::List | Self::Read | Self::Replace)
    }

    /// Whether its path names one object.
    pub fn is_on_object(self) -> bool {
        !matches!(self, Self::Create | Self::List)
    }

    /// Whether it changes nothing.
    pub fn is_safe(self) -> bool {
        matches!(self, Self::List | Self::Read)
    }
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
    /// Path below the base; where it names one object, with one parameter in braces.
    pub path: Box<str>,
    /// Status of success.
    pub success: u16,
    /// Methods of which nothing is said, although no operation on this path has them.
    pub open_methods: Vec<Box<str>>,
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

    /// The parameter's value in `path`, where `path` is one of this operation's;
    /// empty where the operation has no parameter.
    pub fn id_in<'p>(&self, path: &'p str) -> Option<&'p str> {
        let Some((prefix, rest)) = self.path.split_once('{') else {
            return (*self.path == *path).then_some("");
        };
        let (_, suffix) = rest.split_once('}')?;
        let id = path.strip_prefix(prefix)?.strip_suffix(suffix)?;
        (!id.is_empty() && !id.contains('/')).then_some(id)
    }
}
