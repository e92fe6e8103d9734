//! One caller and the token it has now: taken from its source before the first request,
//! replaced before it expires, and after a request that was sent with it was answered
//! 401. One asks the source at a time, and the others wait for what it says. A source
//! that fails is asked again later; until then the token stays that there is.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use tokio::time::Instant;

use super::token::{Token, TokenSource, is_token};
use super::{Redactor, TargetError};

/// A token is replaced so long before it expires, or in the middle of what is left
/// of its time.
const MARGIN: Duration = Duration::from_secs(300);
/// A source is not asked more often than this, whatever it says of its tokens.
const SHORTEST: Duration = Duration::from_secs(1);
/// How long a source is left alone that did not help: after a 401 it had the same
/// token, or one that is refused as well, or it failed. Each time twice as long.
const PAUSE: Duration = Duration::from_secs(5);
/// The longest of these times.
const LONGEST_PAUSE: Duration = Duration::from_secs(600);
/// So many requests in a row are refused with a token, and its source has no other:
/// then it is the token, and not what is asked for.
const REFUSED: u32 = 8;

/// A caller.
#[derive(Debug)]
pub(super) struct Identity {
    source: Option<Arc<dyn TokenSource>>,
    redactor: Redactor,
    state: Mutex<State>,
    /// Held by who asks the source.
    asking: tokio::sync::Mutex<()>,
}

/// What is known of the token.
#[derive(Debug)]
struct State {
    token: Option<Arc<SecretString>>,
    /// Counts the tokens there were.
    number: u64,
    /// When the source is asked again.
    renew: Option<Instant>,
    /// When the token is good no more.
    end: Option<Instant>,
    /// Until then a 401 is no reason to ask the source.
    quiet: Option<Instant>,
    pause: Duration,
    /// Requests in a row that were answered 401.
    refused: u32,
    /// Why the source had no token when it was asked last.
    failure: Option<String>,
}

impl Identity {
    /// A caller with a token, a source of tokens, or both; none without either.
    pub(super) fn new(
        token: Option<SecretString>,
        source: Option<Arc<dyn TokenSource>>,
        redactor: &Redactor,
    ) -> Result<Option<Self>, TargetError> {
        if token.is_none() && source.is_none() {
            return Ok(None);
        }
        if let Some(token) = &token {
            if !is_token(token.expose_secret()) {
                return Err(TargetError::Token);
            }
            redactor.add(token.expose_secret());
        }
        let state = State {
            token: token.map(Arc::new),
            number: 0,
            renew: None,
            end: None,
            quiet: None,
            pause: PAUSE,
            refused: 0,
            failure: None,
        };
        let (state, asking) = (Mutex::new(state), tokio::sync::Mutex::new(()));
        Ok(Some(Self { source, redactor: redactor.clone(), state, asking }))
    }

    /// The token, if there is one yet.
    pub(super) fn token(&self) -> Option<Arc<SecretString>> {
        self.with(|state| state.token.clone())
    }

    /// Sees to it that there is a token which is good; which one it is, by its number.
    ///
    /// # Errors
    /// There is none, and the source has none.
    pub(super) async fn ready(&self) -> Result<u64, String> {
        let (number, is_due) = self.with(|state| (state.number, state.is_due(Instant::now())));
        if !is_due || self.source.is_none() {
            return self.usable();
        }
        let _asking = self.asking.lock().await;
        // Somebody else may have asked meanwhile.
        if self.with(|state| state.number == number && state.is_due(Instant::now())) {
            self.ask().await;
        }
        self.usable()
    }

    /// After a request that was sent with this token: whether it is worth sending
    /// again, because it was refused and there is another one now.
    pub(super) async fn is_replaced(&self, sent: u64, status: u16) -> bool {
        if status != 401 {
            self.with(|state| state.refused = 0);
            return false;
        }
        let Some(_) = &self.source else { return false };
        let _asking = self.asking.lock().await;
        let (number, may_ask) = self.with(|state| {
            state.refused = state.refused.saturating_add(1);
            (state.number, state.quiet.is_none_or(|quiet| quiet <= Instant::now()))
        });
        if number != sent {
            return true;
        }
        if !may_ask {
            return false;
        }
        self.ask().await;
        // Unless what comes next shows that it helped, it is no use to ask soon.
        self.with(|state| {
            state.quiet = Some(Instant::now() + state.longer_pause());
            state.number != sent
        })
    }

    /// A request that was refused was sent again with another token: whether that
    /// helped.
    pub(super) fn helped(&self, status: Option<u16>) {
        if status.is_some_and(|status| status != 401) {
            self.with(|state| (state.pause, state.refused) = (PAUSE, 0));
        }
    }

    fn with<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        change(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The number of the token, unless it is of no use any more.
    fn usable(&self) -> Result<u64, String> {
        self.with(|state| match &state.failure {
            Some(why) if state.is_spent(Instant::now()) => Err(why.clone()),
            _ => Ok(state.number),
        })
    }

    async fn ask(&self) {
        let Some(source) = &self.source else { return };
        let fetched = match source.fetch().await {
            Ok(token) if !is_token(token.secret.expose_secret()) => Err(TargetError::Token.to_string()),
            other => other,
        };
        if let Ok(token) = &fetched {
            self.redactor.add(token.secret.expose_secret());
        }
        let now = Instant::now();
        self.with(|state| match fetched {
            Ok(token) => state.take(&token, source.look_every(), now),
            Err(why) => state.fail(self.redactor.text(&why).into_owned(), source.look_every(), now),
        });
    }
}

impl State {
    fn is_due(&self, now: Instant) -> bool {
        self.renew.map_or(self.token.is_none(), |renew| renew <= now)
    }

    /// Whether the token is none any more. What the source says of that comes first;
    /// otherwise it is told from what is answered.
    fn is_spent(&self, now: Instant) -> bool {
        self.token.is_none() || self.end.is_some_and(|end| end <= now) || self.refused >= REFUSED
    }

    /// How long the source is left alone this time.
    fn longer_pause(&mut self) -> Duration {
        let pause = self.pause;
        self.pause = (2 * pause).min(LONGEST_PAUSE);
        pause
    }

    fn fail(&mut self, why: String, look_every: Option<Duration>, now: Instant) {
        self.failure = Some(why);
        let again = now + look_every.unwrap_or_else(|| self.longer_pause());
        // The last moment at which another token would be of use.
        let end = self.end.filter(|end| *end > now);
        self.renew = Some(end.map_or(again, |end| end.min(again)));
    }

    fn take(&mut self, token: &Token, look_every: Option<Duration>, now: Instant) {
        let is_other = self.token.as_ref().is_none_or(|old| old.expose_secret() != token.secret.expose_secret());
        if is_other {
            self.token = Some(Arc::new(token.secret.clone()));
            self.number += 1;
            self.refused = 0;
        }
        self.failure = None;
        self.end = token.good_for.map(|time| now + time.min(LONGEST));
        let before_end = token.good_for.map(|time| time.min(LONGEST)).map(|time| time - MARGIN.min(time / 2));
        let next = [before_end, look_every].into_iter().flatten().min();
        self.renew = next.map(|time| now + time.max(SHORTEST));
    }
}

/// A year: longer than any run, and short enough to be added to a clock.
const LONGEST: Duration = Duration::from_secs(31_536_000);
