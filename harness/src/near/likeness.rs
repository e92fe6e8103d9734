//! How alike two words are.

/// How alike two words are of which one may be meant by the other: 1 for two that
/// differ in letter case alone.
const LEAST: f64 = 0.6;
/// Words that are named when several may be meant.
const MOST: usize = 3;
/// A word that is part of another one may be meant by it, from this length on.
const PART: usize = 4;

/// Of these words the one that is nearest to `word`, if one is near enough to be
/// meant.
pub(crate) fn nearest<'w>(word: &str, words: impl IntoIterator<Item = &'w str>) -> Option<&'w str> {
    several(word, words).first().copied()
}

/// Those that are near enough, the nearest first.
pub(crate) fn several<'w>(word: &str, words: impl IntoIterator<Item = &'w str>) -> Vec<&'w str> {
    let scored = words.into_iter().map(|other| (likeness(word, other), other));
    let mut near: Vec<(f64, &str)> = scored.filter(|(score, _)| *score >= LEAST).collect();
    near.sort_by(|(left, _), (right, _)| right.total_cmp(left));
    near.dedup_by_key(|(_, word)| *word);
    near.into_iter().take(MOST).map(|(_, word)| word).collect()
}

/// How alike two words are, from 0 to 1, letter case aside: by the edits that make
/// one of the other, or by the one being part of the other.
fn likeness(word: &str, other: &str) -> f64 {
    // Nobody means a short word by a long text, and comparing takes the product of
    // both lengths.
    if word.len() > 4 * other.len() + 8 {
        return 0.0;
    }
    let (word, other) = (word.to_lowercase(), other.to_lowercase());
    let by_edits = strsim::normalized_damerau_levenshtein(&word, &other);
    let (short, long) = if word.len() < other.len() { (&word, &other) } else { (&other, &word) };
    let is_part = short.len() >= PART && (long.starts_with(short.as_str()) || long.ends_with(short.as_str()));
    if is_part { by_edits.max(0.8) } else { by_edits }
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

    #[test]
    fn letter_case_and_parts_of_words_are_near() {
        let members = ["notSpecified", "noExpiration", "afterDateTime", "afterDuration"];
        assert_eq!(nearest("duration", members), Some("afterDuration"));
        assert_eq!(nearest("AFTERDATETIME", members), Some("afterDateTime"));
        assert_eq!(nearest("annually", ["weekly", "monthly", "halfyearly", "annual"]), Some("annual"));
        assert_eq!(nearest("groupId", ["userId", "description"]), None);
        assert_eq!(nearest(&"x".repeat(1 << 20), members), None);
    }
}
