//! Which targets may be tested at all: this machine always, other hosts where the
//! user named them, and Microsoft Graph itself only where the user owns the tenant
//! besides, because what is created there is real.

use std::net::{Ipv4Addr, Ipv6Addr};

use reqwest::Url;

use super::TargetError;

/// Microsoft Graph and its national clouds.
const GRAPH: [&str; 5] = [
    "graph.microsoft.com",
    "graph.microsoft.us",
    "dod-graph.microsoft.us",
    "microsoftgraph.chinacloudapi.cn",
    "graph.microsoft.de",
];

pub(super) fn read_base(base: &str) -> Result<Url, TargetError> {
    let url = Url::parse(base).map_err(|error| TargetError::Url(error.to_string()))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(TargetError::Scheme(url.scheme().to_owned()));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(TargetError::Query);
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(TargetError::UserInfo);
    }
    Ok(url)
}

pub(super) fn check_host(url: &Url, allowed: &[String]) -> Result<(), TargetError> {
    let host = url.host_str().unwrap_or_default();
    let allowed: Vec<String> = allowed.iter().map(|name| plain_host(name)).collect::<Result<_, _>>()?;
    if is_loopback(host) || allowed.iter().any(|name| name == host) {
        return Ok(());
    }
    Err(TargetError::Host(host.to_owned()))
}

pub(super) fn is_loopback(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost"
        || address.parse().is_ok_and(|address: Ipv4Addr| address.is_loopback())
        || address.parse().is_ok_and(|address: Ipv6Addr| address.is_loopback())
}

/// A host as a URL writes it: lower case, an international name in its ASCII form.
fn plain_host(name: &str) -> Result<String, TargetError> {
    let wrong = || TargetError::AllowedHost(name.to_owned());
    let text = if name.parse::<Ipv6Addr>().is_ok() { format!("http://[{name}]/") } else { format!("http://{name}/") };
    let url = Url::parse(&text).map_err(|_| wrong())?;
    let is_host_alone = url.path() == "/"
        && url.port().is_none()
        && url.username().is_empty()
        && url.query().is_none()
        && url.fragment().is_none();
    match url.host_str() {
        Some(host) if is_host_alone => Ok(host.to_owned()),
        _ => Err(wrong()),
    }
}

/// Whether this is Microsoft Graph, which needs more than leave.
pub(super) fn check_owner(url: &Url, owns_tenant: bool) -> Result<(), TargetError> {
    // A dot at the end of a name is the root of all names.
    let host = url.host_str().unwrap_or_default().trim_end_matches('.');
    let is_graph = |name: &str| host.strip_suffix(name).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
    if !owns_tenant && GRAPH.iter().any(|name| is_graph(name)) {
        return Err(TargetError::Tenant(host.to_owned()));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn microsoft_graph_needs_an_owner() {
        for host in [
            "graph.microsoft.com",
            "GRAPH.Microsoft.com",
            "graph.microsoft.com.",
            "canary.graph.microsoft.com:8443",
            "graph.microsoft.us",
            "dod-graph.microsoft.us",
            "microsoftgraph.chinacloudapi.cn",
            "graph.microsoft.de",
        ] {
            let url = read_base(&format!("https://{host}/v1.0")).unwrap();
            let error = check_owner(&url, false).unwrap_err();
            assert!(error.to_string().contains("--i-own-this-tenant"), "{error}");
            assert!(check_owner(&url, true).is_ok());
            // Naming the host is not left out for it.
            assert!(check_host(&url, &[]).is_err());
        }
        for host in ["127.0.0.1", "graph.example", "notgraph.microsoft.com", "graph.microsoft.com.example"] {
            let url = read_base(&format!("https://{host}/v1.0")).unwrap();
            assert!(check_owner(&url, false).is_ok(), "{host}");
        }
    }
}
