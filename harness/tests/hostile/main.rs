//! Targets that misbehave: they hang, hang up, talk nonsense or without end, are
//! busy, or die. A campaign against any of them ends in time, says what is wrong
//! with the target and nothing that is not, and calls nothing conforming that it
//! could not judge. Most of them stand in front of the reference server and do
//! their one bad thing there, so that every other answer is a good one.

#![cfg(feature = "cli")]

mod bytes;
mod pace;
mod run;
mod secrets;
mod silence;
mod target;
mod tls;
