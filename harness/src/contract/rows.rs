//! Rows of the rule file become rules: complete (every check of the engine has
//! its row), consistent (level and statuses agree), in the order that
//! [`RuleId`] relies on.

use std::collections::HashSet;

use toml::Spanned;

use super::clause;
use super::condition::Condition;
use super::document::{OverrideRow, RuleFile, RuleRow};
use super::error::{ContractError, Place};
use super::rules::{Family, Level, Rule, RuleId, rule};
use super::schema::{Schema, TypeId};
use super::statuses::Statuses;

/// Rules beyond those of the engine.
const MAX_RULES: usize = 1 << 12;

/// Reads the rows of one file.
pub(super) struct Rows<'t> {
    pub(super) file: &'t str,
    pub(super) text: &'t str,
    pub(super) schema: &'t Schema,
}

/// The rows of several files, as rules with their places in the table.
#[derive(Debug, Default)]
pub(super) struct Table {
    rules: Vec<(usize, Rule)>,
    seen: HashSet<String>,
}

impl Table {
    /// Adds the rows of a file.
    pub(super) fn read(&mut self, rows: &Rows<'_>, file: RuleFile) -> Result<(), ContractError> {
        if self.rules.len() + file.rule.len() > MAX_RULES {
            return Err(ContractError::in_file(rows.file, format!("more than {MAX_RULES} rules; split the contract")));
        }
        for row in file.rule {
            if !self.seen.insert(row.id.get_ref().clone()) {
                return Err(rows.fault(&row.id, "has a second row; keep one"));
            }
            let rank = rule::ENGINE.iter().position(|id| *id == row.id.get_ref());
            self.rules.push((rank.unwrap_or(usize::MAX), rows.rule(row, rank.is_some())?));
        }
        Ok(())
    }

    /// All rules: the engine's in its order, then the others in the order of the
    /// files. `file` is the last of them.
    pub(super) fn rules(mut self, file: &str) -> Result<Vec<Rule>, ContractError> {
        if let Some(missing) = rule::ENGINE.iter().find(|id| !self.seen.contains(**id)) {
            let what = format!("the engine checks {missing}, which has no row; add a [[rule]]");
            return Err(ContractError::in_file(file, what));
        }
        self.rules.sort_by_key(|(rank, _)| *rank);
        Ok(self.rules.into_iter().map(|(_, rule)| rule).collect())
    }
}

impl Rows<'_> {
    fn rule(&self, row: RuleRow, is_engine: bool) -> Result<Rule, ContractError> {
        let texts = [&row.statement, &row.example].into_iter().chain(&row.citations);
        if row.citations.is_empty() || texts.into_iter().any(|text| text.trim().is_empty()) {
            return Err(self.fault(&row.id, "lacks a text; give it a statement, citations and an example"));
        }
        let outcome = Outcome::read(row.family, row.level, row.statuses.as_deref(), row.preferred.as_deref())
            .map_err(|why| self.fault(&row.id, &why))?;
        let condition = self.condition(&row, is_engine)?;
        Ok(Rule {
            id: row.id.into_inner().into(),
            family: row.family,
            level: row.level,
            statuses: outcome.statuses,
            preferred: outcome.preferred,
            statement: row.statement.into(),
            citations: row.citations.into_iter().map(Into::into).collect(),
            example: row.example.into(),
            creates: row.creates,
            condition,
        })
    }

    /// The condition of a row; one of the engine's rows has none, any other has one.
    fn condition(&self, row: &RuleRow, is_engine: bool) -> Result<Option<(TypeId, Condition)>, ContractError> {
        let what = match (&row.on, &row.then) {
            (None, None) if is_engine && row.when.is_empty() => return Ok(None),
            _ if is_engine => "is checked by the engine; remove type, if and then",
            (Some(on), Some(then)) => return self.clauses(on, &row.when, then).map(Some),
            (None, None) => {
                "has no condition, and no check of the engine has this id; \
                 correct the id, or add type and then"
            }
            _ => "needs both type and then; add the one that is missing",
        };
        Err(self.fault(&row.id, what))
    }

    fn clauses(
        &self,
        on: &Spanned<String>,
        when: &[Spanned<String>],
        then: &Spanned<String>,
    ) -> Result<(TypeId, Condition), ContractError> {
        let unknown = || self.fault(on, "is no structured type of this contract; correct the name");
        let id = self.schema.type_named(on.get_ref()).ok_or_else(unknown)?;
        let when = when.iter().map(|clause| clause.get_ref().as_str());
        let condition = clause::condition(self.schema, id, when, then.get_ref());
        condition.map(|condition| (id, condition)).map_err(|why| self.place(then).fault(why))
    }

    fn fault(&self, subject: &Spanned<String>, what: &str) -> ContractError {
        self.place(subject).fault(format!("{} {what}", subject.get_ref()))
    }

    fn place(&self, subject: &Spanned<String>) -> Place<'_> {
        Place::at_offset(self.file, self.text, subject.span().start)
    }
}

