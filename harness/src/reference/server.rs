//! Starts and stops a reference server on a loopback port.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use super::app::App;
use super::body;
use super::options::Options;
use super::place::BASE;
use super::wire::{Loopback, Tricks};
use crate::contract::Contract;

/// How long requests that are under way may take once the server stops.
const GRACE: Duration = Duration::from_secs(1);

/// A reference server that listens. It stops when this is dropped.
#[derive(Debug)]
#[must_use = "the server stops when this is dropped"]
pub struct Running {
    address: SocketAddr,
    assignments: Vec<String>,
    packages: Vec<String>,
    stop: Option<oneshot::Sender<()>>,
    task: JoinHandle<io::Result<()>>,
}

impl Running {
    /// Where the server's paths begin: `http://127.0.0.1:PORT/v1.0`.
    pub fn base_url(&self) -> String {
        base_url(self.address)
    }

    /// Ids of the assignments that it knows.
    pub fn assignments(&self) -> &[String] {
        &self.assignments
    }

    /// Ids of the access packages that it knows.
    pub fn packages(&self) -> &[String] {
        &self.packages
    }

    /// Takes no more connections, and waits a moment for what is under way.
    pub async fn stop(mut self) {
        self.stop.take();
        // What takes longer is cut off by the drop.
        let _ = tokio::time::timeout(GRACE, &mut self.task).await;
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Starts a server for `contracts` on a port of 127.0.0.1.
///
/// # Errors
/// The port cannot be listened on.
pub async fn start(contracts: Vec<Arc<Contract>>, options: Options) -> io::Result<Running> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, options.port)).await?;
    let address = listener.local_addr()?;
    let server = Server::new(contracts, &options, &base_url(address), true);
    let (stop, stopped) = oneshot::channel();
    let serve = axum::serve(Loopback::new(listener, server.tricks()), server.routed()).with_graceful_shutdown(async {
        // A sender that is gone means the same.
        let _ = stopped.await;
    });
    let task = tokio::spawn(serve.into_future());
    let Options { assignments, packages, .. } = options;
    Ok(Running { address, assignments, packages, stop: Some(stop), task })
}

/// The same server as a service for requests that stay in this process. They
/// need a `Host` like any other. The port is not used.
pub fn router(contracts: Vec<Arc<Contract>>, options: Options) -> Router {
    Server::new(contracts, &options, &format!("http://localhost{BASE}"), false).routed()
}

/// All that a server has, apart from its connections.
#[derive(Debug)]
struct Server {
    apps: Vec<App>,
    requests: AtomicU64,
}

impl Server {
    fn new(contracts: Vec<Arc<Contract>>, options: &Options, base_url: &str, on_wire: bool) -> Self {
        let app = |contract| App::new(contract, options, base_url, on_wire);
        Self { apps: contracts.into_iter().map(app).collect(), requests: AtomicU64::new(0) }
    }

    /// What the server does below HTTP.
    fn tricks(&self) -> Tricks {
        let all = self.apps.iter().map(App::tricks);
        all.reduce(|one, other| Tricks { past_http: one.past_http || other.past_http, ..one }).unwrap_or_default()
    }

    /// One handler for everything: what is where is in the contracts.
    fn routed(self) -> Router {
        Router::new().fallback(Self::handle).with_state(Arc::new(self))
    }

    /// Answers any request.
    async fn handle(State(server): State<Arc<Self>>, request: Request) -> Response {
        let (head, body) = request.into_parts();
        let body = body::read(&head.headers, body).await;
        // Where no contract has anything, any of them says so.
        let path = head.uri.path();
        let app = server.apps.iter().find(|app| app.has(path)).or_else(|| server.apps.first());
        let Some(app) = app else { return StatusCode::NOT_FOUND.into_response() };
        let delay = app.delay();
        if !delay.is_zero() {
            tokio::time::sleep(delay).await;
        }
        let number = server.requests.fetch_add(1, Ordering::Relaxed) + 1;
        app.reply(number, &head, body).into_response()
    }
}

fn base_url(address: SocketAddr) -> String {
    format!("http://{address}{BASE}")
}
