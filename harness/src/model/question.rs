//! Questions that a requestor answers, with their choices and translations.

use super::field::Collection;
use super::record::record;
use super::scalar::Int32;
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
    pub struct MultipleChoiceQuestion as "accessPackageMultipleChoiceQuestion" {
        id: String = "id",
        is_answer_editable: bool = "isAnswerEditable",
        is_required: bool = "isRequired",
        localizations: Collection<LocalizedText> = "localizations",
        sequence: Int32 = "sequence",
        text: String = "text",
        choices: Collection<AnswerChoice> = "choices",
        is_multiple_selection_allowed: bool = "isMultipleSelectionAllowed",
    }
}

record! {
    /// A question answered by text.
    pub struct TextInputQuestion as "accessPackageTextInputQuestion" {
        id: String = "id",
        is_answer_editable: bool = "isAnswerEditable",
        is_required: bool = "isRequired",
        localizations: Collection<LocalizedText> = "localizations",
        sequence: Int32 = "sequence",
        text: String = "text",
        is_single_line_question: bool = "isSingleLineQuestion",
        /// What an answer must match.
        regex_pattern: String = "regexPattern",
    }
}

record! {
    /// An answer to choose.
    pub struct AnswerChoice as "accessPackageAnswerChoice" {
        actual_value: String = "actualValue",
        localizations: Collection<LocalizedText> = "localizations",
        text: String = "text",
    }
}

record! {
    /// A text in one language.
    pub struct LocalizedText as "accessPackageLocalizedText" {
        /// Such as `fr-CA`.
        language_code: String = "languageCode",
        text: String = "text",
    }
}
