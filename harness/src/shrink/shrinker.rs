//! The search: one change at a time, kept if the caller says so, until no change
//! is left that the caller would keep. It asks nobody itself, so that the answer
//! may come from a function or from a server.

use super::edits::{Edit, apply, edits};
use crate::json::Tree;

/// Shrinks one payload.
///
/// ```
/// use policy_harness::{json, shrink::Shrinker};
/// let mut shrinker = Shrinker::new(json::read(br#"{"a":[1,2,30],"b":true}"#).unwrap());
/// while let Some(candidate) = shrinker.next_candidate() {
///     // What is looked for: a 30 somewhere.
///     if candidate.to_bytes().windows(2).any(|pair| pair == b"30") {
///         shrinker.accept();
///     }
/// }
/// assert_eq!(shrinker.best().to_bytes(), br#"{"a":[30]}"#);
/// ```
#[derive(Clone, Debug)]
pub struct Shrinker {
    best: Tree,
    candidate: Tree,
    edits: Vec<Edit>,
    next: usize,
    /// Changes refused since the last one that was kept.
    refused: usize,
}

impl Shrinker {
    /// Starts from this payload.
    pub fn new(payload: Tree) -> Self {
        let edits = edits(&payload);
        Self { best: payload, candidate: Tree::new(), edits, next: 0, refused: 0 }
    }

    /// The next payload to try; none when no change is left. Asking again
    /// without [`accept`](Self::accept) refuses the last one.
    pub fn next_candidate(&mut self) -> Option<&Tree> {
        if self.refused >= self.edits.len() {
            return None;
        }
        // Kept changes move the list on; a full round of refusals ends the search.
        let edit = *self.edits.get(self.next % self.edits.len())?;
        self.next += 1;
        self.refused += 1;
        self.candidate.clone_from(&self.best);
        apply(edit, &mut self.candidate);
        Some(&self.candidate)
    }

    /// Keeps the last candidate: it still shows what is looked for.
    pub fn accept(&mut self) {
        std::mem::swap(&mut self.best, &mut self.candidate);
        self.edits = edits(&self.best);
        self.refused = 0;
        // Stay about where the search was: what came before was refused already.
        self.next = self.next.saturating_sub(1) % self.edits.len().max(1);
    }

    /// The smallest payload so far.
    pub fn best(&self) -> &Tree {
        &self.best
    }

    /// The payload last tried.
    pub fn candidate(&self) -> &Tree {
        &self.candidate
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::read;

    /// Every change leads somewhere: a search that keeps all of them ends.
    #[test]
    fn a_search_ends_whatever_is_kept() {
        let text = r#" {"b": "\u0061\"\\", "@odata.type":"x.y", "a":[-1.50, 1, {"c":"😀\n"}], "a":true } "#;
        for kept in [1, 2, 3, 5] {
            let mut shrinker = Shrinker::new(read(text.as_bytes()).unwrap());
            let mut tried = 0;
            while let Some(candidate) = shrinker.next_candidate() {
                // Something stays whatever is taken away.
                let is_some = candidate.to_bytes().len() > 12;
                tried += 1;
                assert!(tried < 10_000, "{}", String::from_utf8_lossy(&shrinker.best().to_bytes()));
                if is_some && tried % kept == 0 {
                    shrinker.accept();
                }
            }
        }
    }
}
