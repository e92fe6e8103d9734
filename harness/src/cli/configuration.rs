//! The configuration file: what it says of a flag holds where the command line
//! says nothing of it. Its keys are the long names of the flags, looked up in the
//! parser of the command line itself, so that no flag can be forgotten here; its
//! values are put in as flags, so that they are checked by the same rules.

use std::ffi::OsString;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use clap::error::ErrorKind as ClapError;
use clap::parser::ValueSource;
use clap::{Arg, ArgAction, ArgMatches, Command, CommandFactory, FromArgMatches, ValueHint};
use toml::de::{DeTable, DeValue};

use super::arguments::{Cli, Command as CliCommand, RunArgs};
use super::exit::Failure;
use super::past::Past;
use super::recorded::{SECRET, recorded, unsaid};
use super::rule_table::{self, Placed};
use crate::near::nearest;

/// The file that is read from the current folder.
pub(super) const FILE: &str = "policy-harness.toml";

/// The flags that say which file is read, and so cannot stand in one.
const ABOUT_THE_FILE: [&str; 2] = ["config", "no-config"];

/// The table of rules, which no flag has room for.
const RULES: &str = "rules";

/// What a command was told by a file.
#[derive(Clone, Debug, Default)]
pub(super) struct Configuration {
    /// The file, where one was read.
    pub(super) path: Option<PathBuf>,
    /// The keys of which the command line said nothing.
    pub(super) keys: Vec<String>,
    /// Rules that are other for this service.
    pub(super) rules: Vec<Placed>,
    /// The flags of `run` that were given, here or there, without credentials.
    pub(super) flags: Vec<String>,
}

impl Configuration {
    /// Whether the file says what holds for this flag.
    pub(super) fn has(&self, key: &str) -> bool {
        self.keys.iter().any(|known| known == key)
    }
}

/// The command line of this process, with what the configuration file adds. A
/// command line that cannot be used ends the process, as does `--help`.
pub(super) fn command_line(mut arguments: Vec<OsString>) -> Result<Cli, Failure> {
    let matches = match Cli::command().try_get_matches_from(&arguments) {
        Ok(matches) => matches,
        Err(error) => error.exit(),
    };
    let mut read = Configuration::default();
    let (arguments_again, matches) = resumed(&arguments, matches)?;
    let is_recorded = arguments_again != arguments;
    arguments = arguments_again;
    if let Some((path, text)) = file(inner(&matches))? {
        let reader = Reader { path: &path, text: &text, given: &arguments, matches: &matches, is_recorded };
        let (flags, told) = reader.read()?;
        arguments = with(&arguments, &matches, &flags);
        read = Configuration { path: Some(path.clone()), ..told };
    }
    let matches = match Cli::command().try_get_matches_from(&arguments) {
        Ok(matches) => matches,
        Err(error) => error.exit(),
    };
    let mut cli = Cli::from_arg_matches(&matches).unwrap_or_else(|error| error.exit());
    read.flags = recorded(inner(&matches));
    if let Some(file) = cli.file_mut() {
        file.read = read;
    }
    Ok(cli)
}

/// The arguments of a run whose flags were recorded.
pub(super) fn run_arguments(flags: &[String]) -> Result<RunArgs, Failure> {
    let words = ["policy-harness", "run", "--no-config"].map(str::to_owned);
    let line: Vec<OsString> = words.iter().chain(flags).map(OsString::from).collect();
    match command_line(line)?.command {
        Some(CliCommand::Run(arguments)) => Ok(*arguments),
        _ => Err(Failure::usage("the journal is not of a run")),
    }
}

/// The command line with what the journal of `--resume` has besides.
fn resumed(given: &[OsString], matches: ArgMatches) -> Result<(Vec<OsString>, ArgMatches), Failure> {
    let journal = inner(&matches).try_get_one::<PathBuf>("resume").ok().flatten();
    let Some(journal) = journal else { return Ok((given.to_vec(), matches)) };
    let past = Past::open(journal)?;
    let arguments = with(given, &matches, &unsaid(&past.run().arguments, inner(&matches)));
    let matches = Cli::command().try_get_matches_from(&arguments).unwrap_or_else(|error| error.exit());
    Ok((arguments, matches))
}

/// The matches of the subcommand; of the program itself where there is none.
fn inner(matches: &ArgMatches) -> &ArgMatches {
    matches.subcommand().map_or(matches, |(_, inner)| inner)
}

/// The arguments with more flags behind the name of the subcommand, which stands
/// first: what comes behind may be no flags any more.
fn with(given: &[OsString], matches: &ArgMatches, more: &[OsString]) -> Vec<OsString> {
    let at = (1 + usize::from(matches.subcommand_name().is_some())).min(given.len());
    [&given[..at], more, &given[at..]].concat()
}

