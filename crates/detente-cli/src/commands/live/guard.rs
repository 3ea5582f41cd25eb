//! Who may ask: whoever has the token of this server, from a page of this server.

use hyper::HeaderMap;
use hyper::header::{HOST, ORIGIN};

use crate::failure::Failure;

/// Bytes of a token.
const BYTES: usize = 24;

/// The guard of a server.
pub(super) struct Guard {
    token: String,
    hosts: [String; 2],
}

/// Why a request is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// It is addressed to another name, as a page elsewhere does that has its name point here.
    Host,
    /// It comes from a page of another origin.
    Origin,
    /// It has no token, or another.
    Token,
}

impl Guard {
    pub(super) fn new(port: u16) -> Result<Self, Failure> {
        let mut bytes = [0; BYTES];
        getrandom::fill(&mut bytes)
            .map_err(|error| Failure::Failed(format!("no token can be drawn: {error}")))?;
        // In the digits of addresses: - and _ for what base64 has besides letters and digits.
        let token = detente::report::base64(&bytes)
            .replace('+', "-")
            .replace('/', "_");
        Ok(Self::with_token(port, token))
    }

    fn with_token(port: u16, token: String) -> Self {
        let hosts = ["127.0.0.1", "localhost"].map(|name| format!("{name}:{port}"));
        Self { token, hosts }
    }

    pub(super) fn token(&self) -> &str {
        &self.token
    }

    /// A request for what anybody on this machine may have: the script and the styles.
    pub(super) fn admits(&self, headers: &HeaderMap) -> Result<(), Refusal> {
        let of = |name| headers.get(name).map(|value| value.to_str().unwrap_or(""));
        let host = of(HOST).unwrap_or("");
        if !self.hosts.iter().any(|own| own == host) || headers.get_all(HOST).iter().count() != 1 {
            return Err(Refusal::Host);
        }
        let own = |origin: &str| origin == format!("http://{host}");
        match of(ORIGIN) {
            Some(origin) if !own(origin) => Err(Refusal::Origin),
            _ => Ok(()),
        }
    }

    /// A request for the case.
    pub(super) fn admits_with(
        &self,
        headers: &HeaderMap,
        token: Option<&str>,
    ) -> Result<(), Refusal> {
        self.admits(headers)?;
        let given = headers
            .get("x-detente-token")
            .map(|t| t.to_str().unwrap_or(""));
        match given.or(token) {
            Some(given) if same(given, &self.token) => Ok(()),
            _ => Err(Refusal::Token),
        }
    }
}

/// Are they the same? It takes as long wherever they differ.
fn same(a: &str, b: &str) -> bool {
    let pairs = a.bytes().zip(b.bytes());
    a.len() == b.len() && pairs.fold(0, |differing, (a, b)| differing | (a ^ b)) == 0
}

#[cfg(test)]
mod tests {
    use hyper::HeaderMap;
    use hyper::header::{HOST, HeaderValue, ORIGIN};

    use super::{Guard, Refusal};

    #[test]
    fn only_pages_of_this_server_with_its_token_are_answered() {
        let guard = Guard::with_token(4000, "abc".to_owned());
        let ask = |host: &'static str, origin: Option<&'static str>, token: Option<&str>| {
            let mut headers = HeaderMap::new();
            headers.insert(HOST, HeaderValue::from_static(host));
            if let Some(origin) = origin {
                headers.insert(ORIGIN, HeaderValue::from_static(origin));
            }
            guard.admits_with(&headers, token)
        };
        assert_eq!(ask("127.0.0.1:4000", None, Some("abc")), Ok(()));
        assert_eq!(
            ask("localhost:4000", Some("http://localhost:4000"), Some("abc")),
            Ok(())
        );
        assert_eq!(
            ask("evil.example:4000", None, Some("abc")),
            Err(Refusal::Host)
        );
        assert_eq!(ask("127.0.0.1:4001", None, Some("abc")), Err(Refusal::Host));
        assert_eq!(
            ask("127.0.0.1:4000", Some("http://evil.example"), Some("abc")),
            Err(Refusal::Origin)
        );
        assert_eq!(
            ask("127.0.0.1:4000", Some("null"), Some("abc")),
            Err(Refusal::Origin)
        );
        assert_eq!(
            ask("127.0.0.1:4000", Some("http://localhost:4000"), Some("abc")),
            Err(Refusal::Origin)
        );
        assert_eq!(
            ask("127.0.0.1:4000", None, Some("abd")),
            Err(Refusal::Token)
        );
        assert_eq!(ask("127.0.0.1:4000", None, Some("ab")), Err(Refusal::Token));
        assert_eq!(ask("127.0.0.1:4000", None, None), Err(Refusal::Token));
        assert_eq!(
            guard.admits_with(&HeaderMap::new(), Some("abc")),
            Err(Refusal::Host)
        );
    }
}
