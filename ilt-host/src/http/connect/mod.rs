//! Connections, before anything is asked on them: how many there may be, from where, and how long one may say nothing.
//!
//! # Flow
//! [`Door`] accepts a connection → counts it, for its address and in all; one too many is closed at once → hands it on as an
//! [`Attentive`] one, which ends when whoever is on the other side says nothing for too long (`attentive`), once hands are shaken where
//! TLS ends here (`tls`) → tells requests who their [`Visitor`] is.
//!
//! # Not here
//! How often somebody asks: [`super::access::rate`].

mod attentive;
#[cfg(test)]
mod rules;
pub mod tls;

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use ilt_engine::config::{Connections, Limits, Proxies};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;
use tokio_util::either::Either;

pub use attentive::Attentive;

/// How long shaking hands may take.
const HANDSHAKE: Duration = Duration::from_secs(10);

/// What requests come over: as it is, or within TLS.
pub type Way = Either<TcpStream, Box<TlsStream<TcpStream>>>;

/// Where a connection comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Visitor {
    /// The other end of it.
    pub address: IpAddr,
    /// Whether nobody between can read along.
    pub is_private: bool,
}

impl Visitor {
    /// At this address, by a connection that others could read.
    pub fn at(address: IpAddr) -> Self {
        Self { address: address.to_canonical(), is_private: false }
    }
}

impl Connected<IncomingStream<'_, Door>> for Visitor {
    fn connect_info(stream: IncomingStream<'_, Door>) -> Self {
        let is_private = matches!(stream.io().stream(), Either::Right(_));
        Self { is_private, ..Self::at(stream.remote_addr().ip()) }
    }
}

/// Where connections come in.
pub struct Door {
    listener: TcpListener,
    limits: Connections,
    proxies: Proxies,
    open: Arc<Open>,
    tls: Option<TlsAcceptor>,
    /// Who shakes hands just now: nobody waits for them.
    shaking: JoinSet<Option<(Attentive<Way>, SocketAddr)>>,
}

impl Door {
    /// Lets in those who come to this listener, within these limits; over TLS, where it ends here.
    pub fn new(listener: TcpListener, limits: &Limits, tls: Option<TlsAcceptor>) -> Self {
        let (connections, proxies) = (limits.connections, limits.proxies.clone());
        Self { listener, limits: connections, proxies, open: Arc::default(), tls, shaking: JoinSet::new() }
    }

    fn place(&self, address: SocketAddr) -> Option<Place> {
        let from = address.ip().to_canonical();
        // A proxy comes for many.
        let most_of_one = if self.proxies.trust(from) { usize::MAX } else { self.limits.most_of_one };
        let place = self.open.place(from, &Connections { most_of_one, ..self.limits });
        if place.is_none() {
            metrics::counter!("ilt_http_connections_refused_total").increment(1);
        }
        place
    }
}

impl Listener for Door {
    type Io = Attentive<Way>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        loop {
            let (stream, address) = tokio::select! {
                accepted = Listener::accept(&mut self.listener) => accepted,
                Some(shaken) = self.shaking.join_next() => match shaken {
                    Ok(Some(shaken)) => return shaken,
                    Ok(None) | Err(_) => continue,
                },
            };
            let Some(place) = self.place(address) else { continue };
            // Answers are written whole: nothing is gained by waiting for more.
            let _as_it_is = stream.set_nodelay(true);
            let limits = self.limits;
            let Some(tls) = &self.tls else {
                return (Attentive::new(Either::Left(stream), &limits, place), address);
            };
            let shake = tokio::time::timeout(HANDSHAKE, tls.accept(stream));
            self.shaking.spawn(async move {
                let way = Either::Right(Box::new(shake.await.ok()?.ok()?));
                Some((Attentive::new(way, &limits, place), address))
            });
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
