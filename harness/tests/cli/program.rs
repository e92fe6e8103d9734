//! The program as tests start it.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Output, Stdio};

use serde_json::Value;

pub(crate) const ID: &str = "00000001-3a5c-4d1e-9b7f-000000000001";
pub(crate) const TOKEN: &str = "s3cret-token-of-a-test";

pub(crate) fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_policy-harness"));
    // What a run writes to the current folder is not for the sources.
    command.current_dir(env!("CARGO_TARGET_TMPDIR"));
    command.args(arguments).stdin(Stdio::null()).env("TERM", "xterm-256color");
    command.env_remove("CLICOLOR_FORCE").env_remove("GITHUB_STEP_SUMMARY");
    command
}

/// What a run of the program left behind.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Ended {
    pub(crate) fn of(output: &Output) -> Self {
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        let ended = Self { code: output.status.code(), out: text(&output.stdout), err: text(&output.stderr) };
        assert!(!ended.err.contains("panicked") && !ended.err.contains("RUST_BACKTRACE"), "{}", ended.err);
        assert!(!ended.out.contains('\u{1b}') && !ended.err.contains('\u{1b}'), "{ended:?}");
        ended
    }

    /// The program could not do it: nothing on standard output, one line that
    /// says why, and perhaps one that says what to do.
    pub(crate) fn failed(self, code: i32) -> String {
        assert_eq!(self.code, Some(code), "{self:?}");
        assert!(self.out.is_empty(), "{self:?}");
        assert!(self.err.starts_with("error: ") && self.err.matches("error: ").count() == 1, "{}", self.err);
        self.err
    }
}

pub(crate) fn run(arguments: &[&str]) -> Ended {
    Ended::of(&command(arguments).output().unwrap())
}

pub(crate) fn lines(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"))).collect()
}

pub(crate) fn of_type<'v>(lines: &'v [Value], name: &str) -> Vec<&'v Value> {
    lines.iter().filter(|line| line["type"] == name).collect()
}

/// A server of the program's own, ended when the test ends.
pub(crate) struct Served {
    pub(crate) child: Child,
    pub(crate) heading: String,
    /// Arguments of the command that it prints.
    pub(crate) arguments: Vec<String>,
}

impl Served {
    pub(crate) fn start(arguments: &[&str]) -> Self {
        Self::start_at("0", arguments)
    }

    pub(crate) fn start_at(port: &str, arguments: &[&str]) -> Self {
        let mut child = command(&[&["serve", "--port", port], arguments].concat())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut out = BufReader::new(child.stdout.as_mut().unwrap());
        let (mut heading, mut line) = (String::new(), String::new());
        out.read_line(&mut heading).unwrap();
        out.read_line(&mut line).unwrap();
        let mut words = line.split_whitespace();
        assert_eq!(words.next(), Some("policy-harness"), "{heading}{line}");
        Self { child, heading, arguments: words.map(str::to_owned).collect() }
    }

    pub(crate) fn test(&self, more: &[&str]) -> Ended {
        let arguments: Vec<&str> = self.arguments.iter().map(String::as_str).chain(more.iter().copied()).collect();
        run(&arguments)
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub(crate) fn interrupt(child: &Child) {
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
}