/// Puts the overrides of a contract over its rules.
pub(super) fn override_rules(
    rules: &mut [Rule],
    overrides: &[OverrideRow],
    file: &str,
    text: &str,
) -> Result<(), ContractError> {
    let mut seen = HashSet::new();
    for row in overrides {
        let name = row.rule.get_ref().as_str();
        let fault = |what: &str| Place::at_offset(file, text, row.rule.span().start).fault(format!("{name} {what}"));
        let Some(rule) = rules.iter_mut().find(|rule| &*rule.id == name) else {
            return Err(fault("is no rule; correct the id of this [[override]]"));
        };
        if !seen.insert(name) {
            return Err(fault("is overridden twice; keep one [[override]]"));
        }
        let outcome = Outcome::read(rule.family, row.level, row.statuses.as_deref(), row.preferred.as_deref())
            .map_err(|why| fault(&why))?;
        (rule.level, rule.statuses, rule.preferred) = (row.level, outcome.statuses, outcome.preferred);
    }
    Ok(())
}

/// For each type of the schema the rules between its properties. A rule on a
/// type holds for the types derived from it.
pub(super) fn conditions(schema: &Schema, rules: &[Rule]) -> Vec<Vec<RuleId>> {
    let on: Vec<_> = (0u16..)
        .map(RuleId)
        .zip(rules)
        .filter_map(|(id, rule)| rule.condition.as_ref().map(|(on, _)| (id, *on)))
        .collect();
    let of_type = |id: TypeId| on.iter().filter(|(_, on)| schema.derives(id, *on)).map(|(rule, _)| *rule).collect();
    (0u16..).map(TypeId).zip(&schema.types).map(|(id, _)| of_type(id)).collect()
}

/// How a request that breaks a rule is answered.
pub(super) struct Outcome {
    pub(super) statuses: Statuses,
    pub(super) preferred: Statuses,
}

impl Outcome {
    /// A request that breaks a must or a should is refused with a status that
    /// the row names. An open point, a body that must be accepted, what is
    /// stored, a property of answers, advice, and what is about clients have none.
    pub(super) fn read(
        family: Family,
        level: Level,
        statuses: Option<&str>,
        preferred: Option<&str>,
    ) -> Result<Self, String> {
        let is_of_requests =
            family.is_of_targets() && !matches!(family, Family::Valid | Family::State | Family::Answer);
        let refused = level != Level::Unspecified && is_of_requests;
        match (refused, statuses) {
            (true, None) => {
                return Err("lacks statuses; say how a request that breaks it is answered, \"4xx\"".into());
            }
            (false, Some(_)) => {
                return Err("has statuses, and nothing is refused for it; remove them".into());
            }
            _ => {}
        }
        let outcome = Self { statuses: parse(statuses)?, preferred: parse(preferred)? };
        let is_stray = |status: &u16| outcome.preferred.contains(*status) && !outcome.statuses.contains(*status);
        match (100..600).find(is_stray) {
            None => Ok(outcome),
            Some(stray) => Err(format!("prefers {stray}, which its statuses do not allow; correct one of them")),
        }
    }
}

fn parse(text: Option<&str>) -> Result<Statuses, String> {
    let bad = |part| format!("has `{part}` for a status; write a class (4xx) or a code (404), joined by |");
    text.map_or_else(|| Ok(Statuses::default()), |text| Statuses::parse(text).map_err(bad))
}
