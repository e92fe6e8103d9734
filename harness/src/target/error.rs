//! What keeps an endpoint from being used, each with the way out. No text here
//! repeats the URL or the token it complains about: either may hold a secret.

/// An endpoint that cannot be used as it was given.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TargetError {
    /// The base is no absolute URL.
    #[error("the target is no URL ({0}); give one like http://127.0.0.1:8080/v1.0")]
    Url(String),
    /// The base has another scheme than HTTP's.
    #[error("the target's scheme is {0}; only http:// and https:// can be tested")]
    Scheme(String),
    /// The base has a query or a fragment.
    #[error(
        "the target has a query or a fragment; give the part before `?` or `#`, such as http://127.0.0.1:8080/v1.0"
    )]
    Query,
    /// The base has a user name or a password.
    #[error("the target has a user name or password in its URL; take it out and give a token instead")]
    UserInfo,
    /// The host is another machine, and nobody said that it may be tested.
    #[error("{0} may be another machine; to send requests there, add `--allow-host {0}`")]
    Host(String),
    /// An allowed host is no host name.
    #[error("`--allow-host {0}` names no host; give a name or an address, without scheme, port and path")]
    AllowedHost(String),
    /// Microsoft Graph itself, and nobody said whose tenant it is.
    #[error(
        "{0} is Microsoft Graph: the policies that a run creates and overwrites there are real ones, in the tenant of the token. To do that in a tenant that is yours and there for tests, add `--i-own-this-tenant`"
    )]
    Tenant(String),
    /// The certificates of the authorities cannot be used.
    #[error("{0}; give certificates as PEM, each between BEGIN CERTIFICATE and END CERTIFICATE")]
    Authorities(String),
    /// No pace at all.
    #[error("the rate is no number of requests a second above 0; leave it out for as many as the target answers")]
    Rate,
    /// The token cannot stand in a header.
    #[error("the token is empty or has characters that a token cannot have (white space, a line end?); give it alone")]
    Token,
    /// A header of the user's own is no header.
    #[error("a header is no `Name: value`; give it as in --header 'X-Api-Key: value'")]
    HeaderForm,
    /// A header of the user's own is one that the harness sets.
    #[error(
        "the header {0} is not yours to give: cases are about it, or it is set as the message needs it; for credentials there is --token-env"
    )]
    HeaderReserved(String),
    /// The value of a header cannot be sent.
    #[error("the value of the header {0} is empty or has characters that no header can have; give printable ASCII")]
    HeaderValue(String),
    /// No time for an answer.
    #[error("the time limit is 0; give the target some time to answer")]
    TimeLimit,
    /// The HTTP client cannot be set up; for https mostly for want of root certificates.
    #[error("no HTTP client: {0}; for https, are root certificates installed, or named by SSL_CERT_FILE?")]
    Client(String),
}