/// The file that the command reads, and its text.
fn file(matches: &ArgMatches) -> Result<Option<(PathBuf, String)>, Failure> {
    // A command that reads no file has no such flag.
    let Ok(Some(false)) = matches.try_get_one::<bool>("no_config") else { return Ok(None) };
    let named = matches.try_get_one::<PathBuf>("config").ok().flatten();
    let path = named.cloned().unwrap_or_else(|| FILE.into());
    match std::fs::read_to_string(&path) {
        Ok(text) => Ok(Some((path, text))),
        Err(error) if error.kind() == ErrorKind::NotFound && named.is_none() => Ok(None),
        Err(error) => {
            let advice = match named {
                Some(_) => "name a file that can be read with --config FILE",
                None => "it is read because it is in the current folder; --no-config leaves it alone",
            };
            Err(Failure::usage(format!("cannot read the configuration file {}: {error}", path.display()))
                .advise(advice))
        }
    }
}

/// Reads one file for one command.
pub(super) struct Reader<'f> {
    path: &'f Path,
    text: &'f str,
    /// The command line as it was given.
    given: &'f [OsString],
    matches: &'f ArgMatches,
    /// The flags are those of a run that was recorded: the file adds what no record
    /// has, and nothing that would make it another run.
    is_recorded: bool,
}

/// What the file says of one flag.
struct Entry<'t> {
    key: String,
    offset: usize,
    value: &'t DeValue<'t>,
}

impl Reader<'_> {
    /// The flags that the file adds, and what else it says.
    fn read(&self) -> Result<(Vec<OsString>, Configuration), Failure> {
        let table = DeTable::parse(self.text).map_err(|error| {
            let what = format!("{}; correct the file", error.message());
            self.fault(error.span().map_or(0, |span| span.start), what)
        })?;
        let root = built();
        let (mut flags, mut told) = (Vec::new(), Configuration::default());
        for entry in entries(table.get_ref()) {
            if entry.key == RULES {
                told.rules = rule_table::read(self, entry.offset, entry.value)?;
                continue;
            }
            let Some(argument) = self.argument(&root, &entry)? else { continue };
            if self.is_recorded && !SECRET.contains(&&*entry.key) {
                continue;
            }
            let is_given = inner(self.matches).value_source(argument.get_id().as_str());
            if is_given == Some(ValueSource::CommandLine) {
                continue;
            }
            let own = self.values(argument, &entry)?;
            match self.parse(&own) {
                // What the command line says rules out what the file says.
                Err(error) if error.kind() == ClapError::ArgumentConflict => continue,
                Err(error) => return Err(self.refused(&entry, &error)),
                Ok(_) => flags.extend(own),
            }
            self.parse(&flags).map_err(|error| self.refused(&entry, &error))?;
            told.keys.push(entry.key);
        }
        Ok((flags, told))
    }

    fn parse(&self, flags: &[OsString]) -> Result<ArgMatches, clap::Error> {
        Cli::command().try_get_matches_from(with(self.given, self.matches, flags))
    }

    /// The argument of this name; none where only another command has it.
    fn argument<'c>(&self, root: &'c Command, entry: &Entry<'_>) -> Result<Option<&'c Arg>, Failure> {
        let own = match self.matches.subcommand_name() {
            Some(name) => root.find_subcommand(name).unwrap_or(root),
            None => root,
        };
        let find = |command: &'c Command| arguments(command).find(|argument| argument.get_long() == Some(&entry.key));
        if let Some(argument) = find(own) {
            return Ok(Some(argument));
        }
        if readers(root).any(|command| find(command).is_some()) {
            return Ok(None);
        }
        let names = readers(root).flat_map(arguments).filter_map(Arg::get_long).chain([RULES]);
        let advice = match nearest(&entry.key, names) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "the keys are the long names of the flags; `policy-harness run --help` lists them".to_owned(),
        };
        Err(self.fault(entry.offset, format!("there is no key `{}`", entry.key)).advise(advice))
    }

    /// What the file says, as flags.
    fn values(&self, argument: &Arg, entry: &Entry<'_>) -> Result<Vec<OsString>, Failure> {
        let Entry { key, offset, value } = entry;
        let wrong = |what: &str| Err(self.fault(*offset, format!("`{key}` {what}")));
        let takes_value = argument.get_action().takes_values();
        let texts = match value {
            DeValue::Boolean(is_set) if !takes_value => {
                return Ok(is_set.then(|| format!("--{key}").into()).into_iter().collect());
            }
            _ if !takes_value => return wrong("is true or false"),
            DeValue::Array(items) if matches!(argument.get_action(), ArgAction::Append) => {
                items.iter().map(|item| text(item.get_ref())).collect()
            }
            DeValue::Array(_) => return wrong("takes one value, not a list"),
            DeValue::Table(table) if is_kind_and_value(argument) => pairs(table),
            single => text(single).map(|text| vec![text]),
        };
        let Some(texts) = texts else { return wrong("takes a string or a number") };
        Ok(texts.into_iter().map(|text| self.flag(argument, key, text)).collect())
    }

    /// A flag with its value. A path counts from the folder of the file.
    fn flag(&self, argument: &Arg, key: &str, text: String) -> OsString {
        let folder = self.path.parent().unwrap_or(Path::new(""));
        let (kind, path) = match text.split_once('=') {
            Some((kind, path)) if is_kind_and_path(argument) => (Some(kind), path),
            _ => (None, &*text),
        };
        let mut flag = OsString::from(format!("--{key}="));
        if let Some(kind) = kind {
            flag.push(format!("{kind}="));
        }
        if argument.get_value_hint() == ValueHint::AnyPath && !path.is_empty() {
            flag.push(folder.join(path));
        } else {
            flag.push(path);
        }
        flag
    }

    /// What the parser of the command line says of a value, with the place of it.
    fn refused(&self, entry: &Entry<'_>, error: &clap::Error) -> Failure {
        let text = error.render().to_string();
        let words = text.lines().take_while(|line| !line.trim().is_empty()).map(str::trim);
        let words = words.collect::<Vec<_>>().join(" ");
        self.fault(entry.offset, words.strip_prefix("error: ").unwrap_or(&words))
    }

    /// A fault at this place.
    pub(super) fn fault(&self, offset: usize, what: impl std::fmt::Display) -> Failure {
        Failure::usage(format!("{}: {what}", self.place(offset)))
    }

    /// File and line.
    pub(super) fn place(&self, offset: usize) -> String {
        let before = self.text.as_bytes().get(..offset).unwrap_or(self.text.as_bytes());
        let line = 1 + before.iter().filter(|byte| **byte == b'\n').count();
        format!("{}:{line}", self.path.display())
    }
}

