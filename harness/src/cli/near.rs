//! The word that somebody may have meant.

/// How alike two words are of which one may be meant by the other.
const LEAST: f64 = 0.7;
/// Words that are named when several may be meant.
const MOST: usize = 3;

/// Of these words the one that is nearest to `word`, if one is near enough to be
/// meant.
pub(super) fn nearest<'w>(word: &str, words: impl IntoIterator<Item = &'w str>) -> Option<&'w str> {
    several(word, words).first().copied()
}

/// Those that are near enough, the nearest first.
pub(super) fn several<'w>(word: &str, words: impl IntoIterator<Item = &'w str>) -> Vec<&'w str> {
    let scored = words.into_iter().map(|other| (strsim::jaro_winkler(word, other), other));
    let mut near: Vec<(f64, &str)> = scored.filter(|(score, _)| *score >= LEAST).collect();
    near.sort_by(|(left, _), (right, _)| right.total_cmp(left));
    near.dedup_by_key(|(_, word)| *word);
    near.into_iter().take(MOST).map(|(_, word)| word).collect()
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
