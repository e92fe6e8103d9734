//! The program as a person or a pipeline meets it: the binary is started with
//! arguments, and its exit code, its two outputs and the files it writes are
//! looked at. Whatever is asked of it, it never panics, never colours what goes
//! to a pipe, and says in one line what is wrong.

#![cfg(feature = "cli")]

mod access;
mod baseline;
mod bench;
mod check;
mod clients;
mod commands;
mod configuration;
mod corpus;
mod credentials;
mod header;
mod ids;
mod journal;
mod part;
mod probe;
mod program;
mod refused;
mod replay;
mod reports;
mod shapes;
mod tidy;
