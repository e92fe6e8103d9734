//! Texts that are no JSON: what stands at the fault, and what was probably meant.
//! The usual ones come from other languages' notations and from editors.

use super::context::{Context, Explanation};
use super::words;
use crate::contract::rule;
use crate::json::Fault;

pub(super) fn explain(context: &Context<'_>) -> Option<Explanation> {
    let name = context.name();
    Some(match context.violation.rule {
        rule::SYNTAX => text(context),
        rule::UTF8 => Explanation::new("the text is not UTF-8").found(byte(context)).suggest(encoding(context.body)),
        rule::EMPTY => Explanation::new("the body is empty").expected("a JSON object").found("nothing"),
        rule::ROOT => root(context),
        rule::DEPTH => Explanation::new(format!(
            "the body is nested {} levels deep or more, where no policy comes near",
            context.contract.max_depth
        )),
        rule::DUPLICATE_NAME => Explanation::new(format!("`{name}` stands here a second time"))
            .expected("each name once in an object")
            .suggest(Some("keep one of them: which one counts is not defined".to_owned())),
        rule::LONE_SURROGATE => Explanation::new(format!("`{name}` has half of a surrogate pair"))
            .expected("surrogate escapes in pairs")
            .suggest(Some("write the character itself, or both halves of its escape".to_owned())),
        rule::BYTE_ORDER_MARK => Explanation::new("the text begins with a byte order mark")
            .suggest(Some("save the file as UTF-8 without it; some servers refuse it".to_owned())),
        _ => return None,
    })
}

fn text(context: &Context<'_>) -> Explanation {
    let Some(error) = context.syntax_error else { return Explanation::new("the text is not JSON") };
    let rest = context.body.get(error.offset..).unwrap_or_default();
    let what = match error.fault {
        Fault::Unexpected(_) => "the text is not JSON".to_owned(),
        fault => format!("the text is not JSON: {}", fault.describe()),
    };
    let explanation = Explanation::new(what)
        .found(if rest.is_empty() { "the end of the text".to_owned() } else { byte(context) })
        .suggest(meant(error.fault, context.body, error.offset));
    match error.fault {
        Fault::Unexpected(expected) => explanation.expected(expected.trim_start_matches("expected ")),
        _ => explanation,
    }
}

fn root(context: &Context<'_>) -> Explanation {
    let kind = context.violation.node.map_or("something else", |node| words::kind(context.tree, node));
    let suggestion = match kind {
        "an array" => Some("send each policy in a request of its own, without the brackets around it".to_owned()),
        "a string" => Some("the body was probably encoded twice: send the text inside the string".to_owned()),
        _ => None,
    };
    Explanation::new(format!("the body is {kind}, and a policy is an object"))
        .expected("an object")
        .found(context.value())
        .suggest(suggestion)
}

/// The character at the fault.
fn byte(context: &Context<'_>) -> String {
    let rest = context.body.get(context.violation.span.start..).unwrap_or_default();
    match rest.utf8_chunks().next() {
        Some(chunk) if !chunk.valid().is_empty() => {
            format!("`{}`", words::clip(&chunk.valid().chars().take(1).collect::<String>()))
        }
        _ => rest.first().map_or_else(|| "the end of the text".to_owned(), |byte| format!("the byte {byte:02X}")),
    }
}

/// How a text that is not UTF-8 may be encoded.
fn encoding(body: &[u8]) -> Option<String> {
    let is_utf16 = body.starts_with(b"\xFF\xFE") || body.starts_with(b"\xFE\xFF");
    Some(if is_utf16 {
        "the file is UTF-16, as Windows PowerShell writes it; write it with `-Encoding utf8`".to_owned()
    } else {
        "save the file as UTF-8".to_owned()
    })
}

