//! A finding's requests as lines for a shell, numbered where there are several. The
//! id of a policy that a line creates is kept in a shell variable for the lines
//! behind it, and so is a policy that is sent back as it was read.

use crate::case::{Act, Case, Scene, Step};
use crate::target::{BLANK, Endpoint, Request, UNKNOWN};

/// A line, and what it needs of the ones before.
struct Line<'c> {
    what: &'static str,
    request: &'c Request,
    /// The policy that it is about.
    policy: usize,
    keeps: Keeps,
    /// The body is what was read of the policy.
    sends_read: bool,
    /// No line before has created the policy.
    is_of_nobody: bool,
}

/// What a line keeps for others.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Keeps {
    Nothing,
    /// The id of the policy that it creates.
    Id,
    /// The policy that it reads.
    Policy,
}

impl<'c> Line<'c> {
    fn new(what: &'static str, request: &'c Request) -> Self {
        Self { what, request, policy: 0, keeps: Keeps::Nothing, sends_read: false, is_of_nobody: false }
    }

    fn keeping_id(self, keeps: bool) -> Self {
        Self { keeps: if keeps { Keeps::Id } else { Keeps::Nothing }, ..self }
    }
}

/// The requests of a case as lines.
pub(super) fn lines(endpoint: &Endpoint, case: &Case) -> String {
    let lines = of(case);
    if let [only] = &*lines {
        return text(endpoint, only);
    }
    let numbered = lines.iter().enumerate().map(|(number, line)| {
        let Line { what, .. } = line;
        // One answer below the other, and nothing between them.
        let text = text(endpoint, line).replace("curl -i ", "curl -sS -i -w '\\n' ");
        format!("# {}. {what}\n{text}", number + 1)
    });
    numbered.collect::<Vec<_>>().join("\n")
}

fn of(case: &Case) -> Vec<Line<'_>> {
    let needs_id = |request: &Request| request.path.contains(BLANK);
    let mut lines = Vec::new();
    if let Some(before) = &case.before {
        lines.push(Line::new("stored first", before).keeping_id(needs_id(&case.request)));
    }
    let request = &case.request;
    match &case.scene {
        Scene::Alone => lines.push(Line::new("then", request)),
        Scene::Alike { plain, .. } => {
            lines.extend([Line::new("plainly", plain), Line::new("the same in another way", request)]);
        }
        Scene::Stored { read } => {
            let creates = needs_id(read) && case.before.is_none();
            lines.extend([Line::new("stored", request).keeping_id(creates), Line::new("read back", read)]);
        }
        Scene::Unchanged { read } => {
            lines.extend([Line::new("read", read), Line::new("refused", request), Line::new("read again", read)]);
        }
        Scene::NothingLeft { list, .. } => {
            lines.extend([Line::new("refused", request), Line::new("all are listed", list)]);
        }
        Scene::Sequence { steps } => lines.extend(steps.iter().enumerate().map(|(at, step)| of_step(steps, at, step))),
        Scene::Next { good } => {
            lines.extend([Line::new("cannot be taken", request), Line::new("on the next connection", good)]);
        }
    }
    lines
}

fn of_step<'c>(steps: &'c [Step], at: usize, step: &'c Step) -> Line<'c> {
    let policy = step.act.policy().unwrap_or(0);
    let later = || steps[at + 1..].iter().filter(move |later| later.act.policy() == Some(policy));
    let is_created = |steps: &[Step]| steps.iter().any(|one| one.act == Act::Create(policy));
    let what = match step.act {
        Act::Create(_) => "created",
        Act::Refused(_) => "refused",
        Act::Read(_) => "read",
        Act::List => "all are listed",
        Act::Replace(_) if !is_created(&steps[..at]) => "replaced, though it was never created",
        Act::Replace(_) => "replaced",
        Act::ReplaceAgain(_) => "replaced by the same again",
        Act::ReplaceAsRead(_) => "replaced by what was read",
        Act::ReplaceRefused(_) => "a replace that is refused",
        Act::Delete(_) => "deleted",
    };
    // The one that is repeated is the last that was written.
    let written = steps[..at]
        .iter()
        .rev()
        .find(|one| one.act.policy() == Some(policy) && matches!(one.act, Act::Create(_) | Act::Replace(_)));
    let request = match (step.act, written) {
        (Act::ReplaceAgain(_), Some(written)) if matches!(written.act, Act::Replace(_)) => &written.request,
        _ => &step.request,
    };
    let is_sent_back =
        later().take_while(|one| !matches!(one.act, Act::Read(_))).any(|one| one.act == Act::ReplaceAsRead(policy));
    let keeps = match step.act {
        Act::Create(_) if later().next().is_some() => Keeps::Id,
        Act::Read(_) if is_sent_back => Keeps::Policy,
        _ => Keeps::Nothing,
    };
    let is_of_nobody = !is_created(&steps[..at]) && step.act.policy().is_some();
    Line { what, request, policy, keeps, sends_read: matches!(step.act, Act::ReplaceAsRead(_)), is_of_nobody }
}

/// One line. Placeholders that no shell reads stand in it until it is written.
fn text(endpoint: &Endpoint, line: &Line<'_>) -> String {
    const ID: &str = "POLICY-ID-HERE";
    const BODY: &[u8] = b"POLICY-HERE";
    const NOBODY: &str = "00000000-0000-4000-8000-00000000dead";
    let mut request = line.request.with_id(if line.is_of_nobody { NOBODY } else { ID });
    request.path = request.path.replace(UNKNOWN, NOBODY);
    if line.sends_read {
        request.body = Some(BODY.to_vec());
    }
    let variable = |name: &str| format!("\"${name}{}\"", line.policy);
    let mut text = endpoint.curl(&request);
    text = text.replace(&format!("{ID}'"), &format!("'{}", variable("id")));
    text = text.replace("'POLICY-HERE'", &variable("policy"));
    let silent = text.replacen("curl -i", "curl -s", 1);
    match line.keeps {
        Keeps::Nothing => text,
        Keeps::Id => format!(
            "id{}=$({} | tee /dev/stderr |\n     grep -o '\"id\" *: *\"[^\"]*\"' | head -n 1 | cut -d '\"' -f 4)",
            line.policy,
            text.replacen("curl -i", "curl -s -i", 1)
        ),
        Keeps::Policy => format!("policy{0}=$({silent}); echo \"$policy{0}\"", line.policy),
    }
}
