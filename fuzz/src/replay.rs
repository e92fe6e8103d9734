//! Replaying inputs from files, for builds without a fuzzer.

use std::process::ExitCode;

/// Runs a target on each file named on the command line. A property that does
/// not hold ends the program with its panic.
pub fn replay(target: fn(&[u8])) -> ExitCode {
    let mut files = std::env::args_os().skip(1).peekable();
    if files.peek().is_none() {
        eprintln!("error: no file to replay; name one or more");
        return ExitCode::from(2);
    }
    for file in files {
        let name = std::path::Path::new(&file).display();
        match std::fs::read(&file) {
            Ok(input) => {
                // Before the run: a panic must not leave open which file it was.
                eprintln!("{name}: {} bytes", input.len());
                target(&input);
            }
            Err(error) => {
                eprintln!("error: {name} cannot be read: {error}");
                return ExitCode::from(2);
            }
        }
    }
    ExitCode::SUCCESS
}
