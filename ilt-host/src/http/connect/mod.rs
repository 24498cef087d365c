//! Connections, before anything is asked on them: how many there may be, from where, and how long one may say nothing.
//!
//! # Flow
//! [`Door`] accepts a connection → counts it, for its address and in all; one too many is closed at once → hands it on as an
//! [`Attentive`] one, which ends when whoever is on the other side says nothing for too long (`attentive`) → tells requests who
//! their [`Visitor`] is.
//!
//! # Not here
//! TLS: a proxy ends it. How often somebody asks: [`super::access::rate`].

mod attentive;
#[cfg(test)]
mod rules;

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use ilt_engine::config::Connections;
use tokio::net::{TcpListener, TcpStream};

pub use attentive::Attentive;

/// Where a connection comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Visitor(pub IpAddr);

impl Connected<IncomingStream<'_, Door>> for Visitor {
    fn connect_info(stream: IncomingStream<'_, Door>) -> Self {
        Self(stream.remote_addr().ip())
    }
}

/// Where connections come in.
pub struct Door {
    listener: TcpListener,
    limits: Connections,
    open: Arc<Open>,
}

impl Door {
    /// Lets in those who come to this listener, within these limits.
    pub fn new(listener: TcpListener, limits: Connections) -> Self {
        Self { listener, limits, open: Arc::default() }
    }
}

impl Listener for Door {
    type Io = Attentive<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        loop {
            let (stream, address) = Listener::accept(&mut self.listener).await;
            let Some(place) = self.open.place(address.ip(), &self.limits) else {
                metrics::counter!("ilt_http_connections_refused_total").increment(1);
                continue;
            };
            // Answers are written whole: nothing is gained by waiting for more.
            let _as_it_is = stream.set_nodelay(true);
            return (Attentive::new(stream, &self.limits, place), address);
        }
    }

    fn local_addr(&self) -> std::io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

/// How many connections are open.
#[derive(Default)]
struct Open(Mutex<Counts>);

#[derive(Default)]
struct Counts {
    all: usize,
    from: HashMap<IpAddr, usize>,
}

impl Open {
    /// A place for one more; none when there are too many.
    fn place(self: &Arc<Self>, from: IpAddr, limits: &Connections) -> Option<Place> {
        let mut counts = self.counts();
        let of_address = counts.from.get(&from).copied().unwrap_or(0);
        if counts.all >= limits.most || of_address >= limits.most_of_one {
            return None;
        }
        counts.all += 1;
        counts.from.insert(from, of_address + 1);
        metrics::gauge!("ilt_http_connections").increment(1);
        Some(Place { open: self.clone(), from })
    }

    fn counts(&self) -> MutexGuard<'_, Counts> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A place among the open connections, given back when it is dropped.
struct Place {
    open: Arc<Open>,
    from: IpAddr,
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut counts = self.open.counts();
        counts.all -= 1;
        if let Some(left) = counts.from.get_mut(&self.from) {
            *left -= 1;
            if *left == 0 {
                counts.from.remove(&self.from);
            }
        }
        metrics::gauge!("ilt_http_connections").decrement(1);
    }
}