/// What was probably meant.
fn meant(fault: Fault, body: &[u8], offset: usize) -> Option<String> {
    let rest = body.get(offset..).unwrap_or_default();
    let before = body.get(..offset).unwrap_or_default().trim_ascii_end();
    let begins = |text: &str| rest.starts_with(text.as_bytes());
    if body.iter().take(2).any(|&byte| byte == 0) {
        return encoding(b"\xFF\xFE");
    }
    if begins("{") && before.ends_with(b"{") {
        return Some("a variable is not filled in: write its value".to_owned());
    }
    let words = [
        ("'", "strings stand in double quotes"),
        ("//", "JSON has no comments: remove it"),
        ("/*", "JSON has no comments: remove it"),
        ("#", "JSON has no comments: remove it"),
        ("“", "these are typographic quotes; write \""),
        ("”", "these are typographic quotes; write \""),
        ("True", "write true"),
        ("False", "write false"),
        ("None", "write null"),
        ("NULL", "write null"),
        ("Null", "write null"),
        ("undefined", "write null, or leave the member out"),
        ("NaN", "JSON has no such number"),
        ("$true", "write true"),
        ("$false", "write false"),
        ("@{", "this is PowerShell; convert it with ConvertTo-Json first"),
        ("+", "a number has no leading +"),
    ];
    let known = words.iter().find(|(text, _)| begins(text)).map(|(_, advice)| *advice);
    let advice = match fault {
        Fault::Unexpected(_) if known.is_some() => known?,
        Fault::Unexpected(_) if before.ends_with(b",") && (begins("}") || begins("]")) => "remove the comma before it",
        Fault::Unexpected("expected `,` or `}`" | "expected `,` or `]`") if begins("\"") => {
            "a comma is missing before it"
        }
        Fault::Unexpected("expected a name in double quotes") => "names stand in double quotes",
        Fault::UnexpectedEnd => "the text was cut off, or a bracket is not closed",
        Fault::ControlCharacter => "write line breaks in a string as \\n, tabs as \\t",
        Fault::Escape => "write a backslash as \\\\",
        Fault::TrailingText => "one body is one JSON text: remove what follows, or check a file with a body a line",
        Fault::Number => "numbers have no leading zero and no trailing point",
        _ => return None,
    };
    Some(advice.to_owned())
}

#[cfg(test)]
mod tests {
    use crate::check::check;
    use crate::contract::{Contract, OperationKind};

    #[test]
    fn what_was_meant_is_told() {
        let contract = Contract::named("seed").unwrap();
        for (body, suggestion) in [
            ("{\"displayName\":\"a\",}", "remove the comma before it"),
            ("{'displayName':1}", "strings stand in double quotes"),
            ("{displayName:1}", "names stand in double quotes"),
            ("{\"a\":1 \"b\":2}", "a comma is missing before it"),
            ("{\"a\":True}", "write true"),
            ("{\"a\":1 // one\n}", "JSON has no comments: remove it"),
            ("{“a”:1}", "these are typographic quotes; write \""),
            ("{\"a\":\"x\ny\"}", "write line breaks in a string as \\n, tabs as \\t"),
            ("{\"a\":\"C:\\dir\"}", "write a backslash as \\\\"),
            ("{\"a\":{", "the text was cut off, or a bracket is not closed"),
            ("{\"a\":{{name}}}", "a variable is not filled in: write its value"),
            ("@{a=1}", "this is PowerShell; convert it with ConvertTo-Json first"),
        ] {
            let violations = check(body.as_bytes(), &contract, OperationKind::Add);
            assert_eq!(violations[0].suggestion.as_deref(), Some(suggestion), "{body}");
            assert_eq!(violations.len(), 1, "{body}");
        }
    }

    #[test]
    fn windows_powershell_writes_utf_16() {
        let contract = Contract::named("seed").unwrap();
        let body: Vec<u8> = "\u{feff}{}".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let violations = check(&body, &contract, OperationKind::Add);
        assert_eq!(&*violations[0].rule, "body/json/utf-8");
        assert!(violations[0].suggestion.as_ref().unwrap().contains("UTF-16"));
    }
}
