//! Questions that a requestor answers, with their choices and translations.

use super::field::Collection;
use super::record::record;
use super::scalar::{Int32, Text};
use super::union::union;

union! {
    /// A question to the requestor.
    pub enum Question as "accessPackageQuestion" {
        "accessPackageMultipleChoiceQuestion" => MultipleChoiceQuestion,
        "accessPackageTextInputQuestion" => TextInputQuestion,
    }
}

record! {
    /// A question answered by choosing.
    pub struct MultipleChoiceQuestion<'a> as "accessPackageMultipleChoiceQuestion" {
        id: Text<'a> = "id",
        is_answer_editable: bool = "isAnswerEditable",
        is_required: bool = "isRequired",
        localizations: Collection<LocalizedText<'a>> = "localizations",
        sequence: Int32<'a> = "sequence",
        text: Text<'a> = "text",
        choices: Collection<AnswerChoice<'a>> = "choices",
        is_multiple_selection_allowed: bool = "isMultipleSelectionAllowed",
    }
}

record! {
    /// A question answered by text.
    pub struct TextInputQuestion<'a> as "accessPackageTextInputQuestion" {
        id: Text<'a> = "id",
        is_answer_editable: bool = "isAnswerEditable",
        is_required: bool = "isRequired",
        localizations: Collection<LocalizedText<'a>> = "localizations",
        sequence: Int32<'a> = "sequence",
        text: Text<'a> = "text",
        is_single_line_question: bool = "isSingleLineQuestion",
        /// What an answer must match.
        regex_pattern: Text<'a> = "regexPattern",
    }
}

record! {
    /// An answer to choose.
    pub struct AnswerChoice<'a> as "accessPackageAnswerChoice" {
        actual_value: Text<'a> = "actualValue",
        localizations: Collection<LocalizedText<'a>> = "localizations",
        text: Text<'a> = "text",
    }
}

record! {
    /// A text in one language.
    pub struct LocalizedText<'a> as "accessPackageLocalizedText" {
        /// Such as `fr-CA`.
        language_code: Text<'a> = "languageCode",
        text: Text<'a> = "text",
    }
}
