//! A list with all of its pages.

use crate::judge::{Doubt, next_link};
use crate::target::{Answer, Endpoint, Request};

/// Pages that are read; a list with more says nothing.
const MOST: usize = 200;

/// The list, page by page.
///
/// # Errors
/// A page is not answered with 200 or is larger than what is read, the list goes on at another address (where
/// no token is sent), or it does not end.
pub(super) async fn pages(endpoint: &Endpoint, list: &Request) -> Result<Vec<Answer>, Doubt> {
    let first = page(endpoint, list).await?;
    rest(endpoint, list, first).await
}

/// The pages behind the first one, with it.
pub(super) async fn rest(endpoint: &Endpoint, list: &Request, first: Answer) -> Result<Vec<Answer>, Doubt> {
    let mut pages = vec![first];
    let is_cut = |page: &Answer| page.body.len() >= Answer::LONGEST;
    while let Some(link) = pages.last().and_then(next_link) {
        let path = path_of(endpoint.base(), &list.path, &link).filter(|_| pages.len() < MOST).ok_or(Doubt::Endless)?;
        pages.push(page(endpoint, &Request { path, ..list.clone() }).await?);
    }
    if pages.iter().any(is_cut) { Err(Doubt::Endless) } else { Ok(pages) }
}

async fn page(endpoint: &Endpoint, request: &Request) -> Result<Answer, Doubt> {
    match endpoint.exchange(request).await {
        Ok(answer) if answer.status == 200 => Ok(answer),
        Ok(answer) if matches!(answer.status, 429 | 503 | 504) => Err(Doubt::Busy(answer.status)),
        Ok(_) | Err(_) => Err(Doubt::Around),
    }
}

/// The path of a link below the base, where it leads there: absolute, with the path
/// alone, or from where the list is (RFC 3986, 4.2).
fn path_of(base: &str, list: &str, link: &str) -> Option<String> {
    let first = link.split(['/', '?', '#']).next().unwrap_or_default();
    if !link.starts_with('/') && !first.contains(':') && !link.contains("..") && !link.is_empty() {
        let (folder, name) = list.split_once('?').map_or(list, |(path, _)| path).rsplit_once('/')?;
        let name = if link.starts_with('?') { name } else { "" };
        return Some([folder, "/", name, link].concat());
    }
    let authority = base.find("://").map(|at| at + 3)?;
    let own_path = base[authority..].find('/').map_or("", |at| &base[authority + at..]);
    let rest = link.strip_prefix(base).or_else(|| link.strip_prefix(own_path).filter(|_| link.starts_with('/')))?;
    rest.starts_with('/').then(|| rest.to_owned())
}

#[cfg(test)]
mod tests {
    use super::path_of;

    #[test]
    fn a_link_stays_at_home_or_is_not_followed() {
        let base = "http://127.0.0.1:80/v1.0";
        for link in ["http://127.0.0.1:80/v1.0/a?$skiptoken=2", "/v1.0/a?$skiptoken=2"] {
            assert_eq!(path_of(base, "/a", link).as_deref(), Some("/a?$skiptoken=2"));
        }
        for link in ["policies?$skiptoken=2", "?$skiptoken=2"] {
            assert_eq!(path_of(base, "/a/policies", link).as_deref(), Some("/a/policies?$skiptoken=2"));
        }
        for link in [
            "http://127.0.0.1:81/v1.0/a",
            "https://127.0.0.1:80/v1.0/a",
            "http://127.0.0.1:80/v1.0.evil/a",
            "//evil/v1.0/a",
            "/beta/a",
            "ftp:a",
            "../a",
            "",
        ] {
            assert_eq!(path_of(base, "/a", link), None, "{link}");
        }
    }
}
