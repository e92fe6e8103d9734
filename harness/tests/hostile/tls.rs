//! Targets behind TLS: whose certificates are taken, and what is said of others.

use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use policy_harness::reference;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

/// A target that answers 204 to everything, with a certificate for this name, and
/// the certificate of its authority.
async fn target(name: &str) -> (String, String) {
    let mut authority = CertificateParams::new(Vec::new()).unwrap();
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority = CertifiedIssuer::self_signed(authority, KeyPair::generate().unwrap()).unwrap();
    let key = KeyPair::generate().unwrap();
    let own = CertificateParams::new(vec![name.to_owned()]).unwrap().signed_by(&key, &authority).unwrap();
    let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![own.der().clone()], key)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("https://{}/v1.0", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                let mut stream = acceptor.accept(stream).await.ok()?;
                let mut bytes = vec![0; 1 << 16];
                // Once each connection: nobody has to tell where a request ends.
                let _ = stream.read(&mut bytes).await.ok()?;
                stream.write_all(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n").await.ok()?;
                stream.shutdown().await.ok()
            });
        }
    });
    (base, authority.pem())
}

/// How a run against this target ends: its exit code, and what it says.
async fn run(base: &str, more: &[&str]) -> (Option<i32>, String, String) {
    let id = reference::Options::ids(1).remove(0);
    let fixed = ["run", "--seed", "1", "--cases", "0", "--target", base, "--assignment-id", &id];
    let arguments: Vec<String> = fixed.iter().chain(more).map(|&text| text.to_owned()).collect();
    let output = tokio::task::spawn_blocking(move || {
        Command::new(env!("CARGO_BIN_EXE_policy-harness"))
            .current_dir(env!("CARGO_TARGET_TMPDIR"))
            .args(arguments)
            .output()
            .unwrap()
    })
    .await
    .unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

fn written(folder: &Path, name: &str, text: &str) -> String {
    let path = folder.join(name);
    std::fs::write(&path, text).unwrap();
    path.display().to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_of_a_named_authority_is_taken() {
    let (base, authority) = target("127.0.0.1").await;
    let folder = tempfile::tempdir().unwrap();
    let path = written(folder.path(), "ca.pem", &authority);
    let (code, out, err) = run(&base, &["--ca-file", &path]).await;
    // Everything is 204, so that something is wrong, and it is no matter of TLS.
    assert_eq!((code, &*err), (Some(1), ""), "{out}");
    assert!(out.contains("Reproduce: ") && out.contains(&format!("--ca-file {path}")), "{out}");
}

#[tokio::test(flavor = "multi_thread")]
async fn any_other_certificate_is_refused_before_anything_is_sent() {
    let folder = tempfile::tempdir().unwrap();
    let (base, authority) = target("127.0.0.1").await;
    let (elsewhere, of_elsewhere) = target("elsewhere.example").await;
    let own = written(folder.path(), "own.pem", &authority);
    let other = written(folder.path(), "other.pem", &of_elsewhere);
    for (base, more) in [
        // Nobody vouches for it, somebody else does, and it is another's.
        (&base, vec![]),
        (&base, vec!["--ca-file", &*other]),
        (&elsewhere, vec!["--ca-file", &*other]),
        (&elsewhere, vec!["--ca-file", &*own]),
    ] {
        let (code, out, err) = run(base, &more).await;
        assert_eq!((code, &*out), (Some(3), ""), "{err}");
        assert!(
            err.contains("the certificate of the target cannot be trusted: ") && err.contains("--ca-file"),
            "{err}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_without_certificates_is_a_usage_error() {
    let folder = tempfile::tempdir().unwrap();
    let nothing = folder.path().join("nothing.pem").display().to_string();
    let text = "-----BEGIN CERTIFICATE-----\n!!!!\n-----END CERTIFICATE-----\n";
    let plausible = "-----BEGIN CERTIFICATE-----\nMAAwAA==\n-----END CERTIFICATE-----\n";
    for path in [
        nothing,
        written(folder.path(), "empty.pem", ""),
        written(folder.path(), "text.pem", "no certificate"),
        written(folder.path(), "broken.pem", text),
        written(folder.path(), "plausible.pem", plausible),
    ] {
        let (code, out, err) = run("https://127.0.0.1:1/v1.0", &["--ca-file", &path]).await;
        assert_eq!((code, &*out), (Some(2), ""), "{path}: {err}");
        assert!(err.contains(&format!("--ca-file {path}")), "{err}");
    }
}
