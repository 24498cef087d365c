//! TLS that ends here: a certificate and its key, read anew when their files change.

use std::io;
use std::path::Path;
use std::sync::{Arc, PoisonError, RwLock};

use ilt_engine::config::Tls;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::{CryptoProvider, aws_lc_rs};
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::server::{ClientHello, ResolvesServerCert};
use tokio_rustls::rustls::sign::CertifiedKey;
use tokio_rustls::rustls::{self, ServerConfig};

/// Why TLS cannot end here with these files.
#[derive(Debug, thiserror::Error)]
pub enum BadCertificate {
    /// A file is not there, or not for this user.
    #[error("{0} cannot be read: {1}")]
    Unreadable(String, io::Error),
    /// There is no certificate in it.
    #[error("{0} has no certificate in PEM (-----BEGIN CERTIFICATE-----)")]
    NoCertificate(String),
    /// There is no key in it.
    #[error("{0} has no private key in PEM (-----BEGIN PRIVATE KEY-----)")]
    NoKey(String),
    /// They do not belong together, or are of a kind that nobody speaks.
    #[error("the certificate and the key cannot be used: {0}")]
    Unusable(#[from] rustls::Error),
}

/// The certificate that is shown, and where it comes from.
#[derive(Debug)]
pub struct Certificate {
    files: Tls,
    now: RwLock<Shown>,
}

#[derive(Debug)]
struct Shown {
    key: Arc<CertifiedKey>,
    /// What stood in the files.
    read: [Vec<u8>; 2],
}

impl Certificate {
    /// The one in these files.
    ///
    /// # Errors
    /// [`BadCertificate`] when there is none that can be shown.
    pub fn read(files: &Tls) -> Result<Arc<Self>, BadCertificate> {
        let read = contents(files)?;
        let key = Arc::new(certified(files, &read)?);
        Ok(Arc::new(Self { files: files.clone(), now: RwLock::new(Shown { key, read }) }))
    }

    /// Reads the files anew, and shows from now on what stands there; whether that is another one.
    ///
    /// # Errors
    /// [`BadCertificate`]: the one before is still shown.
    pub fn renew(&self) -> Result<bool, BadCertificate> {
        let read = contents(&self.files)?;
        if self.now.read().unwrap_or_else(PoisonError::into_inner).read == read {
            return Ok(false);
        }
        let key = Arc::new(certified(&self.files, &read)?);
        *self.now.write().unwrap_or_else(PoisonError::into_inner) = Shown { key, read };
        Ok(true)
    }

    /// What shakes hands with it.
    ///
    /// # Errors
    /// [`BadCertificate`] when the library of TLS can do none of what it speaks.
    pub fn acceptor(self: Arc<Self>) -> Result<TlsAcceptor, BadCertificate> {
        let config = ServerConfig::builder_with_provider(provider()).with_safe_default_protocol_versions()?;
        let mut config = config.with_no_client_auth().with_cert_resolver(self);
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Ok(TlsAcceptor::from(Arc::new(config)))
    }
}

impl ResolvesServerCert for Certificate {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.now.read().unwrap_or_else(PoisonError::into_inner).key.clone())
    }
}

fn provider() -> Arc<CryptoProvider> {
    Arc::new(aws_lc_rs::default_provider())
}

fn contents(files: &Tls) -> Result<[Vec<u8>; 2], BadCertificate> {
    let read = |path: &Path| {
        std::fs::read(path).map_err(|error| BadCertificate::Unreadable(path.display().to_string(), error))
    };
    Ok([read(&files.certificate)?, read(&files.key)?])
}

fn certified(files: &Tls, [certificate, key]: &[Vec<u8>; 2]) -> Result<CertifiedKey, BadCertificate> {
    let no_certificate = || BadCertificate::NoCertificate(files.certificate.display().to_string());
    let chain: Vec<_> = CertificateDer::pem_slice_iter(certificate)
        .collect::<Result<_, _>>()
        .map_err(|_| no_certificate())?;
    if chain.is_empty() {
        return Err(no_certificate());
    }
    let key = PrivateKeyDer::from_pem_slice(key)
        .map_err(|_| BadCertificate::NoKey(files.key.display().to_string()))?;
    Ok(CertifiedKey::from_der(chain, key, &provider())?)
}