/// The parser of the command line with all that it derives.
fn built() -> Command {
    let mut root = Cli::command();
    root.build();
    root
}

/// The commands that read a configuration file.
fn readers(root: &Command) -> impl Iterator<Item = &Command> {
    let reads = |command: &&Command| command.get_arguments().any(|argument| argument.get_long() == Some("config"));
    std::iter::once(root).chain(root.get_subcommands()).filter(reads)
}

/// The arguments that a file can speak of.
fn arguments(command: &Command) -> impl Iterator<Item = &Arg> {
    command.get_arguments().filter(|argument| {
        let is_flag = argument.get_long().is_some_and(|long| !ABOUT_THE_FILE.contains(&long));
        is_flag && !matches!(argument.get_action(), ArgAction::Help | ArgAction::HelpLong | ArgAction::Version)
    })
}

/// Whether the value is a word, `=` and another.
fn is_kind_and_value(argument: &Arg) -> bool {
    argument.get_value_names().is_some_and(|names| names.iter().any(|name| name.starts_with("KIND=")))
}

/// A table of words and what they are, each one value or a list.
fn pairs(table: &DeTable<'_>) -> Option<Vec<String>> {
    let of_kind = |(kind, value): (&toml::Spanned<_>, &toml::Spanned<DeValue<'_>>)| -> Option<Vec<String>> {
        let kind: &std::borrow::Cow<'_, str> = kind.get_ref();
        let texts: Option<Vec<String>> = match value.get_ref() {
            DeValue::Array(items) => items.iter().map(|item| text(item.get_ref())).collect(),
            single => text(single).map(|text| vec![text]),
        };
        Some(texts?.into_iter().map(|text| format!("{kind}={text}")).collect())
    };
    let all: Option<Vec<Vec<String>>> = table.iter().map(of_kind).collect();
    Some(all?.concat())
}

/// Whether the value is a word, `=` and a path.
fn is_kind_and_path(argument: &Arg) -> bool {
    argument.get_value_names().is_some_and(|names| names.iter().any(|name| name.as_str() == "KIND=PATH"))
}

/// The entries of a file in the order of its lines.
fn entries<'t>(table: &'t DeTable<'t>) -> Vec<Entry<'t>> {
    let entry = |(key, value): (&'t toml::Spanned<_>, &'t toml::Spanned<DeValue<'t>>)| {
        let name: &std::borrow::Cow<'_, str> = key.get_ref();
        Entry { key: name.to_string(), offset: key.span().start, value: value.get_ref() }
    };
    let mut entries: Vec<Entry<'t>> = table.iter().map(entry).collect();
    entries.sort_by_key(|entry| entry.offset);
    entries
}

/// A value as a flag has it.
pub(super) fn text(value: &DeValue<'_>) -> Option<String> {
    match value {
        DeValue::String(text) => Some(text.to_string()),
        DeValue::Integer(number) if number.radix() == 10 => Some(number.as_str().to_owned()),
        DeValue::Integer(number) => {
            i128::from_str_radix(number.as_str(), number.radix()).ok().map(|number| number.to_string())
        }
        DeValue::Float(number) => Some(number.as_str().to_owned()),
        DeValue::Boolean(_) | DeValue::Datetime(_) | DeValue::Array(_) | DeValue::Table(_) => None,
    }
}
