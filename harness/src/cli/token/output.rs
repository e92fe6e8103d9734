//! Reads what a command prints, or a file holds: a token alone, or the JSON object that
//! tools have it in. How long the token is good is told by the object, or by the claims
//! of a token that is a JSON Web Token (RFC 7519, 4.1.4). The claims are believed: who
//! signed them is for the target to ask.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use serde_json::Value;

use crate::edm;
use crate::target::Token;

/// The object, as the Azure command line tools and OAuth write it. Names in the order
/// in which they are believed.
#[derive(Deserialize)]
struct Object {
    #[serde(alias = "access_token", alias = "token")]
    #[serde(rename = "accessToken")]
    token: String,
    expires_on: Option<Value>,
    #[serde(rename = "expiresOn")]
    expires_on_text: Option<Value>,
    expires_in: Option<Value>,
}

#[derive(Deserialize)]
struct Claims {
    exp: Option<f64>,
}

/// The token in a text.
///
/// # Errors
/// What is wrong with the text, without a word of it.
pub(super) fn token(text: &str) -> Result<Token, &'static str> {
    let text = text.trim().trim_start_matches('\u{feff}');
    if text.is_empty() {
        return Err("is empty");
    }
    if text.starts_with('{') {
        let object: Object = serde_json::from_str(text)
            .map_err(|_| "is JSON without a token; accessToken or access_token is looked for")?;
        let good_for = lifetime(&object).or_else(|| claimed(&object.token));
        return Ok(Token { secret: object.token.into(), good_for });
    }
    if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err("is more than a token; it has to print the token alone, or a JSON object with accessToken");
    }
    // A JSON string, as a query without an option for plain text prints it.
    let text = text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(text);
    Ok(Token { good_for: claimed(text), secret: text.into() })
}

/// What the object says of the token's time.
fn lifetime(object: &Object) -> Option<Duration> {
    let until = |value: &Value| number(value).or_else(|| instant(value.as_str()?)).map(left);
    let during = |value: &Value| Duration::try_from_secs_f64(number(value)?).ok();
    let on = object.expires_on.as_ref().and_then(until);
    on.or_else(|| object.expires_in.as_ref().and_then(during))
        .or_else(|| object.expires_on_text.as_ref().and_then(until))
}

/// The time that a JSON Web Token claims for itself.
fn claimed(token: &str) -> Option<Duration> {
    let mut parts = token.split('.');
    let (_, claims, _, None) = (parts.next()?, parts.next()?, parts.next()?, parts.next()) else { return None };
    let claims = URL_SAFE_NO_PAD.decode(claims.trim_end_matches('=')).ok()?;
    let claims: Claims = serde_json::from_slice(&claims).ok()?;
    claims.exp.map(left)
}

/// A number, also as a string.
fn number(value: &Value) -> Option<f64> {
    value.as_f64().or_else(|| value.as_str()?.trim().parse().ok())
}

/// An instant with its offset, in seconds since 1970. Without an offset it is the time
/// of some clock on some wall.
fn instant(text: &str) -> Option<f64> {
    let since = edm::instant(text)? - edm::instant("1970-01-01T00:00:00Z")?;
    Some(since as f64 / 1e12)
}

/// What is left until a second since 1970.
fn left(end: f64) -> Duration {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs_f64();
    Duration::try_from_secs_f64(end - now).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;

    fn read(text: &str) -> (String, Option<u64>) {
        let token = token(text).unwrap();
        // Rounded, for the clock goes on.
        let good_for = token.good_for.map(|time| (time.as_secs_f64() / 100.0).round() as u64 * 100);
        (token.secret.expose_secret().to_owned(), good_for)
    }

    fn jwt(claims: &str) -> String {
        format!("eyJhbGciOiJub25lIn0.{}.c2ln", URL_SAFE_NO_PAD.encode(claims))
    }

    fn now() -> u64 {
        SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()
    }

    #[test]
    fn a_token_stands_alone_or_in_an_object() {
        for text in ["tok.en", " tok.en\r\n", "\u{feff}tok.en", "\"tok.en\"\n", r#"{"accessToken":"tok.en"}"#] {
            assert_eq!(read(text), ("tok.en".to_owned(), None), "{text}");
        }
        assert_eq!(read(r#"{"access_token":"a","token_type":"Bearer"}"#).0, "a");
        assert_eq!(read(r#"{"token":"a"}"#).0, "a");
    }

    #[test]
    fn the_object_says_how_long() {
        let on = now() + 3_600;
        for (member, expected) in [
            (format!(r#""expires_on":{on}"#), Some(3_600)),
            (format!(r#""expires_on":"{on}""#), Some(3_600)),
            (format!(r#""expires_on":{on},"expires_in":7200,"expiresOn":"2001-01-01 00:00:00.0""#), Some(3_600)),
            (r#""expires_in":7200"#.to_owned(), Some(7_200)),
            (r#""expires_in":"7200""#.to_owned(), Some(7_200)),
            (r#""expiresOn":"2001-01-01T00:00:00Z""#.to_owned(), Some(0)),
            (r#""expires_on":12"#.to_owned(), Some(0)),
            // The wall clock of nobody knows whom.
            (r#""expiresOn":"2001-01-01 00:00:00.000000""#.to_owned(), None),
            (r#""expires_in":-5"#.to_owned(), None),
            (r#""expires_in":1e300"#.to_owned(), None),
            (r#""expires_in":[]"#.to_owned(), None),
        ] {
            assert_eq!(read(&format!(r#"{{"accessToken":"a",{member}}}"#)).1, expected, "{member}");
        }
        let later = instant("2999-01-01T00:00:00+01:00").unwrap();
        assert!((later - instant("2998-12-31T23:00:00Z").unwrap()).abs() < 1.0 && later > 3.2e10);
    }

    #[test]
    fn a_web_token_says_it_itself() {
        let on = now() + 1_800;
        assert_eq!(read(&jwt(&format!(r#"{{"exp":{on},"aud":"x"}}"#))).1, Some(1_800));
        assert_eq!(read(&format!(r#"{{"accessToken":"{}"}}"#, jwt(&format!(r#"{{"exp":{on}}}"#)))).1, Some(1_800));
        for claims in ["{}", r#"{"exp":"soon"}"#, "[]", "\u{0}"] {
            assert_eq!(read(&jwt(claims)).1, None, "{claims}");
        }
        for text in ["a.b", "a.!.c", "a.b.c.d", "..", "eyJ"] {
            assert_eq!(read(text), (text.to_owned(), None));
        }
    }

    #[test]
    fn what_is_no_token_is_not_repeated() {
        for text in ["", " \n", "{}", r#"{"accessToken":7}"#, "{s3cret", "s3cret s3cret", "s3cr\u{e9}t", "a\nb"] {
            let why = token(text).unwrap_err();
            assert!(!why.contains("s3cr"), "{why}");
        }
    }
}
