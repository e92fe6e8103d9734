//! The word that somebody may have meant.

/// Of these words the one that is nearest to `word`, if one is near enough to be
/// meant.
pub(super) fn nearest<'w>(word: &str, words: impl IntoIterator<Item = &'w str>) -> Option<&'w str> {
    // Half a word that is another is still the same word with an end.
    const LEAST: f64 = 0.7;
    let scored = words.into_iter().map(|other| (strsim::jaro_winkler(word, other), other));
    let best = scored.max_by(|(left, _), (right, _)| left.total_cmp(right));
    best.filter(|(score, _)| *score >= LEAST).map(|(_, other)| other)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn a_slip_is_near_and_another_word_is_not() {
        let words = ["concurrency", "contract", "cases", "assignment-id"];
        assert_eq!(nearest("concurency", words), Some("concurrency"));
        assert_eq!(nearest("assignment_id", words), Some("assignment-id"));
        assert_eq!(nearest("zzz", words), None);
        assert_eq!(nearest("", words), None);
    }
}
