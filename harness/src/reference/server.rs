//! Starts and stops a reference server on a loopback port.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use super::app::App;
use super::options::Options;
use super::place::BASE;
use super::wire::Loopback;
use crate::contract::Contract;

/// How long requests that are under way may take once the server stops.
const GRACE: Duration = Duration::from_secs(1);

/// A reference server that listens. It stops when this is dropped.
#[derive(Debug)]
#[must_use = "the server stops when this is dropped"]
pub struct Running {
    address: SocketAddr,
    assignments: Vec<String>,
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

/// Starts a server for `contract` on a port of 127.0.0.1.
///
/// # Errors
/// The port cannot be listened on.
pub async fn start(contract: Arc<Contract>, options: Options) -> io::Result<Running> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, options.port)).await?;
    let address = listener.local_addr()?;
    let app = App::new(contract, &options, &base_url(address), true);
    let (stop, stopped) = oneshot::channel();
    let serve = axum::serve(Loopback::new(listener, app.tricks()), routed(app)).with_graceful_shutdown(async {
        // A sender that is gone means the same.
        let _ = stopped.await;
    });
    let task = tokio::spawn(serve.into_future());
    Ok(Running { address, assignments: options.assignments, stop: Some(stop), task })
}

/// The same server as a service for requests that stay in this process. They
/// need a `Host` like any other. The port is not used.
pub fn router(contract: Arc<Contract>, options: Options) -> Router {
    routed(App::new(contract, &options, &format!("http://localhost{BASE}"), false))
}

/// One handler for everything: what is where is in the contract.
fn routed(app: App) -> Router {
    Router::new().fallback(App::handle).with_state(Arc::new(app))
}

fn base_url(address: SocketAddr) -> String {
    format!("http://{address}{BASE}")
}
