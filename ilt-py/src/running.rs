//! An engine on threads of its own, from when it is started until it is stopped.

use std::ops::Deref;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use ilt_engine::config::{BadConfig, Config};
use ilt_host::http::inside::Opened;
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use tokio::runtime::{Builder, Runtime};
use tokio_util::task::TaskTracker;

use crate::answer::Outcome;
use crate::inbox::Promise;

/// What is under way is waited for at least so long.
const LONGEST_BATCH: Duration = Duration::from_secs(20);
/// How long threads are waited for that still hold something.
const LAST_THREADS: Duration = Duration::from_secs(2);

/// What runs, for as long as somebody asks it.
pub struct Here(Arc<Opened>);

impl Deref for Here {
    type Target = Opened;

    fn deref(&self) -> &Opened {
        &self.0
    }
}

/// Threads, what runs on them, and what is asked of it.
pub struct Running {
    pub runtime: Runtime,
    pub asked: TaskTracker,
    opened: Arc<OnceLock<Arc<Opened>>>,
}

impl Running {
    /// Starts; the promise is kept once it has, or could not.
    pub fn start(config: Arc<Config>, promise: Promise) -> std::io::Result<Self> {
        let runtime = Builder::new_multi_thread().enable_all().thread_name("ilt").build()?;
        let opened = Arc::<OnceLock<Arc<Opened>>>::default();
        let place = opened.clone();
        runtime.spawn(async move {
            promise.keep(match Opened::open(&config, metrics()).await {
                Ok(opened) => {
                    let _first = place.set(Arc::new(opened));
                    Outcome::Done
                }
                Err(error) => {
                    let is_setting = error.chain().any(<dyn std::error::Error>::is::<BadConfig>);
                    Outcome::failed(if is_setting { "configuration" } else { "start" }, format!("{error:#}"))
                }
            });
        });
        Ok(Self { runtime, asked: TaskTracker::new(), opened })
    }

    /// What can be asked, once it has started.
    pub fn opened(&self) -> Option<Here> {
        self.opened.get().cloned().map(Here)
    }

    /// Stops: what was asked is answered, for as long as its grace allows; then the rest.
    pub fn stop(self, promise: Promise) {
        let Self { runtime, asked, opened } = self;
        let stopped = runtime.block_on(async {
            let Some(opened) = opened.get() else { return true };
            opened.end_streams();
            asked.close();
            let _late = tokio::time::timeout(opened.grace(), asked.wait()).await;
            tokio::time::timeout(opened.grace().max(LONGEST_BATCH), opened.close()).await.is_ok()
        });
        {
            let _inside = runtime.enter();
            drop(opened);
        }
        runtime.shutdown_timeout(LAST_THREADS);
        promise.keep(if stopped {
            Outcome::Done
        } else {
            Outcome::failed("stop", "what was under way did not come to an end, and was left as it is: nothing of it was answered")
        });
    }

    /// Lets go of everything at once, and waits for nothing.
    pub fn abandon(self) {
        let Self { runtime, opened, .. } = self;
        {
            let _inside = runtime.enter();
            drop(opened);
        }
        runtime.shutdown_background();
    }
}

/// What is counted in this process, of all its engines together; nothing where another library counts already.
fn metrics() -> Option<PrometheusHandle> {
    static COUNTED: OnceLock<Option<PrometheusHandle>> = OnceLock::new();
    let counted = || {
        let handle = PrometheusBuilder::new().install_recorder().ok()?;
        ilt_host::metrics::describe();
        Some(handle)
    };
    COUNTED.get_or_init(counted).clone()
}
