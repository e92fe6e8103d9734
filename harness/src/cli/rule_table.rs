//! The table `[rules]` of a configuration file: what other level or statuses the
//! rules of a contract have for a service of the user's own, and why.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::configuration::{Reader, text};
use super::exit::Failure;
use crate::contract::{Contract, Level, RuleChange};
use crate::near::nearest;

/// The keys of a rule.
const KEYS: [&str; 3] = ["level", "statuses", "reason"];

/// A change, and where it is written.
#[derive(Clone, Debug)]
pub(super) struct Placed {
    /// File and line.
    place: String,
    change: RuleChange,
}

/// Reads the table.
pub(super) fn read(reader: &Reader<'_>, offset: usize, table: &DeValue<'_>) -> Result<Vec<Placed>, Failure> {
    let DeValue::Table(table) = table else {
        return Err(reader.fault(offset, "`rules` is a table: write [rules.\"body/value/enum-member\"]"));
    };
    let mut changes: Vec<(usize, Placed)> = Vec::new();
    for (id, row) in table {
        let offset = id.span().start;
        let DeValue::Table(row) = row.get_ref() else {
            return Err(
                reader.fault(offset, format!("`{}` is a table with level or statuses, and a reason", id.get_ref()))
            );
        };
        changes.push((offset, Placed { place: reader.place(offset), change: change(reader, id.get_ref(), row)? }));
    }
    changes.sort_by_key(|(offset, _)| *offset);
    Ok(changes.into_iter().map(|(_, placed)| placed).collect())
}

fn change(reader: &Reader<'_>, id: &str, row: &DeTable<'_>) -> Result<RuleChange, Failure> {
    let mut change = RuleChange { rule: id.to_owned(), level: None, statuses: None, reason: String::new() };
    for (key, value) in row {
        let offset = key.span().start;
        let wanted = |what: &str| reader.fault(offset, format!("`{}` of {id} takes {what}", key.get_ref()));
        match &**key.get_ref() {
            "level" => change.level = Some(level(value).ok_or_else(|| wanted("must, should or unspecified"))?),
            "statuses" => {
                change.statuses = Some(statuses(value).ok_or_else(|| wanted("statuses, as in \"400, 422\""))?);
            }
            "reason" => change.reason = text(value.get_ref()).ok_or_else(|| wanted("a text"))?,
            other => {
                let near = nearest(other, KEYS).map(|near| format!("did you mean `{near}`?"));
                let advice = near.unwrap_or_else(|| format!("a rule has {}", KEYS.join(", ")));
                return Err(reader.fault(offset, format!("there is no key `{other}` of a rule")).advise(advice));
            }
        }
    }
    Ok(change)
}

fn level(value: &Spanned<DeValue<'_>>) -> Option<Level> {
    match value.get_ref() {
        DeValue::String(text) => match &**text {
            "must" => Some(Level::Must),
            "should" => Some(Level::Should),
            "unspecified" => Some(Level::Unspecified),
            _ => None,
        },
        _ => None,
    }
}

/// One text, one number, or a list of them.
fn statuses(value: &Spanned<DeValue<'_>>) -> Option<String> {
    match value.get_ref() {
        DeValue::Array(items) => {
            let texts: Option<Vec<String>> = items.iter().map(|item| text(item.get_ref())).collect();
            texts.map(|texts| texts.join("|"))
        }
        single => text(single),
    }
}

/// The changes in words, to see whether they are still the same.
pub(super) fn told(changes: &[Placed]) -> Vec<String> {
    let told = |Placed { change, .. }: &Placed| {
        let level = change.level.map(|level| format!("{level:?}")).unwrap_or_default().to_lowercase();
        format!("{} {level} {}", change.rule, change.statuses.as_deref().unwrap_or_default())
    };
    changes.iter().map(told).collect()
}

/// The contracts with these changes. A rule that only another contract has is let be.
pub(super) fn changed(contracts: Vec<Contract>, changes: &[Placed]) -> Result<Vec<Contract>, Failure> {
    changes.iter().try_fold(contracts, |contracts, placed| {
        let Placed { place, change } = placed;
        if contracts.iter().all(|contract| contract.rule_named(&change.rule).is_none()) {
            known(place, &change.rule)?;
        }
        let one = |contract: Contract| match contract.rule_named(&change.rule) {
            Some(_) => contract.with_change(change).map_err(|error| Failure::usage(format!("{place}: {error}"))),
            None => Ok(contract),
        };
        contracts.into_iter().map(one).collect()
    })
}

/// Some contract has the rule.
fn known(place: &str, id: &str) -> Result<(), Failure> {
    let contracts: Vec<Contract> = Contract::names().filter_map(|name| Contract::named(name).ok()).collect();
    let mut ids = contracts.iter().flat_map(|contract| &contract.rules).map(|rule| &*rule.id);
    if ids.clone().any(|known| known == id) {
        return Ok(());
    }
    let advice = match nearest(id, &mut ids) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "`policy-harness rules` lists them".to_owned(),
    };
    Err(Failure::usage(format!("{place}: there is no rule `{id}`")).advise(advice))
}
